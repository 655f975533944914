//! Whoever sets the bar is seen: what a repository's own settings and baseline take off stands in every report.

use serde_json::{Value, json};

use super::{DEPLOYMENT, on, run};
use crate::support::repository;

const SETTINGS: &str = "fail-on = \"never\"\nexclude = [\"third_party/\"]\n[resources]\ncpu-limit = false\n[rules]\n\
    missing-seccomp = \"off\"\nmay-run-as-root = \"off\"\nlow-uid = \"critical\"\nprivilege-escalation = \"info\"\n\
    [[allow]]\nrules = [\"writable-root-filesystem\"]\npaths = [\"*.yaml\"]\nreason = \"why\"\n";
const WORDS: &str = "3 rules off, 1 rule less severe, fail-on never, 1 exception, 1 pattern of paths left out by seaworthy.toml";

fn parse(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn every_report_says_what_the_repositorys_own_settings_take_off() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT), ("seaworthy.toml", SETTINGS)]);
    let text = on(folder.path(), &["check"]);
    assert_eq!(text.code, 0);
    let last = text.out.lines().last().unwrap();
    assert!(last.starts_with(WORDS) && last.contains("--ignore-repository-settings"), "{last}");
    let report = parse(&on(folder.path(), &["check", "--format", "json"]).out);
    let lowered = json!({
        "ignored": false,
        "rules_off": ["may-run-as-root", "missing-seccomp", "missing-cpu-limit"],
        "rules_lowered": ["privilege-escalation"],
        "fail_on": "never",
        "excluded": 1,
        "exceptions": 1,
        "baseline": 0,
        "links": 0,
        "needs": 0,
        "writes": 0,
    });
    let sorted = |value: &Value| {
        let mut value = value.clone();
        if let Some(off) = value["rules_off"].as_array_mut() {
            off.sort_by_key(ToString::to_string);
        }
        value
    };
    assert_eq!(sorted(&report["repository_settings"]), sorted(&lowered));
    let log = parse(&on(folder.path(), &["check", "--format", "sarif"]).out);
    let run = &log["runs"][0];
    assert_eq!(sorted(&run["properties"]["repositorySettings"]), sorted(&lowered));
    let note = &run["invocations"][0]["toolConfigurationNotifications"][0];
    assert_eq!(note["level"], "note");
    assert!(note["message"]["text"].as_str().unwrap().contains(WORDS), "{note}");
    let annotations = on(folder.path(), &["check", "--format", "github"]).out;
    assert!(annotations.contains("::notice file=seaworthy.toml,"), "{annotations}");
    assert!(annotations.contains(WORDS), "{annotations}");
}

#[test]
fn settings_that_hide_everything_are_named_too() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT), ("seaworthy.toml", "exclude = [\"*\"]\n")]);
    let text = on(folder.path(), &["check"]);
    assert!(text.out.contains("1 pattern of paths left out by seaworthy.toml"), "{}", text.out);
}

#[test]
fn what_settings_say_of_links_and_needs_is_counted_with_the_rest() {
    let settings = "[[link]]\nimage = \"web\"\ndockerfile = false\n[apps.web]\nneeds = [\"api-token\"]\n\
        writes = [\"/data\", \"/var/x\"]\n";
    let folder = repository(&[("deploy.yaml", DEPLOYMENT), ("seaworthy.toml", settings)]);
    let words = "1 link said, 1 need said, 2 written folders said by seaworthy.toml";
    let text = on(folder.path(), &["check"]);
    assert!(text.out.lines().last().unwrap().starts_with(words), "{}", text.out);
    let report = parse(&on(folder.path(), &["check", "--format", "json"]).out);
    let own = &report["repository_settings"];
    assert_eq!((&own["links"], &own["needs"], &own["writes"]), (&json!(1), &json!(1), &json!(2)));
    for format in ["sarif", "github"] {
        let report = on(folder.path(), &["check", "--format", format]).out;
        assert!(report.contains(words), "{format}: {report}");
    }
}

