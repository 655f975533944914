//! Renumbers one account for the user fix, everywhere that a Dockerfile writes its number.

use super::DockerfileContext;
use super::identity_variables::{VariableTrace, trace_variables};
use super::identity_words::{IdentityRole, IdentityWord, identity_words};
use crate::dockerfile::{BuildStage, Instruction, InstructionKind, SpannedWord, VariableScope, shell};
use crate::project::RunAs;
use crate::text::{Span, Splice};

/// The files that hold accounts, groups and what they may do.
const ACCOUNT_FILES: [&str; 6] =
    ["/etc/passwd", "/etc/group", "/etc/shadow", "/etc/gshadow", "/etc/subuid", "/etc/subgid"];

/// The result of renumbering.
#[derive(Default)]
pub(super) struct RenumberResult {
    pub(super) splices: Vec<Splice>,
    /// True where the command that makes the account is among them, or the variable that it takes its number from.
    pub(super) renumbers_account: bool,
    /// True where the variable that the last USER takes its number from is among them.
    pub(super) renumbers_user: bool,
}

struct AccountRenumbering<'a> {
    context: DockerfileContext<'a>,
    stage: &'a BuildStage,
    old_ids: (u32, Option<u32>),
    run_as: RunAs,
    trace: VariableTrace,
    result: RenumberResult,
}

/// The new numbers in place of the old ones (uid, and gid where it is known): in the commands that make accounts and
/// give files away, in `--chown`, in mounts, and in the `ARG` or `ENV` whose variable one of these names. The last USER
/// itself is not touched.
pub(super) fn renumber_account(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    old: (u32, Option<u32>),
    who: RunAs,
) -> Result<RenumberResult, String> {
    let mut renumbering = AccountRenumbering {
        context: case,
        stage,
        old_ids: old,
        run_as: who,
        trace: VariableTrace::default(),
        result: RenumberResult::default(),
    };
    for instruction in case.file.stage_chain(stage).flat_map(|stage| case.file.instructions_of(stage)) {
        renumbering.renumber_instruction(instruction)?;
    }
    renumbering.trace.check_uses(case)?;
    Ok(renumbering.result)
}

impl AccountRenumbering<'_> {
    fn renumber_instruction(&mut self, instruction: &Instruction) -> Result<(), String> {
        self.check_commands(instruction)?;
        let is_last_user = self.stage.environment.user == Some(instruction.index);
        for word in identity_words(self.context, instruction) {
            let before = self.result.splices.len();
            for part in word.parts(self.context.text) {
                if part.span.slice(self.context.text).contains('$') {
                    let changed = self.renumber_variable(instruction, part)?;
                    self.result.renumbers_account |= changed && part.makes_account;
                    self.result.renumbers_user |= changed && is_last_user && part.role == IdentityRole::User;
                } else if !is_last_user {
                    self.renumber_span(part.span, part.role)?;
                }
            }
            let changed = self.result.splices.get(before..).unwrap_or_default();
            self.result.renumbers_account |= word.makes_account && !changed.is_empty();
            let in_heredoc = |splice: &Splice| {
                instruction.heredocs.iter().any(|heredoc| heredoc.body.contains(splice.span.start))
            };
            if changed.iter().any(in_heredoc) {
                return Err("its number stands in a heredoc".to_owned());
            }
            if !changed.is_empty() && matches!(instruction.kind, InstructionKind::Onbuild(_)) {
                return Err("its number stands behind `ONBUILD`".to_owned());
            }
        }
        Ok(())
    }

    /// Fails where a command names the number in a way that is not renumbered.
    fn check_commands(&self, instruction: &Instruction) -> Result<(), String> {
        let script = self.context.script_of(instruction);
        let calls = script.commands.iter().filter_map(shell::SimpleCommand::effective_invocation);
        for call in calls.filter(|call| matches!(call.name(), "setfacl" | "setpriv" | "gosu" | "su-exec")) {
            if call.arguments().iter().any(|word| self.holds_old_id(&word.text)) {
                return Err(format!("its number is an argument of `{}`", call.name()));
            }
        }
        let writes_accounts = |command: &&shell::SimpleCommand| {
            let mut targets = command.redirections.iter().map(|own| own.target.text.as_str());
            targets.any(|target| ACCOUNT_FILES.contains(&target))
                || command.words.iter().any(|word| ACCOUNT_FILES.contains(&word.text.as_str()))
        };
        let in_pipe = |pipeline: usize| script.commands.iter().filter(move |own| own.pipeline == pipeline);
        for command in script.commands.iter().filter(writes_accounts) {
            let words = in_pipe(command.pipeline).flat_map(|own| own.words.iter());
            if words.into_iter().any(|word| self.holds_old_id(&word.text)) {
                return Err("its number is written into a file of accounts".to_owned());
            }
        }
        Ok(())
    }

    /// Renumbers where the variables of a word are given their value; true where that was the account's number.
    fn renumber_variable(&mut self, instruction: &Instruction, part: IdentityWord) -> Result<bool, String> {
        let mut trace = VariableTrace::default();
        trace_variables(self.context, self.stage, (part.span, instruction.index), &mut trace);
        let before = self.result.splices.len();
        let mut is_account = false;
        for literal in std::mem::take(&mut trace.literals) {
            let raw = literal.slice(self.context.text).trim_matches(['"', '\'']);
            if raw.bytes().all(|byte| byte.is_ascii_digit()) {
                is_account |= self.renumber_span(literal, part.role)?;
            }
        }
        if is_account || self.result.splices.len() > before {
            self.trace.merge(trace);
        }
        Ok(is_account)
    }

    /// Replaces the one number in the span, where it is the old one; true where it is.
    fn renumber_span(&mut self, span: Span, role: IdentityRole) -> Result<bool, String> {
        let raw = span.slice(self.context.text);
        let digits = raw.trim_matches(|c: char| !c.is_ascii_digit());
        let Some(at) = raw.find(digits).filter(|_| !digits.is_empty()) else { return Ok(false) };
        let number: Option<u32> = digits.parse().ok();
        let (old, new) = match role {
            IdentityRole::Group => (self.old_ids.1.or(Some(self.old_ids.0)), self.run_as.gid),
            IdentityRole::User | IdentityRole::Owner => (Some(self.old_ids.0), self.run_as.uid),
        };
        let new = if new == 0 { self.run_as.uid } else { new };
        if number.is_none() || number != old || number == Some(0) {
            return Ok(false);
        }
        let start = span.start + at;
        let splice = Splice::replace(Span::new(start, start + digits.len()), new.to_string());
        match self.result.splices.iter().find(|other| other.span == splice.span) {
            Some(other) if *other != splice => {
                return Err("one variable gives both the user and the group their number".to_owned());
            }
            Some(_) => {}
            None => self.result.splices.push(splice),
        }
        Ok(true)
    }

    fn holds_old_id(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_ascii_digit()).any(|number| {
            number
                .parse::<u32>()
                .is_ok_and(|number| number == self.old_ids.0 || Some(number) == self.old_ids.1)
        })
    }
}

/// The value of a word with its variables filled in, where all are known.
pub(super) fn known_value(
    case: DockerfileContext<'_>,
    instruction: &Instruction,
    word: &SpannedWord,
) -> Option<String> {
    let value =
        VariableScope::at_instruction(case.text, case.file, instruction.index).expand_word(case.text, word);
    value.resolved_text().map(str::to_owned)
}
