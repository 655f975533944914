//! Texts that mean harm: each is read in bounded time, without a panic or an overflow.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use seaworthy::kubernetes::{ManifestFile, parse_manifest, read_kustomization};
use seaworthy::yaml::{MAX_YAML_BYTES, YamlProblemKind};

use super::breaches::breaches;

const HEADER: &str = "apiVersion: v1\nkind: Pod\n";

fn read(body: &str) -> ManifestFile {
    parse_manifest(&format!("{HEADER}{body}"))
}

/// How often a time is taken anew that a busy machine may have spoiled.
const TRIES: usize = 8;

/// Reads a text of so many pieces, which may take sixteen times as long as a sixteenth of them: six times that is allowed,
/// and quadratic time would take more than twice as much again. What is waited for while others have the processors
/// counts too, so one good try of several is enough: quadratic time has none.
fn read_in_linear_time(pieces: usize, text: impl Fn(usize) -> String) -> ManifestFile {
    let (few_text, all_text) = (text(pieces / 16), text(pieces));
    let timed = |text: &str| {
        let began = Instant::now();
        (read(text), began.elapsed().max(Duration::from_millis(25)))
    };
    let mut spoiled = Vec::new();
    for _ in 0..TRIES {
        let ((_, few), (manifest, all)) = (timed(&few_text), timed(&all_text));
        if all < few * 100 {
            return manifest;
        }
        spoiled.push((few, all));
    }
    panic!("a sixteenth of {pieces}, and all of them, take {spoiled:?}");
}

fn problem(body: &str) -> YamlProblemKind {
    let manifest = read(body);
    assert!(manifest.documents.is_empty());
    manifest.problems[0].kind
}

#[test]
fn deep_nesting_is_refused() {
    let deep = 100_000;
    assert_eq!(problem(&format!("a: {}", "[".repeat(deep))), YamlProblemKind::TooDeeplyNested);
    assert_eq!(
        problem(&format!("a: {}{}", "[".repeat(deep), "]".repeat(deep))),
        YamlProblemKind::TooDeeplyNested
    );
    assert_eq!(problem(&format!("a: {}", "{a: ".repeat(deep))), YamlProblemKind::TooDeeplyNested);
    assert_eq!(problem(&format!("a:\n{}", "- ".repeat(deep))), YamlProblemKind::TooDeeplyNested);
    assert_eq!(problem(&format!("a:\n{}", "? ".repeat(deep))), YamlProblemKind::TooDeeplyNested);
    let steps: String = (0..3000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(problem(&format!("spec:\n{steps}")), YamlProblemKind::TooDeeplyNested);
}

#[test]
fn nesting_within_the_limit_is_read_by_both_parsers() {
    let body = format!("a: {}{}\n", "[".repeat(118), "]".repeat(118));
    assert_eq!(read(&body).documents[0].read_only(), None);
}

#[test]
fn aliases_do_not_multiply() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert_eq!(problem(&bomb), YamlProblemKind::TooDeeplyNested);
    assert_eq!(problem("a: &a [*a]\n"), YamlProblemKind::TooDeeplyNested);
    assert_eq!(problem("spec: &s\n  containers: *s\n  <<: *s\n"), YamlProblemKind::TooDeeplyNested);
}

#[test]
fn a_file_beyond_the_limit_is_refused_and_one_within_it_is_read() {
    assert_eq!(problem(&"x".repeat(50_000_000)), YamlProblemKind::TooLarge);
    let line = format!("a: {}\n", "x".repeat(MAX_YAML_BYTES - 100));
    assert_eq!(read(&line).documents[0].read_only(), None);
}

#[test]
fn a_document_of_endless_small_values_is_refused() {
    assert_eq!(problem(&"k: 1\n".repeat(1_000_000)), YamlProblemKind::TooLarge);
    assert_eq!(
        problem(&format!("spec: {{containers: [{}]}}", "{<<: 1},".repeat(900_000))),
        YamlProblemKind::TooLarge
    );
    assert_eq!(problem(&format!("a:\n- {}  b: 1\n", "# c\n".repeat(200_000))), YamlProblemKind::TooLarge);
}

