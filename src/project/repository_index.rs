//! Indexes the whole repository, each file's facts and what follows from them together, for rules.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::app_members::{AppMember, AppMemberIndex, MemberChanges, MemberSurroundings};
use super::facts_delta::{FactsByFile, FactsDelta, first_below, is_below, manifest_facts};
use super::image_deployment::{DeploymentIndex, ImageDeployment};
use super::image_links::{ImageLinks, LinkSurroundings};
use super::kustomization_index::{KustomizationDelta as Kustomized, KustomizationIndex};
use super::neighbour_index::NeighbourIndex;
use super::policy_index::{PolicyIndex, ScopedPolicy};
use super::render_sets::RenderSets;
use super::selector_index::{NearMiss, SelectorIndex};
use super::service_accounts::{ServiceAccountIndex, namespace_or_default};
use super::uid_allocator::UidAllocator;
use super::{ContainerKey, FileFacts, ImageLink, LinkAnswer, PodNeedsMemo};
use crate::builds::{BuildText, ImageClaim};
use crate::needs::{ObservedNeeds, ObservedNote};
use crate::repo::{PathBase, RelPath};
use crate::settings::{AppSetting, LinkSetting, Settings};

/// After more changes than these at once, no file is worth excluding.
const MAX_TRACKED_CHANGES: usize = 1000;

/// Facts by file, and the maps that answer by key. When facts change, only what may follow from them is worked out
/// anew.
#[derive(Clone, Debug, Default)]
pub struct RepositoryIndex {
    /// Everything here goes by the paths in the repository; questions and answers go by the others.
    pub(super) base: PathBase,
    files: FactsByFile,
    pub(super) links: ImageLinks,
    pub(super) uids: UidAllocator,
    deployments: DeploymentIndex,
    pub(super) service_accounts: ServiceAccountIndex,
    pub(super) kustomizations: KustomizationIndex,
    pub(super) policies: PolicyIndex,
    pub(super) neighbours: NeighbourIndex,
    selectors: SelectorIndex,
    members: AppMemberIndex,
    /// The files with objects beside workloads.
    companion_files: BTreeSet<RelPath>,
    /// The patches, by file and by the document's index in it.
    patches: HashMap<RelPath, BTreeSet<usize>>,
    /// The files with pods that name no image.
    imageless_files: BTreeSet<RelPath>,
    /// The needs of the pods as they are, until the next change.
    pub(super) kept_needs: PodNeedsMemo,
    /// What trials saw, by the paths in the repository.
    pub(super) observed_needs: Arc<ObservedNeeds>,
    /// What the settings say that apps need.
    pub(super) stated_apps: Vec<AppSetting>,
}

/// The files that may be judged otherwise after a change of the index, besides those that changed.
#[derive(Clone, Debug, Default)]
pub struct Invalidation {
    /// Files that became patches, or are none any more.
    pub patch_files: BTreeSet<RelPath>,
    /// Dockerfiles whose image is deployed otherwise now.
    pub deployed_files: BTreeSet<RelPath>,
    /// Files for which the repository's facts have changed; none where that may be so for any file.
    pub dependent_files: Option<BTreeSet<RelPath>>,
    /// Files of which an object belongs to another app than before, or to none any more.
    pub regrouped_files: BTreeSet<RelPath>,
}

impl Invalidation {
    /// The same with the files of another change.
    #[must_use]
    pub fn join(mut self, other: Self) -> Self {
        self.patch_files.extend(other.patch_files);
        self.deployed_files.extend(other.deployed_files);
        self.regrouped_files.extend(other.regrouped_files);
        self.dependent_files = self.dependent_files.zip(other.dependent_files).map(|(mut own, other)| {
            own.extend(other);
            own
        });
        self
    }
}

impl RepositoryIndex {
    /// Says anew what each overlay is made of.
    pub fn set_render_sets(&mut self, sets: &RenderSets) {
        self.policies.sets = sets.clone();
        self.service_accounts.sets = sets.clone();
        self.neighbours.sets = sets.clone();
        self.selectors.sets = sets.clone();
    }

