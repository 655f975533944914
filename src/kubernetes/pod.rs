//! Finds the pods that an object runs, with the place of everything in them, for rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::ManifestObject;
use super::container_role::ContainerRole;
use super::kinds::{ContainerLocation, PodCompleteness, PodLocation, find_pod_places, is_own_workload};
use super::manifest_object::texts_at;
use super::model::{ContainerSpec, PodSpec, SecurityContext};
use serde::Deserialize;

use crate::text::Span;
use crate::yaml::yaml_document::deserialize_node;
use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{Lenient, PathStep, YamlPath};

/// One pod spec of a document.
#[derive(Clone, Debug)]
pub struct Pod {
    /// The object that holds it, by its index in the document.
    pub object_index: usize,
    /// The path from the document's root to the pod spec's mapping.
    pub path: YamlPath,
    /// The pod spec's mapping.
    pub spec: NodeId,
    /// The span of the key that holds the pod spec, mostly `spec`.
    pub spec_key_span: Span,
    pub model: PodSpec,
    pub completeness: PodCompleteness,
    /// Init containers first, then the main, then the ephemeral ones; only those that are mappings.
    pub containers: Vec<Container>,
    /// True when there is a container that cannot be read, and so is not among them.
    pub hides_container: bool,
    /// True for a pod that can run on nothing but Windows: by `os.name`, node selector or required affinity.
    pub is_windows_only: bool,
    /// True when `os.name` is Windows, which is all that the Pod Security Standards examine.
    pub has_windows_os: bool,
    pub host_users: Option<bool>,
    /// The labels of the pod's own metadata, not its workload's.
    pub labels: BTreeMap<String, String>,
    /// The annotations of the pod's own metadata, not its workload's.
    pub annotations: BTreeMap<String, String>,
    pub(super) tree: Arc<YamlTree>,
}

/// One container of a pod.
#[derive(Clone, Debug)]
pub struct Container {
    pub role: ContainerRole,
    /// Its place in its own list.
    pub index: usize,
    /// The path from the document's root to its mapping.
    pub path: YamlPath,
    /// Its mapping.
    pub node: NodeId,
    pub name: Option<String>,
    /// False where it is merged over one that stands elsewhere.
    pub is_whole: bool,
    pub model: ContainerSpec,
    /// The span of the value of its `name`, else of its first key.
    pub label_span: Span,
    pub(super) tree: Arc<YamlTree>,
}

/// All pods of a document's objects.
pub(super) fn read_pods(tree: &Arc<YamlTree>, objects: &[ManifestObject]) -> Vec<Pod> {
    let found = objects.iter().enumerate().flat_map(|(at, object)| {
        let places = find_pod_places(tree, object);
        places.into_iter().map(move |found| (at, found))
    });
    let read = |(at, found)| {
        let mut pod = read_pod(tree, at, found);
        if objects.get(at).is_some_and(may_lack_images_as_part) {
            let imageless = pod.containers.iter_mut().filter(|own| own.model.image.is_absent());
            imageless.for_each(|own| own.is_whole = false);
        }
        pod
    };
    let mut pods: Vec<Pod> = found.map(read).collect();
    pods.shrink_to_fit();
    pods
}

/// True where a container without an image gets it, and more, from elsewhere: its operator's, or a step's that it names.
/// Kubernetes' own kinds refuse one, and OpenShift fills in the image alone.
fn may_lack_images_as_part(object: &ManifestObject) -> bool {
    !is_own_workload(object) && object.api_group() != "apps.openshift.io"
}

fn read_pod(tree: &Arc<YamlTree>, object: usize, found: PodLocation) -> Pod {
    let mut model: PodSpec = deserialize_node(tree, found.spec);
    let lists = [&model.init_containers, &model.containers, &model.ephemeral_containers];
    let hides_container = found.containers.is_none()
        && lists.iter().any(|list| {
            list.is_wrong() || list.get().is_some_and(|items| items.iter().any(|i| i.get().is_none()))
        });
    if let Some(context) = found.context {
        model.security_context = pod_context(tree, context);
    }
    let holder = tree.node(found.key).parent;
    let metadata = holder.and_then(|holder| tree.get_resolved(holder, "metadata"));
    let texts = |key| metadata.map(|node| texts_at(tree, node, key)).unwrap_or_default();
    Pod {
        object_index: object,
        spec: found.spec,
        spec_key_span: tree.span(found.key),
        completeness: found.completeness,
        hides_container,
        containers: match &found.containers {
            None => read_listed_containers(tree, &found, &mut model),
            Some(places) => places.iter().map(|place| read_container_at(tree, place)).collect(),
        },
        is_windows_only: model.runs_on_windows(),
        has_windows_os: model.os_is_windows(),
        host_users: model.host_users.get().copied(),
        labels: texts("labels"),
        annotations: texts("annotations"),
        model,
        path: found.path,
        tree: Arc::clone(tree),
    }
}

