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

/// The most containers of a pod whose places are changed together; no fix is made of a pod that has more.
const MAX_CHANGED_TOGETHER: usize = 200;

/// A place, the pod's or a container's by its index, that makes Windows containers processes of the node.
pub(in crate::rules) struct HostProcessPlace {
    pub span: Span,
    /// The edit that fixes it.
    pub edit: Edit,
}

/// All such places of a pod; of one that has very many containers, its own alone.
pub(in crate::rules) fn find_host_processes(view: PodView<'_>) -> Vec<HostProcessPlace> {
    let few = view.pod.containers.len() <= MAX_CHANGED_TOGETHER;
    let containers = view.containers().take(if few { usize::MAX } else { 0 });
    let own = host_process_of_pod(view).into_iter();
    own.chain(containers.filter_map(|container| host_process_of_container(&container))).collect()
}

fn host_process_of_pod(view: PodView<'_>) -> Option<HostProcessPlace> {
    let path = path!["securityContext", "windowsOptions", "hostProcess"];
    let own = view.pod.model.security_context.map_field(|context| &context.windows_options);
    let span = view.field_or_spec_span(&path);
    is_host_process(own).then(|| HostProcessPlace { span, edit: view.set_edit(None, path, false) })
}

fn host_process_of_container(view: &ContainerView<'_>) -> Option<HostProcessPlace> {
    let path = path!["securityContext", "windowsOptions", "hostProcess"];
    if !is_host_process(view.own_context(|context| &context.windows_options)) {
        return None;
    }
    let span = view.container.span_of(&path).unwrap_or(view.label_span());
    Some(HostProcessPlace { span, edit: view.pod.set_edit(Some(view.index), path, false) })
}

fn is_host_process(options: Lenient<WindowsOptions>) -> bool {
    options.map_field(|options| &options.host_process).is(&true)
}
