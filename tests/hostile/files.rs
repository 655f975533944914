//! What lies in a folder and is no plain file, or leads elsewhere.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use rustix::fs::{CWD, FileType, mknodat};

use crate::run::{report, run, status, through_every_command};
use crate::texts::POD;
use crate::trees::{self, Tree};

fn pipe(tree: &Tree, path: &str) {
    mknodat(CWD, tree.path().join(path), FileType::Fifo, 0o644.into(), 0).unwrap();
}

fn good(name: &str) -> Tree {
    trees::of(name, &[("good.yaml", POD.to_owned())])
}

#[test]
fn pipes_sockets_and_devices_hold_nobody_up() {
    let tree = good("pipes");
    for path in ["Dockerfile", "pod.yaml", "kustomization.yaml", ".dockerignore", "Dockerfile.dockerignore"] {
        pipe(&tree, path);
    }
    let _socket = UnixListener::bind(tree.path().join("Containerfile")).unwrap();
    for (path, device) in
        [("Dockerfile.zero", "/dev/zero"), ("zero.yaml", "/dev/zero"), ("Dockerfile.pipe", "Dockerfile")]
    {
        symlink(device, tree.path().join(path)).unwrap();
    }
    let report = through_every_command(&tree.path());
    assert!(status(&report, "good.yaml").starts_with("audited"));
}

#[test]
fn settings_that_are_no_file_are_refused() {
    for name in ["seaworthy.toml", "seaworthy-baseline.json"] {
        let tree = good("settings");
        let home = tempfile::tempdir().unwrap();
        let at = tree.path().join(name);
        pipe(&tree, name);
        let refused = run(&tree.path(), home.path(), &["check"]);
        assert!(refused.code == 2 && refused.err.contains("no regular file"), "{}", refused.err);
        std::fs::remove_file(&at).unwrap();
        symlink("/dev/zero", &at).unwrap();
        assert_eq!(run(&tree.path(), home.path(), &["check"]).code, 2);
        std::fs::remove_file(&at).unwrap();
        std::fs::File::create(&at).unwrap().set_len(1 << 30).unwrap();
        let refused = run(&tree.path(), home.path(), &["check"]);
        assert!(refused.code == 2 && refused.err.contains("too large"), "{}", refused.err);
    }
}

#[test]
fn ignore_files_that_are_no_file_hold_nobody_up() {
    for name in [".gitignore", ".ignore"] {
        let tree = good("ignore");
        tree.file("below/pod.yaml", POD);
        pipe(&tree, name);
        pipe(&tree, &format!("below/{name}"));
        let report = through_every_command(&tree.path());
        assert!(status(&report, "good.yaml").starts_with("audited"), "{name}");
        assert!(status(&report, "below").contains("its ignore file is no regular file"), "{name}");
    }
}

#[test]
fn links_lead_nowhere_and_nothing_is_read_twice() {
    let tree = good("links");
    std::fs::write(tree.outside().join("Dockerfile"), "FROM a:latest\n").unwrap();
    for (path, target) in [
        ("loop", "."),
        ("up", ".."),
        ("Dockerfile", "Dockerfile"),
        ("a.yaml", "b.yaml"),
        ("b.yaml", "a.yaml"),
        ("Dockerfile.gone", "nowhere"),
        ("Dockerfile.out", "../Dockerfile"),
        ("etc", "/etc"),
        ("again.yaml", "good.yaml"),
    ] {
        symlink(target, tree.path().join(path)).unwrap();
    }
    let report = through_every_command(&tree.path());
    assert!(status(&report, "Dockerfile.out").contains("leads outside"));
    assert!(status(&report, "again.yaml").contains("its target is audited"));
    assert_eq!(std::fs::read_to_string(tree.outside().join("Dockerfile")).unwrap(), "FROM a:latest\n");
}

#[test]
fn what_may_not_be_read_is_listed() {
    let tree = good("closed");
    tree.file("closed/pod.yaml", POD);
    tree.file("Dockerfile", "FROM a\n");
    let mode = |path: &str, mode| {
        std::fs::set_permissions(tree.path().join(path), PermissionsExt::from_mode(mode)).unwrap();
    };
    mode("Dockerfile", 0);
    mode("closed", 0);
    if std::fs::File::open(tree.path().join("Dockerfile")).is_ok() {
        eprintln!("skipped: whoever runs this may read everything, so that nothing is unreadable");
    } else {
        let home = tempfile::tempdir().unwrap();
        let ran = run(&tree.path(), home.path(), &["check", "--format", "json", "--fail-on", "never"]);
        let report = report(&ran);
        assert!(status(&report, "Dockerfile").contains("cannot be read"));
        assert!(status(&report, "closed").contains("cannot be read"));
    }
    mode("closed", 0o755);
}

#[test]
fn a_pipe_without_an_end_is_read_to_its_bound() {
    let tree = good("endless");
    let home = tempfile::tempdir().unwrap();
    for (name, text) in [("Dockerfile", "FROM a\n"), ("pod.yaml", POD), ("nothing", "\0")] {
        pipe(&tree, name);
        let at = tree.path().join(name);
        let writer = std::thread::spawn(move || {
            let mut pipe = std::fs::OpenOptions::new().write(true).open(at).unwrap();
            // Until nobody reads any more.
            while std::io::Write::write_all(&mut pipe, text.repeat(4096).as_bytes()).is_ok() {}
        });
        let ran = run(&tree.path().join(name), home.path(), &["check"]);
        assert!(ran.code == 2 && ran.out.contains("too large"), "{name}: {}{}", ran.out, ran.err);
        writer.join().unwrap();
    }
}

#[test]
fn links_in_every_place_lead_no_write_outside() {
    let (tree, away) = (good("inside"), good("outside"));
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(tree.path().join(".git")).unwrap();
    std::fs::create_dir_all(tree.path().join("a/b")).unwrap();
    let target = away.path().join("good.yaml");
    let before = std::fs::read(&target).unwrap();
    for (link, to) in [
        ("link.yaml", target.clone()),
        ("Dockerfile", target.clone()),
        ("a/folder", away.path()),
        ("a/b/up", "../folder".into()),
        ("seaworthy-baseline.json", away.path().join("known.json")),
    ] {
        symlink(to, tree.path().join(link)).unwrap();
    }
    for path in [".", "link.yaml", "Dockerfile", "a/folder", "a/folder/good.yaml", "a/b/up/good.yaml", "a/b"]
    {
        for command in [&["fix"][..], &["fix", "--review"], &["baseline"], &["undo"]] {
            run(&tree.path().join(path), home.path(), command);
            assert_eq!(std::fs::read(&target).unwrap(), before, "{path} {command:?}");
        }
    }
    assert_eq!(std::fs::read_dir(away.path()).unwrap().count(), 1, "nothing is made there");
}
