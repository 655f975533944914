//! A fix of one document is proven by that document alone, and comes to what a look at the whole file comes to.

use std::collections::HashMap;
use std::path::Path;

use seaworthy::audit::{AuditEngine, FindingVerdict};
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::repo::FileKind;
use seaworthy::yaml::pair_documents;

use crate::support::{audit, repository};

const HEAD: &str = "\u{feff}# Of the shop.\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: api\n  namespace: shop\nspec:\n  \
    selector: {matchLabels: {app: api}}\n  template:\n    metadata: {labels: {app: api}}\n    spec:\n      containers:\n      \
    - name: api\n        image: shop/api:1.2.3\n";
const WIDGET: &str = "---\napiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n";
const POD: &str = "---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: job\nspec:\n  hostPID: true\n  containers:\n  - name: job\n    \
    image: shop/job:1\n";
const ROLE: &str = "...\n# The end.\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: all}\nrules:\n\
    - {apiGroups: [''], resources: ['*'], verbs: [get]}\n";

/// The findings, without the order in which they were found.
fn sorted(listed: &[FindingVerdict]) -> Vec<String> {
    let mut lines: Vec<String> = listed.iter().map(|listed| format!("{listed:?}")).collect();
    lines.sort();
    lines
}

/// How many fixes of manifests were proven in part, each with the same findings as a proof by the whole file.
fn compare(engine: &AuditEngine) -> usize {
    let mut in_part = 0;
    for path in engine.audited_paths_of_kind(FileKind::Manifest) {
        let before = engine.file(path).unwrap().0.text();
        for (key, _) in engine.open_findings(path) {
            let Ok(plan) = Planner::new(engine).plan(&FixOrder::Findings(&[key])) else { continue };
            for patch in plan.patches.iter().filter(|patch| patch.path == *path) {
                let after = patch.after.text();
                let Some(pairs) = pair_documents(before, after) else { continue };
                let facts = HashMap::new();
                let whole = engine.simulate_text(path, FileKind::Manifest, after, &facts).findings;
                if let Some(part) = engine.simulate_edit(path, after, &pairs, &facts) {
                    assert_eq!(sorted(&part.findings), sorted(&whole), "{path}\n{after}");
                    in_part += 1;
                }
            }
        }
    }
    in_part
}

#[test]
fn the_part_tells_what_the_whole_tells() {
    let files = [HEAD, WIDGET, POD, ROLE].concat();
    let windows = files.replace('\n', "\r\n");
    let root = repository(&[("a.yaml", &files), ("b/b.yaml", &windows)]);
    assert!(compare(&audit(root.path())) > 20);
}

#[test]
fn nor_does_a_baseline_or_a_setting_make_a_difference() {
    let files = [HEAD, POD, POD, ROLE].concat();
    let root = repository(&[("a.yaml", &files), ("c.yaml", POD)]);
    let engine = audit(root.path());
    let baseline = seaworthy::audit::take_baseline(&engine);
    let rules = "[rules]\nhost-pid = \"off\"\nrbac-wildcard = \"low\"\n";
    let settings = seaworthy::settings::parse_settings(rules, &["host-pid", "rbac-wildcard"]).ok().unwrap();
    let at = root.path().canonicalize().unwrap();
    let mut known = AuditEngine::new(at.clone(), settings);
    known.scan(&[at], &|_, _| {});
    assert!(compare(&known) > 10);
    let engine = engine.with_baseline(baseline);
    assert!(compare(&engine) > 10);
}

#[test]
fn documents_that_an_edit_leaves_alone_are_not_judged_again() {
    let text = [HEAD, POD, ROLE].concat();
    let root = repository(&[("a.yaml", &text)]);
    let engine = audit(root.path());
    let path = "a.yaml".into();
    let after = text.replace("hostPID: true", "hostPID: no");
    let pairs = pair_documents(&text, &after).unwrap();
    let part = engine.simulate_edit(&path, &after, &pairs, &HashMap::new()).unwrap();
    let is_carried =
        |listed: &&FindingVerdict| engine.findings_in(&path).any(|old| std::ptr::eq(old, &*listed.finding));
    let carried: Vec<&FindingVerdict> = part.findings.iter().filter(is_carried).collect();
    let of_first = engine.findings_in(&path).filter(|finding| finding.span.end < HEAD.len());
    // The first document stands where it stood, so that what was found in it is the same in memory.
    assert_eq!(carried.len(), of_first.count());
    assert!(!carried.is_empty());
}

#[test]
fn a_file_with_exceptions_is_looked_at_as_a_whole() {
    let text =
        [HEAD, &POD.replace("  hostPID", "  # seaworthy: allow host-pid -- it watches\n  hostPID")].concat();
    let root = repository(&[("a.yaml", &text)]);
    let engine = audit(root.path());
    let after = text.replace("shop/job:1", "shop/job:2");
    let pairs = pair_documents(&text, &after).unwrap();
    assert!(engine.simulate_edit(&"a.yaml".into(), &after, &pairs, &HashMap::new()).is_none());
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
fn nor_do_real_repositories() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").unwrap();
    for repository in crate::support::entries(Path::new(&folder)) {
        let engine = audit(&repository);
        assert!(compare(&engine) > 0 || engine.workload_reports().len() < 10, "{}", repository.display());
    }
}
