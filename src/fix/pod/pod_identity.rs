//! Plans the users that a pod's containers run as, and the level at which each is set.

use serde_yaml::Value;

use super::{CannotFix, PodEditBuilder};
use crate::finding::PodEdit;
use crate::fix::risk::{LOW_PORT_SYSCTL, must_stay_root, starts_non_root};
use crate::image::Reference;
use crate::kubernetes::SettingLevel;
use crate::needs::pod::lowest_open_port;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::path;
use crate::project::{ImageUser, LOWEST_UID, RunAs, UidSource};
use crate::rules::ContainerView;
use crate::rules::identity::known_image;
use crate::rules::writable_paths::is_mounted;
use crate::yaml::YamlPath;

impl<'a> PodEditBuilder<'a> {
    /// `runAsNonRoot: true`, with the `runAsUser` that it requires when the image cannot prove a number.
    pub(super) fn set_non_root(
        &mut self,
        view: ContainerView<'a>,
        all: &[&PodEdit],
    ) -> Result<(), CannotFix> {
        let is_assigned = self.case.has_need(view.index, |kind| *kind == NeedKind::AssignedUid);
        if !view.pod.is_windows() && !is_assigned && !starts_non_root(view, self.repository) {
            self.set_user(view)?;
        }
        let own = view.pod.pod.run_as_non_root(view.container).level == SettingLevel::Container;
        let at = if own || !self.all_may_be_non_root(view, all) {
            self.container_security_path(view)
        } else {
            self.shared_security_path(view)
        };
        self.ops.push(crate::yaml::edit::YamlEdit::Set {
            path: [at, path!["runAsNonRoot"]].concat(),
            to: Value::from(true),
        });
        self.open_low_ports(view);
        Ok(())
    }

    pub(super) fn set_user(&mut self, view: ContainerView<'a>) -> Result<(), CannotFix> {
        let effect = view.pod.pod.run_as_user(view.container);
        self.set_id(view, "runAsUser", effect.level, |who| Some(who.uid))?;
        self.share_volumes(view);
        self.open_low_ports(view);
        self.mount_root_folders(view);
        Ok(())
    }

    /// What the image's program writes where root alone may becomes a volume, so that the new user may.
    fn mount_root_folders(&mut self, view: ContainerView<'a>) {
        // The one is a link to the other nearly everywhere.
        let is_there =
            |folder: &str| is_mounted(view, folder) || folder == "/var/run" && is_mounted(view, "/run");
        let folders = self.case.needs_of(view.index).filter_map(|need| match &need.kind {
            NeedKind::RootFolder(folder) if !is_there(folder) => Some(folder.clone()),
            _ => None,
        });
        let folders: Vec<String> = folders.collect();
        self.mount_free_paths(view, &folders);
    }

    /// A port below 1024, on which a trial saw the program listen, is opened to it by the pod's sysctl, which is safe and
    /// the pod's own. An added capability would reach no process that is not root.
    fn open_low_ports(&mut self, view: ContainerView<'a>) {
        let observed =
            self.case.needs_of(view.index).filter(|need| need.certainty == NeedCertainty::Observed);
        let ports = observed.filter_map(|need| match need.kind {
            NeedKind::LowPort(port) => Some(port),
            _ => None,
        });
        let lowest = ports.min();
        let Some(port) = lowest.filter(|port| *port < lowest_open_port(view.pod.place())) else { return };
        if self.case.refuses_pod_context() {
            return;
        }
        let entries = [("name", LOW_PORT_SYSCTL), ("value", &port.to_string())];
        let entries = entries.map(|(key, value)| (Value::from(key), Value::from(value)));
        self.ops.push(crate::yaml::edit::YamlEdit::Append {
            path: [self.pod_path(), path!["securityContext", "sysctls"]].concat(),
            item: Value::Mapping(entries.into_iter().collect()),
        });
    }

    /// A volume that was written under another uid is handed to the new one by the pod's `fsGroup`.
    fn share_volumes(&mut self, view: ContainerView<'a>) {
        let is_shared = |kind: &NeedKind| matches!(kind, NeedKind::KeptVolume { takes_fs_group: true, .. });
        let has_group = !self.view.pod.model.security_context.map_field(|own| &own.fs_group).is_absent();
        let group = self.run_as(view).map(|who| if who.gid == 0 { who.uid } else { who.gid });
        let Some(group) = group.filter(|_| !has_group && self.case.has_need(view.index, is_shared)) else {
            return;
        };
        self.push_set([self.pod_path(), path!["securityContext", "fsGroup"]].concat(), Value::from(group));
    }

