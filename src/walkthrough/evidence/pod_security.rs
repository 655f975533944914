//! Shows the rights that the kernel gives to process 1, and the Pod Security level, for their chapter.

use super::EvidenceWriter;
use crate::kubernetes::{Container, DEFAULT_CAPABILITIES, Pod, ProcessRights};
use crate::walkthrough::changed_pod::main_container_in;
use crate::walkthrough::level_obstacles::name_level_obstacles;
use crate::walkthrough::walk_context::WalkContext;

/// The most capabilities that are named one by one.
const MAX_NAMES: usize = 6;

/// Now, and in the pod as the change leaves it.
pub(super) fn show_pod_security(scene: &WalkContext<'_>, changed: Option<&Pod>, seen: &mut EvidenceWriter) {
    let Some(main) = scene.main_container() else { return };
    let pod = main.pod.pod;
    seen.push_note(match name_level_obstacles(pod) {
        None => "Pod Security level: restricted, the strictest.".to_owned(),
        Some(names) => format!("In the way of \"restricted\": {names}."),
    });
    let command = status_command(scene);
    seen.begin_now();
    show_rights(seen, command, pod, main.container);
    let then = changed.and_then(|pod| Some((pod, main_container_in(scene, pod)?)));
    if let Some((pod, container)) = then
        && seen.begin_after()
    {
        show_rights(seen, command, pod, container);
        seen.push_note(match name_level_obstacles(pod) {
            None => "Pod Security level then: restricted, the strictest.".to_owned(),
            Some(names) => format!("Still in the way of \"restricted\": {names}."),
        });
    }
}

/// The command that shows what the kernel gives process 1.
fn status_command(scene: &WalkContext<'_>) -> &'static str {
    if scene.image_tools().are_known() {
        "container $ cat /proc/1/status"
    } else {
        "debug $ grep -E 'CapBnd|NoNewPrivs|Seccomp:' /proc/1/status"
    }
}

fn show_rights(seen: &mut EvidenceWriter, command: &str, pod: &Pod, container: &Container) {
    if let Some(what) = container.refused_beside_no_escalation() {
        return seen.push_note(format!(
            "The API server refuses this pod: `allowPrivilegeEscalation: false` beside `{what}`."
        ));
    }
    let rights = pod.process_rights(container);
    seen.push_command(command);
    seen.push_output(format!("CapBnd:     {:016x}", rights.bounding_set));
    seen.push_output(format!("NoNewPrivs: {}", u8::from(rights.no_new_privileges)));
    seen.push_output(format!("Seccomp:    {}", if rights.filters_calls { 2 } else { 0 }));
    if rights.is_privileged {
        return seen
            .push_note("Privileged: every capability of the kernel that runs it, every device of the node.");
    }
    let setuid = if rights.no_new_privileges { "no setuid programs" } else { "setuid programs" };
    let calls = if rights.filters_calls { "only usual system calls" } else { "every system call" };
    seen.push_note(format!("{}, {setuid}, {calls}.", describe_capabilities(&rights)));
}

/// How many of root's rights are left: few by their names, and of many those that no container has by default.
fn describe_capabilities(rights: &ProcessRights) -> String {
    let names: Vec<&str> = rights.capabilities().collect();
    let unusual: Vec<&str> =
        names.iter().copied().filter(|name| !DEFAULT_CAPABILITIES.contains(name)).collect();
    match names.len() {
        0 => "None of root's special rights".to_owned(),
        _ if rights.has_every_capability() => "All of root's special rights".to_owned(),
        count if count <= MAX_NAMES => format!("{count} of root's special rights ({})", names.join(", ")),
        count if unusual.is_empty() => format!("{count} of root's special rights"),
        count if unusual.len() <= MAX_NAMES => {
            format!("{count} of root's special rights, {} among them", unusual.join(", "))
        }
        count => format!("{count} of root's special rights, {} beyond the usual", unusual.len()),
    }
}
