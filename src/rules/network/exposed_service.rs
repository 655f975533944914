//! Reports a service that may be reached from outside the cluster (`exposed-service`).

use crate::finding::Severity;
use crate::kubernetes::model::Service;
use crate::rules::rule_definition::page;
use crate::rules::{DocumentView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "exposed-service",
    severity: Severity::Low,
    theme: RuleTheme::Network,
    decision: RuleDecision::NetworkReach,
    article: false,
    kinds: RuleKinds::Objects(&["Service"]),
    text: page!("exposed-service"),
    checks: &[RuleCheck::Document(check_document)],
};

fn check_document(view: &DocumentView<'_>, out: &mut FindingCollector<'_>) {
    for object in view.objects_of("", &["Service"]) {
        let service: Service = view.document.deserialize_node(object.root);
        let Some(spec) = service.spec.get() else { continue };
        let open = |kind: &&String| matches!(kind.as_str(), "NodePort" | "LoadBalancer");
        let (path, message) = if let Some(kind) = spec.kind.get().filter(open) {
            (path!["spec", "type"], format!("a `{kind}` is open to whoever reaches the nodes or its address"))
        } else if spec.external_ips.valid_items().next().is_some() {
            let message = "the nodes answer for addresses outside the cluster".to_owned();
            (path!["spec", "externalIPs"], message)
        } else {
            continue;
        };
        out.report_object(object, view.value_or_kind_span(object, &path), message, Ok(None));
    }
}
