//! What is said of files that kustomizations build on: what is so as built, at the place that decides it.

use std::collections::BTreeSet;
use std::path::Path;

use seaworthy::audit::{AuditEngine, FileStatus};
use seaworthy::fix::{FixOffer, Planner};
use seaworthy::repo::RelPath;
use seaworthy::unit::UnitKind;

use crate::support::{audit, repository};

pub(super) const BASE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n        - name: web\n          image: registry.example/web:1.0.0\n          securityContext:\n            readOnlyRootFilesystem: true\n";
pub(super) const PATCH: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n";

/// Every open finding of a rule: its file with the line, its object, and what its message says of overlays.
pub(super) fn places(engine: &AuditEngine, rule: &str) -> Vec<String> {
    let update = engine.full_update();
    let found = update.findings.values().flat_map(|list| list.iter());
    let of_rule = found.filter(|listed| listed.key.rule == rule && listed.is_open());
    let place = |listed: &seaworthy::audit::ListedFinding| {
        let (message, object) = (&listed.finding.message, listed.key.subject.object.as_deref());
        let overlays = message.rfind("(in ").map_or("", |at| &message[at..]);
        let place = format!("{}:{} {}", listed.key.path, listed.line, object.unwrap_or_default());
        format!("{place} {overlays}").trim_end().to_owned()
    };
    of_rule.map(|listed| place(listed)).collect()
}

