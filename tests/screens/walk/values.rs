//! Values of a person's own: typed where they stand in the change, judged while they are typed, and what is then written.

use insta::assert_snapshot;
use seaworthy::app::{AppEvent, DialogState};
use tempfile::TempDir;

use super::walker::Walker;
use super::{DEPLOYMENT, DOCKERFILE};

const DIGEST: &str = "sha256:9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c9c";

#[test]
fn a_tag_and_a_digest_that_are_typed_in_are_written() {
    let mut walker = Walker::demo(80, 30);
    walker.keys("6 v Ctrl-u").typed("3.13.1-alpine3.21").keys("Tab").typed(DIGEST);
    assert_snapshot!("walk-takes-a-digest", walker.text());
    walker.keys("Enter");
    assert!(walker.text().contains("python is what has sha256:9c9c9c9c9c9c…"), "{}", walker.text());
    walker.write();
    assert!(walker.read("Dockerfile").starts_with(&format!("FROM python:3.13.1-alpine3.21@{DIGEST}\n")));
    assert_eq!(walker.read("deploy.yaml"), DEPLOYMENT, "of the other image nothing was said");
}

#[test]
fn a_digest_may_be_pasted_with_the_name_before_it_and_keeps_the_tag() {
    let mut walker = Walker::demo(80, 24);
    walker.keys("6 v Tab Tab Tab").typed(&format!("registry.example/tides@{DIGEST}")).keys("Enter").write();
    let pinned = format!("        image: registry.example/tides:latest@{DIGEST}\n");
    assert!(walker.read("deploy.yaml").contains(&pinned), "{}", walker.read("deploy.yaml"));
}

#[test]
fn a_value_is_fixed_where_it_is_wrong_and_the_cursor_is_seen_there() {
    let mut walker = Walker::demo(80, 24);
    walker.keys("6 v Ctrl-u").typed("3.1-alpine").keys("Home Right Right Delete");
    let text = walker.text();
    assert!(text.contains("3.│-alpine"), "{text}");
    walker.typed("13").keys("Tab");
    assert!(walker.text().contains("⟦3.13-alpine⟧"), "only the value that has the keys has a cursor");
    walker.keys("Shift-Tab Enter").write();
    assert!(
        walker.read("Dockerfile").starts_with("FROM python:3.13-alpine\n"),
        "{}",
        walker.read("Dockerfile")
    );
}

#[test]
fn a_letter_takes_the_place_of_a_suggestion_and_arrows_keep_it() {
    let mut walker = Walker::demo(80, 24);
    let shows = |walker: &mut Walker, keys: &str, typed: &str, field: &str| {
        let text = walker.keys(keys).typed(typed).text();
        assert!(text.contains(field), "{keys} {typed}: {field} is not in\n{text}");
    };
    shows(&mut walker, "5 v", "2", "⟦2_⟧");
    shows(&mut walker, "Tab Shift-Tab", "5", "⟦25_⟧");
    shows(&mut walker, "Up", "", "⟦500m_⟧");
    shows(&mut walker, "Up", "7", "⟦7_⟧");
    for (keys, typed, field) in [
        ("v End", "0", "⟦500m0_⟧"),
        ("v Home", "1", "⟦1│500m⟧"),
        ("v Left", "5", "⟦5005│m⟧"),
        ("v Backspace", "", "⟦500_⟧"),
        ("v Ctrl-u", "", "⟦_⟧"),
    ] {
        walker.keys("Esc");
        shows(&mut walker, keys, typed, field);
    }
    // A paste is typed, too.
    walker.keys("Esc v").event(AppEvent::Paste("750m".to_owned()));
    shows(&mut walker, "Enter", "", "750m");
    assert!(walker.state.dialog.is_none());
}

#[test]
fn what_is_refused_at_enter_says_so_under_its_field_in_the_panes_and_in_the_walk() {
    let user = format!("{DOCKERFILE}USER 43122:43122\n");
    for (width, height) in [(80, 24), (120, 40)] {
        for (dockerfile, rule, chapter, typed, reason) in [
            (DOCKERFILE, "missing-cpu-limit", "5", "9999", "! 9999 of cpu is more than a node has"),
            (&*user, "missing-run-as-user", "2", "50000", "! Dockerfile:10 has decided the uid, 43122"),
        ] {
            for walks in [false, true] {
                let (root, kept) = (TempDir::new().unwrap(), TempDir::new().unwrap());
                std::fs::write(root.path().join("Dockerfile"), dockerfile).unwrap();
                std::fs::write(root.path().join("deploy.yaml"), DEPLOYMENT).unwrap();
                let mut walker = Walker::explore(root, kept, width, height);
                match walks {
                    true => walker.keys("w").keys(chapter),
                    false => walker.keys("/").typed(rule).keys("Enter"),
                };
                let text = walker.keys("v").typed(typed).keys("Enter").text();
                let field = text.lines().position(|line| line.contains(&format!("⟦{typed}_⟧")));
                let field = field.unwrap_or_else(|| panic!("no field at {width}x{height}:\n{text}"));
                let below = text.lines().nth(field + 1).unwrap();
                assert!(below.contains(reason), "{width}x{height}, walks {walks}:\n{text}");
                assert_eq!(walker.read("deploy.yaml"), DEPLOYMENT);
            }
        }
    }
}

