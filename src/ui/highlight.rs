//! Colours source lines for the views: maps the grammars' scopes onto the theme, only for the lines in view.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use crate::repo::FileKind;
use crate::text::SourceText;
use crate::theme::StyleToken;

static SYNTAX_SET: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The style of each scope; the first that fits the innermost scope counts.
static SCOPE_TOKENS: LazyLock<Vec<(Scope, StyleToken)>> = LazyLock::new(|| {
    [
        ("comment", StyleToken::Comment),
        ("punctuation.definition.comment", StyleToken::Comment),
        ("punctuation.definition.string", StyleToken::String),
        ("entity.name.tag", StyleToken::Key),
        ("string.unquoted.plain.out", StyleToken::String),
        ("string", StyleToken::String),
        ("constant", StyleToken::Number),
        ("keyword.operator", StyleToken::Punctuation),
        ("keyword", StyleToken::Keyword),
        ("storage", StyleToken::Keyword),
        ("variable", StyleToken::Code),
        ("entity", StyleToken::Key),
        ("support", StyleToken::Key),
        ("punctuation", StyleToken::Punctuation),
    ]
    .into_iter()
    .filter_map(|(name, slot)| Some((Scope::new(name).ok()?, slot)))
    .collect()
});

/// The number of lines after which a state is kept.
const STATE_INTERVAL: usize = 32;
/// The most lines that are read again to reach the view. From further away a fresh state is as good: the grammars are
/// all but line by line.
const MAX_REREAD_LINES: usize = 128;
/// The longest line that is coloured, in bytes.
const MAX_LINE_LENGTH: usize = 2_000;
/// The number of texts that are remembered.
const MAX_TEXTS: usize = 8;

/// The number of lines by themselves that are remembered.
const MAX_SINGLE_LINES: usize = 1_000;

/// The coloured parts of a line, in bytes.
pub(super) type HighlightedParts = Vec<(Range<usize>, StyleToken)>;

/// The coloured lines and states of the texts shown lately.
#[derive(Default)]
pub struct Highlighter {
    texts: HashMap<(u64, FileKind), HighlightCache>,
    recent_ids: Vec<(u64, FileKind)>,
    /// Lines that are in no text, as they would be coloured at its beginning.
    single_lines: HashMap<(String, FileKind), HighlightedParts>,
}

#[derive(Default)]
struct HighlightCache {
    /// The state before a line, counted from 1.
    states: BTreeMap<usize, (ParseState, ScopeStack)>,
    lines: HashMap<usize, HighlightedParts>,
}

impl Highlighter {
    /// The coloured parts of these lines, counted from 1.
    pub fn highlight_lines(
        &mut self,
        source: &SourceText,
        kind: FileKind,
        wanted: Range<usize>,
    ) -> Vec<HighlightedParts> {
        let id = (source.hash(), kind);
        self.remember_text(id);
        let known = self.texts.entry(id).or_default();
        if wanted.clone().any(|line| !known.lines.contains_key(&line)) {
            known.parse_lines(source, kind, wanted.clone());
        }
        wanted.map(|line| known.lines.get(&line).cloned().unwrap_or_default()).collect()
    }

    /// The coloured parts of a line that is in no text yet.
    pub(super) fn highlight_alone(&mut self, text: &str, kind: FileKind) -> HighlightedParts {
        let id = (text.to_owned(), kind);
        if let Some(known) = self.single_lines.get(&id) {
            return known.clone();
        }
        let Some(syntax) = SYNTAX_SET.find_syntax_by_token(syntax_token(kind)) else {
            return HighlightedParts::new();
        };
        let parts = if text.len() > MAX_LINE_LENGTH {
            HighlightedParts::new()
        } else {
            parse_line(text, &mut ParseState::new(syntax), &mut ScopeStack::new())
        };
        if self.single_lines.len() >= MAX_SINGLE_LINES {
            self.single_lines.clear();
        }
        self.single_lines.insert(id, parts.clone());
        parts
    }

    /// Remembers the text, and forgets the one not used for longest.
    fn remember_text(&mut self, id: (u64, FileKind)) {
        self.recent_ids.retain(|other| *other != id);
        self.recent_ids.push(id);
        if self.recent_ids.len() > MAX_TEXTS {
            let oldest = self.recent_ids.remove(0);
            self.texts.remove(&oldest);
        }
    }
}

impl HighlightCache {
    fn parse_lines(&mut self, source: &SourceText, kind: FileKind, wanted: Range<usize>) {
        let Some(syntax) = SYNTAX_SET.find_syntax_by_token(syntax_token(kind)) else { return };
        let earliest = wanted.start.saturating_sub(MAX_REREAD_LINES).max(1);
        let nearest = self.states.range(earliest..=wanted.start).next_back();
        let (from, (mut state, mut stack)) = match nearest {
            Some((line, known)) => (*line, known.clone()),
            None => (earliest, (ParseState::new(syntax), ScopeStack::new())),
        };
        for line in from..wanted.end {
            if line % STATE_INTERVAL == 1 {
                self.states.entry(line).or_insert_with(|| (state.clone(), stack.clone()));
            }
            let text = source.line_span(line).slice(source.text());
            let parts = if text.len() > MAX_LINE_LENGTH {
                HighlightedParts::new()
            } else {
                parse_line(text, &mut state, &mut stack)
            };
            self.lines.insert(line, parts);
        }
    }
}

fn syntax_token(kind: FileKind) -> &'static str {
    if kind == FileKind::Dockerfile { "Dockerfile" } else { "yaml" }
}

fn parse_line(text: &str, state: &mut ParseState, stack: &mut ScopeStack) -> HighlightedParts {
    let Ok(ops) = state.parse_line(&format!("{text}\n"), &SYNTAX_SET) else { return HighlightedParts::new() };
    let mut parts = HighlightedParts::new();
    let mut at = 0;
    for (end, op) in ops {
        let end = end.min(text.len());
        if end > at {
            parts.push((at..end, token_of_scope(stack)));
            at = end;
        }
        if stack.apply(&op).is_err() {
            return HighlightedParts::new();
        }
    }
    if at < text.len() {
        parts.push((at..text.len(), token_of_scope(stack)));
    }
    parts
}

fn token_of_scope(stack: &ScopeStack) -> StyleToken {
    let innermost_first = stack.as_slice().iter().rev();
    innermost_first
        .filter_map(|scope| SCOPE_TOKENS.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)))
        .map(|(_, slot)| *slot)
        .next()
        .unwrap_or(StyleToken::Base)
}