/// A base with overlays, each with its kustomization's further lines, and files.
pub(super) fn overlays(of: &[(&str, &str)], files: &[(&str, &str)]) -> tempfile::TempDir {
    let kustomizations: Vec<(String, String)> = of
        .iter()
        .map(|(name, lines)| {
            (format!("overlays/{name}/kustomization.yaml"), format!("resources: [../../base]\n{lines}"))
        })
        .collect();
    let mut all: Vec<(&str, &str)> =
        vec![("base/kustomization.yaml", "resources: [web.yaml]\n"), ("base/web.yaml", BASE)];
    all.extend(kustomizations.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    all.retain(|(path, _)| files.iter().all(|(other, _)| other != path));
    all.extend(files);
    repository(&all)
}

fn status_of(engine: &AuditEngine, path: &str) -> FileStatus {
    engine.full_update().files.into_iter().find(|file| file.path.as_str() == path).unwrap().status
}

pub(super) fn refresh(engine: &mut AuditEngine, root: &Path, path: &str, text: &str) {
    std::fs::write(root.join(path), text).unwrap();
    engine.refresh_paths(&BTreeSet::from([RelPath::from(path)]));
}

#[test]
fn what_every_overlay_mends_is_no_finding_and_is_counted() {
    let patch = format!("{PATCH}          resources: {{limits: {{memory: 64Mi}}}}\n");
    let patches = "patches: [{path: patch.yaml}]\n";
    let files = [("overlays/dev/patch.yaml", patch.as_str()), ("overlays/prod/patch.yaml", &patch)];
    let folder = overlays(&[("dev", patches), ("prod", patches)], &files);
    let engine = audit(folder.path());
    assert!(places(&engine, "missing-memory-limit").is_empty());
    // With the limit comes the request.
    assert_eq!(engine.mended_count(), 2);
    let folder = overlays(&[("dev", ""), ("prod", patches)], &files);
    let engine = audit(folder.path());
    assert_eq!(
        places(&engine, "missing-memory-limit"),
        ["base/web.yaml:11 Deployment/web (in 1 of 2 overlays: dev)"]
    );
    assert_eq!(engine.mended_count(), 0);
}

#[test]
fn a_finding_of_many_overlays_is_one_and_names_each_object() {
    let folder = overlays(&[("a", "namePrefix: a-\n"), ("b", "namePrefix: b-\n"), ("c", "")], &[]);
    let engine = audit(folder.path());
    assert_eq!(places(&engine, "missing-memory-limit"), ["base/web.yaml:11 Deployment/web"]);
    let update = engine.full_update();
    let mut found = update.findings.values().flat_map(|list| list.iter());
    let found = found.find(|listed| listed.key.rule == "missing-memory-limit").unwrap();
    let placed = found.finding.placements.as_deref().unwrap();
    let objects: Vec<_> =
        placed.iter().map(|placed| (placed.unit.path.as_str(), placed.object.as_deref())).collect();
    assert_eq!(
        objects,
        [
            ("overlays/a", Some("Deployment/a-web")),
            ("overlays/b", Some("Deployment/b-web")),
            ("overlays/c", Some("Deployment/web"))
        ]
    );
    let table = engine.unit_table();
    assert_eq!(table.units().iter().filter(|unit| unit.key.kind == UnitKind::Kustomization).count(), 3);
}

#[test]
fn what_a_patch_brings_in_stands_in_the_patch() {
    let merge = format!("{PATCH}          securityContext: {{readOnlyRootFilesystem: false}}\n");
    let json =
        "- op: add\n  path: /spec/template/spec/containers/0/securityContext/privileged\n  value: true\n";
    let folder = overlays(
        &[
            ("dev", "patches: [{path: merge.yaml}]\n"),
            ("prod", "patches: [{path: json.yaml, target: {kind: Deployment}}]\n"),
            (
                "test",
                "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: add\n      path: /spec/template/spec/hostNetwork\n      value: true\n",
            ),
        ],
        &[("overlays/dev/merge.yaml", &merge), ("overlays/prod/json.yaml", json)],
    );
    let engine = audit(folder.path());
    assert_eq!(
        places(&engine, "writable-root-filesystem"),
        ["overlays/dev/merge.yaml:9 Deployment/web (in 1 of 3 overlays: dev)"]
    );
    assert_eq!(
        places(&engine, "privileged-container"),
        ["overlays/prod/json.yaml:3 Deployment/web (in 1 of 3 overlays: prod)"]
    );
    assert_eq!(
        places(&engine, "host-network"),
        ["overlays/test/kustomization.yaml:7 Deployment/web (in 1 of 3 overlays: test)"]
    );
    assert_eq!(status_of(&engine, "overlays/prod/json.yaml"), FileStatus::Audited);
}

#[test]
fn an_image_stands_where_its_tag_is_written() {
    let images = "images:\n- name: registry.example/web\n  newTag: latest\n";
    let folder = overlays(&[("dev", images), ("prod", "")], &[]);
    let engine = audit(folder.path());
    assert_eq!(
        places(&engine, "latest-tag"),
        ["overlays/dev/kustomization.yaml:4 Deployment/web (in 1 of 2 overlays: dev)"]
    );
}

#[test]
fn a_generated_map_is_judged_in_its_kustomization() {
    let maps = "configMapGenerator:\n- name: conf\n  literals: [DB_PASSWORD=correct-horse-battery]\n";
    let engine = audit(overlays(&[("dev", maps)], &[]).path());
    let found = places(&engine, "secret-in-env");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("overlays/dev/kustomization.yaml:4 ConfigMap/conf-"), "{found:?}");
}

#[test]
fn what_is_named_is_read_whatever_ignore_files_say() {
    let hidden = BASE.replace("readOnlyRootFilesystem: true", "privileged: true");
    let folder = overlays(&[("dev", "")], &[("base/web.yaml", &hidden), (".gitignore", "web.yaml\n")]);
    let engine = audit(folder.path());
    assert_eq!(places(&engine, "privileged-container"), ["base/web.yaml:14 Deployment/web"]);
    assert_eq!(status_of(&engine, "base/web.yaml"), FileStatus::Audited);
}

#[test]
fn an_object_without_an_image_is_judged_where_it_is_named_as_a_resource() {
    let imageless = BASE.replace("          image: registry.example/web:1.0.0\n", "");
    let engine = audit(overlays(&[("dev", "")], &[("base/web.yaml", &imageless)]).path());
    assert_eq!(places(&engine, "missing-memory-limit"), ["base/web.yaml:11 Deployment/web"]);
}

