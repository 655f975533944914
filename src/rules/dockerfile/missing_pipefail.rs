//! Reports pipes that hide the failure of all but their last command (`missing-pipefail`).

use super::run_edits::{RunInstruction, run_instructions};
use crate::dockerfile::shell::{CommandConnector, SimpleCommand};
use crate::dockerfile::{
    CommandForm, Dockerfile, Heredoc, Instruction, InstructionKind, Keyword, SpannedWord, StageBase,
};
use crate::finding::{DockerfileEdit, Edit, Fix, Safety, Severity};
use crate::image::DistroFamily;
use crate::project::image_accounts;
use crate::rules::rule_definition::page;
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleDecision, RuleKinds, RuleTheme};

pub(crate) static RULE: Rule = Rule {
    id: "missing-pipefail",
    severity: Severity::Low,
    theme: RuleTheme::Build,
    decision: RuleDecision::BuildSteps,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("missing-pipefail"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

/// Shells that know the option. dash does not (0.5.12).
const PIPEFAIL_SHELLS: [&str; 6] = ["sh", "bash", "ash", "zsh", "ksh", "busybox"];
const INLINE_SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

/// The pipes that one `SHELL` would guard: of one stage, under one `SHELL`, before the same later shell form.
#[derive(Clone, Copy, PartialEq, Eq)]
struct PipeGroup {
    stage: Option<usize>,
    shell: Option<*const SpannedWord>,
    /// The instruction before which the old shell must be back.
    until: Option<usize>,
}

/// A pipe that nothing guards.
struct OpenPipe {
    command: usize,
    /// True where `set -o pipefail` stands before it, which the shell refuses.
    is_refused: bool,
    /// True where the script names its own shell.
    has_own_shell: bool,
}

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    let mut first = None;
    let forms = ShellForms::read(view.file);
    for run in run_instructions(view) {
        let shell = shell_at(&run);
        let known = shell.is_none_or(|words| PIPEFAIL_SHELLS.contains(&shell_name(words)));
        if !known || stage_family(&run) == DistroFamily::Windows {
            continue;
        }
        let Some(pipe) = find_open_pipe(&run, shell) else { continue };
        let key = PipeGroup {
            stage: run.instruction.stage,
            shell: shell.map(<[SpannedWord]>::as_ptr),
            until: forms.next_after(run.instruction),
        };
        let at = match first {
            Some((known, at)) if known == key => at,
            _ => run.instruction.index,
        };
        first = Some((key, at));
        let message = if pipe.is_refused {
            "`set -o pipefail` is unknown to dash, the `sh` of this base, which stops at it"
        } else {
            "a pipe hides the failure of all but its last command"
        };
        let fix = if pipe.has_own_shell {
            Err("its script names its own shell, and is left as it is: add `set -o pipefail` there"
                .to_owned())
        } else {
            propose_fix(&run, shell, at, key.until)
        };
        out.report(run.script.commands[pipe.command].span, message, fix);
    }
}

/// The first command that pipes into another while no pipefail is in effect.
fn find_open_pipe(run: &RunInstruction<'_>, shell: Option<&[SpannedWord]>) -> Option<OpenPipe> {
    if !matches!(run.instruction.kind, InstructionKind::Run(CommandForm::Shell(_))) {
        return None;
    }
    let words = shell.unwrap_or_default();
    let has_option = words.iter().any(|word| word.text.contains("pipefail"));
    let is_plain_sh = shell.is_none_or(|words| shell_name(words) == "sh");
    let refuses = is_plain_sh && stage_family(run).sh_has_pipefail() == Some(false);
    // Of a script in a heredoc, the options are its own.
    let (mut guarded, mut is_refused, mut script) = (has_option, false, None);
    for (index, command) in run.script.commands.iter().enumerate() {
        let own_script = own_script_of(run, command);
        if own_script != script {
            script = own_script;
            guarded = script.as_ref().map_or(has_option, |script| script.has_pipefail);
        }
        let sets = command.called_program().is_some_and(|call| matches!(call.name(), "set" | "shopt"));
        if sets && command.words.iter().any(|word| word.text.contains("pipefail")) {
            let is_unknown =
                script.as_ref().map_or(refuses, |script| script.is_sh && refuses || script.is_dash);
            is_refused |= is_unknown;
            guarded |= !is_unknown;
        }
        // A shell with a script as its argument has options of its own.
        let told = command.parent.and_then(|outer| run.script.commands[outer].effective_invocation());
        let own = told.is_some_and(|call| INLINE_SHELLS.contains(&call.name()));
        let is_dash = script.as_ref().is_some_and(|script| script.is_dash);
        if command.connector == CommandConnector::Pipe && !guarded && !own && (!is_dash || is_refused) {
            return Some(OpenPipe { command: index, is_refused, has_own_shell: script.is_some() });
        }
    }
    None
}

/// The shell of a script in a heredoc: `RUN bash <<EOF`, or a first line that names one.
#[derive(Clone, PartialEq, Eq)]
struct HeredocShell {
    heredoc: usize,
    is_sh: bool,
    is_dash: bool,
    has_pipefail: bool,
}

fn own_script_of(run: &RunInstruction<'_>, command: &SimpleCommand) -> Option<HeredocShell> {
    let inside = |heredoc: &&Heredoc| heredoc.body.covers(command.span);
    let heredoc = run.instruction.heredocs.iter().find(inside)?;
    let first_line = heredoc.body.slice(run.view.text).lines().next().unwrap_or_default();
    let reader = run.script.commands.iter().find(|reader| {
        reader.redirections.iter().any(|r| r.operator.starts_with("<<") && r.target.text == heredoc.name)
    });
    let words: Vec<&str> = match first_line.strip_prefix("#!") {
        Some(line) => {
            line.split_whitespace().skip_while(|word| word.ends_with("/env") || *word == "-S").collect()
        }
        None => {
            let call = reader.and_then(SimpleCommand::effective_invocation)?;
            let program = std::iter::once(call.program_word());
            program.chain(call.arguments()).map(|word| word.text.as_str()).collect()
        }
    };
    let name = words.first()?.rsplit('/').next().unwrap_or_default();
    let has_pipefail = words.contains(&"pipefail");
    Some(HeredocShell {
        heredoc: heredoc.body.start,
        is_sh: name == "sh",
        is_dash: name == "dash",
        has_pipefail,
    })
}

/// The words of the SHELL in effect where a RUN stands.
fn shell_at<'a>(run: &RunInstruction<'a>) -> Option<&'a [SpannedWord]> {
    let shell = run.view.file.shell_before(run.instruction)?;
    if let InstructionKind::Shell(words) = &shell.kind { Some(words.as_slice()) } else { None }
}

