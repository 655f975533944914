//! Reports pipes that hide the failure of all but their last command (`missing-pipefail`).

use super::run_edits::{RunInstruction, run_instructions};
use crate::dockerfile::shell::CommandConnector;
use crate::dockerfile::{CommandForm, InstructionKind, SpannedWord};
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::image::DistroFamily;
use crate::project::image_accounts;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-pipefail",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("missing-pipefail"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

/// Shells that know the option. dash does not (0.5.12).
const PIPEFAIL_SHELLS: [&str; 6] = ["sh", "bash", "ash", "zsh", "ksh", "busybox"];
const INLINE_SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let mut first = None;
    for run in run_instructions(view) {
        let shell = shell_at(&run);
        let known = shell.is_none_or(|words| PIPEFAIL_SHELLS.contains(&shell_name(words)));
        let windows = stage_family(&run) == DistroFamily::Windows;
        let set = shell.is_some_and(|words| words.iter().any(|word| word.text.contains("pipefail")));
        if !known || windows || set {
            continue;
        }
        let Some(pipe) = unguarded_pipe(&run) else { continue };
        let key = (run.instruction.stage, shell.map(<[SpannedWord]>::as_ptr));
        let at = match first {
            Some((known, at)) if known == key => at,
            _ => run.instruction.index,
        };
        first = Some((key, at));
        let message = "a pipe hides the failure of all but its last command";
        out.report(run.script.commands[pipe].span, message, propose_fix(&run, shell, at));
    }
}

/// The first command that pipes into another while no pipefail is in effect.
fn unguarded_pipe(run: &RunInstruction<'_>) -> Option<usize> {
    if !matches!(run.instruction.kind, InstructionKind::Run(CommandForm::Shell(_))) {
        return None;
    }
    let mut guarded = false;
    for (index, command) in run.script.commands.iter().enumerate() {
        let sets = command.called_program().is_some_and(|call| matches!(call.name(), "set" | "shopt"));
        guarded |= sets && command.words.iter().any(|word| word.text.contains("pipefail"));
        // A shell with a script as its argument has options of its own.
        let told = command.parent.and_then(|outer| run.script.commands[outer].effective_invocation());
        let own = told.is_some_and(|call| INLINE_SHELLS.contains(&call.name()));
        if command.connector == CommandConnector::Pipe && !guarded && !own {
            return Some(index);
        }
    }
    None
}

/// The words of the SHELL in effect where a RUN stands.
fn shell_at<'a>(run: &RunInstruction<'a>) -> Option<&'a [SpannedWord]> {
    let stage = run.instruction.stage.and_then(|stage| run.view.file.stages.get(stage))?;
    run.view.file.stage_chain(stage).find_map(|stage| {
        let before = run.view.file.instructions_of(stage).iter().rev();
        before.filter(|i| i.index < run.instruction.index).find_map(|i| {
            if let InstructionKind::Shell(words) = &i.kind { Some(words.as_slice()) } else { None }
        })
    })
}

fn shell_name(words: &[SpannedWord]) -> &str {
    words.first().map_or("", |word| word.text.rsplit('/').next().unwrap_or_default())
}

fn stage_family(run: &RunInstruction<'_>) -> DistroFamily {
    let stage = run.instruction.stage.and_then(|stage| run.view.file.stages.get(stage));
    stage.map_or(DistroFamily::Unknown, |stage| image_accounts::stage_base_image(run.view.file, stage).family)
}

fn propose_fix(
    run: &RunInstruction<'_>,
    shell: Option<&[SpannedWord]>,
    at: usize,
) -> Result<Option<Fix>, String> {
    let words: Vec<String> = match shell {
        Some([first @ .., last]) if matches!(shell_name(first), "bash" | "ash" | "zsh" | "ksh") => {
            let first = first.iter().map(|word| word.text.clone());
            first.chain(["-o".to_owned(), "pipefail".to_owned(), last.text.clone()]).collect()
        }
        Some(_) => {
            return Err("whether the shell that `SHELL` names knows pipefail is not certain".to_owned());
        }
        None => match stage_family(run).pipefail_shell() {
            Some(shell) => [shell, "-o", "pipefail", "-c"].map(str::to_owned).to_vec(),
            None => return Err("which shell the base has is not known".to_owned()),
        },
    };
    let words: Vec<String> = words.iter().filter_map(|word| serde_json::to_string(word).ok()).collect();
    let lower = run.instruction.keyword_span.slice(run.view.text).starts_with('r');
    let keyword = if lower { "shell" } else { "SHELL" };
    let text = format!("{keyword} [{}]", words.join(", "));
    let edits = vec![Edit::Dockerfile(DockerfileEdit::InsertBefore { instruction: at, text })];
    Ok(Some(
        Fix::new("Let a pipe fail when any of its commands does", Safety::Review, edits)
            .with_caution("a pipe that was meant to fail a little now stops the build"),
    ))
}
