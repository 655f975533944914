//! Parses `seaworthy.toml` into settings, or reports its first error.

use std::cell::Cell;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{ImagePin, PathPatterns, SETTING_KEYS, SettingKey, Settings, SettingsSuppression};
use crate::base::find_nearest_name;
use crate::finding::Severity;

/// The error of the settings: the line, from 1, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {message}", super::SETTINGS_FILE)]
pub struct SettingsError {
    pub line: usize,
    pub message: String,
}

/// The error of a value, and its place in the text.
pub(super) struct ValueError {
    message: String,
    range: Range<usize>,
    /// True when the value is to be shown after the message.
    shows_value: bool,
}

/// A value with its key, being read.
pub(super) struct SettingReader<'a> {
    pub key: &'a str,
    key_range: Range<usize>,
    value: &'a DeValue<'a>,
    value_range: Range<usize>,
    context: &'a ReadingContext,
}

/// What is known while settings are read.
pub(super) struct ReadingContext {
    rule_ids: Vec<&'static str>,
    /// The patterns of paths so far.
    pattern_count: Cell<usize>,
}

/// The most patterns of paths in the settings: each takes up to 20 KiB of memory, and is compared with each path.
const MAX_PATTERNS: usize = 5_000;

/// The most exceptions: each is compared with each file that has a finding of its rule.
const MAX_SUPPRESSIONS: usize = 1_000;

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
    let context = ReadingContext { rule_ids: rules.to_vec(), pattern_count: Cell::new(0) };
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
                take(&name, known.ok_or_else(|| inner.unknown_key(&within))?, &inner)?;
            }
        } else {
            return Err(value.unknown_key(""));
        }
    }
    Ok(())
}

impl<'a> SettingReader<'a> {
    fn from_entry(
        key: &'a Spanned<DeString<'a>>,
        value: &'a Spanned<DeValue<'a>>,
        context: &'a ReadingContext,
    ) -> Self {
        Self {
            key: key.get_ref(),
            key_range: key.span(),
            value: value.get_ref(),
            value_range: value.span(),
            context,
        }
    }

    /// The error of an unknown key, with the nearest of its neighbours.
    fn unknown_key(&self, within: &str) -> ValueError {
        let beside = SETTING_KEYS.iter().filter_map(|known| known.name.strip_prefix(within));
        let beside = beside.map(|name| name.split('.').next().unwrap_or_default());
        let name = format!("{within}{}", self.key);
        self.key_error(format!(
            "there is no setting `{name}`{}",
            suggestion_text(find_nearest_name(self.key, beside), within)
        ))
    }

    fn key_error(&self, message: String) -> ValueError {
        ValueError { message, range: self.key_range.clone(), shows_value: false }
    }

    fn value_error(&self, wants: &str) -> ValueError {
        let message = format!("`{}` must be {wants}", self.key);
        ValueError { message, range: self.value_range.clone(), shows_value: true }
    }

    fn read_text(&self) -> Result<&'a str, ValueError> {
        self.value.as_str().ok_or_else(|| self.value_error("a string"))
    }

    fn read_table(&self) -> Result<&'a DeTable<'a>, ValueError> {
        self.value.as_table().ok_or_else(|| self.value_error("a table"))
    }

    /// A severity; none for the other word, which users may also write as false.
    pub(super) fn read_severity(&self, other: &'static str) -> Result<Option<Severity>, ValueError> {
        let text = match self.value {
            DeValue::String(text) if text == other => return Ok(None),
            DeValue::String(text) => text.as_ref(),
            DeValue::Boolean(false) => other,
            _ => "",
        };
        let wrong = || {
            let words = Severity::ALL.map(Severity::name).into_iter().chain([other]);
            let near = find_nearest_name(text, words).map(|near| format!("\"{near}\""));
            let near = suggestion_text(near.as_deref(), "");
            self.value_error(&format!(
                "\"critical\", \"high\", \"medium\", \"low\", \"info\" or \"{other}\"{near}"
            ))
        };
        text.parse().map(Some).map_err(|_: String| wrong())
    }

    /// The key, which is a rule's id.
    pub(super) fn read_rule_id(&self) -> Result<String, ValueError> {
        self.check_rule_id(self.key).map_err(|message| self.key_error(message))
    }

    fn check_rule_id(&self, id: &str) -> Result<String, String> {
        let near = || suggestion_text(find_nearest_name(id, self.context.rule_ids.iter().copied()), "");
        let known = self.context.rule_ids.contains(&id).then(|| id.to_owned());
        known.ok_or_else(|| format!("there is no rule `{id}`{}", near()))
    }

    /// Texts; one alone may stand without brackets.
    fn read_texts(&self) -> Result<Vec<String>, ValueError> {
        let wrong = || self.value_error("a list of strings, such as [\"one\", \"two\"]");
        match self.value {
            DeValue::String(text) => Ok(vec![text.to_string()]),
            DeValue::Array(items) => items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned).ok_or_else(wrong))
                .collect(),
            _ => Err(wrong()),
        }
    }

    pub(super) fn read_patterns(&self) -> Result<PathPatterns, ValueError> {
        let refused = |message| ValueError { message, range: self.value_range.clone(), shows_value: false };
        let patterns = self.read_texts()?;
        let count = self.context.pattern_count.get() + patterns.len();
        self.context.pattern_count.set(count);
        if count > MAX_PATTERNS {
            return Err(refused(format!(
                "more than {MAX_PATTERNS} patterns of paths are not read: name folders where they name files"
            )));
        }
        PathPatterns::new(patterns).map_err(refused)
    }

    pub(super) fn read_absolute_paths(&self) -> Result<Vec<String>, ValueError> {
        let paths = self.read_texts()?;
        let whole = paths.iter().all(|path| path.starts_with('/'));
        if whole {
            Ok(paths)
        } else {
            Err(self.value_error("a list of paths that begin with a slash, such as [\"/var/cache\"]"))
        }
    }

    /// A first and a last uid. A low one would be some account's of the host; the kernel's last is no user's.
    pub(super) fn read_uid_range(&self) -> Result<RangeInclusive<u32>, ValueError> {
        let wants = "a first and a last uid, from 10000 to 4294967294, such as [40000, 60000]";
        let number = |item: &Spanned<DeValue<'_>>| -> Option<u32> {
            item.get_ref().as_integer()?.as_str().parse().ok().filter(|uid| (10_000..u32::MAX).contains(uid))
        };
        let [first, last] = self.value.as_array().into_iter().flatten().map(number).collect::<Vec<_>>()[..]
        else {
            return Err(self.value_error(wants));
        };
        match (first, last) {
            (Some(first), Some(last)) if first <= last => Ok(first..=last),
            _ => Err(self.value_error(wants)),
        }
    }

    /// A uid and a gid. Root is no choice.
    pub(super) fn read_ids(&self) -> Result<(u32, u32), ValueError> {
        let number = |item: &Spanned<DeValue<'_>>| -> Option<u32> {
            item.get_ref().as_integer()?.as_str().parse().ok().filter(|id| *id < u32::MAX)
        };
        match self.value.as_array().into_iter().flatten().map(number).collect::<Vec<_>>()[..] {
            [Some(uid), Some(gid)] if uid > 0 => Ok((uid, gid)),
            _ => Err(self.value_error("a uid that is not root's and a gid, such as [43122, 43122]")),
        }
    }

    /// What becomes of a reference, which is the key.
    pub(super) fn read_pin(&self) -> Result<ImagePin, ValueError> {
        let pin = ImagePin::between(self.key, self.read_text()?);
        pin.ok_or_else(|| self.value_error("the same image with another tag or a whole digest"))
    }

    /// A quantity as Kubernetes writes it; none for false.
    pub(super) fn read_quantity(&self) -> Result<Option<String>, ValueError> {
        let wants = "false, or a quantity such as \"500m\" or \"128Mi\"";
        match self.value {
            DeValue::Boolean(false) => Ok(None),
            DeValue::String(text) if is_quantity(text) => Ok(Some(text.to_string())),
            _ => Err(self.value_error(wants)),
        }
    }
}

