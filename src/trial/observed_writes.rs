//! Finds all that a container wrote: in its own files, in the volumes that its image declares, and in its mounts.

use std::collections::BTreeSet;
use std::time::Duration;

use super::container_engine::{ContainerEngine, StillAwaited};
use super::image_contents::{ContainedFile, ImageContents, list_files};
use super::local_image::LocalImage;
use super::pod_launch::ContainerLaunch;
use super::run_record::WrittenFolder;
use super::trial_error::engine_reason;
use super::written_folders::{ChangedPath, find_written_folders, read_changes};
use crate::base::at_or_below;

/// The time in which the engine compares a container with its image.
const DIFF_TIME: Duration = Duration::from_secs(15);

/// The folders that the container has written; and why those among its own files are not known, where that is so.
pub(super) fn find_writes(
    engine: &ContainerEngine,
    own: &ContainerLaunch,
    container: &str,
    image: &mut ImageContents<'_>,
    is_awaited: StillAwaited<'_>,
) -> (Vec<WrittenFolder>, Option<String>) {
    let (changes, unseen) = match engine.run(&["diff", container].map(str::to_owned), DIFF_TIME, is_awaited) {
        Ok(answer) if answer.succeeded() => (read_changes(&answer.text()), None),
        Ok(answer) => {
            let program = &engine.program;
            (Vec::new(), Some(format!("`{program} diff` failed: {}", engine_reason(&answer.stderr))))
        }
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    let changes = without_workdir(changes, own);
    let volumes = LocalImage::find(engine, &own.image, is_awaited).ok().flatten().map(|image| image.volumes);
    let volumes: Vec<String> =
        volumes.unwrap_or_default().iter().map(|path| path.trim_end_matches('/').to_owned()).collect();
    let mounts: Vec<String> = own.mounts.iter().map(|mount| mount.path.clone()).collect();
    let hidden = [mounts.as_slice(), volumes.as_slice()].concat();
    let mut is_folder = |path: &str| {
        list_files(engine, container, path, is_awaited).first().is_some_and(|file| file.is_folder)
    };
    let mut found = find_written_folders(&changes, &hidden, &mut |path| image.look_at(path), &mut is_folder);
    for volume in volumes.iter().filter(|volume| own.mount_of(volume).is_none()) {
        // What the image has there is copied into its volume, as a cluster's runtime does, too.
        let (before, now) = (image.files_at(volume), list_files(engine, container, volume, is_awaited));
        if let Some(example) = first_difference(&before, &now) {
            let is_filled = before.iter().any(|file| !file.is_folder);
            let example = example_path(volume, &example);
            found.push(WrittenFolder { folder: volume.clone(), example, is_filled, is_mounted: false });
        }
    }
    for mount in own.mounts.iter().filter(|mount| !mount.is_read_only) {
        if let Some(file) = list_files(engine, container, &mount.path, is_awaited).get(1) {
            let example = example_path(&mount.path, file);
            found.push(WrittenFolder {
                folder: mount.path.clone(),
                example,
                is_filled: false,
                is_mounted: true,
            });
        }
    }
    (found, unseen)
}

/// The changes without the working folder and those above it, which are made before the program starts.
fn without_workdir(changes: Vec<ChangedPath>, own: &ContainerLaunch) -> Vec<ChangedPath> {
    let Some(workdir) = own.workdir.as_deref().map(|path| path.trim_end_matches('/')) else { return changes };
    changes.into_iter().filter(|change| !at_or_below(workdir, &change.path)).collect()
}

/// The first file that is new or another; else the folder itself, where it has another owner or mode.
fn first_difference(before: &[ContainedFile], now: &[ContainedFile]) -> Option<ContainedFile> {
    let known: BTreeSet<&ContainedFile> = before.iter().collect();
    let others = now.iter().filter(|file| !known.contains(file));
    let is_owned_otherwise =
        |file: &ContainedFile| before.first().is_none_or(|own| (own.uid, own.mode) != (file.uid, file.mode));
    let others: Vec<&ContainedFile> = others.collect();
    others
        .iter()
        .find(|file| !file.is_folder)
        .or_else(|| others.first().filter(|file| is_owned_otherwise(file)))
        .map(|file| (*file).clone())
}

/// The whole path of a file of a folder; its name begins with the folder's own last part.
fn example_path(folder: &str, file: &ContainedFile) -> String {
    let below = file.name.trim_end_matches('/').split_once('/').map_or("", |(_, below)| below);
    format!("{folder}/{below}").trim_end_matches('/').to_owned()
}
