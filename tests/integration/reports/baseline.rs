//! The baseline: what stands is known, what is new is told, what is gone leaves.

use std::path::Path;
use std::process::{Command, Output};

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

/// What `check` says on a machine that only checks, or on somebody's own.
fn check(root: &Path, only_checks: bool) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
    command.arg("check").current_dir(root).env_remove("CI");
    if only_checks {
        command.env("CI", "true");
    }
    command.output().unwrap()
}

#[test]
fn what_is_gone_leaves_by_itself_and_is_new_when_it_comes_back() {
    let root = repository(&[("Dockerfile", BUILD), ("b/Dockerfile", BUILD)]);
    let (root, at) = (root.path(), root.path().join("seaworthy-baseline.json"));
    seaworthy(root, &["baseline"]);
    let whole = std::fs::read_to_string(&at).unwrap();
    assert!(check(root, false).stderr.is_empty(), "nothing is gone");
    std::fs::write(root.join("Dockerfile"), BUILD.replace("sudo ", "")).unwrap();

    let said = String::from_utf8(check(root, true).stderr).unwrap();
    assert_eq!(
        said,
        "seaworthy-baseline.json holds 1 finding that is gone: `seaworthy baseline --shrink` takes it out\n"
    );
    assert_eq!(std::fs::read_to_string(&at).unwrap(), whole, "a machine that only checks writes nothing");

    let output = check(root, false);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        (output.status.code(), said.as_str()),
        (Some(0), "seaworthy-baseline.json: took out 1 finding that is gone\n")
    );
    let left = std::fs::read_to_string(&at).unwrap();
    assert_eq!(left.lines().count() + 1, whole.lines().count());
    assert!(check(root, false).stderr.is_empty());
    std::fs::write(root.join("Dockerfile"), BUILD).unwrap();
    assert_eq!(open(root), ["sudo"]);
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
    check(root, false);
    let after: Vec<usize> = files.iter().map(|(path, _)| count(path)).collect();
    let expected: Vec<usize> = files
        .iter()
        .zip(before)
        .map(|((path, _), count)| if path.starts_with("moved") { 0 } else { count })
        .collect();
    assert_eq!(after, expected);
}
