//! How a file falls into documents, and what is said of those that are odd.

use seaworthy::kubernetes::{ManifestDocument, ManifestFile, parse_manifest, read_kustomization};
use seaworthy::yaml::{ReadOnlyReason, YamlProblemKind};

use super::breaches::breaches;

macro_rules! fixture {
    ($name:literal) => {
        include_str!(concat!("../../fixtures/manifest/", $name))
    };
}

fn labels(documents: &[ManifestDocument]) -> Vec<String> {
    documents
        .iter()
        .flat_map(|document| &document.objects)
        .map(seaworthy::kubernetes::ManifestObject::label)
        .collect()
}

fn read_only(text: &str) -> Option<ReadOnlyReason> {
    let manifest = parse_manifest(text);
    assert_eq!(breaches(text), [] as [String; 0]);
    manifest.documents[0].read_only()
}

#[test]
fn each_document_is_its_own_slice() {
    let text = fixture!("several-documents.yaml");
    let manifest = parse_manifest(text);
    assert_eq!(manifest.problems, []);
    assert_eq!(
        labels(&manifest.documents),
        ["ServiceAccount/first", "ConfigMap/second", "ServiceAccount/third"]
    );
    let slices: Vec<&str> = manifest.documents.iter().map(|document| document.span.slice(text)).collect();
    assert!(slices[0].starts_with("%YAML") && slices[0].ends_with("...\n"));
    assert!(slices[1].starts_with("---\napiVersion") && slices[1].ends_with("# After the second.\n"));
    assert!(slices[2].starts_with("--- {apiVersion"));
    let comments: Vec<usize> =
        manifest.documents.iter().map(|document| document.tree.comments().len()).collect();
    assert_eq!(comments, [2, 1, 0]);
    assert!(manifest.documents.iter().all(|document| document.read_only().is_none()));
    assert_eq!(breaches(text), [] as [String; 0]);
}

#[test]
fn a_broken_document_hides_none_of_the_others() {
    let text = fixture!("broken-among-good.yaml");
    let manifest = parse_manifest(text);
    assert_eq!(labels(&manifest.documents), ["ServiceAccount/first", "ServiceAccount/third"]);
    let [problem] = &manifest.problems[..] else { panic!("one problem") };
    assert_eq!(problem.kind, YamlProblemKind::InvalidSyntax);
    let broken = text.find("---").unwrap()..text.rfind("---").unwrap() + 3;
    assert!(broken.contains(&problem.span.start), "{problem:?}");
}

#[test]
fn a_document_with_a_repeated_key_is_read_as_the_cluster_reads_it() {
    let text = fixture!("duplicate-key.yaml");
    let manifest = parse_manifest(text);
    let [problem] = &manifest.problems[..] else { panic!("one problem") };
    assert_eq!(
        (problem.kind, problem.span.start),
        (YamlProblemKind::DuplicateKey, text.rfind("hostPID").unwrap())
    );
    assert_eq!(problem.message, "the key `hostPID` stands twice in one mapping");
    let document = &manifest.documents[0];
    assert_eq!(document.read_only(), Some(ReadOnlyReason::DuplicateKey));
    assert_eq!(document.pods[0].model.host_pid.get(), Some(&true));
    assert_eq!(document.pods[0].span_of(&seaworthy::path!["hostPID"]).unwrap().slice(text), "true");
}

#[test]
fn a_template_is_told_by_its_structure() {
    for text in [fixture!("unparsable-template.yaml"), fixture!("parsable-template.yaml")] {
        let engine = "Helm template";
        let ManifestFile { documents, problems, template, .. } = parse_manifest(text);
        assert!(template.is_some_and(|template| template.engine.name() == engine));
        assert!(documents.is_empty() && problems.is_empty());
    }
    let manifest = parse_manifest(fixture!("no-template.yaml"));
    assert_eq!(manifest.template, None);
    assert_eq!(labels(&manifest.documents), ["Workflow/hello"]);
}

