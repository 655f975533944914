//! Looks into an image for what it has at a path, through a container that is never started.

use std::collections::HashMap;
use std::io::Read;
use std::time::Duration;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::trial_error::TrialError;
use super::trial_marks::{label_option, unique_name};
use super::trial_things::TrialThings;
use super::written_folders::ImagePath;

/// The time for reading a folder.
const READ_TIME: Duration = Duration::from_secs(20);
/// The most that is read of a text, in bytes.
const MAX_TEXT_BYTES: u64 = 1024 * 1024;

/// The files of an image.
pub(super) struct ImageContents<'a> {
    engine: &'a ContainerEngine,
    container: String,
    known: HashMap<String, ImagePath>,
    is_awaited: StillAwaited<'a>,
    _things: TrialThings<'a>,
}

/// A file in a container, as the engine hands it out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ContainedFile {
    /// Below the path that was asked for; the first is that path itself.
    pub name: String,
    pub is_folder: bool,
    pub mode: u32,
    pub uid: u64,
    pub size: u64,
    pub modified: u64,
}

impl<'a> ImageContents<'a> {
    /// # Errors
    /// When the image cannot be opened.
    pub(super) fn open(
        engine: &'a ContainerEngine,
        image: &str,
        is_awaited: StillAwaited<'a>,
    ) -> Result<Self, TrialError> {
        let mut things = TrialThings::new(engine, is_awaited);
        let container = unique_name("look");
        things.note_container(&container);
        let mut words = vec!["create".to_owned(), format!("--name={container}"), label_option()];
        words.extend(["--network=none", "--pull=never"].map(str::to_owned));
        if engine.is_podman() {
            words.push("--image-volume=ignore".to_owned());
        }
        // An image may name no command; this one is never run.
        words.extend(["--entrypoint=/", "--", image].map(str::to_owned));
        let answer = engine.run(&words, READ_TIME, is_awaited)?;
        if !answer.succeeded() {
            return Err(TrialError::refused(format!("looking into {image}"), &answer));
        }
        Ok(Self { engine, container, known: HashMap::new(), is_awaited, _things: things })
    }

    /// What the image has at a path.
    pub(super) fn look_at(&mut self, path: &str) -> ImagePath {
        if let Some(known) = self.known.get(path) {
            return *known;
        }
        let found = classify(&list_files(self.engine, &self.container, path, self.is_awaited));
        self.known.insert(path.to_owned(), found);
        found
    }

    /// The files at a path and below.
    pub(super) fn files_at(&self, path: &str) -> Vec<ContainedFile> {
        list_files(self.engine, &self.container, path, self.is_awaited)
    }

    /// The text of a file; empty where there is none.
    pub(super) fn read_text(&self, path: &str) -> String {
        let bytes = copy_out(self.engine, &self.container, path, self.is_awaited);
        let mut archive = tar::Archive::new(bytes.as_slice());
        let first = archive.entries().ok().and_then(|mut entries| entries.next()?.ok());
        let mut text = Vec::new();
        if let Some(file) = first.filter(|file| file.header().entry_type().is_file()) {
            let _ = file.take(MAX_TEXT_BYTES).read_to_end(&mut text);
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// True for a program which those that are neither its owner nor of its group may not run.
    pub(super) fn is_closed_program(&self, path: &str) -> bool {
        let files = self.files_at(path);
        files.first().is_some_and(|own| !own.is_folder && own.mode & 0o001 == 0)
    }

    /// The first folder on the way to a path that only root may enter.
    pub(super) fn closed_folder_above(&self, path: &str) -> Option<String> {
        let ends = path.match_indices('/').map(|(at, _)| at).skip(1);
        let mut folders = ends.map(|end| path[..end].to_owned());
        folders.find(|folder| {
            let files = list_files(self.engine, &self.container, folder, self.is_awaited);
            files.first().is_some_and(|own| own.is_folder && own.mode & 0o001 == 0)
        })
    }
}

fn classify(files: &[ContainedFile]) -> ImagePath {
    match files.split_first() {
        None => ImagePath::Absent,
        Some((own, _)) if !own.is_folder => ImagePath::File,
        Some((_, below)) if below.iter().any(|file| !file.is_folder) => ImagePath::FilledFolder,
        Some(_) => ImagePath::EmptyFolder,
    }
}

/// The files at a path of a container and below, as far as they were read; none where there is nothing.
pub(super) fn list_files(
    engine: &ContainerEngine,
    container: &str,
    path: &str,
    is_awaited: StillAwaited<'_>,
) -> Vec<ContainedFile> {
    read_archive(copy_out(engine, container, path, is_awaited).as_slice())
}

/// What is at a path of a container, as an archive.
fn copy_out(engine: &ContainerEngine, container: &str, path: &str, is_awaited: StillAwaited<'_>) -> Vec<u8> {
    let words = [
        "cp".to_owned(),
        "--".to_owned(),
        format!("{container}:{}", if path.is_empty() { "/" } else { path }),
        "-".to_owned(),
    ];
    engine.run(&words, READ_TIME, is_awaited).unwrap_or_default().stdout
}

fn read_archive(bytes: impl Read) -> Vec<ContainedFile> {
    let mut archive = tar::Archive::new(bytes);
    let Ok(entries) = archive.entries() else { return Vec::new() };
    let read = entries.map_while(Result::ok).map(|entry| {
        let header = entry.header();
        ContainedFile {
            name: entry.path().map(|path| path.display().to_string()).unwrap_or_default(),
            is_folder: header.entry_type().is_dir(),
            mode: header.mode().unwrap_or_default(),
            uid: header.uid().unwrap_or_default(),
            size: header.size().unwrap_or_default(),
            modified: header.mtime().unwrap_or_default(),
        }
    });
    read.collect()
}
