//! A program with its arguments: what a rule asks of a command.

use super::super::{Heredoc, Word};
use super::{Redirection, Simple};

/// A program and its arguments, past what only starts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invocation<'a> {
    /// The program first; never empty.
    words: &'a [Word],
}

/// Programs that run the command in their arguments, with their options that take a value.
const STARTERS: [(&str, &[&str]); 15] = [
    (
        "sudo",
        &["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "-U", "--user", "--group", "--chdir", "--host"],
    ),
    ("doas", &["-u", "-C"]),
    ("env", &["-u", "-C", "--unset", "--chdir"]),
    ("exec", &["-a"]),
    ("command", &[]),
    ("builtin", &[]),
    ("time", &["-f", "-o"]),
    ("nice", &["-n"]),
    ("ionice", &["-c", "-n"]),
    ("nohup", &[]),
    ("setsid", &[]),
    ("stdbuf", &["-i", "-o", "-e"]),
    ("timeout", &["-s", "-k"]),
    ("eatmydata", &[]),
    ("busybox", &[]),
];

const SHELLS: [&str; 6] = ["sh", "bash", "ash", "dash", "zsh", "ksh"];

impl Simple {
    /// The program as it is called; none where there are only assignments or redirections.
    #[must_use]
    pub fn invocation(&self) -> Option<Invocation<'_>> {
        Invocation::of(&self.words)
    }

    /// The program that does the work: past `sudo`, `env`, `exec`, `nice` and the like with their options.
    #[must_use]
    pub fn effective(&self) -> Option<Invocation<'_>> {
        let mut invocation = self.invocation()?;
        while let Some(inner) = invocation.started() {
            invocation = inner;
        }
        Some(invocation)
    }
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
        let (name, valued) = STARTERS.iter().find(|(name, _)| *name == self.name())?;
        let mut rest = self.arguments();
        while let Some(word) = rest.first() {
            let assigns =
                matches!(*name, "env" | "sudo") && !word.text.starts_with('-') && word.text.contains('=');
            if !word.text.starts_with('-') && !assigns {
                break;
            }
            let taken = if valued.contains(&word.text.as_str()) { 2 } else { 1 };
            rest = rest.get(taken..).unwrap_or_default();
        }
        Self::of(if *name == "timeout" { rest.get(1..).unwrap_or_default() } else { rest })
    }
}

/// The letters of a short cluster: up to the first that is none, as in `-o=x`.
fn cluster(rest: &str) -> &str {
    rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default()
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The index of the word that a shell is given to run: after `-c`, or a cluster that ends in it.
pub(super) fn script_word(words: &[Word]) -> Option<usize> {
    let simple = Invocation::of(words)?;
    let shell = words.len() - effective(simple).words.len();
    if !SHELLS.contains(&base_name(&words.get(shell)?.text)) {
        return None;
    }
    let flag = words.iter().skip(shell + 1).position(|word| {
        word.text.starts_with('-') && !word.text.starts_with("--") && word.text.ends_with('c')
    })?;
    let index = shell + flag + 2;
    (index < words.len()).then_some(index)
}

fn effective(mut invocation: Invocation<'_>) -> Invocation<'_> {
    while let Some(inner) = invocation.started() {
        invocation = inner;
    }
    invocation
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
