//! Finds the suppressions of a file that reach a finding, however many of both there are, for the pass over them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::finding::{Finding, InlineSuppression, Suppression};
use crate::text::Span;

/// Suppressions, by their index in the file, of each start and end; a wider reach comes before those within it.
type MembersBySpan = BTreeMap<(usize, Reverse<usize>), Vec<usize>>;

/// A file's suppressions, by rule and by their reach.
pub(super) struct ReachIndex<'a> {
    suppressions: &'a [InlineSuppression],
    by_rule: HashMap<&'static str, RuleReaches>,
}

/// The suppressions of one rule.
#[derive(Default)]
struct RuleReaches {
    /// Those of one reach are one; in the order of their starts, a wider one before those within it.
    reaches: Vec<SharedReach>,
    /// The reach of each suppression, by its index in the file.
    reach_of: BTreeMap<usize, usize>,
    /// True where each lies wholly within another or beside it, so that those around a place are found by their parents.
    are_nested: bool,
}

/// The suppressions of one rule and one reach.
struct SharedReach {
    span: Span,
    /// The narrowest reach around it, by its index.
    parent: Option<usize>,
    /// The first comment of our own, by its index in the file.
    first_comment: Option<usize>,
    /// The last in the words of another tool.
    last_other: Option<usize>,
    is_used: bool,
}

impl<'a> ReachIndex<'a> {
    pub(super) fn from_suppressions(suppressions: &'a [InlineSuppression]) -> Self {
        let mut spans: HashMap<&'static str, MembersBySpan> = HashMap::new();
        for (at, suppression) in suppressions.iter().enumerate() {
            let Some(reach) = suppression.reach else { continue };
            for rule in &suppression.rules {
                let of_rule = spans.entry(rule).or_default();
                of_rule.entry((reach.start, Reverse(reach.end))).or_default().push(at);
            }
        }
        let by_rule =
            spans.into_iter().map(|(rule, spans)| (rule, RuleReaches::from_spans(suppressions, spans)));
        Self { suppressions, by_rule: by_rule.collect() }
    }

    /// The suppression of the finding: our own words before others', and all that allow it are used.
    pub(super) fn suppress_finding(&mut self, finding: &Finding) -> Option<Suppression> {
        let of_rule = self.by_rule.get_mut(finding.rule)?;
        let around = of_rule.reaches_around(finding.span);
        let mut first_comment: Option<usize> = None;
        let mut last_other: Option<usize> = None;
        for at in around {
            let reach = of_rule.reaches.get_mut(at)?;
            reach.is_used = true;
            first_comment = first_comment.into_iter().chain(reach.first_comment).min();
            last_other = last_other.into_iter().chain(reach.last_other).max();
        }
        let suppression = self.suppressions.get(first_comment.or(last_other)?)?;
        let (source, reason) = (suppression.source.to_owned(), suppression.reason.clone());
        Some(Suppression { source, reason })
    }

    /// True where the suppression, by its index in the file, has suppressed a finding of the rule.
    pub(super) fn is_used(&self, suppression: usize, rule: &str) -> bool {
        let of_rule = self.by_rule.get(rule);
        of_rule.is_some_and(|of_rule| {
            let reach = of_rule.reach_of.get(&suppression).and_then(|at| of_rule.reaches.get(*at));
            reach.is_some_and(|reach| reach.is_used)
        })
    }
}

impl RuleReaches {
    fn from_spans(suppressions: &[InlineSuppression], spans: MembersBySpan) -> Self {
        let mut found = Self { are_nested: true, ..Self::default() };
        let mut open: Vec<usize> = Vec::new();
        for ((start, Reverse(end)), members) in spans {
            let span = Span::new(start, end);
            while let Some(around) = open.last().and_then(|at| found.reaches.get(*at)) {
                if around.span.covers(span) {
                    break;
                }
                found.are_nested &= around.span.end <= start;
                open.pop();
            }
            let at = found.reaches.len();
            found.reach_of.extend(members.iter().map(|member| (*member, at)));
            let is_own = |member: &&usize| suppressions[**member].comment.is_some();
            found.reaches.push(SharedReach {
                span,
                parent: open.last().copied(),
                first_comment: members.iter().find(is_own).copied(),
                last_other: members.iter().rev().find(|member| !is_own(member)).copied(),
                is_used: false,
            });
            open.push(at);
        }
        found
    }

