//! One write in the journal: a file that holds the texts, whose name ends in how it stands.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::private_file;
use crate::repo::write::sync_folder;
use crate::repo::{FilePatch, RelPath};
use crate::text::Source;

/// How a step stands: at rest, or on the way from one to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Writing,
    Done,
    Undoing,
    Undone,
    Redoing,
}

impl State {
    const ALL: [Self; 5] = [Self::Writing, Self::Done, Self::Undoing, Self::Undone, Self::Redoing];

    const fn name(self) -> &'static str {
        match self {
            Self::Writing => "writing",
            Self::Done => "done",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
            Self::Redoing => "redoing",
        }
    }

    /// Where a step that is under way is going; none for one at rest.
    pub(super) const fn end(self) -> Option<Self> {
        match self {
            Self::Writing | Self::Redoing => Some(Self::Done),
            Self::Undoing => Some(Self::Undone),
            Self::Done | Self::Undone => None,
        }
    }
}

/// A step by its place in the journal.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub number: u64,
    pub state: State,
}

#[derive(Serialize, Deserialize)]
struct Texts {
    schema: u32,
    files: Vec<FileTexts>,
}

#[derive(Serialize, Deserialize)]
struct FileTexts {
    path: String,
    before: String,
    after: String,
}

impl Step {
    /// Every step in a journal, the oldest first. What is no step's name is left alone.
    pub(super) fn all(folder: &Path) -> io::Result<Vec<Self>> {
        let mut steps = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            steps.extend(entry?.file_name().to_str().and_then(Self::named));
        }
        steps.sort_by_key(|step| step.number);
        Ok(steps)
    }

    fn named(name: &str) -> Option<Self> {
        let (number, state) = name.split_once('.')?;
        let state = State::ALL.into_iter().find(|known| known.name() == state)?;
        Some(Self { number: number.parse().ok()?, state })
    }

    pub(super) fn at(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{:06}.{}", self.number, self.state.name()))
    }

    /// Keeps the texts, durably, before it returns.
    pub(super) fn create(&self, folder: &Path, patches: &[FilePatch]) -> io::Result<()> {
        let text = |source: &Source| source.text().to_owned();
        let files = patches.iter().map(|patch| FileTexts {
            path: patch.path.as_str().to_owned(),
            before: text(&patch.before),
            after: text(&patch.after),
        });
        let bytes = serde_json::to_vec(&Texts { schema: 1, files: files.collect() })?;
        let temporary = folder.join("new");
        let mut file = private_file().create(true).truncate(true).open(&temporary)?;
        let kept = file.write_all(&bytes).and_then(|()| file.sync_all());
        if let Err(error) = kept.and_then(|()| std::fs::rename(&temporary, self.at(folder))) {
            let _ = std::fs::remove_file(&temporary);
            return Err(error);
        }
        sync_folder(Some(folder));
        Ok(())
    }

    /// What the step wrote when it was made.
    pub(super) fn patches(&self, folder: &Path) -> io::Result<Vec<FilePatch>> {
        let texts: Texts = serde_json::from_slice(&std::fs::read(self.at(folder))?)?;
        let patch = |file: FileTexts| FilePatch {
            path: RelPath::from(file.path.as_str()),
            before: Source::new(file.before),
            after: Source::new(file.after),
        };
        Ok(texts.files.into_iter().map(patch).collect())
    }

    /// The same step in another state.
    pub(super) fn becomes(&self, folder: &Path, state: State) -> io::Result<Self> {
        let step = Self { number: self.number, state };
        std::fs::rename(self.at(folder), step.at(folder))?;
        sync_folder(Some(folder));
        Ok(step)
    }

    /// Back to what it was before it was under way; one that was only being made is gone.
    pub(super) fn fall_back(&self, folder: &Path) -> io::Result<()> {
        match self.state {
            State::Writing => self.remove(folder),
            State::Undoing => self.becomes(folder, State::Done).map(drop),
            State::Redoing => self.becomes(folder, State::Undone).map(drop),
            State::Done | State::Undone => Ok(()),
        }
    }

    pub(super) fn remove(&self, folder: &Path) -> io::Result<()> {
        std::fs::remove_file(self.at(folder))
    }
}
