//! Writes lines into a template, beside a key that stands there in plain text, for the fixer of charts.

use std::sync::Arc;

use serde_yaml::Value;

use crate::text::line_start;

/// A mapping's key as it stands in a template's text.
pub(super) struct TemplateKey {
    /// The bytes before the key's first one in the template.
    pub offset: usize,
    /// True where its value stands on its line, or is the action there.
    pub is_one_line: bool,
    /// True where it is the first of a list's item, whose dash stands before it.
    pub is_first_of_item: bool,
}

/// The texts with these entries beside the key: below its line, or where its value takes several lines, above.
pub(super) fn insert_beside(text: &str, key: &TemplateKey, entries: &Value) -> Option<Arc<str>> {
    let line = line_start(text, key.offset);
    let before = &text[line..key.offset];
    let indent: String = before.chars().map(|c| if c == '-' { ' ' } else { c }).collect();
    if !indent.chars().all(|c| c == ' ') {
        return None;
    }
    let mut names = entries.as_mapping().into_iter().flatten().filter_map(|(name, _)| name.as_str());
    if names.any(|name| may_stand_beside(text, line, indent.len(), name)) {
        return None;
    }
    let at = if key.is_one_line {
        let end = text[key.offset..].find('\n').map(|newline| key.offset + newline + 1)?;
        is_balanced(&text[line..end]).then_some(end)?
    } else if key.is_first_of_item || before.contains('-') {
        return None;
    } else {
        above_comments(text, line, &indent)
    };
    let block = write_block(entries, &indent)?;
    Some([&text[..at], &block, &text[at..]].concat().into())
}

/// True where the mapping that a line is of has such a key in the template, be it in a branch that is not taken: with
/// other values there would be two.
fn may_stand_beside(text: &str, line: usize, column: usize, name: &str) -> bool {
    let is_key = |line: &str| {
        let content = line.trim_start_matches([' ', '-']);
        line.len() - content.len() == column
            && content.strip_prefix(name).is_some_and(|rest| rest.starts_with(':'))
    };
    let is_inside = |line: &&str| {
        let content = line.trim_start();
        content.is_empty() || content.starts_with("{{") || line.len() - content.len() >= column
    };
    let below = text[line..].lines().skip(1).take_while(is_inside);
    let is_first = text[line..].trim_start().starts_with('-');
    let above = text[..line].lines().rev().take_while(is_inside).filter(|_| !is_first);
    let opening = text[..line]
        .lines()
        .rev()
        .find(|line| !is_inside(line))
        .filter(|line| !is_first && line.trim_start().starts_with("- "));
    below.chain(above).chain(opening).any(is_key)
}

/// A comment above a key stays with it.
fn above_comments(text: &str, mut line: usize, indent: &str) -> usize {
    while line > 0 {
        let above = line_start(text, line - 1);
        let is_comment = text[above..line].strip_prefix(indent).is_some_and(|rest| rest.starts_with('#'));
        if !is_comment {
            break;
        }
        line = above;
    }
    line
}

/// The text with another value in the place of these bytes, which must be plain text.
pub(super) fn replace_bytes(text: &str, start: usize, end: usize, value: &str) -> Option<Arc<str>> {
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    Some([before, value, after].concat().into())
}

/// A block in the place of an empty mapping or list on its key's line.
pub(super) fn replace_empty(text: &str, start: usize, end: usize, entries: &Value) -> Option<Arc<str>> {
    let line = line_start(text, start);
    let own = &text[line..start];
    let indent: String = own.chars().take_while(|c| *c == ' ' || *c == '-').map(|_| ' ').collect();
    let rest = text.get(end..)?;
    if !rest.trim_start_matches(' ').starts_with('\n') || own.contains("{{") {
        return None;
    }
    let block = write_block(entries, &format!("{indent}  "))?;
    let before = text[..start].trim_end_matches(' ');
    Some([before, "\n", block.trim_end_matches('\n'), rest.trim_start_matches(' ')].concat().into())
}

