//! Extracts what ties objects without a pod to an app: the labels they select, the name they target, the account they are
//! or bind.

use serde_yaml::Value;

use super::policy_facts::is_network_policy;
use crate::kubernetes::model::{LabelSelector, NetworkPolicy, ObjectReference, RoleBinding, Service};
use crate::kubernetes::{ManifestDocument, ManifestObject};
use crate::yaml::Lenient;

/// An object that stands beside workloads, with what ties it to them.
#[derive(Clone, Debug, PartialEq)]
pub struct CompanionFacts {
    /// `Kind/name`.
    pub object: String,
    pub namespace: Option<String>,
    pub tie: AppTie,
}

/// What ties an object to the workloads that it is for.
#[derive(Clone, Debug, PartialEq)]
pub enum AppTie {
    /// The labels of pods, of a Service, a NetworkPolicy or a PodDisruptionBudget.
    Labels(LabelSelector),
    /// The workload that it scales, as `Kind/name`.
    Target(String),
    /// The ServiceAccount that it is, by its name.
    Account(String),
    /// The role that it binds, as `Kind/name`, and every account that gets it: namespace, where one is named, and name.
    /// There are none where anybody else gets it, too.
    Binding { role: String, accounts: Vec<(Option<String>, String)> },
    /// It is a role: it is for those to whom it is bound.
    Role,
}

/// What ties an object to an app; none where it is for all, for nobody, or of another kind.
pub(super) fn companion_facts(
    document: &ManifestDocument,
    object: &ManifestObject,
) -> Option<CompanionFacts> {
    let name = object.name.as_ref()?;
    let tie = match object.kind.as_str() {
        "Service" if object.api_group().is_empty() => {
            let service: Service = document.deserialize_node(object.root);
            let match_labels = service.spec.get()?.selector.clone();
            labels_tie(LabelSelector { match_labels, ..LabelSelector::default() })
        }
        "NetworkPolicy" if is_network_policy(object) => {
            let policy: NetworkPolicy = document.deserialize_node(object.root);
            labels_tie(policy.spec.get()?.pod_selector.get()?.clone())
        }
        "PodDisruptionBudget" if object.api_group() == "policy" => {
            let budget: Value = document.deserialize_node(object.root);
            labels_tie(serde_yaml::from_value(budget.get("spec")?.get("selector")?.clone()).ok()?)
        }
        "HorizontalPodAutoscaler" => target_tie(document, object, "scaleTargetRef"),
        "VerticalPodAutoscaler" => target_tie(document, object, "targetRef"),
        // What is named `default` is everybody's who names none.
        "ServiceAccount" => (name != "default").then(|| AppTie::Account(name.clone())),
        "RoleBinding" | "ClusterRoleBinding" => binding_tie(document, object),
        "Role" | "ClusterRole" => Some(AppTie::Role),
        _ => None,
    };
    Some(CompanionFacts { object: object.label(), namespace: object.namespace.clone(), tie: tie? })
}

/// None for a selector that selects all, or that cannot be read.
fn labels_tie(selector: LabelSelector) -> Option<AppTie> {
    let is_wrong = selector.match_labels.is_wrong() || selector.match_expressions.is_wrong();
    let has_labels = selector.match_labels.get().is_some_and(|labels| !labels.is_empty());
    let has_expressions = selector.match_expressions.get().is_some_and(|list| !list.is_empty());
    (!is_wrong && (has_labels || has_expressions)).then_some(AppTie::Labels(selector))
}

fn target_tie(document: &ManifestDocument, object: &ManifestObject, key: &str) -> Option<AppTie> {
    let scaler: Value = document.deserialize_node(object.root);
    let target = scaler.get("spec")?.get(key)?;
    let text = |key: &str| target.get(key).and_then(Value::as_str);
    Some(AppTie::Target(format!("{}/{}", text("kind")?, text("name")?)))
}

fn binding_tie(document: &ManifestDocument, object: &ManifestObject) -> Option<AppTie> {
    let binding: RoleBinding = document.deserialize_node(object.root);
    let role = binding.role_ref.get()?;
    let role = format!("{}/{}", role.kind.get()?, role.name.get()?);
    let account = |subject: &Lenient<ObjectReference>| {
        let subject = subject.get()?;
        let namespace = subject.namespace.get().or(object.namespace.as_ref());
        subject.kind.is("ServiceAccount").then_some((namespace.cloned(), subject.name.get()?.clone()))
    };
    let accounts = binding.subjects.get()?.iter().map(account).collect::<Option<Vec<_>>>();
    Some(AppTie::Binding { role, accounts: accounts.unwrap_or_default() })
}
