//! What makes it pleasant: places that are kept, words that help, secrets that stay secret.

use seaworthy::app::{AppEffect, AppEvent, DialogState, KeyPress, ListNode, Toast};

use crate::fake;
use crate::real::Demo;
use crate::stage::{Stage, text};

const SECRET: &str = "
apiVersion: v1
kind: Pod
metadata: {name: shop, namespace: shop}
spec:
  containers:
  - name: shop
    image: shop:1.2.3
    env:
    - name: DB_PASSWORD
      value: hunter2-and-more
    - name: API_TOKEN
      value: \"swordfish\"
    - name: MODE
      value: plain
    securityContext: {privileged: true}
";

fn selected(node: Option<&ListNode>) -> &'static str {
    match node {
        Some(ListNode::Finding(key)) => key.rule,
        other => panic!("no finding is selected but {other:?}"),
    }
}

#[test]
fn what_is_taken_back_is_selected_again() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j f");
    assert_eq!(stage.state.selected_node, None, "it is mended, and its place is kept");
    stage.keys("u");
    assert_eq!(selected(stage.state.selected_node.as_ref()), "writable-root-filesystem");
}

#[test]
fn what_a_filter_found_stays_selected_without_it() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("memory-limit").keys("Enter Esc");
    assert_eq!(selected(stage.state.selected_node.as_ref()), "missing-memory-limit");
    assert!(!stage.state.filter.is_active());
}

#[test]
fn what_changed_meanwhile_is_said_when_the_window_is_come_back_to() {
    let mut stage = Stage::new(120, 40);
    stage.event(AppEvent::FocusLost);
    stage.event(AppEvent::FocusGained);
    assert_eq!(stage.state.toast, None, "nothing did");
    stage.event(AppEvent::FocusLost);
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"] #"));
    stage.event(AppEvent::FocusGained);
    assert!(matches!(stage.state.toast, Some(Toast::WhileAway { new: 0, resolved: 1, .. })));
    assert!(stage.text().contains("While you were away: 0 new, 1 resolved"));
}

#[test]
fn the_help_shows_the_keys_that_are_looked_for() {
    let mut stage = Stage::new(120, 60);
    let drawn = stage.keys("? /").typed("undo").text();
    assert!(drawn.contains("Take the last fix back") && !drawn.contains("Half a page down"), "{drawn}");
    stage.keys("Esc");
    assert!(stage.text().contains("Half a page down"));
    stage.keys("Esc");
    assert_eq!(stage.state.dialog, None);
}

/// Escapes, anchors and quotes make another text of a value than it is.
#[test]
fn a_secret_is_hidden_in_diffs_however_it_is_written() {
    let json = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[
{"name":"c","image":"x:1","securityContext":{"privileged":true},"env":[{"name":"DB_PASSWORD","value":"swordfish-1"},
{"name":"T_TOKEN","value":"hunter2\u0073ecretXYZ"}]}]}}
"#;
    let yaml = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: c\n    image: x:1\n    \
        env:\n    - name: DB_PASSWORD\n      value: swordfish-1\n    - {name: C_PASSWORD, value: &p hunter2secretXYZ}\n    \
        - {name: D_SECRET, value: 'hun''ter2secretXYZ'}\n    securityContext:\n      privileged: true\n";
    for (path, content) in [("pod.json", json), ("pod.yaml", yaml)] {
        let mut demo = Demo::of(&[(path, content.to_owned())], 80, 40);
        demo.keys("/");
        for letter in "privileged-container".chars() {
            demo.event(AppEvent::Key(KeyPress::from_char(letter)));
        }
        demo.keys("Enter d");
        let drawn = text(&demo.buffer());
        assert!(!drawn.contains("XYZ"), "{path}: {drawn}");
        let effects = demo.keys("y").effects();
        let copied = effects.iter().find_map(|effect| match effect {
            AppEffect::Copy(text) => Some(text.clone()),
            _ => None,
        });
        let copied = copied.unwrap();
        assert!(copied.contains("privileged") && !copied.contains("XYZ"), "{path}: {copied}");
    }
}

#[test]
fn a_secret_is_seen_in_the_source_alone() {
    let mut demo = Demo::of(&[("pod.yaml", SECRET.trim_start().to_owned())], 80, 40);
    demo.keys("/");
    for letter in "privileged-container".chars() {
        demo.event(AppEvent::Key(KeyPress::from_char(letter)));
    }
    demo.keys("Enter d");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("privileged: false"), "{drawn}");
    assert!(drawn.contains("value: \"sw…\"") && drawn.contains("value: plain"), "{drawn}");
    assert!(!drawn.contains("swordfish") && !drawn.contains("hunter2"), "{drawn}");
    let effects = demo.keys("y").effects();
    let copied = effects.iter().find_map(|effect| match effect {
        AppEffect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.unwrap();
    assert!(copied.contains("privileged: false"), "{copied}");
    assert!(!copied.contains("swordfish") && !copied.contains("hunter2"), "{copied}");
    demo.keys("d 3");
    assert!(text(&demo.buffer()).contains("value: hunter2-and-more"));
}

/// What is written has to be seen, and the name of a file is not what stands in it.
#[test]
fn the_name_of_a_secret_file_is_shown_in_the_fix() {
    let dockerfile = "FROM alpine:3.20\nADD secret.txt /root/secret.txt\nUSER 40000:40000\n";
    let mut demo = Demo::of(&[("Dockerfile", dockerfile.to_owned())], 80, 24);
    demo.keys("F F");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("COPY secret.txt /root/secret.txt"), "{drawn}");
}

#[test]
fn a_fix_that_lacks_a_value_says_how_to_find_it() {
    let mut demo = Demo::new(120, 40);
    demo.keys("/");
    for letter in "unpinned".chars() {
        demo.event(AppEvent::Key(KeyPress::from_char(letter)));
    }
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("f asks its registry about"), "{drawn}");
    demo.keys("Enter F r");
    assert!(
        matches!(demo.state.dialog, Some(DialogState::Lookup(_))),
        "what registries have is asked for: {}",
        text(&demo.buffer())
    );
}

#[test]
fn a_plan_that_is_turned_away_from_is_called_off() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    let latest = |stage: &Stage| {
        let mut generations = stage.effects.iter().filter_map(|effect| match effect {
            AppEffect::Ask(request) => request.generation(),
            _ => None,
        });
        generations.next_back()
    };
    stage.keys("F F");
    let far = latest(&stage);
    stage.keys("Esc");
    let one = latest(&stage);
    assert!(one > far, "it is asked for something else");
    stage.keys("o o g g");
    assert!(latest(&stage) > one, "of a rule everywhere no plan is made unasked");
}
