//! `check` over a whole tree: against the reading of it, per Dockerfile, and in memory.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::clock::{median, middle};
use crate::tree::{DOCKERFILES, tree};

const RUNS: usize = 7;

pub(crate) fn text() -> f64 {
    against_reading("text", RUNS)
}

pub(crate) fn json() -> f64 {
    against_reading("json", 3)
}

pub(crate) fn sarif() -> f64 {
    against_reading("sarif", 1)
}

/// How many times as long it takes as one thread needs to read the same bytes; both are taken by turns.
fn against_reading(format: &str, runs: usize) -> f64 {
    let tree = tree();
    tree.read();
    let mut checks = Vec::new();
    let mut reads = Vec::new();
    for _ in 0..runs {
        reads.push(tree.read());
        checks.push(run(tree.root(), format));
    }
    middle(&mut checks).as_secs_f64() / middle(&mut reads).as_secs_f64()
}

pub(crate) fn dockerfile() -> Duration {
    let folder = tree().dockerfiles();
    median(RUNS, || run(folder.path(), "text")) / u32::try_from(DOCKERFILES).unwrap()
}

fn run(root: &Path, format: &str) -> Duration {
    let begin = Instant::now();
    let status = start(root, format).wait().unwrap();
    assert!(status.success(), "{status}");
    begin.elapsed()
}

fn start(root: &Path, format: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .args(["check", "--fail-on", "never", "--format", format])
        .arg(root)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// The most memory that it has at any time, in megabytes.
pub(crate) fn memory() -> f64 {
    watched("status", |status| {
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(peak.split_whitespace().next()?.parse::<f64>().ok()? / 1000.0)
    })
}

/// The processors' time for it, told as [`text`] is; unlike that, hardly another on a busy machine.
pub(crate) fn work() -> f64 {
    let mut reads: Vec<Duration> = (0..RUNS).map(|_| tree().read()).collect();
    let seconds = watched("stat", |stat| {
        // After the name in brackets; ticks are hundredths of a second on every Linux.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let (user, system) = (fields.next()?.parse::<f64>().ok()?, fields.next()?.parse::<f64>().ok()?);
        Some((user + system) / 100.0)
    });
    reads.sort_unstable();
    seconds / reads[0].as_secs_f64()
}

/// The highest figure that the system gives of a run while it lasts.
fn watched(file: &str, figure: impl Fn(&str) -> Option<f64>) -> f64 {
    let mut child = start(tree().root(), "text");
    let file = format!("/proc/{}/{file}", child.id());
    let mut most = 0.0_f64;
    while child.try_wait().unwrap().is_none() {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        most = most.max(figure(&text).unwrap_or_default());
        std::thread::sleep(Duration::from_millis(1));
    }
    most
}

/// The program itself, in megabytes.
pub(crate) fn size() -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "no program is that large")]
    let bytes = std::fs::metadata(env!("CARGO_BIN_EXE_seaworthy")).unwrap().len() as f64;
    bytes / 1e6
}
