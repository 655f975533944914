//! Decides without the cost of a parse that a document has no fault and that no rule reads it.

use std::ops::Range;

use crate::text::SmallSet;
use crate::yaml::lines::{self, LineScalar, YamlVisitor};
use crate::yaml::scalar_typing::ambiguous_boolean;
use crate::yaml::yaml_tree::{CollectionLayout, ScalarForm};

/// The header of a document that has no fault: the fields that name its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentHeader<'a> {
    pub api_version: &'a str,
    pub kind: &'a str,
    pub namespace: Option<&'a str>,
    /// The keys of its annotations.
    pub annotations: Vec<&'a str>,
    /// Each from its `#` to the end of its line.
    pub comments: Vec<&'a str>,
    /// True when a key `containers` stands anywhere in it.
    pub has_containers: bool,
    /// True when a key `image` stands anywhere in it.
    pub has_image: bool,
    /// True when a key stands anywhere in it that a container has beside its image.
    pub has_container_field: bool,
}

/// The documents that are read in full. One of a relevant kind is, whatever else it holds.
#[derive(Clone, Copy)]
pub struct DocumentInterest<'f> {
    pub by_kind: &'f dyn Fn(&str) -> bool,
    pub by_header: &'f dyn Fn(&DocumentHeader<'_>) -> bool,
}

/// True for the text of a document that has no fault and is irrelevant. One of which a key repeats or a scalar is an
/// ambiguous boolean may have a fault, and so may one that is written in a way that only the parser knows.
pub(super) fn is_irrelevant(slice: &str, asked: DocumentInterest<'_>) -> bool {
    let (open, keys) = (Vec::with_capacity(16), Vec::with_capacity(64));
    let (seen, heading) = (SmallSet::default(), DocumentHeader::default());
    let prefilter = lines::visit_lines(
        slice,
        DocumentPrefilter {
            slice,
            interest: asked,
            open_levels: open,
            open_keys: keys,
            distinct_keys: seen,
            header: heading,
        },
    );
    prefilter.is_some_and(|DocumentPrefilter { header: heading, .. }| {
        !heading.api_version.is_empty() && !heading.kind.is_empty() && !(asked.by_header)(&heading)
    })
}

/// The levels of a document that its header is read from.
const HEADER_DEPTH: usize = 3;

/// A collection that is open.
struct OpenLevel {
    is_mapping: bool,
    /// Index of its first key among all that are stored.
    first_key: usize,
}

struct DocumentPrefilter<'a> {
    slice: &'a str,
    interest: DocumentInterest<'a>,
    open_levels: Vec<OpenLevel>,
    /// The keys of the open mappings.
    open_keys: Vec<&'a str>,
    /// Those of the mapping that ends.
    distinct_keys: SmallSet<&'a str>,
    header: DocumentHeader<'a>,
}

impl<'a> DocumentPrefilter<'a> {
    /// The key at each level that leads to the last one, where all that is open are mappings and few; else nothing.
    fn current_path(&self) -> ([&'a str; HEADER_DEPTH], usize) {
        let mut path = [""; HEADER_DEPTH];
        if !self.is_near_head() || self.open_levels.iter().any(|open| !open.is_mapping) {
            return (path, 0);
        }
        let ends = self.open_levels.iter().skip(1).map(|open| open.first_key).chain([self.open_keys.len()]);
        let keys = ends.map(|end| end.checked_sub(1).and_then(|at| self.open_keys.get(at)));
        path.iter_mut().zip(keys).for_each(|(step, key)| *step = key.copied().unwrap_or_default());
        (path, self.open_levels.len())
    }

    /// Stores a value of the document's header. None where the kind is relevant.
    fn note_header_value(&mut self, text: &'a str) -> Option<()> {
        match self.current_path() {
            (["kind", ..], 1) => {
                self.header.kind = text;
                return (!(self.interest.by_kind)(text)).then_some(());
            }
            (["apiVersion", ..], 1) => self.header.api_version = text,
            (["metadata", "namespace", _], 2) => self.header.namespace = Some(text),
            _ => {}
        }
        Some(())
    }

    /// True when the next node is near enough to the document's head to be of the header.
    const fn is_near_head(&self) -> bool {
        self.open_levels.len() <= HEADER_DEPTH
    }
}

impl<'a> YamlVisitor<'a> for DocumentPrefilter<'a> {
    fn on_collection_start(&mut self, is_mapping: bool, _: CollectionLayout, _: usize) -> Option<()> {
        self.open_levels.push(OpenLevel { is_mapping, first_key: self.open_keys.len() });
        Some(())
    }

    fn on_collection_end(&mut self, _: Option<usize>) -> Option<()> {
        let open = self.open_levels.pop()?;
        self.distinct_keys.clear();
        if self.open_keys[open.first_key..].iter().any(|key| !self.distinct_keys.insert(key)) {
            return None;
        }
        self.open_keys.truncate(open.first_key);
        Some(())
    }

    fn on_key(&mut self, text: &'a str, _: Range<usize>) -> Option<()> {
        self.open_keys.push(text);
        match text {
            "containers" => self.header.has_containers = true,
            "image" => self.header.has_image = true,
            "command" | "args" | "env" | "volumeMounts" | "securityContext" => {
                self.header.has_container_field = true;
            }
            _ => {}
        }
        if self.is_near_head()
            && let (["metadata", "annotations", on_key], HEADER_DEPTH) = self.current_path()
        {
            self.header.annotations.push(on_key);
        }
        Some(())
    }

    fn on_scalar(&mut self, on_scalar: &LineScalar<'a>) -> Option<()> {
        let written = on_scalar.verbatim_text().filter(|_| !on_scalar.range.is_empty());
        let Some(text) = written else { return Some(()) };
        if on_scalar.style == ScalarForm::Plain && ambiguous_boolean(text).is_some() {
            return None;
        }
        if self.is_near_head() { self.note_header_value(text) } else { Some(()) }
    }

    fn on_comment(&mut self, range: Range<usize>) -> Option<()> {
        self.header.comments.push(&self.slice[range]);
        Some(())
    }
}
