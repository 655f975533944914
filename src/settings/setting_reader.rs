//! Reads single values of the settings, and says what is wrong with one and where, for each key's own reader.

use std::cell::Cell;
use std::ops::{Range, RangeInclusive};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{ImagePin, PathPatterns};
use crate::base::find_nearest_name;
use crate::finding::Severity;
use crate::image::Reference;

/// The error of a value, and its place in the text.
pub(super) struct ValueError {
    pub message: String,
    pub range: Range<usize>,
    /// True when the value is to be shown after the message.
    pub shows_value: bool,
}

/// A value with its key, being read.
pub(super) struct SettingReader<'a> {
    pub key: &'a str,
    pub key_range: Range<usize>,
    value: &'a DeValue<'a>,
    pub value_range: Range<usize>,
    context: &'a ReadingContext,
}

/// What is known while settings are read.
pub(super) struct ReadingContext {
    pub rule_ids: Vec<&'static str>,
    /// The patterns of paths so far.
    pub pattern_count: Cell<usize>,
    /// The bytes at which lines end.
    pub line_ends: Vec<usize>,
}

/// The most patterns of paths in the settings: each takes up to 20 KiB of memory, and is compared with each path.
const MAX_PATTERNS: usize = 5_000;

impl<'a> SettingReader<'a> {
    pub(super) fn from_entry(
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

    /// Its items, each a table under a header such as `[[allow]]`.
    pub(super) fn read_items(&self, header: &str) -> Result<Vec<Self>, ValueError> {
        let wants = format!("a list of tables, each under {header}");
        let items = self.value.as_array().ok_or_else(|| self.value_error(&wants))?;
        let item = |item: &'a Spanned<DeValue<'a>>| Self {
            key: self.key,
            key_range: item.span(),
            value: item.get_ref(),
            value_range: item.span(),
            context: self.context,
        };
        Ok(items.iter().map(item).collect())
    }

    /// The entries of a table.
    pub(super) fn read_entries(&self) -> Result<Vec<Self>, ValueError> {
        let entry = |(key, value)| Self::from_entry(key, value, self.context);
        Ok(self.read_table()?.iter().map(entry).collect())
    }

    /// The error of a key that `what` has not, with the nearest of those it has.
    pub(super) fn unknown_entry(&self, what: &str, names: &[&'static str]) -> ValueError {
        let near = suggestion_text(find_nearest_name(self.key, names.iter().copied()), "");
        self.key_error(format!("{what} has no `{}`{near}", self.key))
    }

    pub(super) fn key_error(&self, message: String) -> ValueError {
        ValueError { message, range: self.key_range.clone(), shows_value: false }
    }

    /// The line in which it begins, from 1.
    pub(super) fn line(&self) -> usize {
        self.context.line_ends.partition_point(|end| *end < self.key_range.start) + 1
    }

    /// The name of an image without tag and digest.
    pub(super) fn read_image_name(&self) -> Result<String, ValueError> {
        let text = self.read_text()?;
        let wants = "the name of an image, without tag and digest";
        let image = Reference::parse(text).map_err(|_| self.value_error(wants))?;
        let is_name = image.tag().is_none() && image.digest().is_none();
        is_name.then(|| image.name()).ok_or_else(|| self.value_error(wants))
    }

    /// A path from the settings' folder that leads nowhere outside; none for `false`.
    pub(super) fn read_inner_path_or_none(&self) -> Result<Option<String>, ValueError> {
        if self.value.as_bool() == Some(false) { Ok(None) } else { self.read_inner_path().map(Some) }
    }

    fn value_error(&self, wants: &str) -> ValueError {
        let message = format!("`{}` must be {wants}", self.key);
        ValueError { message, range: self.value_range.clone(), shows_value: true }
    }

    /// A path from the settings' folder that leads nowhere outside.
    pub(super) fn read_inner_path(&self) -> Result<String, ValueError> {
        let text = self.read_text()?;
        inner_path(text).ok_or_else(|| self.value_error(INNER_PATH))
    }

    pub(super) fn read_inner_paths(&self) -> Result<Vec<String>, ValueError> {
        let paths: Option<Vec<String>> = self.read_texts()?.iter().map(|text| inner_path(text)).collect();
        paths.ok_or_else(|| self.value_error(INNER_PATH))
    }

    /// A version such as 1.31 or v1.31.2.
    pub(super) fn read_version(&self) -> Result<String, ValueError> {
        let text = self.read_text()?;
        let parts: Vec<&str> = text.trim_start_matches('v').split('.').collect();
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let is_version = (2..=3).contains(&parts.len()) && parts.iter().all(is_number);
        is_version.then(|| text.to_owned()).ok_or_else(|| self.value_error("a version such as \"1.31\""))
    }

    /// An engine by its own name: a path would have a repository say which program is run.
    pub(super) fn read_engine(&self) -> Result<String, ValueError> {
        match self.value.as_str() {
            Some(name @ ("docker" | "podman")) => Ok(name.to_owned()),
            _ => Err(self.value_error("\"docker\" or \"podman\"")),
        }
    }

    /// A time in seconds, of at most an hour.
    pub(super) fn read_seconds(&self) -> Result<u64, ValueError> {
        let seconds = self.value.as_integer().and_then(|number| number.as_str().parse().ok());
        let wants = "a number of seconds, from 1 to 3600";
        seconds.filter(|own| (1..=3600).contains(own)).ok_or_else(|| self.value_error(wants))
    }

    pub(super) fn read_text(&self) -> Result<&'a str, ValueError> {
        self.value.as_str().ok_or_else(|| self.value_error("a string"))
    }

    pub(super) fn read_table(&self) -> Result<&'a DeTable<'a>, ValueError> {
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

    pub(super) fn check_rule_id(&self, id: &str) -> Result<String, String> {
        let near = || suggestion_text(find_nearest_name(id, self.context.rule_ids.iter().copied()), "");
        let known = self.context.rule_ids.contains(&id).then(|| id.to_owned());
        known.ok_or_else(|| format!("there is no rule `{id}`{}", near()))
    }

    /// Texts; one alone may stand without brackets.
    pub(super) fn read_texts(&self) -> Result<Vec<String>, ValueError> {
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
        let patterns = self.read_texts()?;
        let count = self.context.pattern_count.get() + patterns.len();
        self.context.pattern_count.set(count);
        if count > MAX_PATTERNS {
            return Err(self.value_refusal(format!(
                "more than {MAX_PATTERNS} patterns of paths are not read: name folders where they name files"
            )));
        }
        PathPatterns::new(patterns).map_err(|why| self.value_refusal(why))
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

    /// Folders from the root; one alone may stand without brackets.
    pub(super) fn read_folders(&self, is_folder: fn(&str) -> bool) -> Result<Vec<String>, ValueError> {
        let folders = self.read_texts()?;
        if folders.iter().all(|folder| is_folder(folder)) {
            Ok(folders.iter().map(|folder| folder.trim_end_matches('/').to_owned()).collect())
        } else {
            Err(self.value_error("a list of folders below the root, such as [\"/tmp/cache\"]"))
        }
    }

    /// The error of its value, in words of one's own.
    pub(super) fn value_refusal(&self, message: String) -> ValueError {
        ValueError { message, range: self.value_range.clone(), shows_value: false }
    }

    /// A first and a last uid. A low one would be some account's of the host; the kernel's last is no user's.
    pub(super) fn read_uid_range(&self) -> Result<RangeInclusive<u32>, ValueError> {
        let wants = "a first and a last uid, from 10000 to 4294967294, such as [40000, 60000]";
        match self.read_id_pair() {
            Some((first, last)) if first >= 10_000 && first <= last => Ok(first..=last),
            _ => Err(self.value_error(wants)),
        }
    }

    /// Two ids; the kernel's last is nobody's.
    fn read_id_pair(&self) -> Option<(u32, u32)> {
        let number = |item: &Spanned<DeValue<'_>>| -> Option<u32> {
            item.get_ref().as_integer()?.as_str().parse().ok().filter(|id| *id < u32::MAX)
        };
        match self.value.as_array()?.iter().map(number).collect::<Vec<_>>()[..] {
            [Some(one), Some(other)] => Some((one, other)),
            _ => None,
        }
    }

    /// A uid and a gid. Root is no choice.
    pub(super) fn read_ids(&self) -> Result<(u32, u32), ValueError> {
        match self.read_id_pair() {
            Some((uid, gid)) if uid > 0 => Ok((uid, gid)),
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

/// What a path in the settings must be.
const INNER_PATH: &str = "a path from the settings' own folder, such as \"charts/shop\"";

/// A path without a slash at its end; none for one that may lead out.
fn inner_path(text: &str) -> Option<String> {
    let path = text.trim_start_matches("./").trim_end_matches('/');
    let leads_out = path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..");
    (!leads_out && !path.contains('\\')).then(|| path.to_owned())
}

pub(super) fn suggestion_text(near: Option<&str>, within: &str) -> String {
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
