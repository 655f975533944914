//! Keeps the repository's score as its files change: the mean over all apps, where an app is a workload with its linked
//! Dockerfile, or either alone.

use std::collections::{BTreeSet, HashMap};

use super::file_record::{FileRecord, FilesByPath};
use super::score::{FactorCounts, ScoreMean, ScoreTally};
use crate::repo::{FileKind, RelPath};

/// The part of each file in the score.
#[derive(Debug, Default)]
pub(super) struct AppScores {
    means_by_file: HashMap<RelPath, ScoreMean>,
    total: ScoreMean,
    /// The Dockerfiles to which a file's workloads are linked, and the other way round.
    dockerfiles: HashMap<RelPath, BTreeSet<RelPath>>,
    manifests: HashMap<RelPath, BTreeSet<RelPath>>,
}

impl AppScores {
    pub(super) fn mean_score(&self) -> Option<u8> {
        self.total.score()
    }

    /// The numbers of apps whose score an open finding holds down.
    pub(super) const fn factor_counts(&self) -> FactorCounts {
        self.total.factor_counts()
    }

    /// Updates the score after these files were audited anew, came or went.
    pub(super) fn update_files<'a>(
        &mut self,
        files: &FilesByPath,
        changed: impl Iterator<Item = &'a RelPath>,
    ) {
        let mut concerned = Vec::new();
        for path in changed {
            self.update_links(files, path, &mut concerned);
            concerned.extend(self.manifests.get(path).into_iter().flatten().cloned());
            concerned.push(path.clone());
        }
        concerned.sort_unstable();
        concerned.dedup();
        for path in concerned {
            let new = files
                .get(&path)
                .map(|entry| self.mean_of_file(files, entry.current_record()))
                .unwrap_or_default();
            self.total.replace_part(self.means_by_file.get(&path).copied().unwrap_or_default(), new);
            if new == ScoreMean::default() {
                self.means_by_file.remove(&path);
            } else {
                self.means_by_file.insert(path, new);
            }
        }
    }

    /// Records the Dockerfiles to which a file's workloads are linked now; one that was, or is, may stand alone or no
    /// longer.
    fn update_links(&mut self, files: &FilesByPath, path: &RelPath, concerned: &mut Vec<RelPath>) {
        let rows = files.get(path).into_iter().flat_map(|entry| &entry.current_record().workload_rows);
        let new: BTreeSet<RelPath> = rows.flat_map(|row| row.dockerfiles.iter().cloned()).collect();
        if new.is_empty() && !self.dockerfiles.contains_key(path) {
            return;
        }
        let old = self.dockerfiles.get(path).cloned().unwrap_or_default();
        for gone in old.difference(&new) {
            if let Some(users) = self.manifests.get_mut(gone) {
                users.remove(path);
            }
        }
        for come in new.difference(&old) {
            self.manifests.entry(come.clone()).or_default().insert(path.clone());
        }
        concerned.extend(old.symmetric_difference(&new).cloned());
        if new.is_empty() {
            self.dockerfiles.remove(path);
        } else if new != old {
            self.dockerfiles.insert(path.clone(), new);
        }
    }

    /// The part of a file in the score: a Dockerfile that no workload is linked to stands for itself.
    fn mean_of_file(&self, files: &FilesByPath, entry: &FileRecord) -> ScoreMean {
        if entry.is_context {
            return ScoreMean::default();
        }
        if entry.kind == FileKind::Dockerfile {
            let is_alone = self.manifests.get(&entry.path).is_none_or(BTreeSet::is_empty);
            return ScoreMean::from_tallies(is_alone.then_some(entry.tally));
        }
        let build = |path| dockerfile_tally(files, path);
        let apps = entry.workload_rows.iter().map(|row| {
            let builds = row.dockerfiles.iter().filter_map(build);
            builds.fold(row.tally, ScoreTally::plus)
        });
        ScoreMean::from_tallies(apps)
    }
}

fn dockerfile_tally(files: &FilesByPath, path: &RelPath) -> Option<ScoreTally> {
    let entry = files.get(path)?.current_record();
    (entry.kind == FileKind::Dockerfile).then_some(entry.tally)
}
