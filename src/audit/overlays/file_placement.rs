//! Holds a file's findings as written against those of builds: what is so in some build stays, what is in none goes, and
//! what only builds have is added.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::built_findings::{BuiltFinding, BuiltFindings};
use super::image_entries::{EntryFile, entry_fix};
use crate::audit::runner::RuleOutput;
use crate::finding::{Finding, InlineSuppression};
use crate::repo::RelPath;
use crate::rules::{self, RuleTheme};

/// Why nothing is written where a build brings a weakness in.
const BY_HAND: &str = "this part of a kustomization brings it into what is built: no fix is written into JSON patches, patches in place or generators of a kustomization";

/// The rule about comments, whose findings come of all others.
const UNUSED_RULE: &str = "unused-suppression";

/// An object by the file in which it began, and the `Kind/name` that it had there.
pub(super) type ObjectHome = (RelPath, Arc<str>);

/// The findings of a file as built, before it is known which are suppressed.
#[derive(Default)]
pub(super) struct FilePlacement {
    pub findings: Vec<Arc<Finding>>,
    /// Of each finding the pod that it is about, by its index among those of the file.
    pub subjects: Vec<Option<usize>>,
    /// Of each finding the objects that it is about.
    pub homes: Vec<BTreeSet<ObjectHome>>,
    /// What is not so in any build.
    pub untrue: Vec<Arc<Finding>>,
    /// How many of these some object that is built would have, but for what builds on it.
    pub mended_count: usize,
    /// Annotations elsewhere that allow some of them.
    pub allowed: Vec<InlineSuppression>,
}

impl FilePlacement {
    /// Holds what the rules say of a file as it is written against what they say of builds. Where `is_decided`, builds
    /// have the last word.
    pub(super) fn place(
        (path, text): (&RelPath, Option<&Arc<str>>),
        (own, wide): (&RuleOutput, &RuleOutput),
        is_decided: bool,
        found: &BuiltFindings,
    ) -> Self {
        let mut placement = Self::default();
        let mut built: Vec<&BuiltFinding> = found.in_file(path).collect();
        let of_own = own.findings.iter().zip(&own.subjects);
        let written = of_own.chain(wide.findings.iter().zip(&wide.subjects));
        for (finding, subject) in written.filter(|(finding, _)| finding.rule != UNUSED_RULE) {
            let is_same = |one: &&BuiltFinding| one.is_of(finding);
            let same: Vec<&BuiltFinding> = built.extract_if(.., |one| is_same(&*one)).collect();
            let theme = rules::find_rule(finding.rule).map(|rule| rule.theme);
            if !same.is_empty() {
                placement.keep_written(finding, *subject, &same, found);
            } else if !is_decided || theme == Some(RuleTheme::File) {
                placement.push(Arc::clone(finding), *subject, BTreeSet::new());
            } else {
                placement.drop_untrue(path, finding, found);
            }
        }
        let file = EntryFile::new(text);
        built.into_iter().for_each(|one| placement.add_built(one, &file, found));
        placement
    }

    fn push(&mut self, finding: Arc<Finding>, subject: Option<usize>, homes: BTreeSet<ObjectHome>) {
        self.findings.push(finding);
        self.subjects.push(subject);
        self.homes.push(homes);
    }

    /// A finding of the file itself that some builds have.
    fn keep_written(
        &mut self,
        finding: &Finding,
        subject: Option<usize>,
        same: &[&BuiltFinding],
        found: &BuiltFindings,
    ) {
        let homes: BTreeSet<ObjectHome> = same.iter().flat_map(|one| one.homes.iter().cloned()).collect();
        let mut placements: Vec<_> = same.iter().flat_map(|one| one.placements.iter().cloned()).collect();
        placements.sort_by(|a, b| a.unit.cmp(&b.unit));
        placements.dedup();
        if same.iter().all(|one| one.allowed.is_some()) {
            let allowed = same.iter().filter_map(|one| one.allowed.clone()).take(1);
            self.allowed.extend(allowed.map(|own| InlineSuppression { reach: Some(finding.span), ..own }));
        }
        let mut kept = finding.clone();
        if let Some(overlays) = found.name_overlays(&placements, &homes) {
            kept.message = format!("{} ({overlays})", kept.message).into();
        }
        kept.placements = Some(placements.into());
        self.push(Arc::new(kept), subject, homes);
    }

    fn drop_untrue(&mut self, path: &RelPath, finding: &Arc<Finding>, found: &BuiltFindings) {
        if let Some(object) = &finding.subject.object {
            let home = (path.clone(), object.clone());
            let container = finding.subject.container.as_ref();
            if found.is_kept(&home) && !found.stands_elsewhere(&home, finding.rule, container) {
                self.mended_count += 1;
            }
        }
        self.untrue.push(Arc::clone(finding));
    }

    /// A finding that only builds have.
    fn add_built(&mut self, one: &BuiltFinding, file: &EntryFile<'_>, found: &BuiltFindings) {
        let mut finding = one.finding.clone();
        if let Some(overlays) = found.name_overlays(&one.placements, &one.homes) {
            finding.message = format!("{} ({overlays})", finding.message).into();
        }
        if let Some(fix) = finding.available_fix() {
            let own = entry_fix(fix, file, finding.span);
            finding.fix = own.map(|fix| Some(Arc::new(fix))).ok_or_else(|| BY_HAND.to_owned());
        }
        finding.placements = Some(one.placements.clone().into());
        self.allowed.extend(one.allowed.clone());
        self.push(Arc::new(finding), None, one.homes.clone());
    }
}
