//! Exchanges images as `images:` says, in any object that has containers.

use regex::Regex;

use super::build_fault::BuildFault;
use super::built_node::{BuiltNode, BuiltValue, PartOrigin, SourcePart};
use super::field_spec::{FieldSpec, visit_fields};
use super::field_tables::FieldTables;
use super::kustomization_file::KustomizationFile;
use super::object_set::ObjectSet;
use super::source_library::SourceLibrary;
use crate::text::Span;

/// An entry of `images:`.
struct ImageExchange<'a> {
    pattern: ImagePattern<'a>,
    new_name: Option<&'a BuiltNode>,
    new_tag: Option<&'a BuiltNode>,
    suffix: Option<&'a BuiltNode>,
    digest: Option<&'a BuiltNode>,
}

/// Applies every entry, in order.
pub(super) fn exchange_images(
    set: &mut ObjectSet,
    file: &KustomizationFile,
    tables: &FieldTables,
    library: &SourceLibrary<'_>,
) -> Result<(), BuildFault> {
    for entry in file.items("images").iter().chain(file.items("imageTags")) {
        exchange_image(set, entry, &tables.images, library)?;
    }
    Ok(())
}

/// Applies one entry of `images:`; the specs are fields beside those of containers.
pub(super) fn exchange_image(
    set: &mut ObjectSet,
    entry: &BuiltNode,
    specs: &[FieldSpec],
    library: &SourceLibrary<'_>,
) -> Result<(), BuildFault> {
    let name = entry.text_at(&["name"]).unwrap_or_default();
    let field = |key: &str| entry.get(key).filter(|node| node.as_text().is_some_and(|it| !it.is_empty()));
    let exchange = ImageExchange {
        pattern: ImagePattern::of_name(name)?,
        new_name: field("newName"),
        new_tag: field("newTag"),
        suffix: field("tagSuffix"),
        digest: field("digest"),
    };
    for object in &mut set.objects {
        let id = object.id();
        if id.kind == "CustomResourceDefinition" {
            continue;
        }
        exchange_below(&mut object.root, &exchange, library, 0);
        visit_fields(specs, &id, &mut object.root, &BuiltValue::Null, &mut |node| {
            if node.scalar_text().is_none() {
                return Err(BuildFault::new(format!("{} has an image that is no text", id.display())));
            }
            exchange.apply(node, library);
            Ok(())
        })?;
    }
    Ok(())
}

/// The images that an entry is for: its name is an expression to kustomize, in which mostly only the dots are any sign.
enum ImagePattern<'a> {
    Plain(&'a str),
    Expression(Regex),
}

impl<'a> ImagePattern<'a> {
    fn of_name(name: &'a str) -> Result<Self, BuildFault> {
        let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "/.-_:".contains(sign);
        if name.chars().all(is_plain) {
            return Ok(Self::Plain(name));
        }
        let pattern = format!("^{name}(:[a-zA-Z0-9_.{{}}-]*)?(@sha256:[a-zA-Z0-9_.{{}}-]*)?$");
        let no_pattern = |_| BuildFault::new(format!("the image name `{name}` is no pattern"));
        Regex::new(&pattern).map(Self::Expression).map_err(no_pattern)
    }

    fn is_match(&self, image: &str) -> bool {
        match self {
            Self::Plain(name) => after_name(image, name).is_some_and(is_tag_and_digest),
            Self::Expression(regex) => regex.is_match(image),
        }
    }
}

/// What follows the name in an image.
fn after_name<'i>(image: &'i str, name: &str) -> Option<&'i str> {
    let mut signs = image.chars();
    let is_next = |own: char| signs.next().is_some_and(|sign| sign == own || own == '.' && sign != '\n');
    name.chars().all(is_next).then_some(signs.as_str())
}

fn is_tag_and_digest(text: &str) -> bool {
    let is_word =
        |word: &str| word.chars().all(|sign| sign.is_ascii_alphanumeric() || "_.{}-".contains(sign));
    let (tag, digest) = text.split_once("@sha256:").unwrap_or((text, ""));
    (tag.is_empty() || tag.strip_prefix(':').is_some_and(is_word)) && is_word(digest)
}

const MAX_DEPTH: usize = 130;

/// Goes to every `containers` and `initContainers` of an object.
fn exchange_below(
    node: &mut BuiltNode,
    exchange: &ImageExchange<'_>,
    library: &SourceLibrary<'_>,
    depth: usize,
) {
    if depth > MAX_DEPTH {
        return;
    }
    match &mut node.value {
        BuiltValue::Map(entries) => {
            for entry in entries {
                if matches!(entry.key.as_str(), "containers" | "initContainers")
                    && let BuiltValue::List(containers) = &mut entry.node.value
                {
                    for image in containers.iter_mut().filter_map(|container| container.get_mut("image")) {
                        exchange.apply(image, library);
                    }
                }
                exchange_below(&mut entry.node, exchange, library, depth + 1);
            }
        }
        BuiltValue::List(items) => {
            items.iter_mut().for_each(|item| exchange_below(item, exchange, library, depth + 1));
        }
        _ => {}
    }
}

