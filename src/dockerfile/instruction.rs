//! Parses one instruction from its joined line: our own reader, for the Dockerfile's model.

use std::ops::Range;

use super::heredoc::takes_heredocs;
use super::logical_line::LogicalLine;
use super::tokens::{is_blank, json_strings, split_at_blanks, split_quoted_words, unquote_word};
use super::{
    CommandForm, DockerfileFault, EscapeChar, Heredoc, Instruction, InstructionFlag, InstructionKind,
    Keyword, SpannedWord, heredoc,
};
use crate::text::Span;

/// Arguments beyond this many bytes are not split into words, and open no heredocs: words cost more than their text, and
/// BuildKit itself takes no line of more than 64 KiB.
pub(super) const MAX_ARGUMENT_BYTES: usize = 256 * 1024;

/// The parts of a joined line.
pub(super) struct RawInstruction {
    pub(super) keyword: Range<usize>,
    pub(super) flags: Vec<Range<usize>>,
    pub(super) arguments: Range<usize>,
}

impl RawInstruction {
    /// None for a line without a word.
    pub(super) fn from_line(line: &LogicalLine<'_>) -> Option<Self> {
        Self::from_range(line, 0..line.text().len())
    }

    fn from_range(line: &LogicalLine<'_>, range: Range<usize>) -> Option<Self> {
        let text = line.text();
        let range = trim_range(text, range);
        if range.is_empty() {
            return None;
        }
        let length = text[range.clone()].find(is_blank).unwrap_or(range.len());
        let keyword = range.start..range.start + length;
        let mut arguments = trim_range(text, keyword.end..range.end);
        let mut flags = Vec::new();
        while arguments.len() <= MAX_ARGUMENT_BYTES && text[arguments.clone()].starts_with("--") {
            let end = find_flag_end(text, &arguments);
            let flag = arguments.start..end;
            arguments = trim_range(text, end..arguments.end);
            if &text[flag.clone()] == "--" {
                break;
            }
            flags.push(flag);
        }
        Some(Self { keyword, flags, arguments })
    }

    /// True for RUN, COPY and ADD, below ONBUILD too, unless the arguments are JSON or too long: only they may have
    /// heredocs.
    pub(super) fn may_have_heredocs(&self, line: &LogicalLine<'_>) -> bool {
        if self.arguments.len() > MAX_ARGUMENT_BYTES {
            return false;
        }
        let inner;
        let mut head = self;
        if self.parse_keyword(line) == Keyword::Onbuild {
            let Some(nested) = Self::from_range(line, self.arguments.clone()) else { return false };
            inner = nested;
            head = &inner;
        }
        takes_heredocs(head.parse_keyword(line))
            && json_strings(line.text(), head.arguments.clone()).is_none()
    }

    fn parse_keyword(&self, line: &LogicalLine<'_>) -> Keyword {
        Keyword::from_word(&line.text()[self.keyword.clone()])
    }
}

/// The end of the flag at the start of `range`: a blank that is neither quoted nor escaped.
fn find_flag_end(text: &str, range: &Range<usize>) -> usize {
    let mut quote = None;
    let mut chars = text[range.clone()].char_indices();
    while let Some((at, c)) = chars.next() {
        match (c, quote) {
            ('\\', _) => drop(chars.next()),
            ('\'' | '"', None) => quote = Some(c),
            (_, Some(open)) if c == open => quote = None,
            (_, None) if is_blank(c) => return range.start + at,
            _ => {}
        }
    }
    range.end
}

/// Reads an instruction; its index, whole span and heredocs are the splitter's to fill in.
pub(super) fn parse_instruction(
    text: &str,
    line: &LogicalLine<'_>,
    head: &RawInstruction,
    escape: EscapeChar,
    heredocs: &[Heredoc],
) -> Instruction {
    let reader = InstructionParser { text, line, escape, has_heredocs: !heredocs.is_empty() };
    reader.parse_instruction(head, 0)
}

/// The fault that a build would refuse, in an instruction that was read.
pub(super) fn syntax_error(
    instruction: &Instruction,
    line: &LogicalLine<'_>,
    head: &RawInstruction,
) -> Option<DockerfileFault> {
    let name = instruction.keyword.name();
    match (&instruction.kind, instruction.keyword) {
        (InstructionKind::Onbuild(inner), _) if inner.kind == InstructionKind::Opaque => {
            Some(DockerfileFault::BadArguments(name))
        }
        (InstructionKind::Opaque, Keyword::Unknown) => Some(DockerfileFault::UnknownInstruction(
            line.text()[head.keyword.clone()].chars().take(40).collect(),
        )),
        _ if head.arguments.len() > MAX_ARGUMENT_BYTES => Some(DockerfileFault::TooLong(name)),
        (InstructionKind::Opaque, _) if head.arguments.is_empty() => {
            Some(DockerfileFault::MissingArguments(name))
        }
        (InstructionKind::Opaque, _) => Some(DockerfileFault::BadArguments(name)),
        _ => None,
    }
}

