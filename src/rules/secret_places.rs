//! Finds where values stand in a file that are secrets by their names or forms, however they are written, for reports
//! and diffs that must not show them.

use std::sync::Arc;

use super::is_secret_name;
use super::possible_secret::may_be_secret;
use super::secret_detection::is_secret_value;
use crate::text::{SourceText, Span};
use crate::yaml::load_tree::load_tree;
use crate::yaml::split_documents::split_documents;
use crate::yaml::yaml_tree::{NodeId, YamlTree};

/// Words of which one stands in each secret's name, and in what is a secret object.
const NAME_PARTS: [&str; 6] = ["pass", "pwd", "secret", "token", "credential", "key"];

/// True where a text may name a secret.
pub(crate) fn may_name_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    NAME_PARTS.iter().any(|part| lower.contains(part))
}

/// True where an object of the kind Secret may be written in a text.
pub(crate) fn may_hold_secret_object(text: &str) -> bool {
    text.match_indices("Secret").any(|(at, word)| {
        let before = text[..at].trim_end_matches(['"', '\'', ' ']);
        let ends = !text[at + word.len()..].starts_with(|c: char| c.is_alphanumeric());
        ends && before.ends_with(':')
    })
}

/// The places of the values that are secrets by the names they are given to, or by their form: in documents of YAML and
/// JSON as their parser finds them, with escapes, anchors and quotes as they are written, and in settings
/// (`NAME=value`) of any text. In the order of the file; one may lie within another.
pub(crate) fn secret_places(source: &SourceText) -> &[Span] {
    source.secrets(find_places)
}

fn find_places(text: &str) -> Vec<Span> {
    let file: Arc<str> = Arc::from(text);
    let mut places = setting_places(text);
    for at in split_documents(text) {
        if let Ok(tree) = load_tree(&file, at) {
            add_tree_places(&tree, &mut places);
        }
    }
    places.sort_unstable_by_key(|span| (span.start, span.end));
    places.dedup();
    places
}

fn add_tree_places(tree: &YamlTree, places: &mut Vec<Span>) {
    let text_of = |id: Option<NodeId>| tree.scalar_text(tree.resolve_alias(id?));
    let is_secret_object = tree.root().is_some_and(|root| text_of(tree.get(root, "kind")) == Some("Secret"));
    let mut add = |id: NodeId, is_certain: bool| {
        let id = tree.resolve_alias(id);
        let is_secret = |text: &str| !text.is_empty() && (is_certain || may_be_secret(text));
        if tree.scalar_text(id).is_some_and(is_secret) {
            places.push(span_of_text(tree, id));
        }
    };
    for id in tree.node_ids() {
        if tree.scalar_text(id).is_some_and(is_secret_value) {
            add(id, true);
        }
        if let (Some(name), Some(value)) = (text_of(tree.get(id, "name")), tree.get(id, "value"))
            && is_secret_name(name)
        {
            add(value, false);
        }
        for (key, value) in tree.entries(id) {
            let Some(name) = text_of(Some(*key)) else { continue };
            if is_secret_object && matches!(name, "data" | "stringData") {
                tree.entries(tree.resolve_alias(*value)).iter().for_each(|(_, value)| add(*value, true));
            } else if is_secret_name(name) {
                add(*value, false);
            }
        }
    }
}

/// The span of a scalar as it is written, without an anchor and a tag before it.
fn span_of_text(tree: &YamlTree, id: NodeId) -> Span {
    let span = tree.span(id);
    let before = [tree.anchor_span(id), tree.tag_span(id)].into_iter().flatten().map(|before| before.end);
    let start = before.fold(span.start, usize::max).min(span.end);
    let text = Span::new(start, span.end).slice(tree.file_text());
    Span::new(span.end - text.trim_start().len(), span.end)
}

/// The values of `NAME=value` and `--name=value`, up to a blank or a quote that ends them.
fn setting_places(text: &str) -> Vec<Span> {
    let of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let places = text.match_indices('=').filter_map(|(at, _)| {
        let from = text[..at].rfind(|c: char| !of_name(c)).map_or(0, |before| before + 1);
        text.get(from..at).filter(|name| !name.is_empty() && is_secret_name(name))?;
        let rest = &text[at + 1..];
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
        let start = at + 1 + quote.map_or(0, char::len_utf8);
        let ends = |c: char| match quote {
            Some(quote) => c == quote || c == '\n',
            None => c.is_whitespace() || matches!(c, '"' | '\'' | ',' | ';' | '&' | ')' | ']' | '}'),
        };
        let end = text[start..].find(ends).map_or(text.len(), |length| start + length);
        may_be_secret(&text[start..end]).then(|| Span::new(start, end))
    });
    places.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        find_places(text).into_iter().map(|span| span.slice(text)).collect()
    }

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        let json = r#"{"env":[{"name":"T_TOKEN","value":"hunter2\u0073ecret"}]}"#;
        assert_eq!(found(json), [r#""hunter2\u0073ecret""#]);
        let yaml = "env:\n- {name: A_PASSWORD, value: &p hunter2}\n- {name: B, value: x}\n- name: C_SECRET\n  value: 'hun''ter'\n";
        assert_eq!(found(yaml), ["hunter2", "'hun''ter'"]);
        assert_eq!(found("data: {DB_PASSWORD: >-\n}\n"), [""; 0]);
        assert_eq!(found("DB_PASSWORD: \"a\\\n  b\"\n"), ["\"a\\\n  b\""]);
    }

    #[test]
    fn the_data_of_a_secret_is_secret_by_whatever_name() {
        let text = "kind: Secret\nstringData: {a: hunter2, on: yes}\ndata:\n  b: aGk=\n---\nkind: ConfigMap\ndata: {a: plain}\n";
        assert_eq!(found(text), ["hunter2", "yes", "aGk="]);
        assert!(may_hold_secret_object(text) && may_hold_secret_object("{\"kind\": \"Secret\"}"));
        assert!(!may_hold_secret_object("kind: SecretStore\n"));
    }

    #[test]
    fn settings_in_commands_are_found() {
        let text = "CMD DB_PASSWORD=hunter2 exec /app --password='a b' --key-file=x PWD=/x\n";
        assert_eq!(found(text), ["hunter2", "a b"]);
    }
}
