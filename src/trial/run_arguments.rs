//! Puts the start of a container into the words of an engine, so that it does what a cluster would do.
//!
//! Sources: the manual pages of docker-create and podman-create; what the engines do by themselves was measured with
//! podman 4.3 and docker 20.10: podman hands added capabilities on to a user that is not root, which Kubernetes does not;
//! its `--read-only` leaves three folders writable; docker opens low ports to everybody, which many nodes do not.

use super::container_engine::EngineKind;
use super::engine_limits::EngineLimits;
use super::pod_launch::{ContainerLaunch, PodLaunch};
use super::trial_marks::label_option;
use crate::kubernetes::DEFAULT_CAPABILITIES;

/// The sysctl that says from which port on everybody may listen, and its value on nodes that do not lower it.
const PORT_SYSCTL: &str = "net.ipv4.ip_unprivileged_port_start";
const ORDINARY_PORTS: &str = "1024";
/// The most processes of a container.
pub(super) const MAX_PROCESSES: u32 = 256;
/// The memory of a container that has no limit of its own, in bytes: a trial must not take the machine's.
pub(super) const SAFE_MEMORY: u64 = 2 * 1024 * 1024 * 1024;

/// The place of a container among those of its pod.
pub(super) struct RunPlace<'a> {
    /// The name that it gets.
    pub name: &'a str,
    /// The container whose network it shares.
    pub shares_network_of: Option<&'a str>,
    pub has_network: bool,
    /// The engine's names of the pod's volumes.
    pub volume_name: &'a dyn Fn(&str) -> String,
}

/// The words that make the container in an engine of that kind, which holds these bounds, without the engine's own name.
pub(super) fn create_words(
    (kind, limits): (EngineKind, EngineLimits),
    pod: &PodLaunch,
    own: &ContainerLaunch,
    place: &RunPlace<'_>,
) -> Vec<String> {
    let is_podman = kind == EngineKind::Podman;
    let mut words = vec!["create".to_owned(), format!("--name={}", place.name), label_option()];
    words.extend(["--pull=never", "--log-driver=none"].map(str::to_owned));
    if limits.pids {
        words.push(format!("--pids-limit={MAX_PROCESSES}"));
    }
    add_network(pod, place, &mut words);
    add_user(own, &mut words);
    add_privileges(is_podman, own, &mut words);
    add_limits(own, limits, &mut words);
    add_root(is_podman, own, &mut words);
    for mount in &own.mounts {
        let name = (place.volume_name)(&mount.volume);
        let read_only = if mount.is_read_only { ",ro" } else { "" };
        words.push(format!("--volume={name}:{}:nocopy{read_only}", mount.path));
    }
    words.extend(own.home.iter().map(|home| format!("--env=HOME={home}")));
    words.extend(own.env.iter().map(|(name, value)| format!("--env={name}={value}")));
    words.extend(own.workdir.iter().map(|path| format!("--workdir={path}")));
    // An entrypoint of several words is read in two ways by the engines: its first is the entrypoint, the others follow
    // the image. The image's own CMD is then dropped by both, as in a cluster.
    if let Some(first) = own.command.first() {
        words.push(format!("--entrypoint={}", entrypoint_word(is_podman, first)));
    }
    words.push("--".to_owned());
    words.push(own.image.clone());
    words.extend(own.command.iter().skip(1).cloned());
    words.extend(own.args.iter().cloned());
    words
}

/// podman reads a word that begins with a bracket as a list.
fn entrypoint_word(is_podman: bool, word: &str) -> String {
    if is_podman && word.starts_with('[') { serde_json::json!([word]).to_string() } else { word.to_owned() }
}

fn add_network(pod: &PodLaunch, place: &RunPlace<'_>, words: &mut Vec<String>) {
    if let Some(first) = place.shares_network_of {
        words.push(format!("--network=container:{first}"));
        if pod.shares_processes {
            words.push(format!("--pid=container:{first}"));
        }
        return;
    }
    if !place.has_network {
        words.push("--network=none".to_owned());
    }
    words.push(format!("--hostname={}", pod.name));
    if !pod.sysctls.iter().any(|(name, _)| name == PORT_SYSCTL) {
        words.push(format!("--sysctl={PORT_SYSCTL}={ORDINARY_PORTS}"));
    }
    words.extend(pod.sysctls.iter().map(|(name, value)| format!("--sysctl={name}={value}")));
}

fn add_user(own: &ContainerLaunch, words: &mut Vec<String>) {
    match (own.uid, own.gid) {
        (Some(uid), Some(gid)) => words.push(format!("--user={uid}:{gid}")),
        (Some(uid), None) => words.push(format!("--user={uid}")),
        (None, _) => {}
    }
    words.extend(own.groups.iter().map(|group| format!("--group-add={group}")));
}

