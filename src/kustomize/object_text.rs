//! Writes built objects as YAML for rules and screens; each stretch of the text knows the bytes that it comes from.

use super::built_node::{BuiltNode, BuiltValue, NodeEntry, SourcePart};
use super::built_object::BuiltObject;
use super::source_library::SourceLibrary;
use crate::text::Span;
use crate::yaml::ScalarTyping;
use crate::yaml::scalar_typing::{ambiguous_boolean, type_unless_text};

/// Objects as a text.
#[derive(Clone, Debug, Default)]
pub struct ObjectText {
    pub text: String,
    /// Covers each byte of the text once, in order.
    pub pieces: Vec<TextPiece>,
    /// Where each object begins.
    pub starts: Vec<usize>,
    /// What patches took out.
    pub removals: Vec<RemovalPlace>,
}

/// A key that a patch took out of a map of the text.
#[derive(Clone, Debug)]
pub struct RemovalPlace {
    pub key: String,
    /// The map.
    pub owner: Span,
    /// The element of a list in which that map stands, as a container; else the object.
    pub element: Span,
    pub part: SourcePart,
}

/// A stretch of the text, and the bytes that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextPiece {
    pub start: usize,
    pub end: usize,
    pub part: SourcePart,
    /// True where the same bytes stand there; else they were made of what stands there, or stand beside it.
    pub is_exact: bool,
}

/// Writes objects one after the other. Nothing is written of objects that come from nowhere.
#[must_use]
pub fn write_objects<'o>(
    objects: impl Iterator<Item = &'o BuiltObject>,
    library: &SourceLibrary<'_>,
) -> ObjectText {
    let mut writer = TextWriter { library, made: ObjectText::default(), near: None, element: 0 };
    for object in objects {
        writer.near = object.root.first_part().or(writer.near);
        if writer.near.is_none() {
            continue;
        }
        if !writer.made.starts.is_empty() {
            writer.push_glue("---\n");
        }
        let start = writer.made.text.len();
        writer.made.starts.push(start);
        writer.element = start;
        let first = writer.made.removals.len();
        writer.write_map(&object.root, 0, false);
        writer.end_element(first, start);
    }
    writer.made
}

/// What most lines begin with.
const BLANKS: &str = "                                                                ";

struct TextWriter<'a> {
    library: &'a SourceLibrary<'a>,
    made: ObjectText,
    /// What stood last: signs and spaces count to it.
    near: Option<SourcePart>,
    /// Where the innermost element of a list, or the object, begins.
    element: usize,
}

