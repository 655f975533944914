//! A fix that would break the program: asked about by itself, and left out of all that is wider.

use seaworthy::app::{AppEffect, BackendRequest};

use crate::real::Demo;
use crate::stage::{Stage, text};

const RULE: &str = "writable-root-filesystem";

/// The little world with the finding of that rule selected.
fn on_the_finding(width: u16, height: u16) -> Stage {
    let mut stage = Stage::new(width, height);
    stage.breaking = Some(RULE);
    stage.keys("/").typed("writable-root").keys("enter");
    let selected = |stage: &Stage| {
        stage.state.is_single_finding()
            && stage.state.current_finding().is_some_and(|entry| entry.key.rule == RULE)
    };
    for _ in 0..20 {
        if selected(&stage) {
            break;
        }
        stage.keys("j");
    }
    assert!(selected(&stage), "{}", stage.text());
    stage.effects.clear();
    // What it was asked before nobody knew of a risk.
    stage.keys("k").keys("j");
    stage
}

fn writes(stage: &Stage) -> usize {
    stage.effects.iter().filter(|effect| matches!(effect, AppEffect::Ask(BackendRequest::Write(_)))).count()
}

#[test]
fn f_repeats_the_evidence_and_writes_nothing_without_a_yes() {
    let mut stage = on_the_finding(160, 50);
    assert!(stage.text().contains("✗ will break"), "{}", stage.text());
    for no in ["enter", "esc", "n", "q"] {
        stage.keys("f");
        let asked = stage.text();
        assert!(asked.contains("This fix would break the program"), "{asked}");
        assert!(asked.contains("/data") && asked.contains("(api/app.py:7:5)"), "{asked}");
        assert!(asked.contains("y/N"), "{asked}");
        stage.keys(no);
        assert!(!stage.text().contains("y/N"), "{no}");
    }
    assert_eq!(writes(&stage), 0);
    stage.keys("f y");
    assert_eq!(writes(&stage), 1);
    assert!(stage.files[&"api/deploy.yaml".into()].contains("readOnlyRootFilesystem: true"));
}

#[test]
fn any_other_key_is_a_no_and_the_better_way_is_offered_first() {
    let mut stage = on_the_finding(160, 50);
    stage.keys("f");
    let asked = stage.text();
    let better = asked.find("Better: i allows it here").unwrap();
    assert!(better < asked.find("y/N").unwrap(), "{asked}");
    stage.keys("x");
    assert!(stage.state.dialog.is_none(), "any other key");
    stage.keys("f i");
    let reason = stage.text();
    assert!(reason.contains("the program writes `/data`"), "{reason}");
    stage.keys("Esc f enter");
    assert!(stage.text().contains("line 7 of api/app.py"), "{}", stage.text());
    assert_eq!(writes(&stage), 0);
}

#[test]
fn the_question_stands_on_a_small_screen_too() {
    let mut stage = on_the_finding(80, 24);
    stage.keys("f");
    if stage.state.dialog.is_none() {
        // Out of sight the fix is shown first.
        stage.keys("f");
    }
    let asked = stage.text();
    assert!(asked.contains("would break the program") && asked.contains("y/N"), "{asked}");
    assert_eq!(writes(&stage), 0);
}

#[test]
fn wide_fixes_leave_it_out_and_say_how_many() {
    let mut stage = Stage::new(160, 50);
    stage.breaking = Some(RULE);
    stage.keys("F F");
    let asked = stage.text();
    assert!(asked.contains("Will break 1: never in a stage"), "{asked}");
    stage.keys("W");
    assert_eq!(writes(&stage), 0, "not all of it was shown");
    crate::staging::see_all(&mut stage);
    stage.keys("W");
    assert_eq!(writes(&stage), 1);
    let written = &stage.files[&"api/deploy.yaml".into()];
    assert!(written.contains("runAsNonRoot: true") && !written.contains("readOnlyRootFilesystem: true"));
}

#[test]
fn where_a_person_must_decide_the_finding_and_its_place_are_read_under_the_list() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - name: a\n    image: a:1\n  \
               volumes:\n  - name: node\n    hostPath: {path: /etc}\n";
    let mut demo = Demo::of(&[("pod.yaml", pod.to_owned())], 80, 24);
    demo.keys("2 / h o s t - p a t h enter j j j");
    let text = text(&demo.buffer());
    assert!(demo.state.is_single_finding(), "{text}");
    assert!(text.contains("pod.yaml:10") && text.contains("A person has to decide this one"), "{text}");
    assert!(text.contains("of the node stands inside the pod"), "{text}");
}
