//! Reads a program with its arguments from a command, for rules about what is run.

use super::super::{Heredoc, SpannedWord};
use super::{Redirection, SimpleCommand};

/// A program and its arguments, past what only starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invocation<'a> {
    /// The program first; never empty.
    words: &'a [SpannedWord],
}

/// A program that runs the command in its arguments.
struct WrapperProgram {
    name: &'static str,
    /// Its options that take a value in the next word.
    options_with_value: &'static [&'static str],
    /// The number of its own operands before the command.
    own_operands: usize,
}

const fn wrapper_program(
    name: &'static str,
    valued: &'static [&'static str],
    operands: usize,
) -> WrapperProgram {
    WrapperProgram { name, options_with_value: valued, own_operands: operands }
}

const WRAPPER_PROGRAMS: [WrapperProgram; 22] = [
    wrapper_program(
        "sudo",
        &["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-U", "--user", "--group", "--chdir"],
        0,
    ),
    wrapper_program("doas", &["-u", "-C"], 0),
    wrapper_program("gosu", &[], 1),
    wrapper_program("su-exec", &[], 1),
    wrapper_program("setpriv", &[], 0),
    wrapper_program("chroot", &[], 1),
    wrapper_program("tini", &["-p", "-e"], 0),
    wrapper_program("dumb-init", &["-r", "--rewrite"], 0),
    wrapper_program("env", &["-u", "-C", "--unset", "--chdir"], 0),
    wrapper_program("exec", &["-a"], 0),
    wrapper_program("command", &[], 0),
    wrapper_program("builtin", &[], 0),
    wrapper_program("time", &["-f", "-o"], 0),
    wrapper_program("nice", &["-n"], 0),
    wrapper_program("ionice", &["-c", "-n"], 0),
    wrapper_program("nohup", &[], 0),
    wrapper_program("setsid", &[], 0),
    wrapper_program("stdbuf", &["-i", "-o", "-e"], 0),
    wrapper_program("timeout", &["-s", "-k"], 1),
    wrapper_program("xargs", &["-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s"], 0),
    wrapper_program("eatmydata", &[], 0),
    wrapper_program("busybox", &[], 0),
];

const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

impl SimpleCommand {
    /// The program as it is called; none where there are only assignments or redirections.
    #[must_use]
    pub fn called_program(&self) -> Option<Invocation<'_>> {
        Invocation::from_words(&self.words)
    }

    /// The program, and each that it only starts: `sudo`, then `env`, then what these run.
    pub fn wrapped_invocations(&self) -> impl Iterator<Item = Invocation<'_>> {
        unwrap_invocations(&self.words)
    }

    /// True for `echo` and `printf`: their words are text, whatever they say.
    #[must_use]
    pub fn only_prints(&self) -> bool {
        self.effective_invocation().is_some_and(|call| matches!(call.name(), "echo" | "printf"))
    }

    /// The program that does the work: past `sudo`, `env`, `exec`, `nice` and the like with their options.
    #[must_use]
    pub fn effective_invocation(&self) -> Option<Invocation<'_>> {
        self.wrapped_invocations().last()
    }
}

fn unwrap_invocations(words: &[SpannedWord]) -> impl Iterator<Item = Invocation<'_>> {
    std::iter::successors(Invocation::from_words(words), |invocation| invocation.wrapped_invocation())
}

impl<'a> Invocation<'a> {
    /// None without a word.
    #[must_use]
    pub const fn from_words(words: &'a [SpannedWord]) -> Option<Self> {
        if words.is_empty() { None } else { Some(Self { words }) }
    }

