//! Plans the edits of a pod for the fixer: turns intents into changes of its manifest's values.

mod pod_identity;
mod resource_amounts;
mod shared_edits;
mod writable_mounts;

pub(in crate::fix) use resource_amounts::amount_for_needs;
pub(in crate::fix) use shared_edits::shared_edits;

use std::collections::HashSet;

use serde_yaml::Value;

use super::risk::{PodCase, capabilities_to_keep};
use crate::finding::{PodEdit, ResourceBound, ResourceName};
use crate::needs::NeedKind;
use crate::path;
use crate::project::RepositoryView;
use crate::rules::{ContainerView, PodView};
use crate::yaml::edit::YamlEdit;
use crate::yaml::{Lenient, PathStep, YamlPath};

/// Why the changes cannot be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CannotFix {
    /// A person must say a value first.
    NeedsValue(String),
    /// It cannot be done; the reason.
    Impossible(String),
}

/// The changes that make all of the edits true, laid out together: what containers share at the pod's level, the rest
/// in its container.
pub(super) fn plan_pod_ops(case: PodCase<'_>, edits: &[&PodEdit]) -> Result<Vec<YamlEdit>, CannotFix> {
    if edits.is_empty() {
        return Ok(Vec::new());
    }
    let PodCase { view, repository, .. } = case;
    let mut plan = PodEditBuilder { case, view, repository, ops: Vec::new(), used_volume_names: None };
    // The users come first: whether `runAsNonRoot` may be said for all depends on them. The groups come last: whether one
    // may be said for all depends on the users that are.
    let is_group = |edit: &PodEdit| matches!(edit, PodEdit::RunAsGroup { .. });
    let turns: [&dyn Fn(&PodEdit) -> bool; 3] =
        [&is_user, &|edit| !is_user(edit) && !is_group(edit), &is_group];
    for is_turn in turns {
        for edit in edits.iter().filter(|edit| is_turn(edit)) {
            plan.add_edit(edit, edits)?;
        }
    }
    if plan.ops.len() > 1 {
        let mut seen = HashSet::new();
        plan.ops.retain(|op| seen.insert(op.clone()));
    }
    // Items go from the last to the first, so that each path still holds.
    let (mut removals, mut rest): (Vec<YamlEdit>, Vec<YamlEdit>) =
        plan.ops.into_iter().partition(|op| matches!(op, YamlEdit::Remove { .. }));
    removals.sort_by(|a, b| target_path(b).cmp(target_path(a)));
    rest.extend(removals);
    Ok(rest)
}

/// Whether something may be lacking for an edit to be laid out; any other only needs its container.
pub(super) const fn may_need_value(edit: &PodEdit) -> bool {
    match edit {
        PodEdit::RunAsNonRoot { .. }
        | PodEdit::RunAsUser { .. }
        | PodEdit::RunAsImageUser { .. }
        | PodEdit::RunAsGroup { .. } => true,
        PodEdit::SetResource { .. } => true,
        PodEdit::DefaultSeccomp { .. }
        | PodEdit::ReadOnlyRoot { .. }
        | PodEdit::MountWritablePaths { .. }
        | PodEdit::DropAllCapabilities { .. } => false,
        PodEdit::ForbidEscalation { .. }
        | PodEdit::NoTokenMount
        | PodEdit::SetField { .. }
        | PodEdit::RemoveField { .. } => false,
    }
}

const fn is_user(edit: &PodEdit) -> bool {
    matches!(edit, PodEdit::RunAsUser { .. } | PodEdit::RunAsImageUser { .. })
}

/// True where the edit gives the container another user than root.
fn sets_user(edit: &PodEdit, index: usize) -> bool {
    matches!(
        edit,
        PodEdit::RunAsUser { container } | PodEdit::RunAsImageUser { container } | PodEdit::RunAsNonRoot { container }
            if *container == index
    )
}

fn target_path(op: &YamlEdit) -> &[PathStep] {
    match op {
        YamlEdit::Set { path, .. } | YamlEdit::Append { path, .. } | YamlEdit::Remove { path } => path,
    }
}

/// The changes of one pod in the making.
struct PodEditBuilder<'a> {
    case: PodCase<'a>,
    view: PodView<'a>,
    repository: RepositoryView<'a>,
    ops: Vec<YamlEdit>,
    /// The names of volumes that no new one may have, once one is needed.
    used_volume_names: Option<Vec<String>>,
}

