//! Finds what the platform or the operator of a pod decides itself: uids that it assigns, fields that it refuses.
//!
//! Sources: OpenShift, "Managing security context constraints" (each namespace has a range of uids, from 1000000000 on);
//! Knative Serving's field masks (a pod's securityContext stands behind a feature flag); Argo Workflows, "Service
//! Accounts" (`automountServiceAccountToken: false` asks for an executor's account); the operators' own documentation.

use super::PodPlace;
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};
use crate::yaml::path;

/// The first uid of those that OpenShift gives namespaces.
const FIRST_ASSIGNED_UID: i64 = 1_000_000_000;
const OWN_REGISTRY: &str = "image-registry.openshift-image-registry.svc";

/// A field of a kind that its operator refuses or overwrites.
struct OperatorField {
    group: &'static str,
    /// All kinds of the group where there is none.
    kinds: &'static [&'static str],
    /// Within the pod spec; `containers.` stands for each container.
    field: &'static str,
    certainty: NeedCertainty,
    reason: &'static str,
}

const fn operator_field(
    group: &'static str,
    kinds: &'static [&'static str],
    field: &'static str,
    certainty: NeedCertainty,
    reason: &'static str,
) -> OperatorField {
    OperatorField { group, kinds, field, certainty, reason }
}

const SHOWN: NeedCertainty = NeedCertainty::Shown;
const ECK_REASON: &str = "puts it in the place of the operator's own, which makes the data writable";
const TOKEN: &str = "automountServiceAccountToken";

static OPERATOR_FIELDS: [OperatorField; 11] = [
    operator_field(
        "serving.knative.dev",
        &[],
        "securityContext",
        SHOWN,
        "is refused by Knative's webhook without a feature flag",
    ),
    operator_field(
        "argoproj.io",
        &["Workflow", "CronWorkflow", "WorkflowTemplate", "ClusterWorkflowTemplate"],
        TOKEN,
        SHOWN,
        "is refused by Argo Workflows without an account for the executor",
    ),
    operator_field(
        "postgresql.cnpg.io",
        &["Pooler"],
        TOKEN,
        SHOWN,
        "takes from the pooler's manager the token with which it asks the Kubernetes API",
    ),
    operator_field(
        "rabbitmq.com",
        &[],
        TOKEN,
        SHOWN,
        "takes from the broker the token with which it finds its peers",
    ),
    operator_field(
        "sparkoperator.k8s.io",
        &[],
        TOKEN,
        SHOWN,
        "takes from the driver the token with which it asks for executors",
    ),
    operator_field(
        "sparkoperator.k8s.io",
        &[],
        "containers.resources",
        SHOWN,
        "is told to the operator by `cores` and `memory` instead",
    ),
    operator_field("elasticsearch.k8s.elastic.co", &[], "securityContext", SHOWN, ECK_REASON),
    operator_field("elasticsearch.k8s.elastic.co", &[], "containers.securityContext", SHOWN, ECK_REASON),
    operator_field("kibana.k8s.elastic.co", &[], "securityContext", SHOWN, ECK_REASON),
    operator_field(
        "kafka.strimzi.io",
        &[],
        "securityContext",
        SHOWN,
        "takes the place of the provider's own, which makes the data writable",
    ),
    operator_field(
        "opentelemetry.io",
        &["OpenTelemetryCollector"],
        "securityContext",
        NeedCertainty::Likely,
        "is called `podSecurityContext` there",
    ),
];

