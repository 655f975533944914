//! What the instructions of one file run, each read once however many ask.

use std::cell::OnceCell;

use super::{Script, commands};
use crate::dockerfile::{Dockerfile, Instruction};

/// The scripts of a file's instructions, as far as they have been asked for.
pub struct Scripts<'a> {
    text: &'a str,
    file: &'a Dockerfile,
    read: Vec<OnceCell<Script>>,
}

impl<'a> Scripts<'a> {
    #[must_use]
    pub fn new(text: &'a str, file: &'a Dockerfile) -> Self {
        Self { text, file, read: vec![OnceCell::new(); file.instructions.len()] }
    }

    #[must_use]
    pub const fn text(&self) -> &'a str {
        self.text
    }

    #[must_use]
    pub const fn file(&self) -> &'a Dockerfile {
        self.file
    }

    /// What one of the file's instructions runs.
    #[must_use]
    pub fn of(&self, instruction: &Instruction) -> &Script {
        self.read[instruction.index].get_or_init(|| commands(self.text, self.file, instruction))
    }
}
