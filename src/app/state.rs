//! All that the program knows while it runs.

use std::collections::{BTreeSet, HashSet};

use super::backend::Watching;
use super::config::Config;
use super::cursor::Cursor;
use super::filter::Filter;
use super::index::{Entry, Index, Rules};
use super::layout::{Border, Layout, Pane, Splits};
use super::left::Left;
use super::outline::{Grouping, Node, Outline, Row};
use super::overlay::Overlay;
use super::preview::Preview;
use super::toast::Toast;
use super::tree::{FileRow, Leaf};
use super::walk::Walking;
use crate::finding::FindingKey;
use crate::repo::RelPath;
use crate::store::Store;

/// The file that is shown, and where in it.
#[derive(Clone, Debug, Default)]
pub struct SourceView {
    pub path: Option<RelPath>,
    /// Row 0 is line 1.
    pub cursor: Cursor,
    /// Columns scrolled to the right.
    pub left: usize,
    /// The first line in view of the file that is linked to it, where somebody scrolled there.
    pub linked_top: Option<usize>,
}

/// What takes the whole body instead of the panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wide {
    Diff,
    Page,
}

/// What the last drawing measured: how far texts that are laid out while drawing can be scrolled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Measured {
    pub page: usize,
    pub patch: usize,
    pub help: usize,
}

/// The program's state. Fields are read by the views; only `update` changes them.
#[derive(Debug)]
pub struct State {
    /// The repository's name, for the header.
    pub name: String,
    pub config: Config,
    pub rules: Rules,
    pub store: Store,
    pub index: Index,

    pub size: (u16, u16),
    pub splits: Splits,
    pub dragged: Option<Border>,
    pub focus: Pane,
    /// Which of the two lists has the selection that `f` mends.
    pub list: Pane,
    pub wide: Option<Wide>,
    pub overlay: Option<Overlay>,
    pub toast: Option<Toast>,
    /// The walk, while it has the screen.
    pub walk: Option<Walking>,

    pub tree: Vec<FileRow>,
    pub folded: HashSet<String>,
    pub leaf: Option<Leaf>,
    pub files: Cursor,

    pub outline: Outline,
    pub grouping: Grouping,
    /// Rows that are open or folded contrary to what is usual.
    pub flipped: HashSet<Node>,
    pub node: Option<Node>,
    pub findings: Cursor,
    pub filter: Filter,
    /// Whether keys go to the filter.
    pub typing: bool,

    pub source: SourceView,
    pub page_scroll: usize,
    pub patch_scroll: usize,
    pub measured: Measured,
    pub preview: Preview,
    /// Counts what was asked of registries.
    pub lookups: u64,

    pub watching: Watching,
    /// Files read and to read, during a scan.
    pub progress: Option<(usize, usize)>,
    /// Whether it has gone on for longer than a moment.
    pub late: bool,
    /// Whether the first scan is through: before it nothing is new and nothing is called clean.
    pub scanned: bool,
    pub fresh: BTreeSet<FindingKey>,
    /// How many findings the last change resolved.
    pub resolved: usize,
    /// Whether a fix was just taken back: what comes back with it is then selected.
    pub returns: bool,
    /// What was known when the terminal's window was left.
    pub left: Option<Left>,
    /// The scores so far, the latest last.
    pub scores: Vec<u8>,
    /// The names of the themes, and which is in use.
    pub themes: Vec<String>,
    pub theme: usize,
}

impl State {
    #[must_use]
    pub fn new(name: impl Into<String>, config: Config, rules: Rules) -> Self {
        Self {
            name: name.into(),
            config,
            rules,
            store: Store::default(),
            index: Index::default(),
            size: (80, 24),
            splits: Splits::default(),
            dragged: None,
            focus: Pane::Findings,
            list: Pane::Findings,
            wide: None,
            overlay: None,
            toast: None,
            walk: None,
            tree: Vec::new(),
            folded: HashSet::new(),
            leaf: None,
            files: Cursor::default(),
            outline: Outline::default(),
            grouping: Grouping::default(),
            flipped: HashSet::new(),
            node: None,
            findings: Cursor::default(),
            filter: Filter::default(),
            typing: false,
            source: SourceView::default(),
            page_scroll: 0,
            patch_scroll: 0,
            measured: Measured::default(),
            preview: Preview::default(),
            lookups: 0,
            watching: Watching::default(),
            progress: None,
            late: false,
            scanned: false,
            fresh: BTreeSet::new(),
            resolved: 0,
            returns: false,
            left: None,
            scores: Vec::new(),
            themes: Vec::new(),
            theme: 0,
        }
    }

