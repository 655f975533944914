//! Reports a container that takes a port of the node (`host-port`).

use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "host-port",
    severity: Severity::Medium,
    theme: RuleTheme::Network,
    decision: RuleDecision::Confinement,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("host-port"),
    checks: &[RuleCheck::Container(check_container)],
};

/// Pod Security Standards, baseline, "Host Ports". Ephemeral containers have no ports.
fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    if view.is_ephemeral() {
        return out.mark_not_applicable();
    }
    let ports = &view.container.model.ports;
    let open = ports.is_wrong() || ports.valid_items().any(|(_, port)| port.host_port.is_wrong());
    let taken = ports.valid_items().filter_map(|(at, port)| Some((at, *port.host_port.get()?)));
    let taken: Vec<(usize, i64)> = taken.filter(|(_, port)| *port != 0).collect();
    let Some((first, _)) = taken.first() else {
        return out.mark_unknown_if(open);
    };
    let span = view.container.span_of(&path!["ports", *first, "hostPort"]).unwrap_or(view.label_span());
    let numbers: Vec<String> = taken.iter().map(|(_, port)| port.to_string()).collect();
    let remove = |at| view.pod.remove_edit(Some(view.index), path!["ports", at, "hostPort"]);
    let edits = taken.iter().map(|(at, _)| remove(*at)).collect();
    let fix = Fix::new("Leave the node's ports alone", Safety::Review, edits);
    let caution = "whoever reaches the program by the node's port no longer does; it needs a Service";
    let message = format!("port {} of the node leads to this container", numbers.join(", "));
    // There the API server writes each container port as the node's, whatever the file says.
    let is_given_anyway = view.pod.pod.model.host_network.get() == Some(&true);
    let fix = if is_given_anyway {
        Err("the pod uses the node's network, where each of its ports is the node's: that goes first"
            .to_owned())
    } else {
        Ok(Some(fix.with_caution(caution)))
    };
    out.report(span, message, fix);
}
