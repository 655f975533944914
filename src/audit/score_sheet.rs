//! Keeps the score on paper, finding by finding, to say what it would be once some are mended.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::AuditEngine;
use super::file_record::{FileRecord, ParsedFile};
use super::overlays::pod_names;
use super::runner::RuleOutput;
use super::score::{ScoreFactor, ScoreMean, ScoreTally, score_weight};
use crate::finding::{Finding, FindingKey, Subject};
use crate::repo::RelPath;
use crate::rules::{RuleOutcome, RuleTheme, find_rule};
use crate::settings::Settings;
use crate::unit::UnitKey;

/// The part of the score that one workload or Dockerfile has.
#[derive(Clone, Debug, Default)]
struct SheetSubject {
    /// Without any factor.
    tally: ScoreTally,
    faults: Vec<SheetFault>,
    /// The open findings that hold the score down, each with its factor.
    holds: Vec<(ScoreFactor, Vec<usize>)>,
    apps: Vec<usize>,
}

/// A rule that failed: met once all of its findings are mended.
#[derive(Clone, Debug)]
struct SheetFault {
    weight: u32,
    findings: Vec<usize>,
    /// True where one of its findings is allowed, and so never mended.
    is_kept: bool,
}

/// A finding about a subject that stands in another file.
struct OutsideFinding {
    /// The subject's place among those of its file.
    subject: usize,
    rule: &'static str,
    factor: ScoreFactor,
    number: usize,
}

/// The score of every app, from which open findings can be taken one after the other.
#[derive(Clone, Debug, Default)]
pub struct ScoreSheet {
    numbers: HashMap<FindingKey, usize>,
    is_mended: Vec<bool>,
    subjects_of: Vec<Vec<usize>>,
    subjects: Vec<SheetSubject>,
    /// Each app by its subjects.
    apps: Vec<Vec<usize>>,
    means: Vec<ScoreMean>,
    total: ScoreMean,
}

/// The findings that stand behind one of a rule's.
type KeysBehind<'a> = dyn Fn(&Arc<Finding>) -> Vec<FindingKey> + 'a;

impl ScoreSheet {
    /// The sheet of a repository as it is.
    #[must_use]
    pub fn of_engine(engine: &AuditEngine) -> Self {
        let mut sheet = Self::default();
        let mut dockerfiles: HashMap<&RelPath, usize> = HashMap::new();
        let placed = PlacedKeys::of_engine(engine);
        let records = || engine.files.values().map(|record| record.current_record());
        for record in records() {
            if let ParsedFile::Dockerfile(_) = record.content {
                let keys = keys_by_finding(record);
                let behind = |finding: &Arc<Finding>| keys_at(&keys, finding);
                let subjects = sheet.add_subjects(&[(&record.file_output, &behind)], &[], &engine.settings);
                dockerfiles.extend(subjects.first().map(|subject| (&record.path, *subject)));
            }
        }
        let mut linked: BTreeSet<&RelPath> = BTreeSet::new();
        for record in records() {
            let subjects = sheet.add_workloads(record, &placed, engine);
            for (subject, row) in subjects.into_iter().zip(&record.workload_rows) {
                let builds = row.dockerfiles.iter().filter_map(|path| dockerfiles.get(path).copied());
                sheet.apps.push(std::iter::once(subject).chain(builds).collect());
                linked.extend(&row.dockerfiles);
            }
        }
        let alone = dockerfiles.iter().filter(|(path, _)| !linked.contains(**path));
        sheet.apps.extend(alone.map(|(_, subject)| vec![*subject]));
        sheet.sum_up();
        sheet
    }

    /// The score as it stands now.
    #[must_use]
    pub fn score(&self) -> Option<u8> {
        self.total.score()
    }

