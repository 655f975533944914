//! Compares our reading of an edited instruction with the crate dockerfile-parser's, to verify a fix.
//!
//! The crate gets one instruction at a time, as one line of the same length, so that its places are ours. Our own
//! reader shares no code with it, so the two are seldom wrong alike.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::{io, thread};

use dockerfile_parser as external;

use super::logical_line::{LogicalLine, is_comment, strip_continuation, trim_newline};
use super::tokens::unquote_word;
use super::{CommandForm, Dockerfile, EscapeChar, Instruction, InstructionKind, Keyword, SpannedWord};
use crate::text::Span;

/// The crate's grammar recurses at each escape in a string. With these bounds, in bytes and in escapes, it needs a
/// fraction of the stack below.
const MAX_LENGTH: usize = 16 * 1024;
const MAX_ESCAPES: usize = 200;
/// In bytes: of the thread that the crate runs in, whatever the caller's stack has left.
const STACK_SIZE: usize = 8 * 1024 * 1024;

/// The second reader's result beside ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondReading {
    /// The same.
    Same,
    /// Something else.
    Different,
    /// Nothing: the crate rejects it.
    Rejected,
    /// Nothing: the crate is known to get such wrong, or it is too large to be handed to its grammar.
    Unsupported,
}

/// Reads instructions of a file with the second reader, each beside our own reading of it, in their order.
///
/// # Errors
/// When no thread is to be had for it, so that nothing is proven.
pub fn read_with_external(
    text: &str,
    file: &Dockerfile,
    instructions: &[&Instruction],
) -> io::Result<Vec<SecondReading>> {
    let read_all = || {
        let readings = instructions.iter().map(|instruction| read_one(text, file.escape, instruction));
        readings.collect()
    };
    let broke_off = |_| io::Error::other("the second reader broke off");
    // Without an escape its grammar does not recurse, and any stack will do.
    let has_escape = |instruction: &&Instruction| {
        let masked = mask_slice(instruction.span.slice(text), file.escape);
        masked.is_some_and(|masked| masked.contains('\\'))
    };
    if !instructions.iter().any(has_escape) {
        return catch_unwind(AssertUnwindSafe(read_all)).map_err(broke_off);
    }
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK_SIZE).spawn_scoped(scope, read_all)?;
        reader.join().map_err(broke_off)
    })
}

fn read_one(text: &str, escape: EscapeChar, instruction: &Instruction) -> SecondReading {
    let slice = instruction.span.slice(text);
    if !is_readable(text, instruction) || slice.len() > MAX_LENGTH {
        return SecondReading::Unsupported;
    }
    let Some(masked) = mask_slice(slice, escape) else { return SecondReading::Unsupported };
    if masked.bytes().filter(|byte| *byte == b'\\').count() > MAX_ESCAPES || has_unknown_escape(&masked) {
        return SecondReading::Unsupported;
    }
    let Ok(parsed) = external::Dockerfile::parse(&masked) else { return SecondReading::Rejected };
    let [only] = parsed.instructions.as_slice() else { return SecondReading::Different };
    let original = OriginalText { text, escape, start: instruction.span.start };
    if original.is_same(only, instruction) { SecondReading::Same } else { SecondReading::Different }
}

/// True for instructions that the crate reads right. It takes `--link` for a source, and knows no heredocs, no quotes
/// in flags, no flags of RUN, no JSON form of COPY and no digest but sha256.
fn is_readable(text: &str, instruction: &Instruction) -> bool {
    let arguments = instruction.arguments.slice(text);
    let json = arguments.starts_with('[');
    let plain_flags = || {
        instruction
            .flags
            .iter()
            .all(|flag| flag.value.is_some() && !flag.span.slice(text).contains(['\\', '"', '\'']))
    };
    if !instruction.heredocs.is_empty() {
        return false;
    }
    match instruction.keyword {
        Keyword::Run | Keyword::Cmd | Keyword::Entrypoint => {
            instruction.flags.is_empty() && !arguments.contains(['\u{b}', '\u{c}'])
        }
        Keyword::Copy => !json && plain_flags(),
        Keyword::From => plain_flags() && (!arguments.contains('@') || arguments.contains("@sha256:")),
        Keyword::Onbuild | Keyword::Unknown => false,
        _ => true,
    }
}