#[test]
fn what_cannot_be_built_is_judged_as_it_is_written_and_says_why() {
    let remote = "resources: [../../base, 'https://example.com/more.yaml']\n";
    let folder = overlays(&[], &[("overlays/dev/kustomization.yaml", remote)]);
    let engine = audit(folder.path());
    assert_eq!(places(&engine, "missing-memory-limit"), ["base/web.yaml:11 Deployment/web"]);
    let FileStatus::Partial(reason) = status_of(&engine, "overlays/dev/kustomization.yaml") else {
        panic!("it is said to be whole");
    };
    assert!(reason.starts_with("not built: ") && reason.contains("example.com"), "{reason}");
    let table = engine.unit_table();
    let unit = table.units().iter().find(|unit| unit.key.kind == UnitKind::Kustomization).unwrap();
    assert_eq!(unit.status.name(), "unbuilt");
}

#[test]
fn what_could_not_be_built_is_built_once_the_file_that_it_lacks_is_there() {
    let patch = format!("{PATCH}          securityContext: {{privileged: true}}\n");
    let folder = overlays(&[("dev", "patches: [{path: late.yaml}]\n")], &[("aside.yaml", "a: 1\n")]);
    let (mut engine, root) = (audit(folder.path()), folder.path().canonicalize().unwrap());
    assert!(matches!(status_of(&engine, "overlays/dev/kustomization.yaml"), FileStatus::Partial(_)));
    assert_eq!(places(&engine, "privileged-container"), [""; 0]);
    // A file of no kustomization changes nothing there.
    refresh(&mut engine, &root, "aside.yaml", "a: 2\n");
    assert!(matches!(status_of(&engine, "overlays/dev/kustomization.yaml"), FileStatus::Partial(_)));
    refresh(&mut engine, &root, "overlays/dev/late.yaml", &patch);
    assert_eq!(status_of(&engine, "overlays/dev/kustomization.yaml"), FileStatus::Audited);
    assert_eq!(places(&engine, "privileged-container"), ["overlays/dev/late.yaml:9 Deployment/web"]);
}

#[test]
fn what_could_not_be_built_is_built_once_the_base_that_it_lacks_is_there() {
    let late = "resources: [../../late]\n";
    let folder = overlays(&[], &[("overlays/dev/kustomization.yaml", late), ("late/web.yaml", BASE)]);
    let (mut engine, root) = (audit(folder.path()), folder.path().canonicalize().unwrap());
    assert!(matches!(status_of(&engine, "overlays/dev/kustomization.yaml"), FileStatus::Partial(_)));
    refresh(&mut engine, &root, "late/kustomization.yml", "resources: [web.yaml]\nnamespace: shop\n");
    assert_eq!(status_of(&engine, "overlays/dev/kustomization.yaml"), FileStatus::Audited);
    assert_eq!(places(&engine, "default-namespace"), places(&audit(&root), "default-namespace"));
}

