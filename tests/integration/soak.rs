//! A long time of random edits, saves, renames, checkouts, fixes and undos, after which nothing is lost and all is known.
//!
//! `SOAK_SECONDS` says how long (20), `SOAK_SEED` which way (1), `SOAK_DIR` on a copy of which folder (the fixtures).

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use seaworthy::audit::AuditEngine;
use seaworthy::finding::Safety;
use seaworthy::fix::{FixOrder, History, Planner, UndoDirection};
use seaworthy::repo::{FileChanges, FilePatch, watch_repository};
use seaworthy::store::Store;
use tempfile::TempDir;

use crate::fresh::{difference, fresh, picture};
use crate::support::{audit, fixtures, lay_out};

struct Soak {
    root: PathBuf,
    engine: AuditEngine,
    store: Store,
    changes: Receiver<FileChanges>,
    history: History,
    random: Random,
    /// What every file is meant to say.
    meant: BTreeMap<PathBuf, Vec<u8>>,
    committed: BTreeMap<PathBuf, Vec<u8>>,
}

/// A small generator (xorshift64), so that a seed always leads the same way.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

#[test]
#[ignore = "takes as long as it is told to"]
#[allow(clippy::print_stdout, reason = "what it did")]
fn nothing_is_lost_in_a_long_session() {
    let told = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let home = lay_out(&std::env::var_os("SOAK_DIR").map_or_else(fixtures, PathBuf::from));
    let state = tempfile::tempdir().unwrap();
    let (send, changes) = channel();
    let root = home.path().canonicalize().unwrap();
    let _watch = watch_repository(&root, move |changed| send.send(changed).unwrap_or_default());
    let mut soak = Soak::new(root, &state, changes, told("SOAK_SEED", 1));
    let handles = || fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
    let (before, end) = (handles(), Instant::now() + Duration::from_secs(told("SOAK_SECONDS", 20)));
    let (mut steps, mut memory) = (0_u64, Vec::new());
    while Instant::now() < end {
        soak.step();
        soak.listen(Duration::ZERO);
        steps += 1;
        if steps % 200 == 0 {
            soak.hold();
            memory.push(resident());
        }
    }
    soak.hold();
    println!("{steps} steps, memory in KiB: {memory:?}");
    assert_eq!(handles(), before, "handles are where they were");
}

impl Soak {
    fn new(root: PathBuf, state: &TempDir, changes: Receiver<FileChanges>, seed: u64) -> Self {
        let engine = audit(&root);
        let mut store = Store::default();
        store.apply_update(engine.full_update());
        let history = History::open_in(&root, state.path());
        let mut soak = Self {
            meant: texts(&root),
            committed: BTreeMap::new(),
            random: Random(seed.max(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            root,
            engine,
            store,
            changes,
            history,
        };
        soak.git(&["init", "-q"]);
        soak.git(&["add", "-Af"]);
        soak.git(&["commit", "-qm", "as it was"]);
        soak.committed = soak.meant.clone();
        soak
    }

    fn step(&mut self) {
        match self.random.below(20) {
            0..8 => self.edit(),
            8..10 => self.save_by_renaming(),
            10 => self.remove(),
            11 => self.cut_short(),
            12 => self.move_a_folder(),
            13..16 => self.fix(),
            16..18 => self.undo(),
            18 => self.redo(),
            _ => self.check_out(),
        }
    }

    fn any_file(&mut self) -> Option<PathBuf> {
        let nth = self.random.below(self.meant.len());
        self.meant.keys().nth(nth).cloned()
    }

    /// What a file of the same kind says, with a line more, or with one less.
    fn text_for(&mut self, path: &Path) -> Vec<u8> {
        let like = self.meant.iter().filter(|(other, _)| other.extension() == path.extension());
        let like: Vec<&Vec<u8>> = like.map(|(_, text)| text).collect();
        let text = like[self.random.below(like.len())].clone();
        match (std::str::from_utf8(&text), self.random.below(3)) {
            (Ok(text), 0) => format!("{text}# {}\n", self.random.below(1000)).into_bytes(),
            (Ok(text), 1) => {
                let skipped = self.random.below(text.lines().count());
                let lines = text.split_inclusive('\n').enumerate().filter(|(nth, _)| *nth != skipped);
                lines.map(|(_, line)| line).collect::<String>().into_bytes()
            }
            _ => text,
        }
    }

    fn write(&mut self, path: PathBuf, text: Vec<u8>) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &text).unwrap();
        self.meant.insert(path, text);
    }

