//! The walk while it has the screen: which app, which chapter, and what is being asked.

use crate::fix::FindingKey;
use crate::walkthrough::{AppId, Journey, Page, Snapshot, Walk};

/// What the program knows of the walk.
#[derive(Clone, Debug, Default)]
pub struct Walking {
    /// As the backend told it last.
    pub walk: Option<Walk>,
    /// The app that is walked; none while it is chosen.
    pub id: Option<AppId>,
    /// Which app is chosen in the list.
    pub choice: usize,
    /// The chapter, from 0.
    pub at: usize,
    pub scroll: usize,
    /// The app as it was when its walk began.
    pub before: Option<Snapshot>,
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

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub text: String,
    /// What the value is for, and what it may be.
    pub reason: String,
}

impl Walking {
    /// The journey, where it is the chosen app's.
    #[must_use]
    pub fn journey(&self) -> Option<&Journey> {
        let journey = self.walk.as_ref()?.journey.as_ref()?;
        (Some(&journey.id) == self.id.as_ref()).then_some(journey)
    }

    /// The chapter in view.
    #[must_use]
    pub fn page(&self) -> Option<&Page> {
        self.journey()?.pages.get(self.at)
    }

    /// The findings that the chapter in view mends.
    #[must_use]
    pub fn keys(&self) -> Vec<FindingKey> {
        self.page().map(|page| page.keys.clone()).unwrap_or_default()
    }
}
