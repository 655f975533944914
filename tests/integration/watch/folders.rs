//! Folders that come, go and move, and the ignore files that hide them.

use std::fs;
use std::path::Path;
use std::time::Instant;

use seaworthy::repo::WatchMode;

use super::{DEPLOY, DOCKERFILE, LIMIT, OTHER, Session};

#[test]
fn a_new_folder_with_files_made_at_once() {
    let mut session = Session::new();
    for n in 0..20 {
        session.write(&format!("new/{n}/deep/deploy.yaml"), DEPLOY);
    }
    session.settle();
    assert!(session.knows("new/19/deep/deploy.yaml"));
    session.write("new/7/deep/deploy.yaml", OTHER);
    session.settle();
    session.write("new/8/deep/deeper/Dockerfile", DOCKERFILE);
    session.settle();
}

#[test]
fn a_folder_that_is_removed_and_made_again() {
    let mut session = Session::new();
    fs::remove_dir_all(session.at("api")).unwrap();
    session.settle();
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    fs::remove_dir_all(session.at("api")).unwrap();
    session.write("api/deploy.yaml", DEPLOY);
    session.settle();
    session.write("api/deploy.yaml", OTHER);
    session.settle();
}

#[test]
fn a_folder_that_is_moved_within_out_and_in() {
    let mut session = Session::new();
    session.write("api/deep/deploy.yaml", DEPLOY);
    session.settle();
    fs::rename(session.at("api"), session.at("web")).unwrap();
    session.settle();
    session.write("web/deep/deploy.yaml", OTHER);
    session.settle();
    let away = session.home.path().join("away");
    fs::rename(session.at("web"), &away).unwrap();
    session.settle();
    assert_eq!(session.store.files().count(), 0);
    fs::write(away.join("deploy.yaml"), OTHER).unwrap();
    fs::rename(&away, session.at("back")).unwrap();
    session.settle();
    session.write("back/deep/deploy.yaml", DEPLOY);
    session.settle();
}

#[test]
fn another_folder_in_the_place_of_one() {
    let mut session = Session::new();
    fs::rename(session.at("api"), session.at("old")).unwrap();
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    session.write("api/deploy.yaml", DEPLOY);
    session.write("old/deploy.yaml", OTHER);
    session.settle();
}

#[test]
fn the_root_itself_removed_and_restored() {
    let mut session = Session::new();
    let root = session.root().to_path_buf();
    fs::remove_dir_all(&root).unwrap();
    session.settle();
    assert_eq!(session.store.files().count(), 0);
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    session.write("api/deploy.yaml", DEPLOY);
    session.settle();
    let away = session.home.path().join("away");
    fs::rename(&root, &away).unwrap();
    session.settle();
    fs::rename(&away, &root).unwrap();
    session.settle();
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    assert!(session.has_events());
}

#[test]
fn an_ignore_file_that_changes() {
    let mut session = Session::new();
    session.write("build/deploy.yaml", DEPLOY);
    session.settle();
    session.write(".gitignore", "build/\n");
    session.settle();
    assert!(!session.knows("build/deploy.yaml"));
    session.write("build/other.yaml", OTHER);
    session.write("api/.ignore", "*.yaml\n!deploy.yaml\n");
    session.write("api/other.yaml", OTHER);
    session.settle();
    fs::remove_file(session.at(".gitignore")).unwrap();
    session.settle();
    assert!(session.knows("build/other.yaml"));
    session.write("build/other.yaml", DEPLOY);
    session.settle();
}

