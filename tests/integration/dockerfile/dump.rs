//! What is read from each file of a list, as JSON lines, for `tests/oracles/splitter.py`.

use std::io::Write as _;
use std::{env, fs};

use seaworthy::dockerfile::{Command, Instruction, Kind, Word, parse};
use seaworthy::text::Source;
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
        let source = Source::new(text.as_str());
        let instructions: Vec<Value> =
            file.instructions.iter().map(|instruction| describe(&source, instruction)).collect();
        writeln!(out, "{}", json!({ "path": path, "instructions": instructions })).unwrap();
    }
}

fn describe(source: &Source, instruction: &Instruction) -> Value {
    json!({
        "keyword": instruction.keyword_span.of(source.text()).to_uppercase(),
        "start": source.line_at(instruction.span.start),
        "end": source.line_at(instruction.span.end),
        "flags": instruction.flags.len(),
        "heredocs": instruction.heredocs.iter()
            .map(|heredoc| (&heredoc.name, heredoc.body.of(source.text()))).collect::<Vec<_>>(),
        "exec": exec(instruction),
        "value": value(&instruction.kind),
    })
}

fn exec(instruction: &Instruction) -> bool {
    match &instruction.kind {
        Kind::Shell(_) => true,
        _ => matches!(instruction.command(), Some(Command::Exec(_))),
    }
}

/// The words, unquoted; null for shell text and what is opaque.
fn value(kind: &Kind) -> Value {
    let words: Vec<&Word> = match kind {
        Kind::From { image, alias } => [Some(image), alias.as_ref()].into_iter().flatten().collect(),
        Kind::Arg(pairs) => {
            pairs.iter().flat_map(|(name, default)| [Some(name), default.as_ref()]).flatten().collect()
        }
        Kind::Env(pairs) | Kind::Label(pairs) => {
            pairs.iter().flat_map(|(name, value)| [name, value]).collect()
        }
        Kind::Copy { sources, destination } => sources.iter().chain([destination]).collect(),
        Kind::User(word) | Kind::Workdir(word) | Kind::Maintainer(word) | Kind::Stopsignal(word) => {
            vec![word]
        }
        Kind::Expose(words) | Kind::Volume(words) | Kind::Shell(words) => words.iter().collect(),
        Kind::Run(Command::Exec(words))
        | Kind::Cmd(Command::Exec(words))
        | Kind::Entrypoint(Command::Exec(words))
        | Kind::Healthcheck(Some(Command::Exec(words))) => words.iter().collect(),
        _ => return Value::Null,
    };
    words.into_iter().map(|word| word.text.clone()).collect()
}
