//! Undo and redo, across sessions.

use seaworthy::fix::{Planner, UndoDirection};

use super::{Desk, patch};
use crate::support::entries;

#[test]
fn several_writes_are_taken_back_and_made_again_in_their_order() {
    let desk = Desk::new(&[("a.yaml", "1"), ("b.yaml", "x")]);
    let mut history = desk.history();
    Planner::write(&mut history, &[patch("a.yaml", "1", "2")]).unwrap();
    Planner::write(&mut history, &[patch("a.yaml", "2", "3"), patch("b.yaml", "x", "y")]).unwrap();
    assert_eq!(
        Planner::undo(&mut history, UndoDirection::Back).unwrap(),
        Some(vec![patch("a.yaml", "3", "2"), patch("b.yaml", "y", "x")])
    );
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("2".into(), "x".into()));
    Planner::undo(&mut history, UndoDirection::Back).unwrap();
    assert_eq!(Planner::undo(&mut history, UndoDirection::Back).unwrap(), None);
    assert_eq!(desk.text("a.yaml"), "1");
    Planner::undo(&mut history, UndoDirection::Forward).unwrap();
    Planner::undo(&mut history, UndoDirection::Forward).unwrap();
    assert_eq!(Planner::undo(&mut history, UndoDirection::Forward).unwrap(), None);
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("3".into(), "y".into()));
}

#[test]
fn a_later_session_takes_back_what_an_earlier_one_wrote() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap();
    Planner::undo(&mut desk.history(), UndoDirection::Back).unwrap();
    assert_eq!(desk.text("a.yaml"), "1");
    Planner::undo(&mut desk.history(), UndoDirection::Forward).unwrap();
    assert_eq!(desk.text("a.yaml"), "2");
}

#[test]
fn a_new_write_ends_what_could_be_made_again() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let mut history = desk.history();
    Planner::write(&mut history, &[patch("a.yaml", "1", "2")]).unwrap();
    Planner::undo(&mut history, UndoDirection::Back).unwrap();
    assert!(Planner::write(&mut history, &[patch("a.yaml", "other", "3")]).is_err());
    assert!(
        Planner::undo(&mut history, UndoDirection::Forward).unwrap().is_some(),
        "a write that failed ends nothing"
    );
    Planner::undo(&mut history, UndoDirection::Back).unwrap();
    Planner::write(&mut history, &[patch("a.yaml", "1", "3")]).unwrap();
    assert_eq!(Planner::undo(&mut history, UndoDirection::Forward).unwrap(), None);
}

#[test]
fn undo_refuses_a_file_that_has_moved_on_and_stays_for_later() {
    let desk = Desk::new(&[("a.yaml", "1"), ("b.yaml", "x")]);
    let mut history = desk.history();
    Planner::write(&mut history, &[patch("a.yaml", "1", "2"), patch("b.yaml", "x", "y")]).unwrap();
    std::fs::write(desk.root().join("b.yaml"), "mine").unwrap();
    assert!(
        Planner::undo(&mut history, UndoDirection::Back)
            .unwrap_err()
            .to_string()
            .contains("b.yaml has changed on disk")
    );
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("2".into(), "mine".into()));
    std::fs::write(desk.root().join("b.yaml"), "y").unwrap();
    Planner::undo(&mut history, UndoDirection::Back).unwrap();
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("1".into(), "x".into()));
}

#[test]
fn the_journal_is_bounded_and_keeps_the_newest() {
    let desk = Desk::new(&[("a.yaml", "0")]);
    let mut history = desk.history();
    for n in 0..105 {
        Planner::write(&mut history, &[patch("a.yaml", &n.to_string(), &(n + 1).to_string())]).unwrap();
    }
    let mut undone = 0;
    while Planner::undo(&mut history, UndoDirection::Back).unwrap().is_some() {
        undone += 1;
    }
    assert_eq!(undone, 100);
    assert_eq!(desk.text("a.yaml"), "5");
}

#[test]
fn the_journal_is_bounded_in_bytes_too() {
    let desk = Desk::new(&[("a.yaml", "")]);
    let mut history = desk.history();
    let texts: Vec<String> = ["a", "b", "c", "d", "e"].map(|letter| letter.repeat(7 << 20)).into();
    Planner::write(&mut history, &[patch("a.yaml", "", &texts[0])]).unwrap();
    for n in 1..4 {
        Planner::write(&mut history, &[patch("a.yaml", &texts[(n - 1) % 5], &texts[n % 5])]).unwrap();
    }
    let bytes: u64 = journal(&desk).iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(bytes <= 32 << 20, "{bytes}");
    assert!(Planner::undo(&mut history, UndoDirection::Back).unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn the_journal_is_private_to_the_user() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new(&[("a.yaml", "1")]);
    Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let folder = &entries(&desk.state.path().join("seaworthy"))[0];
    assert_eq!((mode(&desk.state.path().join("seaworthy")), mode(folder)), (0o700, 0o700));
    for file in journal(&desk) {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[test]
fn nothing_is_written_where_nothing_could_be_taken_back() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    std::fs::write(desk.state.path().join("seaworthy"), "in the way").unwrap();
    let error = Planner::write(&mut desk.history(), &[patch("a.yaml", "1", "2")]).unwrap_err().to_string();
    assert!(error.contains("the record for undo cannot be kept in"), "{error}");
    assert_eq!(desk.text("a.yaml"), "1");
}

fn journal(desk: &Desk) -> Vec<std::path::PathBuf> {
    entries(&entries(&desk.state.path().join("seaworthy"))[0])
}
