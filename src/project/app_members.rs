//! Finds which app an object without a pod belongs to: the one workload that it selects, targets, is the account of, or
//! gives rights to, for whoever lists findings by app.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::companion_facts::{AppTie, CompanionFacts};
use super::facts_delta::{FactsByFile, FactsDelta, manifest_facts};
use super::kustomization_index::KustomizationIndex;
use super::member_ties::{KnownTies, TieKey, TieSource, TiedApp};
use super::render_sets::is_overlay_made;
use super::{ManifestFacts, PodFacts};
use crate::repo::RelPath;

/// An object that belongs to one app alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppMember {
    /// `Kind/name`.
    pub object: Arc<str>,
    /// The workload: its file, and its `Kind/name`.
    pub workload: (RelPath, Arc<str>),
}

/// The members of apps, by their files.
#[derive(Clone, Debug, Default)]
pub(super) struct AppMemberIndex {
    by_file: Arc<BTreeMap<RelPath, Vec<AppMember>>>,
}

/// The documents that are patches, by file.
pub(super) type PatchDocuments = HashMap<RelPath, BTreeSet<usize>>;

impl AppMemberIndex {
    pub(super) fn members_in(&self, path: &RelPath) -> &[AppMember] {
        self.by_file.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// Finds the members of all files again. Gives the files whose members are others now.
    pub(super) fn find_members(
        &mut self,
        files: &FactsByFile,
        kustomizations: &KustomizationIndex,
        patches: &PatchDocuments,
    ) -> BTreeSet<RelPath> {
        let now = MemberFinder::new(files, kustomizations, patches).find_all();
        let paths = now.keys().chain(self.by_file.keys());
        let is_other = |path: &&RelPath| now.get(*path) != self.by_file.get(*path);
        let changed = paths.filter(is_other).cloned().collect();
        self.by_file = Arc::new(now);
        changed
    }
}

/// True where a change may bear on which app an object belongs to.
pub(super) fn may_move_members(change: &FactsDelta) -> bool {
    let (old, new) = (change.old_manifest(), change.new_manifest());
    !pod_ties(old).eq(pod_ties(new)) || !companions(old).eq(companions(new))
}

fn companions(facts: Option<&ManifestFacts>) -> impl Iterator<Item = &CompanionFacts> {
    facts.into_iter().flat_map(|facts| &facts.companions)
}

/// What of each pod an object may ask for.
fn pod_ties(facts: Option<&ManifestFacts>) -> impl Iterator<Item = impl PartialEq> {
    let pods = facts.into_iter().flat_map(|facts| &facts.pods);
    pods.map(|pod| (&pod.object, &pod.namespace, &pod.account, &pod.labels, pod.is_chart_test))
}

struct MemberFinder<'a> {
    companions: Vec<(TieSource<'a>, &'a CompanionFacts)>,
    files: &'a FactsByFile,
    kustomizations: &'a KustomizationIndex,
    patches: &'a PatchDocuments,
    ties: KnownTies<'a>,
}

impl<'a> MemberFinder<'a> {
    fn new(
        files: &'a FactsByFile,
        kustomizations: &'a KustomizationIndex,
        patches: &'a PatchDocuments,
    ) -> Self {
        let mut finder =
            Self { companions: Vec::new(), files, kustomizations, patches, ties: KnownTies::default() };
        for (path, facts) in finder.manifests() {
            for companion in &facts.companions {
                let source = finder.source(path, companion.namespace.as_deref());
                finder.companions.extend(source.map(|source| (source, companion)));
            }
        }
        finder
    }

