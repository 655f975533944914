//! Shows the finders of needs one Dockerfile with what its build can read, and answers what they all ask of it.

use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{
    BuildStage, Dockerfile, Instruction, InstructionKind, SpannedWord, StageBase, VariableValue, join_path,
};
use crate::image::Reference;
use crate::image::known::{DefaultUser, find_known_image};
use crate::needs::NeedEvidence;
use crate::repo::{ContextScript, RelPath};
use crate::text::Span;

/// The longest word that a need is read from, in bytes: no path that a system opens is longer. Where many variables repeat
/// a long one, their values together would take many times the file.
const MAX_WORD_BYTES: usize = 4096;

/// A Dockerfile with its scripts.
#[derive(Clone, Copy)]
pub struct ImageBuild<'a> {
    pub path: &'a RelPath,
    pub scripts: &'a ScriptCache<'a>,
    /// The script at a path of the build's context.
    pub context: &'a dyn Fn(&str) -> Option<ContextScript>,
}

impl<'a> ImageBuild<'a> {
    pub(super) const fn file(self) -> &'a Dockerfile {
        self.scripts.file()
    }

    pub(super) const fn text(self) -> &'a str {
        self.scripts.text()
    }

    /// The image that a stage is built on in the end, and the word that names it.
    pub(super) fn base_image(self, stage: &BuildStage) -> Option<(Reference, Span)> {
        let root = self.file().stages.get(stage.environment.root_stage)?;
        let StageBase::Image(name) = &root.base else { return None };
        let from = self.file().instructions.get(root.from_index)?;
        let InstructionKind::From { image, .. } = &from.kind else { return None };
        Some((Reference::parse(name).ok()?, image.span))
    }

    /// The instructions of a stage and of those it is built on, the last first.
    pub(super) fn instructions_back(self, stage: &'a BuildStage) -> impl Iterator<Item = &'a Instruction> {
        let file = self.file();
        file.stage_chain(stage).flat_map(move |stage| file.instructions_of(stage).iter().rev())
    }

    /// A word of an instruction with its variables filled in, where all are known and it is no longer than what needs are
    /// read from.
    pub(super) fn known_word(self, instruction: &Instruction, word: &SpannedWord) -> Option<String> {
        let expanded = self.scripts.expand_word(instruction, word);
        expanded.resolved_text().filter(|text| text.len() <= MAX_WORD_BYTES).map(str::to_owned)
    }

    /// An absolute path from a word of an instruction. Where nothing says in which folder a stage works, it is the root.
    pub(super) fn image_path(
        self,
        stage: &BuildStage,
        instruction: &Instruction,
        word: &SpannedWord,
    ) -> Option<String> {
        let path = self.known_word(instruction, word)?;
        Some(self.absolute_path(stage, instruction.index, &path))
    }

    /// That path in a stage, as the instruction of that index would read it.
    pub(super) fn absolute_path(self, stage: &BuildStage, instruction: usize, path: &str) -> String {
        if path.starts_with('/') {
            return join_path("", path);
        }
        let folder = self.scripts.folder_before(stage, instruction);
        join_path(folder.map_or("", |folder| folder.trim_end_matches('/')), path)
    }

    /// True where the image starts as uid 0, false where as another; none where that hangs on an argument.
    pub(super) fn starts_as_root(self, stage: &BuildStage) -> Option<bool> {
        let Some(instruction) = self.file().instruction_at(stage.environment.user) else {
            let known = self.base_image(stage).and_then(|(reference, _)| find_known_image(&reference));
            // Nearly all images that nobody knows start as root.
            return Some(
                !known.is_some_and(|known| matches!(known.default_user(), DefaultUser::NonRoot { .. })),
            );
        };
        let InstructionKind::User(word) = &instruction.kind else { return None };
        let user = self.known_word(instruction, word)?;
        Some(matches!(user.split(':').next(), Some("root" | "0")))
    }

    /// The value of a variable of the image when it runs.
    pub(super) fn variable(self, stage: &BuildStage, name: &str) -> Option<String> {
        match self.scripts.scope_at_end(stage).lookup_variable(name) {
            VariableValue::Set(value) => Some(value).filter(|value| value.len() <= MAX_WORD_BYTES),
            VariableValue::Unset | VariableValue::Unknown => None,
        }
    }

    /// A fact that stands in the Dockerfile itself.
    pub(super) fn evidence_at(self, text: String, span: Span) -> NeedEvidence {
        NeedEvidence { text: text.into(), path: self.path.clone(), span }
    }
}
