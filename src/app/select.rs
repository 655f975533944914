//! Selections: kept by what they are, never by where they stand, while everything around them changes.

use std::collections::{BTreeMap, BTreeSet};

use super::backend::Request;
use super::event::Effect;
use super::filter::Filter;
use super::graft;
use super::index::{Entry, Index};
use super::layout::{Pane, Shape};
use super::listing::Lens;
use super::outline::{Grouping, Node, Outline};
use super::overlay::Overlay;
use super::preview::Outcome;
use super::state::State;
use super::tree::{self, Counts, Leaf};
use super::walk::Walking;
use crate::finding::FindingKey;
use crate::repo::RelPath;

/// After a change of more files than these the lists are made anew.
const MANY: usize = 500;
/// When more files than these come or go, the tree is.
const FEW: usize = 8;
/// Where more findings than these are to be looked at, once for each group of their file, the list is made anew.
const MOST_LOOKS: usize = 200_000;

impl State {
    /// The store says something else of these files: what is made from it follows.
    pub(super) fn reindex(&mut self, files: &BTreeSet<RelPath>) {
        if files.len() > MANY {
            self.index = Index::new(&self.store, self.rules);
            self.retree();
            return self.list(None);
        }
        let files = self.index.with_linked(&self.store, files);
        let (stay, others): (BTreeMap<_, _>, BTreeMap<_, _>) = files
            .iter()
            .map(|path| (path.clone(), self.index.counts(path)))
            .partition(|(path, _)| self.index.holds(path) == self.store.file(path).is_some());
        let mut groups = self.index.groups(&files, self.grouping);
        let heads = self.outline.heads(&self.index, &groups);
        let moves = self.index.change(&self.store, self.rules, &files);
        if self.replant(&others) {
            tree::recount(&mut self.tree, &self.index, &stay);
            if !others.is_empty() {
                self.refind();
            }
        } else {
            self.retree();
        }
        // The severity of a rule's worst finding, or whether a word is found anywhere, may change where all others stand.
        if self.grouping == Grouping::Rule || !self.filter.text.is_empty() {
            return self.list(None);
        }
        groups.extend(self.index.groups(&files, self.grouping));
        // A file may hold very many groups, and each is looked for in the whole of it.
        if groups.iter().map(|group| self.index.near(group)).sum::<usize>() > MOST_LOOKS {
            return self.list(None);
        }
        let lens = Lens { filter: &self.filter, grouping: self.grouping, flipped: &self.flipped };
        self.outline.change(&self.index, &lens, &moves, &heads, &groups);
        self.reselect();
    }

    /// The lists are made anew; each selection stays on what it was, or goes to what took its place.
    pub(super) fn relist(&mut self) {
        self.retree();
        self.refilter();
    }

    /// Takes files out of the tree that are gone and puts new ones in; `others` are both, with what they had. It cannot
    /// where the tree is to be made anew.
    fn replant(&mut self, others: &BTreeMap<RelPath, Counts>) -> bool {
        let mut each = others.iter().map(|(path, before)| match self.store.file(path) {
            Some(_) => graft::graft(&mut self.tree, path, self.index.counts(path)),
            None => graft::prune(&mut self.tree, path, *before),
        });
        others.len() <= FEW && each.all(|done| done)
    }

    fn retree(&mut self) {
        self.tree = tree::rows(&self.store, &self.index, &self.folded);
        self.refind();
    }

    /// The selection in the tree stays on what it was, or goes to what took its place.
    fn refind(&mut self) {
        let at = self.leaf.as_ref().and_then(|leaf| self.tree.iter().position(|row| row.leaf == *leaf));
        self.files.set(at.unwrap_or(self.files.row), self.tree.len());
        self.leaf = self.tree.get(self.files.row).map(|row| row.leaf.clone());
    }

    /// The list of findings is made anew.
    pub(super) fn refilter(&mut self) {
        let mut places = self.outline.order[..self.outline.open].to_vec();
        places.sort_unstable();
        self.list(Some((self.outline.filter.clone(), places)));
    }

    /// The list of findings is made anew, of those that were found before where the index is as it was then.
    fn list(&mut self, before: Option<(Filter, Vec<usize>)>) {
        let open = self.filter.pick(&self.index, before);
        let lens = Lens { filter: &self.filter, grouping: self.grouping, flipped: &self.flipped };
        self.outline = Outline::of(&self.index, &lens, &open);
        self.reselect();
    }

