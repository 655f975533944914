//! Every rule: its page, its pairs of fixtures, its rows in the mapping to other tools.
//!
//! A rule's fixtures lie in `tests/fixtures/rules/<id>/`. Each is a small file, or a folder where a rule needs several,
//! named `<what-it-shows>.bad.…` or `<what-it-shows>.good.…`: `pod-level.bad.yaml`, `inherited.good.Dockerfile`,
//! `linked.bad/`.

use std::collections::BTreeSet;

use seaworthy::rules::{ALL_RULES, PageNames, Rule};

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

/// True where a word stands in the text by itself; `/api/v1` is a path of the API.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back().is_some_and(|c| is_part(c) || c == '-');
        let after = text[at + word.len()..].chars().next().is_some_and(|c| is_part(c) || c == '/');
        !before && !after
    })
}

#[test]
fn a_page_holds_no_name_of_its_example_where_the_finding_has_its_own() {
    let named = |kind: &str| PageNames {
        kind: Some(kind.to_owned()),
        name: Some("ledger".to_owned()),
        container: Some("books".to_owned()),
        namespace: Some("bank".to_owned()),
        path: Some("k8s/ledger.yml".to_owned()),
        variable: Some("PIN".to_owned()),
        ids: Some(("51515".to_owned(), "52525".to_owned())),
    };
    for rule in ALL_RULES {
        let page = named("StatefulSet").fill_page(rule.text);
        for stranger in
            ["api", "shop", "deploy.yaml", "43122", "DB_PASSWORD", "deploy/api", "deployment.apps"]
        {
            assert!(!has_word(&page, stranger), "{}: {stranger}\n{page}", rule.id);
        }
        assert_eq!(PageNames::default().fill_page(rule.text), rule.text, "{}", rule.id);
    }
    let page = |id| named("StatefulSet").fill_page(seaworthy::rules::find_rule(id).unwrap().text);
    let root = page("may-run-as-root");
    assert!(
        root.contains("$ kubectl set image statefulset/ledger books=registry.example/ledger:1.4-debug"),
        "{root}"
    );
    assert!(root.contains("statefulset.apps/ledger image updated"), "{root}");
    let group = page("missing-run-as-group");
    assert!(group.contains("runAsUser: 51515\n  runAsGroup: 52525"), "{group}");
    let nightly = named("CronJob").fill_page(seaworthy::rules::find_rule("may-run-as-root").unwrap().text);
    assert!(nightly.contains("kubectl exec POD -- id -u"), "kubectl enters no CronJob: {nightly}");
}

#[test]
fn a_name_that_would_be_a_command_is_not_put_into_a_page() {
    let names = PageNames {
        name: Some("$(reboot)".to_owned()),
        path: Some("a b; reboot.yaml".to_owned()),
        container: Some("\u{1b}[2J".to_owned()),
        kind: Some("--all".to_owned()),
        ..PageNames::default()
    };
    for rule in ALL_RULES {
        assert_eq!(names.fill_page(rule.text), rule.text);
    }
}
