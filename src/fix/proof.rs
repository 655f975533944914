//! The proof of an edit: the units that it reaches are made anew and audited, and nothing else may have changed.

use std::collections::{BTreeMap, BTreeSet};

use super::facts_overlay::Overlay;
use super::failure::{Blame, Failure, Wanted};
use crate::audit::{Engine, ImaginedAudit, Meaning};
use crate::finding::{Finding, Severity, Subject};
use crate::manifest::{DocumentPair, pair_documents};
use crate::repo::{FileKind, RelPath};
use crate::unit::UnitKey;

/// One way of proving edits of a file: of plain files, and of whatever else units are made of.
pub(super) trait UnitProof {
    /// The units that the file reaches.
    fn reached_units(&self) -> Vec<UnitKey>;

    /// The parts of the file that are others once it says this.
    ///
    /// # Errors
    /// When something differs that may not.
    fn find_differences(&self, after: &str, may_differ: &MayDiffer) -> Result<Differences, Failure>;

    /// One of those units, made anew and audited. What does not differ is neither read nor judged.
    fn make_anew(&self, unit: &UnitKey, after: &str, differences: &Differences) -> ImaginedAudit;
}

/// The parts of a file that an edit may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum MayDiffer {
    /// Any part: a Dockerfile's instructions have been compared one by one already, and a comment may stand anywhere.
    WholeFile,
    /// These documents, by their index in the file. Within each, no other path differs than those of its changes:
    /// [`crate::manifest::edit::mend`] has compared them.
    Documents(BTreeSet<usize>),
}

/// The parts of a file that differ after an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Differences {
    /// It cannot be told in parts: all of it counts as changed.
    WholeFile,
    Documents(Vec<DocumentPair>),
}

/// The proof for a plain file, which is a unit by itself.
#[derive(Clone, Copy)]
pub(super) struct PlainFileProof<'a> {
    pub engine: &'a Engine,
    pub path: &'a RelPath,
    pub kind: FileKind,
    /// What other files will tell of themselves.
    pub facts: &'a Overlay,
}

impl UnitProof for PlainFileProof<'_> {
    fn reached_units(&self) -> Vec<UnitKey> {
        vec![UnitKey::of_file(self.path.clone())]
    }

    fn find_differences(&self, after: &str, may_differ: &MayDiffer) -> Result<Differences, Failure> {
        let MayDiffer::Documents(expected) = may_differ else { return Ok(Differences::WholeFile) };
        let Some((before, Meaning::Manifest(manifest))) = self.engine.file(self.path) else {
            return Ok(Differences::WholeFile);
        };
        let Some(pairs) = pair_documents(before.text(), after) else { return Ok(Differences::WholeFile) };
        let is_expected = |pair: &DocumentPair| {
            let place = manifest.documents.iter().position(|document| document.span == pair.before);
            place.is_some_and(|place| expected.contains(&place))
        };
        if pairs.iter().any(|pair| pair.differs && !is_expected(pair)) {
            return Err(Failure::unclear("the change would reach another document of the file"));
        }
        Ok(Differences::Documents(pairs))
    }

    fn make_anew(&self, _: &UnitKey, after: &str, differences: &Differences) -> ImaginedAudit {
        let in_part = match differences {
            Differences::Documents(pairs) => self.engine.imagine_edit(self.path, after, pairs, self.facts),
            Differences::WholeFile => None,
        };
        in_part.unwrap_or_else(|| self.engine.imagine(self.path, self.kind, after, self.facts))
    }
}

/// The audit of the units that an edit reaches: what was to be mended is gone, and nothing worse has come.
pub(super) fn prove_edit<'f>(
    proof: &impl UnitProof,
    (after, may_differ): (&str, &MayDiffer),
    before: impl Iterator<Item = &'f Finding>,
    wanted: &[Wanted<'_>],
) -> Result<ImaginedAudit, Failure> {
    let differences = proof.find_differences(after, may_differ)?;
    let mut audit = ImaginedAudit::default();
    for unit in proof.reached_units() {
        let ImaginedAudit { findings, facts } = proof.make_anew(&unit, after, &differences);
        audit.findings.extend(findings);
        audit.facts = facts.or(audit.facts);
    }
    let found = audit.findings.iter().map(|listed| listed.finding.as_ref());
    compare_findings(&count(before), &count(found), wanted)?;
    Ok(audit)
}

fn compare_findings(
    before: &BTreeMap<Likeness<'_>, usize>,
    after: &BTreeMap<Likeness<'_>, usize>,
    wanted: &[Wanted<'_>],
) -> Result<(), Failure> {
    let number = |counts: &BTreeMap<Likeness<'_>, usize>, which: &Likeness<'_>| {
        counts.get(which).copied().unwrap_or_default()
    };
    let asked = count(wanted.iter().map(|wanted| wanted.finding));
    for (which, asked) in &asked {
        if number(after, which) + asked > number(before, which) {
            let reason = format!("`{}` would still stand after the change", which.0);
            return Err(Failure { reason, blame: Blame::Finding(which.0, which.1.clone()) });
        }
    }
    let worse =
        after.iter().find(|(which, has)| which.2 >= Severity::Medium && **has > number(before, which));
    match worse {
        Some((which, _)) => Err(Failure {
            reason: format!("the change would bring `{}` about", which.0),
            blame: Blame::Object(which.1.object.clone()),
        }),
        None => Ok(()),
    }
}

/// The rule, the subject and the severity of a finding: those alike in all three are counted, not told apart.
pub(super) type Likeness<'f> = (&'static str, &'f Subject, Severity);

pub(super) fn likeness(finding: &Finding) -> Likeness<'_> {
    (finding.rule, &finding.subject, finding.severity)
}

pub(super) fn count<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<Likeness<'f>, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(likeness(finding)).or_default() += 1;
    }
    counts
}