    /// The container's own number, at its own level unless all of the pod's containers share it.
    pub(super) fn set_own_user(&mut self, view: ContainerView<'a>) -> Result<(), CannotFix> {
        let who = self.run_as(view).ok_or_else(|| unknown_number(view, "runAsUser"))?;
        if self.set_user(view).is_err() {
            self.ops.push(crate::yaml::edit::YamlEdit::Set {
                path: [self.container_security_path(view), path!["runAsUser"]].concat(),
                to: Value::from(who.uid),
            });
        }
        Ok(())
    }

    pub(super) fn set_group(&mut self, view: ContainerView<'a>) -> Result<(), CannotFix> {
        let effect = view.pod.pod.run_as_group(view.container);
        // Root's own group is what some images are built for; a person must say if another will do.
        self.set_id(view, "runAsGroup", effect.level, |who| Some(who.gid).filter(|gid| *gid != 0))
    }

    /// Sets a number where the one in effect is set; where none is, at the pod's level as long as all of its containers
    /// run as the same.
    fn set_id(
        &mut self,
        view: ContainerView<'a>,
        key: &'static str,
        from: SettingLevel,
        of: impl Fn(RunAs) -> Option<u32>,
    ) -> Result<(), CannotFix> {
        let needed = |view| self.run_as(view).and_then(&of).ok_or_else(|| unknown_number(view, key));
        let number = needed(view)?;
        let inherits = |other: &ContainerView<'a>| setting_level(*other, key) != SettingLevel::Container;
        let inheriting: Vec<_> = view.pod.containers().filter(inherits).collect();
        let agree = inheriting.iter().all(|other| {
            self.run_as(*other).and_then(&of) == Some(number)
                && (other.index == view.index || !must_stay_root(self.case, other.index))
        });
        let targets: Vec<(YamlPath, u32)> = match from {
            SettingLevel::Container => vec![(self.container_security_path(view), number)],
            _ if agree && self.pod_may_say(view, key) => vec![(self.shared_security_path(view), number)],
            SettingLevel::Default => vec![(self.container_security_path(view), number)],
            // The pod's own value is wrong, and its containers differ: each gets its own.
            SettingLevel::Pod => inheriting
                .iter()
                .map(|other| Ok((self.container_security_path(*other), needed(*other)?)))
                .collect::<Result<_, CannotFix>>()?,
        };
        for (at, number) in targets {
            self.ops.push(crate::yaml::edit::YamlEdit::Set {
                path: [at, path![key]].concat(),
                to: Value::from(number),
            });
        }
        Ok(())
    }

    /// Whether the pod may say the key for its containers: a group without a user starts no sandbox (containerd,
    /// `generateUserString`: "user group is specified without user").
    fn pod_may_say(&self, view: ContainerView<'_>, key: &str) -> bool {
        let at = self.shared_security_path(view);
        let is_own = at == self.container_security_path(view);
        let is_said = !view.pod.pod.model.security_context.map_field(|own| &own.run_as_user).is_absent();
        let user = [at, path!["runAsUser"]].concat();
        let is_planned = || self.ops.iter().any(|op| super::target_path(op) == user.as_slice());
        key != "runAsGroup" || is_own || is_said || is_planned()
    }

    /// Whether `runAsNonRoot` said for all containers keeps none of the others from starting.
    fn all_may_be_non_root(&self, view: ContainerView<'a>, all: &[&PodEdit]) -> bool {
        let mut others = view.pod.containers().filter(|other| other.index != view.index);
        others.all(|other| {
            let overrides = view.pod.pod.run_as_non_root(other.container).level == SettingLevel::Container;
            let asked = all.iter().any(|edit| matches!(edit, PodEdit::RunAsUser { container } | PodEdit::RunAsNonRoot { container } if *container == other.index));
            let is_free = !must_stay_root(self.case, other.index);
            overrides || is_free && (starts_non_root(other, self.repository) || (asked && self.run_as(other).is_some()))
        })
    }

