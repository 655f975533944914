//! Our own reader: what an instruction says, from its joined line.

use std::ops::Range;

use super::heredoc::takes_heredocs;
use super::line::Line;
use super::words::{between_blanks, is_blank, json_strings, quoted_words, unquote};
use super::{Command, Escape, Fault, Flag, Heredoc, Instruction, Keyword, Kind, Word, heredoc};
use crate::text::Span;

/// Arguments beyond this many bytes are not split into words, and open no heredocs: words cost more than their text, and
/// BuildKit itself takes no line of more than 64 KiB.
pub(super) const LARGEST: usize = 256 * 1024;

/// The parts of a joined line.
pub(super) struct Head {
    pub(super) keyword: Range<usize>,
    pub(super) flags: Vec<Range<usize>>,
    pub(super) arguments: Range<usize>,
}

impl Head {
    /// None for a line without a word.
    pub(super) fn of(line: &Line<'_>) -> Option<Self> {
        Self::within(line, 0..line.text().len())
    }

    fn within(line: &Line<'_>, range: Range<usize>) -> Option<Self> {
        let text = line.text();
        let range = trim(text, range);
        if range.is_empty() {
            return None;
        }
        let length = text[range.clone()].find(is_blank).unwrap_or(range.len());
        let keyword = range.start..range.start + length;
        let mut arguments = trim(text, keyword.end..range.end);
        let mut flags = Vec::new();
        while arguments.len() <= LARGEST && text[arguments.clone()].starts_with("--") {
            let end = flag_end(text, &arguments);
            let flag = arguments.start..end;
            arguments = trim(text, end..arguments.end);
            if &text[flag.clone()] == "--" {
                break;
            }
            flags.push(flag);
        }
        Some(Self { keyword, flags, arguments })
    }

    /// Whether heredocs are looked for: in RUN, COPY and ADD, below ONBUILD too, unless the arguments are JSON or too long.
    pub(super) fn may_have_heredocs(&self, line: &Line<'_>) -> bool {
        if self.arguments.len() > LARGEST {
            return false;
        }
        let inner;
        let mut head = self;
        if self.keyword(line) == Keyword::Onbuild {
            let Some(nested) = Self::within(line, self.arguments.clone()) else { return false };
            inner = nested;
            head = &inner;
        }
        takes_heredocs(head.keyword(line)) && json_strings(line.text(), head.arguments.clone()).is_none()
    }

    fn keyword(&self, line: &Line<'_>) -> Keyword {
        Keyword::of(&line.text()[self.keyword.clone()])
    }
}

/// Where the flag at the start of `range` ends: at a blank that is neither quoted nor escaped.
fn flag_end(text: &str, range: &Range<usize>) -> usize {
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
pub(super) fn instruction(
    text: &str,
    line: &Line<'_>,
    head: &Head,
    escape: Escape,
    heredocs: &[Heredoc],
) -> Instruction {
    let reader = Reader { text, line, escape, heredocs: !heredocs.is_empty() };
    reader.instruction(head, 0)
}

/// What a build would refuse in an instruction that was read.
pub(super) fn fault(instruction: &Instruction, line: &Line<'_>, head: &Head) -> Option<Fault> {
    let name = instruction.keyword.name();
    match (&instruction.kind, instruction.keyword) {
        (Kind::Onbuild(inner), _) if inner.kind == Kind::Opaque => Some(Fault::BadArguments(name)),
        (Kind::Opaque, Keyword::Unknown) => {
            Some(Fault::UnknownInstruction(line.text()[head.keyword.clone()].chars().take(40).collect()))
        }
        _ if head.arguments.len() > LARGEST => Some(Fault::TooLong(name)),
        (Kind::Opaque, _) if head.arguments.is_empty() => Some(Fault::MissingArguments(name)),
        (Kind::Opaque, _) => Some(Fault::BadArguments(name)),
        _ => None,
    }
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) line: &'a Line<'a>,
    pub(super) escape: Escape,
    pub(super) heredocs: bool,
}

