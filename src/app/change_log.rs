//! Keeps what happened to the repository since the program began, for its log, and counts a burst of changes once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::base::ClockTime;
use crate::finding::FindingKey;
use crate::repo::RelPath;
use crate::store::{Store, StoreDelta};

/// The most entries that are kept.
const MAX_ENTRIES: usize = 200;
/// The most files of a change that is counted at once: a person saves few, a checkout writes many.
const FEW_FILES: usize = 8;
/// How often the quiet after a checkout is waited for again while none of its files was read yet.
const MAX_CHECKOUT_WAITS: u8 = 12;
/// The most findings that went and are named.
const MAX_GONE_NAMED: usize = 3;
/// The most findings that went and are remembered; beyond, all of them are forgotten.
const MAX_GONE: usize = 20_000;

/// The kind of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ChangeKind {
    #[default]
    Saved,
    /// Files that do not parse at the moment: their findings are kept.
    HalfSaved,
    Deleted,
    /// Somebody allowed findings, with a reason.
    Allowed,
    /// A fix was written; its title.
    Mended(String),
    TakenBack,
    MadeAgain,
    /// Another branch was checked out: the one before and the one now.
    Checkout(String, String),
}

impl ChangeKind {
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::HalfSaved => "half saved",
            Self::Deleted => "deleted",
            Self::Allowed => "allowed",
            Self::Mended(_) => "mended",
            Self::TakenBack => "taken back",
            Self::MadeAgain => "made again",
            Self::Checkout(..) => "checkout",
        }
    }

    /// The word for what went with it; none where it is allowed, which is counted by itself.
    #[must_use]
    pub const fn closed_word(&self) -> Option<&'static str> {
        match self {
            Self::Allowed => None,
            Self::Deleted => Some("gone with a file"),
            Self::TakenBack => Some("taken back"),
            Self::Checkout(..) => Some("not on this branch"),
            Self::Saved | Self::HalfSaved | Self::Mended(_) | Self::MadeAgain => Some("resolved"),
        }
    }

    /// True where open findings that come with it are news: what a person asked for, or took back, is not.
    const fn brings_news(&self) -> bool {
        matches!(self, Self::Saved | Self::HalfSaved | Self::Deleted | Self::Allowed)
    }
}

/// One change, with what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggedChange {
    pub at: ClockTime,
    pub kind: ChangeKind,
    /// The changed files; of many, those whose findings changed.
    pub files: BTreeSet<RelPath>,
    /// The findings that are open since.
    pub opened: BTreeSet<FindingKey>,
    /// Those of them that are no news: they were open before and went for a while, or their file was half saved.
    pub quiet: BTreeSet<FindingKey>,
    /// The number of findings that went.
    pub closed: usize,
    /// The first of them.
    pub gone: Vec<FindingKey>,
    /// The score before and after, where it changed.
    pub scores: Option<(u8, u8)>,
}

/// The changes of a burst that is not over.
#[derive(Clone, Debug, Default)]
struct ChangeBurst {
    /// The files that were judged anew.
    touched: BTreeSet<RelPath>,
    /// Those of them that were edited, came or went.
    edited: BTreeSet<RelPath>,
    /// The files whose findings changed.
    files: BTreeSet<RelPath>,
    opened: BTreeSet<FindingKey>,
    returned: BTreeSet<FindingKey>,
    closed: BTreeSet<FindingKey>,
    allowed: usize,
    score_before: Option<u8>,
}

/// All that happened, the latest first.
#[derive(Clone, Debug, Default)]
pub struct ChangeLog {
    pub entries: VecDeque<LoggedChange>,
    burst: ChangeBurst,
    /// True while more of a burst may come.
    is_unsettled: bool,
    /// What the program itself is about to change: the kind, and the files.
    expected: Option<(ChangeKind, Vec<RelPath>)>,
    branch_change: Option<(String, String)>,
    /// How often more is waited for the files of that change.
    checkout_waits: u8,
    /// The findings that went by no fix of the program's, each with whether it was new: one that comes back is as new as
    /// it was.
    gone: BTreeMap<FindingKey, bool>,
}

impl ChangeLog {
    /// The next change is the program's own.
    pub(super) fn expect_change(&mut self, kind: ChangeKind, files: Vec<RelPath>) {
        self.expected = Some((kind, files));
    }

    pub(super) fn note_branch(&mut self, from: String, to: String) {
        let from = self.branch_change.take().map_or(from, |(first, _)| first);
        self.branch_change = Some((from, to));
        self.checkout_waits = MAX_CHECKOUT_WAITS;
        self.is_unsettled = true;
    }

    /// True where another branch was checked out and none of its files was read yet: they may be many. Not for ever.
    pub(super) fn awaits_checkout(&mut self) -> bool {
        let awaits = self.branch_change.is_some() && self.burst.touched.is_empty() && self.checkout_waits > 0;
        self.checkout_waits -= u8::from(awaits);
        awaits
    }

