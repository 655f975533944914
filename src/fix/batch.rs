//! Fixes of many findings in many files: the Dockerfiles first, since workloads agree with them.

use std::collections::{BTreeMap, BTreeSet};

use super::assess::assess_risk;
use super::draft::{Draft, OtherChanges, ProvenText, Wanted};
use super::planner::{Overlay, find_resolved};
use super::pod::Lack;
use super::{Answers, FilePatch, FindingKey, together};
use crate::audit::{Engine, spread};
use crate::finding::{BreakingFix, BuildIntent, Finding, Intent, Remedy, Safety};
use crate::repo::{FileKind, RelPath};
use crate::text::Source;

/// What comes of the asked findings.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub patches: Vec<FilePatch>,
    pub mended: BTreeSet<FindingKey>,
    pub withheld: Vec<(FindingKey, String)>,
    pub left_out: Vec<BreakingFix>,
    /// The findings of each patched file that are gone once it is written, as its proof shows.
    pub resolves: BTreeMap<RelPath, Vec<FindingKey>>,
    /// What the Dockerfiles would say once their patches are written.
    pub facts: Overlay,
}

/// Which fixes are made.
#[derive(Clone, Copy)]
pub(super) struct Reach<'a> {
    /// Up to this class.
    pub safety: Safety,
    /// And those whose values registries have given.
    pub answers: &'a Answers,
    /// The one fix that is asked for by itself, so that it is made even where it will break the program.
    pub alone: Option<&'a FindingKey>,
}

/// Mends as much as can be of what is asked, as far as the reach goes.
pub(super) fn mend(engine: &Engine, reach: Reach<'_>, asked: impl Fn(&FindingKey) -> bool + Sync) -> Batch {
    mend_in(engine, reach, &engine.all().collect(), asked)
}

/// The same where all that is asked stands in these files: the others are not looked at in vain, were it only once for
/// each of very many plans.
pub(super) fn mend_in(
    engine: &Engine,
    reach: Reach<'_>,
    paths: &BTreeSet<&RelPath>,
    asked: impl Fn(&FindingKey) -> bool + Sync,
) -> Batch {
    let of = |kind| paths.iter().copied().filter(move |path| engine.kind(path) == Some(kind));
    let mut manifests: BTreeSet<&RelPath> = of(FileKind::Manifest).collect();
    let asked_of: Vec<&RelPath> = manifests.iter().copied().collect();
    let required = required(engine, &asked_of, reach, &asked);
    let builds: BTreeSet<&RelPath> = of(FileKind::Dockerfile).chain(&required).collect();
    let builds: Vec<&RelPath> = builds.into_iter().collect();
    let mut batch = Batch::default();
    let none = Overlay::default();
    let built = for_each(&builds, |path| {
        let required = required.contains(path);
        file(engine, path, reach, &none, |key, finding| asked(key) || (required && says_user(finding)))
    });
    batch.extend(built);
    let facts = std::mem::take(&mut batch.facts);
    // Of the others, only workloads whose Dockerfile changes may have to follow it.
    manifests.extend(facts.keys().flat_map(|path| engine.index().users(path)));
    let manifests: Vec<&RelPath> = manifests.into_iter().collect();
    let edited = for_each(&manifests, |path| file(engine, path, reach, &facts, |key, _| asked(key)));
    batch.extend(edited);
    batch.facts = facts;
    batch
}

/// The Dockerfiles whose user must change along with what is asked of the workloads.
fn required(
    engine: &Engine,
    manifests: &[&RelPath],
    reach: Reach<'_>,
    asked: &(impl Fn(&FindingKey) -> bool + Sync),
) -> BTreeSet<RelPath> {
    if reach.safety < Safety::Review {
        return BTreeSet::new();
    }
    let required = for_each(manifests, |path| {
        let open = engine.open(path);
        let changes =
            open.iter().filter(|(key, _)| asked(key)).filter_map(|(_, finding)| match &finding.remedy {
                Remedy::Change(change) => Some(change),
                _ => None,
            });
        Draft::of(engine, reach.answers, path).map(|draft| draft.requires(changes)).unwrap_or_default()
    });
    required.into_iter().flatten().collect()
}

