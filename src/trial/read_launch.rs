//! Reads from a manifest's pod how it is started, as far as an engine can do it; the rest is named as a difference.

use std::collections::BTreeSet;

use super::config_maps::ConfigMaps;
use super::expand_variables::expand_references;
use super::launch_variables::read_env;
use super::launch_volumes::{API_TOKEN_VOLUME, TOKEN_FOLDER, read_mounts, read_volumes};
use super::pod_launch::{ContainerLaunch, LaunchMount, LaunchVolume, LaunchVolumeKind, PodLaunch};
use super::probes::{ProbeAction, read_action, read_probes};
use super::trial_error::TrialError;
use crate::kubernetes::model::{Capabilities, Quantity, SecurityContext};
use crate::kubernetes::{Container, ContainerRole};
use crate::rules::{ContainerView, PodView};
use crate::yaml::LenientList;

/// The image of one container, as it will be run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaunchImage {
    /// The name by which the engine knows it.
    pub name: String,
    /// The uid that it runs as by itself; none where it names an account.
    pub uid: Option<u32>,
    /// The user that its Dockerfile would give it, where that is another.
    pub planned_user: Option<(u32, Option<u32>)>,
    /// The uids that its passwd file gives a home; none where it says itself where home is, or that is not known.
    pub housed: Option<BTreeSet<u32>>,
}

/// The start of a pod, whose containers have these images.
///
/// # Errors
/// When the pod asks for what a trial never gives: the node itself.
pub(super) fn read_launch(
    view: PodView<'_>,
    images: &[LaunchImage],
    configs: &ConfigMaps,
    mounts_token: bool,
) -> Result<PodLaunch, TrialError> {
    refuse_node_access(view)?;
    let mut pod = PodLaunch { name: host_name(view), ..PodLaunch::default() };
    let context = view.pod.model.security_context.get();
    pod.sysctls = context.map(read_sysctls).unwrap_or_default();
    pod.shares_processes = view.pod.model.share_process_namespace.get() == Some(&true);
    pod.volumes = read_volumes(view, configs, &mut pod.differences);
    if mounts_token {
        let name = API_TOKEN_VOLUME.to_owned();
        pod.volumes.push(LaunchVolume {
            name,
            kind: LaunchVolumeKind::Token,
            group: None,
            files: Vec::new(),
        });
    }
    for container in view.containers().filter(|container| !container.is_ephemeral()) {
        let image = images.get(container.index).cloned().unwrap_or_default();
        let own = read_container(container, image, configs, &mut pod)?;
        pod.containers.push(own);
    }
    // Init containers run first, each by itself.
    pod.containers.sort_by_key(|container| !container.is_init);
    Ok(pod)
}

/// What gives a container the node is never given by a trial.
fn refuse_node_access(view: PodView<'_>) -> Result<(), TrialError> {
    let model = &view.pod.model;
    let refused = |what: &str| {
        let object = view.object.label();
        Err(TrialError::CannotMirror(format!(
            "{object} asks for the node itself ({what}), which a trial never gives"
        )))
    };
    for (field, what) in
        [(&model.host_network, "hostNetwork"), (&model.host_pid, "hostPID"), (&model.host_ipc, "hostIPC")]
    {
        if field.get() == Some(&true) {
            return refused(what);
        }
    }
    let is_privileged =
        |view: ContainerView<'_>| view.own_context(|context| &context.privileged).get() == Some(&true);
    if view.containers().any(is_privileged) {
        return refused("privileged");
    }
    if view.is_windows() { refused("Windows") } else { Ok(()) }
}

/// The name of the pod's host: its own, else the object's, as far as a host may have that.
fn host_name(view: PodView<'_>) -> String {
    let own = view.pod.model.hostname.get().map(String::as_str);
    let name = own.or(view.object.name.as_deref()).unwrap_or("pod");
    let plain: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').take(63).collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() { "pod".to_owned() } else { plain.to_owned() }
}