impl<'a> PodEditBuilder<'a> {
    fn add_edit(&mut self, edit: &PodEdit, all: &[&PodEdit]) -> Result<(), CannotFix> {
        match edit {
            PodEdit::RunAsNonRoot { container } => {
                self.set_non_root(self.find_container(*container)?, all)?;
            }
            PodEdit::RunAsUser { container } => self.set_user(self.find_container(*container)?)?,
            PodEdit::RunAsImageUser { container } => self.set_own_user(self.find_container(*container)?)?,
            PodEdit::RunAsGroup { container } => self.set_group(self.find_container(*container)?)?,
            PodEdit::DefaultSeccomp { container } => {
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
            PodEdit::ReadOnlyRoot { container } => {
                let container = self.find_container(*container)?;
                let path =
                    [self.container_security_path(container), path!["readOnlyRootFilesystem"]].concat();
                self.push_set(path, Value::from(true));
                let paths = crate::rules::writable_paths::paths_to_mount(container, self.repository);
                self.mount_free_paths(container, &paths);
            }
            PodEdit::MountWritablePaths { container, paths } => {
                self.mount_free_paths(self.find_container(*container)?, paths);
            }
            PodEdit::DropAllCapabilities { container } => {
                self.drop_all(self.find_container(*container)?, all);
            }
            PodEdit::ForbidEscalation { container } => {
                let path = [
                    self.container_security_path(self.find_container(*container)?),
                    path!["allowPrivilegeEscalation"],
                ]
                .concat();
                self.push_set(path, Value::from(false));
            }
            PodEdit::SetResource { container, bound, resource } => {
                self.set_resource(*container, *bound, *resource)?;
            }
            PodEdit::NoTokenMount => {
                self.check_token_volumes()?;
                let path = [self.pod_path(), path!["automountServiceAccountToken"]].concat();
                self.push_set(path, Value::from(false));
            }
            PodEdit::SetField { container, path, to } => {
                let at = self.base_path(*container)?;
                self.push_set([at, path.clone()].concat(), to.clone());
            }
            PodEdit::RemoveField { container, path } => {
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
        let container = self.view.pod.containers.get(index);
        let container =
            container.ok_or_else(|| CannotFix::Impossible("the container is no longer there".to_owned()))?;
        Ok(ContainerView { pod: self.view, container, index })
    }

    fn pod_path(&self) -> YamlPath {
        self.view.pod.path.clone()
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

    /// The place of a value that containers share: at the pod's level; in the container where it is the pod's only one
    /// and the pod has no security context of its own, as the article does.
    fn shared_security_path(&self, view: ContainerView<'_>) -> YamlPath {
        if self.is_only_container() {
            self.container_security_path(view)
        } else {
            [self.pod_path(), path!["securityContext"]].concat()
        }
    }

    fn is_only_container(&self) -> bool {
        let pod = self.view.pod;
        pod.containers.len() == 1 && pod.model.security_context.is_absent() || self.case.refuses_pod_context()
    }

    /// A token that a volume of the pod mounts stays, whatever is said of mounting one.
    fn check_token_volumes(&self) -> Result<(), CannotFix> {
        let mut needs = self.case.needs.of_all();
        match needs.find(|need| matches!(need.kind, NeedKind::TokenVolume(_))) {
            Some(need) => Err(CannotFix::Impossible(format!(
                "{}: it would stay, so its volume and mount must go first",
                need.reason
            ))),
            None => Ok(()),
        }
    }

    /// Drops all capabilities, and adds those that the program needs where it stays root, or that its file carries.
    fn drop_all(&mut self, view: ContainerView<'_>, all: &[&PodEdit]) {
        let drop =
            view.container.model.security_context.map_field(|c| &c.capabilities).map_field(|c| &c.drop);
        let path = [self.container_security_path(view), path!["capabilities", "drop"]].concat();
        match drop {
            // Beside what is there, also beside `all`: nothing that a person wrote goes.
            Lenient::Value(list) if !list.is_empty() => {
                self.ops.push(YamlEdit::Append { path, item: Value::from("ALL") });
            }
            _ => self.push_set(path, Value::from(vec![Value::from("ALL")])),
        }
        if view.container.drops_all_capabilities() {
            // They are given up already, and none is missed.
            return;
        }
        let leaves_root = all.iter().any(|edit| sets_user(edit, view.index));
        let kept: Vec<Value> =
            capabilities_to_keep(self.case, view, leaves_root).into_iter().map(Value::from).collect();
        if kept.is_empty() {
            return;
        }
        let path = [self.container_security_path(view), path!["capabilities", "add"]].concat();
        let add = view.container.model.security_context.map_field(|c| &c.capabilities).map_field(|c| &c.add);
        match add {
            Lenient::Value(list) if !list.is_empty() => {
                self.ops.extend(kept.into_iter().map(|item| YamlEdit::Append { path: path.clone(), item }));
            }
            _ => self.push_set(path, Value::from(kept)),
        }
    }

    fn set_resource(
        &mut self,
        container: usize,
        bound: ResourceBound,
        resource: ResourceName,
    ) -> Result<(), CannotFix> {
        let view = self.find_container(container)?;
        let (path, amount) = resource_amounts::bound_amount(self.case, view, (bound, resource))?;
        self.push_set([view.container.path.clone(), path].concat(), Value::from(amount));
        Ok(())
    }
}
