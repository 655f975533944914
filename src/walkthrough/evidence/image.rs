//! The images that are named, what each name may bring tomorrow, and the command that finds its digest.

use super::Seen;
use crate::dockerfile::Base;
use crate::image::Reference;
use crate::rules::ContainerView;
use crate::walkthrough::scene::Scene;

/// So many commands are shown.
const SHOWN: usize = 3;
/// And so much of a digest: `sha256:` and twelve digits.
const DIGEST: usize = 19;

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let images = images(scene);
    seen.now();
    let mut pinned: Vec<String> = Vec::new();
    for image in &images {
        if image.is_pinned() {
            pinned.push(format!("`{}`", short(image)));
        } else {
            seen.note(format!("`{}` {}", image.text(), says(image)));
        }
    }
    if !pinned.is_empty() {
        let are = if pinned.len() == 1 { "is pinned" } else { "are pinned" };
        seen.note(format!("{} {are}: the digest decides, the tag is for people.", pinned.join(", ")));
    }
    let chosen = &scene.engine.settings().chosen.images;
    let digest = |image: &Reference| chosen.get(image.text())?.digest.clone();
    let open = images.iter().filter(|image| !image.is_pinned() && digest(image).is_none());
    let most = if seen.met { 0 } else { SHOWN };
    for (at, image) in open.take(most).enumerate() {
        if at == 0 {
            seen.lines.push(super::Line::When("Only the registry knows the digests: the line `Digest:` of"));
        }
        seen.typed(format!("$ docker buildx imagetools inspect {}", image.text()));
    }
    for (at, (image, digest)) in images.iter().filter_map(|image| Some((image, digest(image)?))).enumerate() {
        if at == 0 {
            seen.then();
        }
        let (name, start) = (image.familiar_name(), digest.get(..DIGEST).unwrap_or(&digest));
        seen.note(format!("`{name}` is what has {start}…, or it is not started."));
    }
}

/// The images that the app is built on and runs, each once.
pub(super) fn images(scene: &Scene<'_>) -> Vec<Reference> {
    let bases =
        scene.builds.iter().flat_map(|build| &build.file.stages).filter_map(|stage| match &stage.base {
            Base::Image(name) => Some(name.as_str()),
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

/// A pinned image with as much of its digest as tells it apart.
fn short(image: &Reference) -> String {
    let text = image.text();
    let end = image.digest_span().map_or(text.len(), |span| text.len().min(span.start + DIGEST));
    if end < text.len() { format!("{}…", &text[..end]) } else { text.to_owned() }
}

fn says(image: &Reference) -> &'static str {
    match image.tag() {
        None => "names no tag, which means `latest`: whatever was pushed last.",
        Some("latest") => "is whatever was pushed last; two nodes may run two programs.",
        Some(_) => "is whatever its owner last gave that tag.",
    }
}
