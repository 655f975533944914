//! Finds the claims of build files about an image, and weighs them: by the nearest scope, then by what makes them.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::facts_delta::is_below;
use crate::builds::{BuildArgument, BuildFiles, BuildRecipe, ClaimedImage, ImageClaim, agreed_arguments};
use crate::image::Reference;
use crate::repo::RelPath;

/// Folders of tools: what lies in them builds for the folder above.
const TOOL_FOLDERS: [&str; 19] = [
    ".github",
    ".gitlab",
    ".circleci",
    ".azure-pipelines",
    ".tekton",
    ".woodpecker",
    "hack",
    "scripts",
    "script",
    "ci",
    ".ci",
    "build",
    "tools",
    "bin",
    "dev",
    "make",
    "mk",
    "docker",
    "docker-compose",
];

/// Folders whose neighbours have nothing to do with each other.
const EXAMPLE_FOLDERS: [&str; 10] =
    ["example", "examples", "sample", "samples", "demo", "demos", "test", "tests", "testdata", "e2e"];

/// A claim with the folder that it speaks for.
#[derive(Clone, Debug)]
pub(super) struct ScopedClaim {
    pub claim: ImageClaim,
    pub scope: String,
}

/// All claims of the repository, by the last part of the image's name.
#[derive(Clone, Debug, Default)]
pub(super) struct ClaimIndex {
    by_name: HashMap<String, Vec<ScopedClaim>>,
    /// The Dockerfiles that any of them names, each with the last parts of the names of its images.
    names_by_dockerfile: HashMap<RelPath, BTreeSet<String>>,
    /// The last folders of the names of images: `acme` of `ghcr.io/acme/web`.
    namespaces: HashSet<String>,
    /// The scopes of files for development.
    development_scopes: BTreeSet<String>,
    /// The claims of services, whether or not they name an image.
    services: Vec<ImageClaim>,
    /// What is said of the stage of each Dockerfile that a claim about an image or a service names, in the order of the
    /// build files.
    stages_by_dockerfile: HashMap<RelPath, Vec<StageClaim>>,
}

/// The stage of a Dockerfile that a line of a build file builds; the last one where none is named.
#[derive(Clone, Debug)]
pub(super) struct StageClaim {
    pub stage: Option<String>,
    pub path: RelPath,
    pub line: usize,
}

impl ClaimIndex {
    pub(super) fn of_files(builds: &BuildFiles) -> Self {
        let mut index = Self::default();
        for (path, claim) in builds.iter_claims() {
            if claim.service.is_some() {
                index.services.push(claim.clone());
            }
            if claim.service.is_some() || claim.image.is_some() {
                index.note_stage(claim);
            }
            let scope = scope_of(path);
            if claim.tool.is_for_development() && claim.tool.rank() == 3 {
                index.development_scopes.insert(scope.clone());
            }
            let Some(image) = &claim.image else { continue };
            let last = image.last_part().to_owned();
            if let BuildRecipe::Dockerfile { choices, .. } = &claim.recipe {
                for path in choices.iter().flatten() {
                    index.names_by_dockerfile.entry(path.clone()).or_default().insert(last.clone());
                }
            }
            index.namespaces.extend(image.namespace().and_then(last_folder).map(str::to_owned));
            index.by_name.entry(last).or_default().push(ScopedClaim { claim: claim.clone(), scope });
        }
        index
    }

