//! Keeps a chart's files while fixes are added to them one by one, each proven by rendering again.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::chart_proof::{ProofNotes, WantedChange, WantedDocuments, brings_finding, is_as_wanted};
use super::copied_values::ValueChange;
use super::mount_pairs::are_whole;
use super::rendered_edits::DocumentEdits;
use super::value_edits::VALUES_FILE;
use crate::audit::{ChartView, TemplateRender, TemplateView};
use crate::finding::{Finding, FindingPlacement};
use crate::helm::SegmentKind;
use crate::kubernetes::parse_manifest;
use crate::repo::RelPath;
use crate::template::literal_text::literal_texts_of;
use crate::yaml::YamlProblemKind;

/// The most renders of a chart for one plan: each tries one edit with all value sets.
const MAX_RENDERS: usize = 400;

/// The texts of a chart's files, by their names from the chart's folder.
pub(super) type ChartTexts = BTreeMap<String, Arc<str>>;

/// A chart whose files are being edited.
pub(super) struct ChartDraft<'a> {
    pub view: &'a ChartView<'a>,
    /// The files that were edited.
    pub texts: Arc<ChartTexts>,
    /// What the files render now.
    pub templates: Vec<Arc<TemplateView>>,
    /// What they rendered when the last fix was complete.
    proven: Vec<Arc<TemplateView>>,
    /// What a person allowed, which no edit undoes.
    decisions: Vec<(&'a str, &'a [FindingPlacement])>,
    renders: usize,
    /// The names of the files with the chart's definitions.
    definitions: Vec<String>,
    /// The objects that hold copies of values which were edited.
    pub copies: BTreeSet<String>,
    /// An object that an edit would have changed besides, since the last fix began.
    pub disturbed: Option<String>,
}

/// What the files of a draft say and render, to go back to.
pub(super) struct DraftState {
    texts: Arc<ChartTexts>,
    templates: Vec<Arc<TemplateView>>,
    proven: Vec<Arc<TemplateView>>,
}

/// A finding as it stands in one of the renders now.
pub(super) struct RawFinding<'d> {
    pub template: &'d TemplateView,
    pub finding: &'d Arc<Finding>,
}

impl<'a> ChartDraft<'a> {
    pub(super) fn new(view: &'a ChartView<'a>) -> Self {
        let (texts, templates, decisions) = (Arc::default(), view.templates.clone(), view.allowed_findings());
        let proven = templates.clone();
        let definitions = view.file_names().filter(|name| name.ends_with(".tpl")).collect();
        Self {
            view,
            texts,
            templates,
            proven,
            decisions,
            renders: 0,
            definitions,
            copies: BTreeSet::new(),
            disturbed: None,
        }
    }

    pub(super) fn state(&self) -> DraftState {
        let Self { texts, templates, proven, .. } = self;
        DraftState { texts: texts.clone(), templates: templates.clone(), proven: proven.clone() }
    }

    pub(super) fn go_back(&mut self, DraftState { texts, templates, proven }: DraftState) {
        (self.texts, self.templates, self.proven) = (texts, templates, proven);
    }

    /// True where no mount was written without its volume since then.
    pub(super) fn has_whole_mounts(&self, documents: &[DocumentEdits], since: &DraftState) -> bool {
        are_whole(documents, (&since.texts, &self.texts), |file| self.is_values(file))
    }

