//! Whatever is written, moved or deleted among kustomizations, what follows the saves knows what a new scan says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::select;
use seaworthy::repo::RelPath;

use super::audited::{BASE, PATCH};
use crate::fresh::{difference, fresh, picture};
use crate::support::{audit, repository, store};

/// Files, each with the texts that it may have.
const FILES: &[(&str, &[&str])] = &[
    (
        "base/kustomization.yaml",
        &[
            "resources: [web.yaml]\n",
            "resources: [web.yaml, ../extra]\n",
            "resources: [web.yaml]\nnamespace: shop\n",
        ],
    ),
    ("base/web.yaml", &[BASE, WEB_AS_ROOT, "a: 1\n"]),
    (
        "extra/kustomization.yaml",
        &["resources: [job.yaml]\n", "resources: [../base/web.yaml]\nnamePrefix: x-\n"],
    ),
    ("extra/kustomization.yml", &["resources: [job.yaml]\n"]),
    ("extra/job.yaml", &[JOB]),
    (
        "part/kustomization.yaml",
        &["kind: Component\npatches: [{path: part.yaml}]\n", "resources: [../base]\n"],
    ),
    ("part/part.yaml", &[PATCH, HOST_PID]),
    (
        "overlays/dev/kustomization.yaml",
        &[
            "resources: [../../base]\n",
            "resources: [../../base]\npatches: [{path: patch.yaml}]\n",
            "resources: [../../base]\ncomponents: [../../part]\n",
            "resources: [../../extra, ../../base]\npatches: [{path: json.yaml, target: {kind: Deployment}}]\n",
        ],
    ),
    ("overlays/dev/patch.yaml", &[PATCH, HOST_PID]),
    ("overlays/dev/json.yaml", &["- {op: add, path: /spec/template/spec/hostPID, value: true}\n", "[]\n"]),
    (
        "overlays/prod/kustomization.yaml",
        &[
            "resources: [../../base]\n",
            "resources: [../dev]\nimages: [{name: registry.example/web, newTag: 2.0.0}]\n",
            "resources: [../../late]\n",
            "resources: [../../base]\nconfigMapGenerator: [{name: c, files: [data.txt]}]\n",
        ],
    ),
    ("overlays/prod/data.txt", &["a\n", "b\n"]),
    ("late/kustomization.yaml", &["resources: [../base]\n", "resources: [web.yaml]\n"]),
    ("late/web.yaml", &[JOB, BASE]),
];

const WEB_AS_ROOT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          image: registry.example/web\n          securityContext: {runAsUser: 0}\n";
const JOB: &str = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: once\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n        - name: once\n          image: registry.example/once:1.0.0\n";
const HOST_PID: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      hostPID: true\n";

/// Folders that go and come back as one.
const FOLDERS: &[&str] = &["base", "extra", "part", "late", "overlays/dev", "overlays"];

#[derive(Clone, Debug)]
enum Step {
    Write(&'static str, &'static str),
    Delete(&'static str),
    /// Moves a folder aside, or back.
    Move(&'static str),
}

impl Step {
    /// Does it; the paths that a watch would tell.
    fn make(&self, root: &Path) -> Vec<&'static str> {
        match self {
            Self::Write(path, text) => {
                let at = root.join(path);
                fs::create_dir_all(at.parent().unwrap()).unwrap();
                fs::write(at, text).unwrap();
                vec![path]
            }
            Self::Delete(path) => {
                let _ = fs::remove_file(root.join(path));
                vec![path]
            }
            Self::Move(folder) => {
                let (here, aside) = (root.join(folder), root.join(".git").join(folder.replace('/', "-")));
                if aside.exists() && !here.exists() {
                    fs::create_dir_all(here.parent().unwrap()).unwrap();
                    fs::rename(aside, here).unwrap();
                } else if here.exists() && !aside.exists() {
                    fs::rename(here, aside).unwrap();
                }
                vec![folder]
            }
        }
    }
}

fn step() -> impl Strategy<Value = Step> {
    let write =
        select(FILES).prop_flat_map(|(path, texts)| select(texts).prop_map(|text| Step::Write(path, text)));
    let delete = select(FILES).prop_map(|(path, _)| Step::Delete(path));
    prop_oneof![6 => write, 2 => delete, 1 => select(FOLDERS).prop_map(Step::Move)]
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_saves_lead_to_what_a_fresh_scan_says(steps in prop::collection::vec(step(), 1..20)) {
        let files: Vec<(&str, &str)> = FILES.iter().take(10).map(|(path, texts)| (*path, texts[0])).collect();
        let home = repository(&files);
        let root = home.path().canonicalize().unwrap();
        fs::create_dir_all(root.join(".git")).unwrap();
        let mut engine = audit(&root);
        let mut kept = store(&engine);
        for step in &steps {
            let told: BTreeSet<RelPath> = step.make(&root).into_iter().map(RelPath::from).collect();
            kept.apply_update(engine.refresh_paths(&told));
            let (own, wanted) = (picture(&kept), fresh(&root));
            prop_assert!(own == wanted, "after {step:?} of {steps:#?}:\n{}", difference(&wanted, &own));
        }
    }
}

/// What is named and comes after is told, also where the whole cannot be built before and after.
#[test]
fn a_patch_that_comes_to_a_build_that_fails_is_told() {
    let named = "resources: [../base, none.yaml]\npatches: [{path: json.yaml, target: {kind: Deployment}}]\n";
    let files = [
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", BASE),
        ("dev/kustomization.yaml", named),
    ];
    let home = repository(&files);
    let root = home.path().canonicalize().unwrap();
    let mut engine = audit(&root);
    let mut kept = store(&engine);
    Step::Write("dev/json.yaml", "[]\n").make(&root);
    kept.apply_update(engine.refresh_paths(&BTreeSet::from(["dev/json.yaml".into()])));
    assert!(kept.file(&"dev/json.yaml".into()).is_some());
    assert_eq!(picture(&kept), fresh(&root));
}

/// A base without a kustomization that goes and comes back as another is told each time.
#[test]
fn a_folder_that_is_named_and_has_no_kustomization_is_followed() {
    let files = [
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", BASE),
        ("dev/kustomization.yaml", "resources: [../base]\n"),
    ];
    let home = repository(&files);
    let root = home.path().canonicalize().unwrap();
    fs::create_dir_all(root.join(".git")).unwrap();
    let mut engine = audit(&root);
    let mut kept = store(&engine);
    let steps =
        [Step::Delete("base/kustomization.yaml"), Step::Move("base"), Step::Write("base/web.yaml", BASE)];
    for step in steps {
        let told: BTreeSet<RelPath> = step.make(&root).into_iter().map(RelPath::from).collect();
        kept.apply_update(engine.refresh_paths(&told));
        assert_eq!(picture(&kept), fresh(&root), "{step:?}");
    }
}
