//! The fields that kustomize's steps change without being told: its default configuration, and what files add to it.

use std::sync::LazyLock;

use super::build_fault::BuildFault;
use super::built_node::BuiltNode;
use super::field_spec::FieldSpec;
use super::object_id::ObjectId;

/// The fields that each step changes.
#[derive(Clone, Debug)]
pub(super) struct FieldTables {
    pub labels: Vec<FieldSpec>,
    pub template_labels: Vec<FieldSpec>,
    pub annotations: Vec<FieldSpec>,
    pub images: Vec<FieldSpec>,
    pub replicas: Vec<FieldSpec>,
    pub prefix: Vec<FieldSpec>,
    pub suffix: Vec<FieldSpec>,
    pub namespace: Vec<FieldSpec>,
    pub variables: Vec<FieldSpec>,
    /// The kinds that are referred to, each with the fields that name one.
    pub references: Vec<ReferenceSpec>,
}

/// The fields that name an object of one kind.
#[derive(Clone, Debug)]
pub(super) struct ReferenceSpec {
    group: Option<String>,
    version: Option<String>,
    kind: String,
    pub fields: Vec<FieldSpec>,
}

impl ReferenceSpec {
    /// True for an object that may be meant.
    pub(super) fn is_for(&self, id: &ObjectId) -> bool {
        let fits = |own: &Option<String>, text: &str| own.as_ref().is_none_or(|own| own == text);
        (self.kind.is_empty() || self.kind == id.kind)
            && fits(&self.group, &id.group)
            && fits(&self.version, &id.version)
    }
}

static DEFAULTS: LazyLock<FieldTables> = LazyLock::new(default_tables);

impl Default for FieldTables {
    fn default() -> Self {
        Self::shared().clone()
    }
}

impl FieldTables {
    /// Those of kustomize itself.
    pub(super) fn shared() -> &'static Self {
        &DEFAULTS
    }

    /// Adds what files added to the tables of a base.
    pub(super) fn add_all(&mut self, other: &Self) -> Result<(), BuildFault> {
        let known = &*DEFAULTS;
        for (own, (other, known)) in
            self.specs_mut().into_iter().zip(other.specs().into_iter().zip(known.specs()))
        {
            let added = other.get(known.len()..).unwrap_or_default();
            added.iter().try_for_each(|spec| spec.clone().add_to(own))?;
        }
        let added = other.references.get(known.references.len()..).unwrap_or_default();
        self.references.extend_from_slice(added);
        Ok(())
    }

    /// The tables in the order of `SPEC_KEYS`.
    const fn specs(&self) -> [&Vec<FieldSpec>; 9] {
        [
            &self.prefix,
            &self.suffix,
            &self.namespace,
            &self.labels,
            &self.template_labels,
            &self.annotations,
            &self.images,
            &self.replicas,
            &self.variables,
        ]
    }

    const fn specs_mut(&mut self) -> [&mut Vec<FieldSpec>; 9] {
        [
            &mut self.prefix,
            &mut self.suffix,
            &mut self.namespace,
            &mut self.labels,
            &mut self.template_labels,
            &mut self.annotations,
            &mut self.images,
            &mut self.replicas,
            &mut self.variables,
        ]
    }

    /// Adds what a file of `configurations:` says.
    pub(super) fn add_file(&mut self, file: &BuiltNode) -> Result<(), BuildFault> {
        for (own, keys) in self.specs_mut().into_iter().zip(SPEC_KEYS) {
            for key in keys {
                let specs = file.get(key).map(BuiltNode::items).unwrap_or_default();
                specs.iter().filter_map(FieldSpec::from_node).try_for_each(|spec| spec.add_to(own))?;
            }
        }
        for reference in file.get("nameReference").map(BuiltNode::items).unwrap_or_default() {
            let text =
                |key: &str| reference.text_at(&[key]).filter(|text| !text.is_empty()).map(str::to_owned);
            let fields = reference.get("fieldSpecs").map(BuiltNode::items).unwrap_or_default();
            self.references.push(ReferenceSpec {
                group: text("group"),
                version: text("version"),
                kind: text("kind").unwrap_or_default(),
                fields: fields.iter().filter_map(FieldSpec::from_node).collect(),
            });
        }
        Ok(())
    }
}

/// The keys of a configuration that add to each table.
const SPEC_KEYS: [&[&str]; 9] = [
    &["namePrefix"],
    &["nameSuffix"],
    &["namespace"],
    &["commonLabels", "labels"],
    &["templateLabels"],
    &["commonAnnotations"],
    &["images"],
    &["replicas"],
    &["varReference"],
];

