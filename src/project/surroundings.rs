//! Collects what the repository says about a pod outside its own manifest, for those who find the pod's needs.

use std::collections::BTreeSet;

use super::manifest_facts::ANY_NAME;
use super::neighbour_index::PodOfUid;
use super::{ContainerKey, FileFacts, ImageUser, PodFacts, RepositoryView};
use crate::finding::Wording;
use crate::image::Reference;
use crate::image::known::{DefaultUser, find_known_image};
use crate::kubernetes::Container;
use crate::needs::pod::{
    BoundRole, MAX_BOUND_ROLES, PodPlace, PodSurroundings, index_volumes, runs_only_clients,
};
use crate::needs::{
    ImageStart, NeedCertainty, NeedEvidence, NeedKind, ObservedNeed, ProgramNeed, find_known_needs,
};
use crate::repo::RelPath;
use crate::settings::SETTINGS_FILE;
use crate::yaml::{LenientList, path};

pub(super) fn find_surroundings(view: RepositoryView<'_>, place: PodPlace<'_>) -> PodSurroundings {
    let containers = place.pod.containers.iter().enumerate();
    PodSurroundings {
        bound_roles: find_bound_roles(view, place),
        image_needs: containers.clone().map(|at| find_image_needs(view, place, at)).collect(),
        image_uids: image_uids(view, place),
        images_start_as_root: containers.map(|at| image_starts_as_root(view, place, at)).collect(),
        volumes_by_name: index_volumes(place),
        shared_claims: find_shared_claims(view, place),
        openshift_objects: find_openshift_objects(view, place),
        uid_sharers: find_uid_sharers(view, place),
        resource_scalers: find_scalers(view, place),
    }
}

/// As much of it as bears on the pod's token.
pub(super) fn find_token_surroundings(view: RepositoryView<'_>, place: PodPlace<'_>) -> PodSurroundings {
    let containers = place.pod.containers.iter().enumerate();
    PodSurroundings {
        bound_roles: find_bound_roles(view, place),
        image_needs: containers.map(|at| find_image_needs(view, place, at)).collect(),
        ..PodSurroundings::default()
    }
}

/// The bindings of the pod's account. Where the pod names no namespace, those beside it count that name some other: the
/// namespace is given when they are applied.
fn find_bound_roles(view: RepositoryView<'_>, place: PodPlace<'_>) -> Vec<BoundRole> {
    let index = view.index();
    let Some(account) = place.pod.model.service_account_or_default() else { return Vec::new() };
    let path = index.base.path_in_repository(place.path);
    let bound = index.service_accounts.roles_bound_to(&path, place.namespace(), account);
    let mut roles: Vec<_> = bound.take(MAX_BOUND_ROLES).collect();
    if roles.is_empty() && place.object().namespace.is_none() && account != "default" {
        for name in [account, ANY_NAME] {
            let beside = index.service_accounts.roles_bound_beside(&path, name);
            roles.extend(beside.take(MAX_BOUND_ROLES));
        }
    }
    let bound = roles.into_iter().map(|(path, role, span)| BoundRole {
        role: role.to_owned(),
        path: index.base.path_for_people(path),
        span,
    });
    bound.collect()
}

/// The needs of a container's image: those of the Dockerfile here that builds it, else what is known of it; and what a
/// trial saw of it, here or where the settings were written.
fn find_image_needs(
    view: RepositoryView<'_>,
    place: PodPlace<'_>,
    at: (usize, &Container),
) -> Vec<ProgramNeed> {
    let mut needs = find_written_image_needs(view, place, at);
    let observed = find_observed_needs(view, place, at.1);
    needs.retain(|need| !observed.iter().any(|own| own.kind == need.kind));
    needs.extend(observed);
    needs
}

/// What a trial saw, and what the settings say besides, at the place of the container's image.
fn find_observed_needs(
    view: RepositoryView<'_>,
    place: PodPlace<'_>,
    container: &Container,
) -> Vec<ProgramNeed> {
    let object = place.object().label();
    let span = container.span_of(&path!["image"]).unwrap_or(container.label_span);
    let need = |own: &ObservedNeed, shown_by: Wording| ProgramNeed {
        kind: own.kind.clone(),
        certainty: NeedCertainty::Observed,
        reason: own.reason.clone().into(),
        evidence: vec![place.evidence_at(shown_by, span)],
    };
    let observed = view.observed_needs(place.path, &object, container);
    let mut needs: Vec<ProgramNeed> =
        observed.iter().map(|own| need(own, "a trial of this image".into())).collect();
    for (own, line) in view.stated_needs(&object, container) {
        if !needs.iter().any(|known| known.kind == own.kind) {
            needs.push(need(&own, format!("{SETTINGS_FILE}:{line}, about this app").into()));
        }
    }
    needs
}

