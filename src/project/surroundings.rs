//! Collects what the repository says about a pod outside its own manifest, for those who find the pod's needs.

use super::RepositoryView;
use crate::needs::pod::{BoundRole, PodPlace, PodSurroundings};

pub(super) fn find_surroundings(view: RepositoryView<'_>, place: PodPlace<'_>) -> PodSurroundings {
    PodSurroundings { bound_roles: find_bound_roles(view, place), ..PodSurroundings::default() }
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
