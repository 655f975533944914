//! `rules`, `explain`, `completions` and `man`.

use seaworthy::rules::ALL;
use serde_json::Value;

use super::run;

fn out(args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let ran = run(args, home.path());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

#[test]
fn every_rule_is_listed_and_explained() {
    let listed = out(&["rules"]);
    let json: Value = serde_json::from_str(&out(&["rules", "--format", "json"])).unwrap();
    assert_eq!((listed.lines().count(), json.as_array().unwrap().len()), (ALL.len(), ALL.len()));
    for (rule, (line, entry)) in ALL.iter().zip(listed.lines().zip(json.as_array().unwrap())) {
        assert!(line.starts_with(rule.id) && line.ends_with(rule.page().summary), "{line}");
        assert_eq!(
            (entry["id"].as_str(), entry["severity"].as_str()),
            (Some(rule.id), Some(rule.severity.name()))
        );
    }
    assert!(out(&["explain", "low-uid"]).starts_with("# low-uid\n"));
}

#[test]
fn there_are_completions_and_a_manual() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(out(&["completions", shell]).contains("explain"), "{shell}");
    }
    assert!(out(&["man"]).contains(".TH seaworthy"));
}
