//! Holds a Dockerfile's instructions and stages with their places, for rules and fixes.

use std::ops::Range;

use super::Keyword;
use super::shell::ScriptMemo;
use super::variable_memo::VariableMemo;
use crate::text::Span;

/// One Dockerfile. All spans are in the file it was read from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dockerfile {
    /// `# syntax=`, `# escape=`, `# check=`, in the order of the file.
    pub directives: Vec<ParserDirective>,
    pub instructions: Vec<Instruction>,
    pub stages: Vec<BuildStage>,
    /// Each comment that has a line of its own, inside of instructions too, from its `#` to the end of the line.
    /// Directives are among them.
    pub comments: Vec<Span>,
    /// The faults that make it no valid Dockerfile; everything else is read all the same.
    pub problems: Vec<DockerfileProblem>,
    pub escape: EscapeChar,
    /// Where each `USER` stands, and each `SHELL`: what is in effect for one of very many RUNs is found by them.
    pub(super) user_indices: Vec<usize>,
    pub(super) shell_indices: Vec<usize>,
    /// What its instructions run, each read once.
    pub(super) scripts: ScriptMemo,
    /// What its stages declare, each declaration resolved once.
    pub(super) variables: VariableMemo,
}

impl Dockerfile {
    /// The stage that a build makes by default.
    #[must_use]
    pub fn final_stage(&self) -> Option<&BuildStage> {
        self.stages.last()
    }

    /// The instructions of a stage, its `FROM` first.
    #[must_use]
    pub fn instructions_of(&self, stage: &BuildStage) -> &[Instruction] {
        self.instructions.get(stage.instructions.clone()).unwrap_or_default()
    }

    /// All instructions, each `ONBUILD` as the one that stands behind it.
    pub fn instructions_with_onbuild(&self) -> impl Iterator<Item = &Instruction> {
        self.instructions.iter().map(|instruction| match &instruction.kind {
            InstructionKind::Onbuild(inner) => inner,
            _ => instruction,
        })
    }

    /// The instruction at an index of [`StageEnvironment`].
    #[must_use]
    pub fn instruction_at(&self, index: Option<usize>) -> Option<&Instruction> {
        self.instructions.get(index?)
    }

    /// The stage that `COPY --from=` or `--mount=from=` means in the stage `within`: an earlier one, by name or number.
    #[must_use]
    pub fn find_stage(&self, reference: &str, within: usize) -> Option<&BuildStage> {
        let earlier = self.stages.get(..within)?;
        let name = reference.to_lowercase();
        earlier
            .iter()
            .rfind(|stage| stage.name.as_ref() == Some(&name))
            .or_else(|| earlier.get(reference.parse::<usize>().ok()?))
    }

    /// The `USER` that is in effect where an instruction stands.
    #[must_use]
    pub fn user_before(&self, instruction: &Instruction) -> Option<&Instruction> {
        self.last_before(&self.user_indices, instruction)
    }

    /// The `SHELL` that is in effect where an instruction stands.
    #[must_use]
    pub fn shell_before(&self, instruction: &Instruction) -> Option<&Instruction> {
        self.last_before(&self.shell_indices, instruction)
    }

    /// The nearest of these before an instruction, in its stage or one that this is built on.
    fn last_before(&self, indices: &[usize], instruction: &Instruction) -> Option<&Instruction> {
        let stage = self.stages.get(instruction.stage?)?;
        self.stage_chain(stage).find_map(|stage| {
            let end = instruction.index.min(stage.instructions.end);
            let before = indices.partition_point(|index| *index < end).checked_sub(1)?;
            self.instructions.get(*indices.get(before).filter(|index| stage.instructions.contains(index))?)
        })
    }

    /// The stage and those it is built on, itself first.
    pub fn stage_chain<'f>(&'f self, stage: &'f BuildStage) -> impl Iterator<Item = &'f BuildStage> {
        std::iter::successors(Some(stage), |stage| match stage.base {
            StageBase::Stage(base) => self.stages.get(base),
            _ => None,
        })
    }
}

/// The character that continues lines and escapes: a backslash, or a backtick after `# escape=`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum EscapeChar {
    #[default]
    Backslash,
    Backtick,
}

impl EscapeChar {
    #[must_use]
    pub const fn as_char(self) -> char {
        match self {
            Self::Backslash => '\\',
            Self::Backtick => '`',
        }
    }
}

/// A comment that instructs the parser: `# name=value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParserDirective {
    /// The name in lower case: `syntax`, `escape` or `check`.
    pub name: String,
    pub value: String,
    /// The whole comment.
    pub span: Span,
}

/// Something that a build would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DockerfileProblem {
    pub span: Span,
    pub fault: DockerfileFault,
}