impl Reader<'_> {
    fn instruction(&self, head: &Head, depth: usize) -> Instruction {
        let keyword = head.keyword(self.line);
        let end = head.arguments.end.max(head.keyword.end);
        Instruction {
            index: 0,
            keyword,
            keyword_span: self.span(&head.keyword),
            span: self.line.span(head.keyword.start, end),
            arguments: self.span(&head.arguments),
            stage: None,
            flags: head.flags.iter().map(|flag| self.flag(flag)).collect(),
            heredocs: Vec::new(),
            kind: if keyword == Keyword::Onbuild && depth == 0 {
                self.onbuild(&head.arguments)
            } else {
                self.kind(keyword, head)
            },
        }
    }

    fn onbuild(&self, arguments: &Range<usize>) -> Kind {
        Head::within(self.line, arguments.clone())
            .map_or(Kind::Opaque, |head| Kind::Onbuild(Box::new(self.instruction(&head, 1))))
    }

    fn kind(&self, keyword: Keyword, head: &Head) -> Kind {
        let arguments = head.arguments.clone();
        let command = matches!(keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint);
        if arguments.is_empty() || arguments.len() > LARGEST && !command {
            return Kind::Opaque;
        }
        self.own_kind(keyword, arguments).unwrap_or(Kind::Opaque)
    }

    fn own_kind(&self, keyword: Keyword, arguments: Range<usize>) -> Option<Kind> {
        Some(match keyword {
            Keyword::From => self.from(arguments)?,
            Keyword::Arg => {
                Kind::Arg(self.words(arguments).into_iter().map(|word| self.argument(word)).collect())
            }
            Keyword::Env => Kind::Env(self.pairs(arguments)?),
            Keyword::Label => Kind::Label(self.pairs(arguments)?),
            Keyword::Run => Kind::Run(self.command(arguments)),
            Keyword::Cmd => Kind::Cmd(self.command(arguments)),
            Keyword::Entrypoint => Kind::Entrypoint(self.command(arguments)),
            Keyword::Copy | Keyword::Add => self.copy(arguments)?,
            Keyword::User => Kind::User(self.word(arguments)),
            Keyword::Workdir => Kind::Workdir(self.word(arguments)),
            Keyword::Expose => Kind::Expose(self.plain_words(arguments)),
            Keyword::Volume => Kind::Volume(self.list(arguments)),
            Keyword::Shell => Kind::Shell(self.exec(&arguments).filter(|words| !words.is_empty())?),
            Keyword::Healthcheck => self.healthcheck(arguments)?,
            Keyword::Maintainer => Kind::Maintainer(self.word(arguments)),
            Keyword::Stopsignal => Kind::Stopsignal(self.word(arguments)),
            Keyword::Onbuild | Keyword::Unknown => return None,
        })
    }

    fn from(&self, arguments: Range<usize>) -> Option<Kind> {
        let words = self.plain_words(arguments);
        match words.as_slice() {
            [image] => Some(Kind::From { image: image.clone(), alias: None }),
            [image, r#as, alias] if r#as.text.eq_ignore_ascii_case("as") => {
                Some(Kind::From { image: image.clone(), alias: Some(alias.clone()) })
            }
            _ => None,
        }
    }

    fn argument(&self, word: Range<usize>) -> (Word, Option<Word>) {
        match self.line.text()[word.clone()].find('=') {
            Some(equals) => {
                let equals = word.start + equals;
                (self.word(word.start..equals), Some(self.word(equals + 1..word.end)))
            }
            None => (self.word(word), None),
        }
    }

    /// `NAME=VALUE` pairs; or, when the first word has no `=`, one name and all the rest as its value.
    fn pairs(&self, arguments: Range<usize>) -> Option<Vec<(Word, Word)>> {
        let text = self.line.text();
        let words = quoted_words(text, arguments.clone(), self.escape);
        if !text[words.first()?.clone()].contains('=') {
            let length = text[arguments.clone()].find(is_blank)?;
            let name = arguments.start..arguments.start + length;
            let value = trim(text, name.end..arguments.end);
            return Some(vec![(self.word(name), self.word(value))]);
        }
        words
            .into_iter()
            .map(|word| self.argument(word))
            .map(|(name, value)| value.map(|value| (name, value)))
            .collect()
    }

    fn command(&self, arguments: Range<usize>) -> Command {
        let exec = if arguments.len() > LARGEST { None } else { self.exec(&arguments) };
        exec.map_or_else(|| Command::Shell(self.span(&arguments)), Command::Exec)
    }

    fn copy(&self, arguments: Range<usize>) -> Option<Kind> {
        let mut words = self.list(arguments);
        let destination = words.pop()?;
        let given = words.len();
        if self.heredocs {
            words.retain(|word| !heredoc::is_mark(word.span.of(self.text)));
        }
        (given > 0).then_some(Kind::Copy { sources: words, destination })
    }

    fn healthcheck(&self, arguments: Range<usize>) -> Option<Kind> {
        let text = self.line.text();
        let length = text[arguments.clone()].find(char::is_whitespace).unwrap_or(arguments.len());
        let word = &text[arguments.start..arguments.start + length];
        let rest = trim(text, arguments.start + length..arguments.end);
        if word.eq_ignore_ascii_case("none") && rest.is_empty() {
            return Some(Kind::Healthcheck(None));
        }
        (word.eq_ignore_ascii_case("cmd") && !rest.is_empty())
            .then(|| Kind::Healthcheck(Some(self.command(rest))))
    }

    /// Words between blanks or in a JSON array; variables are filled in either way.
    fn list(&self, arguments: Range<usize>) -> Vec<Word> {
        match self.exec(&arguments) {
            Some(words) => {
                words.into_iter().map(|word| Word { varies: word.text.contains('$'), ..word }).collect()
            }
            None => self.plain_words(arguments),
        }
    }

    /// The words of a JSON array; none where the arguments are something else.
    fn exec(&self, arguments: &Range<usize>) -> Option<Vec<Word>> {
        let strings = json_strings(self.line.text(), arguments.clone())?;
        Some(
            strings
                .into_iter()
                .map(|(range, text)| Word { span: self.span(&range), text, varies: false })
                .collect(),
        )
    }

    fn words(&self, arguments: Range<usize>) -> Vec<Range<usize>> {
        quoted_words(self.line.text(), arguments, self.escape)
    }

    fn plain_words(&self, arguments: Range<usize>) -> Vec<Word> {
        between_blanks(self.line.text(), arguments).into_iter().map(|word| self.word(word)).collect()
    }

    fn word(&self, range: Range<usize>) -> Word {
        let raw = &self.line.text()[range.clone()];
        let unquoted = unquote(raw, self.escape);
        Word { span: self.span(&range), text: unquoted.text, varies: unquoted.varies }
    }

    fn flag(&self, range: &Range<usize>) -> Flag {
        let raw = &self.line.text()[range.clone()];
        let (name, value) = match raw.find('=') {
            Some(equals) => {
                (range.start + 2..range.start + equals, Some(range.start + equals + 1..range.end))
            }
            None => (range.start + 2..range.end, None),
        };
        Flag {
            name: self.line.text()[name].to_owned(),
            value: value.clone().map(|value| self.word(value).text),
            span: self.span(range),
            value_span: value.map(|value| self.span(&value)),
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        self.line.span(range.start, range.end)
    }
}

/// The range without the blanks around it.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let trimmed = inner.trim_start();
    let start = range.end - trimmed.len();
    start..start + trimmed.trim_end().len()
}
