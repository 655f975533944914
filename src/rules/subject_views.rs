//! Shows a check its subject: a Dockerfile, a manifest, a document, a pod or a container.

use serde_yaml::Value;

use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{BuildStage, Dockerfile, Instruction};
use crate::finding::{Edit, InlineSuppression, PodEdit};
use crate::kubernetes::model::SecurityContext;
use crate::kubernetes::{
    Container, ContainerRole, ManifestDocument, ManifestFile, ManifestObject, Pod, PodCompleteness,
    SettingLevel,
};
use crate::needs::ProgramNeed;
use crate::needs::pod::PodPlace;
use crate::project::{ContainerKey, ImageDeployment, RepositoryIndex};
use crate::repo::{BuildContext, RelPath};
use crate::settings::Settings;
use crate::text::Span;
use crate::yaml::{Lenient, PathStep, YamlPath};

/// A Dockerfile with its text.
#[derive(Clone, Copy)]
pub struct DockerfileView<'a> {
    pub path: &'a RelPath,
    pub text: &'a str,
    pub file: &'a Dockerfile,
    pub scripts: &'a ScriptCache<'a>,
    pub settings: &'a Settings,
    /// The needs of the program that its image starts.
    pub needs: &'a [ProgramNeed],
    /// The suppressions in the file itself.
    pub suppressions: &'a [InlineSuppression],
    /// What lies beside it.
    pub context: &'a BuildContext,
    /// How workloads of the repository run its image.
    pub deployment: ImageDeployment,
}

/// A manifest's file with its text.
#[derive(Clone, Copy)]
pub struct ManifestView<'a> {
    pub path: &'a RelPath,
    pub text: &'a str,
    pub manifest: &'a ManifestFile,
    /// The suppressions in the file itself.
    pub suppressions: &'a [InlineSuppression],
}

/// One document of a manifest.
#[derive(Clone, Copy)]
pub struct DocumentView<'a> {
    pub path: &'a RelPath,
    pub text: &'a str,
    pub manifest: &'a ManifestFile,
    pub document: &'a ManifestDocument,
    /// Its index in the file.
    pub index: usize,
    pub settings: &'a Settings,
}

/// One pod.
#[derive(Clone, Copy)]
pub struct PodView<'a> {
    pub path: &'a RelPath,
    pub document: &'a ManifestDocument,
    /// The document's index in the file, and the pod's in the document.
    pub position: (usize, usize),
    pub object: &'a ManifestObject,
    pub pod: &'a Pod,
    /// True for a patch of a kustomization, and for a pod that an operator completes: judged on its content, never on
    /// what it lacks.
    pub is_patch: bool,
    /// True where its containers are judged so, too.
    pub has_partial_containers: bool,
    pub settings: &'a Settings,
}

/// One container of a pod.
#[derive(Clone, Copy)]
pub struct ContainerView<'a> {
    pub pod: PodView<'a>,
    pub container: &'a Container,
    /// Its index among all of the pod's containers.
    pub index: usize,
}

impl<'a> DockerfileView<'a> {
    /// The stage that is built; none in a file without any.
    #[must_use]
    pub fn final_stage(self) -> Option<&'a BuildStage> {
        self.file.stages.last()
    }

    #[must_use]
    pub fn instruction_at(self, index: usize) -> Option<&'a Instruction> {
        self.file.instructions.get(index)
    }
}

impl<'a> DocumentView<'a> {
    /// The objects of these kinds in an API group; the core's group is empty.
    pub fn objects_of(self, group: &str, kinds: &[&str]) -> impl Iterator<Item = &'a ManifestObject> {
        let wanted = move |object: &&ManifestObject| {
            object.api_group() == group && kinds.contains(&object.kind.as_str())
        };
        self.document.objects.iter().filter(wanted)
    }

    /// The span of a value of an object; of the object's kind where it is not written.
    #[must_use]
    pub fn value_or_kind_span(self, object: &ManifestObject, path: &[PathStep]) -> Span {
        let tree = &self.document.tree;
        let kind = || tree.locate_value(object.root, &[PathStep::from("kind")]);
        tree.locate_value(object.root, path).or_else(kind).unwrap_or(tree.span(object.root))
    }
}

impl<'a> PodView<'a> {
    /// Each pod of a document, which is the file's `at`th.
    pub fn of_document(
        path: &'a RelPath,
        (at, document): (usize, &'a ManifestDocument),
        index: &RepositoryIndex,
        settings: &'a Settings,
    ) -> impl Iterator<Item = Self> + use<'a> {
        let is_named = index.is_patch(path, at);
        let pods = 0..document.pods.len();
        pods.filter_map(move |nth| Self::from_pod(path, (at, nth), document, is_named, settings))
    }

    /// One pod of a document, by the document's index in the file and its own in the document.
    #[must_use]
    pub fn at_position(
        path: &'a RelPath,
        position: (usize, usize),
        document: &'a ManifestDocument,
        index: &RepositoryIndex,
        settings: &'a Settings,
    ) -> Option<Self> {
        Self::from_pod(path, position, document, index.is_patch(path, position.0), settings)
    }