    /// Takes in an update, and gives the change once it is whole: at once where it is the program's own or small, else
    /// when the burst is over. What went is not among the new findings any more, and is again when it comes back.
    pub(super) fn take_update(
        &mut self,
        delta: &StoreDelta,
        store: &Store,
        new_keys: &mut BTreeSet<FindingKey>,
        (score_before, at): (Option<u8>, ClockTime),
    ) -> Option<LoggedChange> {
        self.merge_update(delta, store, new_keys, score_before);
        let is_own =
            self.expected.as_ref().is_some_and(|(_, files)| files.iter().any(|f| delta.files.contains(f)));
        let is_first = !std::mem::replace(&mut self.is_unsettled, true);
        let is_small = is_first && self.burst.touched.len() <= FEW_FILES;
        (is_own || is_small).then(|| self.finish_burst(store, at)).flatten()
    }

    /// The burst is over: the change that it was, where it was one.
    pub(super) fn settle(&mut self, store: &Store, at: ClockTime) -> Option<LoggedChange> {
        self.is_unsettled = false;
        self.finish_burst(store, at)
    }

    /// Keeps a change.
    pub(super) fn push(&mut self, change: LoggedChange) {
        self.entries.push_front(change);
        self.entries.truncate(MAX_ENTRIES);
    }

    fn merge_update(
        &mut self,
        delta: &StoreDelta,
        store: &Store,
        new_keys: &mut BTreeSet<FindingKey>,
        score_before: Option<u8>,
    ) {
        let burst = &mut self.burst;
        if burst.touched.is_empty() {
            burst.score_before = score_before;
        }
        burst.touched.extend(delta.files.iter().cloned());
        burst.edited.extend(delta.edited.iter().cloned());
        burst.files.extend(delta.new.iter().chain(&delta.resolved).map(|key| key.path.clone()));
        for key in &delta.new {
            let was_new = self.gone.remove(key);
            if was_new == Some(true) {
                new_keys.insert(key.clone());
            }
            if !burst.closed.remove(key) {
                let list = if was_new.is_some() { &mut burst.returned } else { &mut burst.opened };
                list.insert(key.clone());
            }
        }
        for key in &delta.resolved {
            let was_new = new_keys.remove(key);
            if burst.opened.remove(key) {
                continue;
            }
            self.gone.insert(key.clone(), was_new);
            if !burst.returned.remove(key) {
                let is_allowed = store.findings_in(&key.path).iter().any(|listed| listed.key == *key);
                burst.allowed += usize::from(is_allowed);
                burst.closed.insert(key.clone());
            }
        }
        if self.gone.len() > MAX_GONE {
            self.gone.clear();
        }
    }

    fn finish_burst(&mut self, store: &Store, at: ClockTime) -> Option<LoggedChange> {
        let mut burst = std::mem::take(&mut self.burst);
        // Of few files those are named that a person saved, of many those whose findings changed.
        let is_few = !burst.edited.is_empty() && burst.edited.len() <= FEW_FILES;
        if is_few || burst.files.is_empty() {
            burst.files.clone_from(&burst.edited);
        }
        let branches = self.branch_change.take();
        if burst.files.is_empty() && branches.is_none() {
            return None;
        }
        let scores = burst.score_before.zip(store.score()).filter(|(before, after)| before != after);
        let kind = match (self.expected.take(), branches) {
            (Some((kind, files)), _) if files.iter().any(|file| burst.touched.contains(file)) => match kind {
                // What wrote only a reason mended nothing.
                ChangeKind::Mended(_) if burst.only_allows() => ChangeKind::Allowed,
                kind => kind,
            },
            (_, Some((from, to))) => ChangeKind::Checkout(from, to),
            _ => burst.kind(store),
        };
        if matches!(kind, ChangeKind::Mended(_) | ChangeKind::MadeAgain) {
            // Should one of these come back, what was mended is broken again: that is news.
            self.gone.retain(|key, _| !burst.closed.contains(key));
        }
        let closed = burst.closed.len();
        let gone = burst.closed.iter().take(MAX_GONE_NAMED).cloned().collect();
        let ChangeBurst { files, mut opened, returned, .. } = burst;
        let mut quiet: BTreeSet<FindingKey> =
            opened.iter().filter(|key| store.is_half_saved(&key.path)).cloned().collect();
        opened.extend(returned.iter().cloned());
        quiet.extend(returned);
        Some(LoggedChange { at, kind, files, opened, quiet, closed, gone, scores })
    }
}

impl ChangeBurst {
    /// True where findings went for no other reason than that somebody allowed them.
    fn only_allows(&self) -> bool {
        self.allowed > 0
            && self.allowed == self.closed.len()
            && self.opened.is_empty()
            && self.returned.is_empty()
    }

    fn kind(&self, store: &Store) -> ChangeKind {
        let mut files = self.files.iter();
        if self.files.iter().all(|path| store.file(path).is_none()) {
            ChangeKind::Deleted
        } else if files.any(|path| store.is_half_saved(path)) {
            ChangeKind::HalfSaved
        } else if self.only_allows() {
            ChangeKind::Allowed
        } else {
            ChangeKind::Saved
        }
    }
}

impl LoggedChange {
    /// The findings that are news to a person.
    pub fn news(&self) -> impl Iterator<Item = &FindingKey> {
        self.opened.difference(&self.quiet).filter(|_| self.kind.brings_news())
    }
}
