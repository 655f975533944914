//! Detects secrets that are written out, for rules: by the name of the field that holds them, or by their own form.

use std::sync::LazyLock;

use memchr::memmem;

use crate::text::WordMatcher;

/// Words that name a secret, some of them two in a row.
const SECRET_WORDS: [&[&str]; 9] = [
    &["PASSWORD"],
    &["PASSWD"],
    &["PWD"],
    &["SECRET"],
    &["TOKEN"],
    &["CREDENTIAL"],
    &["API", "KEY"],
    &["ACCESS", "KEY"],
    &["PRIVATE", "KEY"],
];

/// Words after such a word where the value is only the place of the secret.
const PLACE_WORDS: [&str; 3] = ["FILE", "PATH", "NAME"];

/// Beginnings of tokens of well-known services, and the least number of characters that follow.
const TOKEN_PREFIXES: [(&str, usize); 16] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 16),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xoxa-", 16),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("npm_", 30),
    ("dckr_pat_", 20),
    ("hvs.", 20),
    ("AIza", 30),
];

/// The beginning of the first line of a key in PEM, after its dashes.
const PEM_BEGIN: &str = "BEGIN ";

/// True for a name of a secret: one of the words stands in it, and no word for a place after that.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let words = split_name(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    SECRET_WORDS.iter().any(|wanted| {
        (0..words.len()).any(|at| {
            words[at..].starts_with(wanted)
                && !words[at + wanted.len()..].iter().any(|word| PLACE_WORDS.contains(word))
        })
    })
}

/// The words of a name in upper case: cut at whatever is no letter or digit, and before the capitals of `dbPassword`.
fn split_name(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let capital = c.is_ascii_uppercase() && before.is_ascii_lowercase();
        if capital || !c.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| c.is_ascii_alphanumeric()) {
            word.push(c.to_ascii_uppercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// True when a value under a secret's name may be the secret: it is neither empty, nor a place where one lies, nor a
/// reference that something fills in later, nor a yes or no, nor a whole file.
pub(super) fn may_be_secret(value: &str) -> bool {
    let value = value.trim();
    let is_file = value.contains('\n');
    let is_place = value.starts_with(['/', '~'])
        || value.starts_with("./")
        || value.starts_with("../")
        || value.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/")
        || (value.contains("://") && !value.contains('@'));
    let is_answer =
        ["true", "false", "yes", "no", "on", "off"].iter().any(|word| value.eq_ignore_ascii_case(word));
    !value.is_empty() && !is_file && !is_place && !is_answer && !is_placeholder(value)
}

/// True for a text that is yet to be filled in: `$(NAME)`, `${NAME}`, `$NAME`, `{{ … }}`.
fn is_placeholder(value: &str) -> bool {
    let is_name =
        |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    value.contains("$(")
        || value.contains("${")
        || value.contains("{{")
        || value.strip_prefix('$').is_some_and(is_name)
}

/// True when a value is a secret by its form, or holds one among other text.
pub(super) fn is_secret_value(value: &str) -> bool {
    is_bearer(value) || (may_hold_secret(value) && (has_private_key(value) || holds_token(value)))
}

/// The beginnings of values that are secret by their form.
static SECRET_BEGINNINGS: LazyLock<WordMatcher> = LazyLock::new(|| {
    let prefixes = TOKEN_PREFIXES.iter().map(|(prefix, _)| *prefix);
    WordMatcher::new(prefixes.chain([PEM_BEGIN, "AKIA", "eyJ"]))
});

/// True when any such beginning stands in the value: a search that spares whole files in a ConfigMap the reading word
/// by word.
fn may_hold_secret(value: &str) -> bool {
    SECRET_BEGINNINGS.any_in(value)
}

fn holds_token(value: &str) -> bool {
    value.split(|c: char| c.is_whitespace() || "\"'`,;=<>()[]{}".contains(c)).any(is_token)
}

/// `bearer` and a token, as a request's header has it.
fn is_bearer(value: &str) -> bool {
    let (word, rest) = value.trim().split_once(' ').unwrap_or_default();
    let token = rest.trim();
    word.eq_ignore_ascii_case("bearer") && token.len() >= 8 && !token.contains(' ') && !is_placeholder(token)
}

fn has_private_key(value: &str) -> bool {
    memmem::find_iter(value.as_bytes(), PEM_BEGIN).any(|at| {
        let line = value[at + PEM_BEGIN.len()..].lines().next().unwrap_or_default();
        line.find("PRIVATE KEY")
            .is_some_and(|key| line[..key].chars().all(|c| c.is_ascii_uppercase() || c == ' '))
    })
}

fn is_token(word: &str) -> bool {
    let of_token = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let prefixed = TOKEN_PREFIXES.iter().any(|(prefix, least)| {
        word.strip_prefix(prefix).is_some_and(|rest| rest.len() >= *least && rest.chars().all(of_token))
    });
    prefixed || is_access_key(word) || is_web_token(word)
}

/// An AWS access key's id: `AKIA` and sixteen capitals or digits.
fn is_access_key(word: &str) -> bool {
    word.strip_prefix("AKIA").is_some_and(|rest| {
        rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    })
}

/// A JSON web token: three parts in base64url, of which the first two begin as JSON does.
fn is_web_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let encoded = |part: &&str| {
        part.len() >= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    parts.len() == 3 && parts.iter().all(encoded) && parts[..2].iter().all(|part| part.starts_with("eyJ"))
}

/// A secret as it may be shown: its first two characters and `…`.
pub(super) fn mask_secret(value: &str) -> String {
    value.trim().chars().take(2).chain(['…']).collect()
}
