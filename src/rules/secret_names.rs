//! Tells names of secrets from names that only speak about one, for rules and redaction.

/// Words that name a secret, some of them two in a row.
const SECRET_WORDS: [&[&str]; 15] = [
    &["PASSWORD"],
    &["PASSWORDS"],
    &["PASSWD"],
    &["PWD"],
    &["SECRET"],
    &["TOKEN"],
    &["CREDENTIAL"],
    &["CREDENTIALS"],
    &["API", "KEY"],
    &["APIKEY"],
    &["ACCESS", "KEY"],
    &["ACCESSKEY"],
    &["PRIVATE", "KEY"],
    &["PRIVATEKEY"],
    &["SECRETKEY"],
];

/// Words after such a word where the value only speaks about the secret: its place, its kind, its bounds.
const ABOUT_WORDS: [&str; 81] = [
    "AGE",
    "ALG",
    "ALGORITHM",
    "ARN",
    "ATTRIBUTE",
    "AUDIENCE",
    "BACKEND",
    "BYTES",
    "CHARS",
    "CLASS",
    "COMMAND",
    "COMPLEXITY",
    "CMD",
    "COOKIE",
    "COUNT",
    "DAYS",
    "DIR",
    "DIRECTORY",
    "DISABLED",
    "DURATION",
    "ENABLED",
    "ENCODING",
    "ENDPOINT",
    "ENGINE",
    "ENV",
    "EXP",
    "EXPIRATION",
    "EXPIRE",
    "EXPIRES",
    "EXPIRY",
    "FIELD",
    "FILE",
    "FILENAME",
    "FOLDER",
    "FORMAT",
    "HEADER",
    "HOURS",
    "INTERVAL",
    "ISSUER",
    "LEEWAY",
    "LENGTH",
    "LIFESPAN",
    "LIFETIME",
    "LIMIT",
    "LOCATION",
    "LOGIN",
    "MANAGER",
    "MAX",
    "MIN",
    "MINUTES",
    "MODE",
    "MOUNT",
    "NAME",
    "NAMESPACE",
    "NAMES",
    "PATH",
    "PATTERN",
    "POLICY",
    "PREFIX",
    "PROVIDER",
    "REF",
    "REFERENCE",
    "REGEX",
    "RENEWAL",
    "REQUIRED",
    "RETRIES",
    "ROTATION",
    "SCHEME",
    "SCOPE",
    "SECONDS",
    "SIZE",
    "SOURCE",
    "STORE",
    "SUFFIX",
    "TIMEOUT",
    "TTL",
    "TYPE",
    "URI",
    "URL",
    "VALIDITY",
    "VERSION",
];

/// Words that say so too where the name ends in them.
const ABOUT_ENDINGS: [&str; 20] = [
    "CFG",
    "CONF",
    "CONFIG",
    "GROUP",
    "HOST",
    "INI",
    "JSON",
    "OWNER",
    "PORT",
    "PROPERTIES",
    "REGION",
    "ROLE",
    "SERVER",
    "SERVICE",
    "SH",
    "TOML",
    "USER",
    "USERNAME",
    "YAML",
    "YML",
];

/// Words before such a word where the value only switches something: `MYSQL_RANDOM_ROOT_PASSWORD`.
const SWITCH_WORDS: [&str; 12] = [
    "ALLOW", "DISABLE", "DISABLED", "ENABLE", "ENABLED", "GENERATE", "PUBLIC", "RANDOM", "REQUIRE",
    "REQUIRED", "REQUIRES", "SKIP",
];

/// True for a name of a secret: one of the words stands in it, and nothing says that it is only about one.
#[must_use]
pub fn is_secret_name(name: &str) -> bool {
    let words = split_name(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    (0..words.len()).any(|at| {
        let Some(length) = secret_word_length(&words[at..]) else { return false };
        let (before, after) = (&words[..at], &words[at + length..]);
        let switches = before.iter().any(|word| SWITCH_WORDS.contains(word));
        let is_number_of_key = after.last() == Some(&"ID") && words[at] != "SECRET";
        let about = after.iter().any(|word| ABOUT_WORDS.contains(word))
            || after.last().is_some_and(|word| ABOUT_ENDINGS.contains(word));
        !switches && !about && !is_number_of_key
    })
}

/// The number of words at the beginning that name a secret. Names that run together end in one: `PGPASSWORD`.
fn secret_word_length(words: &[&str]) -> Option<usize> {
    let known = SECRET_WORDS.iter().find(|wanted| words.starts_with(wanted)).map(|wanted| wanted.len());
    known.or_else(|| words.first().filter(|word| word.ends_with("PASSWORD")).map(|_| 1))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_speaks_about_a_secret_is_none() {
        for name in [
            "DB_PASSWORD",
            "dbPassword",
            "PGPASSWORD",
            "ACCESS_TOKEN_SECRET",
            "VAULT_SECRET_ID",
            "AWS_CREDENTIALS",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "DB_PASSWORD_FILE",
            "TOKEN_EXPIRY_SECONDS",
            "PASSWORD_MIN_LENGTH",
            "CSRF_TOKEN_HEADER",
            "AWS_ACCESS_KEY_ID",
            "MYSQL_RANDOM_ROOT_PASSWORD",
            "secretBackend",
            "PASSWORD_ENCODING",
            "TOKEN_SOURCE",
            "TOKENIZER",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }
}