    fn note_stage(&mut self, claim: &ImageClaim) {
        let BuildRecipe::Dockerfile { choices, stage, .. } = &claim.recipe else { return };
        for dockerfile in choices.iter().flatten() {
            let built = StageClaim { stage: stage.clone(), path: claim.path.clone(), line: claim.line };
            self.stages_by_dockerfile.entry(dockerfile.clone()).or_default().push(built);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    /// The claims of compose services.
    pub(super) fn services(&self) -> &[ImageClaim] {
        &self.services
    }

    /// What the build of an image from a Dockerfile is given where that line of a build file builds it. One line may build
    /// several images, as a template of make does.
    pub(super) fn arguments_at(
        &self,
        (path, line): (&RelPath, usize),
        dockerfile: &RelPath,
        image: Option<&Reference>,
    ) -> Vec<BuildArgument> {
        let all = self.by_name.values().flatten().map(|scoped| &scoped.claim).chain(&self.services);
        let names = |claim: &&ImageClaim| match &claim.recipe {
            BuildRecipe::Dockerfile { choices, .. } => choices.iter().flatten().any(|own| own == dockerfile),
            _ => false,
        };
        let own = all.filter(|claim| claim.line == line && claim.path == *path).filter(names);
        let own: Vec<&ImageClaim> = own.collect();
        let is_about = |claim: &&&ImageClaim| {
            claim.image.as_ref().zip(image).is_some_and(|(named, image)| is_same(named, image))
        };
        let about: Vec<&ImageClaim> = own.iter().filter(is_about).copied().collect();
        let counted = if about.is_empty() { own } else { about };
        agreed_arguments(&counted.iter().map(|claim| claim.recipe.arguments()).collect::<Vec<_>>())
    }

    /// The first claim of those that build another stage of a Dockerfile than its last, where all do.
    pub(super) fn claim_of_other_stage(
        &self,
        dockerfile: &RelPath,
        last: Option<&str>,
    ) -> Option<&StageClaim> {
        let own = self.stages_by_dockerfile.get(dockerfile)?;
        let is_other = |claim: &StageClaim| claim.stage.is_some() && claim.stage.as_deref() != last;
        own.first().filter(|_| own.iter().all(is_other))
    }

    /// The claims about an image, wherever they stand.
    pub(super) fn claims_about(&self, image: &Reference) -> Vec<&ScopedClaim> {
        let claims = self.by_name.get(last_part(image)).into_iter().flatten();
        claims
            .filter(|scoped| scoped.claim.image.as_ref().is_some_and(|named| is_same(named, image)))
            .collect()
    }

    /// True where build files name the Dockerfile, and all of them for images of other names.
    pub(super) fn builds_others(&self, dockerfile: &RelPath, name: &str) -> bool {
        self.names_by_dockerfile.get(dockerfile).is_some_and(|names| !names.contains(name))
    }

    /// True where the image has a namespace, and the repository's builds have others.
    pub(super) fn has_foreign_namespace(&self, image: &Reference) -> bool {
        let own = image_namespace(image);
        !self.namespaces.is_empty()
            && own.and_then(last_folder).is_some_and(|namespace| !self.namespaces.contains(namespace))
    }

    /// The scope of the nearest file for development above a manifest.
    pub(super) fn development_scope(&self, manifest: &RelPath) -> Option<&str> {
        let above = self.development_scopes.iter().filter(|scope| is_in_scope(manifest, scope));
        above.map(String::as_str).max_by_key(|scope| scope.len())
    }
}

/// The claims that count for a manifest: those of the nearest scope above it; else those elsewhere that leave no doubt.
pub(super) fn nearest_claims<'a>(
    claims: &[&'a ScopedClaim],
    manifest: &RelPath,
    image: &Reference,
) -> Vec<&'a ScopedClaim> {
    let above = claims.iter().filter(|scoped| is_in_scope(manifest, &scoped.scope));
    let nearest = above.clone().map(|scoped| scoped.scope.len()).max();
    if let Some(length) = nearest {
        return above.filter(|scoped| scoped.scope.len() == length).copied().collect();
    }
    let elsewhere = claims.iter().filter(|scoped| speaks_elsewhere(scoped, manifest, image));
    elsewhere.copied().collect()
}

/// True for a claim beside a manifest's folders that names the image with its namespace, or that no file for development
/// makes, where neither is an example.
fn speaks_elsewhere(scoped: &ScopedClaim, manifest: &RelPath, image: &Reference) -> bool {
    let named = scoped.claim.image.as_ref();
    let is_whole = named
        .and_then(ClaimedImage::namespace)
        .and_then(last_folder)
        .is_some_and(|namespace| image_namespace(image).and_then(last_folder) == Some(namespace));
    if is_whole {
        return true;
    }
    let is_example = |path: &str| path.split('/').any(|folder| EXAMPLE_FOLDERS.contains(&folder));
    scoped.claim.tool.rank() >= 4 && !is_example(&scoped.scope) && !is_example(manifest.folder())
}

/// Of claims of one scope those of the highest rank.
pub(super) fn weightiest_claims<'a>(claims: &[&'a ScopedClaim]) -> Vec<&'a ScopedClaim> {
    let rank = claims.iter().map(|scoped| scoped.claim.tool.rank()).max();
    claims.iter().filter(|scoped| Some(scoped.claim.tool.rank()) == rank).copied().collect()
}

