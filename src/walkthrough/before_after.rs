//! Sets a chapter as it was beside the chapter as it is, for the screen and the results: what is seen, the rules closed.

use std::collections::BTreeMap;

use super::evidence::EvidenceLine;

/// The heading above what was seen before a change that is written.
pub const BEFORE_HEADING: &str = "Before";
/// The heading above what is seen since.
pub const SINCE_HEADING: &str = "After";

/// What is seen of a chapter now, without the heading and without what is only foreseen.
#[must_use]
pub fn evidence_now(lines: &[EvidenceLine]) -> Vec<EvidenceLine> {
    let is_heading = |line: &EvidenceLine| matches!(line, EvidenceLine::Heading(_));
    let from = lines.iter().position(is_heading).map_or(0, |at| at + 1);
    lines.iter().skip(from).take_while(|line| !is_heading(line)).cloned().collect()
}

/// The same chapter before and after, each under its heading; nothing where they show the same.
/// `now` are the lines of the chapter's page.
#[must_use]
pub fn pair_evidence(before: &[EvidenceLine], now: &[EvidenceLine]) -> Vec<EvidenceLine> {
    let now = evidence_now(now);
    if before.is_empty() || before == now {
        return Vec::new();
    }
    let begin = |words| std::iter::once(EvidenceLine::Heading(words));
    begin(BEFORE_HEADING).chain(before.iter().cloned()).chain(begin(SINCE_HEADING)).chain(now).collect()
}

/// Rules with the number of their findings: `low-uid ×3, missing-user`.
#[must_use]
pub fn count_rules<'r>(rules: impl IntoIterator<Item = &'r str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in rules {
        *counts.entry(rule).or_default() += 1;
    }
    let words = counts.into_iter().map(|(rule, count)| match count {
        1 => rule.to_owned(),
        count => format!("{rule} ×{count}"),
    });
    words.collect::<Vec<_>>().join(", ")
}