    fn reselect(&mut self) {
        let at = self.node.as_ref().and_then(|node| self.place_of(node));
        self.findings.set(at.unwrap_or(self.findings.row), self.outline.rows.len());
        self.node = self.row_node();
        self.scroll_into_view();
    }

    /// Where a node stands; a finding that is folded away stands where its fold does.
    fn place_of(&self, node: &Node) -> Option<usize> {
        self.outline.position(&self.index, node).or_else(|| {
            let Node::Finding(key) = node else { return None };
            // What was just allowed goes to the end of the list; the reader stays.
            let entry = self.index.find(key).filter(|entry| entry.quiet.is_none())?;
            let [group, theme] = Outline::ancestors(entry, &self.index, self.grouping);
            self.outline.position(&self.index, &theme).or_else(|| self.outline.position(&self.index, &group))
        })
    }

    /// Moves each list so that its selection is in view.
    pub(super) fn scroll_into_view(&mut self) {
        let layout = self.layout();
        self.files.show(self.tree.len(), layout.area(Pane::Files).lines(), 1);
        self.findings.show(self.outline.rows.len(), layout.area(Pane::Findings).lines(), 1);
    }

    /// Moves the source so that its line is in view.
    pub(super) fn show_line(&mut self) {
        let (len, height) = self.source_size();
        self.source.cursor.show(len, height, 3);
    }

    /// The selection in the findings moved: the source and the tree go with it.
    pub(super) fn follow_finding(&mut self) {
        self.node = self.row_node();
        let Some((path, line)) = self.entry_in_view().map(|entry| (entry.key.path.clone(), entry.line))
        else {
            return;
        };
        self.leaf = Some(Leaf::File(path.clone()));
        if let Some(at) = self.tree.iter().position(|row| Some(&row.leaf) == self.leaf.as_ref()) {
            self.files.row = at;
        }
        self.show_source(path, line);
        self.page_scroll = 0;
        self.patch_scroll = 0;
        self.scroll_into_view();
    }

    fn entry_in_view(&self) -> Option<&Entry> {
        self.outline.entries(&self.index, self.row()?).next()
    }

    /// The selection in the tree moved: the source and the findings go with it.
    pub(super) fn follow_file(&mut self) {
        self.leaf = self.tree.get(self.files.row).map(|row| row.leaf.clone());
        let Some(Leaf::File(path)) = self.leaf.clone() else { return };
        let line = self.index.in_file(&path).first().map_or(1, |entry| entry.line);
        let first = self.index.in_file(&path).first().map(|entry| Node::Finding(entry.key.clone()));
        if let Some(at) = first.and_then(|node| self.place_of(&node)) {
            self.findings.row = at;
            self.node = self.row_node();
        }
        self.show_source(path, line);
        self.page_scroll = 0;
        self.patch_scroll = 0;
        self.scroll_into_view();
    }

    /// Shows a line of a file, with some of what stands around it.
    pub(super) fn show_source(&mut self, path: RelPath, line: usize) {
        let same = self.source.path.as_ref() == Some(&path);
        self.source.path = Some(path);
        let (len, height) = self.source_size();
        self.source.cursor.set(line.saturating_sub(1), len);
        if !same {
            self.source.left = 0;
            self.source.linked_top = None;
            self.source.cursor.top = self.source.cursor.row.saturating_sub(height / 3);
        }
        self.show_line();
    }

    /// How many lines the file in view has, and how many of them are shown.
    pub(super) fn source_size(&self) -> (usize, usize) {
        let file = self.path().and_then(|path| self.store.file(path));
        let len = file.and_then(|file| file.source.as_ref()).map_or(0, crate::text::Source::line_count);
        (len, self.source_areas().0.lines())
    }

    /// Selects a finding in the list, and opens what it is folded under.
    pub(super) fn select(&mut self, key: &FindingKey) {
        let Some(entry) = self.index.find(key) else { return };
        let ancestors = Outline::ancestors(entry, &self.index, self.grouping);
        let node = Node::Finding(key.clone());
        for fold in ancestors {
            let at = self.outline.position(&self.index, &fold);
            if at.is_some_and(|at| self.outline.rows[at].open == Some(false)) {
                self.flip(fold);
                self.outline = Outline::new(&self.index, &self.filter, self.grouping, &self.flipped);
            }
        }
        if let Some(at) = self.outline.position(&self.index, &node) {
            self.findings.row = at;
            self.list = Pane::Findings;
            self.follow_finding();
        }
    }

