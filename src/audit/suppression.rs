//! What keeps findings quiet, and which exceptions keep nothing quiet.

use std::collections::{HashMap, HashSet};

use super::Suppression;
use super::judge::Judged;
use crate::finding::Finding;
use crate::rules::exceptions::Exception;
use crate::rules::{find, unused};

/// Says of each finding what keeps it quiet, and reports the comments that are for nothing. `own` and `wide` are what
/// the rules say of one file; what is reported is added to `wide`, for only both together decide it.
pub(super) fn hush(own: &mut Judged, wide: &mut Judged, exceptions: &[Exception]) {
    let mut by_rule: HashMap<&'static str, Vec<usize>> = HashMap::new();
    for (at, exception) in exceptions.iter().enumerate() {
        exception.rules.iter().for_each(|rule| by_rule.entry(rule).or_default().push(at));
    }
    let words = Words { exceptions, by_rule };
    let mut used = HashSet::new();
    own.quiet = own.findings.iter().map(|finding| words.quiet(finding, &mut used)).collect();
    wide.quiet = wide.findings.iter().map(|finding| words.quiet(finding, &mut used)).collect();
    let idle = idle(exceptions, &used);
    wide.quiet.extend(idle.iter().map(|finding| words.quiet(finding, &mut used)));
    wide.findings.extend(idle);
}

/// The exceptions that were for something: which of the file's, and for which rule.
type Used = HashSet<(usize, &'static str)>;

struct Words<'a> {
    exceptions: &'a [Exception],
    by_rule: HashMap<&'static str, Vec<usize>>,
}

impl Words<'_> {
    /// What keeps the finding quiet: our own words before others', and all that allow it are used.
    fn quiet(&self, finding: &Finding, used: &mut Used) -> Option<Suppression> {
        let mut first = None;
        for &at in self.by_rule.get(finding.rule)? {
            let exception = &self.exceptions[at];
            if exception.allows(finding.rule, finding.span) {
                used.insert((at, finding.rule));
                first = first.filter(|first: &&Exception| first.comment.is_some()).or(Some(exception));
            }
        }
        first.map(|exception| Suppression { by: exception.by.to_owned(), reason: exception.reason.clone() })
    }
}

/// A finding for each comment of our own that names a rule for nothing.
fn idle(exceptions: &[Exception], used: &Used) -> Vec<Finding> {
    let own = exceptions.iter().enumerate().filter_map(|(at, e)| Some((at, e.comment.as_ref()?)));
    let idle = own.enumerate().filter_map(|(nth, (at, comment))| {
        let is_used = |name: &str| find(name).is_some_and(|rule| used.contains(&(at, rule.id)));
        let names: Vec<String> = comment.names.iter().filter(|name| !is_used(name)).cloned().collect();
        (!names.is_empty() || comment.names.is_empty()).then(|| unused(comment, nth, &names))
    });
    idle.collect()
}
