//! Holds that a mount is never written without its volume, in a values file or a template, for the fixer of charts.

use std::collections::BTreeSet;

use serde_yaml::Value;

use super::chart_draft::ChartTexts;
use super::rendered_edits::DocumentEdits;
use crate::text::line_start;
use crate::yaml::edit::YamlEdit;

const MOUNT_KEY: &str = "mountPath";
const VOLUME_KEY: &str = "emptyDir";
const CLOSED_ROOT: &str = "readOnlyRootFilesystem: true";

/// True where each file that now mounts one of the new volumes has that volume, too: in a template under no condition that
/// the mount is not under. Whoever takes the one takes the other then.
pub(super) fn are_whole(
    documents: &[DocumentEdits],
    (before, after): (&ChartTexts, &ChartTexts),
    is_values: impl Fn(&str) -> bool,
) -> bool {
    let edits = documents.iter().flat_map(|document| &document.edits);
    let names: BTreeSet<&str> = edits.filter_map(volume_of).collect();
    let mut changed = after.iter().filter(|(file, text)| before.get(*file) != Some(text));
    names.is_empty()
        || changed.all(|(file, text)| {
            let was = before.get(file).map(|text| &**text).unwrap_or_default();
            names.iter().all(|name| is_whole(text, name, is_values(file)))
                && (is_values(file) || has_mount_where_closed((was, text), &names))
        })
}

/// True where a template mounts something wherever it now closes a root: a mount under a condition of its own would be
/// missing where that does not hold. One that mounts nothing here has its mounts elsewhere.
fn has_mount_where_closed((before, after): (&str, &str), names: &BTreeSet<&str>) -> bool {
    let closed = |text: &str| -> Vec<Vec<String>> {
        text.match_indices(CLOSED_ROOT).map(|(at, _)| conditions_at(text, at)).collect()
    };
    let mut added = closed(after);
    for known in closed(before) {
        if let Some(at) = added.iter().position(|own| *own == known) {
            added.remove(at);
        }
    }
    names.iter().all(|name| {
        let mounts: Vec<Vec<String>> =
            items_named(after, name, MOUNT_KEY).map(|at| conditions_at(after, at)).collect();
        let reaches =
            |own: &Vec<String>| mounts.iter().any(|mount| mount.iter().all(|one| own.contains(one)));
        mounts.is_empty() || added.iter().all(reaches)
    })
}

/// The same of one text in which an edit brings a volume: its mounts may stand there already.
pub(super) fn has_volume_as_mounts(edit: &YamlEdit, text: &str, is_values: bool) -> bool {
    volume_of(edit).is_none_or(|name| is_whole(text, name, is_values))
}

fn is_whole(text: &str, name: &str, is_values: bool) -> bool {
    if is_values { is_whole_in_values(text, name) } else { is_whole_in_template(text, name) }
}

/// The name of the volume that an edit brings.
fn volume_of(edit: &YamlEdit) -> Option<&str> {
    match edit {
        YamlEdit::Append { item, .. } if item.get(VOLUME_KEY).is_some() => item.get("name")?.as_str(),
        _ => None,
    }
}

fn is_whole_in_values(text: &str, name: &str) -> bool {
    let Ok(values) = serde_yaml::from_str::<Value>(text) else { return false };
    !holds_item(&values, name, MOUNT_KEY) || holds_item(&values, name, VOLUME_KEY)
}

/// True where a map of that name with that key stands anywhere in the values.
fn holds_item(values: &Value, name: &str, key: &str) -> bool {
    match values {
        Value::Mapping(own) => {
            let is_named = own.get("name").and_then(Value::as_str) == Some(name);
            is_named && own.contains_key(key) || own.values().any(|inner| holds_item(inner, name, key))
        }
        Value::Sequence(items) => items.iter().any(|inner| holds_item(inner, name, key)),
        _ => false,
    }
}

fn is_whole_in_template(text: &str, name: &str) -> bool {
    let volumes: Vec<Vec<String>> =
        items_named(text, name, VOLUME_KEY).map(|at| conditions_at(text, at)).collect();
    items_named(text, name, MOUNT_KEY).all(|at| {
        let own = conditions_at(text, at);
        volumes.iter().any(|volume| volume.iter().all(|condition| own.contains(condition)))
    })
}

