//! The walk while it has the screen: which app, which chapter, and what is being asked.

use super::redact::SecretRedactor;
use super::text_field::TextField;
use crate::finding::FindingKey;
use crate::repo::RelPath;
use crate::store::Store;
use crate::text::diff;
use crate::text::diff::DiffHunk;
use crate::walkthrough::typed_values::ValueRemark;
use crate::walkthrough::{
    AppBefore, AppId, AppWalk, ChapterPage, EvidenceLine, WalkOverview, write_pull_request,
};

/// What the program knows of the walk.
#[derive(Clone, Debug, Default)]
pub struct WalkScreen {
    /// As the backend told it last.
    pub walk: Option<WalkOverview>,
    /// The app that is walked; none while it is chosen.
    pub id: Option<AppId>,
    /// Which app is chosen in the list.
    pub app_choice: usize,
    /// The chapter, from 0.
    pub chapter_index: usize,
    pub scroll: usize,
    /// The app as it was when its walk began.
    pub initial: Option<AppBefore>,
    /// What has changed in each of its files since.
    pub file_diffs: Vec<(RelPath, Vec<DiffHunk>)>,
    pub prompt: Option<WalkPrompt>,
}

/// What a person is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WalkPrompt {
    /// Why a chapter is skipped.
    SkipReason(TextField),
    EditValues(ValueForm),
}

/// Values, each on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueForm {
    pub fields: Vec<FormField>,
    /// Which one has the keys.
    pub focused: usize,
    /// Why what is typed cannot be taken.
    pub error: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormField {
    /// What the value is of: an image, a container.
    pub subject: String,
    pub name: &'static str,
    pub text: TextField,
    /// The text before anything was typed.
    pub initial_text: String,
    /// What speaks for the default, and what the repository has of the kind.
    pub hint: String,
    /// What is to be said of what is typed.
    pub remark: Option<ValueRemark>,
}

impl FormField {
    /// What is typed, without blanks around it.
    #[must_use]
    pub fn trimmed_text(&self) -> &str {
        self.text.text().trim()
    }

    /// Whether something else is typed than was there.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.trimmed_text() != self.initial_text
    }
}

impl WalkScreen {
    /// The journey, where it is the chosen app's.
    #[must_use]
    pub fn app_walk(&self) -> Option<&AppWalk> {
        let journey = self.walk.as_ref()?.app_walk.as_ref()?;
        (Some(&journey.id) == self.id.as_ref()).then_some(journey)
    }

    /// The chapter in view.
    #[must_use]
    pub fn current_page(&self) -> Option<&ChapterPage> {
        self.app_walk()?.pages.get(self.chapter_index)
    }

    /// The findings that the chapter in view mends.
    #[must_use]
    pub fn finding_keys(&self) -> Vec<FindingKey> {
        self.current_page().map(|page| page.finding_keys.clone()).unwrap_or_default()
    }

    /// Hides what is secret in all that the journey shows, and sets what was against what is.
    pub(super) fn redact_and_diff(&mut self, store: &Store) {
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
        self.file_diffs.clear();
        for ((path, source), veil) in journey.files.iter().zip(&veils) {
            let before = self.initial.iter().flat_map(|before| &before.files);
            let Some((_, was)) = before.into_iter().find(|(other, _)| other == path) else { continue };
            let mut hunks = diff::diff_hunks(was.text(), source.text());
            hunks.iter_mut().flat_map(|hunk| &mut hunk.lines).for_each(|line| veil.redact_line(line));
            self.file_diffs.push((path.clone(), hunks));
        }
    }

    /// What came of it as Markdown, without what is secret.
    pub(super) fn results_markdown(&self, store: &Store) -> Option<String> {
        let hide = |path: &RelPath, patch: &str| {
            let veil = SecretRedactor::for_file(store, path);
            let line = |line: &str| match line.split_at_checked(1) {
                Some((sign, text)) => format!("{sign}{}\n", veil.redact_text(text)),
                None => "\n".to_owned(),
            };
            patch.lines().map(line).collect()
        };
        Some(write_pull_request(self.initial.as_ref()?, self.app_walk()?, &hide))
    }
}
