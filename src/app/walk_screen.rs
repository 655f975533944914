//! Holds the walk while it has the screen: the app, the chapter, and the open question.

use std::collections::{BTreeMap, HashMap};

use super::app_event::MouseEvent;
use super::redact::SecretRedactor;
use super::screen_layout::ScreenArea;
use super::text_field::TextField;
use super::written_chapter::{PendingChapter, WrittenChapter};
use crate::finding::FindingKey;
use crate::repo::{FilePatch, RelPath};
use crate::store::Store;
use crate::text::SourceText;
use crate::text::diff::{self, DiffHunk};
use crate::walkthrough::{
    AppBefore, AppId, AppWalk, Chapter, ChapterPage, ChapterStatus, CopyKey, EvidenceLine, WalkApp,
    WalkOverview, write_pull_request,
};

/// The state of the walk on the screen.
#[derive(Clone, Debug, Default)]
pub struct WalkScreen {
    /// The walk as the backend sent it last.
    pub walk: Option<WalkOverview>,
    /// The app that is walked; none while it is chosen.
    pub id: Option<AppId>,
    /// The apps in the order in which the walk began: the worst first, and none moves while one is mended.
    pub(super) app_order: Vec<AppId>,
    /// The number of copies of an app that stand in its row, itself among them, where there are several.
    pub copies: HashMap<AppId, usize>,
    /// The finding that was in view when the walk was opened: its app is chosen first.
    pub(super) chosen: Option<FindingKey>,
    /// The index of the chosen app in the list.
    pub app_choice: usize,
    /// The chapter, from 0.
    pub chapter_index: usize,
    pub scroll: usize,
    /// The page of the change in view, and the request for the plan that it belongs to: of another plan it is the first.
    pub change_page: (u64, usize),
    /// The app as it was when its walk began.
    pub initial: Option<AppBefore>,
    /// The changes in each of its files since.
    pub file_diffs: Vec<(RelPath, Vec<DiffHunk>)>,
    pub prompt: Option<WalkPrompt>,
    /// What was written by chapter.
    pub written: BTreeMap<Chapter, WrittenChapter>,
    /// The change that is being written.
    pub(super) writing: Option<PendingChapter>,
    /// True once this walk's results were to be saved: the next time they go to the same file.
    pub(super) is_saved: bool,
    /// The chapter that was written last, until it is left: what is left of it is not written by the same key.
    pub fresh_chapter: Option<Chapter>,
}

/// A page of the change as it was drawn: only what was on the screen is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChapterChange {
    /// The request that the drawn plan answered.
    pub generation: u64,
    /// From 0.
    pub page: usize,
    pub pages: usize,
}

/// The question to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkPrompt {
    /// The reason for skipping a chapter.
    SkipReason(TextField),
}

impl WalkScreen {
    /// Takes a walk in; its apps keep their order, and new ones come last. Copies of one are one, the one that is walked or
    /// wanted where it is among them.
    pub(super) fn receive_walk(&mut self, mut walk: WalkOverview, wanted: Option<&AppId>) {
        self.fold_copies(&mut walk.apps, wanted);
        let order = &self.app_order;
        let place = |id: &AppId| order.iter().position(|known| known == id).unwrap_or(order.len());
        walk.apps.sort_by_cached_key(|app| place(&app.id));
        self.app_order = walk.apps.iter().map(|app| app.id.clone()).collect();
        self.walk = Some(walk);
    }

    /// Begins with another app, or with the choice of one, among the same apps.
    pub(super) fn begin_again(&mut self, id: Option<AppId>, app_choice: usize) {
        let Self { walk, app_order, copies, .. } = std::mem::take(self);
        *self = Self { walk, app_order, copies, id, app_choice, ..Self::default() };
    }

    fn fold_copies(&mut self, apps: &mut Vec<WalkApp>, wanted: Option<&AppId>) {
        let known: HashMap<&AppId, usize> = self.app_order.iter().zip(0..).collect();
        let rank = |app: &WalkApp| {
            let is_kept = Some(&app.id) == self.id.as_ref() || Some(&app.id) == wanted;
            (!is_kept, known.get(&app.id).copied().unwrap_or(usize::MAX))
        };
        let mut first_of: HashMap<CopyKey, usize> = HashMap::new();
        let mut copies: HashMap<AppId, usize> = HashMap::new();
        let mut is_shown = vec![true; apps.len()];
        for (at, app) in apps.iter().enumerate() {
            let Some(key) = app.copy_key() else { continue };
            let first = first_of.entry(key).or_insert(at);
            if *first == at {
                continue;
            }
            let count = copies.remove(&apps[*first].id).unwrap_or(1) + 1;
            let is_better = rank(app) < rank(&apps[*first]);
            let (kept, folded) = if is_better { (at, *first) } else { (*first, at) };
            is_shown[folded] = false;
            copies.insert(apps[kept].id.clone(), count);
            *first = kept;
        }
        let mut shown = is_shown.into_iter();
        apps.retain(|_| shown.next().unwrap_or(true));
        self.copies = copies;
    }

    /// Which of the apps is walked, from 0, and how many there are; none where it is the only one.
    #[must_use]
    pub fn app_place(&self) -> Option<(usize, usize)> {
        let apps = &self.walk.as_ref()?.apps;
        let at = apps.iter().position(|app| Some(&app.id) == self.id.as_ref())?;
        (apps.len() > 1).then_some((at, apps.len()))
    }

    /// The app after the one that is walked.
    #[must_use]
    pub fn next_app(&self) -> Option<&AppId> {
        let (at, _) = self.app_place()?;
        self.walk.as_ref()?.apps.get(at + 1).map(|app| &app.id)
    }

