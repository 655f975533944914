//! What is typed and pasted: filters, reasons, and the number that only a person knows.

use seaworthy::app::{AppEffect, AppEvent, BackendMessage, BackendRequest, DialogState, PreviewState, Toast};
use seaworthy::fix::{NoPlan, RequiredValue};

use crate::fake;
use crate::stage::Stage;

fn missing() -> RequiredValue {
    RequiredValue {
        image: "docker.io/library/shop".to_owned(),
        image_text: "shop:1.2".to_owned(),
        free_uid: 43122,
        used_uids: vec![(50001, "another app here".to_owned())],
    }
}

/// A finding is selected whose fix lacks a number.
fn lacking() -> Stage {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("j j");
    let generation = stage.state.preview.generation;
    stage.hear(BackendMessage::PlanFinished { generation, plan: Err(NoPlan::from(missing())) });
    stage
}

#[test]
fn a_number_that_only_a_person_knows_is_asked_for_and_then_the_diff_is_shown() {
    let mut stage = lacking();
    assert!(stage.text().contains("f asks for it"), "{}", stage.text());
    stage.keys("f");
    assert!(stage.text().contains("43122_"), "one that is free is proposed: {}", stage.text());
    stage.effects.clear();
    stage.keys("Enter");
    let said =
        BackendRequest::SetImageUser { image: "docker.io/library/shop".to_owned(), uid: 43122, gid: 43122 };
    assert_eq!(stage.effects[0], AppEffect::Ask(said));
    assert!(matches!(stage.effects[1], AppEffect::Ask(BackendRequest::Plan { .. })), "{:?}", stage.effects);
    let wrote = stage.effects.iter().any(|effect| matches!(effect, AppEffect::Ask(BackendRequest::Write(_))));
    assert!(!wrote && stage.state.dialog.is_none());
    let generation = stage.state.preview.generation;
    let plan = fake::plan(&stage.files, &stage.state.selected_keys());
    stage.hear(BackendMessage::PlanFinished { generation, plan: Ok(plan) });
    stage.keys("f");
    assert!(stage.effects.iter().any(|effect| matches!(effect, AppEffect::Ask(BackendRequest::Write(_)))));
}

#[test]
fn a_number_that_would_be_found_again_is_not_taken() {
    for (uid, why) in [("0", "too low"), ("1000", "too low"), ("shop", "is a number"), ("70000", "too high")]
    {
        let mut stage = lacking();
        stage.keys("f Ctrl-u").typed(uid).keys("Enter");
        let Some(DialogState::ImageUser { form, .. }) = &stage.state.dialog else {
            panic!("{uid} was taken")
        };
        assert!(form.error.as_ref().is_some_and(|error| error.contains(why)), "{:?}", form.error);
    }
    let mut stage = lacking();
    stage.keys("f Ctrl-u").typed("50001");
    assert!(stage.text().contains("the user of another app here"), "{}", stage.text());
}

#[test]
fn escape_leaves_the_number_unsaid() {
    let mut stage = lacking();
    stage.keys("f Esc");
    assert!(stage.state.dialog.is_none());
    assert!(
        !stage
            .effects
            .iter()
            .any(|effect| matches!(effect, AppEffect::Ask(BackendRequest::SetImageUser { .. })))
    );
    assert!(matches!(stage.state.preview.state, PreviewState::Failed(_)));
}

#[test]
fn what_is_pasted_is_typed_and_never_a_command() {
    let mut stage = Stage::new(120, 40);
    stage.event(AppEvent::Paste("fFuq\n".to_owned()));
    assert!(stage.state.dialog.is_none());
    assert!(!stage.effects.contains(&AppEffect::Quit));
    stage.keys("/");
    stage.event(AppEvent::Paste("missing\nuser\u{1b}".to_owned()));
    assert_eq!(stage.state.filter.text(), "missing user");
    assert_eq!(stage.state.findings_list.len(), 3, "both words are in each");
    stage.keys("Esc j j i");
    stage.event(AppEvent::Paste("as agreed\r\nwith ops".to_owned()));
    assert!(
        matches!(&stage.state.dialog, Some(DialogState::SuppressReason { text, .. }) if text.text() == "as agreed with ops")
    );
}

#[test]
fn a_line_is_edited_as_in_a_shell() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("missing user");
    stage.keys("Ctrl-w");
    assert_eq!(stage.state.filter.text(), "missing ");
    stage.keys("Backspace Backspace");
    assert_eq!(stage.state.filter.text(), "missin");
    stage.keys("Ctrl-u Backspace");
    assert!(stage.state.filter_field.is_none(), "there is nothing left to take away");
}

/// What was in view stays for a moment, so that nothing flickers; it can no longer be written.
#[test]
fn the_last_diff_stays_until_the_next_is_there_or_a_moment_has_passed() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j");
    assert!(stage.text().contains("┃             readOnlyRootFilesystem:"));
    stage.answers = false;
    stage.keys("j");
    assert!(stage.text().contains("┃             readOnlyRootFilesystem:"), "{}", stage.text());
    stage.effects.clear();
    stage.keys("f");
    assert_eq!((&stage.effects[..], &stage.state.toast), (&[][..], &Some(Toast::FixPending)));
    stage.event(AppEvent::ReminderDue);
    let drawn = stage.text();
    assert!(!drawn.contains("readOnlyRootFilesystem:"), "{drawn}");
    stage.keys("j");
    assert!(!stage.text().contains("+ "), "who has waited for long is not shown the past again");
}