    /// While a filter is typed, what is looked for is a finding: the selection leaves the folds above it.
    pub(super) fn select_first_finding(&mut self) {
        let rows = &self.outline.rows;
        if !self.filter.text.is_empty() && self.row().is_some_and(|row| row.open.is_some()) {
            let below = rows[self.findings.row..].iter().position(|row| row.open.is_none());
            self.findings.row += below.unwrap_or(0);
        }
    }

    /// Opens what is folded, or folds what is open.
    pub(super) fn flip(&mut self, node: Node) {
        if !self.flipped.remove(&node) {
            self.flipped.insert(node);
        }
    }

    /// Asks for the fix of what is selected, or of what is asked about. Nothing is asked twice.
    pub(super) fn ask_plan(&mut self, changed: bool) -> Vec<Effect> {
        if let Some(Overlay::Pins(pins)) = &self.overlay {
            let digests = pins.moved();
            if digests.is_empty() {
                return Vec::new();
            }
            self.preview.ask_otherwise();
            return vec![Effect::Ask(Request::Renew { generation: self.preview.generation, digests })];
        }
        let keys = match &self.overlay {
            Some(Overlay::Confirm { keys, .. }) => keys.clone(),
            Some(Overlay::Lookup(lookup)) => lookup.keys.clone(),
            _ if self.walk.is_some() => self.walk.as_ref().map(Walking::keys).unwrap_or_default(),
            _ if self.reaches_far() => Vec::new(),
            _ => self.selected(),
        };
        if !changed && keys == self.preview.keys {
            return Vec::new();
        }
        let waited = self.preview.outcome == Outcome::Waiting;
        self.preview.ask(keys.clone());
        let generation = self.preview.generation;
        if keys.is_empty() {
            let stop = Effect::Ask(Request::StopPlanning { generation });
            return if waited { vec![stop] } else { Vec::new() };
        }
        vec![Effect::Ask(Request::Plan { generation, keys }), Effect::Remind]
    }

    /// The areas of the source and of the file that is linked to it, where there is one and room for it.
    #[must_use]
    pub fn source_areas(&self) -> (super::Area, Option<super::Area>) {
        let layout = self.layout();
        let area = layout.area(Pane::Source);
        if layout.shape != Shape::Panes || self.linked().is_none() {
            return (area, None);
        }
        let mut own = area;
        let mut other = area;
        if area.width >= 88 {
            own.width = area.width / 2;
            other.x = own.right() + 1;
            other.width = area.right() - other.x;
        } else if area.height >= 20 {
            own.height = self.share(area.height);
            other.y = own.bottom() + 1;
            other.height = area.bottom() - other.y;
        } else {
            return (area, None);
        }
        (own, Some(other))
    }

    /// The first line of the linked file that is in view, from 0, and how far it can be scrolled. Where nobody scrolled,
    /// its first finding is in view.
    #[must_use]
    pub fn linked_view(&self) -> Option<(usize, usize)> {
        let (path, _) = self.linked()?;
        let count = self.store.file(path)?.source.as_ref()?.line_count();
        let last = count.saturating_sub(self.source_areas().1?.lines());
        let first = self.index.in_file(path).first().map_or(0, |entry| entry.line.saturating_sub(3));
        Some((self.source.linked_top.unwrap_or(first).min(last), last))
    }

    /// How much of a height the file in view takes when its partner stands under it: three fifths, unless one of them
    /// needs less than its part.
    fn share(&self, height: u16) -> u16 {
        let needs = |path: Option<&RelPath>| {
            let source = path.and_then(|path| self.store.file(path)).and_then(|file| file.source.as_ref());
            u16::try_from(source.map_or(0, crate::text::Source::line_count) + 2).unwrap_or(u16::MAX)
        };
        let usual = height * 3 / 5;
        let (own, other) = (needs(self.path()), needs(self.linked().map(|(path, _)| path)));
        own.min(usual.max(height.saturating_sub(other.saturating_add(1)))).clamp(6, height - 6)
    }
}
