//! Reports a service that selects no pod, where the one that was meant is beside it (`dangling-selector`).

use crate::finding::Severity;
use crate::kubernetes::model::Service;
use crate::project::RepositoryView;
use crate::rules::rule_definition::page;
use crate::rules::{DocumentView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "dangling-selector",
    severity: Severity::Low,
    theme: RuleTheme::Network,
    decision: RuleDecision::NetworkReach,
    article: false,
    kinds: RuleKinds::Objects(&["Service"]),
    text: page!("dangling-selector"),
    checks: &[RuleCheck::RepoDocument(check_services)],
};

/// Pods come from elsewhere, too: operators make them, charts, other repositories. So a service without pods is no finding
/// as such, only one that misses the workload beside it.
fn check_services(view: &DocumentView<'_>, repository: &RepositoryView<'_>, out: &mut FindingCollector<'_>) {
    for object in view.objects_of("", &["Service"]) {
        let service: Service = view.document.deserialize_node(object.root);
        let (Some(spec), Some(name)) = (service.spec.get(), &object.name) else { continue };
        let Some(selector) = spec.selected_labels().filter(|_| !spec.kind.is("ExternalName")) else {
            continue;
        };
        let Some(missed) = repository.find_near_miss(view.path, name, &selector) else { continue };
        let span = view.value_or_kind_span(object, &path!["spec", "selector", missed.key.as_str()]);
        let (own_key, own_value) = &missed.own;
        let message = format!(
            "no pod here has the label `{}: {}`; {} has `{own_key}: {own_value}`",
            missed.key, missed.value, missed.workload
        );
        out.report_object(object, span, message, Ok(None));
    }
}
