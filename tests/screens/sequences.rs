//! Keys that are pressed one after the other: what may follow is shown at once, and nothing happens by halves.

use insta::assert_snapshot;
use seaworthy::app::{
    AppEffect, AppEvent, BackendRequest, DialogState, MouseEvent, MouseKind, Toast, UserConfig,
};

use crate::stage::Stage;

/// The program with the user's own keys.
fn with_keys(keys: &str, width: u16, height: u16) -> Stage {
    let mut stage = Stage::new(width, height);
    stage.state.config = UserConfig::parse_toml(&format!("[keys]\n{keys}"));
    assert_eq!(stage.state.config.problems, []);
    stage
}

fn footer(stage: &mut Stage) -> String {
    stage.text().lines().last().unwrap().to_owned()
}

fn has_written(stage: &Stage) -> bool {
    stage.effects.iter().any(|effect| matches!(effect, AppEffect::Ask(BackendRequest::Write(_))))
}

#[test]
fn the_first_key_waits_and_the_second_acts() {
    let mut stage = Stage::new(120, 40);
    stage.keys("G");
    let bottom = stage.state.findings_cursor.row;
    stage.keys("g");
    assert_eq!((stage.state.findings_cursor.row, stage.state.pending_keys.len()), (bottom, 1));
    stage.keys("g");
    assert_eq!((stage.state.findings_cursor.row, stage.state.pending_keys.len()), (0, 0));
    stage.keys("G Home");
    assert_eq!(stage.state.findings_cursor.row, 0, "Home is one key");
}

#[test]
fn what_may_follow_is_in_the_footer_at_once() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = Stage::new(width, height);
        assert_snapshot!(format!("sequence-begun-{width}x{height}"), stage.keys("j g").text());
    }
}

#[test]
fn an_unbound_key_and_escape_leave_it_and_say_so() {
    let mut stage = Stage::new(120, 40);
    let before = stage.keys("j j").state.findings_cursor.row;
    stage.keys("g j");
    assert!(footer(&mut stage).contains("Nothing on gj; : lists all keys."), "{}", stage.text());
    assert_eq!(stage.state.findings_cursor.row, before, "the second key does not count alone");
    stage.keys("j");
    assert_eq!(stage.state.findings_cursor.row, before + 1, "the next one does");
    stage.keys("/").typed("user").keys("Enter g Esc");
    assert!(matches!(stage.state.toast, Some(Toast::SequenceLeft(_))) && stage.state.filter.text() == "user");
    assert!(footer(&mut stage).contains("g was left; nothing was done."), "{}", stage.text());
    stage.keys("Esc");
    assert_eq!(stage.state.filter.text(), "", "the next Esc is one again");
}

#[test]
fn the_way_out_is_never_barred_and_a_click_begins_anew() {
    let mut stage = Stage::new(120, 40);
    stage.keys("g Ctrl-c");
    assert!(stage.effects.contains(&AppEffect::Quit));
    stage.keys("g").event(AppEvent::Mouse(MouseEvent { kind: MouseKind::Press, column: 3, row: 30 }));
    assert!(stage.state.pending_keys.is_empty());
}

#[test]
fn the_users_own_sequences_are_in_footer_and_help() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut stage = with_keys("down = [\"g j\"]\nfix = \"g f\"\n", width, height);
        let first = stage.state.findings_cursor.row;
        stage.keys("j");
        assert_eq!(stage.state.findings_cursor.row, first, "j is bound to nothing now");
        stage.keys("g j");
        assert_eq!(stage.state.findings_cursor.row, first + 1);
        assert!(footer(&mut stage).contains(" gf fix "), "{}", stage.text());
        stage.keys("g");
        assert_snapshot!(format!("sequences-of-ones-own-{width}x{height}"), stage.text());
        stage.keys("Esc ?");
        let help = stage.text();
        assert!(help.contains("gf ") && help.contains("Write the diff in view"), "{help}");
    }
}

/// `gy` copies; only a `y` by itself says yes.
#[test]
fn the_end_of_a_sequence_is_no_answer() {
    let mut stage = with_keys("copy = \"g y\"\nnext = \"y n\"\n", 120, 40);
    stage.breaking = Some("writable-root-filesystem");
    crate::every::ask_about_breaking(&mut stage);
    assert!(matches!(stage.state.dialog, Some(DialogState::ConfirmFix { .. })));
    stage.pass_pages();
    stage.keys("g y");
    assert!(stage.state.dialog.is_none() && !has_written(&stage), "any other key is a no");
    for _ in 0..9 {
        if stage.state.dialog.is_none() {
            stage.keys("f");
        }
    }
    stage.pass_pages();
    stage.keys("y");
    assert!(has_written(&stage), "and where it is an answer, it begins nothing");
}

#[test]
fn what_is_typed_begins_nothing() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("gg");
    assert_eq!((stage.state.filter.text(), stage.state.pending_keys.len()), ("gg", 0));
    stage.keys("Esc j j i").typed("gone by Friday");
    assert!(stage.text().contains("> gone by Friday_"), "{}", stage.text());
}

#[test]
fn it_scrolls_what_lies_over_the_panes_too() {
    let mut stage = Stage::new(80, 24);
    stage.keys("?").text();
    stage.keys("G").text();
    let scrolled = |stage: &Stage| match stage.state.dialog {
        Some(DialogState::Help { scroll, .. }) => scroll,
        _ => panic!("the help is open"),
    };
    assert!(scrolled(&stage) > 0);
    stage.keys("g");
    assert!(stage.text().contains("g  First line"), "{}", stage.text());
    stage.keys("g");
    assert_eq!(scrolled(&stage), 0);
}
