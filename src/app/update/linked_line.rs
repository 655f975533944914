//! Finds the line of a linked file that its link is about: the user of the image, or the container that runs it.

use std::sync::Arc;

use super::super::app_state::AppState;
use crate::audit::ListedFinding;
use crate::dockerfile;
use crate::repo::{FileKind, RelPath};
use crate::text::SourceText;

/// The line, from 1: of a Dockerfile that of the user that its image starts as, else where its final stage begins; of a
/// manifest where the object's first finding stands, which is mostly its container's name.
pub(super) fn find_linked_line(state: &AppState, path: &RelPath, object: Option<&Arc<str>>) -> usize {
    let file = state.store.file(path);
    let source = file.and_then(|file| file.source.as_ref());
    if let Some(source) = source.filter(|_| file.is_some_and(|file| file.kind == FileKind::Dockerfile)) {
        return line_of_user(source).unwrap_or(1);
    }
    let entries = || state.index.entries_in(path).iter();
    let is_own = |entry: &&Arc<ListedFinding>| entry.key.subject.object.as_ref() == object;
    let in_container = entries().filter(|entry| is_own(entry) && entry.key.subject.container.is_some());
    let line = |entry: &Arc<ListedFinding>| entry.line;
    let own = in_container.map(line).min().or_else(|| entries().filter(is_own).map(line).min());
    own.or_else(|| entries().map(line).min()).or_else(|| source.map(first_line_with_words)).unwrap_or(1)
}

fn line_of_user(source: &SourceText) -> Option<usize> {
    let file = dockerfile::parse(source.text());
    let stage = file.final_stage()?;
    let user = file.instruction_at(stage.environment.user);
    let instruction = user.or_else(|| file.instruction_at(Some(stage.from_index)))?;
    Some(source.position_of(instruction.span.start).line)
}

/// The first line that is neither empty nor a comment, such as a licence.
fn first_line_with_words(source: &SourceText) -> usize {
    let has_words = |line: &str| {
        let line = line.trim();
        !line.is_empty() && !line.starts_with(['#', '{']) && line != "---"
    };
    source.text().lines().position(has_words).map_or(1, |at| at + 1)
}
