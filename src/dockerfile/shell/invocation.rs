//! A program with its arguments: what a rule asks of a command.

use super::super::{Heredoc, Word};
use super::{Redirection, Simple};

/// A program and its arguments, past what only starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invocation<'a> {
    /// The program first; never empty.
    words: &'a [Word],
}

/// A program that runs the command in its arguments.
struct Starter {
    name: &'static str,
    /// Its options that take a value in the next word.
    valued: &'static [&'static str],
    /// How many of its own operands stand before the command.
    operands: usize,
}

const fn starter(name: &'static str, valued: &'static [&'static str], operands: usize) -> Starter {
    Starter { name, valued, operands }
}

const STARTERS: [Starter; 22] = [
    starter(
        "sudo",
        &["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-U", "--user", "--group", "--chdir"],
        0,
    ),
    starter("doas", &["-u", "-C"], 0),
    starter("gosu", &[], 1),
    starter("su-exec", &[], 1),
    starter("setpriv", &[], 0),
    starter("chroot", &[], 1),
    starter("tini", &["-p", "-e"], 0),
    starter("dumb-init", &["-r", "--rewrite"], 0),
    starter("env", &["-u", "-C", "--unset", "--chdir"], 0),
    starter("exec", &["-a"], 0),
    starter("command", &[], 0),
    starter("builtin", &[], 0),
    starter("time", &["-f", "-o"], 0),
    starter("nice", &["-n"], 0),
    starter("ionice", &["-c", "-n"], 0),
    starter("nohup", &[], 0),
    starter("setsid", &[], 0),
    starter("stdbuf", &["-i", "-o", "-e"], 0),
    starter("timeout", &["-s", "-k"], 1),
    starter("xargs", &["-a", "-d", "-E", "-I", "-L", "-n", "-P", "-s"], 0),
    starter("eatmydata", &[], 0),
    starter("busybox", &[], 0),
];

const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

impl Simple {
    /// The program as it is called; none where there are only assignments or redirections.
    #[must_use]
    pub fn invocation(&self) -> Option<Invocation<'_>> {
        Invocation::of(&self.words)
    }

    /// The program, and each that it only starts: `sudo`, then `env`, then what these run.
    pub fn invocations(&self) -> impl Iterator<Item = Invocation<'_>> {
        started_from(&self.words)
    }

    /// The program that does the work: past `sudo`, `env`, `exec`, `nice` and the like with their options.
    #[must_use]
    pub fn effective(&self) -> Option<Invocation<'_>> {
        self.invocations().last()
    }
}

fn started_from(words: &[Word]) -> impl Iterator<Item = Invocation<'_>> {
    std::iter::successors(Invocation::of(words), |invocation| invocation.started())
}

impl<'a> Invocation<'a> {
    /// None without a word.
    #[must_use]
    pub const fn of(words: &'a [Word]) -> Option<Self> {
        if words.is_empty() { None } else { Some(Self { words }) }
    }

    /// The program's word, as it is called.
    #[must_use]
    pub const fn program(self) -> &'a Word {
        &self.words[0]
    }

    /// The program's name without its folders.
    #[must_use]
    pub fn name(self) -> &'a str {
        base_name(&self.program().text)
    }

    #[must_use]
    pub fn arguments(self) -> &'a [Word] {
        &self.words[1..]
    }

    /// The word that gives a flag, alone (`-k`), in a cluster (`-fsSLk`), by its long name (`--insecure`) or with a value
    /// (`--insecure=…`); long names may begin with one dash. Nothing after `--` is a flag.
    pub fn flag(self, short: Option<char>, long: &str) -> Option<&'a Word> {
        self.options().find(|word| {
            let Some(rest) = word.text.strip_prefix('-') else { return false };
            let name = rest.strip_prefix('-').unwrap_or(rest);
            let name = name.split_once('=').map_or(name, |(name, _)| name);
            (!long.is_empty() && name == long)
                || (!rest.starts_with('-') && short.is_some_and(|c| cluster(rest).contains(c)))
        })
    }

    /// The value of an option, in the same word (`--mode=x`) or the next one.
    #[must_use]
    pub fn value(self, names: &[&str]) -> Option<&'a str> {
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
    pub fn operands(self, valued: &'a [&'a str]) -> impl Iterator<Item = &'a Word> {
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

    fn options(self) -> impl Iterator<Item = &'a Word> {
        self.arguments().iter().take_while(|word| word.text != "--")
    }

    /// The command that this program only starts.
    fn started(self) -> Option<Self> {
        let name = self.name();
        let starter = STARTERS.iter().find(|starter| starter.name == name)?;
        let mut rest = self.arguments();
        while let Some(word) = rest.first() {
            let assigns = matches!(starter.name, "env" | "sudo") && word.text.contains('=');
            if !word.text.starts_with('-') && !assigns {
                break;
            }
            let taken = if starter.valued.contains(&word.text.as_str()) { 2 } else { 1 };
            rest = rest.get(taken..).unwrap_or_default();
        }
        Self::of(rest.get(starter.operands..).unwrap_or_default())
    }
}

/// The letters of a short cluster: up to the first that is none, as in `-o=x`.
fn cluster(rest: &str) -> &str {
    rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

fn base_name(path: &str) -> &str {
    memchr::memrchr(b'/', path.as_bytes()).map_or(path, |slash| &path[slash + 1..])
}

/// The index of the word that a shell is given to run: after `-c`, or a cluster that ends in it.
pub(super) fn script_word(words: &[Word]) -> Option<usize> {
    let shell = words.len() - started_from(words).last()?.words.len();
    if !SHELLS.contains(&base_name(&words.get(shell)?.text)) {
        return None;
    }
    let flag = words.iter().skip(shell + 1).position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    })?;
    let index = shell + flag + 2;
    (index < words.len()).then_some(index)
}

/// Whether the command takes the heredoc as a script: a shell without arguments, or no program at all (`RUN <<EOF`).
pub(super) fn reads_script(simple: &Simple, heredoc: &Heredoc) -> bool {
    let reads = |r: &Redirection| matches!(r.operator, "<<" | "<<-") && r.target.text == heredoc.name;
    simple.redirections.iter().any(reads)
        && simple.effective().is_none_or(|invocation| {
            SHELLS.contains(&invocation.name())
                && invocation.operands(&["-o"]).next().is_none()
                && script_word(&simple.words).is_none()
        })
}

/// Whether a script has no `#!`, or that of a shell.
pub(super) fn is_shell_script(body: &str) -> bool {
    let Some(interpreter) = body.strip_prefix("#!") else { return true };
    let line = interpreter.lines().next().unwrap_or_default();
    line.split_whitespace()
        .map(base_name)
        .find(|word| *word != "env" && !word.starts_with('-'))
        .is_some_and(|word| SHELLS.contains(&word))
}
