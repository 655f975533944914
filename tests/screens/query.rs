//! The search: it finds what it says, says what it does not know, and offers what is there.

use proptest::prelude::*;
use seaworthy::app::{AppEffect, BackendMessage, BackendRequest, FixRiskClass, ListNode, SearchMiss};
use seaworthy::finding::{FindingKey, Severity};

use crate::fake;
use crate::looks::assert_looks;
use crate::stage::Stage;

/// The rules and files that the list shows.
fn found(stage: &Stage) -> Vec<(&'static str, String)> {
    let rows = stage.state.findings_list.rows.iter().filter(|row| row.expanded.is_none());
    let keys = rows.filter_map(|row| match stage.state.findings_list.node_of_row(&stage.state.index, row) {
        ListNode::Finding(key) => Some((key.rule, key.path.to_string())),
        _ => None,
    });
    keys.collect()
}

fn rules(stage: &Stage) -> Vec<&'static str> {
    found(stage).into_iter().map(|(rule, _)| rule).collect()
}

fn search(text: &str) -> Stage {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed(text);
    stage
}

#[test]
fn a_search_that_is_opened_again_goes_on_with_a_word_of_its_own() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("path:api").keys("Enter /").typed("sev:high").keys("Enter");
    assert_eq!(stage.state.filter.text(), "path:api sev:high");
    assert!(!stage.state.findings_list.is_empty());
    stage.keys("/ Enter");
    assert_eq!(stage.state.filter.text(), "path:api sev:high", "nothing typed changes nothing");
}

#[test]
fn a_word_is_never_found_letter_by_letter() {
    assert_eq!(rules(&search("seccomp")), ["missing-seccomp"; 2]);
    let mut stage = search("wrfs");
    assert_eq!(rules(&stage), [] as [&str; 0]);
    assert!(stage.text().contains("No finding has wrfs: 0 of 19"), "{}", stage.text());
}

#[test]
fn every_word_must_occur_in_rule_theme_object_path_or_message() {
    assert_eq!(rules(&search("seccomp nightly")), ["missing-seccomp"], "a rule and an object");
    assert_eq!(rules(&search("TOKEN cronjob.yaml")), ["service-account-token-mounted"], "a theme and a path");
    assert_eq!(rules(&search("\"signals go\"")), ["shell-form-command"], "a message");
    assert_eq!(rules(&search("seccomp !nightly")).len(), 1);
    assert_eq!(rules(&search("\"go signals\"")).len(), 0);
}

#[test]
fn each_field_finds_what_it_names() {
    let all = search("").state.index.entries.len();
    let severities = |text| {
        let stage = search(text);
        let entries = stage.state.index.entries.iter().filter(|entry| stage.state.is_shown(entry));
        let mut severities: Vec<Severity> = entries.map(|entry| entry.severity).collect();
        severities.sort_unstable();
        severities.dedup();
        severities
    };
    assert_eq!(severities("sev>=high"), [Severity::High]);
    assert_eq!(severities("sev:low,high"), [Severity::Low, Severity::High]);
    assert_eq!(severities("!sev:high"), [Severity::Low, Severity::Medium]);
    let count = |text: &str| search(text).state.findings_list.len();
    assert_eq!(count("theme:identity"), 7);
    assert_eq!(count("rule:missing-user"), 1);
    assert_eq!((count("rule:missing"), count("rule=missing")), (11, 0));
    assert_eq!(count("kind:Dockerfile"), 3);
    assert_eq!(count("kind:CronJob"), count("path:jobs/"));
    assert_eq!(count("app:api"), count("path:api/"), "with the Dockerfile that builds it");
    assert_eq!(count("is:fixable") + count("!is:fixable"), all);
    assert_eq!(count("is:new"), 0);
    assert_eq!(count("sev:"), all, "nothing is said yet");
}

