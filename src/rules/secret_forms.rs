//! Recognises secrets by their own form, for rules: private keys, tokens of well-known services, bearer headers.

use std::sync::LazyLock;

use memchr::memmem;

use super::possible_secret::is_placeholder;
use crate::text::WordMatcher;

/// Beginnings of tokens of well-known services, and the least number of characters that follow.
const TOKEN_PREFIXES: [(&str, usize); 46] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 30),
    ("glpat-", 16),
    ("gldt-", 16),
    ("glrt-", 16),
    ("glptt-", 16),
    ("glsa_", 30),
    ("glc_", 30),
    ("xoxb-", 16),
    ("xoxp-", 16),
    ("xoxa-", 16),
    ("xoxs-", 16),
    ("xapp-", 16),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("sk_test_", 16),
    ("rk_test_", 16),
    ("whsec_", 24),
    ("sk-proj-", 30),
    ("sk-ant-", 30),
    ("npm_", 30),
    ("pypi-AgE", 30),
    ("rubygems_", 40),
    ("dckr_pat_", 20),
    ("dckr_oat_", 20),
    ("hvs.", 20),
    ("hvb.", 20),
    ("AIza", 30),
    ("GOCSPX-", 20),
    ("ya29.", 30),
    ("hf_", 30),
    ("SG.", 40),
    ("shpat_", 30),
    ("shpss_", 30),
    ("dop_v1_", 40),
    ("lin_api_", 30),
    ("nvapi-", 30),
    ("tskey-", 20),
    ("sntrys_", 30),
    ("ATATT3", 40),
    ("AGE-SECRET-KEY-1", 40),
    ("pul-", 40),
];

/// The beginning of the first line of a key in PEM, after its dashes.
const PEM_BEGIN: &str = "BEGIN ";

/// The beginnings of ids of AWS access keys: of users, and of sessions.
const ACCESS_KEY_PREFIXES: [&str; 2] = ["AKIA", "ASIA"];

/// The beginnings of values that are secret by their form.
static SECRET_BEGINNINGS: LazyLock<WordMatcher> = LazyLock::new(|| {
    let prefixes = TOKEN_PREFIXES.iter().map(|(prefix, _)| *prefix);
    WordMatcher::new(prefixes.chain(ACCESS_KEY_PREFIXES).chain([PEM_BEGIN, "eyJ"]))
});

/// True when any such beginning stands in the value: a search that spares whole files in a ConfigMap the reading word
/// by word.
pub(super) fn may_hold_token(value: &str) -> bool {
    SECRET_BEGINNINGS.any_in(value)
}

/// True when one of the value's words is a token; the parts of an address are words too.
pub(super) fn holds_token(value: &str) -> bool {
    value.split(|c: char| c.is_whitespace() || "\"'`,;:=<>()[]{}/@?&|#\\".contains(c)).any(is_token)
}

/// `bearer` and a token, as a request's header has it, with or without the header's name.
pub(super) fn holds_bearer(value: &str) -> bool {
    let value = value.trim();
    let header = value.get(..13).filter(|name| name.eq_ignore_ascii_case("authorization"));
    let value = match header {
        Some(name) => value[name.len()..].trim_start_matches([':', '=', ' ']),
        None => value,
    };
    let (word, rest) = value.split_once(' ').unwrap_or_default();
    let token = rest.trim();
    word.eq_ignore_ascii_case("bearer") && token.len() >= 8 && !token.contains(' ') && !is_placeholder(token)
}

pub(super) fn has_private_key(value: &str) -> bool {
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

/// An AWS access key's id: its beginning and sixteen capitals or digits.
fn is_access_key(word: &str) -> bool {
    ACCESS_KEY_PREFIXES
        .iter()
        .filter_map(|prefix| word.strip_prefix(prefix))
        .any(|rest| rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
}

/// A JSON web token: three parts in base64url, of which the first two begin as JSON does.
fn is_web_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let encoded = |part: &&str| {
        part.len() >= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
    };
    parts.len() == 3 && parts.iter().all(encoded) && parts[..2].iter().all(|part| part.starts_with("eyJ"))
}