#[test]
fn many_documents_are_read_in_linear_time() {
    // Nearly as many as are read of one file.
    let manifest = read_in_linear_time(9_000, |count| format!("---\n{HEADER}").repeat(count));
    assert_eq!(manifest.documents.len(), 9_001);
    let manifest = read_in_linear_time(200_000, |count| "---\na: 1\n".repeat(count));
    assert_eq!(manifest.documents.len(), 1);
}

#[test]
fn wide_collections_are_read_in_linear_time() {
    let keys = |count: usize| (0..count).map(|key| format!("k{key}: yes\n")).collect();
    let manifest = read_in_linear_time(100_000, keys);
    let document = &manifest.documents[0];
    let paths = document.ambiguous_booleans().map(|(id, _)| document.tree.path_to(id).len()).sum::<usize>();
    assert_eq!(paths, 100_000);
    let same = read_in_linear_time(100_000, |count| "k: 1\n".repeat(count));
    assert_eq!(same.problems.len(), 99_999);
    let one = |pieces, text: &dyn Fn(usize) -> String| {
        assert_eq!(read_in_linear_time(pieces, text).documents.len(), 1, "{}", text(1));
    };
    one(50_000, &|count| (0..count).map(|key| format!("k{key}: {{a: 1, b: }}\n")).collect());
    one(99_000, &|count| format!("a:\n{}  b: 1\n", "# c\n".repeat(count)));
    one(100_000, &|count| format!("a:\n{}", "- |\n  a\n".repeat(count)));
    one(50_000, &|count| format!("spec:\n{}", "- {template: {spec: {}}}\n".repeat(count)));
}

#[test]
fn odd_characters_are_a_problem_or_text() {
    for body in [
        "a: \0\n",
        "\ta: 1\n",
        "a: \u{7f}\n",
        "a: 'x\n",
        "a: *missing\n",
        "? [a\n",
        "%TAG\n",
        "a: !<\n",
        "@",
        "`",
    ] {
        let text = format!("{HEADER}{body}");
        assert_eq!(breaches(&text), [] as [String; 0], "{body:?}");
    }
}

/// Pieces that manifests are made of, and those that parsers stumble on.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "b: ",
        "- ",
        "-",
        "? ",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n    ",
        "\n- ",
        "\n---\n",
        "\n...\n",
        "---",
        "|",
        ">",
        "|+\n  x\n\n",
        "|-\n   y\n",
        ">2",
        "{",
        "}",
        "[",
        "]",
        ", ",
        "'",
        "\"",
        "''",
        "\"x\"",
        "# c\n",
        " #",
        "&x ",
        "*x",
        "!t ",
        "!!str ",
        "<<: ",
        "~",
        "yes",
        "0644",
        "1",
        "\r\n",
        "\r",
        "\t",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "ü",
        "😀",
        "%YAML 1.1\n",
        "{{ x }}",
        "spec:\n",
        "containers:\n",
        "items:\n",
        "kind: List\n",
        "template: ",
        "\0",
        "apiVersion: v1\n",
        "kind: Pod\n",
        "securityContext: ",
        "image: x\n",
        "  - name: c\n",
        "metadata: {name: n}\n",
    ];
    prop_oneof![8 => prop::sample::select(pieces.to_vec()).prop_map(str::to_owned), 1 => "\\PC{0,3}"]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_invariant_holds_for_any_text(pieces in prop::collection::vec(piece(), 0..40)) {
        let body = pieces.concat();
        for text in [format!("{HEADER}{body}"), format!("{body}\napiVersion: v1\nkind: Pod\n"), format!("{HEADER}spec:\n  a: {body}")] {
            prop_assert_eq!(breaches(&text), Vec::<String>::new(), "{:?}", text);
            let _ = read_kustomization(&text);
        }
    }
}