/// Where the shell of a file is used by another than a RUN, or set anew.
struct ShellForms<'a> {
    file: &'a Dockerfile,
    indices: Vec<usize>,
    /// By stage: true where one that is built on it uses the shell.
    is_used_above: Vec<bool>,
}

impl<'a> ShellForms<'a> {
    fn read(file: &'a Dockerfile) -> Self {
        let is_one = |own: &&Instruction| takes_shell(own) || matches!(own.kind, InstructionKind::Shell(_));
        let indices = file.instructions.iter().filter(is_one).map(|own| own.index).collect();
        let mut is_used_above = vec![false; file.stages.len()];
        for stage in file.stages.iter().rev() {
            let uses = is_used_above[stage.index] || file.instructions_of(stage).iter().any(takes_shell);
            if let StageBase::Stage(base) = stage.base
                && let Some(above) = is_used_above.get_mut(base)
            {
                *above |= uses;
            }
        }
        Self { file, indices, is_used_above }
    }

    /// The instruction after a RUN before which a new `SHELL` must end: a later shell form but RUN, which would be started
    /// by it too, or the end of a stage whose shell a later stage takes over.
    fn next_after(&self, run: &Instruction) -> Option<usize> {
        let stage = self.file.stages.get(run.stage?)?;
        let next = self.indices.get(self.indices.partition_point(|index| *index <= run.index));
        let next = self.file.instruction_at(next.copied().filter(|next| *next < stage.instructions.end));
        if let Some(next) = next {
            return Some(next.index).filter(|_| takes_shell(next));
        }
        self.is_used_above[stage.index].then_some(stage.instructions.end)
    }
}

