//! Finds all that a container wrote: in its own files, in the volumes that its image declares, and in its mounts.

use std::collections::BTreeSet;

use super::container_engine::ContainerEngine;
use super::image_contents::{ContainedFile, ImageContents, list_files};
use super::local_image::LocalImage;
use super::pod_launch::ContainerLaunch;
use super::run_record::WrittenFolder;
use super::written_folders::{find_written_folders, read_changes};

/// The folders that the container has written.
pub(super) fn find_writes(
    engine: &ContainerEngine,
    own: &ContainerLaunch,
    container: &str,
    image: &mut ImageContents<'_>,
) -> Vec<WrittenFolder> {
    let answer = engine.ask(&["diff", container], &|| true).unwrap_or_default();
    let changes = read_changes(&answer.text());
    let volumes = LocalImage::find(engine, &own.image, &|| true).ok().flatten().map(|image| image.volumes);
    let volumes: Vec<String> =
        volumes.unwrap_or_default().iter().map(|path| path.trim_end_matches('/').to_owned()).collect();
    let mounts: Vec<String> = own.mounts.iter().map(|mount| mount.path.clone()).collect();
    let hidden = [mounts.as_slice(), volumes.as_slice()].concat();
    let mut is_folder =
        |path: &str| list_files(engine, container, path).first().is_some_and(|file| file.is_folder);
    let mut found = find_written_folders(&changes, &hidden, &mut |path| image.look_at(path), &mut is_folder);
    for volume in volumes.iter().filter(|volume| own.mount_of(volume).is_none()) {
        // What the image has there is copied into its volume, as a cluster's runtime does, too.
        let (before, now) = (image.files_at(volume), list_files(engine, container, volume));
        if let Some(example) = first_difference(&before, &now) {
            let is_filled = before.iter().any(|file| !file.is_folder);
            let example = example_path(volume, &example);
            found.push(WrittenFolder { folder: volume.clone(), example, is_filled, is_mounted: false });
        }
    }
    for mount in own.mounts.iter().filter(|mount| !mount.is_read_only) {
        if let Some(file) = list_files(engine, container, &mount.path).get(1) {
            let example = example_path(&mount.path, file);
            found.push(WrittenFolder {
                folder: mount.path.clone(),
                example,
                is_filled: false,
                is_mounted: true,
            });
        }
    }
    found
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
