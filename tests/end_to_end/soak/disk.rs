//! The files, and what each is meant to say: what was last written to it, and what the program's journal made of that.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::PATIENCE;
use super::racer::Racer;

type Texts = BTreeMap<PathBuf, Vec<u8>>;

/// A text, and what was written in its place.
type Step = (Vec<u8>, Vec<u8>);

pub(super) struct Disk {
    root: PathBuf,
    home: PathBuf,
    pub(super) meant: Texts,
    /// What each branch holds.
    branches: Vec<(&'static str, Texts)>,
    racer: Option<Racer>,
}

impl Disk {
    /// With two branches that differ in every fifth file.
    pub(super) fn new(root: PathBuf, home: PathBuf) -> Self {
        let meant = texts(&root);
        let mut disk = Self { root, home, meant, branches: Vec::new(), racer: None };
        disk.git(&["init", "-q", "-b", "one"]);
        disk.git(&["add", "-Af"]);
        disk.git(&["commit", "-qm", "as it was"]);
        disk.branches.push(("one", disk.meant.clone()));
        disk.git(&["checkout", "-qb", "two"]);
        let some: Vec<PathBuf> = disk.meant.keys().step_by(5).cloned().collect();
        for path in some {
            let text = [&disk.meant[&path][..], b"\n# as it is on the other branch\n"].concat();
            disk.write(&path, text);
        }
        disk.git(&["commit", "-qam", "another"]);
        disk.branches.push(("two", disk.meant.clone()));
        disk
    }

    /// Has a racer write to the files besides; it begins once it is let in.
    pub(super) fn start_racer(&mut self, seed: u64) {
        self.racer = Some(Racer::start(self.meant.keys().cloned().collect(), seed));
    }

    /// Keeps the racer out until it is let in: what it wrote last is meant.
    pub(super) fn keep_racer_out(&mut self) {
        if let Some(racer) = &self.racer {
            self.meant.extend(racer.keep_out());
        }
    }

    pub(super) fn let_racer_in(&self) {
        self.racer.iter().for_each(Racer::let_in);
    }

    /// How often the racer wrote.
    pub(super) fn raced(&self) -> usize {
        self.racer.as_ref().map_or(0, Racer::acts)
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn write(&mut self, path: &Path, text: Vec<u8>) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &text).unwrap();
        self.meant.insert(path.to_path_buf(), text);
    }

    /// All that a branch holds, over whatever lies there.
    pub(super) fn check_out(&mut self, nth: usize) {
        let (name, texts) = self.branches[nth % 2].clone();
        self.git(&["checkout", "-qf", name]);
        self.meant.extend(texts);
    }

    /// As it was at first.
    pub(super) fn put_back(&mut self) {
        for entry in fs::read_dir(&self.root).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                _ if entry.file_name() == ".git" => {}
                kind if kind.is_dir() => fs::remove_dir_all(entry.path()).unwrap(),
                _ => fs::remove_file(entry.path()).unwrap(),
            }
        }
        self.meant.clear();
        self.check_out(0);
    }

    pub(super) fn git(&self, arguments: &[&str]) {
        let output = Command::new("git")
            .args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"])
            .args([
                "-c",
                "commit.gpgsign=false",
                "-c",
                "core.autocrlf=false",
                "-c",
                "core.hooksPath=/dev/null",
            ])
            .args(arguments)
            .current_dir(&self.root)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Holds every file to what was meant; what the program wrote or took back is meant from then on.
    pub(super) fn hold(&mut self) {
        self.keep_racer_out();
        self.await_end_of_writes();
        let now = texts(&self.root);
        let only = |a: &Texts, b: &Texts| a.keys().filter(|path| !b.contains_key(*path)).cloned().collect();
        let (more, less): (Vec<PathBuf>, Vec<PathBuf>) = (only(&now, &self.meant), only(&self.meant, &now));
        assert!(more.is_empty() && less.is_empty(), "there, and meant by nobody: {more:?}; gone: {less:?}");
        // Large, and seldom asked for.
        let steps = LazyCell::new(|| self.steps());
        for (path, text) in now.iter().filter(|(path, text)| self.meant[*path] != **text) {
            let mut may = BTreeSet::from([self.meant[path].clone()]);
            while let Some((_, to)) = steps
                .get(path)
                .into_iter()
                .flatten()
                .find(|(from, to)| may.contains(from) && !may.contains(to))
            {
                may.insert(to.clone());
            }
            assert!(may.contains(text), "{} says what nobody meant", path.display());
        }
        self.meant = now;
        self.let_racer_in();
    }

    /// Nothing that the program began is left half done: what it is at comes to an end, also on a busy machine.
    fn await_end_of_writes(&self) {
        let began = Instant::now();
        while let Some(open) = self.open_write() {
            assert!(began.elapsed() < PATIENCE, "{} is left open", open.display());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn open_write(&self) -> Option<PathBuf> {
        let is_open = |at: &PathBuf| ends(at, &["writing", "undoing", "redoing"]);
        files(&self.home.join("seaworthy")).into_iter().find(is_open)
    }

    /// What the journal says was written to each file, both ways: it may have been taken back.
    fn steps(&self) -> BTreeMap<PathBuf, Vec<Step>> {
        let mut steps: BTreeMap<PathBuf, Vec<_>> = BTreeMap::new();
        for at in files(&self.home.join("seaworthy")) {
            if !ends(&at, &["done", "undone"]) {
                continue;
            }
            let step: serde_json::Value = serde_json::from_slice(&fs::read(&at).unwrap()).unwrap();
            for file in step["files"].as_array().unwrap() {
                let text = |name: &str| file[name].as_str().unwrap().as_bytes().to_vec();
                let edges = steps.entry(self.root.join(file["path"].as_str().unwrap())).or_default();
                edges.push((text("before"), text("after")));
                edges.push((text("after"), text("before")));
            }
        }
        steps
    }
}

fn ends(at: &Path, states: &[&str]) -> bool {
    at.extension().is_some_and(|extension| states.iter().any(|state| extension == *state))
}

/// What every file below a folder says.
fn texts(root: &Path) -> Texts {
    files(root)
        .into_iter()
        .map(|path| (fs::read(&path).unwrap(), path))
        .map(|(text, path)| (path, text))
        .collect()
}

/// Every file below a folder but git's own.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() && entry.file_name() != ".git" => folders.push(entry.path()),
                kind if kind.is_file() => files.push(entry.path()),
                _ => {}
            }
        }
    }
    files
}
