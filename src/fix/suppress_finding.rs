//! Writes and removes the comments in a file that suppress a finding, for the app and the fixes.

use std::collections::{BTreeMap, HashMap};

use super::suppress_in_template::suppress_in_template;
use crate::audit::{AuditEngine, FileContent, FindingVerdict};
use crate::dockerfile::{self, Dockerfile};
use crate::finding::{Finding, FindingKey, SuppressionComment, keyed};
use crate::kubernetes::{self, ManifestFile};
use crate::repo::{FileKind, FilePatch};
use crate::suppress::{
    find_in_dockerfile, find_in_manifest, without_rules, write_comment, write_template_comment,
};
use crate::text::{SourceText, Span, Splice, apply_splices, line_ending, line_start};
use crate::yaml::yaml_tree::{CollectionLayout, NodeId, NodeKind, YamlTree};

/// The other place for a suppression, named where no comment can be written.
pub(super) const USE_SETTINGS: &str = "allow it in seaworthy.toml";

/// The file with a comment that suppresses the finding, on a line of its own before its subject. Proven: the file means
/// the same, every other byte is unchanged, the finding is suppressed, and none of another rule is.
///
/// # Errors
/// The reason why no comment can be written there, for the screen.
pub(super) fn suppress_by_comment(
    engine: &AuditEngine,
    key: &FindingKey,
    reason: &str,
) -> Result<FilePatch, String> {
    let open = engine.open_findings(&key.path);
    let finding = open.iter().find(|(other, _)| other == key).map(|(_, finding)| *finding);
    let finding = finding.ok_or_else(|| match engine.find_suppression(key) {
        Some(quiet) => format!("it is {quiet}"),
        None => "the finding is not there any more".to_owned(),
    })?;
    if engine.chart_of(&key.path).is_some() {
        return suppress_in_template(engine, key, finding, &compose_line(true, key.rule, reason)?);
    }
    let comment = compose_line(false, key.rule, reason)?;
    let (source, meaning) =
        engine.file(&key.path).ok_or_else(|| format!("the file cannot be read: {USE_SETTINGS}"))?;
    let text = source.text();
    let (kind, at) = match meaning {
        FileContent::Dockerfile(file) => (FileKind::Dockerfile, instruction_start(file, finding.span)),
        FileContent::Manifest(manifest) => (FileKind::Manifest, node_start(text, manifest, finding.span)?),
    };
    let at = at.ok_or_else(|| format!("no comment can stand there: {USE_SETTINGS}"))?;
    let after = insert_line_above(text, at, &comment);
    if !has_same_meaning(kind, text, &after) {
        return Err(format!("a comment there would change what the file says: {USE_SETTINGS}"));
    }
    verify_comment(engine, (key, finding), kind, (text, &after))?;
    Ok(FilePatch { path: key.path.clone(), before: source.clone(), after: SourceText::new(after) })
}

/// The comment that allows a rule, as it is written: in a template as an action. The reason's blanks are single ones.
///
/// # Errors
/// The reason why no comment can say it, for the screen.
pub(super) fn compose_line(is_action: bool, rule: &str, reason: &str) -> Result<String, String> {
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    if reason.chars().any(char::is_control) {
        return Err("the reason holds characters that cannot be shown".to_owned());
    }
    if is_action {
        return write_template_comment(rule, &reason)
            .ok_or_else(|| "the reason holds the end of a comment, `*/`".to_owned());
    }
    Ok(write_comment(rule, &reason))
}

/// The text with a line above that of the byte at `at`, indented as that one is.
pub(super) fn insert_line_above(text: &str, at: usize, content: &str) -> String {
    let line = line_start(text, at);
    let indent: String = text[line..].chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    format!("{}{indent}{content}{}{}", &text[..line], line_ending(text), &text[line..])
}

/// Checks that the finding is suppressed afterwards, and none of another rule.
fn verify_comment(
    engine: &AuditEngine,
    (key, finding): (&FindingKey, &Finding),
    kind: FileKind,
    (before, after): (&str, &str),
) -> Result<(), String> {
    let simulate = |text| engine.simulate_text(&key.path, kind, text, &HashMap::new()).findings;
    let (before, after) = (simulate(before), simulate(after));
    if !before.iter().any(|own| own.finding.rule == key.rule) {
        return Err(format!("it stands only in what a kustomization builds of the file: {USE_SETTINGS}"));
    }
    let is_quiet =
        |(other, listed): &(FindingKey, &FindingVerdict)| other == key && listed.suppression.is_some();
    if !keyed(&key.path, after.iter(), |listed| &listed.finding).iter().any(is_quiet) {
        return Err(format!("a comment there would not reach `{}`: {USE_SETTINGS}", finding.rule));
    }
    let count =
        |rule: &str| after.iter().filter(|l| l.suppression.is_none() && l.finding.rule == rule).count();
    let mut others: BTreeMap<&str, usize> = BTreeMap::new();
    let open = before.iter().filter(|own| own.suppression.is_none());
    open.for_each(|own| *others.entry(own.finding.rule).or_default() += 1);
    others.remove(key.rule);
    match others.into_iter().find(|(rule, before)| count(rule) < *before) {
        Some((rule, _)) => Err(format!("a comment there would change what `{rule}` finds: {USE_SETTINGS}")),
        None => Ok(()),
    }
}