    fn edit(&mut self) {
        if let Some(path) = self.any_file() {
            let text = self.text_for(&path);
            self.write(path, text);
        }
    }

    fn save_by_renaming(&mut self) {
        let Some(path) = self.any_file() else { return };
        let text = self.text_for(&path);
        let beside = path.with_file_name(".being-saved~");
        fs::write(&beside, &text).unwrap();
        fs::rename(beside, &path).unwrap();
        self.meant.insert(path, text);
    }

    fn remove(&mut self) {
        let Some(path) = self.any_file() else { return };
        fs::remove_file(&path).unwrap();
        self.meant.remove(&path);
    }

    fn cut_short(&mut self) {
        let Some(path) = self.any_file() else { return };
        let text = self.meant[&path].clone();
        let end = self.random.below(text.len());
        fs::write(&path, &text[..end]).unwrap();
        self.listen(Duration::from_millis(150));
        self.write(path, text);
    }

    fn move_a_folder(&mut self) {
        let Some(from) = self.any_file().and_then(|path| path.parent().map(Path::to_path_buf)) else {
            return;
        };
        let to = self.root.join(format!("moved-{}", self.random.below(5)));
        if from == self.root || to.starts_with(&from) || to.exists() {
            return;
        }
        fs::rename(&from, &to).unwrap();
        let (inside, outside) =
            std::mem::take(&mut self.meant).into_iter().partition(|(path, _)| path.starts_with(&from));
        let inside: BTreeMap<PathBuf, Vec<u8>> = inside;
        self.meant = outside;
        self.meant.extend(
            inside.into_iter().map(|(path, text)| (to.join(path.strip_prefix(&from).unwrap()), text)),
        );
    }

    /// All fixes of one rule, which are refused where a file has moved on.
    fn fix(&mut self) {
        let rules = seaworthy::rules::ALL_RULES;
        let rule = rules[self.random.below(rules.len())].id;
        let outcome = Planner::new(&self.engine)
            .plan(&FixOrder::Rules { accepts: &|id| id == rule, max_safety: Safety::Review })
            .unwrap();
        if !outcome.patches.is_empty() && Planner::write(&mut self.history, &outcome.patches).is_ok() {
            self.mean(outcome.patches);
        }
    }

    fn undo(&mut self) {
        if let Ok(Some(patches)) = Planner::undo(&mut self.history, UndoDirection::Back) {
            self.mean(patches);
        }
    }

    fn redo(&mut self) {
        if let Ok(Some(patches)) = Planner::undo(&mut self.history, UndoDirection::Forward) {
            self.mean(patches);
        }
    }

    fn mean(&mut self, patches: Vec<FilePatch>) {
        for patch in patches {
            let path = patch.path.to_absolute(&self.root);
            assert_eq!(self.meant[&path], patch.before.text().as_bytes(), "{}", patch.path);
            self.meant.insert(path, patch.after.text().as_bytes().to_vec());
        }
    }

    fn check_out(&mut self) {
        self.git(&["checkout", "-qf", "."]);
        self.meant.extend(self.committed.clone());
    }

    fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"])
            .args(["-c", "commit.gpgsign=false", "-c", "core.autocrlf=false"])
            .args(arguments)
            .current_dir(&self.root)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Takes in what is told, for so long.
    fn listen(&mut self, time: Duration) {
        while let Ok(changed) = self.changes.recv_timeout(time) {
            let update = self.engine.apply_watch_change(&changed);
            self.store.apply_update(update);
        }
    }

    /// Waits until a fresh scan would say the same, and holds the disk to what was meant.
    fn hold(&mut self) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            self.listen(Duration::from_millis(200));
            // What does not parse keeps what was found before, which no fresh scan can know: `r` lets go of it.
            if self.store.files().any(|file| file.is_stale) {
                self.engine.scan(std::slice::from_ref(&self.root), &|_, _| {});
                self.store = Store::default();
                self.store.apply_update(self.engine.full_update());
            }
            let (kept, fresh) = (picture(&self.store), fresh(&self.root));
            if kept == fresh {
                break;
            }
            assert!(Instant::now() < end, "{}", difference(&kept, &fresh));
        }
        assert!(
            texts(&self.root) == self.meant,
            "the files say what they were meant to, and no others are there"
        );
    }
}

/// Every file below a folder but git's own.
fn texts(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut texts = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() && entry.file_name() != ".git" => folders.push(entry.path()),
                kind if kind.is_file() => drop(texts.insert(entry.path(), fs::read(entry.path()).unwrap())),
                _ => {}
            }
        }
    }
    texts
}

/// The process's resident memory, in KiB.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or_default()
}
