//! Splits a Dockerfile into instructions, by lines, as BuildKit's own parser does.

use super::heredoc::HeredocReader;
use super::instruction::RawInstruction;
use super::logical_line::{LogicalLine, is_comment, strip_continuation};
use super::physical_lines::PhysicalLines;
use super::{
    Dockerfile, DockerfileFault, DockerfileProblem, EscapeChar, ParserDirective, heredoc, instruction,
};
use crate::text::Span;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The most instructions of a file that are read. No build takes more than some hundreds of layers, and what one
/// instruction means may depend on each before it.
const MAX_INSTRUCTIONS: usize = 10_000;

/// Reads directives, comments and instructions; stages come later.
pub(super) fn split_instructions(text: &str) -> Dockerfile {
    let mut file = Dockerfile::default();
    let mut lines = PhysicalLines::new(text);
    if text.starts_with(BYTE_ORDER_MARK) {
        lines.offset = BYTE_ORDER_MARK.len_utf8();
    }
    let mut heredocs = HeredocReader::default();
    let mut in_directives = true;
    while let Some(line) = lines.next() {
        let content = trim_line(text, line);
        if is_comment(content.slice(text)) {
            file.comments.push(content);
            in_directives = in_directives && read_directive(text, content, &mut file);
            continue;
        }
        in_directives = false;
        if content.is_empty() {
            continue;
        }
        if file.instructions.len() == MAX_INSTRUCTIONS {
            file.problems.push(DockerfileProblem {
                span: content,
                fault: DockerfileFault::TooManyInstructions(MAX_INSTRUCTIONS),
            });
            break;
        }
        let head = Span::new(content.start, skip_continuations(&mut lines, content, &mut file));
        read_instruction(head, &mut lines, &mut heredocs, &mut file);
    }
    file
}

/// Goes on to the end of the instruction that begins in `first`, keeping comments; returns where it ends.
fn skip_continuations(lines: &mut PhysicalLines<'_>, first: Span, file: &mut Dockerfile) -> usize {
    let text = lines.text();
    let mut end = first.end;
    let mut more = strip_continuation(first.slice(text), file.escape).is_some();
    while more && let Some(line) = lines.next() {
        end = line.end;
        let content = line.slice(text);
        if is_comment(content) {
            file.comments.push(trim_line(text, line));
        } else if !content.trim_start().is_empty() {
            more = strip_continuation(content, file.escape).is_some();
        }
    }
    end
}

fn read_instruction(
    head: Span,
    lines: &mut PhysicalLines<'_>,
    heredocs: &mut HeredocReader,
    file: &mut Dockerfile,
) {
    let text = lines.text();
    let line = LogicalLine::join_lines(text, head, file.escape);
    let Some(parts) = RawInstruction::from_line(&line) else { return };
    let mut end = head.end;
    let mut found = Vec::new();
    if parts.may_have_heredocs(&line) {
        for mark in heredoc::find_marks(line.text()) {
            match heredocs.read_body(&mark, lines) {
                Some(heredoc) => {
                    end = end.max(heredoc.end);
                    found.push(heredoc.heredoc);
                }
                None => file.problems.push(DockerfileProblem {
                    span: line.file_span(parts.keyword.start, parts.keyword.end),
                    fault: DockerfileFault::UnclosedHeredoc(mark.name),
                }),
            }
        }
    }
    let mut instruction = instruction::parse_instruction(text, &line, &parts, file.escape, &found);
    instruction.index = file.instructions.len();
    instruction.span = Span::new(head.start, end);
    instruction.heredocs = found;
    if let Some(fault) = instruction::syntax_error(&instruction, &line, &parts) {
        file.problems.push(DockerfileProblem { span: instruction.keyword_span, fault });
    }
    file.instructions.push(instruction);
}

/// Keeps the directive that a comment is. Returns whether another may follow: any other line ends them.
fn read_directive(text: &str, comment: Span, file: &mut Dockerfile) -> bool {
    let Some((name, value)) = comment.slice(text).get(1..).and_then(|c| c.split_once('=')) else {
        return false;
    };
    let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
    if !matches!(name.as_str(), "syntax" | "escape" | "check") || value.is_empty() {
        return false;
    }
    if name == "escape" && value == "`" {
        file.escape = EscapeChar::Backtick;
    }
    file.directives.push(ParserDirective { name, value: value.to_owned(), span: comment });
    true
}

/// The line without the blanks it begins with.
fn trim_line(text: &str, line: Span) -> Span {
    Span::new(line.end - line.slice(text).trim_start().len(), line.end)
}
