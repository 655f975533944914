//! Summarises the end of a walkthrough: what has become of the app, what is left and why.

use std::collections::BTreeMap;

use super::app_walk::{AppWalk, ChapterPage, ChapterStatus};
use super::before_after::{count_rules, evidence_now};
use super::{Chapter, EvidenceLine};
use crate::audit::PodSecurity;
use crate::repo::RelPath;
use crate::text::SourceText;

/// An app at the beginning of the walkthrough.
#[derive(Clone, Debug)]
pub struct AppBefore {
    pub score: Option<u8>,
    pub level: Option<PodSecurity>,
    /// The chapters in which nothing was to be done.
    pub met_chapters: Vec<Chapter>,
    pub files: Vec<(RelPath, SourceText)>,
    /// What was seen of each chapter that was open.
    pub evidence: BTreeMap<Chapter, Vec<EvidenceLine>>,
    /// The rules of each open chapter's findings, one for each finding.
    pub open_rules: BTreeMap<Chapter, Vec<String>>,
}

impl AppBefore {
    #[must_use]
    pub fn from_walk(journey: &AppWalk) -> Self {
        let chapters = journey.pages.iter().filter(|page| page.chapter != Chapter::Results);
        let (evidence, open_rules) = open_chapters(journey);
        let met = chapters.filter(|page| matches!(page.status, ChapterStatus::Done(_)));
        Self {
            score: journey.score,
            level: journey.level,
            met_chapters: met.map(|page| page.chapter).collect(),
            files: journey.files.clone(),
            evidence,
            open_rules,
        }
    }

    /// What was seen of a chapter at the beginning.
    #[must_use]
    pub fn evidence_of(&self, chapter: Chapter) -> &[EvidenceLine] {
        self.evidence.get(&chapter).map(Vec::as_slice).unwrap_or_default()
    }

    /// The rules of a chapter that have fewer findings than at the beginning, with the number that is gone.
    #[must_use]
    pub fn closed_rules(&self, page: &ChapterPage) -> String {
        let mut open: Vec<&str> = page.finding_keys.iter().map(|key| key.rule).collect();
        let were = self.open_rules.get(&page.chapter).map(Vec::as_slice).unwrap_or_default();
        let closed = were.iter().filter(|rule| match open.iter().position(|known| known == rule) {
            Some(at) => {
                open.swap_remove(at);
                false
            }
            None => true,
        });
        count_rules(closed.map(String::as_str))
    }

    /// True for a chapter that was open at the beginning and is done.
    #[must_use]
    pub fn is_changed(&self, page: &ChapterPage) -> bool {
        page.chapter != Chapter::Results
            && matches!(page.status, ChapterStatus::Done(_))
            && !self.met_chapters.contains(&page.chapter)
    }

    /// True for a chapter that is not done, and of which less is left than at the beginning.
    #[must_use]
    pub fn is_changed_in_part(&self, page: &ChapterPage) -> bool {
        matches!(page.status, ChapterStatus::ToDo | ChapterStatus::Unknown)
            && !self.closed_rules(page).is_empty()
    }
}

impl AppWalk {
    /// The chapters not done, with the reason as far as one is known.
    pub fn unfinished_chapters(&self) -> impl Iterator<Item = (Chapter, String)> {
        let left = |page: &&ChapterPage| matches!(page.status, ChapterStatus::ToDo | ChapterStatus::Unknown);
        self.pages.iter().filter(left).map(|page| {
            let reason = match (&page.skip_reason, page.quotes.as_slice()) {
                _ if page.status == ChapterStatus::Unknown => "the files do not tell enough".to_owned(),
                (Some(reason), _) => format!("skipped: {reason}"),
                (None, []) => String::new(),
                (None, [cited]) => cited.message.clone(),
                (None, [cited, more @ ..]) => format!("{}, and {} more", cited.message, more.len()),
            };
            (page.chapter, reason)
        })
    }

    /// The number of chapters that are met, and of those that apply.
    #[must_use]
    pub fn count_progress(&self) -> (usize, usize) {
        let pages = self.pages.iter().filter(|page| page.chapter != Chapter::Results);
        let count = |met: fn(&ChapterStatus) -> bool| pages.clone().filter(|page| met(&page.status)).count();
        (
            count(|s| matches!(s, ChapterStatus::Done(_))),
            count(|s| !matches!(s, ChapterStatus::NotApplicable(_))),
        )
    }
}

/// The evidence of each chapter that is open, and the rules of its findings.
fn open_chapters(
    journey: &AppWalk,
) -> (BTreeMap<Chapter, Vec<EvidenceLine>>, BTreeMap<Chapter, Vec<String>>) {
    let open = || journey.pages.iter().filter(|page| page.status == ChapterStatus::ToDo);
    let rules = |page: &ChapterPage| page.finding_keys.iter().map(|key| key.rule.to_owned()).collect();
    (
        open().map(|page| (page.chapter, evidence_now(&page.evidence))).collect(),
        open().map(|page| (page.chapter, rules(page))).collect(),
    )
}
