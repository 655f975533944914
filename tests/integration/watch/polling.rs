//! Where the system tells of nothing, the files are looked at from time to time, and it is said.

use std::time::Duration;

use seaworthy::repo::{WatchMode, poll_repository};

use super::{DEPLOY, DOCKERFILE, OTHER, Session};

fn session() -> Session {
    Session::watched(&[("api/deploy.yaml", DEPLOY), ("api/Dockerfile", DOCKERFILE)], |root, tell| {
        poll_repository(root, "for a test", Duration::from_millis(20), tell)
    })
}

#[test]
fn polling_says_so_and_why() {
    assert_eq!(session().watch.watch_mode(), WatchMode::Polling("for a test".to_owned()));
}

#[test]
fn polling_sees_files_that_change_come_and_go() {
    let mut session = session();
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    session.write("new/deep/Dockerfile", DOCKERFILE);
    session.settle();
    std::fs::remove_dir_all(session.at("api")).unwrap();
    session.settle();
    session.write(".gitignore", "new/\n");
    session.settle();
    assert!(!session.knows("new/deep/Dockerfile"));
    std::fs::remove_file(session.at(".gitignore")).unwrap();
    session.settle();
}

#[test]
fn polling_sees_the_root_go_and_come() {
    let mut session = session();
    let root = session.root().to_path_buf();
    std::fs::remove_dir_all(&root).unwrap();
    session.settle();
    session.write("api/deploy.yaml", OTHER);
    session.settle();
}

#[test]
fn polling_sees_what_a_link_leads_to() {
    let mut session = session();
    session.write("api/text", DEPLOY);
    std::os::unix::fs::symlink("text", session.at("api/alias.yaml")).unwrap();
    session.settle();
    session.write("api/text", OTHER);
    session.settle();
}
