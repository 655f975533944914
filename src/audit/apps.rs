//! The repository's score, kept as its files change: the mean over all apps, where an app is a workload with its linked
//! Dockerfile, or either alone.

use std::collections::{BTreeSet, HashMap};

use super::entry::{Entry, Files, Parsed};
use super::score::{FactorCounts, Mean, Tally};
use crate::repo::RelPath;

/// What each file adds to the score.
#[derive(Debug, Default)]
pub(super) struct Apps {
    files: HashMap<RelPath, Mean>,
    all: Mean,
    /// The Dockerfiles to which a file's workloads are linked, and the other way round.
    linked: HashMap<RelPath, BTreeSet<RelPath>>,
    users: HashMap<RelPath, BTreeSet<RelPath>>,
}

impl Apps {
    pub(super) fn score(&self) -> Option<u8> {
        self.all.score()
    }

    /// In how many apps an open finding holds the score down.
    pub(super) const fn factors(&self) -> FactorCounts {
        self.all.factors()
    }

    /// Takes in that these files were judged anew, came or went.
    pub(super) fn change<'a>(&mut self, files: &Files, changed: impl Iterator<Item = &'a RelPath>) {
        let mut concerned = Vec::new();
        for path in changed {
            self.relink(files, path, &mut concerned);
            concerned.extend(self.users.get(path).into_iter().flatten().cloned());
            concerned.push(path.clone());
        }
        concerned.sort_unstable();
        concerned.dedup();
        for path in concerned {
            let new = files.get(&path).map(|entry| self.of(files, entry.standing())).unwrap_or_default();
            self.all.replace(self.files.get(&path).copied().unwrap_or_default(), new);
            if new == Mean::default() {
                self.files.remove(&path);
            } else {
                self.files.insert(path, new);
            }
        }
    }

    /// Notes which Dockerfiles a file's workloads are linked to now; one that was, or is, may stand alone or no longer.
    fn relink(&mut self, files: &Files, path: &RelPath, concerned: &mut Vec<RelPath>) {
        let rows = files.get(path).into_iter().flat_map(|entry| &entry.standing().rows);
        let new: BTreeSet<RelPath> = rows.flat_map(|row| row.dockerfiles.iter().cloned()).collect();
        if new.is_empty() && !self.linked.contains_key(path) {
            return;
        }
        let old = self.linked.get(path).cloned().unwrap_or_default();
        for gone in old.difference(&new) {
            if let Some(users) = self.users.get_mut(gone) {
                users.remove(path);
            }
        }
        for come in new.difference(&old) {
            self.users.entry(come.clone()).or_default().insert(path.clone());
        }
        concerned.extend(old.symmetric_difference(&new).cloned());
        if new.is_empty() {
            self.linked.remove(path);
        } else if new != old {
            self.linked.insert(path.clone(), new);
        }
    }

    /// What a file adds: a Dockerfile that no workload is linked to stands for itself.
    fn of(&self, files: &Files, entry: &Entry) -> Mean {
        match entry.parsed {
            Parsed::Nothing => Mean::default(),
            Parsed::Build(_) => {
                let is_alone = self.users.get(&entry.path).is_none_or(BTreeSet::is_empty);
                Mean::of(is_alone.then_some(entry.tally))
            }
            Parsed::Manifest(_) => {
                let build = |path| build(files, path);
                let apps = entry.rows.iter().map(|row| {
                    let builds = row.dockerfiles.iter().filter_map(build);
                    builds.fold(row.tally, Tally::plus)
                });
                Mean::of(apps)
            }
        }
    }
}

fn build(files: &Files, path: &RelPath) -> Option<Tally> {
    let entry = files.get(path)?.standing();
    matches!(entry.parsed, Parsed::Build(_)).then_some(entry.tally)
}
