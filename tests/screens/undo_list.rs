//! `U`: what can be taken back, each write with its diff, a step or a hunk of it.

use seaworthy::app::{
    AppEffect, AppEvent, BackendMessage, BackendRequest, DialogState, KeyPress, MouseEvent, MouseKind,
    UndoList,
};
use seaworthy::fix::UndoScope;
use seaworthy::repo::{FilePatch, JournalRecord};
use seaworthy::text::SourceText;

use crate::fake;
use crate::looks::assert_looks;
use crate::stage::Stage;

/// Three steps: a fix, a larger one that the deployment has moved on from in part, and one that was undone.
pub(crate) fn three_steps(width: u16, height: u16) -> Stage {
    let mut stage = Stage::new(width, height);
    let record = |number, title: &str, path: &str, before: String, after: String, is_undone| JournalRecord {
        number,
        title: title.to_owned(),
        written: std::time::SystemTime::UNIX_EPOCH,
        is_undone,
        patches: vec![FilePatch {
            path: path.into(),
            before: SourceText::new(before),
            after: SourceText::new(after),
        }],
    };
    let now = fake::DEPLOYMENT.to_owned();
    let before = now
        .replace("name: api", "name: old")
        .replace("      containers:", "      hostPID: true\n      containers:");
    let written = now.replacen("name: api", "name: written", 1);
    let docker = fake::DOCKERFILE.to_owned();
    let undone = docker.replacen("CMD", "USER 43122\nCMD", 1);
    stage.records = vec![
        record(3, "Run as 43122", "api/Dockerfile", docker.clone(), undone, true),
        record(2, "Names, and no hostPID", "api/deploy.yaml", before, written, false),
        record(1, "", "api/Dockerfile", docker.replacen("COPY", "ADD", 1), docker, false),
    ];
    stage.keys("U");
    stage
}

fn list(stage: &Stage) -> &UndoList {
    match &stage.state.dialog {
        Some(DialogState::UndoList(list)) => list,
        other => panic!("no list but {other:?}"),
    }
}

fn taken_back(stage: &Stage) -> Vec<UndoScope> {
    let scopes = stage.effects.iter().filter_map(|effect| match effect {
        AppEffect::Ask(BackendRequest::TakeBack(scope)) => Some(*scope),
        _ => None,
    });
    scopes.collect()
}

#[test]
fn the_list_at_every_size() {
    assert_looks("undo-list", |width, height| {
        let mut stage = three_steps(width, height);
        stage.keys("j Enter j");
        stage
    });
}

/// A click on a step selects it, one on a hunk of its diff has `u` take that one back.
#[test]
fn steps_and_hunks_are_chosen_with_the_mouse() {
    for size in [(120, 40), (80, 24)] {
        let mut stage = three_steps(size.0, size.1);
        let click = |stage: &mut Stage, words: &str| {
            let text = stage.text();
            let (row, line) = text.lines().enumerate().find(|(_, line)| line.contains(words)).expect(words);
            let cells = line[..line.find(words).unwrap()].chars().count();
            let at = |n: usize| u16::try_from(n).unwrap();
            stage.event(AppEvent::Mouse(MouseEvent {
                kind: MouseKind::Press,
                column: at(cells),
                row: at(row),
            }));
        };
        click(&mut stage, "Names, and no");
        assert_eq!((list(&stage).row, list(&stage).hunk), (1, None), "{size:?}");
        click(&mut stage, "hunk 1");
        assert_eq!((list(&stage).row, list(&stage).hunk), (1, Some(0)), "{size:?}\n{}", stage.text());
        click(&mut stage, "Run as 43122");
        assert_eq!((list(&stage).row, list(&stage).hunk), (0, None), "{size:?}");
    }
}

#[test]
fn the_newest_write_stands_first_with_its_diff_beside_it() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("rule:missing-seccomp");
    stage.keys("Enter f U");
    let text = stage.text();
    assert!(text.contains("What can be taken back") && text.contains("14:05"), "{text}");
    assert!(
        text.contains("seccompProfile: {type: RuntimeDefault}") && text.contains("stands at line"),
        "{text}"
    );
    assert!(text.contains("1/1"), "{text}");
}

#[test]
fn a_step_is_taken_back_by_u_and_a_hunk_by_its_number() {
    let mut stage = three_steps(120, 40);
    stage.keys("G u");
    assert_eq!(taken_back(&stage), [UndoScope::Step(1)]);
    stage.keys("k Enter");
    let hunks = list(&stage).hunk_count();
    assert!(hunks >= 2, "{hunks}");
    let standing =
        list(&stage).selected_step().unwrap().hunks().position(|hunk| hunk.refusal.is_none()).unwrap();
    for _ in 0..standing {
        stage.keys("j");
    }
    stage.keys("u");
    assert_eq!(taken_back(&stage), [UndoScope::Step(1), UndoScope::Hunk(2, standing)]);
}

