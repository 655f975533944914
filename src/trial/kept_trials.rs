//! Keeps what trials saw in the user's folder for state, one file for each app by its images' digest, and finds it again.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::kept_need::KeptNeed;
use super::trial_lines::outcome_text;
use super::trial_notes::find_notes;
use super::trial_plan::related_files;
use super::trial_result::{TrialOutcome, TrialResult};
use super::trial_target::TrialTarget;
use crate::audit::{AuditEngine, FileContent};
use crate::base::{read_bounded, replace_private_file, state_folder};
use crate::needs::ObservedNote;
use crate::repo::RelPath;
use crate::text::stable_hash;

/// The largest record that is read, in bytes.
const MAX_RECORD_BYTES: u64 = 1024 * 1024;
/// The most records that are read: of more, the newest.
const MAX_RECORDS: usize = 500;

/// What a trial of one app saw.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialRecord {
    /// The repository's root.
    pub root: String,
    /// The app's file, by its path in the repository.
    pub path: String,
    /// `Kind/name`.
    pub object: String,
    /// The folder of the kustomization that builds it, by its path in the repository.
    #[serde(default)]
    pub overlay: Option<String>,
    /// Container, image as the manifest has it, digest.
    pub images: Vec<(String, String, String)>,
    /// The Dockerfiles of its images by their paths in the repository, with the hash of their text, and of that which the
    /// fix that ran would make of it.
    pub dockerfiles: Vec<(String, Vec<u64>)>,
    /// Such as `podman 4.3`.
    pub engine: String,
    /// What the app did hardened, such as `started and ran 30 s hardened, podman 4.3`.
    pub lived: String,
    /// The time of the trial, in seconds since 1970.
    pub at: u64,
    /// True where the hardened app lived.
    pub lives: bool,
    /// True where it read the token, which was a fake.
    pub reads_token: bool,
    /// The outcome in a sentence.
    pub outcome: String,
    pub needs: Vec<KeptNeed>,
    /// The fixes that ran: rule, file in the repository, container.
    pub tried: Vec<KeptFix>,
    /// The fixes that break the app, with what was seen.
    pub breaking: Vec<(KeptFix, String)>,
    /// What was seen besides.
    pub notes: Vec<ObservedNote>,
}

/// A fix of a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFix {
    pub rule: String,
    pub path: String,
    pub object: Option<String>,
    pub container: Option<String>,
}

