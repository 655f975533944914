//! SARIF 2.1.0 by its specification.

use serde_json::Value;

use super::place;
use crate::settings::stdout;
use crate::support::repository;

const BUILD: &str = "FROM base:1.2.3\n# é\nENV DB_PASSWORD=hunter2hunter2\nUSER 43122:43122\nRUN apt-get update && apt-get install curl\nCMD run it\n";
const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: tides\nspec:\n  hostNetwork: true  # seaworthy: allow host-network -- why\n  containers:\n  - name: 'ápi'\n    image: a:1.2.3\n    securityContext: {privileged: yes}\n";

fn run(root: &std::path::Path) -> Value {
    let log: Value = serde_json::from_str(&stdout(root, &["check", "--format", "sarif"])).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().ends_with("sarif-2.1.0.json"));
    assert_eq!(log["runs"].as_array().unwrap().len(), 1);
    log["runs"][0].clone()
}

#[test]
fn every_result_refers_to_a_rule_a_place_and_itself() {
    let root = repository(&[
        ("my app/Dockerfile", BUILD),
        ("pod.yaml", POD),
        ("bad.yaml", "apiVersion: v1\nkind: [\n"),
    ]);
    let run = run(root.path());
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), seaworthy::rules::ALL_RULES.len());
    for rule in rules {
        assert!(rule["shortDescription"]["text"].as_str().is_some_and(|text| text.ends_with('.')));
        assert!(
            rule["help"]["markdown"].as_str().is_some_and(|text| text.contains("## What an attacker gets"))
        );
    }
    let results = run["results"].as_array().unwrap();
    let mut prints = std::collections::BTreeSet::new();
    for result in results {
        let at = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[at]["id"], result["ruleId"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uriBaseId"], "SRCROOT");
        assert!(place["region"]["startLine"].as_u64() >= Some(1));
        assert!(prints.insert(result["partialFingerprints"]["seaworthyFinding/v1"].as_str().unwrap()));
    }
    let uris: Vec<_> = results
        .iter()
        .filter_map(|result| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str())
        .collect();
    assert!(uris.contains(&"my%20app/Dockerfile"), "{uris:?}");
    let allowed = results.iter().find(|result| result["ruleId"] == "host-network").unwrap();
    assert_eq!(allowed["suppressions"][0]["kind"], "inSource");
    assert_eq!(allowed["suppressions"][0]["justification"], "allowed by a comment: why");
    assert!(results.iter().filter(|result| result["suppressions"] == serde_json::json!([])).count() > 5);
    assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 1);
}

#[test]
fn a_fixs_replacements_make_what_fix_writes() {
    let files = [("Dockerfile", BUILD), ("pod.yaml", POD)];
    let root = repository(&files);
    let results = run(root.path())["results"].as_array().unwrap().clone();
    let mut fixes = 0;
    for result in results.iter().filter(|result| result["fixes"].is_array()) {
        let rule = result["ruleId"].as_str().unwrap();
        let alike = results.iter().filter(|other| other["ruleId"] == rule).count();
        if alike > 1 {
            continue;
        }
        let written = repository(&files);
        stdout(written.path(), &["fix", "--review", "--rule", rule]);
        for change in result["fixes"][0]["artifactChanges"].as_array().unwrap() {
            let path = change["artifactLocation"]["uri"].as_str().unwrap();
            let before = std::fs::read_to_string(root.path().join(path)).unwrap();
            let mut text = before.clone();
            for replacement in change["replacements"].as_array().unwrap().iter().rev() {
                let with = replacement["insertedContent"]["text"].as_str().unwrap();
                text.replace_range(place(&before, &replacement["deletedRegion"]), with);
            }
            assert_eq!(text, std::fs::read_to_string(written.path().join(path)).unwrap(), "{rule}");
            fixes += 1;
        }
    }
    assert!(fixes >= 5, "only {fixes} fixes were compared");
}