impl TextWriter<'_> {
    fn push_glue(&mut self, text: &str) {
        if let Some(near) = self.near {
            self.push_piece(text, near, false);
        }
    }

    fn push_indent(&mut self, indent: usize) {
        match BLANKS.get(..indent) {
            Some(blanks) => self.push_glue(blanks),
            None => self.push_glue(&" ".repeat(indent)),
        }
    }

    fn push_piece(&mut self, text: &str, part: SourcePart, is_exact: bool) {
        if text.is_empty() {
            return;
        }
        let start = self.made.text.len();
        self.made.text.push_str(text);
        let end = self.made.text.len();
        match self.made.pieces.last_mut() {
            Some(last) if !is_exact && !last.is_exact && last.part == part => last.end = end,
            _ => self.made.pieces.push(TextPiece { start, end, part, is_exact }),
        }
        self.near = Some(part);
    }

    /// A map that has entries, and what was taken out of it.
    fn write_map(&mut self, node: &BuiltNode, indent: usize, is_begun: bool) {
        let start = self.made.text.len();
        self.write_entries(node.entries(), indent, is_begun);
        self.note_removals(node, start);
    }

    fn note_removals(&mut self, node: &BuiltNode, start: usize) {
        let (owner, element) = (Span::new(start, self.made.text.len()), Span::empty_at(self.element));
        let gone = node.gone.iter();
        self.made.removals.extend(gone.map(|gone| RemovalPlace {
            key: gone.key.clone(),
            owner,
            element,
            part: gone.part,
        }));
    }

    /// Says of the removals since `first` in which element, now written whole, they stand.
    fn end_element(&mut self, first: usize, start: usize) {
        let end = self.made.text.len();
        let own = self.made.removals.iter_mut().skip(first);
        own.filter(|place| place.element == Span::empty_at(start))
            .for_each(|place| place.element = Span::new(start, end));
    }

    /// The entries of a map, each on lines of its own; the first one goes on in the line, where `is_begun`.
    fn write_entries(&mut self, entries: &[NodeEntry], indent: usize, mut is_begun: bool) {
        for entry in entries {
            if !std::mem::take(&mut is_begun) {
                self.push_indent(indent);
            }
            let near = entry.written.or_else(|| entry.node.first_part()).or(self.near);
            self.near = near;
            let parts: &[SourcePart] = entry.written.as_slice();
            self.write_line_text(&entry.key, parts);
            self.push_glue(":");
            self.write_value(&entry.node, indent);
        }
    }

    /// A value after its key or its dash.
    fn write_value(&mut self, node: &BuiltNode, indent: usize) {
        match &node.value {
            BuiltValue::Map(entries) if !entries.is_empty() => {
                self.push_glue("\n");
                self.write_map(node, indent + 2, false);
            }
            BuiltValue::List(items) if !items.is_empty() => {
                self.push_glue("\n");
                self.write_items(items, indent);
            }
            _ => {
                self.push_glue(" ");
                self.write_scalar(node, indent);
            }
        }
    }

    fn write_items(&mut self, items: &[BuiltNode], indent: usize) {
        for item in items {
            self.near = item.first_part().or(self.near);
            self.push_indent(indent);
            match &item.value {
                BuiltValue::Map(entries) if !entries.is_empty() => {
                    self.push_glue("- ");
                    let (start, first) = (self.made.text.len(), self.made.removals.len());
                    let outer = std::mem::replace(&mut self.element, start);
                    self.write_map(item, indent + 2, true);
                    self.end_element(first, start);
                    self.element = outer;
                }
                BuiltValue::List(inner) if !inner.is_empty() => {
                    self.push_glue("-\n");
                    self.write_items(inner, indent + 2);
                }
                _ => {
                    self.push_glue("- ");
                    self.write_scalar(item, indent);
                }
            }
        }
    }

    fn write_scalar(&mut self, node: &BuiltNode, indent: usize) {
        match &node.value {
            BuiltValue::Text(text) if is_block_text(text) => {
                return self.write_block(text, &node.parts, indent);
            }
            BuiltValue::Text(text) => self.write_line_text(text, &node.parts),
            BuiltValue::Map(_) => {
                let start = self.made.text.len();
                self.write_made("{}", &node.parts);
                self.note_removals(node, start);
            }
            BuiltValue::List(_) => self.write_made("[]", &node.parts),
            BuiltValue::Null => self.write_made("null", &node.parts),
            BuiltValue::Bool(_) | BuiltValue::Number(_) => {
                let text = node.scalar_text().unwrap_or_default();
                self.write_parts(&text, &node.parts);
            }
        }
        self.push_glue("\n");
    }

    /// What stands for a value without being it.
    fn write_made(&mut self, text: &str, parts: &[SourcePart]) {
        match parts.first().copied().or(self.near) {
            Some(part) => self.push_piece(text, part, false),
            None => self.push_glue(text),
        }
    }

    /// A text on one line, in quotes where it would not be read as the text that it is.
    fn write_line_text(&mut self, text: &str, parts: &[SourcePart]) {
        if is_plain_text(text) {
            return self.write_parts(text, parts);
        }
        let quoted = serde_json::to_string(text).unwrap_or_default();
        let inner = quoted.trim_start_matches('"');
        if quoted.len() == text.len() + 2 && inner.strip_suffix('"') == Some(text) {
            self.near = parts.first().copied().or(self.near);
            self.push_glue("\"");
            self.write_parts(text, parts);
            self.push_glue("\"");
        } else {
            self.write_made(&quoted, parts);
        }
    }

    /// A text of several lines, as a block.
    fn write_block(&mut self, text: &str, parts: &[SourcePart], indent: usize) {
        self.near = parts.first().copied().or(self.near);
        self.push_glue(if text.ends_with('\n') { "|\n" } else { "|-\n" });
        let Some(part) = self.near else { return };
        let (source, whole) = (self.library.bytes_of(part.file), part.span());
        let mut at = whole.start;
        for line in text.lines() {
            if !line.is_empty() {
                self.push_piece(&" ".repeat(indent + 2), part, false);
            }
            match find_bytes(&source, line.as_bytes(), Span::new(at, whole.end)) {
                Some(found) if !line.is_empty() => {
                    at = found + line.len();
                    self.push_piece(line, SourcePart::new(part.file, Span::new(found, at), part.by), true);
                }
                _ => self.push_piece(line, part, false),
            }
            self.push_piece("\n", part, false);
        }
    }

    /// A text that was put together of parts: what stands in one of them as it is, and what stands between.
    fn write_parts(&mut self, text: &str, parts: &[SourcePart]) {
        let mut at = 0;
        for part in parts {
            let source = self.library.bytes_of(part.file);
            let span = part.span();
            let written = source.get(span.start..span.end).and_then(|bytes| std::str::from_utf8(bytes).ok());
            let Some(written) = written.filter(|written| !written.is_empty()) else { continue };
            // Mostly it is all of the text.
            let is_next = text[at..].starts_with(written);
            let Some(found) = (if is_next { Some(0) } else { text[at..].find(written) }) else { continue };
            if parts.len() == 1 && found > 0 {
                continue;
            }
            self.near = Some(*part);
            self.push_glue(&text[at..at + found]);
            self.push_piece(written, *part, true);
            at += found + written.len();
        }
        if at == 0 {
            return self.write_made(text, parts);
        }
        self.push_glue(&text[at..]);
    }
}

