//! Proves that taking lines of an earlier write back changes what that write had changed and nothing else, for undo in
//! a file that has moved on.

use std::collections::{BTreeMap, BTreeSet};

use crate::dockerfile;
use crate::repo::looks_like_dockerfile;
use crate::yaml::yaml_tree::{NodeId, YamlTree};

/// A file's meaning, in parts that do not know their place among others alike: how often each is there.
type MeaningParts = BTreeMap<String, isize>;

/// Why lines cannot be taken back, though they stand: the change from `now` to `reverted` is another than the one that
/// the write's own text would go through.
pub(super) fn find_other_change(
    (after, after_reverted): (&str, &str),
    (now, reverted): (&str, &str),
) -> Option<&'static str> {
    let read = if looks_like_dockerfile(now) { read_instructions } else { read_values };
    // What nothing here can read was no more readable when it was written.
    let own = read(now)?;
    let Some(own_reverted) = read(reverted) else {
        return Some("the file would not parse without these lines");
    };
    let (Some(written), Some(written_reverted)) = (read(after), read(after_reverted)) else { return None };
    let is_same = difference(own, own_reverted) == difference(written, written_reverted);
    if !is_same {
        return Some("lines that were written since stand on these");
    }
    let is_lost = !lost_volumes(reverted).is_subset(&lost_volumes(now));
    is_lost.then_some("a volume would go that is still mounted: its mounts go first, or all of the step (u)")
}

/// The names of the volumes that a container mounts and its pod does not have: the API server refuses such a pod.
fn lost_volumes(text: &str) -> BTreeSet<String> {
    let mut lost = BTreeSet::new();
    if looks_like_dockerfile(text) {
        return lost;
    }
    for tree in crate::yaml::parse_with_both(text.trim_start_matches('\u{feff}'))
        .into_iter()
        .filter_map(|(_, tree)| tree)
    {
        for pod in tree.node_ids().filter(|id| tree.get(*id, "containers").is_some()) {
            let names = |list: Option<NodeId>| {
                let items = list.map(|list| tree.items(list)).unwrap_or_default();
                items.iter().filter_map(|item| tree.scalar_text(tree.get(*item, "name")?)).map(str::to_owned)
            };
            let volumes: BTreeSet<String> = names(tree.get(pod, "volumes")).collect();
            let lists = ["containers", "initContainers"].map(|key| tree.get(pod, key));
            let containers = lists.into_iter().flatten().flat_map(|list| tree.items(list));
            let mounted = containers.flat_map(|own| names(tree.get(*own, "volumeMounts")));
            lost.extend(mounted.filter(|name| !volumes.contains(name)));
        }
    }
    lost
}

fn difference(mut before: MeaningParts, after: MeaningParts) -> MeaningParts {
    for (part, count) in after {
        *before.entry(part).or_default() -= count;
    }
    before.retain(|_, count| *count != 0);
    before
}

fn count_parts(parts: impl IntoIterator<Item = String>) -> MeaningParts {
    let mut counts = MeaningParts::new();
    for part in parts {
        *counts.entry(part).or_default() += 1;
    }
    counts
}

fn read_instructions(text: &str) -> Option<MeaningParts> {
    let file = dockerfile::parse(text);
    let words = file.instructions.iter().map(|instruction| {
        let lines = instruction.span.slice(text).split_whitespace();
        lines.collect::<Vec<_>>().join(" ")
    });
    file.problems.is_empty().then(|| count_parts(words))
}

/// Every value with the keys that lead to it. Items of lists have no number: one before them changes none of them.
fn read_values(text: &str) -> Option<MeaningParts> {
    let mut parts = Vec::new();
    for (_, tree) in crate::yaml::parse_with_both(text.trim_start_matches('\u{feff}')) {
        let tree = tree?;
        if let Some(root) = tree.root() {
            collect_values(&tree, root, String::new(), &mut parts);
        }
    }
    Some(count_parts(parts))
}

/// The depth is bounded by that of a tree.
fn collect_values(tree: &YamlTree, id: NodeId, path: String, parts: &mut Vec<String>) {
    let (entries, items) = (tree.entries(id), tree.items(id));
    for (key, value) in entries {
        let key = tree.scalar_text(*key).unwrap_or_default();
        collect_values(tree, *value, format!("{path}/{key}"), parts);
    }
    for item in items {
        collect_values(tree, *item, format!("{path}/-"), parts);
    }
    if entries.is_empty() && items.is_empty() {
        parts.push(format!("{path} = {}", tree.scalar_text(id).unwrap_or_default()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: &str = "spec:\n  resources:\n    limits: 1\n  securityContext:\n    runAsNonRoot: true\n";
    const REVERTED: &str = "spec:\n  resources:\n    limits: 1\n";

    fn refusal(now: &str, reverted: &str) -> Option<&'static str> {
        find_other_change((AFTER, REVERTED), (now, reverted))
    }

    #[test]
    fn the_same_change_beside_others_is_none_of_its_own() {
        let (now, reverted) =
            (format!("kind: Pod\n{AFTER}  more: 2\n"), format!("kind: Pod\n{REVERTED}  more: 2\n"));
        assert_eq!(refusal(&now, &reverted), None);
    }

    #[test]
    fn a_line_that_would_hang_under_another_key_keeps_what_it_stands_on() {
        let (now, reverted) =
            (format!("{AFTER}    privileged: false\n"), format!("{REVERTED}    privileged: false\n"));
        assert_eq!(refusal(&now, &reverted), Some("lines that were written since stand on these"));
    }

    #[test]
    fn a_volume_that_is_still_mounted_stays() {
        let pod = |mounts: &str, volumes: &str| {
            format!("kind: Pod\nspec:\n  containers:\n    - name: a\n      image: b\n{mounts}{volumes}")
        };
        let (mounts, volumes) = (
            "      volumeMounts:\n        - {name: tmp, mountPath: /tmp}\n",
            "  volumes:\n    - {name: tmp, emptyDir: {}}\n",
        );
        let (whole, without) = (pod(mounts, volumes), pod(mounts, ""));
        let find = |reverted: &str| find_other_change((&whole, reverted), (&whole, reverted));
        assert!(find(&without).is_some_and(|reason| reason.contains("still mounted")));
        assert_eq!(find(&pod("", volumes)), None, "a volume that nobody mounts harms nobody");
        assert_eq!(find(&pod("", "")), None);
        let was_lost = find_other_change((&without, &pod("", "")), (&without, &pod("", "")));
        assert_eq!(was_lost, None);
    }

    #[test]
    fn a_text_that_would_not_parse_is_refused() {
        let (now, reverted) = ("a: b\n", "a: b\n  c: d\n");
        assert_eq!(refusal(now, reverted), Some("the file would not parse without these lines"));
    }

    #[test]
    fn an_instruction_that_would_change_is_refused() {
        let after = "FROM a\nUSER 1\n";
        let reverted = "FROM a\n";
        let find = |now, lines| find_other_change((after, reverted), (now, lines));
        assert_eq!(find("FROM a\nUSER 1\nRUN b\n", "FROM a\nRUN b\n"), None);
        assert!(find("FROM a\nRUN b \\\nUSER 1\nRUN c\n", "FROM a\nRUN b \\\nRUN c\n").is_some());
    }
}
