//! Any text as what a journal holds of a write, whatever its state: nothing outside the repository is touched, and what
//! the journal cannot vouch for is left alone.

#![no_main]

use std::path::{Path, PathBuf};

use libfuzzer_sys::fuzz_target;
use seaworthy::repo::{FilePatch, Journal};
use seaworthy::text::SourceText;

const STATES: [&str; 5] = ["writing", "done", "undoing", "undone", "redoing"];

/// The one step of the journal.
fn step(state: &Path) -> PathBuf {
    let journals = std::fs::read_dir(state.join("seaworthy")).expect("it was written").flatten();
    let files =
        journals.flat_map(|journal| std::fs::read_dir(journal.path()).into_iter().flatten().flatten());
    let step =
        files.map(|file| file.path()).find(|path| path.extension().is_some_and(|state| state == "done"));
    step.expect("it was written")
}

fuzz_target!(|text: &str| {
    let folder = tempfile::tempdir().expect("a folder");
    let (root, state) = (folder.path().join("repository"), folder.path().join("state"));
    std::fs::create_dir(&root).expect("a repository");
    for path in [root.join("a.yaml"), folder.path().join("outside")] {
        std::fs::write(path, "before").expect("a file");
    }
    let patch = FilePatch {
        path: "a.yaml".into(),
        before: SourceText::new("before"),
        after: SourceText::new("after"),
    };
    Journal::new(&root, &state).write("a title", &[patch]).expect("a write");
    let step = step(&state);
    for name in STATES {
        let there = step.with_extension(name);
        std::fs::write(&there, text).expect("a step");
        let journal = Journal::new(&root, &state);
        let _ = (journal.recover_pending(), journal.undo(), journal.redo());
        for name in STATES {
            let _ = std::fs::remove_file(step.with_extension(name));
        }
    }
    assert_eq!(std::fs::read_to_string(folder.path().join("outside")).ok().as_deref(), Some("before"));
});
