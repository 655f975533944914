//! The state of one render, and what functions may ask of it: origins, bounds, errors at the running action.

use std::collections::HashMap;

use regex::bytes::Regex;

use super::branch_outcome::BranchOutcomes;
use super::call_error::CallError;
use super::input_collect::InputCollector;
use super::origin_table::{ActionSite, ChainId, ComputedId, ComputedInput, OriginTable, PieceSource};
use super::origin_text::OriginText;
use super::template_error::{TemplateError, TemplateErrorKind};
use super::template_tree::TemplateSource;
use super::template_value::{MethodCaller, TemplateValue};
use super::value_collection::ValueMap;
use super::value_compare::deep_equal;
use super::work_budget::WorkBudget;

/// How many nodes one comparison looks at; lists that hold one list twice, thirty deep, have a thousand million.
const MAX_COMPARED: usize = 1_000_000;

/// A moment for who judges a render, so that it is the same on every day: 2026-01-01, in seconds since 1970.
const FIXED_NOW: i64 = 1_767_225_600;

/// How a render departs from Helm's, for who wants to read what Helm refuses.
#[derive(Clone, Copy, Debug)]
pub struct EngineSettings {
    /// `required` and `fail` give an empty text, as in Helm's lint.
    pub lenient: bool,
    /// The moment that `now` is, in seconds since 1970.
    pub now: i64,
}

impl Default for EngineSettings {
    fn default() -> Self {
        Self { lenient: false, now: FIXED_NOW }
    }
}

/// How much a render did.
#[derive(Clone, Copy, Debug)]
pub struct WorkDone {
    pub steps: u64,
    pub bytes: u64,
}

pub struct RenderState {
    pub origins: OriginTable,
    pub settings: EngineSettings,
    budget: WorkBudget,
    /// The action that runs.
    pub(super) site: ActionSite,
    pub(super) chain: ChainId,
    pub(super) regexes: HashMap<Vec<u8>, Regex>,
    mutated: Vec<ValueMap>,
    draws: u64,
    /// What stands for a text that was hidden, the password and the text.
    hidden: HashMap<Vec<u8>, (Vec<u8>, OriginText)>,
    /// What `required` and `fail` said while lenient.
    complaints: Vec<TemplateError>,
    /// Which sides of branches were taken.
    pub branches: BranchOutcomes,
}

impl RenderState {
    pub fn new(mut origins: OriginTable, settings: EngineSettings) -> Self {
        let file = origins.add_file("");
        Self {
            origins,
            settings,
            budget: WorkBudget::default(),
            site: ActionSite { file, offset: 0, length: 0 },
            chain: ChainId::NONE,
            regexes: HashMap::new(),
            mutated: Vec::new(),
            draws: 0,
            hidden: HashMap::new(),
            complaints: Vec::new(),
            branches: BranchOutcomes::new(),
        }
    }

    pub fn work_done(&self) -> WorkDone {
        let (steps, bytes) = self.budget.done();
        WorkDone { steps, bytes }
    }

