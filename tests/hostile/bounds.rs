//! Very much of one thing, in each format of the report: within bounded time and memory, which the full run prints.

use crate::run::{Ran, report, run, status};
use crate::texts::POD;
use crate::trees::Tree;
use crate::{full, many};

const FORMATS: [&str; 4] = ["text", "json", "sarif", "github"];

/// What the README names as the bound of memory, in MiB.
const MEBIBYTES: u64 = 200;

/// For very many files, each full of findings, in MiB: the README's is for half as many.
const FOLDER_MEBIBYTES: u64 = 360;

/// Seconds of processor time for any of these.
const SECONDS: u64 = 100;

fn repeated(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

fn pod(at: usize) -> String {
    format!("---\n{}", POD.replace("name: p", &format!("name: p{at}")))
}

/// Holds a run to the bounds, in full.
fn hold(ran: &Ran, case: &str, mebibytes: u64) {
    if full() {
        assert!(ran.mebibytes <= mebibytes, "{case}: {} MiB", ran.mebibytes);
        assert!(ran.ticks <= SECONDS * 100, "{case}: {} hundredths of a second", ran.ticks);
    }
}

/// Runs each format, and gives the reason why `a.yaml` was not audited whole.
fn reason(tree: &Tree) -> String {
    let (home, mut reason) = (tempfile::tempdir().unwrap(), String::new());
    for format in FORMATS {
        let ran = run(&tree.path(), home.path(), &["check", "--format", format, "--fail-on", "never"]);
        hold(&ran, format, MEBIBYTES);
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
        reason.starts_with(if full() { "partial: a file is read up to 10000" } else { "audited" }),
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
        reason.starts_with(if full() { "skipped: a file is read up to 10000" } else { "audited" }),
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
        hold(&ran, format, FOLDER_MEBIBYTES);
    }
}

/// What is read beside the files that are audited: each of it as large as it may be, or larger.
#[test]
fn very_much_beside_the_files() {
    let row = |at| {
        format!(
            "{{\"path\":\"a{at}.yaml\",\"rule\":\"host-pid\",\"object\":\"Pod/p{at}\",\"container\":\"c\",\
             \"content\":\"{at:016x}\",\"count\":1}}"
        )
    };
    let baseline = |count| {
        let rows: Vec<String> = (0..count).map(row).collect();
        format!("{{\"schema\":1,\"findings\":[\n{}\n]}}\n", rows.join(",\n"))
    };
    let patterns = |count| repeated(count, |at| format!("a/**/b{at}/*.x\n"));
    let exceptions = repeated(many(900, 20), |at| {
        format!("[[allow]]\nrules = [\"host-pid\"]\npaths = [\"a{at}/**\"]\nreason = \"r\"\n")
    });
    for (name, text, refusal) in [
        ("seaworthy-baseline.json", baseline(many(180_000, 500)), None),
        ("seaworthy-baseline.json", "x".repeat(50 << 20), Some("too large")),
        ("seaworthy.toml", exceptions, None),
        ("seaworthy.toml", "x".repeat(50 << 20), Some("too large")),
        (".dockerignore", patterns(many(200_000, 2_000)), None),
        (".dockerignore", format!("{}\n", "x".repeat(50 << 20)), None),
        (".gitignore", patterns(200_000), None),
        (".gitignore", format!("{}\n", "x".repeat(50 << 20)), None),
    ] {
        let (tree, home) = (Tree::new(&name.replace('.', "-")), tempfile::tempdir().unwrap());
        tree.file("pod.yaml", POD);
        tree.file("Dockerfile", "FROM a:latest\nCOPY . /a\nCMD [\"/a/b\"]\n");
        tree.file(name, text);
        let ran = run(&tree.path(), home.path(), &["check", "--fail-on", "never"]);
        hold(&ran, name, MEBIBYTES);
        match refusal {
            None => assert!(ran.code == 0 && ran.out.contains("pod.yaml"), "{name}: {}{}", ran.out, ran.err),
            Some(reason) => assert!(ran.code == 2 && ran.err.contains(reason), "{name}: {}", ran.err),
        }
    }
}

/// What is made of it together would be a hundred times as long as the file.
#[test]
fn a_long_value_that_very_many_variables_repeat() {
    let (tree, home) = (Tree::new("repeated-value"), tempfile::tempdir().unwrap());
    let count = many(9_000, 3_000);
    let value = format!("/{}", "x".repeat(60_000));
    tree.file(
        "variables/Dockerfile",
        format!("FROM a\nENV A={value}\n{}", repeated(count, |at| format!("ENV B{at}=$A\n"))),
    );
    tree.file("volumes/Dockerfile", format!("FROM a\nENV A={value}\n{}", "VOLUME $A\n".repeat(count)));
    tree.file("ports/Dockerfile", format!("FROM a\nENV A=80{value}\n{}", "EXPOSE $A\n".repeat(count)));
    for format in FORMATS {
        let ran = run(&tree.path(), home.path(), &["check", "--format", format, "--fail-on", "never"]);
        assert!(ran.mebibytes <= MEBIBYTES, "{format}: {} MiB", ran.mebibytes);
        hold(&ran, format, MEBIBYTES);
    }
}

/// Each builds the same objects anew, and all that is built is judged and kept.
#[test]
fn very_many_overlays_of_very_many_objects() {
    let (tree, home) = (Tree::new("many-overlays"), tempfile::tempdir().unwrap());
    let map = |at| format!("---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m{at}}}\n");
    tree.file("base/kustomization.yaml", "resources: [a.yaml]\n");
    tree.file("base/a.yaml", format!("{POD}{}", repeated(many(500, 5_200), map)));
    for at in 0..many(80, 4) {
        let text = format!("resources: [../base]\nnamePrefix: o{at}-\n");
        tree.file(&format!("o{at}/kustomization.yaml"), text);
    }
    let ran = run(&tree.path(), home.path(), &["check", "--format", "json", "--fail-on", "never"]);
    let left_out = ran.out.matches("build more than 20000 objects together").count();
    assert!(ran.code == 0 && left_out > 0, "{}", ran.err);
}

/// As many steps as the journal keeps, each of a file as large as is read.
#[test]
fn a_journal_that_is_full() {
    let (tree, home) = (Tree::new("journal"), tempfile::tempdir().unwrap());
    let padding = "# c\n".repeat(many(1 << 20, 100));
    for _ in 0..many(12, 3) {
        tree.file("pod.yaml", format!("{POD}{padding}"));
        hold(&run(&tree.path(), home.path(), &["fix", "--review"]), "fix", MEBIBYTES);
    }
    let undone = run(&tree.path(), home.path(), &["undo"]);
    hold(&undone, "undo", MEBIBYTES);
    assert_eq!(undone.code, 0, "{}{}", undone.out, undone.err);
    assert_eq!(std::fs::read_to_string(tree.path().join("pod.yaml")).unwrap(), format!("{POD}{padding}"));
}