    /// An empty one, for paths that are relative to that folder.
    #[must_use]
    pub fn new(base: PathBase) -> Self {
        Self { base, ..Self::default() }
    }

    /// The same without anything in it that files say.
    #[must_use]
    pub fn emptied(&self) -> Self {
        Self { observed_needs: Arc::clone(&self.observed_needs), ..Self::new(self.base.clone()) }
    }

    /// What trials saw of an app besides its needs.
    #[must_use]
    pub fn observed_notes(&self, path: &RelPath, object: &str) -> &[ObservedNote] {
        self.observed_needs.notes_of(&self.base.path_in_repository(path), object)
    }

    /// Takes in what trials saw, in the place of what they saw before.
    pub fn set_observed_needs(&mut self, observed: ObservedNeeds) {
        self.kept_needs.clear();
        self.observed_needs = Arc::new(observed);
    }

    /// Forgets what is said of apps' needs, by trials and by the settings.
    pub fn forget_observed_needs(&mut self) {
        self.stated_apps.clear();
        self.set_observed_needs(ObservedNeeds::default());
    }

    /// Applies changes: new facts, or none where a file is gone or has none. Returns the other files that may be judged
    /// otherwise now.
    pub fn apply_changes(
        &mut self,
        changes: Vec<(RelPath, Option<FileFacts>)>,
        settings: &Settings,
    ) -> Invalidation {
        self.kept_needs.clear();
        self.stated_apps.clone_from(&settings.apps);
        let base = self.base.clone();
        let changes = changes.into_iter().map(|(path, facts)| (base.path_in_repository(&path), facts));
        let moved = self.take_in(changes.collect(), settings);
        if base.is_root() {
            return moved;
        }
        let shown = |paths: BTreeSet<RelPath>| paths.iter().map(|path| base.path_for_people(path)).collect();
        Invalidation {
            patch_files: shown(moved.patch_files),
            deployed_files: shown(moved.deployed_files),
            dependent_files: moved.dependent_files.map(shown),
            regrouped_files: shown(moved.regrouped_files),
        }
    }

    /// Takes in the texts of files that say how images are built, or none where one is gone. Returns the files that may be
    /// judged otherwise now. `root_name` is the name of the repository's folder.
    pub fn apply_build_files(
        &mut self,
        changes: Vec<(RelPath, Option<BuildText>)>,
        root_name: &str,
        settings: &Settings,
    ) -> Invalidation {
        let base = self.base.clone();
        let changes = changes.into_iter().map(|(path, text)| (base.path_in_repository(&path), text));
        let mut links = std::mem::take(&mut self.links);
        let relinked =
            links.apply_build_files(changes.collect(), root_name, self.link_surroundings(&settings.links));
        self.links = links;
        if relinked.manifests.is_empty() {
            return Invalidation { dependent_files: Some(BTreeSet::new()), ..Invalidation::default() };
        }
        self.kept_needs.clear();
        let settled = self.uids.apply_deltas(&self.files, &self.links, &[], &relinked.dockerfiles, settings);
        let deployed = self.deployments.update_deployments(&self.files, &self.links, &relinked.dockerfiles);
        let mut answers = relinked.manifests;
        for build in &settled {
            answers.extend(self.links.containers_running(build).map(|key| key.path.clone()));
        }
        let shown = |paths: BTreeSet<RelPath>| paths.iter().map(|path| base.path_for_people(path)).collect();
        Invalidation {
            deployed_files: shown(deployed),
            dependent_files: Some(shown(answers)),
            ..Invalidation::default()
        }
    }

    fn link_surroundings<'a>(&'a self, set_links: &'a [LinkSetting]) -> LinkSurroundings<'a> {
        let (files, kustomizations, base) = (&self.files, &self.kustomizations, &self.base);
        LinkSurroundings { files, kustomizations, base, set_links }
    }

