//! One small file for each layout that edits go wrong on elsewhere, before and after.

use std::path::{Path, PathBuf};

use seaworthy::kubernetes::{MANIFEST_CONVENTIONS, parse_manifest};
use seaworthy::yaml::PathStep;
use seaworthy::yaml::edit::{EditRefusal, YamlEdit, apply_edits, apply_verified};

use super::hardening::{append, path, pods, set};

/// What is done to each file: the changes by their short names, and the reason where it is refused.
const CASES: &[(&str, &str)] = &[
    ("alias_that_is_not_touched", "resources mount"),
    ("alphabetical_order", "token context mount volume resources"),
    ("article", "token context read-only mount volume resources"),
    ("beyond_ascii_on_the_line", "image resources"),
    ("blank_lines_are_content", "mount"),
    ("block_scalar_comes_last", "mount volume"),
    ("block_scalar_ends_the_file_without_a_newline", "volume unknown"),
    ("block_scalar_with_an_indentation_indicator", "mount"),
    ("both_dash_styles_in_one_file", "mount mount-second volume"),
    ("broken_document_among_good_ones", "resources"),
    ("byte_order_mark", "resources"),
    ("comment_before_the_closing_brace", "read-only"),
    ("comment_beside_the_dash", "mount resources"),
    ("comments_are_the_whole_body", "context"),
    ("comments_stay_with_their_key", "token resources mount volume"),
    ("crlf", "resources context volume"),
    ("dash_alone_on_its_line", "mount resources"),
    ("dashes_at_the_key_column", "mount volume resources"),
    ("directive", "resources"),
    ("empty_collection_below_its_key", "context drop read-only resources mount volume"),
    ("empty_list_is_filled", "mount"),
    ("empty_mapping_is_filled", "resources"),
    ("empty_mapping_over_two_lines", "context resources read-only"),
    ("first_key_of_an_item_is_removed", "no-host-ports"),
    ("flow_after_the_marker", "token resources volume"),
    ("flow_on_one_line", "resources mount volume"),
    ("flow_over_several_lines", "resources"),
    ("four_spaces", "resources drop mount"),
    ("last_entry_is_removed", "no-capability no-medium"),
    ("list_in_a_list", "matrix"),
    ("list_of_objects", "token resources"),
    ("no_final_newline", "resources volume"),
    ("null_in_braces", "context resources volume"),
    ("null_is_filled", "context volume"),
    ("null_with_a_comment", "context resources"),
    ("one_lf_among_crlf", "resources"),
    ("one_line_of_json", "image resources context mount volume"),
    ("one_neighbour_stands_further_in", "read-only"),
    ("pretty_json", "image resources context drop mount volume"),
    ("quotes_are_kept", "image image-second"),
    ("several_documents", "resources context"),
    ("stripped_block_scalar", "mount"),
    ("tabs_and_trailing_blanks", "image resources"),
    ("trailing_comma", "drop"),
    ("two_edits_at_one_place", "context token"),
    ("value_below_its_key", "image"),
    ("value_over_several_lines", "mount"),
    ("values_that_only_look_alike", "no-host-network user volume"),
    ("wide_gap_after_the_dash", "mount resources"),
];

/// What is refused, and why.
const REFUSED: &[(&str, &str, &str)] = &[
    (
        "alias_elsewhere",
        "memory",
        "`spec.containers[0].resources` is anchored, and aliases repeat it elsewhere",
    ),
    (
        "alias_elsewhere",
        "memory-second",
        "`spec.containers[1].resources` is an alias of a value that stands elsewhere",
    ),
    (
        "merge_key",
        "memory-second",
        "`spec.containers[1]` takes part of its keys from elsewhere, through `<<`",
    ),
    ("explicit_tag", "memory", "`spec.containers[0].resources` has an explicit tag"),
    ("explicit_key", "memory", "`spec.containers[0]` has a key written with `?`, or one that is no word"),
    ("duplicate_key", "memory", "the document is not edited: a key stands twice in one mapping"),
    (
        "lone_carriage_return",
        "memory",
        "the document is not edited: it has lines that end in a lone carriage return",
    ),
    (
        "unicode_line_separator",
        "memory",
        "the document is not edited: it holds a Unicode line separator, which YAML parsers read differently",
    ),
    (
        "commented_line_is_not_removed",
        "no-network-line",
        "a comment stands with `spec.hostNetwork` and would be lost",
    ),
    ("wrong_kind_is_refused", "user", "`spec.securityContext` is a single value, not a mapping"),
];

