//! Gives each container of a pod the image that it is started with.

use super::container_engine::{ContainerEngine, StillAwaited};
use super::image_contents::ImageContents;
use super::local_image::LocalImage;
use super::passwd_entries::parse_passwd;
use super::read_launch::LaunchImage;
use super::trial_error::TrialError;
use super::trial_images::{ImageSource, PlannedImage};

/// The file of an image's accounts.
const PASSWD_FILE: &str = "/etc/passwd";

/// The image with its accounts, which its own files say.
///
/// # Errors
/// When the image cannot be opened.
pub(super) fn read_accounts(
    engine: &ContainerEngine,
    mut local: LocalImage,
    is_awaited: StillAwaited<'_>,
) -> Result<LocalImage, TrialError> {
    let contents = ImageContents::open(engine, &local.name, is_awaited)?;
    local.accounts = Some(parse_passwd(&contents.read_text(PASSWD_FILE)));
    Ok(local)
}

/// The image as it is run.
pub(super) fn tried_image(local: &LocalImage) -> LaunchImage {
    LaunchImage {
        name: local.name.clone(),
        uid: local.uid(),
        planned_user: None,
        housed: local
            .accounts
            .as_ref()
            .filter(|_| !local.sets_home())
            .map(|own| own.iter().map(|own| own.uid).collect()),
    }
}

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
        ImageSource::Local(local) => tried_image(local),
        ImageSource::Build { tag, recipe, .. } => {
            LaunchImage { name: tag.clone(), uid: recipe.uid, ..LaunchImage::default() }
        }
    }
}
