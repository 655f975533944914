//! A file as its documents: each with its tree and its value, and whether it may be edited.

use std::cell::OnceCell;
use std::sync::{Arc, LazyLock, OnceLock};

use memchr::memmem::Finder;
use serde::de::DeserializeOwned;
use serde_yaml::Value;

use super::build::BuildError;
use super::glance::{Asked, is_passed_over};
use super::problem::{Problem, ProblemKind, ReadOnly};
use super::reader::Reader;
use super::scalar::{Typing, ambiguous_boolean};
use super::template::{self, Template};
use super::tree::{NodeId, Tree};
use super::{Object, Pod, object, plant, pod, split, value_of};
use crate::text::{Seen, Span};

/// The largest file that is read, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

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

/// One document of a file.
#[derive(Clone, Debug)]
pub struct Document {
    /// From its leading comments to before the next document.
    pub span: Span,
    /// Its spans are in the file.
    pub tree: Arc<Tree>,
    /// The document itself, or the items of the list that it is.
    pub objects: Vec<Object>,
    /// The pods of its objects, in the order of the file.
    pub pods: Vec<Pod>,
    /// The whole file's.
    text: Arc<str>,
    repeats_keys: bool,
    /// Whether parsers differ on its characters, once somebody asks.
    oddity: OnceLock<Option<ReadOnly>>,
    /// What the second parser makes of it, once somebody asks: only edits do.
    reading: OnceLock<Reading>,
}

/// A document's value, and why no edit of it is offered.
#[derive(Clone, Debug)]
struct Reading {
    value: Value,
    read_only: Option<ReadOnly>,
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

fn admit(text: &Arc<str>, span: Span, mut tree: Tree, manifest: &mut Manifest) {
    // Without aliases a value is never larger than its text.
    let has_aliases = tree.has_aliases();
    if has_aliases && tree.root().is_some_and(|root| value_of(&tree, root, Typing::Core).is_none()) {
        let message = "its aliases make the document far larger than its text".to_owned();
        let kind = ProblemKind::TooDeeplyNested;
        manifest.problems.push(Problem { kind, span: Span::at(span.start), message });
        return;
    }
    let repeated = repeated_keys(&tree);
    manifest.problems.extend(repeated.iter().map(|key| duplicate(&tree, *key)));
    tree.is_direct = repeated.is_empty() && !has_aliases && !tree.ids().any(|id| tree.is_merge(id));
    let tree = Arc::new(tree);
    let objects = object::objects(&tree);
    let pods = pod::pods(&tree, &objects);
    let (text, repeats_keys) = (Arc::clone(text), !repeated.is_empty());
    let (oddity, reading) = (OnceLock::new(), OnceLock::new());
    manifest.documents.push(Document { span, tree, objects, pods, text, repeats_keys, oddity, reading });
}

/// Characters on which YAML parsers differ.
fn oddity(slice: &str) -> Option<ReadOnly> {
    let lone = |(at, _): (usize, &str)| !slice[at + 1..].starts_with('\n');
    if !slice.is_ascii() && slice.contains(['\u{85}', '\u{2028}', '\u{2029}']) {
        Some(ReadOnly::LineSeparator)
    } else if slice.match_indices('\r').any(lone) {
        Some(ReadOnly::LoneCarriageReturn)
    } else {
        slice.contains(BYTE_ORDER_MARK).then_some(ReadOnly::ByteOrderMark)
    }
}

/// The keys that stand for the second time or more in their mapping.
fn repeated_keys(tree: &Tree) -> Vec<NodeId> {
    let (mut repeated, mut seen) = (Vec::new(), Seen::default());
    for entries in tree.ids().map(|id| tree.entries(id)).filter(|entries| entries.len() > 1) {
        seen.clear();
        let keys = entries.iter().map(|(key, _)| *key);
        repeated.extend(keys.filter(|key| tree.scalar(*key).is_some_and(|text| !seen.insert(text))));
    }
    repeated.sort_unstable();
    repeated
}

fn duplicate(tree: &Tree, key: NodeId) -> Problem {
    let name = tree.scalar(key).unwrap_or_default().escape_debug();
    let message = format!("the key `{name}` stands twice in one mapping");
    Problem { kind: ProblemKind::DuplicateKey, span: tree.span(key), message }
}

impl Document {
    /// As serde_yaml reads it; the last of repeated keys counts. Merge keys are not applied.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.reading().value
    }

    /// Why no edit of it is offered, as far as it shows without a second reading.
    #[must_use]
    pub fn doubt(&self) -> Option<ReadOnly> {
        let repeats = self.repeats_keys.then_some(ReadOnly::DuplicateKey);
        repeats.or_else(|| *self.oddity.get_or_init(|| oddity(self.span.of(&self.text))))
    }

    /// Why no edit of it is offered.
    #[must_use]
    pub fn read_only(&self) -> Option<ReadOnly> {
        self.reading().read_only
    }

    fn reading(&self) -> &Reading {
        self.reading.get_or_init(|| self.read_again())
    }

    /// Reads the slice a second time, and compares.
    fn read_again(&self) -> Reading {
        let tree = &self.tree;
        let own = tree.root().and_then(|root| value_of(tree, root, Typing::Core)).unwrap_or_default();
        if self.repeats_keys {
            return Reading { value: own, read_only: self.doubt() };
        }
        let other = serde_yaml::from_str::<Value>(self.span.of(&self.text)).ok();
        let differ = other.as_ref() != Some(&own);
        let read_only = self.doubt().or_else(|| differ.then_some(ReadOnly::ParsersDiffer));
        Reading { value: other.unwrap_or(own), read_only }
    }

    /// The plain scalars that kubectl reads as booleans and others as strings (`yes`, `off`, `y`), with what kubectl
    /// makes of them; keys are left out.
    pub fn ambiguous_booleans(&self) -> impl Iterator<Item = (NodeId, bool)> + '_ {
        let tree = &self.tree;
        let values = tree.ids().flat_map(|id| {
            let values = tree.entries(id).iter().map(|(_, value)| value);
            values.chain(tree.items(id))
        });
        values.filter_map(|id| Some((*id, ambiguous_boolean(tree.plain(*id)?)?)))
    }

    /// The object that holds a pod.
    #[must_use]
    pub fn object_of(&self, pod: &Pod) -> &Object {
        &self.objects[pod.object]
    }

    /// A node as a type of [`model`](super::model), read as kubectl does: `yes` is true, `0644` is 420, merge keys are
    /// applied. The default where it is no mapping.
    #[must_use]
    pub fn read<T: DeserializeOwned + Default>(&self, id: NodeId) -> T {
        read(&self.tree, id)
    }
}

/// See [`Document::read`].
pub(super) fn read<T: DeserializeOwned + Default>(tree: &Tree, id: NodeId) -> T {
    if tree.is_direct {
        return T::deserialize(Reader { tree, node: id }).unwrap_or_default();
    }
    let value = value_of(tree, id, Typing::Kubectl).unwrap_or_default();
    T::deserialize(&value).unwrap_or_default()
}