    /// The services that compose builds, each with what it is built from.
    #[must_use]
    pub fn service_answers(&self) -> Vec<(&ImageClaim, LinkAnswer)> {
        self.links.service_answers(self.link_surroundings(&[]))
    }

    fn take_in(&mut self, changes: Vec<(RelPath, Option<FileFacts>)>, settings: &Settings) -> Invalidation {
        let changes = changes.into_iter().filter_map(|(path, facts)| self.replace_facts(path, facts));
        let changes: Vec<FactsDelta> = changes.collect();
        if changes.is_empty() {
            return Invalidation { dependent_files: Some(BTreeSet::new()), ..Invalidation::default() };
        }
        let kustomized = self.kustomizations.apply_deltas(&changes);
        let patch_files = self.update_patches(&changes, &kustomized);
        self.neighbours.apply_deltas(&changes);
        let asking = self.selectors.apply_deltas(&changes);
        let said =
            |path: &RelPath| manifest_facts(self.files.get(path)).map_or(&[][..], |facts| &facts.policies);
        let repoliced =
            self.policies.apply_deltas(&changes, &kustomized.namespaced_paths, &self.kustomizations, said);
        let mut answers = self.service_accounts.apply_deltas(&changes);
        self.note_companions(&changes);
        let regrouped_files = self.regroup(&changes, &patch_files, &kustomized);
        let mut links = std::mem::take(&mut self.links);
        let relinked = links.apply_deltas(
            self.link_surroundings(&settings.links),
            &changes,
            &kustomized.namespaced_paths,
        );
        self.links = links;
        let settled =
            self.uids.apply_deltas(&self.files, &self.links, &changes, &relinked.dockerfiles, settings);
        let deployed_files =
            self.deployments.update_deployments(&self.files, &self.links, &relinked.dockerfiles);
        if changes.len() > MAX_TRACKED_CHANGES || repoliced.first_or_last {
            return Invalidation { patch_files, deployed_files, dependent_files: None, regrouped_files };
        }
        answers.extend(relinked.manifests);
        answers.extend(asking);
        let builds = changes.iter().filter(|change| change.dockerfile_before_after() != (false, false));
        for build in builds.map(|change| &change.path).chain(&settled) {
            answers.extend(self.links.containers_running(build).map(|key| key.path.clone()));
        }
        answers.extend(kustomized.namespaced_paths.iter().map(|path| RelPath::from(path.as_str())));
        answers.extend(self.files_selected_by(&repoliced.policies));
        Invalidation { patch_files, deployed_files, dependent_files: Some(answers), regrouped_files }
    }

    fn note_companions(&mut self, changes: &[FactsDelta]) {
        for change in changes {
            if change.new_manifest().is_some_and(|manifest| !manifest.companions.is_empty()) {
                self.companion_files.insert(change.path.clone());
            } else {
                self.companion_files.remove(&change.path);
            }
        }
    }

    /// Finds the files of which an object belongs to another app after changes: of facts, of what is a patch, of namespaces.
    fn regroup(
        &mut self,
        changes: &[FactsDelta],
        patch_files: &BTreeSet<RelPath>,
        kustomized: &Kustomized,
    ) -> BTreeSet<RelPath> {
        let mut members = std::mem::take(&mut self.members);
        let (files, kustomizations) = (&self.files, &self.kustomizations);
        let (patches, accounts) = (&self.patches, &self.service_accounts);
        let with_companions = &self.companion_files;
        let around = MemberSurroundings { files, with_companions, kustomizations, patches, accounts };
        let regrouped = match kustomized.namespaces.as_ref().filter(|_| changes.len() <= MAX_TRACKED_CHANGES)
        {
            Some(namespaces) => {
                let given = kustomized.namespaced_paths.iter().map(|path| RelPath::from(path.as_str()));
                let elsewhere: BTreeSet<RelPath> = given.chain(patch_files.iter().cloned()).collect();
                members.apply_changes(around, &MemberChanges { changes, elsewhere: &elsewhere, namespaces })
            }
            None => members.find_all(around),
        };
        self.members = members;
        regrouped
    }

