//! Tokens as simple commands. Reserved words structure a script, and are left out.

use std::ops::Range;

use super::super::Word;
use super::super::line::Line;
use super::lexer::{Lexer, RawWord, Token};
use super::skip::closing;
use super::{Joint, Redirection, Script, Simple, invocation, is_reserved};
use crate::text::Span;

/// How deep substitutions are followed.
const DEEPEST: usize = 6;

/// Reads one text; commands are added to `script`.
pub(super) struct Parser<'a> {
    pub(super) line: &'a Line<'a>,
    pub(super) script: &'a mut Script,
    pub(super) depth: usize,
    pub(super) within: Option<usize>,
}

/// What the words to come are, when they are no command's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Data {
    /// A loop's variable and values, or a function's name: to the end of the command, or to `do` or `{`.
    Loop,
    /// Between `case` and `in`.
    Subject,
}

/// What the parser is amid.
#[derive(Default)]
struct State {
    simple: Simple,
    span: Option<Span>,
    /// Where the words stand in the line.
    ranges: Vec<Range<usize>>,
    substitutions: Vec<Range<usize>>,
    /// The operator whose target comes next.
    redirecting: Option<&'static str>,
    data: Option<Data>,
    /// For each open `case`: whether a pattern comes next.
    cases: Vec<bool>,
    /// The pipeline that the next command belongs to, when one pipes into it.
    pipeline: Option<usize>,
    /// Whether a group has just ended, so that redirections are the group's.
    closed: bool,
    /// The command that ended last.
    last: Option<usize>,
}

impl State {
    fn cover(&mut self, span: Span) {
        self.span = Some(self.span.map_or(span, |all| all.to(span)));
    }

    fn in_pattern(&self) -> bool {
        self.cases.last() == Some(&true)
    }

    fn set_pattern(&mut self, next: bool) {
        if let Some(pattern) = self.cases.last_mut() {
            *pattern = next;
        }
    }

    /// Within `[[ … ]]`, where operators are words.
    fn in_test(&self) -> bool {
        let words = &self.simple.words;
        words.first().is_some_and(|w| w.text == "[[") && words.last().is_some_and(|w| w.text != "]]")
    }
}