    /// The reaches around a place, by their index.
    fn reaches_around(&self, place: Span) -> Vec<usize> {
        let reaches = |at: &usize| {
            let span = self.reaches[*at].span;
            span.covers(place) || (place.is_empty() && span.contains(place.start))
        };
        let before = self.reaches.partition_point(|reach| reach.span.start <= place.start);
        if !self.are_nested {
            return (0..before).filter(reaches).collect();
        }
        // What is empty lies also in a reach that ends there.
        let ending = self.reaches.partition_point(|reach| reach.span.start < place.start);
        let nearest = [Some(before), place.is_empty().then_some(ending)].into_iter().flatten();
        let around = nearest
            .flat_map(|before| std::iter::successors(before.checked_sub(1), |at| self.reaches[*at].parent));
        around.filter(reaches).collect::<BTreeSet<usize>>().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{BY_COMMENT, Severity, Subject, SuppressionComment};

    const RULE: &str = "host-port";

    fn suppression(start: usize, end: usize, is_own: bool) -> InlineSuppression {
        let span = Span::new(start, end);
        let comment =
            SuppressionComment { span, rule_ids: vec![RULE.to_owned()], reason: None, whole_file: false };
        InlineSuppression {
            source: if is_own { BY_COMMENT } else { "checkov" },
            rules: vec![RULE],
            reason: Some(format!("{start}-{end}")),
            reach: Some(span),
            comment: is_own.then_some(comment),
        }
    }

    fn finding(start: usize, end: usize) -> Finding {
        Finding {
            rule: RULE,
            severity: Severity::Low,
            span: Span::new(start, end),
            subject: Subject::default(),
            keys: None,
            placements: None,
            message: "it is".into(),
            fix: Ok(None),
        }
    }

    /// What suppresses a finding, and which suppressions are used, by comparing each with it.
    fn compare_each(all: &[InlineSuppression], finding: &Finding) -> (Option<usize>, Vec<usize>) {
        let reaching: Vec<usize> =
            (0..all.len()).filter(|at| all[*at].suppresses(RULE, finding.span)).collect();
        let own = reaching.iter().find(|at| all[**at].comment.is_some());
        (own.or(reaching.last()).copied(), reaching)
    }

    #[test]
    fn it_finds_what_comparing_each_finds() {
        let nested = [(0, 100), (0, 40), (0, 40), (10, 20), (12, 15), (30, 40), (50, 50), (50, 90), (60, 70)];
        let crossing = [(0, 50), (20, 80), (60, 100), (20, 30)];
        for spans in [&nested[..], &crossing[..]] {
            for own in 0..4_usize {
                let all: Vec<InlineSuppression> =
                    spans.iter().enumerate().map(|(at, (s, e))| suppression(*s, *e, at % 4 == own)).collect();
                for start in 0..=100 {
                    for end in start..=100 {
                        let finding = finding(start, end);
                        let mut index = ReachIndex::from_suppressions(&all);
                        let (by, reaching) = compare_each(&all, &finding);
                        let reason = index.suppress_finding(&finding).and_then(|found| found.reason);
                        assert_eq!(reason, by.and_then(|at| all[at].reason.clone()), "{start}-{end}");
                        let used: Vec<usize> = (0..all.len()).filter(|at| index.is_used(*at, RULE)).collect();
                        assert_eq!(used, reaching, "{start}-{end}");
                    }
                }
            }
        }
    }
}
