//! Reads each instruction's shell text once for all rules that need it.

use std::cell::OnceCell;

use super::{ShellScript, parse_instruction_script};
use crate::dockerfile::{Dockerfile, Instruction, InstructionKind};

/// The scripts of a file's instructions, as far as they have been needed.
pub struct ScriptCache<'a> {
    text: &'a str,
    file: &'a Dockerfile,
    scripts: Vec<OnceCell<ShellScript>>,
}

impl<'a> ScriptCache<'a> {
    #[must_use]
    pub fn new(text: &'a str, file: &'a Dockerfile) -> Self {
        Self { text, file, scripts: vec![OnceCell::new(); file.instructions.len()] }
    }

    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    #[must_use]
    pub const fn file(&self) -> &'a Dockerfile {
        self.file
    }

    /// The script that one of the file's instructions runs; of an `ONBUILD`, the one that a later build runs.
    #[must_use]
    pub fn script_of(&self, instruction: &Instruction) -> &ShellScript {
        let instruction = match &instruction.kind {
            InstructionKind::Onbuild(inner) => inner,
            _ => instruction,
        };
        self.scripts[instruction.index]
            .get_or_init(|| parse_instruction_script(self.text, self.file, instruction))
    }
}
