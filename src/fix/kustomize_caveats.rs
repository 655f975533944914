//! Warns the user of kustomizations that replace an image that a fix writes.

use std::collections::BTreeSet;

use crate::audit::{AuditEngine, FileContent};
use crate::finding::{Edit, Finding, ImageEditPlace};
use crate::image::Reference;
use crate::kubernetes::{Kustomization, read_kustomization};
use crate::repo::{FileKind, PathBase, RelPath, is_kustomization_name, resolve_within};

/// The most kustomizations that build on one another.
const MAX_BASE_DEPTH: usize = 16;

/// A caution on each image of these findings that a kustomization replaces when it builds: the text written here does
/// not reach what it deploys.
pub(super) fn image_caveats<'a>(
    engine: &AuditEngine,
    findings: impl Iterator<Item = (&'a RelPath, &'a Finding)>,
) -> Vec<String> {
    let images: Vec<(&RelPath, &Reference)> =
        findings.filter_map(|(path, finding)| Some((path, image_of_finding(finding)?))).collect();
    if images.is_empty() {
        return Vec::new();
    }
    let all = all_kustomizations(engine);
    let base = PathBase::new(&engine.settings().root_prefix);
    let mut cautions = BTreeSet::new();
    for (path, image) in images {
        let path = &base.path_in_repository(path);
        for (at, kustomization) in &all {
            if replaces_image(kustomization, image)
                && includes_file(&all, at, kustomization, path, MAX_BASE_DEPTH)
            {
                let at = base.path_for_people(at);
                cautions.insert(format!(
                    "{at} replaces {} when it builds: what it deploys needs a `digest` under its `images`, too",
                    name_as_written(image)
                ));
            }
        }
    }
    cautions.into_iter().collect()
}

/// The image that a finding of a manifest is about.
fn image_of_finding(finding: &Finding) -> Option<&Reference> {
    finding.edits().iter().find_map(|edit| match edit {
        Edit::Image(image) if matches!(image.place, ImageEditPlace::Value { .. }) => Some(&image.image),
        _ => None,
    })
}

/// All kustomizations of the repository, by their paths in it.
fn all_kustomizations(engine: &AuditEngine) -> Vec<(RelPath, Kustomization)> {
    let of = |path: &RelPath| match engine.file(path) {
        Some((text, FileContent::Manifest(manifest))) => {
            let own = manifest.documents.iter().find_map(crate::kubernetes::ManifestDocument::kustomization);
            let by_name = || read_kustomization(text.text());
            own.or_else(|| is_kustomization_name(path.file_name()).then(by_name).flatten())
        }
        _ => None,
    };
    let paths = engine.known_paths(FileKind::Manifest);
    paths.filter_map(|path| Some((engine.path_in_repository(path), of(path)?))).collect()
}

/// True where it gives the image another tag or another name, and no digest. It compares names as they are written.
fn replaces_image(kustomization: &Kustomization, image: &Reference) -> bool {
    kustomization.images.iter().any(|own| {
        own.name == name_as_written(image)
            && own.digest.is_none()
            && (own.new_tag.is_some() || own.new_name.is_some())
    })
}

/// The name without tag and digest, as it stands in the file.
fn name_as_written(image: &Reference) -> &str {
    &image.text()[..image.repository_span().end]
}

/// True where a kustomization builds on a file, itself or through others.
fn includes_file(
    all: &[(RelPath, Kustomization)],
    at: &RelPath,
    kustomization: &Kustomization,
    path: &RelPath,
    deepest: usize,
) -> bool {
    kustomization.resources.iter().filter_map(|resource| resolve_within(at.folder(), resource)).any(
        |resource| {
            let below = || all.iter().filter(|(other, _)| other.folder() == resource && other != at);
            resource == path.as_str()
                || (deepest > 0
                    && below().any(|(other, inner)| includes_file(all, other, inner, path, deepest - 1)))
        },
    )
}
