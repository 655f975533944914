//! Lists the values that a person may choose in the walkthrough, as they would be written now, with the reasons for
//! them.

use super::walk_context::WalkContext;
use crate::audit::FileContent;
use crate::finding::Edit;
use crate::fix::path_evidence;
use crate::image::{self, Reference};
use crate::kubernetes::{ContainerRole, model};
use crate::repo::{FileKind, RelPath};
use crate::rules::{ContainerView, PodView, writable_paths};
use crate::settings::{ImagePin, ResourceDefaults};
use crate::yaml::Lenient;

/// All that can be chosen of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppChoices {
    /// The users by image; those of images that a Dockerfile here builds come first.
    pub users: Vec<UserChoice>,
    /// The uids of the repository's other apps, with the app of each.
    pub other_uids: Vec<(u32, String)>,
    pub resources: ResourceDefaults,
    /// The bounds of the repository's other workloads: requests and limits of cpu, then of memory.
    pub resource_ranges: [Option<ResourceRange>; 4],
    /// The paths that are to be mounted, by container.
    pub writable_paths: Vec<(String, Vec<SuggestedPath>)>,
    /// The images whose version or digest is still to be chosen.
    pub images: Vec<ImageChoice>,
}

/// The user that an image is to run as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChoice {
    /// The key under which it is stored: the Dockerfile's path, or the image's name.
    pub key: String,
    pub user: Option<(u32, u32)>,
    /// True when a Dockerfile here builds the image.
    pub is_built_here: bool,
}

/// The least and the most of something, each with the workload that sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRange {
    pub least: (String, String),
    pub most: (String, String),
}

/// A path, and why it is thought to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuggestedPath {
    pub path: String,
    pub evidence: String,
}

/// An image, and what has been chosen of it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageChoice {
    pub image: Reference,
    pub pin: ImagePin,
}

pub(super) fn collect_choices(scene: &WalkContext<'_>) -> AppChoices {
    let settings = scene.engine.settings();
    let view = scene.workload.map(|workload| workload.view);
    AppChoices {
        users: user_choices(scene),
        other_uids: other_uids(scene),
        resources: view
            .map_or(&settings.resource_defaults, |view| {
                settings.resource_defaults_of(view.path, &view.object.label())
            })
            .clone(),
        resource_ranges: resource_ranges(scene),
        writable_paths: view
            .into_iter()
            .flat_map(PodView::containers)
            .filter_map(|c| suggested_paths(scene, c))
            .collect(),
        images: image_choices(scene),
    }
}

fn user_choices(scene: &WalkContext<'_>) -> Vec<UserChoice> {
    let built = scene.dockerfiles.iter().map(|build| UserChoice {
        key: build.path.to_string(),
        user: build.run_as.map(|who| (who.uid, who.gid)),
        is_built_here: true,
    });
    let mut users: Vec<UserChoice> = built.collect();
    for container in scene.workload.iter().flat_map(|workload| workload.view.containers()) {
        if scene.repository().link_of_key(&container.key()).is_some() {
            continue;
        }
        let Some(image) = container.image().and_then(|image| Reference::parse(image).ok()) else { continue };
        let key = image.name();
        if !users.iter().any(|user| user.key == key) {
            let chosen = scene.engine.settings().chosen_values.users.get(&key).copied();
            let user = chosen.or_else(|| image::known::find_known_image(&image)?.built_identity());
            users.push(UserChoice { key, user, is_built_here: false });
        }
    }
    users
}

fn other_uids(scene: &WalkContext<'_>) -> Vec<(u32, String)> {
    let own: Vec<&RelPath> = scene.dockerfiles.iter().map(|build| &build.path).collect();
    let others = scene.engine.known_paths(FileKind::Dockerfile).filter(|path| !own.contains(path));
    let who = |path: &RelPath| Some((scene.repository().run_as(path)?.uid, path.to_string()));
    others.filter_map(who).collect()
}

/// The paths that a container is given, once its root filesystem can no longer be written.
fn suggested_paths(
    scene: &WalkContext<'_>,
    container: ContainerView<'_>,
) -> Option<(String, Vec<SuggestedPath>)> {
    if container.container.role == ContainerRole::Ephemeral {
        return None;
    }
    let paths = writable_paths::paths_to_mount(container, scene.repository());
    let suggested = paths
        .into_iter()
        .map(|path| SuggestedPath { evidence: path_evidence(scene.engine, container, &path), path });
    Some((container.container.name.clone().unwrap_or_default(), suggested.collect()))
}

/// The images of the chapter's findings, each once.
fn image_choices(scene: &WalkContext<'_>) -> Vec<ImageChoice> {
    let label = scene.workload.map(|workload| (workload.view.path, workload.view.object.label()));
    let mut named: Vec<ImageChoice> = Vec::new();
    for (path, _) in scene.files() {
        for (key, finding) in scene.engine.open_findings(path) {
            let other = label.as_ref().is_some_and(|(manifest, object)| {
                *manifest == path && key.subject.object.as_deref() != Some(object)
            });
            for edit in finding.edits().iter().filter(|_| !other) {
                if let Edit::Image(edit) = edit
                    && !named.iter().any(|known| known.image == edit.image)
                {
                    let image = edit.image.clone();
                    let pin = scene.engine.settings().chosen_values.images.get(image.text()).cloned();
                    named.push(ImageChoice { image, pin: pin.unwrap_or_default() });
                }
            }
        }
    }
    named
}

/// The least and the most that the repository's other containers request, and may have.
fn resource_ranges(scene: &WalkContext<'_>) -> [Option<ResourceRange>; 4] {
    let mut found: [Vec<(f64, String, String)>; 4] = Default::default();
    for (name, resources) in other_resources(scene) {
        for ((limit, what), list) in RESOURCE_BOUNDS.into_iter().zip(&mut found) {
            let map = resources.map_field(|r| if limit { &r.limits } else { &r.requests });
            let amount = map.map_field(|map| map.get(what).unwrap_or(&Lenient::Absent));
            if let Some((number, amount)) =
                amount.get().and_then(|own| Some((own.amount()?, own.to_string())))
            {
                list.push((number, amount, name.clone()));
            }
        }
    }
    found.map(|mut list| {
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        let of = |(_, amount, name): &(f64, String, String)| (amount.clone(), name.clone());
        Some(ResourceRange { least: of(list.first()?), most: of(list.last()?) })
    })
}

/// The bounds in the order of [`AppChoices::resource_ranges`]: true for a limit, and the resource.
const RESOURCE_BOUNDS: [(bool, &str); 4] =
    [(false, "cpu"), (true, "cpu"), (false, "memory"), (true, "memory")];

/// The bounds of every container of the other workloads, each with its workload's name.
fn other_resources<'a>(scene: &WalkContext<'a>) -> Vec<(String, &'a Lenient<model::ResourceRequirements>)> {
    let engine = scene.engine;
    let own = scene.workload.map(|workload| (workload.view.path, workload.view.object.label()));
    let mut others = Vec::new();
    for path in engine.audited_paths_of_kind(FileKind::Manifest) {
        let Some((_, FileContent::Manifest(manifest))) = engine.file(path) else { continue };
        let pods = manifest.documents.iter().flat_map(|document| {
            document.pods.iter().filter_map(|pod| Some((document.objects.get(pod.object_index)?, pod)))
        });
        for (object, pod) in pods {
            let label = object.label();
            if own.as_ref().is_none_or(|(file, own)| *file != path || *own != label) {
                let name = object.name.clone().unwrap_or(label);
                others.extend(pod.containers.iter().map(|c| (name.clone(), &c.model.resources)));
            }
        }
    }
    others
}
