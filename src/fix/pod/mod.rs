//! Edits of a pod: from what is to be true to changes of its manifest's values.

mod pod_identity;
mod resource_amounts;
mod writable_mounts;

use std::collections::HashSet;

use serde_yaml::Value;

use crate::finding::{Bound, Quantity, Want};
use crate::path;
use crate::project::RepositoryView;
use crate::rules::{ContainerView, PodView};
use crate::yaml::Lenient;
use crate::yaml::edit::YamlEdit;
use crate::yaml::{PathStep, YamlPath};

/// A pod to be edited, in its repository.
#[derive(Clone, Copy)]
pub(super) struct PodContext<'a> {
    pub view: PodView<'a>,
    pub repository: RepositoryView<'a>,
}

/// Why the changes cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CannotFix {
    /// A person must say a value first.
    NeedsValue(String),
    /// It cannot be done; the reason.
    Impossible(String),
}

/// The changes that make all of the wants true, laid out together: what containers share at the pod's level, the rest
/// in its container.
pub(super) fn plan_pod_ops(case: PodContext<'_>, wants: &[&Want]) -> Result<Vec<YamlEdit>, CannotFix> {
    if wants.is_empty() {
        return Ok(Vec::new());
    }
    let mut plan = PodEditBuilder { context: case, ops: Vec::new(), used_volume_names: None };
    // The users come first: whether `runAsNonRoot` may be said for all depends on them.
    for want in wants.iter().filter(|want| is_identity(want)) {
        plan.add_edit(want, wants)?;
    }
    for want in wants.iter().filter(|want| !is_identity(want)) {
        plan.add_edit(want, wants)?;
    }
    if plan.ops.len() > 1 {
        let mut seen = HashSet::new();
        plan.ops.retain(|op| seen.insert(op.clone()));
    }
    // Items go from the last to the first, so that each still stands where its path says.
    let (mut removals, mut rest): (Vec<YamlEdit>, Vec<YamlEdit>) =
        plan.ops.into_iter().partition(|op| matches!(op, YamlEdit::Remove { .. }));
    removals.sort_by(|a, b| target_path(b).cmp(target_path(a)));
    rest.extend(removals);
    Ok(rest)
}

/// Whether something may be lacking for a want to be laid out; any other only needs its container.
pub(super) const fn may_need_value(want: &Want) -> bool {
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

fn target_path(op: &YamlEdit) -> &[PathStep] {
    match op {
        YamlEdit::Set { path, .. } | YamlEdit::Append { path, .. } | YamlEdit::Remove { path } => path,
    }
}

struct PodEditBuilder<'a> {
    context: PodContext<'a>,
    ops: Vec<YamlEdit>,
    /// Names of volumes that no new one may have, once one is to be had.
    used_volume_names: Option<Vec<String>>,
}

impl<'a> PodEditBuilder<'a> {
    fn add_edit(&mut self, want: &Want, all: &[&Want]) -> Result<(), CannotFix> {
        match want {
            Want::NonRoot { container } => self.set_non_root(self.find_container(*container)?, all)?,
            Want::User { container } => self.set_user(self.find_container(*container)?)?,
            Want::OwnUser { container } => self.set_own_user(self.find_container(*container)?)?,
            Want::Group { container } => self.set_group(self.find_container(*container)?)?,
            Want::Seccomp { container } => {
                let container = self.find_container(*container)?;
                let to = Value::from("RuntimeDefault");
                let own = container.pod.pod.seccomp_type(container.container).level
                    == crate::kubernetes::SettingLevel::Container;
                let path = if own {
                    self.container_security_path(container)
                } else {
                    self.shared_security_path(container)
                };
                self.push_set([path, path!["seccompProfile", "type"]].concat(), to);
            }
            Want::ReadOnlyRoot { container } => {
                let container = self.find_container(*container)?;
                let path =
                    [self.container_security_path(container), path!["readOnlyRootFilesystem"]].concat();
                self.push_set(path, Value::from(true));
                let paths = crate::rules::writable_paths::paths_to_mount(container, self.context.repository);
                self.mount_empty_dirs(container, &paths);
            }
            Want::Writable { container, paths } => {
                self.mount_empty_dirs(self.find_container(*container)?, paths)
            }
            Want::DropAll { container } => self.drop_all(self.find_container(*container)?),
            Want::NoEscalation { container } => {
                let path = [
                    self.container_security_path(self.find_container(*container)?),
                    path!["allowPrivilegeEscalation"],
                ]
                .concat();
                self.push_set(path, Value::from(false));
            }
            Want::Resource { container, bound, quantity } => {
                self.set_resource(*container, *bound, *quantity)?
            }
            Want::NoToken => {
                let path = [self.pod_path(), path!["automountServiceAccountToken"]].concat();
                self.push_set(path, Value::from(false));
            }
            Want::Set { container, path, to } => {
                let at = self.base_path(*container)?;
                self.push_set([at, path.clone()].concat(), to.clone());
            }
            Want::Remove { container, path } => {
                let at = self.base_path(*container)?;
                self.ops.push(YamlEdit::Remove { path: [at, path.clone()].concat() });
            }
        }
        Ok(())
    }

    fn push_set(&mut self, path: YamlPath, to: Value) {
        self.ops.push(YamlEdit::Set { path, to });
    }

    fn find_container(&self, index: usize) -> Result<ContainerView<'a>, CannotFix> {
        let container = self.context.view.pod.containers.get(index);
        let container =
            container.ok_or_else(|| CannotFix::Impossible("the container is no longer there".to_owned()))?;
        Ok(ContainerView { pod: self.context.view, container, index })
    }

    fn pod_path(&self) -> YamlPath {
        self.context.view.pod.path.clone()
    }

    fn base_path(&self, container: Option<usize>) -> Result<YamlPath, CannotFix> {
        container.map_or_else(
            || Ok(self.pod_path()),
            |index| Ok(self.find_container(index)?.container.path.clone()),
        )
    }

    fn container_security_path(&self, view: ContainerView<'_>) -> YamlPath {
        [view.container.path.clone(), path!["securityContext"]].concat()
    }

    /// Where what containers share is written: at the pod's level; in the container where it is the pod's only one and
    /// the pod has no security context of its own, as the article does.
    fn shared_security_path(&self, view: ContainerView<'_>) -> YamlPath {
        if self.is_only_container() {
            self.container_security_path(view)
        } else {
            [self.pod_path(), path!["securityContext"]].concat()
        }
    }

    fn is_only_container(&self) -> bool {
        let pod = self.context.view.pod;
        pod.containers.len() == 1 && pod.model.security_context.is_absent()
    }

    fn drop_all(&mut self, view: ContainerView<'_>) {
        let drop =
            view.container.model.security_context.map_field(|c| &c.capabilities).map_field(|c| &c.drop);
        let path = [self.container_security_path(view), path!["capabilities", "drop"]].concat();
        match drop {
            Lenient::Value(list) if !list.is_empty() => {
                self.ops.push(YamlEdit::Append { path, item: Value::from("ALL") });
            }
            _ => self.push_set(path, Value::from(vec![Value::from("ALL")])),
        }
    }

    fn set_resource(&mut self, container: usize, bound: Bound, quantity: Quantity) -> Result<(), CannotFix> {
        let view = self.find_container(container)?;
        let (path, amount) = resource_amounts::bound_amount(view, bound, quantity)?;
        self.push_set([view.container.path.clone(), path].concat(), Value::from(amount));
        Ok(())
    }
}
