//! Finds the variables that an instruction sees, and their values, for rules.

use std::collections::HashMap;

use super::expand::{ExpandedText, VariableValue, expand_text};
use super::logical_line::LogicalLine;
use super::{BuildStage, Dockerfile, EscapeChar, Instruction, InstructionFlag, InstructionKind, SpannedWord};
use crate::text::Span;

/// The most bytes of values made of others, however often they repeat; what goes beyond counts as unknown.
const MAX_EXPANDED_BYTES: usize = 1024 * 1024;

/// The variables in scope at one place.
#[derive(Clone, Debug, Default)]
pub struct VariableScope {
    variables: HashMap<String, ScopedVariable>,
    /// The number of bytes of the values that were made of others.
    expanded_bytes: usize,
    escape: EscapeChar,
}

#[derive(Clone, Debug)]
struct ScopedVariable {
    value: VariableValue,
    /// ENV wins over ARG, whichever comes later.
    from_env: bool,
    /// The default of an ARG, quotes excluded, when it is written out plainly.
    default: Option<Span>,
}

impl VariableScope {
    /// The scope of `FROM`: the ARGs before the first one.
    pub(super) fn global_scope(text: &str, file: &Dockerfile) -> Self {
        let mut scope = Self { escape: file.escape, ..Self::default() };
        for instruction in
            file.instructions.iter().take_while(|i| !matches!(i.kind, InstructionKind::From { .. }))
        {
            scope.declare_variables(text, instruction, None);
        }
        scope
    }

    /// The scope of the instruction at `index`: global ARGs in a `FROM`, else the ARGs and ENVs before it in its stage
    /// and in the stages that it is built on.
    #[must_use]
    pub fn at_instruction(text: &str, file: &Dockerfile, index: usize) -> Self {
        let stage = file.instructions.get(index).and_then(|instruction| file.stages.get(instruction.stage?));
        match stage.filter(|stage| stage.from_index != index) {
            Some(stage) => Self::walk_stages(text, file, stage, index, |_, _| {}),
            None => Self::global_scope(text, file),
        }
    }

    /// Takes in what the instructions of one stage from `from` up to `to` declare.
    pub(super) fn declare_until(
        &mut self,
        text: &str,
        file: &Dockerfile,
        (from, to): (usize, usize),
        global: &Self,
    ) {
        for instruction in file.instructions.get(from..to).unwrap_or_default() {
            self.declare_variables(text, instruction, Some(global));
        }
    }

    /// The scope at the end of a stage.
    #[must_use]
    pub fn at_stage_end(text: &str, file: &Dockerfile, stage: &BuildStage) -> Self {
        Self::walk_stages(text, file, stage, stage.instructions.end, |_, _| {})
    }

    /// Goes through the stages that `stage` is built on and through itself, up to the instruction `before`; each
    /// instruction is shown to `visit` with what it sees.
    pub(super) fn walk_stages(
        text: &str,
        file: &Dockerfile,
        stage: &BuildStage,
        before: usize,
        mut visit: impl FnMut(&Self, &Instruction),
    ) -> Self {
        let global = Self::global_scope(text, file);
        let mut scope = Self { escape: file.escape, ..Self::default() };
        let chain: Vec<_> = file.stage_chain(stage).collect();
        let instructions = chain.into_iter().rev().flat_map(|stage| file.instructions_of(stage));
        for instruction in instructions.take_while(|instruction| instruction.index < before) {
            visit(&scope, instruction);
            scope.declare_variables(text, instruction, Some(&global));
        }
        scope
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
        self.variables.get(name).map_or(VariableValue::Unknown, |entry| entry.value.clone())
    }

    /// The span of the default of the one ARG that a word wholly is, where that default names no variable itself.
    pub(super) fn plain_default_span(&self, word: &SpannedWord) -> Option<Span> {
        let name = word.text.strip_prefix('$').filter(|_| word.has_variables)?;
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        self.variables.get(name)?.default
    }

    fn declare_variables(&mut self, text: &str, instruction: &Instruction, global: Option<&Self>) {
        match &instruction.kind {
            InstructionKind::Arg(arguments) => {
                for (name, default) in arguments {
                    self.declare_argument(text, &name.text, default.as_ref(), global);
                }
            }
            InstructionKind::Env(pairs) => {
                // All values of one ENV see what was set before it.
                let values: Vec<_> = pairs.iter().map(|(_, value)| self.expand_value(text, value)).collect();
                for ((name, word), value) in pairs.iter().zip(values) {
                    let value = self.limit_value(word, value);
                    self.variables
                        .insert(name.text.clone(), ScopedVariable { value, from_env: true, default: None });
                }
            }
            _ => {}
        }
    }

    /// The value that a variable gets. Once all of them together are too long, none is made any more: to make each only
    /// to drop it would take the time of all that they would be.
    fn expand_value(&self, text: &str, word: &SpannedWord) -> ExpandedText {
        if word.has_variables && self.expanded_bytes > MAX_EXPANDED_BYTES {
            return ExpandedText { text: String::new(), unresolved: true };
        }
        self.expand_word(text, word)
    }

    fn limit_value(&mut self, word: &SpannedWord, value: ExpandedText) -> VariableValue {
        if word.has_variables {
            self.expanded_bytes += value.text.len();
        }
        if value.unresolved || self.expanded_bytes > MAX_EXPANDED_BYTES {
            VariableValue::Unknown
        } else {
            VariableValue::Set(value.text)
        }
    }

    fn declare_argument(
        &mut self,
        text: &str,
        name: &str,
        default: Option<&SpannedWord>,
        global: Option<&Self>,
    ) {
        if self.variables.get(name).is_some_and(|entry| entry.from_env) {
            return;
        }
        let entry = match default {
            Some(word) => {
                let value = self.expand_value(text, word);
                let value = self.limit_value(word, value);
                ScopedVariable { value, from_env: false, default: plain_span(text, word) }
            }
            None => {
                let declared = global.and_then(|global| global.variables.get(name)).cloned();
                let value = if is_predefined(name) { VariableValue::Unknown } else { VariableValue::Unset };
                declared.unwrap_or(ScopedVariable { value, from_env: false, default: None })
            }
        };
        self.variables.insert(name.to_owned(), entry);
    }
}

/// The span of the text within a word's quotes, where it stands in the file exactly so.
fn plain_span(text: &str, word: &SpannedWord) -> Option<Span> {
    let raw = word.span.slice(text);
    let quoted = Span::new(word.span.start + 1, word.span.end.max(word.span.start + 2) - 1);
    if word.has_variables || word.text.is_empty() {
        None
    } else if raw == word.text {
        Some(word.span)
    } else {
        (quoted.slice(text) == word.text).then_some(quoted)
    }
}

/// True for an ARG that the builder itself sets, to what the build is for.
fn is_predefined(name: &str) -> bool {
    ["TARGET", "BUILD"].iter().any(|prefix| {
        let rest = name.strip_prefix(prefix);
        rest.is_some_and(|rest| matches!(rest, "PLATFORM" | "OS" | "ARCH" | "VARIANT" | "STAGE"))
    })
}