#[test]
fn what_ignore_files_hide_is_counted_in_every_report() {
    let folder =
        repository(&[("deploy.yaml", DEPLOYMENT), ("a/x.yaml", DEPLOYMENT), (".gitignore", "*.yaml\n")]);
    for more in [&[][..], &["--ignore-repository-settings"]] {
        let report = |format| on(folder.path(), &[&["check", "--format", format], more].concat()).out;
        assert_eq!(parse(&report("json"))["hidden_by_ignore_files"], 2);
        let log = parse(&report("sarif"));
        assert_eq!(log["runs"][0]["properties"]["hiddenByIgnoreFiles"], 2);
        assert!(report("sarif").contains("Ignore files hide 2 candidates"));
        assert!(report("github").contains("::notice title=Ignore files::Ignore files hide 2 candidates"));
    }
}

#[test]
fn a_baseline_is_counted_and_settings_that_lower_nothing_are_not() {
    let folder = repository(&[("deploy.yaml", DEPLOYMENT)]);
    assert_eq!(on(folder.path(), &["baseline"]).code, 0);
    let text = on(folder.path(), &["check"]);
    assert!(text.out.lines().last().unwrap().contains("known from seaworthy-baseline.json"), "{}", text.out);
    let folder = repository(&[
        ("deploy.yaml", DEPLOYMENT),
        ("seaworthy.toml", "fail-on = \"low\"\n[rules]\nlow-uid = \"critical\"\n"),
    ]);
    let text = on(folder.path(), &["check"]);
    assert!(!text.out.contains("seaworthy.toml"), "{}", text.out);
}

#[test]
fn without_the_repositorys_settings_the_defaults_judge() {
    let plain = repository(&[("deploy.yaml", DEPLOYMENT)]);
    let lowered = repository(&[("deploy.yaml", DEPLOYMENT)]);
    assert_eq!(on(lowered.path(), &["baseline"]).code, 0);
    std::fs::write(lowered.path().join("seaworthy.toml"), SETTINGS).unwrap();
    let before = std::fs::read(lowered.path().join("seaworthy-baseline.json")).unwrap();
    let arguments = ["check", "--ignore-repository-settings", "--format", "json"];
    let (as_it_comes, by_defaults) =
        (on(plain.path(), &["check", "--format", "json"]), on(lowered.path(), &arguments));
    assert_eq!((as_it_comes.code, by_defaults.code), (1, 1));
    let (mut first, mut second) = (parse(&as_it_comes.out), parse(&by_defaults.out));
    assert_eq!(second["repository_settings"]["ignored"], true);
    first["repository_settings"] = Value::Null;
    second["repository_settings"] = Value::Null;
    assert_eq!(first, second);
    let after = std::fs::read(lowered.path().join("seaworthy-baseline.json")).unwrap();
    assert_eq!(before, after, "the baseline is not shrunk by a look past it");
    // What cannot be read does not matter either.
    std::fs::write(lowered.path().join("seaworthy.toml"), "[[[\n").unwrap();
    assert_eq!(on(lowered.path(), &arguments).code, 1);
    assert_eq!(on(lowered.path(), &["check"]).code, 2);
}

#[test]
fn a_part_of_a_repository_is_judged_without_its_settings_too() {
    let folder = repository(&[("a/deploy.yaml", DEPLOYMENT), ("seaworthy.toml", SETTINGS)]);
    let at = folder.path().join("a");
    let home = tempfile::tempdir().unwrap();
    let ran = run(&["check", at.to_str().unwrap(), "--ignore-repository-settings"], home.path());
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("may-run-as-root"), "{}", ran.out);
    let ran = run(&["check", at.to_str().unwrap()], home.path());
    assert!(ran.out.lines().last().unwrap().starts_with(WORDS), "{}", ran.out);
}
