//! One run of the program, held to its bounds by the system, and measured.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use serde_json::Value;

/// What no run may exceed: seconds of processor time, and MiB of address space, of which a program that starts threads
/// takes some hundreds for nothing. Both are far above what is needed, also of a build without optimizations.
pub(crate) const SECONDS: u64 = 120;
pub(crate) const MEBIBYTES: u64 = 4096;

const PATIENCE: Duration = Duration::from_secs(600);

/// How a run ended.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
    /// The processor time that it took, in hundredths of a second.
    pub(crate) ticks: u64,
    /// The most memory that it held, in MiB.
    pub(crate) mebibytes: u64,
}

/// Runs a command of the program on a folder, with a home of its own, and checks what holds of every run.
pub(crate) fn run(folder: &Path, home: &Path, arguments: &[&str]) -> Ran {
    let limits = format!("ulimit -t {SECONDS}; ulimit -v {}; exec \"$0\" \"$@\"", MEBIBYTES * 1024);
    let (out, err) = (home.join("out"), home.join("err"));
    let mut child = Command::new("sh")
        .args(["-c", &limits, env!("CARGO_BIN_EXE_seaworthy")])
        .args([&arguments[..1], &[folder.to_str().unwrap()], &arguments[1..]].concat())
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap())
        .stdin(Stdio::null())
        .stdout(std::fs::File::create(&out).unwrap())
        .stderr(std::fs::File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let (ticks, mebibytes) = measured(child.id());
    let used = format!("{:4}.{:02} s {mebibytes:5} MiB", ticks / 100, ticks % 100);
    let status = child.wait().unwrap();
    let read = |path: &Path| String::from_utf8(std::fs::read(path).unwrap()).unwrap();
    let (out, err) = (read(&out), read(&err));
    let name = arguments.join(" ");
    let code = status.code().unwrap_or_else(|| panic!("{name} ended with {status} after {used}: {err}"));
    if crate::full() {
        let mib = out.len() >> 20;
        eprintln!(
            "{:32} {name:24} exit {code} {used} {mib:5} MiB written",
            folder.file_name().unwrap().to_string_lossy()
        );
    }
    assert!((0..=2).contains(&code), "{name}: {code} after {used}: {err}");
    for text in [&out, &err] {
        let turns = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let steers = text.chars().find(|c| turns(*c) || c.is_control() && *c != '\n');
        assert_eq!(steers, None, "{name}");
        assert!(!text.contains("should not have happened") && !text.contains("panicked"), "{name}: {err}");
    }
    Ran { code, out, err, ticks, mebibytes }
}

/// Waits for the process to end; the hundredths of a second and the MiB that it took.
fn measured(id: u32) -> (u64, u64) {
    let (peak, over) = (AtomicU64::new(0), AtomicBool::new(false));
    let ended = std::thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            while !over.load(Ordering::Relaxed) {
                // Whoever waits takes no processor time: that has its own bound.
                if began.elapsed() > PATIENCE {
                    let _ = kill_process(Pid::from_raw(i32::try_from(id).unwrap()).unwrap(), Signal::KILL);
                }
                let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
                let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
                let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
                peak.fetch_max(kib.unwrap_or_default(), Ordering::Relaxed);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        let id = Pid::from_raw(i32::try_from(id).unwrap()).unwrap();
        let ended = waitid(WaitId::Pid(id), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT);
        over.store(true, Ordering::Relaxed);
        ended
    });
    ended.unwrap();
    // In hundredths of a second, which is what the system counts in.
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
    (ticks, peak.into_inner() >> 10)
}

/// Whether a line is one that the annotations are made of: a finding, a fold of one severity, or the count at the end.
fn is_meant(line: &str) -> bool {
    let is_finding = ["::error file=", "::warning file=", "::notice file="];
    let is_fold = ["critical", "high", "medium", "low", "info"].map(|name| format!("::group::{name}: "));
    is_finding.iter().any(|start| line.starts_with(start))
        || is_fold.iter().any(|start| line.starts_with(start))
        || line == "::endgroup::"
        || line.ends_with(" allowed or known")
}

/// Every command that looks at a folder, one after the other, in every form. Returns the first report.
pub(crate) fn through_every_command(folder: &Path) -> Value {
    let home = tempfile::tempdir().unwrap();
    let on = |arguments: &[&str]| run(folder, home.path(), arguments);
    let report = report(&on(&["check", "--format", "json", "--fail-on", "never"]));
    on(&["check"]);
    on(&["check", "--format", "sarif"]);
    let annotations = on(&["check", "--format", "github"]).out;
    assert!(annotations.lines().all(is_meant), "{annotations}");
    on(&["config"]);
    on(&["walk"]);
    on(&["fix", "--diff"]);
    on(&["fix", "--review", "--diff"]);
    on(&["baseline"]);
    on(&["check"]);
    let _ = std::fs::remove_file(folder.join("seaworthy-baseline.json"));
    on(&["fix", "--review"]);
    on(&["undo"]);
    report
}

/// A report in which every file has a status, and every one that was not audited whole a reason.
pub(crate) fn report(ran: &Ran) -> Value {
    let report: Value =
        serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("a report: {}{}", ran.out, ran.err));
    for file in report["files"].as_array().unwrap() {
        let said = file["reason"].as_str().is_some_and(|reason| !reason.is_empty());
        assert_eq!(said, file["status"] != "audited", "{file}");
    }
    report
}

/// What the report says of the file: its status with the reason.
pub(crate) fn status(report: &Value, path: &str) -> String {
    let files = report["files"].as_array().unwrap();
    let file =
        files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path} in {files:#?}"));
    format!("{}: {}", file["status"].as_str().unwrap(), file["reason"].as_str().unwrap_or_default())
}
