//! Parses tokens into simple commands. Reserved words structure a script, and are left out.

use std::ops::Range;

use super::super::SpannedWord;
use super::super::logical_line::LogicalLine;
use super::shell_lexer::{RawWord, ShellLexer, ShellToken};
use super::skip_quoted::find_closing;
use super::{CommandConnector, Redirection, ShellScript, SimpleCommand, invocation, is_reserved};
use crate::text::Span;

/// The deepest that substitutions are followed.
const MAX_SUBSTITUTION_DEPTH: usize = 6;

/// Reads one text; commands are added to `script`.
pub(super) struct ShellParser<'a> {
    pub(super) line: &'a LogicalLine<'a>,
    pub(super) script: &'a mut ShellScript,
    pub(super) depth: usize,
    pub(super) parent: Option<usize>,
}

/// The meaning of the next words, when they are no command's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum CompoundHead {
    /// A loop's variable and values, or a function's name: to the end of the command, or to `do` or `{`.
    LoopOrFunction,
    /// Between `case` and `in`.
    CaseSubject,
}

/// The state of the command that is being parsed.
#[derive(Default)]
struct CommandState {
    simple: SimpleCommand,
    span: Option<Span>,
    /// The words' ranges in the line.
    ranges: Vec<Range<usize>>,
    substitutions: Vec<Range<usize>>,
    /// The operator whose target comes next.
    redirection: Option<&'static str>,
    compound_head: Option<CompoundHead>,
    /// For each open `case`: whether a pattern comes next.
    cases: Vec<bool>,
    /// The pipeline that the next command belongs to, when one pipes into it.
    pipeline: Option<usize>,
    /// True when a group has just ended, so that redirections are the group's.
    after_group: bool,
    /// The command that ended last.
    last_command: Option<usize>,
}

