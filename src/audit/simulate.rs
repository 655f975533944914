//! Audits a file as a fix would leave it, to prove the fix before anything is written.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::file_record::{FileRecord, ParsedFile};
use super::interest::RELEVANT_DOCUMENTS;
use super::runner::{DockerfileSurroundings, ManifestPart, RuleOutput, program_needs};
use super::suppression_run::suppress_findings;
use super::{AuditEngine, FindingVerdict, runner};
use crate::finding::{Finding, InlineSuppression};
use crate::kubernetes::{self, ManifestFile};
use crate::project::{ContainerKey, FactOverrides, FileFacts, RepositoryView};
use crate::repo::{ContextScripts, FileKind, FilePatch, RelPath};
use crate::suppress::may_hold_suppressions;
use crate::text::{SourceText, Span};
use crate::yaml::{DocumentPair, YamlProblem, YamlProblemKind};

/// The documents of an edit that are audited together.
const DOCUMENTS_AT_A_TIME: usize = 256;

/// The audit of a file as it would be.
#[derive(Clone, Debug, Default)]
pub struct SimulatedAudit {
    /// All findings, its own and the repository's, each with its suppression.
    pub findings: Vec<FindingVerdict>,
    /// The facts of a Dockerfile for other files; none for a manifest.
    pub facts: Option<FileFacts>,
    /// Where only some documents of a file were audited, those, as they stood before; the rest is as it was.
    pub documents: Option<Vec<Span>>,
}

impl SimulatedAudit {
    /// True where the findings tell of a finding that stood there before.
    #[must_use]
    pub fn covers(&self, finding: &Finding) -> bool {
        let holds = |spans: &Vec<Span>| {
            let next = spans.partition_point(|span| span.start <= finding.span.start);
            next.checked_sub(1).is_some_and(|at| finding.span.start < spans[at].end)
        };
        self.documents.as_ref().is_none_or(holds)
    }
}

impl AuditEngine {
    /// The audit of a file with another text, while other files have the facts in `facts`.
    #[must_use]
    pub fn simulate_text(
        &self,
        path: &RelPath,
        kind: FileKind,
        text: &str,
        facts: &FactOverrides,
    ) -> SimulatedAudit {
        let parsed = ParsedFile::parse_text(kind, &text.into());
        let exceptions = parsed.find_suppressions(text);
        match &parsed {
            ParsedFile::Empty => SimulatedAudit::default(),
            ParsedFile::Dockerfile(file) => {
                let (entry, no_scripts) = (self.files.get(path), ContextScripts::default());
                let context = entry.map(|entry| entry.build_context.clone()).unwrap_or_default();
                let scripts = entry.map_or(&no_scripts, |entry| &entry.context_scripts);
                let facts = parsed.extract_facts(path, text, scripts);
                let around = DockerfileSurroundings {
                    suppressions: &exceptions,
                    context: &context,
                    needs: program_needs(facts.as_ref()),
                    deployment: self.index.deployment_of(path),
                };
                let own = runner::run_dockerfile_checks(path, text, file, around, &self.settings);
                let findings = self.list_verdicts(path, text, &exceptions, own, RuleOutput::default());
                SimulatedAudit { findings, facts, documents: None }
            }
            ParsedFile::Manifest(manifest) => {
                let part = ManifestPart::of_all_documents(path, text, manifest, &self.settings);
                let own = runner::run_file_checks(&part, &exceptions, &self.index);
                let wide = runner::run_repo_checks(&part, RepositoryView::with_overrides(&self.index, facts));
                let findings = self.list_verdicts(path, text, &exceptions, own, wide);
                SimulatedAudit { findings, ..SimulatedAudit::default() }
            }
        }
    }

    /// The same for a manifest whose edit touches the documents that `pairs` marks. Only these are read and audited;
    /// the findings of the others are carried over. None where the whole file decides, as when it holds suppressions or
    /// cannot be read in part.
    #[must_use]
    pub fn simulate_edit(
        &self,
        path: &RelPath,
        text: &str,
        pairs: &[DocumentPair],
        facts: &FactOverrides,
    ) -> Option<SimulatedAudit> {
        let (entry, manifest) = self.manifest_in_parts(path, text)?;
        let (mut own, mut wide) = self.audit_documents((path, text, manifest), pairs, facts)?;
        carry_over(pairs, &entry.file_output.findings, &mut own)?;
        if facts.is_empty() {
            carry_over(pairs, &entry.repo_output.findings, &mut wide)?;
        } else {
            let touched = touched_places(manifest, pairs)?;
            let rest = Self::untouched_documents(entry, manifest, &touched, self);
            let repository = RepositoryView::with_overrides(&self.index, facts);
            carry_over(pairs, &runner::run_repo_checks(&rest, repository).findings, &mut wide)?;
        }
        let findings = self.list_verdicts(path, text, &[], own, wide);
        Some(SimulatedAudit { findings, ..SimulatedAudit::default() })
    }

