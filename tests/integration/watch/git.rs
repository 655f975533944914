//! What git does to the files.

use std::process::Command;

use super::{DEPLOY, DOCKERFILE, OTHER, Session};

fn git(session: &Session, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"])
        .args(["-c", "commit.gpgsign=false", "-c", "core.hooksPath=/dev/null"])
        .args(arguments)
        .current_dir(session.root())
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Two branches that differ in a file, in a folder, and in what is ignored.
fn two_branches() -> Session {
    let session = Session::of(&[("api/deploy.yaml", DEPLOY), ("web/Dockerfile", DOCKERFILE)]);
    git(&session, &["init", "-q", "-b", "one"]);
    git(&session, &["add", "."]);
    git(&session, &["commit", "-qm", "one"]);
    git(&session, &["checkout", "-qb", "two"]);
    session.write("api/deploy.yaml", OTHER);
    session.write("new/deep/deploy.yaml", DEPLOY);
    session.write("build/deploy.yaml", DEPLOY);
    session.write(".gitignore", "build/\n");
    std::fs::remove_dir_all(session.at("web")).unwrap();
    git(&session, &["add", "-A"]);
    git(&session, &["commit", "-qm", "two"]);
    session
}

#[test]
fn a_checkout_of_another_branch_and_back() {
    let mut session = two_branches();
    session.settle();
    for branch in ["one", "two", "one"] {
        git(&session, &["checkout", "-q", branch]);
        session.settle();
    }
    assert!(session.knows("web/Dockerfile") && !session.knows("new/deep/deploy.yaml"));
}

#[test]
fn a_stash_and_its_return() {
    let mut session = two_branches();
    session.settle();
    session.write("api/deploy.yaml", DEPLOY);
    session.write("api/more.yaml", OTHER);
    session.settle();
    git(&session, &["stash", "-qu"]);
    session.settle();
    assert!(!session.knows("api/more.yaml"));
    git(&session, &["stash", "pop", "-q"]);
    session.settle();
    assert!(session.knows("api/more.yaml"));
}
