//! `fix`: mends what is asked for, or prints the patch that would.

use super::args::Fix;
use super::{CLEAN, FOUND, audit, print};
use crate::finding::Safety;
use crate::fix::{self, FilePatch, History, Outcome};
use crate::store::Store;
use crate::text::{diff, printable};

pub(super) fn run(asked: &Fix) -> anyhow::Result<u8> {
    let engine = audit::audit(&asked.paths)?;
    let mut store = Store::default();
    store.apply(engine.update());
    let safety = if asked.review { Safety::Review } else { Safety::Safe };
    let outcome = fix::everything(&engine, &store, safety, |rule| {
        asked.rules.is_empty() || asked.rules.contains(&rule)
    });
    if asked.diff {
        print(&patch(&outcome.patches))?;
    } else {
        write(&engine, &outcome)?;
    }
    complain(&outcome);
    Ok(if outcome.withheld.is_empty() { CLEAN } else { FOUND })
}

fn patch(patches: &[FilePatch]) -> String {
    patches.iter().map(|p| diff::unified(p.path.as_str(), p.before.text(), p.after.text())).collect()
}

/// Writes all files as one step, which `undo` takes back as one, and says what came of it.
fn write(engine: &crate::audit::Engine, outcome: &Outcome) -> anyhow::Result<()> {
    if outcome.patches.is_empty() {
        return print("Nothing to mend.\n");
    }
    let mut history = History::open(engine.root());
    if let Some(message) = history.message() {
        say(message);
    }
    history.write(&outcome.patches)?;
    for patch in &outcome.patches {
        print(&format!("mended {}\n", printable(patch.path.as_str())))?;
    }
    let plural = |count: usize, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let (findings, files) = (outcome.resolves.len(), outcome.patches.len());
    print(&format!("{} mended in {}.\n", plural(findings, "finding"), plural(files, "file")))
}

fn complain(outcome: &Outcome) {
    for (key, reason) in &outcome.withheld {
        let object = key.subject.object.as_deref().map(|object| format!(" ({object})")).unwrap_or_default();
        say(&format!("withheld: {} in {}{object}: {reason}", key.rule, key.path));
    }
}

#[allow(clippy::print_stderr, reason = "the command line's own edge")]
fn say(line: &str) {
    eprintln!("{}", printable(line));
}
