//! Reports a package index that is refreshed once, and then cached for ever (`update-alone`).

use super::package_calls::{PackageCall, package_call};
use super::run_edits::run_instructions;
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "update-alone",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("update-alone"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for run in run_instructions(view) {
        let calls = || run.script.commands.iter().filter_map(package_call);
        let Some(update) = calls().find(PackageCall::refreshes) else { continue };
        // What else installs may do so from the index too: a script, `dpkg`, `gdebi`.
        let installs = run.script.commands.iter().any(|command| {
            package_call(command).is_some_and(|call| call.installs() || call.upgrades())
                || !command.only_prints() && command.words.iter().any(|word| word.text.contains("install"))
        });
        if !installs {
            let message = format!(
                "`{} {}` installs nothing, and its layer is cached",
                update.invocation.name(),
                update.verb.text
            );
            out.report(update.verb.span, message, Ok(None));
        }
    }
}