/// The start of the instruction that the span lies in.
fn instruction_start(file: &Dockerfile, span: Span) -> Option<usize> {
    let holds = |instruction: &&dockerfile::Instruction| instruction.span.covers(span);
    file.instructions.iter().find(holds).map(|instruction| instruction.span.start)
}

/// The start of the innermost entry or item that has a line of its own and holds the span.
fn node_start(text: &str, manifest: &ManifestFile, span: Span) -> Result<Option<usize>, String> {
    let Some(document) = manifest.documents.iter().find(|document| document.span.covers(span)) else {
        return Ok(None);
    };
    if serde_json::from_str::<serde::de::IgnoredAny>(document.span.slice(text)).is_ok() {
        return Err(format!("JSON has no comments: {USE_SETTINGS}"));
    }
    let tree = &document.tree;
    let holding = |id: &NodeId| tree.span(*id).start <= span.start && span.end <= tree.span(*id).end;
    let first = |id: &NodeId| {
        let start = tree.span(*id).start;
        let before = &text[line_start(text, start)..start];
        before.trim_start_matches('\u{feff}').bytes().all(|byte| matches!(byte, b' ' | b'-'))
            && !before.contains("---")
    };
    let starts = tree
        .node_ids()
        .filter(|id| is_block_part(tree, *id))
        .filter(|id| holding(id) || entry_span(tree, *id).is_some_and(|entry| entry.covers(span)));
    Ok(starts.filter(first).map(|id| tree.span(id).start).last())
}

/// True where a node is a key of a block mapping, an item of a block list, or the document itself.
fn is_block_part(tree: &YamlTree, id: NodeId) -> bool {
    let Some(parent) = tree.node(id).parent else { return true };
    match &tree.node(parent).kind {
        NodeKind::Mapping { layout: CollectionLayout::Block, .. } => entry_span(tree, id).is_some(),
        NodeKind::Sequence { layout: CollectionLayout::Block, .. } => true,
        _ => false,
    }
}

/// The entry of which the node is the key.
fn entry_span(tree: &YamlTree, id: NodeId) -> Option<Span> {
    let entries = tree.entries(tree.node(id).parent?);
    let at = entries.binary_search_by_key(&id, |(key, _)| *key).ok()?;
    Some(tree.span(entries[at].0).to(tree.span(entries[at].1)))
}

/// True where a file still means the same, to each of its parsers; comments aside.
fn has_same_meaning(kind: FileKind, before: &str, after: &str) -> bool {
    if kind == FileKind::Dockerfile {
        let (old, new) = (dockerfile::parse(before), dockerfile::parse(after));
        let instructions = |text: &str, file: &Dockerfile| -> Vec<Vec<String>> {
            file.instructions.iter().map(|i| code_lines(text, file, i.span)).collect()
        };
        return instructions(before, &old) == instructions(after, &new)
            && old.problems.len() == new.problems.len()
            && old.directives.len() == new.directives.len();
    }
    let (old, new) = (kubernetes::parse_manifest(before), kubernetes::parse_manifest(after));
    let values = |manifest: &ManifestFile| -> Vec<_> {
        manifest.documents.iter().map(|document| (document.value().clone(), document.read_only())).collect()
    };
    values(&old) == values(&new) && old.problems.len() == new.problems.len()
}

/// An instruction's lines without those of comments.
fn code_lines(text: &str, file: &Dockerfile, span: Span) -> Vec<String> {
    let mut at = span.start;
    let lines = span.slice(text).split_inclusive('\n').filter(|line| {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        file.comments.binary_search_by_key(&start, |comment| comment.start).is_err()
    });
    lines.map(|line| line.trim_end_matches(['\n', '\r']).to_owned()).collect()
}

/// The text whose comments no longer name these rules, by the comment's index among the file's own suppressions. A
/// comment that names none goes, and so does a line that held nothing else.
///
/// # Errors
/// The reason why it cannot be done, for the screen.
pub(super) fn remove_rules_from_comments(
    text: &str,
    kind: FileKind,
    idle: &BTreeMap<usize, &[String]>,
) -> Result<String, String> {
    let exceptions = match kind {
        FileKind::Dockerfile => find_in_dockerfile(text, &dockerfile::parse(text)),
        _ => find_in_manifest(text, &kubernetes::parse_manifest(text)),
    };
    let comments: Vec<SuppressionComment> =
        exceptions.into_iter().filter_map(|exception| exception.comment).collect();
    let mut splices = Vec::new();
    for (nth, rules) in idle {
        let comment = comments.get(*nth).ok_or("the comment is not there any more")?;
        splices.push(match without_rules(comment, rules) {
            Some(shorter) => Splice::replace(comment.span, shorter),
            None => Splice::delete(comment_with_line(text, comment.span)),
        });
    }
    let after = apply_splices(text, &splices).map_err(|_| "two of its fixes meet at one place".to_owned())?;
    if has_same_meaning(kind, text, &after) {
        Ok(after)
    } else {
        Err("the file would say something else".to_owned())
    }
}

/// The comment with the blanks before it, and with its line where that holds nothing else.
fn comment_with_line(text: &str, comment: Span) -> Span {
    let line = line_start(text, comment.start);
    let start = line + text[line..comment.start].trim_end_matches([' ', '\t']).len();
    if start > line {
        return Span::new(start, comment.end);
    }
    let end = text[comment.end..].find('\n').map_or(text.len(), |newline| comment.end + newline + 1);
    Span::new(line, end)
}