fn says_user(finding: &Finding) -> bool {
    let intents = match &finding.remedy {
        Remedy::Change(change) => change.intents.as_slice(),
        _ => &[],
    };
    intents.contains(&Intent::Build(BuildIntent::User))
}

fn file(
    engine: &Engine,
    path: &RelPath,
    reach: Reach<'_>,
    facts: &Overlay,
    asked: impl Fn(&FindingKey, &Finding) -> bool,
) -> Batch {
    let mut batch = Batch::default();
    let Some(draft) = Draft::of(engine, reach.answers, path) else { return batch };
    let induced = draft.induced(facts);
    let open = engine.open(path);
    let asked =
        open.iter().filter(|(key, finding)| asked(key, finding)).map(|(key, finding)| (key, *finding));
    let all = asked.chain(induced.iter().map(|(key, finding)| (key, finding.as_ref())));
    let wanted = sort_out(engine, &draft, all, reach, &mut batch);
    let others = OtherChanges { facts, induced: &induced };
    let (mended, after) = together::together(&draft, others, wanted, &mut batch.withheld);
    batch.mended = mended.iter().map(|wanted| wanted.key.clone()).collect();
    if let Some(ProvenText { text, audit }) = after {
        batch.resolves.insert(path.clone(), find_resolved(open.iter().map(|(key, _)| key), &audit.findings));
        batch.facts.extend(audit.facts.map(|facts| (path.clone(), facts)));
        let (before, after) = (draft.source().clone(), Source::new(text));
        batch.patches.push(FilePatch { path: path.clone(), before, after });
    }
    batch
}

/// The findings that a plan may take in; the batch notes those whose fix is withheld or left out.
fn sort_out<'a>(
    engine: &Engine,
    draft: &Draft<'_>,
    findings: impl Iterator<Item = (&'a FindingKey, &'a Finding)>,
    reach: Reach<'_>,
    batch: &mut Batch,
) -> Vec<Wanted<'a>> {
    let mut wanted = Vec::new();
    for (key, finding) in findings {
        match &finding.remedy {
            Remedy::None => {}
            Remedy::Withheld(reason) => batch.withheld.push((key.clone(), reason.clone())),
            Remedy::Change(change) => match draft.steps(&[change]) {
                Ok(_) if change.intents.is_empty() => {}
                Ok(_) => {
                    let assessed = assess_risk(engine, key, change);
                    let class = assessed.class_of(change.safety);
                    // A registry's value is asked for by the asking; once it is there, the fix is wanted.
                    let is_reached = class <= reach.safety || class == Safety::Value;
                    if is_reached && assessed.will_break() && reach.alone != Some(key) {
                        batch.left_out.push(BreakingFix { key: key.clone(), evidence: assessed.evidence });
                    } else if is_reached {
                        wanted.push(Wanted { key, finding, change });
                    }
                }
                Err(Lack::Value(_)) => {}
                Err(Lack::Reason(reason)) => batch.withheld.push((key.clone(), reason)),
            },
        }
    }
    wanted
}

impl Batch {
    fn extend(&mut self, files: Vec<Self>) {
        for file in files {
            self.patches.extend(file.patches);
            self.resolves.extend(file.resolves);
            self.facts.extend(file.facts);
            self.mended.extend(file.mended);
            self.withheld.extend(file.withheld);
            self.left_out.extend(file.left_out);
        }
    }
}

/// Does the work for each path, on all processors; the results in the order of the paths.
pub(super) fn for_each<I: Sync, T: Send>(paths: &[&I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
    spread(paths.to_vec(), work)
}
