//! Stores answers of registries on disk, so that a second run sends fewer requests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::TagResolution;
use crate::base::replace_private_file;
use crate::image::ImageDigest;
use crate::image::reference::is_tag;

/// The longest that an answer counts. A tag may be moved at any time, so it is not long.
const MAX_ANSWER_AGE: Duration = Duration::from_secs(15 * 60);
/// The most answers that are kept, and the most bytes of the file that are read.
const MAX_ANSWERS: usize = 2000;
const MAX_CACHE_BYTES: u64 = 4 * 1024 * 1024;

/// One answer, as the file has it.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct CachedAnswer {
    digest: String,
    single: bool,
    tags: Vec<String>,
    #[serde(default)]
    unseen: Option<String>,
    hosts: Vec<String>,
    /// The time of the answer, in seconds since 1970.
    at: u64,
}

type CachedAnswers = BTreeMap<String, CachedAnswer>;

/// The file with the answers. What cannot be read or written counts as empty: it only saves time.
pub(super) struct AnswerCache {
    path: Option<PathBuf>,
}

impl AnswerCache {
    /// `folder` is the program's own; none to keep nothing on disk.
    pub(super) fn new(folder: Option<&Path>) -> Self {
        Self { path: folder.map(|folder| folder.join("registries-2.json")) }
    }

    /// The answers that still count, by the full name of the image.
    pub(super) fn load_answers(&self) -> BTreeMap<String, TagResolution> {
        self.read_entries()
            .into_iter()
            .filter_map(|(name, entry)| {
                let at = UNIX_EPOCH.checked_add(Duration::from_secs(entry.at))?;
                let sound = ImageDigest::parse(&entry.digest).is_some_and(ImageDigest::is_well_formed)
                    && entry.tags.iter().all(|tag| is_tag(tag));
                (is_fresh(at) && sound).then_some((
                    name,
                    TagResolution {
                        digest: entry.digest,
                        is_single_platform: entry.single,
                        tags: entry.tags,
                        incomplete_reason: entry.unseen,
                        other_hosts: entry.hosts,
                        resolved_at: at,
                    },
                ))
            })
            .collect()
    }

    /// Adds answers to those on disk, which another run may have written meanwhile.
    pub(super) fn save_answers(&self, answers: &BTreeMap<String, TagResolution>) {
        let Some(path) = &self.path else { return };
        let mut entries = self.read_entries();
        for (name, answer) in answers {
            let at = answer.resolved_at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
            let entry = CachedAnswer {
                digest: answer.digest.clone(),
                single: answer.is_single_platform,
                tags: answer.tags.clone(),
                unseen: answer.incomplete_reason.clone(),
                hosts: answer.other_hosts.clone(),
                at,
            };
            entries.insert(name.clone(), entry);
        }
        if entries.len() > MAX_ANSWERS {
            let mut ages: Vec<u64> = entries.values().map(|entry| entry.at).collect();
            ages.sort_unstable_by_key(|at| std::cmp::Reverse(*at));
            entries.retain(|_, entry| entry.at > ages[MAX_ANSWERS]);
        }
        // The names of one's images are nobody else's business.
        let bytes = serde_json::to_vec(&entries).unwrap_or_default();
        let _ = replace_private_file(path, &bytes);
    }

    fn read_entries(&self) -> CachedAnswers {
        let read = |path: &PathBuf| {
            let small =
                std::fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() <= MAX_CACHE_BYTES);
            small.then(|| std::fs::read(path).ok()).flatten()
        };
        let bytes = self.path.as_ref().and_then(read);
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }
}

/// True while an answer of that time still counts: for a quarter of an hour.
#[must_use]
pub fn is_fresh(at: SystemTime) -> bool {
    SystemTime::now().duration_since(at).is_ok_and(|age| age < MAX_ANSWER_AGE)
}
