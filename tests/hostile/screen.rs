//! The app, in a real terminal, on what means harm.

use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;

use crate::names::EVIL;
use crate::pty::Pty;
use crate::{full, many, names, texts, trees};

/// The app on a folder; the home is to be kept as long.
fn start(folder: &Path) -> (Pty, TempDir) {
    let home = tempfile::tempdir().unwrap();
    let at = home.path().to_str().unwrap();
    let variables = [("HOME", at), ("XDG_STATE_HOME", at), ("XDG_CONFIG_HOME", at), ("VISUAL", "true")];
    let mut pty =
        Pty::start(env!("CARGO_BIN_EXE_seaworthy"), &[folder.to_str().unwrap()], &variables, (120, 40));
    // In full there are hundreds of thousands of findings.
    pty.patience(Duration::from_secs(if full() { 120 } else { 20 }));
    pty.shows("watching").hides("scanning");
    (pty, home)
}

/// Looks at all there is to look at.
fn tour(pty: &mut Pty) {
    for keys in [
        "j", "G", "gg", "\t", "j", "l", "2", "j", "j", "d", "\x1b", "3", "G", "l", "1", "o", "o", "s", "n",
        "y", "e", "T",
    ] {
        pty.send(keys);
    }
    // Whatever was asked for is done, and what is typed is still heard.
    pty.send("?").shows("Open the line in your editor").send("\x1b").hides("Open the line in your editor");
}

fn leave(mut pty: Pty) {
    pty.is_only_drawn_on();
    let copied = pty.copied().unwrap_or_default();
    assert!(copied.chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)), "{copied}");
    pty.send("q");
    assert!(pty.ends().success());
    pty.is_given_back();
    pty.is_only_drawn_on();
}

#[test]
fn names_do_not_steer_the_terminal() {
    let tree = names::tree();
    let (mut pty, _home) = start(&tree.path());
    for _ in 0..many(30, 3) {
        tour(&mut pty);
        pty.send("2j");
    }
    assert!(!pty.screen().contains("pwned\u{7}") && EVIL.contains("pwned"));
    pty.send("w");
    leave(pty);
}

#[test]
fn nesting_and_bombs_are_looked_at() {
    let files = [texts::nested(), texts::bombs()].concat();
    let tree = trees::of("nested", &files);
    let (mut pty, _home) = start(&tree.path());
    for _ in 0..many(files.len(), 3) {
        tour(&mut pty);
        pty.send("1jjj");
    }
    leave(pty);
}

#[test]
fn very_much_to_look_at() {
    let tree = trees::Tree::new("much");
    for entry in 0..many(100_000, 1_000) {
        tree.file(&format!("{}/{entry}.txt", entry % 7), "");
    }
    for (path, text) in texts::riddled().into_iter().chain(texts::large()).step_by(3) {
        tree.file(&format!("a/{path}"), text);
    }
    let (mut pty, _home) = start(&tree.path());
    tour(&mut pty);
    leave(pty);
}