/// Where lines name an item of a list whose other line has that key.
fn items_named<'t>(text: &'t str, name: &'t str, key: &'t str) -> impl Iterator<Item = usize> + 't {
    let line_at = |at: usize| text[at..].lines().next().unwrap_or_default();
    let content = |line: &'t str| line.trim_start_matches([' ', '-']);
    text.match_indices(name).filter_map(move |(at, _)| {
        let start = line_start(text, at);
        let line = line_at(start);
        let value = content(line).strip_prefix("name:")?;
        (value.trim() == name).then_some(())?;
        let below = text.get(start + line.len() + 1..).map(|_| line_at(start + line.len() + 1));
        let above = start.checked_sub(1).map(|end| line_at(line_start(text, end)));
        // An item begins at its dash.
        let other = if line.trim_start().starts_with('-') { below } else { above };
        content(other.unwrap_or_default()).starts_with(key).then_some(start)
    })
}

/// The actions between which a place of a template stands: `if`, `with`, `range`, and `else` of these.
fn conditions_at(text: &str, at: usize) -> Vec<String> {
    let mut open: Vec<String> = Vec::new();
    let mut rest = &text[..at];
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((action, behind)) = after.split_once("}}") else { break };
        let action = action.trim_start_matches('-').trim_end_matches('-').trim();
        match action.split_whitespace().next() {
            Some("if" | "with" | "range" | "define" | "block") => open.push(action.to_owned()),
            Some("else") => {
                let first = open.pop().unwrap_or_default();
                open.push(format!("{first} {action}"));
            }
            Some("end") => {
                open.pop();
            }
            _ => {}
        }
        rest = behind;
    }
    open
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{has_mount_where_closed, is_whole_in_template, is_whole_in_values};

    #[test]
    fn a_closed_root_has_its_mount_under_no_condition_of_the_mount() {
        let (closed, mount) = ("readOnlyRootFilesystem: true\n", "- name: tmp\n  mountPath: /tmp\n");
        let within = |text: &str| format!("{{{{- if .a }}}}\n{text}{{{{- end }}}}\n");
        let holds =
            |before: &str, after: &str| has_mount_where_closed((before, after), &BTreeSet::from(["tmp"]));
        assert!(holds("", &format!("{closed}{mount}")));
        assert!(holds("", &within(&format!("{closed}{mount}"))));
        assert!(!holds("", &format!("{closed}{}", within(mount))));
        assert!(holds(closed, &format!("{closed}{}", within(&format!("{closed}{mount}")))));
        assert!(holds("", closed), "its mounts are in values");
    }

    #[test]
    fn values_with_a_mount_need_its_volume() {
        let mount = "mounts:\n- name: tmp\n  mountPath: /tmp\n";
        assert!(!is_whole_in_values(mount, "tmp"));
        assert!(is_whole_in_values(mount, "other"));
        assert!(is_whole_in_values(&format!("{mount}volumes:\n- emptyDir: {{}}\n  name: tmp\n"), "tmp"));
    }

    #[test]
    fn a_volume_is_under_no_condition_of_its_own() {
        let mount = "  - name: tmp\n    mountPath: /tmp\n";
        let volume = "  - name: tmp\n    emptyDir: {}\n";
        let within =
            |condition: &str, text: &str| format!("{{{{- if {condition} }}}}\n{text}{{{{- end }}}}\n");
        assert!(is_whole_in_template(&format!("{mount}{volume}"), "tmp"));
        assert!(is_whole_in_template(&format!("{}{volume}", within(".a", mount)), "tmp"));
        assert!(is_whole_in_template(&format!("{}{}", within(".a", mount), within(".a", volume)), "tmp"));
        assert!(!is_whole_in_template(&format!("{mount}{}", within(".a", volume)), "tmp"));
        assert!(!is_whole_in_template(&format!("{}{}", within(".a", mount), within(".b", volume)), "tmp"));
        assert!(!is_whole_in_template(mount, "tmp"));
    }
}
