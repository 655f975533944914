//! A team's day: what stands is taken down, a weakness comes, is allowed, is fixed, and its exception is for nothing.

use std::path::Path;

use ignore::WalkBuilder;

use super::baseline::open;
use crate::settings::{seaworthy, stdout};
use crate::support::{entries, repository};

const BUILD: &str = "FROM base:1.2.3\nUSER 43122:43122\nRUN sudo make\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: tides\nspec:\n  containers:\n  - name: api\n    image: a:latest\n";

/// A file, and what a developer writes into it: the weakness, the same fixed, and how the line begins before which a
/// comment allows it.
struct Edit {
    path: String,
    weak: String,
    fixed: String,
    line: String,
    rule: &'static str,
}

#[test]
fn on_a_dockerfile_and_on_a_manifest() {
    for (path, text) in [("Dockerfile", BUILD), ("deploy/pod.yaml", POD)] {
        let root = repository(&[("Dockerfile", BUILD), ("deploy/pod.yaml", POD)]);
        day(root.path(), &edit(path, text).unwrap());
    }
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
#[allow(clippy::print_stderr, reason = "figures are for a person")]
fn on_real_repositories() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    for repository in entries(Path::new(&folder)) {
        let copy = tempfile::tempdir().unwrap();
        for entry in WalkBuilder::new(&repository).standard_filters(false).build().flatten() {
            let at = copy.path().join(entry.path().strip_prefix(&repository).unwrap());
            if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                std::fs::create_dir_all(at).unwrap();
            } else if let Ok(bytes) = std::fs::read(entry.path()) {
                std::fs::write(at, bytes).unwrap();
            }
        }
        let days = files(copy.path());
        assert!(!days.is_empty(), "{}", repository.display());
        for edit in &days {
            eprintln!("{}: {}", repository.display(), edit.path);
            day(copy.path(), edit);
            std::fs::remove_file(copy.path().join("seaworthy-baseline.json")).unwrap();
        }
    }
}

fn day(root: &Path, edit: &Edit) {
    let at = root.join(&edit.path);
    let baseline = root.join("seaworthy-baseline.json");
    let check = || seaworthy(root, &["check"]).status.code();
    assert_eq!(check(), Some(1), "it does not begin well");
    assert_eq!(seaworthy(root, &["baseline"]).status.code(), Some(0));
    let known = std::fs::read_to_string(&baseline).unwrap();
    assert_eq!((check(), open(root)), (Some(0), vec![]), "and that is known now");
    assert!(stdout(root, &["check"]).contains("more in the baseline"), "and counted");

    std::fs::write(&at, &edit.weak).unwrap();
    assert_eq!((check(), open(root)), (Some(1), vec![edit.rule.to_owned()]), "one is new");
    let annotations = stdout(root, &["check", "--format", "github"]);
    assert_eq!(annotations.matches("\n::error ").count(), 1, "and it alone is annotated: {annotations}");

    let indent = &edit.line[..edit.line.len() - edit.line.trim_start().len()];
    let comment = format!("{indent}# seaworthy: allow {} -- the host is our own\n", edit.rule);
    let allow = |text: &str| {
        let at = text.rfind(&edit.line).unwrap();
        format!("{}{comment}{}", &text[..at], &text[at..])
    };
    std::fs::write(&at, allow(&edit.weak)).unwrap();
    assert_eq!((check(), open(root)), (Some(0), vec![]), "and allowed, with the reason");
    assert!(stdout(root, &["check"]).contains("by a comment: the host is our own"), "which is shown");

    std::fs::write(&at, allow(&edit.fixed)).unwrap();
    assert_eq!(
        (check(), open(root)),
        (Some(0), vec!["unused-suppression".to_owned()]),
        "fixed: it is for nothing"
    );
    assert_eq!(seaworthy(root, &["fix"]).status.code(), Some(0));
    assert_eq!((std::fs::read_to_string(&at).unwrap(), open(root)), (edit.fixed.clone(), vec![]));
    assert_eq!(std::fs::read_to_string(&baseline).unwrap(), known, "none of it has changed what is known");
}

/// The first Dockerfile and the first manifest that can be edited as a developer would.
fn files(root: &Path) -> Vec<Edit> {
    let report: serde_json::Value =
        serde_json::from_str(&stdout(root, &["check", "--format", "json"])).unwrap();
    let of_kind = |kind: &str| {
        let files = report["files"].as_array().unwrap().iter();
        let files = files.filter(|file| file["kind"] == kind && file["status"] == "audited");
        let mut edits = files.filter_map(|file| {
            let path = file["path"].as_str()?;
            edit(path, &std::fs::read_to_string(root.join(path)).ok()?)
        });
        edits.next()
    };
    ["dockerfile", "manifest"].into_iter().filter_map(of_kind).collect()
}

fn edit(path: &str, text: &str) -> Option<Edit> {
    let path = path.to_owned();
    if text.contains('\r') || !text.ends_with('\n') {
        return None;
    }
    if !path.ends_with(".yaml") {
        let usual = !text.ends_with("EOF\n") && !text.ends_with("\\\n") && !text.contains("# escape");
        let run = |flag: &str| format!("{text}# A tool.\n\nRUN curl {flag}https://example.org/x\n");
        let line = "RUN curl ".to_owned();
        let edit = Edit { path, weak: run("-k "), fixed: run(""), line, rule: "tls-verification-off" };
        return usual.then_some(edit);
    }
    // One object with one pod, to whose own spec a key can be added before its containers.
    let lines = |key: &str| text.lines().filter(|line| line.trim_start() == key).collect::<Vec<_>>();
    let holds_pod = |line: &str| ["Pod", "Deployment", "DaemonSet", "StatefulSet"].contains(&line);
    let kinds: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("kind: ")).collect();
    let ([containers], [kind]) = (&lines("containers:")[..], &kinds[..]) else { return None };
    let indent = &containers[..containers.len() - "containers:".len()];
    let say = |value: &str| {
        text.replacen(&format!("\n{containers}\n"), &format!("\n{indent}hostPID: {value}\n{containers}\n"), 1)
    };
    let line = format!("{indent}hostPID: ");
    let usual = holds_pod(kind) && !text.contains("hostPID");
    let edit = Edit { path, weak: say("true"), fixed: say("false"), line, rule: "host-pid" };
    usual.then_some(edit)
}
