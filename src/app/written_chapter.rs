//! Holds what was written in a chapter of the walk, for its page: the lines, what was seen before, what it closed.

use super::fix_preview::{FixPreview, PatchLine};
use crate::base::ClockTime;
use crate::repo::RelPath;
use crate::text::SourceText;
use crate::walkthrough::{ChapterPage, EvidenceLine, count_rules, evidence_now};

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
    /// The files that it wrote, as they were before.
    pub(super) files_before: Vec<(RelPath, SourceText)>,
    /// The number of the chapter's findings before.
    open_before: usize,
}

impl WrittenChapter {
    /// The change in view, about to be written; none where none can be.
    pub(super) fn from_preview(page: &ChapterPage, preview: &FixPreview, at: ClockTime) -> Option<Self> {
        let plan = preview.writable_plan()?;
        Some(Self {
            at,
            before: evidence_now(&page.evidence),
            lines: preview.short_lines.clone(),
            closed_rules: count_rules(plan.resolves.iter().map(|key| key.rule)),
            withheld: plan.withheld.iter().map(|(key, reason)| (key.rule, reason.clone())).collect(),
            files_before: plan
                .patches
                .iter()
                .map(|patch| (patch.path.clone(), patch.before.clone()))
                .collect(),
            open_before: page.finding_keys.len(),
        })
    }

    /// True while the change stands: once it is taken back, its findings are open again.
    #[must_use]
    pub const fn stands(&self, page: &ChapterPage) -> bool {
        page.finding_keys.len() < self.open_before
    }
}
