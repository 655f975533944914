//! Undo and redo, across sessions.

use super::{Desk, patch};
use crate::support::entries;

#[test]
fn several_writes_are_taken_back_and_made_again_in_their_order() {
    let desk = Desk::new(&[("a.yaml", "1"), ("b.yaml", "x")]);
    let mut history = desk.history();
    history.write(&[patch("a.yaml", "1", "2")]).unwrap();
    history.write(&[patch("a.yaml", "2", "3"), patch("b.yaml", "x", "y")]).unwrap();
    assert_eq!(history.undo().unwrap(), Some(vec![patch("a.yaml", "3", "2"), patch("b.yaml", "y", "x")]));
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("2".into(), "x".into()));
    history.undo().unwrap();
    assert_eq!(history.undo().unwrap(), None);
    assert_eq!(desk.text("a.yaml"), "1");
    history.redo().unwrap();
    history.redo().unwrap();
    assert_eq!(history.redo().unwrap(), None);
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("3".into(), "y".into()));
}

#[test]
fn a_later_session_takes_back_what_an_earlier_one_wrote() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap();
    desk.history().undo().unwrap();
    assert_eq!(desk.text("a.yaml"), "1");
    desk.history().redo().unwrap();
    assert_eq!(desk.text("a.yaml"), "2");
}

#[test]
fn a_new_write_ends_what_could_be_made_again() {
    let desk = Desk::new(&[("a.yaml", "1")]);
    let mut history = desk.history();
    history.write(&[patch("a.yaml", "1", "2")]).unwrap();
    history.undo().unwrap();
    assert!(history.write(&[patch("a.yaml", "other", "3")]).is_err());
    assert!(history.redo().unwrap().is_some(), "a write that failed ends nothing");
    history.undo().unwrap();
    history.write(&[patch("a.yaml", "1", "3")]).unwrap();
    assert_eq!(history.redo().unwrap(), None);
}

#[test]
fn undo_refuses_a_file_that_has_moved_on_and_stays_for_later() {
    let desk = Desk::new(&[("a.yaml", "1"), ("b.yaml", "x")]);
    let mut history = desk.history();
    history.write(&[patch("a.yaml", "1", "2"), patch("b.yaml", "x", "y")]).unwrap();
    std::fs::write(desk.root().join("b.yaml"), "mine").unwrap();
    assert!(history.undo().unwrap_err().to_string().contains("b.yaml has changed on disk"));
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("2".into(), "mine".into()));
    std::fs::write(desk.root().join("b.yaml"), "y").unwrap();
    history.undo().unwrap();
    assert_eq!((desk.text("a.yaml"), desk.text("b.yaml")), ("1".into(), "x".into()));
}

#[test]
fn the_journal_is_bounded_and_keeps_the_newest() {
    let desk = Desk::new(&[("a.yaml", "0")]);
    let mut history = desk.history();
    for n in 0..105 {
        history.write(&[patch("a.yaml", &n.to_string(), &(n + 1).to_string())]).unwrap();
    }
    let mut undone = 0;
    while history.undo().unwrap().is_some() {
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
    history.write(&[patch("a.yaml", "", &texts[0])]).unwrap();
    for n in 1..4 {
        history.write(&[patch("a.yaml", &texts[(n - 1) % 5], &texts[n % 5])]).unwrap();
    }
    let bytes: u64 = journal(&desk).iter().map(|file| file.metadata().unwrap().len()).sum();
    assert!(bytes <= 32 << 20, "{bytes}");
    assert!(history.undo().unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn the_journal_is_private_to_the_user() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new(&[("a.yaml", "1")]);
    desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap();
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
    let error = desk.history().write(&[patch("a.yaml", "1", "2")]).unwrap_err().to_string();
    assert!(error.contains("the record for undo cannot be kept in"), "{error}");
    assert_eq!(desk.text("a.yaml"), "1");
}

fn journal(desk: &Desk) -> Vec<std::path::PathBuf> {
    entries(&entries(&desk.state.path().join("seaworthy"))[0])
}
