//! Checks which image it is, and if it stays the same one.

mod image_refs;
pub(super) mod latest_tag;
pub(super) mod moving_tag;
pub(super) mod unpinned_image;
pub(super) mod untagged_image;

use super::{ContainerView, DockerfileView, FindingCollector};
use crate::finding::{Edit, Fix, ImageEdit, ImageEditGoal, ImageEditPlace, Safety};
use crate::image::Reference;
use crate::project::{LinkAnswer, RepositoryView};
use crate::text::Span;
use image_refs::{ImageRef, ImageRefEdit, find_image_refs};

/// An image that a file names, and where a digest would be written; none where it could not be.
pub(crate) struct ImageSite {
    pub span: Span,
    pub image: Reference,
    pub edit_place: Option<ImageEditPlace>,
}

/// The images that a Dockerfile brings in from outside.
pub(crate) fn dockerfile_image_sites(view: DockerfileView<'_>) -> Vec<ImageSite> {
    let site = |ImageRef { span, image, edit }| ImageSite { span, image, edit_place: edit.edit_place() };
    find_image_refs(view).0.into_iter().map(site).collect()
}

/// A container's image, where it names one.
pub(crate) fn container_image_site(view: ContainerView<'_>) -> Option<ImageSite> {
    let image = Reference::parse(view.image()?).ok()?;
    let span = view.field_span(&["image"]).unwrap_or(view.label_span());
    Some(ImageSite { span, image, edit_place: Some(image_place(view)) })
}

/// The fault of a reference, and the goal that its registry can help to reach.
struct ReferenceFault {
    message: String,
    goal: ImageEditGoal,
}

/// Judges each image that a Dockerfile brings in from outside: of every stage, of every `COPY --from` and of every `RUN
/// --mount`. An unresolved one, as an `ARG` without a default is, cannot be judged.
fn check_dockerfile_images(
    view: &DockerfileView<'_>,
    out: &mut FindingCollector<'_>,
    fault: impl Fn(&Reference) -> Option<ReferenceFault>,
) {
    let (named, open) = find_image_refs(*view);
    if open {
        out.mark_unknown();
    }
    for ImageRef { span, image, edit } in named {
        let Some(ReferenceFault { message, goal }) = fault(&image) else { continue };
        let fix = match edit {
            ImageRefEdit::InPlace { instruction, span } => {
                Ok(registry_fix(image.clone(), goal, ImageEditPlace::Dockerfile { instruction, span }))
            }
            ImageRefEdit::ArgumentDefault { instruction, span, name } => {
                let fix = registry_fix(image, goal, ImageEditPlace::Dockerfile { instruction, span });
                Ok(fix.with_caution(format!("A build that is given another `{name}` is not pinned.")))
            }
            ImageRefEdit::AtEnd { instruction, span } => {
                let fix = registry_fix(image, goal, ImageEditPlace::Dockerfile { instruction, span });
                Ok(fix.with_caution(
                    "The digest decides from then on: a build argument no longer chooses the version.",
                ))
            }
            ImageRefEdit::Withheld(reason) => Err(reason),
        };
        out.report(span, message, fix.map(Some));
    }
}

/// Judges a container's image, as kustomizations build it: where all that they make of it is in order, it is.
fn check_container_image(
    view: &ContainerView<'_>,
    repository: &RepositoryView<'_>,
    out: &mut FindingCollector<'_>,
    fault: impl Fn(&Reference) -> Option<ReferenceFault>,
) {
    let image = &view.container.model.image;
    if image.is_absent() {
        return out.mark_not_applicable();
    }
    let Some(image) = image.get().and_then(|text| Reference::parse(text).ok()) else {
        return out.mark_unknown();
    };
    let span = view.field_span(&["image"]).unwrap_or(view.label_span());
    let built = repository.images_in_effect(view.pod.path, &image);
    let worst = built.iter().find_map(&fault);
    let Some(ReferenceFault { message, goal }) = fault(&image) else {
        // A digest that only an override takes away is told with the fix that writes one.
        if let Some(ReferenceFault { message, goal: ImageEditGoal::Version }) = worst {
            let reason = "a kustomization overrides this image: its version belongs there";
            out.report(span, message, Err(reason.to_owned()));
        }
        return;
    };
    if built.is_empty() || worst.is_some() {
        // What a registry has by that name is somebody else's image.
        let fix = match repository.link_answer(&view.key()).and_then(LinkAnswer::naming_tool) {
            Some(tool) => {
                Err(format!("{tool} and puts its own name here; with a digest it would leave this one"))
            }
            None => Ok(Some(registry_fix(image, goal, image_place(*view)))),
        };
        out.report(span, message, fix);
    }
}

fn image_place(view: ContainerView<'_>) -> ImageEditPlace {
    let path = [view.container.path.as_slice(), &["image".into()]].concat();
    ImageEditPlace::Value { document: view.pod.position.0, path }
}

/// A fix that waits for what the registry says.
fn registry_fix(image: Reference, goal: ImageEditGoal, place: ImageEditPlace) -> Fix {
    let title = match goal {
        ImageEditGoal::Digest => "Pin the image by its digest".to_owned(),
        ImageEditGoal::Version => {
            format!("Name the version that `{}` is now", image.tag().unwrap_or("latest"))
        }
    };
    Fix::new(title, Safety::Value, vec![Edit::Image(ImageEdit { image, goal, place })])
}
