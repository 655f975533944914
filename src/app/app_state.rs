//! Holds the program's whole state while it runs, for the views to read.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::away::AwaySnapshot;
use super::change_log::ChangeLog;
use super::chart_view::{RenderedPage, UnitChoice, ValuesInEffect};
use super::dialog_state::{DialogState, KeptSetting};
use super::file_tree::{FileTreeNode, FileTreeRow};
use super::finding_filter::FindingFilter;
use super::findings_index::FindingsIndex;
use super::findings_list::{FindingGrouping, FindingsList, FindingsRow, ListNode};
use super::first_screen::FirstScreen;
use super::fix_preview::FixPreview;
use super::frame_record::FrameRecord;
use super::kept_view::KeptView;
use super::key_press::KeyPress;
use super::list_cursor::ListCursor;
use super::mended_place::MendedPlace;
use super::pair_page::PairPage;
use super::patched_file::PatchSide;
use super::query::{QueryFacts, QueryPrompt};
use super::screen_layout::{Pane, PaneBorder, PaneSplits, ScreenLayout};
use super::session_facts::SessionFacts;
use super::source_places::SourcePlaces;
use super::stage::FixStage;
use super::text_field::TextField;
use super::toast::Toast;
use super::user_config::UserConfig;
use super::view_order::{ListOrder, ListRanks};
use super::walk_screen::{ChapterChange, WalkScreen};
use crate::audit::ListedFinding;
use crate::base::ClockTime;
use crate::finding::FindingKey;
use crate::repo::{RelPath, WatchMode};
use crate::rules::{Rule, rule_ids};
use crate::store::Store;

/// The lookup of a rule by its id.
pub type RuleLookup = fn(&str) -> Option<&'static Rule>;

/// The file in view, and the place in it.
#[derive(Clone, Debug, Default)]
pub struct SourceView {
    pub path: Option<RelPath>,
    /// Row 0 is line 1.
    pub cursor: ListCursor,
    /// The first line in view of the file that is linked to it, where the user scrolled there.
    pub linked_top: Option<usize>,
    /// True where the user scrolled to the lines in view: else the fix is in view.
    pub is_scrolled: bool,
    /// The part of the fix that is shown.
    pub side: PatchSide,
}

/// The view that takes the whole body instead of the panes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullscreenView {
    Diff,
    Page,
    /// What a chart renders of the file in view, or an overlay builds.
    Rendered,
    /// The Dockerfile and the workload of its image, as pairs.
    Pairs,
}

/// The measures of the last drawing: how far texts that are laid out while drawing can be scrolled, and what was shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ScrollLimits {
    pub page: usize,
    pub patch: usize,
    pub help: usize,
    /// The words about the change that a stage shows.
    pub notes: usize,
    /// The page of the walk's change that was drawn; none where none was.
    pub change: Option<ChapterChange>,
    /// What was shown of the fix in view.
    pub frame: FrameRecord,
}

/// The program's state. Fields are read by the views; only `update` changes them.
#[derive(Debug)]
pub struct AppState {
    /// The repository's name, for the header.
    pub name: String,
    pub config: UserConfig,
    pub rules: RuleLookup,
    /// The time of day, for records of what happened.
    pub clock: fn() -> ClockTime,
    pub store: Store,
    pub index: FindingsIndex,

    pub size: (u16, u16),
    pub splits: PaneSplits,
    pub dragged_border: Option<PaneBorder>,
    pub focus: Pane,
    /// The list of the two whose selection `f` fixes.
    pub active_list: Pane,
    pub fullscreen: Option<FullscreenView>,
    pub dialog: Option<DialogState>,
    /// The first line in view while a question shows all that is known of the risk, in the place of the patch.
    pub risk_scroll: Option<usize>,
    pub toast: Option<Toast>,
    /// The keys of a sequence that has begun and is not whole.
    pub pending_keys: Vec<KeyPress>,
    /// The places that can be gone back to.
    pub places: SourcePlaces,
    /// What matters first.
    pub first_screen: FirstScreen,
    /// The walk, while it has the screen.
    pub walk: Option<WalkScreen>,
    /// The stage of a wide fix, while it is open.
    pub stage: Option<Box<FixStage>>,

