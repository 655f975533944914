//! The law of names, as far as a machine can see it: a type and a file are found by their name alone.

use std::collections::BTreeMap;

use crate::source_tree::SourceTree;

#[test]
fn no_type_is_named_twice() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in SourceTree::read().files {
        for name in type_names(&file.code) {
            places.entry(name).or_default().push(file.path.clone());
        }
    }
    assert!(places.len() > 300, "types are seen at all");
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn no_file_is_named_twice() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in SourceTree::read().files {
        let name = file.path.rsplit('/').next().unwrap_or_default().to_owned();
        // A command's file is named after the command.
        if name != "mod.rs" && !file.path.starts_with("cli/") {
            places.entry(name).or_default().push(file.path);
        }
    }
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

/// The types that a file declares. Those that a trait of somebody else's asks for by name (`type Error`) stand in an
/// `impl`, and are none.
fn type_names(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for line in code.lines() {
        let mut words = line.split_whitespace().skip_while(|word| word.starts_with("pub"));
        let Some(kind) =
            words.next().filter(|word| matches!(*word, "struct" | "enum" | "trait" | "type" | "union"))
        else {
            continue;
        };
        if kind == "type" && line.starts_with(' ') {
            continue;
        }
        let name = words.next().unwrap_or_default();
        let end = name.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(name.len());
        names.push(name[..end].to_owned());
    }
    names.retain(|name| !name.is_empty());
    names
}
