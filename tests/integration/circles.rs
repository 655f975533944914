//! No circle of imports among more than two files, inside rooms too.

use std::collections::BTreeSet;

use crate::source_tree::SourceTree;

/// A folder's `mod.rs` is the front of what lies in the folder: the two count as one place.
fn is_front(front: &str, file: &str) -> bool {
    front.strip_suffix("mod.rs").is_some_and(|folder| file.starts_with(folder))
}

#[test]
fn no_more_than_two_files_import_each_other() {
    let tree = SourceTree::read();
    let arrows: Vec<BTreeSet<usize>> = (0..tree.files.len())
        .map(|from| {
            let path = |at: usize| tree.files[at].path.as_str();
            let used = tree.used_files(from).into_iter();
            used.filter(|to| !is_front(path(from), path(*to)) && !is_front(path(*to), path(from))).collect()
        })
        .collect();
    assert!(arrows.iter().map(BTreeSet::len).sum::<usize>() > tree.files.len(), "imports are seen at all");
    let reached: Vec<BTreeSet<usize>> = (0..arrows.len()).map(|from| reachable(&arrows, from)).collect();
    let mut circles = BTreeSet::new();
    for from in 0..arrows.len() {
        let circle: Vec<&str> = reached[from]
            .iter()
            .filter(|to| reached[**to].contains(&from))
            .map(|to| tree.files[*to].path.as_str())
            .collect();
        if circle.len() > 2 {
            circles.insert(circle);
        }
    }
    assert!(circles.is_empty(), "{circles:#?}");
}

/// The files that one leads to.
fn reachable(arrows: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        open.extend(arrows[at].iter().filter(|to| seen.insert(**to)));
    }
    seen
}