    /// Puts new facts in the place of a file's old ones; none where they are the same.
    fn replace_facts(&mut self, path: RelPath, facts: Option<FileFacts>) -> Option<FactsDelta> {
        let Some(facts) = facts else {
            let old = self.files.remove(&path)?;
            return Some(FactsDelta { path, old: Some(old), new: None });
        };
        let new = Arc::new(facts);
        let old = match self.files.entry(path.clone()) {
            Entry::Occupied(known) if *known.get() == new => return None,
            Entry::Occupied(mut known) => Some(known.insert(Arc::clone(&new))),
            Entry::Vacant(place) => {
                place.insert(Arc::clone(&new));
                None
            }
        };
        Some(FactsDelta { path, old, new: Some(new) })
    }

    /// Finds files whose documents are patches now that were none, or the other way round.
    fn update_patches(&mut self, changes: &[FactsDelta], kustomized: &Kustomized) -> BTreeSet<RelPath> {
        let mut files: Vec<RelPath> =
            kustomized.patch_paths.iter().map(|path| RelPath::from(path.as_str())).collect();
        for change in changes {
            let manifest = change.new_manifest();
            if manifest.is_some_and(|manifest| manifest.imageless_documents().next().is_some()) {
                self.imageless_files.insert(change.path.clone());
            } else {
                self.imageless_files.remove(&change.path);
            }
            files.push(change.path.clone());
        }
        for folder in &kustomized.folders {
            let below = self.imageless_files.range(first_below(folder)..);
            files.extend(below.take_while(|path| is_below(path, folder)).cloned());
        }
        if !kustomized.veiled_folders.is_empty() {
            let is_veiled =
                |path: &&RelPath| kustomized.veiled_folders.iter().any(|folder| is_below(path, folder));
            let with_images = self.service_accounts.manifests_with_pods().filter(is_veiled);
            files.extend(with_images.chain(self.imageless_files.iter().filter(is_veiled)).cloned());
        }
        files.sort_unstable();
        files.dedup();
        let mut moved = BTreeSet::new();
        for path in files {
            let patches = self.patches_in(&path);
            let old = if patches.is_empty() {
                self.patches.remove(&path).unwrap_or_default()
            } else {
                self.patches.insert(path.clone(), patches.clone()).unwrap_or_default()
            };
            if old != patches {
                moved.insert(path);
            }
        }
        moved
    }

    /// A patch is what a kustomization names as one, and what has no image anywhere, lies in or below a folder with
    /// a kustomization, and is not named as a resource. Below one that is broken, whatever is not named as a resource may be
    /// named as a patch in what cannot be read.
    fn patches_in(&self, path: &RelPath) -> BTreeSet<usize> {
        let facts = manifest_facts(self.files.get(path)).filter(|manifest| !manifest.is_whole);
        let Some(manifest) = facts else { return BTreeSet::new() };
        let may_be_patch = || {
            !self.kustomizations.names_as_resource(path.as_str())
                && self.kustomizations.may_hide_patches(path.folder())
        };
        if self.kustomizations.names_as_patch(path.as_str()) || may_be_patch() {
            let pods = manifest.pods.iter().map(|pod| pod.position.0);
            return pods.chain(manifest.imageless_documents()).collect();
        }
        let mut imageless = manifest.imageless_documents().peekable();
        if imageless.peek().is_none()
            || self.kustomizations.names_as_resource(path.as_str())
            || !self.kustomizations.has_one_above(path.folder())
        {
            return BTreeSet::new();
        }
        imageless.collect()
    }