/// Watched folders are those of the process's own inotify descriptors, as the kernel counts them.
#[cfg(target_os = "linux")]
#[test]
fn only_folders_that_are_not_ignored_are_watched() {
    use std::collections::BTreeSet;
    use std::os::unix::fs::MetadataExt;

    let watched = || {
        let mut numbers = BTreeSet::new();
        for entry in fs::read_dir("/proc/self/fdinfo").unwrap().flatten() {
            let info = fs::read_to_string(entry.path()).unwrap_or_default();
            let inodes = info.lines().filter_map(|line| line.split("ino:").nth(1)?.split(' ').next());
            numbers.extend(inodes.filter_map(|hex| u64::from_str_radix(hex, 16).ok()));
        }
        numbers
    };
    let mut session = Session::of(&[
        (".gitignore", "target/\n"),
        ("api/deploy.yaml", DEPLOY),
        ("target/debug/deploy.yaml", DEPLOY),
        (".git/objects/pack", ""),
    ]);
    let is_watched =
        |session: &Session, path: &str| watched().contains(&session.at(path).metadata().unwrap().ino());
    assert!(is_watched(&session, "") && is_watched(&session, "api"));
    for hidden in ["target", "target/debug", ".git", ".git/objects"] {
        assert!(!is_watched(&session, hidden), "{hidden}");
    }
    session.write(".gitignore", "api/\n");
    session.settle();
    assert!(!is_watched(&session, "api") && is_watched(&session, "target/debug"));
}

/// Waits until the watch is in this mode: it is told of each change after it.
fn waits_for(session: &Session, mode: &WatchMode) {
    let end = Instant::now() + LIMIT;
    while session.watch.watch_mode() != *mode {
        assert!(Instant::now() < end, "{:?}, not {mode:?}", session.watch.watch_mode());
        std::thread::yield_now();
    }
}

/// The repository is followed when it is back, in whichever way it went, and nobody is told it is watched meanwhile.
#[track_caller]
fn comes_back(session: &mut Session, away: impl FnOnce(&Path), back: impl FnOnce(&Path)) {
    let root = session.root().to_path_buf();
    away(&root);
    session.settle();
    assert!(!session.knows("api/deploy.yaml"));
    waits_for(session, &WatchMode::Off);
    back(&root);
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    waits_for(session, &WatchMode::Events);
    session.write("api/deep/deploy.yaml", DEPLOY);
    session.settle();
    assert!(session.knows("api/deep/deploy.yaml"));
}

#[test]
fn the_folder_itself_becomes_a_file_and_a_folder_again() {
    let mut session = Session::new();
    let removed = |root: &Path| {
        fs::remove_dir_all(root).unwrap();
        fs::write(root, "no folder").unwrap();
    };
    comes_back(&mut session, removed, |root| fs::remove_file(root).unwrap());
    let moved = |root: &Path| {
        fs::rename(root, root.with_file_name("aside")).unwrap();
        fs::write(root, "no folder").unwrap();
    };
    comes_back(&mut session, moved, |root| {
        fs::remove_file(root).unwrap();
        fs::rename(root.with_file_name("aside"), root).unwrap();
    });
}

#[test]
#[cfg(unix)]
fn the_folder_itself_becomes_a_link_to_nothing_or_a_pipe() {
    use std::os::unix::fs::symlink;
    let mut session = Session::new();
    let linked = |root: &Path| {
        fs::remove_dir_all(root).unwrap();
        symlink("nowhere", root).unwrap();
    };
    comes_back(&mut session, linked, |root| fs::remove_file(root).unwrap());
    let socket = |root: &Path| {
        fs::remove_dir_all(root).unwrap();
        drop(std::os::unix::net::UnixListener::bind(root).unwrap());
    };
    comes_back(&mut session, socket, |root| fs::remove_file(root).unwrap());
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_above_is_moved_away_and_back() {
    let mut session = Session::new();
    let home = session.home.path().canonicalize().unwrap();
    let aside = home.with_extension("aside");
    comes_back(&mut session, |_| fs::rename(&home, &aside).unwrap(), |_| fs::rename(&aside, &home).unwrap());
    // Another tree takes its place at once.
    fs::create_dir_all(aside.join("repo")).unwrap();
    fs::write(aside.join("repo/deploy.yaml"), OTHER).unwrap();
    let third = home.with_extension("third");
    fs::rename(&home, &third).unwrap();
    fs::rename(&aside, &home).unwrap();
    session.settle();
    session.write("deploy.yaml", DEPLOY);
    session.settle();
    fs::remove_dir_all(&third).unwrap();
}
