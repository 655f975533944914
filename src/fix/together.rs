//! Which findings of a file can be mended together.

use super::FindingKey;
use super::draft::{Blame, Draft, Wanted};
use super::planner::Overlay;

type Withheld = Vec<(FindingKey, String)>;

/// As many as can be mended together: all of them; else all but those that a failure is blamed on; where the blame is
/// shared, those are joined to the others one by one.
pub(super) fn together<'a>(
    draft: &Draft<'_>,
    facts: &Overlay,
    mut wanted: Vec<Wanted<'a>>,
    withheld: &mut Withheld,
) -> (Vec<Wanted<'a>>, Option<String>) {
    while !wanted.is_empty() {
        let failure = match draft.mend(&wanted, facts) {
            Ok(after) => return (wanted, Some(after)),
            Err(failure) => failure,
        };
        let (blamed, rest): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|wanted| failure.blame.falls_on(wanted));
        if blamed.is_empty() {
            return settle(draft, facts, rest, withheld);
        }
        wanted = rest;
        if blamed.len() == 1 || matches!(failure.blame, Blame::Finding(..)) {
            withheld.extend(blamed.iter().map(|wanted| (wanted.key.clone(), failure.reason.clone())));
        } else if wanted.is_empty() {
            return settle(draft, facts, blamed, withheld);
        } else {
            let (good, _) = settle(draft, facts, blamed, withheld);
            let joined = [wanted.as_slice(), good.as_slice()].concat();
            match draft.mend(&joined, facts) {
                Ok(after) => return (joined, Some(after)),
                // They are at odds with others, not among themselves: the others go first.
                Err(failure) if failure.blame == Blame::Unclear => {
                    withheld.extend(good.iter().map(|wanted| (wanted.key.clone(), failure.reason.clone())));
                }
                Err(_) => wanted = joined,
            }
        }
    }
    (Vec::new(), None)
}

/// Joins one after the other to those before it, as long as the whole can be proven.
fn settle<'a>(
    draft: &Draft<'_>,
    facts: &Overlay,
    wanted: Vec<Wanted<'a>>,
    withheld: &mut Withheld,
) -> (Vec<Wanted<'a>>, Option<String>) {
    let (mut good, mut text) = (Vec::new(), None);
    for wanted in wanted {
        good.push(wanted);
        match draft.mend(&good, facts) {
            Ok(after) => text = Some(after),
            Err(failure) => {
                good.pop();
                withheld.push((wanted.key.clone(), failure.reason));
            }
        }
    }
    (good, text)
}
