//! Stores one write in the journal: a file that holds the texts, whose name ends in its state.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::{describe_size, private_file_options, read_bounded};
use crate::repo::write_files::sync_folder;
use crate::repo::{FilePatch, RelPath};
use crate::text::SourceText;

/// The largest step that is written or read, in bytes: the texts of its files, before and after.
const MAX_TRANSACTION_BYTES: u64 = 512 * 1024 * 1024;

/// The state of a step: at rest, or on the way from one state to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TransactionState {
    Writing,
    Done,
    Undoing,
    Undone,
    Redoing,
}

impl TransactionState {
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

    /// The state that a step under way is going to; none for one at rest.
    pub(super) const fn goal_state(self) -> Option<Self> {
        match self {
            Self::Writing | Self::Redoing => Some(Self::Done),
            Self::Undoing => Some(Self::Undone),
            Self::Done | Self::Undone => None,
        }
    }
}

/// A step by its place in the journal.
#[derive(Clone, Debug)]
pub(super) struct WriteTransaction {
    pub number: u64,
    pub state: TransactionState,
}

#[derive(Serialize, Deserialize)]
struct TransactionTexts {
    schema: u32,
    #[serde(default)]
    title: String,
    files: Vec<FileTexts>,
}

#[derive(Serialize, Deserialize)]
struct FileTexts {
    path: String,
    /// None where the file was not there.
    before: Option<String>,
    after: Option<String>,
}

impl WriteTransaction {
    /// True for a step under way.
    pub(super) fn is_open(&self) -> bool {
        self.state.goal_state().is_some()
    }

    /// Every step in a journal, the oldest first. What is no step's name is left alone.
    pub(super) fn list_in(folder: &Path) -> io::Result<Vec<Self>> {
        let mut steps = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            steps.extend(entry?.file_name().to_str().and_then(Self::from_file_name));
        }
        steps.sort_by_key(|step| step.number);
        Ok(steps)
    }

    fn from_file_name(name: &str) -> Option<Self> {
        let (number, state) = name.split_once('.')?;
        let state = TransactionState::ALL.into_iter().find(|known| known.name() == state)?;
        Some(Self { number: number.parse().ok()?, state })
    }

    pub(super) fn path_in(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{:06}.{}", self.number, self.state.name()))
    }

    /// Keeps the texts, durably, before it returns.
    pub(super) fn write_texts(&self, folder: &Path, title: &str, patches: &[FilePatch]) -> io::Result<()> {
        let text = |source: &SourceText| (!source.is_absent()).then(|| source.text().to_owned());
        let files = patches.iter().map(|patch| FileTexts {
            path: patch.path.as_str().to_owned(),
            before: text(&patch.before),
            after: text(&patch.after),
        });
        let texts = TransactionTexts { schema: 1, title: title.to_owned(), files: files.collect() };
        let bytes = serde_json::to_vec(&texts)?;
        // What could not be read could not be undone either.
        if bytes.len() as u64 > MAX_TRANSACTION_BYTES {
            return Err(io::Error::other(format!(
                "a write of more than {} could not be undone: fix fewer files at a time",
                describe_size(MAX_TRANSACTION_BYTES)
            )));
        }
        let temporary = folder.join("new");
        let mut file = private_file_options().create(true).truncate(true).open(&temporary)?;
        let kept = file.write_all(&bytes).and_then(|()| file.sync_all());
        if let Err(error) = kept.and_then(|()| std::fs::rename(&temporary, self.path_in(folder))) {
            let _ = std::fs::remove_file(&temporary);
            return Err(error);
        }
        sync_folder(Some(folder));
        Ok(())
    }

    /// The step's title, and the patches that it wrote when it was made.
    pub(super) fn read_texts(&self, folder: &Path) -> io::Result<(String, Vec<FilePatch>)> {
        let texts: TransactionTexts =
            serde_json::from_slice(&read_bounded(&self.path_in(folder), MAX_TRANSACTION_BYTES)?)?;
        let source = |text: Option<String>| text.map_or_else(SourceText::absent, SourceText::new);
        let patch = |file: FileTexts| FilePatch {
            path: RelPath::from(file.path.as_str()),
            before: source(file.before),
            after: source(file.after),
        };
        Ok((texts.title, texts.files.into_iter().map(patch).collect()))
    }

    /// The same step in another state.
    pub(super) fn move_to_state(&self, folder: &Path, state: TransactionState) -> io::Result<Self> {
        let step = Self { number: self.number, state };
        std::fs::rename(self.path_in(folder), step.path_in(folder))?;
        sync_folder(Some(folder));
        Ok(step)
    }

    /// Back to what it was before it was under way; one that was only being made is gone.
    pub(super) fn fall_back(&self, folder: &Path) -> io::Result<()> {
        match self.state {
            TransactionState::Writing => self.remove(folder),
            TransactionState::Undoing => self.move_to_state(folder, TransactionState::Done).map(drop),
            TransactionState::Redoing => self.move_to_state(folder, TransactionState::Undone).map(drop),
            TransactionState::Done | TransactionState::Undone => Ok(()),
        }
    }

    pub(super) fn remove(&self, folder: &Path) -> io::Result<()> {
        std::fs::remove_file(self.path_in(folder))
    }
}
