//! Source lines in colours: scopes of the grammars mapped onto the theme, only for what is in view.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::LazyLock;

use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxSet};

use crate::repo::FileKind;
use crate::text::Source;
use crate::theme::Slot;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Which scopes have which meaning; the first that fits the innermost scope counts.
static MEANINGS: LazyLock<Vec<(Scope, Slot)>> = LazyLock::new(|| {
    [
        ("comment", Slot::Comment),
        ("punctuation.definition.comment", Slot::Comment),
        ("punctuation.definition.string", Slot::String),
        ("entity.name.tag", Slot::Key),
        ("string.unquoted.plain.out", Slot::String),
        ("string", Slot::String),
        ("constant", Slot::Number),
        ("keyword.operator", Slot::Punctuation),
        ("keyword", Slot::Keyword),
        ("storage", Slot::Keyword),
        ("variable", Slot::Code),
        ("entity", Slot::Key),
        ("support", Slot::Key),
        ("punctuation", Slot::Punctuation),
    ]
    .into_iter()
    .filter_map(|(name, slot)| Some((Scope::new(name).ok()?, slot)))
    .collect()
});

/// A state is kept after every so many lines.
const STRIDE: usize = 32;
/// At most so many lines are read again to reach the view. From further away a fresh state is as good: the grammars
/// are all but line by line.
const REACH: usize = 128;
/// Longer lines are not coloured.
const LONGEST: usize = 2_000;
/// Texts that are remembered.
const TEXTS: usize = 8;

/// The coloured parts of a line, in bytes.
pub(super) type Parts = Vec<(Range<usize>, Slot)>;

/// What is already known of the texts shown lately.
#[derive(Default)]
pub struct Highlighter {
    texts: HashMap<(u64, FileKind), Known>,
    latest: Vec<(u64, FileKind)>,
}

#[derive(Default)]
struct Known {
    /// The state before a line, counted from 1.
    states: BTreeMap<usize, (ParseState, ScopeStack)>,
    lines: HashMap<usize, Parts>,
}

impl Highlighter {
    /// The parts of these lines, counted from 1.
    pub fn lines(&mut self, source: &Source, kind: FileKind, wanted: Range<usize>) -> Vec<Parts> {
        let id = (source.hash(), kind);
        self.remember(id);
        let known = self.texts.entry(id).or_default();
        if wanted.clone().any(|line| !known.lines.contains_key(&line)) {
            known.read(source, kind, wanted.clone());
        }
        wanted.map(|line| known.lines.get(&line).cloned().unwrap_or_default()).collect()
    }

    /// Keeps the latest texts, and forgets the one not asked for longest.
    fn remember(&mut self, id: (u64, FileKind)) {
        self.latest.retain(|other| *other != id);
        self.latest.push(id);
        if self.latest.len() > TEXTS {
            let oldest = self.latest.remove(0);
            self.texts.remove(&oldest);
        }
    }
}

impl Known {
    fn read(&mut self, source: &Source, kind: FileKind, wanted: Range<usize>) {
        let token = if kind == FileKind::Dockerfile { "Dockerfile" } else { "yaml" };
        let Some(syntax) = SYNTAXES.find_syntax_by_token(token) else { return };
        let earliest = wanted.start.saturating_sub(REACH).max(1);
        let nearest = self.states.range(earliest..=wanted.start).next_back();
        let (from, (mut state, mut stack)) = match nearest {
            Some((line, known)) => (*line, known.clone()),
            None => (earliest, (ParseState::new(syntax), ScopeStack::new())),
        };
        for line in from..wanted.end {
            if line % STRIDE == 1 {
                self.states.entry(line).or_insert_with(|| (state.clone(), stack.clone()));
            }
            let text = source.line(line).of(source.text());
            let parts = if text.len() > LONGEST { Parts::new() } else { parse(text, &mut state, &mut stack) };
            self.lines.insert(line, parts);
        }
    }
}

fn parse(text: &str, state: &mut ParseState, stack: &mut ScopeStack) -> Parts {
    let Ok(ops) = state.parse_line(&format!("{text}\n"), &SYNTAXES) else { return Parts::new() };
    let mut parts = Parts::new();
    let mut at = 0;
    for (end, op) in ops {
        let end = end.min(text.len());
        if end > at {
            parts.push((at..end, meaning(stack)));
            at = end;
        }
        if stack.apply(&op).is_err() {
            return Parts::new();
        }
    }
    if at < text.len() {
        parts.push((at..text.len(), meaning(stack)));
    }
    parts
}

fn meaning(stack: &ScopeStack) -> Slot {
    let innermost_first = stack.as_slice().iter().rev();
    innermost_first
        .filter_map(|scope| MEANINGS.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)))
        .map(|(_, slot)| *slot)
        .next()
        .unwrap_or(Slot::Base)
}