    pub(super) fn enter(&mut self) -> Result<(), TemplateError> {
        self.budget.enter().map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    pub(super) fn leave(&mut self) {
        self.budget.leave();
    }

    pub(super) fn charge_step(&mut self) -> Result<(), TemplateError> {
        self.budget.charge_step().map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// Takes work for as many items as a function goes through.
    pub fn charge_steps(&mut self, steps: usize) -> Result<(), TemplateError> {
        self.budget.charge_steps(steps).map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// Takes what as many values hold that a function is about to make, beside their bytes.
    pub fn charge_values(&mut self, count: usize) -> Result<(), TemplateError> {
        self.budget.charge_values(count).map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// The same for a map and its entries.
    pub fn charge_map(&mut self, entries: usize) -> Result<(), TemplateError> {
        self.budget.charge_map(entries).map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// Takes what as many nodes of a tree of values hold.
    pub fn charge_nodes(&mut self, count: usize) -> Result<(), TemplateError> {
        self.budget.charge_nodes(count).map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// How many of these can be made yet.
    pub fn nodes_left(&self) -> usize {
        self.budget.nodes_left()
    }

    /// Takes work for what a call reads.
    pub(super) fn charge_inputs(&mut self, values: &[TemplateValue]) -> Result<(), TemplateError> {
        self.budget
            .charge_inputs(values)
            .map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    pub(super) fn charge_text(&mut self, text: &OriginText) -> Result<(), TemplateError> {
        self.budget.charge_text(text).map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// Go's deep equality, paid for by the nodes that are compared.
    pub fn values_equal(
        &mut self,
        one: &TemplateValue,
        other: &TemplateValue,
    ) -> Result<bool, TemplateError> {
        let mut left = MAX_COMPARED;
        let equal = deep_equal(one, other, &mut left);
        self.charge_steps(MAX_COMPARED - left)?;
        Ok(equal)
    }

    pub fn charge_bytes(&mut self, bytes: usize) -> Result<(), TemplateError> {
        self.budget.charge_bytes(bytes).map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// Takes what as many of a kind are large.
    pub(super) fn charge_bytes_of<T>(&mut self, count: usize) -> Result<(), TemplateError> {
        self.budget
            .take_bytes(count.saturating_mul(size_of::<T>()))
            .map_err(|message| self.error_here(TemplateErrorKind::Limit, message))
    }

    /// Bytes that the running action puts in of its own: quotes, indents, separators.
    pub fn glue(&mut self) -> ComputedId {
        self.origins.add_computed(self.site, Vec::new())
    }

    /// Bytes that the running action computes from these values.
    pub fn glue_from(&mut self, values: &[TemplateValue]) -> ComputedId {
        let inputs = self.inputs_of(values);
        self.origins.add_computed(self.site, inputs)
    }

    fn inputs_of(&mut self, values: &[TemplateValue]) -> Vec<ComputedInput> {
        let mut collector = InputCollector::new(&self.origins);
        for value in values {
            collector.add_value(value);
        }
        let visited = collector.visited();
        let inputs = collector.finish();
        self.budget.take_quietly(visited / 8, size_of_val(inputs.as_slice()));
        inputs
    }

    /// A text that the running action computes from these values.
    pub fn computed(&mut self, text: impl Into<Vec<u8>>, from: &[TemplateValue]) -> OriginText {
        let glue = self.glue_from(from);
        OriginText::from_computed(glue, text)
    }

    /// A text that Helm draws at random or from the clock.
    pub fn random(&mut self, text: impl Into<Vec<u8>>) -> OriginText {
        let glue = self.origins.add_computed(self.site, vec![ComputedInput::Random]);
        OriginText::from_computed(glue, text)
    }

    /// A number that differs from draw to draw and is the same in each render of the same templates.
    pub fn draw(&mut self) -> u64 {
        self.draws += 1;
        let place = u64::from(self.site.offset).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        place.wrapping_add(self.draws.wrapping_mul(0xbf58_476d_1ce4_e5b9))
    }

    /// Remembers a map that was changed, since such a one may hold itself.
    pub fn note_mutation(&mut self, map: &ValueMap) {
        if !self.mutated.last().is_some_and(|last| last.is_same(map)) {
            self.mutated.push(map.clone());
        }
    }

    pub fn keep_hidden(&mut self, hidden: &str, password: &[u8], plain: OriginText) {
        self.hidden.insert(hidden.as_bytes().to_vec(), (password.to_vec(), plain));
    }

    /// The text that was hidden with that password.
    pub fn find_hidden(&self, hidden: &[u8], password: &[u8]) -> Option<OriginText> {
        self.hidden.get(hidden).filter(|(own, _)| own == password).map(|(_, plain)| plain.clone())
    }

    pub fn add_complaint(&mut self, kind: TemplateErrorKind, message: String) {
        let error = self.error_here(kind, message);
        self.complaints.push(error);
    }

    pub fn complaints(&self) -> &[TemplateError] {
        &self.complaints
    }

    pub(super) fn site_in(&self, source: &TemplateSource, offset: usize, length: usize) -> ActionSite {
        let Some(piece) = source.text.source_at(offset) else { return self.site };
        let (file, start) = self.origins.place(piece);
        let is_file = matches!(piece, PieceSource::Text { .. });
        let length = if is_file { u32::try_from(length).unwrap_or(0) } else { 0 };
        ActionSite { file, offset: start, length }
    }

    /// An error at the running action.
    pub fn error_here(&self, kind: TemplateErrorKind, message: impl Into<String>) -> TemplateError {
        self.error_at(self.site, kind, message.into())
    }

    /// An error at a place in a text.
    pub(super) fn error_in(
        &self,
        text: &OriginText,
        offset: usize,
        kind: TemplateErrorKind,
        message: String,
    ) -> TemplateError {
        let place = text.source_at(offset).map(|piece| self.origins.place(piece));
        let site = place.map_or(self.site, |(file, offset)| ActionSite { file, offset, length: 0 });
        self.error_at(site, kind, message)
    }

    fn error_at(&self, site: ActionSite, kind: TemplateErrorKind, message: String) -> TemplateError {
        let path = |site: ActionSite| self.origins.file_path(site.file).to_owned();
        let chain = self.origins.chain_sites(self.chain);
        TemplateError {
            kind,
            path: path(site),
            offset: site.offset as usize,
            line: 0,
            column: 0,
            message,
            chain: chain.into_iter().map(|site| (path(site), site.offset as usize)).collect(),
        }
    }

    /// A constant text for functions that make one without input.
    pub fn plain_text(&mut self, text: &str) -> OriginText {
        self.computed(text.as_bytes(), &[])
    }
}

impl MethodCaller for RenderState {
    fn glue(&mut self) -> ComputedId {
        Self::glue(self)
    }

    fn computed_text(&mut self, text: Vec<u8>, from: &[TemplateValue]) -> OriginText {
        self.computed(text, from)
    }

    fn charge_values(&mut self, count: usize) -> Result<(), CallError> {
        Ok(Self::charge_values(self, count)?)
    }

    fn random_text(&mut self, text: Vec<u8>) -> OriginText {
        self.random(text)
    }
}

impl Drop for RenderState {
    /// A map that was made to hold itself would never be freed.
    fn drop(&mut self) {
        for map in self.mutated.drain(..) {
            map.clear();
        }
    }
}
