//! What is typed and pasted: filters, reasons, and the number that only a person knows.

use seaworthy::app::{AppEffect, AppEvent, BackendMessage, BackendRequest, DialogState, Toast};
use seaworthy::fix::{NoPlan, PlanValueKind, RequiredValue};
use seaworthy::settings::{SettingsChange, ValueChoice};

use crate::fake;
use crate::looks::assert_looks;
use crate::stage::Stage;

fn missing() -> RequiredValue {
    RequiredValue {
        image: "docker.io/library/shop".to_owned(),
        image_text: "shop:1.2".to_owned(),
        free_uid: 43122,
        used_uids: vec![(50001, "another app here".to_owned())],
        will_break: false,
        evidence: Vec::new(),
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

/// The fix with a free number, as it comes once that was chosen for the time being.
fn provisional(stage: &mut Stage) {
    stage.keys("f");
    stage.hear_values("        runAsUser: 43122", &[PlanValueKind::Uid]);
}

fn asked(stage: &Stage) -> Vec<&BackendRequest> {
    let requests = stage.effects.iter().filter_map(|effect| match effect {
        AppEffect::Ask(request) => Some(request),
        _ => None,
    });
    requests.collect()
}

fn user(uid: u32) -> Vec<ValueChoice> {
    vec![ValueChoice::User { key: "docker.io/library/shop".to_owned(), uid, gid: uid }]
}

#[test]
fn a_number_that_only_a_person_knows_has_a_field_in_the_diff_with_a_free_one() {
    let mut stage = lacking();
    assert!(stage.text().contains("f asks for it"), "{}", stage.text());
    stage.effects.clear();
    provisional(&mut stage);
    let sent = asked(&stage);
    assert!(
        matches!(&sent[0], BackendRequest::SetValues { choices, .. } if *choices == user(43122)),
        "{sent:?}"
    );
    assert!(matches!(sent[1], BackendRequest::Plan { .. }), "{sent:?}");
    assert!(stage.text().contains("runAsUser: ⟦43122_⟧"), "{}", stage.text());
    // As it is, it is taken, and nothing is written before another f.
    stage.effects.clear();
    stage.keys("Enter");
    assert!(stage.state.dialog.is_none() && stage.effects.is_empty(), "{:?}", stage.effects);
    assert!(stage.text().contains("runAsUser: 43122"), "{}", stage.text());
    stage.keys("f");
    assert!(matches!(asked(&stage)[0], BackendRequest::Write(_)), "{:?}", stage.effects);
}

#[test]
fn a_number_that_would_be_found_again_is_not_taken() {
    for (uid, why) in [("0", "too low"), ("1000", "too low"), ("shop", "is a number"), ("70000", "too high")]
    {
        let mut stage = lacking();
        provisional(&mut stage);
        stage.keys("Ctrl-u").typed(uid).keys("Enter");
        let Some(DialogState::Values(editor)) = &stage.state.dialog else { panic!("{uid} was taken") };
        assert!(editor.error.as_ref().is_some_and(|error| error.contains(why)), "{:?}", editor.error);
        let text = stage.text();
        assert!(text.contains(why) && text.contains(&format!("⟦{uid}_⟧")), "the field keeps it: {text}");
    }
    let mut stage = lacking();
    provisional(&mut stage);
    stage.keys("Ctrl-u").typed("50001");
    assert!(stage.text().contains("the user of another app here"), "{}", stage.text());
}

#[test]
fn escape_leaves_it_as_it_was() {
    let mut stage = lacking();
    provisional(&mut stage);
    stage.effects.clear();
    stage.keys("Esc");
    assert!(stage.state.dialog.is_none());
    let sent = asked(&stage);
    assert!(
        matches!(sent[..], [BackendRequest::RestoreValues { .. }, BackendRequest::Plan { .. }]),
        "{sent:?}"
    );
}

#[test]
fn what_is_typed_is_proven_by_a_fix_made_anew_and_a_refusal_keeps_the_field() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("j j j");
    stage.hear_values("        runAsUser: 43122", &[PlanValueKind::Uid]);
    stage.keys("v Backspace Backspace").typed("99");
    stage.effects.clear();
    stage.keys("Enter");
    let sent = asked(&stage);
    assert!(
        matches!(&sent[0], BackendRequest::SetValues { choices, .. } if *choices == user(43199)),
        "{sent:?}"
    );
    assert!(stage.text().contains("is being made"), "{}", stage.text());
    let generation = stage.state.preview.generation;
    let no_plan = NoPlan::from("the volume belongs to another user");
    stage.hear(BackendMessage::PlanFinished { generation, plan: Err(no_plan) });
    assert!(stage.text().contains("The volume belongs to another user."), "{}", stage.text());
    stage.keys("Backspace").typed("8");
    let Some(DialogState::Values(editor)) = &stage.state.dialog else { panic!("it is left") };
    assert_eq!(editor.error, None, "a new try is no error");
    stage.keys("Enter");
    stage.hear_values("        runAsUser: 43198", &[PlanValueKind::Uid]);
    assert!(stage.state.dialog.is_none(), "{}", stage.text());
    assert!(stage.text().contains("runAsUser: 43198"), "{}", stage.text());
}

#[test]
fn a_fix_that_writes_another_value_than_the_typed_one_says_so() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("j j j");
    stage.hear_values("        runAsUser: 43122", &[PlanValueKind::Uid]);
    stage.keys("v Backspace").typed("3").keys("Enter");
    stage.hear_values("        runAsUser: 43122", &[PlanValueKind::Uid]);
    assert!(
        stage.text().contains("the uid would be 43122") || stage.text().contains("The uid would be 43122"),
        "{}",
        stage.text()
    );
}

