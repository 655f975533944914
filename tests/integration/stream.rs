//! The first look is told in parts, and comes to what a whole scan says.

use std::fs;

use seaworthy::audit::AuditEngine;
use seaworthy::settings::Settings;
use seaworthy::store::Store;

use crate::fresh::{difference, fresh, picture};

/// Workloads whose Dockerfiles, accounts and kustomization come in a later part.
fn write(root: &std::path::Path) {
    let put = |path: String, text: String| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    for i in 0..200 {
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: shop{i}}}\nspec:\n  serviceAccountName: robot\n  containers:\n  - \
             {{name: shop, image: 'a/shop{i}:1'}}\n"
        );
        put(format!("a/{i:03}.yaml"), pod);
        put(format!("b/shop{i}/Dockerfile"), "FROM alpine:3.20\nCMD /app\n".to_owned());
    }
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\nautomountServiceAccountToken: false\n";
    put("z/rbac.yaml".to_owned(), account.to_owned());
    let patches = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: ../a/007.yaml}]\n";
    put("z/kustomization.yaml".to_owned(), patches.to_owned());
}

#[test]
fn the_parts_come_in_order_and_make_up_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    write(&root);
    let mut engine = AuditEngine::new(root.clone(), Settings::default());
    let (mut store, mut parts) = (Store::default(), Vec::new());
    let last = engine.scan_streaming(std::slice::from_ref(&root), &|_, _| {}, &mut |part| parts.push(part));
    assert_eq!(parts.len(), 1, "402 files are two parts");
    let seen: Vec<_> = parts[0].files.iter().map(|file| file.path.clone()).collect();
    assert!(!seen.is_empty() && seen.is_sorted());
    assert!(last.files.iter().any(|file| file.path > seen[seen.len() - 1]));
    for part in parts.into_iter().chain([last]) {
        store.apply_update(part);
    }
    let (told, whole) = (picture(&store), fresh(&root));
    assert!(told == whole, "{}", difference(&told, &whole));
}

/// Who has it all already would see it go and come back.
#[test]
fn the_second_look_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    write(&root);
    let mut engine = AuditEngine::new(root.clone(), Settings::default());
    let targets = [root.clone()];
    let mut store = Store::default();
    let mut parts = Vec::new();
    store.apply_update(engine.scan_streaming(&targets, &|_, _| {}, &mut |part| parts.push(part)));
    parts.clear();
    fs::remove_file(root.join("a/000.yaml")).unwrap();
    let again = engine.scan_streaming(&targets, &|_, _| {}, &mut |part| parts.push(part));
    assert!(parts.is_empty());
    assert_eq!(again.removed_paths, ["a/000.yaml".into()]);
    store.apply_update(again);
    let (told, whole) = (picture(&store), fresh(&root));
    assert!(told == whole, "{}", difference(&told, &whole));
}
