//! What is known of the image that a stage is built from.

use super::known::{self, DefaultUser, Known};
use super::{Family, Reference};

/// The base of a stage: its family, and the row of the table of well-known images where it has one.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    pub family: Family,
    pub known: Option<&'static Known>,
}

impl Base {
    /// The base that a reference names. `scratch` is no image and has no reference: [`Base::scratch`].
    #[must_use]
    pub fn of(reference: &Reference) -> Self {
        let known = known::of(reference);
        Self { family: known.and_then(|known| known.family).unwrap_or(Family::Unknown), known }
    }

    #[must_use]
    pub const fn scratch() -> Self {
        Self { family: Family::Scratch, known: None }
    }

    /// Who the base's own configuration starts as.
    #[must_use]
    pub fn default_user(&self) -> DefaultUser {
        self.known.map_or(DefaultUser::Unknown, Known::default_user)
    }
}