/// The pod's security context, as the kind calls it.
fn pod_context(tree: &YamlTree, holder: NodeId) -> Lenient<SecurityContext> {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    struct ContextHolder {
        pod_security_context: Lenient<SecurityContext>,
        security_context: Lenient<SecurityContext>,
    }
    let holder: ContextHolder = deserialize_node(tree, holder);
    let own = holder.pod_security_context;
    if own.is_absent() { holder.security_context } else { own }
}

fn read_container_at(tree: &Arc<YamlTree>, place: &ContainerLocation) -> Container {
    let mut model = read_container_spec(tree, place.node);
    if let Some(defaults) = place.defaults {
        model.fill_absent(&read_container_spec(tree, defaults));
    }
    Container {
        role: place.role,
        index: place.index,
        path: place.path.clone(),
        node: place.node,
        name: model.name.get().cloned(),
        is_whole: place.is_whole,
        label_span: label_span(tree, place.node, &model.name),
        model,
        tree: Arc::clone(tree),
    }
}

fn read_container_spec(tree: &YamlTree, node: NodeId) -> ContainerSpec {
    let mut model: ContainerSpec = deserialize_node(tree, node);
    // Tekton's name for the same.
    if model.resources.is_absent()
        && let Some(own) = tree.get_resolved(node, "computeResources")
    {
        model.resources = Lenient::Value(deserialize_node(tree, own));
    }
    model
}

fn read_listed_containers(tree: &Arc<YamlTree>, found: &PodLocation, model: &mut PodSpec) -> Vec<Container> {
    let lists = [
        (ContainerRole::Init, model.init_containers.take_valid()),
        (ContainerRole::Main, model.containers.take_valid()),
        (ContainerRole::Ephemeral, model.ephemeral_containers.take_valid()),
    ];
    let mut containers = Vec::with_capacity(lists.iter().map(|(_, models)| models.len()).sum());
    for (role, models) in lists {
        let list = tree.get_resolved(found.spec, role.list_key());
        let nodes = list.map(|list| tree.items(list)).unwrap_or_default();
        for (index, model) in models {
            let Some(node) = nodes.get(index).map(|node| tree.resolve_alias(*node)) else { continue };
            let sidecar = role == ContainerRole::Init && model.restart_policy.is("Always");
            containers.push(Container {
                role: if sidecar { ContainerRole::Sidecar } else { role },
                index,
                path: [found.path.as_slice(), &[role.list_key().into(), index.into()]].concat(),
                node,
                name: model.name.get().cloned(),
                is_whole: found.completeness == PodCompleteness::Whole,
                label_span: label_span(tree, node, &model.name),
                model,
                tree: Arc::clone(tree),
            });
        }
    }
    containers
}

fn label_span(tree: &YamlTree, container: NodeId, name: &Lenient<String>) -> Span {
    let name = if name.is_absent() { None } else { tree.get(container, "name") };
    let first = tree.entries(container).first().map(|(key, _)| *key);
    tree.span(name.or(first).unwrap_or(container))
}

impl Pod {
    /// The span of a field of the pod spec. What an alias or a merge brings in stands where it is brought in.
    #[must_use]
    pub fn span_of(&self, path: &[PathStep]) -> Option<Span> {
        self.tree.locate_value(self.spec, path)
    }

    /// The way from the document's root to a field of the pod spec.
    #[must_use]
    pub fn path_to(&self, path: &[PathStep]) -> YamlPath {
        [self.path.as_slice(), path].concat()
    }
}

impl Container {
    /// The span of a field of the container. What an alias or a merge brings in stands where it is brought in.
    #[must_use]
    pub fn span_of(&self, path: &[PathStep]) -> Option<Span> {
        self.tree.locate_value(self.node, path)
    }

    /// The way from the document's root to a field of the container.
    #[must_use]
    pub fn path_to(&self, path: &[PathStep]) -> YamlPath {
        [self.path.as_slice(), path].concat()
    }

    /// True when it gives up those of its runtime, however that is spelled: runtimes take `all` for `ALL`.
    #[must_use]
    pub fn drops_all_capabilities(&self) -> bool {
        let context = self.model.security_context.get();
        let dropped = context.and_then(|context| Some(&context.capabilities.get()?.drop)).into_iter();
        dropped.flat_map(Lenient::valid_items).any(|(_, name)| name.eq_ignore_ascii_case("ALL"))
    }

    /// The capabilities that it adds to those of its runtime, by Kubernetes' names, each with its place in the list.
    pub fn granted_capabilities(&self) -> impl Iterator<Item = (usize, &str)> {
        let context = self.model.security_context.get();
        let added = context.and_then(|context| Some(&context.capabilities.get()?.add)).into_iter();
        let names = added.flat_map(Lenient::valid_items);
        names.map(|(at, name)| (at, name.strip_prefix("CAP_").unwrap_or(name)))
    }
}
