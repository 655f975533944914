//! A long session in the real program: whatever a seeded hand edits, saves, moves, checks out, mends and takes back, in
//! the end the screen says what a fresh audit says, no file says what nobody meant, and nothing has grown.
//!
//! `SOAK_SECONDS` says how long, `SOAK_SEED` which way (1), `SOAK_DIR` on a copy of which folder (the demo app).

mod disk;
mod hand;
mod screen;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::pty::Pty;
use crate::world::copy;
use disk::Disk;
use hand::Random;

const SIZE: (u16, u16) = (220, 240);

/// After so many acts all is compared.
const HELD_EVERY: usize = 25;

pub(super) struct Soak {
    folder: TempDir,
    pty: Pty,
    disk: Disk,
    random: Random,
}

/// What the program holds.
#[derive(Clone, Copy, Debug)]
struct Held {
    kib: u64,
    handles: usize,
}

#[test]
#[ignore = "long, and by a seeded hand that may wait for what the screen no longer says: run by name"]
#[allow(clippy::print_stdout, reason = "what it did")]
fn a_session_of_random_work_loses_nothing() {
    let told = |name: &str, default: u64| {
        std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
    };
    let time = std::env::var_os("SOAK_SECONDS").map(|_| Duration::from_secs(told("SOAK_SECONDS", 0)));
    let mut soak = Soak::start(told("SOAK_SEED", 1));
    soak.hold();
    let (first, began) = (soak.held(), Instant::now());
    let mut acts = 0;
    while time.map_or(acts < HELD_EVERY, |time| began.elapsed() < time) {
        soak.act();
        acts += 1;
        if acts % HELD_EVERY == 0 {
            soak.hold();
            println!("{acts} acts in {:?}: {:?}", began.elapsed(), soak.held());
        }
    }
    soak.hold();
    let last = soak.held();
    println!("{acts} acts in {:?}: {first:?} at first, {last:?} at last", began.elapsed());
    assert_eq!(first.handles, last.handles, "handles are where they were");
    // The first figure knows neither undo nor the plans of large fixes.
    assert!(last.kib < first.kib * 2 + 64 * 1024, "{first:?}, {last:?}");
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
        let disk = Disk::new(root, home.clone());
        let (home, at) = (home.to_str().unwrap(), disk.root().to_str().unwrap().to_owned());
        let variables =
            [("HOME", home), ("XDG_STATE_HOME", home), ("XDG_CONFIG_HOME", home), ("TMPDIR", home)];
        let mut pty = Pty::start(env!("CARGO_BIN_EXE_seaworthy"), &[&at], &variables, SIZE);
        pty.patience(Duration::from_secs(30)).shows("watching").hides("scanning");
        Self { folder, pty, disk, random: Random::new(seed) }
    }

    /// Waits until the screen says what a fresh audit says, and holds the disk to what was meant.
    fn hold(&mut self) {
        self.quiet();
        self.escape();
        while !self.pty.screen().contains("by rule") {
            self.pty.send("o").quiet();
        }
        // What the selection has opened is folded.
        self.pty.send("2gh");
        let fresh = screen::fresh(self.disk.root());
        self.pty.until_or(
            |screen| screen::shown(&screen.contents()).as_ref() == Some(&fresh),
            |screen| format!("{}\nis not what a fresh audit says:\n{fresh:#?}", screen.contents()),
        );
        self.disk.hold();
    }

    fn quiet(&mut self) {
        self.pty.quiet().hides("scanning");
    }

    fn held(&self) -> Held {
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
