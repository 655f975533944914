//! Rewords and removes parts of a Dockerfile, for its edits.

use super::DockerfileContext;
use super::line_placement::line_end;
use crate::dockerfile::Instruction;
use crate::text::{Span, Splice, line_ending, line_start};

/// Replaces the words at `span` by `to`. Removed words take with them the blanks, or the line, that they leave.
pub(super) fn replace_words(case: DockerfileContext<'_>, span: Span, to: &str) -> Result<Splice, String> {
    if !to.is_empty() {
        return Ok(Splice::replace(span, to));
    }
    let gone = if stands_alone(case.text, span) { extend_over_blanks(case, span)? } else { span };
    let comment = case.file.comments.iter().any(|comment| gone.covers(*comment));
    if comment { Err("a comment stands amid what would go".to_owned()) } else { Ok(Splice::delete(gone)) }
}

/// True where blanks or line ends are on both sides.
fn stands_alone(text: &str, span: Span) -> bool {
    let before = text.get(..span.start).and_then(|before| before.chars().next_back());
    let after = text.get(span.end..).and_then(|after| after.chars().next());
    before.is_some_and(char::is_whitespace) && after.is_none_or(char::is_whitespace)
}

fn extend_over_blanks(case: DockerfileContext<'_>, span: Span) -> Result<Span, String> {
    let text = case.text;
    let (start, end) = (line_start(text, span.start), line_end(text, span.end));
    let before = Span::new(start, span.start).slice(text);
    let after = Span::new(span.end, end).slice(text);
    let escape = case.file.escape.as_char();
    if !before.trim().is_empty() {
        return Ok(Span::new(start + before.trim_end().len(), span.end));
    }
    match after.trim() {
        "" => {
            // The line before would continue into nothing: its continuation goes too.
            let above = text.get(..start).unwrap_or_default().trim_end();
            let above = above.strip_suffix(escape).ok_or("a comment stands before what would go")?.trim_end();
            Ok(Span::new(above.len(), span.end))
        }
        rest if rest.len() == escape.len_utf8() && rest.starts_with(escape) => {
            Ok(Span::new(start, end + line_ending(text).len()))
        }
        _ => Ok(Span::new(span.start, end - after.trim_start().len())),
    }
}

/// Each line of the instruction as a comment.
pub(super) fn comment_out(case: DockerfileContext<'_>, instruction: &Instruction) -> Splice {
    let span = Span::new(line_start(case.text, instruction.span.start), instruction.span.end);
    let lines = span.slice(case.text).split_inclusive('\n').map(|line| {
        let content = line.trim_start();
        let indentation = &line[..line.len() - content.len()];
        if content.is_empty() || content.starts_with('#') {
            line.to_owned()
        } else {
            format!("{indentation}# {content}")
        }
    });
    Splice::replace(span, lines.collect::<String>())
}

/// The instruction's lines gone, and one of two blank lines that would meet.
pub(super) fn drop_lines(case: DockerfileContext<'_>, instruction: &Instruction) -> Splice {
    let text = case.text;
    let start = line_start(text, instruction.span.start);
    let end = line_end(text, instruction.span.end);
    let newline = line_ending(text);
    if end == text.len() {
        let above = text.get(..start).unwrap_or_default();
        let above = above.strip_suffix('\n').map_or(above, |above| above.strip_suffix('\r').unwrap_or(above));
        return Splice::delete(Span::new(above.len(), end));
    }
    let mut gone = Span::new(start, end + newline.len());
    let blank_above = start == 0 || text.get(..start).is_some_and(|t| t.ends_with(&newline.repeat(2)));
    if blank_above && text.get(gone.end..).is_some_and(|rest| rest.starts_with(newline)) {
        gone.end += newline.len();
    }
    Splice::delete(gone)
}
