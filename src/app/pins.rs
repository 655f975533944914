//! Checking images that are pinned already: where they stand, and what has become of their digests.

use std::collections::BTreeMap;

use super::lookup::Stage;
use crate::fix::Checked;
use crate::image::Reference;

/// What registries are asked of pinned images, and what they said.
#[derive(Clone, Debug, PartialEq)]
pub struct Pins {
    /// None is checked before the stage says so.
    pub checked: Vec<Checked>,
    pub stage: Stage,
    /// Which question this is: answers to an older one are dropped.
    pub id: u64,
    /// The row that has the keys.
    pub at: usize,
    /// How far the patch is scrolled.
    pub scroll: usize,
}

impl Pins {
    /// The registries, each with at how many places its images stand.
    #[must_use]
    pub fn hosts(&self) -> BTreeMap<&str, usize> {
        let mut hosts = BTreeMap::new();
        for checked in &self.checked {
            *hosts.entry(checked.pin.image.host()).or_default() += 1;
        }
        hosts
    }

    #[must_use]
    pub const fn is_answered(&self) -> bool {
        matches!(self.stage, Stage::Answered { .. })
    }

    /// The references whose tags point elsewhere now, and where.
    #[must_use]
    pub fn moved(&self) -> Vec<(Reference, String)> {
        let mut moved: Vec<(Reference, String)> = Vec::new();
        for checked in self.checked.iter().filter(|_| self.is_answered()) {
            if let Ok(standing) = &checked.standing
                && let Some(now) = &standing.moved_to
                && !moved.iter().any(|(image, _)| *image == checked.pin.image)
            {
                moved.push((checked.pin.image.clone(), now.clone()));
            }
        }
        moved
    }

    pub(super) fn references(&self) -> Vec<Reference> {
        self.checked.iter().map(|checked| checked.pin.image.clone()).collect()
    }
}
