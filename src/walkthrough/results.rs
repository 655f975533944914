//! The end of the walk: what has become of the app, what is left and why.

use super::Chapter;
use super::page::{Journey, Standing};
use crate::audit::PodSecurity;
use crate::repo::RelPath;
use crate::text::Source;

/// An app at the beginning of the walk.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub score: Option<u8>,
    pub level: Option<PodSecurity>,
    /// The chapters in which nothing was to be done.
    pub met: Vec<Chapter>,
    pub files: Vec<(RelPath, Source)>,
}

impl Snapshot {
    #[must_use]
    pub fn of(journey: &Journey) -> Self {
        let chapters = journey.pages.iter().filter(|page| page.chapter != Chapter::Results);
        let met = chapters.filter(|page| matches!(page.standing, Standing::Met(_)));
        Self {
            score: journey.score,
            level: journey.level,
            met: met.map(|page| page.chapter).collect(),
            files: journey.files.clone(),
        }
    }
}

impl Journey {
    /// What is not done, with the reason as far as one is known.
    pub fn left(&self) -> impl Iterator<Item = (Chapter, String)> {
        let left = |page: &&super::Page| matches!(page.standing, Standing::Open | Standing::Unknown);
        self.pages.iter().filter(left).map(|page| {
            let reason = match (&page.skipped, page.cited.as_slice()) {
                _ if page.standing == Standing::Unknown => "the files do not tell enough".to_owned(),
                (Some(reason), _) => format!("skipped: {reason}"),
                (None, []) => String::new(),
                (None, [cited]) => cited.message.clone(),
                (None, [cited, more @ ..]) => format!("{}, and {} more", cited.message, more.len()),
            };
            (page.chapter, reason)
        })
    }

    /// So many chapters of so many that have something to say are met.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let pages = self.pages.iter().filter(|page| page.chapter != Chapter::Results);
        let count = |met: fn(&Standing) -> bool| pages.clone().filter(|page| met(&page.standing)).count();
        (count(|s| matches!(s, Standing::Met(_))), count(|s| !matches!(s, Standing::NotApplicable(_))))
    }
}
