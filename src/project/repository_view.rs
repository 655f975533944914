//! Shows rules the repository, perhaps with some files as they would be after a fix.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::image_name::ImageName;
use super::{
    ContainerKey, DockerfileFacts, FileFacts, ImageLink, LinkAnswer, NearMiss, PodNeedsMemo, RepositoryIndex,
    RunAs, stated_needs, surroundings,
};
use crate::builds::BuildArgument;
use crate::image::Reference;
use crate::kubernetes::Container;
use crate::needs::pod::{MAX_BOUND_ROLES, PodNeeds, PodPlace, find_pod_needs, find_token_needs};
use crate::needs::{ObservedNeed, ProgramNeed};
use crate::repo::RelPath;
use crate::settings::Settings;

/// Facts of files as they would be after a fix, by path: they stand in for the files' own.
pub type FactOverrides = HashMap<RelPath, FileFacts>;

/// The index, with the facts of some files replaced by those of their text after a fix.
#[derive(Clone, Copy)]
pub struct RepositoryView<'a> {
    index: &'a RepositoryIndex,
    overrides: Option<&'a FactOverrides>,
    /// Where the needs of pods are kept, if anywhere.
    needs: Option<&'a PodNeedsMemo>,
}

impl<'a> RepositoryView<'a> {
    #[must_use]
    pub const fn new(index: &'a RepositoryIndex) -> Self {
        Self { index, overrides: None, needs: None }
    }

    /// The same repository, with those facts in place of the files' own.
    #[must_use]
    pub const fn with_overrides(index: &'a RepositoryIndex, instead: &'a FactOverrides) -> Self {
        Self { index, overrides: Some(instead), needs: None }
    }

    /// The same repository, for whoever asks about pods as they stand in its files: each pod's needs are found once until
    /// the next change.
    #[must_use]
    pub const fn keeping_needs(self) -> Self {
        Self { needs: Some(&self.index.kept_needs), ..self }
    }

