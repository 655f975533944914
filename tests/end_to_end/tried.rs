//! `t` in the app, with a real engine: nothing runs before a yes, what is seen is kept and used, and nothing is left.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::engine_base::EngineBase;
use crate::pty::Pty;

/// The app on a program that writes to three folders, each run of which is watched for so many seconds.
fn opened(base: &EngineBase, seconds: u32) -> (std::path::PathBuf, Pty) {
    let folder = base.lay_out_program("three-folders");
    let settings = format!("engine = \"podman\"\ntrial-seconds = {seconds}\n");
    std::fs::write(folder.join("seaworthy.toml"), settings).unwrap();
    let mut pty = started(base, &folder);
    pty.send("t").shows("Run it? y runs");
    (folder, pty)
}

fn started(base: &EngineBase, folder: &Path) -> Pty {
    let variables = base.variables();
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let program = env!("CARGO_BIN_EXE_seaworthy");
    let mut pty = Pty::start(program, &[folder.to_str().unwrap()], &variables, (120, 50));
    pty.patience(Duration::from_secs(120));
    pty.shows("watching").shows("Deployment/three-folders").hides("scanning");
    pty
}

/// Waits until the engine runs a container of the trial.
fn runs_something(base: &EngineBase) {
    let end = Instant::now() + Duration::from_secs(60);
    let is_running = || {
        let listed = base.podman(&["ps", "--format", "{{.Names}}"]).unwrap();
        String::from_utf8_lossy(&listed.stdout).contains("seaworthy")
    };
    while !is_running() {
        assert!(Instant::now() < end, "nothing runs");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Waits until the engine has nothing more of the trial.
fn leaves_nothing(base: &EngineBase) {
    let end = Instant::now() + Duration::from_secs(20);
    while !base.list_things().is_empty() {
        assert!(Instant::now() < end, "left: {:?}", base.list_things());
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_key_tries_the_app_and_what_was_seen_makes_the_fix_and_the_settings() {
    let Some(base) = EngineBase::start() else { return };
    let (folder, mut pty) = opened(&base, 2);
    pty.shows("podman build --tag=").shows("network  none").shows("2 s for each run");
    assert_eq!(base.list_things(), [""; 0], "nothing runs before a yes");
    pty.send("y").shows("Result: Deployment/three-folders started and ran 2 s hardened");
    pty.shows("needs to write /var/spool/crane");
    leaves_nothing(&base);
    pty.send("s").shows("[apps.three-folders]").shows("Write it? y/N");
    pty.send("y").shows("written to seaworthy.toml");
    let settings = std::fs::read_to_string(folder.join("seaworthy.toml")).unwrap();
    let said = "\n[apps.three-folders]\nwrites = [\"/opt/crane/state\", \"/run\", \"/var/spool/crane\"]\n";
    assert!(settings.ends_with(said), "{settings}");
    pty.send("/writable-root\r").shows("Started and ran 2 s hardened").send("f").shows("written to app.yaml");
    let manifest = std::fs::read_to_string(folder.join("app.yaml")).unwrap();
    assert!(manifest.contains("mountPath: /opt/crane/state"), "{manifest}");
    pty.send("q");
    assert!(pty.ends().success());
}

#[test]
fn whoever_leaves_while_it_runs_leaves_nothing_running() {
    let Some(base) = EngineBase::start() else { return };
    // Back to the list: the trial ends beside it.
    let (_, mut pty) = opened(&base, 60);
    pty.send("y");
    runs_something(&base);
    pty.send("\x1b").hides("Trial of");
    leaves_nothing(&base);
    // Out of the program: it waits until all is gone.
    pty.send("t").shows("Run it? y runs").send("y");
    runs_something(&base);
    pty.send("\x03");
    pty.ends();
    assert_eq!(base.list_things(), [""; 0], "quit");
    pty.is_given_back();
    // The window is closed.
    let (_, mut pty) = opened(&base, 60);
    pty.send("y");
    runs_something(&base);
    pty.close();
    pty.ends();
    leaves_nothing(&base);
}