/// Reads the suppressions.
pub(super) fn read_suppressions(value: &SettingReader<'_>) -> Result<Vec<SettingsSuppression>, ValueError> {
    let tables =
        value.value.as_array().ok_or_else(|| value.value_error("a list of tables, each under [[allow]]"))?;
    if tables.len() > MAX_SUPPRESSIONS {
        return Err(value.key_error(format!(
            "more than {MAX_SUPPRESSIONS} exceptions are not read: allow rules by folder, not file by file"
        )));
    }
    tables
        .iter()
        .map(|item| {
            let (key, context) = (value.key, value.context);
            read_suppression(&SettingReader {
                key,
                key_range: item.span(),
                value: item.get_ref(),
                value_range: item.span(),
                context,
            })
        })
        .collect()
}

fn read_suppression(item: &SettingReader<'_>) -> Result<SettingsSuppression, ValueError> {
    const NAMES: [&str; 5] = ["rules", "paths", "object", "container", "reason"];
    let mut allowed = SettingsSuppression {
        rules: Vec::new(),
        paths: PathPatterns::default(),
        object: None,
        container: None,
        reason: String::new(),
    };
    for (key, value) in item.read_table()? {
        let value = SettingReader::from_entry(key, value, item.context);
        match value.key {
            "rules" => {
                let ids = value.read_texts()?.into_iter().map(|id| value.check_rule_id(&id));
                allowed.rules = ids.collect::<Result<_, _>>().map_err(|message| ValueError {
                    message,
                    range: value.value_range,
                    shows_value: false,
                })?;
            }
            "paths" => allowed.paths = value.read_patterns()?,
            "object" => allowed.object = Some(value.read_text()?.to_owned()),
            "container" => allowed.container = Some(value.read_text()?.to_owned()),
            "reason" => allowed.reason = value.read_text()?.trim().to_owned(),
            _ => {
                let near = suggestion_text(find_nearest_name(value.key, NAMES.into_iter()), "");
                return Err(value.key_error(format!("an exception has no `{}`{near}", value.key)));
            }
        }
    }
    let everywhere = allowed.paths.patterns().is_empty() && allowed.object.is_none();
    let lack = [
        (allowed.rules.is_empty(), "an exception lacks its `rules`"),
        (
            everywhere,
            "an exception lacks its `paths` or `object`: to allow a rule everywhere, turn it off in [rules]",
        ),
        (allowed.reason.is_empty(), "an exception lacks its `reason`"),
    ];
    match lack.into_iter().find(|(lacks, _)| *lacks) {
        Some((_, message)) => Err(item.key_error(message.to_owned())),
        None => Ok(allowed),
    }
}

fn suggestion_text(near: Option<&str>, within: &str) -> String {
    near.map(|near| format!(" (did you mean `{within}{near}`?)")).unwrap_or_default()
}

/// Digits, perhaps a fraction, and a suffix that Kubernetes knows.
fn is_quantity(text: &str) -> bool {
    const SUFFIXES: [&str; 14] = ["", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let suffix = &text[number.len()..];
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    digits(whole) && digits(fraction) && SUFFIXES.contains(&suffix)
}
