//! Promise 1 for every reference of a folder of repositories: `SEAWORTHY_REPOSITORIES` names the folder. Each image is
//! pinned alone and all of them together, by a registry that knows everything.

use std::collections::BTreeMap;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::{FindingKey, Safety};
use seaworthy::fix::{FixOrder, Planner, RegistryAnswers};
use seaworthy::image::registry::{DigestStatus, ReferenceResolver, RegistryError, TagResolution};
use seaworthy::image::{Reference, TagKind};
use seaworthy::repo::{FileKind, FilePatch};
use seaworthy::text::stable_hash;
use serde_yaml::Value;

use super::fixes::IMAGE_RULES;
use super::{CURRENT, resolution};
use crate::support::audit;

/// Has every image, each with a digest of its own, and one version for those that move.
struct Everything;

fn digest_of(reference: &Reference) -> String {
    let name = format!("{}:{}", reference.name(), reference.tag().unwrap_or("latest"));
    format!("sha256:{:016x}{}", stable_hash(name.as_bytes()), "e".repeat(48))
}

impl ReferenceResolver for Everything {
    fn resolve(&self, reference: &Reference) -> Result<TagResolution, RegistryError> {
        let moves = reference.tag().is_none_or(|tag| TagKind::from_tag(tag) != TagKind::Version);
        let tags = if moves { vec!["98.7.6".to_owned()] } else { Vec::new() };
        Ok(resolution(digest_of(reference), tags))
    }

    fn check_digest(&self, _: &Reference) -> Result<DigestStatus, RegistryError> {
        Ok(CURRENT)
    }
}

