//! One file's fix in the making: its findings' intents, the text they make, and the proof.

use std::collections::{BTreeMap, BTreeSet};

use super::pod::{self, Lack};
use super::{FindingKey, build};
use crate::audit::{Engine, Meaning};
use crate::dockerfile::Dockerfile;
use crate::finding::{BuildIntent, Change, Finding, Intent, PodIntent, Safety, Severity, Want};
use crate::manifest::Manifest;
use crate::manifest::edit::{self, Op};
use crate::repo::{FileKind, RelPath};
use crate::rules::PodView;
use crate::text::Source;

/// A finding with its change, to be mended.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub key: &'a FindingKey,
    pub finding: &'a Finding,
    pub change: &'a Change,
}

/// A file with what is needed to mend it.
#[derive(Clone, Copy)]
pub(super) struct Draft<'a> {
    engine: &'a Engine,
    path: &'a RelPath,
    source: &'a Source,
    meaning: Meaning<'a>,
}

/// What an intent comes to, so that two fixes can be compared before either is made.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    Edit { document: usize, op: Op },
    Build(BuildIntent),
}

impl<'a> Draft<'a> {
    /// None where the file has not been audited.
    pub(super) fn of(engine: &'a Engine, path: &'a RelPath) -> Option<Self> {
        let (source, meaning) = engine.file(path)?;
        Some(Self { engine, path, source, meaning })
    }

    pub(super) const fn source(&self) -> &Source {
        self.source
    }

    /// How safe a change is here: one that lacks a value from outside is for a person.
    pub(super) fn safety(&self, change: &Change) -> Result<Safety, String> {
        match self.steps(&[change]) {
            Err(Lack::Value(_)) => Ok(Safety::Value),
            Err(Lack::Reason(reason)) => Err(reason),
            Ok(_) => Ok(change.safety),
        }
    }

    /// What the changes come to together.
    pub(super) fn steps(&self, changes: &[&Change]) -> Result<Vec<Step>, Lack> {
        let intents = changes.iter().flat_map(|change| &change.intents);
        match self.meaning {
            Meaning::Build(_) => Ok(intents
                .filter_map(|intent| {
                    if let Intent::Build(build) = intent { Some(Step::Build(build.clone())) } else { None }
                })
                .fold(Vec::new(), |mut steps, step| {
                    if !steps.contains(&step) {
                        steps.push(step);
                    }
                    steps
                })),
            Meaning::Manifest(manifest) => {
                let intents: Vec<&Intent> = intents.collect();
                let ops = self.ops(manifest, &intents)?;
                Ok(ops
                    .into_iter()
                    .flat_map(|(document, ops)| ops.into_iter().map(move |op| Step::Edit { document, op }))
                    .collect())
            }
        }
    }

