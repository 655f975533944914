//! Writes single values into the text of `seaworthy.toml`, for a person who wants one kept: every other byte stays, and the
//! text is read again to prove it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::parse_settings;
use crate::text::line_ending;

/// One value of the settings: the table, the key in it, and the value as TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingValue {
    pub table: &'static str,
    pub key: String,
    pub value: String,
}

/// The text with these values in it.
///
/// # Errors
/// Why one of them has no place in it, for a person.
pub fn set_values(text: &str, values: &[SettingValue], rules: &[&'static str]) -> Result<String, String> {
    parse_settings(text, rules).map_err(|error| error.to_string())?;
    let mut out = text.to_owned();
    for value in values {
        out = set_value(&out, value)?;
    }
    let names = |value: &SettingValue| match value.table {
        "resources" => format!("resources.{}", value.key),
        table => format!("{table}.{}", super::quote_toml(&value.key)),
    };
    let shown: Vec<(String, String)> =
        values.iter().map(|value| (names(value), value.value.clone())).collect();
    prove_values(text, &out, &shown, rules)?;
    Ok(out)
}

fn set_value(text: &str, setting: &SettingValue) -> Result<String, String> {
    let root = DeTable::parse(text).map_err(|error| error.to_string())?;
    let root = root.get_ref();
    let entry = format!("{} = {}", quote_key(&setting.key), setting.value);
    let table = root.iter().find(|(key, _)| key.get_ref() == setting.table).map(|(_, value)| value);
    let Some(table) = table else {
        return Ok(append_table(text, &[format!("[{}]", setting.table), entry]));
    };
    let DeValue::Table(entries) = table.get_ref() else { return Err(foreign_form(setting.table)) };
    let known = entries.iter().find(|(key, _)| key.get_ref() == setting.key.as_str());
    if let Some((_, known)) = known {
        let Range { start, end } = known.span();
        return Ok(format!("{}{}{}", &text[..start], setting.value, &text[end..]));
    }
    let at = end_of_table(text, setting.table, entries).ok_or_else(|| foreign_form(setting.table))?;
    Ok(insert_entry(text, at, &entry))
}

/// The text with the lines of a table at its end, behind an empty one.
pub(super) fn append_table(text: &str, lines: &[String]) -> String {
    let ending = line_ending(text);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { ending };
    let gap = if text.trim().is_empty() { "" } else { ending };
    let lines: String = lines.iter().map(|line| format!("{line}{ending}")).collect();
    format!("{text}{end}{gap}{lines}")
}

/// The text with an entry on a line of its own at the end of a table.
pub(super) fn insert_entry(text: &str, at: usize, entry: &str) -> String {
    let ending = line_ending(text);
    let gap = if text[..at].ends_with('\n') { "" } else { ending };
    format!("{}{gap}{entry}{ending}{}", &text[..at], &text[at..])
}

pub(super) fn foreign_form(table: &str) -> String {
    format!("[{table}] is written in a form of its own in seaworthy.toml: add the value there by hand")
}

/// The place after the last entry of a table that has a line of its own as its heading.
pub(super) fn end_of_table(text: &str, name: &str, entries: &DeTable<'_>) -> Option<usize> {
    let heading = format!("[{name}]");
    let mut at = 0;
    let mut after_heading = None;
    for line in text.split_inclusive('\n') {
        at += line.len();
        let words = line.split('#').next().unwrap_or_default();
        if words.split_whitespace().collect::<String>() == heading {
            after_heading = Some(at);
            break;
        }
    }
    let after_heading = after_heading?;
    let last = entries.iter().map(|(_, value)| value.span().end).max();
    let last = last.filter(|last| *last > after_heading);
    let end_of_line = |from: usize| text[from..].find('\n').map_or(text.len(), |at| from + at + 1);
    Some(last.map_or(after_heading, end_of_line))
}

/// A key, quoted where it has to be.
pub(super) fn quote_key(key: &str) -> String {
    let is_bare = !key.is_empty()
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_bare { key.to_owned() } else { super::quote_toml(key) }
}

/// Reads both texts: the new one says the same as the old, and these values, each by the name under which settings are
/// shown.
pub(super) fn prove_values(
    before: &str,
    after: &str,
    values: &[(String, String)],
    rules: &[&'static str],
) -> Result<(), String> {
    let wrong = |why: String| format!("seaworthy.toml would not say what it should: {why}");
    let parsed = parse_settings(after, rules).map_err(|error| wrong(error.to_string()))?;
    let previous = parse_settings(before, rules).map_err(|error| wrong(error.to_string()))?;
    let is_set = |name: &String| values.iter().any(|(set, _)| set == name);
    for key in super::SETTING_KEYS {
        let (now, was) = ((key.show_values)(&parsed), (key.show_values)(&previous));
        let others = |list: &[(String, String)]| -> Vec<(String, String)> {
            list.iter().filter(|(name, _)| !is_set(name)).cloned().collect()
        };
        if others(&now) != others(&was) {
            return Err(wrong(format!("{} would change, too", key.name)));
        }
    }
    for (name, value) in values {
        let shown = super::SETTING_KEYS.iter().flat_map(|key| (key.show_values)(&parsed));
        if !shown.into_iter().any(|(key, text)| key == *name && text == *value) {
            return Err(wrong(format!("{name} would not be {value}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(key: &str, value: &str) -> SettingValue {
        SettingValue { table: "users", key: key.to_owned(), value: value.to_owned() }
    }

    fn set(text: &str, values: &[SettingValue]) -> Result<String, String> {
        set_values(text, values, &["moving-tag"])
    }

    #[test]
    fn a_file_that_is_not_there_gets_a_table() {
        let after = set("", &[user("api/Dockerfile", "[43122, 43122]")]).expect("it has a place");
        assert_eq!(after, "[users]\n\"api/Dockerfile\" = [43122, 43122]\n");
    }

    #[test]
    fn a_value_takes_the_place_of_the_one_before_and_another_stands_after_it() {
        let text = "# ours\nfail-on = \"high\"\n\n[users] # who\n\"a\" = [20000, 20000] # agreed\n\n[rules]\nmoving-tag = \"off\"";
        let after =
            set(text, &[user("a", "[30000, 30001]"), user("b", "[40000, 40000]")]).expect("it has a place");
        let expected =
            text.replace("[20000, 20000] # agreed\n", "[30000, 30001] # agreed\nb = [40000, 40000]\n");
        assert_eq!(after, expected);
    }

    #[test]
    fn an_empty_table_and_a_last_line_without_its_end_take_an_entry() {
        assert_eq!(
            set("[users]", &[user("b", "[40000, 40000]")]).expect("it has a place"),
            "[users]\nb = [40000, 40000]\n"
        );
        let crlf = set("fail-on = \"low\"\r\n", &[user("b", "[40000, 40000]")]).expect("it has a place");
        assert_eq!(crlf, "fail-on = \"low\"\r\n\r\n[users]\r\nb = [40000, 40000]\r\n");
    }

    #[test]
    fn other_forms_are_left_to_a_person() {
        for text in ["users = {a = [20000, 20000]}\n", "users.a = [20000, 20000]\n"] {
            let refused = set(text, &[user("b", "[40000, 40000]")]);
            assert!(refused.as_ref().is_err_and(|why| why.contains("by hand")), "{refused:?}");
            let changed = set(text, &[user("a", "[40000, 40000]")]).expect("it has a place");
            assert_eq!(changed, text.replace("20000", "40000"), "what is there has a place");
        }
        assert!(set("fail-on = 1\n", &[user("b", "[40000, 40000]")]).is_err());
    }
}