/// Kubernetes gives a process that is not root no capability, added or not; podman gives it those that are added. So none
/// is ever added for it there: what its files carry then cannot be tried, and is named as a difference.
fn add_privileges(is_podman: bool, own: &ContainerLaunch, words: &mut Vec<String>) {
    let may_add = own.is_root || !is_podman;
    if own.drops_all {
        words.push("--cap-drop=ALL".to_owned());
    } else if is_podman && own.is_root {
        // Its own settings may name fewer.
        words.push("--cap-drop=ALL".to_owned());
        let kept = DEFAULT_CAPABILITIES.iter().filter(|name| !own.dropped.contains(**name));
        words.extend(kept.map(|name| format!("--cap-add={name}")));
    } else {
        words.extend(own.dropped.iter().map(|name| format!("--cap-drop={name}")));
    }
    // What is among podman's above is not said twice.
    let is_default = |name: &str| DEFAULT_CAPABILITIES.contains(&name) && !own.dropped.contains(name);
    let is_given = |name: &&String| !is_podman || own.drops_all || !is_default(name);
    if may_add {
        words.extend(own.added.iter().filter(is_given).map(|name| format!("--cap-add={name}")));
    }
    if own.no_new_privileges {
        words.push("--security-opt=no-new-privileges".to_owned());
    }
    if !own.filters_calls {
        words.push("--security-opt=seccomp=unconfined".to_owned());
    }
}

fn add_limits(own: &ContainerLaunch, limits: EngineLimits, words: &mut Vec<String>) {
    let memory = own.memory.unwrap_or(SAFE_MEMORY);
    if limits.memory {
        // Without the second the limit is doubled with swap.
        words.push(format!("--memory={memory}"));
        words.push(format!("--memory-swap={memory}"));
    }
    if let Some(millis) = own.cpu.filter(|_| limits.cpu) {
        words.push(format!("--cpus={}.{:03}", millis / 1000, millis % 1000));
    }
}