#[test]
fn what_changed_and_what_is_new_is_found_and_follows() {
    let mut stage = search("is:changed");
    assert_eq!(rules(&stage).len(), 0);
    assert!(stage.text().contains("Git tells nothing"), "{}", stage.text());
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"]"));
    assert!(found(&stage).iter().all(|(_, path)| path == "api/Dockerfile") && rules(&stage).len() == 2);
    stage.edit("api/Dockerfile", fake::DOCKERFILE);
    stage.keys("Esc /").typed("is:new");
    assert_eq!(rules(&stage).len(), 0, "it was there at first");
    let mut files = fake::files();
    let mended = fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"]");
    files.insert("api/Dockerfile".into(), mended);
    let mut stage = Stage::with(files, 120, 40);
    stage.edit("api/Dockerfile", fake::DOCKERFILE);
    stage.keys("/").typed("is:new");
    assert_eq!(rules(&stage), ["shell-form-command"]);
}

#[test]
fn with_git_what_changed_is_what_is_not_as_it_was_committed() {
    let mut stage = search("is:changed");
    let read = |path: &str| BackendMessage::ChangesRead {
        revision: "HEAD".to_owned(),
        files: Ok([path.into()].into()),
    };
    stage.hear(read("api/Dockerfile"));
    assert!(found(&stage).iter().all(|(_, path)| path == "api/Dockerfile") && !rules(&stage).is_empty());
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"]"));
    stage.hear(read("jobs/nightly/cronjob.yaml"));
    assert!(
        found(&stage).iter().all(|(_, path)| path == "jobs/nightly/cronjob.yaml")
            && !rules(&stage).is_empty()
    );
}

#[test]
fn a_revision_is_asked_for_once_it_is_typed_whole() {
    let mut stage = search("since:main");
    let asked = |stage: &Stage| {
        let asked = stage.effects.iter().filter_map(|effect| match effect {
            AppEffect::Ask(BackendRequest::CompareRevision { revision }) => Some(revision.clone()),
            _ => None,
        });
        asked.collect::<Vec<_>>()
    };
    assert_eq!(asked(&stage), [] as [&str; 0], "each letter would be another one");
    stage.keys("Enter");
    assert_eq!(asked(&stage), ["main"]);
    let files = Ok(["api/Dockerfile".into()].into());
    stage.hear(BackendMessage::ChangesRead { revision: "main".to_owned(), files });
    assert!(found(&stage).iter().all(|(_, path)| path == "api/Dockerfile") && !rules(&stage).is_empty());
    stage.keys("/ Ctrl-u").typed("!since:main").keys("Enter");
    assert!(found(&stage).iter().all(|(_, path)| path != "api/Dockerfile") && !rules(&stage).is_empty());
    assert_eq!(asked(&stage), ["main"], "it is known");
    stage.keys("/ Ctrl-u").typed("since:gone").keys("Enter");
    let files = Err("git knows no revision `gone` here".to_owned());
    stage.hear(BackendMessage::ChangesRead { revision: "gone".to_owned(), files });
    assert!(stage.text().contains("since:gone: git knows no revision `gone` here."), "{}", stage.text());
    stage.keys("/ Ctrl-u").typed("since:--output=x").keys("Enter");
    assert_eq!(asked(&stage), ["main", "gone"], "what is no name of a revision is never handed on");
}

#[test]
fn the_risk_of_fixes_is_asked_for_once_it_is_searched_for() {
    let mut stage = Stage::new(120, 40);
    stage.breaking = Some("writable-root-filesystem");
    let asked = |stage: &Stage| {
        let is_about_risk =
            |effect: &&AppEffect| matches!(effect, AppEffect::Ask(BackendRequest::AssessRisks { .. }));
        stage.effects.iter().filter(is_about_risk).count()
    };
    stage.keys("/").typed("seccomp");
    assert_eq!(asked(&stage), 0, "nobody wanted to know");
    stage.keys("Ctrl-u").typed("risk:will");
    assert_eq!((rules(&stage), asked(&stage)), (vec!["writable-root-filesystem"], 1));
    stage.keys("Ctrl-u").typed("risk:none");
    assert_eq!((rules(&stage), asked(&stage)), (vec!["missing-seccomp"; 2], 1));
    stage.keys("Ctrl-u").typed("risk:by-hand");
    assert_eq!(rules(&stage), ["unpinned-image", "shell-form-command"]);
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"]"));
    assert_eq!((rules(&stage), asked(&stage)), (vec!["unpinned-image"], 2), "what changed is asked anew");
}

