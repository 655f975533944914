//! Reports a password, key or token that is baked into the image or its history (`secret-in-build`).

use super::run_edits::{RunInstruction, run_instructions};
use super::secret_files::check_copied_files;
use crate::dockerfile::shell::SimpleCommand;
use crate::dockerfile::{Instruction, InstructionKind, SpannedWord, VariableValue};
use crate::finding::Severity;
use crate::rules::possible_secret::{is_placeholder, may_be_secret};
use crate::rules::rule_definition::page;
use crate::rules::secret_detection::{is_secret_value, mask_secret};
use crate::rules::{
    DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme, is_secret_name,
};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "secret-in-build",
    severity: Severity::High,
    theme: RuleTheme::Build,
    decision: RuleDecision::WrittenSecret,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("secret-in-build"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in view.file.instructions_with_onbuild() {
        check_instruction(view, instruction, out);
    }
    for run in run_instructions(view) {
        for command in &run.script.commands {
            check_command(&run, command, out);
        }
    }
    check_copied_files(view, out);
}

/// The settings of an instruction.
fn check_instruction(view: &DockerfileView<'_>, instruction: &Instruction, out: &mut FindingCollector<'_>) {
    match &instruction.kind {
        InstructionKind::Env(pairs) => {
            for (name, value) in pairs {
                check_variable(view, instruction, (name, value), out);
            }
        }
        InstructionKind::Arg(arguments) => {
            for (name, default) in arguments {
                check_argument(instruction, name, default.as_ref(), out);
            }
        }
        InstructionKind::Copy { .. } => check_written_file(view, instruction, out),
        _ => {}
    }
}

/// An `ENV`: its value as it is written or as its variables make it; an argument's too, whatever a build gives it.
fn check_variable(
    view: &DockerfileView<'_>,
    instruction: &Instruction,
    (name, value): (&SpannedWord, &SpannedWord),
    out: &mut FindingCollector<'_>,
) {
    if !value.has_variables {
        return report_secret(out, &name.text, &value.text, value.span);
    }
    let expanded = view.scripts.expand_word(instruction, value);
    match expanded.resolved_text() {
        Some(text) => report_secret(out, &name.text, text, value.span),
        None => {
            let variable = value.text.trim_start_matches(['$', '{']).trim_end_matches('}');
            let scope = view.scripts.scope_of(instruction);
            let is_argument = scope.lookup_variable(variable) == VariableValue::Unset;
            if is_argument && is_secret_name(&name.text) {
                let message =
                    format!("`{}` takes a secret from an `ARG`, for all who can pull the image", name.text);
                out.report(value.span, message, Ok(None));
            } else {
                report_secret(out, &name.text, &value.text, value.span);
            }
        }
    }
}

/// An `ARG`: its value stands in the image's history, whether a default gives it or the build.
fn check_argument(
    instruction: &Instruction,
    name: &SpannedWord,
    default: Option<&SpannedWord>,
    out: &mut FindingCollector<'_>,
) {
    let given = default.filter(|default| !default.text.trim().is_empty() && !is_placeholder(&default.text));
    match given {
        Some(default) => report_secret(out, &name.text, &default.text, default.span),
        None if is_secret_name(&name.text) => {
            let message =
                format!("the value that a build gives `{}` stays in the image's history", name.text);
            // The name is no secret, and is shown.
            out.report(instruction.keyword_span, message, Ok(None));
        }
        None => {}
    }
}

/// A file that `COPY` or `ADD` writes from a heredoc.
fn check_written_file(view: &DockerfileView<'_>, instruction: &Instruction, out: &mut FindingCollector<'_>) {
    for heredoc in &instruction.heredocs {
        let mut start = heredoc.body.start;
        for line in heredoc.body.slice(view.text).split_inclusive('\n') {
            let content = line.trim();
            let at = start + (line.len() - line.trim_start().len());
            if is_secret_value(content) {
                let span = Span::new(at, at + content.len());
                out.report(span, format!("`{}` is a secret by its form", mask_secret(content)), Ok(None));
            }
            start += line.len();
        }
    }
}

fn check_command(run: &RunInstruction<'_>, command: &SimpleCommand, out: &mut FindingCollector<'_>) {
    let exports =
        command.called_program().is_some_and(|call| matches!(call.name(), "export" | "declare" | "readonly"));
    let named = command.assignments.iter().chain(command.words.iter().skip(1).filter(|_| exports));
    for word in named {
        if let Some((name, value)) = word.text.split_once('=') {
            report_secret(out, name, value, word.span);
        }
    }
    for word in command.words.iter().filter(|_| !exports) {
        if let Some((name, value)) = split_setting(&word.text) {
            report_secret(out, name, value, word.span);
        } else if is_secret_value(&word.text) && !is_script_word(run, word) {
            out.report(word.span, "a secret by its form stands in a `RUN`", Ok(None));
        }
    }
    if let [aws, configure, set, name, value] = command.words.as_slice()
        && [&aws.text, &configure.text, &set.text] == ["aws", "configure", "set"]
    {
        report_secret(out, &name.text, &value.text, value.span);
    }
}

/// True for the script that a shell is given in one word: its commands are looked at by themselves.
fn is_script_word(run: &RunInstruction<'_>, word: &SpannedWord) -> bool {
    run.script.commands.iter().any(|inner| inner.parent.is_some() && word.span.covers(inner.span))
}

/// `--name=value` or `name=value`, in one word without blanks.
fn split_setting(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let of_name = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    (name.chars().all(of_name) && !value.contains(char::is_whitespace)).then_some((name, value))
}

fn report_secret(out: &mut FindingCollector<'_>, name: &str, value: &str, span: Span) {
    if is_secret_name(name) && may_be_secret(value) {
        out.report(
            span,
            format!("`{name}` holds a secret, `{}`, for all who can pull the image", mask_secret(value)),
            Ok(None),
        );
    } else if is_secret_value(value) {
        out.report(span, format!("`{}` is a secret by its form", mask_secret(value)), Ok(None));
    }
}
