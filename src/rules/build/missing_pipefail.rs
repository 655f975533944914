//! `missing-pipefail`: a pipe hides the failure of all but its last command.

use super::run::{Run, runs};
use crate::dockerfile::shell::Joint;
use crate::dockerfile::{Command, Kind, Word};
use crate::finding::{BuildIntent, Intent, Remedy, Safety, Severity};
use crate::image::Family;
use crate::rules::repository::accounts;
use crate::rules::rule::page;
use crate::rules::{BuildView, Check, Findings, Rule, RuleKinds, Theme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-pipefail",
    severity: Severity::Low,
    theme: Theme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("missing-pipefail"),
    checks: &[Check::Build(build)],
};

/// Shells that know the option. dash does not (0.5.12).
const SHELLS: [&str; 6] = ["sh", "bash", "ash", "zsh", "ksh", "busybox"];
const SCRIPTED: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

fn build(view: &BuildView<'_>, out: &mut Findings<'_>) {
    let mut first = None;
    for run in runs(view) {
        let shell = shell_at(&run);
        let known = shell.is_none_or(|words| SHELLS.contains(&name(words)));
        let windows = stage_family(&run) == Family::Windows;
        let set = shell.is_some_and(|words| words.iter().any(|word| word.text.contains("pipefail")));
        if !known || windows || set {
            continue;
        }
        let Some(pipe) = unguarded_pipe(&run) else { continue };
        let key = (run.instruction.stage, shell.map(<[Word]>::as_ptr));
        let at = match first {
            Some((known, at)) if known == key => at,
            _ => run.instruction.index,
        };
        first = Some((key, at));
        let message = "a pipe hides the failure of all but its last command";
        out.report(run.script.commands[pipe].span, message, remedy(&run, shell, at));
    }
}

/// The first command that pipes into another while no pipefail is in effect.
fn unguarded_pipe(run: &Run<'_>) -> Option<usize> {
    if !matches!(run.instruction.kind, Kind::Run(Command::Shell(_))) {
        return None;
    }
    let mut guarded = false;
    for (index, command) in run.script.commands.iter().enumerate() {
        let sets = command.invocation().is_some_and(|call| matches!(call.name(), "set" | "shopt"));
        guarded |= sets && command.words.iter().any(|word| word.text.contains("pipefail"));
        // A shell that is told what to run has options of its own.
        let told = command.within.and_then(|outer| run.script.commands[outer].effective());
        let own = told.is_some_and(|call| SCRIPTED.contains(&call.name()));
        if command.joint == Joint::Pipe && !guarded && !own {
            return Some(index);
        }
    }
    None
}

/// The words of the SHELL in effect where a RUN stands.
fn shell_at<'a>(run: &Run<'a>) -> Option<&'a [Word]> {
    let stage = run.instruction.stage.and_then(|stage| run.view.file.stages.get(stage))?;
    run.view.file.chain(stage).find_map(|stage| {
        let before = run.view.file.instructions_of(stage).iter().rev();
        before
            .filter(|i| i.index < run.instruction.index)
            .find_map(|i| if let Kind::Shell(words) = &i.kind { Some(words.as_slice()) } else { None })
    })
}

fn name(words: &[Word]) -> &str {
    words.first().map_or("", |word| word.text.rsplit('/').next().unwrap_or_default())
}

fn stage_family(run: &Run<'_>) -> Family {
    let stage = run.instruction.stage.and_then(|stage| run.view.file.stages.get(stage));
    stage.map_or(Family::Unknown, |stage| accounts::base(run.view.file, stage).family)
}

fn remedy(run: &Run<'_>, shell: Option<&[Word]>, at: usize) -> Remedy {
    let words: Vec<String> = match shell {
        Some([first @ .., last]) if matches!(name(first), "bash" | "ash" | "zsh" | "ksh") => {
            let first = first.iter().map(|word| word.text.clone());
            first.chain(["-o".to_owned(), "pipefail".to_owned(), last.text.clone()]).collect()
        }
        Some(_) => {
            return Remedy::Withheld(
                "whether the shell that `SHELL` names knows pipefail is not certain".to_owned(),
            );
        }
        None => match stage_family(run).pipefail_shell() {
            Some(shell) => [shell, "-o", "pipefail", "-c"].map(str::to_owned).to_vec(),
            None => return Remedy::Withheld("which shell the base has is not known".to_owned()),
        },
    };
    let words: Vec<String> = words.iter().filter_map(|word| serde_json::to_string(word).ok()).collect();
    let lower = run.instruction.keyword_span.of(run.view.text).starts_with('r');
    let keyword = if lower { "shell" } else { "SHELL" };
    let with = format!("{keyword} [{}]", words.join(", "));
    let intents = vec![Intent::Build(BuildIntent::Precede { instruction: at, with })];
    Remedy::change("Let a pipe fail when any of its commands does", Safety::Review, intents)
        .but("a pipe that was meant to fail a little now stops the build")
}
