//! Tells which objects of a repository are copies of one, which can be reached from outside, and which hold wide rights,
//! for ranking what matters first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use super::AuditEngine;
use super::file_record::ParsedFile;
use crate::base::in_repository_folder;
use crate::image::Reference;
use crate::kubernetes::model::Service;
use crate::kubernetes::{ManifestDocument, ManifestFile, ManifestObject, Pod};
use crate::project::FileFacts;
use crate::repo::RelPath;
use crate::unit::UnitKey;
use crate::yaml::yaml_tree::{NodeId, YamlTree};

/// The role that may do everything, in every cluster.
const CLUSTER_ADMIN: &str = "ClusterRole/cluster-admin";

/// What one object in a file, or one that a chart renders, is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeployedObject {
    /// The same for copies: objects whose pods are the same but for the registry and the tag of images.
    pub fingerprint: u64,
    /// True where a service or an ingress of the repository leads to it from outside.
    pub is_reachable: bool,
    /// True where a role with a wildcard, or `cluster-admin`, is bound to its account.
    pub has_wide_role: bool,
}

/// The objects that hold pods, by file or unit and `Kind/name`.
#[derive(Clone, Debug, Default)]
pub struct DeployedObjects {
    in_files: HashMap<(RelPath, Arc<str>), DeployedObject>,
    in_units: HashMap<(Arc<UnitKey>, Arc<str>), DeployedObject>,
}

/// A service that leads to pods from outside, with the folder and the namespace in which it is.
struct OpenService {
    folder: String,
    namespace: Option<String>,
    selector: BTreeMap<String, String>,
}

impl DeployedObjects {
    /// Those of a repository. `wide_roles` are the roles with a wildcard, as `Kind/name`.
    #[must_use]
    pub fn of_engine(engine: &AuditEngine, wide_roles: &BTreeSet<&str>) -> Self {
        let mut objects = Self::default();
        let services = open_services(engine);
        let describe = |path: &RelPath, position, document: &ManifestDocument, pod: &Pod| {
            let object = document.objects.get(pod.object_index);
            let namespace = object.and_then(|object| object.namespace.as_deref());
            DeployedObject {
                fingerprint: fingerprint(&document.tree, pod.spec),
                is_reachable: services.iter().any(|service| service.leads_to(path, namespace, &pod.labels)),
                has_wide_role: has_wide_role(engine, path, position, wide_roles),
            }
        };
        for (path, unit, manifest) in manifests(engine) {
            let index_path = unit.map_or(path, |(_, index_path)| index_path);
            for (at, document) in manifest.documents.iter().enumerate() {
                for (nth, pod) in document.pods.iter().enumerate() {
                    let Some(object) = document.objects.get(pod.object_index) else { continue };
                    let what = describe(index_path, (at, nth), document, pod);
                    let label: Arc<str> = object.label().into();
                    match unit {
                        Some((unit, _)) => objects.in_units.entry((unit.clone(), label)).or_insert(what),
                        None => objects.in_files.entry((path.clone(), label)).or_insert(what),
                    };
                }
            }
        }
        objects
    }

    /// The workload of that name in a file.
    #[must_use]
    pub fn in_file(&self, path: &RelPath, object: &Arc<str>) -> Option<DeployedObject> {
        self.in_files.get(&(path.clone(), object.clone())).copied()
    }

    /// The workload of that name in a unit, such as a chart.
    #[must_use]
    pub fn in_unit(&self, unit: &Arc<UnitKey>, object: &Arc<str>) -> Option<DeployedObject> {
        self.in_units.get(&(unit.clone(), object.clone())).copied()
    }
}

/// A unit, and the path by which the index knows what it renders of a file.
type RenderedPlace<'a> = (&'a Arc<UnitKey>, &'a RelPath);

