//! Places what the rules say of builds in the files that decide it, in the place of what they say of the files as written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::built_findings::{BuiltFindings, OverlayPlace};
use super::built_outcomes::set_built_outcomes;
use super::built_verdicts::BuiltVerdicts;
use super::file_placement::{FilePlacement, ObjectHome};
use crate::audit::file_record::FileRecord;
use crate::audit::listed_finding::list_findings;
use crate::audit::runner::RuleOutput;
use crate::audit::score::ScoreFactor;
use crate::audit::suppression_run::{apply_severities, suppress_findings};
use crate::audit::{AuditEngine, workload_reports};
use crate::project::RepositoryView;
use crate::repo::{FileRole, RelPath};
use crate::suppress::SuppressionPass;
use crate::text::SourceText;

/// What builds decide about files.
#[derive(Default)]
struct BuiltClaims {
    /// The files of which builds have the last word: some are made of them, and none of these failed.
    is_decided: HashMap<RelPath, bool>,
    /// The kustomizations that could not be built, each with the reason.
    faults: HashMap<RelPath, String>,
}

/// What findings that stand in other files put on the score of objects.
#[derive(Default)]
struct OutsideFactors {
    factors: BTreeMap<ObjectHome, ScoreFactor>,
    /// The names of the objects of each file's pods.
    names: BTreeMap<RelPath, Vec<Arc<str>>>,
}

impl AuditEngine {
    /// Places the findings of the builds that one of these judged files has a part in; of all, where none is given.
    /// Gives the files whose findings or workloads may be others now.
    pub(in crate::audit) fn place_overlay_findings(
        &mut self,
        judged: Option<&BTreeSet<RelPath>>,
    ) -> BTreeSet<RelPath> {
        let concerned = self.concerned_overlays(judged);
        let mut paths: BTreeSet<RelPath> = BTreeSet::new();
        for overlay in concerned.iter().filter_map(|folder| self.overlays.get(folder)) {
            let known = |path: &&RelPath| self.files.contains_key(*path);
            paths.extend(overlay.files.iter().chain(&overlay.paths).filter(known).cloned());
        }
        for path in &paths {
            let Some(record) = self.files.get_mut(path) else { continue };
            for render in &mut record.current_record_mut().renders {
                apply_severities(&self.settings, Arc::make_mut(&mut render.file_output));
                apply_severities(&self.settings, Arc::make_mut(&mut render.repo_output));
            }
        }
        let found = self.gather_built_findings(&concerned);
        paths.retain(|path| self.files.get(path).is_some_and(|file| !file.is_context && !file.is_chart_made));
        let claims = self.built_claims(&concerned);
        // What the rules say of a file as it is written stays where no build says anything of it, or did before.
        paths.retain(|path| {
            let is_written = |file: &FileRecord| file.renders.is_empty() && file.built_verdicts.is_none();
            let is_plain = self.files.get(path).is_some_and(|file| is_written(file.current_record()));
            !is_plain
                || claims.is_decided.contains_key(path)
                || claims.faults.contains_key(path)
                || found.in_file(path).next().is_some()
        });
        let mut outside = OutsideFactors::default();
        for path in &paths {
            let is_decided = claims.is_decided.contains_key(path);
            let about = self.place_in_file(path, is_decided, &found);
            self.list_in_file(path, about, is_decided, &mut outside);
            if let (Some(reason), Some(file)) = (claims.faults.get(path), self.files.get_mut(path)) {
                file.current_record_mut().unfinished_reason = Some(reason.clone());
            }
        }
        for path in &paths {
            self.score_built_workloads(path, &outside);
        }
        paths
    }

    /// The findings of these overlays, by the places that decide them.
    fn gather_built_findings(&self, concerned: &BTreeSet<RelPath>) -> BuiltFindings {
        let overlays = concerned.iter().filter_map(|folder| self.overlays.get(folder));
        let place_of = |folder: &RelPath| OverlayPlace {
            folder: folder.to_absolute(&self.root),
            root: self.root.clone(),
            top: self.repository_root().to_path_buf(),
        };
        let mut found = BuiltFindings::gather(overlays, &self.files, place_of);
        found.move_to_removals(|path, built| {
            let Some((own, wide)) = self.written_outputs(path) else { return false };
            own.findings.iter().chain(&wide.findings).any(|finding| built.is_of(finding))
        });
        found
    }

    /// What the rules say of a file as it is written.
    fn written_outputs(&self, path: &RelPath) -> Option<(&RuleOutput, &RuleOutput)> {
        let record = self.files.get(path)?.current_record();
        Some(match record.built_verdicts.as_deref() {
            Some(written) => (&written.own, &written.wide),
            None => (&record.file_output, &record.repo_output),
        })
    }

    /// The overlays that one of these files is a part of, and those that share files with them.
    fn concerned_overlays(&self, judged: Option<&BTreeSet<RelPath>>) -> BTreeSet<RelPath> {
        let Some(judged) = judged else { return self.overlays.folders().cloned().collect() };
        let (mut reached, mut concerned) = (judged.clone(), BTreeSet::new());
        while !reached.is_empty() {
            let mut next = BTreeSet::new();
            for overlay in self.overlays.naming_files(&reached) {
                if concerned.insert(overlay.unit.key.path.clone()) {
                    next.extend(overlay.files.iter().chain(&overlay.paths).cloned());
                }
            }
            reached = next;
        }
        concerned
    }