#[test]
fn what_was_refused_gives_way_to_what_was_planned() {
    let bounds = "        resources:\n          requests:\n            memory: 512Mi\n        ports:\n";
    let own = DEPLOYMENT.replace("        ports:\n", bounds);
    let mut walker = Walker::new(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", &own)], 120, 40);
    let before = walker.keys("5").text();
    assert!(before.contains("memory: 512Mi"), "{before}");
    // A limit below the request of the file would be refused by the API server.
    walker.keys("v Tab").typed("256Mi").keys("Enter");
    assert!(walker.text().contains("would be 512Mi"), "{}", walker.text());
    walker.typed("x").keys("Ctrl-u").typed("512Mi").keys("Enter");
    assert!(walker.state.dialog.is_none(), "{}", walker.text());
    assert_eq!(walker.text(), before);
}

#[test]
fn a_reason_to_skip_is_edited_as_any_other_line() {
    let mut walker = Walker::demo(80, 24);
    walker.keys("4 s").typed("calls the API").keys("Home").typed("it ");
    assert!(walker.text().contains("> it │calls the API"), "{}", walker.text());
    walker.keys("Enter");
    assert_eq!(walker.skips.values().map(String::as_str).collect::<Vec<_>>(), ["it calls the API"]);
}

#[test]
fn a_tag_may_come_before_its_digest() {
    let mut walker = Walker::demo(80, 24);
    walker.keys("6 v Tab Tab Ctrl-u").typed("1.0.3").keys("Enter").write();
    assert!(walker.read("deploy.yaml").contains("image: registry.example/tides:1.0.3\n"));
    let text = walker.text();
    assert!(text.contains("! 6 image") && text.contains("tides:1.0.3 is not pinned"), "{text}");
}

#[test]
fn what_is_no_digest_and_no_tag_is_refused_with_the_reason() {
    let mut walker = Walker::demo(80, 24);
    let text = walker.keys("6 v Tab").typed("sha256:12ab").text();
    assert!(text.contains("4 of 64 hex digits."), "{text}");
    let text = walker.typed("X").text();
    assert!(text.contains("X is no lower-case hex digit."), "{text}");
    let text = walker.keys("Enter").text();
    assert!(text.contains("is no digest: that is sha256: and 64 hex digits"), "{text}");
    let text = walker.keys("Ctrl-u Shift-Tab").typed("/").text();
    assert!(text.contains("A tag is at most 128 of"), "{text}");
    assert_eq!(walker.keys("Esc").read("Dockerfile"), DOCKERFILE);
}

#[test]
fn a_uid_that_another_app_has_is_doubted_while_it_is_typed() {
    let other = DEPLOYMENT.replace("tides", "moon");
    let taken = "FROM alpine:3.21.0\nUSER 45678:45678\n";
    let files = [
        ("moon/Dockerfile", taken),
        ("moon/deploy.yaml", &other),
        ("tides/Dockerfile", DOCKERFILE),
        ("tides/deploy.yaml", DEPLOYMENT),
    ];
    let mut walker = Walker::new(&files, 80, 24);
    walker.keys("g g Enter v Ctrl-u").typed("45678");
    assert_snapshot!("walk-doubts-a-uid", walker.text());
    let text = walker.keys("Backspace").typed("9").text();
    assert!(text.contains("45679 is nobody's"), "{text}");
}

#[test]
fn paths_are_suggested_with_their_evidence_added_and_removed() {
    let dockerfile = DOCKERFILE.replace("ENV PYTHON", "VOLUME /var/lib/tides\nENV PYTHON");
    let mut walker = Walker::new(&[("Dockerfile", &dockerfile), ("deploy.yaml", DEPLOYMENT)], 80, 24);
    let text = walker.keys("3 v").text();
    assert!(text.contains("⟦/tmp_⟧") && text.contains("nearly every program wants it"), "{text}");
    let text = walker.keys("Tab").text();
    assert!(text.contains("/var/lib/tides Dockerfile:8 names it"), "{text}");
    walker.keys("Shift-Tab Ctrl-u Tab Tab").typed("/var/cache/tides").keys("Tab").typed("proc");
    assert_snapshot!("walk-takes-paths", walker.text());
    let text = walker.keys("Enter").text();
    assert!(text.contains("proc is no path to a folder"), "{text}");
    walker.keys("Ctrl-u Enter").write();
    let manifest = walker.read("deploy.yaml");
    assert!(
        manifest.contains("mountPath: /var/cache/tides") && manifest.contains("mountPath: /var/lib/tides")
    );
    assert!(!manifest.contains("mountPath: /tmp"), "{manifest}");
}

#[test]
fn bounds_stand_beside_what_the_other_workloads_have() {
    let bounds = "        resources:\n          limits:\n            cpu: \"1\"\n            memory: 1Gi\n        ports:\n";
    let other = DEPLOYMENT.replace("tides", "moon").replace("        ports:\n", bounds);
    let files = [("moon.yaml", &*other), ("tides/Dockerfile", DOCKERFILE), ("tides/deploy.yaml", DEPLOYMENT)];
    let mut walker = Walker::new(&files, 80, 24);
    walker.keys("g g Enter 5 v");
    assert_snapshot!("walk-takes-bounds", walker.text());
    let text = walker.keys("Ctrl-u").typed("50m").keys("Enter").text();
    assert!(text.contains("The cpu request is above its limit"), "{text}");
    walker.keys("Ctrl-u").typed("750m").keys("Enter").write();
    assert!(walker.read("tides/deploy.yaml").contains("cpu: 750m"));
}

#[test]
fn each_container_has_paths_of_its_own() {
    let second = "      containers:\n      - name: side\n        image: busybox:1.37.0\n";
    let two = DEPLOYMENT.replace("      containers:\n", second);
    let mut walker = Walker::new(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", &two)], 80, 24);
    walker.keys("3 v Tab").typed("/side").keys("Enter").write();
    let manifest = walker.read("deploy.yaml");
    assert!(manifest.contains("mountPath: /side"), "{manifest}");
    assert_eq!(manifest.matches("mountPath: /tmp").count(), 2, "{manifest}");
}

#[test]
fn the_field_that_has_the_keys_is_in_sight_at_every_size() {
    let dockerfile = DOCKERFILE.replace("ENV PYTHON", "VOLUME /var/lib/tides\nENV PYTHON");
    let mut walker = Walker::new(&[("Dockerfile", &dockerfile), ("deploy.yaml", DEPLOYMENT)], 80, 24);
    for (width, height) in [(40, 8), (60, 15), (80, 24), (100, 20), (120, 40), (200, 60)] {
        walker.event(AppEvent::Resize(width, height));
        for chapter in ["1", "2", "3", "5", "6"] {
            walker.keys(chapter).keys("v");
            let Some(DialogState::Values(editor)) = &walker.state.dialog else {
                panic!("no field in {chapter}")
            };
            for at in 0..editor.fields.len() {
                let text = walker.text();
                assert!(
                    text.contains("_⟧") || text.contains("_\n") || text.contains("_│"),
                    "{at} of {chapter} at {width}x{height}: {text}"
                );
                assert!(text.contains("⟦"), "{at} of {chapter} at {width}x{height}: {text}");
                walker.keys("Tab");
            }
            walker.keys("Esc");
        }
    }
}

#[test]
fn the_key_that_writes_asks_for_the_value_that_is_lacking() {
    let mut walker = Walker::new(&[("deploy.yaml", DEPLOYMENT)], 120, 40);
    let text = walker.keys("2 f").text();
    assert!(text.contains("runAsUser: ⟦") && text.contains("free in this repository"), "{text}");
    assert_eq!(walker.keys("Enter").read("deploy.yaml"), DEPLOYMENT);
    walker.write();
    assert!(walker.read("deploy.yaml").contains("runAsUser: "), "{}", walker.read("deploy.yaml"));
}

#[test]
fn leaving_the_fields_takes_back_what_was_chosen_for_the_time_being() {
    let mut walker = Walker::new(&[("deploy.yaml", DEPLOYMENT)], 120, 40);
    let before = walker.keys("2").text();
    assert!(before.contains("No change yet"), "{before}");
    let text = walker.keys("v").text();
    assert!(text.contains("runAsUser: ⟦") && text.contains("free in this repository"), "{text}");
    assert_eq!(walker.keys("Esc").text(), before);
    walker.keys("v Enter").write();
    assert!(walker.read("deploy.yaml").contains("runAsUser: "), "{}", walker.read("deploy.yaml"));
}

#[test]
fn a_refused_value_stays_in_its_field_and_leaving_writes_the_default() {
    let mut walker = Walker::demo(120, 40);
    let default = walker.keys("5").text();
    walker.keys("v Ctrl-u").typed("1Gi").keys("Enter");
    assert!(walker.text().contains("of cpu is more than a node has"), "{}", walker.text());
    walker.keys("Ctrl-u").typed("0.0001").keys("Enter");
    assert!(walker.text().contains("finer than 1m"), "{}", walker.text());
    assert_eq!(walker.keys("Esc").text(), default);
}
