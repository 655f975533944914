//! Checks the rights that the kernel gives the program: the Pod Security Standards above all.

pub(super) mod added_capabilities;
pub(super) mod capabilities_not_dropped;
pub(super) mod custom_selinux;
pub(super) mod default_namespace;
pub(super) mod host_ipc;
pub(super) mod host_pid;
pub(super) mod missing_seccomp;
pub(super) mod privilege_escalation;
pub(super) mod privileged_container;
pub(super) mod probe_host;
pub(super) mod unconfined_apparmor;
pub(super) mod unconfined_seccomp;
pub(super) mod unmasked_proc;
pub(super) mod unsafe_sysctl;
pub(super) mod windows_host_process;

use super::{ContainerView, FindingCollector, PodView};
use crate::finding::{Edit, Fix, Safety};
use crate::kubernetes::model::{SecurityProfile, WindowsOptions};
use crate::kubernetes::pod_security_standards;
use crate::text::Span;
use crate::yaml::{Lenient, path};

/// Reports one of the node's namespaces that the pod shares; `others` are changes that the fix requires.
pub(in crate::rules) fn check_host_namespace(
    view: PodView<'_>,
    key: &str,
    field: &Lenient<bool>,
    (message, caution): (&'static str, &'static str),
    others: Vec<Edit>,
    out: &mut FindingCollector<'_>,
) {
    match field {
        Lenient::Wrong(_) => out.mark_unknown(),
        Lenient::Value(true) => {
            let edits = [vec![view.set_edit(None, path![key], false)], others].concat();
            let fix = Fix::new(format!("Set `{key}` to false"), Safety::Review, edits);
            out.report(view.field_or_spec_span(&path![key]), message, Ok(Some(fix.with_caution(caution))));
        }
        Lenient::Value(false) | Lenient::Absent => {}
    }
}

/// Reports a profile at `key`, the pod's or a container's own, whose type is set to one that does not confine.
fn check_profile(
    view: PodView<'_>,
    container: Option<ContainerView<'_>>,
    (key, profile): (&str, &Lenient<SecurityProfile>),
    (safety, caution): (Safety, &'static str),
    out: &mut FindingCollector<'_>,
) {
    if view.is_windows() {
        return out.mark_not_applicable();
    }
    let kind = profile.map_field(|profile| &profile.kind);
    let Some(name) = kind.get().filter(|kind| !pod_security_standards::is_confining(kind)) else {
        return out.mark_unknown_if(kind.is_wrong());
    };
    let path = path!["securityContext", key, "type"];
    let local = path!["securityContext", key, "localhostProfile"];
    let (span, index) = match container {
        Some(container) => (container.container.span_of(&path), Some(container.index)),
        None => (view.pod.span_of(&path), None),
    };
    let mut edits = vec![view.set_edit(index, path, "RuntimeDefault")];
    if profile.get().is_some_and(|profile| !profile.localhost_profile.is_absent()) {
        // The API server takes a file's name beside `Localhost` only.
        edits.push(view.remove_edit(index, local));
    }
    let fix = Fix::new(format!("Set the type of `{key}` to `RuntimeDefault`"), safety, edits);
    let span = span.unwrap_or(container.map_or(view.pod.spec_key_span, ContainerView::label_span));
    out.report(span, format!("`{key}` is `{name}`"), Ok(Some(fix.with_caution(caution))));
}

/// Each place, the pod's or a container's by its index, that makes Windows containers processes of the node, with the
/// edit that fixes it.
pub(in crate::rules) fn find_host_processes(view: PodView<'_>) -> Vec<(Option<usize>, Span, Edit)> {
    let path = path!["securityContext", "windowsOptions", "hostProcess"];
    let is_set =
        |options: Lenient<WindowsOptions>| options.map_field(|options| &options.host_process).is(&true);
    let own = view.pod.model.security_context.map_field(|context| &context.windows_options);
    let mut places = Vec::new();
    if is_set(own) {
        places.push((None, view.field_or_spec_span(&path), view.set_edit(None, path.clone(), false)));
    }
    for container in view.containers() {
        if is_set(container.own_context(|context| &context.windows_options)) {
            let span = container.container.span_of(&path).unwrap_or(container.label_span());
            places.push((
                Some(container.index),
                span,
                view.set_edit(Some(container.index), path.clone(), false),
            ));
        }
    }
    places
}
