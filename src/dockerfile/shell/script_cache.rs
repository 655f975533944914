//! Reads each instruction's shell text once for all rules that need it, and resolves each stage's folders and variables
//! once.

use std::cell::{OnceCell, RefCell};

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
    /// The variables of the instruction that was asked for last.
    last_scope: RefCell<Option<LastScope>>,
}

/// The variables that an instruction sees, by the indices of its stage and of itself.
struct LastScope {
    stage: usize,
    instruction: usize,
    scope: VariableScope,
}

/// What is resolved of a stage, as far as it has been needed.
#[derive(Clone, Debug, Default)]
struct StageCache {
    folders: OnceCell<StageFolders>,
    end_scope: OnceCell<VariableScope>,
}

impl<'a> ScriptCache<'a> {
    #[must_use]
    pub fn new(text: &'a str, file: &'a Dockerfile) -> Self {
        let stages = vec![StageCache::default(); file.stages.len()];
        Self { text, file, stages, last_scope: RefCell::new(None) }
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
    pub fn scope_at_end(&self, stage: &BuildStage) -> Option<&VariableScope> {
        let scope = &self.stages.get(stage.index)?.end_scope;
        Some(scope.get_or_init(|| VariableScope::at_stage_end(self.text, self.file, stage)))
    }

    /// A word of an instruction with its quotes taken out and its variables filled in. Who goes through a stage in its
    /// order has each variable resolved once.
    #[must_use]
    pub fn expand_word(&self, instruction: &Instruction, word: &SpannedWord) -> ExpandedText {
        if !word.has_variables {
            return ExpandedText { text: word.text.clone(), unresolved: false };
        }
        self.with_scope(instruction, |scope| scope.expand_word(self.text, word))
    }

    /// Reads the variables that an instruction sees. Who goes through a stage in its order has each resolved once.
    pub fn with_scope<T>(&self, instruction: &Instruction, read: impl FnOnce(&VariableScope) -> T) -> T {
        let (text, file, index) = (self.text, self.file, instruction.index);
        let stage = instruction
            .stage
            .filter(|stage| file.stages.get(*stage).is_some_and(|stage| stage.from_index < index));
        let Some(stage) = stage else {
            return read(&VariableScope::at_instruction(text, file, index));
        };
        let known = self.last_scope.borrow_mut().take();
        let known = known.filter(|known| known.stage == stage && known.instruction <= index);
        let scope = match known {
            Some(LastScope { instruction: from, mut scope, .. }) => {
                if from < index {
                    let global = VariableScope::global_scope(text, file);
                    scope.declare_until(text, file, (from, index), &global);
                }
                scope
            }
            None => VariableScope::at_instruction(text, file, index),
        };
        let result = read(&scope);
        *self.last_scope.borrow_mut() = Some(LastScope { stage, instruction: index, scope });
        result
    }
}
