//! Renumbers one account for the user fix, everywhere that a Dockerfile writes its number.

use super::DockerfileContext;
use crate::dockerfile::shell::{self, Invocation};
use crate::dockerfile::{
    BuildStage, Instruction, InstructionFlag, InstructionKind, SpannedWord, VariableScope,
};
use crate::project::{RunAs, image_accounts};
use crate::text::{Span, Splice};

/// The result of renumbering.
#[derive(Default)]
pub(super) struct RenumberResult {
    pub(super) splices: Vec<Splice>,
    /// True where the command that makes the account is among them, or the argument that it takes its number from.
    pub(super) renumbers_account: bool,
    /// True where an argument's default is among them.
    pub(super) renumbers_argument: bool,
}

struct AccountRenumbering<'a> {
    context: DockerfileContext<'a>,
    old_ids: (u32, Option<u32>),
    run_as: RunAs,
    result: RenumberResult,
}

/// The new numbers in place of the old ones (uid, and gid where it is known): in the commands that make accounts and
/// give files away, in `--chown`, and in the defaults of arguments. The USER itself is not touched.
pub(super) fn renumber_account(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    old: (u32, Option<u32>),
    who: RunAs,
) -> Result<RenumberResult, String> {
    let mut renumbering =
        AccountRenumbering { context: case, old_ids: old, run_as: who, result: RenumberResult::default() };
    let global = case.file.instructions.iter().take_while(|i| i.stage.is_none());
    let own = case.file.stage_chain(stage).flat_map(|stage| case.file.instructions_of(stage));
    for instruction in global.chain(own) {
        renumbering.renumber_instruction(instruction)?;
    }
    Ok(renumbering.result)
}

impl AccountRenumbering<'_> {
    fn renumber_instruction(&mut self, instruction: &Instruction) -> Result<(), String> {
        match &instruction.kind {
            InstructionKind::Arg(arguments) => {
                for (name, default) in arguments {
                    if let Some(default) = default.as_ref().filter(|_| names_identity(&name.text)) {
                        let before = self.result.splices.len();
                        self.renumber_word(default, names_group(&name.text));
                        self.result.renumbers_argument |= self.result.splices.len() > before;
                        self.result.renumbers_account |= self.result.splices.len() > before;
                    }
                }
            }
            InstructionKind::Env(pairs)
                if pairs
                    .iter()
                    .any(|(name, value)| names_identity(&name.text) && self.holds_old_id(&value.text)) =>
            {
                return Err("its number stands in an `ENV`, which other things may read".to_owned());
            }
            InstructionKind::Copy { .. } => {
                for flag in instruction.flags.iter().filter(|flag| flag.name == "chown") {
                    self.renumber_owner(flag);
                }
            }
            InstructionKind::Run(_) => self.renumber_run(instruction)?,
            _ => {}
        }
        Ok(())
    }

    fn renumber_run(&mut self, instruction: &Instruction) -> Result<(), String> {
        for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
            let value = flag.value.as_deref().unwrap_or_default();
            if value
                .split(',')
                .filter_map(|part| part.split_once('='))
                .any(|(key, id)| matches!(key, "uid" | "gid") && self.holds_old_id(id))
            {
                return Err("its number stands in a mount of a `RUN`".to_owned());
            }
        }
        for command in
            &shell::parse_instruction_script(self.context.text, self.context.file, instruction).commands
        {
            let Some(call) = command.effective_invocation() else { continue };
            let before = self.result.splices.len();
            match call.name() {
                "useradd" | "adduser" | "usermod" => {
                    self.renumber_options(call, &["-u", "--uid"], false);
                    self.result.renumbers_account |= self.result.splices.len() > before;
                    self.renumber_options(call, &["-g", "--gid"], true);
                }
                "groupadd" | "addgroup" | "groupmod" => self.renumber_options(call, &["-g", "--gid"], true),
                "chown" => {
                    if let Some(owner) = call.operands(&[]).next() {
                        self.renumber_ids(owner.span);
                    }
                }
                "chgrp" | "install" | "setfacl"
                    if call.arguments().iter().any(|w| self.holds_old_id(&w.text)) =>
                {
                    return Err(format!("its number is an argument of `{}`", call.name()));
                }
                _ => {}
            }
            let changed = self.result.splices.get(before..).unwrap_or_default();
            let in_heredoc = |splice: &Splice| {
                instruction.heredocs.iter().any(|heredoc| heredoc.body.contains(splice.span.start))
            };
            if changed.iter().any(in_heredoc) {
                return Err("its number stands in a heredoc".to_owned());
            }
        }
        Ok(())
    }

    fn renumber_options(&mut self, call: Invocation<'_>, names: &[&str], group: bool) {
        if let Some(word) = image_accounts::option_word(call, names) {
            self.renumber_word(word, group);
        }
    }

    /// `uid`, `uid:gid` or `:gid` of a `--chown`.
    fn renumber_owner(&mut self, flag: &InstructionFlag) {
        if let Some(span) = flag.value_span {
            self.renumber_ids(span);
        }
    }

    fn renumber_ids(&mut self, span: Span) {
        let raw = span.slice(self.context.text);
        let colon = raw.find(':').unwrap_or(raw.len());
        self.renumber_span(Span::new(span.start, span.start + colon), false);
        self.renumber_span(Span::new(span.start + colon, span.end), true);
    }

    fn renumber_word(&mut self, word: &SpannedWord, group: bool) {
        if !word.has_variables {
            self.renumber_span(word.span, group);
        }
    }

    /// Replaces the one number in the span, where it is the old one.
    fn renumber_span(&mut self, span: Span, group: bool) {
        let raw = span.slice(self.context.text);
        let digits = raw.trim_matches(|c: char| !c.is_ascii_digit());
        let Some(at) = raw.find(digits).filter(|_| !digits.is_empty()) else { return };
        let number: Option<u32> = digits.parse().ok();
        let (old, new) = if group {
            (self.old_ids.1.or(Some(self.old_ids.0)), self.run_as.gid)
        } else {
            (Some(self.old_ids.0), self.run_as.uid)
        };
        let new = if new == 0 { self.run_as.uid } else { new };
        if number.is_some() && number == old && number != Some(0) {
            let start = span.start + at;
            self.result
                .splices
                .push(Splice::replace(Span::new(start, start + digits.len()), new.to_string()));
        }
    }

    fn holds_old_id(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_ascii_digit()).any(|number| {
            number
                .parse::<u32>()
                .is_ok_and(|number| number == self.old_ids.0 || Some(number) == self.old_ids.1)
        })
    }
}

/// True for a variable whose name says that it holds an account's number.
fn names_identity(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["uid", "gid", "user", "group"].iter().any(|part| name.contains(part))
}

fn names_group(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("gid") || name.contains("group")
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
