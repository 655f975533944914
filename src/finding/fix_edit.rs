//! Defines the intents of a fix, in the words of the field. `fix` turns them into bytes.

use crate::image::Reference;
use crate::text::Span;
use crate::yaml::PathStep;

/// One semantic change of one file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Of one pod of a manifest: the document by its index in the file, the pod by its index in the document (a `List`
    /// holds several).
    Pod { document: usize, pod: usize, edit: PodEdit },
    /// Of a Dockerfile.
    Dockerfile(DockerfileEdit),
    /// Of any value of a manifest's document: it becomes this.
    Value { document: usize, path: Vec<PathStep>, to: serde_yaml::Value },
    /// Of the reference to an image, once its registry has been asked.
    Image(ImageEdit),
    /// The comment, by its index among the file's exceptions in our own words, no longer names these rules; one that
    /// names none is gone.
    Unsuppress { comment: usize, rules: Vec<String> },
}

impl Edit {
    /// The document of a manifest that it changes, by its index in the file.
    #[must_use]
    pub const fn document(&self) -> Option<usize> {
        match self {
            Self::Pod { document, .. } | Self::Value { document, .. } => Some(*document),
            Self::Image(ImageEdit { place: ImageEditPlace::Value { document, .. }, .. }) => Some(*document),
            Self::Image(_) | Self::Dockerfile(_) | Self::Unsuppress { .. } => None,
        }
    }
}

/// A change of a reference that waits for what a registry says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageEdit {
    /// The reference, with all arguments filled in.
    pub image: Reference,
    pub goal: ImageEditGoal,
    pub place: ImageEditPlace,
}

/// The state of a reference after the fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageEditGoal {
    /// It names the digest that its tag has now.
    Digest,
    /// Its tag names the version that a moving tag stands for now.
    Version,
}

impl ImageEditGoal {
    /// What a program may notice of it, whichever image it is.
    #[must_use]
    pub const fn caution(self) -> &'static str {
        match self {
            Self::Digest => "a newer image of the same tag no longer comes by itself",
            Self::Version => "the version that is written may not be the one that runs now",
        }
    }
}

/// The place of a reference in a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImageEditPlace {
    /// In a Dockerfile: in an instruction, at a span of the audited text, without quotes. Where the text there is not
    /// the reference, arguments put it together, and its end is the text's.
    Dockerfile { instruction: usize, span: Span },
    /// A value of a manifest's document.
    Value { document: usize, path: Vec<PathStep> },
    /// An entry of the `images` of a kustomization, which is one document.
    Entry { path: Vec<PathStep> },
}

/// What is to be true of the pod. Containers are named by their index among all of the pod's containers (init, main,
/// ephemeral, in that order); what containers share is written where the pod's layout asks for it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PodEdit {
    /// `runAsNonRoot: true` is in effect for the container.
    RunAsNonRoot { container: usize },
    /// A `runAsUser` of 10000 or more is in effect for the container.
    RunAsUser { container: usize },
    /// The container itself runs as its image's user, whatever its pod says of the others.
    RunAsImageUser { container: usize },
    /// A `runAsGroup` of 10000 or more is in effect for the container.
    RunAsGroup { container: usize },
    /// `seccompProfile.type: RuntimeDefault` is in effect for the container.
    DefaultSeccomp { container: usize },
    /// `readOnlyRootFilesystem: true`, with a mount on each path the program is known to write.
    ReadOnlyRoot { container: usize },
    /// An `emptyDir` is mounted at each of the paths.
    MountWritablePaths { container: usize, paths: Vec<String> },
    /// `capabilities.drop` holds `ALL`.
    DropAllCapabilities { container: usize },
    /// `allowPrivilegeEscalation: false`.
    ForbidEscalation { container: usize },
    /// The resource has this bound.
    SetResource { container: usize, bound: ResourceBound, resource: ResourceName },
    /// `automountServiceAccountToken: false`.
    NoTokenMount,
    /// A field of the pod spec (`container: None`) or of a container has this value.
    SetField { container: Option<usize>, path: Vec<PathStep>, to: serde_yaml::Value },
    /// A field of the pod spec or of a container is not there.
    RemoveField { container: Option<usize>, path: Vec<PathStep> },
}

/// The bound of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceBound {
    Limit,
    Request,
}

/// The resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceName {
    Cpu,
    Memory,
}

/// A change of a Dockerfile. Instructions are named by their index; spans are in the audited text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DockerfileEdit {
    /// The final stage ends as a user of 10000 or more, by number.
    SetUser,
    /// `CMD` or `ENTRYPOINT` is in exec form.
    UseExecForm { instruction: usize },
    /// The words at the span become these, exactly.
    ReplaceWords { instruction: usize, span: Span, to: String },
    /// The instruction stands in a comment.
    CommentOut { instruction: usize },
    /// The instruction, with its line, is gone.
    RemoveInstruction { instruction: usize },
    /// An instruction of this text stands on a line of its own before that one.
    InsertBefore { instruction: usize, text: String },
}