#[test]
fn what_holds_no_object_is_passed_over() {
    for text in ["", "\u{feff}", "# kind, apiVersion\n", "---\n---\n...\n", "a: 1\n", "a: [\n", "{{ broken"] {
        let manifest = parse_manifest(text);
        assert!(manifest.documents.is_empty() && manifest.problems.is_empty(), "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_at_the_start_is_no_part_of_the_document() {
    let text = "\u{feff}apiVersion: v1\nkind: Pod\n";
    let manifest = parse_manifest(text);
    let document = &manifest.documents[0];
    assert_eq!((document.span.start, document.read_only()), (3, None));
    let root = document.tree.root().unwrap();
    assert_eq!(document.tree.span(document.tree.get(root, "kind").unwrap()).slice(text), "Pod");
}

#[test]
fn what_parsers_read_differently_is_never_edited() {
    let with = |text: &str| read_only(&format!("apiVersion: v1\nkind: Pod\n{text}"));
    assert_eq!(with("a: b\r\nc: 'd'\r\n"), None);
    assert_eq!(with("a: &x [1]\nb: *x\n"), None);
    assert_eq!(with("a: b\rc: d\n"), Some(ReadOnlyReason::LoneCarriageReturn));
    assert_eq!(with("a: b\u{2028}c\n"), Some(ReadOnlyReason::LineSeparator));
    assert_eq!(with("a: 'b\u{85}c'\n"), Some(ReadOnlyReason::LineSeparator));
    assert_eq!(with("a: b\u{feff}c\n"), Some(ReadOnlyReason::ByteOrderMark));
    assert_eq!(with("a: !mine b\n"), Some(ReadOnlyReason::ParsersDiffer));
    assert_eq!(with("a: 99999999999999999999999999999\n"), Some(ReadOnlyReason::ParsersDiffer));
}

#[test]
fn both_parsers_type_scalars_alike() {
    let scalars = [
        "yes",
        "0644",
        "0o644",
        "0x1F",
        "-0x1F",
        "1_000",
        "12:30:45",
        ".inf",
        "-.inf",
        ".nan",
        "1e3",
        "1.",
        "+1",
        "-1",
        "+-1",
        "True",
        "NULL",
        "~",
        "''",
        "'1'",
        "\"true\"",
        "1.2.3",
        "0",
        "-0",
        "00",
        "0b11",
        "!!str 1",
        "2024-01-01",
        "18446744073709551615",
        "-9223372036854775808",
        "|\n  1",
        ">-\n  a\n  b",
        "a\n  b",
        "e3",
        "0x",
        "=",
    ];
    for scalar in scalars {
        assert_eq!(read_only(&format!("apiVersion: v1\nkind: Pod\na: {scalar}\n")), None, "{scalar}");
    }
}

#[test]
fn booleans_that_only_kubectl_reads_are_named() {
    let text = "apiVersion: v1\nkind: Pod\non: x\na: yes\nb: 'no'\nc: [off, y, true, nope]\n";
    let document = &parse_manifest(text).documents[0];
    let named: Vec<_> = document
        .ambiguous_booleans()
        .map(|(id, value)| (document.tree.span(id).slice(text), value))
        .collect();
    assert_eq!(named, [("yes", true), ("off", false), ("y", true)]);
}

#[test]
fn a_kustomization_names_its_resources_and_patches() {
    let kustomization = read_kustomization(fixture!("kustomization.yaml")).unwrap();
    assert_eq!(kustomization.resources, ["deployment.yaml", "../base", "../tracing"]);
    assert_eq!(kustomization.patches, ["limits.yaml", "user.yaml", "replicas.json"]);
    assert_eq!(kustomization.namespace.as_deref(), Some("shop"));
    assert_eq!(kustomization.images[0].new_tag.as_deref(), Some("1.2.3"));
    let typed = format!(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n{}",
        fixture!("kustomization.yaml")
    );
    assert_eq!(parse_manifest(&typed).documents[0].kustomization(), Some(kustomization));
    assert!(parse_manifest(fixture!("patch.yaml")).documents[0].pods[0].names_no_image());
}
