//! The audit of a file as it would be: what a fix is proven by before anything is written.

use std::collections::HashMap;
use std::sync::Arc;

use super::entry::{Entry, Parsed};
use super::interest::RELEVANT_DOCUMENTS;
use super::judge::{self, Judged, ManifestPart};
use super::standing::listed;
use super::suppression_run::suppress_findings;
use super::{Engine, Listed};
use crate::finding::Finding;
use crate::finding::InlineSuppression;
use crate::manifest::{self, DocumentPair, Manifest};
use crate::project::{FileFacts, RepositoryView};
use crate::repo::{FileKind, FilePatch, RelPath};
use crate::suppress::may_hold_suppressions;
use crate::text::{Source, Span};

/// A file as it would be, audited.
#[derive(Clone, Debug, Default)]
pub struct ImaginedAudit {
    /// All findings, its own and the repository's, with what would keep each of them quiet.
    pub findings: Vec<Listed>,
    /// What a Dockerfile would tell other files of itself; none for a manifest.
    pub facts: Option<FileFacts>,
}

/// What other files would tell of themselves, by their paths.
type OtherFacts = HashMap<RelPath, FileFacts>;

impl Engine {
    /// The audit of a file if it said this, and other files told of themselves what `facts` says.
    #[must_use]
    pub fn imagine(&self, path: &RelPath, kind: FileKind, text: &str, facts: &OtherFacts) -> ImaginedAudit {
        let parsed = Parsed::of(kind, &text.into());
        let exceptions = parsed.exceptions(text);
        match &parsed {
            Parsed::Nothing => ImaginedAudit::default(),
            Parsed::Build(file) => {
                let ignore = self.files.get(path).is_some_and(|entry| entry.has_ignore_file);
                let own = judge::build(path, text, file, &exceptions, ignore, &self.settings);
                let findings = self.list(path, text, &exceptions, own, Judged::default());
                ImaginedAudit { findings, facts: parsed.facts(text) }
            }
            Parsed::Manifest(manifest) => {
                let part = ManifestPart::whole(path, text, manifest, &self.settings);
                let own = judge::manifest(&part, &exceptions, &self.index);
                let wide = judge::wide(&part, RepositoryView::with_overrides(&self.index, facts));
                let findings = self.list(path, text, &exceptions, own, wide);
                ImaginedAudit { findings, facts: None }
            }
        }
    }

    /// The same of a manifest of which `pairs` says what an edit touches. Only the documents that differ are read and
    /// judged; of the others, what was found is carried over. None where the whole file decides, as when it holds
    /// exceptions or cannot be read in part.
    #[must_use]
    pub fn imagine_edit(
        &self,
        path: &RelPath,
        text: &str,
        pairs: &[DocumentPair],
        facts: &OtherFacts,
    ) -> Option<ImaginedAudit> {
        let entry = self.files.get(path).filter(|entry| entry.last.is_none())?;
        let Parsed::Manifest(manifest) = &entry.parsed else { return None };
        if !manifest.problems.is_empty() || may_hold_suppressions(text) || !entry.exceptions.is_empty() {
            return None;
        }
        let touched: Vec<&DocumentPair> = pairs.iter().filter(|pair| pair.differs).collect();
        let place = |pair: &&DocumentPair| manifest.documents.iter().position(|d| d.span == pair.before);
        let places: Vec<usize> = touched.iter().map(place).collect::<Option<_>>()?;
        let spans: Vec<Span> = touched.iter().map(|pair| pair.after).collect();
        let anew = manifest::parse_documents(&text.into(), &spans, RELEVANT_DOCUMENTS);
        if !anew.problems.is_empty() || anew.template.is_some() || anew.documents.len() != touched.len() {
            return None;
        }
        let part = ManifestPart::of(path, text, &anew, &places, &self.settings);
        let repository = RepositoryView::with_overrides(&self.index, facts);
        let mut own = judge::manifest(&part, &[], &self.index);
        let mut wide = judge::wide(&part, repository);
        carry_over(pairs, &entry.own.findings, &mut own)?;
        if facts.is_empty() {
            carry_over(pairs, &entry.wide.findings, &mut wide)?;
        } else {
            let rest = Self::untouched(entry, manifest, &places, self);
            carry_over(pairs, &judge::wide(&rest, repository).findings, &mut wide)?;
        }
        Some(ImaginedAudit { findings: self.list(path, text, &[], own, wide), facts: None })
    }

    /// The findings of a file as it stands, once other files tell of themselves what `facts` says. Nothing is read.
    #[must_use]
    pub fn imagine_facts(&self, path: &RelPath, facts: &OtherFacts) -> Vec<Listed> {
        let Some(entry) = self.files.get(path).filter(|entry| entry.last.is_none()) else {
            return Vec::new();
        };
        let Parsed::Manifest(manifest) = &entry.parsed else { return Vec::new() };
        let part = ManifestPart::whole(path, entry.text(), manifest, &self.settings);
        let own = Judged { findings: entry.own.findings.clone(), ..Judged::default() };
        let wide = judge::wide(&part, RepositoryView::with_overrides(&self.index, facts));
        self.list(path, entry.text(), &entry.exceptions, own, wide)
    }

    /// The same repository, once these patches are written. Files that they do not touch are not read again.
    #[must_use]
    pub fn with_texts(&self, patches: &[FilePatch]) -> Self {
        let mut engine =
            Self::new(self.root.clone(), self.settings.clone()).with_baseline(self.baseline.clone());
        engine.repository.clone_from(&self.repository);
        engine.targets.clone_from(&self.targets);
        engine.index = self.index.clone();
        engine.files = self.files.clone();
        engine.risk_assessor.clone_from(&self.risk_assessor);
        let patched = |patch: &FilePatch| {
            let old = self.files.get(&patch.path)?;
            let source: Source = patch.after.clone();
            let entry = Entry::of(patch.path.clone(), old.kind, source, old.has_ignore_file);
            Some(Entry { role: old.role, is_context: old.is_context, ..entry })
        };
        let entries: Vec<Entry> = patches.iter().filter_map(patched).collect();
        let changed = entries.iter().map(|entry| entry.path.clone()).collect();
        engine.files.extend(entries.into_iter().map(|entry| (entry.path.clone(), Box::new(entry))));
        engine.apps.change(&engine.files, engine.files.keys());
        engine.settle(&changed);
        engine
    }

    /// The documents of a file that an edit leaves alone.
    fn untouched<'a>(
        entry: &'a Entry,
        manifest: &'a Manifest,
        touched: &[usize],
        engine: &'a Self,
    ) -> ManifestPart<'a> {
        let mut part = ManifestPart::whole(&entry.path, entry.text(), manifest, &engine.settings);
        part.documents.retain(|(at, _)| !touched.contains(at));
        part
    }

    fn list(
        &self,
        path: &RelPath,
        text: &str,
        exceptions: &[InlineSuppression],
        mut own: Judged,
        mut wide: Judged,
    ) -> Vec<Listed> {
        suppress_findings(self.quiet(path.as_str(), text, exceptions), &mut own, &mut wide);
        let mut all = listed(&own);
        all.extend(listed(&wide));
        all
    }
}

/// Adds what was found in documents that are as they were, where it stands now. None where a finding stands in none.
fn carry_over(pairs: &[DocumentPair], found: &[Arc<Finding>], to: &mut Judged) -> Option<()> {
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
