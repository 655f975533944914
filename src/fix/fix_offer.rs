//! Describes a finding's fix in brief, for lists and reports.

use std::collections::BTreeMap;

use crate::finding::{FindingKey, RiskAssessment, Safety, Wording};

/// The offer to fix a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FixOffer {
    /// Its rule has no fix: a person must decide.
    None,
    /// Its fix is proven, or waits only for a value from outside.
    Fix {
        title: Wording,
        safety: Safety,
        /// Its risk here.
        risk: RiskAssessment,
        /// The rules of all findings that the fix resolves, this one's first.
        resolves: Vec<&'static str>,
    },
    /// Its rule has a fix, but not here; the reason.
    Withheld(String),
}

/// The offer for each finding.
pub type FixOffers = BTreeMap<FindingKey, FixOffer>;
