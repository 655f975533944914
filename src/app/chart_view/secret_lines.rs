//! Finds the values of Secrets in a rendered text, which are not shown whole: base64 hides them from nobody.

use std::collections::BTreeSet;

/// The lines, from 1, in which the values of Secrets stand.
pub(super) fn lines_of_secrets(text: &str) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let lines: Vec<&str> = text.lines().collect();
    let mut number = 0;
    for document in lines.split(|line| line.starts_with("---")) {
        if document.iter().any(|line| value_of(line, "kind").is_some_and(|kind| kind == "Secret")) {
            let mut is_data = false;
            for (at, line) in document.iter().enumerate() {
                if line.starts_with(|c: char| c.is_alphabetic()) {
                    is_data = ["data", "stringData"].into_iter().any(|key| value_of(line, key).is_some());
                } else if is_data {
                    found.insert(number + at + 1);
                }
            }
        }
        number += document.len() + 1;
    }
    found
}

/// A line of a Secret's values: the key, and the first characters of the value.
pub(super) fn hide_value(line: &str) -> String {
    let (key, value) = match line.split_once(": ") {
        Some((key, value)) => (format!("{key}: "), value),
        // More of a value of several lines.
        None if line.trim_end().ends_with(':') => return line.to_owned(),
        None => {
            let blanks = line.len() - line.trim_start().len();
            (line[..blanks].to_owned(), &line[blanks..])
        }
    };
    let is_empty = matches!(value.trim(), "" | "|" | "|-" | ">" | ">-" | "\"\"" | "''");
    if is_empty { line.to_owned() } else { format!("{key}{}…", value.chars().take(2).collect::<String>()) }
}

fn value_of<'l>(line: &'l str, key: &str) -> Option<&'l str> {
    Some(line.strip_prefix(key)?.strip_prefix(':')?.trim().trim_matches(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_secrets_are_found_whatever_comes_first() {
        let text = "apiVersion: v1\ndata:\n  password: c2VjcmV0\nkind: Secret\n---\nkind: ConfigMap\ndata:\n  a: b\n";
        assert_eq!(lines_of_secrets(text), BTreeSet::from([3]));
        let late =
            "kind: ConfigMap\n---\nkind: \"Secret\"\nmetadata:\n  name: x\nstringData:\n  k: |\n    long\n";
        assert_eq!(lines_of_secrets(late), BTreeSet::from([7, 8]));
    }

    #[test]
    fn a_value_keeps_its_key_and_two_characters() {
        assert_eq!(hide_value("  password: c2VjcmV0"), "  password: c2…");
        assert_eq!(hide_value("    long line"), "    lo…");
        assert_eq!(hide_value("  k: |-"), "  k: |-");
        assert_eq!(hide_value("  k: \"\""), "  k: \"\"");
    }
}