    /// The audit of those documents alone. None, too, where a document of the file runs what one of these facts is about:
    /// then what is found in the others may change.
    #[must_use]
    pub fn simulate_documents(
        &self,
        path: &RelPath,
        text: &str,
        pairs: &[DocumentPair],
        facts: &FactOverrides,
    ) -> Option<SimulatedAudit> {
        let (_, manifest) = self.manifest_in_parts(path, text)?;
        if self.runs_what_changes(path, manifest, facts) {
            return None;
        }
        let (own, wide) = self.audit_documents((path, text, manifest), pairs, facts)?;
        // What stands between two documents belongs to the first.
        let end = |at: usize| pairs.get(at + 1).map_or(usize::MAX, |next| next.before.start);
        let touched = pairs.iter().enumerate().filter(|(_, pair)| pair.differs);
        let touched = touched.map(|(at, pair)| Span::new(pair.before.start, end(at))).collect();
        let findings = self.list_verdicts(path, text, &[], own, wide);
        Some(SimulatedAudit { findings, documents: Some(touched), ..SimulatedAudit::default() })
    }

    /// True where a container of the manifest runs the image of a Dockerfile that has one of these facts.
    #[must_use]
    pub fn runs_what_changes(&self, path: &RelPath, manifest: &ManifestFile, facts: &FactOverrides) -> bool {
        let repository = self.repository();
        let mut keys = ContainerKey::all_in(path, manifest);
        !facts.is_empty()
            && keys.any(|key| {
                repository.link_of_key(&key).is_some_and(|link| facts.contains_key(&link.dockerfile))
            })
    }

    /// A manifest that can be audited document by document.
    fn manifest_in_parts(&self, path: &RelPath, text: &str) -> Option<(&FileRecord, &ManifestFile)> {
        let entry = self.files.get(path).filter(|entry| entry.last_valid.is_none())?;
        let ParsedFile::Manifest(manifest) = &entry.content else { return None };
        // What was left unread at the end of a file that is too long has no part in an edit.
        let is_at_end = |problem: &YamlProblem| problem.kind == YamlProblemKind::TooLarge;
        let is_read_in_parts = manifest.problems.iter().all(is_at_end)
            && entry.suppressions.is_empty()
            && !may_hold_suppressions(text);
        is_read_in_parts.then_some((entry, manifest))
    }

    /// Audits the documents that an edit touches, a few at a time: all their trees would take many times their text.
    fn audit_documents(
        &self,
        (path, text, manifest): (&RelPath, &str, &ManifestFile),
        pairs: &[DocumentPair],
        facts: &FactOverrides,
    ) -> Option<(RuleOutput, RuleOutput)> {
        let places = touched_places(manifest, pairs)?;
        let spans: Vec<Span> = pairs.iter().filter(|pair| pair.differs).map(|pair| pair.after).collect();
        let (lent, repository) = (text.into(), RepositoryView::with_overrides(&self.index, facts));
        let (mut own, mut wide) = (RuleOutput::default(), RuleOutput::default());
        for (places, spans) in places.chunks(DOCUMENTS_AT_A_TIME).zip(spans.chunks(DOCUMENTS_AT_A_TIME)) {
            let anew = kubernetes::parse_documents(&lent, spans, RELEVANT_DOCUMENTS);
            if !anew.problems.is_empty() || anew.template.is_some() || anew.documents.len() != places.len() {
                return None;
            }
            let part = ManifestPart::of_documents(path, text, &anew, places, &self.settings);
            own.findings.extend(runner::run_file_checks(&part, &[], &self.index).findings);
            wide.findings.extend(runner::run_repo_checks(&part, repository).findings);
        }
        Some((own, wide))
    }

    /// The findings of an unchanged file, while other files have the facts in `facts`. Nothing is read.
    #[must_use]
    pub fn simulate_facts(&self, path: &RelPath, facts: &FactOverrides) -> Vec<FindingVerdict> {
        let Some(entry) = self.files.get(path).filter(|entry| entry.last_valid.is_none()) else {
            return Vec::new();
        };
        let ParsedFile::Manifest(manifest) = &entry.content else { return Vec::new() };
        let part = ManifestPart::of_all_documents(path, entry.text(), manifest, &self.settings);
        let own = RuleOutput { findings: entry.file_output.findings.clone(), ..RuleOutput::default() };
        let wide = runner::run_repo_checks(&part, RepositoryView::with_overrides(&self.index, facts));
        self.list_verdicts(path, entry.text(), &entry.suppressions, own, wide)
    }

