//! Gives each container of a pod the image that it is started with.

use super::read_launch::LaunchImage;
use super::trial_images::{ImageSource, PlannedImage};

/// The images at the places of their containers.
pub(super) fn by_container(planned: &[PlannedImage], images: Vec<LaunchImage>) -> Vec<LaunchImage> {
    let count = planned.iter().map(|own| own.container + 1).max().unwrap_or_default();
    let mut placed = vec![LaunchImage::default(); count];
    for (own, image) in planned.iter().zip(images) {
        placed[own.container] = image;
    }
    placed
}

/// The image as it is known before anything is built.
pub(super) fn preview_image(planned: &PlannedImage) -> LaunchImage {
    match &planned.source {
        ImageSource::Local(local) => {
            LaunchImage { name: local.name.clone(), uid: local.uid(), planned_user: None }
        }
        ImageSource::Build { tag, recipe, .. } => {
            LaunchImage { name: tag.clone(), uid: recipe.uid, planned_user: None }
        }
    }
}
