//! Selects the findings of a file that can be fixed together.

use super::KeyedFinding;
use super::file_fixer::{FileFixer, SurroundingChanges};
use super::fix_error::{FixCulprit, FixError};
use crate::audit::SimulatedAudit;
use crate::finding::FindingKey;
use crate::repo::FilePatch;

/// The most text that may be made and proven for one file, in bytes: one of 10 KB may be tried eight hundred times.
const MAX_ATTEMPT_BYTES: usize = 8 * 1024 * 1024;

const TOO_LARGE: &str =
    "the file is too large to try its many fixes in every combination: fix some of them alone";

/// What would be written to the file, and its audit by which that is proven.
type ProvenPatch = (FilePatch, SimulatedAudit);

type WithheldFixes = Vec<(FindingKey, String)>;

/// The attempts at fixing a file, and the work that is left for them.
struct FixAttempts<'a, 'd> {
    fixer: &'a FileFixer<'d>,
    other_changes: SurroundingChanges<'a>,
    remaining_work: usize,
}

impl FixAttempts<'_, '_> {
    fn try_fix(&mut self, wanted: &[KeyedFinding<'_>]) -> Result<ProvenPatch, FixError> {
        self.remaining_work = self.remaining_work.saturating_sub(self.attempt_cost());
        self.fixer.fix_findings(wanted, self.other_changes)
    }

    /// True where there is work left for so many more attempts.
    fn can_afford(&self, more: usize) -> bool {
        self.attempt_cost().saturating_mul(more) <= self.remaining_work
    }

    fn attempt_cost(&self) -> usize {
        self.fixer.source().text().len().max(1)
    }
}

/// Fixes as many findings as can be fixed together: all of them; else all but the culprits of a failure; where the
/// culprit is unclear, one finding is added after the other.
pub(super) fn fix_compatible<'a>(
    draft: &FileFixer<'_>,
    others: SurroundingChanges<'_>,
    mut wanted: Vec<KeyedFinding<'a>>,
    withheld: &mut WithheldFixes,
) -> (Vec<KeyedFinding<'a>>, Option<ProvenPatch>) {
    wanted.retain(|(key, finding)| match draft.find_undone_decision(finding.edits()) {
        Some(reason) => {
            withheld.push(((*key).clone(), reason));
            false
        }
        None => true,
    });
    let mut attempts = FixAttempts { fixer: draft, other_changes: others, remaining_work: MAX_ATTEMPT_BYTES };
    let mut first = true;
    while !wanted.is_empty() {
        // The first attempt is for all at once, whatever the size.
        if !std::mem::take(&mut first) && !attempts.can_afford(1) {
            withhold_findings(&wanted, TOO_LARGE, withheld);
            break;
        }
        let failure = match attempts.try_fix(&wanted) {
            Ok(after) => return (wanted, Some(after)),
            Err(failure) => failure,
        };
        if failure.culprit == FixCulprit::Size {
            withhold_findings(&wanted, &failure.reason, withheld);
            break;
        }
        let (blamed, rest): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|(_, finding)| failure.culprit.includes(finding));
        if blamed.is_empty() {
            return fix_one_by_one(&mut attempts, rest, withheld);
        }
        wanted = rest;
        if blamed.len() == 1 || matches!(failure.culprit, FixCulprit::Finding(..)) {
            withhold_findings(&blamed, &failure.reason, withheld);
        } else if wanted.is_empty() {
            return fix_one_by_one(&mut attempts, blamed, withheld);
        } else {
            let (good, _) = fix_one_by_one(&mut attempts, blamed, withheld);
            let joined = [wanted.as_slice(), good.as_slice()].concat();
            match attempts.try_fix(&joined) {
                Ok(after) => return (joined, Some(after)),
                // They conflict with others, not among themselves: the others go first.
                Err(failure) if failure.culprit == FixCulprit::Unclear => {
                    withhold_findings(&good, &failure.reason, withheld);
                }
                Err(_) => wanted = joined,
            }
        }
    }
    (Vec::new(), None)
}

/// Adds one finding after the other to those before it, as long as the whole can be proven.
fn fix_one_by_one<'a>(
    attempts: &mut FixAttempts<'_, '_>,
    wanted: Vec<KeyedFinding<'a>>,
    withheld: &mut WithheldFixes,
) -> (Vec<KeyedFinding<'a>>, Option<ProvenPatch>) {
    let (mut good, mut text) = (Vec::new(), None);
    for wanted in wanted {
        if !attempts.can_afford(1) {
            withhold_findings(&[wanted], TOO_LARGE, withheld);
            continue;
        }
        good.push(wanted);
        match attempts.try_fix(&good) {
            Ok(after) => text = Some(after),
            Err(failure) => {
                good.pop();
                withhold_findings(&[wanted], &failure.reason, withheld);
            }
        }
    }
    (good, text)
}

fn withhold_findings(those: &[KeyedFinding<'_>], reason: &str, withheld: &mut WithheldFixes) {
    withheld.extend(those.iter().map(|(key, _)| ((*key).clone(), reason.to_owned())));
}