#[test]
fn a_saved_patch_changes_what_is_said_of_the_base() {
    let fixing = format!("{PATCH}          resources: {{limits: {{memory: 64Mi}}}}\n");
    let folder =
        overlays(&[("dev", "patches: [{path: patch.yaml}]\n")], &[("overlays/dev/patch.yaml", &fixing)]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = audit(&root);
    assert!(places(&engine, "missing-memory-limit").is_empty());
    refresh(&mut engine, &root, "overlays/dev/patch.yaml", &fixing.replace("memory", "cpu"));
    assert_eq!(places(&engine, "missing-memory-limit"), ["base/web.yaml:11 Deployment/web"]);
    // While it is half saved, the last build stays.
    refresh(&mut engine, &root, "overlays/dev/patch.yaml", &fixing[..fixing.len() - 3]);
    assert_eq!(places(&engine, "missing-memory-limit"), ["base/web.yaml:11 Deployment/web"]);
    refresh(&mut engine, &root, "overlays/dev/patch.yaml", &fixing);
    assert!(places(&engine, "missing-memory-limit").is_empty());
    // A JSON patch is no candidate, and is followed all the same.
    refresh(
        &mut engine,
        &root,
        "overlays/dev/kustomization.yaml",
        "resources: [../../base]\npatches: [{path: json.yaml, target: {kind: Deployment}}]\n",
    );
    let json = "- {op: add, path: /spec/template/spec/hostPID, value: true}\n";
    refresh(&mut engine, &root, "overlays/dev/json.yaml", json);
    assert_eq!(places(&engine, "host-pid"), ["overlays/dev/json.yaml:1 Deployment/web"]);
    let fresh = audit(&root);
    assert_eq!(places(&engine, "missing-memory-limit"), places(&fresh, "missing-memory-limit"));
    std::fs::remove_file(root.join("overlays/dev/kustomization.yaml")).unwrap();
    engine.refresh_paths(&BTreeSet::from([RelPath::from("overlays/dev/kustomization.yaml")]));
    assert!(places(&engine, "host-pid").is_empty());
    assert!(engine.source(&RelPath::from("overlays/dev/json.yaml")).is_none());
}

#[test]
fn an_allowed_finding_of_the_base_stays_allowed_in_every_overlay() {
    let allowed = BASE.replace(
        "        - name: web\n",
        "        # seaworthy: allow missing-memory-limit -- it is small\n        - name: web\n",
    );
    let folder = overlays(&[("dev", ""), ("prod", "")], &[("base/web.yaml", &allowed)]);
    let engine = audit(folder.path());
    assert!(places(&engine, "missing-memory-limit").is_empty());
    assert!(places(&engine, "unused-suppression").is_empty());
    assert_eq!(engine.suppressed_findings(&"base/web.yaml".into()).len(), 1);
}

#[test]
fn what_a_patch_takes_away_is_missed_at_the_patch() {
    let safe = BASE.replace(
        "readOnlyRootFilesystem: true\n",
        "readOnlyRootFilesystem: true\n          resources: {limits: {memory: 64Mi}}\n",
    );
    let json = "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - op: remove\n      path: /spec/template/spec/containers/0/securityContext\n";
    let merge = format!("{PATCH}          resources:\n            limits: null\n");
    let folder = overlays(
        &[("dev", json), ("test", "patches: [{path: merge.yaml}]\n"), ("prod", "")],
        &[("base/web.yaml", &safe), ("overlays/test/merge.yaml", &merge)],
    );
    let engine = audit(folder.path());
    assert_eq!(
        places(&engine, "writable-root-filesystem"),
        ["overlays/dev/kustomization.yaml:6 Deployment/web (in 1 of 3 overlays: dev)"]
    );
    assert_eq!(
        places(&engine, "missing-memory-limit"),
        ["overlays/test/merge.yaml:10 Deployment/web (in 1 of 3 overlays: test)"]
    );
}

fn plan_of(engine: &AuditEngine, rule: &str) -> seaworthy::fix::FixPlan {
    let accepts = |id: &str| id == rule;
    let order =
        seaworthy::fix::FixOrder::Rules { accepts: &accepts, max_safety: seaworthy::finding::Safety::Review };
    seaworthy::fix::Planner::new(engine).plan(&order).unwrap()
}

#[test]
fn a_base_is_mended_where_every_overlay_still_builds() {
    let folder = overlays(&[("dev", ""), ("prod", "namePrefix: my-\n")], &[]);
    let engine = audit(folder.path());
    let plan = plan_of(&engine, "privilege-escalation");
    assert_eq!(plan.patches.len(), 1, "{:?}", plan.withheld);
    let after = engine.with_patches(&plan.patches);
    assert!(places(&after, "privilege-escalation").is_empty());
}

#[test]
fn a_fix_that_an_overlay_could_not_be_built_with_is_withheld() {
    let base = BASE.replace("readOnlyRootFilesystem: true", "allowPrivilegeEscalation: true");
    let test = "patches:\n- target: {kind: Deployment}\n  patch: |-\n    - {op: test, path: /spec/template/spec/containers/0/securityContext/allowPrivilegeEscalation, value: true}\n";
    let folder = overlays(&[("dev", ""), ("prod", test)], &[("base/web.yaml", &base)]);
    let engine = audit(folder.path());
    let plan = plan_of(&engine, "privilege-escalation");
    assert!(plan.patches.is_empty());
    let (_, reason) = &plan.withheld[0];
    assert!(reason.starts_with("overlays/prod would no longer be built"), "{reason}");
}

/// What a base holds is in the cluster only as the overlay builds it.
#[test]
fn a_base_as_it_is_written_does_not_stand_beside_what_is_built_of_it() {
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\nautomountServiceAccountToken: false\n";
    let deploy = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  selector: {matchLabels: {app: api}}\n  template:\n    metadata: {labels: {app: api}}\n    spec:\n      serviceAccountName: robot\n      containers:\n      - {name: api, image: 'registry.example/api:1.0.0'}\n";
    let policy = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: api}\nspec: {podSelector: {matchLabels: {app: api}}}\n";
    let rules_with = |patch: &str| {
        let root = format!("resources: [../base]\nnamespace: prod\npatches:\n- patch: |-\n{patch}");
        let files = [
            ("base/kustomization.yaml", "resources: [sa.yaml, deploy.yaml, policy.yaml]\n"),
            ("base/sa.yaml", account),
            ("base/deploy.yaml", deploy),
            ("base/policy.yaml", policy),
            ("prod/kustomization.yaml", root.as_str()),
        ];
        let home = repository(&files);
        let engine = audit(home.path());
        let found: BTreeSet<&'static str> = engine
            .audited_paths()
            .flat_map(|path| engine.open_findings(path).into_iter().map(|(key, _)| key.rule))
            .collect();
        found
    };
    let mounted = "service-account-token-mounted";
    let nothing =
        "    apiVersion: v1\n    kind: ServiceAccount\n    metadata: {name: robot, annotations: {a: b}}\n";
    let found = rules_with(nothing);
    assert!(!found.contains(mounted) && !found.contains("missing-network-policy"), "{found:?}");
    let null = "    apiVersion: v1\n    kind: ServiceAccount\n    metadata: {name: robot}\n    automountServiceAccountToken: null\n";
    let gone =
        "    apiVersion: v1\n    kind: ServiceAccount\n    metadata: {name: robot}\n    $patch: delete\n";
    for patch in [null, gone] {
        assert!(rules_with(patch).contains(mounted), "{patch}");
    }
    let other = "    apiVersion: networking.k8s.io/v1\n    kind: NetworkPolicy\n    metadata: {name: api}\n    spec: {podSelector: {matchLabels: {app: other}}}\n";
    assert!(rules_with(other).contains("missing-network-policy"));
}

