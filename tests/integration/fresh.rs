//! What a store says, put so that two can be compared, and what a fresh scan says.

use std::path::Path;

use seaworthy::audit::AuditEngine;
use seaworthy::settings::Settings;
use seaworthy::store::Store;

use crate::support::store;

/// Everything that a store holds but the count of hidden files, which only whole scans count.
pub(crate) fn picture(store: &Store) -> String {
    let mut lines = Vec::new();
    for file in store.files() {
        let text = file.source.as_ref().map(|source| source.text().to_owned());
        lines.push(format!(
            "{} {:?} {:?} {:?} stale:{} {text:?}",
            file.path, file.kind, file.status, file.documents, file.is_stale
        ));
        lines.extend(store.members_in(&file.path).iter().map(|member| format!("  {member:?}")));
        lines.extend(store.findings_in(&file.path).iter().map(|listed| format!("  {listed:?}")));
    }
    lines.extend(store.workloads().map(|workload| format!("{workload:?}")));
    lines.push(format!("{:?}", store.score()));
    lines.join("\n")
}

/// The same of a new scan of the folder, which may be gone.
pub(crate) fn fresh(root: &Path) -> String {
    let mut engine = AuditEngine::new(root.to_path_buf(), Settings::default());
    engine.scan(&[root.to_path_buf()], &|_, _| {});
    picture(&store(&engine))
}

/// The lines in which two pictures differ.
pub(crate) fn difference(a: &str, b: &str) -> String {
    seaworthy::text::diff::unified_patch("store", a, b)
}