    /// Where a finding stands now: once for each object of each value set.
    pub(super) fn find_raw(&self, rule: &str, placements: &[FindingPlacement]) -> Vec<RawFinding<'_>> {
        let mut raw = Vec::new();
        for placement in placements {
            raw.extend(self.templates.iter().find_map(|template| {
                let finding = template.find_raw(rule, placement)?;
                Some(RawFinding { template, finding })
            }));
        }
        raw
    }

    /// The text of a file as it is now, by its name from the chart's folder. None where it is not to be edited.
    pub(super) fn original_text(&self, name: &str) -> Option<Arc<str>> {
        let edited = self.texts.get(name).cloned();
        edited.or_else(|| self.view.text_of(name)).filter(|text| !is_encrypted(text))
    }

    /// The texts that a template may be made of: its own, the chart's definitions, and the files that it reads.
    pub(super) fn texts_behind(&self, name: &str, render: &TemplateRender) -> Vec<Arc<str>> {
        let mut names = vec![name.to_owned()];
        names.extend(self.definitions.iter().cloned());
        for segment in render.origin.iter() {
            let path = &*segment.place.path;
            if matches!(segment.kind, SegmentKind::Text) && !names.iter().any(|name| name == path) {
                names.push(path.to_owned());
            }
        }
        names.iter().filter_map(|name| self.original_text(name)).collect()
    }

    /// True for a file of values, whose lines are those that the chart has for people to set.
    pub(super) fn is_values(&self, name: &str) -> bool {
        name == VALUES_FILE || self.view.is_values_file(name)
    }

    /// Takes in the new text of a file, if the chart renders then as wanted, and in nothing else otherwise than before;
    /// with `is_last`, what [`Self::is_complete`] asks for is asked, too.
    pub(super) fn try_text(
        &mut self,
        name: &str,
        text: Arc<str>,
        wanted: &WantedDocuments,
        finding: (&str, &[FindingPlacement]),
        is_last: bool,
    ) -> bool {
        if self.renders >= MAX_RENDERS {
            return false;
        }
        let Some(before) = self.original_text(name) else { return false };
        let is_values = self.is_values(name);
        if !is_values && repeats_more_keys(&before, &text) {
            return false;
        }
        let values = if is_values { ValueChange::between(&before, &text) } else { ValueChange::default() };
        let wanted = WantedChange::new(wanted, &values);
        self.renders += 1;
        let mut texts = ChartTexts::clone(&self.texts);
        texts.insert(name.to_owned(), text);
        let notes = RefCell::new(ProofNotes::default());
        let accepts = |before: &TemplateRender, after: &TemplateRender| {
            is_as_wanted(before, after, &wanted, &mut notes.borrow_mut())
        };
        let after = self.view.with_texts(&texts, &self.templates, accepts);
        let mut notes = notes.into_inner();
        self.disturbed = self.disturbed.take().or(notes.disturbed);
        let Some(after) = after else { return false };
        if !self.keeps_decisions(&after) || (is_last && !self.is_complete(&after, finding)) {
            return false;
        }
        (self.texts, self.templates) = (texts.into(), after);
        self.copies.append(&mut notes.copies);
        if is_last {
            self.proven.clone_from(&self.templates);
        }
        true
    }

    /// True where the finding stands in a render now.
    pub(super) fn stands(
        &self,
        index_path: &RelPath,
        (rule, placements): (&str, &[FindingPlacement]),
    ) -> bool {
        let own = self.templates.iter().find(|own| own.render.index_path == *index_path);
        own.is_some_and(|own| stands_in(std::slice::from_ref(own), rule, placements))
    }

    /// Takes what is rendered now for proven, where the finding is gone from all its places and no worse one came.
    pub(super) fn complete(&mut self, finding: (&str, &[FindingPlacement])) -> bool {
        let is_complete = self.is_complete(&self.templates, finding);
        if is_complete {
            self.proven.clone_from(&self.templates);
        }
        is_complete
    }

    fn is_complete(
        &self,
        after: &[Arc<TemplateView>],
        (rule, placements): (&str, &[FindingPlacement]),
    ) -> bool {
        !brings_finding(&self.proven, after) && !stands_in(after, rule, placements)
    }

    /// True where what a person allowed stands as long as it did.
    fn keeps_decisions(&self, after: &[Arc<TemplateView>]) -> bool {
        let is_kept = |(rule, placements): &(&str, &[FindingPlacement])| {
            !stands_in(&self.templates, rule, placements) || stands_in(after, rule, placements)
        };
        self.decisions.iter().all(is_kept)
    }

    /// True where no more renders are made.
    pub(super) const fn is_exhausted(&self) -> bool {
        self.renders >= MAX_RENDERS
    }
}

fn stands_in(templates: &[Arc<TemplateView>], rule: &str, placements: &[FindingPlacement]) -> bool {
    templates.iter().any(|template| placements.iter().any(|at| template.find_raw(rule, at).is_some()))
}

/// True where a key would stand twice in a mapping once a branch is taken that no value set takes: another set of
/// values may take it.
fn repeats_more_keys(before: &str, after: &str) -> bool {
    let count = |text: &str| -> usize {
        let texts = literal_texts_of(text).into_iter();
        let problems = texts.flat_map(|text| parse_manifest(&text).problems);
        problems.filter(|problem| problem.kind == YamlProblemKind::DuplicateKey).count()
    };
    count(after) > count(before)
}

/// True for a file whose values are encrypted, and signed as a whole.
fn is_encrypted(text: &str) -> bool {
    text.contains("ENC[AES256_GCM")
}