#[test]
fn what_is_not_weighed_yet_is_not_found_and_said() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("/").typed("risk:none");
    assert_eq!(rules(&stage).len(), 0);
    assert!(stage.text().contains("fixes weighed in 0 of 3 files"), "{}", stage.text());
    let seccomp = |key: &&FindingKey| key.rule == "missing-seccomp";
    let keys: Vec<FindingKey> = stage.state.index.entries.iter().map(|entry| entry.key.clone()).collect();
    let key = keys.iter().find(seccomp).unwrap().clone();
    let paths = vec![key.path.clone()];
    stage.hear(BackendMessage::RisksAssessed { paths, classes: vec![(key, FixRiskClass::None)] });
    assert_eq!(rules(&stage), ["missing-seccomp"]);
    assert!(stage.text().contains("fixes weighed in 1 of 3 files"), "{}", stage.text());
}

#[test]
fn an_unknown_field_or_value_is_said_under_the_line() {
    for (width, height) in [(120, 40), (80, 24), (60, 15)] {
        for (text, words) in [
            ("sev:hihg", "sev: has no value hihg; perhaps high"),
            ("ruel:root", "No field is named ruel: looked for as text"),
            ("rule>=root", "rule>= compares nothing"),
            ("risk:no,maybe", "risk: has no value maybe"),
        ] {
            let mut stage = Stage::new(width, height);
            stage.keys("/").typed(text);
            assert!(stage.text().contains(words), "{text}\n{}", stage.text());
            assert_eq!(stage.state.findings_list.len(), 0);
        }
    }
    let mut stage = search("sev:hihg");
    stage.keys("Enter");
    assert!(stage.text().contains("sev: has no value hihg"), "after it is typed, too: {}", stage.text());
}

#[test]
fn a_word_that_is_a_value_is_offered_with_its_field() {
    let mut stage = search("high");
    assert_eq!(
        stage.state.facts.search_miss,
        Some(SearchMiss::Term { text: "high".into(), suggestion: Some("sev:high".into()) })
    );
    assert!(stage.text().contains("No finding has high: 0 of 19  Tab sev:high"), "{}", stage.text());
    stage.keys("Tab");
    assert_eq!((stage.state.filter.text(), stage.state.findings_list.len()), ("sev:high ", 4));
    let mut stage = search("new");
    stage.keys("Tab");
    assert_eq!(stage.state.filter.text().trim(), "is:new");
    let mut stage = search("nothing seccomp");
    assert!(stage.text().contains("Each word") || stage.text().contains("No finding has nothing"));
    stage.keys("Ctrl-u").typed("seccomp user");
    assert!(
        stage.text().contains("Each word finds something, but nothing has all of them"),
        "{}",
        stage.text()
    );
}

#[test]
fn what_the_minimum_severity_hides_is_said() {
    let mut stage = Stage::new(120, 40);
    stage.keys("s s s /").typed("seccomp");
    assert!(stage.text().contains("Nothing at high or above; 2 below (s shows them)"), "{}", stage.text());
    stage.keys("Ctrl-u").typed("root");
    assert!(stage.text().contains("H↑"), "{}", stage.text());
}

