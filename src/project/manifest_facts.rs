//! Extracts the facts of a manifest that other files depend on, for the index.

use std::collections::BTreeMap;

use serde_yaml::Value;

use super::companion_facts::{CompanionFacts, companion_facts};
use super::policy_facts::{PolicyFacts, is_network_policy};
use crate::kubernetes::model::{NetworkPolicy, ObjectReference, RoleBinding, Service, ServiceAccount};
use crate::kubernetes::{ContainerRole, Kustomization, ManifestDocument, ManifestFile, ManifestObject, Pod};
use crate::needs::pod::{is_openshift_group, is_shared_claim};
use crate::text::Span;
use crate::yaml::path;

/// One manifest file, as the repository sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ManifestFacts {
    pub pods: Vec<PodFacts>,
    /// The documents, by their index in the file, of workloads without a pod or without a container.
    pub unfinished_documents: Vec<usize>,
    pub accounts: Vec<AccountFacts>,
    pub bindings: Vec<BindingFacts>,
    pub policies: Vec<PolicyFacts>,
    pub kustomizations: Vec<Kustomization>,
    pub claims: Vec<ClaimFacts>,
    pub scalers: Vec<ScalerFacts>,
    /// What its services select, each by all of the labels.
    pub selectors: Vec<BTreeMap<String, String>>,
    /// What stands beside workloads, with what ties it to them.
    pub companions: Vec<CompanionFacts>,
    /// True for objects as they are built: none of them is a patch, whatever it lacks.
    pub is_whole: bool,
    /// The first object that only OpenShift has: its kind, and its place.
    pub openshift_object: Option<(String, Span)>,
}

/// A PersistentVolumeClaim.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimFacts {
    pub name: String,
    /// True where several nodes may write it, or a server without `fsGroup` serves it.
    pub is_shared: bool,
}

/// A VerticalPodAutoscaler that changes pods.
#[derive(Clone, Debug, PartialEq)]
pub struct ScalerFacts {
    pub namespace: Option<String>,
    /// `Kind/name` of the workload that it scales.
    pub target: String,
    /// The place of the target in the file.
    pub span: Span,
}

/// A pod: its user, and what it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct PodFacts {
    /// The document's index in the file, and the pod's in the document.
    pub position: (usize, usize),
    /// `Kind/name` of the object that holds it.
    pub object: String,
    pub namespace: Option<String>,
    /// The ServiceAccount that it runs as; none where that is unknown.
    pub account: Option<String>,
    pub labels: BTreeMap<String, String>,
    pub containers: Vec<ContainerFacts>,
    /// The claims that its volumes name.
    pub claims: Vec<String>,
    /// True for a patch, or for a workload that is not finished.
    pub names_no_image: bool,
    /// True for a chart's test, which runs when a person asks for it.
    pub is_chart_test: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ContainerFacts {
    pub image: Option<String>,
    /// True where it runs to its end before the others start.
    pub is_init: bool,
    /// The image's full name without tag and digest, where somebody of this repository may build it.
    pub own_image: Option<String>,
    /// The `runAsUser` in effect, and its place.
    pub uid: Option<i64>,
    pub uid_span: Option<Span>,
}

/// A ServiceAccount, and whether it lets its token be mounted.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountFacts {
    pub namespace: Option<String>,
    pub name: String,
    pub automount: Option<bool>,
}

/// A RoleBinding or ClusterRoleBinding: the accounts and the role they get.
#[derive(Clone, Debug, PartialEq)]
pub struct BindingFacts {
    /// `Kind/name` of the role.
    pub role: String,
    /// The ServiceAccounts it is given to.
    pub accounts: Vec<BoundAccount>,
}

/// A ServiceAccount among the subjects of a binding, be it by its own name, as a user or in a group. `ANY_NAME` stands
/// for all accounts, or all namespaces.
#[derive(Clone, Debug, PartialEq)]
pub struct BoundAccount {
    pub namespace: Option<String>,
    pub name: String,
    /// The place of its name in the file.
    pub span: Span,
}

