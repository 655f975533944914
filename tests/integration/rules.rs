//! Every rule: its page, its pairs of fixtures, its rows in the mapping to other tools.
//!
//! A rule's fixtures lie in `tests/fixtures/rules/<id>/`. Each is a small file, or a folder where a rule needs several,
//! named `<what-it-shows>.bad.…` or `<what-it-shows>.good.…`: `pod-level.bad.yaml`, `inherited.good.Dockerfile`,
//! `linked.bad/`.

use std::collections::BTreeSet;

use seaworthy::rules::{ALL_RULES, Rule};

use crate::support::{entries, findings, fixtures, lay_out};

/// The sections of a page, in their order.
const SECTIONS: [&str; 6] = [
    "What it is",
    "What an attacker gets",
    "What the fix changes",
    "When it can break",
    "References",
    "In other tools",
];

#[test]
fn every_rule_fires_on_its_bad_fixtures_and_is_silent_on_its_good_ones() {
    let mut wrong = Vec::new();
    for rule in ALL_RULES {
        let (mut bad, mut good) = (0, 0);
        let folder = fixtures().join("rules").join(rule.id);
        for fixture in if folder.is_dir() { entries(&folder) } else { Vec::new() } {
            let name = fixture.file_name().unwrap().to_string_lossy().into_owned();
            let fires = findings(lay_out(&fixture).path()).iter().any(|finding| finding.rule == rule.id);
            match name.split('.').nth(1) {
                Some("bad") => bad += 1,
                Some("good") => good += 1,
                _ => wrong.push(format!("{}/{name} is neither bad nor good", rule.id)),
            }
            if fires != name.contains(".bad") {
                wrong.push(format!("{}/{name}: {}", rule.id, if fires { "fires" } else { "is silent" }));
            }
        }
        if bad == 0 || good == 0 {
            wrong.push(format!("{} has {bad} bad and {good} good fixtures", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_whole_page() {
    for rule in ALL_RULES {
        let page = rule.parse_page();
        assert_eq!(page.title, rule.id);
        assert!(page.summary.ends_with('.') && page.summary.len() <= 110, "{}: {}", rule.id, page.summary);
        assert_eq!(page.sections.iter().map(|s| s.heading).collect::<Vec<_>>(), SECTIONS, "{}", rule.id);
        let nobody = page.section_body("In other tools") == Some("No other tool has this rule.");
        assert!(nobody == page.tool_ids().is_empty(), "{}: its mapping to other tools", rule.id);
    }
}

#[test]
fn ids_are_unique_and_each_fixture_folder_belongs_to_a_rule() {
    let ids: BTreeSet<&str> = ALL_RULES.iter().map(|rule: &&Rule| rule.id).collect();
    assert_eq!(ids.len(), ALL_RULES.len());
    for folder in entries(&fixtures().join("rules")) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(ids.contains(name.as_str()), "tests/fixtures/rules/{name} belongs to no rule");
    }
}