    /// The program's word, as it is called.
    #[must_use]
    pub const fn program_word(self) -> &'a SpannedWord {
        &self.words[0]
    }

    /// The program's name without its folders.
    #[must_use]
    pub fn name(self) -> &'a str {
        base_name(&self.program_word().text)
    }

    #[must_use]
    pub fn arguments(self) -> &'a [SpannedWord] {
        &self.words[1..]
    }

    /// The word that gives a flag, alone (`-k`), in a cluster (`-fsSLk`), by its long name (`--insecure`) or with a value
    /// (`--insecure=…`); long names may begin with one dash. Nothing after `--` is a flag.
    pub fn find_flag(self, short: Option<char>, long: &str) -> Option<&'a SpannedWord> {
        self.option_words().find(|word| {
            let Some(rest) = word.text.strip_prefix('-') else { return false };
            let name = rest.strip_prefix('-').unwrap_or(rest);
            let name = name.split_once('=').map_or(name, |(name, _)| name);
            (!long.is_empty() && name == long)
                || (!rest.starts_with('-') && short.is_some_and(|c| cluster_letters(rest).contains(c)))
        })
    }

    /// The value of an option, in the same word (`--mode=x`) or the next one.
    #[must_use]
    pub fn option_value(self, names: &[&str]) -> Option<&'a str> {
        let mut words = self.arguments().iter();
        while let Some(word) = words.next() {
            let (name, value) =
                word.text.split_once('=').map_or((word.text.as_str(), None), |(n, v)| (n, Some(v)));
            if names.contains(&name) {
                return value.or_else(|| words.next().map(|next| next.text.as_str()));
            }
        }
        None
    }

    /// The arguments that are no options, nor the values of the options in `valued` (such as `-o` of apt-get).
    pub fn operands(self, valued: &'a [&'a str]) -> impl Iterator<Item = &'a SpannedWord> {
        let (mut ended, mut is_value) = (false, false);
        self.arguments().iter().filter(move |word| {
            if std::mem::take(&mut is_value) {
                return false;
            }
            let option = !ended && word.text.len() > 1 && word.text.starts_with('-');
            ended |= word.text == "--";
            is_value = option && valued.contains(&word.text.as_str());
            !option
        })
    }

    /// The first operand: `install` in `apt-get -o X=1 -y install curl`.
    #[must_use]
    pub fn subcommand(self, valued: &'a [&'a str]) -> Option<&'a str> {
        self.operands(valued).next().map(|word| word.text.as_str())
    }

    fn option_words(self) -> impl Iterator<Item = &'a SpannedWord> {
        self.arguments().iter().take_while(|word| word.text != "--")
    }

    /// The command that this program only starts.
    fn wrapped_invocation(self) -> Option<Self> {
        let name = self.name();
        let starter = WRAPPER_PROGRAMS.iter().find(|starter| starter.name == name)?;
        let mut rest = self.arguments();
        while let Some(word) = rest.first() {
            let assigns = matches!(starter.name, "env" | "sudo") && word.text.contains('=');
            if !word.text.starts_with('-') && !assigns {
                break;
            }
            let taken = if starter.options_with_value.contains(&word.text.as_str()) { 2 } else { 1 };
            rest = rest.get(taken..).unwrap_or_default();
        }
        Self::from_words(rest.get(starter.own_operands..).unwrap_or_default())
    }
}

/// The letters of a short cluster: up to the first that is none, as in `-o=x`.
fn cluster_letters(rest: &str) -> &str {
    rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

fn base_name(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).map_or(path, |slash| &path[slash + 1..])
}

/// The index of the word that a shell is given to run: after `-c`, or a cluster that ends in it.
#[must_use]
pub fn script_word(words: &[SpannedWord]) -> Option<usize> {
    let shell = words.len() - unwrap_invocations(words).last()?.words.len();
    if !SHELLS.contains(&base_name(&words.get(shell)?.text)) {
        return None;
    }
    let flag = words.iter().skip(shell + 1).position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    })?;
    let index = shell + flag + 2;
    (index < words.len()).then_some(index)
}

/// True when the command takes the heredoc as a script: a shell without arguments, or no program at all (`RUN <<EOF`).
pub(super) fn reads_script(simple: &SimpleCommand, heredoc: &Heredoc) -> bool {
    let reads = |r: &Redirection| matches!(r.operator, "<<" | "<<-") && r.target.text == heredoc.name;
    simple.redirections.iter().any(reads)
        && simple.effective_invocation().is_none_or(|invocation| {
            SHELLS.contains(&invocation.name())
                && invocation.operands(&["-o"]).next().is_none()
                && script_word(&simple.words).is_none()
        })
}

/// True for a script that has no `#!`, or that of a shell.
#[must_use]
pub fn is_shell_script(body: &str) -> bool {
    let Some(interpreter) = body.strip_prefix("#!") else { return true };
    let line = interpreter.lines().next().unwrap_or_default();
    line.split_whitespace()
        .map(base_name)
        .find(|word| *word != "env" && !word.starts_with('-'))
        .is_some_and(|word| SHELLS.contains(&word))
}
