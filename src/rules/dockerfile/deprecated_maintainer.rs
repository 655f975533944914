//! Reports MAINTAINER, a field that few tools show (`deprecated-maintainer`).

use super::run_edits::reword_edit;
use crate::dockerfile::{Instruction, InstructionKind};
use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "deprecated-maintainer",
    severity: Severity::Info,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("deprecated-maintainer"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in
        view.file.instructions.iter().filter(|i| matches!(i.kind, InstructionKind::Maintainer(_)))
    {
        out.report(
            instruction.keyword_span,
            "`MAINTAINER` is deprecated: a label says it",
            propose_fix(view, instruction),
        );
    }
}

fn propose_fix(view: &DockerfileView<'_>, instruction: &Instruction) -> Result<Option<Fix>, String> {
    let span = instruction.arguments;
    let raw = span.slice(view.text).trim();
    if raw.contains('\n') || raw.is_empty() {
        return Err("its text is not on one line".to_owned());
    }
    let unquoted = ['"', '\''].iter().find_map(|quote| raw.strip_prefix(*quote)?.strip_suffix(*quote));
    let name = unquoted.unwrap_or(raw);
    let escape = view.file.escape.as_char();
    let mut value = String::new();
    for c in name.chars() {
        if c == '"' || c == '$' || c == escape {
            value.push(escape);
        }
        value.push(c);
    }
    let lower = instruction.keyword_span.slice(view.text).starts_with('m');
    let keyword = if lower { "label" } else { "LABEL" };
    let whole = Span::new(instruction.keyword_span.start, span.end);
    let label = format!("{keyword} org.opencontainers.image.authors=\"{value}\"");
    Ok(Some(Fix::new("Write it as a label", Safety::Safe, vec![reword_edit(instruction, whole, label)])))
}
