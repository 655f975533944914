//! Bundles a pod with the needs of its programs and the repository around it, for those who weigh edits.

use crate::needs::pod::PodNeeds;
use crate::needs::{NeedKind, ProgramNeed};
use crate::project::RepositoryView;
use crate::rules::{ContainerView, PodView};

/// A pod that is edited.
#[derive(Clone, Copy)]
pub(in crate::fix) struct PodCase<'a> {
    pub view: PodView<'a>,
    pub needs: &'a PodNeeds,
    pub repository: RepositoryView<'a>,
    /// The release that stands for any in a chart's render.
    pub release: Option<&'a str>,
    /// True where the pod may have containers of root that are not here: other values of a chart bring them in.
    pub may_hide_root: bool,
}

impl<'a> PodCase<'a> {
    pub(in crate::fix) fn container(self, index: usize) -> Option<ContainerView<'a>> {
        let container = self.view.pod.containers.get(index)?;
        Some(ContainerView { pod: self.view, container, index })
    }

    /// The needs that hold for one container.
    pub(in crate::fix) fn needs_of(self, container: usize) -> impl Iterator<Item = &'a ProgramNeed> {
        self.needs.of_container(container)
    }

    /// True where such a need holds for one container.
    pub(in crate::fix) fn has_need(self, container: usize, is_of_kind: impl Fn(&NeedKind) -> bool) -> bool {
        self.needs_of(container).any(|need| is_of_kind(&need.kind))
    }

    /// True where the kind of object takes no security context for the whole pod, or not all that it is for is here, so
    /// that each container has its own.
    pub(in crate::fix) fn refuses_pod_context(self) -> bool {
        if self.may_hide_root {
            return true;
        }
        let refused = NeedKind::RefusedField("securityContext".to_owned());
        self.needs.shared.iter().any(|need| need.kind == refused)
    }
}
