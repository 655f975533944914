//! Finds the Dockerfiles that must follow the fixes of workloads, for plans and for the file shown beside one.

use std::collections::BTreeSet;

use super::file_fixer::FileFixer;
use super::risk::PodCase;
use crate::audit::FileContent;
use crate::finding::{Edit, Fix, PodEdit};
use crate::project::{ContainerKey, ImageUser};
use crate::repo::RelPath;

impl FileFixer<'_> {
    /// The Dockerfiles that must end as another user for these fixes of workloads to agree with them.
    pub(super) fn required_dockerfiles<'c>(&self, fixes: impl Iterator<Item = &'c Fix>) -> BTreeSet<RelPath> {
        let FileContent::Manifest(manifest) = self.content() else { return BTreeSet::new() };
        let repository = self.engine().repository();
        let users = fixes.flat_map(|fix| &fix.edits).filter_map(|edit| match edit {
            Edit::Pod {
                document,
                pod,
                edit:
                    PodEdit::RunAsUser { .. } | PodEdit::RunAsImageUser { .. } | PodEdit::RunAsNonRoot { .. },
            } => Some((*document, *pod)),
            _ => None,
        });
        let pods: BTreeSet<(usize, usize)> = users.collect();
        let keys = ContainerKey::all_in(self.path(), manifest).filter(|key| pods.contains(&key.position));
        keys.filter_map(|key| {
            let link = repository.link_of_key(&key)?;
            let (build, who) = (repository.dockerfile_facts(link)?, repository.run_as(&link.dockerfile)?);
            // The number that a trial saw it need is the workload's to say: the Dockerfile's is not another's.
            let is_seen =
                |case: PodCase<'_>| case.needs_of(key.container).any(|need| need.observed_uid().is_some());
            if self.with_pod_case(key.position, is_seen) == Some(true) {
                return None;
            }
            let differs = matches!(build.user, ImageUser::Number { uid, .. } if uid != 0 && uid != who.uid);
            differs.then(|| link.dockerfile.clone())
        })
        .collect()
    }
}
