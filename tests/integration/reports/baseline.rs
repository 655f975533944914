//! The baseline: what stands is known, what is new is told, what is gone leaves.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::SystemTime;

use tempfile::TempDir;

use crate::cli::{DEPLOYMENT, DOCKERFILE};
use crate::settings::{findings, seaworthy};
use crate::support::repository;

const BUILD: &str = "FROM base:1.2.3\nUSER 43122:43122\nRUN sudo make\n";

/// The rules of the findings that are open.
pub(super) fn open(root: &Path) -> Vec<String> {
    let found = findings(root, ".");
    let open = found.iter().filter(|finding| finding["suppressed"].is_null());
    open.map(|finding| finding["rule"].as_str().unwrap().to_owned()).collect()
}

/// As version 0.1 wrote it of these two files.
const OF_0_1: &str = include_str!("baseline-0.1.json");

#[test]
fn one_that_0_1_wrote_knows_the_same_findings() {
    let files = [("deploy.yaml", DEPLOYMENT), ("Dockerfile", DOCKERFILE)];
    let root = repository(&files);
    assert!(!open(root.path()).is_empty());
    std::fs::write(root.path().join("seaworthy-baseline.json"), OF_0_1).unwrap();
    assert_eq!(open(root.path()), [""; 0]);
    seaworthy(root.path(), &["baseline"]);
    let again = std::fs::read_to_string(root.path().join("seaworthy-baseline.json")).unwrap();
    assert_eq!(again, OF_0_1);
}

#[test]
fn a_second_of_the_same_is_new() {
    let root = repository(&[("Dockerfile", BUILD)]);
    seaworthy(root.path(), &["baseline"]);
    std::fs::write(root.path().join("Dockerfile"), format!("{BUILD}RUN sudo make\n")).unwrap();
    assert_eq!(open(root.path()), ["sudo"]);
}

#[test]
fn what_is_gone_leaves_and_shrinking_takes_nothing_in() {
    let root = repository(&[("a/Dockerfile", BUILD), ("b/Dockerfile", BUILD)]);
    let (root, at) = (root.path(), root.path().join("seaworthy-baseline.json"));
    seaworthy(root, &["baseline"]);
    let whole = std::fs::read_to_string(&at).unwrap();
    std::fs::write(root.join("a/Dockerfile"), "FROM base:latest\nUSER 43122:43122\n").unwrap();
    seaworthy(root, &["baseline", "--shrink"]);
    let shrunk = std::fs::read_to_string(&at).unwrap();
    assert!(shrunk.lines().all(|line| whole.contains(line.trim_end_matches(','))), "{shrunk}");
    assert!(
        !shrunk.contains("\"a/Dockerfile\",\"rule\":\"sudo\"")
            && shrunk.contains("\"b/Dockerfile\",\"rule\":\"sudo\"")
    );
    assert!(open(root).contains(&"latest-tag".to_owned()));
    seaworthy(root, &["baseline", "a"]);
    let parts = std::fs::read_to_string(&at).unwrap();
    assert!(parts.contains("latest-tag") && parts.contains("\"b/Dockerfile\",\"rule\":\"sudo\""), "{parts}");
    std::fs::remove_dir_all(root.join("a")).unwrap();
    seaworthy(root, &["baseline"]);
    assert!(!std::fs::read_to_string(&at).unwrap().contains("a/Dockerfile"));
}

#[test]
fn one_of_a_large_repository_is_read() {
    let root = repository(&[("Dockerfile", BUILD)]);
    let at = root.path().join("seaworthy-baseline.json");
    seaworthy(root.path(), &["baseline"]);
    let text = std::fs::read_to_string(&at).unwrap();
    // As large as that of a hundred thousand findings, and more than is read of any other file.
    let large = text.replacen('[', &format!("[{}", "\n".repeat(20_000_000)), 1);
    std::fs::write(&at, large).unwrap();
    assert_eq!(open(root.path()), [""; 0]);
}

