//! The command as the image holds it, and what that means when the pod is stopped.

use super::Seen;
use crate::dockerfile::{self, Command, Dockerfile, Instruction, Kind};
use crate::finding::FindingKey;
use crate::fix;
use crate::walkthrough::scene::{Scene, one_line};

const SHELL: [&str; 2] = ["/bin/sh", "-c"];

pub(super) fn show(scene: &Scene<'_>, keys: &[FindingKey], seen: &mut Seen) {
    let Some(build) = scene.build().or(scene.builds.first()) else { return };
    seen.now();
    let now = configured(build.source.text(), build.file);
    for (field, words) in &now {
        seen.typed(format!("$ docker inspect --format '{{{{json .Config.{field}}}}}' IMAGE"));
        seen.printed(json(words));
    }
    seen.note(process_one(&now));
    if seen.met {
        return;
    }
    // The change may need a shell of its own, so it is made, and looked at, before anything is said of it.
    let plan = fix::plan(scene.engine, keys).ok();
    let patch = plan.into_iter().flat_map(|plan| plan.patches).find(|patch| patch.path == build.path);
    if let Some(patch) = patch
        && seen.then()
    {
        let text = patch.after.text();
        let then = configured(text, &dockerfile::parse(text));
        then.iter().for_each(|(_, words)| seen.printed(json(words)));
        seen.note(process_one(&then));
    }
}

/// The image's `Entrypoint` and `Cmd`, as its configuration holds them.
fn configured(text: &str, file: &Dockerfile) -> Vec<(&'static str, Vec<String>)> {
    let Some(stage) = file.final_stage() else { return Vec::new() };
    let shell = file.instruction(stage.in_effect.shell).map(|instruction| &instruction.kind);
    let shell: Vec<String> = match shell {
        Some(Kind::Shell(words)) if !words.is_empty() => words.iter().map(|word| word.text.clone()).collect(),
        _ => SHELL.iter().map(|word| (*word).to_owned()).collect(),
    };
    let words = |instruction: &Instruction| match instruction.command()? {
        Command::Exec(words) => Some(words.iter().map(|word| word.text.clone()).collect()),
        Command::Shell(span) => Some(shell.iter().cloned().chain([one_line(span.of(text))]).collect()),
    };
    let fields = [("Entrypoint", stage.in_effect.entrypoint), ("Cmd", stage.in_effect.cmd)];
    fields.into_iter().filter_map(|(field, index)| Some((field, words(file.instruction(index)?)?))).collect()
}

/// What process 1 is, and what that means for the signal to stop.
fn process_one(configured: &[(&str, Vec<String>)]) -> &'static str {
    let first = configured.first().and_then(|(_, words)| words.first());
    let name = first.and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    if matches!(name, "sh" | "bash" | "ash" | "dash" | "cmd" | "powershell") {
        "Process 1 is a shell. Some step aside for a single command, none does for several; one that stays keeps \
         SIGTERM to itself, unless its last command begins with `exec`."
    } else {
        "Process 1 is the program: it hears SIGTERM itself, and can finish its work."
    }
}

fn json(words: &[String]) -> String {
    serde_json::to_string(words).unwrap_or_default()
}
