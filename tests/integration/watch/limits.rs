//! Where the system has no more watches to give, or tells less than there was: nothing is missed, and it is said.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use seaworthy::repo::WatchMode;

use super::{DEPLOY, LIMIT, OTHER, Session};

/// In a user namespace of its own a process may be given fewer watches than the system has.
const FEWER: &str = "echo 3 > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"";

#[test]
#[allow(clippy::print_stderr, reason = "a test that cannot be made here says so")]
fn where_there_are_no_more_watches_the_files_are_looked_at() {
    if !Command::new("unshare").args(["-Ur", "true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: no user namespace can be made here, so the limit cannot be lowered");
        return;
    }
    let output = Command::new("unshare")
        .args(["-Ur", "sh", "-c", FEWER])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "watch::limits::limited", "--ignored", "--nocapture"])
        .env("LIMITED", "yes")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

/// The process that has three watches. Run by the test above, and by nobody else.
#[test]
#[ignore = "wants a limit that another test sets"]
fn limited() {
    if std::env::var_os("LIMITED").is_none() {
        return;
    }
    let mut session = Session::of(&[("api/deploy.yaml", DEPLOY)]);
    assert!(session.has_events(), "{:?}", session.watch.watch_mode());
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    session.write("a/b/c/deploy.yaml", DEPLOY);
    session.settle();
    // Its scan may know the file before its watch comes to the folder that is one too many.
    while session.has_events() {
        session.next();
    }
    let why = "the system's limit of watched folders is reached";
    assert_eq!(session.watch.watch_mode(), WatchMode::Polling(why.to_owned()));
    session.write("a/b/c/deploy.yaml", OTHER);
    session.settle();
}

/// A stopped process hears nothing, and the kernel keeps no more than so many events for it.
#[test]
fn where_more_happened_than_could_be_told_everything_is_looked_at() {
    let Ok(kept) = std::fs::read_to_string("/proc/sys/fs/inotify/max_queued_events") else { return };
    let kept: usize = kept.trim().parse().unwrap();
    let root = crate::support::repository(&[("a/deploy.yaml", DEPLOY), ("noise/one", ""), ("noise/two", "")]);
    let at = |path: &str| root.path().join(path);
    let mut child = Sleeper::start(root.path());
    child.awaits(&at("watching"));
    child.signal(Signal::STOP);
    for n in 0..=kept / 2 {
        std::fs::write(at("noise/one"), n.to_string()).unwrap();
        std::fs::write(at("noise/two"), n.to_string()).unwrap();
    }
    std::fs::write(at("a/deploy.yaml"), OTHER).unwrap();
    child.signal(Signal::CONT);
    child.awaits(&at("seen"));
}

/// The process that is stopped while much happens. Run by the test above, and by nobody else.
#[test]
#[ignore = "is stopped when another test says so"]
fn sleeper() {
    let Some(root) = std::env::var_os("SLEEPER_ROOT") else { return };
    let root = Path::new(&root);
    let (send, changes) = std::sync::mpsc::channel();
    let _watch =
        seaworthy::repo::watch_repository(root, move |changed| send.send(changed).unwrap_or_default());
    let mut engine = crate::support::audit(root);
    std::fs::write(root.join("watching"), "").unwrap();
    // While it is stopped its time runs on, so that one wait in vain says nothing. Without a parent it ends all the same.
    let next = || (0..3).find_map(|_| changes.recv_timeout(LIMIT).ok());
    while let Some(changed) = next() {
        let update = engine.apply_watch_change(&changed);
        let other = |file: &&seaworthy::audit::FileReport| {
            file.source.as_ref().is_some_and(|source| source.text() == OTHER)
        };
        if update.files.iter().find(other).is_some() {
            return std::fs::write(root.join("seen"), "").unwrap();
        }
    }
}

struct Sleeper(Child);

impl Sleeper {
    fn start(root: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "watch::limits::sleeper", "--ignored"]).env("SLEEPER_ROOT", root);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.0), signal).unwrap();
    }

    /// Waits for a file that it writes.
    fn awaits(&mut self, path: &Path) {
        let end = Instant::now() + LIMIT * 3;
        while !path.exists() {
            assert!(Instant::now() < end && matches!(self.0.try_wait(), Ok(None)), "{}", path.display());
            // The processors are the other process's meanwhile.
            std::thread::park_timeout(Duration::from_millis(5));
        }
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