#[test]
fn a_secret_is_not_written_down() {
    let root = repository(&[("Dockerfile", "FROM base:1.2.3\nENV DB_PASSWORD=hunter2hunter2\nUSER 43122\n")]);
    seaworthy(root.path(), &["baseline"]);
    let text = std::fs::read_to_string(root.path().join("seaworthy-baseline.json")).unwrap();
    assert!(text.contains("secret-in-build") && !text.contains("hunter2"), "{text}");
    assert_eq!(open(root.path()), [""; 0]);
}

/// All files of a folder with their texts and times.
fn snapshot(root: &Path) -> Vec<(PathBuf, Vec<u8>, SystemTime)> {
    let mut files: Vec<_> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            let changed = path.metadata().unwrap().modified().unwrap();
            (path.clone(), std::fs::read(&path).unwrap(), changed)
        })
        .collect();
    files.sort();
    files
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[test]
fn check_writes_nothing_and_says_what_shrinking_would_do() {
    let root = repository(&[("Dockerfile", BUILD), ("b/Dockerfile", BUILD)]);
    let (root, at) = (root.path(), root.path().join("seaworthy-baseline.json"));
    seaworthy(root, &["baseline"]);
    let whole = std::fs::read_to_string(&at).unwrap();
    assert!(seaworthy(root, &["check"]).stderr.is_empty(), "nothing is gone");
    std::fs::write(root.join("Dockerfile"), BUILD.replace("sudo ", "")).unwrap();
    let before = snapshot(root);
    for arguments in
        [&["check"][..], &["check", "--format", "json"], &["check", "--format", "sarif"], &["check", "b"]]
    {
        let output = seaworthy(root, arguments);
        assert_eq!(output.status.code(), Some(0));
        let line = "seaworthy-baseline.json holds 1 finding that is gone: `seaworthy baseline --shrink` takes it out\n";
        assert_eq!(said(&output), if arguments.contains(&"b") { "" } else { line });
        assert_eq!(snapshot(root), before, "{arguments:?}");
    }
    // A branch without these files, and back.
    std::fs::rename(root.join("b"), root.join(".git-b")).unwrap();
    assert!(said(&seaworthy(root, &["check"])).contains("findings that are gone"));
    std::fs::rename(root.join(".git-b"), root.join("b")).unwrap();
    assert_eq!(std::fs::read_to_string(&at).unwrap(), whole);

    seaworthy(root, &["baseline", "--shrink"]);
    let left = std::fs::read_to_string(&at).unwrap();
    assert_eq!(left.lines().count() + 1, whole.lines().count());
    assert!(seaworthy(root, &["check"]).stderr.is_empty());
    std::fs::write(root.join("Dockerfile"), BUILD).unwrap();
    assert_eq!(open(root), ["sudo"]);
}

#[test]
fn a_baseline_is_written_as_every_file_is() {
    let root = repository(&[("Dockerfile", BUILD)]);
    let (root, at) = (root.path(), root.path().join("seaworthy-baseline.json"));
    let mode = |at: &Path| at.metadata().unwrap().permissions().mode() & 0o7777;
    std::fs::write(root.join("plain"), "").unwrap();
    seaworthy(root, &["baseline"]);
    assert_eq!(mode(&at), mode(&root.join("plain")), "a new file is as its user makes files");
    let first = std::fs::read_to_string(&at).unwrap();
    let time = at.metadata().unwrap().modified().unwrap();
    seaworthy(root, &["baseline"]);
    assert_eq!(at.metadata().unwrap().modified().unwrap(), time, "the same is not written again");

    std::fs::set_permissions(&at, Permissions::from_mode(0o640)).unwrap();
    std::fs::write(root.join("Dockerfile"), format!("{BUILD}RUN sudo a\n")).unwrap();
    assert_eq!(seaworthy(root, &["baseline"]).status.code(), Some(0));
    assert_eq!(mode(&at), 0o640);
    let second = std::fs::read_to_string(&at).unwrap();
    assert_ne!(first, second);

    std::fs::write(root.join("Dockerfile"), BUILD).unwrap();
    std::fs::hard_link(&at, root.join("other")).unwrap();
    let refused = seaworthy(root, &["baseline", "--shrink"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(said(&refused).contains("seaworthy-baseline.json has several hard links"), "{}", said(&refused));
    std::fs::remove_file(root.join("other")).unwrap();

    assert_eq!(seaworthy(root, &["baseline", "--shrink"]).status.code(), Some(0));
    assert_eq!(std::fs::read_to_string(&at).unwrap(), first);
    for (text, line) in [(Some(&second), "put back"), (Some(&first), "put back"), (None, "removed")] {
        let undone = seaworthy(root, &["undo"]);
        let told = String::from_utf8(undone.stdout).unwrap();
        assert_eq!(told, format!("{line} seaworthy-baseline.json\n"));
        assert_eq!(std::fs::read_to_string(&at).ok().as_ref(), text);
    }
    let left: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().ends_with(".tmp")), "{left:?}");
}

