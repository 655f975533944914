//! The values of a fix: where each stands in the files as they would be written, and what may be put in its place.

use std::time::SystemTime;

use seaworthy::audit::AuditEngine;
use seaworthy::fix::{
    FixOrder, NoPlan, PlanValue, PlanValueKind, Planner, RegistryAnswers, ValueOwner, ValueSheet,
};
use seaworthy::image::Reference;
use seaworthy::image::registry::TagResolution;
use seaworthy::settings::{ImagePin, ResourceDefaults, ValueChoice};

use crate::support::{audit, repository};

const DOCKERFILE: &str = "FROM python:3.13-alpine\nWORKDIR /app\nCOPY . .\nCMD [\"python3\", \"app.py\"]\n";
const DEPLOYMENT: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  template:
    spec:
      containers:
      - name: api
        image: registry.example/api:1.2.3
";
const DIGEST: &str = "sha256:9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c";

/// The values of the fix of these rules' findings in a file.
fn sheet(engine: &AuditEngine, path: &str, rules: &[&str]) -> ValueSheet {
    let open = engine.open_findings(&path.into());
    let keys: Vec<_> = open.into_iter().map(|(key, _)| key).filter(|key| rules.contains(&key.rule)).collect();
    assert!(!keys.is_empty(), "nothing of {rules:?} in {path}");
    match Planner::new(engine).plan(&FixOrder::Findings(&keys)) {
        Ok(plan) => *plan.values,
        Err(NoPlan::NeedsValue { values, .. }) => *values,
        Err(other) => panic!("{other}"),
    }
}

fn value(sheet: &ValueSheet, kind: PlanValueKind) -> &PlanValue {
    let found = sheet.values.iter().find(|value| value.kind == kind);
    found.unwrap_or_else(|| panic!("no {kind:?} in {:?}", sheet.values))
}

/// What stands at each place of a value, with its line.
fn shown(sheet: &ValueSheet, value: &PlanValue) -> Vec<String> {
    let place = |place: &seaworthy::fix::ValuePlace| {
        let file = sheet.files.iter().find(|file| file.path == place.path).unwrap();
        let line = file.after.line_number_at(place.span.start);
        let text = file.after.line_span(line).slice(file.after.text()).trim();
        assert_eq!(place.span.slice(file.after.text()), value.text);
        format!("{}: {text}{}", place.path, place.lead)
    };
    value.places.iter().map(place).collect()
}

