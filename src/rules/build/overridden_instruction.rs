//! `overridden-instruction`: one that a later one of its stage replaces.

use crate::dockerfile::{Instruction, Kind};
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity};
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "overridden-instruction",
    severity: Severity::Low,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("overridden-instruction"),
    checks: &[Check::Build(build)],
};

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let kinds: [fn(&Kind) -> bool; 3] = [
        |kind| matches!(kind, Kind::Cmd(_)),
        |kind| matches!(kind, Kind::Entrypoint(_)),
        |kind| matches!(kind, Kind::Healthcheck(_)),
    ];
    for stage in &view.file.stages {
        for is in kinds {
            let same: Vec<&Instruction> =
                view.file.instructions_of(stage).iter().filter(|i| is(&i.kind)).collect();
            let Some((_, overridden)) = same.split_last() else { continue };
            for instruction in overridden {
                let message = format!("a later `{}` replaces this one", instruction.keyword.name());
                let intents = vec![Intent::Build(BuildIntent::CommentOut { instruction: instruction.index })];
                let remedy = Remedy::change("Comment it out", Safety::Safe, intents);
                out.report(instruction.keyword_span, message, remedy);
            }
        }
    }
}