    pub tree: Vec<FileTreeRow>,
    pub folded_folders: HashSet<String>,
    pub selected_path: Option<FileTreeNode>,
    pub files_cursor: ListCursor,

    pub findings_list: FindingsList,
    pub grouping: FindingGrouping,
    /// The order of the lists and of the first screen.
    pub order: ListOrder,
    /// The places in the lists, as they were when the order was taken.
    pub ranks: ListRanks,
    /// True where the next ranking gives the lists their order.
    pub(super) takes_order: bool,
    /// The rows that are open or folded contrary to their default.
    pub toggled: HashSet<ListNode>,
    pub selected_node: Option<ListNode>,
    pub findings_cursor: ListCursor,
    pub filter: FindingFilter,
    /// The filter's text field, while keys go to it.
    pub filter_field: Option<TextField>,
    /// The candidates and the history of what is typed there.
    pub query_prompt: QueryPrompt,
    pub facts: SessionFacts,

    pub source: SourceView,
    pub page_scroll: usize,
    pub patch_scroll: usize,
    pub scroll_limits: ScrollLimits,
    /// The page of what a chart renders, as it was shown last.
    pub rendered: Option<RenderedPage>,
    /// The pairs, as they were shown last.
    pub pairs: Option<PairPage>,
    pub unit_choice: UnitChoice,
    /// The values in effect in the file in view, where that is a chart's template.
    pub values: ValuesInEffect,
    pub preview: FixPreview,
    /// What was written last, until a person moves; and what is being written.
    pub mended: Option<MendedPlace>,
    pub(super) being_mended: Option<MendedPlace>,
    /// What a person is asked to keep for the repository.
    pub(super) being_kept: Option<KeptSetting>,
    /// The number of registry lookups so far.
    pub lookup_count: u64,

    pub watch_mode: WatchMode,
    /// Files read and to read, during a scan.
    pub progress: Option<(usize, usize)>,
    /// True once the scan has gone on for longer than a moment.
    pub show_progress: bool,
    /// True after the first scan: before it nothing is new and nothing is called clean.
    pub is_scanned: bool,
    pub new_keys: BTreeSet<FindingKey>,
    /// The finding that the news named last, until a person goes to it.
    pub named_new: Option<FindingKey>,
    /// What happened, for the log.
    pub change_log: ChangeLog,
    /// The number of findings that went with the last change, and the word for how.
    pub last_closed: Option<(usize, &'static str)>,
    /// True after a fix was undone: a finding that comes back is then selected.
    pub select_restored: bool,
    /// True where what was selected went by itself and something else is selected, until a person presses a key.
    pub(super) is_displaced: bool,
    /// The state when the terminal's window lost the focus.
    pub away: Option<AwaySnapshot>,
    /// The scores so far, the latest last.
    pub scores: Vec<u8>,
    /// The view as it was last kept for the next time.
    pub(super) kept_view: Option<KeptView>,
    /// The state when a person asked to look again, until that is answered.
    pub before_rescan: Option<AwaySnapshot>,
    /// The names of the themes; `theme` is the index of the one in use.
    pub themes: Vec<String>,
    pub theme: usize,
}

impl AppState {
    #[must_use]
    pub fn new(name: impl Into<String>, config: UserConfig, rules: RuleLookup) -> Self {
        Self {
            name: name.into(),
            config,
            rules,
            clock: ClockTime::now,
            store: Store::default(),
            index: FindingsIndex::default(),
            size: (80, 24),
            splits: PaneSplits::default(),
            dragged_border: None,
            focus: Pane::Findings,
            active_list: Pane::Findings,
            fullscreen: None,
            dialog: None,
            risk_scroll: None,
            toast: None,
            pending_keys: Vec::new(),
            places: SourcePlaces::default(),
            first_screen: FirstScreen::default(),
            walk: None,
            stage: None,
            tree: Vec::new(),
            folded_folders: HashSet::new(),
            selected_path: None,
            files_cursor: ListCursor::default(),
            findings_list: FindingsList::default(),
            grouping: FindingGrouping::default(),
            order: ListOrder::default(),
            ranks: ListRanks::default(),
            takes_order: false,
            toggled: HashSet::new(),
            selected_node: None,
            findings_cursor: ListCursor::default(),
            filter: FindingFilter::default(),
            filter_field: None,
            query_prompt: QueryPrompt::default(),
            facts: SessionFacts::default(),
            source: SourceView::default(),
            page_scroll: 0,
            patch_scroll: 0,
            scroll_limits: ScrollLimits::default(),
            rendered: None,
            pairs: None,
            unit_choice: UnitChoice::default(),
            values: ValuesInEffect::default(),
            preview: FixPreview::default(),
            mended: None,
            being_mended: None,
            being_kept: None,
            lookup_count: 0,
            watch_mode: WatchMode::default(),
            progress: None,
            show_progress: false,
            is_scanned: false,
            new_keys: BTreeSet::new(),
            named_new: None,
            change_log: ChangeLog::default(),
            last_closed: None,
            select_restored: false,
            is_displaced: false,
            away: None,
            scores: Vec::new(),
            kept_view: None,
            before_rescan: None,
            themes: Vec::new(),
            theme: 0,
        }
    }

