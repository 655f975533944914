//! Reads our own suppression comments: `# seaworthy: allow rule-id[, rule-id] -- reason`.

use crate::finding::SuppressionComment;
use crate::text::Span;

/// The beginning of each of our words to a file.
const COMMENT_MARKER: &str = "seaworthy:";

/// The separator between the rules and the reason.
const REASON_SEPARATOR: &str = "--";

/// Reads a comment, whose text begins with `#`. None where it is not for us.
pub(super) fn parse_comment(text: &str, span: Span) -> Option<SuppressionComment> {
    let whole = span.slice(text).trim_end();
    let mut hashes = whole.rmatch_indices('#').map(|(at, _)| at);
    let (at, words) = hashes.find_map(|at| Some((at, strip_marker(&whole[at..])?)))?;
    parse_words(Span::new(span.start + at, span.start + whole.len()), words)
}

/// Reads a comment of a language that has other marks than `#`; `span` is what stands between them.
pub(super) fn parse_bare_comment(text: &str, span: Span) -> Option<SuppressionComment> {
    let words = strip_marker(span.slice(text).trim())?;
    parse_words(span, words.trim_end())
}

fn parse_words(span: Span, words: &str) -> Option<SuppressionComment> {
    let (verb, rest) = words.split_at(words.find(char::is_whitespace).unwrap_or(words.len()));
    let whole_file = match verb {
        "allow" => false,
        "allow-file" => true,
        _ => return None,
    };
    let (names, reason) = match rest.split_once(REASON_SEPARATOR) {
        Some((names, reason)) => (names, Some(reason.trim())),
        None => (rest, None),
    };
    let names = names.split([',', ' ', '\t']).filter(|name| !name.is_empty()).map(str::to_owned);
    Some(SuppressionComment {
        span,
        rule_ids: names.collect(),
        reason: reason.filter(|reason| !reason.is_empty()).map(str::to_owned),
        whole_file,
    })
}

/// The comment without some of its names; none where none is left.
#[must_use]
pub fn without_rules(comment: &SuppressionComment, names: &[String]) -> Option<String> {
    let left: Vec<&str> =
        comment.rule_ids.iter().filter(|name| !names.contains(name)).map(String::as_str).collect();
    let verb = if comment.whole_file { "allow-file" } else { "allow" };
    (!left.is_empty()).then(|| compose_comment(verb, &left.join(", "), comment.reason.as_deref()))
}

/// The comment that allows a rule.
#[must_use]
pub fn write_comment(rule: &str, reason: &str) -> String {
    compose_comment("allow", rule, Some(reason).filter(|reason| !reason.is_empty()))
}

/// The comment of a template that allows a rule, as an action that leaves no line behind; none where the reason would end
/// it.
#[must_use]
pub fn write_template_comment(rule: &str, reason: &str) -> Option<String> {
    let words = compose_words("allow", rule, Some(reason).filter(|reason| !reason.is_empty()));
    (!words.contains("*/")).then(|| format!("{{{{- /* {words} */}}}}"))
}

fn compose_comment(verb: &str, names: &str, reason: Option<&str>) -> String {
    format!("# {}", compose_words(verb, names, reason))
}

fn compose_words(verb: &str, names: &str, reason: Option<&str>) -> String {
    let because = reason.map(|reason| format!(" {REASON_SEPARATOR} {reason}")).unwrap_or_default();
    format!("{COMMENT_MARKER} {verb} {names}{because}")
}

/// The words of a comment after our name, where it begins with it.
fn strip_marker(comment: &str) -> Option<&str> {
    Some(comment.trim_start_matches('#').trim_start().strip_prefix(COMMENT_MARKER)?.trim_start())
}