/// Of claims that differ by their tags alone those whose tag ends as the image's: `latest-cart` beside `1.2-cart`, and what
/// ends as none of the others.
pub(super) fn claims_by_tag<'a>(claims: Vec<&'a ScopedClaim>, image: &Reference) -> Vec<&'a ScopedClaim> {
    let tag_of = |scoped: &&'a ScopedClaim| scoped.claim.image.as_ref().and_then(ClaimedImage::tag);
    let Some(own) = image.tag() else { return claims };
    let exact: Vec<&ScopedClaim> =
        claims.iter().filter(|scoped| tag_of(scoped) == Some(own)).copied().collect();
    if !exact.is_empty() && exact.len() < claims.len() {
        return exact;
    }
    let tags: Vec<&str> = claims.iter().map(|scoped| tag_of(scoped).unwrap_or_default()).collect();
    let first = tags.first().copied().unwrap_or_default();
    let common = tags.iter().map(|tag| shared_beginning(first, tag)).min().unwrap_or_default();
    // What they have in common ends before the dash of a word.
    let common = if tags.iter().all(|tag| *tag == first) { None } else { first[..common].rfind('-') };
    let ending = |tag: &'a str| match tag.rfind(|c: char| !c.is_ascii_graphic()) {
        // After what only the build knows.
        Some(at) => tag[at..].trim_start_matches(|c: char| !c.is_ascii_graphic()),
        None => common.map_or("", |at| tag.get(at..).unwrap_or_default()),
    };
    let lengths: Vec<Option<usize>> =
        tags.iter().map(|tag| own.ends_with(ending(tag)).then(|| ending(tag).len())).collect();
    let best = lengths.iter().max().copied().flatten();
    let ends_so = claims.iter().zip(&lengths).filter(|(_, length)| best.is_some() && **length == best);
    let ends_so: Vec<&ScopedClaim> = ends_so.map(|(scoped, _)| *scoped).collect();
    if ends_so.is_empty() { claims } else { ends_so }
}

/// The length of the beginning that two texts share.
fn shared_beginning(a: &str, b: &str) -> usize {
    a.char_indices().zip(b.chars()).find(|((_, a), b)| a != b).map_or(a.len().min(b.len()), |((at, _), _)| at)
}

/// The folder that a build file speaks for.
fn scope_of(path: &RelPath) -> String {
    let folders = path.folder().split('/').take_while(|folder| !TOOL_FOLDERS.contains(folder));
    folders.collect::<Vec<_>>().join("/")
}

fn is_in_scope(manifest: &RelPath, scope: &str) -> bool {
    is_below(manifest, scope)
}

/// True where a build file's name and a manifest's are those of one image: the last parts are equal, and neither has a
/// namespace that says otherwise.
fn is_same(named: &ClaimedImage, image: &Reference) -> bool {
    if named.last_part() != last_part(image) {
        return false;
    }
    let own = image_namespace(image).and_then(last_folder);
    let claimed = named.namespace().and_then(last_folder);
    match (claimed, own) {
        (Some(claimed), Some(own)) => claimed == own || !named.namespace().is_some_and(has_known_end),
        _ => true,
    }
}

/// The last folder of a namespace that is no registry's host.
fn last_folder(namespace: &str) -> Option<&str> {
    let mut parts = namespace.rsplit('/');
    let last = parts.next()?;
    let is_host = parts.next().is_none() && (last.contains(['.', ':']) || last == "localhost");
    (!is_host && !last.is_empty()).then_some(last)
}

/// False where the last folder of a claimed namespace is open.
fn has_known_end(namespace: &str) -> bool {
    namespace.rsplit('/').next().is_some_and(|last| last.chars().all(|c| c.is_ascii_graphic()))
}

fn image_name(image: &Reference) -> &str {
    &image.text()[..image.repository_span().end]
}

/// The last part of an image's name.
pub(super) fn last_part(image: &Reference) -> &str {
    image_name(image).rsplit('/').next().unwrap_or_default()
}

fn image_namespace(image: &Reference) -> Option<&str> {
    Some(image_name(image).rsplit_once('/')?.0)
}

/// True where the claim has the image's whole name, with a namespace.
pub(super) fn has_whole_name(claim: &ImageClaim, image: &Reference) -> bool {
    let named = claim.image.as_ref();
    let own = image_namespace(image);
    own.is_some()
        && named.is_some_and(|named| named.namespace() == own && named.last_part() == last_part(image))
}

/// The Dockerfile of one of several platforms or purposes beside the plain one: `Dockerfile.windows`.
pub(super) fn is_variant_of(path: &RelPath, plain: &RelPath) -> bool {
    let is_plain = matches!(plain.file_name(), "Dockerfile" | "Containerfile");
    let name = path.file_name();
    is_plain
        && path.folder() == plain.folder()
        && (name.starts_with("Dockerfile") || name.starts_with("Containerfile"))
        && name != plain.file_name()
}