fn ops(name: &str, pod: &[PathStep]) -> Vec<YamlEdit> {
    let at = |below: &str| [pod, &path(below)].concat();
    let (first, second) = (at("containers[0]"), at("containers[1]"));
    let remove = |below: &str| YamlEdit::Remove { path: at(below) };
    let image = "registry/api:v1.0.3@sha256:f469";
    let mount = "{name: api-tmp, mountPath: /tmp}";
    match name {
        "token" => vec![set(pod, "automountServiceAccountToken", "false")],
        "context" => [("runAsNonRoot", "true"), ("runAsUser", "48301"), ("runAsGroup", "48301")]
            .map(|(key, to)| set(pod, &format!("securityContext.{key}"), to))
            .to_vec(),
        "user" => vec![set(pod, "securityContext.runAsUser", "48301")],
        "read-only" => vec![set(&first, "securityContext.readOnlyRootFilesystem", "true")],
        "drop" => vec![append(&first, "securityContext.capabilities.drop", "ALL")],
        "memory" => vec![set(&first, "resources.limits.memory", "128Mi")],
        "memory-second" => vec![set(&second, "resources.limits.memory", "128Mi")],
        "resources" => resources(&first),
        "mount" => vec![append(&first, "volumeMounts", mount)],
        "mount-second" => vec![append(&second, "volumeMounts", mount)],
        "volume" => vec![append(pod, "volumes", "{name: api-tmp, emptyDir: {}}")],
        "image" => vec![set(&first, "image", image)],
        "image-second" => vec![set(&second, "image", image)],
        "unknown" => vec![set(pod, "shareProcessNamespace", "false")],
        "matrix" => vec![append(pod, "matrix", "[three, four]"), append(pod, "matrix[0]", "five")],
        "no-host-network" => vec![set(pod, "hostNetwork", "false")],
        "no-network-line" => vec![remove("hostNetwork")],
        "no-host-ports" => [0, 1].map(|n| remove(&format!("containers[0].ports[{n}].hostPort"))).to_vec(),
        "no-capability" => vec![remove("containers[0].securityContext.capabilities.add[0]")],
        "no-medium" => vec![remove("volumes[0].emptyDir.medium")],
        other => panic!("no change is called {other}"),
    }
}

fn resources(container: &[PathStep]) -> Vec<YamlEdit> {
    [
        ("limits.memory", "128Mi"),
        ("requests.cpu", "100m"),
        ("limits.cpu", "500m"),
        ("requests.memory", "64Mi"),
    ]
    .map(|(key, to)| set(container, &format!("resources.{key}"), to))
    .to_vec()
}

fn file(name: &str, when: &str) -> PathBuf {
    let extension = if name.contains("json") { "json" } else { "yaml" };
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/fixtures/edit/{name}.{when}.{extension}"))
}

/// A fixture with the first document that has a pod, and the changes that are asked for there.
fn case(name: &str, changes: &str) -> (String, usize, Vec<YamlEdit>) {
    let text = std::fs::read_to_string(file(name, "before")).unwrap();
    let documents = parse_manifest(&text).documents;
    let found = documents.iter().map(|document| pods(document.value())).enumerate();
    let (document, pods) = found.into_iter().find(|(_, pods)| !pods.is_empty()).unwrap();
    let ops = changes.split(' ').flat_map(|change| ops(change, &pods[0])).collect();
    (text, document, ops)
}

/// With `UPDATE_FIXTURES` set, the files after are written anew, to be read before they are kept.
#[test]
fn each_layout_is_edited_as_a_person_would() {
    for (name, changes) in CASES {
        let (before, document, ops) = case(name, changes);
        let after = apply_verified(MANIFEST_CONVENTIONS, &before, document, &ops)
            .unwrap_or_else(|reason| panic!("{name}: {reason}"));
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            std::fs::write(file(name, "after"), &after).unwrap();
        }
        let wanted = std::fs::read_to_string(file(name, "after")).unwrap();
        assert_eq!(after, wanted, "{name}");
    }
}

#[test]
fn what_is_not_provably_local_is_refused_with_the_reason() {
    for (name, changes, reason) in REFUSED {
        let (before, document, ops) = case(name, changes);
        assert_eq!(
            apply_verified(MANIFEST_CONVENTIONS, &before, document, &ops).unwrap_err().to_string(),
            *reason,
            "{name}"
        );
    }
}

#[test]
fn every_fixture_is_a_case() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/edit");
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let Some((name, _)) = name.split_once('.') else { continue };
        let edited = CASES.iter().any(|(case, _)| *case == name);
        assert!(edited || REFUSED.iter().any(|(case, ..)| *case == name), "{name}");
    }
}

#[test]
fn a_document_that_is_not_there_is_refused() {
    let (before, _, ops) = case("article", "token");
    assert_eq!(apply_edits(MANIFEST_CONVENTIONS, &before, 1, &ops), Err(EditRefusal::MissingDocument(1)));
}
