//! Shows the rights that the kernel gives to process 1, and the Pod Security level, for their chapters.

use super::EvidenceWriter;
use crate::audit::pod_security;
use crate::kubernetes::model::SecurityContext;
use crate::walkthrough::walk_context::WalkContext;
use crate::yaml::Lenient;

/// The capabilities that container runtimes give by default, as `/proc` shows them (containerd, `defaultUnixCaps`:
/// fourteen of them).
const DEFAULT_CAPABILITY_MASK: &str = "00000000a80425fb";
const NO_CAPABILITY_MASK: &str = "0000000000000000";

pub(super) fn show_pod_security(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let (Some(main), Some(workload)) = (scene.main_container(), scene.workload) else { return };
    let context = &main.container.model.security_context;
    let is = |field: fn(&SecurityContext) -> &Lenient<bool>, value| {
        context.map_field(field) == Lenient::Value(value)
    };
    let adds = context.map_field(|c| &c.capabilities).map_field(|c| &c.add);
    let drops_all = main.container.drops_all_capabilities();
    let no_escalation = is(|c| &c.allow_privilege_escalation, false);
    let seccomp =
        workload.view.pod.seccomp_type(main.container).get().is_some_and(|kind| kind != "Unconfined");
    let level = pod_security::pod_security_level(workload.view.pod);
    let failed: Vec<&str> =
        pod_security::failed_controls(workload.view.pod).map(|control| control.name).collect();
    seen.push_note(match failed.as_slice() {
        [] => format!("Pod Security level: {}, the strictest.", level.name()),
        failed => {
            format!("In the way of \"restricted\": {}.", failed.join(", "))
        }
    });
    let command = status_command(scene);
    seen.begin_now();
    seen.push_command(command);
    if is(|c| &c.privileged, true) {
        seen.push_note("Privileged: every capability of the kernel that runs it, every device of the node.");
    } else {
        let added: Vec<&str> = adds.valid_items().map(|(_, name)| name.as_str()).collect();
        let none = drops_all && added.is_empty();
        print_status(
            seen,
            if none { NO_CAPABILITY_MASK } else { DEFAULT_CAPABILITY_MASK },
            no_escalation,
            seccomp,
        );
        let rights = match (none, drops_all) {
            (true, _) => "None of root's special rights".to_owned(),
            (false, _) if !added.is_empty() => {
                format!("Some of root's special rights, {} among them", added.join(", "))
            }
            (false, _) => "14 of root's special rights".to_owned(),
        };
        let setuid = if no_escalation { "no setuid programs" } else { "setuid programs" };
        let calls = if seccomp { "only usual system calls" } else { "every system call" };
        seen.push_note(format!("{rights}, {setuid}, {calls}."));
    }
    if seen.begin_after() {
        seen.push_command(command);
        print_status(seen, NO_CAPABILITY_MASK, true, true);
        seen.push_note("None of these.");
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

fn print_status(seen: &mut EvidenceWriter, bounding: &str, no_escalation: bool, seccomp: bool) {
    seen.push_output(format!("CapBnd:     {bounding}"));
    seen.push_output(format!("NoNewPrivs: {}", u8::from(no_escalation)));
    seen.push_output(format!("Seccomp:    {}", if seccomp { 2 } else { 0 }));
}
