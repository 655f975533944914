//! What is kept quiet: folded and counted at the end of the list, shown with the reason, fixed all the same when asked.

use insta::assert_snapshot;
use seaworthy::app::{AppEffect, BackendRequest, ListNode};

use crate::real::Demo;
use crate::stage::text;

/// The demo with one exception, all else known, and one thing new.
fn quiet() -> Demo {
    let mut demo = Demo::new(120, 40);
    let comment = "# hadolint ignore=DL3025\n";
    demo.edit("Dockerfile", "CMD ", &format!("{comment}CMD "));
    demo.edit("deploy.yaml", "      containers:\n", "      # seaworthy: allow host-network -- reads the node's counters\n      hostNetwork: true\n      containers:\n");
    demo.take_down();
    demo.edit("deploy.yaml", "      containers:\n", "      hostPID: true\n      containers:\n");
    demo
}

fn selected(demo: &Demo) -> Option<&'static str> {
    match &demo.state.selected_node {
        Some(ListNode::Finding(key)) => Some(key.rule),
        _ => None,
    }
}

#[test]
fn it_stands_folded_and_counted_below_what_is_open() {
    let mut demo = quiet();
    assert_snapshot!("folded", text(&demo.buffer()));
    demo.keys("G k Enter j");
    assert_snapshot!("allowed", text(&demo.buffer()));
}

#[test]
fn what_the_baseline_knows_is_fixed_when_it_is_asked_for() {
    let mut demo = quiet();
    let before = demo.state.index.suppressed.len();
    demo.keys("G Enter j");
    let rule = selected(&demo).unwrap();
    assert!(demo.state.preview.writable_plan().is_some(), "{rule}: {:?}", demo.state.preview.state);
    assert_snapshot!("known", text(&demo.buffer()));
    demo.keys("f");
    assert!(demo.state.index.suppressed.len() < before);
    assert_ne!(selected(&demo), Some(rule));
}

#[test]
fn what_is_allowed_says_so_instead_of_a_fix() {
    let mut demo = quiet();
    demo.keys("G k Enter j f");
    assert!(!demo.effects().iter().any(|effect| matches!(effect, AppEffect::Ask(BackendRequest::Write(_)))));
    assert_snapshot!("refused", text(&demo.buffer()).lines().last().unwrap());
}

#[test]
fn everything_that_is_quiet_is_fixed_only_after_a_question() {
    let mut demo = quiet();
    demo.keys("G f");
    assert_snapshot!("asked", text(&demo.buffer()));
}

#[test]
fn what_was_just_allowed_leaves_the_reader_in_place() {
    let mut demo = quiet();
    demo.keys("g g");
    let row = demo.state.findings_cursor.row;
    demo.edit("deploy.yaml", "      hostPID", "      # seaworthy: allow host-pid -- traces\n      hostPID");
    assert_eq!(demo.state.findings_cursor.row, row.min(demo.state.findings_list.rows.len() - 1));
    assert_eq!(demo.state.findings_list.len(), 0);
    assert_eq!(demo.state.findings_list.rows.len(), 2);
}