    /// The manifests as they are written, or as a chart makes them; what overlays build of them are the same objects.
    fn manifests(&self) -> impl Iterator<Item = (&'a RelPath, &'a ManifestFacts)> + use<'a> {
        let manifests =
            self.files.iter().filter_map(|(path, facts)| Some((path, manifest_facts(Some(facts))?)));
        manifests.filter(|(path, facts)| {
            let has_any = !facts.companions.is_empty() || !facts.pods.is_empty();
            has_any && !is_overlay_made(path)
        })
    }

    /// Where an object is deployed; none for a part of another, which is where that is.
    fn source(&self, path: &'a RelPath, namespace: Option<&'a str>) -> Option<TieSource<'a>> {
        let namespaces =
            self.kustomizations.possible_namespaces(path.as_str(), namespace.unwrap_or_default())?;
        Some(TieSource::new(path, namespaces))
    }

    fn find_all(mut self) -> BTreeMap<RelPath, Vec<AppMember>> {
        if self.companions.is_empty() {
            return BTreeMap::new();
        }
        let asked: HashSet<TieKey<'a>> =
            self.companions.iter().flat_map(|(_, own)| asked_ties(own)).collect();
        for (path, facts) in self.manifests() {
            for pod in &facts.pods {
                self.note_pod(path, pod, &asked);
            }
        }
        let mut found = FoundMembers::default();
        let mut roles = Vec::new();
        for (source, companion) in std::mem::take(&mut self.companions) {
            let app = match &companion.tie {
                AppTie::Role => {
                    roles.push((source, companion));
                    continue;
                }
                AppTie::Labels(selector) => self.ties.find_by_labels(&source, selector),
                AppTie::Target(target) => self.ties.find_app(&source, TieKey::Object(target)),
                AppTie::Account(name) => self.ties.find_app(&source, TieKey::Account(name)),
                AppTie::Binding { role, accounts } => {
                    let app = self.app_of_accounts(source.path, accounts);
                    self.ties.note_app(&role_source(source.clone(), role), TieKey::Role(role), app, None);
                    app
                }
            };
            found.note(source.path, companion, app);
        }
        for (source, role) in roles {
            let source = role_source(source, &role.object);
            found.note(source.path, role, self.ties.find_app(&source, TieKey::Role(&role.object)));
        }
        found.into_files(self.files)
    }

    fn note_pod(&mut self, path: &'a RelPath, pod: &'a PodFacts, asked: &HashSet<TieKey<'a>>) {
        let is_patch = self.patches.get(path).is_some_and(|documents| documents.contains(&pod.position.0));
        if is_patch || pod.is_chart_test || pod.object.is_empty() {
            return;
        }
        let labels = pod.labels.iter().map(|(key, value)| TieKey::Label(key, value));
        let account = pod.account.as_deref().map(TieKey::Account);
        let ties = labels.chain(account).chain([TieKey::Object(&pod.object)]);
        let mut ties = ties.filter(|tie| asked.contains(tie)).peekable();
        if ties.peek().is_none() {
            return;
        }
        let Some(source) = self.source(path, pod.namespace.as_deref()) else { return };
        for tie in ties {
            self.ties.note_app(&source, tie, Some((path, &pod.object)), Some(&pod.labels));
        }
    }

    /// The one app of all these accounts, as a binding in that file names them.
    fn app_of_accounts(
        &self,
        path: &'a RelPath,
        accounts: &'a [(Option<String>, String)],
    ) -> Option<TiedApp<'a>> {
        let mut apps = accounts.iter().map(|(namespace, name)| {
            let source = self.source(path, namespace.as_deref())?;
            self.ties.find_app(&source, TieKey::Account(name))
        });
        let first = apps.next()??;
        apps.all(|app| app == Some(first)).then_some(first)
    }
}

/// A ClusterRole is in no namespace, whoever binds it.
fn role_source<'a>(source: TieSource<'a>, role: &str) -> TieSource<'a> {
    if role.starts_with("ClusterRole/") { source.in_no_namespace() } else { source }
}

/// What a companion asks of pods.
fn asked_ties(companion: &CompanionFacts) -> Vec<TieKey<'_>> {
    match &companion.tie {
        AppTie::Labels(selector) => {
            super::member_ties::label_groups(selector).into_iter().flatten().collect()
        }
        AppTie::Target(target) => vec![TieKey::Object(target)],
        AppTie::Account(name) => vec![TieKey::Account(name)],
        AppTie::Binding { accounts, .. } => accounts.iter().map(|(_, name)| TieKey::Account(name)).collect(),
        AppTie::Role => Vec::new(),
    }
}

/// What was found, by file and `Kind/name`. Of two objects of one name in a file each must be of the same app.
#[derive(Default)]
struct FoundMembers<'a>(BTreeMap<&'a RelPath, BTreeMap<&'a str, Option<TiedApp<'a>>>>);

impl<'a> FoundMembers<'a> {
    fn note(&mut self, path: &'a RelPath, companion: &'a CompanionFacts, app: Option<TiedApp<'a>>) {
        let known = self.0.entry(path).or_default().entry(&companion.object).or_insert(app);
        if *known != app {
            *known = None;
        }
    }

    fn into_files(self, files: &FactsByFile) -> BTreeMap<RelPath, Vec<AppMember>> {
        let mut by_file = BTreeMap::new();
        for (path, objects) in self.0 {
            let pods = manifest_facts(files.get(path)).map_or(&[][..], |facts| &facts.pods);
            let workloads: HashSet<&str> = pods.iter().map(|pod| pod.object.as_str()).collect();
            let own = objects.into_iter().filter(|(object, _)| !workloads.contains(object));
            let members = own.filter_map(|(object, app)| {
                let (file, workload) = app?;
                Some(AppMember { object: object.into(), workload: (file.clone(), workload.into()) })
            });
            let members: Vec<AppMember> = members.collect();
            if !members.is_empty() {
                by_file.insert(path.clone(), members);
            }
        }
        by_file
    }
}
