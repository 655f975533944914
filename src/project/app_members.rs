//! Finds which app an object without a pod belongs to: the one workload that it selects, targets, is the account of, or
//! gives rights to, for whoever lists findings by app.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::companion_facts::{AppTie, CompanionFacts};
use super::facts_delta::{FactsByFile, FactsDelta, first_below, is_below, manifest_facts};
use super::kustomization_index::KustomizationIndex;
use super::member_ties::{KnownTies, TieKey, TieSource, TiedApp, named_or_default};
use super::render_sets::is_overlay_made;
use super::service_accounts::ServiceAccountIndex;
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

/// The rest of the index, as members of apps depend on it.
#[derive(Clone, Copy)]
pub(super) struct MemberSurroundings<'a> {
    pub files: &'a FactsByFile,
    /// The files with objects beside workloads.
    pub with_companions: &'a BTreeSet<RelPath>,
    pub kustomizations: &'a KustomizationIndex,
    pub patches: &'a PatchDocuments,
    pub accounts: &'a ServiceAccountIndex,
}

/// What changed in a few files.
pub(super) struct MemberChanges<'a> {
    /// What they say.
    pub changes: &'a [FactsDelta],
    /// Those that are patches, or none any more, and those that are in other namespaces, which need not be there.
    pub elsewhere: &'a BTreeSet<RelPath>,
    /// The namespaces in which the latter are or were; the empty one stands for an object's own.
    pub namespaces: &'a BTreeSet<String>,
}

impl AppMemberIndex {
    pub(super) fn members_in(&self, path: &RelPath) -> &[AppMember] {
        self.by_file.get(path).map(Vec::as_slice).unwrap_or_default()
    }

    /// Finds the members of all files again. Gives the files whose members are others now.
    pub(super) fn find_all(&mut self, around: MemberSurroundings<'_>) -> BTreeSet<RelPath> {
        let files: BTreeSet<&RelPath> = around.files.keys().collect();
        let now = MemberFinder::new(around, &files).find_members(&files);
        let paths = now.keys().chain(self.by_file.keys());
        let is_other = |path: &&RelPath| now.get(*path) != self.by_file.get(*path);
        let changed = paths.filter(is_other).cloned().collect();
        self.by_file = Arc::new(now);
        changed
    }

    /// The same after changes of a few files.
    pub(super) fn apply_changes(
        &mut self,
        around: MemberSurroundings<'_>,
        changes: &MemberChanges<'_>,
    ) -> BTreeSet<RelPath> {
        let moving: Vec<&FactsDelta> =
            changes.changes.iter().filter(|change| may_move_members(change)).collect();
        if moving.is_empty() && changes.elsewhere.is_empty() {
            return BTreeSet::new();
        }
        let concerned = find_concerned(around, &moving, changes);
        let now = MemberFinder::near(around, &concerned).find_members(&concerned);
        let gone = moving.iter().map(|change| &change.path).filter(|path| !around.files.contains_key(*path));
        let paths: BTreeSet<&RelPath> = concerned.iter().copied().chain(gone).collect();
        let is_other = |path: &&&RelPath| now.get(**path) != self.by_file.get(**path);
        let changed: BTreeSet<RelPath> = paths.iter().filter(is_other).map(|path| (*path).clone()).collect();
        if !changed.is_empty() {
            let by_file = Arc::make_mut(&mut self.by_file);
            for path in &changed {
                match now.get(path) {
                    Some(members) => drop(by_file.insert(path.clone(), members.clone())),
                    None => drop(by_file.remove(path)),
                }
            }
        }
        changed
    }
}

/// True where a change may bear on which app an object belongs to: of what is written, not of what is built of it.
fn may_move_members(change: &FactsDelta) -> bool {
    if is_overlay_made(&change.path) {
        return false;
    }
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
    around: MemberSurroundings<'a>,
    /// The objects beside workloads, and the files of the workloads that may be theirs.
    companions: Vec<(TieSource<'a>, &'a CompanionFacts)>,
    pod_files: BTreeSet<&'a RelPath>,
    ties: KnownTies<'a>,
}

impl<'a> MemberFinder<'a> {
    /// For these files, and workloads in these.
    fn new(around: MemberSurroundings<'a>, files: &BTreeSet<&'a RelPath>) -> Self {
        let ties = KnownTies::default();
        let mut finder = Self { around, companions: Vec::new(), pod_files: files.clone(), ties };
        for path in files {
            for companion in companions(around.manifest(path)) {
                let source = around.source(path, companion.namespace.as_deref());
                finder.companions.extend(source.map(|source| (source, companion)));
            }
        }
        finder
    }

