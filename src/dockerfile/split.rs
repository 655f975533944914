//! The splitter: which lines make an instruction, as BuildKit's own parser decides.

use super::heredoc::{self, Heredocs};
use super::line::{Line, continued, is_comment, trim_newline};
use super::read::{self, Head};
use super::{Directive, Dockerfile, Escape, Fault, Keyword, Problem};
use crate::text::Span;

const BYTE_ORDER_MARK: char = '\u{feff}';

/// So many instructions of a file are read. No build takes more than some hundreds of layers, and what one instruction
/// means may depend on each before it.
const MOST: usize = 10_000;

/// Reads directives, comments and instructions; stages come later.
pub(super) fn split(text: &str) -> Dockerfile {
    let mut file = Dockerfile::default();
    let mut lines = Lines { text, at: 0 };
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
        let head = Span::new(content.start, lines.rest_of(content, &mut file));
        instruction(head, &mut lines, &mut heredocs, &mut file);
    }
    file
}

/// The lines of a text, without their endings.
pub(super) struct Lines<'t> {
    text: &'t str,
    pub(super) at: usize,
}

impl<'t> Lines<'t> {
    pub(super) fn next(&mut self) -> Option<Span> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
        let span = Span::new(self.at, self.at + trim_newline(&rest[..length]).len());
        self.at += length;
        Some(span)
    }

    pub(super) const fn text(&self) -> &'t str {
        self.text
    }

    /// Goes on to the end of the instruction that begins in `first`, keeping comments; returns where it ends.
    fn rest_of(&mut self, first: Span, file: &mut Dockerfile) -> usize {
        let mut end = first.end;
        let mut more = continued(first.of(self.text), file.escape).is_some();
        while more && let Some(line) = self.next() {
            end = line.end;
            let content = line.of(self.text);
            if is_comment(content) {
                file.comments.push(trimmed(self.text, line));
            } else if !content.trim_start().is_empty() {
                more = continued(content, file.escape).is_some();
            }
        }
        end
    }
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

/// Whether heredocs are looked for in instructions of this keyword.
pub(super) const fn takes_heredocs(keyword: Keyword) -> bool {
    matches!(keyword, Keyword::Run | Keyword::Copy | Keyword::Add)
}
