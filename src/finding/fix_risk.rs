//! Rates the risk of a fix for the planner and the reports, with the evidence.

use std::fmt;

use super::{FindingKey, Fix, Safety, Wording};
use crate::repo::RelPath;

/// The risk of a fix, from the least to the most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FixRisk {
    /// Nothing known speaks against it.
    #[default]
    None,
    /// The program may rely on the old way; nothing here tells.
    MayBreak,
    /// The program relies on the old way: these files, or a trial, show it.
    WillBreak,
}

impl FixRisk {
    /// The word for the risk in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::MayBreak => "may-break",
            Self::WillBreak => "will-break",
        }
    }
}

/// One piece of evidence for or against a fix, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RiskEvidence {
    /// The fact, in words that can stand within a sentence.
    pub text: Wording,
    pub path: RelPath,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
}

impl fmt::Display for RiskEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}:{}:{})", self.text, self.path, self.line, self.column)
    }
}

/// An effect that a program may notice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RiskCaution {
    /// In words that can stand as a sentence.
    pub text: Wording,
    /// The first of its evidence.
    pub evidence: Option<RiskEvidence>,
}

impl RiskCaution {
    /// A caution that no place shows.
    #[must_use]
    pub fn without_evidence(text: Wording) -> Self {
        Self { text, evidence: None }
    }
}

impl fmt::Display for RiskCaution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.evidence {
            Some(RiskEvidence { path, line, column, .. }) => write!(f, " ({path}:{line}:{column})"),
            None => Ok(()),
        }
    }
}

/// A fix with its risk: one that is written, or one that is left out because it would break the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssessedFix {
    pub key: FindingKey,
    pub assessment: RiskAssessment,
}

/// The risk of one fix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RiskAssessment {
    pub risk: FixRisk,
    /// The effects that a program may notice, the most serious first.
    pub cautions: Vec<RiskCaution>,
    pub evidence: Vec<RiskEvidence>,
}

impl RiskAssessment {
    /// The class of the fix, of class `safety` at first, once its risk is known: one that may break a program is not
    /// safe.
    #[must_use]
    pub fn class_of(&self, safety: Safety) -> Safety {
        if self.risk == FixRisk::MayBreak { safety.max(Safety::Review) } else { safety }
    }

    /// The causes of the risk: its cautions with their places, else its evidence.
    #[must_use]
    pub fn causes(&self) -> Vec<String> {
        if self.cautions.is_empty() {
            self.evidence.iter().map(ToString::to_string).collect()
        } else {
            self.cautions.iter().map(ToString::to_string).collect()
        }
    }

    /// True where the fix is left out of everything that is written together or without a question.
    #[must_use]
    pub fn will_break(&self) -> bool {
        self.risk == FixRisk::WillBreak
    }
}

/// An assessor that knows the needs of programs.
pub trait AssessRisk: Send + Sync {
    /// The risk of this fix of that finding; none where nothing is known of it.
    fn assess(&self, key: &FindingKey, fix: &Fix) -> Option<RiskAssessment>;
}
