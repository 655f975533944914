//! Tells secrets from settings for rules: passwords in addresses, places, numbers, times, what is filled in later.

use super::secret_names::is_secret_name;

/// Words that answer a question or name a state.
const ANSWERS: [&str; 16] = [
    "true", "false", "yes", "no", "on", "off", "enabled", "disabled", "enable", "disable", "none", "null",
    "nil", "required", "optional", "always",
];

/// Beginnings of references to a place in a secret store: of vault-env and bank-vaults, vals, chamber and the clouds.
const STORE_REFERENCES: [&str; 14] = [
    "arn:",
    "vault:",
    ">>vault:",
    "ref+",
    "ref:",
    "secretref:",
    "keyvaultref:",
    "awssm:",
    "awsssm:",
    "ssm:",
    "gcpsm:",
    "sm:",
    "azurekeyvault:",
    "secret:",
];

/// Units of time, as Go, systemd and others write them.
const TIME_UNITS: [&str; 24] = [
    "ns", "us", "µs", "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes",
    "h", "hour", "hours", "d", "day", "days", "w", "week", "weeks", "y",
];

/// True when a value under a secret's name may be the secret: it is neither empty, nor a plain setting such as a
/// place, a number or a yes, nor a reference that something fills in later, nor a whole file.
pub(super) fn may_be_secret(value: &str) -> bool {
    let value = value.trim();
    !value.is_empty() && !value.contains('\n') && !is_plain_setting(value) && !is_placeholder(value)
}

/// True for a value that is a place, a number, a time, an answer or a reference to a store, and so no secret.
fn is_plain_setting(value: &str) -> bool {
    let is_path = value.starts_with(['/', '~'])
        || value.starts_with("./")
        || value.starts_with("../")
        || value.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/");
    let is_address = value.contains("://") && !holds_url_password(value);
    let is_answer = ANSWERS.iter().any(|word| value.eq_ignore_ascii_case(word));
    let lower = value.to_ascii_lowercase();
    let is_reference = STORE_REFERENCES.iter().any(|begin| lower.starts_with(begin))
        || lower.starts_with("projects/") && lower.contains("/secrets/");
    is_path || is_address || is_answer || is_reference || value.parse::<f64>().is_ok() || is_duration(value)
}

/// `24h`, `1h30m`, `15 minutes`, and ISO 8601's `PT15M`.
fn is_duration(value: &str) -> bool {
    let iso = value.strip_prefix('P').filter(|rest| rest.contains(|c: char| c.is_ascii_digit()));
    if iso.is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || "YMWDTHS.".contains(c))) {
        return true;
    }
    let mut rest = value;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let unit = rest[number..].trim_start();
        let end = unit.find(|c: char| !c.is_alphabetic()).unwrap_or(unit.len());
        if number == 0 || !TIME_UNITS.contains(&&*unit[..end].to_ascii_lowercase()) {
            return false;
        }
        rest = unit[end..].trim_start();
    }
    !value.is_empty()
}

/// True for a text that is yet to be filled in: `$(NAME)`, `${NAME}`, `$NAME`, `{{ … }}`, `<your token>`, `@NAME@`,
/// `INSERT_KEY_HERE`; and for one that is encrypted.
pub(super) fn is_placeholder(value: &str) -> bool {
    let is_name =
        |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let between = |open: &str, close: &str| {
        value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_name)
    };
    value.contains("$(")
        || value.contains("${")
        || value.contains("{{")
        || value.contains("#{")
        || (value.starts_with('<') && value.ends_with('>'))
        || value.starts_with("ENC[")
        || value.starts_with("{cipher}")
        || [("@", "@"), ("__", "__"), ("%", "%")].iter().any(|(open, close)| between(open, close))
        || value.strip_prefix('$').is_some_and(is_name)
        || names_what_is_missing(value)
}

/// True for a name in capitals that says what to put in its place: `YOUR_TOKEN`, `API_KEY_VALUE`.
fn names_what_is_missing(value: &str) -> bool {
    const BEGINNINGS: [&str; 4] = ["INSERT_", "YOUR_", "REPLACE_", "ENTER_"];
    const ENDINGS: [&str; 4] = ["_HERE", "_VAL", "_VALUE", "_PLACEHOLDER"];
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    value.bytes().all(is_capital)
        && (BEGINNINGS.iter().any(|word| value.starts_with(word))
            || ENDINGS.iter().any(|word| value.ends_with(word)))
}