fn find_written_image_needs(
    view: RepositoryView<'_>,
    place: PodPlace<'_>,
    (index, container): (usize, &Container),
) -> Vec<ProgramNeed> {
    let key = ContainerKey { path: place.path.clone(), position: place.position, container: index };
    if let Some(facts) = view.link_of_key(&key).and_then(|link| view.dockerfile_facts(link)) {
        let holds = |need: &&ProgramNeed| holds_with_command(need, container);
        return facts.program_needs.iter().filter(holds).cloned().collect();
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
    let granted: Vec<String> = container.granted_capabilities().map(|(_, name)| name.to_owned()).collect();
    let start = ImageStart {
        image: &name,
        command: command.as_deref(),
        args: args.as_deref(),
        is_root: uid.or(refuses_root.then_some(false)),
        granted: &granted,
    };
    let mut needs = find_known_needs(&reference, &start);
    if !needs.is_empty() && runs_only_clients(place, container) {
        needs.retain(|need| matches!(need.kind, NeedKind::FilledPath(_) | NeedKind::GroupZero));
    }
    let evidence =
        container.span_of(&path!["image"]).map(|span| place.evidence_at(format!("the image {name}"), span));
    for need in needs.iter_mut().filter(|need| need.evidence.is_empty()) {
        need.evidence.extend(evidence.clone());
    }
    needs
}

/// True for a need of the image that the container's `command` leaves: what its files and its base need. What its own
/// start does is done no more, unless the command calls the same script.
fn holds_with_command(need: &ProgramNeed, container: &Container) -> bool {
    let is_of_start = matches!(
        need.kind,
        NeedKind::RootStart
            | NeedKind::RootFolder(_)
            | NeedKind::Capability(_)
            | NeedKind::SetUserId
            | NeedKind::UserNamespaces
            | NeedKind::StartWords
            | NeedKind::NodeAccess
            | NeedKind::Memory(_)
            | NeedKind::Processor(_)
            | NeedKind::ApiToken
    );
    let mut words = container.model.command.valid_items().map(|(_, word)| word.as_str()).peekable();
    let calls_script = |word: &str| {
        let scripts = need.evidence.iter().map(|evidence| evidence.path.file_name());
        word.contains("entrypoint") || scripts.into_iter().any(|script| word.ends_with(script))
    };
    !is_of_start || words.peek().is_none() || words.any(calls_script)
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

/// The numbers that the pod's images run as by themselves, as far as Dockerfiles here say them.
fn image_uids(view: RepositoryView<'_>, place: PodPlace<'_>) -> Vec<Option<i64>> {
    let key = |container| ContainerKey { path: place.path.clone(), position: place.position, container };
    (0..place.pod.containers.len()).map(|at| view.image_uid(&key(at)).map(i64::from)).collect()
}

/// The shared ones among the claims of the same folder that the pod names.
fn find_shared_claims(view: RepositoryView<'_>, place: PodPlace<'_>) -> Vec<String> {
    let index = view.index();
    let path = index.base.path_in_repository(place.path);
    let claims = own_facts(view, place).map(|own| own.claims.as_slice()).unwrap_or_default();
    let shared = claims.iter().filter(|claim| index.neighbours.is_shared_claim(&path, claim));
    shared.cloned().collect()
}

/// What the index has of the pod.
fn own_facts<'a>(view: RepositoryView<'a>, place: PodPlace<'_>) -> Option<&'a PodFacts> {
    let FileFacts::Manifest(facts) = view.index().facts_of(place.path)? else { return None };
    facts.find_pod(place.position)
}

/// One object that only OpenShift has and that belongs to the pod: in the same file, or in the same folder by the same
/// name, or in a folder that is named for OpenShift. A folder of examples may hold one among many others.
fn find_openshift_objects(view: RepositoryView<'_>, place: PodPlace<'_>) -> Vec<NeedEvidence> {
    let index = view.index();
    let path = index.base.path_in_repository(place.path);
    let object_in = |path: &RelPath| match index.facts_in_repository(path)? {
        FileFacts::Manifest(facts) => facts.openshift_object.as_ref(),
        FileFacts::Dockerfile(_) => None,
    };
    let folder = place.path.folder().to_lowercase();
    let is_own_folder = folder.split('/').any(|part| OPENSHIFT_FOLDERS.contains(&part));
    let in_folder = is_own_folder.then(|| index.neighbours.first_openshift_file(&path)).flatten();
    let name = place.object().name.as_deref();
    let named = name.and_then(|name| index.neighbours.first_openshift_file_named(&path, name));
    let own = object_in(&path).map(|_| &path);
    let first = [own, in_folder, named].into_iter().flatten().min();
    let found = first.and_then(|path| {
        let (label, span) = object_in(path)?;
        let text = format!("`{label}` beside it").into();
        Some(NeedEvidence { text, path: index.base.path_for_people(path), span: *span })
    });
    found.into_iter().collect()
}

/// The autoscalers of the same folder that set the resources of the pod's object.
fn find_scalers(view: RepositoryView<'_>, place: PodPlace<'_>) -> Vec<NeedEvidence> {
    let index = view.index();
    let (label, path) = (place.object().label(), index.base.path_in_repository(place.path));
    let own = index.neighbours.scalers_of(&path, &label).take(MAX_SCALERS);
    own.map(|(path, span)| NeedEvidence {
        text: format!("the VerticalPodAutoscaler of `{label}`").into(),
        path: index.base.path_for_people(path),
        span,
    })
    .collect()
}

/// The most autoscalers of one workload that are named: it should have one.
const MAX_SCALERS: usize = 8;

/// Names of folders that hold what is applied to OpenShift alone.
const OPENSHIFT_FOLDERS: [&str; 4] = ["openshift", "ocp", "okd", "ocp4"];

/// The most workloads that are named for sharing a uid.
const MAX_SHARERS: usize = 3;

/// The other workloads that run as the same uid, and share an image or a claim. One of the same name is the same
/// workload, written for elsewhere; one that the same Dockerfile builds follows its user.
fn find_uid_sharers(view: RepositoryView<'_>, place: PodPlace<'_>) -> Vec<NeedEvidence> {
    let index = view.index();
    let path = index.base.path_in_repository(place.path);
    let Some(own) = own_facts(view, place) else { return Vec::new() };
    let mut found: Vec<(&RelPath, (usize, usize), NeedEvidence)> = Vec::new();
    let by_image = image_uids(view, place);
    let uids = place.pod.containers.iter().zip(&by_image).filter_map(|(container, by_image)| {
        let own = place.pod.run_as_user(container);
        if own.value.is_absent() { *by_image } else { own.get().copied() }
    });
    let uids: BTreeSet<i64> = uids.filter(|uid| *uid > 0).collect();
    let links = (0..place.pod.containers.len()).filter_map(|at| {
        view.link_of_key(&ContainerKey { path: place.path.clone(), position: place.position, container: at })
    });
    let builds: BTreeSet<&RelPath> = links.map(|link| &link.dockerfile).collect();
    let follows = |pod: &PodOfUid| {
        let path = index.base.path_for_people(&pod.path);
        let key = ContainerKey { path, position: pod.position, container: pod.container };
        view.link_of_key(&key).is_some_and(|link| builds.contains(&link.dockerfile))
    };
    for pod in index.neighbours.uid_sharers(&path, own, &uids) {
        let is_same = (&pod.path, pod.position) == (&path, place.position) || *pod.object == own.object;
        let is_known =
            found.iter().any(|(path, position, _)| (*path, *position) == (&pod.path, pod.position));
        if let Some(span) = pod.uid_span.filter(|_| !is_same && !is_known && !follows(pod)) {
            let text = format!("`{}`", pod.object).into();
            let evidence = NeedEvidence { text, path: index.base.path_for_people(&pod.path), span };
            found.push((&pod.path, pod.position, evidence));
        }
        if found.len() == MAX_SHARERS {
            break;
        }
    }
    found.into_iter().map(|(_, _, evidence)| evidence).collect()
}
