//! Paths that would be more than a path in a format of lines: each format quotes them in its own way.

use std::path::Path;
use std::process::{Command, Stdio};

use proptest::prelude::*;

use super::on;
use crate::support::repository;

const DOCKERFILE: &str = "FROM python:3.12-alpine\nWORKDIR /app\nCMD python3 app.py\n";
const VICTIM: &str = "one\ntwo\nthree\n";

/// A header of its own in a name: what follows the name would be read as a patch of another file.
const FORGED: &str = "x\n--- a/victim.txt\n+++ b/victim.txt\n@@ -1,1 +1,1 @@\n-one\n+pwned\n.Dockerfile";

const ODD: [&str; 13] = [
    FORGED,
    "a\tb.Dockerfile",
    "a b/c d.Dockerfile",
    " leading and trailing /Dockerfile",
    "quote\"d.Dockerfile",
    "back\\slash\\n.Dockerfile",
    "gr\u{f6}\u{df}e/\u{65e5}\u{672c}.Dockerfile",
    "bell\u{7}\u{1b}[2J\u{7f}.Dockerfile",
    "cr\r.Dockerfile",
    "c1\u{9b}31m\u{202e}.Dockerfile",
    "a\t2026-01-01 00:00:00.Dockerfile",
    "\"whole\".Dockerfile",
    "-p1 --- +++ @@.Dockerfile",
];

/// Applies the patch in the folder with another program.
fn applies(folder: &Path, program: &[&str], patch: &str) {
    let mut child = Command::new(program[0])
        .args(&program[1..])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), patch.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{program:?} refuses\n{patch}");
}

/// `fix --diff` of a file of that name is what `fix` writes, by both programs, and changes nothing else.
fn is_one_files_patch(name: &str) {
    // At the end of a name `.` and `/` are another name.
    let files = [(name, DOCKERFILE), ("victim.txt", VICTIM)];
    let written = repository(&files);
    on(written.path(), &["fix"]);
    let expected = std::fs::read_to_string(written.path().join(name)).unwrap();
    assert_ne!(expected, DOCKERFILE, "{name:?}");
    for program in [&["git", "apply", "-"][..], &["patch", "-p1", "--quiet"]] {
        let folder = repository(&files);
        let patch = on(folder.path(), &["fix", "--diff"]).out;
        assert_eq!(patch.lines().filter(|line| line.starts_with("--- ")).count(), 1, "{patch}");
        applies(folder.path(), program, &patch);
        let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!((read(name), read("victim.txt")), (expected.clone(), VICTIM.to_owned()), "{name:?}");
    }
}

#[test]
fn a_patch_names_its_file_as_git_does_and_no_other() {
    ODD.into_iter().for_each(is_one_files_patch);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_patch_names_any_file(parts in prop::collection::vec(prop::sample::select(vec![
        "a", " ", "\t", "\n", "\r", "\"", "\\", "'", "+++ b/", "--- ", "@@", "\u{e4}", "\u{1}", "%", ",", ":", "-", "\\n", "1970-01-01",
    ]), 1..8)) {
        is_one_files_patch(&format!("d{}.Dockerfile", parts.concat().replace("b/", "b")));
    }
}

#[test]
fn an_annotation_names_the_file_that_there_is() {
    let name = "x\n::error file=victim.txt::y\r,:%0A.Dockerfile";
    let out = on(repository(&[(name, DOCKERFILE)]).path(), &["check", "--format", "github"]).out;
    let quoted = "file=x%0A%3A%3Aerror file=victim.txt%3A%3Ay%0D%2C%3A%250A.Dockerfile,";
    let commands: Vec<&str> =
        out.lines().filter(|line| !line.starts_with("::group") && line.starts_with("::e")).collect();
    assert!(out.contains(quoted), "{out}");
    assert!(commands.iter().all(|line| line.contains(quoted) || *line == "::endgroup::"), "{commands:#?}");
}

#[test]
fn in_texts_and_messages_a_path_stays_on_its_line() {
    let folder = repository(&[(FORGED, DOCKERFILE), ("a.yaml", "apiVersion: v1\nkind: Pod\na: [\n")]);
    for args in [&["check"][..], &["fix"], &["undo"], &["baseline"], &["check"]] {
        let ran = on(folder.path(), args);
        for line in (ran.out + &ran.err).lines() {
            assert!(!line.starts_with("---") && !line.starts_with("+++"), "{args:?}: {line}");
            assert!(!line.contains(|c: char| c.is_control()), "{args:?}: {line:?}");
        }
    }
}
