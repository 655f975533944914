//! What a fix intends, in the words of the field. `fix` turns it into bytes.

use crate::image::Reference;
use crate::text::Span;
use crate::yaml::PathStep;

/// One semantic change of one file.
#[derive(Clone, Debug, PartialEq)]
pub enum Intent {
    /// Of a pod in a manifest.
    Pod(PodIntent),
    /// Of a Dockerfile.
    Build(BuildIntent),
    /// Of any value of a manifest's document: it becomes this.
    Value { document: usize, path: Vec<PathStep>, to: serde_yaml::Value },
    /// Of the reference to an image, once its registry has been asked.
    Image(ImageIntent),
    /// The comment, by its index among the file's exceptions in our own words, no longer names these rules; one that
    /// names none is gone.
    Unallow { comment: usize, rules: Vec<String> },
}
/// A change of a reference that waits for what a registry says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageIntent {
    /// The reference, with all arguments filled in.
    pub image: Reference,
    pub want: ImageWant,
    pub at: ImagePlace,
}

/// What is to be true of a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageWant {
    /// It names the digest that its tag has now.
    Digest,
    /// Its tag names the version that a moving tag stands for now.
    Version,
}

impl ImageWant {
    /// What a program may notice of it, whichever image it is.
    #[must_use]
    pub const fn caution(self) -> &'static str {
        match self {
            Self::Digest => "a newer image of the same tag no longer comes by itself",
            Self::Version => "the version that is written may not be the one that runs now",
        }
    }
}

/// Where a reference is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ImagePlace {
    /// In a Dockerfile: in an instruction, at a span of the audited text, without quotes. Where the text there is not
    /// the reference, arguments put it together, and its end is the text's.
    Build { instruction: usize, span: Span },
    /// A value of a manifest's document.
    Value { document: usize, path: Vec<PathStep> },
}

/// A change of one pod: the document by its index in the file, the pod by its index in the document (a `List` holds
/// several).
#[derive(Clone, Debug, PartialEq)]
pub struct PodIntent {
    pub document: usize,
    pub pod: usize,
    pub want: Want,
}

/// What is to be true of the pod. Containers are named by their index among all of the pod's containers (init, main,
/// ephemeral, in that order); what containers share is written where the pod's layout asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Want {
    /// `runAsNonRoot: true` is in effect for the container.
    NonRoot { container: usize },
    /// A `runAsUser` of 10000 or more is in effect for the container.
    User { container: usize },
    /// The container itself runs as its image's user, whatever its pod says of the others.
    OwnUser { container: usize },
    /// A `runAsGroup` of 10000 or more is in effect for the container.
    Group { container: usize },
    /// `seccompProfile.type: RuntimeDefault` is in effect for the container.
    Seccomp { container: usize },
    /// `readOnlyRootFilesystem: true`, with a mount on each path the program is known to write.
    ReadOnlyRoot { container: usize },
    /// An `emptyDir` is mounted at each of the paths.
    Writable { container: usize, paths: Vec<String> },
    /// `capabilities.drop` holds `ALL`.
    DropAll { container: usize },
    /// `allowPrivilegeEscalation: false`.
    NoEscalation { container: usize },
    /// The resource has this bound.
    Resource { container: usize, bound: Bound, quantity: Quantity },
    /// `automountServiceAccountToken: false`.
    NoToken,
    /// A field of the pod spec (`container: None`) or of a container has this value.
    Set { container: Option<usize>, path: Vec<PathStep>, to: serde_yaml::Value },
    /// A field of the pod spec or of a container is not there.
    Remove { container: Option<usize>, path: Vec<PathStep> },
}

/// Which bound of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Bound {
    Limit,
    Request,
}

/// Which resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    Cpu,
    Memory,
}

/// A change of a Dockerfile. Instructions are named by their index; spans are in the audited text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum BuildIntent {
    /// The final stage ends as a user of 10000 or more, by number.
    User,
    /// `CMD` or `ENTRYPOINT` is in exec form.
    ExecForm { instruction: usize },
    /// The words at the span become these, exactly.
    Reword { instruction: usize, span: Span, to: String },
    /// The instruction stands in a comment.
    CommentOut { instruction: usize },
    /// The instruction, with its line, is gone.
    Drop { instruction: usize },
    /// An instruction of this text stands on a line of its own before that one.
    Precede { instruction: usize, with: String },
}
