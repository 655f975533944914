//! The settings: what they change, what is wrong with a broken file, where the values in effect come from.

mod apps;
mod broken;

use std::path::Path;
use std::process::{Command, Output};
use std::sync::LazyLock;

use tempfile::TempDir;

use crate::support::repository;

/// A Dockerfile with one finding that is high and several that are not.
const BUILD: &str = "FROM a:latest\nUSER root\nCMD [\"x\"]\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata: {name: tides, namespace: sea}\nspec: {hostNetwork: true, containers: [{name: api, image: 'a:latest'}]}\n";

/// What the program says of a folder.
pub(super) fn seaworthy(root: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
    command.args(arguments).current_dir(root).env("XDG_STATE_HOME", state_home()).output().unwrap()
}

/// Where all these commands keep what undo needs, away from the user's own.
pub(super) fn state_home() -> &'static Path {
    static FOLDER: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().unwrap());
    FOLDER.path()
}

pub(super) fn stdout(root: &Path, arguments: &[&str]) -> String {
    String::from_utf8(seaworthy(root, arguments).stdout).unwrap()
}

/// The findings of a folder as JSON.
pub(super) fn findings(root: &Path, path: &str) -> Vec<serde_json::Value> {
    let report: serde_json::Value =
        serde_json::from_str(&stdout(root, &["check", "--format", "json", path])).unwrap();
    report["findings"].as_array().unwrap().clone()
}

fn of<'f>(findings: &'f [serde_json::Value], rule: &str) -> Option<&'f serde_json::Value> {
    findings.iter().find(|finding| finding["rule"] == rule)
}

#[test]
fn a_rule_may_be_off_or_weigh_otherwise() {
    let settings = "[rules]\nlatest-tag = \"off\"\nroot-user = \"low\"\n";
    let root = repository(&[("Dockerfile", BUILD), ("seaworthy.toml", settings)]);
    let found = findings(root.path(), ".");
    assert!(of(&found, "latest-tag").is_none());
    assert_eq!(of(&found, "root-user").unwrap()["severity"], "low");
    assert_eq!(of(&found, "unpinned-image").unwrap()["severity"], "medium");
}

#[test]
fn the_settings_say_when_check_fails_and_the_command_line_overrules_them() {
    let root = repository(&[("Dockerfile", BUILD), ("seaworthy.toml", "fail-on = \"critical\"\n")]);
    assert_eq!(seaworthy(root.path(), &["check"]).status.code(), Some(0));
    assert_eq!(seaworthy(root.path(), &["check", "--fail-on", "high"]).status.code(), Some(1));
    std::fs::remove_file(root.path().join("seaworthy.toml")).unwrap();
    assert_eq!(seaworthy(root.path(), &["check"]).status.code(), Some(1));
}

#[test]
fn what_is_left_out_is_skipped_with_the_reason_unless_it_is_asked_for_by_name() {
    let root = repository(&[
        ("ours/Dockerfile", BUILD),
        ("vendor/deep/Dockerfile", BUILD),
        ("seaworthy.toml", "exclude = [\"vendor/\"]\n"),
    ]);
    let text = stdout(root.path(), &["check"]);
    assert!(text.contains("skipped vendor/deep/Dockerfile: left out by seaworthy.toml"), "{text}");
    assert!(findings(root.path(), ".").iter().all(|finding| finding["path"] == "ours/Dockerfile"));
    assert!(findings(root.path(), "vendor").is_empty(), "found upwards, and so are its patterns");
    assert!(!findings(root.path(), "vendor/deep/Dockerfile").is_empty());
}

#[test]
fn an_exception_reaches_its_paths_objects_and_containers() {
    let json = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"tides"},"spec":{"hostNetwork":true}}"#;
    let settings = "[[allow]]\nrules = [\"host-network\"]\npaths = [\"node/*.json\"]\nreason = \"counters\"\n\
        [[allow]]\nrules = [\"latest-tag\"]\nobject = \"Pod/*\"\ncontainer = \"api\"\nreason = \"pinned later\"\n";
    let root = repository(&[("node/pod.json", json), ("pod.yaml", POD), ("seaworthy.toml", settings)]);
    let found = findings(root.path(), ".");
    let quiet: Vec<_> = found.iter().filter(|finding| !finding["suppressed"].is_null()).collect();
    let said: Vec<_> = quiet.iter().map(|f| (f["path"].as_str(), f["rule"].as_str())).collect();
    let expected = [(Some("node/pod.json"), Some("host-network")), (Some("pod.yaml"), Some("latest-tag"))];
    assert_eq!(said, expected);
    let why = serde_json::json!({"by": "seaworthy.toml", "reason": "counters"});
    assert_eq!(quiet[0]["suppressed"], why);
    assert_eq!(findings(root.path(), "node")[0]["rule"], found[0]["rule"], "from below, too");
    let below = findings(root.path(), "node");
    assert_eq!(of(&below, "host-network").unwrap()["suppressed"], why);
}

