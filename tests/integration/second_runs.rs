//! Promise 1: what `fix --review` has written once, a second run leaves as it is.

use std::path::{Path, PathBuf};

use seaworthy::audit::AuditEngine;
use seaworthy::finding::Safety;
use seaworthy::fix::{FixOrder, FixPlan, Planner};

use crate::support::{audit, entries, fixtures};

/// What is written where all fixes for review are asked for: as a plain run does, and with the default bounds too.
fn fix_all(engine: &AuditEngine, with_bounds: bool) -> FixPlan {
    let is_bound = |rule: &str| rule.starts_with("missing-memory-") || rule.starts_with("missing-cpu-");
    let accepts = |rule: &str| with_bounds || !is_bound(rule);
    Planner::new(engine).plan(&FixOrder::Rules { accepts: &accepts, max_safety: Safety::Review }).unwrap()
}

/// The files that a first run changes, and what a second one would change again.
fn run_twice(root: &Path) -> (usize, Vec<String>) {
    let engine = audit(root);
    let (mut changed, mut again) = (0, Vec::new());
    for with_bounds in [false, true] {
        let first = fix_all(&engine, with_bounds);
        changed += first.patches.len();
        let second = fix_all(&engine.with_patches(&first.patches), with_bounds);
        again.extend(second.patches.iter().map(|patch| {
            let (before, after) = (patch.before.text(), patch.after.text());
            let name = format!("{}/{}", root.display(), patch.path);
            format!("{name}\n--- after one run\n{before}\n--- after two\n{after}")
        }));
    }
    (changed, again)
}

/// Each folder of the fixtures that holds files, as a repository of its own.
fn fixture_folders() -> Vec<PathBuf> {
    let (mut folders, mut open) = (Vec::new(), vec![fixtures()]);
    while let Some(folder) = open.pop() {
        let (below, files): (Vec<_>, Vec<_>) = entries(&folder).into_iter().partition(|entry| entry.is_dir());
        if !files.is_empty() {
            folders.push(folder);
        }
        open.extend(below);
    }
    folders
}

#[test]
fn a_second_run_over_any_fixture_changes_nothing() {
    let mut changed = 0;
    for folder in fixture_folders() {
        let (first, again) = run_twice(&folder);
        changed += first;
        assert!(again.is_empty(), "{}", again.join("\n"));
    }
    assert!(changed > 200, "{changed} files are changed by the first run");
}

#[test]
#[ignore = "needs a folder of repositories, named by SEAWORTHY_REPOSITORIES"]
fn a_second_run_over_real_repositories_changes_nothing() {
    let folder = std::env::var_os("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    let mut all = Vec::new();
    for repository in entries(Path::new(&folder)).into_iter().filter(|entry| entry.is_dir()) {
        all.extend(run_twice(&repository).1);
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}