pub(super) struct InstructionParser<'a> {
    pub(super) text: &'a str,
    pub(super) line: &'a LogicalLine<'a>,
    pub(super) escape: EscapeChar,
    pub(super) has_heredocs: bool,
}

impl InstructionParser<'_> {
    fn parse_instruction(&self, head: &RawInstruction, depth: usize) -> Instruction {
        let keyword = head.parse_keyword(self.line);
        let end = head.arguments.end.max(head.keyword.end);
        Instruction {
            index: 0,
            keyword,
            keyword_span: self.file_span(&head.keyword),
            span: self.line.file_span(head.keyword.start, end),
            arguments: self.file_span(&head.arguments),
            stage: None,
            flags: head.flags.iter().map(|flag| self.parse_flag(flag)).collect(),
            heredocs: Vec::new(),
            kind: if keyword == Keyword::Onbuild && depth == 0 {
                self.parse_onbuild(&head.arguments)
            } else {
                self.parse_kind(keyword, head)
            },
        }
    }

    fn parse_onbuild(&self, arguments: &Range<usize>) -> InstructionKind {
        RawInstruction::from_range(self.line, arguments.clone()).map_or(InstructionKind::Opaque, |head| {
            InstructionKind::Onbuild(Box::new(self.parse_instruction(&head, 1)))
        })
    }

    fn parse_kind(&self, keyword: Keyword, head: &RawInstruction) -> InstructionKind {
        let arguments = head.arguments.clone();
        let command = matches!(keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint);
        if arguments.is_empty() || arguments.len() > MAX_ARGUMENT_BYTES && !command {
            return InstructionKind::Opaque;
        }
        self.parse_by_keyword(keyword, arguments).unwrap_or(InstructionKind::Opaque)
    }

    fn parse_by_keyword(&self, keyword: Keyword, arguments: Range<usize>) -> Option<InstructionKind> {
        Some(match keyword {
            Keyword::From => self.parse_from(arguments)?,
            Keyword::Arg => InstructionKind::Arg(
                self.split_words(arguments).into_iter().map(|word| self.parse_argument(word)).collect(),
            ),
            Keyword::Env => InstructionKind::Env(self.parse_pairs(arguments)?),
            Keyword::Label => InstructionKind::Label(self.parse_pairs(arguments)?),
            Keyword::Run => InstructionKind::Run(self.parse_command(arguments)),
            Keyword::Cmd => InstructionKind::Cmd(self.parse_command(arguments)),
            Keyword::Entrypoint => InstructionKind::Entrypoint(self.parse_command(arguments)),
            Keyword::Copy | Keyword::Add => self.parse_copy(arguments)?,
            Keyword::User => InstructionKind::User(self.parse_word(arguments)),
            Keyword::Workdir => InstructionKind::Workdir(self.parse_word(arguments)),
            Keyword::Expose => InstructionKind::Expose(self.parse_plain_words(arguments)),
            Keyword::Volume => InstructionKind::Volume(self.parse_list(arguments)),
            Keyword::Shell => {
                InstructionKind::Shell(self.parse_exec_form(&arguments).filter(|words| !words.is_empty())?)
            }
            Keyword::Healthcheck => self.parse_healthcheck(arguments)?,
            Keyword::Maintainer => InstructionKind::Maintainer(self.parse_word(arguments)),
            Keyword::Stopsignal => InstructionKind::Stopsignal(self.parse_word(arguments)),
            Keyword::Onbuild | Keyword::Unknown => return None,
        })
    }

    fn parse_from(&self, arguments: Range<usize>) -> Option<InstructionKind> {
        let words = self.parse_plain_words(arguments);
        match words.as_slice() {
            [image] => Some(InstructionKind::From { image: image.clone(), alias: None }),
            [image, r#as, alias] if r#as.text.eq_ignore_ascii_case("as") => {
                Some(InstructionKind::From { image: image.clone(), alias: Some(alias.clone()) })
            }
            _ => None,
        }
    }

    fn parse_argument(&self, word: Range<usize>) -> (SpannedWord, Option<SpannedWord>) {
        match self.line.text()[word.clone()].find('=') {
            Some(equals) => {
                let equals = word.start + equals;
                (self.parse_word(word.start..equals), Some(self.parse_word(equals + 1..word.end)))
            }
            None => (self.parse_word(word), None),
        }
    }

    /// `NAME=VALUE` pairs; or, when the first word has no `=`, one name and all the rest as its value.
    fn parse_pairs(&self, arguments: Range<usize>) -> Option<Vec<(SpannedWord, SpannedWord)>> {
        let text = self.line.text();
        let words = split_quoted_words(text, arguments.clone(), self.escape);
        if !text[words.first()?.clone()].contains('=') {
            let length = text[arguments.clone()].find(is_blank)?;
            let name = arguments.start..arguments.start + length;
            let value = trim_range(text, name.end..arguments.end);
            return Some(vec![(self.parse_word(name), self.parse_word(value))]);
        }
        words
            .into_iter()
            .map(|word| self.parse_argument(word))
            .map(|(name, value)| value.map(|value| (name, value)))
            .collect()
    }

    fn parse_command(&self, arguments: Range<usize>) -> CommandForm {
        let exec = if arguments.len() > MAX_ARGUMENT_BYTES { None } else { self.parse_exec_form(&arguments) };
        exec.map_or_else(|| CommandForm::Shell(self.file_span(&arguments)), CommandForm::Exec)
    }

    fn parse_copy(&self, arguments: Range<usize>) -> Option<InstructionKind> {
        let mut words = self.parse_list(arguments);
        let destination = words.pop()?;
        let given = words.len();
        if self.has_heredocs {
            words.retain(|word| !heredoc::is_mark(word.span.slice(self.text)));
        }
        (given > 0).then_some(InstructionKind::Copy { sources: words, destination })
    }

    fn parse_healthcheck(&self, arguments: Range<usize>) -> Option<InstructionKind> {
        let text = self.line.text();
        let length = text[arguments.clone()].find(char::is_whitespace).unwrap_or(arguments.len());
        let word = &text[arguments.start..arguments.start + length];
        let rest = trim_range(text, arguments.start + length..arguments.end);
        if word.eq_ignore_ascii_case("none") && rest.is_empty() {
            return Some(InstructionKind::Healthcheck(None));
        }
        (word.eq_ignore_ascii_case("cmd") && !rest.is_empty())
            .then(|| InstructionKind::Healthcheck(Some(self.parse_command(rest))))
    }

    /// Words between blanks or in a JSON array; variables are filled in either way.
    fn parse_list(&self, arguments: Range<usize>) -> Vec<SpannedWord> {
        match self.parse_exec_form(&arguments) {
            Some(words) => words
                .into_iter()
                .map(|word| SpannedWord { has_variables: word.text.contains('$'), ..word })
                .collect(),
            None => self.parse_plain_words(arguments),
        }
    }

    /// The words of a JSON array; none where the arguments are something else.
    fn parse_exec_form(&self, arguments: &Range<usize>) -> Option<Vec<SpannedWord>> {
        let strings = json_strings(self.line.text(), arguments.clone())?;
        Some(
            strings
                .into_iter()
                .map(|(range, text)| SpannedWord { span: self.file_span(&range), text, has_variables: false })
                .collect(),
        )
    }

    fn split_words(&self, arguments: Range<usize>) -> Vec<Range<usize>> {
        split_quoted_words(self.line.text(), arguments, self.escape)
    }

    fn parse_plain_words(&self, arguments: Range<usize>) -> Vec<SpannedWord> {
        split_at_blanks(self.line.text(), arguments).into_iter().map(|word| self.parse_word(word)).collect()
    }

    fn parse_word(&self, range: Range<usize>) -> SpannedWord {
        let raw = &self.line.text()[range.clone()];
        let unquoted = unquote_word(raw, self.escape);
        SpannedWord {
            span: self.file_span(&range),
            text: unquoted.text,
            has_variables: unquoted.has_variables,
        }
    }

    fn parse_flag(&self, range: &Range<usize>) -> InstructionFlag {
        let raw = &self.line.text()[range.clone()];
        let (name, value) = match raw.find('=') {
            Some(equals) => {
                (range.start + 2..range.start + equals, Some(range.start + equals + 1..range.end))
            }
            None => (range.start + 2..range.end, None),
        };
        InstructionFlag {
            name: self.line.text()[name].to_owned(),
            value: value.clone().map(|value| self.parse_word(value).text),
            span: self.file_span(range),
            value_span: value.map(|value| self.file_span(&value)),
        }
    }

    fn file_span(&self, range: &Range<usize>) -> Span {
        self.line.file_span(range.start, range.end)
    }
}

/// The range without the blanks around it.
fn trim_range(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let trimmed = inner.trim_start();
    let start = range.end - trimmed.len();
    start..start + trimmed.trim_end().len()
}