#[test]
fn a_baseline_that_is_a_link_is_written_inside_the_repository_alone() {
    let root = repository(&[("Dockerfile", BUILD), ("kept/here", "")]);
    let outside = TempDir::new().unwrap();
    let (root, at) = (root.path(), root.path().join("seaworthy-baseline.json"));
    seaworthy(root, &["baseline"]);
    let text = std::fs::read_to_string(&at).unwrap();
    std::fs::rename(&at, root.join("kept/known.json")).unwrap();
    symlink("kept/known.json", &at).unwrap();
    std::fs::write(root.join("Dockerfile"), "FROM base:1.2.3\nUSER 43122:43122\n").unwrap();
    assert_eq!(seaworthy(root, &["baseline"]).status.code(), Some(0));
    assert!(at.is_symlink() && std::fs::read_to_string(root.join("kept/known.json")).unwrap() != text);

    let away = outside.path().join("known.json");
    std::fs::write(&away, &text).unwrap();
    for (target, there) in [(away.clone(), true), (outside.path().join("none.json"), false)] {
        std::fs::remove_file(&at).unwrap();
        symlink(&target, &at).unwrap();
        let refused = seaworthy(root, &["baseline"]);
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        assert!(at.is_symlink() && target.exists() == there);
        assert_eq!(std::fs::read_to_string(&away).unwrap(), text);
    }
}

#[test]
fn only_what_was_read_whole_or_is_not_there_can_be_gone() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostNetwork: true}\n";
    let files = [
        ("Dockerfile", BUILD),
        ("ignored/Dockerfile", BUILD),
        ("left-out/Dockerfile", BUILD),
        ("moved/Dockerfile", BUILD),
        ("off/Dockerfile", BUILD),
        ("pod.yaml", pod),
    ];
    let root = repository(&files);
    let (root, at) = (root.path(), root.path().join("seaworthy-baseline.json"));
    seaworthy(root, &["baseline"]);
    let count =
        |path: &str| std::fs::read_to_string(&at).unwrap().matches(&format!("\"path\":\"{path}\"")).count();
    let before: Vec<usize> = files.iter().map(|(path, _)| count(path)).collect();
    assert!(before.iter().all(|count| *count > 0));
    std::fs::write(root.join(".gitignore"), "/ignored/\n").unwrap();
    std::fs::write(root.join("seaworthy.toml"), "exclude = [\"left-out/\"]\n[rules]\nsudo = \"off\"\n")
        .unwrap();
    std::fs::write(root.join("pod.yaml"), pod.replace("{hostNetwork: true}", "{hostNetwork: [")).unwrap();
    std::fs::rename(root.join("moved"), root.join("elsewhere")).unwrap();
    seaworthy(root, &["baseline", "--shrink"]);
    let after: Vec<usize> = files.iter().map(|(path, _)| count(path)).collect();
    let expected: Vec<usize> = files
        .iter()
        .zip(before)
        .map(|((path, _), count)| if path.starts_with("moved") { 0 } else { count })
        .collect();
    assert_eq!(after, expected);
}