impl Parser<'_> {
    pub(super) fn parse(&mut self, within: Range<usize>) {
        let line = self.line;
        let mut lexer = Lexer::new(line.text(), within);
        let mut state = State::default();
        while let Some(token) = lexer.next() {
            match token {
                Token::Word(word) if state.in_pattern() => {
                    if word.text == "esac" {
                        self.reserved("esac", &mut state);
                    }
                }
                Token::Operator(operator, _) if state.in_pattern() => state.set_pattern(operator != ")"),
                Token::Word(word) => self.word(word, &lexer, &mut state),
                Token::Operator(operator, range) => self.operator(operator, &range, &mut lexer, &mut state),
            }
        }
        self.finish(&mut state, Joint::End);
        self.script.complete &= lexer.complete;
    }

    fn word(&mut self, raw: RawWord, lexer: &Lexer<'_>, state: &mut State) {
        let plain = !raw.quoted && !raw.varies;
        let begins = state.simple.words.is_empty() && plain && state.simple.assignments.is_empty();
        let span = self.line.span(raw.range.start, raw.range.end);
        let word = Word { span, text: raw.text, varies: raw.varies };
        state.substitutions.extend(raw.substitutions);
        if let Some(operator) = state.redirecting.take() {
            state.cover(span);
            state.simple.redirections.push(Redirection { operator, target: word });
        } else if let Some(data) = state.data {
            let ends = match data {
                Data::Loop => matches!(word.text.as_str(), "do" | "{"),
                Data::Subject => word.text == "in",
            };
            if plain && ends {
                state.data = None;
                state.set_pattern(data == Data::Subject || state.in_pattern());
                self.discard(state);
            }
        } else if plain
            && lexer.rest().starts_with(['<', '>'])
            && word.text.bytes().all(|b| b.is_ascii_digit())
        {
            // The number of the descriptor that is redirected.
            state.cover(span);
        } else if begins && word.text != "[[" && is_reserved(&word.text) {
            self.reserved(&word.text, state);
        } else if state.simple.words.is_empty() && is_assignment(self.line.text(), &raw.range) {
            state.cover(span);
            state.simple.assignments.push(word);
        } else {
            state.cover(span);
            state.ranges.push(raw.range);
            state.simple.words.push(word);
        }
    }

    fn reserved(&mut self, word: &str, state: &mut State) {
        self.script.lone = false;
        state.closed = matches!(word, "}" | "fi" | "done" | "esac");
        match word {
            "for" | "select" | "function" => state.data = Some(Data::Loop),
            "case" => {
                state.data = Some(Data::Subject);
                state.cases.push(false);
            }
            "esac" => drop(state.cases.pop()),
            _ => {}
        }
    }

    fn operator(
        &mut self,
        operator: &'static str,
        range: &Range<usize>,
        lexer: &mut Lexer<'_>,
        state: &mut State,
    ) {
        if state.in_test() && !matches!(operator, "\n" | ";") {
            return;
        }
        if operator != "\n" && !matches!(operator.as_bytes(), [b'<' | b'>', ..] | b"&>" | b"&>>") {
            self.script.lone = false;
        }
        match operator {
            "\n" if state.simple.is_empty() => {}
            "(" if lexer.rest().starts_with('(') && state.simple.words.is_empty() => {
                lexer.at = closing(lexer.text, range.end, range.end + lexer.rest().len(), b')').0;
            }
            // `name()`: the function's name is no command, its body is.
            "(" if lexer.rest().trim_start().starts_with(')') => self.discard(state),
            ")" => {
                self.finish(state, Joint::Sequence);
                state.closed = true;
            }
            "(" | ";" | "\n" => self.finish(state, Joint::Sequence),
            "|" | "|&" => self.finish(state, Joint::Pipe),
            "&&" => self.finish(state, Joint::And),
            "||" => self.finish(state, Joint::Or),
            "&" => self.finish(state, Joint::Background),
            ";;" | ";&" | ";;&" => {
                self.finish(state, Joint::Sequence);
                state.set_pattern(true);
            }
            _ => {
                state.redirecting = Some(operator);
                state.cover(self.line.span(range.start, range.end));
            }
        }
    }

    /// Ends the command that is open, if there is one. What follows a group follows the group's last command.
    fn finish(&mut self, state: &mut State, joint: Joint) {
        state.redirecting = None;
        let closed = std::mem::take(&mut state.closed);
        if state.data.take().is_some() {
            return self.discard(state);
        }
        let only_redirections = state.simple.words.is_empty() && state.simple.assignments.is_empty();
        if state.simple.is_empty() || only_redirections && closed {
            if let Some(last) = state.last.filter(|_| matches!(joint, Joint::Pipe | Joint::And | Joint::Or)) {
                self.script.commands[last].joint = joint;
                state.pipeline = (joint == Joint::Pipe).then_some(self.script.commands[last].pipeline);
            }
            return self.discard(state);
        }
        let index = self.script.commands.len();
        let mut simple = std::mem::take(&mut state.simple);
        simple.joint = joint;
        simple.within = self.within;
        simple.span = state.span.take().unwrap_or_default();
        simple.pipeline = state.pipeline.take().unwrap_or(index);
        state.pipeline = (joint == Joint::Pipe).then_some(simple.pipeline);
        state.last = Some(index);
        let ranges = std::mem::take(&mut state.ranges);
        let script = invocation::script_word(&simple.words).and_then(|word| ranges.get(word)?.clone().into());
        self.script.commands.push(simple);
        self.nested(std::mem::take(&mut state.substitutions), Some(index));
        let script = script.and_then(|range: Range<usize>| inside_quotes(self.line.text(), range));
        self.nested(script.into_iter().collect(), Some(index));
    }

    /// Drops words that are no command; what they substitute is.
    fn discard(&mut self, state: &mut State) {
        state.simple = Simple::default();
        state.span = None;
        state.ranges.clear();
        self.nested(std::mem::take(&mut state.substitutions), self.within);
    }

    fn nested(&mut self, ranges: Vec<Range<usize>>, within: Option<usize>) {
        let lone = self.script.lone;
        if self.depth < DEEPEST {
            for range in ranges {
                let depth = self.depth + 1;
                Parser { line: self.line, script: self.script, depth, within }.parse(range);
            }
        }
        self.script.lone = lone;
    }
}

/// What stands between the quotes of a word that is wholly quoted, if the shell takes it as it is written.
fn inside_quotes(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let raw = text.get(range.clone())?;
    let quote = raw.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let inner = raw.get(1..)?.strip_suffix(quote)?;
    let special = |c| c == quote || quote == '"' && matches!(c, '\\' | '`');
    (!inner.contains(special) && (quote == '\'' || !inner.contains("$(")))
        .then(|| range.start + 1..range.end - 1)
}

/// `NAME=…` or `NAME+=…`, with the name written out.
fn is_assignment(text: &str, range: &Range<usize>) -> bool {
    let Some((name, _)) = text.get(range.clone()).and_then(|word| word.split_once('=')) else { return false };
    let name = name.strip_suffix('+').unwrap_or(name);
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}
