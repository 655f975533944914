//! Plans: as many of the asked findings as can be mended together, in one step.

use std::collections::{BTreeMap, BTreeSet};

use super::draft::{Draft, Wanted};
use super::{FilePatch, FindingKey, Plan};
use crate::audit::Engine;
use crate::finding::{Change, Finding, Remedy, Safety};
use crate::repo::{FileKind, RelPath};
use crate::store::Store;
use crate::text::Source;

/// What came of one file.
#[derive(Default)]
pub(super) struct FilePlan {
    pub patch: Option<FilePatch>,
    pub mended: Vec<FindingKey>,
    pub withheld: Vec<(FindingKey, String)>,
}

/// The plan that mends these findings. Where some of them cannot be mended together with the others, those are
/// withheld with the reason and the rest goes on.
///
/// # Errors
/// When none of them can be mended; the reason, for the screen.
pub fn plan(engine: &Engine, store: &Store, keys: &[FindingKey]) -> Result<Plan, String> {
    let mut by_file: BTreeMap<&RelPath, BTreeSet<&FindingKey>> = BTreeMap::new();
    for key in keys {
        by_file.entry(&key.path).or_default().insert(key);
    }
    let mut plan = Plan {
        title: String::new(),
        safety: Safety::Safe,
        patches: Vec::new(),
        resolves: Vec::new(),
        cautions: Vec::new(),
        withheld: Vec::new(),
    };
    let mut titles = BTreeSet::new();
    for (path, keys) in by_file {
        let listed = store.findings_in(path);
        let findings: Vec<(&FindingKey, &Finding)> = listed
            .iter()
            .filter(|(key, _)| keys.contains(key))
            .map(|(key, listed)| (key, &listed.finding))
            .collect();
        let file = of_file(engine, path, &findings, Safety::Review);
        for (key, finding) in &findings {
            if let Remedy::Change(change) = &finding.remedy
                && file.mended.contains(key)
            {
                titles.insert(change.title.as_str());
                plan.safety = plan.safety.max(change.safety);
                plan.cautions.extend(
                    change.caution.iter().filter(|c| !plan.cautions.contains(c)).cloned().collect::<Vec<_>>(),
                );
            }
        }
        plan.resolves.extend(file.patch.iter().flat_map(|patch| resolved(engine, store, patch)));
        plan.patches.extend(file.patch);
        plan.withheld.extend(file.withheld);
        plan.title = titles.iter().next().map(ToString::to_string).unwrap_or_default();
    }
    if titles.len() > 1 {
        plan.title = format!("Mend {} findings", plan.resolves.len());
    }
    match (plan.patches.is_empty(), plan.withheld.first()) {
        (true, Some((_, reason))) => Err(reason.clone()),
        (true, None) => Err("its rule has no fix: a person must decide".to_owned()),
        (false, _) => Ok(plan),
    }
}

/// Mends as much as can be of the asked findings of one file, of fixes up to `safety`. All together, if that can be
/// proven; else one after the other, each joined to those before it.
pub(super) fn of_file(
    engine: &Engine,
    path: &RelPath,
    findings: &[(&FindingKey, &Finding)],
    safety: Safety,
) -> FilePlan {
    let mut plan = FilePlan::default();
    let Some(draft) = Draft::of(engine, path) else { return plan };
    let wanted = sort_out(&draft, findings, safety, &mut plan.withheld);
    if wanted.is_empty() {
        return plan;
    }
    let (mended, after) = match draft.mend(&wanted) {
        Ok(after) => (wanted, Some(after)),
        Err(reason) => one_by_one(&draft, &wanted, &reason, &mut plan.withheld),
    };
    plan.mended = mended.iter().map(|wanted| wanted.key.clone()).collect();
    plan.patch = after.map(|after| FilePatch {
        path: path.clone(),
        before: draft.source().clone(),
        after: Source::new(after),
    });
    plan
}

/// The findings that a plan may take in; those whose fix is withheld go to the list of these.
fn sort_out<'a>(
    draft: &Draft<'_>,
    findings: &[(&'a FindingKey, &'a Finding)],
    safety: Safety,
    withheld: &mut Vec<(FindingKey, String)>,
) -> Vec<Wanted<'a>> {
    let mut wanted = Vec::new();
    for (key, finding) in findings {
        match &finding.remedy {
            Remedy::None => {}
            Remedy::Withheld(reason) => withheld.push(((*key).clone(), reason.clone())),
            Remedy::Change(change) => match draft.safety(change) {
                Ok(class) if class <= safety && change.safety <= safety => {
                    wanted.push(Wanted { key, finding, change })
                }
                Ok(_) => {}
                Err(reason) => withheld.push(((*key).clone(), reason)),
            },
        }
    }
    wanted
}

fn one_by_one<'a>(
    draft: &Draft<'_>,
    wanted: &[Wanted<'a>],
    whole: &str,
    withheld: &mut Vec<(FindingKey, String)>,
) -> (Vec<Wanted<'a>>, Option<String>) {
    if let [only] = wanted {
        withheld.push((only.key.clone(), whole.to_owned()));
        return (Vec::new(), None);
    }
    let (mut together, mut after) = (Vec::new(), None);
    // A whole object at a time first, and its findings one by one only where that fails.
    let mut objects: BTreeMap<_, Vec<Wanted<'a>>> = BTreeMap::new();
    for wanted in wanted {
        objects.entry(wanted.key.subject.object.clone()).or_default().push(*wanted);
    }
    for group in objects.values() {
        let joined = [together.as_slice(), group.as_slice()].concat();
        if let (true, Ok(text)) = (objects.len() > 1, draft.mend(&joined)) {
            (together, after) = (joined, Some(text));
            continue;
        }
        for wanted in group {
            let joined = [together.as_slice(), &[*wanted]].concat();
            match draft.mend(&joined) {
                Ok(text) => (together, after) = (joined, Some(text)),
                Err(reason) => withheld.push((wanted.key.clone(), reason)),
            }
        }
    }
    (together, after)
}

/// The findings of the file that are gone once the patch is written.
pub(super) fn resolved(engine: &Engine, store: &Store, patch: &FilePatch) -> Vec<FindingKey> {
    let kind = store.file(&patch.path).map_or(FileKind::Manifest, |file| file.kind);
    let after =
        engine.what_if(&[(&patch.path, kind, patch.after.text())]).remove(&patch.path).unwrap_or_default();
    let mut left: Vec<_> = after.iter().map(|finding| (finding.rule, &finding.subject)).collect();
    let listed = store.findings_in(&patch.path).into_iter().filter(|(_, listed)| listed.suppressed.is_none());
    listed
        .map(|(key, _)| key)
        .filter(|key| {
            match left.iter().position(|(rule, subject)| *rule == key.rule && **subject == key.subject) {
                Some(at) => {
                    left.swap_remove(at);
                    false
                }
                None => true,
            }
        })
        .collect()
}

/// The class that a change has for lists: its own, unless a value is lacking.
pub(super) fn class(draft: &Draft<'_>, change: &Change) -> Result<Safety, String> {
    draft.safety(change)
}
