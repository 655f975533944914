//! Edits of a pod: from what is to be true to changes of its manifest's values.

mod identity;
mod resources;
mod storage;

use std::collections::HashSet;

use serde_yaml::Value;

use crate::finding::{Bound, Quantity, Want};
use crate::manifest::edit::Op;
use crate::manifest::model::Lenient;
use crate::manifest::{Path, Step};
use crate::path;
use crate::project::RepositoryView;
use crate::rules::{ContainerView, PodView};

/// A pod to be edited, in its repository.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub view: PodView<'a>,
    pub repository: RepositoryView<'a>,
}

/// Why the changes cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lack {
    /// A person must say a value first.
    Value(String),
    /// It cannot be done; the reason.
    Reason(String),
}

/// The changes that make all of the wants true, laid out together: what containers share at the pod's level, the rest
/// in its container.
pub(super) fn ops(case: Case<'_>, wants: &[&Want]) -> Result<Vec<Op>, Lack> {
    if wants.is_empty() {
        return Ok(Vec::new());
    }
    let mut plan = Plan { case, ops: Vec::new(), taken: None };
    // The users come first: whether `runAsNonRoot` may be said for all depends on them.
    for want in wants.iter().filter(|want| is_identity(want)) {
        plan.make(want, wants)?;
    }
    for want in wants.iter().filter(|want| !is_identity(want)) {
        plan.make(want, wants)?;
    }
    if plan.ops.len() > 1 {
        let mut seen = HashSet::new();
        plan.ops.retain(|op| seen.insert(op.clone()));
    }
    // Items go from the last to the first, so that each still stands where its path says.
    let (mut removals, mut rest): (Vec<Op>, Vec<Op>) =
        plan.ops.into_iter().partition(|op| matches!(op, Op::Remove { .. }));
    removals.sort_by(|a, b| target(b).cmp(target(a)));
    rest.extend(removals);
    Ok(rest)
}

/// Whether something may be lacking for a want to be laid out; any other only needs its container.
pub(super) const fn may_lack(want: &Want) -> bool {
    match want {
        Want::NonRoot { .. } | Want::User { .. } | Want::OwnUser { .. } | Want::Group { .. } => true,
        Want::Resource { .. } => true,
        Want::Seccomp { .. } | Want::ReadOnlyRoot { .. } | Want::Writable { .. } | Want::DropAll { .. } => {
            false
        }
        Want::NoEscalation { .. } | Want::NoToken | Want::Set { .. } | Want::Remove { .. } => false,
    }
}

fn is_identity(want: &Want) -> bool {
    matches!(want, Want::User { .. } | Want::OwnUser { .. } | Want::Group { .. })
}

fn target(op: &Op) -> &[Step] {
    match op {
        Op::Set { path, .. } | Op::Append { path, .. } | Op::Remove { path } => path,
    }
}

struct Plan<'a> {
    case: Case<'a>,
    ops: Vec<Op>,
    /// Names of volumes that no new one may have, once one is to be had.
    taken: Option<Vec<String>>,
}

impl<'a> Plan<'a> {
    fn make(&mut self, want: &Want, all: &[&Want]) -> Result<(), Lack> {
        match want {
            Want::NonRoot { container } => self.non_root(self.container(*container)?, all)?,
            Want::User { container } => self.user(self.container(*container)?)?,
            Want::OwnUser { container } => self.own_user(self.container(*container)?)?,
            Want::Group { container } => self.group(self.container(*container)?)?,
            Want::Seccomp { container } => {
                let container = self.container(*container)?;
                let to = Value::from("RuntimeDefault");
                let own = container.pod.pod.seccomp(container.container).from
                    == crate::manifest::SettingLevel::Container;
                let path = if own { self.in_container(container) } else { self.shared(container) };
                self.set([path, path!["seccompProfile", "type"]].concat(), to);
            }
            Want::ReadOnlyRoot { container } => {
                let container = self.container(*container)?;
                let path = [self.in_container(container), path!["readOnlyRootFilesystem"]].concat();
                self.set(path, Value::from(true));
                let paths = crate::rules::writable_paths::paths_to_mount(container, self.case.repository);
                self.mount(container, &paths);
            }
            Want::Writable { container, paths } => self.mount(self.container(*container)?, paths),
            Want::DropAll { container } => self.drop_all(self.container(*container)?),
            Want::NoEscalation { container } => {
                let path =
                    [self.in_container(self.container(*container)?), path!["allowPrivilegeEscalation"]]
                        .concat();
                self.set(path, Value::from(false));
            }
            Want::Resource { container, bound, quantity } => self.resource(*container, *bound, *quantity)?,
            Want::NoToken => {
                let path = [self.pod(), path!["automountServiceAccountToken"]].concat();
                self.set(path, Value::from(false));
            }
            Want::Set { container, path, to } => {
                let at = self.base(*container)?;
                self.set([at, path.clone()].concat(), to.clone());
            }
            Want::Remove { container, path } => {
                let at = self.base(*container)?;
                self.ops.push(Op::Remove { path: [at, path.clone()].concat() });
            }
        }
        Ok(())
    }

    fn set(&mut self, path: Path, to: Value) {
        self.ops.push(Op::Set { path, to });
    }

    fn container(&self, index: usize) -> Result<ContainerView<'a>, Lack> {
        let container = self.case.view.pod.containers.get(index);
        let container =
            container.ok_or_else(|| Lack::Reason("the container is no longer there".to_owned()))?;
        Ok(ContainerView { pod: self.case.view, container, index })
    }

    fn pod(&self) -> Path {
        self.case.view.pod.path.clone()
    }

    fn base(&self, container: Option<usize>) -> Result<Path, Lack> {
        container.map_or_else(|| Ok(self.pod()), |index| Ok(self.container(index)?.container.path.clone()))
    }

    fn in_container(&self, view: ContainerView<'_>) -> Path {
        [view.container.path.clone(), path!["securityContext"]].concat()
    }

    /// Where what containers share is written: at the pod's level; in the container where it is the pod's only one and
    /// the pod has no security context of its own, as the article does.
    fn shared(&self, view: ContainerView<'_>) -> Path {
        if self.is_alone() {
            self.in_container(view)
        } else {
            [self.pod(), path!["securityContext"]].concat()
        }
    }

    fn is_alone(&self) -> bool {
        let pod = self.case.view.pod;
        pod.containers.len() == 1 && pod.model.security_context.is_absent()
    }

    fn drop_all(&mut self, view: ContainerView<'_>) {
        let drop = view.container.model.security_context.field(|c| &c.capabilities).field(|c| &c.drop);
        let path = [self.in_container(view), path!["capabilities", "drop"]].concat();
        match drop {
            Lenient::Value(list) if !list.is_empty() => {
                self.ops.push(Op::Append { path, item: Value::from("ALL") });
            }
            _ => self.set(path, Value::from(vec![Value::from("ALL")])),
        }
    }

    fn resource(&mut self, container: usize, bound: Bound, quantity: Quantity) -> Result<(), Lack> {
        let view = self.container(container)?;
        let (path, amount) = resources::amount(view, bound, quantity)?;
        self.set([view.container.path.clone(), path].concat(), Value::from(amount));
        Ok(())
    }
}
