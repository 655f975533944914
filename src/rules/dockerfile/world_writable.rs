//! Reports modes by which all users may write (`world-writable`).

use super::run_edits::{RunInstruction, reword_edit, run_instructions};
use crate::dockerfile::shell::{Invocation, SimpleCommand};
use crate::dockerfile::{InstructionKind, SpannedWord};
use crate::finding::{Fix, Safety, Severity};
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "world-writable",
    severity: Severity::Medium,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("world-writable"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

const CAUTION: &str = "an account that is neither the owner nor in the group can no longer write there";

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for run in run_instructions(view) {
        for command in &run.script.commands {
            for word in mode_words(command) {
                if let Some(better) = tighten_mode(&word.text) {
                    out.report(
                        word.span,
                        mode_message(&word.text),
                        propose_fix(&run, command, word, &better),
                    );
                }
            }
        }
    }
    for instruction in
        view.file.instructions_with_onbuild().filter(|i| matches!(i.kind, InstructionKind::Copy { .. }))
    {
        for flag in instruction.flags.iter().filter(|flag| flag.name == "chmod") {
            let mode = flag.value.as_deref().unwrap_or_default();
            let (Some(better), Some(span)) = (tighten_mode(mode), flag.value_span) else { continue };
            let octal = mode.bytes().all(|b| b.is_ascii_digit()) && span.slice(view.text) == mode;
            let fix = if octal {
                Ok(Some(
                    Fix::new(
                        fix_title(&better),
                        Safety::Review,
                        vec![reword_edit(instruction, span, better)],
                    )
                    .with_caution(CAUTION),
                ))
            } else {
                Err("the mode is not written in digits".to_owned())
            };
            out.report(span, mode_message(mode), fix);
        }
    }
}

fn mode_message(mode: &str) -> String {
    format!("mode `{mode}` lets every account write")
}

fn fix_title(better: &str) -> String {
    format!("Make the mode `{better}`")
}

/// The words of a command that are modes: of chmod, of the folders and files that mkdir and install make, and of the
/// chmod that find starts.
fn mode_words(command: &SimpleCommand) -> Vec<&SpannedWord> {
    let Some(call) = command.effective_invocation() else { return Vec::new() };
    match call.name() {
        "chmod" => chmod_mode(call).into_iter().collect(),
        "mkdir" | "install" => mode_option(call).into_iter().collect(),
        "find" => {
            let words = call.arguments();
            let started = words
                .iter()
                .enumerate()
                .filter(|(_, w)| matches!(w.text.as_str(), "-exec" | "-execdir" | "-ok"));
            let started = started.filter_map(|(at, _)| Invocation::from_words(words.get(at + 1..)?));
            started.filter(|call| call.name() == "chmod").filter_map(chmod_mode).collect()
        }
        _ => Vec::new(),
    }
}

/// The first word that is no option. A mode may begin with a dash itself: `-x` is one, and opens nothing.
fn chmod_mode(call: Invocation<'_>) -> Option<&SpannedWord> {
    call.operands(&["--reference"]).next().filter(|_| call.option_value(&["--reference"]).is_none())
}

fn mode_option(call: Invocation<'_>) -> Option<&SpannedWord> {
    let words = call.arguments();
    words.iter().enumerate().find_map(|(at, word)| match word.text.as_str() {
        "-m" | "--mode" => words.get(at + 1),
        // `mkdir -pm 777`
        text if text.starts_with('-') && !text.starts_with("--") && text.ends_with('m') => words.get(at + 1),
        text if text.starts_with("--mode=") || (text.starts_with("-m") && text.len() > 2) => Some(word),
        _ => None,
    })
}

/// The mode without others' right to write; none where they have none, or where only the owner of a file may remove it
/// (the sticky bit, as of `/tmp`).
fn tighten_mode(mode: &str) -> Option<String> {
    let mode = mode.strip_prefix("--mode=").or_else(|| mode.strip_prefix("-m")).unwrap_or(mode);
    if !mode.is_empty() && mode.bytes().all(|b| (b'0'..=b'7').contains(&b)) {
        let bits =
            u32::from_str_radix(mode, 8).ok().filter(|bits| bits & 0o002 != 0 && bits & 0o1000 == 0)?;
        let (head, _) = mode.split_at(mode.len() - 1);
        return Some(format!("{head}{}", bits & 0o005));
    }
    let clauses: Option<Vec<String>> = mode.split(',').map(tighten_clause).collect();
    clauses.map(|clauses| clauses.join(",")).filter(|better| better != mode && !mode.contains('t'))
}

/// One clause of a symbolic mode, without others' right to write. None where it is no mode.
fn tighten_clause(clause: &str) -> Option<String> {
    let at = clause.find(['+', '=', '-'])?;
    let (who, rest) = clause.split_at(at);
    let (operator, rights) = rest.split_at(1);
    if !who.chars().all(|c| "ugoa".contains(c)) || !rights.chars().all(|c| "rwxXstugo".contains(c)) {
        return None;
    }
    let opens = operator != "-" && rights.contains('w') && who.contains(['o', 'a']);
    Some(match who {
        _ if !opens => clause.to_owned(),
        "o" if rights == "w" && operator == "+" => "o-w".to_owned(),
        "o" => format!("o{operator}{}", rights.replace('w', "")),
        _ if who.contains('a') => format!("ug{operator}{rights}"),
        _ => format!("{}{operator}{rights}", who.replace('o', "")),
    })
}

fn propose_fix(
    run: &RunInstruction<'_>,
    command: &SimpleCommand,
    word: &SpannedWord,
    better: &str,
) -> Result<Option<Fix>, String> {
    run.check_editable(command)?;
    let program = command.words.first().map_or("", |word| word.text.as_str());
    if program != "chmod" {
        return Err("give the folder to the account that writes there instead".to_owned());
    }
    if word.span.slice(run.view.text) != word.text || better.contains(',') {
        return Err("the mode has several parts".to_owned());
    }
    let edits = vec![reword_edit(run.instruction, word.span, better)];
    Ok(Some(Fix::new(fix_title(better), Safety::Review, edits).with_caution(CAUTION)))
}