    /// The user that the container should run as: its Dockerfile's app's; else the workload's; else the one its image
    /// is built for.
    fn run_as(&self, view: ContainerView<'_>) -> Option<RunAs> {
        if let Some(own) = self.observed_user(view) {
            return Some(own);
        }
        let planned = self.planned_user(view);
        let now = view.pod.pod.run_as_user(view.container).get().copied();
        let agreed = self.case.needs_of(view.index).find_map(|need| match need.kind {
            NeedKind::AgreedUid(uid) => Some(uid),
            _ => None,
        });
        if self.repository.link_of_key(&view.key()).is_some() {
            // Its Dockerfile changes with it; a low uid is no better than another.
            let is_better = |who: &RunAs| {
                let differs = now.is_some_and(|now| now > 0 && i64::from(who.uid) != now);
                who.source == UidSource::Person || !(differs && is_low(who.uid.into()))
            };
            return planned.filter(is_better);
        }
        match (planned, now) {
            (Some(who), _) if who.source == UidSource::Person => planned,
            // A uid that others rely on, only a person can change; and a low uid is no better than another.
            (Some(who), Some(now)) if i64::from(who.uid) != now && agreed == Some(now) => None,
            (Some(who), Some(now)) if now > 0 && i64::from(who.uid) != now && is_low(who.uid.into()) => None,
            (None, None) => {
                let uid = agreed.filter(|uid| *uid > 0).and_then(|uid| u32::try_from(uid).ok())?;
                Some(RunAs { uid, gid: uid, source: UidSource::Workload })
            }
            _ => planned,
        }
    }

    /// The number under which a trial saw the program run, and not under another, with the group that its image has.
    fn observed_user(&self, view: ContainerView<'_>) -> Option<RunAs> {
        let uid = self.case.needs_of(view.index).find_map(ProgramNeed::observed_uid)?;
        let uid = u32::try_from(uid).ok()?;
        let link = self.repository.link_of_key(&view.key());
        let group =
            match link.and_then(|link| self.repository.dockerfile_facts(link)).map(|facts| &facts.user) {
                Some(ImageUser::Number { uid: own, gid }) if *own == uid => *gid,
                _ => None,
            };
        let gid = group.filter(|gid| *gid != 0).unwrap_or(uid);
        Some(RunAs { uid, gid, source: UidSource::Workload })
    }

    fn planned_user(&self, view: ContainerView<'_>) -> Option<RunAs> {
        if let Some(link) = self.repository.link_of_key(&view.key()) {
            return self.repository.run_as(&link.dockerfile);
        }
        let pod = view.pod.pod;
        let high = |id: &i64| *id >= LOWEST_UID;
        let own = pod
            .run_as_user(view.container)
            .get()
            .copied()
            .filter(high)
            .and_then(|uid| u32::try_from(uid).ok());
        if let Some(uid) = own {
            let gid = pod.run_as_group(view.container).get().copied().filter(|gid| *gid != 0);
            // A person may have chosen both, of which the uid is written already.
            let chosen = || chosen_ids(view).filter(|(own, _)| *own == uid).map(|(_, gid)| gid);
            let gid = gid.and_then(|gid| u32::try_from(gid).ok()).or_else(chosen).unwrap_or(uid);
            return Some(RunAs { uid, gid, source: UidSource::Workload });
        }
        if let Some((uid, gid)) = chosen_ids(view) {
            return Some(RunAs { uid, gid, source: UidSource::Person });
        }
        if let Some((uid, gid)) = pods_own_image_user(view) {
            return Some(RunAs { uid, gid, source: UidSource::Image });
        }
        let (uid, gid) = known_image(view)?.built_identity()?;
        Some(RunAs { uid, gid, source: UidSource::Image })
    }
}

/// The account that the pod's own setting gives the container, where a known image of the pod brings it: its volumes belong
/// to that.
fn pods_own_image_user(view: ContainerView<'_>) -> Option<(u32, u32)> {
    let effect = view.pod.pod.run_as_user(view.container);
    let uid = effect.get().copied().filter(|_| effect.level == SettingLevel::Pod)?;
    let mut brought = view.pod.containers().filter_map(|other| known_image(other)?.built_identity());
    brought.find(|(own, _)| i64::from(*own) == uid)
}

const fn is_low(uid: i64) -> bool {
    uid < LOWEST_UID
}

/// Where the value in effect of a key of the security context is said.
pub(super) fn setting_level(view: ContainerView<'_>, key: &str) -> SettingLevel {
    match key {
        "seccompProfile" => view.pod.pod.seccomp_type(view.container).level,
        "runAsNonRoot" => view.pod.pod.run_as_non_root(view.container).level,
        "runAsUser" => view.pod.pod.run_as_user(view.container).level,
        _ => view.pod.pod.run_as_group(view.container).level,
    }
}

/// The ids that a person chose for an image that no Dockerfile here builds.
fn chosen_ids(view: ContainerView<'_>) -> Option<(u32, u32)> {
    let image = Reference::parse(view.image()?).ok()?;
    view.pod.settings.user_of_image(&image)
}

fn unknown_number(view: ContainerView<'_>, key: &str) -> CannotFix {
    let image = view.image().unwrap_or("its image");
    CannotFix::NeedsValue(format!(
        "`{key}` is for a person to say: nothing here tells which number {image} is built to run as"
    ))
}