#[test]
fn tab_takes_what_is_really_there() {
    let mut stage = search("ri");
    stage.keys("Tab");
    assert_eq!(stage.state.filter.text(), "risk:");
    stage.typed("w").keys("Tab");
    assert_eq!(stage.state.filter.text(), "risk:will-break ", "one candidate is taken whole");
    stage.keys("Ctrl-u").typed("seccomp !kind:").keys("Tab");
    assert_eq!(stage.state.filter.text(), "seccomp !kind:CronJob");
    stage.keys("Tab");
    assert_eq!(stage.state.filter.text(), "seccomp !kind:Deployment");
    stage.keys("Tab Shift-Tab Shift-Tab");
    assert_eq!(stage.state.filter.text(), "seccomp !kind:CronJob");
    stage.keys("Ctrl-u").typed("sev:c").keys("Tab");
    assert_eq!(stage.state.filter.text(), "sev:c", "nothing here is critical");
    stage.keys("Ctrl-u").typed("path:night root").keys("Home Ctrl-Right Ctrl-Right Ctrl-Right Tab");
    assert_eq!(stage.state.filter.text(), "path:jobs/nightly/cronjob.yaml root", "within the line");
}

#[test]
fn the_arrows_go_through_the_searches_before() {
    let mut stage = search("seccomp");
    stage.keys("Enter Esc /").typed("user").keys("Enter / Ctrl-u").typed("dra");
    stage.keys("Up");
    assert_eq!((stage.state.filter.text(), rules(&stage).len()), ("user", 3));
    stage.keys("Up");
    assert_eq!(stage.state.filter.text(), "seccomp");
    stage.keys("Up Down Down");
    assert_eq!(stage.state.filter.text(), "dra", "what was typed comes back");
}

#[test]
fn the_words_never_vanish() {
    for (width, height) in [(30, 6), (60, 15), (80, 24), (100, 30), (120, 40), (200, 60)] {
        for keys in ["Enter", "Enter 1", "Enter 3", "Enter 4", "Enter d", "Enter d d"] {
            let mut stage = Stage::new(width, height);
            stage.keys("/").typed("missing-s").keys(keys);
            let drawn = stage.text();
            assert!(drawn.contains("/missing-s"), "{width} by {height} after {keys}\n{drawn}");
        }
    }
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("missing theme:privileges !path:nothing sev:m").keys("Enter");
    let drawn = stage.text();
    assert!(drawn.contains("/missing") && drawn.contains("sev:m") && drawn.contains("2 of 19"), "{drawn}");
}

#[test]
fn the_list_stays_whole_beneath_the_line() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("seccomp");
    let drawn = stage.text();
    for row in ["Deployment/api", "missing-seccomp", "CronJob/nightly"] {
        assert!(drawn.contains(row), "{drawn}");
    }
}

#[test]
fn pictures_of_the_search() {
    assert_looks("search-candidates", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.keys("/").typed("sev>=medium risk:");
        stage
    });
    assert_looks("search-no-hit", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.keys("/").typed("missing high");
        stage
    });
    assert_looks("search-kept", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.keys("/").typed("missing theme:privileges").keys("Enter");
        stage
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However a search is typed, it finds what the whole text finds.
    #[test]
    fn typed_letter_by_letter_it_finds_the_same(
        terms in prop::collection::vec(
            prop_oneof![
                "!?(sev|is|risk|theme|rule|app|kind|path)(:|=|>=)[a-z]{0,3}(,[a-z]{1,2})?",
                "!?\"?[a-z]{1,3} ?[a-z]{0,2}\"?",
            ],
            0..4,
        ),
        deleted in 0_usize..6,
    ) {
        let text = terms.join(" ");
        let mut stage = search(&text);
        for _ in 0..deleted {
            stage.keys("Left");
        }
        for _ in 0..deleted.min(2) {
            if stage.state.filter_field.as_ref().is_some_and(|field| !field.split_at_cursor().0.is_empty()) {
                stage.keys("Backspace");
            }
        }
        let shown: usize = stage.state.index.entries.iter().filter(|entry| stage.state.is_shown(entry)).count();
        prop_assert_eq!(stage.state.findings_list.len(), shown, "{:?}", stage.state.filter.text());
        let drawn = stage.text();
        let count = format!("{shown} of {}", stage.state.index.entries.len());
        prop_assert!(drawn.contains(&count), "{}", drawn);
    }
}
