//! The screen: how long a frame takes, and a key.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use seaworthy::app::DialogState;
use tempfile::TempDir;

use crate::clock::{median, middle};
use crate::world::{Program, audited, repository, root};

/// The demo's chart, and the template of it with most of its lines.
const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/wharf");
const TEMPLATE: &str = "deployment.yaml";

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

/// A frame in which the source holds the lines of the fix in view, and a linked file its half of it.
pub(crate) fn ghost_frame() -> Duration {
    let folder = repository(850);
    let mut program = Program::new(audited(&root(&folder)));
    open_fix(&mut program);
    assert!(program.state.preview.writable_plan().is_some());
    median(200, || program.draw())
}

/// A digit that is typed in the place of a value, in a large repository.
pub(crate) fn value_key() -> Duration {
    let mut program = large();
    open_fix(&mut program);
    press(&mut program, &["v"]);
    assert!(matches!(program.state.dialog, Some(DialogState::Values(_))));
    timed(&mut program, 100, "1")
}

/// The search for the rule whose fix has a value.
fn open_fix(program: &mut Program) {
    press(program, &["/"]);
    for c in "rule:missing-memory-limit".chars() {
        press(program, &[&c.to_string()]);
    }
    press(program, &["Enter", "z", "R", "j"]);
    program.draw();
}

fn press(program: &mut Program, keys: &[&str]) {
    for key in keys {
        let effects = program.key(key);
        program.answer(effects);
    }
}

pub(crate) fn palette_letter() -> Duration {
    let mut program = large();
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..5 {
        press(&mut program, &[":"]);
        times.extend("fold all".chars().map(|c| {
            let key = if c == ' ' { "Space".to_owned() } else { c.to_string() };
            timed(&mut program, 1, &key)
        }));
        press(&mut program, &["Esc"]);
    }
    assert!(program.state.dialog.is_none());
    middle(&mut times)
}

/// A template as it is rendered, with where each line was written.
pub(crate) fn rendered_frame() -> Duration {
    let mut program = Program::new(audited(Path::new(CHART)));
    press(&mut program, &["1", "g", "g"]);
    let is_there = |program: &Program| {
        program.state.current_path().is_some_and(|path| path.as_str().ends_with(TEMPLATE))
    };
    for _ in 0..20 {
        if !is_there(&program) {
            press(&mut program, &["j"]);
        }
    }
    assert!(is_there(&program), "no {TEMPLATE}");
    press(&mut program, &["R"]);
    assert!(program.state.shows_rendered());
    median(200, || program.draw())
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