fn add_root(is_podman: bool, own: &ContainerLaunch, words: &mut Vec<String>) {
    if !own.read_only_root {
        return;
    }
    words.push("--read-only".to_owned());
    if is_podman {
        // Else it mounts writable folders of its own at /tmp, /run and /var/tmp, and keeps the image's volumes writable.
        words.push("--read-only-tmpfs=false".to_owned());
        words.push("--image-volume=ignore".to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trial::pod_launch::LaunchMount;

    fn hardened() -> ContainerLaunch {
        ContainerLaunch {
            name: "web".to_owned(),
            image: "localhost/web:1".to_owned(),
            args: vec!["--port".to_owned(), "80".to_owned()],
            uid: Some(43122),
            gid: Some(43122),
            groups: vec![2000],
            read_only_root: true,
            drops_all: true,
            added: ["NET_BIND_SERVICE".to_owned()].into(),
            no_new_privileges: true,
            filters_calls: true,
            memory: Some(64 << 20),
            cpu: Some(500),
            mounts: vec![LaunchMount {
                volume: "tmp".to_owned(),
                path: "/tmp".to_owned(),
                is_read_only: false,
            }],
            ..ContainerLaunch::default()
        }
    }

    fn words(kind: EngineKind, own: &ContainerLaunch) -> Vec<String> {
        let pod = PodLaunch { name: "web".to_owned(), ..PodLaunch::default() };
        let name_volume = |name: &str| format!("v-{name}");
        let place =
            RunPlace { name: "c", shares_network_of: None, has_network: false, volume_name: &name_volume };
        create_words((kind, EngineLimits::ALL), &pod, own, &place)
    }

    fn has(words: &[String], word: &str) -> bool {
        words.iter().any(|own| own == word)
    }

    #[test]
    fn no_user_but_root_is_given_a_capability_by_podman() {
        let podman = words(EngineKind::Podman, &hardened());
        assert!(has(&podman, "--cap-drop=ALL") && !podman.iter().any(|word| word.starts_with("--cap-add")));
        let docker = words(EngineKind::Docker, &hardened());
        assert!(has(&docker, "--cap-add=NET_BIND_SERVICE"), "it goes into the bounding set alone there");
        let root = ContainerLaunch { uid: Some(0), is_root: true, ..hardened() };
        assert!(has(&words(EngineKind::Podman, &root), "--cap-add=NET_BIND_SERVICE"));
    }

    #[test]
    fn root_has_the_capabilities_of_a_cluster_whatever_podman_is_set_to() {
        let root = ContainerLaunch {
            is_root: true,
            dropped: ["MKNOD".to_owned()].into(),
            ..ContainerLaunch::default()
        };
        let podman = words(EngineKind::Podman, &root);
        assert_eq!(podman.iter().filter(|word| word.starts_with("--cap-add=")).count(), 13);
        let docker = words(EngineKind::Docker, &root);
        assert!(has(&docker, "--cap-drop=MKNOD") && !has(&docker, "--cap-drop=ALL"));
    }

    #[test]
    fn a_read_only_root_has_no_writable_folders_of_podmans_own() {
        let podman = words(EngineKind::Podman, &hardened());
        for word in ["--read-only", "--read-only-tmpfs=false", "--image-volume=ignore"] {
            assert!(has(&podman, word), "{word}");
        }
        let docker = words(EngineKind::Docker, &hardened());
        assert!(has(&docker, "--read-only") && !docker.iter().any(|word| word.contains("tmpfs")));
    }

    #[test]
    fn low_ports_are_closed_unless_the_pod_opens_them() {
        let own = hardened();
        let closed = "--sysctl=net.ipv4.ip_unprivileged_port_start=1024";
        assert!(
            has(&words(EngineKind::Docker, &own), closed) && has(&words(EngineKind::Podman, &own), closed)
        );
        let sysctls = vec![("net.ipv4.ip_unprivileged_port_start".to_owned(), "80".to_owned())];
        let pod = PodLaunch { sysctls, ..PodLaunch::default() };
        let name_volume = str::to_owned;
        let place =
            RunPlace { name: "c", shares_network_of: None, has_network: true, volume_name: &name_volume };
        let open = create_words((EngineKind::Docker, EngineLimits::ALL), &pod, &own, &place);
        assert!(has(&open, "--sysctl=net.ipv4.ip_unprivileged_port_start=80") && !has(&open, closed));
        assert!(!open.iter().any(|word| word.starts_with("--network")), "the network was asked for");
    }

    #[test]
    fn a_mount_never_copies_what_the_image_has_there() {
        assert!(has(&words(EngineKind::Podman, &hardened()), "--volume=v-tmp:/tmp:nocopy"));
    }

    #[test]
    fn limits_hold_with_swap_and_are_there_always() {
        let docker = words(EngineKind::Docker, &hardened());
        for word in ["--memory=67108864", "--memory-swap=67108864", "--cpus=0.500", "--pids-limit=256"] {
            assert!(has(&docker, word), "{word}");
        }
        let open = words(EngineKind::Docker, &ContainerLaunch::default());
        assert!(has(&open, "--memory=2147483648") && has(&open, "--network=none"));
    }

    #[test]
    fn a_bound_that_the_engine_does_not_hold_is_not_asked_for() {
        let pod = PodLaunch::default();
        let name_volume = str::to_owned;
        let place =
            RunPlace { name: "c", shares_network_of: None, has_network: false, volume_name: &name_volume };
        let limits = EngineLimits { memory: true, cpu: false, pids: false };
        let words = create_words((EngineKind::Podman, limits), &pod, &hardened(), &place);
        assert!(has(&words, "--memory=67108864"));
        assert!(!words.iter().any(|word| word.starts_with("--cpus") || word.starts_with("--pids")));
    }

    #[test]
    fn seccomp_is_as_the_pod_says() {
        let unconfined = "--security-opt=seccomp=unconfined";
        assert!(has(&words(EngineKind::Docker, &ContainerLaunch::default()), unconfined));
        assert!(!has(&words(EngineKind::Docker, &hardened()), unconfined));
    }

    #[test]
    fn words_of_the_repository_stand_behind_the_options() {
        let own = ContainerLaunch {
            image: "--privileged".to_owned(),
            command: vec!["--privileged".to_owned(), "-v".to_owned()],
            env: vec![("-e".to_owned(), "--privileged".to_owned())],
            ..ContainerLaunch::default()
        };
        let podman = words(EngineKind::Podman, &own);
        let end = podman.iter().position(|word| word == "--").expect("the options end");
        assert_eq!(podman[end + 1..], ["--privileged", "-v"].map(str::to_owned));
        assert!(
            has(&podman[..end], "--env=-e=--privileged") && has(&podman[..end], "--entrypoint=--privileged")
        );
        let list = ContainerLaunch { command: vec!["[\"sh\"]".to_owned()], ..ContainerLaunch::default() };
        assert!(has(&words(EngineKind::Podman, &list), r#"--entrypoint=["[\"sh\"]"]"#));
        assert!(has(&words(EngineKind::Docker, &list), r#"--entrypoint=["sh"]"#));
    }

    #[test]
    fn a_sidecar_shares_the_network_and_sets_nothing_of_it() {
        let (pod, own) = (PodLaunch::default(), hardened());
        let name_volume = str::to_owned;
        let place = RunPlace {
            name: "s",
            shares_network_of: Some("c"),
            has_network: false,
            volume_name: &name_volume,
        };
        let words = create_words((EngineKind::Docker, EngineLimits::ALL), &pod, &own, &place);
        assert!(has(&words, "--network=container:c"));
        assert!(!words.iter().any(|word| word.starts_with("--hostname") || word.starts_with("--sysctl")));
    }
}
