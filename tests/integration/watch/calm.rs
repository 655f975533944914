//! Nothing happens when nothing happens, and much at once is one change.

use std::process::Command;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use seaworthy::repo::{FileChanges, watch_repository};

use super::{DEPLOY, OTHER, Session};
use crate::support::repository;

/// How long the idle watch is looked at.
const IDLE: Duration = Duration::from_secs(3);

/// How long it is quiet before a change is told.
const QUIET: Duration = Duration::from_millis(100);

/// How long after its first event a change is told, when it goes on.
const AT_MOST: Duration = Duration::from_millis(500);

/// How long nothing may happen before they are taken to be at rest: longer than any wait of theirs.
const SETTLED: Duration = Duration::from_millis(600);

/// How often something is tried anew that a busy machine may have spoiled.
const TRIES: usize = 20;

#[test]
fn a_burst_is_one_change() {
    let mut session = Session::new();
    for n in 0..2000 {
        session.write(&format!("many/{n}.yaml"), DEPLOY);
    }
    session.settle();
    // A busy machine may keep this thread from writing so many at once: then it is tried again.
    let told = (0..TRIES).any(|round| is_told_as_everything(&session, round));
    assert!(told, "so many are not told one by one");
}

/// Writes many files; whether they are told as one change rather than one by one, up to the last.
fn is_told_as_everything(session: &Session, round: usize) -> bool {
    let text = if round.is_multiple_of(2) { OTHER } else { DEPLOY };
    for n in 0..2000 {
        session.write(&format!("many/{n}.yaml"), text);
    }
    let last = format!("many/last-{round}.yaml");
    session.write(&last, text);
    loop {
        match session.changes.recv_timeout(super::LIMIT).expect("the last is told") {
            FileChanges::Everything => return true,
            FileChanges::Paths(paths) if paths.contains(&last.as_str().into()) => return false,
            FileChanges::Paths(_) => {}
        }
    }
}

#[test]
fn a_change_is_told_a_tenth_of_a_second_after_it_and_half_a_second_when_it_goes_on() {
    let session = Session::new();
    let began = Instant::now();
    session.write("api/deploy.yaml", OTHER);
    session.changes.recv_timeout(super::LIMIT).unwrap();
    assert!(began.elapsed() >= QUIET);
    // A busy machine may keep this thread from writing for so long that it is quiet, or the watching one from hearing of
    // it for as long: then it is tried again. The first is seen here, and does not count as a try.
    let tries = std::iter::repeat_with(|| told_while_written(&session));
    let mut tries = tries.filter(|(_, pause)| *pause < QUIET).map(|(told, _)| told).take(TRIES);
    assert!(tries.any(|told| told >= AT_MOST), "told while it went on, before {AT_MOST:?} had passed");
}

/// How long after its first of many changes a file is told to have changed, and the longest pause between two of them.
fn told_while_written(session: &Session) -> (Duration, Duration) {
    let (began, mut pause) = (Instant::now(), Duration::ZERO);
    loop {
        let written = Instant::now();
        session.write("api/deploy.yaml", OTHER);
        let told = session.changes.recv_timeout(Duration::from_millis(10));
        pause = pause.max(written.elapsed());
        match told {
            Ok(_) => return (began.elapsed(), pause),
            Err(_) => assert!(began.elapsed() < super::LIMIT),
        }
    }
}

#[test]
fn no_more_is_told_once_it_is_dropped() {
    let session = Session::new();
    drop(session.watch);
    std::fs::write(session.engine.root().join("api/deploy.yaml"), OTHER).unwrap();
    assert_eq!(session.changes.recv_timeout(super::LIMIT), Err(RecvTimeoutError::Disconnected));
}

#[cfg(target_os = "linux")]
#[test]
fn an_idle_watch_never_wakes_up() {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "watch::calm::sleeper", "--ignored", "--nocapture"])
        .env("SLEEPER", "yes")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("watch and notify-rs woke up 0 times"), "{told}");
}

/// The process that is idle, counted by the kernel. Run by the test above, and by nobody else.
#[test]
#[ignore = "sleeps when another test asks it to"]
#[allow(clippy::print_stdout, reason = "how it tells that other test")]
fn sleeper() {
    if std::env::var_os("SLEEPER").is_none() {
        return;
    }
    let root = repository(&[("api/deploy.yaml", DEPLOY)]);
    let (send, changes) = channel();
    let _watch = watch_repository(root.path(), move |changed| send.send(changed).unwrap());
    // The first change shows that both threads are at work; what follows is rest.
    std::fs::write(root.path().join("api/deploy.yaml"), OTHER).unwrap();
    changes.recv_timeout(super::LIMIT).unwrap();
    // On a busy machine they may still be on their way back to sleep, or wait for a processor.
    let mut before = switches();
    while changes.recv_timeout(SETTLED).is_ok() || switches() != before || before.is_none() {
        before = switches();
    }
    assert_eq!(changes.recv_timeout(IDLE), Err(RecvTimeoutError::Timeout));
    let woken = switches().zip(before).map_or("?".to_owned(), |(after, before)| (after - before).to_string());
    println!("watch and notify-rs woke up {woken} times");
}

/// How often the watching threads have been woken; none while one of them is not asleep.
fn switches() -> Option<u64> {
    let mut sum = 0;
    for task in std::fs::read_dir("/proc/self/task").unwrap().flatten() {
        let name = std::fs::read_to_string(task.path().join("comm")).unwrap();
        if name.trim() == "watch" || name.starts_with("notify-rs") {
            let status = std::fs::read_to_string(task.path().join("status")).unwrap();
            if !status.lines().any(|line| line.starts_with("State:") && line.contains("sleeping")) {
                return None;
            }
            let counts = status.lines().filter(|line| line.contains("ctxt_switches"));
            sum += counts.filter_map(|line| line.split('\t').nth(1)?.parse::<u64>().ok()).sum::<u64>();
        }
    }
    Some(sum)
}
