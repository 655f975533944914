//! The command as the image holds it, and what that means when the pod is stopped.

use super::Seen;
use crate::dockerfile::{Command, Kind};
use crate::walkthrough::scene::{Build, Scene};

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let Some(build) = scene.build().or(scene.builds.first()) else { return };
    let Some(stage) = build.file.final_stage() else { return };
    seen.now();
    for index in [stage.in_effect.entrypoint, stage.in_effect.cmd] {
        let Some(instruction) = build.file.instruction(index) else { continue };
        let Some(command) = instruction.command() else { continue };
        let field = if matches!(instruction.kind, Kind::Cmd(_)) { "Cmd" } else { "Entrypoint" };
        let shell = shell(build);
        seen.typed(format!("$ docker inspect --format '{{{{json .Config.{field}}}}}' IMAGE"));
        match command {
            Command::Shell(span) => {
                let line = span.of(build.source.text()).split_whitespace().collect::<Vec<_>>().join(" ");
                let words: Vec<String> = shell.iter().map(|word| (*word).to_owned()).chain([line]).collect();
                seen.printed(json(&words));
                seen.note(format!(
                    "Process 1 is `{}`. Some shells step aside for a single command, none does for several; one that stays keeps SIGTERM to itself.",
                    shell.first().copied().unwrap_or("/bin/sh")
                ));
            }
            Command::Exec(words) => {
                seen.printed(json(&words.iter().map(|word| word.text.clone()).collect::<Vec<_>>()));
            }
        }
    }
    if seen.then() {
        let words: Vec<String> = scene.program().split_whitespace().map(str::to_owned).collect();
        seen.printed(json(&words));
        seen.note("Process 1 is the program: it hears SIGTERM, finishes its work and ends.");
    } else {
        seen.note("Process 1 is the program: it hears SIGTERM itself.");
    }
}

fn shell<'a>(build: &'a Build<'_>) -> Vec<&'a str> {
    let set = build.file.final_stage().and_then(|stage| build.file.instruction(stage.in_effect.shell));
    match set.map(|instruction| &instruction.kind) {
        Some(Kind::Shell(words)) if !words.is_empty() => {
            words.iter().map(|word| word.text.as_str()).collect()
        }
        _ => vec!["/bin/sh", "-c"],
    }
}

fn json(words: &[String]) -> String {
    serde_json::to_string(words).unwrap_or_default()
}
