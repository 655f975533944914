//! The fixes on every workload of a folder of repositories, in every layout: `SEAWORTHY_REPOSITORIES` names the folder. With
//! `SEAWORTHY_SHOW` set to a layout's name, the patches are shown for a person to judge.
#![allow(clippy::print_stderr, reason = "figures and patches are for a person")]

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy::kubernetes::{MANIFEST_CONVENTIONS, parse_manifest};
use seaworthy::text::diff::unified_patch;
use seaworthy::yaml::PathStep;
use seaworthy::yaml::edit::{EditRefusal, YamlEdit, apply_edits, verify_edits};
use similar::{ChangeTag, TextDiff};

use super::hardening::{fixes, pods};
use super::layouts::LAYOUTS;

#[derive(Default)]
struct Count {
    right: usize,
    refused: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

#[test]
#[ignore = "wants a folder of repositories"]
fn no_real_workload_is_edited_wrongly() {
    let root = std::env::var("SEAWORTHY_REPOSITORIES").expect("SEAWORTHY_REPOSITORIES names a folder");
    let show = std::env::var("SEAWORTHY_SHOW").ok();
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    for entry in ignore::WalkBuilder::new(&root).hidden(false).build().flatten() {
        let is_manifest = entry.path().extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "json");
        let Some(text) = is_manifest.then(|| std::fs::read_to_string(entry.path()).ok()).flatten() else {
            continue;
        };
        for (name, layout) in
            LAYOUTS.into_iter().filter(|(name, _)| show.as_deref().is_none_or(|show| show == *name))
        {
            let Some(text) = layout(&text) else { continue };
            let count = counts.entry(name).or_default();
            try_fixes(entry.path(), &text, count, show.as_deref().filter(|show| *show == name));
        }
    }
    for (name, count) in &counts {
        let refused: usize = count.refused.values().sum();
        eprintln!("{name}: {} right, {refused} refused, {} wrong", count.right, count.wrong.len());
        count.refused.iter().for_each(|(reason, times)| eprintln!("    {times} {reason}"));
        count.wrong.iter().take(12).for_each(|wrong| eprintln!("    WRONG {wrong}"));
    }
    assert!(counts.values().any(|count| count.right > 0));
    assert!(counts.values().all(|count| count.wrong.is_empty()));
}

fn try_fixes(path: &Path, text: &str, count: &mut Count, show: Option<&str>) {
    for (index, document) in parse_manifest(text).documents.iter().enumerate() {
        for pod in pods(document.value()) {
            for (name, ops) in fixes(document.value(), &pod) {
                let edited = apply_edits(MANIFEST_CONVENTIONS, text, index, &ops).and_then(|after| {
                    verify_edits(MANIFEST_CONVENTIONS, text, &after, index, &ops).map(|()| after)
                });
                match edited {
                    Ok(after) if lost_lines(text, &after, &ops).is_empty() => {
                        count.right += 1;
                        if show.is_some() && name == "all" {
                            eprintln!("{}", unified_patch(&path.display().to_string(), text, &after));
                        }
                    }
                    Ok(after) => count.wrong.push(format!(
                        "{} {name}: lost {:?}",
                        path.display(),
                        lost_lines(text, &after, &ops)
                    )),
                    Err(EditRefusal::ProofFailed(why)) => {
                        count.wrong.push(format!("{} {name}: {why}", path.display()));
                    }
                    Err(reason) => *count.refused.entry(reason.to_string()).or_default() += 1,
                }
            }
        }
    }
}

/// The lines that are gone though no change meant them: no line was added that goes on from the same beginning, and none
/// of what is removed stands there.
pub(crate) fn lost_lines(before: &str, after: &str, ops: &[YamlEdit]) -> Vec<String> {
    let diff = TextDiff::from_lines(before, after);
    let of = |tag| {
        let lines = diff.iter_all_changes().filter(move |c| c.tag() == tag);
        lines.map(|c| c.value().trim().trim_start_matches(['-', ' ', '"', '{']).to_owned())
    };
    let added: Vec<String> = of(ChangeTag::Insert).collect();
    let goes_on = |line: &str| {
        let start = line.split_once(':').map_or(line, |(key, _)| key);
        added.iter().any(|new| new.starts_with(start))
    };
    let is_removed = |line: &str| {
        let removed =
            ops.iter().filter_map(|op| if let YamlEdit::Remove { path } = op { Some(path) } else { None });
        removed.into_iter().any(|path| match path.last() {
            Some(PathStep::Index(_)) if !line.contains(": ") => true,
            _ => path.iter().any(|step| matches!(step, PathStep::Key(key) if line.starts_with(key.as_str()))),
        })
    };
    of(ChangeTag::Delete).filter(|line| !goes_on(line) && !is_removed(line)).collect()
}
