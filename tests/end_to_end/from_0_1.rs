//! What version 0.1 has written is read: baselines, exceptions, the walk, the journal, the user's own file.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use serde_json::Value;
use tempfile::TempDir;

use crate::pty::Pty;
use crate::world::copy;

const PROGRAM: &str = env!("CARGO_BIN_EXE_seaworthy");
const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/from_0_1");
/// Where the repository lay when it was made.
const ROOT_THEN: &str = "/tmp/seaworthy-from-0.1/shop";

/// A repository that 0.1 has worked in, and the user's folders.
struct OldRepository {
    folder: TempDir,
}

impl OldRepository {
    fn new() -> Self {
        let this = Self { folder: TempDir::new().unwrap() };
        let fixture = Path::new(FIXTURE);
        copy(&fixture.join("shop"), &this.root());
        copy(&fixture.join("state"), &this.at("state"));
        for folder in ["config", "home"] {
            std::fs::create_dir(this.at(folder)).unwrap();
        }
        copy(&fixture.join("config"), &this.at("config/seaworthy"));
        this.move_state();
        this
    }

    /// Puts the root that is now in the place of the one that was. Files are found by the hash of the root.
    fn move_state(&self) {
        let state = self.at("state/seaworthy");
        let root = self.root().canonicalize().unwrap();
        let (then, now) = (fnv(ROOT_THEN), fnv(root.to_str().unwrap()));
        std::fs::rename(state.join(&then), state.join(&now)).unwrap();
        assert_eq!(std::fs::read_to_string(state.join(&now).join("root")).unwrap(), ROOT_THEN);
        std::fs::write(state.join(&now).join("root"), root.to_str().unwrap()).unwrap();
        let walk = std::fs::read_to_string(state.join(format!("walk-{then}.json"))).unwrap();
        std::fs::remove_file(state.join(format!("walk-{then}.json"))).unwrap();
        let mut walk: Value = serde_json::from_str(&walk).unwrap();
        let seconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        for begun in walk["begun"].as_object_mut().unwrap().values_mut() {
            begun["at"] = (seconds - 60).into();
        }
        std::fs::write(state.join(format!("walk-{now}.json")), walk.to_string()).unwrap();
    }

    fn at(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn root(&self) -> PathBuf {
        self.at("shop")
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn homes(&self) -> [(&'static str, String); 3] {
        let at = |below| self.at(below).to_str().unwrap().to_owned();
        [("HOME", at("home")), ("XDG_STATE_HOME", at("state")), ("XDG_CONFIG_HOME", at("config"))]
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).arg(self.root()).envs(self.homes()).env("CI", "true");
        command.output().unwrap()
    }

    fn said(&self, arguments: &[&str]) -> String {
        String::from_utf8(self.run(arguments).stdout).unwrap()
    }

    fn app(&self, arguments: &[&str]) -> Pty {
        let root = self.root().to_str().unwrap().to_owned();
        let arguments: Vec<&str> = arguments.iter().copied().chain([root.as_str()]).collect();
        let homes = self.homes();
        let homes: Vec<(&str, &str)> = homes.iter().map(|(name, at)| (*name, at.as_str())).collect();
        Pty::start(PROGRAM, &arguments, &homes, (120, 40))
    }
}

/// FNV-1a, as 0.1 named the files of a root: on purpose not the program's own.
fn fnv(text: &str) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[test]
fn a_baseline_and_an_exception_keep_quiet_what_they_kept_quiet() {
    let old = OldRepository::new();
    let report: Value = serde_json::from_str(&old.said(&["check", "--format", "json"])).unwrap();
    let mut by: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    for finding in report["findings"].as_array().unwrap() {
        let quiet = finding["suppressed"]["by"].as_str();
        *by.entry(quiet.unwrap_or_else(|| panic!("{finding:#} is new")).to_owned()).or_default() += 1;
    }
    assert_eq!(by.into_iter().collect::<Vec<_>>(), [("baseline".to_owned(), 35), ("comment".to_owned(), 1)]);
    let ran = old.run(&["check"]);
    assert_eq!((ran.status.code(), String::from_utf8(ran.stderr).unwrap()), (Some(0), String::new()));
}

#[test]
fn a_baseline_of_a_folder_without_settings_counts_below_it() {
    let old = OldRepository::new();
    let below = Command::new(PROGRAM)
        .args(["check", "--format", "json"])
        .arg(old.root().join("worker"))
        .envs(old.homes())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&below.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(!findings.is_empty());
    assert!(findings.iter().all(|finding| finding["suppressed"]["by"] == "baseline"), "{findings:#?}");
}

#[test]
fn the_walk_goes_on_where_it_was_left() {
    let old = OldRepository::new();
    // The walk came before the baseline, which has nothing left to fix.
    std::fs::remove_file(old.root().join("seaworthy-baseline.json")).unwrap();
    let mut pty = old.app(&["walk"]);
    pty.shows("Deployment/api").send("\r").shows("1 of 8 chapters");
    pty.send("9").shows("What is left, and why").shows("the base does it").shows("Pod Security level");
    // What the beginning was worth is not said: it was counted otherwise.
    pty.shows("Score               – to ").shows("Dockerfile").send("q");
    assert!(pty.ends().success());
}

#[test]
fn what_was_written_is_taken_back_step_by_step() {
    let old = OldRepository::new();
    let (build, deploy) = (old.read("api/Dockerfile"), old.read("api/deploy.yaml"));
    assert!(build.contains("USER 51281:51281") && deploy.contains("# seaworthy: allow host-network"));
    assert_eq!(old.said(&["undo"]), "put back api/Dockerfile\n");
    assert!(!old.read("api/Dockerfile").contains("USER"));
    assert_eq!(old.said(&["undo"]), "put back api/deploy.yaml\n");
    assert!(!old.read("api/deploy.yaml").contains("seaworthy"));
    assert_eq!(old.said(&["undo"]), "Nothing to undo here.\n");
}

#[test]
fn the_users_own_keys_count() {
    let old = OldRepository::new();
    let config = old.said(&["config"]);
    assert!(config.contains("registries.http = [\"registry.lan:5000\"]"), "{config}");
    let mut pty = old.app(&[]);
    pty.shows("watching").shows("in the baseline").hides("scanning");
    pty.send("H").shows("Stage every fix, those with review among them");
    let keys_of = |screen: &str, what: &str| {
        let line =
            screen.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{what}:\n{screen}"));
        line.split(what).next().unwrap().split_whitespace().rev().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(keys_of(&pty.screen(), "Stage every fix")[0], "Z");
    pty.send("/page down").hides("Stage every fix");
    assert_eq!(keys_of(&pty.screen(), "Half a page down")[..2], ["Space", "Ctrl-d"]);
    pty.send("\u{1b}").shows("Stage every fix");
    pty.send("\u{1b}").hides("Stage every fix");
    pty.send("q");
    assert!(pty.ends().success());
}
