//! The splitter: which lines make an instruction, as BuildKit's own parser decides.

use super::heredoc::{self, Heredocs};
use super::line::{Line, continued, is_comment};
use super::physical::Lines;
use super::read::{self, Head};
use super::{Directive, Dockerfile, Escape, Fault, Problem};
use crate::text::Span;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// So many instructions of a file are read. No build takes more than some hundreds of layers, and what one instruction
/// means may depend on each before it.
const MOST: usize = 10_000;

/// Reads directives, comments and instructions; stages come later.
pub(super) fn split(text: &str) -> Dockerfile {
    let mut file = Dockerfile::default();
    let mut lines = Lines::new(text);
    if text.starts_with(BYTE_ORDER_MARK) {
        lines.at = BYTE_ORDER_MARK.len_utf8();
    }
    let mut heredocs = Heredocs::default();
    let mut in_directives = true;
    while let Some(line) = lines.next() {
        let content = trimmed(text, line);
        if is_comment(content.of(text)) {
            file.comments.push(content);
            in_directives = in_directives && directive(text, content, &mut file);
            continue;
        }
        in_directives = false;
        if content.is_empty() {
            continue;
        }
        if file.instructions.len() == MOST {
            file.problems.push(Problem { span: content, fault: Fault::TooMany(MOST) });
            break;
        }
        let head = Span::new(content.start, read_rest(&mut lines, content, &mut file));
        instruction(head, &mut lines, &mut heredocs, &mut file);
    }
    file
}

/// Goes on to the end of the instruction that begins in `first`, keeping comments; returns where it ends.
fn read_rest(lines: &mut Lines<'_>, first: Span, file: &mut Dockerfile) -> usize {
    let text = lines.text();
    let mut end = first.end;
    let mut more = continued(first.of(text), file.escape).is_some();
    while more && let Some(line) = lines.next() {
        end = line.end;
        let content = line.of(text);
        if is_comment(content) {
            file.comments.push(trimmed(text, line));
        } else if !content.trim_start().is_empty() {
            more = continued(content, file.escape).is_some();
        }
    }
    end
}

fn instruction(head: Span, lines: &mut Lines<'_>, heredocs: &mut Heredocs, file: &mut Dockerfile) {
    let text = lines.text();
    let line = Line::join(text, head, file.escape);
    let Some(parts) = Head::of(&line) else { return };
    let mut end = head.end;
    let mut found = Vec::new();
    if parts.may_have_heredocs(&line) {
        for mark in heredoc::marks(line.text()) {
            match heredocs.take(&mark, lines) {
                Some(heredoc) => {
                    end = end.max(heredoc.end);
                    found.push(heredoc.heredoc);
                }
                None => file.problems.push(Problem {
                    span: line.span(parts.keyword.start, parts.keyword.end),
                    fault: Fault::UnclosedHeredoc(mark.name),
                }),
            }
        }
    }
    let mut instruction = read::instruction(text, &line, &parts, file.escape, &found);
    instruction.index = file.instructions.len();
    instruction.span = Span::new(head.start, end);
    instruction.heredocs = found;
    if let Some(fault) = read::fault(&instruction, &line, &parts) {
        file.problems.push(Problem { span: instruction.keyword_span, fault });
    }
    file.instructions.push(instruction);
}

/// Keeps the directive that a comment is. Returns whether another may follow: any other line ends them.
fn directive(text: &str, comment: Span, file: &mut Dockerfile) -> bool {
    let Some((name, value)) = comment.of(text).get(1..).and_then(|c| c.split_once('=')) else { return false };
    let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
    if !matches!(name.as_str(), "syntax" | "escape" | "check") || value.is_empty() {
        return false;
    }
    if name == "escape" && value == "`" {
        file.escape = Escape::Backtick;
    }
    file.directives.push(Directive { name, value: value.to_owned(), span: comment });
    true
}

/// The line without the blanks it begins with.
fn trimmed(text: &str, line: Span) -> Span {
    Span::new(line.end - line.of(text).trim_start().len(), line.end)
}
