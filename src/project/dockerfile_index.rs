//! Finds the Dockerfile that builds an image by the names it may have, for links.

use std::collections::{BTreeSet, HashMap};

use crate::repo::RelPath;

/// Folders that hold a Dockerfile of the component that the folder above is named after.
const INNER_FOLDERS: [&str; 9] =
    ["src", "docker", ".docker", "build", "image", "images", "app", "container", "deploy"];

/// The evidence that a Dockerfile builds an image, and its weight.
type LinkEvidence = (u8, &'static str);

const BY_FILE: LinkEvidence = (3, "its file name names the image");
const BY_FOLDER: LinkEvidence = (3, "its folder is named as the image");
const BY_OUTER: LinkEvidence = (2, "the folder above it is named as the image");
const BY_SAME_FOLDER: LinkEvidence = (1, "it lies in the same folder");

#[derive(Clone, Debug, Default)]
pub(super) struct DockerfileIndex {
    by_name: HashMap<String, BTreeSet<RelPath>>,
    by_folder: HashMap<String, BTreeSet<RelPath>>,
}

impl DockerfileIndex {
    /// Records that there is a Dockerfile of that path, or that there is none.
    pub(super) fn set_dockerfile(&mut self, path: &RelPath, there: bool) {
        for (name, _) in names_with_evidence(path) {
            set_path(&mut self.by_name, name, path, there);
        }
        set_path(&mut self.by_folder, path.folder(), path, there);
    }

    /// The names that the image that a Dockerfile builds may have.
    pub(super) fn image_names(path: &RelPath) -> impl Iterator<Item = &str> {
        names_with_evidence(path).into_iter().map(|(name, _)| name)
    }

    /// True when any lies directly in the folder.
    pub(super) fn has_dockerfile_in(&self, folder: &str) -> bool {
        self.by_folder.contains_key(folder)
    }

    /// The Dockerfile that builds the image of that last part of a name, as a manifest runs it, with the evidence.
    /// Where two are equally likely there is none.
    pub(super) fn find_link(
        &self,
        manifest: &RelPath,
        name: &str,
        beside: bool,
    ) -> Option<(&RelPath, &'static str)> {
        let named = self.by_name.get(name).into_iter().flatten();
        let named = named.flat_map(|path| {
            let evidence = names_with_evidence(path).into_iter().filter(|(found, _)| *found == name);
            evidence.map(move |(_, evidence)| (evidence, path))
        });
        let folder = self.by_folder.get(manifest.folder()).filter(|_| beside).into_iter().flatten();
        let found: Vec<(LinkEvidence, &RelPath)> =
            named.chain(folder.map(|path| (BY_SAME_FOLDER, path))).collect();
        let rank = |(evidence, path): &(LinkEvidence, &RelPath)| {
            (evidence.0, shared_folders(path.folder(), manifest.folder()))
        };
        let best = found.iter().map(rank).max()?;
        let mut likeliest = found.iter().filter(|found| rank(found) == best);
        match (likeliest.next(), likeliest.next()) {
            (Some((evidence, path)), None) => Some((*path, evidence.1)),
            _ => None,
        }
    }
}

fn set_path(paths: &mut HashMap<String, BTreeSet<RelPath>>, key: &str, path: &RelPath, there: bool) {
    if there {
        paths.entry(key.to_owned()).or_default().insert(path.clone());
    } else if let Some(under) = paths.get_mut(key) {
        under.remove(path);
        if under.is_empty() {
            paths.remove(key);
        }
    }
}

/// The names that the image that a Dockerfile builds may have, and the weight of each.
fn names_with_evidence(path: &RelPath) -> Vec<(&str, LinkEvidence)> {
    let file = path.file_name();
    let suffix = file.strip_suffix(".Dockerfile").or_else(|| file.strip_suffix(".dockerfile"));
    let prefix = ["Dockerfile.", "Dockerfile-", "Containerfile.", "Containerfile-"]
        .iter()
        .find_map(|p| file.strip_prefix(p));
    if let Some(name) = suffix.or(prefix) {
        return vec![(name, BY_FILE)];
    }
    let mut folders = path.folder().rsplit('/').filter(|folder| !folder.is_empty());
    match (folders.next(), folders.next()) {
        (Some(inner), Some(outer)) if INNER_FOLDERS.contains(&inner) => {
            vec![(inner, BY_FOLDER), (outer, BY_OUTER)]
        }
        (Some(folder), _) => vec![(folder, BY_FOLDER)],
        (None, _) => Vec::new(),
    }
}

/// The number of folders that two paths share from the root down.
fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count()
}
