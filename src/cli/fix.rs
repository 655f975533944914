//! `fix`: mends what is asked for, or prints the patch that would.

use std::path::Path;

use super::args::Fix;
use super::{CLEAN, FAILED, FOUND, audit, online, print, say};
use crate::finding::Safety;
use crate::fix::{self, Answers, FilePatch, History, Outcome};
use crate::text::{diff, printable};

pub(super) fn run(asked: &Fix) -> anyhow::Result<u8> {
    let engine = audit::audit(&asked.paths)?;
    let safety = if asked.review { Safety::Review } else { Safety::Safe };
    let wanted = |rule: &str| asked.rules.is_empty() || asked.rules.contains(&rule);
    let answers =
        if asked.online { online::ask(&fix::references(&engine, wanted)) } else { Answers::default() };
    let outcome = fix::everything_with(&engine, safety, &answers, wanted);
    let mut written = true;
    if asked.diff {
        print(&patch(&outcome.patches))?;
    } else {
        written = write(engine.root(), &outcome)?;
    }
    complain(&outcome);
    outcome.cautions.iter().for_each(|caution| say(&format!("note: {caution}")));
    Ok(match (written, outcome.withheld.is_empty()) {
        (false, _) => FAILED,
        (true, false) => FOUND,
        (true, true) => CLEAN,
    })
}

fn patch(patches: &[FilePatch]) -> String {
    patches.iter().map(|p| diff::unified(p.path.as_str(), p.before.text(), p.after.text())).collect()
}

/// Writes the files as one step, which `undo` takes back as one, and says what came of it. A file that cannot be
/// written is named and left out, and the rest goes on. Whether all could be written.
fn write(root: &Path, outcome: &Outcome) -> anyhow::Result<bool> {
    if outcome.patches.is_empty() {
        print("Nothing to mend.\n")?;
        return Ok(true);
    }
    let mut history = History::open(root);
    if let Some(message) = history.message() {
        say(message);
    }
    let mut patches = outcome.patches.clone();
    while let Err(error) = history.write(&patches) {
        say(&error.to_string());
        let before = patches.len();
        patches.retain(|patch| Some(&patch.path) != error.path());
        if patches.len() == before || patches.is_empty() {
            return Ok(false);
        }
    }
    for patch in &patches {
        print(&format!("mended {}\n", printable(patch.path.as_str())))?;
    }
    let findings =
        outcome.resolves.iter().filter(|key| patches.iter().any(|patch| patch.path == key.path)).count();
    let plural = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    print(&format!("{} mended in {}.\n", plural(findings, "finding"), plural(patches.len(), "file")))?;
    Ok(patches.len() == outcome.patches.len())
}

fn complain(outcome: &Outcome) {
    for (key, reason) in &outcome.withheld {
        let object = key.subject.object.as_deref().map(|object| format!(" ({object})")).unwrap_or_default();
        say(&format!("withheld: {} in {}{object}: {reason}", key.rule, key.path));
    }
}
