//! Reports volumes of types by which the pod reaches storage past the cluster's control (`unsafe-volume-type`).

use crate::finding::Severity;
use crate::kubernetes::pod_security_standards;
use crate::rules::rule_definition::page;
use crate::rules::{FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::yaml::path;

pub(crate) static RULE: Rule = Rule {
    id: "unsafe-volume-type",
    severity: Severity::Medium,
    theme: RuleTheme::Filesystem,
    decision: RuleDecision::VolumeKind,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unsafe-volume-type"),
    checks: &[RuleCheck::Pod(check_pod)],
};

/// Pod Security Standards, restricted, "Volume Types". A `hostPath` is another rule's.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let volumes = &view.pod.model.volumes;
    let is_bad = |kind: &&str| *kind != "hostPath" && !pod_security_standards::is_restricted_volume(kind);
    let bad = volumes
        .valid_items()
        .flat_map(|(at, volume)| volume.source_types().filter(is_bad).map(move |kind| (at, kind)));
    let bad: Vec<(usize, &str)> = bad.collect();
    let Some((first, kind)) = bad.first() else {
        return out.mark_unknown_if(volumes.is_wrong());
    };
    let kinds: Vec<String> = bad.iter().map(|(_, kind)| format!("`{kind}`")).collect();
    let span = view.field_or_spec_span(&path!["volumes", *first, *kind]);
    let message = format!("a volume of type {} leaves the cluster's own hands", kinds.join(", "));
    out.report(span, message, Ok(None));
}
