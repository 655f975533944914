//! Places new lines in a Dockerfile for its edits, in the style of the others.

use super::DockerfileContext;
use crate::dockerfile::{BuildStage, Instruction, InstructionKind};
use crate::text::{Span, Splice, line_ending, line_start};

/// The end of the line that holds the byte at `at`, before its line ending.
pub(super) fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let line = rest.split('\n').next().unwrap_or_default();
    at + line.strip_suffix('\r').unwrap_or(line).len()
}

/// An instruction in the case that the file writes its keywords in.
pub(super) fn in_keyword_case(case: DockerfileContext<'_>, keyword: &str, arguments: &str) -> String {
    let from = case.file.instructions.iter().find(|i| matches!(i.kind, InstructionKind::From { .. }));
    let lower =
        from.is_some_and(|from| from.keyword_span.slice(case.text).chars().all(|c| c.is_ascii_lowercase()));
    let keyword = if lower { keyword.to_ascii_lowercase() } else { keyword.to_owned() };
    format!("{keyword} {arguments}")
}

/// New lines before an instruction and the comments that belong to it. Where a blank line stands before these, the new
/// lines are a paragraph of their own too.
pub(super) fn insert_before(
    case: DockerfileContext<'_>,
    instruction: &Instruction,
    lines: &[String],
) -> Splice {
    let (text, newline) = (case.text, line_ending(case.text));
    let start = start_with_comments(case, instruction);
    let mut inserted = String::new();
    for line in lines {
        inserted.push_str(line);
        inserted.push_str(newline);
    }
    let previous = text.get(..start).unwrap_or_default().trim_end_matches(['\n', '\r']);
    let own_paragraph = text.get(previous.len()..start).is_some_and(|gap| gap.matches('\n').count() > 1);
    let follows_comment = start < line_start(text, instruction.span.start);
    if own_paragraph && (follows_comment || !matches!(instruction.kind, InstructionKind::Run(_))) {
        inserted.push_str(newline);
    }
    Splice::insert(start, inserted)
}

/// New lines after the last instruction of the file.
pub(super) fn insert_after(
    case: DockerfileContext<'_>,
    instruction: &Instruction,
    lines: &[String],
) -> Splice {
    let newline = line_ending(case.text);
    let start = line_start(case.text, instruction.span.start);
    let apart =
        case.text.get(..start).is_some_and(|before| before.ends_with("\n\n") || before.ends_with("\r\n\r\n"));
    let mut inserted = if apart { newline.to_owned() } else { String::new() };
    let end = line_end(case.text, instruction.span.end);
    let at_end = !case.text.get(end..).is_some_and(|rest| rest.starts_with(newline));
    for line in lines {
        inserted.push_str(if at_end { newline } else { "" });
        inserted.push_str(line);
        inserted.push_str(if at_end { "" } else { newline });
    }
    Splice::insert(if at_end { end } else { end + newline.len() }, inserted)
}

/// The first instruction of the block that ends a stage: of CMD, ENTRYPOINT, EXPOSE and HEALTHCHECK alone.
pub(super) fn trailing_block<'a>(case: DockerfileContext<'a>, stage: &BuildStage) -> Option<&'a Instruction> {
    let own = case.file.instructions_of(stage).iter().rev();
    own.take_while(|i| {
        matches!(
            i.kind,
            InstructionKind::Cmd(_)
                | InstructionKind::Entrypoint(_)
                | InstructionKind::Expose(_)
                | InstructionKind::Healthcheck(_)
        )
    })
    .last()
}

/// The start of the comment lines directly above an instruction, or of its own line.
fn start_with_comments(case: DockerfileContext<'_>, instruction: &Instruction) -> usize {
    let mut start = line_start(case.text, instruction.span.start);
    let bound = instruction.index.checked_sub(1).and_then(|previous| case.file.instructions.get(previous));
    let bound = bound.map_or(0, |previous| previous.span.end);
    while let Some(above) = start.checked_sub(1).filter(|above| *above > bound) {
        let line = Span::new(line_start(case.text, above), above);
        let directive = case.file.directives.iter().any(|d| line.covers(d.span) || d.span.covers(line));
        if directive || !line.slice(case.text).trim_start().starts_with('#') {
            break;
        }
        start = line.start;
    }
    start
}
