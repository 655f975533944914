//! Says what a well-known image needs to run, started as it is, for whoever runs it or builds on it.
//!
//! Source: the rows of `assets/images`, each with its own sources. What a row only derives or what is generally known is
//! never more than likely here.

mod image_start;
mod known_demands;
mod known_privileges;

pub use image_start::ImageStart;

use super::{NeedCertainty, NeedKind, ProgramNeed};
use crate::image::known::{DefaultUser, FactEvidence, ImageNeeds, find_known_image};
use crate::image::{KnownImage, Reference};

/// What the image of a reference is known to need, started so. Nothing where it is not known.
#[must_use]
pub fn find_known_needs(reference: &Reference, start: &ImageStart<'_>) -> Vec<ProgramNeed> {
    let Some(needs) = ImageNeeds::find(reference) else { return Vec::new() };
    let by_default = || find_known_image(reference).map_or(DefaultUser::Unknown, KnownImage::default_user);
    let is_root = start.is_root.unwrap_or_else(|| match by_default() {
        DefaultUser::Root => true,
        DefaultUser::NonRoot { .. } => false,
        DefaultUser::Unknown => needs.as_root.is_some(),
    });
    let image = KnownStart { needs, start, is_root };
    let mut found = Vec::new();
    known_privileges::add_privileges(&image, &mut found);
    known_demands::add_demands(&image, &mut found);
    found
}

/// A well-known image as it is started here.
struct KnownStart<'a> {
    needs: &'static ImageNeeds,
    start: &'a ImageStart<'a>,
    /// It starts as uid 0.
    is_root: bool,
}

impl KnownStart<'_> {
    fn is_granted(&self, capability: &str) -> bool {
        self.start.granted.iter().any(|granted| granted == capability)
    }

    /// A need of that image; `fact` says more of it, where there is more to say.
    fn need_of(
        &self,
        kind: NeedKind,
        evidence: FactEvidence,
        claim: &str,
        fact: Option<&str>,
    ) -> ProgramNeed {
        let name = self.start.image;
        let reason = match fact {
            Some(fact) => format!("{name} {claim}: {fact}"),
            None => format!("{name} {claim}"),
        };
        let certainty = match evidence {
            FactEvidence::Stated => NeedCertainty::Shown,
            FactEvidence::Known | FactEvidence::Derived => NeedCertainty::Likely,
        };
        ProgramNeed { kind, certainty, reason: reason.into(), evidence: Vec::new() }
    }
}
