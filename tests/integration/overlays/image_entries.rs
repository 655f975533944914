//! What a fix writes into the `images` of a kustomization: the tag or the digest of the entry that decides an image.

use std::time::SystemTime;

use seaworthy::audit::AuditEngine;
use seaworthy::finding::FindingKey;
use seaworthy::fix::{FixOrder, FixPlan, NoPlan, PlanValueKind, Planner, RegistryAnswers};
use seaworthy::image::Reference;
use seaworthy::image::registry::TagResolution;

use super::audited::{overlays, places};
use crate::support::audit;

const DIGEST: &str = "sha256:9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c";

/// The fix of a rule's findings in a file, by what a registry says of one image.
fn plan(engine: &AuditEngine, path: &str, rule: &str, image: &str) -> Result<FixPlan, NoPlan> {
    let mut answers = RegistryAnswers::default();
    let said = TagResolution {
        digest: DIGEST.to_owned(),
        is_single_platform: false,
        tags: vec!["1.31".to_owned()],
        incomplete_reason: None,
        other_hosts: Vec::new(),
        resolved_at: SystemTime::now(),
    };
    answers.extend([(Reference::parse(image).unwrap(), Ok(said))]);
    let open = engine.open_findings(&path.into());
    let keys: Vec<FindingKey> = open.into_iter().map(|(key, _)| key).filter(|key| key.rule == rule).collect();
    assert!(!keys.is_empty(), "{rule} is not open in {path}");
    Planner::new(engine).with_answers(&answers).plan(&FixOrder::Findings(&keys))
}

/// What a fix makes of an overlay's kustomization, and of no other file.
fn fixed(lines: &str, rule: &str, image: &str) -> String {
    let folder = overlays(&[("dev", lines), ("prod", "")], &[]);
    let engine = audit(folder.path());
    let plan = plan(&engine, "overlays/dev/kustomization.yaml", rule, image).unwrap();
    assert_eq!(plan.patches.len(), 1, "{:?}", plan.patches);
    let after = plan.patches[0].after.text();
    std::fs::write(folder.path().join("overlays/dev/kustomization.yaml"), after).unwrap();
    let left = places(&audit(folder.path()), rule);
    assert!(left.iter().all(|place| !place.contains("overlays/dev/")), "{left:?}");
    after.strip_prefix("resources: [../../base]\n").unwrap().to_owned()
}

#[test]
fn a_moving_tag_becomes_a_version_where_the_entry_says_it() {
    let entry = "images:\n- name: registry.example/web\n  newTag: latest # of today\n";
    assert_eq!(
        fixed(entry, "latest-tag", "registry.example/web:latest"),
        "images:\n- name: registry.example/web\n  newTag: \"1.31\" # of today\n"
    );
    let flow = "images: [{name: registry.example/web, newName: registry.example/own, newTag: \"latest\"}]\n";
    assert_eq!(
        fixed(flow, "latest-tag", "registry.example/own:latest"),
        "images: [{name: registry.example/web, newName: registry.example/own, newTag: \"1.31\"}]\n"
    );
}

#[test]
fn a_digest_stands_beside_the_tag_of_its_entry() {
    let entry = "namePrefix: x-\nimages:\n  - name: other\n    newTag: '2'\n  - name: registry.example/web\n    newTag: 1.2.0\n# the end\n";
    let pinned = entry.replace("1.2.0\n", &format!("1.2.0\n    digest: {DIGEST}\n"));
    assert_eq!(fixed(entry, "unpinned-image", "registry.example/web:1.2.0"), pinned);
}

#[test]
fn a_kustomization_that_names_its_kind_is_mended_likewise() {
    let entry = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nimages:\n- name: registry.example/web\n  newTag: 1.2.0\n";
    let pinned = format!("{entry}  digest: {DIGEST}\n");
    assert_eq!(fixed(entry, "unpinned-image", "registry.example/web:1.2.0"), pinned);
}

#[test]
fn what_no_registry_was_asked_for_is_a_field_in_its_entry() {
    let entry = "images:\n- name: registry.example/web\n  newTag: 1.2.0 # not newer\n";
    let folder = overlays(&[("dev", entry)], &[]);
    let engine = audit(folder.path());
    let path = "overlays/dev/kustomization.yaml";
    let Err(NoPlan::NeedsValue { values, .. }) = plan(&engine, path, "unpinned-image", "other:1") else {
        panic!("it is planned without a value");
    };
    let [tag, digest] = [PlanValueKind::Tag, PlanValueKind::Digest]
        .map(|kind| values.values.iter().find(|value| value.kind == kind).unwrap());
    assert_eq!((tag.text.as_str(), digest.text.as_str()), ("1.2.0", ""));
    let place = &digest.places[0];
    let file = values.files.iter().find(|file| file.path == place.path).unwrap();
    assert!(file.after.text()[..place.span.start].ends_with("# not newer"), "{place:?}");
    assert_eq!(place.lead, "\n  digest: ");
}

#[test]
fn an_image_that_its_base_names_is_mended_in_the_base() {
    let folder =
        overlays(&[("dev", "images:\n- name: registry.example/web\n  newName: registry.example/own\n")], &[]);
    let engine = audit(folder.path());
    let found = places(&engine, "unpinned-image");
    assert_eq!(found, ["base/web.yaml:12 Deployment/web"], "the tag is the base's");
}
