//! What is read from each file of a list, as JSON lines, for `tests/oracles/splitter.py`.

use std::io::Write as _;
use std::{env, fs};

use seaworthy::dockerfile::{CommandForm, Instruction, InstructionKind, SpannedWord, parse};
use seaworthy::text::SourceText;
use serde_json::{Value, json};

/// Reads the paths in the file named by `DOCKERFILES` and writes to the file named by `DUMP`.
#[test]
#[ignore = "run by tests/oracles/splitter.py"]
fn dump() {
    let list = fs::read_to_string(env::var("DOCKERFILES").unwrap()).unwrap();
    let mut out = fs::File::create(env::var("DUMP").unwrap()).unwrap();
    for path in list.lines() {
        let text = String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
        let file = parse(&text);
        let source = SourceText::new(text.as_str());
        let instructions: Vec<Value> =
            file.instructions.iter().map(|instruction| describe(&source, instruction)).collect();
        writeln!(out, "{}", json!({ "path": path, "instructions": instructions })).unwrap();
    }
}

fn describe(source: &SourceText, instruction: &Instruction) -> Value {
    json!({
        "keyword": instruction.keyword_span.slice(source.text()).to_uppercase(),
        "start": source.line_number_at(instruction.span.start),
        "end": source.line_number_at(instruction.span.end),
        "flags": instruction.flags.len(),
        "heredocs": instruction.heredocs.iter()
            .map(|heredoc| (&heredoc.name, heredoc.body.slice(source.text()))).collect::<Vec<_>>(),
        "exec": exec(instruction),
        "value": value(&instruction.kind),
    })
}

fn exec(instruction: &Instruction) -> bool {
    match &instruction.kind {
        InstructionKind::Shell(_) => true,
        _ => matches!(instruction.command_form(), Some(CommandForm::Exec(_))),
    }
}

/// The words, unquoted; null for shell text and what is opaque.
fn value(kind: &InstructionKind) -> Value {
    let words: Vec<&SpannedWord> = match kind {
        InstructionKind::From { image, alias } => {
            [Some(image), alias.as_ref()].into_iter().flatten().collect()
        }
        InstructionKind::Arg(pairs) => {
            pairs.iter().flat_map(|(name, default)| [Some(name), default.as_ref()]).flatten().collect()
        }
        InstructionKind::Env(pairs) | InstructionKind::Label(pairs) => {
            pairs.iter().flat_map(|(name, value)| [name, value]).collect()
        }
        InstructionKind::Copy { sources, destination } => sources.iter().chain([destination]).collect(),
        InstructionKind::User(word)
        | InstructionKind::Workdir(word)
        | InstructionKind::Maintainer(word)
        | InstructionKind::Stopsignal(word) => {
            vec![word]
        }
        InstructionKind::Expose(words) | InstructionKind::Volume(words) | InstructionKind::Shell(words) => {
            words.iter().collect()
        }
        InstructionKind::Run(CommandForm::Exec(words))
        | InstructionKind::Cmd(CommandForm::Exec(words))
        | InstructionKind::Entrypoint(CommandForm::Exec(words))
        | InstructionKind::Healthcheck(Some(CommandForm::Exec(words))) => words.iter().collect(),
        _ => return Value::Null,
    };
    words.into_iter().map(|word| word.text.clone()).collect()
}
