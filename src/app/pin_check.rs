//! Holds the check of images that are pinned already: their places, and the state of their digests.

use std::collections::BTreeMap;

use super::registry_lookup::LookupStage;
use crate::audit::PinCheck;
use crate::image::Reference;

/// The check of pinned images, with the registries' answers.
#[derive(Clone, Debug, PartialEq)]
pub struct PinCheckState {
    /// The images; none is checked before the stage says so.
    pub checks: Vec<PinCheck>,
    pub stage: LookupStage,
    /// The number of this check: answers to an older one are dropped.
    pub id: u64,
    /// The row that has the keys.
    pub selected: usize,
    /// The lines by which the patch is scrolled.
    pub scroll: usize,
}

impl PinCheckState {
    /// The registries, each with the number of places of its images.
    #[must_use]
    pub fn count_by_host(&self) -> BTreeMap<&str, usize> {
        let mut hosts = BTreeMap::new();
        for checked in &self.checks {
            *hosts.entry(checked.pin.image.host()).or_default() += 1;
        }
        hosts
    }

    #[must_use]
    pub const fn is_finished(&self) -> bool {
        matches!(self.stage, LookupStage::Finished { .. })
    }

    /// The references whose tags point to another digest now, with that digest.
    #[must_use]
    pub fn moved_digests(&self) -> Vec<(Reference, String)> {
        let mut moved: Vec<(Reference, String)> = Vec::new();
        for checked in self.checks.iter().filter(|_| self.is_finished()) {
            if let Ok(standing) = &checked.status
                && let Some(now) = &standing.moved_to
                && !moved.iter().any(|(image, _)| *image == checked.pin.image)
            {
                moved.push((checked.pin.image.clone(), now.clone()));
            }
        }
        moved
    }

    pub(super) fn image_references(&self) -> Vec<Reference> {
        self.checks.iter().map(|checked| checked.pin.image.clone()).collect()
    }
}
