//! Very much of one thing, in each format of the report: within bounded time and memory, which the full run prints.

use crate::run::{report, run, status};
use crate::texts::POD;
use crate::trees::Tree;
use crate::{full, many};

const FORMATS: [&str; 3] = ["text", "json", "sarif"];

/// What the README names as the bound of memory, in MiB, for a report that proves nothing.
const TEXT_MEBIBYTES: u64 = 200;

/// For one that proves each fix it names: a file's fixes are proven together.
const PROVEN_MEBIBYTES: u64 = 640;

/// Seconds of processor time for any of these.
const SECONDS: u64 = 100;

fn repeated(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

fn pod(at: usize) -> String {
    format!("---\n{}", POD.replace("name: p", &format!("name: p{at}")))
}

/// Runs each format, and gives the reason why `a.yaml` was not audited whole.
fn reason(tree: &Tree) -> String {
    let (home, mut reason) = (tempfile::tempdir().unwrap(), String::new());
    for format in FORMATS {
        let ran = run(&tree.path(), home.path(), &["check", "--format", format, "--fail-on", "never"]);
        let bound = if format == "text" { TEXT_MEBIBYTES } else { PROVEN_MEBIBYTES };
        if full() {
            assert!(ran.mebibytes <= bound, "{format}: {} MiB", ran.mebibytes);
            assert!(ran.ticks <= SECONDS * 100, "{format}: {} hundredths of a second", ran.ticks);
        }
        if format == "json" {
            reason = status(&report(&ran), "a.yaml");
        }
    }
    reason
}

#[test]
fn very_many_pods_in_a_file() {
    let tree = Tree::new("many-pods");
    tree.file("a.yaml", repeated(many(50_000, 15), pod));
    let reason = reason(&tree);
    assert!(
        reason.starts_with(if full() { "partial: a file is read up to 12000" } else { "audited" }),
        "{reason}"
    );
}

#[test]
fn five_thousand_pods_are_judged_whole() {
    let tree = Tree::new("real-pods");
    tree.file("a.yaml", repeated(many(5_000, 10), pod));
    assert!(reason(&tree).starts_with("audited"));
}

#[test]
fn very_many_containers_of_a_pod() {
    let tree = Tree::new("many-containers");
    let container = |at| format!("  - name: c{at}\n    image: a/b:latest\n");
    let head = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n";
    tree.file("a.yaml", format!("{head}{}", repeated(many(20_000, 15), container)));
    let reason = reason(&tree);
    assert!(
        reason.starts_with(if full() { "skipped: a file is read up to 12000" } else { "audited" }),
        "{reason}"
    );
}

#[test]
fn very_many_comments_that_allow() {
    let tree = Tree::new("many-comments");
    let allow = "# seaworthy: allow may-run-as-root -- r\n";
    tree.file("a.yaml", format!("{POD}{}", allow.repeat(many(200_000, 5_000))));
    assert!(reason(&tree).starts_with("partial: only its first 5000 exceptions"));
}

#[test]
fn very_many_files_in_a_folder() {
    let tree = Tree::new("many-files");
    tree.file("a.yaml", POD);
    (0..many(20_000, 50)).for_each(|at| tree.file(&format!("{at}.yaml"), pod(at)));
    let home = tempfile::tempdir().unwrap();
    for format in FORMATS {
        let ran = run(&tree.path(), home.path(), &["check", "--format", format, "--fail-on", "never"]);
        // About one KiB for each of eighteen findings.
        assert!(!full() || ran.mebibytes <= PROVEN_MEBIBYTES, "{format}: {} MiB", ran.mebibytes);
        assert!(!full() || ran.ticks <= SECONDS * 100, "{format}: {} hundredths of a second", ran.ticks);
    }
}