#[test]
fn defaults_of_fixes_can_be_set() {
    let settings = "uids = [20000, 20000]\n[resources]\ncpu-limit = false\nmemory-limit = \"1Gi\"\n\
        [writable-paths]\na = [\"/var/cache/tides\"]\n";
    let root = repository(&[
        ("Dockerfile", "FROM python:3.12.1-alpine3.19\nCMD [\"x\"]\n"),
        ("pod.yaml", POD),
        ("seaworthy.toml", settings),
    ]);
    let patch = stdout(root.path(), &["fix", "--review", "--diff"]);
    assert!(patch.contains("USER 20000:20000"), "{patch}");
    assert!(patch.contains("1Gi") && !patch.contains("500m"), "{patch}");
    assert!(patch.contains("/var/cache/tides"), "{patch}");
    assert!(of(&findings(root.path(), "."), "missing-cpu-limit").is_none());
}

#[test]
fn users_and_references_of_images_can_be_set() {
    let digest = format!("sha256:{}", "9c".repeat(32));
    let settings = format!(
        "[users]\n\"api/Dockerfile\" = [43122, 43123]\nbusybox = [50000, 50000]\n\
         [images]\n\"python:3-alpine\" = \"python:3.13.1-alpine3.21@{digest}\"\n\"busybox:latest\" = \"busybox:1.37.0\"\n"
    );
    let root = repository(&[
        ("api/Dockerfile", "FROM python:3-alpine\nCMD [\"x\"]\n"),
        ("pod.yaml", &POD.replace("a:latest", "busybox:latest")),
        ("seaworthy.toml", &settings),
    ]);
    let patch = stdout(root.path(), &["fix", "--review", "--diff"]);
    assert!(patch.contains("USER 43122:43123"), "{patch}");
    assert!(patch.contains("runAsUser: 50000"), "{patch}");
    assert!(patch.contains(&format!("FROM python:3.13.1-alpine3.21@{digest}")), "{patch}");
    let below = stdout(root.path(), &["fix", "api", "--review", "--diff"]);
    assert!(below.contains("USER 43122:43123"), "from a folder below, too: {below}");
}

#[test]
fn config_shows_every_key_and_where_its_value_comes_from() {
    let settings = "fail-on = \"high\"\n[rules]\nmoving-tag = \"off\"\n[resources]\ncpu-limit = false\n";
    let root = repository(&[("Dockerfile", BUILD), ("seaworthy.toml", settings)]);
    let text = stdout(root.path(), &["config"]);
    for line in [
        "fail-on = \"high\"  # seaworthy.toml:1",
        "rules.moving-tag = \"off\"  # seaworthy.toml:3",
        "resources.cpu-limit = false  # seaworthy.toml:5",
        "resources.memory-limit = \"128Mi\"  # default",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line} in\n{text}");
    }
    for key in seaworthy::settings::SETTING_KEYS {
        assert!(text.contains(key.description), "{} is not explained", key.name);
    }
}

#[test]
fn what_config_shows_and_every_example_can_be_read_back() {
    let rules: Vec<_> = seaworthy::rules::ALL_RULES.iter().map(|rule| rule.id).collect();
    for key in seaworthy::settings::SETTING_KEYS {
        let table = key.name.split_once('.').map(|(table, _)| format!("[{table}]\n")).unwrap_or_default();
        let read = seaworthy::settings::parse_settings(&format!("{table}{}", key.example), &rules);
        assert!(read.is_ok(), "{}: {read:?}", key.name);
        let settings = read.unwrap();
        let shown: Vec<_> =
            (key.show_values)(&settings).into_iter().map(|(k, v)| format!("{k} = {v}\n")).collect();
        let again = seaworthy::settings::parse_settings(&shown.concat(), &rules).unwrap();
        assert_eq!((key.show_values)(&again), (key.show_values)(&settings), "{}", key.name);
    }
}
