//! Reports a program that is not root and is to listen on a port below 1024 (`privileged-port`).

use crate::finding::Severity;
use crate::kubernetes::ContainerRole;
use crate::kubernetes::pod_security_standards::RESTRICTED_CAPABILITY;
use crate::needs::NeedKind;
use crate::needs::pod::lowest_open_port;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "privileged-port",
    severity: Severity::Low,
    theme: RuleTheme::Link,
    decision: RuleDecision::RunningUser,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("privileged-port"),
    checks: &[RuleCheck::RepoContainer(check_container)],
};

/// A file's capability and one that the manifest adds settle it: somebody thought of the port. That a port is high hardens
/// nothing, so that it does not count in the score.
fn check_container(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
) {
    let first_open = i64::from(lowest_open_port(view.pod.place()));
    let ports = view.container.model.ports.valid_items();
    let mut low = ports.filter_map(|(at, port)| Some((at, *port.container_port.get()?)));
    let low = low.find(|(_, port)| (1..first_open).contains(port));
    let Some((at, port)) =
        low.filter(|_| !view.pod.is_windows() && view.container.role != ContainerRole::Init)
    else {
        return out.mark_not_applicable();
    };
    if starts_as_other(view, repository) != Some(true) || has_port_capability(view, repository) {
        return out.mark_not_applicable();
    }
    let span = view.container.span_of(&path!["ports", at, "containerPort"]).unwrap_or(view.label_span());
    let message = if view.pod.pod.model.host_network.get() == Some(&true) {
        format!("the program is not root, and port {port} of the node is root's")
    } else {
        format!("the program is not root, and some nodes leave port {port} to root")
    };
    out.report(span, message, Ok(None));
}

/// True where the container starts as another user than root; none where nothing says it.
fn starts_as_other(view: &ContainerView<'_>, repository: &RepositoryView<'_>) -> Option<bool> {
    let pod = view.pod.pod;
    let user = pod.run_as_user(view.container);
    if let Some(uid) = user.get() {
        return Some(*uid != 0);
    }
    if user.is_unknown() {
        return None;
    }
    match pod.run_as_non_root(view.container).get() {
        Some(true) => Some(true),
        _ => Some(repository.linked_build(&view.key())?.1.user.uid()? != 0),
    }
}

fn has_port_capability(view: &ContainerView<'_>, repository: &RepositoryView<'_>) -> bool {
    let own = view.own_context(|context| &context.capabilities).map_field(|capabilities| &capabilities.add);
    let is_added = own.valid_items().any(|(_, name)| name == RESTRICTED_CAPABILITY || name == "ALL");
    let needs = repository.pod_needs(view.pod.place());
    let on_file =
        |kind: &NeedKind| matches!(kind, NeedKind::FileCapability(name) if name == RESTRICTED_CAPABILITY);
    own.is_wrong() || is_added || needs.of_container(view.index).any(|need| on_file(&need.kind))
}