impl ManifestFacts {
    /// The documents, by their index in the file, that name no image where an object would.
    pub fn imageless_documents(&self) -> impl Iterator<Item = usize> {
        let pods = self.pods.iter().filter(|pod| pod.names_no_image).map(|pod| pod.position.0);
        pods.chain(self.unfinished_documents.iter().copied())
    }

    /// The pod at a document's index in the file and its own in the document, in whose order they stand.
    #[must_use]
    pub fn find_pod(&self, position: (usize, usize)) -> Option<&PodFacts> {
        let at = self.pods.binary_search_by_key(&position, |pod| pod.position).ok()?;
        self.pods.get(at)
    }

    #[must_use]
    pub fn from_manifest(manifest: &ManifestFile) -> Self {
        let unfinished = manifest.unfinished_workloads().into_iter().map(|(document, _)| document);
        let mut facts = Self { unfinished_documents: unfinished.collect(), ..Self::default() };
        for (index, document) in manifest.documents.iter().enumerate() {
            let pods = document.pods.iter().enumerate();
            facts.pods.extend(pods.map(|(at, pod)| pod_facts(document, (index, at), pod)));
            facts.kustomizations.extend(document.kustomization());
            for object in &document.objects {
                if facts.openshift_object.is_none() && is_openshift_group(object.api_group()) {
                    let span = document.tree.locate_value(object.root, &path!["kind"]);
                    facts.openshift_object = span.map(|span| (object.label(), span));
                }
                facts.companions.extend(companion_facts(document, object));
                match object.kind.as_str() {
                    "ServiceAccount" => facts.accounts.extend(account_facts(document, object)),
                    "RoleBinding" | "ClusterRoleBinding" => {
                        facts.bindings.extend(binding_facts(document, object));
                    }
                    "NetworkPolicy" if is_network_policy(object) => {
                        facts.policies.push(policy_facts(document, object));
                    }
                    "PersistentVolumeClaim" if object.api_group().is_empty() => {
                        facts.claims.extend(claim_facts(document, object));
                    }
                    "Service" if object.api_group().is_empty() => {
                        facts.selectors.extend(selector_of(document, object));
                    }
                    "VerticalPodAutoscaler" => facts.scalers.extend(scaler_facts(document, object)),
                    _ => {}
                }
            }
        }
        facts
    }
}

fn pod_facts(document: &ManifestDocument, at: (usize, usize), pod: &Pod) -> PodFacts {
    let object = document.objects.get(pod.object_index);
    let container = |container: &crate::kubernetes::Container| ContainerFacts {
        image: container.model.image.get().cloned(),
        is_init: container.role == ContainerRole::Init,
        own_image: container.model.image.get().and_then(|image| super::own_images::own_image_name(image)),
        uid: pod.run_as_user(container).get().copied(),
        uid_span: pod.run_as_user(container).span,
    };
    let claims = pod.model.volumes.valid_items().filter_map(|(_, volume)| {
        let claim = volume.source_of_type("persistentVolumeClaim")?.get("claimName")?;
        Some(claim.as_str()?.to_owned())
    });
    PodFacts {
        position: at,
        object: object.map(ManifestObject::label).unwrap_or_default(),
        namespace: object.and_then(|object| object.namespace.clone()),
        account: pod.model.service_account_or_default().map(str::to_owned),
        labels: pod.labels.clone(),
        containers: pod.containers.iter().map(container).collect(),
        claims: claims.collect(),
        names_no_image: pod.names_no_image(),
        is_chart_test: object.is_some_and(ManifestObject::is_chart_test),
    }
}

fn policy_facts(document: &ManifestDocument, object: &ManifestObject) -> PolicyFacts {
    let policy: NetworkPolicy = document.deserialize_node(object.root);
    PolicyFacts {
        namespace: object.namespace.clone(),
        selector: policy.spec.map_field(|spec| &spec.pod_selector),
    }
}

fn account_facts(document: &ManifestDocument, object: &ManifestObject) -> Option<AccountFacts> {
    let account: ServiceAccount = document.deserialize_node(object.root);
    let automount = account.automount_service_account_token.get().copied();
    Some(AccountFacts { namespace: object.namespace.clone(), name: object.name.clone()?, automount })
}

