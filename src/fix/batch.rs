//! Fixes of many findings in many files: the Dockerfiles first, since workloads agree with them.

use std::collections::{BTreeMap, BTreeSet};

use super::assess::assess_risk;
use super::draft::{Draft, OtherChanges, ProvenText};
use super::facts_overlay::Overlay;
use super::failure::Wanted;
use super::pod::Lack;
use super::resolved::find_resolved;
use super::{Answers, other_half, together};
use crate::audit::{Engine, spread};
use crate::finding::FindingKey;
use crate::finding::{BreakingFix, BuildIntent, Change, Finding, Intent, Remedy, Safety};
use crate::repo::FilePatch;
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
    let mut required = required(engine, &asked_of, reach, &asked);
    required.retain(|path| !engine.is_context(path));
    let builds: BTreeSet<&RelPath> = of(FileKind::Dockerfile).chain(&required).collect();
    let builds: Vec<&RelPath> = builds.into_iter().collect();
    let mut batch = Batch::default();
    let none = Overlay::default();
    let build = |path: &RelPath| {
        let required = required.contains(path);
        file(engine, path, reach, &none, |key, finding| asked(key) || (required && says_user(finding)))
    };
    batch.extend(for_each(&builds, |path| build(path)));
    for (path, user) in other_half::of_dockerfiles(engine, &batch.facts) {
        batch.leave_user(engine, &path, &user, &asked, |keeps| file(engine, &path, reach, &none, keeps));
    }
    let facts = std::mem::take(&mut batch.facts);
    // Of the others, only workloads whose Dockerfile changes may have to follow it.
    let users: BTreeSet<RelPath> =
        facts.keys().flat_map(|path| engine.index().manifests_running(path)).collect();
    manifests.extend(users.iter().filter(|path| !engine.is_context(path)));
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

/// That a change can be laid out, and has no other half out of reach.
fn reachable(draft: &Draft<'_>, change: &Change) -> Result<(), Lack> {
    if let Some(reason) = other_half::of_workload(draft, change) {
        return Err(Lack::Reason(reason));
    }
    draft.steps(&[change]).map(drop)
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
            Remedy::Change(change) => match reachable(draft, change) {
                Ok(()) if change.intents.is_empty() => {}
                Ok(()) => {
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
    /// Mends a Dockerfile anew, but for its user, which a workload out of reach would have to follow.
    fn leave_user(
        &mut self,
        engine: &Engine,
        path: &RelPath,
        user: &RelPath,
        asked: &impl Fn(&FindingKey) -> bool,
        mend: impl FnOnce(&dyn Fn(&FindingKey, &Finding) -> bool) -> Self,
    ) {
        self.patches.retain(|patch| patch.path != *path);
        self.mended.retain(|key| key.path != *path);
        self.withheld.retain(|(key, _)| key.path != *path);
        self.left_out.retain(|left| left.key.path != *path);
        self.resolves.remove(path);
        self.facts.remove(path);
        let open = engine.open(path).into_iter();
        let left = open.filter(|(key, finding)| asked(key) && says_user(finding)).map(|(key, _)| key);
        self.withheld.extend(left.map(|key| (key, other_half::reason(user))));
        self.extend(vec![mend(&|key, finding| asked(key) && !says_user(finding))]);
    }

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
