//! Holds what the stages of a Dockerfile declare, each ARG and ENV resolved once, for the scopes of their instructions.

use std::collections::HashMap;

use super::lazy_list::LazyList;
use crate::text::Span;

/// The known value of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VariableValue {
    Set(String),
    /// Declared without a value: a build may give it one.
    Unset,
    /// Set by the platform, by the base image or by nobody.
    Unknown,
}

/// The variables that one stage declares, each with all its declarations.
#[derive(Debug, Default)]
pub(super) struct StageVariables {
    /// In the order of their instructions, whose indices they have.
    by_name: HashMap<String, Vec<(usize, DeclaredVariable)>>,
    /// The stage that it is built on.
    pub base: Option<usize>,
    /// The number of bytes of the values that were made of others, those of the stages it is built on among them.
    pub expanded_bytes: usize,
}

/// A variable as one instruction declares it.
#[derive(Clone, Debug)]
pub(super) struct DeclaredVariable {
    pub value: VariableValue,
    /// ENV wins over ARG, whichever comes later.
    pub from_env: bool,
    /// The default of an ARG, quotes excluded, when it is written out plainly.
    pub default: Option<Span>,
}

impl StageVariables {
    /// Those of a stage that declares nothing yet.
    pub(super) fn built_on(base: Option<usize>, expanded_bytes: usize) -> Self {
        Self { base, expanded_bytes, ..Self::default() }
    }

    /// The last declaration of a variable before the instruction of that index.
    pub(super) fn last_before(&self, name: &str, index: usize) -> Option<&DeclaredVariable> {
        let all = self.by_name.get(name)?;
        let count = all.partition_point(|(at, _)| *at < index);
        count.checked_sub(1).map(|last| &all[last].1)
    }

    pub(super) fn declare(&mut self, name: &str, at: usize, variable: DeclaredVariable) {
        match self.by_name.get_mut(name) {
            Some(all) => all.push((at, variable)),
            None => drop(self.by_name.insert(name.to_owned(), vec![(at, variable)])),
        }
    }
}

/// The variables of a file's stages, by their indices, and those before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct VariableMemo {
    globals: LazyList<StageVariables>,
    stages: LazyList<StageVariables>,
}

impl VariableMemo {
    /// The ARGs before the first `FROM`, resolved by the first who asks.
    pub(super) fn globals(&self, resolve: impl FnOnce() -> StageVariables) -> &StageVariables {
        self.globals.get_or_read((0, 1), resolve)
    }

    /// The variables of a stage that are resolved.
    pub(super) fn known_stage(&self, stage: usize) -> Option<&StageVariables> {
        self.stages.known(stage)
    }

    /// The variables of that stage among so many, likewise.
    pub(super) fn stage(
        &self,
        place: (usize, usize),
        resolve: impl FnOnce() -> StageVariables,
    ) -> &StageVariables {
        self.stages.get_or_read(place, resolve)
    }
}
