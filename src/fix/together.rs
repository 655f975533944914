//! Which findings of a file can be mended together.

use super::draft::{Draft, OtherChanges, ProvenText};
use super::failure::{Blame, Failure, Wanted};
use crate::finding::FindingKey;

/// How much text may be made and proven for one file, in bytes: one of 10 KB may be tried eight hundred times.
const MOST_WORK: usize = 8 * 1024 * 1024;

const TOO_MUCH: &str =
    "the file is too large to try its many fixes in every combination: mend some of them alone";

type Withheld = Vec<(FindingKey, String)>;

/// A file's draft, and how much may still be tried with it.
struct Attempts<'a, 'd> {
    draft: &'a Draft<'d>,
    others: OtherChanges<'a>,
    left: usize,
}

impl Attempts<'_, '_> {
    fn mend(&mut self, wanted: &[Wanted<'_>]) -> Result<ProvenText, Failure> {
        self.left = self.left.saturating_sub(self.cost());
        self.draft.mend(wanted, self.others)
    }

    /// Whether so many more can be afforded.
    fn allow(&self, more: usize) -> bool {
        self.cost().saturating_mul(more) <= self.left
    }

    fn cost(&self) -> usize {
        self.draft.source().text().len().max(1)
    }
}

/// As many as can be mended together: all of them; else all but those that a failure is blamed on; where the blame is
/// shared, those are joined to the others one by one.
pub(super) fn together<'a>(
    draft: &Draft<'_>,
    others: OtherChanges<'_>,
    mut wanted: Vec<Wanted<'a>>,
    withheld: &mut Withheld,
) -> (Vec<Wanted<'a>>, Option<ProvenText>) {
    let mut attempts = Attempts { draft, others, left: MOST_WORK };
    let mut first = true;
    while !wanted.is_empty() {
        // The first is for all at once, whatever the size.
        if !std::mem::take(&mut first) && !attempts.allow(1) {
            withhold(&wanted, TOO_MUCH, withheld);
            break;
        }
        let failure = match attempts.mend(&wanted) {
            Ok(after) => return (wanted, Some(after)),
            Err(failure) => failure,
        };
        if failure.blame == Blame::Size {
            withhold(&wanted, &failure.reason, withheld);
            break;
        }
        let (blamed, rest): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|wanted| failure.blame.falls_on(wanted));
        if blamed.is_empty() {
            return settle(&mut attempts, rest, withheld);
        }
        wanted = rest;
        if blamed.len() == 1 || matches!(failure.blame, Blame::Finding(..)) {
            withhold(&blamed, &failure.reason, withheld);
        } else if wanted.is_empty() {
            return settle(&mut attempts, blamed, withheld);
        } else {
            let (good, _) = settle(&mut attempts, blamed, withheld);
            let joined = [wanted.as_slice(), good.as_slice()].concat();
            match attempts.mend(&joined) {
                Ok(after) => return (joined, Some(after)),
                // They are at odds with others, not among themselves: the others go first.
                Err(failure) if failure.blame == Blame::Unclear => {
                    withhold(&good, &failure.reason, withheld);
                }
                Err(_) => wanted = joined,
            }
        }
    }
    (Vec::new(), None)
}

/// Joins one after the other to those before it, as long as the whole can be proven.
fn settle<'a>(
    attempts: &mut Attempts<'_, '_>,
    wanted: Vec<Wanted<'a>>,
    withheld: &mut Withheld,
) -> (Vec<Wanted<'a>>, Option<ProvenText>) {
    let (mut good, mut text) = (Vec::new(), None);
    for wanted in wanted {
        if !attempts.allow(1) {
            withhold(&[wanted], TOO_MUCH, withheld);
            continue;
        }
        good.push(wanted);
        match attempts.mend(&good) {
            Ok(after) => text = Some(after),
            Err(failure) => {
                good.pop();
                withhold(&[wanted], &failure.reason, withheld);
            }
        }
    }
    (good, text)
}

fn withhold(those: &[Wanted<'_>], reason: &str, withheld: &mut Withheld) {
    withheld.extend(those.iter().map(|wanted| (wanted.key.clone(), reason.to_owned())));
}
