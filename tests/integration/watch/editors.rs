//! Every way in which editors and tools save a file.

use std::fs::{self, File, Permissions};
use std::io::{Seek, Write};
use std::os::unix::fs::PermissionsExt;

use seaworthy::fix::{History, Planner};
use seaworthy::repo::FilePatch;
use seaworthy::text::SourceText;

use super::{DEPLOY, DOCKERFILE, OTHER, Session};

#[test]
fn written_in_place() {
    let mut session = Session::new();
    let mut file = File::options().write(true).open(session.at("api/deploy.yaml")).unwrap();
    file.rewind().unwrap();
    file.write_all(OTHER.as_bytes()).unwrap();
    session.settle();
}

#[test]
fn truncated_and_written() {
    let mut session = Session::new();
    session.write("api/deploy.yaml", OTHER);
    session.settle();
}

#[test]
fn appended_to() {
    let mut session = Session::new();
    let mut file = File::options().append(true).open(session.at("api/Dockerfile")).unwrap();
    file.write_all(b"USER 43122\n").unwrap();
    session.settle();
}

#[test]
fn written_to_a_temporary_file_that_is_renamed() {
    let mut session = Session::new();
    session.write("api/.deploy.yaml.swp", OTHER);
    fs::rename(session.at("api/.deploy.yaml.swp"), session.at("api/deploy.yaml")).unwrap();
    session.settle();
    session.write("4913", OTHER);
    fs::rename(session.at("4913"), session.at("api/deploy.yaml")).unwrap();
    session.write("api/Dockerfile", "FROM scratch\n");
    session.settle();
}

#[test]
fn saved_with_a_backup() {
    let mut session = Session::new();
    fs::rename(session.at("api/deploy.yaml"), session.at("api/deploy.yaml~")).unwrap();
    session.write("api/deploy.yaml", OTHER);
    fs::remove_file(session.at("api/deploy.yaml~")).unwrap();
    session.settle();
}

#[test]
fn deleted_and_created() {
    let mut session = Session::new();
    fs::remove_file(session.at("api/deploy.yaml")).unwrap();
    session.settle();
    assert!(!session.knows("api/deploy.yaml"));
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    fs::remove_file(session.at("api/Dockerfile")).unwrap();
    session.write("api/Dockerfile", "FROM scratch\n");
    session.settle();
}

#[test]
fn touched_or_saved_as_it_was_nothing_is_new() {
    let mut session = Session::new();
    File::options()
        .append(true)
        .open(session.at("api/deploy.yaml"))
        .unwrap()
        .set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    assert!(session.next().is_empty());
    session.write("api/deploy.yaml", DEPLOY);
    assert!(session.next().is_empty());
    session.write("api/notes.txt", "no candidate");
    assert!(session.next().is_empty());
}

#[test]
fn given_another_mode() {
    let mut session = Session::new();
    fs::set_permissions(session.at("api/deploy.yaml"), Permissions::from_mode(0o400)).unwrap();
    session.settle();
    fs::set_permissions(session.at("api/deploy.yaml"), Permissions::from_mode(0o644)).unwrap();
    session.settle();
}

#[test]
fn a_file_that_other_files_depend_on() {
    let mut session = Session::new();
    session.write("api/Dockerfile", &format!("{DOCKERFILE}USER 43122\n"));
    session.settle();
    session.write("api/.dockerignore", "*\n");
    session.settle();
    session.write("account.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nautomountServiceAccountToken: false\n");
    session.settle();
    session.write("kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches:\n- path: api/deploy.yaml\n");
    session.settle();
    fs::remove_file(session.at("kustomization.yaml")).unwrap();
    fs::remove_file(session.at("account.yaml")).unwrap();
    session.settle();
}

#[test]
fn the_products_own_write_comes_in_once() {
    let mut session = Session::new();
    let state = tempfile::tempdir().unwrap();
    let patch = FilePatch {
        path: "api/deploy.yaml".into(),
        before: SourceText::new(DEPLOY),
        after: SourceText::new(OTHER),
    };
    Planner::write(&mut History::open_in(session.root(), state.path()), &[patch]).unwrap();
    let update = session.engine.refresh_paths(&["api/deploy.yaml".into()].into());
    assert_eq!(update.files.len(), 1);
    session.store.apply_update(update);
    assert!(session.next().is_empty(), "what the watch then tells is known");
    assert!(session.is_fresh());
}
