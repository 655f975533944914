//! Keeps a chart's files while fixes are added to them one by one, each proven by rendering again.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::chart_proof::{WantedDocument, brings_finding, is_as_wanted};
use super::value_edits::VALUES_FILE;
use crate::audit::{ChartView, TemplateRender, TemplateView};
use crate::finding::{Finding, FindingPlacement};
use crate::kubernetes::parse_manifest;
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
    pub texts: ChartTexts,
    /// What the files render now.
    pub templates: Vec<TemplateView>,
    /// What they rendered when the last fix was complete.
    proven: Vec<TemplateView>,
    /// What a person allowed, which no edit undoes.
    decisions: Vec<(&'a str, &'a [FindingPlacement])>,
    renders: usize,
}

/// A finding as it stands in one of the renders now.
pub(super) struct RawFinding<'d> {
    pub template: &'d TemplateView,
    pub finding: &'d Arc<Finding>,
}

impl<'a> ChartDraft<'a> {
    pub(super) fn new(view: &'a ChartView<'a>) -> Self {
        let (texts, templates, decisions) =
            (ChartTexts::new(), view.templates.clone(), view.allowed_findings());
        let proven = templates.clone();
        Self { view, texts, templates, proven, decisions, renders: 0 }
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

    /// The texts of the chart's own files of definitions.
    pub(super) fn helper_texts(&self) -> Vec<Arc<str>> {
        let names = self.view.file_names().filter(|name| name.ends_with(".tpl"));
        names.filter_map(|name| self.view.text_of(&name)).collect()
    }

    /// Takes in the new text of a file, if the chart renders then as wanted, and in nothing else otherwise than before;
    /// `rule` must stand at fewer places then.
    pub(super) fn try_text(
        &mut self,
        name: &str,
        text: Arc<str>,
        wanted: &[WantedDocument],
        (rule, placements): (&str, &[FindingPlacement]),
        is_last: bool,
    ) -> bool {
        if self.renders >= MAX_RENDERS {
            return false;
        }
        let is_values = name == VALUES_FILE || self.view.is_values_file(name);
        let before = self.original_text(name).filter(|_| !is_values);
        if before.is_some_and(|before| repeats_more_keys(&before, &text)) {
            return false;
        }
        self.renders += 1;
        let mut texts = self.texts.clone();
        texts.insert(name.to_owned(), text);
        let accepts = |before: &TemplateRender, after: &TemplateRender| is_as_wanted(before, after, wanted);
        let Some(after) = self.view.with_texts(&texts, &self.templates, accepts) else { return false };
        let stands =
            |template: &TemplateView| placements.iter().any(|at| template.find_raw(rule, at).is_some());
        let kept = |(rule, placements): &(&str, &[FindingPlacement])| {
            let stands = |templates: &[TemplateView]| {
                templates
                    .iter()
                    .any(|template| placements.iter().any(|at| template.find_raw(rule, at).is_some()))
            };
            !stands(&self.templates) || stands(&after)
        };
        if !self.decisions.iter().all(kept) {
            return false;
        }
        if is_last && brings_finding(&self.proven, &after) {
            return false;
        }
        if is_last && after.iter().any(stands) {
            return false;
        }
        (self.texts, self.templates) = (texts, after);
        if is_last {
            self.proven.clone_from(&self.templates);
        }
        true
    }

    /// True where no more renders are made.
    pub(super) const fn is_exhausted(&self) -> bool {
        self.renders >= MAX_RENDERS
    }
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
