//! The repository around what is audited, while it changes: what is said stays what a fresh look says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use seaworthy::audit::AuditEngine;
use seaworthy::repo::RelPath;
use seaworthy::settings::Settings;
use seaworthy::store::Store;
use tempfile::TempDir;

use crate::support::repository;

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec:\n  \
    template:\n    spec:\n      containers:\n      - name: api\n        image: registry.example/api:v1.0.3\n";
const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default, namespace: shop}\n\
    automountServiceAccountToken: false\n";
const BUILD: &str = "FROM alpine:3.20\nCMD [\"api\"]\n";
const OVERLAY: &str = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: shop\n\
    patches:\n- path: prod/deploy.yaml\n";

/// A repository, of which only one target is audited.
struct Part {
    folder: TempDir,
    target: PathBuf,
    engine: AuditEngine,
    store: Store,
}

impl Part {
    fn new(files: &[(&str, &str)], root: &str, target: &str) -> Self {
        let folder = repository(files);
        let top = folder.path().canonicalize().unwrap();
        let target = top.join(target);
        let mut engine = fresh(&top, root, &target);
        let mut store = Store::default();
        store.apply_update(engine.full_update());
        engine.refresh_paths(&BTreeSet::new());
        Self { folder, target, engine, store }
    }

    fn top(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Says that paths of the repository have changed, and asks whether what is said now is what a fresh look says.
    fn changed(&mut self, root: &str, paths: &[&str]) -> BTreeMap<String, Vec<String>> {
        let base = seaworthy::repo::PathBase::new(&format!("{root}/"));
        let paths = paths.iter().map(|path| base.path_for_people(&RelPath::from(*path))).collect();
        let update = self.engine.refresh_paths(&paths);
        self.store.apply_update(update);
        let mut anew = Store::default();
        anew.apply_update(fresh(&self.top(), root, &self.target).full_update());
        assert_eq!(said(&self.store), said(&anew));
        said(&self.store)
    }

    fn write(&self, path: &str, text: &str) {
        let at = self.top().join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
    }
}

fn fresh(top: &Path, root: &str, target: &Path) -> AuditEngine {
    let settings = Settings { root_prefix: format!("{root}/"), ..Settings::default() };
    let mut engine = AuditEngine::new(top.join(root), settings).with_repository_root(Some(top.to_path_buf()));
    engine.scan(&[target.to_path_buf()], &|_, _| {});
    engine
}

/// The rules that fire, by file, and what a workload is linked to.
fn said(store: &Store) -> BTreeMap<String, Vec<String>> {
    let mut said: BTreeMap<String, Vec<String>> =
        store.files().map(|file| (file.path.to_string(), Vec::new())).collect();
    for key in store.findings().map(|listed| &listed.key) {
        said.entry(key.path.to_string()).or_default().push(key.rule.to_owned());
    }
    for workload in store.workloads() {
        let link = workload.dockerfile.as_ref().map(|(path, _)| format!("-> {path}"));
        said.entry(workload.path.to_string()).or_default().extend(link);
    }
    said
}

fn has(said: &BTreeMap<String, Vec<String>>, path: &str, what: &str) -> bool {
    said.get(path).is_some_and(|list| list.iter().any(|it| it == what))
}

#[test]
fn files_around_come_change_and_go() {
    let mut part = Part::new(&[("k8s/prod/deploy.yaml", DEPLOYMENT)], "k8s/prod", "k8s/prod");
    assert!(has(&said(&part.store), "deploy.yaml", "service-account-token-mounted"));

    part.write("accounts/shop.yaml", ACCOUNT);
    part.write("api/Dockerfile", BUILD);
    let now = part.changed("k8s/prod", &["accounts", "api/Dockerfile"]);
    assert!(!has(&now, "deploy.yaml", "service-account-token-mounted"));
    assert!(has(&now, "deploy.yaml", "-> ../../api/Dockerfile"));
    assert_eq!(now.keys().collect::<Vec<_>>(), ["deploy.yaml"]);

    part.write("accounts/shop.yaml", &ACCOUNT.replace("false", "true"));
    assert!(has(
        &part.changed("k8s/prod", &["accounts/shop.yaml"]),
        "deploy.yaml",
        "service-account-token-mounted"
    ));

    part.write("k8s/kustomization.yaml", OVERLAY);
    let now = part.changed("k8s/prod", &["k8s/kustomization.yaml"]);
    assert!(!has(&now, "deploy.yaml", "missing-cpu-limit"), "it is a patch now: {now:?}");

    std::fs::remove_dir_all(part.top().join("api")).unwrap();
    std::fs::remove_file(part.top().join("k8s/kustomization.yaml")).unwrap();
    let now = part.changed("k8s/prod", &["api", "k8s/kustomization.yaml"]);
    assert!(!has(&now, "deploy.yaml", "-> ../../api/Dockerfile"));
    assert!(has(&now, "deploy.yaml", "missing-cpu-limit"));

    part.write("k8s/dev/deploy.yaml", DEPLOYMENT);
    part.write("k8s/prod/new.yaml", &DEPLOYMENT.replace("name: api", "name: web"));
    let now = part.changed("k8s/prod", &["k8s"]);
    assert_eq!(now.keys().collect::<Vec<_>>(), ["deploy.yaml", "new.yaml"]);
}

#[test]
fn files_beside_a_file_that_is_named_count_and_are_not_reported() {
    let mut part = Part::new(&[("api/deploy.yaml", DEPLOYMENT)], "api", "api/deploy.yaml");
    part.write("api/Dockerfile", BUILD);
    let now = part.changed("api", &["api/Dockerfile"]);
    assert!(has(&now, "deploy.yaml", "-> Dockerfile"), "{now:?}");
    assert_eq!(now.keys().collect::<Vec<_>>(), ["deploy.yaml"]);
    part.write(
        "api/deploy.yaml",
        &DEPLOYMENT.replace("name: api\n        image", "name: main\n        image"),
    );
    let now = part.changed("api", &["api/deploy.yaml", "api"]);
    assert!(has(&now, "deploy.yaml", "-> Dockerfile"), "{now:?}");
}

#[test]
fn what_ignore_files_hide_around_is_not_read() {
    let files = [
        (".gitignore", "/accounts/\n"),
        ("accounts/shop.yaml", ACCOUNT),
        ("k8s/deploy.yaml", DEPLOYMENT),
        (".git/HEAD", "ref: refs/heads/main\n"),
    ];
    let mut part = Part::new(&files, "k8s", "k8s");
    assert!(has(
        &part.changed("k8s", &["accounts/shop.yaml"]),
        "deploy.yaml",
        "service-account-token-mounted"
    ));
}
