//! Collects what the repository says about a pod outside its own manifest, for those who find the pod's needs.

use super::{ContainerKey, ImageUser, RepositoryView};
use crate::image::Reference;
use crate::image::known::{DefaultUser, find_known_image};
use crate::kubernetes::Container;
use crate::needs::pod::{BoundRole, PodPlace, PodSurroundings};
use crate::needs::{ImageStart, ProgramNeed, find_known_needs};
use crate::yaml::{LenientList, path};

pub(super) fn find_surroundings(view: RepositoryView<'_>, place: PodPlace<'_>) -> PodSurroundings {
    let containers = place.pod.containers.iter().enumerate();
    PodSurroundings {
        bound_roles: find_bound_roles(view, place),
        image_needs: containers.clone().map(|at| find_image_needs(view, place, at)).collect(),
        images_start_as_root: containers.map(|at| image_starts_as_root(view, place, at)).collect(),
    }
}

fn find_bound_roles(view: RepositoryView<'_>, place: PodPlace<'_>) -> Vec<BoundRole> {
    let index = view.index();
    let Some(account) = place.pod.model.service_account_or_default() else { return Vec::new() };
    let roles = index.service_accounts.roles_bound_to(place.namespace(), account);
    roles
        .map(|(path, role, span)| BoundRole {
            role: role.to_owned(),
            path: index.base.path_for_people(path),
            span,
        })
        .collect()
}

/// The needs of a container's image: nothing where a Dockerfile here builds it, else what is known of it.
fn find_image_needs(
    view: RepositoryView<'_>,
    place: PodPlace<'_>,
    (index, container): (usize, &Container),
) -> Vec<ProgramNeed> {
    let key = ContainerKey { path: place.path.clone(), position: place.position, container: index };
    if view.link_of_key(&key).is_some() {
        return Vec::new();
    }
    let Some(image) = container.model.image.get() else { return Vec::new() };
    let Ok(reference) = Reference::parse(image) else { return Vec::new() };
    let words = |list: &LenientList<String>| -> Option<Vec<String>> {
        let words: Vec<String> = list.valid_items().map(|(_, word)| word.clone()).collect();
        (!words.is_empty()).then_some(words)
    };
    let (command, args) = (words(&container.model.command), words(&container.model.args));
    let uid = place.pod.run_as_user(container).get().map(|uid| *uid == 0);
    let refuses_root = place.pod.run_as_non_root(container).get() == Some(&true);
    let name = format!("`{}`", image.split_once('@').map_or(image.as_str(), |(name, _)| name));
    let start = ImageStart {
        image: &name,
        command: command.as_deref(),
        args: args.as_deref(),
        is_root: uid.or(refuses_root.then_some(false)),
    };
    let mut needs = find_known_needs(&reference, &start);
    let evidence =
        container.span_of(&path!["image"]).map(|span| place.evidence_at(format!("the image {name}"), span));
    for need in needs.iter_mut().filter(|need| need.evidence.is_empty()) {
        need.evidence.extend(evidence.clone());
    }
    needs
}

/// True where the image starts as root: by the Dockerfile that builds it, or as it is known; none where nobody knows.
fn image_starts_as_root(
    view: RepositoryView<'_>,
    place: PodPlace<'_>,
    (index, container): (usize, &Container),
) -> Option<bool> {
    let key = ContainerKey { path: place.path.clone(), position: place.position, container: index };
    if let Some(facts) = view.link_of_key(&key).and_then(|link| view.dockerfile_facts(link)) {
        return match &facts.user {
            ImageUser::Number { uid, .. } => Some(*uid == 0),
            ImageUser::Name { .. } => Some(false),
            ImageUser::Unknown => None,
        };
    }
    let reference = Reference::parse(container.model.image.get()?).ok()?;
    match find_known_image(&reference)?.default_user() {
        DefaultUser::Root => Some(true),
        DefaultUser::NonRoot { .. } => Some(false),
        DefaultUser::Unknown => None,
    }
}
