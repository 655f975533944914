//! Keeps the state of a walk for the next time: the reasons of skipped chapters, and the app as it was at the
//! beginning.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::audit::PodSecurity;
use crate::base::{read_bounded, replace_private_file, state_folder};
use crate::text::{SourceText, stable_hash};
use crate::walkthrough::{AppBefore, AppId, AppWalk, Chapter, EvidenceLine};

/// The age after which a walk begins anew, in seconds: a fortnight without a step.
const MAX_REST_SECONDS: u64 = 14 * 24 * 60 * 60;
/// The largest snapshot that is kept, in bytes of all its files together.
const MAX_SNAPSHOT_BYTES: usize = 1 << 20;
/// The largest state that is read, in bytes.
const MAX_STATE_BYTES: u64 = 64 * 1024 * 1024;

/// The state of the walks in one repository: a small file in the user's folder for state.
pub(crate) struct WalkStateFile {
    path: PathBuf,
    walks: SavedWalks,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct SavedWalks {
    /// The reasons by app and by chapter, each under its name.
    skips: BTreeMap<String, BTreeMap<String, String>>,
    /// The saved starts by app.
    begun: BTreeMap<String, SavedStart>,
}

/// The app as it was when its walk began.
#[derive(Serialize, Deserialize)]
struct SavedStart {
    /// The time of the last step, in seconds since 1970.
    at: u64,
    score: Option<u8>,
    /// True where the score has been lowered for open findings. Version 0.1 did not do so: its scores are not
    /// comparable.
    #[serde(default)]
    scaled: bool,
    level: Option<String>,
    met: Vec<String>,
    files: Vec<(String, String)>,
    /// What was seen by chapter; a line begins with the letter of its kind. Version 0.1 kept none.
    #[serde(default)]
    evidence: BTreeMap<String, Vec<String>>,
    /// The rules of the findings by chapter.
    #[serde(default)]
    open_rules: BTreeMap<String, Vec<String>>,
}

/// A line of evidence as it is kept. Headings are not: they are said anew.
fn encode_evidence(line: &EvidenceLine) -> Option<String> {
    match line {
        EvidenceLine::Heading(_) => None,
        EvidenceLine::Command(words) => Some(format!("c{words}")),
        EvidenceLine::Output(words) => Some(format!("o{words}")),
        EvidenceLine::Note(words) => Some(format!("n{words}")),
    }
}

fn decode_evidence(line: &str) -> Option<EvidenceLine> {
    let words = |of: fn(String) -> EvidenceLine| Some(of(line.get(1..)?.to_owned()));
    match line.chars().next()? {
        'c' => words(EvidenceLine::Command),
        'o' => words(EvidenceLine::Output),
        'n' => words(EvidenceLine::Note),
        _ => None,
    }
}

/// What was kept by the name of a chapter, by the chapter.
fn by_chapter<T>(
    kept: &BTreeMap<String, Vec<String>>,
    read: impl Fn(&String) -> Option<T>,
) -> BTreeMap<Chapter, Vec<T>> {
    let of = |chapter: Chapter| Some((chapter, kept.get(chapter.name())?.iter().filter_map(&read).collect()));
    Chapter::ALL.into_iter().filter_map(of).collect()
}

impl WalkStateFile {
    /// Reads the state of the repository at `root`; empty where it cannot be read.
    pub(crate) fn open(root: &Path) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
        let hash = stable_hash(root.as_os_str().as_encoded_bytes());
        let path = state_folder().join(format!("walk-{hash:016x}.json"));
        let walks =
            read_bounded(&path, MAX_STATE_BYTES).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { path, walks: walks.unwrap_or_default() }
    }

    /// The skipped chapters with their reasons.
    pub(crate) fn skip_reasons(&self, id: &AppId) -> BTreeMap<Chapter, String> {
        let reasons = self.walks.skips.get(&id.to_string());
        let reason = |chapter: Chapter| Some((chapter, reasons?.get(chapter.name())?.clone()));
        Chapter::ALL.into_iter().filter_map(reason).collect()
    }

