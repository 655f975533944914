//! Reports AppArmor that is switched off (`unconfined-apparmor`).

use super::check_profile;
use crate::finding::{Edit, Fix, Safety, Severity};
use crate::kubernetes::pod_security_standards;
use crate::rules::rule_definition::page;
use crate::rules::{
    ContainerView, FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};
use crate::yaml::{YamlPath, path};

pub(crate) static RULE: Rule = Rule {
    id: "unconfined-apparmor",
    severity: Severity::High,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::NodePower,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("unconfined-apparmor"),
    checks: &[RuleCheck::Pod(check_pod), RuleCheck::Container(check_container)],
};

const CAUTION: &str =
    "what the runtime's profile refuses, mounting above all, fails with \"Permission denied\"";

/// Pod Security Standards, baseline, "AppArmor": the fields, and the annotations of before Kubernetes 1.30.
fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let profile = view.pod.model.security_context.map_field(|context| &context.app_armor_profile);
    check_profile(*view, None, ("appArmorProfile", &profile), (Safety::Review, CAUTION), out);
    check_annotations(*view, out);
}

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let profile = view.own_context(|context| &context.app_armor_profile);
    check_profile(view.pod, Some(*view), ("appArmorProfile", &profile), (Safety::Review, CAUTION), out);
}

fn check_annotations(view: PodView<'_>, out: &mut FindingCollector<'_>) {
    let bad = view.pod.annotations.iter().filter(|(key, value)| {
        key.starts_with(pod_security_standards::APP_ARMOR_ANNOTATION)
            && !pod_security_standards::is_confining_annotation(value)
    });
    let paths: Vec<YamlPath> = bad.map(|(key, _)| annotation_path(view, key)).collect();
    let Some(first) = paths.first().filter(|_| !view.is_windows()) else { return };
    let tree = &view.document.tree;
    let span = tree.root().and_then(|root| tree.locate_value(root, first)).unwrap_or(view.pod.spec_key_span);
    let change = |path| Edit::Value { document: view.position.0, path, to: "runtime/default".into() };
    let edits = paths.into_iter().map(change).collect();
    let fix = Fix::new("Use the runtime's AppArmor profile", Safety::Review, edits);
    out.report(span, "an annotation switches AppArmor off", Ok(Some(fix.with_caution(CAUTION))));
}

/// The annotation's place in the document: the metadata stands beside the pod's spec.
fn annotation_path(view: PodView<'_>, key: &str) -> YamlPath {
    let holder = view.pod.path.split_last().map_or(&[][..], |(_, holder)| holder);
    [holder, &path!["metadata", "annotations", key]].concat()
}