/// True when an address in the value has a password: before its host (`redis://user:…@host`), or among its parameters
/// (`?password=…`, and `;Password=…` of connection strings). Comment lines of a file are examples.
pub(super) fn holds_url_password(value: &str) -> bool {
    if !value.contains("://") && !value.contains(';') {
        return false;
    }
    let lines = value.lines().map(str::trim_start);
    let is_comment = |line: &str| line.starts_with(['#', ';']) || line.starts_with("//");
    let one_line = !value.contains('\n');
    lines
        .filter(|line| one_line || !is_comment(line))
        .any(|line| has_userinfo_password(line) || is_connection_string(line) && has_password_parameter(line))
}

/// `scheme://user:password@host`, the password written out.
fn has_userinfo_password(line: &str) -> bool {
    line.match_indices("://").any(|(at, mark)| {
        let scheme = line[..at].chars().next_back();
        let rest = &line[at + mark.len()..];
        let end = rest.find(|c: char| "/?#\"'`<>\\".contains(c) || c.is_whitespace());
        let authority = &rest[..end.unwrap_or(rest.len())];
        let userinfo = authority.rfind('@').map(|sign| &authority[..sign]);
        let password = userinfo.and_then(|userinfo| userinfo.split_once(':')).map(|(_, password)| password);
        scheme.is_some_and(|c| c.is_ascii_alphanumeric()) && password.is_some_and(is_written_out)
    })
}

/// A password as it stands in an address: not empty, no variable, and not blotted out.
fn is_written_out(password: &str) -> bool {
    let blotted = password.chars().all(|c| matches!(c, '*' | 'x' | 'X' | '.' | '…'));
    !password.is_empty() && !blotted && !password.starts_with(['$', '%']) && !is_placeholder(password)
}

/// True for an address, and for `Server=…;Password=…`: settings one after another, without blanks in their names.
fn is_connection_string(line: &str) -> bool {
    let settings = || line.split(';').filter(|part| !part.trim().is_empty());
    let is_setting = |part: &str| {
        let name = part.split_once('=').map(|(name, _)| name.trim());
        name.is_some_and(|name| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ')
        })
    };
    line.contains("://") || settings().count() > 1 && settings().all(is_setting)
}

fn has_password_parameter(line: &str) -> bool {
    let ends = |c: char| "?&;".contains(c) || c.is_whitespace() || "\"'`".contains(c);
    line.split(ends).skip(1).any(|part| {
        part.split_once('=').is_some_and(|(name, value)| is_secret_name(name) && may_be_secret(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_setting_under_the_name_of_a_secret_is_none() {
        for value in [
            "/run/secrets/db",
            "12",
            "3600",
            "24h",
            "1h30m",
            "PT15M",
            "true",
            "enabled",
            "arn:aws:x:y",
            "op://a/b/c",
            "vault:secret/data/gate#password",
            "$(X)",
            "{{ .x }}",
            "<your token>",
            "INSERT_KEY_HERE",
            "YOUR_TOKEN",
            "API_KEY_VAL",
            "ENC[AES256_GCM,data:x]",
        ] {
            assert!(!may_be_secret(value), "{value}");
        }
        for value in [
            "hunter2",
            "s3cr3t/with+slash==",
            "redis://a:b@c",
            "12ab",
            "changeme",
            "pa$$word",
            "YOURS2",
            "A_VALUE_2",
        ] {
            assert!(may_be_secret(value), "{value}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_a_secret_wherever_the_address_stands() {
        for value in [
            "redis://default:s3cr3t@redis:6379/0",
            "redis://:s3cr3t@redis",
            "jdbc:postgresql://db/app?user=app&password=s3cr3t",
            "mongodb://a:b%40c@m1,m2/db, or so",
            "Server=db;User Id=app;Password=s3cr3t;",
        ] {
            assert!(holds_url_password(value), "{value}");
        }
        for value in [
            "https://builder@git.example/mirror.git",
            "redis://default:$(PW)@redis",
            "redis://default:${PW}@redis",
            "redis://:@redis",
            "http://proxy:3128/a@b",
            "https://login.example/token?grant_type=password",
            "https://a.example/?token_type=bearer&password=",
        ] {
            assert!(!holds_url_password(value), "{value}");
        }
    }
}
