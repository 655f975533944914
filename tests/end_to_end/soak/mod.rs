//! A long session in the real program: whatever a seeded hand edits, saves, moves, checks out, fixes and takes back, in
//! the end the screen says what a fresh audit says, no file says what nobody meant, and nothing has grown.
//!
//! `SOAK_SECONDS` says how long, and has another program write to the same files all the while (see `racer.rs`);
//! `SOAK_SEED` says which way (1), `SOAK_DIR` on a copy of which folder (the demo app).

mod disk;
mod hand;
mod keys;
mod racer;
mod screen;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::pty::Pty;
use crate::world::copy;
use disk::Disk;
use hand::Random;
use screen::Said;

const SIZE: (u16, u16) = (220, 240);

/// After so many acts all is compared.
const HELD_EVERY: usize = 25;

/// After so long it has failed: a machine that is busy may need a while to plan what fixes all of a large repository.
const PATIENCE: Duration = Duration::from_secs(120);

/// How many folds may follow those of the rules: what is allowed, and what the baseline knows.
const QUIET_FOLDS: usize = 2;

pub(super) struct Soak {
    pty: Pty,
    disk: Disk,
    random: Random,
    acts: usize,
    began: Instant,
    /// Goes last: the racer writes into it until it ends.
    folder: TempDir,
}

/// What the program holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    kib: u64,
    handles: usize,
}

#[test]
fn a_session_of_random_work_loses_nothing() {
    let told = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let time = told("SOAK_SECONDS").map(Duration::from_secs);
    let seed = told("SOAK_SEED").unwrap_or(1);
    let mut soak = Soak::start(seed);
    soak.hold();
    if time.is_some() {
        soak.disk.start_racer(seed);
        soak.disk.let_racer_in();
    }
    // What is needed only once is needed in the first quarter: the undo, the plans of large fixes.
    let first = soak.work(time.map(|time| time / 4), 1);
    let last = soak.work(time.map(|time| time * 3 / 4), 3);
    // What the program gives back, the allocator keeps some of, in pieces.
    assert!(last.kib < first.kib * 3 / 2, "memory is about where it was: {first:?}, {last:?}");
    assert_eq!(first.handles, last.handles, "handles are where they were");
    soak.pty.send("q");
    assert!(soak.pty.ends().success());
}

impl Soak {
    fn start(seed: u64) -> Self {
        let folder = TempDir::new().unwrap();
        let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/tides");
        let from = std::env::var_os("SOAK_DIR").map_or(demo, PathBuf::from);
        let (root, home) = (folder.path().join("repo"), folder.path().join("home"));
        std::fs::create_dir(&home).unwrap();
        copy(&from, &root);
        // What the last line says is always the answer to a key.
        std::fs::create_dir(home.join("seaworthy")).unwrap();
        std::fs::write(home.join("seaworthy/config.toml"), "news = false\n").unwrap();
        let disk = Disk::new(root, home.clone());
        let (home, at) = (home.to_str().unwrap(), disk.root().to_str().unwrap().to_owned());
        let variables = [
            ("HOME", home),
            ("XDG_STATE_HOME", home),
            ("XDG_CONFIG_HOME", home),
            ("TMPDIR", home),
            // glibc then gives back more of what it is given: else what is measured is the largest plan of the session.
            ("MALLOC_ARENA_MAX", "1"),
            ("MALLOC_MMAP_THRESHOLD_", "131072"),
            ("MALLOC_TRIM_THRESHOLD_", "131072"),
        ];
        let mut pty = Pty::start(env!("CARGO_BIN_EXE_seaworthy"), &[&at], &variables, SIZE);
        pty.patience(PATIENCE).shows("watching").hides("scanning");
        Self { folder, pty, disk, random: Random::new(seed), acts: 0, began: Instant::now() }
    }

    /// Works for so long, else in so many rounds; then all is put back, and what the program still holds is given.
    #[allow(clippy::print_stdout, reason = "what it did")]
    fn work(&mut self, time: Option<Duration>, rounds: usize) -> Held {
        let begun = Instant::now();
        for round in 1.. {
            for _ in 0..HELD_EVERY {
                self.act();
                self.acts += 1;
            }
            self.hold();
            let held = self.held();
            println!("{} acts in {:?}: {held:?}", self.acts, self.began.elapsed());
            if time.map_or(round >= rounds, |time| begun.elapsed() >= time) {
                break;
            }
        }
        self.disk.keep_racer_out();
        self.disk.put_back();
        self.hold();
        let held = self.held();
        println!("{held:?} when all is as it was; raced {} times", self.disk.raced());
        self.disk.let_racer_in();
        held
    }

    /// Waits until the screen says what a fresh audit says, and holds the disk to what was meant.
    fn hold(&mut self) {
        self.disk.keep_racer_out();
        self.rest();
        let order = |screen: &str| screen::order(screen).map(str::to_owned);
        while let Some(before) = order(&self.pty.screen()).filter(|order| order != "rule") {
            self.pty.send("o");
            self.pty
                .until("another order", |screen| order(&screen.contents()).is_some_and(|now| now != before));
        }
        let fresh = screen::fresh(self.disk.root());
        self.says(&fresh, screen::Said::is_as_much_as);
        // What selections have opened is folded, from the last row to the first: a finding's rule, then the next one.
        self.pty.send("2G").send(&"hhk".repeat(fresh.by_rule.len() + QUIET_FOLDS)).send("gg");
        self.says(&fresh, PartialEq::eq);
        self.disk.hold();
        self.disk.let_racer_in();
    }

    fn says(&mut self, fresh: &Said, alike: impl Fn(&Said, &Said) -> bool) {
        let files = screen::fresh_files(self.disk.root());
        self.pty.until_or(
            |screen| screen::shown(&screen.contents()).is_some_and(|shown| alike(&shown, fresh)),
            |screen| {
                let files = files.as_str();
                format!("{}\nis not what a fresh audit says:\n{fresh:#?}\nof{files}", screen.contents())
            },
        );
    }

    fn quiet(&mut self) {
        self.pty.quiet().hides("scanning");
    }

    fn held(&mut self) -> Held {
        // Whatever was begun is over by then.
        self.quiet();
        let process = format!("/proc/{}", self.pty.child.process_id().unwrap());
        let status = std::fs::read_to_string(format!("{process}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        Held {
            kib: line.trim().strip_suffix(" kB").unwrap().parse().unwrap(),
            handles: std::fs::read_dir(format!("{process}/fd")).unwrap().count(),
        }
    }

    fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }
}