/// Every manifest, as it is written or as a chart renders it.
fn manifests(
    engine: &AuditEngine,
) -> impl Iterator<Item = (&RelPath, Option<RenderedPlace<'_>>, &ManifestFile)> {
    engine.files.values().map(|record| record.current_record()).flat_map(|record| {
        let own = match &record.content {
            ParsedFile::Manifest(manifest) => Some((&record.path, None, &**manifest)),
            _ => None,
        };
        let rendered = record.renders.iter().chain(&record.literals);
        own.into_iter()
            .chain(rendered.map(|one| (&record.path, Some((&one.unit, &one.index_path)), &*one.manifest)))
    })
}

fn open_services(engine: &AuditEngine) -> Vec<OpenService> {
    let mut services = Vec::new();
    for (path, _, manifest) in manifests(engine) {
        for document in &manifest.documents {
            for object in document.objects.iter().filter(|own| is_service(own)) {
                let service: Service = document.deserialize_node(object.root);
                let Some(spec) = service.spec.get() else { continue };
                let is_open = spec.kind.is("NodePort") || spec.kind.is("LoadBalancer");
                let selector = spec.selector.get().into_iter().flatten();
                let selector: BTreeMap<String, String> =
                    selector.filter_map(|(key, value)| Some((key.clone(), value.get()?.clone()))).collect();
                if is_open && !selector.is_empty() {
                    let (folder, namespace) = (path.folder().to_owned(), object.namespace.clone());
                    services.push(OpenService { folder, namespace, selector });
                }
            }
        }
    }
    services
}

fn is_service(object: &ManifestObject) -> bool {
    object.kind == "Service" && object.api_group().is_empty()
}

impl OpenService {
    /// True for a pod with these labels in the same namespace, of a file in the same folder, above or below it.
    fn leads_to(&self, path: &RelPath, namespace: Option<&str>, labels: &BTreeMap<String, String>) -> bool {
        let folder = path.folder();
        self.selector.iter().all(|(key, value)| labels.get(key) == Some(value))
            && (in_repository_folder(folder, &self.folder) || in_repository_folder(&self.folder, folder))
            && (namespace.is_none() || self.namespace.is_none() || self.namespace.as_deref() == namespace)
    }
}

fn has_wide_role(
    engine: &AuditEngine,
    path: &RelPath,
    position: (usize, usize),
    wide_roles: &BTreeSet<&str>,
) -> bool {
    let Some(FileFacts::Manifest(facts)) = engine.index().facts_of(path) else { return false };
    let Some(pod) = facts.find_pod(position) else { return false };
    let Some(account) = &pod.account else { return false };
    let namespace = pod.namespace.as_deref().unwrap_or("default");
    let roles = engine.repository().roles_bound_to(path, namespace, account);
    roles.into_iter().any(|role| role == CLUSTER_ADMIN || wide_roles.contains(role))
}

/// The same for pods that say the same, in whichever order; of images the last part of the name alone counts.
fn fingerprint(tree: &YamlTree, spec: NodeId) -> u64 {
    hash_node(tree, spec, "", &mut HashMap::new())
}

/// `known` holds the collections that were met, since aliases may name one many times over, or lead back to it.
fn hash_node(tree: &YamlTree, node: NodeId, key: &str, known: &mut HashMap<NodeId, u64>) -> u64 {
    let node = tree.resolve_alias(node);
    if let Some(text) = tree.scalar_text(node) {
        return if key == "image" { hash_of(&image_name(text)) } else { hash_of(&text) };
    }
    if let Some(hash) = known.get(&node) {
        return *hash;
    }
    known.insert(node, 0);
    let mut entries = 0u64;
    for (name, value) in tree.entries(node) {
        let name = tree.scalar_text(*name).unwrap_or_default();
        entries = entries.wrapping_add(hash_of(&(name, hash_node(tree, *value, name, known))));
    }
    let items = tree.items(node).iter().map(|item| hash_node(tree, *item, key, known));
    let hash = hash_of(&(entries, items.collect::<Vec<u64>>()));
    known.insert(node, hash);
    hash
}

/// The last part of an image's name.
fn image_name(image: &str) -> String {
    let repository = Reference::parse(image).map(|image| image.path().into_owned());
    let repository = repository.unwrap_or_else(|_| image.to_owned());
    repository.rsplit('/').next().unwrap_or_default().to_owned()
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
