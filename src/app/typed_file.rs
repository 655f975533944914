//! Lays typed values into the file in which they stand, for the view that shows them there.

use std::ops::Range;

use super::patched_file::PatchedFile;
use super::value_editor::ValueEditor;
use crate::fix::PlanValueKind;
use crate::repo::{FilePatch, RelPath};
use crate::text::SourceText;

/// The signs around a value, each one byte and one cell; the views draw their own in their places.
const BRACKETS: [char; 2] = ['[', ']'];
/// The cursor's sign, likewise.
const CURSOR: char = '_';

/// A file with the typed values in it.
#[derive(Clone, Debug, PartialEq)]
pub struct TypedFile {
    pub file: PatchedFile,
    pub marks: Vec<ValueMark>,
}

/// The place of a value in a file as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueMark {
    /// The index of the field.
    pub field: usize,
    /// The line in the file after the fix, from 1.
    pub line: usize,
    /// In bytes of the line, with the brackets.
    pub bytes: Range<usize>,
    /// The cursor, in bytes of the line, and whether text follows it.
    pub cursor: Option<(usize, bool)>,
    /// False where it only follows the value's own place.
    pub is_own: bool,
}

impl ValueEditor {
    /// The file in which the field that has the keys stands, with all typed values: this one, where it stands there, too.
    #[must_use]
    pub fn typed_file(&self, preferred: Option<&RelPath>) -> Option<TypedFile> {
        let places = &self.current_field()?.value.places;
        let stands = |path: &&RelPath| places.iter().any(|place| place.path == **path);
        let path = preferred.filter(stands).or_else(|| Some(&places.first()?.path))?;
        let file = self.files.iter().find(|file| file.path == *path)?;
        Some(lay_out_values(self, file))
    }
}

/// What goes into the text for one place.
struct PlacedText {
    start: usize,
    end: usize,
    lead: String,
    text: String,
    cursor: Option<(usize, bool)>,
    field: usize,
    is_own: bool,
}

fn lay_out_values(editor: &ValueEditor, file: &FilePatch) -> TypedFile {
    let mut texts: Vec<PlacedText> = Vec::new();
    for (at, field) in editor.fields.iter().enumerate() {
        let is_focused = at == editor.focused;
        let mut is_own = true;
        for place in field.value.places.iter().filter(|place| place.path == file.path) {
            // What is lacking is shown where it is wanted: a digest, and what is being typed.
            let is_wanted = place.lead.is_empty() || field.value.kind == PlanValueKind::Digest;
            if is_wanted || is_focused || !field.typed_text().is_empty() {
                texts.push(place_text(editor, at, is_own, (place.span.start, place.span.end), &place.lead));
            }
            is_own = false;
        }
    }
    texts.sort_by_key(|text| (text.start, text.end));
    let base = file.after.text();
    let (mut out, mut from) = (String::with_capacity(base.len() + 64), 0);
    let mut spans: Vec<Range<usize>> = Vec::new();
    for text in &texts {
        out.push_str(base.get(from..text.start).unwrap_or_default());
        out.push_str(&text.lead);
        let start = out.len();
        out.extend([BRACKETS[0]]);
        out.push_str(&text.text);
        out.extend([BRACKETS[1]]);
        spans.push(start..out.len());
        from = text.end.max(from);
    }
    out.push_str(base.get(from..).unwrap_or_default());
    let after = SourceText::new(out);
    let marks = texts.iter().zip(spans).map(|(text, span)| {
        let line = after.line_number_at(span.start);
        let begin = after.line_span(line).start;
        ValueMark {
            field: text.field,
            line,
            bytes: span.start - begin..span.end - begin,
            cursor: text.cursor.map(|(at, follows)| (span.start - begin + 1 + at, follows)),
            is_own: text.is_own,
        }
    });
    let marks = marks.collect();
    let patch = FilePatch { path: file.path.clone(), before: file.before.clone(), after };
    TypedFile { file: PatchedFile::new(&patch), marks }
}

fn place_text(
    editor: &ValueEditor,
    field: usize,
    is_own: bool,
    (start, end): (usize, usize),
    lead: &str,
) -> PlacedText {
    let typed = &editor.fields[field].text;
    let is_typing = field == editor.focused && is_own;
    let (before, after) = typed.split_at_cursor();
    let (text, cursor) = match is_typing {
        true => (format!("{before}{CURSOR}{after}"), Some((before.len(), !after.is_empty()))),
        false => (typed.text().to_owned(), None),
    };
    PlacedText { start, end, lead: lead.to_owned(), text, cursor, field, is_own }
}
