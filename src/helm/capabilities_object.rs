//! `.Capabilities`: the Kubernetes version and what its API serves, as Helm says offline.

use std::rc::Rc;

use crate::template::call_error::CallError;
use crate::template::origin_table::ComputedId;
use crate::template::origin_text::OriginText;
use crate::template::template_value::{GoKind, MethodCaller, TemplateObject, TemplateValue};
use crate::template::value_collection::{ListType, ValueList, ValueMap};

/// What Helm 4.2 says without a cluster.
pub(super) const DEFAULT_KUBE_VERSION: &str = "v1.36.0";

const HELM_VERSION: &str = "v4.2";
const GO_VERSION: &str = "go1.26.6";

const API_VERSIONS: [&str; 55] = [
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha2",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

/// The object, with the versions that the user adds.
pub(super) fn capabilities_object(kube_version: &str, added: &[String], glue: ComputedId) -> TemplateValue {
    let versions = API_VERSIONS.iter().map(|version| (*version).to_owned()).chain(added.iter().cloned());
    let object: Rc<dyn TemplateObject> = Rc::new(CapabilitiesObject {
        kube: Rc::new(KubeVersionObject::new(kube_version, glue)),
        versions: Rc::new(VersionSetObject { versions: versions.collect(), glue }),
        glue,
    });
    object.into()
}

fn text(glue: ComputedId, text: &str) -> TemplateValue {
    TemplateValue::Text(OriginText::from_computed(glue, text))
}

struct CapabilitiesObject {
    kube: Rc<KubeVersionObject>,
    versions: Rc<VersionSetObject>,
    glue: ComputedId,
}

impl CapabilitiesObject {
    fn helm(&self) -> ValueMap {
        let helm = ValueMap::default();
        helm.insert("Version", text(self.glue, HELM_VERSION));
        helm.insert("GitCommit", text(self.glue, ""));
        helm.insert("GitTreeState", text(self.glue, ""));
        helm.insert("GoVersion", text(self.glue, GO_VERSION));
        helm.insert("KubeClientVersion", text(self.glue, "v1.36"));
        helm
    }
}

impl TemplateObject for CapabilitiesObject {
    fn type_name(&self) -> &'static str {
        "*common.Capabilities"
    }

    fn kind(&self) -> GoKind {
        GoKind::Pointer
    }

    fn field(&self, name: &str) -> Option<TemplateValue> {
        match name {
            "KubeVersion" => Some((self.kube.clone() as Rc<dyn TemplateObject>).into()),
            "APIVersions" => Some((self.versions.clone() as Rc<dyn TemplateObject>).into()),
            "HelmVersion" => Some(TemplateValue::Map(self.helm())),
            _ => None,
        }
    }

    fn to_plain(&self) -> TemplateValue {
        let plain = ValueMap::default();
        plain.insert("KubeVersion", self.kube.to_plain());
        plain.insert("APIVersions", self.versions.to_plain());
        let helm = ValueMap::default();
        helm.insert("version", text(self.glue, HELM_VERSION));
        helm.insert("go_version", text(self.glue, GO_VERSION));
        helm.insert("kube_client_version", text(self.glue, "v1.36"));
        plain.insert("HelmVersion", TemplateValue::Map(helm));
        TemplateValue::Map(plain)
    }

    fn print(&self) -> String {
        let kube = self.kube.fields();
        format!("{{{kube} {} {{{HELM_VERSION}   {GO_VERSION} v1.36}}}}", self.versions.print())
    }
}

#[derive(Clone)]
struct KubeVersionObject {
    version: String,
    major: String,
    minor: String,
    glue: ComputedId,
    /// True for what a function gets: it prints as Go prints a struct, since `String` is a method of its address.
    is_copy: bool,
}

impl KubeVersionObject {
    /// `1.29` and `v1.29.0` alike.
    fn new(version: &str, glue: ComputedId) -> Self {
        let bare = version.trim_start_matches('v');
        let mut parts = bare.split(['.', '-', '+']);
        let mut part = || parts.next().unwrap_or("0").to_owned();
        let (major, minor) = (part(), part());
        Self { version: format!("v{bare}"), major, minor, glue, is_copy: false }
    }

    fn fields(&self) -> String {
        format!("{{{0} {0} {1} {2}}}", self.version, self.major, self.minor)
    }
}

impl TemplateObject for KubeVersionObject {
    fn type_name(&self) -> &'static str {
        "common.KubeVersion"
    }

    fn kind(&self) -> GoKind {
        GoKind::Struct
    }

    fn field(&self, name: &str) -> Option<TemplateValue> {
        match name {
            "Version" => Some(text(self.glue, &self.version)),
            "Major" => Some(text(self.glue, &self.major)),
            "Minor" => Some(text(self.glue, &self.minor)),
            _ => None,
        }
    }

    fn has_method(&self, name: &str) -> bool {
        matches!(name, "GitVersion" | "String")
    }

    fn call_method(
        &self,
        _: &mut dyn MethodCaller,
        name: &str,
        _: &[TemplateValue],
    ) -> Option<Result<TemplateValue, CallError>> {
        self.has_method(name).then(|| Ok(text(self.glue, &self.version)))
    }

    fn to_plain(&self) -> TemplateValue {
        let plain = ValueMap::default();
        for name in ["Version", "Major", "Minor"] {
            plain.insert(name, self.field(name).unwrap_or(TemplateValue::NIL));
        }
        TemplateValue::Map(plain)
    }

    fn print(&self) -> String {
        if self.is_copy { self.fields() } else { self.version.clone() }
    }

    fn argument_copy(&self) -> Option<TemplateValue> {
        let copy: Rc<dyn TemplateObject> = Rc::new(Self { is_copy: true, ..self.clone() });
        Some(copy.into())
    }
}

struct VersionSetObject {
    versions: Vec<String>,
    glue: ComputedId,
}

impl TemplateObject for VersionSetObject {
    fn type_name(&self) -> &'static str {
        "common.VersionSet"
    }

    fn kind(&self) -> GoKind {
        GoKind::Slice
    }

    fn field(&self, _: &str) -> Option<TemplateValue> {
        None
    }

    fn has_method(&self, name: &str) -> bool {
        name == "Has"
    }

    fn call_method(
        &self,
        _: &mut dyn MethodCaller,
        name: &str,
        arguments: &[TemplateValue],
    ) -> Option<Result<TemplateValue, CallError>> {
        if name != "Has" {
            return None;
        }
        Some(match arguments {
            [TemplateValue::Text(wish)] => {
                let wish = wish.as_str();
                Ok(TemplateValue::bool(self.versions.iter().any(|version| *version == *wish)))
            }
            [_] => Err("wrong type for value; expected string".into()),
            _ => Err(format!("wrong number of args for Has: want 1 got {}", arguments.len()).into()),
        })
    }

    fn to_plain(&self) -> TemplateValue {
        let items = self.versions.iter().map(|version| text(self.glue, version)).collect();
        TemplateValue::List(ValueList::typed(ListType::Strings, items))
    }

    fn print(&self) -> String {
        format!("[{}]", self.versions.join(" "))
    }
}
