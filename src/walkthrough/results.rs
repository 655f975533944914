//! The end of the walk: what has become of the app, what is left and why, as a person or a pull request reads it.

use std::fmt::Write as _;

use super::Chapter;
use super::page::{Journey, Standing};
use crate::audit::PodSecurity;
use crate::repo::RelPath;
use crate::text::{Source, diff};

/// An app at the beginning of the walk.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub score: Option<u8>,
    pub level: Option<PodSecurity>,
    pub files: Vec<(RelPath, Source)>,
}

impl Snapshot {
    #[must_use]
    pub fn of(journey: &Journey) -> Self {
        Self { score: journey.score, level: journey.level, files: journey.files.clone() }
    }
}

impl Journey {
    /// What is not done, with the reason as far as one is known.
    pub fn left(&self) -> impl Iterator<Item = (Chapter, String)> {
        let left = |page: &&super::Page| matches!(page.standing, Standing::Open | Standing::Unknown);
        self.pages.iter().filter(left).map(|page| {
            let reason = match (&page.skipped, page.cited.first()) {
                _ if page.standing == Standing::Unknown => "the files do not tell enough".to_owned(),
                (Some(reason), _) => format!("skipped: {reason}"),
                (None, Some(cited)) => cited.message.clone(),
                (None, None) => String::new(),
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

/// The walk as Markdown, fit for a pull request's description.
#[must_use]
pub fn markdown(before: &Snapshot, now: &Journey) -> String {
    let mut out = format!("# Hardening of {}\n\n", now.id);
    let score = |score: Option<u8>| score.map_or_else(|| "unknown".to_owned(), |score| score.to_string());
    let _ = writeln!(out, "- Score: {} to {}", score(before.score), score(now.score));
    if let (Some(from), Some(to)) = (before.level, now.level) {
        let _ = writeln!(out, "- Pod Security level: {} to {}", from.name(), to.name());
    }
    out.push_str("\n| chapter | state |\n|---|---|\n");
    for page in now.pages.iter().filter(|page| page.chapter != Chapter::Results) {
        let state = match (&page.standing, &page.skipped) {
            (Standing::Met(why) | Standing::NotApplicable(why), _) => why.clone(),
            (Standing::Unknown, _) => "The files do not tell enough".to_owned(),
            (Standing::Open, Some(reason)) => format!("Skipped: {reason}"),
            (Standing::Open, None) => "Open".to_owned(),
        };
        let _ = writeln!(out, "| {} | {} |", page.chapter.title(), state.replace('|', "\\|"));
    }
    let left: Vec<_> = now.left().collect();
    if !left.is_empty() {
        out.push_str("\n## Left to do\n\n");
        for (chapter, reason) in left {
            let _ = writeln!(out, "- {}: {reason}", chapter.title());
        }
    }
    for (path, source) in &now.files {
        let was = before.files.iter().find(|(other, _)| other == path).map(|(_, source)| source);
        let patch = was.map(|was| diff::unified(path.as_str(), was.text(), source.text()));
        if let Some(patch) = patch.filter(|patch| !patch.is_empty()) {
            let fence = "`".repeat(longest_fence(&patch).max(2) + 1);
            let _ = writeln!(out, "\n## {path}\n\n{fence}diff\n{}\n{fence}", patch.trim_end());
        }
    }
    let _ = writeln!(out, "\n{}", Chapter::Results.page().trim());
    out
}

/// The longest run of backticks in a text, which the fence around it must be longer than.
fn longest_fence(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}
