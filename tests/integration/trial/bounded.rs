//! What a program may do to the machine is bounded: disk, output, processes, and how long it is waited for.

use std::time::{Duration, Instant};

use super::engine_base::EngineBase;
use super::programs::TriedProgram;

/// Far above what the trial of one of these takes on a busy machine: one that hangs takes longer.
const LIMIT: Duration = Duration::from_secs(600);

/// A program that is nothing but its start.
const fn started_by(name: &'static str, start: &'static str) -> TriedProgram {
    let build = "CMD [\"sh\", \"/start\"]\n";
    TriedProgram { name, build, start, manifest: "", exit_code: 0, says: &[], says_not: &[] }
}

/// The trial of a program, which leaves nothing behind; what it printed, and its status.
fn tried(base: &EngineBase, program: &TriedProgram, options: &[&str]) -> (String, Option<i32>) {
    let files = program.files();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    let folder = base.lay_out(program.name, &files);
    let since = Instant::now();
    let output = base.trial(&folder, options).output().unwrap();
    let printed =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(since.elapsed() < LIMIT, "it took {:?}: {printed}", since.elapsed());
    assert_eq!(base.list_things(), [""; 0], "{}", program.name);
    (printed, output.status.code())
}

#[test]
fn a_program_that_fills_the_disk_is_ended() {
    let Some(base) = EngineBase::start() else { return };
    let program = started_by("fills", "dd if=/dev/zero of=/sea bs=1M count=160\nexec sleep 1000\n");
    let (printed, status) = tried(&base, &program, &["--time", "20", "--disk", "48"]);
    assert!(printed.contains("48 MiB of disk"), "it is named before: {printed}");
    assert!(printed.contains("it wrote more than 48 MiB to the disk"), "{printed}");
    assert!(printed.contains("is not decided") && !printed.contains("need: "), "{printed}");
    assert_eq!(status, Some(1));
}

#[test]
fn a_program_that_never_stops_printing_is_watched_like_any_other() {
    let Some(base) = EngineBase::start() else { return };
    let program = started_by("loud", "echo first >&2\nexec yes 'the tide comes in, and in, and in'\n");
    let (printed, status) = tried(&base, &program, &["--time", "2"]);
    assert!(printed.contains("started and ran 2 s hardened"), "{printed}");
    assert_eq!(status, Some(0));
    assert!(printed.len() < 20_000, "{} bytes of it are passed on", printed.len());
}

#[test]
fn a_program_that_hears_no_signal_is_ended() {
    let Some(base) = EngineBase::start() else { return };
    let program = started_by("deaf", "trap '' TERM INT HUP QUIT\nwhile :; do sleep 1; done\n");
    let (printed, status) = tried(&base, &program, &["--time", "2"]);
    assert!(printed.contains("started and ran 2 s hardened"), "{printed}");
    assert_eq!(status, Some(0));
}

#[test]
fn a_program_that_starts_ever_more_of_itself_stays_among_its_own() {
    let Some(base) = EngineBase::start() else { return };
    let start = "set +e\nsplit() { split | split & }\nsplit\nwhile :; do sleep 1; done\n";
    let (printed, status) = tried(&base, &started_by("splits", start), &["--time", "2"]);
    assert!(printed.contains("limits   256 processes"), "{printed}");
    // It lives, or the shell that it began with finds no room for another process: that is the trial's own doing, and no
    // part of the hardening is tried for it.
    let is_undecided = printed.contains("is not decided: it met the trial's own limit of 256 processes");
    assert!(status == Some(0) || status == Some(1) && is_undecided, "{status:?}: {printed}");
    assert!(!printed.contains("Hardened, try 2") && !printed.contains("need: "), "{printed}");
}
