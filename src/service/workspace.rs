//! Finds the settings and the baseline of a repository, and opens the engine with them.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};

use crate::audit::AuditEngine;
use crate::base::describe_size;
use crate::repo::ReadError;
use crate::settings::{SETTINGS_FILE, Settings};
use crate::suppress::{BASELINE_FILE, Baseline};
use crate::text::SourceText;
use crate::{repo, rules, settings};

/// The root of the repository that `root` is a part of: the nearest folder upwards with `.git`, the settings or a
/// baseline. None where there is no such folder, and `root` stands for itself.
pub(crate) fn find_repository(root: &Path) -> Option<PathBuf> {
    let holds = |folder: &&Path| {
        folder.join(".git").exists()
            || folder.join(SETTINGS_FILE).is_file()
            || folder.join(BASELINE_FILE).is_file()
    };
    root.ancestors().find(holds).map(Path::to_path_buf)
}

/// The folder of the settings and the baseline for the files in `root`.
pub(crate) fn settings_folder(root: &Path) -> PathBuf {
    find_repository(root).unwrap_or_else(|| root.to_path_buf())
}

/// Reads the settings for the files in `root`.
///
/// # Errors
/// When they cannot be read; names the line and the key, and the nearest known key.
pub(crate) fn load_settings(root: &Path) -> anyhow::Result<Settings> {
    let home = settings_folder(root);
    let ids: Vec<&'static str> = rules::ALL_RULES.iter().map(|rule| rule.id).collect();
    let mut settings = match read_settings_text(&home)? {
        Some(text) => settings::parse_settings(&text, &ids)
            .map_err(|error| conceal_outside(&home, SETTINGS_FILE, "settings", error.into()))?,
        None => Settings::default(),
    };
    settings.root_prefix = prefix_of(root, &home);
    Ok(settings)
}

fn read_settings_text(home: &Path) -> anyhow::Result<Option<String>> {
    read_optional(&home.join(SETTINGS_FILE), MAX_SETTINGS_BYTES, SETTINGS_ADVICE)
}

/// The text of the settings for the files in `root`; absent where there are none.
pub(crate) fn read_settings(root: &Path) -> anyhow::Result<SourceText> {
    let text = read_settings_text(&settings_folder(root))?;
    Ok(text.map_or_else(SourceText::absent, SourceText::new))
}

/// The path from the settings' folder down to the audit's root.
fn prefix_of(root: &Path, home: &Path) -> String {
    slash_parts(root.strip_prefix(home).unwrap_or(Path::new("")))
}

/// A path down from a folder with a slash after each of its parts, ready for a file's path to follow.
pub(crate) fn slash_parts(below: &Path) -> String {
    below.components().map(|part| format!("{}/", part.as_os_str().to_string_lossy())).collect()
}

/// Reads the baseline for the files in `root`; empty where there is none.
pub(crate) fn load_baseline(root: &Path) -> anyhow::Result<Baseline> {
    parse_baseline(root, &read_baseline(root)?)
}

/// The text of the baseline for the files in `root`; absent where there is none.
pub(crate) fn read_baseline(root: &Path) -> anyhow::Result<SourceText> {
    let path = settings_folder(root).join(BASELINE_FILE);
    let text = read_optional(&path, MAX_BASELINE_BYTES, BASELINE_ADVICE)?;
    Ok(text.map_or_else(SourceText::absent, SourceText::new))
}

/// The baseline of that text; empty where there is none.
pub(crate) fn parse_baseline(root: &Path, source: &SourceText) -> anyhow::Result<Baseline> {
    if source.is_absent() {
        return Ok(Baseline::default());
    }
    Baseline::parse_json(source.text()).map_err(|why| {
        let error = anyhow!("{BASELINE_FILE} is no baseline: {why}. `seaworthy baseline` writes a new one");
        conceal_outside(&settings_folder(root), BASELINE_FILE, "a baseline", error)
    })
}

/// The error about a file of `home`, without a word of its text where it is a link that leads outside: that text is not
/// the repository's to show.
fn conceal_outside(home: &Path, name: &str, what: &str, error: anyhow::Error) -> anyhow::Error {
    if repo::is_really_inside(&home.join(name), home) {
        return error;
    }
    anyhow!("{name} is a link that leads outside the repository, to a file that does not hold {what}")
}

/// What becomes of the repository's own settings and baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RepositorySettings {
    InEffect,
    /// They are not even read: the defaults judge.
    Ignored,
}

impl RepositorySettings {
    pub(crate) const fn for_check(are_ignored: bool) -> Self {
        if are_ignored { Self::Ignored } else { Self::InEffect }
    }
}

/// Opens an engine with both, unless they are ignored, which reads the repository around `root` as well.
pub(crate) fn open_engine(root: PathBuf, own: RepositorySettings) -> anyhow::Result<AuditEngine> {
    let (settings, baseline) = match own {
        RepositorySettings::InEffect => (load_settings(&root)?, load_baseline(&root)?),
        RepositorySettings::Ignored => {
            let root_prefix = prefix_of(&root, &settings_folder(&root));
            (Settings { root_prefix, ..Settings::default() }, Baseline::default())
        }
    };
    let repository = find_repository(&root);
    Ok(AuditEngine::new(root, settings).with_baseline(baseline).with_repository_root(repository))
}

/// The text of a baseline, as it is to be written.
///
/// # Errors
/// When it is larger than one that is read.
pub(crate) fn baseline_text(baseline: &Baseline) -> anyhow::Result<String> {
    let text = baseline.to_json();
    if text.len() as u64 > MAX_BASELINE_BYTES {
        let limit = describe_size(MAX_BASELINE_BYTES);
        bail!("{BASELINE_FILE} would be larger than {limit}, and is not written: {BASELINE_ADVICE}");
    }
    Ok(text)
}

/// The largest settings that are read, in bytes.
const MAX_SETTINGS_BYTES: u64 = 256 * 1024;
const SETTINGS_ADVICE: &str =
    "name folders where it names files, and allow rules by path, not finding by finding";

/// The largest baseline that is read, in bytes: a hundred thousand findings take some 20 MiB, and a few times that of
/// memory while they are read.
const MAX_BASELINE_BYTES: u64 = 24 * 1024 * 1024;
const BASELINE_ADVICE: &str =
    "turn rules off in [rules] or leave folders out with `exclude`, then take it anew";

fn read_optional(path: &Path, limit: u64, advice: &str) -> anyhow::Result<Option<String>> {
    match repo::read_large_text(path, limit) {
        Ok(text) => Ok(Some(text)),
        Err(ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error @ ReadError::TooLarge(..)) => {
            Err(anyhow!("{error}: {advice}")).with_context(|| format!("{} cannot be used", path.display()))
        }
        Err(error) => Err(error).with_context(|| format!("{} cannot be used", path.display())),
    }
}
