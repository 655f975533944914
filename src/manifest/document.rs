//! Reads a file of manifests as its documents, each with the objects that it holds, for everybody who judges them.

use std::cell::OnceCell;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;

use super::build::BuildError;
use super::glance::{Asked, is_passed_over};
use super::problem::{Problem, ProblemKind};
use super::split::BYTE_ORDER_MARK;
use super::template::{self, Template};
use super::tree::Tree;
use super::{Object, Pod, YamlDocument, YamlFile, object, plant, pod, split};
use crate::text::Span;

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// One file of manifests.
#[derive(Clone, Debug, Default)]
pub struct Manifest {
    /// The documents that may hold Kubernetes objects and could be read, in the order of the file.
    pub documents: Vec<Document>,
    /// How many others were looked through and passed over: they have no fault, and concern nobody.
    pub passed: usize,
    /// In the order of the file.
    pub problems: Vec<Problem>,
    /// Set where the file must be rendered first; nothing else is read of it then.
    pub template: Option<Template>,
}

/// One document of a file, with the objects that it holds.
#[derive(Clone, Debug)]
pub struct Document {
    pub yaml: YamlDocument,
    /// The document itself, or the items of the list that it is.
    pub objects: Vec<Object>,
    /// The pods of its objects, in the order of the file.
    pub pods: Vec<Pod>,
}

/// Reads a file's text. It never fails: what cannot be read is among the problems, and hides nothing else.
#[must_use]
pub fn parse(text: &str) -> Manifest {
    read_all(&Lent::new(text), None)
}

/// The same, but that documents are passed over which a look shows to have no fault and not to be asked for.
#[must_use]
pub fn parse_where(text: &Arc<str>, asked: Asked<'_>) -> Manifest {
    read_all(&Lent { text, shared: Arc::clone(text).into() }, Some(asked))
}

/// The same of a text that nobody keeps yet, with the text as what was read in full keeps it.
#[must_use]
pub fn parse_lent(text: &str, asked: Asked<'_>) -> (Manifest, Option<Arc<str>>) {
    let text = Lent::new(text);
    let manifest = read_all(&text, Some(asked));
    (manifest, text.shared.into_inner())
}

/// Some documents of a file alone, by their spans; as [`parse_where`] reads them.
#[must_use]
pub fn parse_documents(text: &Arc<str>, spans: &[Span], asked: Asked<'_>) -> Manifest {
    let (lent, mut manifest) = (Lent { text, shared: Arc::clone(text).into() }, Manifest::default());
    spans.iter().for_each(|span| take(&lent, *span, Some(asked), &mut manifest));
    manifest
}

/// A text that is copied once something of it is kept.
struct Lent<'t> {
    text: &'t str,
    shared: OnceCell<Arc<str>>,
}

impl<'t> Lent<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, shared: OnceCell::new() }
    }

    fn shared(&self) -> &Arc<str> {
        self.shared.get_or_init(|| self.text.into())
    }
}

fn read_all(lent: &Lent<'_>, asked: Option<Asked<'_>>) -> Manifest {
    let mut manifest = Manifest::default();
    let text = lent.text;
    if text.len() > MAX_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_BYTES / 1024 / 1024);
        manifest.problems.push(Problem { kind: ProblemKind::TooLarge, span: Span::at(0), message });
        return manifest;
    }
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    for slice in split::split(&text[start..]) {
        take(lent, slice.shifted(start), asked, &mut manifest);
        if manifest.template.is_some() {
            return Manifest { template: manifest.template, ..Manifest::default() };
        }
    }
    manifest.documents.shrink_to_fit();
    manifest
}

/// What stands in every object of Kubernetes, and in every template of Helm.
static SIGNS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["apiVersion", "kind"].map(Finder::new));
static ACTION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("{{"));

/// Takes in one document, where there is a sign that it matters.
fn take(lent: &Lent<'_>, span: Span, asked: Option<Asked<'_>>, manifest: &mut Manifest) {
    let slice = span.of(lent.text);
    let holds = |sign: &Finder<'_>| sign.find(slice.as_bytes()).is_some();
    let candidate = SIGNS.iter().all(holds);
    if !candidate && !holds(&ACTION) {
        return;
    }
    if candidate && asked.is_some_and(|asked| is_passed_over(slice, asked)) {
        manifest.passed += 1;
        return;
    }
    let text = lent.shared();
    let built = plant::tree(text, span);
    manifest.template = match &built {
        Ok(tree) => template::of_tree(text, tree),
        Err(_) => template::of_broken(text, span),
    };
    if !candidate || manifest.template.is_some() {
        return;
    }
    match built {
        Ok(tree) => admit(text, span, tree, manifest),
        Err(error) => manifest.problems.push(broken(error)),
    }
}

fn broken(BuildError { kind, offset, message }: BuildError) -> Problem {
    Problem { kind, span: Span::at(offset), message }
}

fn admit(text: &Arc<str>, span: Span, tree: Tree, manifest: &mut Manifest) {
    match YamlDocument::new(text, span, tree) {
        Ok((yaml, problems)) => {
            manifest.problems.extend(problems);
            let objects = object::objects(&yaml.tree);
            let pods = pod::pods(&yaml.tree, &objects);
            manifest.documents.push(Document { yaml, objects, pods });
        }
        Err(problem) => manifest.problems.push(problem),
    }
}

impl Manifest {
    /// Its documents without what they mean.
    #[must_use]
    pub fn into_yaml(self) -> YamlFile {
        let documents = self.documents.into_iter().map(|document| document.yaml).collect();
        YamlFile { documents, problems: self.problems }
    }
}

impl Deref for Document {
    type Target = YamlDocument;

    fn deref(&self) -> &YamlDocument {
        &self.yaml
    }
}

impl Document {
    /// The object that holds a pod.
    #[must_use]
    pub fn object_of(&self, pod: &Pod) -> &Object {
        &self.objects[pod.object]
    }
}
