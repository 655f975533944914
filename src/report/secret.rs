//! What must not be shown: the values that a rule about secrets matched.

use crate::audit::ListedFinding;
use crate::finding::FindingKey;
use crate::rules::is_secret_rule;
use crate::text::Source;

/// A text that short may stand anywhere.
const SHORTEST: usize = 4;

/// The secrets of a file, as they are written there.
pub(super) fn secrets<'s>(source: &'s Source, listed: &[(FindingKey, &ListedFinding)]) -> Vec<&'s str> {
    let secret = listed.iter().filter(|(key, _)| is_secret_rule(key.rule));
    let values = secret.map(|(_, listed)| listed.finding.span.of(source.text()));
    values.map(|value| value.trim_matches(['"', '\''])).filter(|value| value.len() >= SHORTEST).collect()
}
