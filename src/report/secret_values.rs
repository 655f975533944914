//! Finds the secrets of a file, so that reports do not show them: what a rule matched, and all that is one beside it.

use std::sync::Arc;

use crate::audit::ListedFinding;
use crate::rules::{is_secret_rule, may_hold_secret_object, may_name_secret, secret_places};
use crate::text::{SourceText, Span};

/// A text that short may stand anywhere.
const MIN_SECRET_LENGTH: usize = 4;

/// The places of a file that a report must not show: those that rules matched, and where findings stand by the name of
/// a secret, those of all secrets of the file, of which one finding may name many.
pub(super) fn secret_spans(source: &SourceText, listed: &[Arc<ListedFinding>]) -> Vec<Span> {
    let secrets = listed.iter().filter(|listed| is_secret_rule(listed.key.rule));
    let mut spans: Vec<Span> = secrets.map(|listed| listed.finding.span).collect();
    if !spans.is_empty() || may_show_secret(source, listed) {
        spans.extend(secret_places(source));
    }
    spans
}

/// True where a line that a finding stands on may show a secret.
fn may_show_secret(source: &SourceText, listed: &[Arc<ListedFinding>]) -> bool {
    if listed.is_empty() {
        return false;
    }
    let mut last = 0;
    let mut names_secret = |listed: &Arc<ListedFinding>| {
        let line = source.line_number_at(listed.finding.span.start);
        let is_new = std::mem::replace(&mut last, line) != line;
        is_new && may_name_secret(source.line_span(line).slice(source.text()))
    };
    may_hold_secret_object(source.text()) || listed.iter().any(&mut names_secret)
}

/// The secrets of a file, as they are written there.
pub(super) fn secret_values<'s>(source: &'s SourceText, listed: &[Arc<ListedFinding>]) -> Vec<&'s str> {
    let values = secret_spans(source, listed).into_iter().map(|span| span.slice(source.text()));
    let mut values: Vec<&str> = values
        .map(|value| value.trim_matches(['"', '\'']))
        .filter(|value| value.len() >= MIN_SECRET_LENGTH)
        .collect();
    values.sort_unstable();
    values.dedup();
    values
}
