//! `cd-instead-of-workdir`: a directory that is forgotten at the end of its RUN.

use super::run::runs;
use crate::finding::{Remedy, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "cd-instead-of-workdir",
    severity: Severity::Info,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("cd-instead-of-workdir"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    for run in runs(view) {
        let call =
            run.script.commands.iter().find(|c| c.invocation().is_some_and(|c| c.program().text == "cd"));
        if let Some(call) = call {
            out.report(call.span, "`cd` holds to the end of its `RUN` and no further", Remedy::None);
        }
    }
}