    /// What these overlays decide about the files that they are made of.
    fn built_claims(&self, concerned: &BTreeSet<RelPath>) -> BuiltClaims {
        let mut claims = BuiltClaims::default();
        for overlay in concerned.iter().filter_map(|folder| self.overlays.get(folder)) {
            for path in &overlay.files {
                *claims.is_decided.entry(path.clone()).or_insert(true) &= overlay.is_built();
            }
            let reason = overlay.unit.status.reason();
            claims.faults.extend(reason.map(|reason| (overlay.own_file.clone(), reason.to_owned())));
        }
        let is_kustomization =
            |path: &RelPath| self.files.get(path).is_some_and(|file| file.role == FileRole::Kustomization);
        claims.is_decided.retain(|path, is_decided| *is_decided && !is_kustomization(path));
        claims
    }

    /// The findings of a file as built, in the place of those as written; those stay that no build decides.
    fn place_in_file(&self, path: &RelPath, is_decided: bool, found: &BuiltFindings) -> FilePlacement {
        let text = self.files.get(path).and_then(|file| file.current_record().source.as_ref());
        let text = text.map(SourceText::shared_text);
        let written = self.written_outputs(path);
        written
            .map(|written| FilePlacement::place((path, text), written, is_decided, found))
            .unwrap_or_default()
    }

    /// Lists the findings that were placed in a file, with what suppresses them there.
    fn list_in_file(
        &mut self,
        path: &RelPath,
        about: FilePlacement,
        is_decided: bool,
        outside: &mut OutsideFactors,
    ) {
        let Some(mut record) = self.files.remove(path) else { return };
        let current = record.current_record_mut();
        let written = current.built_verdicts.take().map(|written| *written);
        let mut written = written.unwrap_or_else(|| BuiltVerdicts {
            own: std::mem::take(&mut current.file_output),
            wide: std::mem::take(&mut current.repo_output),
            ..BuiltVerdicts::default()
        });
        let FilePlacement { findings, subjects, homes, untrue, mended_count, allowed } = about;
        let mut own = RuleOutput { findings, subjects, ..RuleOutput::default() };
        let mut wide = RuleOutput { findings: untrue, ..RuleOutput::default() };
        own.outcomes.clone_from(&written.own.outcomes);
        wide.outcomes.clone_from(&written.wide.outcomes);
        let names = if is_decided || !current.renders.is_empty() {
            let places = (&self.index, &self.settings);
            set_built_outcomes(current, (&mut own, &mut wide), !is_decided, places)
        } else {
            Vec::new()
        };
        for (subject, homes) in own.subjects.iter_mut().zip(&homes) {
            let own_name = |name: &Arc<str>| homes.contains(&(path.clone(), name.clone()));
            *subject = subject.or_else(|| names.iter().position(own_name));
        }
        written.untrue =
            wide.findings.iter().map(|finding| (finding.rule, finding.subject.clone())).collect();
        written.mended_count = mended_count;
        let untrue = wide.findings.len();
        let mut suppressions = current.suppressions.clone();
        suppressions.extend(allowed);
        let pass = SuppressionPass {
            path: path.as_str(),
            text: current.text(),
            suppressions: &suppressions,
            settings: &self.settings,
            baseline: &self.baseline,
        };
        let mut verdicts = suppress_findings(pass, &mut own, &mut wide);
        // What no build has is no finding; but a comment that allows it has its use.
        verdicts.drain(own.findings.len()..own.findings.len() + untrue);
        wide.findings.drain(..untrue);
        wide.is_suppressed.drain(..untrue);
        wide.subjects = vec![None; wide.findings.len()];
        for ((finding, homes), is_quiet) in own.findings.iter().zip(&homes).zip(&own.is_suppressed) {
            let factor = ScoreFactor::from_severity(finding.severity);
            for home in homes.iter().filter(|(file, _)| file != path && !is_quiet) {
                let known = outside.factors.entry(home.clone()).or_default();
                *known = factor.max(*known);
            }
        }
        current.finding_list = Some(list_findings(path, current.source.as_ref(), &verdicts));
        (current.file_output, current.repo_output) = (own, wide);
        current.built_verdicts = Some(Box::new(written));
        outside.names.insert(path.clone(), names);
        record.list_stale_findings();
        self.files.insert(path.clone(), record);
    }

    /// Scores the workloads of a file as they are built.
    fn score_built_workloads(&mut self, path: &RelPath, outside: &OutsideFactors) {
        let Some(mut record) = self.files.remove(path) else { return };
        let current = record.current_record_mut();
        let names = outside.names.get(path).map(Vec::as_slice).unwrap_or_default();
        let factor = |name: &Arc<str>| outside.factors.get(&(path.clone(), name.clone()));
        current.file_output.outside_factors =
            names.iter().map(|name| factor(name).copied().unwrap_or_default()).collect();
        let repository = RepositoryView::new(&self.index);
        let mut rows = workload_reports::workload_rows(current, repository, &self.settings);
        workload_reports::set_built_levels(&mut rows, current);
        current.workload_rows = rows;
        self.files.insert(path.clone(), record);
    }

    /// How many findings of files as they are written every overlay mends.
    #[must_use]
    pub fn mended_count(&self) -> usize {
        let verdicts = self.files.values().filter_map(|file| file.current_record().built_verdicts.as_deref());
        verdicts.map(|verdicts| verdicts.mended_count).sum()
    }
}
