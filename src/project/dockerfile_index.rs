//! Finds the Dockerfile that builds an image by the names it may have, for links.

use std::collections::{BTreeSet, HashMap};

use crate::repo::RelPath;

/// The evidence that a Dockerfile builds an image, and its weight.
type NameEvidence = (u8, &'static str);

const BY_FILE: NameEvidence = (3, "its file name names the image");
const BY_FOLDER: NameEvidence = (3, "its folder is named as the image");
const BY_SAME_FOLDER: NameEvidence = (1, "it lies in the same folder");

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

    /// The Dockerfiles that may build the image of that last part of a name, as a manifest runs it, by names alone: those of
    /// the weightiest evidence, with it. `refuse` says which cannot be it.
    pub(super) fn likeliest_files(
        &self,
        manifest: &RelPath,
        name: &str,
        beside: bool,
        refuse: impl Fn(&RelPath) -> bool,
    ) -> Vec<(&RelPath, &'static str)> {
        let named = self.by_name.get(name).into_iter().flatten();
        let named = named.flat_map(|path| {
            let evidence = names_with_evidence(path).into_iter().filter(|(found, _)| *found == name);
            evidence.map(move |(_, evidence)| (evidence, path))
        });
        let folder = self.by_folder.get(manifest.folder()).filter(|_| beside).into_iter().flatten();
        let found = named.chain(folder.map(|path| (BY_SAME_FOLDER, path)));
        let found: Vec<(NameEvidence, &RelPath)> = found.filter(|(_, path)| !refuse(path)).collect();
        let rank = |(evidence, path): &(NameEvidence, &RelPath)| {
            (evidence.0, shared_folders(path.folder(), manifest.folder()))
        };
        let best = found.iter().map(rank).max();
        let likeliest = found.iter().filter(|found| Some(rank(found)) == best);
        likeliest.map(|(evidence, path)| (*path, evidence.1)).collect()
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
fn names_with_evidence(path: &RelPath) -> Vec<(&str, NameEvidence)> {
    let file = path.file_name();
    let suffix = file.strip_suffix(".Dockerfile").or_else(|| file.strip_suffix(".dockerfile"));
    let prefix = ["Dockerfile.", "Dockerfile-", "Containerfile.", "Containerfile-"]
        .iter()
        .find_map(|p| file.strip_prefix(p));
    if let Some(name) = suffix.or(prefix) {
        return vec![(name, BY_FILE)];
    }
    let folder = path.folder().rsplit('/').next().filter(|folder| !folder.is_empty());
    folder.map(|folder| (folder, BY_FOLDER)).into_iter().collect()
}

/// The number of folders that two paths share from the root down.
fn shared_folders(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count()
}
