//! The same document in the layouts that editors, machines and habits give it.

use seaworthy::kubernetes::parse_manifest;
use seaworthy::yaml::yaml_tree::{NodeKind, ScalarForm};

/// A way to lay out a file anew; none where it does not apply.
pub(crate) type Layout = fn(&str) -> Option<String>;

pub(crate) const LAYOUTS: [(&str, Layout); 7] = [
    ("as it is", |text| Some(text.to_owned())),
    ("CRLF", |text| Some(text.replace("\r\n", "\n").replace('\n', "\r\n"))),
    ("no final newline", |text| Some(text.trim_end_matches(['\r', '\n']).to_owned())),
    ("byte-order mark", |text| Some(format!("\u{feff}{}", text.trim_start_matches('\u{feff}')))),
    ("comments on lines", |text| Some(comments_on_lines(text))),
    ("pretty JSON", |text| json(text, serde_json::to_string_pretty)),
    ("one line of JSON", |text| json(text, serde_json::to_string)),
];

/// A comment after every plain value that ends its line.
pub(crate) fn comments_on_lines(text: &str) -> String {
    let manifest = parse_manifest(text);
    let mut out = text.to_owned();
    let mut ends: Vec<usize> = Vec::new();
    for document in &manifest.documents {
        for id in document.tree.node_ids() {
            let node = document.tree.node(id);
            let plain = matches!(node.kind, NodeKind::Scalar { style: ScalarForm::Plain, .. });
            let line = text[node.span().end..].lines().next().unwrap_or_default();
            if plain && !node.span().is_empty() && line.trim().is_empty() {
                ends.push(node.span().end);
            }
        }
    }
    ends.sort_unstable();
    for (number, end) in ends.into_iter().enumerate().rev() {
        out.insert_str(end, &format!(" # note {number}"));
    }
    out
}

/// The file's one document as JSON.
fn json(text: &str, write: fn(&serde_yaml::Value) -> serde_json::Result<String>) -> Option<String> {
    let manifest = parse_manifest(text);
    let [document] = manifest.documents.as_slice() else { return None };
    write(document.value()).ok().map(|text| format!("{text}\n"))
}
