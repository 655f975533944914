//! SARIF 2.1.0 by its specification, and GitHub's workflow commands by theirs.

use serde_json::Value;

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

/// The place of a region in a text, found anew from its lines and columns.
fn place(text: &str, region: &Value) -> std::ops::Range<usize> {
    let number = |name: &str| usize::try_from(region[name].as_u64().unwrap()).unwrap();
    let offset = |line: usize, column: usize| {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        start + text[start..].chars().take(column - 1).map(char::len_utf8).sum::<usize>()
    };
    offset(number("startLine"), number("startColumn"))..offset(number("endLine"), number("endColumn"))
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
    assert_eq!(rules.len(), seaworthy::rules::ALL.len());
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
    assert_eq!(allowed["suppressions"][0]["justification"], "allowed by comment: why");
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
fn an_annotation_is_one_line_with_its_place() {
    let root =
        repository(&[("a,b:c/Dockerfile", "FROM base:1.2.3\nUSER root\nCMD [\"x\"]\n"), ("pod.yaml", POD)]);
    let text = stdout(root.path(), &["check", "--format", "github"]);
    let line = text.lines().find(|line| line.contains("title=root-user")).unwrap();
    let begin =
        "::error file=a%2Cb%3Ac/Dockerfile,line=2,endLine=2,col=6,endColumn=10,title=root-user (high)::";
    assert!(line.starts_with(begin), "{line}");
    assert!(
        text.lines().all(|line| ["::error ", "::warning ", "::notice "].iter().any(|c| line.starts_with(c)))
    );
    assert!(!text.contains("host-network"), "what is allowed is not annotated");
}
