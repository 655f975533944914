//! Finds the loops, functions and branches of a shell script, for those who follow what it runs.

use std::ops::Range;

/// The longest head of a loop, in bytes.
const MAX_HEAD_BYTES: usize = 8 * 1024;

/// A part of a script that is not simply run once, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ScriptBlock {
    pub kind: ScriptBlockKind,
    /// From its first word to after its last.
    pub range: Range<usize>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ScriptBlockKind {
    /// A `for` loop: its variable, and its values as they are written.
    Loop {
        variable: String,
        values: String,
    },
    Function(String),
    /// `if`, `case`, `while`: it may be run or not.
    Branch,
}

/// A word of the script that is no text in quotes, with its place.
struct BareWord<'t> {
    text: &'t str,
    at: usize,
    /// True where a command begins with it.
    begins: bool,
}

/// The blocks of a script, each before those inside of it.
pub(super) fn find_script_blocks(text: &str) -> Vec<ScriptBlock> {
    let words = bare_words(text);
    let mut blocks: Vec<ScriptBlock> = Vec::new();
    // The open blocks by their indexes, each with the word that ends it.
    let mut open: Vec<(usize, &str)> = Vec::new();
    for (nth, word) in words.iter().enumerate().filter(|(_, word)| word.begins) {
        if open.last().is_some_and(|(_, end)| *end == word.text) {
            if let Some((at, _)) = open.pop() {
                blocks[at].range.end = word.at + word.text.len();
            }
            continue;
        }
        let Some((kind, end)) = opening_block(text, &words, nth) else { continue };
        open.push((blocks.len(), end));
        blocks.push(ScriptBlock { kind, range: word.at..text.len() });
    }
    blocks
}

/// The kind of the block that a word opens, and the word that will end it.
fn opening_block<'t>(
    text: &'t str,
    words: &[BareWord<'t>],
    nth: usize,
) -> Option<(ScriptBlockKind, &'static str)> {
    let word = &words[nth];
    let next = words.get(nth + 1).map_or("", |word| word.text);
    match word.text {
        "if" => Some((ScriptBlockKind::Branch, "fi")),
        "case" => Some((ScriptBlockKind::Branch, "esac")),
        "while" | "until" => Some((ScriptBlockKind::Branch, "done")),
        "for" => {
            let window = &text.as_bytes()[word.at..text.len().min(word.at + MAX_HEAD_BYTES)];
            let length = memchr::memchr2(b'\n', b';', window).unwrap_or(window.len());
            let head = text.get(word.at..word.at + length).unwrap_or_default();
            let values = head.split_once(" in ").map_or("", |(_, values)| values);
            let variable = next.to_owned();
            Some((ScriptBlockKind::Loop { variable, values: values.trim().to_owned() }, "done"))
        }
        "function" => {
            let name = next.trim_end_matches("()").trim_end_matches('{').to_owned();
            Some((ScriptBlockKind::Function(name), "}"))
        }
        name => {
            let after = text[word.at + name.len()..].trim_start();
            let called = name.strip_suffix("()").or_else(|| after.starts_with("()").then_some(name))?;
            Some((ScriptBlockKind::Function(called.to_owned()), "}"))
        }
    }
}

/// The words outside of quotes and comments; `;`, `|`, `&` and newlines part them.
fn bare_words(text: &str) -> Vec<BareWord<'_>> {
    let mut words = Vec::new();
    let mut begins = true;
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        match c {
            '\n' | ';' | '|' | '&' | '{' => {
                begins = true;
                at += 1;
            }
            '(' if begins => at += 1,
            '\\' => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
            '#' if at == 0 || text[..at].ends_with(char::is_whitespace) => {
                at += text[at..].find('\n').unwrap_or(text.len() - at);
            }
            c if c.is_whitespace() || c == ')' => at += c.len_utf8(),
            _ => {
                let length = word_length(&text[at..]);
                let word = &text[at..at + length];
                words.push(BareWord { text: word, at, begins });
                begins = matches!(word, "do" | "then" | "else" | "elif" | "!" | "}" | "in")
                    && (word != "in" || words.iter().rev().nth(2).is_some_and(|word| word.text == "case"));
                at += length;
            }
        }
    }
    words
}

/// The length of the word that a text begins with: quotes and `${…}` belong to it whole.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\'' | b'"' => {
                let quote = *byte;
                at += 1;
                while let Some(inner) = bytes.get(at).filter(|inner| **inner != quote) {
                    at += if *inner == b'\\' && quote == b'"' { 2 } else { 1 };
                }
                at += 1;
            }
            b'$' if matches!(bytes.get(at + 1), Some(b'{' | b'(')) => {
                at += 1 + enclosed_length(&bytes[at + 1..]);
            }
            b'(' if bytes.get(at + 1) == Some(&b')') && at > 0 => at += 2,
            b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b')' => break,
            b'{' if at > 0 => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.clamp(1, text.len())
}

/// The length of `{…}` or `(…)`, with what is nested in it.
fn enclosed_length(bytes: &[u8]) -> usize {
    let open = bytes.first().copied().unwrap_or_default();
    let close = if open == b'{' { b'}' } else { b')' };
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate() {
        depth += i32::from(*byte == open) - i32::from(*byte == close);
        if depth == 0 {
            return at + 1;
        }
    }
    bytes.len()
}
