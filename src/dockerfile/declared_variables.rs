//! Resolves the ARGs and ENVs of a Dockerfile's stages, each once, for the scopes of their instructions.

use super::expand::ExpandedText;
use super::variable_memo::{DeclaredVariable, StageVariables, VariableValue};
use super::{Dockerfile, Instruction, InstructionKind, SpannedWord, StageBase, VariableScope};
use crate::text::Span;

/// The most bytes of values made of others, however often they repeat; what goes beyond counts as unknown.
const MAX_EXPANDED_BYTES: usize = 1024 * 1024;

/// The ARGs before the first `FROM`.
pub(super) fn global_variables<'f>(text: &str, file: &'f Dockerfile) -> &'f StageVariables {
    file.variables.globals(|| resolve_globals(text, file))
}

/// The variables of a stage; those of all that it is built on are resolved, too.
pub(super) fn stage_variables<'f>(text: &str, file: &'f Dockerfile, stage: usize) -> &'f StageVariables {
    if let Some(known) = file.variables.known_stage(stage) {
        return known;
    }
    let (Some(own), count) = (file.stages.get(stage), file.stages.len()) else {
        return global_variables(text, file);
    };
    let chain: Vec<_> = file.stage_chain(own).map(|stage| stage.index).skip(1).collect();
    for base in chain.into_iter().rev() {
        file.variables.stage((base, count), || resolve_stage(text, file, base));
    }
    file.variables.stage((stage, count), || resolve_stage(text, file, stage))
}

pub(super) fn resolve_globals(text: &str, file: &Dockerfile) -> StageVariables {
    let mut resolver = VariableResolver { text, file, own: StageVariables::default(), globals: None };
    let is_from = |instruction: &&Instruction| matches!(instruction.kind, InstructionKind::From { .. });
    file.instructions.iter().take_while(|it| !is_from(it)).for_each(|it| resolver.declare_variables(it));
    resolver.own
}

/// Those of a stage whose base is resolved.
fn resolve_stage(text: &str, file: &Dockerfile, index: usize) -> StageVariables {
    let stage = &file.stages[index];
    let base = match stage.base {
        StageBase::Stage(base) => Some(base),
        _ => None,
    };
    let inherited = base.and_then(|base| file.variables.known_stage(base));
    let expanded_bytes = inherited.map_or(0, |base| base.expanded_bytes);
    let own = StageVariables::built_on(base, expanded_bytes);
    let mut resolver = VariableResolver { text, file, own, globals: Some(global_variables(text, file)) };
    file.instructions_of(stage).iter().for_each(|instruction| resolver.declare_variables(instruction));
    resolver.own
}

/// The variables of one stage, as far as its instructions were read.
struct VariableResolver<'f> {
    text: &'f str,
    file: &'f Dockerfile,
    own: StageVariables,
    globals: Option<&'f StageVariables>,
}

impl VariableResolver<'_> {
    fn declare_variables(&mut self, instruction: &Instruction) {
        let at = instruction.index;
        match &instruction.kind {
            InstructionKind::Arg(arguments) => {
                for (name, default) in arguments {
                    self.declare_argument(&name.text, at, default.as_ref());
                }
            }
            InstructionKind::Env(pairs) => {
                // All values of one ENV see what was set before it.
                let values: Vec<_> = pairs.iter().map(|(_, value)| self.expand_value(value, at)).collect();
                for ((name, word), value) in pairs.iter().zip(values) {
                    let value = self.limit_value(word, value);
                    let variable = DeclaredVariable { value, from_env: true, default: None };
                    self.own.declare(&name.text, at, variable);
                }
            }
            _ => {}
        }
    }

    fn scope_before(&self, index: usize) -> VariableScope<'_> {
        VariableScope::before_index(&self.own, index, self.file)
    }

    /// The value that a variable gets. Once all of them together are too long, none is made any more: to make each only
    /// to drop it would take the time of all that they would be.
    fn expand_value(&self, word: &SpannedWord, before: usize) -> ExpandedText {
        if word.has_variables && self.own.expanded_bytes > MAX_EXPANDED_BYTES {
            return ExpandedText { text: String::new(), unresolved: true };
        }
        self.scope_before(before).expand_word(self.text, word)
    }

    fn limit_value(&mut self, word: &SpannedWord, value: ExpandedText) -> VariableValue {
        if word.has_variables {
            self.own.expanded_bytes += value.text.len();
        }
        if value.unresolved || self.own.expanded_bytes > MAX_EXPANDED_BYTES {
            VariableValue::Unknown
        } else {
            VariableValue::Set(value.text)
        }
    }

    /// An ARG sees those before it in its own instruction, too.
    fn declare_argument(&mut self, name: &str, at: usize, default: Option<&SpannedWord>) {
        if self.scope_before(at + 1).find_variable(name).is_some_and(|known| known.from_env) {
            return;
        }
        let variable = match default {
            Some(word) => {
                let value = self.expand_value(word, at + 1);
                let value = self.limit_value(word, value);
                DeclaredVariable { value, from_env: false, default: plain_span(self.text, word) }
            }
            None => {
                let declared = self.globals.and_then(|globals| globals.last_before(name, usize::MAX));
                let value = if is_predefined(name) { VariableValue::Unknown } else { VariableValue::Unset };
                declared.cloned().unwrap_or(DeclaredVariable { value, from_env: false, default: None })
            }
        };
        self.own.declare(name, at, variable);
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