pub(super) fn find_platform_needs(
    place: PodPlace<'_>,
    openshift_objects: &[NeedEvidence],
    needs: &mut Vec<ProgramNeed>,
) {
    if let Some(evidence) = openshift_evidence(place).or_else(|| openshift_objects.first().cloned()) {
        needs.push(ProgramNeed {
            kind: NeedKind::AssignedUid,
            certainty: NeedCertainty::Shown,
            reason: format!(
                "{} shows OpenShift, whose security context constraints (SCC) give each namespace a range of uids",
                evidence.text
            )
            .into(),
            evidence: vec![evidence],
        });
    }
    let object = place.object();
    let Some(span) = place.document.tree.locate_value(object.root, &path!["kind"]) else { return };
    let fields = OPERATOR_FIELDS.iter().filter(|field| {
        field.group == object.api_group()
            && (field.kinds.is_empty() || field.kinds.contains(&object.kind.as_str()))
    });
    needs.extend(fields.map(|field| ProgramNeed {
        kind: NeedKind::RefusedField(field.field.to_owned()),
        certainty: field.certainty,
        reason: format!("`{}` in a {} {}", field.field, object.kind, field.reason).into(),
        evidence: vec![place.evidence_at(format!("the kind {}", object.kind), span)],
    }));
}

/// What in the object itself shows OpenShift.
fn openshift_evidence(place: PodPlace<'_>) -> Option<NeedEvidence> {
    let (object, tree) = (place.object(), &place.document.tree);
    if is_openshift_group(object.api_group()) {
        let span = tree.locate_value(object.root, &path!["apiVersion"])?;
        return Some(place.evidence_at(format!("the {}", object.kind), span));
    }
    let lists = [("annotations", &object.annotations), ("labels", &object.labels)];
    let own = lists.into_iter().find_map(|(list, texts)| {
        let key = texts.keys().find(|key| is_openshift_key(key))?;
        let span = tree.locate_value(object.root, &path!["metadata", list, key.as_str()])?;
        Some(place.evidence_at(format!("`{key}`"), span))
    });
    let of_pod = || {
        let lists = [("annotations", &place.pod.annotations), ("labels", &place.pod.labels)];
        lists.into_iter().find_map(|(list, texts)| {
            let key = texts.keys().find(|key| is_openshift_key(key))?;
            place.metadata_evidence(list, key, format!("`{key}`"))
        })
    };
    own.or_else(of_pod).or_else(|| registry_evidence(place)).or_else(|| uid_evidence(place))
}

/// True for the API groups that only OpenShift has.
#[must_use]
pub fn is_openshift_group(group: &str) -> bool {
    group == "openshift.io" || group.ends_with(".openshift.io")
}

/// A key that OpenShift's own controllers or tools write; add-ons use the domain on other clusters, too.
fn is_openshift_key(key: &str) -> bool {
    let Some((domain, _)) = key.split_once('/') else { return false };
    matches!(domain, "openshift.io" | "app.openshift.io" | "image.openshift.io" | "security.openshift.io")
        || domain.ends_with(".alpha.openshift.io")
}

fn registry_evidence(place: PodPlace<'_>) -> Option<NeedEvidence> {
    place.pod.containers.iter().find_map(|container| {
        container.model.image.get().filter(|image| image.starts_with(OWN_REGISTRY))?;
        Some(place.evidence_at("the cluster's own registry", container.span_of(&path!["image"])?))
    })
}

/// A uid that a namespace was given.
fn uid_evidence(place: PodPlace<'_>) -> Option<NeedEvidence> {
    let context = place.pod.model.security_context.get();
    let of_pod = context.and_then(|context| context.run_as_user.get().or(context.fs_group.get()));
    let span = || place.pod.span_of(&path!["securityContext"]);
    if of_pod.is_some_and(|uid| *uid >= FIRST_ASSIGNED_UID) {
        return Some(place.evidence_at("a uid of a namespace's range", span()?));
    }
    place.pod.containers.iter().find_map(|container| {
        let context = container.model.security_context.get()?;
        context.run_as_user.get().filter(|uid| **uid >= FIRST_ASSIGNED_UID)?;
        let span = container.span_of(&path!["securityContext", "runAsUser"])?;
        Some(place.evidence_at("a uid of a namespace's range", span))
    })
}
