//! One file's fix in the making: its findings' intents, the text they make, and the proof.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::facts_overlay::Overlay;
use super::failure::{Blame, Failure, Wanted};
use super::pod::{self, Lack};
use super::proof::{MayDiffer, PlainFileProof, count, likeness, prove_edit};
use super::{Answers, allow, build, digest};
use crate::audit::{Engine, ImaginedAudit, Listed, Meaning};
use crate::dockerfile::Dockerfile;
use crate::finding::FindingKey;
use crate::finding::{BuildIntent, Change, Finding, ImageIntent, Intent, PodIntent, Safety, Want, keyed};
use crate::manifest::edit::{self, Op};
use crate::manifest::{MANIFEST_CONVENTIONS, Manifest};
use crate::project::{ContainerKey, ImageUser};
use crate::repo::{FileKind, RelPath};
use crate::rules::PodView;
use crate::text::{Source, Span};

/// How much text the changes of one file may have read anew, in bytes: a document is read after each of its changes.
const MOST_WORK: usize = 16 * 1024 * 1024;

/// A pod of more containers is not edited: what is written for one may depend on all of them.
const MOST_CONTAINERS: usize = 200;

/// A file with what is needed to mend it.
#[derive(Clone, Copy)]
pub(super) struct Draft<'a> {
    engine: &'a Engine,
    answers: &'a Answers,
    path: &'a RelPath,
    source: &'a Source,
    meaning: Meaning<'a>,
    /// Whether what is drafted is to be proven, or only told of.
    proves: bool,
}

/// What will be other in the rest of the repository while the file is mended.
#[derive(Clone, Copy)]
pub(super) struct OtherChanges<'a> {
    /// What those files will tell of themselves.
    pub facts: &'a Overlay,
    /// The findings of this file that come of it: see [`Draft::induced`].
    pub induced: &'a [InducedFinding],
}

pub(super) type InducedFinding = (FindingKey, Arc<Finding>);

/// A file's text with everything mended that was wanted, and its audit, by which that is proven.
pub(super) struct ProvenText {
    pub text: String,
    pub audit: ImaginedAudit,
}

/// What an intent comes to, so that two fixes can be compared before either is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    Edit { document: usize, op: Op },
    Build(BuildIntent),
    Unallow { comment: usize, rules: Vec<String> },
}

impl<'a> Draft<'a> {
    /// None where the file has not been audited.
    pub(super) fn of(engine: &'a Engine, answers: &'a Answers, path: &'a RelPath) -> Option<Self> {
        let (source, meaning) = engine.file(path)?;
        Some(Self { engine, answers, path, source, meaning, proves: true })
    }

    /// The same, for telling of fixes that nobody proves yet.
    pub(super) const fn unproven(mut self) -> Self {
        self.proves = false;
        self
    }

    pub(super) const fn engine(&self) -> &Engine {
        self.engine
    }

    pub(super) const fn source(&self) -> &Source {
        self.source
    }

    /// How safe a change is here: one that lacks a value from outside is for a person.
    pub(super) fn safety(&self, change: &Change) -> Result<Safety, String> {
        // Where nothing is proven, only what may lack something must be laid out.
        let is_told = |intent: &Intent| matches!(intent, Intent::Build(_) | Intent::Unallow { .. });
        if !self.proves && change.intents.iter().all(is_told) {
            return Ok(change.safety);
        }
        match self.steps(&[change]) {
            Err(Lack::Value(_)) => Ok(Safety::Value),
            Err(Lack::Reason(reason)) => Err(reason),
            Ok(_) => Ok(change.safety),
        }
    }

    /// What the changes come to together.
    pub(super) fn steps(&self, changes: &[&Change]) -> Result<Vec<Step>, Lack> {
        let intents: Vec<&Intent> = changes.iter().flat_map(|change| &change.intents).collect();
        let images = intents.iter().filter_map(|intent| match intent {
            Intent::Image(image) => Some(image),
            _ => None,
        });
        let images: Vec<&ImageIntent> = images.collect();
        let mut steps: Vec<Step> = Vec::new();
        match self.meaning {
            Meaning::Build(_) => {
                let builds = intents.iter().filter_map(|intent| match intent {
                    Intent::Build(build) => Some(build.clone()),
                    _ => None,
                });
                let mut seen = HashSet::new();
                for build in builds.chain(digest::reword(self.answers, self.source.text(), &images)?) {
                    if seen.insert(build.clone()) {
                        steps.push(Step::Build(build));
                    }
                }
            }
            Meaning::Manifest(manifest) => {
                let mut ops = self.ops(manifest, &intents)?;
                for (document, op) in digest::ops(self.answers, &images)? {
                    ops.entry(document).or_default().push(op);
                }
                for (document, ops) in ops {
                    steps.extend(ops.into_iter().map(|op| Step::Edit { document, op }));
                }
            }
        }
        steps.extend(intents.into_iter().filter_map(unallow));
        Ok(steps)
    }

