//! From `seaworthy.toml` to settings, or to what is wrong with it.

use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{Allowed, KEYS, Key, Paths, Settings};
use crate::base::find_nearest_name;
use crate::finding::Severity;

/// What is wrong with the settings: the line, from 1, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}:{line}: {message}", super::FILE)]
pub struct Fault {
    pub line: usize,
    pub message: String,
}

/// What is wrong, and where in the text.
pub(super) struct Wrong {
    message: String,
    at: Range<usize>,
    /// Whether what stands there is to be shown after the message.
    shown: bool,
}

/// A value with its key, being read.
pub(super) struct Reader<'a> {
    pub key: &'a str,
    key_at: Range<usize>,
    value: &'a DeValue<'a>,
    at: Range<usize>,
    rules: &'a [&'static str],
}

/// Reads the settings of a repository whose rules are these.
///
/// # Errors
/// The first key or value that cannot be read.
pub fn read(text: &str, rules: &[&'static str]) -> Result<Settings, Fault> {
    let line = |at: &Range<usize>| text.get(..at.start).unwrap_or(text).matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| Fault {
        line: line(&error.span().unwrap_or_default()),
        message: match error.span().and_then(|at| text.get(at)) {
            Some(word) if error.message() == "duplicate key" => {
                format!("`{word}` stands here for the second time")
            }
            _ => error.message().lines().collect::<Vec<_>>().join(", "),
        },
    })?;
    let mut settings = Settings::default();
    let mut take = |name: &str, key: &Key, value: &Reader<'_>| {
        settings.lines.insert(name.to_owned(), line(&value.key_at));
        (key.read)(&mut settings, value)
    };
    each(table.get_ref(), rules, &mut take).map_err(|wrong| {
        let there = text.get(wrong.at.clone()).and_then(|value| value.lines().next()).unwrap_or_default();
        let not = if wrong.shown { format!(", not `{there}`") } else { String::new() };
        Fault { line: line(&wrong.at), message: wrong.message + &not }
    })?;
    Ok(settings)
}

