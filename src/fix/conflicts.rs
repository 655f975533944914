//! Selects the findings of a file that can be fixed together.

use std::collections::BTreeMap;
use std::sync::Arc;

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
        self.spend_work();
        self.fixer.fix_findings(wanted, self.other_changes)
    }

    /// Tries the fixes as [`Self::try_fix`] does, but for the proof that the text changes as intended, which comes once it
    /// is known what goes together.
    fn try_draft(&mut self, wanted: &[KeyedFinding<'_>]) -> Result<(), FixError> {
        self.spend_work();
        self.fixer.draft_findings(wanted, self.other_changes)
    }

    fn spend_work(&mut self) {
        self.remaining_work = self.remaining_work.saturating_sub(self.attempt_cost());
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
/// culprit is unclear, halves of them are tried.
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
    let (mut first, mut known_failure) = (true, None);
    while !wanted.is_empty() {
        // The first attempt is for all at once, whatever the size.
        if !std::mem::take(&mut first) && !attempts.can_afford(1) {
            withhold_findings(&wanted, TOO_LARGE, withheld);
            break;
        }
        let failure = match known_failure.take().map_or_else(|| attempts.try_fix(&wanted), Err) {
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
            return fix_by_halves(&mut attempts, rest, withheld);
        }
        wanted = rest;
        if blamed.len() == 1 || matches!(failure.culprit, FixCulprit::Finding(..)) {
            withhold_findings(&blamed, failure.reason_for(blamed[0].1), withheld);
            continue;
        }
        let count = blamed.len();
        let good = match &failure.culprit {
            FixCulprit::Objects(_) => fix_by_object(&mut attempts, blamed, &failure, withheld),
            _ if wanted.is_empty() => return fix_by_halves(&mut attempts, blamed, withheld),
            _ => fix_by_halves(&mut attempts, blamed, withheld).0,
        };
        let joined = [wanted.as_slice(), good.as_slice()].concat();
        if good.is_empty() {
            continue;
        }
        match attempts.try_fix(&joined) {
            Ok(after) => return (joined, Some(after)),
            // They conflict with others, not among themselves: the others go first.
            Err(failure)
                if failure.culprit == FixCulprit::Unclear
                    || good.len() == count
                        && good.iter().any(|(_, finding)| failure.culprit.includes(finding)) =>
            {
                withhold_findings(&good, &failure.reason, withheld);
            }
            Err(failure) => (wanted, known_failure) = (joined, Some(failure)),
        }
    }
    (Vec::new(), None)
}

/// The findings of each object that can be fixed together, which is tried without the others: none of them is to blame for
/// it. What they come to is proven with all others.
fn fix_by_object<'a>(
    attempts: &mut FixAttempts<'_, '_>,
    blamed: Vec<KeyedFinding<'a>>,
    failure: &FixError,
    withheld: &mut WithheldFixes,
) -> Vec<KeyedFinding<'a>> {
    let mut by_object: BTreeMap<&Option<Arc<str>>, Vec<KeyedFinding<'a>>> = BTreeMap::new();
    for (key, finding) in blamed {
        by_object.entry(&finding.subject.object).or_default().push((key, finding));
    }
    let mut good = Vec::new();
    for findings in by_object.into_values() {
        if findings.len() == 1 {
            withhold_findings(&findings, failure.reason_for(findings[0].1), withheld);
        } else {
            good.extend(select_by_halves(attempts, findings, withheld, FixAttempts::try_draft).0);
        }
    }
    good
}

/// As many of these findings, which failed together, as can be fixed together, with the text that this makes.
fn fix_by_halves<'a>(
    attempts: &mut FixAttempts<'_, '_>,
    wanted: Vec<KeyedFinding<'a>>,
    withheld: &mut WithheldFixes,
) -> (Vec<KeyedFinding<'a>>, Option<ProvenPatch>) {
    select_by_halves(attempts, wanted, withheld, FixAttempts::try_fix)
}

/// Adds findings, which failed together, to those before them, as long as `try_some` does not fail: half of them at once,
/// in halves again where that fails, and in the end one after the other. Gives what it made of the last ones, too.
fn select_by_halves<'a, 'c, 'd, T>(
    attempts: &mut FixAttempts<'c, 'd>,
    wanted: Vec<KeyedFinding<'a>>,
    withheld: &mut WithheldFixes,
    try_some: impl Fn(&mut FixAttempts<'c, 'd>, &[KeyedFinding<'a>]) -> Result<T, FixError>,
) -> (Vec<KeyedFinding<'a>>, Option<T>) {
    let (mut good, mut made) = (Vec::new(), None);
    // The last group comes next.
    let mut groups = split_in_halves(wanted);
    while let Some(group) = groups.pop() {
        if !attempts.can_afford(1) {
            withhold_findings(&group, TOO_LARGE, withheld);
            continue;
        }
        let known = good.len();
        good.extend_from_slice(&group);
        match try_some(attempts, &good) {
            Ok(after) => made = Some(after),
            Err(failure) => {
                good.truncate(known);
                if group.len() > 1 {
                    groups.extend(split_in_halves(group));
                } else {
                    withhold_findings(&group, &failure.reason, withheld);
                }
            }
        }
    }
    (good, made)
}

/// The second half and the first, without empty ones.
fn split_in_halves<T>(mut first: Vec<T>) -> Vec<Vec<T>> {
    let second = first.split_off(first.len().div_ceil(2));
    [second, first].into_iter().filter(|half| !half.is_empty()).collect()
}

fn withhold_findings(those: &[KeyedFinding<'_>], reason: &str, withheld: &mut WithheldFixes) {
    withheld.extend(those.iter().map(|(key, _)| ((*key).clone(), reason.to_owned())));
}
