//! Reports a `cd` whose directory is forgotten at the end of its RUN (`cd-instead-of-workdir`).

use super::run_edits::run_instructions;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "cd-instead-of-workdir",
    severity: Severity::Info,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("cd-instead-of-workdir"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for run in run_instructions(view) {
        let call = run
            .script
            .commands
            .iter()
            .find(|c| c.called_program().is_some_and(|c| c.program_word().text == "cd"));
        if let Some(call) = call {
            out.report(call.span, "`cd` holds to the end of its `RUN` and no further", Ok(None));
        }
    }
}