    fn from_pod(
        path: &'a RelPath,
        position: (usize, usize),
        document: &'a ManifestDocument,
        is_named: bool,
        settings: &'a Settings,
    ) -> Option<Self> {
        let pod = document.pods.get(position.1)?;
        let object = document.objects.get(pod.object_index)?;
        let is_patch = is_named || pod.completeness != PodCompleteness::Whole;
        let is_part = !matches!(pod.completeness, PodCompleteness::Whole | PodCompleteness::Containers);
        let has_partial_containers = is_named || is_part;
        Some(Self { path, document, position, object, pod, is_patch, has_partial_containers, settings })
    }

    /// The same for those who find what the pod needs.
    #[must_use]
    pub const fn place(self) -> PodPlace<'a> {
        PodPlace { path: self.path, document: self.document, position: self.position, pod: self.pod }
    }

    /// The span of a field of the pod spec; of the pod spec's key where it is not written.
    #[must_use]
    pub fn field_or_spec_span(self, path: &[PathStep]) -> Span {
        self.pod.span_of(path).unwrap_or(self.pod.spec_key_span)
    }

    /// Each container with what surrounds it.
    pub fn containers(self) -> impl Iterator<Item = ContainerView<'a>> {
        let containers = self.pod.containers.iter().enumerate();
        containers.map(move |(index, container)| ContainerView { pod: self, container, index })
    }

    /// An edit for this pod.
    #[must_use]
    pub const fn pod_edit(self, edit: PodEdit) -> Edit {
        Edit::Pod { document: self.position.0, pod: self.position.1, edit }
    }

    /// An edit that a field of the pod spec, or of a container, has this value.
    #[must_use]
    pub fn set_edit(self, container: Option<usize>, path: YamlPath, to: impl Into<Value>) -> Edit {
        self.pod_edit(PodEdit::SetField { container, path, to: to.into() })
    }

    /// An edit that a field of the pod spec, or of a container, is not there.
    #[must_use]
    pub const fn remove_edit(self, container: Option<usize>, path: YamlPath) -> Edit {
        self.pod_edit(PodEdit::RemoveField { container, path })
    }

    /// True when it can run on nothing but Windows, where the Linux-only rules do not apply.
    #[must_use]
    pub const fn is_windows(self) -> bool {
        self.pod.is_windows_only
    }

    /// True when its uids are mapped to others on the host.
    #[must_use]
    pub fn has_own_users(self) -> bool {
        self.pod.host_users == Some(false)
    }

    /// The namespace, as far as the manifest names one.
    #[must_use]
    pub fn namespace(self) -> &'a str {
        self.object.namespace.as_deref().unwrap_or("default")
    }
}

impl<'a> ContainerView<'a> {
    /// The key by which the repository knows it.
    #[must_use]
    pub fn key(self) -> ContainerKey {
        ContainerKey { path: self.pod.path.clone(), position: self.pod.position, container: self.index }
    }

    /// The span at which something that the container lacks is reported.
    #[must_use]
    pub const fn label_span(self) -> Span {
        self.container.label_span
    }

    /// The span of a field of the container.
    #[must_use]
    pub fn field_span(self, keys: &[&str]) -> Option<Span> {
        let path: Vec<PathStep> = keys.iter().copied().map(PathStep::from).collect();
        self.container.span_of(&path)
    }

    /// A field of the container's own security context, whatever its pod's.
    #[must_use]
    pub fn own_context<T: Clone>(self, field: impl FnOnce(&SecurityContext) -> &Lenient<T>) -> Lenient<T> {
        self.container.model.security_context.map_field(field)
    }

    #[must_use]
    pub fn image(self) -> Option<&'a str> {
        self.container.model.image.get().map(String::as_str)
    }

    /// True for what is merged over another container: judged on its content, never on what it lacks.
    #[must_use]
    pub const fn is_part(self) -> bool {
        self.pod.has_partial_containers || !self.container.is_whole
    }

    #[must_use]
    pub fn is_ephemeral(self) -> bool {
        self.container.role == ContainerRole::Ephemeral
    }

    /// The name, as people would call it.
    #[must_use]
    pub fn name(self) -> &'a str {
        self.container.name.as_deref().unwrap_or("without a name")
    }

    /// An edit for the container's pod.
    #[must_use]
    pub const fn pod_edit(self, edit: PodEdit) -> Edit {
        self.pod.pod_edit(edit)
    }

    /// The containers, by their index, for which a wrong value in effect is to be fixed: this one, and where the value
    /// is the pod's own, all that take it from there.
    pub fn containers_inheriting(
        self,
        origin: impl Fn(&Pod, &Container) -> SettingLevel,
    ) -> impl Iterator<Item = usize> {
        let pod = self.pod.pod;
        let of_pod = origin(pod, self.container) == SettingLevel::Pod;
        let index = self.index;
        let containers = pod.containers.iter().enumerate();
        containers
            .filter(move |(at, container)| {
                *at == index || (of_pod && origin(pod, container) == SettingLevel::Pod)
            })
            .map(|(at, _)| at)
    }

    /// The place of a wrong value in effect, and its owner: the pod, or the container.
    #[must_use]
    pub fn locate_value(self, from: SettingLevel, span: Option<Span>) -> ValueLocation {
        match (from, span) {
            (SettingLevel::Pod, Some(span)) => ValueLocation::Pod(span),
            (_, Some(span)) => ValueLocation::Container(span),
            (_, None) => ValueLocation::Container(self.label_span()),
        }
    }
}

/// The owner and the place of a wrong value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueLocation {
    Container(Span),
    Pod(Span),
}
