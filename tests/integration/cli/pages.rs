//! `rules`, `explain`, `completions` and `man`.

use seaworthy::rules::ALL_RULES;
use serde_json::Value;

use super::out;

#[test]
fn every_rule_is_listed_and_explained() {
    let listed = out(&["rules"]);
    let json: Value = serde_json::from_str(&out(&["rules", "--format", "json"])).unwrap();
    assert_eq!((listed.lines().count(), json.as_array().unwrap().len()), (ALL_RULES.len(), ALL_RULES.len()));
    for (rule, (line, entry)) in ALL_RULES.iter().zip(listed.lines().zip(json.as_array().unwrap())) {
        assert!(line.starts_with(rule.id) && line.ends_with(rule.parse_page().summary), "{line}");
        assert_eq!(
            (entry["id"].as_str(), entry["severity"].as_str()),
            (Some(rule.id), Some(rule.severity.name()))
        );
    }
    assert!(out(&["explain", "low-uid"]).starts_with("# low-uid\n"));
}

#[test]
fn completions_and_the_manual_are_as_they_were() {
    for shell in ["bash", "zsh", "fish"] {
        insta::assert_snapshot!(format!("completions_{shell}"), out(&["completions", shell]));
    }
    insta::assert_snapshot!("manual", out(&["man"]));
}
