//! Draws a rule's page, from Markdown to lines: headings, paragraphs, lists, code, tables, links.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::safe_text;
use crate::theme::{ColourTheme, StyleToken};

/// The least columns in which a line of code is broken.
const MIN_CODE_COLUMNS: usize = 8;

/// The lines of a text in so many cells.
pub(super) fn markdown_lines(markdown: &str, cells: usize, theme: &ColourTheme) -> Vec<Line<'static>> {
    let mut out: Vec<Line<'static>> = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in markdown.lines() {
        let trimmed = line.trim();
        if trimmed.starts_with("```") {
            flush_paragraph(&mut out, &mut paragraph, cells, theme);
            fenced = !fenced;
        } else if fenced {
            out.extend(code_lines(line, cells, theme));
        } else if trimmed.is_empty() {
            flush_paragraph(&mut out, &mut paragraph, cells, theme);
            push_blank_line(&mut out);
        } else if let Some(heading) = trimmed.strip_prefix('#') {
            flush_paragraph(&mut out, &mut paragraph, cells, theme);
            push_blank_line(&mut out);
            let heading = heading.trim_start_matches('#').trim().to_owned();
            out.push(Line::from(Span::styled(heading, theme.style(StyleToken::Heading))));
        } else if trimmed.starts_with('|') {
            flush_paragraph(&mut out, &mut paragraph, cells, theme);
            out.extend(table_row(trimmed, theme));
        } else {
            if starts_item(trimmed) {
                flush_paragraph(&mut out, &mut paragraph, cells, theme);
            }
            paragraph.push_str(trimmed);
            paragraph.push(' ');
        }
    }
    flush_paragraph(&mut out, &mut paragraph, cells, theme);
    out
}

/// A line of code; a long one goes on below itself, since what follows may be what matters.
fn code_lines(line: &str, cells: usize, theme: &ColourTheme) -> impl Iterator<Item = Line<'static>> {
    let parts = safe_text::break_line(line, cells.saturating_sub(2).max(MIN_CODE_COLUMNS));
    parts.into_iter().map(|part| Line::from(Span::styled(format!("  {part}"), theme.style(StyleToken::Code))))
}

/// The lines of a sentence of a rule or a fix, with its `code` in another style.
pub(super) fn sentence_lines(
    text: &str,
    cells: usize,
    theme: &ColourTheme,
    slot: StyleToken,
) -> Vec<Line<'static>> {
    let mut lines = markdown_lines(text, cells, theme);
    for span in lines.iter_mut().flat_map(|line| &mut line.spans) {
        span.style = theme.style(slot).patch(span.style);
    }
    lines
}

fn push_blank_line(out: &mut Vec<Line<'static>>) {
    if out.last().is_some_and(|line| line.width() > 0) {
        out.push(Line::default());
    }
}

fn starts_item(line: &str) -> bool {
    line.starts_with("- ") || line.starts_with("* ")
}

/// Ends a paragraph or an item of a list; its later lines are indented like its first.
fn flush_paragraph(out: &mut Vec<Line<'static>>, paragraph: &mut String, cells: usize, theme: &ColourTheme) {
    let text = std::mem::take(paragraph);
    if text.trim().is_empty() {
        return;
    }
    let (first, rest, body) = match text.strip_prefix("- ").or(text.strip_prefix("* ")) {
        Some(body) => (format!("{} ", theme.glyphs.separator), "  ", body),
        None => (String::new(), "", text.as_str()),
    };
    let indent = rest.len();
    let mut line: Vec<Span<'static>> = vec![Span::raw(first)];
    let mut used = indent;
    let mut turn =
        |line: &mut Vec<Span<'static>>| out.push(Line::from(std::mem::replace(line, vec![Span::raw(rest)])));
    for word in styled_words(body, theme) {
        let width: usize = word.iter().map(|(piece, _)| safe_text::text_width(piece)).sum();
        if used > indent && used + 1 + width > cells {
            turn(&mut line);
            used = indent;
        } else if used > indent {
            line.push(Span::raw(" "));
            used += 1;
        }
        for (piece, style) in word {
            let mut left = piece.as_str();
            // A word longer than a line is broken where the line ends.
            while used + safe_text::text_width(left) > cells && cells > indent + 1 {
                let part = safe_text::break_word(left, cells - used);
                line.push(Span::styled(part.to_owned(), style));
                left = &left[part.len()..];
                turn(&mut line);
                used = indent;
            }
            used += safe_text::text_width(left);
            line.push(Span::styled(left.to_owned(), style));
        }
    }
    out.push(Line::from(line));
}

type StyledWord = Vec<(String, Style)>;

/// The words of a paragraph, each in pieces of one style.
fn styled_words(text: &str, theme: &ColourTheme) -> Vec<StyledWord> {
    let mut words: Vec<StyledWord> = Vec::new();
    let mut glued = false;
    for (part, style) in inline_parts(text, theme) {
        let mut glue = glued && !part.starts_with(char::is_whitespace);
        for piece in part.split_whitespace() {
            match words.last_mut().filter(|_| glue) {
                Some(word) => word.push((piece.to_owned(), style)),
                None => words.push(vec![(piece.to_owned(), style)]),
            }
            glue = false;
        }
        glued = !part.ends_with(char::is_whitespace);
    }
    words
}

/// A text cut into plain parts, code, strong parts and links. A mark without its partner is text.
fn inline_parts(text: &str, theme: &ColourTheme) -> Vec<(String, Style)> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let found =
            match c {
                '`' => text_between(rest, "`", "`")
                    .map(|(inner, after)| (inner.to_owned(), StyleToken::Code, after)),
                '*' => text_between(rest, "**", "**")
                    .map(|(inner, after)| (inner.to_owned(), StyleToken::Heading, after)),
                '[' => link_text(rest).map(|(shown, after)| (shown, StyleToken::Link, after)),
                '<' if rest.starts_with("<http") => text_between(rest, "<", ">")
                    .map(|(inner, after)| (inner.to_owned(), StyleToken::Link, after)),
                _ => None,
            };
        if let Some((shown, slot, after)) = found {
            parts.push((std::mem::take(&mut plain), Style::new()));
            parts.push((shown, theme.style(slot)));
            rest = after;
        } else {
            plain.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    parts.push((plain, Style::new()));
    parts.retain(|(part, _)| !part.is_empty());
    parts
}

fn text_between<'a>(text: &'a str, open: &str, close: &str) -> Option<(&'a str, &'a str)> {
    text.strip_prefix(open)?.split_once(close).filter(|(inner, _)| !inner.is_empty())
}

/// `[words](address)`, shown as both, since a terminal cannot be relied on to follow links.
fn link_text(text: &str) -> Option<(String, &str)> {
    let (words, after) = text_between(text, "[", "]")?;
    let (address, after) = text_between(after, "(", ")")?;
    Some((if words == address { words.to_owned() } else { format!("{words} {address}") }, after))
}

fn table_row(line: &str, theme: &ColourTheme) -> Option<Line<'static>> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    if cells.iter().all(|cell| cell.chars().all(|c| matches!(c, '-' | ':'))) {
        return None;
    }
    let mut spans = vec![Span::styled(format!("{:<14}", cells[0]), theme.style(StyleToken::Muted))];
    spans.push(Span::raw(cells[1..].join("  ").replace('`', "")));
    Some(Line::from(spans))
}