impl TrialRecord {
    /// The record of a trial that decided something.
    #[must_use]
    pub fn of_result(audit: &AuditEngine, result: &TrialResult) -> Option<Self> {
        let has_seen = result.outcome != TrialOutcome::Lives && result.needs.is_empty();
        if matches!(result.outcome, TrialOutcome::NotDecided(_)) && has_seen {
            return None;
        }
        let kept = |key: &crate::finding::FindingKey| KeptFix {
            rule: key.rule.to_owned(),
            path: audit.path_in_repository(&key.path).to_string(),
            object: key.subject.object.as_deref().map(str::to_owned),
            container: key.subject.container.as_deref().map(str::to_owned),
        };
        let images = result.images.iter();
        Some(Self {
            root: root_text(audit),
            path: audit.path_in_repository(&result.target.path).to_string(),
            object: result.target.object.clone(),
            overlay: result
                .target
                .overlay
                .as_ref()
                .map(|folder| audit.path_in_repository(folder).to_string()),
            images: images
                .map(|own| (own.container.clone(), own.reference.clone(), own.id.clone()))
                .collect(),
            dockerfiles: dockerfile_hashes(audit, result),
            engine: result.engine.clone(),
            lived: match &result.target.overlay {
                Some(folder) => format!("{}, as {folder} builds it", result.lived_text()),
                None => result.lived_text(),
            },
            at: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs()),
            lives: result.living_run().is_some(),
            reads_token: result.read_fake_token(),
            outcome: outcome_text(result),
            needs: result
                .needs
                .iter()
                .filter_map(|(own, need)| KeptNeed::encode(&own.container, need))
                .collect(),
            tried: result.tried.iter().map(|(key, _)| kept(key)).collect(),
            breaking: result.breaking.iter().map(|(key, reason)| (kept(key), reason.clone())).collect(),
            notes: find_notes(result),
        })
    }

    /// Keeps it, in the place of an earlier one of the same app with the same images.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> io::Result<()> {
        let digests: Vec<&str> = self.images.iter().map(|(_, _, id)| id.as_str()).collect();
        let digest: String = digests.first().map(|id| id.chars().take(16).collect()).unwrap_or_default();
        let app = stable_hash(
            [
                &self.root,
                &self.path,
                &self.object,
                self.overlay.as_deref().unwrap_or_default(),
                &digests.join(","),
            ]
            .join("\n")
            .as_bytes(),
        );
        let bytes = serde_json::to_vec_pretty(self).map_err(io::Error::other)?;
        replace_private_file(&records_folder(&self.root).join(format!("{digest}-{app:016x}.json")), &bytes)
    }

    /// Those of a repository that still hold: the images are named as they were, and their Dockerfiles say the same. Of
    /// several of one app, the newest.
    #[must_use]
    pub fn load_all(audit: &AuditEngine) -> Vec<Self> {
        let root = root_text(audit);
        let mut found: Vec<Self> =
            read_records(&root).into_iter().filter(|record| record.root == root).collect();
        found.sort_by_key(|record| std::cmp::Reverse(record.at));
        let mut kept: Vec<Self> = Vec::new();
        for record in found {
            let is_newest = !kept.iter().any(|other| {
                (&other.path, &other.object, &other.overlay)
                    == (&record.path, &record.object, &record.overlay)
            });
            if is_newest && record.still_holds(audit) {
                kept.push(record);
            }
        }
        kept
    }

    /// The app that was tried.
    pub(super) fn target(&self, audit: &AuditEngine) -> TrialTarget {
        let path = |text: &str| audit.path_for_people(&text.into());
        TrialTarget {
            path: path(&self.path),
            object: self.object.clone(),
            overlay: self.overlay.as_deref().map(path),
        }
    }

    fn still_holds(&self, audit: &AuditEngine) -> bool {
        let target = self.target(audit);
        let Some(view) = target.find_pod(audit) else { return false };
        let has_image = |(container, reference, _): &(String, String, String)| {
            let mut own =
                view.containers().filter(|own| own.container.name.as_deref() == Some(container.as_str()));
            own.any(|own| own.image().unwrap_or_default() == reference)
        };
        let is_same = |(path, hashes): &(String, Vec<u64>)| {
            text_hash(audit, &audit.path_for_people(&path.as_str().into()))
                .is_some_and(|hash| hashes.contains(&hash))
        };
        self.images.iter().all(has_image) && self.dockerfiles.iter().all(is_same)
    }
}

fn dockerfile_hashes(audit: &AuditEngine, result: &TrialResult) -> Vec<(String, Vec<u64>)> {
    let files = related_files(audit, &result.target).into_iter();
    let dockerfiles = files.filter(|path| matches!(audit.file(path), Some((_, FileContent::Dockerfile(_)))));
    let hashes = dockerfiles.map(|path| {
        let patches = result.plan.iter().flat_map(|plan| &plan.patches).filter(|patch| patch.path == path);
        let mended = patches.map(|patch| stable_hash(patch.after.text().as_bytes()));
        let all = text_hash(audit, &path).into_iter().chain(mended).collect();
        (audit.path_in_repository(&path).to_string(), all)
    });
    hashes.collect()
}

fn text_hash(audit: &AuditEngine, path: &RelPath) -> Option<u64> {
    Some(stable_hash(audit.source(path)?.text().as_bytes()))
}

fn root_text(audit: &AuditEngine) -> String {
    let root = audit.repository_root();
    root.canonicalize().unwrap_or_else(|_| root.to_path_buf()).display().to_string()
}

/// The folder of a repository's records: every audit reads them, and none those of other repositories.
fn records_folder(root: &str) -> PathBuf {
    state_folder().join("trials").join(format!("{:016x}", stable_hash(root.as_bytes())))
}

/// All records of a repository, of very many the newest.
fn read_records(root: &str) -> Vec<TrialRecord> {
    let entries = std::fs::read_dir(records_folder(root)).into_iter().flatten().flatten();
    let mut files: Vec<(SystemTime, PathBuf)> = entries
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "json"))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort_by(|(a, _), (b, _)| b.cmp(a));
    files.iter().take(MAX_RECORDS).filter_map(|(_, path)| read_record(path)).collect()
}

fn read_record(path: &Path) -> Option<TrialRecord> {
    serde_json::from_slice(&read_bounded(path, MAX_RECORD_BYTES).ok()?).ok()
}
