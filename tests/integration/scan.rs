//! Which files a walk finds, and that nothing which was not read goes unsaid.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use seaworthy::repo::{RelPath, ScanArea, ScanResult, SkipReason, common_root, scan_changed, scan_targets};

use crate::support::repository;

const POD: &str = "apiVersion: v1\nkind: Pod\n";

fn scanned(root: &Path) -> ScanResult {
    scan_targets(root, &[root.to_path_buf()])
}

/// Every candidate, with the reason where it is skipped.
fn listed(scan: &ScanResult) -> Vec<String> {
    let reason =
        |skip: &Option<SkipReason>| skip.as_ref().map(|why| format!(": {}", why.text())).unwrap_or_default();
    scan.candidates.iter().map(|c| format!("{}{}", c.path, reason(&c.skip_reason))).collect()
}

#[test]
fn candidates_are_found_by_name_and_by_how_they_begin() {
    let root = repository(&[
        ("Dockerfile", ""),
        ("a/web.Dockerfile", ""),
        ("a/pod.yaml", POD),
        ("a/values.yaml", "name: none\n"),
        ("a/pod.txt", POD),
        (".hidden/pod.yml", POD),
        (".git/pod.yaml", POD),
        ("a/Dockerfile.dockerignore", ""),
    ]);
    assert_eq!(
        listed(&scanned(root.path())),
        [".hidden/pod.yml", "Dockerfile", "a/pod.yaml", "a/web.Dockerfile"]
    );
}

#[test]
fn ignore_files_hide_and_what_they_hide_is_counted() {
    let root = repository(&[
        (".gitignore", "build/\n*.local.yaml\n"),
        ("pod.yaml", POD),
        ("pod.local.yaml", POD),
        ("build/pod.yaml", POD),
        ("build/Dockerfile", ""),
        ("a/.ignore", "!pod.local.yaml\n"),
        ("a/pod.local.yaml", POD),
    ]);
    let scan = scanned(root.path());
    assert_eq!(listed(&scan), ["a/pod.local.yaml", "pod.yaml"]);
    assert_eq!(scan.ignored_count, 3);
}

#[test]
fn a_file_that_is_named_is_a_candidate_whatever_hides_it() {
    let root =
        repository(&[(".gitignore", "*\n"), ("pod.yaml", POD), ("build", "FROM scratch\n"), ("x", "x")]);
    let targets: Vec<_> = ["pod.yaml", "build", "x"].iter().map(|name| root.path().join(name)).collect();
    assert_eq!(common_root(&targets), root.path());
    assert_eq!(
        listed(&scan_targets(root.path(), &targets)),
        ["build", "pod.yaml", "x: neither a Dockerfile nor a Kubernetes manifest"]
    );
}

#[test]
fn links_are_listed_with_where_they_lead() {
    let outside = repository(&[("pod.yaml", POD)]);
    let root = repository(&[("pod.yaml", POD), ("text", POD)]);
    let link = |to: &Path, name: &str| symlink(to, root.path().join(name)).unwrap();
    link("pod.yaml".as_ref(), "alias.yaml");
    link("text".as_ref(), "other.yaml");
    link(&outside.path().join("pod.yaml"), "outside.yaml");
    link("nowhere".as_ref(), "dangling.yaml");
    link("loop.yaml".as_ref(), "loop.yaml");
    let scan = scanned(root.path());
    assert_eq!(
        listed(&scan),
        [
            "alias.yaml: a link: its target is audited as pod.yaml",
            "dangling.yaml: a link that leads nowhere",
            "loop.yaml: a link that leads nowhere",
            "other.yaml",
            "outside.yaml: a link that leads outside the repository",
            "pod.yaml",
        ]
    );
    assert_eq!(scan.candidate_links.len(), 5, "those that lead nowhere are remembered too");
}

#[test]
fn a_name_that_is_not_utf8_is_listed_with_the_reason() {
    let root = repository(&[]);
    fs::write(root.path().join(OsStr::from_bytes(b"caf\xe9.yaml")), POD).unwrap();
    assert_eq!(listed(&scanned(root.path())), ["caf\u{fffd}.yaml: its name is not UTF-8: rename it"]);
}

#[test]
fn a_scan_of_what_is_not_there_finds_nothing() {
    let root = repository(&[]);
    let gone = root.path().join("gone");
    assert_eq!(listed(&scan_targets(&gone, std::slice::from_ref(&gone))), Vec::<String>::new());
}

#[test]
fn an_ignore_file_that_says_too_much_hides_nothing_and_is_listed() {
    let many = "*.local.yaml\n".repeat(6_000);
    let long = format!("*.local.yaml\n{}\n", "x".repeat(600 * 1024));
    for text in [&many, &long] {
        let root = repository(&[
            (".gitignore", "build/\n"),
            ("pod.yaml", POD),
            ("build/pod.yaml", POD),
            ("a/.gitignore", text),
            ("a/pod.local.yaml", POD),
            ("a/b/.ignore", "*.yaml\n"),
            ("a/b/pod.yaml", POD),
            ("c/.ignore", "pod.yaml\n"),
            ("c/pod.yaml", POD),
        ]);
        let scan = scanned(root.path());
        let paths: Vec<&str> = scan.candidates.iter().map(|c| c.path.as_str()).collect();
        assert_eq!(paths, ["a/.gitignore", "a/b/pod.yaml", "a/pod.local.yaml", "pod.yaml"]);
        let reason = scan.candidates[0].skip_reason.as_ref().unwrap().text();
        assert!(reason.starts_with("an ignore file that is too large to be obeyed (6"), "{reason}");
        assert_eq!(scan.ignored_count, 2, "what is hidden elsewhere stays hidden, and is counted");
        let area = ScanArea {
            root: root.path(),
            targets: &[root.path().to_path_buf()],
            repository_root: root.path(),
        };
        let changed = ["a/pod.local.yaml", "a/b/pod.yaml", "c/pod.yaml", "build/pod.yaml"];
        let seen = scan_changed(&area, &changed.into_iter().map(RelPath::from).collect());
        assert_eq!(listed(&seen), ["a/b/pod.yaml", "a/pod.local.yaml"], "a save is seen as a walk sees it");
    }
}

#[test]
fn an_ignore_file_at_the_root_that_says_too_much_hides_nothing() {
    let root =
        repository(&[(".gitignore", &"*.yaml\n".repeat(6_000)), ("pod.yaml", POD), ("a/pod.yaml", POD)]);
    let paths = listed(&scanned(root.path()));
    assert_eq!(paths.len(), 3, "{paths:?}");
    assert!(
        paths[0].starts_with(".gitignore: an ignore file that is too large to be obeyed (6000 patterns"),
        "{paths:?}"
    );
}
