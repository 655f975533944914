//! Reports a part of the node's file system inside the pod (`host-path`).

use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "host-path",
    severity: Severity::High,
    theme: RuleTheme::Filesystem,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("host-path"),
    checks: &[RuleCheck::Pod(check_pod)],
};

/// Pod Security Standards, baseline, "HostPath Volumes". What takes its place, a person must decide.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let volumes = &view.pod.model.volumes;
    let host = || volumes.valid_items().filter(|(_, volume)| volume.source_of_type("hostPath").is_some());
    let Some((first, _)) = host().next() else {
        return out.mark_unknown_if(volumes.is_wrong());
    };
    let paths: Vec<String> =
        host().filter_map(|(_, volume)| Some(format!("`{}`", volume.host_path()?))).collect();
    let what = if paths.is_empty() { "a path".to_owned() } else { paths.join(", ") };
    let span = view.pod.span_of(&path!["volumes", first, "hostPath", "path"]);
    let span = span.unwrap_or(view.field_or_spec_span(&path!["volumes", first, "hostPath"]));
    let stands = if paths.len() > 1 { "stand" } else { "stands" };
    out.report(span, format!("{what} of the node {stands} inside the pod"), Ok(None));
}
