//! Charts with the values that the settings name for an environment, and for the Kubernetes that they name.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use seaworthy::audit::AuditEngine;
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::repo::RelPath;
use seaworthy::settings::parse_settings;
use seaworthy::unit::UnitKind;

use super::{audited_with, chart};

const SETTINGS: &str = "[[values]]\nchart = \"web\"\nenvironment = \"prod\"\nfiles = [\"deploy/common.yaml\", \"deploy/prod.yaml\"]\n";

fn engine_of(folder: &Path, settings: &str) -> AuditEngine {
    audited_with(folder, parse_settings(settings, &[]).unwrap())
}

fn message(engine: &AuditEngine, rule: &str) -> Option<(String, String)> {
    let update = engine.full_update();
    let found = update.findings.values().flat_map(|list| list.iter()).find(|found| found.key.rule == rule);
    found.map(|found| (found.key.path.to_string(), found.finding.message.to_string()))
}

const FILES: [(&str, &str); 3] = [
    (
        "web/values.yaml",
        "image: {repository: a, tag: \"1\"}\nresources: {}\nsecurityContext: {}\nprivileged: false\n",
    ),
    ("deploy/common.yaml", "image: {repository: registry.example/a}\n"),
    ("deploy/prod.yaml", "privileged: true\n"),
];

#[test]
fn a_finding_of_an_environment_stands_in_its_values_wherever_they_lie() {
    let folder = chart(&FILES);
    assert!(message(&engine_of(folder.path(), ""), "privileged-container").is_none());
    let engine = engine_of(folder.path(), SETTINGS);
    let (path, text) = message(&engine, "privileged-container").unwrap();
    assert_eq!(path, "deploy/prod.yaml");
    assert!(text.ends_with("(with prod: in 1 of 2 value sets)"), "{text}");
    let table = engine.unit_table();
    let units: Vec<_> = table.units().iter().filter(|unit| unit.key.kind == UnitKind::Chart).collect();
    assert_eq!(units[1].key.values, ["deploy/common.yaml".into(), "deploy/prod.yaml".into()]);
    assert_eq!(units[1].key.environment.as_deref(), Some("prod"));
}

#[test]
fn an_environments_wrong_value_is_mended_in_its_own_file() {
    let folder = chart(&FILES);
    let engine = engine_of(folder.path(), SETTINGS);
    let order = FixOrder::Rules {
        accepts: &|rule| rule == "privileged-container",
        max_safety: seaworthy::finding::Safety::Review,
    };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    let patch = &plan.patches[0];
    assert_eq!((plan.patches.len(), patch.path.as_str()), (1, "deploy/prod.yaml"));
    assert_eq!(patch.after.text(), "privileged: false\n");
}

#[test]
fn a_file_that_is_not_there_is_said_and_followed_until_it_is() {
    let folder = chart(&FILES[..2]);
    let mut engine = engine_of(folder.path(), SETTINGS);
    let said = |engine: &AuditEngine| {
        let table = engine.unit_table();
        let unit = table.units().iter().find(|unit| unit.key.environment.is_some()).unwrap();
        unit.status.reason().map(str::to_owned)
    };
    assert_eq!(
        said(&engine).as_deref(),
        Some("deploy/prod.yaml, which seaworthy.toml names for prod: it is not there")
    );
    let root = folder.path().canonicalize().unwrap();
    std::fs::write(root.join("deploy/prod.yaml"), "privileged: true\n").unwrap();
    engine.refresh_paths(&BTreeSet::from([RelPath::from("deploy/prod.yaml")]));
    assert_eq!(said(&engine), None);
    assert!(message(&engine, "privileged-container").is_some());
}

#[test]
fn a_link_that_leads_outside_is_no_values_file() {
    let outside = tempfile::TempDir::new().unwrap();
    std::fs::write(outside.path().join("prod.yaml"), "privileged: true\n").unwrap();
    let folder = chart(&FILES[..2]);
    std::os::unix::fs::symlink(outside.path().join("prod.yaml"), folder.path().join("deploy/prod.yaml"))
        .unwrap();
    let engine = engine_of(folder.path(), SETTINGS);
    assert!(message(&engine, "privileged-container").is_none());
    let table = engine.unit_table();
    let unit = table.units().iter().find(|unit| unit.key.environment.is_some()).unwrap();
    assert!(unit.status.reason().unwrap().contains("a link that leads outside the repository"));
}

#[test]
fn charts_are_rendered_for_the_kubernetes_that_the_settings_name() {
    let pod = "{{- if semverCompare \"<1.25-0\" .Capabilities.KubeVersion.Version }}{{- if .Capabilities.APIVersions.Has \"a.example/v1\" }}\napiVersion: v1\nkind: Pod\nmetadata: {name: old}\nspec:\n  hostPID: true\n  containers: [{name: a, image: \"a:1.0.0\"}]\n{{- end }}{{- end }}\n";
    let folder = chart(&[FILES[0], ("web/templates/old.yaml", pod)]);
    assert!(message(&engine_of(folder.path(), ""), "host-pid").is_none());
    let settings = "[kubernetes]\nversion = \"1.24\"\napi-versions = [\"a.example/v1\"]\n";
    assert!(message(&engine_of(folder.path(), settings), "host-pid").is_some());
}

#[test]
fn the_report_names_the_environment_and_a_wrong_setting_is_refused() {
    let folder = chart(&FILES);
    std::fs::write(folder.path().join("seaworthy.toml"), SETTINGS).unwrap();
    let run = |arguments: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_seaworthy"))
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap()
    };
    let report: serde_json::Value =
        serde_json::from_slice(&run(&["check", "--format", "json"]).stdout).unwrap();
    let units = report["units"].as_array().unwrap();
    let own = units.iter().find(|unit| unit["environment"] == "prod").unwrap();
    assert_eq!(own["values"], serde_json::json!(["deploy/common.yaml", "deploy/prod.yaml"]));
    for (wrong, message) in [
        ("[[values]]\nchart = \"web\"\nfiles = \"a.yaml\"\n", "an environment lacks its name, `environment`"),
        ("[[values]]\nchart = \"../web\"\n", "a path from the settings' own folder"),
        (
            "[[values]]\nenvironment = \"a\"\nfile = \"b\"\n",
            "an environment has no `file` (did you mean `files`?)",
        ),
        ("[kubernetes]\nversion = \"new\"\n", "a version such as \"1.31\""),
    ] {
        std::fs::write(folder.path().join("seaworthy.toml"), wrong).unwrap();
        let said = String::from_utf8(run(&["check"]).stderr).unwrap();
        assert!(said.contains(message), "{said}");
    }
}