#[derive(Debug, Default)]
struct Figures {
    references: usize,
    findings: usize,
    right: usize,
    withheld: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
#[allow(clippy::print_stderr, reason = "the figures are read by people")]
fn every_reference_is_pinned_as_promised() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    let mut all = Figures::default();
    for repository in crate::support::entries(std::path::Path::new(&folder)) {
        if repository.is_dir() {
            pin(&repository, &mut all);
        }
    }
    let Figures { references, findings, right, withheld, wrong } = all;
    eprintln!("{references} references, {findings} findings, {right} edits right, {} wrong", wrong.len());
    eprintln!("withheld: {withheld:#?}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn pin(root: &std::path::Path, figures: &mut Figures) {
    let engine = audit(root);
    let images = |rule: &str| IMAGE_RULES.contains(&rule);
    let references = RegistryAnswers::find_unresolved(&engine, images);
    figures.references += references.len();
    let answers = RegistryAnswers::ask_registries(&Everything, &references, &|_, _| {});
    let paths = engine
        .audited_paths_of_kind(FileKind::Dockerfile)
        .chain(engine.audited_paths_of_kind(FileKind::Manifest));
    let keys = paths.flat_map(|path| engine.open_findings(path)).map(|(key, _)| key);
    let keys: Vec<FindingKey> = keys.filter(|key| images(key.rule)).collect();
    figures.findings += keys.len();
    for key in &keys {
        match Planner::new(&engine)
            .with_answers(&answers)
            .plan(&FixOrder::Findings(std::slice::from_ref(key)))
        {
            Ok(plan) => judge(&engine, &plan.patches, &references, figures),
            Err(no_plan) => *figures.withheld.entry(in_general(&no_plan.to_string())).or_default() += 1,
        }
    }
    let outcome = Planner::new(&engine)
        .with_answers(&answers)
        .plan(&FixOrder::Rules { accepts: &images, max_safety: Safety::Safe })
        .unwrap();
    judge(&engine, &outcome.patches, &references, figures);
    let fixed = engine.with_patches(&outcome.patches);
    let again = Planner::new(&fixed)
        .with_answers(&answers)
        .plan(&FixOrder::Rules { accepts: &images, max_safety: Safety::Safe })
        .unwrap();
    if let Some(patch) = again.patches.first() {
        figures.wrong.push(format!("{}: a second run changes it", patch.path));
    }
}

/// A reason without the names in it, so that those of a kind are counted together.
fn in_general(reason: &str) -> String {
    reason.split(' ').filter(|word| !word.contains(['`', '/', ':'])).collect::<Vec<_>>().join(" ")
}

fn judge(engine: &AuditEngine, patches: &[FilePatch], references: &[Reference], figures: &mut Figures) {
    for patch in patches {
        let (before, after) = (patch.before.text(), patch.after.text());
        let is_build = engine.audited_paths_of_kind(FileKind::Dockerfile).any(|path| *path == patch.path);
        let fault = only_references(before, after, references)
            .or_else(|| if is_build { other_parser_of_builds(before, after) } else { values(before, after) });
        match fault {
            None => figures.right += 1,
            Some(fault) => figures.wrong.push(format!("{}: {fault}", patch.path)),
        }
    }
}

/// Every line is as it was, but for references that are now another one of the same repository, with its digest.
fn only_references(before: &str, after: &str, references: &[Reference]) -> Option<String> {
    if before.lines().count() != after.lines().count() || before.ends_with('\n') != after.ends_with('\n') {
        return Some("lines came or went".to_owned());
    }
    // A short name may be the end of a longer one: the longest is taken back first, and alone where that is enough.
    let mut references: Vec<&Reference> = references.iter().collect();
    references.sort_by_key(|reference| std::cmp::Reverse(reference.text().len()));
    let mut changed = before.lines().zip(after.lines()).filter(|(old, new)| old != new);
    let strange = changed.find(|(old, new)| {
        let mut all = (*new).to_owned();
        let alone = references.iter().any(|reference| {
            all = taken_back(old, &all, reference);
            taken_back(old, new, reference) == *old
        });
        !alone && all != *old
    });
    strange.map(|(old, new)| format!("`{old}` became `{new}`"))
}

/// The line with this reference as it was. Where arguments put it together, the digest alone is new.
fn taken_back(old: &str, new: &str, reference: &Reference) -> String {
    let digest = format!("@{}", digest_of(reference));
    if !old.contains(reference.text()) {
        return new.replace(&digest, "");
    }
    let version = format!("{}:98.7.6", &reference.text()[..reference.repository_span().end]);
    let tagged = &reference.text()[..reference.digest_offset()];
    [format!("{version}{digest}"), format!("{tagged}{digest}"), version]
        .iter()
        .fold(new.to_owned(), |line, written| line.replace(written, reference.text()))
}

/// The other parser of Dockerfiles, where it reads the file at all, finds the same instructions after the edit.
fn other_parser_of_builds(before: &str, after: &str) -> Option<String> {
    let count = |text: &str| parse_dockerfile::parse(text).ok().map(|file| file.instructions.len());
    let had = count(before)?;
    (count(after) != Some(had)).then(|| "the other parser reads other instructions".to_owned())
}

/// serde_yaml reads the same values, but for images of the same name.
fn values(before: &str, after: &str) -> Option<String> {
    let read = |text: &str| -> Vec<Option<Value>> {
        serde_yaml::Deserializer::from_str(text)
            .map(|document| serde::Deserialize::deserialize(document).ok())
            .collect()
    };
    let (before, after) = (read(before), read(after));
    let same = before.len() == after.len()
        && before.iter().zip(&after).all(|(old, new)| match (old, new) {
            (Some(old), Some(new)) => alike(old, new),
            (old, new) => old == new,
        });
    (!same).then(|| "the values differ by more than images".to_owned())
}

fn alike(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            old.len() == new.len()
                && old.iter().zip(new).all(|((key, old), (other, new))| key == other && alike(old, new))
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| alike(old, new))
        }
        (Value::Tagged(old), Value::Tagged(new)) => old.tag == new.tag && alike(&old.value, &new.value),
        (Value::String(old), Value::String(new)) if old != new => {
            let names = [old, new].map(|text| Reference::parse(text.trim()).map(|image| image.name()));
            names[0].is_ok() && names[0] == names[1]
        }
        (old, new) => old == new,
    }
}
