//! The proof of an edit: what it lets pass, and each way in which an edit can be wrong.

use proptest::prelude::*;
use proptest::sample::Index;
use seaworthy::kubernetes::{MANIFEST_CONVENTIONS, parse_manifest};
use seaworthy::yaml::edit::{EditRefusal, YamlEdit, apply_verified, expected_value, verify_edits};

use super::hardening::{append, fixes, path, pods, set, yaml};

const BEFORE: &str = "\
# The shop.
apiVersion: v1
kind: Pod
spec:
  hostNetwork: true # for now
---
apiVersion: v1
kind: ConfigMap
";

const JSON: &str = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"hostNetwork\": true}}\n";

fn host_network() -> [YamlEdit; 1] {
    [set(&path("spec"), "hostNetwork", "false")]
}

fn failure(before: &str, after: &str) -> String {
    verify_edits(MANIFEST_CONVENTIONS, before, after, 0, &host_network()).unwrap_err().to_string()
}

#[test]
fn the_intended_edit_is_proved() {
    let after = BEFORE.replace("true", "false");
    assert_eq!(verify_edits(MANIFEST_CONVENTIONS, BEFORE, &after, 0, &host_network()), Ok(()));
    assert_eq!(
        verify_edits(MANIFEST_CONVENTIONS, JSON, &JSON.replace("true", "false"), 0, &host_network()),
        Ok(())
    );
}

#[test]
fn every_other_edit_is_refused() {
    let edited = BEFORE.replace("true", "false");
    let wrong = [
        (BEFORE.to_owned(), "its value is another"),
        (edited.replace("Pod", "Job"), "its value is another"),
        (edited.replace("hostNetwork: false", "hostNetwork: [false"), "its value is another"),
        (edited.replace(" # for now", ""), "its comments changed"),
        (edited.replace("# The shop.", "# A shop."), "its comments changed"),
        (edited.replace("ConfigMap", "Secret"), "another document changed"),
        (edited.replace("---\napiVersion: v1\nkind: ConfigMap\n", ""), "another document changed"),
        (edited.replace("kind: Pod\n", "kind: Pod\r\n"), "the file changed its line endings"),
        (format!("\u{feff}{edited}"), "another document changed"),
    ];
    for (after, reason) in wrong {
        let failure = failure(BEFORE, &after);
        assert!(failure.ends_with(reason), "{failure}: {after}");
    }
}

#[test]
fn the_end_of_the_file_is_kept() {
    let before = "apiVersion: v1\nkind: Pod\nspec:\n  hostNetwork: true\n";
    let after = before.replace("true", "false");
    let failure = failure(before, after.trim_end());
    assert!(failure.ends_with("the file changed its line endings"), "{failure}");
}

#[test]
fn json_stays_json() {
    let after = JSON.replace("\"hostNetwork\": true", "hostNetwork: false");
    let failure = failure(JSON, &after);
    assert!(failure.ends_with("it is no longer JSON"), "{failure}");
}

#[test]
fn what_must_come_is_worked_out_on_the_value_alone() {
    let before =
        yaml("{a: {drop: [x]}, securityContext: {capabilities: {add: [x]}}, emptyDir: {medium: m}, n: null}");
    let ops = [
        append(&[], "a.drop", "y"),
        append(&[], "a.drop", "x"),
        YamlEdit::Remove { path: path("securityContext.capabilities.add[0]") },
        YamlEdit::Remove { path: path("emptyDir.medium") },
        YamlEdit::Remove { path: path("not.there") },
        set(&[], "n.deep", "1"),
    ];
    let after = yaml("{a: {drop: [x, y]}, emptyDir: {}, n: {deep: 1}}");
    assert_eq!(expected_value(MANIFEST_CONVENTIONS, &before, &ops), Ok(after));
    let through_a_word = expected_value(MANIFEST_CONVENTIONS, &yaml("{a: word}"), &[set(&[], "a.b", "1")]);
    assert!(matches!(through_a_word, Err(EditRefusal::WrongKind { .. })));
    let beyond_the_end = expected_value(MANIFEST_CONVENTIONS, &yaml("{a: []}"), &[set(&[], "a[0].b", "1")]);
    assert_eq!(beyond_the_end, Err(EditRefusal::MissingItem("a[0]".to_owned())));
}

/// What breaks texts: the characters that mean something to YAML, and those that mean it to few parsers.
const SHARDS: &str = "\n\r\t #:-?,[]{}&*!|>'\"%@`~<=\u{feff}\u{2028}\u{85}é0";

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    /// What comes of a broken text does not matter, as long as it is proved or refused.
    #[test]
    fn no_text_is_too_odd(
        file in any::<Index>(),
        cuts in prop::collection::vec((any::<Index>(), any::<Index>(), any::<bool>()), 1..6),
    ) {
        let files = super::properties::workloads();
        let mut text: Vec<char> = file.get(&files).1.chars().collect();
        let shards: Vec<char> = SHARDS.chars().collect();
        for (at, shard, cut) in cuts {
            let at = at.index(text.len());
            if cut { text.remove(at); } else { text.insert(at, *shard.get(&shards)); }
        }
        let text: String = text.into_iter().collect();
        for (index, document) in parse_manifest(&text).documents.iter().enumerate() {
            for pod in pods(document.value()) {
                for (_, ops) in fixes(document.value(), &pod) {
                    let edited = apply_verified(MANIFEST_CONVENTIONS, &text, index, &ops);
                    prop_assert!(edited != Ok(String::new()) && !matches!(edited, Err(EditRefusal::MissingDocument(_))));
                }
            }
        }
    }
}