    /// The text with all of these mended, proven; the reason where it cannot be.
    pub(super) fn mend(
        &self,
        wanted: &[Wanted<'_>],
        others: OtherChanges<'_>,
    ) -> Result<ProvenText, Failure> {
        let changes: Vec<&Change> = wanted.iter().map(|wanted| wanted.change).collect();
        self.make(&changes, wanted, others)
    }

    /// The text with these changes, which answer no finding, proven.
    pub(super) fn change(&self, change: &Change) -> Result<String, Failure> {
        let others = OtherChanges { facts: &Overlay::default(), induced: &[] };
        self.make(&[change], &[], others).map(|proven| proven.text)
    }

    fn make(
        &self,
        changes: &[&Change],
        wanted: &[Wanted<'_>],
        others: OtherChanges<'_>,
    ) -> Result<ProvenText, Failure> {
        let steps = self.steps(changes).map_err(|lack| match lack {
            Lack::Value(reason) | Lack::Reason(reason) => Failure::unclear(reason),
        })?;
        if steps.is_empty() {
            return Err(Failure::unclear("there is nothing to write yet: its value comes from outside"));
        }
        let after = match self.meaning {
            Meaning::Build(file) => self.rebuild(file, &steps).map_err(Failure::unclear)?,
            Meaning::Manifest(manifest) => self.edit(manifest, &steps)?,
        };
        let after = self.unallow(after, &steps)?;
        if after == self.source.text() {
            return Err(Failure::unclear("the change leaves the file as it is"));
        }
        let induced = others.induced.iter().map(|(_, finding)| finding.as_ref());
        let before = self.engine.findings(self.path).chain(induced);
        let proof =
            PlainFileProof { engine: self.engine, path: self.path, kind: self.kind(), facts: others.facts };
        let audit = prove_edit(&proof, (&after, &self.may_differ(&steps)), before, wanted)?;
        Ok(ProvenText { text: after, audit })
    }

    /// Edits each document on its own. All that cannot be edited are to blame at once, whatever the first one's reason.
    fn edit(&self, manifest: &Manifest, steps: &[Step]) -> Result<String, Failure> {
        let mut by_document: BTreeMap<usize, Vec<Op>> = BTreeMap::new();
        for step in steps {
            if let Step::Edit { document, op } = step {
                by_document.entry(*document).or_default().push(op.clone());
            }
        }
        let text = self.source.text();
        let length = |index: &usize| manifest.documents.get(*index).map_or(0, |document| document.span.len());
        let work = by_document.iter().map(|(index, ops)| length(index).saturating_mul(ops.len()));
        if work.fold(0, usize::saturating_add) > MOST_WORK {
            return Err(Failure::too_much(
                "the file is too large for so many fixes: mend some of them alone",
            ));
        }
        let (mut edited, mut kept) = (String::with_capacity(text.len()), 0);
        let mut failed: Option<(String, BTreeSet<usize>)> = None;
        for (index, ops) in by_document {
            match edit_document(text, manifest, index, &ops) {
                Ok((span, after)) => {
                    edited.push_str(&text[kept..span.start]);
                    edited.push_str(&after);
                    kept = span.end;
                }
                Err(reason) => {
                    failed.get_or_insert_with(|| (reason, BTreeSet::new())).1.insert(index);
                }
            }
        }
        if let Some((reason, documents)) = failed {
            return Err(Failure { reason, blame: Blame::Documents(documents) });
        }
        edited.push_str(&text[kept..]);
        Ok(edited)
    }

    /// The text without the exceptions that are to go. That comes last: no other edit touches a comment.
    fn unallow(&self, text: String, steps: &[Step]) -> Result<String, Failure> {
        let idle: BTreeMap<usize, &[String]> = steps
            .iter()
            .filter_map(|step| match step {
                Step::Unallow { comment, rules } => Some((*comment, rules.as_slice())),
                _ => None,
            })
            .collect();
        if idle.is_empty() {
            Ok(text)
        } else {
            allow::without(&text, self.kind(), &idle).map_err(Failure::unclear)
        }
    }

    const fn kind(&self) -> FileKind {
        match self.meaning {
            Meaning::Build(_) => FileKind::Dockerfile,
            Meaning::Manifest(_) => FileKind::Manifest,
        }
    }

    fn rebuild(&self, file: &Dockerfile, steps: &[Step]) -> Result<String, String> {
        let intents: Vec<&BuildIntent> = steps
            .iter()
            .filter_map(|step| if let Step::Build(intent) = step { Some(intent) } else { None })
            .collect();
        let who = self.engine.repository().run_as(self.path);
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
                    wants.entry((*document, *pod)).or_default().push(want);
                }
                Intent::Value { document, path, to } => {
                    ops.entry(*document).or_default().push(Op::Set { path: path.clone(), to: to.clone() });
                }
                Intent::Build(_) | Intent::Image(_) | Intent::Unallow { .. } => {}
            }
        }
        for (at, mut wants) in wants {
            if !self.proves {
                wants.retain(|want| pod::may_lack(want));
            }
            let gone = || Lack::Reason("the pod is no longer there".to_owned());
            let document = manifest.documents.get(at.0).ok_or_else(gone)?;
            let pod = document.pods.get(at.1).ok_or_else(gone)?;
            let object = document.objects.get(pod.object).ok_or_else(gone)?;
            if pod.containers.len() > MOST_CONTAINERS {
                return Err(Lack::Reason(format!("the pod has more than {MOST_CONTAINERS} containers")));
            }
            let patch = self.engine.index().is_patch(self.path, at.0);
            let settings = self.engine.settings();
            let view =
                PodView { path: self.path, document, position: at, object, pod, is_patch: patch, settings };
            let case = pod::Case { view, repository: self.engine.repository() };
            let made = pod::ops(case, &wants)?;
            // A value that is lacking is said first: no reading of the document could supply it.
            let read_only = if self.proves { document.read_only() } else { document.doubt() };
            if let Some(reason) = read_only {
                return Err(Lack::Reason(format!("the document is not edited: {reason}")));
            }
            ops.entry(at.0).or_default().extend(made);
        }
        Ok(ops)
    }

    /// The parts of the file that these steps may change.
    fn may_differ(&self, steps: &[Step]) -> MayDiffer {
        let document = |step: &Step| match step {
            Step::Edit { document, .. } => Some(*document),
            Step::Build(_) | Step::Unallow { .. } => None,
        };
        steps.iter().map(document).collect::<Option<_>>().map_or(MayDiffer::WholeFile, MayDiffer::Documents)
    }

    /// The findings that the file has not yet, and will have once other files say of themselves what `facts` says.
    pub(super) fn induced(&self, facts: &Overlay) -> Vec<InducedFinding> {
        let Meaning::Manifest(manifest) = self.meaning else { return Vec::new() };
        let repository = self.engine.repository();
        let links = containers(self.path, manifest).filter_map(|key| repository.link_of_key(&key));
        if !links.into_iter().any(|link| facts.contains_key(&link.dockerfile)) {
            return Vec::new();
        }
        let will = self.engine.imagine_facts(self.path, facts);
        let now = count(self.engine.findings(self.path));
        let is_new = |listed: &Listed| !now.contains_key(&likeness(&listed.finding));
        let keyed = keyed(self.path, will.iter(), |listed| &listed.finding);
        let new = keyed.into_iter().filter(|(_, listed)| is_new(listed));
        new.map(|(key, listed)| (key, Arc::clone(&listed.finding))).collect()
    }

    /// The Dockerfiles that must end as another user for these changes of workloads to agree with them.
    pub(super) fn requires<'c>(&self, changes: impl Iterator<Item = &'c Change>) -> BTreeSet<RelPath> {
        let Meaning::Manifest(manifest) = self.meaning else { return BTreeSet::new() };
        let repository = self.engine.repository();
        let wants = changes.flat_map(|change| &change.intents).filter_map(|intent| match intent {
            Intent::Pod(PodIntent {
                document,
                pod,
                want: Want::User { .. } | Want::OwnUser { .. } | Want::NonRoot { .. },
            }) => Some((*document, *pod)),
            _ => None,
        });
        let pods: BTreeSet<(usize, usize)> = wants.collect();
        let keys = containers(self.path, manifest).filter(|key| pods.contains(&key.position));
        keys.filter_map(|key| {
            let link = repository.link_of_key(&key)?;
            let (build, who) = (repository.dockerfile_facts(link)?, repository.run_as(&link.dockerfile)?);
            let differs = matches!(build.user, ImageUser::Number { uid, .. } if uid != 0 && uid != who.uid);
            differs.then(|| link.dockerfile.clone())
        })
        .collect()
    }
}

/// One document's span, and its text once edited.
fn edit_document(
    text: &str,
    manifest: &Manifest,
    index: usize,
    ops: &[Op],
) -> Result<(Span, String), String> {
    let document = manifest.documents.get(index).ok_or("the document is no longer there")?;
    let span = document.span;
    let after =
        edit::mend(MANIFEST_CONVENTIONS, span.of(text), 0, ops).map_err(|refusal| refusal.to_string())?;
    Ok((span, after))
}

fn unallow(intent: &Intent) -> Option<Step> {
    match intent {
        Intent::Unallow { comment, rules } => Some(Step::Unallow { comment: *comment, rules: rules.clone() }),
        _ => None,
    }
}

/// Every container of a manifest.
fn containers<'a>(path: &'a RelPath, manifest: &'a Manifest) -> impl Iterator<Item = ContainerKey> + 'a {
    let documents = manifest.documents.iter().enumerate();
    let pods = documents
        .flat_map(|(at, document)| document.pods.iter().enumerate().map(move |(nth, pod)| ((at, nth), pod)));
    pods.flat_map(move |(at, pod)| {
        (0..pod.containers.len()).map(move |container| ContainerKey {
            path: path.clone(),
            position: at,
            container,
        })
    })
}