const TEMPLATE_LABELS: &str = "
* metadata/labels create
ReplicationController spec/template/metadata/labels create
Deployment spec/template/metadata/labels create
ReplicaSet spec/template/metadata/labels create
DaemonSet spec/template/metadata/labels create
apps:StatefulSet spec/template/metadata/labels create
apps:StatefulSet spec/volumeClaimTemplates[]/metadata/labels create
batch:Job spec/template/metadata/labels create
batch:CronJob spec/jobTemplate/metadata/labels create
batch:CronJob spec/jobTemplate/spec/template/metadata/labels create
";

const SELECTOR_LABELS: &str = "
v1@Service spec/selector create
v1@ReplicationController spec/selector create
Deployment spec/selector/matchLabels create
apps:Deployment spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels
apps:Deployment spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels
apps:Deployment spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels
apps:Deployment spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels
apps:Deployment spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels
ReplicaSet spec/selector/matchLabels create
DaemonSet spec/selector/matchLabels create
apps:StatefulSet spec/selector/matchLabels create
apps:StatefulSet spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels
apps:StatefulSet spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels
apps:StatefulSet spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels
apps:StatefulSet spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels
apps:StatefulSet spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels
batch:Job spec/selector/matchLabels
batch:CronJob spec/jobTemplate/spec/selector/matchLabels
policy:PodDisruptionBudget spec/selector/matchLabels
networking.k8s.io:NetworkPolicy spec/podSelector/matchLabels
networking.k8s.io:NetworkPolicy spec/ingress/from/podSelector/matchLabels
networking.k8s.io:NetworkPolicy spec/egress/to/podSelector/matchLabels
";

const ANNOTATIONS: &str = "
* metadata/annotations create
v1@ReplicationController spec/template/metadata/annotations create
Deployment spec/template/metadata/annotations create
ReplicaSet spec/template/metadata/annotations create
DaemonSet spec/template/metadata/annotations create
StatefulSet spec/template/metadata/annotations create
batch:Job spec/template/metadata/annotations create
batch:CronJob spec/jobTemplate/metadata/annotations create
batch:CronJob spec/jobTemplate/spec/template/metadata/annotations create
";

const IMAGES: &str = "
* spec/containers[]/image
* spec/initContainers[]/image
* spec/template/spec/containers[]/image
* spec/template/spec/initContainers[]/image
";

const NAMES: &str = "
* metadata/name
";

const NAMESPACE: &str = "
CustomResourceDefinition spec/conversion/webhook/clientConfig/service/namespace
";

const REPLICAS: &str = "
Deployment spec/replicas create
ReplicationController spec/replicas create
ReplicaSet spec/replicas create
StatefulSet spec/replicas create
";

const VARIABLES: &str = "
POD containers/args
POD containers/command
POD containers/env/value
POD containers/volumeMounts/mountPath
POD initContainers/args
POD initContainers/command
POD initContainers/env/value
POD initContainers/volumeMounts/mountPath
Pod spec/volumes/nfs/server
Deployment spec/template/spec/volumes/nfs/server
ReplicaSet spec/template/spec/volumes/nfs/server
DaemonSet spec/template/spec/volumes/nfs/server
Job spec/template/spec/volumes/nfs/server
Deployment spec/template/metadata/annotations
Ingress spec/rules/host
Ingress spec/tls/hosts
Ingress spec/tls/secretName
Service spec/ports/port
Service spec/ports/targetPort
PersistentVolume spec/nfs/server
* metadata/labels
* metadata/annotations
";

const CONFIG_MAP_FIELDS: &str = "
POD volumes/configMap/name
TEMPLATE volumes/configMap/name
POD volumes/projected/sources/configMap/name
TEMPLATE volumes/projected/sources/configMap/name
POD containers/env/valueFrom/configMapKeyRef/name
TEMPLATE containers/env/valueFrom/configMapKeyRef/name
POD initContainers/env/valueFrom/configMapKeyRef/name
TEMPLATE initContainers/env/valueFrom/configMapKeyRef/name
POD containers/envFrom/configMapRef/name
TEMPLATE containers/envFrom/configMapRef/name
POD initContainers/envFrom/configMapRef/name
TEMPLATE initContainers/envFrom/configMapRef/name
Node spec/configSource/configMap
Ingress metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap
Role rules/resourceNames
ClusterRole rules/resourceNames
";

