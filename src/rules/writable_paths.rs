//! Finds the paths that a container's program writes, and those at which something is mounted, for rules.

use super::subject_views::ContainerView;
use crate::image::{Reference, known};
use crate::needs::NeedKind;
use crate::needs::pod::{find_written_folders, runs_only_clients};
use crate::project::RepositoryView;

/// The folder that nearly every program may want to write.
const TEMPORARY_FOLDER: &str = "/tmp";

/// The paths that the program writes by the repository, or by the facts known of the image.
#[must_use]
pub fn known_written_paths(view: ContainerView<'_>, repository: RepositoryView<'_>) -> Vec<String> {
    let linked = repository.link_of_key(&view.key()).and_then(|link| repository.dockerfile_facts(link));
    let mut paths: Vec<String> = linked.map(|build| build.written_paths.clone()).unwrap_or_default();
    let set = view.image().map(|image| view.pod.settings.writable_paths_of(image)).unwrap_or_default();
    paths.extend(set.iter().cloned());
    let written = find_written_folders(view.pod.place(), view.container);
    paths.extend(written.into_iter().filter(|path| takes_volume(path)));
    paths.extend(seen_written_paths(view, repository));
    let image = view.image().and_then(|image| Reference::parse(image).ok());
    let known = image.and_then(|image| known::find_known_image(&image));
    let known = known.filter(|_| !runs_only_clients(view.pod.place(), view.container));
    paths
        .extend(known.into_iter().flat_map(known::KnownImage::writable_paths).map(|path| (*path).to_owned()));
    // What runtimes mount by themselves is writable, whatever the root is.
    paths.retain(|path| !["/dev", "/proc", "/sys"].iter().any(|own| path == own || lies_below(path, own)));
    paths.sort();
    paths.dedup();
    paths
}

/// The paths that a trial saw written: here, or where the settings were written.
pub(crate) fn seen_written_paths(view: ContainerView<'_>, repository: RepositoryView<'_>) -> Vec<String> {
    let object = view.pod.object.label();
    let stated = repository.stated_needs(&object, view.container);
    let observed = repository.observed_needs(view.pod.path, &object, view.container).iter();
    let kinds = observed.map(|need| &need.kind).chain(stated.iter().map(|(need, _)| &need.kind));
    kinds
        .filter_map(|kind| match kind {
            NeedKind::WrittenPath(path) => Some(path.clone()),
            _ => None,
        })
        .collect()
}

/// True for a folder that a volume may be mounted at: neither the root nor one that the system's own files are in.
fn takes_volume(path: &str) -> bool {
    const SYSTEM_FOLDERS: [&str; 6] = ["/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64"];
    const SHARED_FOLDERS: [&str; 6] = ["", "/var", "/var/lib", "/opt", "/home", "/srv"];
    let is_in_system = SYSTEM_FOLDERS.into_iter().any(|folder| path == folder || lies_below(path, folder));
    !is_in_system && !SHARED_FOLDERS.contains(&path)
}

/// The paths to mount when the root filesystem becomes read-only: `/tmp`, and what is known to be written. A path below
/// another of them needs no mount of its own.
#[must_use]
pub fn paths_to_mount(view: ContainerView<'_>, repository: RepositoryView<'_>) -> Vec<String> {
    if let Some(chosen) = chosen_paths(view) {
        let open = chosen.iter().filter(|path| !is_mounted(view, path));
        return open.cloned().collect();
    }
    let mut paths = vec![TEMPORARY_FOLDER.to_owned()];
    paths.extend(known_written_paths(view, repository).into_iter().filter(|path| path != TEMPORARY_FOLDER));
    let all = paths.clone();
    paths.retain(|path| !all.iter().any(|other| lies_below(path, other)) && !is_mounted(view, path));
    paths
}

/// True where a volume at the path hides files that the build put at `filled`. What a build leaves in the temporary
/// folder, no program needs.
#[must_use]
pub fn hides_files(path: &str, filled: &str) -> bool {
    let filled = filled.trim_end_matches('/');
    path != TEMPORARY_FOLDER && (filled == path || lies_below(filled, path))
}

/// The paths that a person chose.
fn chosen_paths(view: ContainerView<'_>) -> Option<&Vec<String>> {
    let name = view.container.name.as_deref().unwrap_or_default();
    let chosen = &view.pod.settings.chosen_values;
    chosen.writable_paths_of(view.pod.path, &view.pod.object.label(), name)
}

/// True when a volume is mounted at the path, or at a folder that holds it. A mount below the path does not count.
#[must_use]
pub fn is_mounted(view: ContainerView<'_>, path: &str) -> bool {
    let mounts = view.container.model.volume_mounts.valid_items();
    mounts.filter_map(|(_, mount)| mount.mount_path.get()).any(|mount| {
        let mount = mount.trim_end_matches('/');
        mount == path || (!mount.is_empty() && lies_below(path, mount))
    })
}

fn lies_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}
