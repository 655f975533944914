//! Rewrites `CMD` and `ENTRYPOINT` from shell form to exec form, for the fixer.

use super::DockerfileContext;
use crate::dockerfile::{CommandForm, EscapeChar, Instruction, InstructionKind, shell};
use crate::text::{Span, Splice};

/// The shell that runs shell form without a SHELL instruction (Dockerfile reference, "SHELL").
const DEFAULT_SHELL: [&str; 2] = ["/bin/sh", "-c"];

/// The words themselves where a shell changes nothing in them, and a CMD is written; else the shell in effect, by name, with the text.
pub(super) fn to_exec_form(
    case: DockerfileContext<'_>,
    instruction: &Instruction,
) -> Result<Vec<Splice>, String> {
    let (InstructionKind::Cmd(CommandForm::Shell(span))
    | InstructionKind::Entrypoint(CommandForm::Shell(span))) = &instruction.kind
    else {
        return Err("it is in exec form already".to_owned());
    };
    let shell = shell_at(case, instruction)?;
    let script = shell::parse_script(case.text, *span, case.file.escape);
    let text = join_continuations(case.text, *span, case.file.escape);
    if !script.is_complete || text.starts_with("<<") || text.contains('\n') {
        return Err("its shell text cannot be read to the end".to_owned());
    }
    // A shell goes on ignoring the arguments that a manifest or a CMD hands an entrypoint.
    let is_entrypoint = matches!(instruction.kind, InstructionKind::Entrypoint(_));
    let words: Vec<String> = match script.exec_words(case.text).filter(|_| !is_entrypoint) {
        Some(words) => words.iter().map(|word| word.text.clone()).collect(),
        None => {
            let exec = if can_be_replaced(&script) { "exec " } else { "" };
            shell.into_iter().chain([format!("{exec}{text}")]).collect()
        }
    };
    let words: Result<Vec<_>, _> = words.iter().map(serde_json::to_string).collect();
    let words = words.map_err(|error| error.to_string())?;
    let array = format!("[{}]", words.join(", "));
    let inner_comment = case.file.comments.iter().any(|comment| span.covers(*comment));
    if inner_comment {
        return Err("a comment stands amid its lines".to_owned());
    }
    Ok(vec![Splice::replace(*span, array)])
}

/// The words of the SHELL in effect at an instruction.
fn shell_at(case: DockerfileContext<'_>, instruction: &Instruction) -> Result<Vec<String>, String> {
    let stage = instruction.stage.and_then(|stage| case.file.stages.get(stage));
    let shells = stage.into_iter().flat_map(|stage| case.file.stage_chain(stage)).find_map(|stage| {
        let own = case.file.instructions_of(stage).iter().rev();
        own.filter(|i| i.index < instruction.index)
            .find_map(|i| if let InstructionKind::Shell(words) = &i.kind { Some(words) } else { None })
    });
    match shells {
        None => Ok(DEFAULT_SHELL.map(str::to_owned).to_vec()),
        Some(words) if words.is_empty() => Err("the `SHELL` in effect is empty".to_owned()),
        Some(words) => Ok(words.iter().map(|word| word.text.clone()).collect()),
    }
}

/// True where the shell may give its place to the program: there is one simple command, and it is no builtin.
fn can_be_replaced(script: &shell::ShellScript) -> bool {
    let Some(single) = script.only_command() else { return false };
    let Some(program) = single.words.first() else { return false };
    single.assignments.is_empty()
        && !program.has_variables
        && !program.text.contains('=')
        && !shell::is_builtin(&program.text)
        && !shell::is_reserved(&program.text)
        && !single.redirections.iter().any(|redirection| redirection.operator.contains('&'))
}

/// The text as a build joins it: without continuations, and without the comments and blank lines between them.
fn join_continuations(text: &str, span: Span, escape: EscapeChar) -> String {
    let mut out = String::new();
    for (number, line) in span.slice(text).split_inclusive('\n').enumerate() {
        let content = line.trim_end_matches(['\n', '\r']);
        if number > 0 && (content.trim().is_empty() || content.trim_start().starts_with('#')) {
            continue;
        }
        let trimmed = content.trim_end_matches([' ', '\t']);
        out.push_str(trimmed.strip_suffix(escape.as_char()).unwrap_or(content));
    }
    out.trim().to_owned()
}
