//! Lists the options and variables that turn off the check of certificates, for rules about downloads.

use crate::dockerfile::SpannedWord;
use crate::dockerfile::shell::Invocation;

/// Options that are nothing else.
pub(super) const PURE_OPTIONS: [&str; 4] = ["-k", "--insecure", "--no-check-certificate", "--no-verify-ssl"];

/// True when a variable of this value turns the check off.
pub(super) fn turns_check_off(name: &str, value: &str) -> bool {
    match name {
        // git only tests that the variable is there, whatever its value.
        "GIT_SSL_NO_VERIFY" => true,
        "PYTHONHTTPSVERIFY" | "NODE_TLS_REJECT_UNAUTHORIZED" => value == "0",
        "PIP_TRUSTED_HOST" => !value.is_empty(),
        _ if name.eq_ignore_ascii_case("NPM_CONFIG_STRICT_SSL") => is_false(value),
        _ => false,
    }
}

/// True when a variable has no other purpose, so that it may go.
pub(super) fn may_be_removed(name: &str) -> bool {
    matches!(
        name,
        "GIT_SSL_NO_VERIFY" | "PYTHONHTTPSVERIFY" | "NODE_TLS_REJECT_UNAUTHORIZED" | "PIP_TRUSTED_HOST"
    )
}

fn is_false(value: &str) -> bool {
    matches!(value.to_ascii_lowercase().as_str(), "false" | "0" | "no" | "off")
}

/// The words of a call by which it does not check.
pub(super) fn insecure_options(call: Invocation<'_>) -> Vec<&SpannedWord> {
    let words = call.arguments();
    match call.name() {
        "curl" => words.iter().filter(|word| is_insecure(&word.text)).collect(),
        "wget" | "wget2" => words.iter().filter(|word| word.text == "--no-check-certificate").collect(),
        "npm" | "yarn" | "pnpm" => {
            let off = ["--strict-ssl=false", "--no-strict-ssl"];
            words.iter().filter(|word| off.contains(&word.text.as_str())).collect()
        }
        "aws" => words.iter().filter(|word| word.text == "--no-verify-ssl").collect(),
        name if name.starts_with("pip") || name.starts_with("python") || name == "uv" => {
            let trusted = |word: &&SpannedWord| {
                word.text == "--trusted-host" || word.text.starts_with("--trusted-host=")
            };
            words.iter().filter(trusted).collect()
        }
        _ => Vec::new(),
    }
}

/// `-k`, `--insecure`, or a cluster of curl's flags with `k` among them before one that takes a value.
fn is_insecure(word: &str) -> bool {
    let Some(flags) = word.strip_prefix('-').filter(|flags| !flags.starts_with('-')) else {
        return word == "--insecure" || word == "--proxy-insecure";
    };
    // curl(1): the short options that take a value; the rest of the word is that value.
    let ends = flags.find(|c: char| "AbCcDdEeFHhKmoPQrTtUuwXxYyz".contains(c)).unwrap_or(flags.len());
    flags[..ends].contains('k')
}

/// The word of a call that turns the check off for all calls to come.
pub(super) fn insecure_setting(call: Invocation<'_>) -> Option<&SpannedWord> {
    let words = call.arguments();
    let pair = |key: &str| {
        words.iter().enumerate().find_map(|(at, word)| {
            let (name, value) =
                word.text.split_once('=').map_or((word.text.as_str(), None), |(n, v)| (n, Some(v)));
            let value = value.or_else(|| words.get(at + 1).map(|next| next.text.as_str()))?;
            (name.eq_ignore_ascii_case(key) && is_false(value)).then_some(word)
        })
    };
    match call.name() {
        "npm" | "yarn" | "pnpm" => {
            let sets = words.iter().any(|word| matches!(word.text.as_str(), "set" | "config"));
            pair("strict-ssl").filter(|_| sets)
        }
        "git" => pair("http.sslVerify").or_else(|| {
            let of_host = |word: &&SpannedWord| {
                let name = word.text.to_ascii_lowercase();
                name.starts_with("http.") && (name.ends_with(".sslverify"))
            };
            let at = words.iter().position(|word| of_host(&word))?;
            words.get(at + 1).filter(|value| is_false(&value.text)).and_then(|_| words.get(at))
        }),
        _ => words.iter().find(|word| {
            let text = word.text.to_ascii_lowercase().replace(' ', "");
            ["sslverify=false", "sslverify=0", "sslverify=no", "strict-ssl=false"]
                .iter()
                .any(|off| text.contains(off))
        }),
    }
}

/// True when a setting is all that the call does, in words that no shell changes.
pub(super) fn is_plain_setting(call: Invocation<'_>) -> bool {
    let words: Vec<&str> = call.arguments().iter().map(|word| word.text.as_str()).collect();
    match call.name() {
        "npm" => {
            let rest = words.strip_prefix(&["config"]).unwrap_or(&words);
            matches!(
                rest,
                ["set", "strict-ssl", "false"]
                    | ["set", "strict-ssl", "false", "-g" | "--global"]
                    | ["set", "strict-ssl=false"]
                    | ["set", "strict-ssl=false", "-g" | "--global"]
            )
        }
        "yarn" | "pnpm" => matches!(
            words.as_slice(),
            ["config", "set", "strict-ssl", "false"] | ["config", "set", "strict-ssl", "false", "-g"]
        ),
        "git" => matches!(
            words.as_slice(),
            ["config", "http.sslVerify", "false"]
                | ["config", "--global" | "--system", "http.sslVerify", "false"]
        ),
        _ => false,
    }
}