/// Where the bytes stand in that stretch.
fn find_bytes(source: &[u8], wanted: &[u8], within: Span) -> Option<usize> {
    let stretch = source.get(within.start..within.end)?;
    memchr::memmem::find(stretch, wanted).map(|found| within.start + found)
}

/// True for a text of several lines that a block holds as it is.
fn is_block_text(text: &str) -> bool {
    let is_odd =
        |c: char| c.is_control() && c != '\n' || matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}');
    text.contains('\n')
        && !text.starts_with([' ', '\n', '\t'])
        && !text.ends_with("\n\n")
        && !text.lines().any(|line| line.trim_end() != line)
        && !text.chars().any(is_odd)
}

/// True for a text that is read as itself without quotes.
fn is_plain_text(text: &str) -> bool {
    let mut chars = text.chars();
    let begins = chars.next().is_some_and(|first| first.is_ascii_alphanumeric() || "_/.".contains(first))
        || (text.starts_with('-') && text.len() > 1 && !text.starts_with("- ") && !text.starts_with("---"));
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_./:@+=-$ ()%~".contains(c);
    begins
        && text.chars().all(is_safe)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
        && !text.starts_with("...")
        && ambiguous_boolean(text).is_none()
        && type_unless_text(text, ScalarTyping::GoYaml).is_none()
        && type_unless_text(text, ScalarTyping::CoreSchema).is_none()
        && !is_date(text)
}

/// True for what some readers take for a moment.
fn is_date(text: &str) -> bool {
    text.len() >= 8 && text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('-')
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::super::{KustomizeBuilds, PlaceKind, SourceData, SourceFolder, SourceLibrary};
    use super::write_objects;

    struct Files(HashMap<&'static str, &'static str>);

    impl SourceFolder for Files {
        fn kind_of(&self, path: &str) -> PlaceKind {
            if self.0.contains_key(path) { PlaceKind::File } else { PlaceKind::Absent }
        }

        fn file_names(&self, _: &str) -> Vec<String> {
            self.0.keys().map(|name| (*name).to_owned()).collect()
        }

        fn read(&self, path: &str) -> Result<SourceData, String> {
            self.0.get(path).map(|text| SourceData::Text((*text).into())).ok_or_else(|| "absent".to_owned())
        }
    }

    const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  on: \"yes\"\n  lines: |\n    a: 1\n\n    b\n  odd: \"\\ta\\n\"\n  empty: \"\"\n  date: \"2020-01-01\"\n  list: '- x'\n";

    #[test]
    fn what_is_written_reads_as_the_object_and_covers_itself() {
        let files = Files(HashMap::from([
            ("kustomization.yaml", "resources: [map.yaml]\nnamePrefix: my-\n"),
            ("map.yaml", MAP),
        ]));
        let library = SourceLibrary::new(&files);
        let built = KustomizeBuilds::new(&library).build("").expect("it builds");
        let made = write_objects(built.iter(), &library);
        let read: serde_json::Value = serde_yaml::from_str(&made.text).expect("it is YAML");
        assert_eq!(read, built[0].root.to_json(), "{}", made.text);
        let mut at = 0;
        for piece in &made.pieces {
            assert_eq!(piece.start, at);
            at = piece.end;
            if piece.is_exact {
                let source = library.bytes_of(piece.part.file);
                let span = piece.part.span();
                assert_eq!(made.text.as_bytes()[piece.start..piece.end], source[span.start..span.end]);
            }
        }
        assert_eq!(at, made.text.len());
        let name = made.text.find("my-conf").expect("the name is there");
        let of_name: Vec<_> = made.pieces.iter().filter(|p| p.start >= name && p.end <= name + 7).collect();
        assert_eq!(of_name.len(), 2, "{}", made.text);
    }
}
