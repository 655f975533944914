//! Parses `seaworthy.toml` into settings, or reports its first error.

use std::cell::Cell;
use std::ops::Range;

use toml::de::DeTable;

use super::setting_reader::{ReadingContext, SettingReader, ValueError, suggestion_text};
use super::{SETTING_KEYS, SettingKey, Settings};
use crate::base::find_nearest_name;

/// The error of the settings: the line, from 1, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {message}", super::SETTINGS_FILE)]
pub struct SettingsError {
    pub line: usize,
    pub message: String,
}

/// Reads the settings of a repository whose rules are these.
///
/// # Errors
/// The first key or value that cannot be read.
pub fn parse_settings(text: &str, rules: &[&'static str]) -> Result<Settings, SettingsError> {
    let line = |at: &Range<usize>| text.get(..at.start).unwrap_or(text).matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| SettingsError {
        line: line(&error.span().unwrap_or_default()),
        message: match error.span().and_then(|at| text.get(at)) {
            Some(word) if error.message() == "duplicate key" => {
                format!("`{word}` stands here for the second time")
            }
            _ => error.message().lines().collect::<Vec<_>>().join(", "),
        },
    })?;
    let context = ReadingContext {
        rule_ids: rules.to_vec(),
        pattern_count: Cell::new(0),
        line_ends: text.match_indices('\n').map(|(end, _)| end).collect(),
    };
    let mut settings = Settings::default();
    let mut take = |name: &str, key: &SettingKey, value: &SettingReader<'_>| {
        settings.key_lines.insert(name.to_owned(), line(&value.key_range));
        (key.apply_value)(&mut settings, value)
    };
    visit_keys(table.get_ref(), &context, &mut take).map_err(|wrong| {
        let there = text.get(wrong.range.clone()).and_then(|value| value.lines().next()).unwrap_or_default();
        let not = if wrong.shows_value { format!(", not `{there}`") } else { String::new() };
        SettingsError { line: line(&wrong.range), message: wrong.message + &not }
    })?;
    Ok(settings)
}

/// Gives each key of the table, and of the tables in it, to whoever takes it.
fn visit_keys(
    table: &DeTable<'_>,
    context: &ReadingContext,
    take: &mut impl FnMut(&str, &SettingKey, &SettingReader<'_>) -> Result<(), ValueError>,
) -> Result<(), ValueError> {
    for (key, value) in table {
        let value = SettingReader::from_entry(key, value, context);
        let within = format!("{}.", value.key);
        if let Some(known) = SETTING_KEYS.iter().find(|known| known.name == value.key) {
            take(value.key, known, &value)?;
        } else if SETTING_KEYS.iter().any(|known| known.name.starts_with(&within)) {
            for (key, inner) in value.read_table()? {
                let inner = SettingReader::from_entry(key, inner, context);
                let name = format!("{within}{}", inner.key);
                let open = format!("{within}*");
                let known = SETTING_KEYS.iter().find(|known| known.name == name || known.name == open);
                take(&name, known.ok_or_else(|| unknown_key(&inner, &within))?, &inner)?;
            }
        } else {
            return Err(unknown_key(&value, ""));
        }
    }
    Ok(())
}

/// The error of an unknown key, with the nearest of its neighbours.
fn unknown_key(setting: &SettingReader<'_>, within: &str) -> ValueError {
    let beside = SETTING_KEYS.iter().filter_map(|known| known.name.strip_prefix(within));
    let beside = beside.map(|name| name.split('.').next().unwrap_or_default());
    let name = format!("{within}{}", setting.key);
    setting.key_error(format!(
        "there is no setting `{name}`{}",
        suggestion_text(find_nearest_name(setting.key, beside), within)
    ))
}