fn read_container(
    view: ContainerView<'_>,
    image: LaunchImage,
    configs: &ConfigMaps,
    pod: &mut PodLaunch,
) -> Result<ContainerLaunch, TrialError> {
    let (container, model) = (view.container, &view.container.model);
    let mut own = ContainerLaunch {
        name: container.name.clone().unwrap_or_else(|| format!("container-{}", view.index)),
        is_init: container.role == ContainerRole::Init,
        image: image.name.clone(),
        workdir: model.working_dir.get().filter(|path| path.starts_with('/')).cloned(),
        ..ContainerLaunch::default()
    };
    own.env = read_env(&own.name, container, configs, &mut pod.differences);
    let words = |list: &LenientList<String>| -> Vec<String> {
        list.valid_items().map(|(_, word)| expand_references(word, &own.env)).collect()
    };
    (own.command, own.args) = (words(&model.command), words(&model.args));
    own.probes = read_probes(container, &own.env);
    own.start_hook = read_start_hook(container, &own, &mut pod.differences);
    own.mounts = read_mounts(view, &mut pod.volumes, &mut pod.differences)?;
    let has_token = pod.volumes.iter().any(|volume| volume.name == API_TOKEN_VOLUME);
    if has_token && !own.mounts.iter().any(|mount| mount.path == TOKEN_FOLDER) {
        let (volume, path) = (API_TOKEN_VOLUME.to_owned(), TOKEN_FOLDER.to_owned());
        own.mounts.push(LaunchMount { volume, path, is_read_only: true });
    }
    read_user(view, &image, &mut own);
    own.home = find_home(&image, &own);
    read_privileges(view, &mut own, &mut pod.differences);
    let bound = |name: &str| -> Option<f64> {
        let limits = model.resources.map_field(|resources| &resources.limits);
        limits.value_at(name).get().and_then(Quantity::amount).filter(|amount| *amount > 0.0)
    };
    own.memory = bound("memory").map(|bytes| bytes as u64);
    own.cpu = bound("cpu").map(|cores| ((cores * 1000.0) as u64).max(10));
    Ok(own)
}

/// The command of the hook; one of another sort is only named.
fn read_start_hook(
    container: &Container,
    own: &ContainerLaunch,
    differences: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    let hook = container.model.lifecycle.get()?.post_start.get()?;
    match read_action(container, hook, &own.env)? {
        ProbeAction::Exec(words) => Some(words),
        action => {
            differences.insert(format!("the postStart hook of `{}` ({action}) is not made", own.name));
            None
        }
    }
}

fn read_user(view: ContainerView<'_>, image: &LaunchImage, own: &mut ContainerLaunch) {
    let pod = view.pod.pod;
    let number = |value: Option<&i64>| value.and_then(|id| u32::try_from(*id).ok());
    own.uid = number(pod.run_as_user(view.container).get());
    own.gid = number(pod.run_as_group(view.container).get());
    if own.uid.is_none() {
        match image.planned_user {
            Some((uid, gid)) => (own.uid, own.gid) = (Some(uid), own.gid.or(gid)),
            // A group alone needs a user beside it, on a command line.
            None if own.gid.is_some() => own.uid = image.uid,
            None => {}
        }
    }
    own.is_root = own.uid.or(image.uid) == Some(0);
    let context = pod.model.security_context.get();
    let groups = context.into_iter().flat_map(|context| context.supplemental_groups.valid_items());
    let mut groups: Vec<u32> = groups.filter_map(|(_, group)| number(Some(group))).collect();
    groups.extend(context.and_then(|context| number(context.fs_group.get())));
    groups.dedup();
    own.groups = groups;
}

/// The home that a runtime gives a uid without an account, where nothing else says one; podman would give it the working
/// folder.
///
/// Source: runc, `libcontainer/user`: the home of who is in no passwd file is the root.
fn find_home(image: &LaunchImage, own: &ContainerLaunch) -> Option<String> {
    let (housed, uid) = (image.housed.as_ref()?, own.uid.or(image.uid)?);
    let is_said = own.env.iter().any(|(name, _)| name == "HOME");
    (!is_said && !housed.contains(&uid)).then(|| "/".to_owned())
}

fn read_privileges(view: ContainerView<'_>, own: &mut ContainerLaunch, differences: &mut BTreeSet<String>) {
    own.read_only_root = view.own_context(|context| &context.read_only_root_filesystem).get() == Some(&true);
    own.no_new_privileges =
        view.own_context(|context| &context.allow_privilege_escalation).get() == Some(&false);
    own.filters_calls = match view.pod.pod.seccomp_type(view.container).get().map(String::as_str) {
        Some("RuntimeDefault") => true,
        Some("Localhost") => {
            differences.insert(
                "a seccomp profile of the node's own is not here: the engine's default stands in".to_owned(),
            );
            true
        }
        _ => false,
    };
    let capabilities = view.own_context(|context| &context.capabilities);
    let names = |list: fn(&Capabilities) -> &LenientList<String>| -> BTreeSet<String> {
        let list = capabilities.map_field(list);
        let names = list.valid_items().map(|(_, name)| name.trim_start_matches("CAP_").to_ascii_uppercase());
        names.filter(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')).collect()
    };
    own.dropped = names(|capabilities| &capabilities.drop);
    own.drops_all = own.dropped.remove("ALL");
    own.added = names(|capabilities| &capabilities.add);
}

fn read_sysctls(context: &SecurityContext) -> Vec<(String, String)> {
    let is_plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._/ -".contains(&byte))
    };
    let listed = context.sysctls.valid_items();
    let pairs =
        listed.filter_map(|(_, sysctl)| Some((sysctl.name.get()?.clone(), sysctl.value.get()?.clone())));
    pairs.filter(|(name, value)| is_plain(name) && is_plain(value)).collect()
}