const SECRET_FIELDS: &str = "
POD volumes/secret/secretName
TEMPLATE volumes/secret/secretName
POD volumes/projected/sources/secret/name
TEMPLATE volumes/projected/sources/secret/name
POD containers/env/valueFrom/secretKeyRef/name
TEMPLATE containers/env/valueFrom/secretKeyRef/name
POD initContainers/env/valueFrom/secretKeyRef/name
TEMPLATE initContainers/env/valueFrom/secretKeyRef/name
POD containers/envFrom/secretRef/name
TEMPLATE containers/envFrom/secretRef/name
POD initContainers/envFrom/secretRef/name
TEMPLATE initContainers/envFrom/secretRef/name
POD imagePullSecrets/name
TEMPLATE imagePullSecrets/name
ServiceAccount imagePullSecrets/name
Ingress spec/tls/secretName
Ingress metadata/annotations/ingress.kubernetes.io\\/auth-secret
Ingress metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret
Ingress metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret
StorageClass parameters/secretName
StorageClass parameters/adminSecretName
StorageClass parameters/userSecretName
StorageClass parameters/secretRef
serving.knative.dev:v1@Service spec/template/spec/containers/env/valueFrom/secretKeyRef/name
PersistentVolume spec/azureFile/secretName
Role rules/resourceNames
ClusterRole rules/resourceNames
";

const SERVICE_FIELDS: &str = "
apps:StatefulSet spec/serviceName
Ingress spec/rules/http/paths/backend/serviceName
Ingress spec/rules/http/paths/backend/service/name
Ingress spec/backend/serviceName
Ingress spec/defaultBackend/service/name
apiregistration.k8s.io:APIService spec/service/name
admissionregistration.k8s.io:ValidatingWebhookConfiguration webhooks/clientConfig/service
admissionregistration.k8s.io:MutatingWebhookConfiguration webhooks/clientConfig/service
";

/// The kinds that are referred to, written as in a table.
const REFERENCES: &[(&str, &str)] = &[
    ("Deployment", "HorizontalPodAutoscaler spec/scaleTargetRef/name"),
    ("ReplicationController", "HorizontalPodAutoscaler spec/scaleTargetRef/name"),
    ("ReplicaSet", "HorizontalPodAutoscaler spec/scaleTargetRef/name"),
    ("StatefulSet", "HorizontalPodAutoscaler spec/scaleTargetRef/name"),
    ("v1@ConfigMap", CONFIG_MAP_FIELDS),
    ("v1@Secret", SECRET_FIELDS),
    ("v1@Service", SERVICE_FIELDS),
    ("rbac.authorization.k8s.io:Role", "rbac.authorization.k8s.io:RoleBinding roleRef/name"),
    (
        "rbac.authorization.k8s.io:ClusterRole",
        "rbac.authorization.k8s.io:RoleBinding roleRef/name\nrbac.authorization.k8s.io:ClusterRoleBinding roleRef/name",
    ),
    (
        "v1@ServiceAccount",
        "rbac.authorization.k8s.io:RoleBinding subjects\nrbac.authorization.k8s.io:ClusterRoleBinding subjects\nUSER serviceAccountName",
    ),
    ("v1@PersistentVolumeClaim", "USER volumes/persistentVolumeClaim/claimName"),
    ("v1@PersistentVolume", "PersistentVolumeClaim spec/volumeName\nClusterRole rules/resourceNames"),
    (
        "storage.k8s.io:v1@StorageClass",
        "PersistentVolume spec/storageClassName\nPersistentVolumeClaim spec/storageClassName\nStatefulSet spec/volumeClaimTemplates/spec/storageClassName",
    ),
    ("scheduling.k8s.io:v1@PriorityClass", "USER priorityClassName"),
    (
        "admissionregistration.k8s.io:ValidatingAdmissionPolicy",
        "admissionregistration.k8s.io:ValidatingAdmissionPolicyBinding spec/policyName",
    ),
];

fn default_tables() -> FieldTables {
    let template_labels = FieldSpec::table(TEMPLATE_LABELS);
    let labels = [template_labels.clone(), FieldSpec::table(SELECTOR_LABELS)].concat();
    let references = REFERENCES.iter().map(|(kind, fields)| {
        let (group, kind) = kind.split_once(':').map_or((None, *kind), |(group, kind)| (Some(group), kind));
        let (version, kind) = kind.split_once('@').map_or((None, kind), |(own, kind)| (Some(own), kind));
        ReferenceSpec {
            group: group.map(str::to_owned),
            version: version.map(str::to_owned),
            kind: kind.to_owned(),
            fields: FieldSpec::table(fields),
        }
    });
    FieldTables {
        labels,
        template_labels,
        annotations: FieldSpec::table(ANNOTATIONS),
        images: FieldSpec::table(IMAGES),
        replicas: FieldSpec::table(REPLICAS),
        prefix: FieldSpec::table(NAMES),
        suffix: FieldSpec::table(NAMES),
        namespace: FieldSpec::table(NAMESPACE),
        variables: FieldSpec::table(VARIABLES),
        references: references.collect(),
    }
}
