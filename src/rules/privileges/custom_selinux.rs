//! Reports a container that sets an SELinux label of its own (`custom-selinux`).

use crate::finding::{Edit, Fix, Safety, Severity};
use crate::kubernetes::model::SeLinuxOptions;
use crate::kubernetes::pod_security_standards;
use crate::rules::rule_definition::page;
use crate::rules::{
    ContainerView, FindingCollector, PodView, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme,
};
use crate::text::Span;
use crate::yaml::{Lenient, YamlPath, path};

pub(crate) static RULE: Rule = Rule {
    id: "custom-selinux",
    severity: Severity::Medium,
    theme: RuleTheme::Privileges,
    decision: RuleDecision::Confinement,
    article: false,
    kinds: RuleKinds::Pods,
    text: page!("custom-selinux"),
    checks: &[RuleCheck::Pod(check_pod), RuleCheck::Container(check_container)],
};

fn check_pod(view: &PodView<'_>, out: &mut FindingCollector<'_>) {
    let options = view.pod.model.security_context.map_field(|context| &context.se_linux_options);
    let remove = |path| view.remove_edit(None, path);
    check_label(*view, &options, |path| view.field_or_spec_span(path), remove, out);
}

fn check_container(view: &ContainerView<'_>, out: &mut FindingCollector<'_>) {
    let options = view.own_context(|context| &context.se_linux_options);
    let remove = |path| view.pod.remove_edit(Some(view.index), path);
    check_label(
        view.pod,
        &options,
        |path| view.container.span_of(path).unwrap_or(view.label_span()),
        remove,
        out,
    );
}

/// Pod Security Standards, baseline, "SELinux": no user, no role, and a type that every policy confines. The level is
/// free.
fn check_label(
    view: PodView<'_>,
    options: &Lenient<SeLinuxOptions>,
    span: impl Fn(&YamlPath) -> Span,
    remove: impl Fn(YamlPath) -> Edit,
    out: &mut FindingCollector<'_>,
) {
    if view.is_windows() {
        return out.mark_not_applicable();
    }
    let Some(options) = options.get() else {
        return out.mark_unknown_if(options.is_wrong());
    };
    let named = |text: &String| !text.is_empty();
    let custom = |text: &String| !pod_security_standards::is_standard_se_linux_type(text);
    let fields = [
        ("user", options.user.get().is_some_and(named)),
        ("role", options.role.get().is_some_and(named)),
        ("type", options.kind.get().is_some_and(custom)),
    ];
    let bad: Vec<&str> = fields.iter().filter(|(_, bad)| *bad).map(|(key, _)| *key).collect();
    let Some(first) = bad.first() else {
        let open = options.user.is_wrong() || options.role.is_wrong() || options.kind.is_wrong();
        return out.mark_unknown_if(open);
    };
    let all = path!["securityContext", "seLinuxOptions"];
    let field = |key: &str| [all.as_slice(), &[key.into()]].concat();
    let written = [&options.user, &options.role, &options.kind, &options.level];
    let kept = written.iter().filter(|text| !text.is_absent()).count() > bad.len();
    let edits =
        if kept { bad.iter().map(|key| remove(field(key))).collect() } else { vec![remove(all.clone())] };
    let fix = Fix::new("Leave the SELinux label to the runtime", Safety::Review, edits);
    let message = format!("the container asks for an SELinux {} of its own", bad.join(", "));
    let caution = "what only that label may touch is closed to the program";
    out.report(span(&field(first)), message, Ok(Some(fix.with_caution(caution))));
}
