//! One account's number, everywhere that a Dockerfile writes it.

use super::Case;
use crate::dockerfile::shell::{self, Invocation};
use crate::dockerfile::{
    BuildStage, Instruction, InstructionFlag, InstructionKind, SpannedWord, VariableScope,
};
use crate::project::{RunAs, image_accounts};
use crate::text::{Span, Splice};

/// What renumbering comes to.
#[derive(Default)]
pub(super) struct Renumbered {
    pub(super) splices: Vec<Splice>,
    /// Whether the command that makes the account is among them, or the argument that it takes its number from.
    pub(super) account: bool,
    /// Whether an argument's default is.
    pub(super) argument: bool,
}

struct Renumbering<'a> {
    case: Case<'a>,
    old: (u32, Option<u32>),
    who: RunAs,
    out: Renumbered,
}

/// The new numbers in place of the old ones (uid, and gid where it is known): in the commands that make accounts and
/// give files away, in `--chown`, and in the defaults of arguments. The USER itself is not touched.
pub(super) fn renumber(
    case: Case<'_>,
    stage: &BuildStage,
    old: (u32, Option<u32>),
    who: RunAs,
) -> Result<Renumbered, String> {
    let mut renumbering = Renumbering { case, old, who, out: Renumbered::default() };
    let global = case.file.instructions.iter().take_while(|i| i.stage.is_none());
    let own = case.file.stage_chain(stage).flat_map(|stage| case.file.instructions_of(stage));
    for instruction in global.chain(own) {
        renumbering.instruction(instruction)?;
    }
    Ok(renumbering.out)
}

impl Renumbering<'_> {
    fn instruction(&mut self, instruction: &Instruction) -> Result<(), String> {
        match &instruction.kind {
            InstructionKind::Arg(arguments) => {
                for (name, default) in arguments {
                    if let Some(default) = default.as_ref().filter(|_| is_identity(&name.text)) {
                        let before = self.out.splices.len();
                        self.word(default, is_group(&name.text));
                        self.out.argument |= self.out.splices.len() > before;
                        self.out.account |= self.out.splices.len() > before;
                    }
                }
            }
            InstructionKind::Env(pairs)
                if pairs.iter().any(|(name, value)| is_identity(&name.text) && self.is_old(&value.text)) =>
            {
                return Err("its number stands in an `ENV`, which other things may read".to_owned());
            }
            InstructionKind::Copy { .. } => {
                for flag in instruction.flags.iter().filter(|flag| flag.name == "chown") {
                    self.owner(flag);
                }
            }
            InstructionKind::Run(_) => self.run(instruction)?,
            _ => {}
        }
        Ok(())
    }

    fn run(&mut self, instruction: &Instruction) -> Result<(), String> {
        for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
            let value = flag.value.as_deref().unwrap_or_default();
            if value
                .split(',')
                .filter_map(|part| part.split_once('='))
                .any(|(key, id)| matches!(key, "uid" | "gid") && self.is_old(id))
            {
                return Err("its number stands in a mount of a `RUN`".to_owned());
            }
        }
        for command in &shell::parse_instruction_script(self.case.text, self.case.file, instruction).commands
        {
            let Some(call) = command.effective_invocation() else { continue };
            let before = self.out.splices.len();
            match call.name() {
                "useradd" | "adduser" | "usermod" => {
                    self.options(call, &["-u", "--uid"], false);
                    self.out.account |= self.out.splices.len() > before;
                    self.options(call, &["-g", "--gid"], true);
                }
                "groupadd" | "addgroup" | "groupmod" => self.options(call, &["-g", "--gid"], true),
                "chown" => {
                    if let Some(owner) = call.operands(&[]).next() {
                        self.ids(owner.span);
                    }
                }
                "chgrp" | "install" | "setfacl" if call.arguments().iter().any(|w| self.is_old(&w.text)) => {
                    return Err(format!("its number is an argument of `{}`", call.name()));
                }
                _ => {}
            }
            let changed = self.out.splices.get(before..).unwrap_or_default();
            let in_heredoc = |splice: &Splice| {
                instruction.heredocs.iter().any(|heredoc| heredoc.body.contains(splice.span.start))
            };
            if changed.iter().any(in_heredoc) {
                return Err("its number stands in a heredoc".to_owned());
            }
        }
        Ok(())
    }

    fn options(&mut self, call: Invocation<'_>, names: &[&str], group: bool) {
        if let Some(word) = image_accounts::option_word(call, names) {
            self.word(word, group);
        }
    }

    /// `uid`, `uid:gid` or `:gid` of a `--chown`.
    fn owner(&mut self, flag: &InstructionFlag) {
        if let Some(span) = flag.value_span {
            self.ids(span);
        }
    }

    fn ids(&mut self, span: Span) {
        let raw = span.of(self.case.text);
        let colon = raw.find(':').unwrap_or(raw.len());
        self.span(Span::new(span.start, span.start + colon), false);
        self.span(Span::new(span.start + colon, span.end), true);
    }

    fn word(&mut self, word: &SpannedWord, group: bool) {
        if !word.has_variables {
            self.span(word.span, group);
        }
    }

    /// Replaces the one number in the span, where it is the old one.
    fn span(&mut self, span: Span, group: bool) {
        let raw = span.of(self.case.text);
        let digits = raw.trim_matches(|c: char| !c.is_ascii_digit());
        let Some(at) = raw.find(digits).filter(|_| !digits.is_empty()) else { return };
        let number: Option<u32> = digits.parse().ok();
        let (old, new) = if group {
            (self.old.1.or(Some(self.old.0)), self.who.gid)
        } else {
            (Some(self.old.0), self.who.uid)
        };
        let new = if new == 0 { self.who.uid } else { new };
        if number.is_some() && number == old && number != Some(0) {
            let start = span.start + at;
            self.out.splices.push(Splice::replace(Span::new(start, start + digits.len()), new.to_string()));
        }
    }

    fn is_old(&self, text: &str) -> bool {
        text.split(|c: char| !c.is_ascii_digit()).any(|number| {
            number.parse::<u32>().is_ok_and(|number| number == self.old.0 || Some(number) == self.old.1)
        })
    }
}

/// Whether a variable's name says that it holds an account's number.
fn is_identity(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["uid", "gid", "user", "group"].iter().any(|part| name.contains(part))
}

fn is_group(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("gid") || name.contains("group")
}

/// The value of a word with its variables filled in, where all are known.
pub(super) fn known(case: Case<'_>, instruction: &Instruction, word: &SpannedWord) -> Option<String> {
    let value =
        VariableScope::at_instruction(case.text, case.file, instruction.index).expand_word(case.text, word);
    value.resolved_text().map(str::to_owned)
}
