//! Finds what a finding is about, for gathering causes: the object with its copies, the image, the secret, the file.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::audit::{AuditEngine, DeployedObject, DeployedObjects, ListedFinding};
use crate::repo::{FileKind, RelPath};
use crate::rules::RuleDecision;

/// The words that folders and files of tests have in their names.
const TEST_WORDS: [&str; 7] = ["test", "tests", "testing", "testdata", "e2e", "fixture", "fixtures"];

/// One thing that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CauseSubject {
    /// `Kind/name`, the image, or the file.
    pub name: Arc<str>,
    /// None for what is no workload.
    pub object: Option<DeployedObject>,
    pub kind: SubjectKind,
}

/// The kind of what a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SubjectKind {
    Workload,
    Dockerfile,
    Other,
}

/// What all objects of a repository are.
pub(super) struct SubjectFinder {
    objects: DeployedObjects,
    dockerfiles: BTreeSet<RelPath>,
}

impl SubjectFinder {
    pub(super) fn new(engine: &AuditEngine, findings: &[Arc<ListedFinding>]) -> Self {
        let is_role = |listed: &&Arc<ListedFinding>| listed.key.rule == "rbac-wildcard";
        let roles = findings.iter().filter(is_role).flat_map(|listed| names_of(listed));
        let wide_roles: Vec<Arc<str>> = roles.collect();
        let wide_roles: BTreeSet<&str> = wide_roles.iter().map(|role| &**role).collect();
        let dockerfiles = engine.audited_paths_of_kind(FileKind::Dockerfile).cloned().collect();
        Self { objects: DeployedObjects::of_engine(engine, &wide_roles), dockerfiles }
    }

    /// What a finding is about: of images the image, else each object in which it stands, else its file.
    pub(super) fn subjects_of(&self, listed: &ListedFinding, decision: RuleDecision) -> Vec<CauseSubject> {
        if decision == RuleDecision::ImagePin
            && let Some(image) = image_of(listed)
        {
            return vec![CauseSubject::plain(image, SubjectKind::Other)];
        }
        if let Some(placements) = &listed.finding.placements {
            let mut seen = HashSet::new();
            let first_of_each = placements.iter().filter_map(|placed| {
                let name = placed.object.clone()?;
                let object = self.objects.in_unit(&placed.unit, &name);
                seen.insert(name.clone()).then(|| CauseSubject::of_object(name, object))
            });
            let subjects: Vec<CauseSubject> = first_of_each.collect();
            if !subjects.is_empty() {
                return subjects;
            }
        }
        let path = &listed.key.path;
        vec![match &listed.key.subject.object {
            Some(name) => CauseSubject::of_object(name.clone(), self.objects.in_file(path, name)),
            None if self.dockerfiles.contains(path) => {
                CauseSubject::plain(path.as_str().into(), SubjectKind::Dockerfile)
            }
            None => CauseSubject::plain(path.as_str().into(), SubjectKind::Other),
        }]
    }
}

impl CauseSubject {
    fn plain(name: Arc<str>, kind: SubjectKind) -> Self {
        Self { name, object: None, kind }
    }

    fn of_object(name: Arc<str>, object: Option<DeployedObject>) -> Self {
        let kind = if object.is_some() { SubjectKind::Workload } else { SubjectKind::Other };
        Self { name, object, kind }
    }
}

/// The objects in which a finding stands, by name.
fn names_of(listed: &ListedFinding) -> Vec<Arc<str>> {
    let placed = listed.finding.placements.iter().flat_map(|all| all.iter());
    let placed: Vec<Arc<str>> = placed.filter_map(|placed| placed.object.clone()).collect();
    if placed.is_empty() { listed.key.subject.object.clone().into_iter().collect() } else { placed }
}

/// The image that a finding is about: where its fix is withheld, the one that its message names.
fn image_of(listed: &ListedFinding) -> Option<Arc<str>> {
    match listed.finding.image_edit() {
        Some(edit) => Some(edit.image.text().into()),
        None => first_name(&listed.finding.message).map(Arc::from),
    }
}

/// The variable or the file that holds a secret, as the message names it first; the file with the secret where
/// that is copied, or known by its form alone.
pub(super) fn secret_name(listed: &ListedFinding) -> Arc<str> {
    let message = &listed.finding.message;
    let is_name = |name: &&str| !name.contains('…') && !["ADD", "COPY"].contains(name);
    let named = first_name(message).filter(is_name);
    named.map_or_else(|| listed.key.path.as_str().into(), Arc::from)
}

/// The first name in backquotes.
pub(super) fn first_name(message: &str) -> Option<&str> {
    let (_, rest) = message.split_once('`')?;
    Some(rest.split_once('`')?.0).filter(|name| !name.is_empty())
}

/// True for a file of tests, by the words of its path.
pub(super) fn is_test_path(path: &str) -> bool {
    let mut words = path.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| TEST_WORDS.iter().any(|test| word.eq_ignore_ascii_case(test)))
}