    #[must_use]
    pub fn layout(&self) -> ScreenLayout {
        let layout = ScreenLayout::new(self.size, self.focus, self.splits);
        if self.filter_field.is_some() { layout.below_prompt() } else { layout }
    }

    /// True where the keys go to this pane, and to nothing that lies over it.
    #[must_use]
    pub fn has_keys(&self, pane: Pane) -> bool {
        let is_covered = self.dialog.is_some() || self.fullscreen.is_some();
        self.focus == pane && !is_covered && self.filter_field.is_none()
    }

    /// The search as it is shown: of what stands behind a row of the first screen, what the row says.
    #[must_use]
    pub fn search_words(&self) -> (&'static str, &str) {
        match self.filter.shows_opened_cause() && !self.facts.opened_title.is_empty() {
            true => ("", &self.facts.opened_title),
            false => ("/", self.filter.text()),
        }
    }

    /// The name of the theme in use.
    #[must_use]
    pub fn theme_name(&self) -> &str {
        self.themes.get(self.theme).map_or("terminal", String::as_str)
    }

    /// The selected row of the findings; none where the place of a mended one is kept.
    #[must_use]
    pub fn selected_row(&self) -> Option<&FindingsRow> {
        if self.mended_row().is_some() {
            return None;
        }
        self.findings_list.rows.get(self.findings_cursor.row)
    }

    /// The node of the selected row.
    #[must_use]
    pub fn selected_row_node(&self) -> Option<ListNode> {
        self.selected_row().map(|row| self.findings_list.node_of_row(&self.index, row))
    }

    /// True where what a person is asked to keep is values that fixes write.
    #[must_use]
    pub const fn keeps_values(&self) -> bool {
        matches!(self.being_kept, Some(KeptSetting::Values(_)))
    }

    /// The reason why the finding in view has no fix, as its rule gives it.
    #[must_use]
    pub fn withheld_reason(&self) -> Option<&str> {
        self.current_finding()?.finding.withheld_reason()
    }

    /// True where what is selected stands only in files that do not parse as they were saved last: it is of the version
    /// before, and nothing is fixed by that.
    #[must_use]
    pub fn is_half_saved(&self) -> bool {
        let is_kept = |entry: &ListedFinding| {
            entry.key.rule != rule_ids::INVALID_SYNTAX && self.store.is_half_saved(&entry.key.path)
        };
        let mut selected = self.iter_selected().peekable();
        selected.peek().is_some() && selected.all(is_kept)
    }

    /// The finding to explain: the selected one, or the first under the selected row.
    #[must_use]
    pub fn current_finding(&self) -> Option<&ListedFinding> {
        match self.active_list {
            Pane::Files => {
                self.current_path().and_then(|path| self.index.entries_in(path).first()).map(|entry| &**entry)
            }
            _ => self.findings_list.entries_under(&self.index, self.selected_row()?).next(),
        }
    }

    /// The file in view.
    #[must_use]
    pub fn current_path(&self) -> Option<&RelPath> {
        self.source.path.as_ref()
    }

    /// True where the selection is one finding, rather than several as one.
    #[must_use]
    pub fn is_single_finding(&self) -> bool {
        self.active_list == Pane::Findings && matches!(self.selected_row_node(), Some(ListNode::Finding(_)))
    }