/// True for an escape that the crate refuses, such as `\$` in a quoted value.
fn has_unknown_escape(masked: &str) -> bool {
    let mut chars = masked.chars();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.next().is_some_and(|escaped| !"btnfru\"\\'".contains(escaped)) {
            return true;
        }
    }
    false
}

/// The instruction on one line: continuations, comments and blank lines as spaces, a backtick that escapes as a
/// backslash. None where a continuation joins two halves of a word, which spaces would part.
fn mask_slice(slice: &str, escape: EscapeChar) -> Option<String> {
    let mut masked = String::with_capacity(slice.len());
    let mut joins_word = false;
    for (number, physical) in slice.split_inclusive('\n').enumerate() {
        let content = trim_newline(physical);
        let kept = match strip_continuation(content, escape) {
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
            '`' if escape == EscapeChar::Backtick => '\\',
            '\\' if escape == EscapeChar::Backtick => '/',
            '\u{b}' | '\u{c}' => ' ',
            c => c,
        }));
        masked.extend(std::iter::repeat_n(' ', physical.len() - kept.len()));
    }
    Some(masked)
}

/// The file that the crate's spans are brought back to.
struct OriginalText<'t> {
    text: &'t str,
    escape: EscapeChar,
    start: usize,
}

impl OriginalText<'_> {
    /// True when the crate found what our reader found: the same words at the same places, where it has a type for the
    /// instruction; else the same keyword before the same arguments.
    fn is_same(&self, found: &external::Instruction, ours: &Instruction) -> bool {
        match (found, &ours.kind) {
            (external::Instruction::Misc(misc), kind) => {
                let arguments = self.original_span(misc.arguments.span).slice(self.text).trim();
                *kind != InstructionKind::Opaque
                    && Keyword::from_word(&misc.instruction.content) == ours.keyword
                    && arguments.ends_with(ours.arguments.slice(self.text).trim_end())
            }
            (external::Instruction::Run(run), InstructionKind::Run(CommandForm::Shell(_))) => {
                run.as_shell().is_some()
            }
            (external::Instruction::Cmd(cmd), InstructionKind::Cmd(CommandForm::Shell(_))) => {
                cmd.as_shell().is_some()
            }
            (
                external::Instruction::Entrypoint(entry),
                InstructionKind::Entrypoint(CommandForm::Shell(_)),
            ) => entry.as_shell().is_some(),
            (found, kind) => self.convert_kind(found).is_some_and(|found| found == *kind),
        }
    }

    fn convert_kind(&self, instruction: &external::Instruction) -> Option<InstructionKind> {
        Some(match instruction {
            external::Instruction::From(from) => InstructionKind::From {
                image: self.convert_word(from.image.span)?,
                alias: match &from.alias {
                    Some(alias) => Some(self.convert_word(alias.span)?),
                    None => None,
                },
            },
            external::Instruction::Arg(arg) => {
                let default = match &arg.value {
                    Some(value) => Some(self.convert_word(value.span)?),
                    None => None,
                };
                InstructionKind::Arg(vec![(self.convert_word(arg.name.span)?, default)])
            }
            external::Instruction::Env(env) => InstructionKind::Env(
                env.vars
                    .iter()
                    .map(|var| self.convert_pair(var.key.span, var.value.span))
                    .collect::<Option<_>>()?,
            ),
            external::Instruction::Label(label) => InstructionKind::Label(
                label
                    .labels
                    .iter()
                    .map(|label| self.convert_pair(label.name.span, label.value.span))
                    .collect::<Option<_>>()?,
            ),
            external::Instruction::Copy(copy) => InstructionKind::Copy {
                sources: copy
                    .sources
                    .iter()
                    .map(|source| self.convert_source(source.span))
                    .collect::<Option<_>>()?,
                destination: self.convert_word(copy.destination.span)?,
            },
            external::Instruction::Run(run) => InstructionKind::Run(self.convert_exec(run.as_exec()?)?),
            external::Instruction::Cmd(cmd) => InstructionKind::Cmd(self.convert_exec(cmd.as_exec()?)?),
            external::Instruction::Entrypoint(entrypoint) => {
                InstructionKind::Entrypoint(self.convert_exec(entrypoint.as_exec()?)?)
            }
            external::Instruction::Misc(_) => return None,
        })
    }

    fn original_span(&self, span: external::Span) -> Span {
        Span::new(span.start, span.end).shift_by(self.start)
    }

    /// None where a quote is left open: the crate parts words within quotes.
    fn convert_word(&self, span: external::Span) -> Option<SpannedWord> {
        let span = self.original_span(span);
        let unquoted =
            unquote_word(LogicalLine::join_lines(self.text, span, self.escape).text(), self.escape);
        unquoted.quotes_closed.then_some(SpannedWord {
            span,
            text: unquoted.text,
            has_variables: unquoted.has_variables,
        })
    }

    fn convert_source(&self, span: external::Span) -> Option<SpannedWord> {
        self.convert_word(span).filter(|word| !word.text.starts_with("--"))
    }

    fn convert_pair(
        &self,
        name: external::Span,
        value: external::Span,
    ) -> Option<(SpannedWord, SpannedWord)> {
        Some((self.convert_word(name)?, self.convert_word(value)?))
    }

    /// None where it is no JSON: the crate takes single quotes and a trailing comma too, which make it a shell's.
    fn convert_exec(&self, array: &external::StringArray) -> Option<CommandForm> {
        let raw = self.original_span(array.span).slice(self.text);
        let closes = raw.strip_suffix(']').is_some_and(|inner| !inner.trim_end().ends_with(','));
        let words = array.elements.iter().map(|element| {
            let span = self.original_span(element.span);
            let raw = LogicalLine::join_lines(self.text, span, self.escape);
            Some(SpannedWord { span, text: serde_json::from_str(raw.text()).ok()?, has_variables: false })
        });
        words.collect::<Option<_>>().filter(|_| closes).map(CommandForm::Exec)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dockerfile::parse;

    /// The second reader's result for the last instruction.
    fn read_last(text: &str) -> SecondReading {
        let file = parse(text);
        let last = file.instructions.last().into_iter().collect::<Vec<_>>();
        read_with_external(text, &file, &last).expect("a thread")[0]
    }

    #[test]
    fn both_read_what_fixes_write() {
        for line in [
            "USER 43122:43122",
            "CMD [\"node\", \"server.js\"]",
            "CMD node server.js",
            "RUN addgroup -g 43122 app && adduser -D -u 43122 -G app app",
            "RUN apt-get update \\\n    # refreshed\n    && apt-get install -y curl",
            "COPY --chown=43122:43122 . /srv",
            "FROM --platform=linux/amd64 python:3.9-alpine3.15 AS base",
            "ENV PATH=/opt/bin:$PATH",
            "WORKDIR /srv",
        ] {
            assert_eq!(read_last(&format!("FROM scratch\n{line}\n")), SecondReading::Same, "{line}");
        }
    }

    #[test]
    fn what_the_crate_gets_wrong_is_not_asked_of_it() {
        for line in [
            "RUN <<EOF\necho\nEOF",
            "COPY --link a b",
            "RUN --mount=type=cache,target=/x make",
            "LABEL a=\"\\$b\"",
        ] {
            assert_eq!(read_last(&format!("FROM scratch\n{line}\n")), SecondReading::Unsupported, "{line}");
        }
    }

    #[test]
    fn a_digest_cut_short_is_rejected() {
        let whole = format!("FROM alpine:3.20@sha256:{}", "a1".repeat(32));
        assert_eq!(read_last(&whole), SecondReading::Same);
        assert_eq!(read_last(&whole[..whole.len() - 1]), SecondReading::Rejected);
    }

    #[test]
    fn another_meaning_is_seen() {
        // Single quotes are no JSON: a shell's for us and for BuildKit, a list for the crate.
        assert_eq!(read_last("FROM scratch\nCMD ['node']\n"), SecondReading::Different);
        let text = "FROM scratch\nUSER app\n";
        let mut file = parse(text);
        file.instructions[1].keyword = Keyword::Workdir;
        let forged = &file.instructions[1];
        let readings = read_with_external(text, &file, &[forged]).expect("a thread");
        assert_eq!(readings, [SecondReading::Different]);
    }

    #[test]
    fn neither_length_nor_depth_reaches_its_grammar() {
        for argument in ["x".repeat(MAX_LENGTH + 1), "\"\\\\\"".repeat(MAX_ESCAPES)] {
            assert_eq!(read_last(&format!("FROM scratch\nENV A={argument}\n")), SecondReading::Unsupported);
        }
    }
}
