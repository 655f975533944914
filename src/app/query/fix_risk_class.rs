//! Keeps what the fix of each finding may do to its program, for the search: asked for file by file, once it is wanted.

use std::collections::{BTreeMap, HashMap};

use crate::finding::{Finding, FindingKey, FixRisk, Safety};
use crate::fix::FixOffer;
use crate::repo::RelPath;

/// What a fix may do to a running program, or why it is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FixRiskClass {
    /// Nothing speaks against it.
    None,
    MayBreak,
    WillBreak,
    /// It needs a value, of a registry or of a person.
    Value,
    /// There is none: a person must decide.
    ByHand,
}

impl FixRiskClass {
    pub const ALL: [Self; 5] = [Self::None, Self::MayBreak, Self::WillBreak, Self::Value, Self::ByHand];

    /// The word for it in the search.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => FixRisk::None.name(),
            Self::MayBreak => FixRisk::MayBreak.name(),
            Self::WillBreak => FixRisk::WillBreak.name(),
            Self::Value => "value",
            Self::ByHand => "by-hand",
        }
    }

    /// The class of an offer. What will break a program will do so with any value.
    #[must_use]
    pub fn of_offer(offer: &FixOffer) -> Self {
        match offer {
            FixOffer::None | FixOffer::Withheld(_) => Self::ByHand,
            FixOffer::Fix { risk, .. } if risk.will_break() => Self::WillBreak,
            FixOffer::Fix { safety: Safety::Value, .. } => Self::Value,
            FixOffer::Fix { risk, .. } if risk.risk == FixRisk::MayBreak => Self::MayBreak,
            FixOffer::Fix { .. } => Self::None,
        }
    }
}

/// The classes that are known so far, by file.
#[derive(Clone, Debug, Default)]
pub struct RiskClasses {
    by_file: BTreeMap<RelPath, HashMap<FindingKey, FixRiskClass>>,
    /// True while an answer is awaited.
    is_awaited: bool,
}

/// The most files that are asked about at once, so that a plan never waits long behind them.
const FILES_AT_ONCE: usize = 32;

impl RiskClasses {
    /// The class of a finding's fix; none where it is not known yet. Where no fix exists at all, no answer is needed.
    #[must_use]
    pub fn class_of(&self, key: &FindingKey, finding: &Finding) -> Option<FixRiskClass> {
        match self.by_file.get(&key.path).and_then(|classes| classes.get(key)) {
            Some(class) => Some(*class),
            None if finding.available_fix().is_none() => Some(FixRiskClass::ByHand),
            None => None,
        }
    }

    /// The number of files that are known.
    #[must_use]
    pub fn known_count(&self) -> usize {
        self.by_file.len()
    }

    /// The files to ask about next; none while an answer is awaited, and none where all are known.
    pub(in super::super) fn take_request<'a>(
        &mut self,
        files: impl Iterator<Item = &'a RelPath>,
    ) -> Vec<RelPath> {
        if self.is_awaited {
            return Vec::new();
        }
        let unknown = files.filter(|path| !self.by_file.contains_key(path));
        let paths: Vec<RelPath> = unknown.take(FILES_AT_ONCE).cloned().collect();
        self.is_awaited = !paths.is_empty();
        paths
    }

    /// Takes an answer in. It comes after the update of every change that it knew of.
    pub(in super::super) fn receive_classes(
        &mut self,
        paths: Vec<RelPath>,
        classes: Vec<(FindingKey, FixRiskClass)>,
    ) {
        self.is_awaited = false;
        self.by_file.extend(paths.into_iter().map(|path| (path, HashMap::new())));
        for (key, class) in classes {
            if let Some(classes) = self.by_file.get_mut(&key.path) {
                classes.insert(key, class);
            }
        }
    }

    /// Forgets these files, which changed.
    pub(in super::super) fn forget_files<'a>(&mut self, paths: impl Iterator<Item = &'a RelPath>) {
        for path in paths {
            self.by_file.remove(path);
        }
    }
}