    #[must_use]
    pub fn layout(&self) -> Layout {
        Layout::new(self.size, self.focus, self.splits)
    }

    /// The name of the theme in use.
    #[must_use]
    pub fn theme_name(&self) -> &str {
        self.themes.get(self.theme).map_or("terminal", String::as_str)
    }

    /// The selected row of the findings.
    #[must_use]
    pub fn row(&self) -> Option<&Row> {
        self.outline.rows.get(self.findings.row)
    }

    /// What the selected row is.
    #[must_use]
    pub fn row_node(&self) -> Option<Node> {
        self.row().map(|row| self.outline.node(&self.index, row))
    }

    /// The finding that is explained: the selected one, or the first under the selected row.
    #[must_use]
    pub fn finding(&self) -> Option<&Entry> {
        match self.list {
            Pane::Files => {
                self.path().and_then(|path| self.index.in_file(path).first()).map(|entry| &**entry)
            }
            _ => self.outline.entries(&self.index, self.row()?).next(),
        }
    }

    /// The file in view.
    #[must_use]
    pub fn path(&self) -> Option<&RelPath> {
        self.source.path.as_ref()
    }

    /// Whether the selection is one finding, rather than several as one.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.list == Pane::Findings && matches!(self.row_node(), Some(Node::Finding(_)))
    }

    /// The finding that is marked on a line of a file, where it is listed.
    pub(super) fn finding_at(&self, path: &RelPath, line: usize) -> Option<FindingKey> {
        let mut entries = self.index.in_file(path).iter();
        let shown = entries.find(|entry| entry.line == line && self.filter.lets_through(entry));
        shown.map(|entry| entry.key.clone())
    }

    /// The findings that are selected.
    #[must_use]
    pub fn selection(&self) -> Vec<&Entry> {
        match (self.list, &self.leaf) {
            (Pane::Files, Some(Leaf::File(path))) => {
                self.index.in_file(path).iter().map(|entry| &**entry).collect()
            }
            (Pane::Files, Some(Leaf::Folder(folder))) => {
                let inside = |entry: &&Entry| {
                    entry
                        .key
                        .path
                        .as_str()
                        .strip_prefix(folder.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
                };
                self.index.entries.iter().map(|entry| &**entry).filter(inside).collect()
            }
            (Pane::Files, None) => Vec::new(),
            _ => self.row().map_or_else(Vec::new, |row| self.outline.entries(&self.index, row).collect()),
        }
    }

    /// The keys of the findings that `f` mends.
    #[must_use]
    pub fn selected(&self) -> Vec<FindingKey> {
        self.selection().into_iter().map(|entry| entry.key.clone()).collect()
    }

    /// Whether the selection reaches further than a finding, a theme, an object or a file: such a fix is asked about.
    #[must_use]
    pub fn reaches_far(&self) -> bool {
        match self.list {
            Pane::Files => matches!(self.leaf, Some(Leaf::Folder(_))),
            _ => {
                let by_rule = self.grouping == Grouping::Rule;
                match self.row_node() {
                    Some(Node::Group(_)) => by_rule,
                    Some(Node::Quiet(_)) => true,
                    _ => false,
                }
            }
        }
    }

    /// The file that belongs to the one in view: a manifest's Dockerfile, or the manifest that runs what is built; and
    /// what says so.
    #[must_use]
    pub fn linked(&self) -> Option<(&RelPath, &str)> {
        let object = self.finding().and_then(|entry| entry.key.subject.object.as_ref());
        self.index.linked(self.path()?, object)
    }

    /// Whether the fix in view is on the screen, so that `f` may write it.
    #[must_use]
    pub fn shows_fix(&self) -> bool {
        let layout = self.layout();
        match self.wide {
            Some(Wide::Diff) => true,
            Some(Wide::Page) => false,
            None => {
                layout.shape == super::layout::Shape::Panes
                    || layout.fix.is_some()
                    || self.focus == Pane::Rule
            }
        }
    }
}
