//! Finds the tags and digests of the images that a fix is about: as they are planned, or where they would go.

use super::value_finder::{ValueFinder, end_of_line, unquoted};
use super::written_text::AddedLines;
use super::{PlanValueKind, ValueOwner, ValuePlace};
use crate::audit::FileContent;
use crate::dockerfile;
use crate::finding::{Edit, FindingKey, ImageEdit, ImageEditPlace};
use crate::kubernetes;
use crate::repo::{FilePatch, RelPath};
use crate::text::{Span, line_start};
use crate::yaml::{PathStep, load_single_document};

/// Adds the values of the images that these findings are about.
pub(super) fn add_image_values(finder: &mut ValueFinder<'_>, keys: &[FindingKey]) {
    let mut paths: Vec<&RelPath> = keys.iter().map(|key| &key.path).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in paths.into_iter().filter(|path| finder.engine.chart_of(path).is_none()) {
        let open = finder.engine.open_findings(path);
        let asked = open.iter().filter(|(key, _)| keys.contains(key));
        let mut edits: Vec<&ImageEdit> = Vec::new();
        for (_, finding) in asked {
            for edit in finding.edits() {
                if let Edit::Image(edit) = edit
                    && !edits.iter().any(|known| known.place == edit.place)
                {
                    edits.push(edit);
                }
            }
        }
        if !edits.is_empty() {
            add_images_of_file(finder, path, &edits);
        }
    }
}

fn add_images_of_file(finder: &mut ValueFinder<'_>, path: &RelPath, edits: &[&ImageEdit]) {
    let Some((source, content)) = finder.engine.file(path) else { return };
    let is_dockerfile = matches!(content, FileContent::Dockerfile(_));
    let at = finder.sheet.files.iter().position(|file| file.path == *path).unwrap_or_else(|| {
        let unchanged = FilePatch { path: path.clone(), before: source.clone(), after: source.clone() };
        finder.sheet.files.push(unchanged);
        finder.sheet.files.len() - 1
    });
    let file = finder.sheet.files[at].clone();
    let added = AddedLines::of_patch(&file);
    let text = file.after.text();
    for edit in edits {
        if let ImageEditPlace::Entry { path } = &edit.place {
            add_entry(finder, edit, &file, (path, &added));
            continue;
        }
        let found = match &edit.place {
            ImageEditPlace::Dockerfile { instruction, span } if is_dockerfile => {
                find_in_dockerfile(text, *instruction, edit, span.slice(source.text()))
            }
            ImageEditPlace::Value { document, path } if !is_dockerfile => {
                let manifest = kubernetes::parse_manifest(text);
                let tree = manifest.documents.get(*document).map(|document| &document.tree);
                tree.and_then(|tree| tree.locate_value(tree.root()?, path))
            }
            _ => None,
        };
        if let Some(reference) = found {
            add_reference(finder, edit, &file, (unquoted(reference, text).0, added.contains(reference)));
        }
    }
}

/// The reference in an instruction, as it is now or as it is planned: what follows is the tag and the digest.
fn find_in_dockerfile(text: &str, instruction: usize, edit: &ImageEdit, raw: &str) -> Option<Span> {
    let file = dockerfile::parse(text);
    let span = file.instructions.get(instruction)?.span;
    let name = if raw == edit.image.text() { image_name(raw) } else { raw };
    let start = span.start + span.slice(text).find(name)?;
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',');
    let end = text[start..].find(ends).map_or(text.len(), |at| start + at);
    Some(Span::new(start, end))
}

/// A reference up to its tag and its digest.
fn image_name(reference: &str) -> &str {
    let named = reference.split('@').next().unwrap_or_default();
    let folder = named.rfind('/').map_or(0, |at| at + 1);
    named[folder..].find(':').map_or(named, |at| &named[..folder + at])
}

/// Adds the parts of a reference; a part that is not written has its place all the same.
fn add_reference(
    finder: &mut ValueFinder<'_>,
    edit: &ImageEdit,
    file: &FilePatch,
    (reference, is_added): (Span, bool),
) {
    let text = file.after.text();
    let written = reference.slice(text);
    let owner = ValueOwner::Image(edit.image.clone());
    let place = |span, lead: &str| ValuePlace { path: file.path.clone(), span, lead: lead.to_owned() };
    let named = written.split('@').next().unwrap_or_default();
    // Of a reference that arguments put together, only the digest can be said.
    let is_composed = named.contains('$');
    let tag = image_name(named).len();
    let named_end = reference.start + named.len();
    if !is_composed {
        let (span, lead) = match named.len() > tag {
            true => (Span::new(reference.start + tag + 1, named_end), ""),
            false => (Span::empty_at(named_end), ":"),
        };
        finder.add_place(PlanValueKind::Tag, &owner, span.slice(text), place(span, lead));
    }
    // A digest that stands there already is the one that is to go, unless it is planned.
    let digest = Span::new((named_end + 1).min(reference.end), reference.end);
    let (span, lead) = match digest.is_empty() {
        true => (Span::empty_at(reference.end), "@"),
        false => (digest, ""),
    };
    let planned = if is_added || digest.is_empty() { span.slice(text) } else { "" };
    finder.add_place(PlanValueKind::Digest, &owner, planned, place(span, lead));
}

/// Adds the tag and the digest of an entry of a kustomization; one that is not written has its place behind the others.
fn add_entry(
    finder: &mut ValueFinder<'_>,
    edit: &ImageEdit,
    file: &FilePatch,
    (path, added): (&[PathStep], &AddedLines<'_>),
) {
    let text = file.after.text();
    let Some(tree) = load_single_document(file.after.shared_text()) else { return };
    let Some(entry) = tree.root().and_then(|root| tree.node_at(root, path)) else { return };
    let Some((first, last)) = tree.entries(entry).first().zip(tree.entries(entry).last()) else { return };
    let is_flow = text[tree.span(entry).start..].starts_with('{');
    let start = tree.span(first.0).start;
    let column = start - line_start(text, start);
    let owner = ValueOwner::Image(edit.image.clone());
    for (kind, key) in [(PlanValueKind::Tag, "newTag"), (PlanValueKind::Digest, "digest")] {
        let (span, lead, planned) = match tree.get(entry, key) {
            Some(value) => {
                let (span, _) = unquoted(tree.span(value), text);
                let is_planned = kind == PlanValueKind::Tag || added.contains(span);
                (span, String::new(), if is_planned { span.slice(text) } else { "" })
            }
            None if is_flow => (Span::empty_at(tree.span(last.1).end), format!(", {key}: "), ""),
            None => (end_of_line(text, tree.span(last.1)), format!("\n{}{key}: ", " ".repeat(column)), ""),
        };
        let place = ValuePlace { path: file.path.clone(), span, lead };
        finder.add_place(kind, &owner, planned, place);
    }
}

#[cfg(test)]
mod tests {
    use super::image_name;

    #[test]
    fn a_name_ends_at_its_tag_or_digest() {
        for (reference, name) in [
            ("nginx:1.25", "nginx"),
            ("registry.example:5000/shop/api", "registry.example:5000/shop/api"),
            ("registry.example:5000/shop/api:1@sha256:ab", "registry.example:5000/shop/api"),
            ("alpine@sha256:ab", "alpine"),
        ] {
            assert_eq!(image_name(reference), name);
        }
    }
}