/// The reason why a build would refuse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DockerfileFault {
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
    TooManyInstructions(usize),
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
    /// The span from the keyword to the end of its last line, without the newline. Continued lines and heredocs are
    /// within, and so are the comments and blank lines that a trailing continuation swallows.
    pub span: Span,
    /// The text after the keyword and the flags, without heredoc bodies.
    pub arguments: Span,
    /// The stage it belongs to; none before the first `FROM`.
    pub stage: Option<usize>,
    pub flags: Vec<InstructionFlag>,
    pub heredocs: Vec<Heredoc>,
    pub kind: InstructionKind,
}

impl Instruction {
    /// The values of a flag, such as `from` or `mount`, in the order they are given; empty text where it has none.
    pub fn flag_values<'i>(&'i self, name: &'i str) -> impl Iterator<Item = &'i str> {
        self.flags
            .iter()
            .filter(move |flag| flag.name == name)
            .map(|flag| flag.value.as_deref().unwrap_or_default())
    }

    /// The command of a RUN, CMD or ENTRYPOINT, or of a HEALTHCHECK that is not `NONE`.
    #[must_use]
    pub const fn command_form(&self) -> Option<&CommandForm> {
        match &self.kind {
            InstructionKind::Run(command)
            | InstructionKind::Cmd(command)
            | InstructionKind::Entrypoint(command)
            | InstructionKind::Healthcheck(Some(command)) => Some(command),
            _ => None,
        }
    }
}

/// `--name=value` or `--name`, unquoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstructionFlag {
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
    /// True when variables in it are expanded: its word is not quoted.
    pub expand: bool,
    /// True when leading tabs are dropped: `<<-`.
    pub strip_tabs: bool,
    /// Its lines, the last newline included, the terminator not.
    pub body: Span,
}

/// A word of an instruction or of a shell command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpannedWord {
    /// As it is written, quotes included.
    pub span: Span,
    /// Without quotes, escapes and continuations; variables are left as they are.
    pub text: String,
    /// True when a variable or a substitution in it may change the text.
    pub has_variables: bool,
}

/// The content of an instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InstructionKind {
    From {
        image: SpannedWord,
        alias: Option<SpannedWord>,
    },
    /// Names with their defaults.
    Arg(Vec<(SpannedWord, Option<SpannedWord>)>),
    /// Names with their values, those of the old form `ENV NAME VALUE` too.
    Env(Vec<(SpannedWord, SpannedWord)>),
    Label(Vec<(SpannedWord, SpannedWord)>),
    Run(CommandForm),
    Cmd(CommandForm),
    Entrypoint(CommandForm),
    /// COPY and ADD; the keyword is one of them. Sources that are heredocs are left out.
    Copy {
        sources: Vec<SpannedWord>,
        destination: SpannedWord,
    },
    /// `user` or `user:group`.
    User(SpannedWord),
    Workdir(SpannedWord),
    Expose(Vec<SpannedWord>),
    Volume(Vec<SpannedWord>),
    Shell(Vec<SpannedWord>),
    /// None for `HEALTHCHECK NONE`.
    Healthcheck(Option<CommandForm>),
    /// The instruction that a build on top of this image would run. It has the index, stage and heredocs of its ONBUILD.
    Onbuild(Box<Instruction>),
    Maintainer(SpannedWord),
    Stopsignal(SpannedWord),
    /// An instruction that cannot be read, or is too large to be worth it.
    Opaque,
}

/// A command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CommandForm {
    /// For a shell, which `SHELL` chooses; read it with [`super::shell::parse_script`].
    Shell(Span),
    /// The words of a JSON array, run as they are.
    Exec(Vec<SpannedWord>),
}

/// The instructions that decide how a stage's image runs, its own or inherited through `FROM stage`, by index. What an
/// external base image sets is not known here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StageEnvironment {
    pub user: Option<usize>,
    pub workdir: Option<usize>,
    pub shell: Option<usize>,
    /// Reset by an inheriting stage's own `ENTRYPOINT`, as builds do.
    pub cmd: Option<usize>,
    pub entrypoint: Option<usize>,
    pub healthcheck: Option<usize>,
    /// The stage at the root of the chain: its base is no other stage.
    pub root_stage: usize,
}

/// A stage: the instructions from one `FROM` to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildStage {
    pub index: usize,
    /// The index of its `FROM`.
    pub from_index: usize,
    /// The indices of its instructions, its `FROM` among them.
    pub instructions: Range<usize>,
    /// The name in lower case, as names are compared.
    pub name: Option<String>,
    pub base: StageBase,
    /// The value of `--platform`, with defaults expanded as far as they are known.
    pub platform: Option<String>,
    /// The default of the argument, where the whole reference is one `$ARG`, as it is written, quotes excluded.
    pub argument_default: Option<Span>,
    pub environment: StageEnvironment,
}

/// The base that a stage is built on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageBase {
    /// An earlier stage, by index.
    Stage(usize),
    /// Nothing at all.
    Scratch,
    /// An image, with the defaults of arguments filled in.
    Image(String),
    /// A reference with an argument that has no default; as far as it is known.
    Unresolved(String),
}
