//! Finds the suppressions of a Dockerfile, and the instruction that each reaches, for the audit.

use super::suppression_comment::parse_comment;
use super::{from_comment, other_tools};
use crate::dockerfile::Dockerfile;
use crate::finding::InlineSuppression;
use crate::text::Span;

/// Every suppression of a Dockerfile, in the order of the file; those that reach all of it and are no comment first.
///
/// A comment reaches the instruction that follows, or the one that it stands in. `allow-file` reaches the file from
/// before the first instruction, and nothing from anywhere else.
#[must_use]
pub fn find_in_dockerfile(text: &str, file: &Dockerfile) -> Vec<InlineSuppression> {
    let all = Span::new(0, text.len());
    let checks = file.directives.iter().filter(|directive| directive.name == "check");
    let mut found: Vec<InlineSuppression> =
        checks.filter_map(|directive| other_tools::parse_check_directive(&directive.value, all)).collect();
    for comment in &file.comments {
        if let Some(own) = parse_comment(text, *comment) {
            let first = file.instructions.first().map_or(text.len(), |first| first.span.start);
            let top = (comment.start < first).then_some(all);
            let reach = if own.whole_file { top } else { reached_instruction(file, *comment) };
            found.push(from_comment(own, reach));
        } else {
            found.extend(other_tools::parse_dockerfile_comment(
                comment.slice(text),
                reached_instruction(file, *comment),
                all,
            ));
        }
    }
    found
}

/// The instruction that holds the comment, or else the next.
fn reached_instruction(file: &Dockerfile, comment: Span) -> Option<Span> {
    let next = file.instructions.partition_point(|instruction| instruction.span.end <= comment.start);
    file.instructions.get(next).map(|instruction| instruction.span)
}