    /// Saves a reason; without one, forgets it.
    pub(crate) fn save_skip(
        &mut self,
        id: &AppId,
        chapter: Chapter,
        reason: Option<String>,
    ) -> io::Result<()> {
        let reasons = self.walks.skips.entry(id.to_string()).or_default();
        match reason {
            Some(reason) => drop(reasons.insert(chapter.name().to_owned(), reason)),
            None => drop(reasons.remove(chapter.name())),
        }
        self.save_file()
    }

    /// The app as it was when its walk began: as saved, else as it is now. It is saved for the next time once something
    /// is written: see [`Self::save_starts`].
    pub(crate) fn starting_point(&mut self, now: &AppWalk) -> AppBefore {
        let name = now.id.to_string();
        let time = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        if let Some(begun) =
            self.walks.begun.get_mut(&name).filter(|begun| time < begun.at + MAX_REST_SECONDS)
        {
            begun.at = time;
            return begun.to_snapshot();
        }
        let snapshot = AppBefore::from_walk(now);
        let bytes: usize = snapshot.files.iter().map(|(_, source)| source.text().len()).sum();
        if bytes <= MAX_SNAPSHOT_BYTES {
            self.walks.begun.insert(name, SavedStart::from_snapshot(&snapshot, time));
        }
        snapshot
    }

    /// Ends the walk: the next one begins with the app as it is then.
    pub(crate) fn end_walk(&mut self, id: &AppId) {
        if self.walks.begun.remove(&id.to_string()).is_some() {
            self.save_starts();
        }
    }

    /// Saves the starts of the walks for the next time. Where that fails, the next walk begins with the app as it is
    /// then, and nothing else is lost.
    pub(crate) fn save_starts(&self) {
        if !self.walks.begun.is_empty() || self.path.exists() {
            let _ = self.save_file();
        }
    }

    fn save_file(&self) -> io::Result<()> {
        replace_private_file(&self.path, &serde_json::to_vec(&self.walks)?)
    }
}

impl SavedStart {
    fn from_snapshot(snapshot: &AppBefore, at: u64) -> Self {
        let text = |(path, source): &(crate::repo::RelPath, SourceText)| {
            (path.to_string(), source.text().to_owned())
        };
        Self {
            at,
            score: snapshot.score,
            scaled: true,
            level: snapshot.level.map(|level| level.name().to_owned()),
            met: snapshot.met_chapters.iter().map(|chapter| chapter.name().to_owned()).collect(),
            files: snapshot.files.iter().map(text).collect(),
            evidence: snapshot
                .evidence
                .iter()
                .map(|(chapter, lines)| {
                    (chapter.name().to_owned(), lines.iter().filter_map(encode_evidence).collect())
                })
                .collect(),
            open_rules: snapshot
                .open_rules
                .iter()
                .map(|(chapter, rules)| (chapter.name().to_owned(), rules.clone()))
                .collect(),
        }
    }

    fn to_snapshot(&self) -> AppBefore {
        let levels = [PodSecurity::Privileged, PodSecurity::Baseline, PodSecurity::Restricted];
        AppBefore {
            score: self.score.filter(|_| self.scaled),
            level: levels.into_iter().find(|level| Some(level.name()) == self.level.as_deref()),
            met_chapters: Chapter::ALL
                .into_iter()
                .filter(|c| self.met.iter().any(|name| name == c.name()))
                .collect(),
            files: self
                .files
                .iter()
                .map(|(path, text)| (path.as_str().into(), SourceText::new(text.clone())))
                .collect(),
            evidence: by_chapter(&self.evidence, |line| decode_evidence(line)),
            open_rules: by_chapter(&self.open_rules, |rule| Some(rule.clone())),
        }
    }
}
