//! A trial that is killed leaves nothing that the next start does not remove; one that is stopped leaves nothing at all.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::engine_base::EngineBase;

/// The moments at which it is killed: while it looks, builds, makes volumes, runs as it is, and runs hardened.
const MOMENTS: [u64; 7] = [150, 700, 1500, 2600, 4000, 6000, 9000];

fn started(base: &EngineBase, after: Duration) -> std::process::Child {
    let folder = base.lay_out_program("three-folders");
    let mut command = base.trial(&folder, &["--time", "3"]);
    command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null());
    let child = command.spawn().unwrap();
    std::thread::sleep(after);
    child
}

fn send(child: &std::process::Child, signal: Signal) {
    let _ = kill_process(Pid::from_raw(child.id().cast_signed()).unwrap(), signal);
}

#[test]
fn what_a_killed_trial_leaves_is_gone_after_the_next_start() {
    let Some(base) = EngineBase::start() else { return };
    let mut has_left = 0;
    for moment in MOMENTS {
        let mut child = started(&base, Duration::from_millis(moment));
        send(&child, Signal::KILL);
        child.wait().unwrap();
        has_left += usize::from(!base.list_things().is_empty());
        // The next start is of an app that is not there: it removes what was left, and runs nothing.
        let folder = base.lay_out("absent", &[("app.yaml", ABSENT)]);
        let output = base.trial(&folder, &[]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(base.list_things(), [""; 0], "killed after {moment} ms");
    }
    assert!(has_left > 0, "a kill leaves something at some moment, or this tests nothing");
}

#[test]
fn a_trial_that_is_stopped_removes_what_it_made() {
    let Some(base) = EngineBase::start() else { return };
    for moment in [1500, 5000] {
        let mut child = started(&base, Duration::from_millis(moment));
        send(&child, Signal::INT);
        let since = Instant::now();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(2));
        assert!(since.elapsed() < Duration::from_secs(10), "it took {:?}", since.elapsed());
        assert_eq!(base.list_things(), [""; 0], "stopped after {moment} ms");
    }
}

const ABSENT: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: absent\nspec:\n  containers:\n  - name: absent\n    image: registry.invalid/not-there:1\n";
