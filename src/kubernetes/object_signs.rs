//! Decides by a text whether it names Kubernetes objects: by its words where those are enough, else by a parse.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use memchr::{memchr, memmem::Finder};

use crate::text::Span;
use crate::yaml::yaml_tree::{NodeId, YamlTree};
use crate::yaml::{MAX_YAML_BYTES, load_tree, split_documents};

/// The keys that stand in every object of Kubernetes.
const OBJECT_KEYS: [&str; 2] = ["apiVersion", "kind"];

static OBJECT_SIGNS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| OBJECT_KEYS.map(Finder::new));

/// The tag of a scalar that is written in another alphabet, whichever words it holds.
static BINARY_TAG: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("binary"));

/// False where no value of the text can be a mapping with an object's keys: it holds not both words, not even spelled
/// by escapes or as binary.
pub(super) fn may_name_object(text: &str) -> bool {
    let holds_both = |text: &str| OBJECT_SIGNS.iter().all(|sign| sign.find(text.as_bytes()).is_some());
    holds_both(text)
        || matches!(spell_out_escapes(text), Cow::Owned(spelled) if holds_both(&spelled))
        || holds_binary(text)
}

/// True where a tag says that a scalar is binary.
fn holds_binary(text: &str) -> bool {
    let is_tag = |at: usize| text[..at].ends_with("!!") || text[..at].ends_with("yaml.org,2002:");
    BINARY_TAG.find_iter(text.as_bytes()).any(is_tag)
}

/// True where some document of the text is an object or a sequence of objects, in whatever form of YAML, or may be one in
/// which something is broken.
#[must_use]
pub fn names_objects(text: &str) -> bool {
    if !may_name_object(text) {
        return false;
    }
    if text.len() > MAX_YAML_BYTES {
        return has_object_keys(text);
    }
    let start = if text.starts_with(split_documents::BYTE_ORDER_MARK) { 3 } else { 0 };
    let shared: Arc<str> = text.into();
    let has_object = |at: Span| {
        let document = at.slice(text);
        may_name_object(document)
            && load_tree::load_tree(&shared, at).map_or_else(
                |_| has_object_keys(document),
                |tree| tree.root().is_some_and(|root| is_object(&tree, root)) || is_object_sequence(&tree),
            )
    };
    split_documents::split_documents(&text[start..]).into_iter().any(|at| has_object(at.shift_by(start)))
}

/// True for a document that is a sequence of objects, or of such sequences. Tools of the cluster refuse it, so it is not
/// read; what it holds is not nothing, though.
pub(super) fn is_object_sequence(tree: &YamlTree) -> bool {
    let mut open: Vec<NodeId> = tree.root().into_iter().collect();
    while let Some(node) = open.pop() {
        let items = tree.items(node);
        if items.iter().any(|item| is_object(tree, *item)) {
            return true;
        }
        // What an alias stands for is an item elsewhere, or none at all.
        open.extend(items);
    }
    false
}

fn is_object(tree: &YamlTree, node: NodeId) -> bool {
    let node = tree.resolve_alias(node);
    OBJECT_KEYS.into_iter().all(|key| tree.get_resolved(node, key).is_some())
}

/// True where both words stand as keys may: whole, with a colon after them.
fn has_object_keys(text: &str) -> bool {
    let text = spell_out_escapes(text);
    OBJECT_SIGNS.iter().all(|sign| {
        sign.find_iter(text.as_bytes()).any(|at| {
            let joins = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
            let after = text[at + sign.needle().len()..].trim_start_matches(['"', '\'']).trim_start();
            !text[..at].ends_with(joins) && after.starts_with(':')
        })
    })
}

/// The text with each escape of a double-quoted scalar that stands for an ASCII character replaced by it, and each
/// escaped line end left out; wherever they stand, for who asks only wants to know of no such word.
fn spell_out_escapes(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(backslash) = memchr(b'\\', &text.as_bytes()[at..]).map(|found| at + found) {
        at = backslash + 1;
        if let Some((letter, length)) = escaped_letter(&text[at..]) {
            out.push_str(&text[copied..backslash]);
            out.extend(letter);
            at += length;
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// The character that the rest of an escape stands for, with its length; no character for a line end and the blanks
/// after it.
fn escaped_letter(rest: &str) -> Option<(Option<char>, usize)> {
    let digits = match rest.as_bytes().first()? {
        b'x' => 2,
        b'u' => 4,
        b'U' => 8,
        b'\n' | b'\r' => return Some((None, rest.len() - rest.trim_start().len())),
        _ => return None,
    };
    let code = u32::from_str_radix(rest.get(1..=digits)?, 16).ok()?;
    let letter = char::from_u32(code).filter(char::is_ascii_alphanumeric)?;
    Some((Some(letter), digits + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_in_any_form_name_an_object() {
        for text in [
            "{apiVersion: v1, kind: Pod}",
            "? apiVersion\n: v1\n? kind\n: Pod\n",
            "!!str apiVersion: v1\n!!str kind: Pod\n",
            "&a apiVersion: v1\n&b kind: Pod\n",
            "\"api\\x56ersion\": v1\n\"\\u006bin\\U00000064\": Pod\n",
            "{\"apiVersion\"\n:\n\"v1\",\n\"kind\"\n: \"Pod\"}",
            "{\"api\\\n   Version\": v1, \"ki\\\n nd\": Pod}",
            "a: 1\n---\n- {}\n---\n!!map {apiVersion: v1, kind: Pod}\n",
            "{apiVersion: v1, kind: Pod, spec: [",
            "\u{feff}{apiVersion: v1, kind: Pod}",
            "x-keys: [&k kind, &v apiVersion]\n*k : Pod\n*v : v1\n",
            "<<: {apiVersion: v1}\nkind: Pod\n",
            "[{apiVersion: v1, kind: Pod}]",
            "- a: 1\n- {apiVersion: v1, kind: Pod}\n",
            "- - apiVersion: v1\n    kind: Pod\n",
            "[&a {<<: &b {apiVersion: v1}, kind: Pod}, *b]",
        ] {
            assert!(names_objects(text), "{text}");
        }
    }

    #[test]
    fn words_that_are_no_keys_name_none() {
        for text in [
            "a: 1\n",
            "text: an apiVersion and a kind\n",
            "spec: {apiVersion: v1, kind: Pod}\n",
            "- apiVersion\n- kind\n",
            "[{apiVersion: v1}, {kind: Pod}, {value: {apiVersion: v1, kind: Pod}}]",
            "a: [an apiVersion of some kind\n",
            "locale: \"\\u00e9\\u0441\"\nscript: |\n  a \\\n  b\n",
        ] {
            assert!(!names_objects(text), "{text}");
        }
    }
}
