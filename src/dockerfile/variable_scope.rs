//! Finds the variables that an instruction sees, and their values, for rules.

use super::declared_variables::{global_variables, stage_variables};
use super::expand::{ExpandedText, expand_text};
use super::logical_line::LogicalLine;
use super::variable_memo::{DeclaredVariable, StageVariables, VariableValue};
use super::{BuildStage, Dockerfile, EscapeChar, InstructionFlag, SpannedWord};
use crate::text::Span;

/// The variables in scope at one place: a view of what the file declares, each declaration resolved once.
#[derive(Clone, Copy, Debug)]
pub struct VariableScope<'f> {
    /// What the innermost stage declares; of those that it is built on, everything is seen.
    own: &'f StageVariables,
    /// The index of the first instruction whose declarations are not seen.
    before: usize,
    /// The file, where stages may be built on others.
    file: Option<&'f Dockerfile>,
    escape: EscapeChar,
}

impl<'f> VariableScope<'f> {
    /// The scope of the instruction at `index`: global ARGs in a `FROM`, else the ARGs and ENVs before it in its stage
    /// and in the stages that it is built on.
    #[must_use]
    pub fn at_instruction(text: &str, file: &'f Dockerfile, index: usize) -> Self {
        let stage = file.instructions.get(index).and_then(|instruction| file.stages.get(instruction.stage?));
        match stage.filter(|stage| stage.from_index != index) {
            Some(stage) => Self::before_index(stage_variables(text, file, stage.index), index, file),
            None => Self::of_globals(global_variables(text, file), file.escape),
        }
    }

    /// The scope at the end of a stage.
    #[must_use]
    pub fn at_stage_end(text: &str, file: &'f Dockerfile, stage: &BuildStage) -> Self {
        let own = stage_variables(text, file, stage.index);
        Self::before_index(own, stage.instructions.end, file)
    }

    /// The scope within a stage before the instruction of that index.
    pub(super) const fn before_index(own: &'f StageVariables, before: usize, file: &'f Dockerfile) -> Self {
        Self { own, before, file: Some(file), escape: file.escape }
    }

    /// The scope of `FROM`: the ARGs before the first one.
    pub(super) const fn of_globals(globals: &'f StageVariables, escape: EscapeChar) -> Self {
        Self { own: globals, before: usize::MAX, file: None, escape }
    }

    /// The word with its quotes taken out and its variables filled in.
    #[must_use]
    pub fn expand_word(&self, text: &str, word: &SpannedWord) -> ExpandedText {
        if !word.has_variables {
            return ExpandedText { text: word.text.clone(), unresolved: false };
        }
        self.expand_span(text, word.span)
    }

    /// The value of a flag, likewise.
    #[must_use]
    pub fn expand_flag(&self, text: &str, flag: &InstructionFlag) -> ExpandedText {
        flag.value_span.map(|span| self.expand_span(text, span)).unwrap_or_default()
    }

    fn expand_span(&self, text: &str, span: Span) -> ExpandedText {
        let line = LogicalLine::join_lines(text, span, self.escape);
        expand_text(line.text(), self.escape, &|name| self.lookup_variable(name))
    }

    /// The known value of a variable.
    #[must_use]
    pub fn lookup_variable(&self, name: &str) -> VariableValue {
        self.find_variable(name).map_or(VariableValue::Unknown, |entry| entry.value.clone())
    }

    /// The span of the default of the one ARG that a word wholly is, where that default names no variable itself.
    pub(super) fn plain_default_span(&self, word: &SpannedWord) -> Option<Span> {
        let name = word.text.strip_prefix('$').filter(|_| word.has_variables)?;
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        self.find_variable(name)?.default
    }

    /// The last declaration of a variable that is seen here.
    pub(super) fn find_variable(&self, name: &str) -> Option<&'f DeclaredVariable> {
        let (mut stage, mut before) = (self.own, self.before);
        loop {
            if let Some(found) = stage.last_before(name, before) {
                return Some(found);
            }
            stage = self.file?.variables.known_stage(stage.base?)?;
            before = usize::MAX;
        }
    }
}
