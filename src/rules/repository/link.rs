//! Which Dockerfile builds the image that a container runs, by evidence in the repository.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::{ContainerKey, Facts, ManifestFacts};
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

/// The Dockerfiles of a repository, by what may name their image. Where two are equally likely there is no link.
#[derive(Default)]
struct Builders<'a> {
    by_name: HashMap<&'a str, Vec<(u8, &'static str, &'a RelPath)>>,
    by_folder: HashMap<&'a str, Vec<&'a RelPath>>,
}

/// The link of each container that has one, by file, document, pod and place.
pub(super) type Links = BTreeMap<ContainerKey, Link>;

/// The links of all manifests.
pub(super) fn links(files: &BTreeMap<RelPath, Arc<Facts>>) -> Links {
    let folders: BTreeSet<&str> = files.keys().map(RelPath::folder).collect();
    let builders = Builders::of(files);
    folders.into_iter().flat_map(|folder| builders.links_in(files, folder)).collect()
}

/// Links the manifests of one folder anew, as a link depends on which Dockerfiles there are and on the images that the
/// manifests of the same folder run, on nothing else. Says which manifests' links are others now.
pub(super) fn relink(
    links: &mut Links,
    files: &BTreeMap<RelPath, Arc<Facts>>,
    folder: &str,
) -> BTreeSet<RelPath> {
    let start = ContainerKey { path: first_below(folder), at: (0, 0), container: 0 };
    let below = links.range(start..).map(|(key, _)| key).take_while(|key| is_below(&key.path, folder));
    let old: Vec<ContainerKey> = below.filter(|key| key.path.folder() == folder).cloned().collect();
    let old: Links = old.into_iter().filter_map(|key| links.remove_entry(&key)).collect();
    let new = Builders::of(files).links_in(files, folder);
    let gone = old.keys().filter(|key| !new.contains_key(*key));
    let other = new.iter().filter(|(key, link)| old.get(*key) != Some(*link)).map(|(key, _)| key);
    let moved = gone.chain(other).map(|key| key.path.clone()).collect();
    links.extend(new);
    moved
}

/// Before every path below the folder, in their order.
fn first_below(folder: &str) -> RelPath {
    if folder.is_empty() { RelPath::from("") } else { RelPath::from(format!("{folder}/").as_str()) }
}

fn is_below(path: &RelPath, folder: &str) -> bool {
    folder.is_empty() || path.as_str().strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// The manifests directly in a folder.
fn manifests_in<'a>(
    files: &'a BTreeMap<RelPath, Arc<Facts>>,
    folder: &'a str,
) -> impl Iterator<Item = (&'a RelPath, &'a ManifestFacts)> {
    let below = files.range(first_below(folder)..).take_while(move |(path, _)| is_below(path, folder));
    below.filter(move |(path, _)| path.folder() == folder).filter_map(|(path, facts)| match &**facts {
        Facts::Manifest(manifest) => Some((path, manifest)),
        Facts::Build(_) => None,
    })
}

/// An image that somebody of this repository may build: none that is well known, nor one of Docker's official ones.
fn own_image(text: &str) -> Option<Reference> {
    let image = Reference::parse(text).ok()?;
    let official =
        image.host() == "docker.io" && image.registry().is_some() && image.path().starts_with("library/");
    (!official && known::of(&image).is_none()).then_some(image)
}

/// The one image of the repository's own that the manifests of a folder run; none where there are several.
fn image_alone_in(files: &BTreeMap<RelPath, Arc<Facts>>, folder: &str) -> Option<String> {
    let pods = manifests_in(files, folder).flat_map(|(_, manifest)| &manifest.pods);
    let images = pods.flat_map(|pod| &pod.containers).filter_map(|c| own_image(c.image.as_deref()?));
    let mut names = images.map(|image| image.name());
    let first = names.next()?;
    names.all(|name| name == first).then_some(first)
}

impl<'a> Builders<'a> {
    fn of(files: &'a BTreeMap<RelPath, Arc<Facts>>) -> Self {
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

    fn links_in(&self, files: &BTreeMap<RelPath, Arc<Facts>>, folder: &str) -> Links {
        let alone = self.by_folder.contains_key(folder).then(|| image_alone_in(files, folder)).flatten();
        let mut links = Links::new();
        for (path, manifest) in manifests_in(files, folder) {
            for pod in &manifest.pods {
                for (container, facts) in pod.containers.iter().enumerate() {
                    let own = facts.image.as_deref().and_then(own_image);
                    let Some(image) = own else { continue };
                    let beside = alone.as_ref().is_some_and(|only| *only == image.name());
                    if let Some(link) = self.link(path, &image, beside) {
                        links.insert(ContainerKey { path: path.clone(), at: pod.at, container }, link);
                    }
                }
            }
        }
        links
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