impl CommandState {
    fn extend_span(&mut self, span: Span) {
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

impl ShellParser<'_> {
    pub(super) fn parse(&mut self, within: Range<usize>) {
        let line = self.line;
        let mut lexer = ShellLexer::new(line.text(), within);
        let mut state = CommandState::default();
        while let Some(token) = lexer.next() {
            match token {
                ShellToken::Word(word) if state.in_pattern() => {
                    if word.text == "esac" {
                        self.take_reserved_word("esac", &mut state);
                    }
                }
                ShellToken::Operator(operator, _) if state.in_pattern() => state.set_pattern(operator != ")"),
                ShellToken::Word(word) => self.take_word(word, &lexer, &mut state),
                ShellToken::Operator(operator, range) => {
                    self.take_operator(operator, &range, &mut lexer, &mut state)
                }
            }
        }
        self.finish_command(&mut state, CommandConnector::End);
        self.script.is_complete &= lexer.is_complete;
    }

    fn take_word(&mut self, raw: RawWord, lexer: &ShellLexer<'_>, state: &mut CommandState) {
        let plain = !raw.has_quotes && !raw.has_variables;
        let begins = state.simple.words.is_empty() && plain && state.simple.assignments.is_empty();
        let span = self.line.file_span(raw.range.start, raw.range.end);
        let word = SpannedWord { span, text: raw.text, has_variables: raw.has_variables };
        state.substitutions.extend(raw.substitutions);
        if let Some(operator) = state.redirection.take() {
            state.extend_span(span);
            state.simple.redirections.push(Redirection { operator, target: word });
        } else if let Some(data) = state.compound_head {
            let ends = match data {
                CompoundHead::LoopOrFunction => matches!(word.text.as_str(), "do" | "{"),
                CompoundHead::CaseSubject => word.text == "in",
            };
            if plain && ends {
                state.compound_head = None;
                state.set_pattern(data == CompoundHead::CaseSubject || state.in_pattern());
                self.discard_words(state);
            }
        } else if plain
            && lexer.remaining_text().starts_with(['<', '>'])
            && word.text.bytes().all(|b| b.is_ascii_digit())
        {
            // The number of the descriptor that is redirected.
            state.extend_span(span);
        } else if begins && word.text != "[[" && is_reserved(&word.text) {
            self.take_reserved_word(&word.text, state);
        } else if state.simple.words.is_empty() && is_assignment(self.line.text(), &raw.range) {
            state.extend_span(span);
            state.simple.assignments.push(word);
        } else {
            state.extend_span(span);
            state.ranges.push(raw.range);
            state.simple.words.push(word);
        }
    }

    fn take_reserved_word(&mut self, word: &str, state: &mut CommandState) {
        self.script.is_only_command = false;
        state.after_group = matches!(word, "}" | "fi" | "done" | "esac");
        match word {
            "for" | "select" | "function" => state.compound_head = Some(CompoundHead::LoopOrFunction),
            "case" => {
                state.compound_head = Some(CompoundHead::CaseSubject);
                state.cases.push(false);
            }
            "esac" => drop(state.cases.pop()),
            _ => {}
        }
    }

    fn take_operator(
        &mut self,
        operator: &'static str,
        range: &Range<usize>,
        lexer: &mut ShellLexer<'_>,
        state: &mut CommandState,
    ) {
        if state.in_test() && !matches!(operator, "\n" | ";") {
            return;
        }
        if operator != "\n" && !matches!(operator.as_bytes(), [b'<' | b'>', ..] | b"&>" | b"&>>") {
            self.script.is_only_command = false;
        }
        match operator {
            "\n" if state.simple.is_empty() => {}
            "(" if lexer.remaining_text().starts_with('(') && state.simple.words.is_empty() => {
                lexer.offset =
                    find_closing(lexer.text, range.end, range.end + lexer.remaining_text().len(), b')').0;
            }
            // `name()`: the function's name is no command, its body is.
            "(" if lexer.remaining_text().trim_start().starts_with(')') => self.discard_words(state),
            ")" => {
                self.finish_command(state, CommandConnector::Sequence);
                state.after_group = true;
            }
            "(" | ";" | "\n" => self.finish_command(state, CommandConnector::Sequence),
            "|" | "|&" => self.finish_command(state, CommandConnector::Pipe),
            "&&" => self.finish_command(state, CommandConnector::And),
            "||" => self.finish_command(state, CommandConnector::Or),
            "&" => self.finish_command(state, CommandConnector::Background),
            ";;" | ";&" | ";;&" => {
                self.finish_command(state, CommandConnector::Sequence);
                state.set_pattern(true);
            }
            _ => {
                state.redirection = Some(operator);
                state.extend_span(self.line.file_span(range.start, range.end));
            }
        }
    }

    /// Ends the command that is open, if there is one. What follows a group follows the group's last command.
    fn finish_command(&mut self, state: &mut CommandState, joint: CommandConnector) {
        state.redirection = None;
        let closed = std::mem::take(&mut state.after_group);
        if state.compound_head.take().is_some() {
            return self.discard_words(state);
        }
        let only_redirections = state.simple.words.is_empty() && state.simple.assignments.is_empty();
        if state.simple.is_empty() || only_redirections && closed {
            if let Some(last) = state.last_command.filter(|_| {
                matches!(joint, CommandConnector::Pipe | CommandConnector::And | CommandConnector::Or)
            }) {
                self.script.commands[last].connector = joint;
                state.pipeline =
                    (joint == CommandConnector::Pipe).then_some(self.script.commands[last].pipeline);
            }
            return self.discard_words(state);
        }
        let index = self.script.commands.len();
        let mut simple = std::mem::take(&mut state.simple);
        simple.connector = joint;
        simple.parent = self.parent;
        simple.span = state.span.take().unwrap_or_default();
        simple.pipeline = state.pipeline.take().unwrap_or(index);
        state.pipeline = (joint == CommandConnector::Pipe).then_some(simple.pipeline);
        state.last_command = Some(index);
        let ranges = std::mem::take(&mut state.ranges);
        let script = invocation::script_word(&simple.words).and_then(|word| ranges.get(word)?.clone().into());
        self.script.commands.push(simple);
        self.parse_nested(std::mem::take(&mut state.substitutions), Some(index));
        let script = script.and_then(|range: Range<usize>| inside_quotes(self.line.text(), range));
        self.parse_nested(script.into_iter().collect(), Some(index));
    }

    /// Drops words that are no command; what they substitute is.
    fn discard_words(&mut self, state: &mut CommandState) {
        state.simple = SimpleCommand::default();
        state.span = None;
        state.ranges.clear();
        self.parse_nested(std::mem::take(&mut state.substitutions), self.parent);
    }

    fn parse_nested(&mut self, ranges: Vec<Range<usize>>, within: Option<usize>) {
        let lone = self.script.is_only_command;
        if self.depth < MAX_SUBSTITUTION_DEPTH {
            for range in ranges {
                let depth = self.depth + 1;
                ShellParser { line: self.line, script: self.script, depth, parent: within }.parse(range);
            }
        }
        self.script.is_only_command = lone;
    }
}

/// The range between the quotes of a word that is wholly quoted, if the shell takes it as it is written.
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
