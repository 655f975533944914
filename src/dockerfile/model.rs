//! What a Dockerfile is made of.

use std::ops::Range;

use super::{InEffect, Keyword};
use crate::text::Span;

/// One Dockerfile. All spans are in the file it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// `# syntax=`, `# escape=`, `# check=`, in the order of the file.
    pub directives: Vec<Directive>,
    pub instructions: Vec<Instruction>,
    pub stages: Vec<Stage>,
    /// Each comment that has a line of its own, inside of instructions too, from its `#` to the end of the line.
    /// Directives are among them.
    pub comments: Vec<Span>,
    /// What makes it no valid Dockerfile; everything else is read all the same.
    pub problems: Vec<Problem>,
    pub escape: Escape,
}

impl Dockerfile {
    /// The stage that a build makes by default.
    #[must_use]
    pub fn final_stage(&self) -> Option<&Stage> {
        self.stages.last()
    }

    /// The instructions of a stage, its `FROM` first.
    #[must_use]
    pub fn instructions_of(&self, stage: &Stage) -> &[Instruction] {
        self.instructions.get(stage.instructions.clone()).unwrap_or_default()
    }

    /// The instruction at an index of [`InEffect`].
    #[must_use]
    pub fn instruction(&self, index: Option<usize>) -> Option<&Instruction> {
        self.instructions.get(index?)
    }

    /// The stage that `COPY --from=` or `--mount=from=` means in the stage `within`: an earlier one, by name or number.
    #[must_use]
    pub fn stage_named(&self, reference: &str, within: usize) -> Option<&Stage> {
        let earlier = self.stages.get(..within)?;
        let name = reference.to_lowercase();
        earlier
            .iter()
            .rfind(|stage| stage.name.as_ref() == Some(&name))
            .or_else(|| earlier.get(reference.parse::<usize>().ok()?))
    }

    /// The stage and those it is built on, itself first.
    pub fn chain<'f>(&'f self, stage: &'f Stage) -> impl Iterator<Item = &'f Stage> {
        std::iter::successors(Some(stage), |stage| match stage.base {
            Base::Stage(base) => self.stages.get(base),
            _ => None,
        })
    }
}

/// The character that continues lines and escapes: a backslash, or a backtick after `# escape=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Escape {
    #[default]
    Backslash,
    Backtick,
}

impl Escape {
    #[must_use]
    pub const fn char(self) -> char {
        match self {
            Self::Backslash => '\\',
            Self::Backtick => '`',
        }
    }
}

/// A comment that instructs the parser: `# name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// In lower case: `syntax`, `escape` or `check`.
    pub name: String,
    pub value: String,
    /// The whole comment.
    pub span: Span,
}

/// Something that a build would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub span: Span,
    pub fault: Fault,
}

