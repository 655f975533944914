//! Follows an account's number through `ARG` and `ENV` to where it is written, for the fixes that renumber it.

use std::collections::BTreeSet;

use super::DockerfileContext;
use super::identity_words::identity_words;
use crate::dockerfile::{BuildStage, Instruction, InstructionKind, SpannedWord};
use crate::text::Span;

/// The longest chain of variables that is followed.
const MAX_CHAIN: usize = 8;

/// The places where the numbers behind variables are written, and the variables on the way there.
#[derive(Default)]
pub(super) struct VariableTrace {
    /// The values that are written out: of `ARG`, of `ENV`, or the default within `${NAME:-1000}`.
    pub(super) literals: Vec<Span>,
    /// Each variable on the way, with the instruction that defines it.
    variables: BTreeSet<(String, usize)>,
}

/// Follows the variables in the text at `span`, as they are seen by the instruction `before`.
pub(super) fn trace_variables(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    (span, before): (Span, usize),
    trace: &mut VariableTrace,
) {
    follow(case, stage, (span, before), 0, trace);
}

fn follow(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    (span, before): (Span, usize),
    depth: usize,
    trace: &mut VariableTrace,
) {
    for reference in find_references(case.text, span) {
        let defined = find_definition(case, stage, &reference.name, before).filter(|_| depth < MAX_CHAIN);
        let Some((index, value)) = defined else {
            trace.literals.extend(reference.default);
            continue;
        };
        trace.variables.insert((reference.name, index));
        match value {
            Some(word) if word.has_variables => {
                follow(case, stage, (word.span, index), depth + 1, trace);
            }
            Some(word) if !word.text.is_empty() => trace.literals.push(word.span),
            _ => trace.literals.extend(reference.default),
        }
    }
}

impl VariableTrace {
    /// Adds what another trace found.
    pub(super) fn merge(&mut self, other: Self) {
        self.literals.extend(other.literals);
        self.variables.extend(other.variables);
    }

    /// Fails where one of the variables is used for something else than an account's number: another number would
    /// change that too.
    ///
    /// # Errors
    /// The reason, for the screen.
    pub(super) fn check_uses(&self, case: DockerfileContext<'_>) -> Result<(), String> {
        for (name, index) in &self.variables {
            for instruction in self.seeing_instructions(case, *index) {
                let words = identity_words(case, instruction);
                let all = Span::new(instruction.keyword_span.end, instruction.span.end);
                for reference in find_references(case.text, all) {
                    let known = words.iter().any(|word| word.span.covers(reference.span))
                        || self.defines_another(instruction, reference.span);
                    if reference.name == *name && !known {
                        let above = case.text.get(..reference.span.start).unwrap_or_default();
                        let line = above.matches('\n').count() + 1;
                        return Err(format!("`{name}` is used in line {line} too, for something else"));
                    }
                }
            }
        }
        Ok(())
    }

    /// The instructions that see a definition: those of its stage and of stages built on it; all, before the first stage.
    fn seeing_instructions<'c>(
        &self,
        case: DockerfileContext<'c>,
        index: usize,
    ) -> impl Iterator<Item = &'c Instruction> {
        let home = case.file.instructions.get(index).and_then(|instruction| instruction.stage);
        case.file.instructions.iter().filter(move |instruction| {
            let stage = instruction.stage.and_then(|stage| case.file.stages.get(stage));
            home.is_none_or(|home| {
                stage.is_some_and(|stage| case.file.stage_chain(stage).any(|base| base.index == home))
            })
        })
    }

    /// True for a place in the value of another variable on the way.
    fn defines_another(&self, instruction: &Instruction, at: Span) -> bool {
        definitions(instruction).any(|(name, value)| {
            value.is_some_and(|value| value.span.covers(at))
                && self.variables.contains(&(name.text.clone(), instruction.index))
        })
    }
}

/// A variable in a text.
struct VariableReference {
    name: String,
    span: Span,
    /// The word after `:-`.
    default: Option<Span>,
}

/// `$NAME`, `${NAME}` and `${NAME:-default}`.
fn find_references(text: &str, within: Span) -> Vec<VariableReference> {
    let raw = within.slice(text);
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    raw.match_indices('$')
        .filter_map(|(at, _)| {
            let rest = &raw[at + 1..];
            let start = within.start + at;
            let Some(braced) = rest.strip_prefix('{') else {
                let length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
                let span = Span::new(start, start + 1 + length);
                return Some(VariableReference { name: rest[..length].to_owned(), span, default: None });
            };
            let close = braced.find('}')?;
            let (name, modifier) = braced[..close].split_at(braced.find(|c: char| !is_name(c))?);
            let default = modifier.strip_prefix(":-").or_else(|| modifier.strip_prefix('-'));
            let default = default.map(|word| {
                let end = start + 2 + close;
                Span::new(end - word.len(), end)
            });
            let span = Span::new(start, start + 3 + close);
            Some(VariableReference { name: name.to_owned(), span, default })
        })
        .filter(|reference| !reference.name.is_empty())
        .collect()
}

/// The names that an `ARG` or `ENV` defines, with their values.
fn definitions(instruction: &Instruction) -> impl Iterator<Item = (&SpannedWord, Option<&SpannedWord>)> {
    let arguments = match &instruction.kind {
        InstructionKind::Arg(arguments) => arguments.as_slice(),
        _ => &[],
    };
    let pairs = match &instruction.kind {
        InstructionKind::Env(pairs) => pairs.as_slice(),
        _ => &[],
    };
    let arguments = arguments.iter().map(|(name, default)| (name, default.as_ref()));
    arguments.chain(pairs.iter().map(|(name, value)| (name, Some(value))))
}

/// The instruction that gives a variable the value which the one at `before` sees: the last `ENV`, else the last `ARG`,
/// which without a default takes that of the `ARG` before the first stage.
fn find_definition<'c>(
    case: DockerfileContext<'c>,
    stage: &BuildStage,
    name: &str,
    before: usize,
) -> Option<(usize, Option<&'c SpannedWord>)> {
    let file = case.file;
    let chain: Vec<usize> = file.stage_chain(stage).map(|stage| stage.index).collect();
    let named = |instruction: &'c Instruction| {
        let found = definitions(instruction).filter(|(word, _)| word.text == name).last();
        found.map(|(_, value)| (instruction.index, value))
    };
    let is_global = file.instructions.get(before).is_some_and(|instruction| instruction.stage.is_none());
    let seen = |of_env: bool| {
        let earlier = file.instructions.get(..before).unwrap_or_default().iter().rev();
        let own = earlier.filter(|i| i.stage.map_or(is_global, |stage| chain.contains(&stage)));
        own.filter(|i| matches!(i.kind, InstructionKind::Env(_)) == of_env).find_map(named)
    };
    let global = || file.instructions.iter().take_while(|i| i.stage.is_none()).filter_map(named).last();
    match seen(true).or_else(|| seen(false))? {
        (_, None) if !is_global => global(),
        found => Some(found),
    }
}
