//! `exposed-service`: the service may be reached from outside the cluster.

use crate::finding::{Remedy, Severity};
use crate::manifest::model::Service;
use crate::manifest::path;
use crate::rules::rule::page;
use crate::rules::{Check, DocumentView, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "exposed-service",
    severity: Severity::Low,
    theme: Theme::Network,
    article: false,
    kinds: RuleKinds::Objects(&["Service"]),
    text: page!("exposed-service"),
    checks: &[Check::Document(document)],
};

fn document(view: &DocumentView<'_>, out: &mut Findings<'_>) {
    for object in view.objects("", &["Service"]) {
        let service: Service = view.document.read(object.root);
        let Some(spec) = service.spec.get() else { continue };
        let open = |kind: &&String| matches!(kind.as_str(), "NodePort" | "LoadBalancer");
        let (path, message) = if let Some(kind) = spec.kind.get().filter(open) {
            (path!["spec", "type"], format!("a `{kind}` is open to whoever reaches the nodes or its address"))
        } else if spec.external_ips.each().next().is_some() {
            let message = "the nodes answer for addresses outside the cluster".to_owned();
            (path!["spec", "externalIPs"], message)
        } else {
            continue;
        };
        out.report_object(object, view.span_of(object, &path), message, Remedy::None);
    }
}