#[test]
fn keys_go_through_fields_and_suggestions_and_the_gid_follows_until_it_is_typed() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("j j j");
    stage.hear_values(
        "        runAsUser: 43122\n        runAsGroup: 43122",
        &[PlanValueKind::Uid, PlanValueKind::Gid],
    );
    stage.keys("v Down");
    let text = stage.text();
    assert!(text.contains("runAsUser: ⟦65532_⟧") && text.contains("runAsGroup: ⟦65532⟧"), "{text}");
    stage.keys("Ctrl-u").typed("45678");
    assert!(stage.text().contains("runAsGroup: ⟦45678⟧"), "{}", stage.text());
    stage.keys("Tab Ctrl-u").typed("45679").keys("Tab Backspace").typed("7");
    let text = stage.text();
    assert!(text.contains("runAsUser: ⟦45677_⟧") && text.contains("runAsGroup: ⟦45679⟧"), "{text}");
    stage.keys("Up");
    assert!(
        stage.text().contains("runAsUser: ⟦65532_⟧"),
        "from none of them, up is the last: {}",
        stage.text()
    );
    stage.keys("Tab Tab Shift-Tab");
    assert!(stage.text().contains("gid, 2 of 2"), "{}", stage.text());
}

#[test]
fn fields_that_are_wanted_while_the_fix_is_made_open_with_it() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("j j j v");
    assert!(!stage.text().contains("⟦"), "{}", stage.text());
    stage.hear_values("        runAsUser: 43122", &[PlanValueKind::Uid]);
    assert!(stage.text().contains("runAsUser: ⟦43122_⟧"), "{}", stage.text());
}

/// The change of the settings that is awaited comes.
fn hear_settings(stage: &mut Stage) {
    let generation = stage.state.preview.generation;
    let plan = Ok(fake::settings_plan());
    stage.hear(BackendMessage::PlanFinished { generation, plan });
}

fn ask_to_keep(stage: &mut Stage) {
    stage.answers = false;
    stage.keys("j j j");
    stage.hear_values(
        "        runAsUser: 43122\n        runAsGroup: 43122",
        &[PlanValueKind::Uid, PlanValueKind::Gid],
    );
    stage.keys("v Down Ctrl-s");
    hear_settings(stage);
}

#[test]
fn values_are_kept_for_the_repository_once_the_change_of_its_settings_was_seen() {
    let mut stage = Stage::new(120, 40);
    ask_to_keep(&mut stage);
    let sent = asked(&stage);
    let planned = sent.iter().find_map(|request| match request {
        BackendRequest::PlanSettings { change: SettingsChange::Values(choices), .. } => Some(choices),
        _ => None,
    });
    assert_eq!(planned, Some(&user(65532)), "{sent:?}");
    assert!(!sent.iter().any(|request| matches!(request, BackendRequest::SetValues { .. })), "{sent:?}");
    assert!(stage.text().contains("\"docker.io/library/shop\" = [65532, 65532]"), "{}", stage.text());
    stage.effects.clear();
    stage.keys("n");
    assert!(stage.text().contains("runAsUser: ⟦65532_⟧"), "no goes back to the fields: {}", stage.text());
    assert!(!asked(&stage).iter().any(|request| matches!(request, BackendRequest::Write(_))));
    stage.keys("Ctrl-s");
    hear_settings(&mut stage);
    stage.text();
    stage.effects.clear();
    stage.keys("y");
    let sent = asked(&stage);
    assert!(
        matches!(&sent[0], BackendRequest::ForgetValues { choices } if *choices == user(65532)),
        "{sent:?}"
    );
    assert!(matches!(&sent[1], BackendRequest::Write(plan) if *plan == fake::settings_plan()), "{sent:?}");
    assert!(stage.state.dialog.is_none());
}

#[test]
fn a_value_that_cannot_be_taken_is_not_kept_either() {
    let mut stage = Stage::new(120, 40);
    stage.answers = false;
    stage.keys("j j j");
    stage.hear_values("        runAsUser: 43122", &[PlanValueKind::Uid]);
    stage.keys("v Ctrl-u").typed("7").keys("Ctrl-s");
    let Some(DialogState::Values(editor)) = &stage.state.dialog else { panic!("it was taken") };
    assert!(editor.error.as_ref().is_some_and(|error| error.contains("too low")), "{:?}", editor.error);
}

#[test]
fn fields_and_the_question_about_the_settings_in_every_look() {
    assert_looks("value-fields", |width, height| {
        let mut stage = Stage::new(width, height);
        stage.answers = false;
        stage.keys("j j j");
        let lines = "        runAsUser: 43122\n        runAsGroup: 43122";
        stage.hear_values(lines, &[PlanValueKind::Uid, PlanValueKind::Gid]);
        stage.keys("v Ctrl-u").typed("50001").keys("Left Left");
        stage
    });
    assert_looks("value-kept", |width, height| {
        let mut stage = Stage::new(width, height);
        ask_to_keep(&mut stage);
        stage
    });
}

#[test]
fn a_fix_without_a_value_says_that_there_is_none() {
    let mut stage = Stage::new(120, 40);
    stage.keys("j j v");
    assert!(stage.text().contains("no value here could be another"), "{}", stage.text());
    assert!(stage.state.dialog.is_none());
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
    assert_eq!(stage.effects, [AppEffect::AwaitToastEnd], "nothing is written");
    assert_eq!(stage.state.toast, Some(Toast::FixPending));
    stage.event(AppEvent::ReminderDue);
    let drawn = stage.text();
    assert!(!drawn.contains("readOnlyRootFilesystem:"), "{drawn}");
    stage.keys("j");
    assert!(!stage.text().contains("+ "), "who has waited for long is not shown the past again");
}
