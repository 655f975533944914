//! Reports an image and a manifest that name different ports (`port-mismatch`).

use crate::finding::Severity;
use crate::kubernetes::ContainerRole;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{ContainerView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "port-mismatch",
    severity: Severity::Low,
    theme: RuleTheme::Link,
    decision: RuleDecision::NetworkReach,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("port-mismatch"),
    checks: &[RuleCheck::LinkedContainer(check_container)],
};

/// More ports of the image than these are not listed.
const LISTED_PORTS: usize = 3;

/// That both agree hardens nothing, so that it does not count in the score. A manifest that tells the program its port, by a
/// word or a variable, has the last word.
fn check_container(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
) {
    let Some((link, build)) =
        repository.linked_build(&view.key()).filter(|_| view.container.role != ContainerRole::Init)
    else {
        return out.mark_not_applicable();
    };
    let ports = &view.container.model.ports;
    let asked: Vec<(usize, i64)> =
        ports.valid_items().filter_map(|(at, port)| Some((at, *port.container_port.get()?))).collect();
    let exposes = |port: i64| build.exposed_ports.iter().any(|own| i64::from(*own) == port);
    let is_whole = asked.len() == ports.get().map_or(0, Vec::len) && !build.exposes_untold_ports;
    let disagree = !asked.is_empty()
        && !build.exposed_ports.is_empty()
        && !asked.iter().any(|(_, port)| exposes(*port) || is_told_port(view, *port));
    let Some((first, port)) = asked.first().filter(|_| disagree && is_whole) else {
        return out.mark_not_applicable();
    };
    let mut listed: Vec<String> = build.exposed_ports.iter().map(u16::to_string).collect();
    listed.dedup();
    if listed.len() > LISTED_PORTS {
        listed.truncate(LISTED_PORTS);
        listed.push("others".to_owned());
    }
    let span = view.container.span_of(&path!["ports", *first, "containerPort"]).unwrap_or(view.label_span());
    let (listed, dockerfile) = (listed.join(", "), &link.dockerfile);
    out.report(span, format!("port {port} is named here, and {listed} in {dockerfile}"), Ok(None));
}

/// True where a word of its command or a variable speaks of the port.
fn is_told_port(view: &ContainerView<'_>, port: i64) -> bool {
    let model = &view.container.model;
    let words = model.command.valid_items().chain(model.args.valid_items()).map(|(_, word)| word.as_str());
    let values = model.env.valid_items().filter_map(|(_, variable)| variable.value.get());
    let number = port.to_string();
    words
        .chain(values.map(String::as_str))
        .any(|text| text.split(|c: char| !c.is_ascii_digit()).any(|part| part == number))
}
