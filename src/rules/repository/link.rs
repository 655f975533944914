//! Which Dockerfile builds the image that a container runs, by evidence in the repository.

use std::collections::{BTreeMap, HashMap};

use super::{ContainerKey, Facts};
use crate::image::{Reference, known};
use crate::repo::RelPath;

/// A Dockerfile that builds a container's image, and what says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub dockerfile: RelPath,
    /// For the screen: `its folder is named as the image`.
    pub evidence: &'static str,
}

/// Folders that hold a Dockerfile of the component that the folder above is named after.
const INNER: [&str; 9] =
    ["src", "docker", ".docker", "build", "image", "images", "app", "container", "deploy"];

const BY_FILE: (u8, &str) = (3, "its file name names the image");
const BY_FOLDER: (u8, &str) = (3, "its folder is named as the image");
const BY_OUTER: (u8, &str) = (2, "the folder above it is named as the image");
const BESIDE: (u8, &str) = (1, "it lies in the same folder");

/// The Dockerfiles of a repository, by what may name their image.
#[derive(Default)]
struct Builders<'a> {
    by_name: HashMap<&'a str, Vec<(u8, &'static str, &'a RelPath)>>,
    by_folder: HashMap<&'a str, Vec<&'a RelPath>>,
}

/// The link of each container that has one. Where two Dockerfiles are equally likely there is none.
pub(super) fn links(files: &BTreeMap<RelPath, std::sync::Arc<Facts>>) -> HashMap<ContainerKey, Link> {
    let builders = Builders::of(files);
    let alone = images_alone_in_their_folder(files);
    let mut links = HashMap::new();
    for (path, facts) in files {
        let Facts::Manifest(manifest) = &**facts else { continue };
        for pod in &manifest.pods {
            for (container, facts) in pod.containers.iter().enumerate() {
                let own = facts.image.as_deref().and_then(own_image);
                let Some(image) = own else { continue };
                let beside = alone.get(path.folder()).is_some_and(|only| *only == Some(image.name()));
                if let Some(link) = builders.link(path, &image, beside) {
                    links.insert(ContainerKey { path: path.clone(), at: pod.at, container }, link);
                }
            }
        }
    }
    links
}

/// An image that somebody of this repository may build: none that is well known, nor one of Docker's official ones.
fn own_image(text: &str) -> Option<Reference> {
    let image = Reference::parse(text).ok()?;
    let official =
        image.host() == "docker.io" && image.registry().is_some() && image.path().starts_with("library/");
    (!official && known::of(&image).is_none()).then_some(image)
}

/// For each folder, the one image of the repository's own that its manifests run; `None` where there are several.
fn images_alone_in_their_folder(
    files: &BTreeMap<RelPath, std::sync::Arc<Facts>>,
) -> HashMap<&str, Option<String>> {
    let mut only: HashMap<&str, Option<String>> = HashMap::new();
    for (path, facts) in files {
        let Facts::Manifest(manifest) = &**facts else { continue };
        let containers = manifest.pods.iter().flat_map(|pod| &pod.containers);
        for image in containers.filter_map(|c| own_image(c.image.as_deref()?)) {
            let name = image.name();
            only.entry(path.folder())
                .and_modify(|known| *known = known.take().filter(|known| *known == name))
                .or_insert(Some(name));
        }
    }
    only
}

impl<'a> Builders<'a> {
    fn of(files: &'a BTreeMap<RelPath, std::sync::Arc<Facts>>) -> Self {
        let mut builders = Self::default();
        for (path, facts) in files {
            if matches!(&**facts, Facts::Build(_)) {
                for (name, (strength, evidence)) in names(path) {
                    builders.by_name.entry(name).or_default().push((strength, evidence, path));
                }
                builders.by_folder.entry(path.folder()).or_default().push(path);
            }
        }
        builders
    }

    fn link(&self, manifest: &RelPath, image: &Reference, beside: bool) -> Option<Link> {
        let path = image.path();
        let name = path.rsplit('/').next().unwrap_or_default();
        let mut found = self.by_name.get(name).cloned().unwrap_or_default();
        if beside {
            let folder = self.by_folder.get(manifest.folder()).into_iter().flatten();
            found.extend(folder.map(|path| (BESIDE.0, BESIDE.1, *path)));
        }
        let nearness = |path: &RelPath| shared(path.folder(), manifest.folder());
        let best = found.iter().map(|(strength, _, path)| (*strength, nearness(path))).max()?;
        let mut likeliest = found.iter().filter(|(strength, _, path)| (*strength, nearness(path)) == best);
        match (likeliest.next(), likeliest.next()) {
            (Some((_, evidence, path)), None) => Some(Link { dockerfile: (*path).clone(), evidence }),
            _ => None,
        }
    }
}

/// What may name the image that a Dockerfile builds.
fn names(path: &RelPath) -> Vec<(&str, (u8, &'static str))> {
    let file = path.name();
    let suffix = file.strip_suffix(".Dockerfile").or_else(|| file.strip_suffix(".dockerfile"));
    let prefix = ["Dockerfile.", "Dockerfile-", "Containerfile.", "Containerfile-"]
        .iter()
        .find_map(|p| file.strip_prefix(p));
    if let Some(name) = suffix.or(prefix) {
        return vec![(name, BY_FILE)];
    }
    let mut folders = path.folder().rsplit('/').filter(|folder| !folder.is_empty());
    match (folders.next(), folders.next()) {
        (Some(inner), Some(outer)) if INNER.contains(&inner) => vec![(inner, BY_FOLDER), (outer, BY_OUTER)],
        (Some(folder), _) => vec![(folder, BY_FOLDER)],
        (None, _) => Vec::new(),
    }
}

/// How many folders two paths share from the root down.
fn shared(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b && !a.is_empty()).count()
}
