//! Which image it is, and whether it stays the same one.

pub(super) mod latest_tag;
pub(super) mod moving_tag;
mod named;
pub(super) mod unpinned_image;
pub(super) mod untagged_image;

use super::{BuildView, ContainerView, Findings};
use crate::finding::{ImageIntent, ImagePlace, ImageWant, Intent, Remedy, Safety};
use crate::image::Reference;
use crate::text::Span;
use named::{Edit, Named, images};

/// An image that a file names, and where a digest would be written; none where it could not be.
pub(crate) struct Site {
    pub span: Span,
    pub image: Reference,
    pub at: Option<ImagePlace>,
}

/// The images that a Dockerfile brings in from outside.
pub(crate) fn sites_of_build(view: BuildView<'_>) -> Vec<Site> {
    let site = |Named { span, image, edit }| Site { span, image, at: edit.place() };
    images(view).0.into_iter().map(site).collect()
}

/// A container's image, where it names one.
pub(crate) fn site_of_container(view: ContainerView<'_>) -> Option<Site> {
    let image = Reference::parse(view.image()?).ok()?;
    let span = view.span_of(&["image"]).unwrap_or(view.place());
    Some(Site { span, image, at: Some(place_of(view)) })
}

/// What is wrong with a reference, and what its registry can put right.
struct Fault {
    message: String,
    want: ImageWant,
}

/// Judges each image that a Dockerfile brings in from outside: of every stage, of every `COPY --from` and of every
/// `RUN --mount`. What is open, as an `ARG` without a default is, cannot be judged.
fn in_build(view: &BuildView<'_>, out: &mut Findings<'_>, fault: impl Fn(&Reference) -> Option<Fault>) {
    let (named, open) = images(*view);
    if open {
        out.unknown();
    }
    for Named { span, image, edit } in named {
        let Some(Fault { message, want }) = fault(&image) else { continue };
        let remedy = match edit {
            Edit::At { instruction, span } => {
                remedy(image.clone(), want, ImagePlace::Build { instruction, span })
            }
            Edit::Default { instruction, span, name } => {
                remedy(image, want, ImagePlace::Build { instruction, span })
                    .but(format!("A build that is given another `{name}` is not pinned."))
            }
            Edit::After { instruction, span } => remedy(image, want, ImagePlace::Build { instruction, span })
                .but("The digest decides from then on: a build argument no longer chooses the version."),
            Edit::Withheld(reason) => Remedy::Withheld(reason),
        };
        out.report(span, message, remedy);
    }
}

/// Judges a container's image.
fn in_container(
    view: &ContainerView<'_>,
    out: &mut Findings<'_>,
    fault: impl Fn(&Reference) -> Option<Fault>,
) {
    let image = &view.container.model.image;
    if image.is_absent() {
        return out.silent();
    }
    let Some(image) = image.get().and_then(|text| Reference::parse(text).ok()) else { return out.unknown() };
    if let Some(Fault { message, want }) = fault(&image) {
        let remedy = remedy(image, want, place_of(*view));
        out.report(view.span_of(&["image"]).unwrap_or(view.place()), message, remedy);
    }
}

fn place_of(view: ContainerView<'_>) -> ImagePlace {
    let path = [view.container.path.as_slice(), &["image".into()]].concat();
    ImagePlace::Value { document: view.pod.at.0, path }
}

/// A fix that waits for what the registry says.
fn remedy(image: Reference, want: ImageWant, at: ImagePlace) -> Remedy {
    let title = match want {
        ImageWant::Digest => "Pin the image by its digest".to_owned(),
        ImageWant::Version => {
            format!("Name the version that `{}` is now", image.tag().unwrap_or("latest"))
        }
    };
    Remedy::change(title, Safety::Value, vec![Intent::Image(ImageIntent { image, want, at })])
}
