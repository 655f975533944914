//! Reads a file of manifests as its documents, each with the objects that it holds, for audits and fixes.

use std::cell::OnceCell;
use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use memchr::memmem::Finder;

use super::object_signs::{is_object_sequence, may_name_object};
use super::prefilter::{DocumentInterest, is_irrelevant};
use super::template_detection::UnrenderedTemplate;
use super::{ManifestObject, Pod, PodCompleteness, manifest_object, pod, template_detection};
use crate::text::{Span, TemplateEngine};
use crate::yaml::events::TreeError;
use crate::yaml::split_documents::BYTE_ORDER_MARK;
use crate::yaml::yaml_tree::YamlTree;
use crate::yaml::{
    MAX_YAML_BYTES, YamlDocument, YamlFile, YamlProblem, YamlProblemKind, load_tree, split_documents,
};

/// The most objects and containers of one file that are read: far more than any real file holds, and as many as can be
/// judged within the memory that is promised, since each may have twenty findings.
const MAX_FILE_SUBJECTS: usize = 10_000;

/// One file of manifests.
#[derive(Clone, Debug, Default)]
pub struct ManifestFile {
    /// The documents that may hold Kubernetes objects and could be read, in the order of the file.
    pub documents: Vec<ManifestDocument>,
    /// The number of irrelevant documents: they have no fault, and no rule reads them.
    pub irrelevant_count: usize,
    /// In the order of the file.
    pub problems: Vec<YamlProblem>,
    /// Set where the file must be rendered first; nothing else is read of it then.
    pub template: Option<UnrenderedTemplate>,
    /// True where a document holds something, and no object.
    pub has_foreign_document: bool,
    /// True where a document is a sequence of objects, which is not read.
    pub has_object_sequence: bool,
}

/// One document of a file, with the objects that it holds.
#[derive(Clone, Debug)]
pub struct ManifestDocument {
    pub yaml: YamlDocument,
    /// The document itself, or the items of the list that it is.
    pub objects: Vec<ManifestObject>,
    /// The pods of its objects, in the order of the file.
    pub pods: Vec<Pod>,
}

/// Reads a file's text. It never fails: what cannot be read is among the problems, and hides nothing else.
#[must_use]
pub fn parse_manifest(text: &str) -> ManifestFile {
    read_documents(&LazyText::new(text), None)
}

/// Reads the file as [`parse_manifest`] does, but leaves out documents that the prefilter finds sound and irrelevant.
#[must_use]
pub fn parse_relevant(text: &Arc<str>, asked: DocumentInterest<'_>) -> ManifestFile {
    read_documents(&LazyText { text, shared: Arc::clone(text).into() }, Some(asked))
}

/// Does the same for a text that nobody stores yet, and gives the text too where a document was read in full.
#[must_use]
pub fn parse_relevant_borrowed(text: &str, asked: DocumentInterest<'_>) -> (ManifestFile, Option<Arc<str>>) {
    let text = LazyText::new(text);
    let manifest = read_documents(&text, Some(asked));
    (manifest, text.shared.into_inner())
}

/// Some documents of a file alone, by their spans; as [`parse_relevant`] reads them.
#[must_use]
pub fn parse_documents(text: &Arc<str>, spans: &[Span], asked: DocumentInterest<'_>) -> ManifestFile {
    let (lent, mut manifest) = (LazyText { text, shared: Arc::clone(text).into() }, ManifestFile::default());
    spans.iter().for_each(|span| read_document(&lent, *span, Some(asked), &mut manifest));
    manifest
}

/// A text that is copied once something of it is kept.
struct LazyText<'t> {
    text: &'t str,
    shared: OnceCell<Arc<str>>,
}

impl<'t> LazyText<'t> {
    const fn new(text: &'t str) -> Self {
        Self { text, shared: OnceCell::new() }
    }

    fn shared_text(&self) -> &Arc<str> {
        self.shared.get_or_init(|| self.text.into())
    }
}

fn read_documents(lent: &LazyText<'_>, asked: Option<DocumentInterest<'_>>) -> ManifestFile {
    let mut manifest = ManifestFile::default();
    let text = lent.text;
    if text.len() > MAX_YAML_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_YAML_BYTES / 1024 / 1024);
        manifest.problems.push(YamlProblem {
            kind: YamlProblemKind::TooLarge,
            span: Span::empty_at(0),
            message,
        });
        return manifest;
    }
    manifest.template = template_detection::template_in_comments(text);
    if manifest.template.is_some() {
        return manifest;
    }
    let start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len_utf8() } else { 0 };
    let (mut subjects, mut counted) = (0, 0);
    for slice in split_documents::split_documents(&text[start..]) {
        read_document(lent, slice.shift_by(start), asked, &mut manifest);
        if manifest.template.is_some() {
            return ManifestFile { template: manifest.template, ..ManifestFile::default() };
        }
        subjects += manifest.documents[counted..].iter().map(ManifestDocument::count_subjects).sum::<usize>();
        counted = manifest.documents.len();
        if subjects > MAX_FILE_SUBJECTS {
            // The document that is too many is not read, nor any after it.
            manifest.documents.pop();
            manifest.problems.push(too_many_subjects(slice.shift_by(start)));
            break;
        }
    }
    manifest.documents.shrink_to_fit();
    manifest
}

