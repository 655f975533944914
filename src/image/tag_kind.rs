//! Tells tags that name a version from those that move with each release, for rules.

use super::known::has_word;

/// The kinds of tag that the rules tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TagKind {
    /// `latest`, and nothing else.
    Latest,
    /// A name, a major version or a variant: it moves with each release.
    Moving,
    /// A version with at least a minor number, a date, a build or a commit.
    Version,
}

/// Words for the distribution an image is built on. Their numbers are no version of the image: `alpine3.19` moves with
/// every release of its content.
const VARIANTS: &[&str] = &[
    "al",
    "almalinux",
    "alpine",
    "amazonlinux",
    "azurelinux",
    "bionic",
    "bookworm",
    "bullseye",
    "buster",
    "centos",
    "debian",
    "fedora",
    "focal",
    "jammy",
    "ltsc",
    "mariner",
    "nanoserver",
    "noble",
    "ol",
    "oraclelinux",
    "rockylinux",
    "trixie",
    "ubi",
    "ubuntu",
    "windowsservercore",
];

/// Words by which a tag is rebuilt in place, whatever version stands beside them.
const REBUILT: &[&str] = &["latest", "snapshot"];

impl TagKind {
    /// Reads the tag's words, split at `-` and `_`. One word with a version, a date, a build number or a commit is
    /// enough: `3.9-alpine3.15` names a minor release, as `bookworm-20240513` names a day. A major version alone
    /// (`3-alpine`, `22-slim`, `jdk21`) and every other name (`stable`, `main`, `lts`) moves.
    #[must_use]
    pub fn from_tag(tag: &str) -> Self {
        if tag == "latest" {
            return Self::Latest;
        }
        let words = || tag.split(['-', '_']);
        if words().any(|word| REBUILT.iter().any(|name| word.eq_ignore_ascii_case(name))) {
            return Self::Moving;
        }
        let says_more = words().filter(|word| !is_variant(word)).any(|word| {
            is_dotted_version(word) || is_update(word) || has_long_number(word) || is_commit(word)
        });
        let numbered_build =
            words().zip(words().skip(1)).any(|(word, next)| word == "build" && is_number(next));
        if says_more || numbered_build { Self::Version } else { Self::Moving }
    }
}

fn is_variant(word: &str) -> bool {
    VARIANTS.iter().any(|name| has_word(word, name))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `1.25`, `v1.0.3`, `1.0.0rc1`, and behind a name only with three numbers: `go1.22.3` is a release of something,
/// `php8.3` is what it was built with. `1.x` moves.
fn is_dotted_version(word: &str) -> bool {
    let number = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let name = &word[..word.len() - number.len()];
    let parts: Vec<&str> = number.split('.').collect();
    let at_least = if matches!(name, "" | "v" | "V") { 2 } else { 3 };
    parts.len() >= at_least
        && is_number(parts[0])
        && parts.iter().all(|part| part.starts_with(|c: char| c.is_ascii_digit()) || is_prerelease(part))
}

/// The middle of `1.0.0.rc1` and of `4.1.115.Final`.
fn is_prerelease(part: &str) -> bool {
    part.len() > 1 && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Java's older way: `8u362`.
fn is_update(word: &str) -> bool {
    word.split_once('u').is_some_and(|(major, update)| is_number(major) && is_number(update))
}

/// A year, a date or a build number: four digits or more, a name before them or not (`20240501`, `b4321`,
/// `RELEASE.2024`).
fn has_long_number(word: &str) -> bool {
    word.split('.').any(|part| {
        let number = part.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        number.len() >= 4 && is_number(number)
    })
}

/// Seven or more hex digits. A short one must hold a decimal digit, so that no English word is one.
fn is_commit(word: &str) -> bool {
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    word.len() >= 7
        && word.bytes().all(hex)
        && (word.len() >= 12 || word.bytes().any(|byte| byte.is_ascii_digit()))
}
