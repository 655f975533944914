//! The images that are named, what each name may bring tomorrow, and the command that finds its digest.

use super::Seen;
use crate::dockerfile::Base;
use crate::image::Reference;
use crate::rules::ContainerView;
use crate::walkthrough::scene::Scene;

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let images = images(scene);
    seen.now();
    for image in &images {
        seen.note(format!("`{}` {}", image.text(), says(image)));
    }
    let open: Vec<&Reference> = images.iter().filter(|image| !image.is_pinned()).collect();
    if open.is_empty() || seen.met {
        return;
    }
    seen.lines.push(super::Line::When("The commands that find the digests"));
    for image in open.into_iter().take(3) {
        seen.typed(format!(
            "$ docker buildx imagetools inspect {} --format '{{{{.Manifest.Digest}}}}'",
            image.text()
        ));
    }
    seen.note("Nobody but the registry knows them. Write them behind the name, as `name:version@sha256:…`: the walk notices.");
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

fn says(image: &Reference) -> &'static str {
    match (image.is_pinned(), image.tag()) {
        (true, Some(_)) => "is pinned: the digest decides, the tag is for people.",
        (true, None) => "is pinned by its digest.",
        (false, None) => "names no tag, which means `latest`: whatever was pushed last.",
        (false, Some("latest")) => "is whatever was pushed last; two nodes may run two programs.",
        (false, Some(_)) => "is whatever its owner last gave that tag.",
    }
}
