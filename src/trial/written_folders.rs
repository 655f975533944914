//! Tells from an engine's list of changes which folders a program writes, and whether the image has files there.

use std::collections::BTreeSet;

use super::run_record::WrittenFolder;
use crate::base::at_or_below;

/// What engines write by themselves in every container.
const ENGINE_FILES: [&str; 10] = [
    "/etc/hosts",
    "/etc/hostname",
    "/etc/resolv.conf",
    "/etc/mtab",
    "/etc/passwd",
    "/etc/group",
    "/run/.containerenv",
    "/.dockerenv",
    "/run/secrets",
    "/proc",
];
/// Folders of the system's own, which are another file system in every container.
const SYSTEM_FOLDERS: [&str; 3] = ["/proc", "/sys", "/dev"];
/// Folders at which no volume is ever mounted: the system's programs lie there, or everybody's folders.
const SHARED_FOLDERS: [&str; 13] = [
    "",
    "/etc",
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib64",
    "/var",
    "/var/lib",
    "/opt",
    "/home",
    "/srv",
    "/usr/local",
];

/// The change of one path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ChangedPath {
    pub path: String,
    pub is_new: bool,
}

/// What an image has at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImagePath {
    Absent,
    File,
    /// A folder with nothing but folders in it.
    EmptyFolder,
    FilledFolder,
}

/// Reads an engine's list: a letter and a path in each row.
pub(super) fn read_changes(text: &str) -> Vec<ChangedPath> {
    let rows = text.lines().filter_map(|row| {
        let (letter, path) = row.split_once(' ')?;
        let path = path.trim_end_matches('/');
        path.starts_with('/').then(|| ChangedPath { path: path.to_owned(), is_new: letter == "A" })
    });
    rows.collect()
}

/// The folders that a program writes: of each change the topmost new path, or the file that is another now. `image` says
/// what the image has at a path, `mounts` are the paths of volumes, whose mount points the engine makes.
pub(super) fn find_written_folders(
    changes: &[ChangedPath],
    mounts: &[String],
    image: &mut dyn FnMut(&str) -> ImagePath,
    is_folder: &mut dyn FnMut(&str) -> bool,
) -> Vec<WrittenFolder> {
    let mut found: BTreeSet<WrittenFolder> = BTreeSet::new();
    for path in topmost_changes(changes, mounts) {
        let (above, _) = path.rsplit_once('/').unwrap_or_default();
        let has_there = image(&path);
        let is_own_folder = matches!(has_there, ImagePath::EmptyFolder | ImagePath::FilledFolder);
        // A folder that was there and has no new path below: what was made in it is gone again.
        let folder = if is_own_folder {
            path.clone()
        } else {
            let can_hold = !SHARED_FOLDERS.contains(&above) && image(above) != ImagePath::FilledFolder;
            if can_hold || has_there == ImagePath::File || !is_folder(&path) {
                above.to_owned()
            } else {
                path.clone()
            }
        };
        let is_filled =
            SHARED_FOLDERS.contains(&folder.as_str()) || image(&folder) == ImagePath::FilledFolder;
        found.insert(WrittenFolder { folder, example: path, is_filled, is_mounted: false });
    }
    drop_what_lies_below(found)
}

/// The changed paths with nothing of the engine's own, and of several below one another the topmost new one.
fn topmost_changes(changes: &[ChangedPath], mounts: &[String]) -> Vec<String> {
    let is_engines = |path: &str| {
        ENGINE_FILES.iter().chain(&SYSTEM_FOLDERS).any(|own| at_or_below(path, own))
            // A mount point and the folders above it are made before the program starts.
            || mounts.iter().any(|mount| at_or_below(mount, path) || at_or_below(path, mount))
    };
    // The folders in which it writes its own are changed by that, or made.
    let holds_engines = |change: &ChangedPath| ENGINE_FILES.iter().any(|own| at_or_below(own, &change.path));
    let is_own = |change: &&ChangedPath| !is_engines(&change.path) && !holds_engines(change);
    let own: Vec<&ChangedPath> = changes.iter().filter(is_own).collect();
    let mut top: Vec<String> = Vec::new();
    for change in &own {
        let path = change.path.as_str();
        let below = |other: &&&ChangedPath| other.path != path && at_or_below(&other.path, path);
        let is_above_others = !change.is_new && changes.iter().any(|other| below(&&other));
        let has_new_above =
            own.iter().any(|other| other.is_new && other.path != path && at_or_below(path, &other.path));
        if !is_above_others && !has_new_above && !top.iter().any(|known| known == path) {
            top.push(path.to_owned());
        }
    }
    top
}

/// Of folders below one another, the upper one.
fn drop_what_lies_below(found: BTreeSet<WrittenFolder>) -> Vec<WrittenFolder> {
    let mut kept: Vec<WrittenFolder> = Vec::new();
    for own in found {
        if !kept
            .iter()
            .any(|other| at_or_below(&own.folder, &other.folder) && other.is_filled == own.is_filled)
        {
            kept.push(own);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image with these folders, those that end in a slash empty, and files.
    fn folders(changes: &str, empty: &[&str], filled: &[&str], made_folders: &[&str]) -> Vec<(String, bool)> {
        let mut image = |path: &str| {
            if filled.contains(&path) {
                ImagePath::FilledFolder
            } else if empty.contains(&path) {
                ImagePath::EmptyFolder
            } else {
                ImagePath::Absent
            }
        };
        let mut is_folder = |path: &str| made_folders.contains(&path);
        let found =
            find_written_folders(&read_changes(changes), &["/data".to_owned()], &mut image, &mut is_folder);
        found.into_iter().map(|own| (own.folder, own.is_filled)).collect()
    }

    #[test]
    fn three_places_are_three_folders() {
        let changes = "C /var\nC /var/cache\nC /var/cache/wharf\nA /var/cache/wharf/index\nA /var/cache/wharf/index/berths\n\
                       C /run\nA /run/wharf.pid\nC /tmp\nA /tmp/wharf.x\nC /etc\nA /etc/passwd\nA /data";
        assert_eq!(folders("A /etc\nA /etc/hosts", &[], &[], &["/etc"]), []);
        assert_eq!(folders("C /etc\nC /run\nC /run/secrets", &[], &["/etc"], &[]), []);
        let empty = ["/var/cache/wharf", "/run", "/tmp"];
        let found = folders(changes, &empty, &[], &["/var/cache/wharf/index"]);
        assert_eq!(found, ["/run", "/tmp", "/var/cache/wharf"].map(|path| (path.to_owned(), false)));
    }

    #[test]
    fn a_new_folder_in_one_that_the_build_filled_is_its_own_mount() {
        let changes = "C /root\nA /root/.config\nA /root/.config/buoy";
        assert_eq!(
            folders(changes, &[], &["/root"], &["/root/.config"]),
            [("/root/.config".to_owned(), false)]
        );
    }

    #[test]
    fn a_file_beside_those_of_the_build_needs_a_volume_that_holds_them() {
        let changes = "C /var\nC /var/cache\nC /var/cache/x\nA /var/cache/x/new\nC /var/cache/x/old";
        assert_eq!(folders(changes, &[], &["/var/cache/x"], &[]), [("/var/cache/x".to_owned(), true)]);
    }

    #[test]
    fn what_was_made_and_removed_again_shows_by_its_folder() {
        assert_eq!(folders("C /spool", &["/spool"], &[], &[]), [("/spool".to_owned(), false)]);
    }
}
