//! Finds images that are pinned already, checks their digests, and renews them, for the app and `check`.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::file_fixer::FileFixer;
use super::{FixPlan, RegistryAnswers};
use crate::audit::{AuditEngine, FileContent};
use crate::dockerfile::shell::ScriptCache;
use crate::finding::{Edit, FixRisk, ImageEdit, ImageEditGoal, ImageEditPlace, Safety};
use crate::image::Reference;
use crate::image::registry::{DigestStatus, TagResolution};
use crate::repo::{FileKind, RelPath};
use crate::rules::{DockerfileView, PodView, container_image_site, dockerfile_image_sites};
use crate::text::Span;

/// A reference with a digest, in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinnedImage {
    pub path: RelPath,
    pub span: Span,
    /// From 1.
    pub line: usize,
    pub image: Reference,
    /// Where another digest would be written; none where it could not be.
    edit_place: Option<ImageEditPlace>,
}

/// The state of a pinned image, or the reason why it is unknown.
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
        FileContent::Manifest(_) => {
            engine.pod_views(path).flat_map(PodView::containers).filter_map(container_image_site).collect()
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

/// The plan that replaces the digests of the references by these.
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
    let mut edits_by_file: BTreeMap<RelPath, Vec<Edit>> = BTreeMap::new();
    for pin in find_pinned_images(engine).into_iter().filter(|pin| answers.get(&pin.image).is_some()) {
        if let Some(place) = pin.edit_place {
            let edit = Edit::Image(ImageEdit { image: pin.image, goal: ImageEditGoal::Digest, place });
            edits_by_file.entry(pin.path).or_default().push(edit);
        }
    }
    let mut plan = FixPlan {
        title: "Renew the digests".to_owned(),
        safety: Safety::Value,
        risk: FixRisk::MayBreak,
        ..FixPlan::default()
    };
    let mut reason = "the digests stand where they cannot be written".to_owned();
    for (path, edits) in edits_by_file {
        let Some(draft) = FileFixer::for_file(engine, &answers, &path) else { continue };
        match draft.apply_edits(&edits) {
            Ok(patch) => plan.patches.push(patch),
            Err(failure) => reason = format!("{path}: {}", failure.reason),
        }
    }
    if plan.patches.is_empty() { Err(reason) } else { Ok(plan) }
}
