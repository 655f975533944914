//! Finds the values that a rule about secrets matched, so that reports do not show them.

use std::sync::Arc;

use crate::audit::ListedFinding;
use crate::rules::is_secret_rule;
use crate::text::SourceText;

/// A text that short may stand anywhere.
const MIN_SECRET_LENGTH: usize = 4;

/// The secrets of a file, as they are written there.
pub(super) fn secret_values<'s>(source: &'s SourceText, listed: &[Arc<ListedFinding>]) -> Vec<&'s str> {
    let secret = listed.iter().filter(|listed| is_secret_rule(listed.key.rule));
    let values = secret.map(|listed| listed.finding.span.slice(source.text()));
    values
        .map(|value| value.trim_matches(['"', '\'']))
        .filter(|value| value.len() >= MIN_SECRET_LENGTH)
        .collect()
}
