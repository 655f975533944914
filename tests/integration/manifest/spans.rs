//! Where the nodes of a tree begin and end.

use seaworthy::kubernetes::parse_manifest;
use seaworthy::yaml::PathStep;

use super::breaches::breaches;

/// The bytes of the value at a path, in a document that holds `yaml`.
fn written(yaml: &str, path: &[PathStep]) -> String {
    let text = format!("apiVersion: v1\nkind: Test\n{yaml}");
    assert_eq!(breaches(&text), [] as [String; 0]);
    let manifest = parse_manifest(&text);
    assert_eq!(manifest.problems, []);
    let tree = &manifest.documents[0].tree;
    let node = tree.node_at(tree.root().unwrap(), path).expect("a node at the path");
    assert_eq!(tree.path_to(node), path);
    tree.span(node).slice(&text).to_owned()
}

macro_rules! path {
    ($($step:expr),*) => { &[$(PathStep::from($step)),*] };
}

#[test]
fn a_scalar_is_its_own_bytes() {
    assert_eq!(written("a: some words  # why\n", path!["a"]), "some words");
    assert_eq!(written("a: 'it''s' # why\n", path!["a"]), "'it''s'");
    assert_eq!(written("a: \"b\\n\"\t# why\n", path!["a"]), "\"b\\n\"");
    assert_eq!(written("\"a\": über # é\nb: ü\n", path!["b"]), "ü");
    assert_eq!(written("a: one\n  two\nb: 1\n", path!["a"]), "one\n  two");
}

#[test]
fn anchor_and_tag_are_within() {
    assert_eq!(written("a: &x !!str 1\n", path!["a"]), "&x !!str 1");
    assert_eq!(written("a: !!str &x 1\n", path!["a"]), "!!str &x 1");
    assert_eq!(written("a: &x\n  b: 1\nc: *x\n", path!["a"]), "&x\n  b: 1");
    assert_eq!(written("a: &x\n  b: 1\nc: *x\n", path!["c"]), "*x");
}

#[test]
fn a_null_that_is_not_written_is_empty() {
    let at = |yaml: &str, key: &str| {
        let text = format!("apiVersion: v1\nkind: Test\n{yaml}");
        let manifest = parse_manifest(&text);
        let tree = &manifest.documents[0].tree;
        let (name, value) = tree.find_entry(tree.root().unwrap(), key).expect("the key");
        (tree.span(value).start - tree.span(name).end, tree.span(value).len())
    };
    assert_eq!(at("a:\nb: 1\n", "a"), (1, 0));
    assert_eq!(at("a:  # why\n\nb: 1\n", "a"), (1, 0));
    assert_eq!(at("a :\n", "a"), (2, 0));
    assert_eq!(at("a:", "a"), (1, 0));
    assert_eq!(written("a: ~\n", path!["a"]), "~");
    assert_eq!(written("a:\n-\n- b\n", path!["a"]), "-\n- b");
    assert_eq!(written("a:\n- b\n-\nc: 1\n", path!["a"]), "- b\n-");
    assert_eq!(written("a: {b: , c: }\n", path!["a", "b"]), "");
}

#[test]
fn a_block_collection_ends_with_its_last_value() {
    assert_eq!(written("a:\n  b: 1 # why\n  # more\nc: 2\n", path!["a"]), "b: 1");
    assert_eq!(written("a:\n  b:\nc: 2\n", path!["a"]), "b:");
    assert_eq!(written("a:\n  - b\n\n\nc: 2\n", path!["a"]), "- b");
}

#[test]
fn a_sequence_begins_with_its_first_dash() {
    assert_eq!(written("a:\n- b\n- c\n", path!["a"]), "- b\n- c");
    assert_eq!(written("a:\n  - b\n  - c\n", path!["a"]), "- b\n  - c");
    assert_eq!(written("a:\n-   - b\n    - c\n", path!["a"]), "-   - b\n    - c");
    assert_eq!(written("a:\n- - b\n", path!["a", 0]), "- b");
    assert_eq!(written("a:\n-\n  b: 1\n", path!["a"]), "-\n  b: 1");
    assert_eq!(written("a: &x\n- -1\n", path!["a"]), "&x\n- -1");
}

#[test]
fn a_flow_collection_ends_on_its_bracket() {
    assert_eq!(written("a: {b: 1, } # why\n", path!["a"]), "{b: 1, }");
    assert_eq!(written("a: [1,\n  2 # why\n  ,]\n", path!["a"]), "[1,\n  2 # why\n  ,]");
    assert_eq!(written("a: [b: 1, c]\n", path!["a", 0]), "b: 1");
}

#[test]
fn a_block_scalar_has_its_header_and_no_more_than_its_lines() {
    assert_eq!(written("a: |\n  b\n  c\n\n\nd: 1\n", path!["a"]), "|\n  b\n  c");
    assert_eq!(written("a: >- # a | b\n  b\nd: 1\n", path!["a"]), ">- # a | b\n  b");
    assert_eq!(written("a: # a | b\n  |2\n   b\nd: 1\n", path!["a"]), "|2\n   b");
    assert_eq!(written("a: |+\n  b\n\n\nd: 1\n", path!["a"]), "|+\n  b\n\n");
    assert_eq!(written("a:\n  b: |\n    c\n  d: 1\n", path!["a", "b"]), "|\n    c");
    assert_eq!(written("a: |\nb: 1\n", path!["a"]), "|");
    assert_eq!(written("a: &x|y |\n  b\n", path!["a"]), "&x|y |\n  b");
    assert_eq!(written("a: |\n  b", path!["a"]), "|\n  b");
    assert_eq!(written("a: |\r\n  b\r\n\r\nc: 1\r\n", path!["a"]), "|\r\n  b");
    assert_eq!(written("a: |\n  b  \nc: 1\n", path!["a"]), "|\n  b  ");
}
