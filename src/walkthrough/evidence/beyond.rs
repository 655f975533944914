//! The rights that the kernel gives to process 1, and the Pod Security level.

use super::Seen;
use crate::audit::pod_security;
use crate::manifest::model::{Lenient, SecurityContext};
use crate::walkthrough::scene::Scene;

/// The capabilities that container runtimes give by default, as `/proc` shows them (containerd, `defaultUnixCaps`:
/// fourteen of them).
const DEFAULT: &str = "00000000a80425fb";
const NONE: &str = "0000000000000000";

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let (Some(main), Some(workload)) = (scene.main(), scene.workload) else { return };
    let context = &main.container.model.security_context;
    let is =
        |field: fn(&SecurityContext) -> &Lenient<bool>, value| context.field(field) == Lenient::Value(value);
    let drops = context.field(|c| &c.capabilities).field(|c| &c.drop);
    let adds = context.field(|c| &c.capabilities).field(|c| &c.add);
    let drops_all = drops.each().any(|(_, name)| name.eq_ignore_ascii_case("ALL"));
    let no_escalation = is(|c| &c.allow_privilege_escalation, false);
    let seccomp = workload.view.pod.seccomp(main.container).get().is_some_and(|kind| kind != "Unconfined");
    let level = pod_security::level(workload.view.pod);
    let failed: Vec<&str> = pod_security::failed(workload.view.pod).map(|control| control.name).collect();
    seen.note(match failed.as_slice() {
        [] => format!("Pod Security level: {}, the strictest.", level.name()),
        failed => {
            format!("Pod Security level: {}. In the way of restricted: {}.", level.name(), failed.join(", "))
        }
    });
    seen.now();
    seen.typed("container $ cat /proc/1/status");
    if is(|c| &c.privileged, true) {
        seen.note("Privileged: every capability of the kernel that runs it, every device of the node.");
    } else {
        let added = adds.each().next().is_some();
        status(seen, if drops_all && !added { NONE } else { DEFAULT }, no_escalation, seccomp);
        if added {
            let names: Vec<&str> = adds.each().map(|(_, name)| name.as_str()).collect();
            seen.note(format!("And what is added on top: {}.", names.join(", ")));
        }
    }
    if seen.then() {
        status(seen, NONE, true, true);
    }
}

fn status(seen: &mut Seen, bounding: &str, no_escalation: bool, seccomp: bool) {
    seen.printed(format!("CapBnd:     {bounding}"));
    seen.printed(format!("NoNewPrivs: {}", u8::from(no_escalation)));
    seen.printed(format!("Seccomp:    {}", if seccomp { 2 } else { 0 }));
}