    /// The same repository, once these patches are written. Files that they do not touch are not read again.
    #[must_use]
    pub fn with_patches(&self, patches: &[FilePatch]) -> Self {
        let mut engine =
            Self::new(self.root.clone(), self.settings.clone()).with_baseline(self.baseline.clone());
        engine.outer_root.clone_from(&self.outer_root);
        engine.targets.clone_from(&self.targets);
        engine.index = self.index.clone();
        engine.files = self.files.clone();
        engine.risk_assessor.clone_from(&self.risk_assessor);
        engine.has_trials = self.has_trials;
        engine.charts = self.charts.clone();
        engine.overlays = self.overlays.clone();
        let patched = |patch: &FilePatch| {
            let old = self.files.get(&patch.path)?;
            let source: SourceText = patch.after.clone();
            let entry =
                FileRecord::from_source(patch.path.clone(), old.kind, source, old.build_context.clone());
            let context_scripts = old.context_scripts.clone();
            Some(FileRecord { role: old.role, is_context: old.is_context, context_scripts, ..entry })
        };
        let is_plain = |patch: &&FilePatch| self.chart_of(&patch.path).is_none();
        let entries: Vec<FileRecord> = patches.iter().filter(is_plain).filter_map(patched).collect();
        let mut changed: BTreeSet<RelPath> = entries.iter().map(|entry| entry.path.clone()).collect();
        engine.render_patched_charts(patches, &mut changed);
        for entry in entries {
            let old = engine.files.remove(&entry.path);
            let renders = old.map(|old| old.renders).unwrap_or_default();
            engine.files.insert(entry.path.clone(), Box::new(FileRecord { renders, ..entry }));
        }
        engine.build_patched_overlays(patches, &mut changed);
        engine.app_scores.update_files(&engine.files, engine.files.keys());
        engine.reindex(&changed);
        engine
    }

    /// A copy of the engine in which the baselined findings of these files count as open, as when they are to be fixed.
    #[must_use]
    pub fn with_baselined_open(&self, paths: &BTreeSet<RelPath>) -> Self {
        let mut engine = self.with_patches(&[]);
        engine
            .baseline
            .forget_files(paths.iter().map(|path| self.settings.path_in_repository(path.as_str())));
        engine.reindex(paths);
        engine
    }

    /// The documents of a file that an edit does not touch.
    fn untouched_documents<'a>(
        entry: &'a FileRecord,
        manifest: &'a ManifestFile,
        touched: &[usize],
        engine: &'a Self,
    ) -> ManifestPart<'a> {
        let mut part = ManifestPart::of_all_documents(&entry.path, entry.text(), manifest, &engine.settings);
        let touched: BTreeSet<usize> = touched.iter().copied().collect();
        part.documents.retain(|(at, _)| !touched.contains(at));
        part
    }

    fn list_verdicts(
        &self,
        path: &RelPath,
        text: &str,
        exceptions: &[InlineSuppression],
        mut own: RuleOutput,
        mut wide: RuleOutput,
    ) -> Vec<FindingVerdict> {
        if let Some(built) = self.files.get(path).and_then(|file| file.built_verdicts.as_deref()) {
            // What no build has is no finding of the file.
            own.retain_findings(|finding| !built.is_untrue(finding));
            wide.retain_findings(|finding| !built.is_untrue(finding));
        }
        suppress_findings(self.suppression_pass(path.as_str(), text, exceptions), &mut own, &mut wide)
    }
}

/// The documents of a file that an edit touches, by their index in it; none where one of them was not read.
fn touched_places(manifest: &ManifestFile, pairs: &[DocumentPair]) -> Option<Vec<usize>> {
    let touched = pairs.iter().filter(|pair| pair.differs);
    touched.map(|pair| manifest.document_at(pair.before)).collect()
}

/// Adds the findings of unchanged documents, at their current places. None where a finding lies in no document.
fn carry_over(pairs: &[DocumentPair], found: &[Arc<Finding>], to: &mut RuleOutput) -> Option<()> {
    for finding in found {
        let at = finding.span.start;
        let pair = pairs[..pairs.partition_point(|pair| pair.before.start <= at)].last()?;
        if pair.differs {
            continue;
        }
        let mut finding = Arc::clone(finding);
        if pair.before.start != pair.after.start {
            let Span { start, end } = finding.span;
            let moved = |offset: usize| offset - pair.before.start + pair.after.start;
            Arc::make_mut(&mut finding).span = Span::new(moved(start), moved(end));
        }
        to.findings.push(finding);
    }
    Some(())
}
