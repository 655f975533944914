//! What came of a walk as Markdown, for the description of a pull request: what changed and why, what to check, what is
//! left, and the whole difference folded away.

use std::fmt::Write as _;

use super::Chapter;
use super::page::{Journey, Page, Standing};
use super::results::Snapshot;
use crate::repo::RelPath;
use crate::text::diff;

/// The walk as Markdown, with headings from the second level down. `hide` takes what is secret out of a file's patch.
#[must_use]
pub fn markdown(before: &Snapshot, now: &Journey, hide: &dyn Fn(&RelPath, &str) -> String) -> String {
    let mut out = format!("## Harden {}\n\n", named(now));
    let score = |score: Option<u8>| score.map_or_else(|| "–".to_owned(), |score| score.to_string());
    let _ = writeln!(out, "| | before | after |\n|---|---|---|");
    let _ = writeln!(out, "| Score, of 100 | {} | {} |", score(before.score), score(now.score));
    if let (Some(from), Some(to)) = (before.level, now.level) {
        let _ = writeln!(out, "| Pod Security Standard | {} | {} |", from.name(), to.name());
    }
    let done = |page: &&Page| matches!(page.standing, Standing::Met(_)) && page.chapter != Chapter::Results;
    let changed = |page: &&Page| done(page) && !before.met.contains(&page.chapter);
    changes(&mut out, now.pages.iter().filter(changed));
    checks(&mut out, now, now.pages.iter().filter(changed));
    left(&mut out, now);
    let met = now.pages.iter().filter(done).filter(|page| before.met.contains(&page.chapter));
    let met: Vec<&str> = met.map(|page| page.chapter.title()).collect();
    if !met.is_empty() {
        let _ = writeln!(out, "\nIn order before: {}.", met.join("; "));
    }
    patches(&mut out, before, now, hide);
    let _ = writeln!(out, "\n#{}", Chapter::Results.body());
    out
}

/// Each file in code, the object before its file.
fn named(now: &Journey) -> String {
    match (&now.id.workload, &now.id.dockerfile) {
        (Some((path, object)), _) => format!("`{object}` in `{path}`"),
        (None, Some(path)) => format!("`{path}`"),
        (None, None) => String::new(),
    }
}

fn changes<'p>(out: &mut String, changed: impl Iterator<Item = &'p Page>) {
    for (at, page) in changed.enumerate() {
        if at == 0 {
            out.push_str("\n### What changes, and why\n\n");
        }
        let text = page.chapter.text();
        let _ = writeln!(out, "- **{}.** {} {}", page.chapter.title(), text.met, text.why);
    }
}

/// As a list to tick off.
fn checks<'p>(out: &mut String, now: &Journey, changed: impl Iterator<Item = &'p Page>) {
    for (at, page) in changed.enumerate() {
        if at == 0 {
            out.push_str("\n### To check\n\n");
        }
        let text = page.chapter.text();
        let (check, expect) = (now.named(text.check), now.named(text.expect));
        let fence = fence(&check, 1);
        let _ = writeln!(out, "- [ ] {fence}{check}{fence}  \n  {expect} May break: {}", text.breaks);
    }
}

fn left(out: &mut String, now: &Journey) {
    for (at, (chapter, reason)) in now.left().enumerate() {
        if at == 0 {
            out.push_str("\n### Left as it is, and why\n\n");
        }
        let _ = writeln!(out, "- **{}**: {reason}", chapter.title());
    }
}

fn patches(out: &mut String, before: &Snapshot, now: &Journey, hide: &dyn Fn(&RelPath, &str) -> String) {
    for (path, source) in &now.files {
        let was = before.files.iter().find(|(other, _)| other == path).map(|(_, source)| source);
        let patch = was.map(|was| diff::unified(path.as_str(), was.text(), source.text()));
        if let Some(patch) = patch.filter(|patch| !patch.is_empty()) {
            let patch = hide(path, &patch);
            let fence = fence(&patch, 3);
            let _ = writeln!(
                out,
                "\n<details>\n<summary>{path}</summary>\n\n{fence}diff\n{}\n{fence}\n</details>",
                patch.trim_end()
            );
        }
    }
}

/// Backticks that the text cannot end: more than the longest run in it.
fn fence(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(least))
}
