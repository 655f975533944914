//! Gathers the needs of a pod and of each of its containers, for those who ask once per pod.

use super::agreed_uids::{find_agreed_uids, find_given_paths};
use super::api_clients::find_api_clients;
use super::command_privileges::find_command_privileges;
use super::container_commands::{ContainerCommand, read_commands};
use super::container_facts::ContainerCase;
use super::container_writes::find_container_writes;
use super::granted_capabilities::{find_granted_capabilities, find_kept_capabilities};
use super::kept_volumes::find_kept_volumes;
use super::low_ports::find_low_ports;
use super::memory_needs::find_memory_needs;
use super::node_access::{find_node_access, find_node_sharing};
use super::platform_needs::find_platform_needs;
use super::token_volumes::find_token_volumes;
use super::value_reasons::{find_container_reasons, find_pod_reasons};
use super::{PodPlace, PodSurroundings, token_injectors, token_needs};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};

/// The needs of one pod.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodNeeds {
    /// Those of the pod as a whole: its token, its platform, its place on the node.
    pub shared: Vec<ProgramNeed>,
    /// Those of each container alone, in the order of the pod's containers.
    pub by_container: Vec<Vec<ProgramNeed>>,
}

impl PodNeeds {
    /// All that holds for one container: its own needs, and those of its pod.
    pub fn of_container(&self, container: usize) -> impl Iterator<Item = &ProgramNeed> {
        self.by_container.get(container).into_iter().flatten().chain(&self.shared)
    }

    /// All that holds for any of the containers.
    pub fn of_all(&self) -> impl Iterator<Item = &ProgramNeed> {
        self.by_container.iter().flatten().chain(&self.shared)
    }
}

/// All needs that show, for a pod and its containers.
#[must_use]
pub fn find_pod_needs(place: PodPlace<'_>, around: PodSurroundings) -> PodNeeds {
    let commands: Vec<_> =
        place.pod.containers.iter().map(|container| read_commands(place, container)).collect();
    let mut shared = find_token_needs_of(place, &around, &commands);
    shared.extend(find_token_volumes(place));
    find_node_sharing(place, &mut shared);
    find_platform_needs(place, &around.openshift_objects, &mut shared);
    find_pod_reasons(place, &mut shared);
    shared.extend(around.resource_scalers.iter().map(|scaler| ProgramNeed {
        kind: NeedKind::RefusedField("containers.resources".to_owned()),
        certainty: NeedCertainty::Likely,
        reason: format!("{} sets the resources of this pod", scaler.text).into(),
        evidence: vec![scaler.clone()],
    }));
    let given: Vec<_> =
        commands.iter().enumerate().flat_map(|(index, commands)| find_given_paths(index, commands)).collect();
    let mut by_container = Vec::with_capacity(commands.len());
    for (index, commands) in commands.iter().enumerate() {
        let mut needs = around.image_needs.get(index).cloned().unwrap_or_default();
        if let Some(case) = ContainerCase::new(place, index, &around) {
            if case.starts_as_root == Some(false) {
                needs.retain(|need| !is_lost_on_others(need));
            }
            find_command_privileges(place, &case, commands, &mut needs);
            find_granted_capabilities(place, &case, &mut needs);
            find_kept_capabilities(place, &case, &mut needs);
            find_low_ports(place, &case, commands, &mut needs);
            find_kept_volumes(place, &case, &around, &mut needs);
            find_memory_needs(place, &case, (commands, &around), &mut needs);
            find_node_access(place, &case, &around, &mut needs);
            find_agreed_uids(place, &case, &given, &around, &mut needs);
            find_container_writes(place, &case, commands, &mut needs);
            find_container_reasons(place, &case, &mut needs);
        }
        // The token is the pod's, and its needs stand there.
        needs.retain(|need| need.kind != NeedKind::ApiToken);
        by_container.push(needs);
    }
    PodNeeds { by_container, shared }
}

/// True for a capability of the image's own start as root: a process of another uid gets none of them. What a trial saw
/// stays.
fn is_lost_on_others(need: &ProgramNeed) -> bool {
    matches!(need.kind, NeedKind::Capability(_)) && need.certainty < NeedCertainty::Observed
}

/// What shows that the pod calls the Kubernetes API. A client in one container decides for all.
#[must_use]
pub fn find_token_needs(place: PodPlace<'_>, around: &PodSurroundings) -> Vec<ProgramNeed> {
    let commands: Vec<_> =
        place.pod.containers.iter().map(|container| read_commands(place, container)).collect();
    find_token_needs_of(place, around, &commands)
}

fn find_token_needs_of(
    place: PodPlace<'_>,
    around: &PodSurroundings,
    commands: &[Vec<ContainerCommand>],
) -> Vec<ProgramNeed> {
    let mut needs = Vec::new();
    token_needs::find_bound_roles(place, &around.bound_roles, &mut needs);
    token_injectors::find_token_injectors(place, &mut needs);
    for (index, commands) in commands.iter().enumerate() {
        let Some(case) = ContainerCase::new(place, index, around) else { continue };
        find_api_clients(place, &case, commands, &mut needs);
        let of_image = around.image_needs.get(index).into_iter().flatten();
        needs.extend(of_image.filter(|need| need.kind == NeedKind::ApiToken).cloned());
    }
    needs
}
