//! What is passed over without a parse: nothing in which a parse would have found anything.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use seaworthy::audit::RELEVANT_DOCUMENTS;
use seaworthy::kubernetes::{parse_manifest, parse_relevant};
use seaworthy::project::ManifestFacts;

use super::breaches::glance::breaches;
use crate::support;

#[test]
fn a_look_agrees_with_a_parse_on_every_fixture() {
    let found: Vec<String> = fixtures().iter().flat_map(|text| breaches(text)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn what_no_rule_asks_for_says_nothing_of_other_files() {
    let mut passed = 0;
    for text in fixtures() {
        for document in parse_manifest(&text).documents {
            let own = document.span.slice(&text);
            let manifest = parse_relevant(&Arc::from(own), RELEVANT_DOCUMENTS);
            passed += manifest.irrelevant_count;
            if manifest.irrelevant_count > 0 {
                assert_eq!(
                    ManifestFacts::from_manifest(&parse_manifest(own)),
                    ManifestFacts::default(),
                    "{own}"
                );
            }
        }
    }
    assert!(passed > 0, "some fixture is passed over");
}

#[test]
fn a_definition_as_generators_write_it_is_passed_over() {
    let text = "---\napiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  annotations:\n    controller-gen.kubebuilder.io/version: v0.16.5\n  name: boats.example.org\nspec:\n  group: example.org\n  names:\n    kind: Boat\n    plural: boats\n  versions:\n  - name: v1\n    schema:\n      openAPIV3Schema:\n        description: |-\n          A boat.\n\n          It floats.\n        properties:\n          containers:\n            description: Those it carries; more than one\n              are stacked (see \"ports\").\n            items:\n              type: object\n            type: array\n          flag:\n            default: 'it''s\n              long'\n            type: string\n        type: object\n    served: true\n    storage: true\n    subresources:\n      status: {}\nstatus:\n  conditions: []\n";
    for text in [text.to_owned(), text.replace('\n', "\r\n")] {
        assert_eq!(parse_relevant(&Arc::from(text.as_str()), RELEVANT_DOCUMENTS).irrelevant_count, 1);
        assert_eq!(breaches(&text), Vec::<String>::new());
    }
}

#[test]
fn what_may_concern_a_rule_is_read_in_full() {
    let head = "apiVersion: example.org/v1\nkind: Boat\nmetadata:\n  name: a\n  namespace: sea\n";
    let passed = |text: &str| parse_relevant(&Arc::from(text), RELEVANT_DOCUMENTS).irrelevant_count;
    assert_eq!(passed(head), 1);
    for rest in [
        "spec: {a: 1,\n  b: 2}\n",
        "spec: {a: 1, a: 2}\n",
        "spec: {a: yes}\n",
        "spec:\n  a: yes\n",
        "spec:\n  a: 1\n  a: 2\n",
        "spec:\n  template:\n    spec:\n      containers:\n      - image: a\n",
        "# seaworthy: allow-file moving-tag -- why\n",
        "spec: &a\n  b: *a\n",
        "spec:\n\ta: 1\n",
        "spec: 'a\n",
        "spec:\n  a: b: c\n",
        "spec: !!binary aGk=\n",
        "  odd: 1\n wrong: 2\n",
    ] {
        assert_eq!(passed(&format!("{head}{rest}")), 0, "{rest}");
    }
    assert_eq!(passed(&head.replace("sea", "default")), 0);
    assert_eq!(
        passed(&head.replace("  name: a\n", "  name: a\n  annotations:\n    kube-score/ignore: x\n")),
        0
    );
    assert_eq!(passed(&head.replace("Boat", "ConfigMap")), 0);
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
fn a_look_agrees_with_a_parse_on_whole_repositories() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    let found: Vec<String> = texts(Path::new(&folder)).iter().flat_map(|text| breaches(text)).collect();
    let brief: Vec<String> = found.iter().map(|breach| breach.chars().take(200).collect()).collect();
    assert!(found.is_empty(), "{brief:#?}");
}

pub(super) fn fixtures() -> Vec<String> {
    texts(&support::fixtures())
}

pub(super) fn texts(folder: &Path) -> Vec<String> {
    let mut open = vec![folder.to_owned()];
    let mut texts = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let is_yaml = path.extension().is_some_and(|end| end == "yaml" || end == "yml");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() && is_yaml => texts.extend(std::fs::read_to_string(path)),
                _ => {}
            }
        }
    }
    texts.sort();
    texts
}

/// A document of the kind that is passed over, with a few of its characters made others.
pub(super) fn spoiled() -> impl Strategy<Value = String> {
    const BASE: &str = "apiVersion: a/v1\nkind: B\nmetadata:\n  name: n\n  annotations:\n    k/a: v\nspec:\n  list:\n  - a: 1\n    b: 'q''q'\n  - - x\n    - \"y\\n\"\n  text: |-\n    one\n\n      two\n  fold: >\n    three\n  long: four\n    five\n\n    six\n  empty:\n  none: {}\n  # said\n  last: [] # so\n";
    const MARKS: [&str; 26] = [
        "", " ", "  ", "\n", "\t", ":", ": ", "-", "- ", "#", " #", "'", "\"", "\\", "|", ">", "{", "}", "[",
        "]", "&a ", "*a", "!t ", "? ", "yes", "\r\n",
    ];
    let place = (0..BASE.len(), 0..3_usize, prop::sample::select(&MARKS[..]));
    prop::collection::vec(place, 1..4).prop_map(|places| {
        let mut text = BASE.to_owned();
        for (at, cut, mark) in places {
            let at = at.min(text.len());
            text.replace_range(at..(at + cut).min(text.len()), mark);
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_look_agrees_with_a_parse_on_what_is_spoiled(text in spoiled()) {
        prop_assert_eq!(breaches(&text), Vec::<String>::new());
    }
}