/// True where every action that begins in the text ends in it.
fn is_balanced(line: &str) -> bool {
    line.matches("{{").count() == line.matches("}}").count()
}

/// A mapping's entries or a list's items as lines with that indentation; lists stand indented under their key.
pub(super) fn write_block(value: &Value, indent: &str) -> Option<String> {
    let mut out = String::new();
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                let key = key.as_str()?;
                match value {
                    Value::Mapping(inner) if !inner.is_empty() => {
                        out += &format!("{indent}{key}:\n{}", write_block(value, &format!("{indent}  "))?);
                    }
                    Value::Sequence(inner) if !inner.is_empty() => {
                        out += &format!("{indent}{key}:\n{}", write_block(value, &format!("{indent}  "))?);
                    }
                    _ => out += &format!("{indent}{key}: {}\n", write_scalar(value)?),
                }
            }
        }
        Value::Sequence(items) => {
            for item in items {
                let lines = match item {
                    Value::Mapping(map) if !map.is_empty() => write_block(item, &format!("{indent}  "))?,
                    _ => format!("{indent}  {}\n", write_scalar(item)?),
                };
                out += &format!("{indent}- {}", lines.get(indent.len() + 2..)?);
            }
        }
        _ => return None,
    }
    Some(out)
}

/// A scalar, or an empty collection, on one line.
pub(super) fn write_scalar(value: &Value) -> Option<String> {
    match value {
        Value::Mapping(map) if map.is_empty() => return Some("{}".to_owned()),
        Value::Sequence(items) if items.is_empty() => return Some("[]".to_owned()),
        _ => {}
    }
    let text = serde_yaml::to_string(value).ok()?;
    let text = text.trim_end_matches('\n');
    (!text.contains('\n') && !text.contains("{{")).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_below_a_key_at_its_indent() {
        let text = "      containers:\n        - name: {{ .Chart.Name }}\n          image: x\n";
        let key = TemplateKey {
            offset: text.find("name").expect("it is there"),
            is_one_line: true,
            is_first_of_item: true,
        };
        let entries: Value =
            serde_yaml::from_str("securityContext: {capabilities: {drop: [ALL]}}").expect("it is there");
        let after = insert_beside(text, &key, &entries).expect("it is there");
        assert_eq!(
            &*after,
            "      containers:\n        - name: {{ .Chart.Name }}\n          securityContext:\n            capabilities:\n              drop:\n                - ALL\n          image: x\n"
        );
    }

    #[test]
    fn a_key_that_another_branch_writes_is_not_written_twice() {
        let text = "      containers:\n        - name: a\n          {{- with .Values.context }}\n          securityContext:\n            {{- toYaml . | nindent 12 }}\n          {{- end }}\n          image: x\n        - name: b\n          image: y\n";
        let entries: Value =
            serde_yaml::from_str("securityContext: {privileged: false}").expect("it is there");
        let at = |offset, is_first_of_item| TemplateKey { offset, is_one_line: true, is_first_of_item };
        assert!(
            insert_beside(text, &at(text.find("image: x").expect("it is there"), false), &entries).is_none()
        );
        assert!(
            insert_beside(text, &at(text.find("name: a").expect("it is there"), true), &entries).is_none()
        );
        assert!(
            insert_beside(text, &at(text.find("image: y").expect("it is there"), false), &entries).is_some()
        );
    }

    #[test]
    fn a_key_whose_value_takes_lines_gets_its_neighbour_above() {
        let text = "    spec:\n      # all of them\n      containers:\n        - name: a\n";
        let key = TemplateKey {
            offset: text.find("containers").expect("it is there"),
            is_one_line: false,
            is_first_of_item: false,
        };
        let after = insert_beside(text, &key, &serde_yaml::from_str("hostPID: false").expect("it is there"))
            .expect("it is there");
        assert!(after.starts_with("    spec:\n      hostPID: false\n      # all of them\n"), "{after}");
    }
}
