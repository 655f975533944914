//! Shows the command as the image holds it, and what that means when the pod is stopped, for its chapter.

use super::EvidenceWriter;
use crate::dockerfile::{self, CommandForm, Dockerfile, Instruction, InstructionKind};
use crate::fix::FixPlan;
use crate::walkthrough::runnable_checks::BUILT_IMAGE;
use crate::walkthrough::walk_context::{WalkContext, join_to_one_line};

const DEFAULT_SHELL: [&str; 2] = ["/bin/sh", "-c"];

pub(super) fn show_command(scene: &WalkContext<'_>, plan: Option<&FixPlan>, seen: &mut EvidenceWriter) {
    let Some(build) = scene.main_dockerfile().or(scene.dockerfiles.first()) else { return };
    seen.begin_now();
    let now = image_configuration(build.source.text(), build.file);
    for (field, words) in &now {
        seen.push_command(format!("$ docker inspect -f '{{{{json .Config.{field}}}}}' {BUILT_IMAGE}"));
        seen.push_output(to_json(words));
    }
    seen.push_note(describe_process_one(&now));
    if seen.is_met {
        return;
    }
    // The change may need a shell of its own, so it is made, and examined, before anything is shown of it.
    let patch = plan.into_iter().flat_map(|plan| &plan.patches).find(|patch| patch.path == build.path);
    if let Some(patch) = patch
        && seen.begin_after()
    {
        let text = patch.after.text();
        let then = image_configuration(text, &dockerfile::parse(text));
        then.iter().for_each(|(_, words)| seen.push_output(to_json(words)));
        seen.push_note(describe_process_one(&then));
    }
}

/// The image's `Entrypoint` and `Cmd`, as its configuration holds them.
fn image_configuration(text: &str, file: &Dockerfile) -> Vec<(&'static str, Vec<String>)> {
    let Some(stage) = file.final_stage() else { return Vec::new() };
    let shell = file.instruction_at(stage.environment.shell).map(|instruction| &instruction.kind);
    let shell: Vec<String> = match shell {
        Some(InstructionKind::Shell(words)) if !words.is_empty() => {
            words.iter().map(|word| word.text.clone()).collect()
        }
        _ => DEFAULT_SHELL.iter().map(|word| (*word).to_owned()).collect(),
    };
    let words = |instruction: &Instruction| match instruction.command_form()? {
        CommandForm::Exec(words) => Some(words.iter().map(|word| word.text.clone()).collect()),
        CommandForm::Shell(span) => {
            Some(shell.iter().cloned().chain([join_to_one_line(span.slice(text))]).collect())
        }
    };
    let fields = [("Entrypoint", stage.environment.entrypoint), ("Cmd", stage.environment.cmd)];
    fields
        .into_iter()
        .filter_map(|(field, index)| Some((field, words(file.instruction_at(index)?)?)))
        .collect()
}

/// The kind of process 1, and its effect on the signal to stop.
fn describe_process_one(configured: &[(&str, Vec<String>)]) -> &'static str {
    let first = configured.first().and_then(|(_, words)| words.first());
    let name = first.and_then(|word| word.rsplit('/').next()).unwrap_or_default();
    if matches!(name, "sh" | "bash" | "ash" | "dash" | "cmd" | "powershell") {
        "Process 1 is a shell. Some step aside for a single command, none does for several; one that stays keeps \
         SIGTERM to itself, unless its last command begins with `exec`."
    } else {
        "Process 1 is the program: it hears SIGTERM itself, and can finish its work."
    }
}

fn to_json(words: &[String]) -> String {
    serde_json::to_string(words).unwrap_or_default()
}
