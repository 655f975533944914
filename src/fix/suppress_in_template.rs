//! Writes the comment in a chart's template that suppresses a finding, where its reader looks for it: in an action that is
//! rendered to nothing.

use std::collections::BTreeSet;

use super::suppress_finding::{USE_SETTINGS, insert_line_above};
use crate::audit::{AuditEngine, TemplateView};
use crate::finding::{Finding, FindingKey};
use crate::repo::{FilePatch, RelPath};
use crate::text::SourceText;

/// The template with the comment on a line of its own above the finding's. Proven: every value set renders what it did,
/// the finding is suppressed, and none of another rule is.
pub(super) fn suppress_in_template(
    engine: &AuditEngine,
    key: &FindingKey,
    finding: &Finding,
    comment: &str,
) -> Result<FilePatch, String> {
    let source =
        engine.source(&key.path).ok_or_else(|| format!("the file cannot be read: {USE_SETTINGS}"))?;
    let text = source.text();
    let after = insert_line_above(text, finding.span.start, comment);
    let patch = FilePatch { path: key.path.clone(), before: source.clone(), after: SourceText::new(after) };
    let edited = engine.with_patches(std::slice::from_ref(&patch));
    if !renders_the_same(engine, &edited, &key.path) {
        return Err(format!("a comment there would change what the chart renders: {USE_SETTINGS}"));
    }
    if edited.find_suppression(key).is_none() {
        return Err(format!("a comment there would not reach `{}`: {USE_SETTINGS}", key.rule));
    }
    match silenced_rule(engine, &edited, key) {
        Some(rule) => Err(format!("a comment there would change what `{rule}` finds: {USE_SETTINGS}")),
        None => Ok(patch),
    }
}

/// True where the file's chart renders the same objects with each value set.
fn renders_the_same(before: &AuditEngine, after: &AuditEngine, path: &RelPath) -> bool {
    let Some(folder) = before.chart_of(path) else { return false };
    let (Some(before), Some(after)) = (before.chart_view(folder), after.chart_view(folder)) else {
        return false;
    };
    before.templates.len() == after.templates.len()
        && before.templates.iter().zip(&after.templates).all(|(one, other)| is_same(one, other))
}

fn is_same(one: &TemplateView, other: &TemplateView) -> bool {
    if one.path != other.path || one.render.index_path != other.render.index_path {
        return false;
    }
    let (before, after) = (&one.render.manifest, &other.render.manifest);
    let values = || before.documents.iter().zip(&after.documents);
    one.render.text == other.render.text
        || before.documents.len() == after.documents.len()
            && before.irrelevant_count == after.irrelevant_count
            && before.problems.len() == after.problems.len()
            && values().all(|(one, other)| one.yaml.value() == other.yaml.value())
}

/// A rule other than the finding's of which a finding of the chart would be open no more.
fn silenced_rule(before: &AuditEngine, after: &AuditEngine, key: &FindingKey) -> Option<&'static str> {
    let folder = before.chart_of(&key.path)?;
    before.chart_files(folder).find_map(|path| {
        let open: BTreeSet<FindingKey> = after.open_findings(path).into_iter().map(|(key, _)| key).collect();
        let were = before.open_findings(path).into_iter().map(|(other, _)| other);
        were.filter(|other| other.rule != key.rule)
            .find(|other| !open.contains(other))
            .map(|other| other.rule)
    })
}
