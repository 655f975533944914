//! What the settings say of apps, which somebody's trial saw: fixes, rules and risks know it without an engine.

use super::{findings, of, seaworthy, stdout};
use crate::support::repository;

const APP: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tides\n  namespace: sea\nspec:\n  selector:\n    matchLabels: {app: tides}\n  template:\n    metadata:\n      labels: {app: tides}\n    spec:\n      containers:\n      - name: web\n        image: registry.example/tides:1\n      - name: beside\n        image: registry.example/beside:1\n";

/// The patch of all review fixes with these settings.
fn patch_with(settings: &str) -> String {
    let root = repository(&[("app.yaml", APP), ("seaworthy.toml", settings)]);
    stdout(root.path(), &["fix", "--review", "--diff"])
}

#[test]
fn a_read_only_root_gets_the_folders_that_the_settings_say_are_written() {
    for name in ["tides", "\"Deployment/tides\""] {
        let patch = patch_with(&format!("[apps.{name}]\nwrites = [\"/srv/cache\"]\n"));
        assert_eq!(patch.matches("mountPath: /srv/cache").count(), 2, "{name}: {patch}");
        assert!(patch.contains("`web` needs to write /srv/cache, as seaworthy.toml:1 says"), "{patch}");
    }
    let patch = patch_with("[apps.\"tides:web\"]\nwrites = [\"/srv/cache\"]\n");
    assert_eq!(patch.matches("mountPath: /srv/cache").count(), 1, "of one container: {patch}");
    let patch = patch_with("[apps.\"Job/tides\"]\nwrites = [\"/srv/cache\"]\n");
    assert!(!patch.contains("/srv/cache"), "of another app: {patch}");
}

#[test]
fn other_needs_make_the_fix_that_a_trial_would() {
    let single = APP.split("      - name: beside").next().unwrap();
    let fix = |needs: &str| {
        let settings = format!("[apps.tides]\nneeds = [{needs}]\n");
        let root = repository(&[
            ("Dockerfile", "FROM registry.example/base:1\nUSER 0\nCMD [\"/srv/run\"]\n"),
            ("app.yaml", single),
            ("seaworthy.toml", &settings),
        ]);
        let output = seaworthy(root.path(), &["fix", "--review", "--diff"]);
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (patch, notes) = fix("\"root-start\", \"capability CHOWN\"");
    assert!(patch.contains("- CHOWN") && !patch.contains("runAsNonRoot"), "{patch}");
    assert!(notes.contains("`web` needs to start as root, as seaworthy.toml:1 says"), "{notes}");
    let (patch, _) = fix("\"low-port 80\"");
    assert!(patch.contains("name: net.ipv4.ip_unprivileged_port_start"), "{patch}");
    let (patch, notes) = fix("\"api-token\"");
    assert!(!patch.contains("automountServiceAccountToken"), "{patch}");
    assert!(notes.contains("as seaworthy.toml:1 says"), "{notes}");
}

#[test]
fn a_rule_finds_what_nothing_is_mounted_for() {
    let hardened = APP.replace(
        "        image: registry.example/tides:1\n",
        "        image: registry.example/tides:1\n        securityContext: {readOnlyRootFilesystem: true}\n",
    );
    let files =
        [("app.yaml", hardened.as_str()), ("seaworthy.toml", "[apps.tides]\nwrites = \"/srv/cache/\"\n")];
    let root = repository(&files);
    let found = findings(root.path(), ".");
    let message = of(&found, "unmounted-writable-path").expect("it is found")["message"].to_string();
    assert!(message.contains("/srv/cache, which"), "{message}");
}
