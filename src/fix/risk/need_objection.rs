//! Pairs a need with the risk that an edit takes by going against it.

use crate::finding::FixRisk;
use crate::needs::{NeedCertainty, ProgramNeed};

/// A need that speaks against an edit.
#[derive(Clone, Copy, Debug)]
pub(in crate::fix) struct NeedObjection<'n> {
    pub need: &'n ProgramNeed,
    pub risk: FixRisk,
}

impl<'n> NeedObjection<'n> {
    /// What is shown will break; what is only likely may.
    pub(in crate::fix) fn by_certainty(need: &'n ProgramNeed) -> Self {
        let risk = match need.certainty {
            NeedCertainty::Shown | NeedCertainty::Observed => FixRisk::WillBreak,
            NeedCertainty::Likely => FixRisk::MayBreak,
        };
        Self { need, risk }
    }

    /// Whether it breaks hangs on what is not in these files, or the fix meets the need in another way.
    pub(in crate::fix) const fn possible(need: &'n ProgramNeed) -> Self {
        Self { need, risk: FixRisk::MayBreak }
    }
}
