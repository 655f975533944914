//! Reads YAML build files by their keys, with the line of each value.

use std::sync::Arc;

use crate::text::{SourceText, Span};
use crate::yaml::load_tree::load_tree;
use crate::yaml::split_documents::split_documents;
use crate::yaml::yaml_tree::{NodeId, YamlTree};

/// The documents of a build file. What cannot be read is left out.
pub(super) struct BuildYaml {
    source: SourceText,
    trees: Vec<YamlTree>,
}

/// A value in a build file.
#[derive(Clone, Copy)]
pub(super) struct BuildNode<'a> {
    source: &'a SourceText,
    tree: &'a YamlTree,
    id: NodeId,
}

impl BuildYaml {
    pub(super) fn parse(text: &str) -> Self {
        let shared: Arc<str> = text.into();
        let load = |span: Span| load_tree(&shared, span).ok();
        let trees = split_documents(text).into_iter().filter_map(load).collect();
        Self { source: SourceText::new(Arc::clone(&shared)), trees }
    }

    /// The top value of each document.
    pub(super) fn roots(&self) -> impl Iterator<Item = BuildNode<'_>> {
        self.trees.iter().filter_map(|tree| Some(BuildNode { source: &self.source, tree, id: tree.root()? }))
    }
}

impl<'a> BuildNode<'a> {
    fn at(self, id: NodeId) -> Self {
        Self { id: self.tree.resolve_alias(id), ..self }
    }

    /// The value of a key; aliases and merge keys are followed.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        Some(self.at(self.tree.get_resolved(self.id, key)?))
    }

    /// The value at the end of keys.
    pub(super) fn find(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    pub(super) fn items(self) -> impl Iterator<Item = Self> + use<'a> {
        self.tree.items(self.id).iter().map(move |id| self.at(*id))
    }

    /// The keys of a mapping with their values.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let entries = self.tree.entries(self.id).iter();
        entries.filter_map(move |(key, value)| Some((self.tree.scalar_text(*key)?, self.at(*value))))
    }

    /// The text of a scalar.
    pub(super) fn text(self) -> Option<&'a str> {
        self.tree.scalar_text(self.id).filter(|_| !self.tree.is_null(self.id))
    }

    /// The text of the scalar at the end of keys.
    pub(super) fn text_at(self, keys: &[&str]) -> Option<&'a str> {
        self.find(keys)?.text()
    }

    /// The texts of a sequence, or of a scalar alone.
    pub(super) fn texts(self) -> Vec<&'a str> {
        match self.text() {
            Some(text) => vec![text],
            None => self.items().filter_map(Self::text).collect(),
        }
    }

    /// The line on which it begins.
    pub(super) fn line(self) -> usize {
        self.source.line_number_at(self.tree.span(self.id).start)
    }

    /// The line on which the text of a scalar begins: of a block below its key, the line after.
    pub(super) fn text_line(self) -> usize {
        let start = self.tree.span(self.id).start;
        let is_block = self.source.text()[start..].starts_with(['|', '>']);
        self.line() + usize::from(is_block)
    }

    /// The line of the key whose value is at the end of the path.
    pub(super) fn key_line(self, key: &str) -> usize {
        let entry = self.tree.find_entry(self.id, key);
        entry.map_or_else(|| self.line(), |(key, _)| self.source.line_number_at(self.tree.span(key).start))
    }

    /// Every scalar in it, with the keys that lead there.
    pub(super) fn all_nodes(self) -> Vec<Self> {
        let mut all = vec![self];
        let mut next = 0;
        while let Some(node) = all.get(next).copied().filter(|_| all.len() < MAX_NODES) {
            all.extend(node.items());
            all.extend(node.entries().map(|(_, value)| value));
            next += 1;
        }
        all
    }
}

/// The most values of a file that are looked through: aliases may name the same one very often.
const MAX_NODES: usize = 50_000;
