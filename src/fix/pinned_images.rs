//! Images that are pinned already: where they stand, what has become of them, and their digests made new.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::file_fixer::FileFixer;
use super::{FixPlan, RegistryAnswers};
use crate::audit::{AuditEngine, FileContent};
use crate::dockerfile::shell::ScriptCache;
use crate::finding::{Change, FixRisk, ImageIntent, ImagePlace, ImageWant, Intent, Safety};
use crate::image::Reference;
use crate::image::registry::{DigestStatus, TagResolution};
use crate::repo::FilePatch;
use crate::repo::{FileKind, RelPath};
use crate::rules::{DockerfileView, PodView, container_image_site, dockerfile_image_sites};
use crate::text::{SourceText, Span};

/// A reference with a digest, in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedImage {
    pub path: RelPath,
    pub span: Span,
    /// From 1.
    pub line: usize,
    pub image: Reference,
    /// Where another digest would be written; none where it could not be.
    edit_place: Option<ImagePlace>,
}

/// What has become of a pinned image, or why nobody can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinCheck {
    pub pin: PinnedImage,
    pub status: Result<DigestStatus, String>,
}

/// Every pinned image, in the order of the files.
#[must_use]
pub fn find_pinned_images(engine: &AuditEngine) -> Vec<PinnedImage> {
    let mut paths: Vec<&RelPath> = engine
        .audited_paths_of_kind(FileKind::Dockerfile)
        .chain(engine.audited_paths_of_kind(FileKind::Manifest))
        .collect();
    paths.sort_unstable();
    paths.into_iter().flat_map(|path| pinned_images_in(engine, path)).collect()
}

fn pinned_images_in(engine: &AuditEngine, path: &RelPath) -> Vec<PinnedImage> {
    let Some((source, meaning)) = engine.file(path) else { return Vec::new() };
    let (text, settings) = (source.text(), engine.settings());
    let sites = match meaning {
        FileContent::Dockerfile(file) => {
            let scripts = &ScriptCache::new(text, file);
            dockerfile_image_sites(DockerfileView {
                path,
                text,
                file,
                scripts,
                settings,
                suppressions: &[],
                has_ignore_file: false,
            })
        }
        FileContent::Manifest(manifest) => {
            let mut sites = Vec::new();
            for (index, document) in manifest.documents.iter().enumerate() {
                let patch = engine.index().is_patch(path, index);
                for (nth, pod) in document.pods.iter().enumerate() {
                    let Some(object) = document.objects.get(pod.object_index) else { continue };
                    let view = PodView {
                        path,
                        document,
                        position: (index, nth),
                        object,
                        pod,
                        is_patch: patch,
                        settings,
                    };
                    sites.extend(view.containers().filter_map(container_image_site));
                }
            }
            sites
        }
    };
    let pinned = sites.into_iter().filter(|site| site.image.is_pinned());
    let pin = |site: crate::rules::ImageSite| PinnedImage {
        path: path.clone(),
        span: site.span,
        line: source.line_number_at(site.span.start),
        image: site.image,
        edit_place: site.edit_place,
    };
    pinned.map(pin).collect()
}

/// The plan that writes these digests in the place of those that the references have.
///
/// # Errors
/// When none of them can be written; the reason, for the screen.
pub fn repin(engine: &AuditEngine, digests: &[(Reference, String)]) -> Result<FixPlan, String> {
    let mut answers = RegistryAnswers::default();
    let said = |digest: &String| TagResolution {
        digest: digest.clone(),
        is_single_platform: false,
        tags: Vec::new(),
        incomplete_reason: None,
        other_hosts: Vec::new(),
        resolved_at: SystemTime::now(),
    };
    answers.extend(digests.iter().map(|(image, digest)| (image.clone(), Ok(said(digest)))));
    let mut changes: BTreeMap<RelPath, Vec<Intent>> = BTreeMap::new();
    for pin in find_pinned_images(engine).into_iter().filter(|pin| answers.get(&pin.image).is_some()) {
        if let Some(at) = pin.edit_place {
            let intent = Intent::Image(ImageIntent { image: pin.image, want: ImageWant::Digest, at });
            changes.entry(pin.path).or_default().push(intent);
        }
    }
    let mut plan = FixPlan {
        title: "Renew the digests".to_owned(),
        safety: Safety::Value,
        risk: FixRisk::MayBreak,
        patches: Vec::new(),
        resolves: Vec::new(),
        cautions: Vec::new(),
        evidence: Vec::new(),
        withheld: Vec::new(),
        breaking_fixes: Vec::new(),
    };
    let mut reason = "the digests stand where they cannot be written".to_owned();
    for (path, intents) in changes {
        let change = Change { title: plan.title.clone().into(), safety: plan.safety, intents, caution: None };
        let Some(draft) = FileFixer::for_file(engine, &answers, &path) else { continue };
        match draft.apply_change(&change) {
            Ok(after) => {
                let before = draft.source().clone();
                plan.patches.push(FilePatch { path: path.clone(), before, after: SourceText::new(after) });
            }
            Err(failure) => reason = format!("{path}: {}", failure.reason),
        }
    }
    if plan.patches.is_empty() { Err(reason) } else { Ok(plan) }
}
