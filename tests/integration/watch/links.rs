//! Symlinks: to files, to folders, dangling, in a loop.

use std::fs;
use std::os::unix::fs::symlink;

use super::{DEPLOY, OTHER, Session};

#[test]
fn a_link_to_a_file_that_is_a_candidate_itself() {
    let mut session = Session::new();
    symlink("deploy.yaml", session.at("api/alias.yaml")).unwrap();
    session.settle();
    assert!(session.knows("api/alias.yaml"));
    session.write("api/deploy.yaml", OTHER);
    session.settle();
}

#[test]
fn a_link_to_a_file_of_another_name_changes_with_it() {
    let mut session = Session::new();
    session.write("api/text", DEPLOY);
    symlink("text", session.at("api/alias.yaml")).unwrap();
    session.settle();
    session.write("api/text", OTHER);
    session.settle();
    assert!(session.knows("api/alias.yaml"));
    fs::remove_file(session.at("api/text")).unwrap();
    session.settle();
    assert_eq!(session.skip_reason("api/alias.yaml").as_deref(), Some("a link that leads nowhere"));
}

#[test]
fn a_dangling_link_whose_target_comes() {
    let mut session = Session::new();
    symlink("text", session.at("api/alias.yaml")).unwrap();
    session.settle();
    session.write("api/text", DEPLOY);
    session.settle();
    assert!(session.knows("api/alias.yaml"));
}

#[test]
fn a_link_that_leads_elsewhere_is_exchanged_for_a_file_and_back() {
    let mut session = Session::new();
    fs::write(session.home.path().join("outside.yaml"), DEPLOY).unwrap();
    symlink("../../outside.yaml", session.at("api/alias.yaml")).unwrap();
    session.settle();
    fs::remove_file(session.at("api/alias.yaml")).unwrap();
    session.write("api/alias.yaml", OTHER);
    session.settle();
    fs::remove_file(session.at("api/alias.yaml")).unwrap();
    symlink("deploy.yaml", session.at("api/alias.yaml")).unwrap();
    session.settle();
}

#[test]
fn links_to_folders_and_loops_are_not_followed() {
    let mut session = Session::new();
    symlink("api", session.at("web")).unwrap();
    symlink(".", session.at("api/loop")).unwrap();
    symlink("self.yaml", session.at("self.yaml")).unwrap();
    session.settle();
    assert!(!session.knows("web/deploy.yaml"));
    assert_eq!(session.skip_reason("self.yaml").as_deref(), Some("a link that leads nowhere"));
    session.write("web/deploy.yaml", OTHER);
    session.settle();
    fs::remove_file(session.at("web")).unwrap();
    fs::rename(session.at("api"), session.at("web")).unwrap();
    session.settle();
    assert!(session.knows("web/deploy.yaml"));
}
