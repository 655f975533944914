//! Proves an edit for the fixer: makes the units that it reaches anew, audits them, and allows no other change.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::KeyedFinding;
use super::fix_error::{FixCulprit, FixError};
use super::kept_decisions::holds_decisions;
use crate::audit::{AuditEngine, FileContent, SimulatedAudit};
use crate::finding::{Finding, Severity, Subject};
use crate::project::FactOverrides;
use crate::repo::{FileKind, RelPath};
use crate::unit::UnitKey;
use crate::yaml::{DocumentPair, pair_documents};

/// One way of proving edits of a file: of plain files, and of whatever else units are made of.
pub(super) trait UnitProof {
    /// The units that the file reaches.
    fn reached_units(&self) -> Vec<UnitKey>;

    /// The parts of the file that differ once it has this text.
    ///
    /// # Errors
    /// When a part differs that may not.
    fn find_differences(
        &self,
        after: &str,
        may_differ: &AllowedDifferences,
    ) -> Result<FileDifferences, FixError>;

    /// The audit of one of those units, made anew. Unchanged parts are neither read nor audited.
    fn audit_unit(&self, unit: &UnitKey, after: &str, differences: &FileDifferences) -> SimulatedAudit;
}

/// The parts of a file that an edit may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AllowedDifferences {
    /// Any part: a Dockerfile's instructions have been compared one by one already, and a comment may stand anywhere.
    WholeFile,
    /// These documents, by their index in the file. Within each, no other path differs than those of its changes:
    /// [`crate::yaml::edit::apply_verified`] has compared them.
    Documents(BTreeSet<usize>),
}

/// The parts of a file that differ after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FileDifferences {
    /// All of the file counts as changed: the parts cannot be told apart.
    WholeFile,
    Documents(Vec<DocumentPair>),
}

/// The proof for a plain file, which is a unit by itself.
#[derive(Clone, Copy)]
pub(super) struct PlainFileProof<'a> {
    pub engine: &'a AuditEngine,
    pub path: &'a RelPath,
    pub kind: FileKind,
    /// The facts that other files will have.
    pub facts: &'a FactOverrides,
}

impl UnitProof for PlainFileProof<'_> {
    fn reached_units(&self) -> Vec<UnitKey> {
        vec![UnitKey::of_file(self.path.clone())]
    }

    fn find_differences(
        &self,
        after: &str,
        may_differ: &AllowedDifferences,
    ) -> Result<FileDifferences, FixError> {
        let AllowedDifferences::Documents(expected) = may_differ else {
            return Ok(FileDifferences::WholeFile);
        };
        let Some((before, FileContent::Manifest(manifest))) = self.engine.file(self.path) else {
            return Ok(FileDifferences::WholeFile);
        };
        let Some(pairs) = pair_documents(before.text(), after) else { return Ok(FileDifferences::WholeFile) };
        let is_expected = |pair: &DocumentPair| {
            manifest.document_at(pair.before).is_some_and(|place| expected.contains(&place))
        };
        if pairs.iter().any(|pair| pair.differs && !is_expected(pair)) {
            return Err(FixError::without_culprit("the change would reach another document of the file"));
        }
        Ok(FileDifferences::Documents(pairs))
    }

    fn audit_unit(&self, _: &UnitKey, after: &str, differences: &FileDifferences) -> SimulatedAudit {
        let in_part = match differences {
            // What a person decided about other documents is compared by the whole file.
            FileDifferences::Documents(pairs) => (!holds_decisions(self.engine, self.path))
                .then(|| self.engine.simulate_documents(self.path, after, pairs, self.facts))
                .flatten()
                .or_else(|| self.engine.simulate_edit(self.path, after, pairs, self.facts)),
            FileDifferences::WholeFile => None,
        };
        in_part.unwrap_or_else(|| self.engine.simulate_text(self.path, self.kind, after, self.facts))
    }
}

/// Audits the units that an edit reaches: proves that its findings are gone and none that is worse was added.
pub(super) fn prove_edit<'f>(
    proof: &impl UnitProof,
    (after, may_differ): (&str, &AllowedDifferences),
    before: impl Iterator<Item = &'f Finding>,
    wanted: &[KeyedFinding<'_>],
) -> Result<SimulatedAudit, FixError> {
    let differences = proof.find_differences(after, may_differ)?;
    let mut audit = SimulatedAudit::default();
    for unit in proof.reached_units() {
        let SimulatedAudit { findings, facts, documents } = proof.audit_unit(&unit, after, &differences);
        audit.findings.extend(findings);
        audit.facts = facts.or(audit.facts);
        audit.documents = documents.or(audit.documents);
    }
    let found = audit.findings.iter().map(|listed| listed.finding.as_ref());
    let before = before.filter(|finding| audit.covers(finding));
    compare_findings(&count_alike(before), &count_alike(found), wanted)?;
    Ok(audit)
}

fn compare_findings(
    before: &BTreeMap<FindingLikeness<'_>, usize>,
    after: &BTreeMap<FindingLikeness<'_>, usize>,
    wanted: &[KeyedFinding<'_>],
) -> Result<(), FixError> {
    let number = |counts: &BTreeMap<FindingLikeness<'_>, usize>, which: &FindingLikeness<'_>| {
        counts.get(which).copied().unwrap_or_default()
    };
    let asked = count_alike(wanted.iter().map(|(_, finding)| *finding));
    for (which, asked) in &asked {
        if number(after, which) + asked > number(before, which) {
            let reason = format!("`{}` would still stand after the change", which.0);
            return Err(FixError { reason, culprit: FixCulprit::Finding(which.0, which.1.clone()) });
        }
    }
    let worse = after
        .iter()
        .filter(|(which, has)| which.2 >= Severity::Medium && **has > number(before, which))
        .map(|(which, _)| (which.1.object.clone(), format!("the change would bring `{}` about", which.0)));
    let mut blamed: BTreeMap<Option<Arc<str>>, String> = BTreeMap::new();
    let mut first = None;
    for (object, reason) in worse {
        first.get_or_insert_with(|| reason.clone());
        blamed.entry(object).or_insert(reason);
    }
    match first {
        Some(reason) => Err(FixError { reason, culprit: FixCulprit::Objects(blamed) }),
        None => Ok(()),
    }
}

/// The rule, the subject and the severity of a finding: findings alike in all three are counted, not told apart.
pub(super) type FindingLikeness<'f> = (&'static str, &'f Subject, Severity);

pub(super) fn likeness_of(finding: &Finding) -> FindingLikeness<'_> {
    (finding.rule, &finding.subject, finding.severity)
}

pub(super) fn count_alike<'f>(
    findings: impl Iterator<Item = &'f Finding>,
) -> BTreeMap<FindingLikeness<'f>, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(likeness_of(finding)).or_default() += 1;
    }
    counts
}
