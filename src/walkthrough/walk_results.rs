//! Summarises the end of a walkthrough: what has become of the app, what is left and why.

use super::Chapter;
use super::app_walk::{AppWalk, ChapterStatus};
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
}

impl AppBefore {
    #[must_use]
    pub fn from_walk(journey: &AppWalk) -> Self {
        let chapters = journey.pages.iter().filter(|page| page.chapter != Chapter::Results);
        let met = chapters.filter(|page| matches!(page.status, ChapterStatus::Done(_)));
        Self {
            score: journey.score,
            level: journey.level,
            met_chapters: met.map(|page| page.chapter).collect(),
            files: journey.files.clone(),
        }
    }
}

impl AppWalk {
    /// The chapters not done, with the reason as far as one is known.
    pub fn unfinished_chapters(&self) -> impl Iterator<Item = (Chapter, String)> {
        let left =
            |page: &&super::ChapterPage| matches!(page.status, ChapterStatus::ToDo | ChapterStatus::Unknown);
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