    /// The same repository, for whoever asks about pods as they would be: each pod's needs are found once, unless they are
    /// kept already.
    #[must_use]
    pub fn keeping_needs_in<'b>(self, memo: &'b PodNeedsMemo) -> RepositoryView<'b>
    where
        'a: 'b,
    {
        RepositoryView { needs: self.needs.or(Some(memo)), ..self }
    }

    #[must_use]
    pub const fn index(self) -> &'a RepositoryIndex {
        self.index
    }

    /// The Dockerfile whose last stage is the container's image.
    #[must_use]
    pub fn link_of_key(self, key: &ContainerKey) -> Option<&'a ImageLink> {
        self.link_answer(key)?.link_to_last_stage()
    }

    /// What the repository's files say of the container's image.
    #[must_use]
    pub fn link_answer(self, key: &ContainerKey) -> Option<&'a LinkAnswer> {
        if self.index.base.is_root() {
            return self.index.links.answer_of(key);
        }
        let path = self.index.base.path_in_repository(&key.path);
        self.index.links.answer_of(&ContainerKey { path, ..key.clone() })
    }

    /// True where this Dockerfile builds the container's image.
    #[must_use]
    pub fn is_built_by(self, key: &ContainerKey, dockerfile: &RelPath) -> bool {
        let built = self.index.base.path_in_repository(dockerfile);
        self.link_of_key(key).is_some_and(|link| link.dockerfile == built)
    }

    /// The number that the linked image runs as by itself, where a Dockerfile here says it.
    #[must_use]
    pub fn image_uid(self, key: &ContainerKey) -> Option<u32> {
        self.dockerfile_facts(self.link_of_key(key)?)?.user.uid()
    }

    /// The facts of the linked Dockerfile.
    #[must_use]
    pub fn dockerfile_facts(self, link: &ImageLink) -> Option<&'a DockerfileFacts> {
        let instead = self.overrides.and_then(|files| files.get(&link.dockerfile));
        match instead.or_else(|| self.index.facts_of(&link.dockerfile))? {
            FileFacts::Dockerfile(build) => Some(build),
            FileFacts::Manifest(_) => None,
        }
    }

    /// The Dockerfile whose last stage is the container's image, with its facts.
    #[must_use]
    pub fn linked_build(self, key: &ContainerKey) -> Option<(&'a ImageLink, &'a DockerfileFacts)> {
        let link = self.link_of_key(key)?;
        Some((link, self.dockerfile_facts(link)?))
    }

    /// The label that a service asks for and no pod has, where a workload beside it was meant.
    #[must_use]
    pub fn find_near_miss(
        self,
        file: &RelPath,
        service: &str,
        selector: &BTreeMap<String, String>,
    ) -> Option<NearMiss> {
        self.index.find_near_miss(file, service, selector)
    }

    /// The user that the image of a Dockerfile should run as.
    #[must_use]
    pub fn run_as(self, dockerfile: &RelPath) -> Option<RunAs> {
        self.index.uids.run_as(&self.index.base.path_in_repository(dockerfile))
    }

    /// A uid for an image that nothing here builds, and those that apps here have.
    #[must_use]
    pub fn free_uid(self, image: &str, settings: &Settings) -> (u32, BTreeSet<u32>) {
        self.index.uids.free_uid(image, settings)
    }

    /// True when the ServiceAccount lets its token be mounted into a pod of that file; none where the repository does not
    /// decide it.
    #[must_use]
    pub fn automounts_token(self, file: &RelPath, namespace: &str, account: &str) -> Option<bool> {
        let file = self.index.base.path_in_repository(file);
        let accounts = &self.index.service_accounts;
        let Some(overrides) = self.overrides else {
            return accounts.automounts_token(&file, namespace, account);
        };
        let instead = overrides.iter().filter_map(|(path, facts)| match facts {
            FileFacts::Manifest(facts) => Some((path, facts)),
            FileFacts::Dockerfile(_) => None,
        });
        accounts.automounts_token_with(&file, (namespace, account), instead)
    }

    /// The roles bound in the repository to the ServiceAccount of a pod of that file, in the order of the files; of very
    /// many, the first ones.
    #[must_use]
    pub fn roles_bound_to(self, file: &RelPath, namespace: &str, account: &str) -> Vec<&'a str> {
        let file = self.index.base.path_in_repository(file);
        let roles = self.index.service_accounts.roles_bound_to(&file, namespace, account);
        roles.take(MAX_BOUND_ROLES).map(|(_, role, _)| role).collect()
    }

    /// The needs of a pod and of each of its containers, by all that the repository shows of them: the pod itself, the
    /// Dockerfiles that build its images, what is known of the others, and what surrounds it.
    #[must_use]
    pub fn pod_needs(self, place: PodPlace<'_>) -> Arc<PodNeeds> {
        let find = || find_pod_needs(place, surroundings::find_surroundings(self, place));
        match self.needs {
            Some(memo) => memo.get_or_find(place, find),
            None => Arc::new(find()),
        }
    }

    /// What trials saw of a container.
    #[must_use]
    pub fn observed_needs(self, file: &RelPath, object: &str, container: &Container) -> &'a [ObservedNeed] {
        let file = self.index.base.path_in_repository(file);
        let name = container.name.as_deref().unwrap_or_default();
        self.index.observed_needs.of_container(&file, object, name)
    }

    /// What the build of a link's image, which a manifest names so, is given by the build file that shows the link.
    #[must_use]
    pub fn build_arguments(self, link: &ImageLink, image: &str) -> Vec<BuildArgument> {
        let image = Reference::parse(image).ok();
        self.index.links.build_arguments(link, image.as_ref(), &self.index.base)
    }

    /// What builds another stage of a Dockerfile than its last, where every build file that names it does: the place of the
    /// first, as people read it, and the stage.
    #[must_use]
    pub fn stage_built_elsewhere(self, file: &RelPath) -> Option<(String, &'a str)> {
        let last = match self.index.facts_of(file)? {
            FileFacts::Dockerfile(facts) => facts.stage_name.as_deref(),
            FileFacts::Manifest(_) => return None,
        };
        let claim = self.index.links.claim_of_other_stage(&self.index.base.path_in_repository(file), last)?;
        let place = format!("{}:{}", self.index.base.path_for_people(&claim.path), claim.line);
        Some((place, claim.stage.as_deref()?))
    }

    /// What the settings say that a container needs, each with the line that says so.
    #[must_use]
    pub fn stated_needs(self, object: &str, container: &Container) -> Vec<(ObservedNeed, usize)> {
        let name = container.name.as_deref().unwrap_or_default();
        let own = self.index.stated_apps.iter().filter(|app| app.is_of(object, name));
        own.flat_map(|app| {
            stated_needs::read_stated_needs(app, name).into_iter().map(|need| (need, app.line))
        })
        .collect()
    }

    /// What shows that a pod calls the Kubernetes API, the surest first.
    #[must_use]
    pub fn token_needs(self, place: PodPlace<'_>) -> Vec<ProgramNeed> {
        let mut needs = find_token_needs(place, &surroundings::find_token_surroundings(self, place));
        needs.sort_by_key(|need| std::cmp::Reverse(need.certainty));
        needs
    }

    #[must_use]
    pub fn is_patch(self, path: &RelPath, document: usize) -> bool {
        self.index.is_patch(path, document)
    }

    /// True when a kustomization gives the file's objects their namespace.
    #[must_use]
    pub fn is_given_namespace(self, path: &RelPath) -> bool {
        self.index.kustomizations.gives_namespace(self.index.base.path_in_repository(path).as_str())
    }

    /// The images that run in the place of one in the file: what kustomizations make of it, for each way in which they
    /// build on the file; the image itself where none does.
    #[must_use]
    pub fn images_in_effect(self, path: &RelPath, image: &Reference) -> Vec<Reference> {
        let path = self.index.base.path_in_repository(path);
        let built =
            self.index.kustomizations.images_in_effect(path.as_str(), &ImageName::of_reference(image));
        built.iter().filter_map(ImageName::to_reference).collect()
    }

    /// True when the repository has a NetworkPolicy that may stand in a cluster beside that file.
    #[must_use]
    pub fn has_network_policies(self, file: &RelPath) -> bool {
        self.index.policies.has_any_beside(&self.index.base.path_in_repository(file))
    }

    /// True when any NetworkPolicy selects pods of the file with this namespace and these labels; none where that is
    /// unknown. Where kustomizations give the namespace, theirs counts.
    #[must_use]
    pub fn is_selected_by_policy(
        self,
        path: &RelPath,
        namespace: &str,
        labels: &BTreeMap<String, String>,
    ) -> Option<bool> {
        let path = self.index.base.path_in_repository(path);
        self.index.policies.any_selects(
            &path,
            &self.index.kustomizations.possible_namespaces(path.as_str(), namespace),
            labels,
        )
    }
}