/// The API refuses a pod that mounts what is none of its volumes.
#[test]
fn a_volume_that_an_overlay_takes_away_is_not_mounted() {
    let deploy = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n  selector: {matchLabels: {app: api}}\n  template:\n    metadata: {labels: {app: api}}\n    spec:\n      containers:\n      - {name: api, image: 'registry.example/api:1.0.0'}\n";
    let offers_mount = |patch: &str| {
        let root =
            format!("resources: [../base]\npatches:\n- target: {{kind: Deployment}}\n  patch: |-\n{patch}");
        let files = [
            ("base/kustomization.yaml", "resources: [deploy.yaml]\n"),
            ("base/deploy.yaml", deploy),
            ("prod/kustomization.yaml", root.as_str()),
        ];
        let home = repository(&files);
        let engine = audit(home.path());
        let offers = Planner::new(&engine).verify(|rule| rule == "writable-root-filesystem");
        let mut own = offers.iter().filter(|(key, _)| key.rule == "writable-root-filesystem");
        own.any(|(_, offer)| matches!(offer, FixOffer::Fix { .. }))
    };
    let add = |path: &str, value: &str| format!("    - {{op: add, path: {path}, value: {value}}}\n");
    assert!(offers_mount(&add("/metadata/annotations", "{a: b}")));
    assert!(!offers_mount(&add("/spec/template/spec/volumes", "[{name: cache, emptyDir: {}}]")));
}
