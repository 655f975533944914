//! Reports an instruction that a later one of its stage replaces (`overridden-instruction`).

use crate::dockerfile::{Instruction, InstructionKind};
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "overridden-instruction",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("overridden-instruction"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let kinds: [fn(&InstructionKind) -> bool; 3] = [
        |kind| matches!(kind, InstructionKind::Cmd(_)),
        |kind| matches!(kind, InstructionKind::Entrypoint(_)),
        |kind| matches!(kind, InstructionKind::Healthcheck(_)),
    ];
    for stage in &view.file.stages {
        for is in kinds {
            let same: Vec<&Instruction> =
                view.file.instructions_of(stage).iter().filter(|i| is(&i.kind)).collect();
            let Some((_, overridden)) = same.split_last() else { continue };
            for instruction in overridden {
                let message = format!("a later `{}` replaces this one", instruction.keyword.name());
                let edits =
                    vec![Edit::Dockerfile(DockerfileEdit::CommentOut { instruction: instruction.index })];
                let fix = Fix::new("Comment it out", Safety::Safe, edits);
                out.report(instruction.keyword_span, message, Ok(Some(fix)));
            }
        }
    }
}
