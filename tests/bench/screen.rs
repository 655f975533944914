//! The screen: how long a frame takes, and a key.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::clock::{median, middle};
use crate::world::{Program, audited, repository, root};

pub(crate) fn frame() -> Duration {
    let folder = repository(850);
    let mut program = Program::new(audited(&root(&folder)));
    assert!(program.state.index.entries.len() >= 10_000, "{}", program.state.index.entries.len());
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            let effects = program.key("j");
            program.answer(effects);
            median(1, || program.draw())
        })
        .collect();
    middle(&mut times)
}

/// From the key to the drawn screen. The fix comes from another thread, and is drawn when it is there.
pub(crate) fn key() -> Duration {
    timed(&mut large(), 100, "j")
}

pub(crate) fn filter() -> Duration {
    let mut program = large();
    let _ = program.key("/");
    let mut times: Vec<Duration> =
        "memory-limit".chars().map(|c| timed(&mut program, 1, &c.to_string())).collect();
    middle(&mut times)
}

fn large() -> Program {
    let folder = repository(10_000);
    Program::new(audited(&root(&folder)))
}

fn timed(program: &mut Program, runs: usize, key: &str) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let begin = Instant::now();
            let effects = program.key(key);
            program.draw();
            let took = begin.elapsed();
            program.answer(effects);
            took
        })
        .collect();
    middle(&mut times)
}

pub(crate) fn jump() -> Duration {
    let mut times: Vec<Duration> = (0..3)
        .map(|_| {
            let mut program = long_file();
            timed(&mut program, 1, "G")
        })
        .collect();
    middle(&mut times)
}

pub(crate) fn scroll() -> Duration {
    let mut program = long_file();
    timed(&mut program, 100, "j")
}

/// One manifest of fifty thousand lines, in view.
fn long_file() -> Program {
    let mut text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: long\ndata:\n".to_owned();
    for i in 0..50_000 {
        let _ = writeln!(text, "  key-{i}: \"value {i}\"  # and a comment");
    }
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("long.yaml"), text).unwrap();
    let mut program = Program::new(audited(&root(&folder)));
    for key in ["1", "3"] {
        let effects = program.key(key);
        program.answer(effects);
    }
    program.draw();
    program
}
