//! What went into a computed text: the keys of values files, found in all that it was made from.

use std::collections::HashSet;

use super::origin_table::{ComputedId, ComputedInput, KeyPathId, OriginTable, PieceSource};
use super::origin_text::OriginText;
use super::template_value::TemplateValue;

/// How many nodes are looked through; a hash of all values need not name each.
const MAX_NODES: usize = 2_000;

/// How many inputs of a computed text are told apart.
const MAX_INPUTS: usize = 48;

/// Collects inputs, none twice, and the mark of what is random first, so that no limit cuts it off.
pub(super) struct InputCollector<'a> {
    table: &'a OriginTable,
    keys: HashSet<KeyPathId>,
    computed: HashSet<ComputedId>,
    inputs: Vec<ComputedInput>,
    random: bool,
    left: usize,
}

impl<'a> InputCollector<'a> {
    pub(super) fn new(table: &'a OriginTable) -> Self {
        Self {
            table,
            keys: HashSet::new(),
            computed: HashSet::new(),
            inputs: Vec::new(),
            random: false,
            left: MAX_NODES,
        }
    }

    /// How many nodes were looked at.
    pub(super) fn visited(&self) -> usize {
        MAX_NODES - self.left
    }

    pub(super) fn finish(mut self) -> Vec<ComputedInput> {
        if self.random {
            self.inputs.insert(0, ComputedInput::Random);
        }
        self.inputs
    }

    pub(super) fn add_value(&mut self, value: &TemplateValue) {
        let Some(left) = self.left.checked_sub(1) else { return };
        self.left = left;
        match value {
            TemplateValue::List(list) => {
                for item in list.items() {
                    self.add_value(item);
                }
            }
            TemplateValue::Map(map) => {
                for (_, entry) in map.entries() {
                    self.add_value(&entry.value);
                    if self.left == 0 {
                        break;
                    }
                }
            }
            TemplateValue::Object(object) if object.is_random() => self.random = true,
            other => {
                if let Some(literal) = other.literal() {
                    self.add_text(&literal);
                }
            }
        }
    }

    fn add_text(&mut self, text: &OriginText) {
        for piece in text.pieces() {
            match piece.source {
                PieceSource::Text { .. } => {}
                PieceSource::Value { key, .. } => self.add_key(key),
                PieceSource::Computed(id) => self.add_computed(id),
            }
        }
    }

    fn add_key(&mut self, key: KeyPathId) {
        if self.inputs.len() < MAX_INPUTS && self.keys.insert(key) {
            self.inputs.push(ComputedInput::Key(key));
        }
    }

    fn add_computed(&mut self, id: ComputedId) {
        if !self.computed.insert(id) {
            return;
        }
        let table = self.table;
        for input in table.computed(id).map_or(&[][..], |origin| &origin.inputs) {
            match input {
                ComputedInput::Random => self.random = true,
                ComputedInput::Key(key) => self.add_key(*key),
                ComputedInput::Named(_) => {
                    if self.inputs.len() < MAX_INPUTS && !self.inputs.contains(input) {
                        self.inputs.push(input.clone());
                    }
                }
            }
        }
    }
}
