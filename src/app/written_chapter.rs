//! Holds what was written in a chapter of the walk, for its page: the lines, what was seen before, what it closed.

use super::fix_preview::{FixPreview, PatchLine};
use crate::base::ClockTime;
use crate::repo::RelPath;
use crate::text::SourceText;
use crate::walkthrough::{Chapter, ChapterPage, EvidenceLine, count_rules, evidence_now};

/// A change of a chapter that is being written.
#[derive(Clone, Debug)]
pub(super) struct PendingChapter {
    pub chapter: Chapter,
    pub written: WrittenChapter,
    /// The files that it writes, as they are before.
    pub files_before: Vec<(RelPath, SourceText)>,
}

/// A change of a chapter that a person had written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenChapter {
    pub at: ClockTime,
    /// What was seen before.
    pub before: Vec<EvidenceLine>,
    /// The lines as they were shown and written.
    pub lines: Vec<PatchLine>,
    /// The rules that it closed, with the number of their findings in all files.
    pub closed_rules: String,
    /// The rules that it left, with the reasons.
    pub withheld: Vec<(&'static str, String)>,
    /// The number of the chapter's findings before.
    open_before: usize,
}

impl PendingChapter {
    /// The change in view, about to be written; none where none can be.
    pub(super) fn from_preview(page: &ChapterPage, preview: &FixPreview, at: ClockTime) -> Option<Self> {
        let plan = preview.writable_plan()?;
        let written = WrittenChapter {
            at,
            before: evidence_now(&page.evidence),
            lines: preview.short_lines.clone(),
            closed_rules: count_rules(plan.resolves.iter().map(|key| key.rule)),
            withheld: plan.withheld.iter().map(|(key, reason)| (key.rule, reason.clone())).collect(),
            open_before: page.finding_keys.len(),
        };
        let files_before = plan.patches.iter().map(|patch| (patch.path.clone(), patch.before.clone()));
        Some(Self { chapter: page.chapter, written, files_before: files_before.collect() })
    }
}

impl WrittenChapter {
    /// True while the change stands: once it is taken back, its findings are open again.
    #[must_use]
    pub const fn stands(&self, page: &ChapterPage) -> bool {
        page.finding_keys.len() < self.open_before
    }
}