    /// For these files, and workloads in whichever files these may be: in the same folder, or in the same namespace.
    fn near(around: MemberSurroundings<'a>, files: &BTreeSet<&'a RelPath>) -> Self {
        let mut finder = Self::new(around, &with_bindings(around, files));
        let mut namespaces: BTreeSet<&str> = BTreeSet::new();
        let mut folders: BTreeSet<&str> = BTreeSet::new();
        for (source, companion) in &finder.companions {
            folders.insert(source.path.folder());
            namespaces.extend(source.namespaces_or_default());
            if let AppTie::Binding { accounts, .. } = &companion.tie {
                let own = accounts
                    .iter()
                    .filter_map(|(namespace, _)| around.source(source.path, namespace.as_deref()));
                namespaces.extend(own.flat_map(|own| own.namespaces_or_default().collect::<Vec<_>>()));
            }
        }
        finder.pod_files = folders.into_iter().flat_map(|folder| around.files_in(folder)).collect();
        for namespace in namespaces {
            let near = around.accounts.manifests_in_namespace(namespace);
            let given = around.kustomizations.paths_given_namespace(namespace).into_iter().map(RelPath::from);
            let given: Vec<RelPath> = given.collect();
            let near = near.chain(&given).filter_map(|path| Some(around.files.get_key_value(path)?.0));
            finder.pod_files.extend(near);
        }
        finder
    }

    /// The members in files, all of whose objects are known.
    fn find_members(mut self, files: &BTreeSet<&RelPath>) -> BTreeMap<RelPath, Vec<AppMember>> {
        if self.companions.is_empty() {
            return BTreeMap::new();
        }
        let asked: HashSet<TieKey<'a>> =
            self.companions.iter().flat_map(|(_, own)| asked_ties(own)).collect();
        for path in std::mem::take(&mut self.pod_files) {
            for pod in self.around.manifest(path).into_iter().flat_map(|facts| &facts.pods) {
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
        found.0.retain(|path, _| files.contains(path));
        found.into_files(self.around.files)
    }

    fn note_pod(&mut self, path: &'a RelPath, pod: &'a PodFacts, asked: &HashSet<TieKey<'a>>) {
        let is_patch =
            self.around.patches.get(path).is_some_and(|documents| documents.contains(&pod.position.0));
        if is_patch || pod.is_chart_test || pod.object.is_empty() {
            return;
        }
        let mut ties = ties_of_pod(pod).filter(|tie| asked.contains(tie)).peekable();
        if ties.peek().is_none() {
            return;
        }
        let Some(source) = self.around.source(path, pod.namespace.as_deref()) else { return };
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
            let source = self.around.source(path, namespace.as_deref())?;
            self.ties.find_app(&source, TieKey::Account(name))
        });
        let first = apps.next()??;
        apps.all(|app| app == Some(first)).then_some(first)
    }
}

impl<'a> MemberSurroundings<'a> {
    /// What a manifest says as it is written, or as a chart makes it; what overlays build of it are the same objects.
    fn manifest(self, path: &RelPath) -> Option<&'a ManifestFacts> {
        let facts = manifest_facts(self.files.get(path))?;
        let has_any = !facts.companions.is_empty() || !facts.pods.is_empty();
        Some(facts).filter(|_| has_any && !is_overlay_made(path))
    }

    /// Where an object is deployed; none for a part of another, which is where that is.
    fn source(self, path: &'a RelPath, namespace: Option<&'a str>) -> Option<TieSource<'a>> {
        let namespaces =
            self.kustomizations.possible_namespaces(path.as_str(), namespace.unwrap_or_default())?;
        Some(TieSource::new(path, namespaces))
    }

    /// Every object beside workloads, with its file.
    fn all_companions(self) -> impl Iterator<Item = (&'a RelPath, &'a CompanionFacts)> {
        let some = self.with_companions.iter().filter(|path| !is_overlay_made(path));
        let some = some.filter_map(move |path| self.files.get_key_value(path));
        some.flat_map(|(path, facts)| companions(manifest_facts(Some(facts))).map(move |own| (path, own)))
    }

    /// The files directly in a folder.
    fn files_in(self, folder: &str) -> impl Iterator<Item = &'a RelPath> {
        let below = self.files.range(first_below(folder)..).map(|(path, _)| path);
        below.take_while(move |path| is_below(path, folder)).filter(move |path| path.folder() == folder)
    }
}

