//! Writes the result of a walkthrough as Markdown, for the description of a pull request: what changed and why, what to
//! check, what is left, and the whole difference folded away.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::app_walk::{AppWalk, ChapterPage, ChapterStatus};
use super::before_after::pair_evidence;
use super::evidence::TRIAL_HEADING;
use super::runnable_checks::RunnableCheck;
use super::walk_results::AppBefore;
use super::{Chapter, EvidenceLine};
use crate::repo::{FilePatch, RelPath};
use crate::text::{diff, make_printable, make_printable_lines, quote_git_path};

/// The walkthrough as Markdown, with headings from the second level down. `beside` are files that it wrote and that are no
/// part of the app, `withheld` says of chapters why something was not written; `hide` takes secrets out of a file's patch.
#[must_use]
pub fn write_pull_request(
    before: &AppBefore,
    now: &AppWalk,
    beside: &[FilePatch],
    withheld: &BTreeMap<Chapter, Vec<String>>,
    hide: &dyn Fn(&RelPath, &str) -> String,
) -> String {
    let mut out = format!("## Harden {}\n\n", app_in_code(now));
    let score = |score: Option<u8>| score.map_or_else(|| "–".to_owned(), |score| score.to_string());
    let _ = writeln!(out, "| | before | after |\n|---|---|---|");
    let _ = writeln!(out, "| Score, of 100 | {} | {} |", score(before.score), score(now.score));
    if let (Some(from), Some(to)) = (before.level, now.level) {
        let _ = writeln!(out, "| Pod Security Standard | {} | {} |", from.name(), to.name());
    }
    let done = |page: &&ChapterPage| {
        matches!(page.status, ChapterStatus::Done(_)) && page.chapter != Chapter::Results
    };
    let changed = |page: &&ChapterPage| before.is_changed(page) || before.is_changed_in_part(page);
    write_changes(&mut out, before, now.pages.iter().filter(changed));
    write_checks(&mut out, now.pages.iter().filter(changed));
    write_unfinished(&mut out, now, withheld);
    let met = now.pages.iter().filter(done).filter(|page| before.met_chapters.contains(&page.chapter));
    let met: Vec<&str> = met.map(|page| page.chapter.title()).collect();
    if !met.is_empty() {
        let _ = writeln!(out, "\nIn order before: {}.", met.join("; "));
    }
    write_patches(&mut out, before, (now, beside), hide);
    let _ = writeln!(out, "\n#{}", Chapter::Results.page_body());
    make_printable_lines(&out)
}

/// Each file in code, the object before its file.
fn app_in_code(now: &AppWalk) -> String {
    match (&now.id.workload, &now.id.dockerfile) {
        (Some((path, object)), _) => format!("{} in {}", code_span(object), code_span(path.as_str())),
        (None, Some(path)) => code_span(path.as_str()),
        (None, None) => String::new(),
    }
}

fn write_changes<'p>(out: &mut String, before: &AppBefore, changed: impl Iterator<Item = &'p ChapterPage>) {
    for (at, page) in changed.enumerate() {
        if at == 0 {
            out.push_str("\n### What changes, and why\n\n");
        }
        let come_to = match &page.status {
            ChapterStatus::Done(words) => make_printable(words),
            _ => "Changed in part; what is left stands below.".into(),
        };
        let _ = writeln!(out, "- **{}.** {come_to} {}", page.chapter.title(), page.chapter.text().reason);
        let closed = before.closed_rules(page);
        if !closed.is_empty() {
            let _ = writeln!(out, "  Rules closed: {}.", make_printable(&closed));
        }
        write_evidence(out, before, page);
    }
}

/// What is seen of a chapter before and after, as a block of text folded away.
fn write_evidence(out: &mut String, before: &AppBefore, page: &ChapterPage) {
    let mut pair = pair_evidence(before.evidence_of(page.chapter), &page.evidence);
    let is_trial = |line: &EvidenceLine| *line == EvidenceLine::Heading(TRIAL_HEADING);
    let seen = page.evidence.iter().position(is_trial).map_or(&[][..], |at| &page.evidence[at..]);
    pair.extend_from_slice(seen);
    if pair.is_empty() {
        return;
    }
    let sources = if seen.is_empty() {
        "computed from these files"
    } else {
        "computed from these files, and seen in a trial"
    };
    let line = |line: &EvidenceLine| match line {
        EvidenceLine::Heading(words) => format!("{words}:"),
        EvidenceLine::Command(words) | EvidenceLine::Output(words) => format!("  {words}"),
        EvidenceLine::Note(words) => format!("  # {words}"),
    };
    let text: Vec<String> = pair.iter().map(line).collect();
    let text = make_printable_lines(&text.join("\n"));
    let fence = code_fence(&text, 3);
    let _ = writeln!(
        out,
        "  <details><summary>Before and after, {sources}</summary>\n\n  {fence}text\n  {}\n  {fence}\n\n  </details>",
        text.trim_end().replace('\n', "\n  ")
    );
}

/// As a list to tick off.
fn write_checks<'p>(out: &mut String, changed: impl Iterator<Item = &'p ChapterPage>) {
    for (at, page) in changed.enumerate() {
        if at == 0 {
            out.push_str("\n### To check\n\n");
        }
        let text = page.chapter.text();
        if !matches!(page.status, ChapterStatus::Done(_)) {
            // Its command answers for the whole change.
            let _ = writeln!(out, "- [ ] {}, in part. May break: {}", page.chapter.title(), text.may_break);
            continue;
        }
        let RunnableCheck { command, answer: expect } = &page.check;
        let check = code_span(command);
        let _ = writeln!(out, "- [ ] {check}  \n  {expect} May break: {}", text.may_break);
    }
}

fn write_unfinished(out: &mut String, now: &AppWalk, withheld: &BTreeMap<Chapter, Vec<String>>) {
    for (at, (chapter, reason)) in now.unfinished_chapters().enumerate() {
        if at == 0 {
            out.push_str("\n### Left as it is, and why\n\n");
        }
        let _ = writeln!(out, "- **{}**: {}", chapter.title(), make_printable(&reason));
        for why in withheld.get(&chapter).into_iter().flatten() {
            let _ = writeln!(out, "  - Not written: {}", make_printable(why));
        }
    }
}

fn write_patches(
    out: &mut String,
    before: &AppBefore,
    (now, beside): (&AppWalk, &[FilePatch]),
    hide: &dyn Fn(&RelPath, &str) -> String,
) {
    let own = now.files.iter().map(|(path, source)| {
        let was = before.files.iter().find(|(other, _)| other == path).map(|(_, source)| source);
        (path, was, source)
    });
    let others = beside.iter().map(|patch| (&patch.path, Some(&patch.before), &patch.after));
    for (path, was, source) in own.chain(others) {
        let patch = was.map(|was| diff::unified_patch(path.as_str(), was.text(), source.text()));
        if let Some(patch) = patch.filter(|patch| !patch.is_empty()) {
            let patch = hide(path, &patch);
            let fence = code_fence(&patch, 3);
            let _ = writeln!(
                out,
                "\n<details>\n<summary>{}</summary>\n\n{fence}diff\n{}\n{fence}\n</details>",
                escape_html(&quote_git_path(path.as_str())),
                patch.trim_end()
            );
        }
    }
}

/// A name as code within a line, whatever it holds.
fn code_span(text: &str) -> String {
    let text = make_printable(text);
    let fence = code_fence(&text, 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Backticks that the text cannot end: more than the longest run in it.
fn code_fence(text: &str, least: usize) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat((longest + 1).max(least))
}