fn too_many_subjects(span: Span) -> YamlProblem {
    let message = format!(
        "a file is read up to {MAX_FILE_SUBJECTS} objects and containers: split it, and the rest is read too"
    );
    YamlProblem { kind: YamlProblemKind::TooLarge, span: Span::empty_at(span.start), message }
}

/// The signs that stand in every template.
static TEMPLATE_ACTIONS: LazyLock<[Finder<'static>; 4]> =
    LazyLock::new(|| ["{{", "{%", "<%", "%{"].map(Finder::new));

/// Reads one document, where there is a sign that it matters.
fn read_document(
    lent: &LazyText<'_>,
    span: Span,
    asked: Option<DocumentInterest<'_>>,
    manifest: &mut ManifestFile,
) {
    let slice = span.slice(lent.text);
    let holds = |sign: &Finder<'_>| sign.find(slice.as_bytes()).is_some();
    let candidate = may_name_object(slice);
    if !candidate && !TEMPLATE_ACTIONS.iter().any(holds) {
        manifest.has_foreign_document |= holds_content(slice);
        return;
    }
    let may_pass = candidate && !TemplateEngine::may_stand_in_scalars(slice);
    if may_pass && asked.is_some_and(|asked| is_irrelevant(slice, asked)) {
        manifest.irrelevant_count += 1;
        return;
    }
    let text = lent.shared_text();
    let built = load_tree::load_tree(text, span);
    manifest.template = match &built {
        Ok(tree) => template_detection::template_in_tree(text, span, tree),
        Err(_) => template_detection::template_in_broken(text, span),
    };
    if !candidate || manifest.template.is_some() {
        manifest.has_foreign_document |= holds_content(slice);
        return;
    }
    match built {
        Ok(tree) => add_document(text, span, tree, manifest),
        Err(error) => manifest.problems.push(syntax_problem(error)),
    }
}

fn syntax_problem(TreeError { kind, offset, message }: TreeError) -> YamlProblem {
    YamlProblem { kind, span: Span::empty_at(offset), message }
}

fn add_document(text: &Arc<str>, span: Span, tree: YamlTree, manifest: &mut ManifestFile) {
    match YamlDocument::new(text, span, tree) {
        Ok((yaml, problems)) => {
            manifest.problems.extend(problems);
            let objects = manifest_object::read_objects(&yaml.tree);
            let pods = pod::read_pods(&yaml.tree, &objects);
            manifest.has_foreign_document |= objects.is_empty() && !is_object_list(&yaml.tree);
            manifest.has_object_sequence |= objects.is_empty() && is_object_sequence(&yaml.tree);
            manifest.documents.push(ManifestDocument { yaml, objects, pods });
        }
        Err(problem) => manifest.problems.push(problem),
    }
}

impl ManifestFile {
    /// Takes all pods as parts of others: they are judged on what they say, and nothing is known of what they lack.
    pub fn mark_as_part(&mut self) {
        for pod in self.documents.iter_mut().flat_map(|document| &mut document.pods) {
            pod.completeness = PodCompleteness::Part;
            pod.containers.iter_mut().for_each(|container| container.is_whole = false);
        }
    }

    /// The index of the document with this span; they stand in the order of the file.
    #[must_use]
    pub fn document_at(&self, span: Span) -> Option<usize> {
        let at = self.documents.partition_point(|document| document.span.start < span.start);
        self.documents.get(at).filter(|document| document.span == span).map(|_| at)
    }

    /// Its documents without what they mean.
    #[must_use]
    pub fn into_yaml(self) -> YamlFile {
        let documents = self.documents.into_iter().map(|document| document.yaml).collect();
        YamlFile { documents, problems: self.problems }
    }
}

impl ManifestDocument {
    /// The number of objects and containers in it.
    fn count_subjects(&self) -> usize {
        self.objects.len() + self.pods.iter().map(|pod| pod.containers.len()).sum::<usize>()
    }
}

impl Deref for ManifestDocument {
    type Target = YamlDocument;

    fn deref(&self) -> &YamlDocument {
        &self.yaml
    }
}

impl ManifestDocument {
    /// The object that holds a pod.
    #[must_use]
    pub fn object_of(&self, pod: &Pod) -> &ManifestObject {
        &self.objects[pod.object_index]
    }
}

/// True where a document holds more than comments and markers.
fn holds_content(slice: &str) -> bool {
    let mut lines = slice.trim_start_matches(BYTE_ORDER_MARK).lines().map(str::trim);
    lines.any(|line| {
        let line = line.strip_prefix("---").unwrap_or(line).trim_start();
        !(line.starts_with(['#', '%']) || matches!(line, "" | "..." | "null" | "~" | "{}" | "[]"))
    })
}

/// True for a list of objects, though it has none yet; and for an empty document.
fn is_object_list(tree: &YamlTree) -> bool {
    let Some(root) = tree.root().filter(|root| !tree.is_null(*root)) else { return true };
    let text = |key| tree.get_resolved(root, key).and_then(|value| tree.scalar_text(value));
    text("kind").is_some_and(|kind| kind.ends_with("List")) && text("apiVersion").is_some()
}
