//! A look at a document that shows what it is, and that it is whole, without the cost of a parse.

use std::ops::Range;

use super::lines::{self, Scalar, Sink};
use super::scalar::ambiguous_boolean;
use super::tree::{Layout, Style};

/// What a document that has no fault says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading<'a> {
    pub api_version: &'a str,
    pub kind: &'a str,
    pub namespace: Option<&'a str>,
    /// The keys of its annotations.
    pub annotations: Vec<&'a str>,
    /// Each from its `#` to the end of its line.
    pub comments: Vec<&'a str>,
    /// Whether a key `containers` stands anywhere in it.
    pub has_containers: bool,
}

/// Looks through the text of one document. None where it may have a fault, where a key of it repeats or a scalar is an
/// ambiguous boolean, or where it is written in a way that only the parser knows.
pub(super) fn glance(slice: &str) -> Option<Heading<'_>> {
    let glance = lines::read(slice, Glance { slice, ..Glance::default() })?;
    let heading = glance.heading;
    (!heading.api_version.is_empty() && !heading.kind.is_empty()).then_some(heading)
}

/// A collection that is open.
struct Open {
    is_mapping: bool,
    /// Where its keys begin among all that are kept.
    keys: usize,
}

#[derive(Default)]
struct Glance<'a> {
    slice: &'a str,
    open: Vec<Open>,
    /// The keys of the open mappings.
    keys: Vec<&'a str>,
    heading: Heading<'a>,
}

impl<'a> Glance<'a> {
    /// The key at each level that leads to the last one, where all that is open are mappings and few; else nothing.
    fn path(&self) -> ([&'a str; 3], usize) {
        let mut path = [""; 3];
        if self.open.len() > 3 || self.open.iter().any(|open| !open.is_mapping) {
            return (path, 0);
        }
        let ends = self.open.iter().skip(1).map(|open| open.keys).chain([self.keys.len()]);
        let keys = ends.map(|end| end.checked_sub(1).and_then(|at| self.keys.get(at)));
        path.iter_mut().zip(keys).for_each(|(step, key)| *step = key.copied().unwrap_or_default());
        (path, self.open.len())
    }

    /// Keeps a value that says what the document is.
    fn note(&mut self, text: &'a str) {
        match self.path() {
            (["kind", ..], 1) => self.heading.kind = text,
            (["apiVersion", ..], 1) => self.heading.api_version = text,
            (["metadata", "namespace", _], 2) => self.heading.namespace = Some(text),
            _ => {}
        }
    }
}

impl<'a> Sink<'a> for Glance<'a> {
    fn begin(&mut self, is_mapping: bool, _: Layout, _: usize) -> Option<()> {
        self.open.push(Open { is_mapping, keys: self.keys.len() });
        Some(())
    }

    fn end(&mut self, _: Option<usize>) -> Option<()> {
        let open = self.open.pop()?;
        let keys = &mut self.keys[open.keys..];
        keys.sort_unstable();
        if keys.windows(2).any(|pair| pair[0] == pair[1]) {
            return None;
        }
        self.keys.truncate(open.keys);
        Some(())
    }

    fn key(&mut self, text: &'a str, _: Range<usize>) -> Option<()> {
        self.keys.push(text);
        self.heading.has_containers |= text == "containers";
        if let (["metadata", "annotations", key], 3) = self.path() {
            self.heading.annotations.push(key);
        }
        Some(())
    }

    fn scalar(&mut self, scalar: &Scalar<'a>) -> Option<()> {
        let written = scalar.written().filter(|_| !scalar.range.is_empty());
        let Some(text) = written else { return Some(()) };
        if scalar.style == Style::Plain && ambiguous_boolean(text).is_some() {
            return None;
        }
        self.note(text);
        Some(())
    }

    fn comment(&mut self, range: Range<usize>) -> Option<()> {
        self.heading.comments.push(&self.slice[range]);
        Some(())
    }
}
