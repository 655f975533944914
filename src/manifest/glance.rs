//! A look at a document that shows what it is, and that it is whole, without the cost of a parse.

use std::ops::Range;

use super::lines::{self, Scalar, Sink};
use super::scalar::ambiguous_boolean;
use super::tree::{Layout, Style};
use crate::text::Seen;

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

/// Which documents are read in full. One whose kind is asked for is, whatever else it says.
#[derive(Clone, Copy)]
pub struct Asked<'f> {
    pub by_kind: &'f dyn Fn(&str) -> bool,
    pub by_heading: &'f dyn Fn(&Heading<'_>) -> bool,
}

/// Looks through the text of one document: whether it has no fault and nobody asks for it. One of which a key repeats or
/// a scalar is an ambiguous boolean may have a fault, and so may one that is written in a way that only the parser knows.
pub(super) fn is_passed_over(slice: &str, asked: Asked<'_>) -> bool {
    let (open, keys) = (Vec::with_capacity(16), Vec::with_capacity(64));
    let (seen, heading) = (Seen::default(), Heading::default());
    let glance = lines::read(slice, Glance { slice, asked, open, keys, seen, heading });
    glance.is_some_and(|Glance { heading, .. }| {
        !heading.api_version.is_empty() && !heading.kind.is_empty() && !(asked.by_heading)(&heading)
    })
}

/// How many levels of a document say what it is.
const HEAD: usize = 3;

/// A collection that is open.
struct Open {
    is_mapping: bool,
    /// Where its keys begin among all that are kept.
    keys: usize,
}

struct Glance<'a> {
    slice: &'a str,
    asked: Asked<'a>,
    open: Vec<Open>,
    /// The keys of the open mappings.
    keys: Vec<&'a str>,
    /// Those of the mapping that ends.
    seen: Seen<&'a str>,
    heading: Heading<'a>,
}

impl<'a> Glance<'a> {
    /// The key at each level that leads to the last one, where all that is open are mappings and few; else nothing.
    fn path(&self) -> ([&'a str; HEAD], usize) {
        let mut path = [""; HEAD];
        if !self.is_near() || self.open.iter().any(|open| !open.is_mapping) {
            return (path, 0);
        }
        let ends = self.open.iter().skip(1).map(|open| open.keys).chain([self.keys.len()]);
        let keys = ends.map(|end| end.checked_sub(1).and_then(|at| self.keys.get(at)));
        path.iter_mut().zip(keys).for_each(|(step, key)| *step = key.copied().unwrap_or_default());
        (path, self.open.len())
    }

    /// Keeps a value that says what the document is. None where its kind shows that it is asked for.
    fn note(&mut self, text: &'a str) -> Option<()> {
        match self.path() {
            (["kind", ..], 1) => {
                self.heading.kind = text;
                return (!(self.asked.by_kind)(text)).then_some(());
            }
            (["apiVersion", ..], 1) => self.heading.api_version = text,
            (["metadata", "namespace", _], 2) => self.heading.namespace = Some(text),
            _ => {}
        }
        Some(())
    }

    /// Whether what comes now stands near enough to the document's head to say what it is.
    const fn is_near(&self) -> bool {
        self.open.len() <= HEAD
    }
}

impl<'a> Sink<'a> for Glance<'a> {
    fn begin(&mut self, is_mapping: bool, _: Layout, _: usize) -> Option<()> {
        self.open.push(Open { is_mapping, keys: self.keys.len() });
        Some(())
    }

    fn end(&mut self, _: Option<usize>) -> Option<()> {
        let open = self.open.pop()?;
        self.seen.clear();
        if self.keys[open.keys..].iter().any(|key| !self.seen.insert(key)) {
            return None;
        }
        self.keys.truncate(open.keys);
        Some(())
    }

    fn key(&mut self, text: &'a str, _: Range<usize>) -> Option<()> {
        self.keys.push(text);
        self.heading.has_containers |= text == "containers";
        if self.is_near()
            && let (["metadata", "annotations", key], HEAD) = self.path()
        {
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
        if self.is_near() { self.note(text) } else { Some(()) }
    }

    fn comment(&mut self, range: Range<usize>) -> Option<()> {
        self.heading.comments.push(&self.slice[range]);
        Some(())
    }
}