    /// The app's walk, where it is the chosen app's.
    #[must_use]
    pub fn app_walk(&self) -> Option<&AppWalk> {
        let journey = self.walk.as_ref()?.app_walk.as_ref()?;
        (Some(&journey.id) == self.id.as_ref()).then_some(journey)
    }

    /// The app that is chosen of how many, while there is a choice.
    #[must_use]
    pub fn choice_position(&self) -> Option<(usize, usize)> {
        let apps = &self.walk.as_ref().filter(|_| self.id.is_none())?.apps;
        (!apps.is_empty()).then_some((self.app_choice, apps.len()))
    }

    /// The rows of the screen in which the apps to choose from stand.
    #[must_use]
    pub const fn app_rows((width, height): (u16, u16)) -> ScreenArea {
        let (first, last) = (4, height.saturating_sub(1));
        ScreenArea::new(1, first, width.saturating_sub(2), last.saturating_sub(first))
    }

    /// The app in the first of so many rows.
    #[must_use]
    pub fn first_app_row(&self, rows: u16) -> usize {
        (self.app_choice + 1).saturating_sub(usize::from(rows))
    }

    /// The app that stands where the mouse is.
    pub(super) fn app_at(&self, mouse: MouseEvent, size: (u16, u16)) -> Option<usize> {
        let rows = Self::app_rows(size);
        let (_, count) = self.choice_position().filter(|_| rows.contains(mouse.column, mouse.row))?;
        let app = self.first_app_row(rows.height) + usize::from(mouse.row - rows.y);
        (app < count).then_some(app)
    }

    /// The chapter in view.
    #[must_use]
    pub fn current_page(&self) -> Option<&ChapterPage> {
        self.app_walk()?.pages.get(self.chapter_index)
    }

    /// The page of this plan's change that is in view, from 0.
    #[must_use]
    pub const fn page_of_change(&self, generation: u64) -> usize {
        if self.change_page.0 == generation { self.change_page.1 } else { 0 }
    }

    /// What was written in the chapter in view, as long as it stands and is what its page is about: of a chapter with a
    /// rest that can be written only until it is left.
    #[must_use]
    pub fn written_change(&self) -> Option<&WrittenChapter> {
        let page = self.current_page()?;
        let shown = page.status != ChapterStatus::ToDo || self.fresh_chapter == Some(page.chapter);
        self.written.get(&page.chapter).filter(|written| shown && written.stands(page))
    }

    /// The findings that the chapter in view fixes.
    #[must_use]
    pub fn finding_keys(&self) -> Vec<FindingKey> {
        self.current_page().map(|page| page.finding_keys.clone()).unwrap_or_default()
    }

    /// Hides the secrets in all that the walk shows, and compares the files before and now: the app's own, and `beside`
    /// them others that the walk wrote.
    pub(super) fn redact_and_diff(&mut self, store: &Store, beside: &[FilePatch]) {
        let id = self.id.clone();
        let journey = self.walk.as_mut().and_then(|walk| walk.app_walk.as_mut());
        let Some(journey) = journey.filter(|journey| Some(&journey.id) == id.as_ref()) else { return };
        let veils: Vec<SecretRedactor> =
            journey.files.iter().map(|(path, _)| SecretRedactor::for_file(store, path)).collect();
        let hidden =
            |words: &str| veils.iter().fold(words.to_owned(), |words, veil| veil.redact_text(&words));
        for page in &mut journey.pages {
            for cited in &mut page.quotes {
                cited.text = hidden(&cited.text);
            }
            for line in &mut page.evidence {
                if let EvidenceLine::Command(words) | EvidenceLine::Output(words) = line {
                    *words = hidden(words);
                }
            }
        }
        for line in self.initial.iter_mut().flat_map(|initial| initial.evidence.values_mut()).flatten() {
            if let EvidenceLine::Command(words) | EvidenceLine::Output(words) = line {
                *words = hidden(words);
            }
        }
        self.file_diffs.clear();
        for ((path, source), veil) in journey.files.iter().zip(&veils) {
            let before = self.initial.iter().flat_map(|before| &before.files);
            let Some((_, was)) = before.into_iter().find(|(other, _)| other == path) else { continue };
            let hunks = redacted_hunks(veil, was, source);
            if !hunks.is_empty() || journey.is_own_file(path) {
                self.file_diffs.push((path.clone(), hunks));
            }
        }
        for patch in beside {
            let veil = SecretRedactor::for_file(store, &patch.path);
            let hunks = redacted_hunks(&veil, &patch.before, &patch.after);
            if !hunks.is_empty() {
                self.file_diffs.push((patch.path.clone(), hunks));
            }
        }
    }

    /// The results as Markdown, without secrets.
    pub(super) fn results_markdown(&self, store: &Store, beside: &[FilePatch]) -> Option<String> {
        let hide = |path: &RelPath, patch: &str| SecretRedactor::for_file(store, path).redact_patch(patch);
        let (before, walk) = (self.initial.as_ref()?, self.app_walk()?);
        let stands =
            |page: &&ChapterPage| self.written.get(&page.chapter).is_some_and(|own| own.stands(page));
        let withheld = walk.pages.iter().filter(stands).filter_map(|page| {
            let left = self.written.get(&page.chapter)?.withheld.iter();
            Some((page.chapter, left.map(|(rule, reason)| format!("{rule}: {reason}")).collect()))
        });
        Some(write_pull_request(before, walk, beside, &withheld.collect(), &hide))
    }
}

/// The changes between two texts of a file, without its secrets.
fn redacted_hunks(veil: &SecretRedactor, before: &SourceText, now: &SourceText) -> Vec<DiffHunk> {
    let mut hunks = diff::diff_hunks(before.text(), now.text());
    hunks.iter_mut().flat_map(|hunk| &mut hunk.lines).for_each(|line| veil.redact_line(line));
    hunks
}
