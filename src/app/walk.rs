//! The walk while it has the screen: which app, which chapter, and what is being asked.

use super::veil::Veil;
use crate::finding::FindingKey;
use crate::repo::RelPath;
use crate::store::Store;
use crate::text::diff::{self, Hunk};
use crate::walkthrough::typed_values::ValueRemark;
use crate::walkthrough::{
    AppBefore, AppId, AppWalk, ChapterPage, EvidenceLine, WalkOverview, write_pull_request,
};

/// What the program knows of the walk.
#[derive(Clone, Debug, Default)]
pub struct Walking {
    /// As the backend told it last.
    pub walk: Option<WalkOverview>,
    /// The app that is walked; none while it is chosen.
    pub id: Option<AppId>,
    /// Which app is chosen in the list.
    pub choice: usize,
    /// The chapter, from 0.
    pub at: usize,
    pub scroll: usize,
    /// The app as it was when its walk began.
    pub before: Option<AppBefore>,
    /// What has changed in each of its files since.
    pub sides: Vec<(RelPath, Vec<Hunk>)>,
    pub asking: Option<Asking>,
}

/// What a person is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Why a chapter is skipped.
    Skip(String),
    Values(Form),
}

/// Values, each on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub fields: Vec<Field>,
    /// Which one has the keys.
    pub at: usize,
    /// Why what is typed cannot be taken.
    pub error: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// What the value is of: an image, a container.
    pub of: String,
    pub name: &'static str,
    pub text: String,
    /// The text before anything was typed.
    pub was: String,
    /// What speaks for the default, and what the repository has of the kind.
    pub here: String,
    /// What is to be said of what is typed.
    pub remark: Option<ValueRemark>,
}

impl Field {
    /// What is typed, without blanks around it.
    #[must_use]
    pub fn value(&self) -> &str {
        self.text.trim()
    }

    /// Whether something else is typed than was there.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.value() != self.was
    }
}

impl Walking {
    /// The journey, where it is the chosen app's.
    #[must_use]
    pub fn journey(&self) -> Option<&AppWalk> {
        let journey = self.walk.as_ref()?.app_walk.as_ref()?;
        (Some(&journey.id) == self.id.as_ref()).then_some(journey)
    }

    /// The chapter in view.
    #[must_use]
    pub fn page(&self) -> Option<&ChapterPage> {
        self.journey()?.pages.get(self.at)
    }

    /// The findings that the chapter in view mends.
    #[must_use]
    pub fn keys(&self) -> Vec<FindingKey> {
        self.page().map(|page| page.finding_keys.clone()).unwrap_or_default()
    }

    /// Hides what is secret in all that the journey shows, and sets what was against what is.
    pub(super) fn lay_out(&mut self, store: &Store) {
        let id = self.id.clone();
        let journey = self.walk.as_mut().and_then(|walk| walk.app_walk.as_mut());
        let Some(journey) = journey.filter(|journey| Some(&journey.id) == id.as_ref()) else { return };
        let veils: Vec<Veil> = journey.files.iter().map(|(path, _)| Veil::of(store, path)).collect();
        let hidden = |words: &str| veils.iter().fold(words.to_owned(), |words, veil| veil.hidden(&words));
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
        self.sides.clear();
        for ((path, source), veil) in journey.files.iter().zip(&veils) {
            let before = self.before.iter().flat_map(|before| &before.files);
            let Some((_, was)) = before.into_iter().find(|(other, _)| other == path) else { continue };
            let mut hunks = diff::hunks(was.text(), source.text());
            hunks.iter_mut().flat_map(|hunk| &mut hunk.lines).for_each(|line| veil.hide(line));
            self.sides.push((path.clone(), hunks));
        }
    }

    /// What came of it as Markdown, without what is secret.
    pub(super) fn markdown(&self, store: &Store) -> Option<String> {
        let hide = |path: &RelPath, patch: &str| {
            let veil = Veil::of(store, path);
            let line = |line: &str| match line.split_at_checked(1) {
                Some((sign, text)) => format!("{sign}{}\n", veil.hidden(text)),
                None => "\n".to_owned(),
            };
            patch.lines().map(line).collect()
        };
        Some(write_pull_request(self.before.as_ref()?, self.journey()?, &hide))
    }
}
