//! Keeps what a session knows beside the findings: the files that changed, the risk of fixes, and what walks wrote.

use std::collections::{BTreeMap, BTreeSet};

use super::app_event::AppEffect;
use super::backend_protocol::BackendRequest;
use super::findings_index::FindingsIndex;
use super::query::{QueryFacts, RiskClasses, SearchMiss};
use crate::audit::AuditUpdate;
use crate::finding::FindingKey;
use crate::repo::{FilePatch, RelPath};
use crate::store::Store;
use crate::text::SourceText;
use crate::walkthrough::{AppId, AppWalk};

/// What this session knows beside the findings.
#[derive(Clone, Debug, Default)]
pub struct SessionFacts {
    /// The files that changed, came or went since the first scan.
    pub changed_files: BTreeSet<RelPath>,
    /// The files that are others than in git's last commit; none where nothing is known of git.
    pub uncommitted_files: Option<BTreeSet<RelPath>>,
    /// The revision that was searched for last, and the files that are others than in it, once that is known.
    pub compared_revision: Option<(String, Option<BTreeSet<RelPath>>)>,
    pub risk_classes: RiskClasses,
    /// The findings of the row of the first screen that was opened last.
    pub opened_cause: BTreeSet<FindingKey>,
    /// What that row says.
    pub opened_title: String,
    /// The files that walks wrote, each as it was before, by the walked app.
    pub(super) walked_files: BTreeMap<AppId, BTreeMap<RelPath, SourceText>>,
    /// Why the search finds nothing, where it finds nothing.
    pub search_miss: Option<SearchMiss>,
}

impl SessionFacts {
    /// The facts for the search.
    #[must_use]
    pub const fn query_facts<'a>(&'a self, new_keys: &'a BTreeSet<FindingKey>) -> QueryFacts<'a> {
        QueryFacts {
            new_keys,
            changed_files: self.changed_files(),
            compared_revision: self.compared_revision.as_ref(),
            risk_classes: &self.risk_classes,
            opened_cause: &self.opened_cause,
        }
    }

    /// The files that are others than in git's last commit; without git, those that changed since the first scan.
    #[must_use]
    pub const fn changed_files(&self) -> &BTreeSet<RelPath> {
        match &self.uncommitted_files {
            Some(files) => files,
            None => &self.changed_files,
        }
    }

    /// Notes the files of an update whose text is another than the store has.
    pub(super) fn note_changes(&mut self, store: &Store, update: &AuditUpdate) {
        let changed = update.files.iter().filter(|file| {
            let before = store.file(&file.path).and_then(|file| file.source.as_ref());
            before.map(SourceText::text) != file.source.as_ref().map(SourceText::text)
        });
        self.changed_files.extend(changed.map(|file| file.path.clone()));
        self.changed_files.extend(update.removed_paths.iter().cloned());
    }

    /// Keeps files that the walk of an app is about to write, as they are before the first time.
    pub(super) fn keep_walked_files(&mut self, app: &AppId, files: Vec<(RelPath, SourceText)>) {
        let kept = self.walked_files.entry(app.clone()).or_default();
        for (path, before) in files {
            kept.entry(path).or_insert(before);
        }
    }

    /// The files that the walk of an app wrote and that are no part of it, as they were before and as they are.
    pub(super) fn files_walked_beside(&self, walk: &AppWalk, store: &Store) -> Vec<FilePatch> {
        let own = |path: &RelPath| walk.files.iter().any(|(own, _)| own == path);
        let kept = self.walked_files.get(&walk.id).into_iter().flatten();
        let patch = |(path, before): (&RelPath, &SourceText)| {
            let after = store.file(path)?.source.clone()?;
            Some(FilePatch { path: path.clone(), before: before.clone(), after })
        };
        kept.filter(|(path, _)| !own(path)).filter_map(patch).collect()
    }

    /// The request for the risks that are not known yet; none while one is on its way.
    pub(super) fn request_risks(&mut self, index: &FindingsIndex) -> Option<AppEffect> {
        let paths = self.risk_classes.take_request(index.paths_with_findings());
        (!paths.is_empty()).then_some(AppEffect::Ask(BackendRequest::AssessRisks { paths }))
    }
}
