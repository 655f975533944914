//! How much one render may do, so that a hostile chart ends in a message.

use super::origin_text::{MAX_TEXT, OriginText};
use super::template_value::TemplateValue;

/// Nodes walked and functions called; the largest real chart needs a twentieth of it.
const MAX_STEPS: u64 = 10_000_000;

/// Bytes of all that functions make, copies and the places of each text included; the largest real chart needs a thirtieth.
const MAX_BYTES: u64 = 192 * 1024 * 1024;

/// How many bytes of its arguments a function reads in the time of a step.
const STEP_BYTES: usize = 64;

/// What each value that a function makes takes beside its bytes, with what is kept of where it came from.
const VALUE_BYTES: usize = 128;

/// What a map takes, however few entries it has: room for some is made at once.
const MAP_BYTES: usize = 768;

/// How many items of a list or a map a function looks at in the time of a step.
const STEP_ITEMS: usize = 8;

/// What a node of a tree takes: a value, and its share of the map or the list that holds it.
const NODE_BYTES: usize = 2 * VALUE_BYTES;

/// Levels of blocks, parentheses, includes; each costs stack.
const MAX_DEPTH: usize = 6_000;

#[derive(Debug)]
pub(super) struct WorkBudget {
    steps: u64,
    bytes: u64,
    depth: usize,
}

impl Default for WorkBudget {
    fn default() -> Self {
        Self { steps: MAX_STEPS, bytes: MAX_BYTES, depth: 0 }
    }
}

impl WorkBudget {
    /// Takes one step, in words if there is none left.
    pub(super) fn charge_step(&mut self) -> Result<(), &'static str> {
        self.charge_steps(1)
    }

    pub(super) fn charge_steps(&mut self, steps: usize) -> Result<(), &'static str> {
        self.steps = self.steps.checked_sub(steps as u64).ok_or("the templates take too many steps")?;
        Ok(())
    }

    pub(super) fn charge_bytes(&mut self, bytes: usize) -> Result<(), &'static str> {
        if bytes >= MAX_TEXT {
            return Err("a text of the templates is too large");
        }
        self.take_bytes(bytes)
    }

    /// Takes steps for what a call reads, however little comes of it.
    pub(super) fn charge_inputs(&mut self, values: &[TemplateValue]) -> Result<(), &'static str> {
        let steps = values.iter().map(|value| match value {
            TemplateValue::Text(text) | TemplateValue::Bytes(text) => text.len() / STEP_BYTES,
            TemplateValue::List(list) => list.len() / STEP_ITEMS,
            TemplateValue::Map(map) => map.len() / STEP_ITEMS,
            _ => 0,
        });
        self.charge_steps(steps.sum())
    }

    /// Takes what a text holds: its bytes, and the places that they come from.
    pub(super) fn charge_text(&mut self, text: &OriginText) -> Result<(), &'static str> {
        self.charge_bytes(text.len())?;
        self.take_bytes(size_of_val(text.pieces()))
    }

    /// Takes what as many values hold beside their bytes.
    pub(super) fn charge_values(&mut self, count: usize) -> Result<(), &'static str> {
        self.take_bytes(count.saturating_mul(VALUE_BYTES))
    }

    /// Takes what a map of as many entries holds beside their bytes.
    pub(super) fn charge_map(&mut self, entries: usize) -> Result<(), &'static str> {
        self.take_bytes(MAP_BYTES)?;
        self.charge_values(entries)
    }

    /// Takes what as many nodes of a tree of values hold.
    pub(super) fn charge_nodes(&mut self, count: usize) -> Result<(), &'static str> {
        self.charge_steps(count / STEP_ITEMS)?;
        self.take_bytes(count.saturating_mul(NODE_BYTES))
    }

    /// How many nodes can be made yet.
    pub(super) fn nodes_left(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or(usize::MAX) / NODE_BYTES
    }

    /// Takes bytes that are no text.
    pub(super) fn take_bytes(&mut self, bytes: usize) -> Result<(), &'static str> {
        self.bytes = self.bytes.checked_sub(bytes as u64).ok_or("the templates make too much")?;
        Ok(())
    }

    /// As the others, where nothing can be refused: the next step will be.
    pub(super) fn take_quietly(&mut self, steps: usize, bytes: usize) {
        self.steps = self.steps.saturating_sub(steps as u64);
        self.bytes = self.bytes.saturating_sub(bytes as u64);
    }

    /// The steps and the bytes that were taken.
    pub(super) fn done(&self) -> (u64, u64) {
        (MAX_STEPS - self.steps, MAX_BYTES - self.bytes)
    }

    pub(super) fn enter(&mut self) -> Result<(), &'static str> {
        if self.depth >= MAX_DEPTH {
            return Err("the templates are nested too deeply");
        }
        self.depth += 1;
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}