/// Stands for every ServiceAccount of a namespace, or every namespace.
pub(super) const ANY_NAME: &str = "*";

/// Roles that groups of accounts have without any of their programs calling the API: policies that admission asks for,
/// pulls of the kubelet, what everybody may see. By a part of the name.
const PASSIVE_ROLES: [&str; 9] = [
    "psp",
    "podsecurity",
    "pod-security",
    ":scc:",
    "image-puller",
    "system:basic-user",
    "system:discovery",
    "system:public-info-viewer",
    "service-account-issuer-discovery",
];

/// The accounts of a subject: namespace and name.
///
/// Source: Kubernetes, "Using RBAC Authorization", "Referring to subjects".
fn subject_accounts(
    subject: &ObjectReference,
    role: &str,
    (kind, namespace): (&str, Option<&String>),
) -> Option<(Option<String>, String)> {
    let name = subject.name.get()?;
    let any = || ANY_NAME.to_owned();
    let is_passive = || PASSIVE_ROLES.iter().any(|part| role.contains(part));
    match subject.kind.get()?.as_str() {
        "ServiceAccount" => Some((subject.namespace.get().or(namespace).cloned(), name.clone())),
        "User" => {
            let (namespace, account) = name.strip_prefix("system:serviceaccount:")?.split_once(':')?;
            Some((Some(namespace.to_owned()), account.to_owned()))
        }
        "Group" if is_passive() => None,
        "Group" => match name.strip_prefix("system:serviceaccounts:") {
            Some(namespace) => Some((Some(namespace.to_owned()), any())),
            None if !matches!(name.as_str(), "system:serviceaccounts" | "system:authenticated") => None,
            // What is granted in one namespace is meant for those who work there.
            None if kind == "RoleBinding" => Some((namespace.cloned(), any())),
            None => Some((Some(any()), any())),
        },
        _ => None,
    }
}

fn binding_facts(document: &ManifestDocument, object: &ManifestObject) -> Option<BindingFacts> {
    let binding: RoleBinding = document.deserialize_node(object.root);
    let role = binding.role_ref.get()?;
    let role = format!("{}/{}", role.kind.get()?, role.name.get()?);
    let own = (object.kind.as_str(), object.namespace.as_ref());
    let accounts = binding.subjects.valid_items().filter_map(|(at, subject)| {
        let (namespace, name) = subject_accounts(subject, &role, own)?;
        let span = document.tree.locate_value(object.root, &path!["subjects", at, "name"])?;
        Some(BoundAccount { namespace, name, span })
    });
    let accounts = accounts.collect();
    Some(BindingFacts { role, accounts })
}

fn selector_of(document: &ManifestDocument, object: &ManifestObject) -> Option<BTreeMap<String, String>> {
    let service: Service = document.deserialize_node(object.root);
    service.spec.get()?.selected_labels()
}

fn claim_facts(document: &ManifestDocument, object: &ManifestObject) -> Option<ClaimFacts> {
    let claim: Value = document.deserialize_node(object.root);
    let is_shared = claim.get("spec").is_some_and(is_shared_claim);
    Some(ClaimFacts { name: object.name.clone()?, is_shared })
}

/// Nothing where it only recommends.
fn scaler_facts(document: &ManifestDocument, object: &ManifestObject) -> Option<ScalerFacts> {
    let scaler: Value = document.deserialize_node(object.root);
    let spec = scaler.get("spec")?;
    let target = spec.get("targetRef")?;
    let text = |key: &str| target.get(key).and_then(Value::as_str);
    let mode = spec.get("updatePolicy").and_then(|policy| policy.get("updateMode")?.as_str());
    let span = document.tree.locate_value(object.root, &path!["spec", "targetRef", "name"])?;
    let target = format!("{}/{}", text("kind")?, text("name")?);
    (mode != Some("Off")).then(|| ScalerFacts { namespace: object.namespace.clone(), target, span })
}
