//! Finds images that a repository may build itself, by their names.

use crate::image::{Reference, known};

/// The full name of an image that somebody of this repository may build: none that is well known, nor one of Docker's
/// official ones.
pub(super) fn own_image_name(text: &str) -> Option<String> {
    let image = Reference::parse(text).ok()?;
    is_own_image(&image).then(|| image.name())
}

/// True for an image that somebody of this repository may build.
pub(super) fn is_own_image(image: &Reference) -> bool {
    let official =
        image.host() == "docker.io" && image.registry().is_some() && image.path().starts_with("library/");
    !official && known::find_known_image(image).is_none()
}