#[test]
fn what_was_changed_since_says_so_and_stays() {
    let mut stage = three_steps(120, 40);
    stage.keys("j Enter");
    let text = stage.text();
    assert!(text.contains("stays: its lines, or those around them, were changed since"), "{text}");
    stage.keys("G u");
    assert_eq!(taken_back(&stage), []);
    assert!(stage.text().contains("Nothing was written: its lines"), "{}", stage.text());
    stage.keys("Esc g g u");
    assert_eq!(taken_back(&stage), [], "it was undone already");
    assert!(stage.text().contains("Ctrl-r"), "{}", stage.text());
}

#[test]
fn a_key_that_is_held_down_takes_nothing_back() {
    let mut stage = three_steps(120, 40);
    stage.keys("G");
    stage.event(AppEvent::KeyRepeat(KeyPress::from_char('u')));
    assert_eq!(taken_back(&stage), []);
}

#[test]
fn the_list_is_read_anew_when_something_was_written_and_keeps_its_place() {
    let mut stage = three_steps(120, 40);
    stage.keys("j");
    let before = stage.effects.len();
    stage.edit("api/deploy.yaml", &fake::DEPLOYMENT.replace("replicas: 2", "replicas: 3"));
    assert!(stage.effects[before..].contains(&AppEffect::Ask(BackendRequest::ListUndo)));
    assert_eq!(list(&stage).selected_step().unwrap().number, 2);
    stage.hear(BackendMessage::StepTakenBack {
        files: vec!["api/deploy.yaml".into()],
        left: vec!["api/deploy.yaml: the lines of hunk 1 were changed since".into()],
    });
    let text = stage.text();
    assert!(text.contains("1 hunk stays: api/deploy.yaml: the lines of hunk 1"), "{text}");
}

#[test]
fn esc_leaves_the_hunks_and_then_the_list() {
    let mut stage = three_steps(80, 24);
    stage.keys("j Enter Esc");
    assert_eq!(list(&stage).hunk, None);
    stage.keys("Esc");
    assert!(stage.state.dialog.is_none());
    stage.keys("U U");
    assert!(stage.state.dialog.is_none(), "the key that opens it closes it");
}

#[test]
fn nothing_written_is_said_so() {
    let mut stage = Stage::new(80, 24);
    assert!(stage.keys("U").text().contains("Nothing was written here yet"));
    stage.hear(BackendMessage::UndoListed(Err("the record for undo cannot be read".to_owned())));
    assert!(stage.text().contains("the record for undo cannot be read"));
}

#[test]
fn secrets_of_older_texts_are_not_shown() {
    let mut stage = three_steps(120, 40);
    let text = |value: &str| SourceText::new(format!("env:\n- name: DB_PASSWORD\n  value: {value}\n"));
    stage.records[0].patches = vec![FilePatch {
        path: "api/deploy.yaml".into(),
        before: text("correct-horse-battery"),
        after: text("$(FROM_A_SECRET)"),
    }];
    stage.keys("Esc U");
    let shown = stage.text();
    assert!(shown.contains("co…") && !shown.contains("correct-horse"), "{shown}");
}

/// A line that somebody added above moved the hunk: its numbers are those of now, as its head has them.
#[test]
fn the_numbers_beside_a_hunk_are_those_of_where_it_stands() {
    let mut stage = Stage::new(120, 40);
    let before = fake::DOCKERFILE.to_owned();
    let after = before.replacen("CMD", "USER 43122\nCMD", 1);
    let line = after.lines().position(|line| line.starts_with("USER")).unwrap() + 3;
    stage.edit("api/Dockerfile", &format!("# first\n# second\n{after}"));
    stage.records = vec![JournalRecord {
        number: 1,
        title: "Run as 43122".to_owned(),
        written: std::time::SystemTime::UNIX_EPOCH,
        is_undone: false,
        patches: vec![FilePatch {
            path: "api/Dockerfile".into(),
            before: SourceText::new(before),
            after: SourceText::new(after),
        }],
    }];
    let text = stage.keys("U").text();
    assert!(text.contains(&format!("stands at line {line}")), "{text}");
    let row = text.lines().find(|row| row.contains("USER 43122")).unwrap();
    assert!(row.contains(&format!("+ {line:>2} ")), "{text}");
}

#[test]
fn a_list_without_a_step_says_so_in_one_line() {
    let text = Stage::new(120, 40).keys("U").text();
    assert!(text.contains("Nothing was written here yet: what f writes will stand here."), "{text}");
}
