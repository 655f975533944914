//! The one place that asks the crate dockerfile-parser: one instruction at a time, and never for more than its spans.
//!
//! It is given the instruction as one line of the same length, so that what it finds stands where it says. What it
//! cannot type, or is known to get wrong, our own reader reads.

use dockerfile_parser as typed;

use super::line::{Line, continued, is_comment, trim_newline};
use super::read::{Head, Reader};
use super::words::unquote;
use super::{Command, Escape, Keyword, Kind, Word};
use crate::text::Span;

/// The crate's grammar recurses at each escape in a string. With these bounds it needs a fraction of a thread's stack.
const LARGEST: usize = 16 * 1024;
const MOST_ESCAPES: usize = 200;

/// What the crate makes of an instruction; none where our own reader is to read it.
pub(super) fn kind(reader: &Reader<'_>, keyword: Keyword, head: &Head) -> Option<Kind> {
    let span = reader.line.span(head.keyword.start, head.arguments.end);
    if !suits(reader, keyword, head) || span.len() > LARGEST {
        return None;
    }
    let masked = mask(span.of(reader.text), reader.escape)?;
    if masked.bytes().filter(|byte| *byte == b'\\').count() > MOST_ESCAPES {
        return None;
    }
    let parsed = typed::Dockerfile::parse(&masked).ok()?;
    let [instruction] = parsed.instructions.as_slice() else { return None };
    Original { text: reader.text, escape: reader.escape, start: span.start }.kind(instruction)
}

/// Whether the crate is right about such instructions. It takes `--link` for a source, knows no heredocs, no quotes in
/// flags, no flags of RUN and no JSON form of COPY, and the shell form of a command is all one to it.
fn suits(reader: &Reader<'_>, keyword: Keyword, head: &Head) -> bool {
    let text = reader.line.text();
    let arguments = &text[head.arguments.clone()];
    let json = arguments.starts_with('[');
    let plain_flags = head.flags.iter().all(|flag| !text[flag.clone()].contains(['\\', '"', '\'']));
    match keyword {
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => {
            json && head.flags.is_empty() && !arguments.contains(['\u{b}', '\u{c}'])
        }
        Keyword::Copy => !json && !reader.heredocs && plain_flags,
        Keyword::From => plain_flags,
        Keyword::Arg | Keyword::Env | Keyword::Label => true,
        _ => false,
    }
}

/// The instruction on one line: continuations, comments and blank lines as spaces, a backtick that escapes as a
/// backslash. None where a continuation joins two halves of a word, which spaces would part.
fn mask(slice: &str, escape: Escape) -> Option<String> {
    let mut masked = String::with_capacity(slice.len());
    let mut joins_word = false;
    for (number, physical) in slice.split_inclusive('\n').enumerate() {
        let content = trim_newline(physical);
        let kept = match continued(content, escape) {
            _ if number > 0 && (is_comment(content) || content.trim().is_empty()) => "",
            more => {
                let kept = more.unwrap_or(content);
                if joins_word && !kept.starts_with([' ', '\t']) {
                    return None;
                }
                joins_word = !kept.ends_with([' ', '\t']);
                kept
            }
        };
        masked.extend(kept.chars().map(|c| match c {
            '`' if escape == Escape::Backtick => '\\',
            '\\' if escape == Escape::Backtick => '/',
            '\u{b}' | '\u{c}' => ' ',
            c => c,
        }));
        masked.extend(std::iter::repeat_n(' ', physical.len() - kept.len()));
    }
    Some(masked)
}

/// The file that the crate's spans are brought back to.
struct Original<'t> {
    text: &'t str,
    escape: Escape,
    start: usize,
}

impl Original<'_> {
    fn kind(&self, instruction: &typed::Instruction) -> Option<Kind> {
        Some(match instruction {
            typed::Instruction::From(from) => Kind::From {
                image: self.word(from.image.span)?,
                alias: match &from.alias {
                    Some(alias) => Some(self.word(alias.span)?),
                    None => None,
                },
            },
            typed::Instruction::Arg(arg) => {
                let default = match &arg.value {
                    Some(value) => Some(self.word(value.span)?),
                    None => None,
                };
                Kind::Arg(vec![(self.word(arg.name.span)?, default)])
            }
            typed::Instruction::Env(env) => Kind::Env(
                env.vars.iter().map(|var| self.pair(var.key.span, var.value.span)).collect::<Option<_>>()?,
            ),
            typed::Instruction::Label(label) => Kind::Label(
                label
                    .labels
                    .iter()
                    .map(|label| self.pair(label.name.span, label.value.span))
                    .collect::<Option<_>>()?,
            ),
            typed::Instruction::Copy(copy) => Kind::Copy {
                sources: copy.sources.iter().map(|source| self.source(source.span)).collect::<Option<_>>()?,
                destination: self.word(copy.destination.span)?,
            },
            typed::Instruction::Run(run) => Kind::Run(self.exec(run.as_exec()?)?),
            typed::Instruction::Cmd(cmd) => Kind::Cmd(self.exec(cmd.as_exec()?)?),
            typed::Instruction::Entrypoint(entrypoint) => Kind::Entrypoint(self.exec(entrypoint.as_exec()?)?),
            typed::Instruction::Misc(_) => return None,
        })
    }

    fn span(&self, span: typed::Span) -> Span {
        Span::new(span.start, span.end).shifted(self.start)
    }

    /// None where a quote is left open: the crate parts words within quotes.
    fn word(&self, span: typed::Span) -> Option<Word> {
        let span = self.span(span);
        let unquoted = unquote(Line::join(self.text, span, self.escape).text(), self.escape);
        unquoted.closed.then_some(Word { span, text: unquoted.text, varies: unquoted.varies })
    }

    fn source(&self, span: typed::Span) -> Option<Word> {
        self.word(span).filter(|word| !word.text.starts_with("--"))
    }

    fn pair(&self, name: typed::Span, value: typed::Span) -> Option<(Word, Word)> {
        Some((self.word(name)?, self.word(value)?))
    }

    /// None where it is no JSON: the crate takes single quotes and a trailing comma too, which make it a shell's.
    fn exec(&self, array: &typed::StringArray) -> Option<Command> {
        let raw = self.span(array.span).of(self.text);
        let closes = raw.strip_suffix(']').is_some_and(|inner| !inner.trim_end().ends_with(','));
        let words = array.elements.iter().map(|element| {
            let span = self.span(element.span);
            let raw = Line::join(self.text, span, self.escape);
            Some(Word { span, text: serde_json::from_str(raw.text()).ok()?, varies: false })
        });
        words.collect::<Option<_>>().filter(|_| closes).map(Command::Exec)
    }
}