#[test]
fn a_uid_stands_wherever_the_fix_writes_it() {
    let root = repository(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", DEPLOYMENT)]);
    let engine = audit(root.path());
    let sheet = sheet(&engine, "deploy.yaml", &["missing-run-as-user", "missing-run-as-group"]);
    let (uid, gid) = (value(&sheet, PlanValueKind::Uid), value(&sheet, PlanValueKind::Gid));
    let is_of = |value: &PlanValue| matches!(&value.owners[..], [ValueOwner::User { key, .. }] if key == "Dockerfile");
    assert!(is_of(uid) && is_of(gid), "{sheet:?}");
    let id = &uid.text;
    assert!(
        shown(&sheet, uid).contains(&format!("deploy.yaml: runAsUser: {id}")),
        "{:?}",
        shown(&sheet, uid)
    );
    assert!(shown(&sheet, gid).contains(&format!("deploy.yaml: runAsGroup: {id}")));
    assert_eq!(
        (&uid.suggestions[0].text, uid.suggestions[0].origin.as_str()),
        (id, "free in this repository")
    );
}

#[test]
fn what_a_file_has_decided_is_a_field_that_names_the_place() {
    let user = format!("{DOCKERFILE}USER 43122:43122\n");
    let named = DEPLOYMENT.replace(
        "    spec:\n      containers",
        "    spec:\n      securityContext:\n        runAsUser: 43122\n      containers",
    );
    let both = &["missing-run-as-user", "missing-run-as-group"];
    for (files, place) in [
        (&[("Dockerfile", user.as_str()), ("deploy.yaml", DEPLOYMENT)][..], Some("Dockerfile:5")),
        (&[("deploy.yaml", named.as_str())], None),
    ] {
        let mut engine = audit(repository(files).path());
        let planned = sheet(&engine, "deploy.yaml", both);
        if let Some(place) = place {
            let uid = value(&planned, PlanValueKind::Uid);
            assert_eq!(uid.decided_at.as_deref(), Some(place));
            assert_eq!(uid.suggestions.len(), 1, "{uid:?}");
            assert_eq!(uid.suggestions[0].origin, format!("{place} has it"));
        }
        // The group is open.
        let gid = value(&planned, PlanValueKind::Gid);
        assert_eq!((gid.text.as_str(), &gid.decided_at), ("43122", &None));
        let [ValueOwner::User { key, .. }] = &gid.owners[..] else { panic!("{gid:?}") };
        let choice = ValueChoice::User { key: key.clone(), uid: 43122, gid: 45000 };
        engine.choose_values(|chosen| chosen.choose(choice));
        let chosen = sheet(&engine, "deploy.yaml", both);
        assert_eq!(value(&chosen, PlanValueKind::Gid).text, "45000");
    }
}

#[test]
fn containers_whose_bounds_differ_have_a_field_each() {
    let heap = DOCKERFILE.replace("COPY . .", "ENV NODE_OPTIONS=--max-old-space-size=1024\nCOPY . .");
    let heap = heap.replace("[\"python3\", \"app.py\"]", "[\"node\", \"app.js\"]");
    let two = format!(
        "{DEPLOYMENT}      - name: side\n        image: busybox:1.37.0\n      - name: other\n        image: busybox:1.37.0\n"
    );
    let mut engine = audit(repository(&[("Dockerfile", &heap), ("deploy.yaml", &two)]).path());
    let limits = |engine: &AuditEngine| -> Vec<(String, usize)> {
        let sheet = sheet(engine, "deploy.yaml", &["missing-memory-limit"]);
        let limits = sheet.values.iter().filter(|value| value.kind == PlanValueKind::MemoryLimit);
        limits.map(|value| (value.text.clone(), value.places.len())).collect()
    };
    assert_eq!(limits(&engine), [("1920Mi".to_owned(), 1), ("128Mi".to_owned(), 2)]);
    engine.choose_values(|chosen| {
        let bounds = ResourceDefaults { memory_limit: Some("128Mi".to_owned()), ..ResourceDefaults::none() };
        let (path, object) = ("deploy.yaml".into(), "Deployment/api".to_owned());
        chosen.choose(ValueChoice::Bounds { path, object, container: "api".to_owned(), bounds });
    });
    assert_eq!(limits(&engine), [("128Mi".to_owned(), 3)], "the default, too, is taken by a person's word");
}

#[test]
fn a_known_image_suggests_the_ids_that_it_is_built_for() {
    let manifest = DEPLOYMENT.replace("registry.example/api:1.2.3", "redis:7.4.2");
    let root = repository(&[("deploy.yaml", &manifest)]);
    let sheet = sheet(&audit(root.path()), "deploy.yaml", &["missing-run-as-user"]);
    let uid = value(&sheet, PlanValueKind::Uid);
    assert_eq!((uid.text.as_str(), uid.suggestions[0].origin.as_str()), ("999", "the image's own"));
    assert!(uid.suggestions.iter().any(|other| other.origin == "free in this repository"), "{uid:?}");
}

#[test]
fn bounds_are_suggested_from_the_other_workloads() {
    let bounded = format!("{DEPLOYMENT}        resources:\n          limits:\n            memory: 1Gi\n");
    let moon = bounded.replace("name: api", "name: moon");
    let root = repository(&[("deploy.yaml", DEPLOYMENT), ("moon.yaml", &moon)]);
    let sheet = sheet(&audit(root.path()), "deploy.yaml", &["missing-memory-limit"]);
    let limit = value(&sheet, PlanValueKind::MemoryLimit);
    assert_eq!(shown(&sheet, limit), ["deploy.yaml: memory: 128Mi"]);
    let said: Vec<(&str, &str)> =
        limit.suggestions.iter().map(|other| (other.text.as_str(), other.origin.as_str())).collect();
    assert_eq!(said, [("128Mi", "the default"), ("1Gi", "moon has it")]);
}

#[test]
fn a_path_has_its_evidence_and_room_for_one_more() {
    let volume = DOCKERFILE.replace("WORKDIR", "VOLUME /var/lib/api\nWORKDIR");
    let root = repository(&[("Dockerfile", &volume), ("deploy.yaml", DEPLOYMENT)]);
    let sheet = sheet(&audit(root.path()), "deploy.yaml", &["writable-root-filesystem"]);
    let paths: Vec<&PlanValue> =
        sheet.values.iter().filter(|value| value.kind == PlanValueKind::Path).collect();
    let said: Vec<(&str, &str)> =
        paths.iter().map(|path| (path.text.as_str(), path.suggestions[0].origin.as_str())).collect();
    assert_eq!(said, [("/tmp", "nearly every program wants it"), ("/var/lib/api", "Dockerfile:2 names it")]);
    let more = value(&sheet, PlanValueKind::AddedPath);
    let line = shown(&sheet, more).remove(0);
    assert!(line.ends_with("\n            - mountPath: ") || line.ends_with("- mountPath: "), "{line}");
}

#[test]
fn a_digest_that_nobody_knows_has_a_place_and_no_text() {
    let root = repository(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", DEPLOYMENT)]);
    let engine = audit(root.path());
    for (path, image) in [("Dockerfile", "python:3.13-alpine"), ("deploy.yaml", "registry.example/api:1.2.3")]
    {
        let sheet = sheet(&engine, path, &["unpinned-image"]);
        let (tag, digest) = (value(&sheet, PlanValueKind::Tag), value(&sheet, PlanValueKind::Digest));
        assert_eq!((digest.text.as_str(), digest.suggestions.len()), ("", 0), "{digest:?}");
        assert!(shown(&sheet, digest)[0].ends_with(&format!("{image}@")), "{:?}", shown(&sheet, digest));
        assert!(image.ends_with(&tag.text) && !tag.text.is_empty());
    }
}

#[test]
fn a_digest_is_suggested_where_a_file_here_or_a_registry_has_it() {
    let pinned = DEPLOYMENT.replace("1.2.3", &format!("1.2.3@{DIGEST}")).replace("name: api", "name: moon");
    let root = repository(&[("deploy.yaml", DEPLOYMENT), ("moon.yaml", &pinned)]);
    let sheet = sheet(&audit(root.path()), "deploy.yaml", &["unpinned-image"]);
    let digest = value(&sheet, PlanValueKind::Digest);
    assert_eq!(digest.suggestions.len(), 1);
    assert_eq!(
        (digest.suggestions[0].text.as_str(), digest.suggestions[0].origin.as_str()),
        (DIGEST, "moon.yaml has it")
    );
    assert_eq!(digest.text, "", "it is suggested, not taken");
}

#[test]
fn a_pin_that_a_person_gave_stands_in_the_diff() {
    let root = repository(&[("Dockerfile", DOCKERFILE)]);
    let mut engine = audit(root.path());
    engine.choose_values(|chosen| {
        let pin = ImagePin { tag: Some("3.13.1-alpine3.21".to_owned()), digest: Some(DIGEST.to_owned()) };
        chosen.images.insert("python:3.13-alpine".to_owned(), pin);
    });
    let sheet = sheet(&engine, "Dockerfile", &["unpinned-image"]);
    assert_eq!(value(&sheet, PlanValueKind::Tag).text, "3.13.1-alpine3.21");
    assert_eq!(value(&sheet, PlanValueKind::Digest).text, DIGEST);
}

#[test]
fn a_registrys_answer_is_suggested_and_its_digest_goes_with_its_tags() {
    let root = repository(&[("Dockerfile", DOCKERFILE)]);
    let engine = audit(root.path());
    let image = Reference::parse("python:3.13-alpine").unwrap();
    let mut answers = RegistryAnswers::default();
    let resolution = TagResolution {
        digest: DIGEST.to_owned(),
        is_single_platform: false,
        tags: vec!["3.13.1-alpine3.21".to_owned()],
        incomplete_reason: None,
        other_hosts: Vec::new(),
        resolved_at: SystemTime::now(),
    };
    answers.extend([(image, Ok(resolution))]);
    let keys: Vec<_> = engine.open_findings(&"Dockerfile".into()).into_iter().map(|(key, _)| key).collect();
    let keys: Vec<_> = keys.into_iter().filter(|key| key.rule == "unpinned-image").collect();
    let plan = Planner::new(&engine).with_answers(&answers).plan(&FixOrder::Findings(&keys)).unwrap();
    let digest = value(&plan.values, PlanValueKind::Digest);
    assert_eq!(digest.text, DIGEST);
    assert!(!digest.is_chosen && digest.suggestions[0].origin.ends_with(" answered"), "{digest:?}");
    let tag = value(&plan.values, PlanValueKind::Tag);
    let suggested = tag.suggestions.iter().find(|other| other.text == "3.13.1-alpine3.21").unwrap();
    assert_eq!(suggested.companion.as_deref(), Some(DIGEST));
}

#[test]
fn a_bound_that_a_person_typed_is_taken_by_their_word_and_the_need_is_suggested() {
    let heap = DOCKERFILE.replace("COPY . .", "ENV NODE_OPTIONS=--max-old-space-size=1024\nCOPY . .");
    let heap = heap.replace("[\"python3\", \"app.py\"]", "[\"node\", \"app.js\"]");
    let root = repository(&[("Dockerfile", &heap), ("deploy.yaml", DEPLOYMENT)]);
    let mut engine = audit(root.path());
    let raised =
        value(&sheet(&engine, "deploy.yaml", &["missing-memory-limit"]), PlanValueKind::MemoryLimit).clone();
    assert_eq!(raised.suggestions[0].origin, "what its program needs, and some more", "{raised:?}");
    engine.choose_values(|chosen| {
        let bounds = ResourceDefaults { memory_limit: Some("300Mi".to_owned()), ..ResourceDefaults::none() };
        let (path, object) = ("deploy.yaml".into(), "Deployment/api".to_owned());
        chosen.choose(ValueChoice::Bounds { path, object, container: "api".to_owned(), bounds });
    });
    let sheet = sheet(&engine, "deploy.yaml", &["missing-memory-limit"]);
    let limit = value(&sheet, PlanValueKind::MemoryLimit);
    assert_eq!((limit.text.as_str(), limit.suggestions[0].origin.as_str()), ("300Mi", "your choice"));
    assert!(limit.suggestions.iter().any(|other| other.text == raised.text), "{limit:?}");
}

#[test]
fn a_number_that_was_given_for_the_time_being_is_called_free() {
    let root = repository(&[("deploy.yaml", DEPLOYMENT)]);
    let mut engine = audit(root.path());
    let image = "registry.example/api";
    let (free, _) = engine.repository().free_uid(image, engine.settings());
    let user = |uid| ValueChoice::User { key: image.to_owned(), uid, gid: uid };
    for (uid, origin) in [(free, "free in this repository"), (45678, "your choice")] {
        engine.choose_values(|chosen| chosen.choose(user(uid)));
        let sheet = sheet(&engine, "deploy.yaml", &["missing-run-as-user"]);
        assert_eq!(value(&sheet, PlanValueKind::Uid).suggestions[0].origin, origin);
    }
}

/// What stands in no file is no one's yet: it is only what a fix would write.
#[test]
fn a_number_that_is_written_nowhere_is_not_said_to_be_had() {
    let other = "FROM python:3.13-alpine\nCOPY . .\nCMD [\"python3\", \"app.py\"]\n";
    let root = repository(&[
        ("api/Dockerfile", DOCKERFILE),
        ("web/Dockerfile", other),
        ("job/Dockerfile", &other.replace("COPY", "USER 50001:50001\nCOPY")),
    ]);
    let sheet = sheet(&audit(root.path()), "api/Dockerfile", &["missing-user"]);
    let origins: Vec<&str> =
        value(&sheet, PlanValueKind::Uid).suggestions.iter().map(|own| own.origin.as_str()).collect();
    assert!(origins.contains(&"a fix of web/Dockerfile would write it"), "{origins:?}");
    assert!(origins.contains(&"job/Dockerfile has it"), "{origins:?}");
}