/// The files of which an object may be of another app after changes: the changed ones, and those near them that ask for what
/// came or went; of the roles whose bindings are among these, too.
fn find_concerned<'a>(
    around: MemberSurroundings<'a>,
    moving: &[&'a FactsDelta],
    changes: &'a MemberChanges<'a>,
) -> BTreeSet<&'a RelPath> {
    let there = |path: &RelPath| Some(around.files.get_key_value(path)?.0);
    let elsewhere = changes.elsewhere.iter().filter_map(there);
    let mut concerned: BTreeSet<&RelPath> = elsewhere.filter(|path| !is_overlay_made(path)).collect();
    let mut near = TouchedTies::default();
    for path in &concerned {
        near.touch_facts(around, path, around.manifest(path));
    }
    if !concerned.is_empty() {
        near.namespaces.extend(changes.namespaces.iter().map(|own| named_or_default(own)));
    }
    for change in moving {
        concerned.extend(there(&change.path));
        for facts in [change.old_manifest(), change.new_manifest()] {
            near.touch_facts(around, &change.path, facts);
        }
    }
    for (path, companion) in around.all_companions() {
        if near.is_asked_for(around, path, companion) {
            concerned.insert(path);
            near.roles.extend(bound_role(companion));
        }
    }
    let roles = near.roles;
    if !roles.is_empty() {
        let is_one = |own: &CompanionFacts| own.tie == AppTie::Role && roles.contains(own.object.as_str());
        concerned.extend(around.all_companions().filter(|(_, own)| is_one(own)).map(|(path, _)| path));
    }
    concerned
}

/// What of pods came or went, where that was, and the roles that are bound there.
#[derive(Default)]
struct TouchedTies<'a> {
    ties: HashSet<TieKey<'a>>,
    folders: HashSet<&'a str>,
    namespaces: HashSet<&'a str>,
    roles: HashSet<&'a str>,
}

impl<'a> TouchedTies<'a> {
    fn touch_facts(
        &mut self,
        around: MemberSurroundings<'a>,
        path: &'a RelPath,
        facts: Option<&'a ManifestFacts>,
    ) {
        self.folders.insert(path.folder());
        for pod in facts.into_iter().flat_map(|facts| &facts.pods) {
            self.ties.extend(ties_of_pod(pod));
            self.namespaces.insert(named_or_default(pod.namespace.as_deref().unwrap_or_default()));
            let source = around.source(path, pod.namespace.as_deref());
            self.namespaces.extend(source.iter().flat_map(TieSource::namespaces_or_default));
        }
        self.roles.extend(companions(facts).filter_map(bound_role));
    }

    /// True for an object that asks for some of it, and is near.
    fn is_asked_for(
        &self,
        around: MemberSurroundings<'a>,
        path: &'a RelPath,
        companion: &'a CompanionFacts,
    ) -> bool {
        asked_ties(companion).iter().any(|tie| self.ties.contains(tie))
            && (self.folders.contains(path.folder()) || self.is_in_namespace(around, path, companion))
    }

    fn is_in_namespace(
        &self,
        around: MemberSurroundings<'a>,
        path: &'a RelPath,
        companion: &'a CompanionFacts,
    ) -> bool {
        let accounts = match &companion.tie {
            AppTie::Binding { accounts, .. } => accounts.as_slice(),
            _ => &[],
        };
        let named = accounts.iter().map(|(namespace, _)| namespace.as_deref());
        let mut sources =
            named.chain([companion.namespace.as_deref()]).filter_map(|own| around.source(path, own));
        sources.any(|source| source.namespaces_or_default().any(|own| self.namespaces.contains(own)))
    }
}

/// These files, and those with the bindings of their roles.
fn with_bindings<'a>(around: MemberSurroundings<'a>, files: &BTreeSet<&'a RelPath>) -> BTreeSet<&'a RelPath> {
    let own = files.iter().flat_map(|path| companions(around.manifest(path)));
    let roles: HashSet<&str> =
        own.filter(|own| own.tie == AppTie::Role).map(|own| own.object.as_str()).collect();
    let mut all = files.clone();
    if !roles.is_empty() {
        let binds = |own: &CompanionFacts| bound_role(own).is_some_and(|role| roles.contains(role));
        all.extend(around.all_companions().filter(|(_, own)| binds(own)).map(|(path, _)| path));
    }
    all
}

fn bound_role(companion: &CompanionFacts) -> Option<&str> {
    match &companion.tie {
        AppTie::Binding { role, .. } => Some(role),
        _ => None,
    }
}

fn ties_of_pod(pod: &PodFacts) -> impl Iterator<Item = TieKey<'_>> {
    let labels = pod.labels.iter().map(|(key, value)| TieKey::Label(key, value));
    let account = pod.account.as_deref().map(TieKey::Account);
    labels.chain(account).chain([TieKey::Object(&pod.object)])
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
