//! Finds the words of an instruction that name an account or a group, for the fixes that renumber one.

use super::DockerfileContext;
use crate::dockerfile::shell::Invocation;
use crate::dockerfile::{Instruction, InstructionFlag, InstructionKind, SpannedWord};
use crate::project::image_accounts::option_word;
use crate::text::Span;

/// A word by which an instruction names an account, a group, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct IdentityWord {
    pub(super) span: Span,
    pub(super) role: IdentityRole,
    /// True where the command makes the account by it, or gives it another number.
    pub(super) makes_account: bool,
}

/// The meaning of such a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdentityRole {
    User,
    Group,
    /// `user`, `user:group` or `:group`.
    Owner,
}

impl IdentityWord {
    const fn new(span: Span, role: IdentityRole) -> Self {
        Self { span, role, makes_account: false }
    }

    /// The word in parts that are a user or a group each.
    pub(super) fn parts(self, text: &str) -> Vec<Self> {
        if self.role != IdentityRole::Owner {
            return vec![self];
        }
        let raw = self.span.slice(text);
        // The colons of `${UID:-1000}` part nothing.
        let mut depth = 0_usize;
        let colon = raw.char_indices().find(|(_, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            *c == ':' && depth == 0
        });
        let end = colon.map_or(raw.len(), |(at, _)| at);
        let user = Span::new(self.span.start, self.span.start + end);
        let group = colon.map(|(at, _)| Span::new(self.span.start + at + 1, self.span.end));
        let part = |span, role| Self { span, role, makes_account: self.makes_account };
        let user = (!user.is_empty()).then(|| part(user, IdentityRole::User));
        user.into_iter().chain(group.map(|span| part(span, IdentityRole::Group))).collect()
    }
}

/// All such words of an instruction: of `USER`, `--chown`, mounts, and the commands that make accounts or give files
/// away.
pub(super) fn identity_words(case: DockerfileContext<'_>, instruction: &Instruction) -> Vec<IdentityWord> {
    match &instruction.kind {
        InstructionKind::User(word) => vec![IdentityWord::new(word.span, IdentityRole::Owner)],
        InstructionKind::Copy { .. } => {
            let owners = instruction.flags.iter().filter(|flag| flag.name == "chown");
            owners.filter_map(|flag| Some(IdentityWord::new(flag.value_span?, IdentityRole::Owner))).collect()
        }
        InstructionKind::Run(_) => {
            let mounts = instruction.flags.iter().filter(|flag| flag.name == "mount");
            let mut words: Vec<IdentityWord> = mounts.flat_map(|flag| mount_words(case.text, flag)).collect();
            for command in &case.script_of(instruction).commands {
                if let Some(call) = command.effective_invocation() {
                    words.extend(command_words(call));
                    words.extend(started_calls(call).into_iter().flat_map(command_words));
                }
            }
            words
        }
        InstructionKind::Onbuild(inner) => identity_words(case, inner),
        _ => Vec::new(),
    }
}

/// `uid=` and `gid=` of a `--mount`.
fn mount_words(text: &str, flag: &InstructionFlag) -> Vec<IdentityWord> {
    let Some(value) = flag.value_span else { return Vec::new() };
    let mut at = value.start;
    let mut words = Vec::new();
    for field in value.slice(text).split(',') {
        let role = match field.split_once('=').map(|(key, _)| key.trim_matches('"')) {
            Some("uid") => Some(IdentityRole::User),
            Some("gid") => Some(IdentityRole::Group),
            _ => None,
        };
        if let Some((role, equals)) = role.zip(field.find('=')) {
            words.push(IdentityWord::new(Span::new(at + equals + 1, at + field.len()), role));
        }
        at += field.len() + 1;
    }
    words
}

/// The commands that `find` or `xargs` starts.
fn started_calls(call: Invocation<'_>) -> Vec<Invocation<'_>> {
    let words = call.arguments();
    let begins = |at: &usize| match call.name() {
        "find" => matches!(words[*at].text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir"),
        // Its own options may have values: what it starts is known by its name.
        "xargs" => words.get(at + 1).is_some_and(|word| matches!(word.text.as_str(), "chown" | "chgrp")),
        _ => false,
    };
    let from_start = usize::from(call.name() == "xargs");
    let starts = (0..words.len()).filter(begins).map(|at| at + 1);
    let first =
        words.first().filter(|word| from_start > 0 && matches!(word.text.as_str(), "chown" | "chgrp"));
    let starts = first.map(|_| 0).into_iter().chain(starts);
    starts.filter_map(|at| Invocation::from_words(words.get(at..)?)).collect()
}

pub(super) fn command_words(call: Invocation<'_>) -> Vec<IdentityWord> {
    let option = |names: &[&str], role, makes_account| {
        option_word(call, names).map(|word| IdentityWord { span: word.span, role, makes_account })
    };
    let first = |role| call.operands(&[]).next().map(|word| IdentityWord::new(word.span, role));
    let words = match call.name() {
        "useradd" | "adduser" | "usermod" => [
            option(&["-u", "--uid"], IdentityRole::User, true),
            option(&["-g", "--gid"], IdentityRole::Group, false),
        ],
        "groupadd" | "addgroup" | "groupmod" => [option(&["-g", "--gid"], IdentityRole::Group, false), None],
        "chown" => [first(IdentityRole::Owner), None],
        "chgrp" => [first(IdentityRole::Group), None],
        "install" => [
            owner_option(call, "-o", "--owner=").map(|span| IdentityWord::new(span, IdentityRole::User)),
            owner_option(call, "-g", "--group=").map(|span| IdentityWord::new(span, IdentityRole::Group)),
        ],
        _ => [None, None],
    };
    words.into_iter().flatten().collect()
}

/// The owner or group that `install` gives: `-o app`, `-oapp`, `--owner app`, `--owner=app`.
fn owner_option(call: Invocation<'_>, short: &str, long: &str) -> Option<Span> {
    let words = call.arguments();
    let after = |word: &SpannedWord, length: usize| {
        // The value is a part of the word only where no quotes move it.
        let is_plain = word.span.len() == word.text.len();
        is_plain.then(|| Span::new(word.span.start + length, word.span.end))
    };
    words.iter().enumerate().find_map(|(at, word)| {
        let text = word.text.as_str();
        if text == short || text == long.trim_end_matches('=') {
            return words.get(at + 1).map(|value| value.span);
        }
        let length = [long, short].into_iter().find(|option| text.starts_with(*option)).map(str::len)?;
        after(word, length)
    })
}