    /// The finding that is marked on a line of a file, where it is listed.
    pub(super) fn finding_at(&self, path: &RelPath, line: usize) -> Option<FindingKey> {
        let mut entries = self.index.entries_in(path).iter();
        let shown = entries.find(|entry| entry.line == line && self.is_shown(entry));
        shown.map(|entry| entry.key.clone())
    }

    /// What the search wants to know beside the findings.
    #[must_use]
    pub const fn query_facts(&self) -> QueryFacts<'_> {
        self.facts.query_facts(&self.new_keys)
    }

    /// True for a finding that the filter lets pass.
    #[must_use]
    pub fn is_shown(&self, entry: &ListedFinding) -> bool {
        self.filter.matches_entry(entry, &self.index, &self.query_facts())
    }

    /// The findings that are selected.
    #[must_use]
    pub fn selected_entries(&self) -> Vec<&ListedFinding> {
        self.iter_selected().collect()
    }

    /// The same, one after the other, for whoever asks only of some.
    pub(super) fn iter_selected(&self) -> Box<dyn Iterator<Item = &ListedFinding> + '_> {
        match (self.active_list, &self.selected_path) {
            (Pane::Files, Some(FileTreeNode::File(path))) => {
                Box::new(self.index.entries_in(path).iter().map(|entry| &**entry))
            }
            (Pane::Files, Some(FileTreeNode::Folder(folder))) => {
                let inside = move |entry: &&ListedFinding| {
                    entry
                        .key
                        .path
                        .as_str()
                        .strip_prefix(folder.as_str())
                        .is_some_and(|rest| rest.starts_with('/'))
                };
                Box::new(self.index.entries.iter().map(|entry| &**entry).filter(inside))
            }
            (Pane::Files, None) => Box::new(std::iter::empty()),
            _ => {
                let row = self.selected_row().into_iter();
                Box::new(row.flat_map(|row| self.findings_list.entries_under(&self.index, row)))
            }
        }
    }

    /// The keys of the findings that `f` fixes.
    #[must_use]
    pub fn selected_keys(&self) -> Vec<FindingKey> {
        self.selected_entries().into_iter().map(|entry| entry.key.clone()).collect()
    }

    /// The findings of the opened row that are not asked about, while the reason is asked for why one is allowed.
    #[must_use]
    pub fn others_of_row(&self) -> usize {
        if self.first_screen.asks_reason { self.facts.opened_cause.len().saturating_sub(1) } else { 0 }
    }

    /// True where the selection spans more than a finding, a theme, an object or a file: such a fix is confirmed first.
    #[must_use]
    pub fn spans_widely(&self) -> bool {
        match self.active_list {
            Pane::Files => matches!(self.selected_path, Some(FileTreeNode::Folder(_))),
            _ => {
                let by_rule = self.grouping == FindingGrouping::Rule;
                match self.selected_row_node() {
                    Some(ListNode::Group(_)) => by_rule,
                    Some(ListNode::Suppressed(_)) => true,
                    _ => false,
                }
            }
        }
    }

    /// The object by which the file in view belongs to a linked one: its own in view, or the one that runs its image.
    pub(super) fn object_linked_to(&self, linked: &RelPath) -> Option<Arc<str>> {
        let current = self.current_path()?;
        let runs = self.index.objects_that_run(current, linked).next().cloned();
        runs.or_else(|| self.current_finding().and_then(|entry| entry.key.subject.object.clone()))
    }

    /// The file that belongs to the one in view, with the reason: a manifest's Dockerfile, or the manifest that runs
    /// the built image.
    #[must_use]
    pub fn linked_file(&self) -> Option<(&RelPath, &str)> {
        let current = self.current_path()?;
        let mended = self.mended.as_ref().filter(|mended| mended.row.is_some());
        let object = match mended {
            Some(mended) => mended.node.object(),
            None => self.current_finding().and_then(|entry| entry.key.subject.object.as_ref()),
        };
        let linked = self.index.linked_file(current, object);
        let files = mended.map_or(&self.preview.visible().files, |mended| &mended.files);
        let is_written = |path: &RelPath| files.iter().any(|file| file.path == *path);
        if linked.is_some_and(|(path, _)| is_written(path)) {
            return linked;
        }
        let other = files.iter().find(|file| file.path != *current && is_written(current));
        other.map(|file| (&file.path, "the same fix writes it")).or(linked)
    }
}