    /// Takes these findings as mended; false where the score knows none of them.
    pub fn mend<'k>(&mut self, keys: impl IntoIterator<Item = &'k FindingKey>) -> bool {
        let mut touched = BTreeSet::new();
        for key in keys {
            let Some(number) = self.numbers.get(key).copied() else { continue };
            self.is_mended[number] = true;
            let subjects = self.subjects_of[number].iter();
            touched.extend(subjects.flat_map(|subject| self.subjects[*subject].apps.iter().copied()));
        }
        for app in &touched {
            let mean = self.mean_of_app(*app);
            self.total.replace_part(self.means[*app], mean);
            self.means[*app] = mean;
        }
        !touched.is_empty()
    }

    fn add_workloads(
        &mut self,
        record: &FileRecord,
        placed: &PlacedKeys,
        engine: &AuditEngine,
    ) -> Vec<usize> {
        let settings = &engine.settings;
        let first = record.renders.first().map(|render| &render.unit);
        let mut subjects = Vec::new();
        if let ParsedFile::Manifest(manifest) = &record.content {
            let keys = keys_by_finding(record);
            let behind = |finding: &Arc<Finding>| keys_at(&keys, finding);
            let outputs: [(&RuleOutput, &KeysBehind<'_>); 2] =
                [(&record.file_output, &behind), (&record.repo_output, &behind)];
            let names = match record.renders.is_empty() {
                true => Vec::new(),
                false => pod_names(record, manifest, (&engine.index, settings)),
            };
            let outside = self.number_outside(record, &names, placed);
            subjects.extend(self.add_subjects(&outputs, &outside, settings));
        } else {
            for render in record.renders.iter().filter(|render| Some(&render.unit) == first) {
                let behind = |finding: &Arc<Finding>| placed.keys_of(&render.unit, finding);
                let outputs: [(&RuleOutput, &KeysBehind<'_>); 2] =
                    [(&render.file_output, &behind), (&render.repo_output, &behind)];
                subjects.extend(self.add_subjects(&outputs, &[], settings));
            }
        }
        subjects
    }

    /// The open findings about a file's pods, as kustomizations build them, that stand in other files.
    fn number_outside(
        &mut self,
        record: &FileRecord,
        names: &[Arc<str>],
        placed: &PlacedKeys,
    ) -> Vec<OutsideFinding> {
        let mut found = Vec::new();
        for render in &record.renders {
            for finding in render.raw_findings() {
                let name = render.first_name_at(finding.span.start);
                let Some(subject) = name.and_then(|name| names.iter().position(|own| **own == **name)) else {
                    continue;
                };
                for key in placed.open_keys_of(&render.unit, finding) {
                    if key.path != record.path {
                        let factor = ScoreFactor::from_severity(finding.severity);
                        let number = self.number_of(key);
                        found.push(OutsideFinding { subject, rule: finding.rule, factor, number });
                    }
                }
            }
        }
        found
    }

    /// Adds the subjects of these outputs, which name them in the same order.
    fn add_subjects(
        &mut self,
        outputs: &[(&RuleOutput, &KeysBehind<'_>)],
        outside: &[OutsideFinding],
        settings: &Settings,
    ) -> Vec<usize> {
        let count = outputs.iter().map(|(output, _)| output.outcomes.len()).min().unwrap_or_default();
        let mut added: Vec<SheetSubject> = vec![SheetSubject::default(); count];
        // A rule's findings may stand in another output than what became of it: all that is built is in the first.
        let mut faults = FaultPlaces::new();
        for (output, _) in outputs {
            for (subject, outcomes) in added.iter_mut().zip(&output.outcomes) {
                subject.tally.add_outcomes(outcomes, settings);
            }
            list_faults(output, settings, &mut added, &mut faults);
        }
        for (output, behind) in outputs {
            self.add_findings(output, behind, &faults, &mut added);
        }
        for own in outside {
            let Some(about) = added.get_mut(own.subject) else { continue };
            if let Some(fault) = faults.get(&(own.subject, own.rule)) {
                about.faults[*fault].findings.push(own.number);
            }
            if own.factor != ScoreFactor::Whole {
                about.holds.push((own.factor, vec![own.number]));
            }
        }
        let first = self.subjects.len();
        for (at, subject) in added.iter().enumerate() {
            let faults = subject.faults.iter().flat_map(|fault| &fault.findings);
            let numbers: BTreeSet<usize> =
                faults.chain(subject.holds.iter().flat_map(|(_, numbers)| numbers)).copied().collect();
            numbers.into_iter().for_each(|number| self.subjects_of[number].push(first + at));
        }
        self.subjects.extend(added);
        (first..first + count).collect()
    }

    fn add_findings(
        &mut self,
        output: &RuleOutput,
        behind: &KeysBehind<'_>,
        faults: &FaultPlaces,
        added: &mut [SheetSubject],
    ) {
        let quiet = output.is_suppressed.iter().copied().chain(std::iter::repeat(false));
        for ((finding, subject), is_quiet) in output.findings.iter().zip(&output.subjects).zip(quiet) {
            let Some(subject) = *subject else { continue };
            let fault = faults.get(&(subject, finding.rule)).copied();
            let Some(about) = added.get_mut(subject) else { continue };
            if is_quiet {
                fault.into_iter().for_each(|fault| about.faults[fault].is_kept = true);
                continue;
            }
            let numbers: Vec<usize> = behind(finding).into_iter().map(|key| self.number_of(key)).collect();
            if let Some(fault) = fault {
                about.faults[fault].findings.extend(&numbers);
            }
            let factor = ScoreFactor::from_severity(finding.severity);
            let about_file = find_rule(finding.rule).is_some_and(|rule| rule.theme == RuleTheme::File);
            if factor != ScoreFactor::Whole && !about_file {
                about.holds.push((factor, numbers));
            }
        }
    }

    fn number_of(&mut self, key: FindingKey) -> usize {
        let next = self.is_mended.len();
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.is_mended.push(false);
            self.subjects_of.push(Vec::new());
        }
        number
    }

    fn sum_up(&mut self) {
        for (app, subjects) in self.apps.iter().enumerate() {
            subjects.iter().for_each(|subject| self.subjects[*subject].apps.push(app));
        }
        for app in 0..self.apps.len() {
            let mean = self.mean_of_app(app);
            self.means.push(mean);
            self.total.replace_part(ScoreMean::default(), mean);
        }
    }

    fn mean_of_app(&self, app: usize) -> ScoreMean {
        let tallies = self.apps[app].iter().map(|subject| self.tally_now(&self.subjects[*subject]));
        ScoreMean::from_tallies([tallies.fold(ScoreTally::default(), ScoreTally::plus)])
    }

    /// The tally of a subject without what is mended.
    fn tally_now(&self, subject: &SheetSubject) -> ScoreTally {
        let is_whole = |numbers: &[usize]| !numbers.is_empty() && numbers.iter().all(|n| self.is_mended[*n]);
        let met = subject.faults.iter().filter(|fault| !fault.is_kept && is_whole(&fault.findings));
        let mut tally = met.fold(subject.tally, |tally, fault| tally.with_met(fault.weight));
        let open = subject.holds.iter().filter(|(_, numbers)| !is_whole(numbers));
        open.for_each(|(factor, _)| tally.apply_factor(*factor));
        tally
    }
}

/// The faults of subjects, each by its subject and its rule.
type FaultPlaces = HashMap<(usize, &'static str), usize>;

/// Notes each rule that failed with its subject.
fn list_faults(
    output: &RuleOutput,
    settings: &Settings,
    added: &mut [SheetSubject],
    faults: &mut FaultPlaces,
) {
    for (at, outcomes) in output.outcomes.iter().enumerate().take(added.len()) {
        for (rule, _) in outcomes.iter().filter(|(_, outcome)| *outcome == RuleOutcome::Fail) {
            let Some(weight) = score_weight(rule, settings) else { continue };
            faults.insert((at, rule.id), added[at].faults.len());
            added[at].faults.push(SheetFault { weight, findings: Vec::new(), is_kept: false });
        }
    }
}

/// The keys of findings by what they say of renders, and whether each is open.
struct PlacedKeys {
    by_render: HashMap<RenderedSubject, Vec<(FindingKey, bool)>>,
}

/// The unit, the rule, and the subject as it is rendered.
type RenderedSubject = (Arc<UnitKey>, &'static str, Subject);

impl PlacedKeys {
    fn of_engine(engine: &AuditEngine) -> Self {
        let mut by_render: HashMap<RenderedSubject, Vec<(FindingKey, bool)>> = HashMap::new();
        for record in engine.files.values().map(|record| record.current_record()) {
            for listed in record.finding_list().iter() {
                for placed in listed.finding.placements.iter().flat_map(|all| all.iter()) {
                    let subject =
                        Subject { object: placed.object.clone(), container: placed.container.clone() };
                    let about = (placed.unit.clone(), listed.key.rule, subject);
                    by_render.entry(about).or_default().push((listed.key.clone(), listed.is_open()));
                }
            }
        }
        Self { by_render }
    }

    fn keys_of(&self, unit: &Arc<UnitKey>, finding: &Finding) -> Vec<FindingKey> {
        self.placed_at(unit, finding).iter().map(|(key, _)| key.clone()).collect()
    }

    fn open_keys_of(&self, unit: &Arc<UnitKey>, finding: &Finding) -> Vec<FindingKey> {
        let open = self.placed_at(unit, finding).iter().filter(|(_, is_open)| *is_open);
        open.map(|(key, _)| key.clone()).collect()
    }

    fn placed_at(&self, unit: &Arc<UnitKey>, finding: &Finding) -> &[(FindingKey, bool)] {
        let about = (unit.clone(), finding.rule, finding.subject.clone());
        self.by_render.get(&about).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The keys of a file's findings, by their places in memory.
fn keys_by_finding(record: &FileRecord) -> HashMap<*const Finding, FindingKey> {
    let list = record.finding_list();
    list.iter().map(|listed| (Arc::as_ptr(&listed.finding), listed.key.clone())).collect()
}

fn keys_at(keys: &HashMap<*const Finding, FindingKey>, finding: &Arc<Finding>) -> Vec<FindingKey> {
    keys.get(&Arc::as_ptr(finding)).into_iter().cloned().collect()
}
