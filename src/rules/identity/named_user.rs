//! Reports a user name, of which the kubelet cannot prove that it is not root's (`named-user`).

use super::read_last_user;
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "named-user",
    severity: Severity::Medium,
    theme: RuleTheme::Identity,
    decision: RuleDecision::RunningUser,
    article: true,
    kinds: RuleKinds::NoObjects,
    text: page!("named-user"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    if view.deployment.sets_high_uid {
        return;
    }
    let Some(last) = read_last_user(*view, out) else { return };
    let user = last.user_name();
    if user == "root" || user.bytes().all(|b| b.is_ascii_digit()) {
        return;
    }
    let message = format!("`USER {}` is a name, which `runAsNonRoot` refuses to start", last.text);
    let fix = Fix::new(
        "Name the user by a number",
        Safety::Review,
        vec![Edit::Dockerfile(DockerfileEdit::SetUser)],
    );
    out.report(
        last.word.span,
        message,
        Ok(Some(fix.with_caution(
            "files of the old number are closed to a new one, which has neither the home nor the other groups of the name",
        ))),
    );
}