#[test]
fn a_clean_repository_has_an_empty_list_of_results() {
    let root = repository(&[("README.md", "nothing here")]);
    assert_eq!(run(root.path())["results"], serde_json::json!([]));
}

#[test]
fn a_finding_keeps_its_fingerprint_while_lines_move() {
    let prints = |build: &str| -> Vec<Value> {
        let root = repository(&[("Dockerfile", build)]);
        run(root.path())["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["partialFingerprints"].clone())
            .collect()
    };
    assert_eq!(prints(BUILD), prints(&format!("# more\n\n{BUILD}")));
}

#[test]
fn no_report_shows_a_secret() {
    let root = repository(&[("Dockerfile", BUILD)]);
    for format in ["text", "json", "sarif", "github"] {
        let text = stdout(root.path(), &["check", "--format", format]);
        assert!(text.contains("secret-in-build") && !text.contains("hunter2hunter2"), "{format}");
    }
}

#[test]
fn the_log_says_how_the_run_ended_what_was_read_and_what_was_not() {
    let root = repository(&[
        ("Dockerfile", BUILD),
        ("bad.yaml", "apiVersion: v1\nkind: [\n"),
        ("chart/templates/pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Name }}}\n"),
    ]);
    let run = run(root.path());
    let invocation = &run["invocations"][0];
    assert_eq!((&invocation["executionSuccessful"], &invocation["exitCode"]), (&true.into(), &1.into()));
    let said: Vec<_> = invocation["toolExecutionNotifications"]
        .as_array()
        .unwrap()
        .iter()
        .map(|said| {
            let place = &said["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            (place.as_str().unwrap(), said["level"].as_str().unwrap())
        })
        .collect();
    assert_eq!(said, [("bad.yaml", "warning"), ("chart/templates/pod.yaml", "note")]);
    assert_eq!(run["artifacts"].as_array().unwrap().len(), 3);
    let lax = stdout(root.path(), &["check", "--format", "sarif", "--fail-on", "never"]);
    assert!(lax.contains("\"exitCode\": 0"));
}

/// Code scanning takes at most 20 tags of a rule and shows 1,024 characters of its descriptions.
#[test]
fn every_rule_is_within_what_code_scanning_shows() {
    let root = repository(&[("README.md", "nothing here")]);
    let run = run(root.path());
    for rule in run["tool"]["driver"]["rules"].as_array().unwrap() {
        let text = |name: &str| rule[name]["text"].as_str().unwrap().to_owned();
        assert!(text("shortDescription").chars().count() <= 1_024, "{}", rule["id"]);
        assert!(text("fullDescription").chars().count() <= 1_024, "{}", rule["id"]);
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10);
        let (help, marked) = (text("help"), rule["help"]["markdown"].as_str().unwrap());
        assert!(!help.contains("## ") && !help.contains("```") && !help.contains("|---"), "{help}");
        assert!(marked.contains("## ") && help.contains("What an attacker gets"));
    }
}

#[test]
fn in_a_workflow_paths_begin_at_its_workspace() {
    let workspace = repository(&[("deploy/api/pod.yaml", POD)]);
    for (format, place) in [("sarif", "\"deploy/api/pod.yaml\""), ("github", "file=deploy/api/pod.yaml,")] {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_seaworthy"))
            .args(["check", "deploy", "--format", format])
            .current_dir(workspace.path())
            .env("GITHUB_WORKSPACE", workspace.path())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(place), "{text}");
    }
}

#[test]
fn only_what_is_open_is_shown_where_that_is_asked_for() {
    let root = repository(&[("pod.yaml", POD)]);
    let all = stdout(root.path(), &["check", "--format", "sarif"]);
    let open = stdout(root.path(), &["check", "--format", "sarif", "--only-open"]);
    assert!(all.contains("\"ruleId\": \"host-network\"") && !open.contains("\"ruleId\": \"host-network\""));
    assert!(open.contains("\"ruleId\": \"privileged-container\""));
    assert!(!stdout(root.path(), &["check", "--only-open"]).contains("allowed"));
}
