//! Reports a COPY or ADD of the whole build context into the image (`copy-everything`).

use crate::dockerfile::{InstructionKind, VariableScope};
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "copy-everything",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("copy-everything"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    if view.context.has_ignore_file {
        return;
    }
    for instruction in view.file.instructions_with_onbuild() {
        let InstructionKind::Copy { sources, .. } = &instruction.kind else { continue };
        if instruction.flag_values("from").next().is_some()
            || instruction.flag_values("exclude").next().is_some()
        {
            continue;
        }
        let scope = VariableScope::at_instruction(view.text, view.file, instruction.index);
        let whole =
            sources.iter().find(|word| is_whole_context(scope.expand_word(view.text, word).resolved_text()));
        if let Some(word) = whole {
            let message = "the whole folder is copied, and no `.dockerignore` keeps anything out";
            out.report(word.span, message, Ok(None));
        }
    }
}

/// The build's whole context, however it is written.
fn is_whole_context(source: Option<&str>) -> bool {
    source.is_some_and(|source| matches!(source.trim_start_matches("./"), "" | "." | "/" | "*" | "/*" | "/."))
}