impl ImageExchange<'_> {
    fn apply(&self, node: &mut BuiltNode, library: &SourceLibrary<'_>) {
        let Some(image) = node.scalar_text().filter(|image| !node.is_null() && self.pattern.is_match(image))
        else {
            return;
        };
        let (name_end, tag, digest) = split_image(&image);
        let own = |span: Span| sub_parts(node, &image, span, library);
        let mut text = String::new();
        let mut parts: Vec<SourcePart> = Vec::new();
        let mut push = |sign: &str, value: &str, from: Vec<SourcePart>| {
            text.push_str(sign);
            text.push_str(value);
            parts.extend(from);
        };
        let given = |node: &BuiltNode| {
            node.parts.iter().map(|part| part.brought_by(PartOrigin::Images)).collect::<Vec<_>>()
        };
        match self.new_name {
            Some(new) => push("", new.as_text().unwrap_or_default(), given(new)),
            None => push("", &image[..name_end], own(Span::new(0, name_end))),
        }
        match (self.new_tag, self.digest, tag) {
            (Some(new), ..) => push(":", new.as_text().unwrap_or_default(), given(new)),
            (None, None, Some(tag)) => push(":", tag.slice(&image), own(tag)),
            (None, None, None) if self.suffix.is_some() => push(":", "", Vec::new()),
            _ => {}
        }
        // A suffix is for the tag that is there, and where there is none, for nothing.
        let suffix = self.suffix.filter(|_| self.new_tag.is_none() && self.digest.is_none());
        if let Some(suffix) = suffix {
            push("", suffix.as_text().unwrap_or_default(), given(suffix));
        }
        match (self.digest, self.new_tag.or(suffix), digest) {
            (Some(new), ..) => push("@", new.as_text().unwrap_or_default(), given(new)),
            (None, None, Some(digest)) => push("@", digest.slice(&image), own(digest)),
            _ => {}
        }
        if text != image || self.new_name.is_some() || self.new_tag.is_some() || self.digest.is_some() {
            *node = BuiltNode::text_of(text, parts);
        }
    }
}

/// Where an image's name ends, its tag and its digest.
fn split_image(image: &str) -> (usize, Option<Span>, Option<Span>) {
    let (before, digest) = match image.find('@') {
        Some(at) => (at, Some(Span::new(at + 1, image.len()))),
        None => (image.len(), None),
    };
    let slash = image[..before].rfind('/').map_or(0, |at| at + 1);
    match image[slash..before].find(':') {
        Some(at) => (slash + at, Some(Span::new(slash + at + 1, before)), digest),
        None => (before, None, digest),
    }
}

/// The bytes of a part of a text: exactly where it is written as it is, else all that it comes from.
fn sub_parts(node: &BuiltNode, text: &str, span: Span, library: &SourceLibrary<'_>) -> Vec<SourcePart> {
    if let [part] = node.parts.as_slice() {
        let whole = part.span();
        let written = library.bytes_of(part.file);
        if written.get(whole.start..whole.end) == Some(text.as_bytes()) {
            return vec![SourcePart::new(part.file, span.shift_by(whole.start), part.by)];
        }
    }
    // Several parts, one behind another: those that the span touches.
    let lengths: usize = node.parts.iter().map(|part| part.span().len()).sum();
    if lengths < text.len() {
        let touched = node.parts.iter().scan(0, |at, part| {
            let rest = text.get(*at..).unwrap_or_default();
            let start = *at + rest.find(|c: char| c != ':' && c != '@').unwrap_or(0);
            let own = Span::new(start, start + part.span().len());
            *at = own.end.min(text.len());
            Some((own, *part))
        });
        let is_touched = |own: &Span| own.start < span.end && span.start < own.end;
        return touched.filter(|(own, _)| is_touched(own)).map(|(_, part)| part).collect();
    }
    node.parts.clone()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
mod tests {
    use regex::Regex;

    use super::ImagePattern;

    #[test]
    fn a_plain_name_is_for_the_images_that_its_expression_is_for() {
        let names = ["web", "a.b/web", "registry.example:5000/shop/web", "", "."];
        let images = [
            "web",
            "web:1",
            "web:",
            "web:1@sha256:ab",
            "web@sha256:",
            "web@sha256:ab@sha256:c",
            "web:1:2",
            "webs",
            "a.b/web:1.0_x{y}",
            "a-b/web",
            "a/b/web",
            "aéb/web:1",
            "a\nb/web",
            "",
            ":1",
            "x",
            "é:2",
            "registry.example:5000/shop/web:é",
            "registryXexample:5000/shop/web",
            "web:1@sha256",
        ];
        for name in names {
            let pattern = ImagePattern::of_name(name).unwrap();
            assert!(matches!(pattern, ImagePattern::Plain(_)));
            let signs = "[a-zA-Z0-9_.{}-]*";
            let expression = Regex::new(&format!("^{name}(:{signs})?(@sha256:{signs})?$")).unwrap();
            for image in images {
                assert_eq!(pattern.is_match(image), expression.is_match(image), "{name:?} {image:?}");
            }
        }
    }
}
