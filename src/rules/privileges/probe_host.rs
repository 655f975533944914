//! Reports a probe or hook that sends the node to an address of its own choice (`probe-host`).

use crate::finding::{Fix, Safety, Severity};
use crate::kubernetes::model::ProbeHandler;
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::{Lenient, YamlPath, path};

pub(crate) static RULE: Rule = Rule {
    id: "probe-host",
    severity: Severity::Low,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::Confinement,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("probe-host"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, baseline, "Host Probes and Lifecycle Hooks" (since 1.34). Ephemeral containers have neither.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.is_ephemeral() {
        return out.mark_not_applicable();
    }
    let model = &view.container.model;
    let hook = |get: fn(&crate::kubernetes::model::Lifecycle) -> &Lenient<Box<ProbeHandler>>| {
        model.lifecycle.map_field(get)
    };
    let handlers = [
        (path!["livenessProbe"], model.liveness_probe.clone()),
        (path!["readinessProbe"], model.readiness_probe.clone()),
        (path!["startupProbe"], model.startup_probe.clone()),
        (path!["lifecycle", "postStart"], hook(|lifecycle| &lifecycle.post_start)),
        (path!["lifecycle", "preStop"], hook(|lifecycle| &lifecycle.pre_stop)),
    ];
    let named: Vec<(YamlPath, String)> =
        handlers.iter().flat_map(|(path, handler)| handler_hosts(path, handler)).collect();
    let Some((first, host)) = named.first() else {
        return out.mark_unknown_if(handlers.iter().any(|(_, handler)| handler.is_wrong()));
    };
    let span = view.container.span_of(first).unwrap_or(view.label_span());
    let message = format!("the node sends this request to `{host}`, not to the pod");
    let remove = |(path, _): &(YamlPath, String)| view.pod.remove_edit(Some(view.index), path.clone());
    let edits = named.iter().map(remove).collect();
    out.report(span, message, Ok(Some(Fix::new("Send the request to the pod", Safety::Safe, edits))));
}

/// The hosts that a handler names, and where.
fn handler_hosts(path: &YamlPath, handler: &Lenient<Box<ProbeHandler>>) -> Vec<(YamlPath, String)> {
    let Some(handler) = handler.get() else { return Vec::new() };
    let actions = [("httpGet", &handler.http_get), ("tcpSocket", &handler.tcp_socket)];
    let named = actions.into_iter().filter_map(|(key, action)| {
        let host = action.get()?.host.get().filter(|host| !host.is_empty())?;
        Some(([path.as_slice(), &path![key, "host"]].concat(), host.clone()))
    });
    named.collect()
}
