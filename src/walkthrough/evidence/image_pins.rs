//! Shows the images that are named, what each name may bring tomorrow, and the command that finds its digest.

use super::EvidenceWriter;
use crate::dockerfile::StageBase;
use crate::image::Reference;
use crate::rules::ContainerView;
use crate::walkthrough::walk_context::WalkContext;

/// The most commands that are shown.
const MAX_COMMANDS: usize = 3;
/// The shown length of a digest: `sha256:` and twelve digits.
const DIGEST_LENGTH: usize = 19;

pub(super) fn show_images(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let images = app_images(scene);
    seen.begin_now();
    let mut pinned: Vec<String> = Vec::new();
    for image in &images {
        if image.is_pinned() {
            pinned.push(format!("`{}`", shorten_digest(image)));
        } else {
            seen.push_note(format!("`{}` {}", image.text(), describe_tag(image)));
        }
    }
    if !pinned.is_empty() {
        let are = if pinned.len() == 1 { "is pinned" } else { "are pinned" };
        seen.push_note(format!("{} {are}: the digest decides, the tag is for people.", pinned.join(", ")));
    }
    let chosen = scene.engine.settings().image_pins();
    let digest = |image: &Reference| chosen.get(image.text())?.digest.clone();
    let open = images.iter().filter(|image| !image.is_pinned() && digest(image).is_none());
    let most = if seen.is_met { 0 } else { MAX_COMMANDS };
    for (at, image) in open.take(most).enumerate() {
        if at == 0 {
            seen.lines.push(super::EvidenceLine::Heading(
                "Only the registry knows the digests: the line `Digest:` of",
            ));
        }
        seen.push_command(format!("$ docker buildx imagetools inspect {}", image.text()));
    }
    for (at, (image, digest)) in images.iter().filter_map(|image| Some((image, digest(image)?))).enumerate() {
        if at == 0 {
            seen.begin_after();
        }
        let (name, start) = (image.familiar_name(), digest.get(..DIGEST_LENGTH).unwrap_or(&digest));
        seen.push_note(format!("`{name}` is what has {start}…, or it is not started."));
    }
}

/// The images that the app is built on and runs, each once.
pub(super) fn app_images(scene: &WalkContext<'_>) -> Vec<Reference> {
    let bases =
        scene.dockerfiles.iter().flat_map(|build| &build.file.stages).filter_map(|stage| match &stage.base {
            StageBase::Image(name) => Some(name.as_str()),
            _ => None,
        });
    let run = scene.workload.into_iter().flat_map(|workload| workload.view.containers());
    let run = run.filter_map(ContainerView::image);
    let mut images: Vec<Reference> = Vec::new();
    for image in bases.chain(run).filter_map(|text| Reference::parse(text).ok()) {
        if !images.iter().any(|known| known.text() == image.text()) {
            images.push(image);
        }
    }
    images
}

/// A pinned image with as much of its digest as identifies it.
fn shorten_digest(image: &Reference) -> String {
    let text = image.text();
    let end = image.digest_span().map_or(text.len(), |span| text.len().min(span.start + DIGEST_LENGTH));
    if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() }
}

fn describe_tag(image: &Reference) -> &'static str {
    match image.tag() {
        None => "names no tag, which means `latest`: whatever was pushed last.",
        Some("latest") => "is whatever was pushed last; two nodes may run two programs.",
        Some(_) => "is whatever its owner last gave that tag.",
    }
}