    /// The text with all of these mended, proven; the reason where it cannot be.
    pub(super) fn mend(&self, wanted: &[Wanted<'_>]) -> Result<String, String> {
        let changes: Vec<&Change> = wanted.iter().map(|wanted| wanted.change).collect();
        let steps = self.steps(&changes).map_err(|lack| match lack {
            Lack::Value(reason) | Lack::Reason(reason) => reason,
        })?;
        if steps.is_empty() {
            return Err("there is nothing to write yet: its value comes from outside".to_owned());
        }
        let after = match self.meaning {
            Meaning::Build(file) => self.rebuild(file, &steps)?,
            Meaning::Manifest(_) => self.edit(&steps)?,
        };
        if after == self.source.text() {
            return Err("the change leaves the file as it is".to_owned());
        }
        self.judge(wanted, &after)?;
        Ok(after)
    }

    fn edit(&self, steps: &[Step]) -> Result<String, String> {
        let mut by_document: BTreeMap<usize, Vec<Op>> = BTreeMap::new();
        for step in steps {
            if let Step::Edit { document, op } = step {
                by_document.entry(*document).or_default().push(op.clone());
            }
        }
        let mut text = self.source.text().to_owned();
        for (document, ops) in by_document {
            text = edit::mend(&text, document, &ops).map_err(|refusal| refusal.to_string())?;
        }
        Ok(text)
    }

    fn rebuild(&self, file: &Dockerfile, steps: &[Step]) -> Result<String, String> {
        let intents: Vec<&BuildIntent> = steps
            .iter()
            .filter_map(|step| if let Step::Build(intent) = step { Some(intent) } else { None })
            .collect();
        let who = self.engine.repository().who(self.path);
        let case = build::Case { text: self.source.text(), file, who };
        let after = build::apply(case, &intents)?;
        build::verify(self.source.text(), &after, &intents)?;
        Ok(after)
    }

    fn ops(&self, manifest: &Manifest, intents: &[&Intent]) -> Result<BTreeMap<usize, Vec<Op>>, Lack> {
        let mut wants: BTreeMap<(usize, usize), Vec<&Want>> = BTreeMap::new();
        let mut ops: BTreeMap<usize, Vec<Op>> = BTreeMap::new();
        for intent in intents {
            match intent {
                Intent::Pod(PodIntent { document, pod, want }) => {
                    wants.entry((*document, *pod)).or_default().push(want)
                }
                Intent::Value { document, path, to } => {
                    ops.entry(*document).or_default().push(Op::Set { path: path.clone(), to: to.clone() });
                }
                Intent::Build(_) => {}
            }
        }
        for (at, wants) in wants {
            let gone = || Lack::Reason("the pod is no longer there".to_owned());
            let document = manifest.documents.get(at.0).ok_or_else(gone)?;
            let pod = document.pods.get(at.1).ok_or_else(gone)?;
            let object = document.objects.get(pod.object).ok_or_else(gone)?;
            if let Some(reason) = &document.read_only {
                return Err(Lack::Reason(format!("the document is not edited: {reason}")));
            }
            let patch = self.engine.index().is_patch(self.path, at.0);
            let settings = self.engine.settings();
            let view = PodView { path: self.path, document, at, object, pod, patch, settings };
            let case = pod::Case { view, repository: self.engine.repository() };
            ops.entry(at.0).or_default().extend(pod::ops(case, &wants)?);
        }
        Ok(ops)
    }

    /// Audits the text as it would be: what was to be mended is gone, and nothing worse has come.
    fn judge(&self, wanted: &[Wanted<'_>], after: &str) -> Result<(), String> {
        let kind = match self.meaning {
            Meaning::Build(_) => FileKind::Dockerfile,
            Meaning::Manifest(_) => FileKind::Manifest,
        };
        let after = self.engine.what_if(&[(self.path, kind, after)]).remove(self.path).unwrap_or_default();
        let (before, after) = (count(self.engine.findings(self.path)), count(after.iter()));
        let mut asked: BTreeMap<Kept<'_>, usize> = BTreeMap::new();
        for wanted in wanted {
            *asked.entry(kept(wanted.finding)).or_default() += 1;
        }
        for (which, asked) in asked {
            let (had, has) = (
                before.get(&which).copied().unwrap_or_default(),
                after.get(&which).copied().unwrap_or_default(),
            );
            if has + asked > had {
                return Err(format!("`{}` would still stand after the change", which.0));
            }
        }
        let came =
            after.iter().filter(|(which, has)| **has > before.get(*which).copied().unwrap_or_default());
        let worse: BTreeSet<_> =
            came.filter(|(which, _)| which.2 >= Severity::Medium).map(|(which, _)| which.0).collect();
        match worse.first() {
            Some(rule) => Err(format!("the change would bring `{rule}` about")),
            None => Ok(()),
        }
    }
}

/// What tells findings of before and after apart: the rule, the subject, the severity.
type Kept<'f> = (&'static str, &'f crate::finding::Subject, Severity);

fn kept(finding: &Finding) -> Kept<'_> {
    (finding.rule, &finding.subject, finding.severity)
}

fn count<'f>(findings: impl Iterator<Item = &'f Finding>) -> BTreeMap<Kept<'f>, usize> {
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(kept(finding)).or_default() += 1;
    }
    counts
}
