//! Runs `undo`: takes back the newest write of the app or of `fix`, lists all of them, or takes back any step or hunk.

use std::path::Path;

use super::args::UndoArgs;
use super::named_paths::{PathAccess, resolve_path};
use super::{EXIT_CLEAN, EXIT_FOUND, print_note, print_stdout};
use crate::fix::{FilePatch, History, Planner, UndoDirection, UndoHunk, UndoScope, UndoStep};
use crate::text::{BlockPlace, count_of, make_printable};

pub(super) fn run(asked: &UndoArgs) -> anyhow::Result<u8> {
    let path = resolve_path(&asked.path, PathAccess::Write)?;
    let Some(mut history) = History::find_newest(&path) else {
        print_stdout("Nothing to undo here.\n")?;
        return Ok(EXIT_CLEAN);
    };
    if let Some(message) = history.message() {
        print_stdout(&format!("{}\n", make_printable(message)))?;
    }
    if asked.list {
        return list_steps(&history);
    }
    // The newest write was cut short, and is taken back: the one before it was not asked for.
    if history.has_rolled_back() && asked.step.is_none() {
        return Ok(EXIT_CLEAN);
    }
    if let Some(step) = asked.step {
        let scope = match asked.hunk {
            Some(hunk) => UndoScope::Hunk(step, hunk.saturating_sub(1)),
            None => UndoScope::Step(step),
        };
        return take_back(&mut history, &path, scope);
    }
    if let Some(patches) = Planner::undo(&mut history, UndoDirection::Back)? {
        print_patches(&history, &path, &patches)?;
    }
    Ok(EXIT_CLEAN)
}

fn take_back(history: &mut History, path: &Path, scope: UndoScope) -> anyhow::Result<u8> {
    let undo = Planner::take_back(history, scope)?;
    print_patches(history, path, &undo.patches)?;
    for (file, reason) in &undo.left {
        print_note(&format!("left as it is: {file}: {reason}"));
    }
    Ok(if undo.left.is_empty() { EXIT_CLEAN } else { EXIT_FOUND })
}

fn print_patches(history: &History, path: &Path, patches: &[FilePatch]) -> anyhow::Result<()> {
    for patch in patches {
        let file = patch.path.to_absolute(history.root());
        let shown = file.strip_prefix(path).ok().filter(|rest| !rest.as_os_str().is_empty());
        let shown = shown.unwrap_or(&file).display().to_string();
        let done = if patch.after.is_absent() { "removed" } else { "put back" };
        print_stdout(&format!("{done} {}\n", make_printable(&shown)))?;
    }
    Ok(())
}

fn list_steps(history: &History) -> anyhow::Result<u8> {
    let steps = history.list_steps()?;
    for step in &steps {
        print_stdout(&step_text(step))?;
    }
    if steps.is_empty() {
        print_stdout("Nothing to undo here.\n")?;
    } else {
        print_stdout("seaworthy undo --step NUMBER takes a step back; with --hunk NUMBER one hunk of it.\n")?;
    }
    Ok(EXIT_CLEAN)
}

/// A step in a line, and each of its hunks in one.
fn step_text(step: &UndoStep) -> String {
    let title = if step.title.is_empty() { "a write" } else { &step.title };
    let (standing, all) = (step.standing_count(), step.hunks().count());
    let state = match standing {
        _ if step.is_undone => "taken back".to_owned(),
        0 => "nothing of it stands any more".to_owned(),
        standing if standing == all => "can be taken back".to_owned(),
        standing => format!("{standing} of {} can be taken back", count_of(all, "hunk")),
    };
    let files = count_of(step.files.len(), "file");
    let title = make_printable(title);
    let mut text = format!("step {}  {}  {title} ({files}): {state}\n", step.number, step.moment);
    let hunks = step.files.iter().flat_map(|file| file.hunks.iter().map(move |hunk| (file, hunk)));
    for (nth, (file, hunk)) in hunks.enumerate() {
        let path = make_printable(file.path.as_str());
        let (line, size) = (hunk_line(hunk), hunk_size(hunk));
        let reason = match &hunk.refusal {
            Some(reason) if !step.is_undone => format!("  stays: {reason}"),
            _ => String::new(),
        };
        text.push_str(&format!("  hunk {}  {path}:{line}  {size}{reason}\n", nth + 1));
    }
    text
}

/// The line where it stands now, or stood when it was written.
fn hunk_line(hunk: &UndoHunk) -> usize {
    match &hunk.place {
        BlockPlace::Standing(lines) => lines.start + 1,
        BlockPlace::Reverted | BlockPlace::Changed => hunk.block.after.start + 1,
    }
}

fn hunk_size(hunk: &UndoHunk) -> String {
    format!("+{} -{}", hunk.block.after.len(), hunk.block.before.len())
}
