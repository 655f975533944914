//! Reads each instruction's shell text once for all rules that need it, and resolves each stage's folders once.

use std::cell::OnceCell;

use super::{ShellScript, parse_instruction_script};
use crate::dockerfile::{
    BuildStage, Dockerfile, ExpandedText, Instruction, InstructionKind, SpannedWord, StageFolders,
    VariableScope,
};

/// A file with its text, the scripts of its instructions, and what is resolved of its stages.
pub struct ScriptCache<'a> {
    text: &'a str,
    file: &'a Dockerfile,
    /// By the stage's index.
    stages: Vec<StageCache>,
}

/// What is resolved of a stage, as far as it has been needed.
#[derive(Clone, Debug, Default)]
struct StageCache {
    folders: OnceCell<StageFolders>,
}

impl<'a> ScriptCache<'a> {
    #[must_use]
    pub fn new(text: &'a str, file: &'a Dockerfile) -> Self {
        let stages = vec![StageCache::default(); file.stages.len()];
        Self { text, file, stages }
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
    pub fn script_of(&self, instruction: &Instruction) -> &'a ShellScript {
        let instruction = match &instruction.kind {
            InstructionKind::Onbuild(inner) => inner,
            _ => instruction,
        };
        let place = (instruction.index, self.file.instructions.len());
        self.file.scripts.get_or_read(place, || parse_instruction_script(self.text, self.file, instruction))
    }

    /// The absolute folder in which the instruction of that index works, as a stage that holds it or is built on it sees
    /// it. None where it is the base image's, or depends on a variable that is not known.
    #[must_use]
    pub fn folder_before(&self, stage: &BuildStage, instruction: usize) -> Option<&str> {
        let folders = &self.stages.get(stage.index)?.folders;
        let folders = folders.get_or_init(|| StageFolders::of_stage(self.text, self.file, stage));
        folders.folder_before(instruction)
    }

    /// The variables at the end of a stage.
    #[must_use]
    pub fn scope_at_end(&self, stage: &BuildStage) -> VariableScope<'a> {
        VariableScope::at_stage_end(self.text, self.file, stage)
    }

    /// The variables that an instruction sees.
    #[must_use]
    pub fn scope_of(&self, instruction: &Instruction) -> VariableScope<'a> {
        VariableScope::at_instruction(self.text, self.file, instruction.index)
    }

    /// A word of an instruction with its quotes taken out and its variables filled in.
    #[must_use]
    pub fn expand_word(&self, instruction: &Instruction, word: &SpannedWord) -> ExpandedText {
        if !word.has_variables {
            return ExpandedText { text: word.text.clone(), unresolved: false };
        }
        self.scope_of(instruction).expand_word(self.text, word)
    }
}