fn takes_shell(instruction: &Instruction) -> bool {
    match &instruction.kind {
        InstructionKind::Onbuild(inner) => matches!(inner.command_form(), Some(CommandForm::Shell(_))),
        InstructionKind::Run(_) => false,
        _ => matches!(instruction.command_form(), Some(CommandForm::Shell(_))),
    }
}

fn shell_name(words: &[SpannedWord]) -> &str {
    words.first().map_or("", |word| word.text.rsplit('/').next().unwrap_or_default())
}

fn stage_family(run: &RunInstruction<'_>) -> DistroFamily {
    let stage = run.instruction.stage.and_then(|stage| run.view.file.stages.get(stage));
    stage.map_or(DistroFamily::Unknown, |stage| image_accounts::stage_base_image(run.view.file, stage).family)
}

/// `SHELL` with pipefail before the first of the group, and the old one back before what else it would start.
fn propose_fix(
    run: &RunInstruction<'_>,
    shell: Option<&[SpannedWord]>,
    at: usize,
    until: Option<usize>,
) -> Result<Option<Fix>, String> {
    if run.view.file.instructions.get(at).is_some_and(|i| i.keyword == Keyword::Onbuild) {
        return Err("it runs in a later build, whose shell is not set here".to_owned());
    }
    let plain = stage_family(run).pipefail_shell();
    let texts = |words: &[SpannedWord]| words.iter().map(|word| word.text.clone()).collect::<Vec<String>>();
    let option = ["-o".to_owned(), "pipefail".to_owned()];
    let words: Vec<String> = match (shell, plain) {
        (Some([first @ .., last]), _) if matches!(shell_name(first), "bash" | "ash" | "zsh" | "ksh") => {
            texts(first).into_iter().chain(option).chain([last.text.clone()]).collect()
        }
        (Some([sh, flags @ .., last]), Some(plain)) if shell_name(std::slice::from_ref(sh)) == "sh" => {
            let flags = texts(flags).into_iter().chain(option).chain([last.text.clone()]);
            std::iter::once(plain.to_owned()).chain(flags).collect()
        }
        (Some(_), _) => {
            return Err("whether the shell that `SHELL` names knows pipefail is not certain".to_owned());
        }
        (None, Some(shell)) => [shell, "-o", "pipefail", "-c"].map(str::to_owned).to_vec(),
        (None, None) => return Err("which shell the base has is not known".to_owned()),
    };
    let lower = run.instruction.keyword_span.slice(run.view.text).starts_with('r');
    let insert = |instruction: usize, words: &[String]| {
        let words: Vec<String> = words.iter().filter_map(|word| serde_json::to_string(word).ok()).collect();
        let keyword = if lower { "shell" } else { "SHELL" };
        let text = format!("{keyword} [{}]", words.join(", "));
        Edit::Dockerfile(DockerfileEdit::InsertBefore { instruction, text })
    };
    let before = shell.map_or_else(|| vec!["/bin/sh".to_owned(), "-c".to_owned()], texts);
    let edits =
        std::iter::once(insert(at, &words)).chain(until.map(|until| insert(until, &before))).collect();
    Ok(Some(
        Fix::new("Let a pipe fail when any of its commands does", Safety::Review, edits)
            .with_caution("a pipe that was meant to fail a little now stops the build"),
    ))
}