    /// The files with pods that one of these policies selects, or may select.
    fn files_selected_by(&self, policies: &[ScopedPolicy]) -> BTreeSet<RelPath> {
        let mut near: BTreeSet<&RelPath> = BTreeSet::new();
        if policies.iter().any(|placed| placed.namespaces.is_none()) {
            near.extend(self.service_accounts.manifests_with_pods());
        }
        let namespaces: BTreeSet<&String> =
            policies.iter().flat_map(|placed| &placed.namespaces).flatten().collect();
        for namespace in namespaces {
            near.extend(self.service_accounts.manifests_in_namespace(namespace));
            let given = self.kustomizations.paths_given_namespace(namespace).into_iter().map(RelPath::from);
            near.extend(given.filter_map(|path| Some(self.files.get_key_value(&path)?.0)));
        }
        let concerned = |path: &&RelPath| {
            let pods = manifest_facts(self.files.get(*path)).into_iter().flat_map(|manifest| &manifest.pods);
            pods.into_iter().any(|pod| {
                let places = self
                    .kustomizations
                    .possible_namespaces(path.as_str(), namespace_or_default(pod.namespace.as_deref()));
                policies.iter().any(|placed| placed.may_select(&places, &pod.labels))
            })
        };
        near.into_iter().filter(concerned).cloned().collect()
    }

    /// Applies the uids that a person chose since. No finding depends on them, only the text that a fix would write.
    pub fn reassign_uids(&mut self, settings: &Settings) {
        self.uids.reassign_all(&self.files, &self.links, settings);
    }

    /// True when the document, by its index in the file, is a patch of a kustomization.
    #[must_use]
    pub fn is_patch(&self, path: &RelPath, document: usize) -> bool {
        let path = self.base.path_in_repository(path);
        self.patches.get(&path).is_some_and(|documents| documents.contains(&document))
    }

    #[must_use]
    pub fn facts_of(&self, path: &RelPath) -> Option<&FileFacts> {
        self.files.get(&self.base.path_in_repository(path)).map(|facts| &**facts)
    }

    /// The objects of a file that belong to one app each.
    pub fn app_members_in(&self, path: &RelPath) -> impl Iterator<Item = AppMember> {
        let members = self.members.members_in(&self.base.path_in_repository(path)).iter();
        members.map(|member| AppMember {
            object: Arc::clone(&member.object),
            workload: (self.base.path_for_people(&member.workload.0), Arc::clone(&member.workload.1)),
        })
    }

    /// How workloads run the image of a Dockerfile.
    #[must_use]
    pub fn deployment_of(&self, dockerfile: &RelPath) -> ImageDeployment {
        self.deployments.deployment_of(&self.base.path_in_repository(dockerfile))
    }

    /// The manifests whose workloads run the image of a Dockerfile.
    #[must_use]
    pub fn manifests_running(&self, dockerfile: &RelPath) -> BTreeSet<RelPath> {
        let dockerfile = self.base.path_in_repository(dockerfile);
        let users = self.links.containers_running(&dockerfile);
        users.map(|key| self.base.path_for_people(&key.path)).collect()
    }

    /// The same of a file by its path in the repository.
    pub(super) fn facts_in_repository(&self, path: &RelPath) -> Option<&FileFacts> {
        self.files.get(path).map(|facts| &**facts)
    }

    /// The label that a service of that file asks for and no pod has, where a workload beside it was meant. What a
    /// kustomization builds is judged as built: labels are given there.
    #[must_use]
    pub fn find_near_miss(
        &self,
        file: &RelPath,
        service: &str,
        selector: &BTreeMap<String, String>,
    ) -> Option<NearMiss> {
        let file = self.base.path_in_repository(file);
        if self.kustomizations.names_as_resource(file.as_str()) {
            return None;
        }
        self.selectors.find_near_miss(&self.files, (&file, service), selector)
    }

    /// Every link, for showing them; containers by their paths in the repository.
    pub fn iter_links(&self) -> impl Iterator<Item = (&ContainerKey, &ImageLink)> {
        self.links.iter_links()
    }
}