/// Gives each key of the table, and of the tables in it, to whoever takes it.
fn each(
    table: &DeTable<'_>,
    rules: &[&'static str],
    take: &mut impl FnMut(&str, &Key, &Reader<'_>) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    for (key, value) in table {
        let value = Reader::of(key, value, rules);
        let within = format!("{}.", value.key);
        if let Some(known) = KEYS.iter().find(|known| known.name == value.key) {
            take(value.key, known, &value)?;
        } else if KEYS.iter().any(|known| known.name.starts_with(&within)) {
            for (key, inner) in value.table()? {
                let inner = Reader::of(key, inner, rules);
                let name = format!("{within}{}", inner.key);
                let open = format!("{within}*");
                let known = KEYS.iter().find(|known| known.name == name || known.name == open);
                take(&name, known.ok_or_else(|| inner.unknown(&within))?, &inner)?;
            }
        } else {
            return Err(value.unknown(""));
        }
    }
    Ok(())
}

impl<'a> Reader<'a> {
    fn of(
        key: &'a Spanned<DeString<'a>>,
        value: &'a Spanned<DeValue<'a>>,
        rules: &'a [&'static str],
    ) -> Self {
        Self { key: key.get_ref(), key_at: key.span(), value: value.get_ref(), at: value.span(), rules }
    }

    /// Of a key that is none, with the nearest that stands beside it.
    fn unknown(&self, within: &str) -> Wrong {
        let beside = KEYS.iter().filter_map(|known| known.name.strip_prefix(within));
        let beside = beside.map(|name| name.split('.').next().unwrap_or_default());
        let name = format!("{within}{}", self.key);
        self.wrong_key(format!(
            "there is no setting `{name}`{}",
            perhaps(find_nearest_name(self.key, beside), within)
        ))
    }

    fn wrong_key(&self, message: String) -> Wrong {
        Wrong { message, at: self.key_at.clone(), shown: false }
    }

    fn wrong(&self, wants: &str) -> Wrong {
        let message = format!("`{}` must be {wants}", self.key);
        Wrong { message, at: self.at.clone(), shown: true }
    }

    fn text(&self) -> Result<&'a str, Wrong> {
        self.value.as_str().ok_or_else(|| self.wrong("a string"))
    }

    fn table(&self) -> Result<&'a DeTable<'a>, Wrong> {
        self.value.as_table().ok_or_else(|| self.wrong("a table"))
    }

    /// A severity; none for the other word that would do too, as somebody may say it who writes false.
    pub(super) fn severity(&self, other: &'static str) -> Result<Option<Severity>, Wrong> {
        let text = match self.value {
            DeValue::String(text) if text == other => return Ok(None),
            DeValue::String(text) => text.as_ref(),
            DeValue::Boolean(false) => other,
            _ => "",
        };
        let wrong = || {
            let words = Severity::ALL.map(Severity::name).into_iter().chain([other]);
            let near = find_nearest_name(text, words).map(|near| format!("\"{near}\""));
            let near = perhaps(near.as_deref(), "");
            self.wrong(&format!("\"critical\", \"high\", \"medium\", \"low\", \"info\" or \"{other}\"{near}"))
        };
        text.parse().map(Some).map_err(|_: String| wrong())
    }

    /// The key, which is a rule's id.
    pub(super) fn rule(&self) -> Result<String, Wrong> {
        self.known_rule(self.key).map_err(|message| self.wrong_key(message))
    }

    fn known_rule(&self, id: &str) -> Result<String, String> {
        let near = || perhaps(find_nearest_name(id, self.rules.iter().copied()), "");
        let known = self.rules.contains(&id).then(|| id.to_owned());
        known.ok_or_else(|| format!("there is no rule `{id}`{}", near()))
    }

    /// Texts; one alone may stand without brackets.
    fn texts(&self) -> Result<Vec<String>, Wrong> {
        let wrong = || self.wrong("a list of strings, such as [\"one\", \"two\"]");
        match self.value {
            DeValue::String(text) => Ok(vec![text.to_string()]),
            DeValue::Array(items) => items
                .iter()
                .map(|item| item.get_ref().as_str().map(str::to_owned).ok_or_else(wrong))
                .collect(),
            _ => Err(wrong()),
        }
    }

    pub(super) fn paths(&self) -> Result<Paths, Wrong> {
        Paths::new(self.texts()?).map_err(|message| Wrong { message, at: self.at.clone(), shown: false })
    }

    pub(super) fn absolute_paths(&self) -> Result<Vec<String>, Wrong> {
        let paths = self.texts()?;
        let whole = paths.iter().all(|path| path.starts_with('/'));
        if whole {
            Ok(paths)
        } else {
            Err(self.wrong("a list of paths that begin with a slash, such as [\"/var/cache\"]"))
        }
    }

    /// A first and a last uid. A low one would be some account's of the host; the kernel's last is no user's.
    pub(super) fn uids(&self) -> Result<RangeInclusive<u32>, Wrong> {
        let wants = "a first and a last uid, from 10000 to 4294967294, such as [40000, 60000]";
        let number = |item: &Spanned<DeValue<'_>>| -> Option<u32> {
            item.get_ref().as_integer()?.as_str().parse().ok().filter(|uid| (10_000..u32::MAX).contains(uid))
        };
        let [first, last] = self.value.as_array().into_iter().flatten().map(number).collect::<Vec<_>>()[..]
        else {
            return Err(self.wrong(wants));
        };
        match (first, last) {
            (Some(first), Some(last)) if first <= last => Ok(first..=last),
            _ => Err(self.wrong(wants)),
        }
    }

    /// A quantity as Kubernetes writes it; none for false.
    pub(super) fn quantity(&self) -> Result<Option<String>, Wrong> {
        let wants = "false, or a quantity such as \"500m\" or \"128Mi\"";
        match self.value {
            DeValue::Boolean(false) => Ok(None),
            DeValue::String(text) if is_quantity(text) => Ok(Some(text.to_string())),
            _ => Err(self.wrong(wants)),
        }
    }
}

/// The exceptions.
pub(super) fn allow(value: &Reader<'_>) -> Result<Vec<Allowed>, Wrong> {
    let tables =
        value.value.as_array().ok_or_else(|| value.wrong("a list of tables, each under [[allow]]"))?;
    tables
        .iter()
        .map(|item| {
            let (key, rules) = (value.key, value.rules);
            allowed(&Reader { key, key_at: item.span(), value: item.get_ref(), at: item.span(), rules })
        })
        .collect()
}

fn allowed(item: &Reader<'_>) -> Result<Allowed, Wrong> {
    const NAMES: [&str; 5] = ["rules", "paths", "object", "container", "reason"];
    let mut allowed = Allowed {
        rules: Vec::new(),
        paths: Paths::default(),
        object: None,
        container: None,
        reason: String::new(),
    };
    for (key, value) in item.table()? {
        let value = Reader::of(key, value, item.rules);
        match value.key {
            "rules" => {
                let ids = value.texts()?.into_iter().map(|id| value.known_rule(&id));
                allowed.rules = ids.collect::<Result<_, _>>().map_err(|message| Wrong {
                    message,
                    at: value.at,
                    shown: false,
                })?;
            }
            "paths" => allowed.paths = value.paths()?,
            "object" => allowed.object = Some(value.text()?.to_owned()),
            "container" => allowed.container = Some(value.text()?.to_owned()),
            "reason" => allowed.reason = value.text()?.trim().to_owned(),
            _ => {
                let near = perhaps(find_nearest_name(value.key, NAMES.into_iter()), "");
                return Err(value.wrong_key(format!("an exception has no `{}`{near}", value.key)));
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
        Some((_, message)) => Err(item.wrong_key(message.to_owned())),
        None => Ok(allowed),
    }
}

fn perhaps(near: Option<&str>, within: &str) -> String {
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
