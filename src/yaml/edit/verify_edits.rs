//! Verifies an edit by its text afterwards: values, comments, line endings and the other documents.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use similar::{ChangeTag, TextDiff};

use super::{EditConventions, EditRefusal, YamlEdit, edit_document, expected_value};
use crate::yaml::{PathStep, YamlDocument, YamlFile};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Of documents of more bytes one at a time is proven: the values that a proof compares are hundreds of times a dense text.
const LARGE_DOCUMENT: usize = 256 * 1024;
static LARGE_PROOF: Mutex<()> = Mutex::new(());

/// Proves that `after` is `before` with the changes made in one document, and nothing else: both parsers read it alike,
/// its value is [`expected_value()`], the other documents are byte for byte what they were, every comment is still
/// there and in order, byte-order mark, line endings and the end of the file are kept, JSON stays JSON, and making the
/// changes again changes nothing (but where one removes a list's item, which names another the second time).
///
/// # Errors
/// The first condition that does not hold.
pub fn verify_edits(
    conventions: EditConventions,
    before: &str,
    after: &str,
    document: usize,
    ops: &[YamlEdit],
) -> Result<(), EditRefusal> {
    prove_edits(conventions, (before, &(conventions.read_file)(before)), after, document, ops)
}

/// Proves the same where the text before has been read.
pub(super) fn prove_edits(
    conventions: EditConventions,
    (before, was): (&str, &YamlFile),
    after: &str,
    document: usize,
    ops: &[YamlEdit],
) -> Result<(), EditRefusal> {
    let is = (conventions.read_file)(after);
    let old = was.documents.get(document).ok_or(EditRefusal::MissingDocument(document))?;
    let new = is.documents.get(document).ok_or(EditRefusal::ProofFailed("it can no longer be read"))?;
    let is_large = old.span.len() > LARGE_DOCUMENT;
    let _alone = is_large.then(|| LARGE_PROOF.lock().unwrap_or_else(PoisonError::into_inner));
    // The reading of a text takes most: it comes before there is a value to compare it with.
    let found = new.value();
    let proofs = [
        (new.read_only().is_none(), "parsers no longer read it alike"),
        (*found == expected_value(conventions, old.value(), ops)?, "its value is another"),
        (kubectl_reads_as_meant(conventions, old, new, ops), "to kubectl its value is another"),
        (rest_is_same(before, after, (was, old), (&is, new)), "another document changed"),
        (comment_texts(before, was) == comment_texts(after, &is), "its comments changed"),
        (layout_is_same(before, after), "the file changed its line endings"),
        (endings_are_kept(before, after), "a line changed its line ending"),
        (!is_json(old.span.slice(before)) || is_json(new.span.slice(after)), "it is no longer JSON"),
    ];
    if let Some((_, failure)) = proofs.into_iter().find(|(holds, _)| !holds) {
        return Err(EditRefusal::ProofFailed(failure));
    }
    let once = ops
        .iter()
        .any(|op| matches!(op, YamlEdit::Remove { path } if matches!(path.last(), Some(PathStep::Index(_)))));
    if once || edit_document(conventions, after, &is, document, ops)? == after {
        Ok(())
    } else {
        Err(EditRefusal::ProofFailed("a second time would change it again"))
    }
}

/// True where kubectl, which reads YAML 1.1, finds the changes and nothing else, too: to it a plain `y` is no text. A
/// document that it reads as the other parser does is proven already, and so is one of which too much is repeated.
fn kubectl_reads_as_meant(
    conventions: EditConventions,
    old: &YamlDocument,
    new: &YamlDocument,
    ops: &[YamlEdit],
) -> bool {
    if !old.may_read_otherwise() && !new.may_read_otherwise() {
        return true;
    }
    let (Some(before), Some(after)) = (old.kubectl_value(), new.kubectl_value()) else { return true };
    let ops: Vec<YamlEdit> = ops.iter().map(|op| op.with_keys_read_by_kubectl(&before)).collect();
    expected_value(conventions, &before, &ops).is_ok_and(|meant| meant == after)
}

fn rest_is_same(
    before: &str,
    after: &str,
    old: (&YamlFile, &YamlDocument),
    new: (&YamlFile, &YamlDocument),
) -> bool {
    before[..old.1.span.start] == after[..new.1.span.start]
        && before[old.1.span.end..] == after[new.1.span.end..]
        && old.0.documents.len() == new.0.documents.len()
        && old.0.problems.len() == new.0.problems.len()
}

fn comment_texts<'a>(text: &'a str, file: &YamlFile) -> Vec<&'a str> {
    let all = file.documents.iter().flat_map(|document| document.tree.comments());
    all.map(|comment| comment.slice(text).trim_end()).collect()
}

fn layout_is_same(before: &str, after: &str) -> bool {
    let bare = |text: &str| text.matches('\n').count() - text.matches("\r\n").count();
    let kept = |count: fn(&str) -> usize| count(before) > 0 || count(after) == 0;
    before.starts_with(BYTE_ORDER_MARK) == after.starts_with(BYTE_ORDER_MARK)
        && before.ends_with('\n') == after.ends_with('\n')
        && kept(|text| text.matches("\r\n").count())
        && (bare(before) > 0 || bare(after) == 0 || !before.contains('\n'))
}

/// True when no line has another line ending than before, but the last, to which others may be added.
fn endings_are_kept(before: &str, after: &str) -> bool {
    let diff = TextDiff::from_lines(before, after);
    let added: HashMap<&str, &str> = diff
        .iter_all_changes()
        .filter(|change| change.tag() == ChangeTag::Insert)
        .map(|change| split_ending(change.value()))
        .collect();
    diff.iter_all_changes().filter(|change| change.tag() == ChangeTag::Delete).all(|change| {
        let (content, ending) = split_ending(change.value());
        ending.is_empty() || added.get(content).is_none_or(|now| *now == ending)
    })
}

/// A line's content and its ending.
fn split_ending(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches(['\r', '\n']).len())
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