/// Why a build would refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("unknown instruction `{0}`")]
    UnknownInstruction(String),
    #[error("`{0}` lacks its arguments")]
    MissingArguments(&'static str),
    #[error("the arguments of `{0}` cannot be read")]
    BadArguments(&'static str),
    #[error("`{0}` is too long to be read")]
    TooLong(&'static str),
    #[error("the heredoc `{0}` is never closed")]
    UnclosedHeredoc(String),
    #[error("`{0}` stands before the first `FROM`")]
    BeforeFrom(&'static str),
    #[error("more than {0} instructions: the rest is not read")]
    TooMany(usize),
    #[error("there is no `FROM`")]
    NoStage,
}

/// One instruction with all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Its place among the file's instructions.
    pub index: usize,
    pub keyword: Keyword,
    pub keyword_span: Span,
    /// From the keyword to the end of its last line, without the newline. Continued lines and heredocs are within, and
    /// so are the comments and blank lines that a trailing continuation swallows.
    pub span: Span,
    /// What follows the keyword and the flags, without heredoc bodies.
    pub arguments: Span,
    /// The stage it belongs to; none before the first `FROM`.
    pub stage: Option<usize>,
    pub flags: Vec<Flag>,
    pub heredocs: Vec<Heredoc>,
    pub kind: Kind,
}

impl Instruction {
    /// The values of a flag, such as `from` or `mount`, in the order they are given; empty text where it has none.
    pub fn flag<'i>(&'i self, name: &'i str) -> impl Iterator<Item = &'i str> {
        self.flags
            .iter()
            .filter(move |flag| flag.name == name)
            .map(|flag| flag.value.as_deref().unwrap_or_default())
    }

    /// The command of a RUN, CMD or ENTRYPOINT, or of a HEALTHCHECK that is not `NONE`.
    #[must_use]
    pub const fn command(&self) -> Option<&Command> {
        match &self.kind {
            Kind::Run(command)
            | Kind::Cmd(command)
            | Kind::Entrypoint(command)
            | Kind::Healthcheck(Some(command)) => Some(command),
            _ => None,
        }
    }
}

/// `--name=value` or `--name`, unquoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub name: String,
    pub value: Option<String>,
    pub span: Span,
    pub value_span: Option<Span>,
}

/// A here-document of a RUN, COPY or ADD.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The word that ends it.
    pub name: String,
    /// Whether variables in it are expanded: its word is not quoted.
    pub expand: bool,
    /// Whether leading tabs are dropped: `<<-`.
    pub strip_tabs: bool,
    /// Its lines, the last newline included, the terminator not.
    pub body: Span,
}

/// A word of an instruction or of a shell command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// As it is written, quotes included.
    pub span: Span,
    /// Without quotes, escapes and continuations; variables are left as they are.
    pub text: String,
    /// Whether a variable or a substitution in it may change the text.
    pub varies: bool,
}

/// What an instruction says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    From {
        image: Word,
        alias: Option<Word>,
    },
    /// Names with their defaults.
    Arg(Vec<(Word, Option<Word>)>),
    /// Names with their values, those of the old form `ENV NAME VALUE` too.
    Env(Vec<(Word, Word)>),
    Label(Vec<(Word, Word)>),
    Run(Command),
    Cmd(Command),
    Entrypoint(Command),
    /// COPY and ADD; the keyword tells which. Sources that are heredocs are left out.
    Copy {
        sources: Vec<Word>,
        destination: Word,
    },
    /// `user` or `user:group`.
    User(Word),
    Workdir(Word),
    Expose(Vec<Word>),
    Volume(Vec<Word>),
    Shell(Vec<Word>),
    /// None for `HEALTHCHECK NONE`.
    Healthcheck(Option<Command>),
    /// The instruction that a build on top of this image would run. It has the index and stage of its ONBUILD.
    Onbuild(Box<Instruction>),
    Maintainer(Word),
    Stopsignal(Word),
    /// What cannot be read, or is too large to be worth it.
    Opaque,
}

/// A command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// For a shell, which `SHELL` chooses; read it with [`super::shell::script`].
    Shell(Span),
    /// The words of a JSON array, run as they are.
    Exec(Vec<Word>),
}

/// From one `FROM` to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stage {
    pub index: usize,
    /// The index of its `FROM`.
    pub from: usize,
    /// The indices of its instructions, its `FROM` among them.
    pub instructions: Range<usize>,
    /// In lower case, as names are compared.
    pub name: Option<String>,
    pub base: Base,
    /// Of `--platform`, with defaults expanded as far as they are known.
    pub platform: Option<String>,
    /// Where the whole reference is one `$ARG`: that argument's default, as it is written, quotes excluded.
    pub default: Option<Span>,
    pub in_effect: InEffect,
}

/// What a stage is built on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// An earlier stage, by index.
    Stage(usize),
    /// Nothing at all.
    Scratch,
    /// An image, with the defaults of arguments filled in.
    Image(String),
    /// A reference with an argument that has no default; as far as it is known.
    Open(String),
}
