//! Reads the comments beside a line that give a reason, for those who find why a value or an instruction is as it is.

use crate::dockerfile::Keyword;
use crate::text::{Span, line_start};

/// The most characters of a comment that are quoted.
const MAX_QUOTED: usize = 120;
/// The most lines of comment above a line that are read.
const MAX_LINES: usize = 40;
/// The fewest words of a comment that gives a reason, and of one that does not argue: fewer are a heading.
const FEWEST_WORDS: usize = 2;
const FEWEST_TOLD_WORDS: usize = 3;
/// The words with which people give a reason, rather than say what stands there.
const REASON_WORDS: [&str; 38] = [
    "because",
    "since",
    "due",
    "until",
    "unless",
    "otherwise",
    "must",
    "need",
    "needs",
    "needed",
    "require",
    "requires",
    "required",
    "so",
    "never",
    "not",
    "don't",
    "dont",
    "cannot",
    "can't",
    "breaks",
    "break",
    "broken",
    "fails",
    "fail",
    "purpose",
    "intentional",
    "intentionally",
    "deliberate",
    "deliberately",
    "workaround",
    "hack",
    "keep",
    "keeps",
    "only",
    "expects",
    "relies",
    "reads",
];

/// A comment that gives a reason.
pub(super) struct CommentReason {
    /// Its text, in quotation marks, so far as it is short.
    pub quoted: String,
    pub span: Span,
    /// True where it argues, and does not only say what stands there.
    pub argues: bool,
    words: Vec<String>,
}

impl CommentReason {
    /// True where it speaks of this, by a word in lower case.
    pub(super) fn mentions(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }
}

/// The comment behind the line that begins at `start`, else the lines of comment right above it. `comments` are all
/// comments of the text, in their order.
pub(super) fn find_reason(text: &str, comments: &[Span], start: usize) -> Option<CommentReason> {
    if comments.is_empty() {
        return None;
    }
    let after = comments.partition_point(|comment| comment.start < start);
    let end = line_end(text, start);
    let behind: Vec<Span> =
        comments.get(after).filter(|comment| comment.start < end).copied().into_iter().collect();
    let mut above = Vec::new();
    let mut next = start;
    for comment in comments.get(..after)?.iter().rev().take(MAX_LINES) {
        let own_start = line_start(text, comment.start);
        let has_own_line = text.get(own_start..comment.start).is_some_and(|before| before.trim().is_empty());
        if !has_own_line || line_end(text, comment.start) + 1 != next {
            break;
        }
        above.push(*comment);
        next = own_start;
    }
    above.reverse();
    read_reason(text, &behind).or_else(|| read_reason(text, &above))
}

fn line_end(text: &str, start: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[start..]).map_or(text.len(), |end| start + end)
}

/// The reason that lines of comment give together.
fn read_reason(text: &str, lines: &[Span]) -> Option<CommentReason> {
    let spoken: Vec<(&Span, &str)> = lines
        .iter()
        .map(|line| (line, line.slice(text).trim_start_matches('#').trim()))
        .filter(|(_, said)| is_for_people(said))
        .collect();
    let said: Vec<&str> = spoken.iter().map(|(_, said)| *said).collect();
    let said = said.join(" ");
    let words: Vec<String> = said
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphabetic))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .collect();
    let (first, last) = (spoken.first()?.0, spoken.last()?.0);
    let argues = words.iter().any(|word| REASON_WORDS.contains(&word.as_str()));
    // What ends so is said of what follows, which is often commented out.
    let is_heading = !argues && (words.len() < FEWEST_TOLD_WORDS || said.ends_with(':'));
    if words.len() < FEWEST_WORDS || is_heading {
        return None;
    }
    Some(CommentReason {
        quoted: format!("\u{201c}{}\u{201d}", shorten(&said)),
        span: Span::new(first.start, last.end),
        argues,
        words,
    })
}

fn shorten(said: &str) -> String {
    match said.char_indices().nth(MAX_QUOTED) {
        Some((cut, _)) => {
            let whole = &said[..cut];
            format!("{} \u{2026}", whole.rsplit_once(' ').map_or(whole, |(words, _)| words))
        }
        None => said.to_owned(),
    }
}

/// Words for people: no directive of a tool, and no line that was commented out.
fn is_for_people(said: &str) -> bool {
    const DIRECTIVES: [&str; 13] = [
        "seaworthy:",
        "yamllint",
        "checkov:",
        "trivy:",
        "kics",
        "nosemgrep",
        "noqa",
        "yaml-language-server",
        "renovate",
        "hadolint",
        "syntax=",
        "escape=",
        "check=",
    ];
    let first = said.split_whitespace().next().unwrap_or_default();
    let is_instruction = first.bytes().all(|b| b.is_ascii_uppercase())
        && Keyword::from_word(first) != Keyword::Unknown
        && !said.split_whitespace().any(|word| REASON_WORDS.contains(&word));
    let commented_out = first.starts_with('-')
        || is_instruction
        || (first.ends_with(':')
            && !first.eq_ignore_ascii_case("note:")
            && !first.eq_ignore_ascii_case("todo:"));
    !first.is_empty() && !commented_out && !DIRECTIVES.iter().any(|tool| said.starts_with(tool))
}
