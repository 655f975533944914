//! A writer beside the hand: while the program is asked for fixes and takes them back, it rewrites, cuts short, moves away
//! and restores the same files. What it wrote last is meant, unless the program knew that text and replaced it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::hand::{Random, parses};

/// The line by which a text of the racer differs from the one that it found.
const MARK: &str = "# raced ";

/// So many acts follow each other at once; a program that could not plan between them would only be kept from its work.
const BURST: usize = 12;

/// Between two bursts, in milliseconds.
const REST: usize = 3_000;

/// Between two acts, and while a text is cut short or away, in milliseconds.
const MOMENT: usize = 30;

#[derive(Default)]
struct Turn {
    /// How many of the hand's acts keep the racer out; they may stand in one another.
    keeping_out: usize,
    /// What was written since the hand last asked.
    written: BTreeMap<PathBuf, Vec<u8>>,
    acts: usize,
    ends: bool,
}

/// The racer, as the hand sees it.
pub(super) struct Racer {
    shared: Arc<(Mutex<Turn>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Racer {
    /// One that writes to these files.
    pub(super) fn start(paths: Vec<PathBuf>, seed: u64) -> Self {
        let shared = Arc::new((Mutex::new(Turn { keeping_out: 1, ..Turn::default() }), Condvar::new()));
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || race(&own, &paths, &mut Random::new(seed)));
        Self { shared, thread: Some(thread) }
    }

    fn turn(&self) -> MutexGuard<'_, Turn> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the racer out, and gives what it has written.
    pub(super) fn keep_out(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut turn = self.turn();
        turn.keeping_out += 1;
        std::mem::take(&mut turn.written)
    }

    pub(super) fn let_in(&self) {
        self.turn().keeping_out -= 1;
        self.shared.1.notify_all();
    }

    /// How much it has done.
    pub(super) fn acts(&self) -> usize {
        self.turn().acts
    }
}

impl Drop for Racer {
    fn drop(&mut self) {
        self.turn().ends = true;
        self.shared.1.notify_all();
        if let Some(thread) = self.thread.take().filter(|_| !std::thread::panicking()) {
            thread.join().unwrap();
        }
    }
}

fn race((turn, free): &(Mutex<Turn>, Condvar), paths: &[PathBuf], random: &mut Random) {
    loop {
        for _ in 0..=random.below(BURST) {
            let turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
            let is_out = |turn: &mut Turn| turn.keeping_out > 0 && !turn.ends;
            let mut turn = free.wait_while(turn, is_out).unwrap_or_else(PoisonError::into_inner);
            if turn.ends {
                return;
            }
            if let Some(path) = paths.get(random.below(paths.len()))
                && let Some(text) = write(path, random)
            {
                turn.written.insert(path.clone(), text);
                turn.acts += 1;
            }
            drop(turn);
            pass(random.below(MOMENT));
        }
        pass(random.below(REST));
    }
}

/// Writes a file in one of the ways of programs, and gives what it then says; nothing where that cannot be told, as where
/// the file is not there.
fn write(path: &Path, random: &mut Random) -> Option<Vec<u8>> {
    let before = fs::read(path).ok().filter(|text| parses(path, text))?;
    let text = other_text(path, &before, random)?;
    match random.below(4) {
        0 => fs::write(path, &text).unwrap(),
        1 => {
            fs::write(path, &text[..random.below(text.len())]).unwrap();
            pass(random.below(MOMENT));
            fs::write(path, &text).unwrap();
        }
        2 => {
            let beside = path.with_file_name("racing~");
            fs::write(&beside, &text).unwrap();
            fs::rename(beside, path).unwrap();
        }
        _ => {
            let away = path.with_file_name("away~");
            fs::rename(path, &away).unwrap();
            pass(random.below(MOMENT));
            fs::write(&away, &text).unwrap();
            fs::rename(away, path).unwrap();
        }
    }
    Some(text)
}

/// The text with a line more, or where it has one of the racer's already, as it was without.
fn other_text(path: &Path, text: &[u8], random: &mut Random) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(text).ok()?;
    let other = match text.rfind(MARK).filter(|at| text[..*at].ends_with('\n')) {
        Some(at) if text[at..].trim_end().lines().count() == 1 => text[..at].to_owned(),
        _ => format!("{}\n{MARK}{}\n", text.trim_end(), random.below(1000)),
    };
    Some(other.into_bytes()).filter(|other| parses(path, other))
}

/// Lets others run: nothing is waited for.
fn pass(milliseconds: usize) {
    std::thread::sleep(Duration::from_millis(milliseconds as u64));
}
