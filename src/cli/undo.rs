//! Runs `undo`: takes back the newest write of the app or of `fix`.

use std::path::Path;

use super::named_paths::{PathAccess, resolve_path};
use super::{EXIT_CLEAN, print_stdout};
use crate::fix::{History, Planner, UndoDirection};
use crate::text::make_printable;

pub(super) fn run(path: &Path) -> anyhow::Result<u8> {
    let path = resolve_path(path, PathAccess::Write)?;
    let Some(mut history) = History::find_newest(&path) else {
        print_stdout("Nothing to undo here.\n")?;
        return Ok(EXIT_CLEAN);
    };
    if let Some(message) = history.message() {
        print_stdout(&format!("{}\n", make_printable(message)))?;
    }
    let Some(patches) = Planner::undo(&mut history, UndoDirection::Back)? else {
        return Ok(EXIT_CLEAN);
    };
    for patch in patches {
        let file = patch.path.to_absolute(history.root());
        let shown = file.strip_prefix(&path).ok().filter(|rest| !rest.as_os_str().is_empty());
        let shown = shown.unwrap_or(&file).display().to_string();
        let done = if patch.after.is_absent() { "removed" } else { "put back" };
        print_stdout(&format!("{done} {}\n", make_printable(&shown)))?;
    }
    Ok(EXIT_CLEAN)
}
