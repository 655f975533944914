//! `seaworthy undo`: takes back from the command line what `fix` or the app wrote.

use std::path::Path;
use std::process::{Command, Output};

use seaworthy::fix::{History, Planner, UndoDirection};
use seaworthy::repo::{FilePatch, RelPath};
use seaworthy::text::SourceText;
use tempfile::TempDir;

use crate::support::repository;

const POD: &str = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\nspec:\n  containers:\n  - name: api\n    image: a/api:1\n";

struct Shell {
    root: TempDir,
    state: TempDir,
}

impl Shell {
    fn new(files: &[(&str, &str)]) -> Self {
        Self { root: repository(files), state: tempfile::tempdir().unwrap() }
    }

    fn run(&self, command: &str, path: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_seaworthy"))
            .args([command, path])
            .env("XDG_STATE_HOME", self.state.path())
            .current_dir(self.root.path())
            .output()
            .unwrap()
    }

    fn said(&self, command: &str, path: &str) -> String {
        String::from_utf8(self.run(command, path).stdout).unwrap()
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.path().join(path)).unwrap()
    }
}

#[test]
fn it_takes_back_a_whole_run_of_fix() {
    let shell = Shell::new(&[("one/pod.yaml", POD), ("two/pod.yaml", POD)]);
    shell.run("fix", ".");
    assert_ne!(shell.text("one/pod.yaml"), POD);
    assert_ne!(shell.text("two/pod.yaml"), POD);
    assert_eq!(shell.said("undo", "."), "put back one/pod.yaml\nput back two/pod.yaml\n");
    assert_eq!((shell.text("one/pod.yaml"), shell.text("two/pod.yaml")), both(POD));
    assert_eq!(shell.said("undo", "."), "Nothing to undo here.\n");
}

#[test]
fn it_finds_the_newest_write_below_or_above_the_path() {
    let shell = Shell::new(&[("one/pod.yaml", POD), ("two/pod.yaml", POD)]);
    shell.run("fix", "one/pod.yaml");
    shell.run("fix", "two");
    assert_eq!(shell.said("undo", "."), "put back two/pod.yaml\n");
    assert_eq!(shell.said("undo", "two"), "Nothing to undo here.\n");
    assert_eq!(shell.said("undo", "one/pod.yaml").lines().count(), 1);
    assert_eq!((shell.text("one/pod.yaml"), shell.text("two/pod.yaml")), both(POD));
}

#[test]
fn it_refuses_a_file_that_has_moved_on() {
    let shell = Shell::new(&[("pod.yaml", POD)]);
    shell.run("fix", ".");
    std::fs::write(shell.root.path().join("pod.yaml"), "mine: 1\n").unwrap();
    let output = shell.run("undo", ".");
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(error, "seaworthy: pod.yaml has changed on disk since it was read: nothing was written\n");
    assert_eq!(shell.text("pod.yaml"), "mine: 1\n");
}

#[test]
fn it_takes_back_what_the_app_wrote() {
    let shell = Shell::new(&[("pod.yaml", POD)]);
    let mut app = History::open_in(shell.root.path(), shell.state.path());
    let path = RelPath::from("pod.yaml");
    let (before, after) = (SourceText::new(POD), SourceText::new("mine: 2\n"));
    Planner::write(&mut app, &[FilePatch { path, before, after }]).unwrap();
    assert_eq!(shell.said("undo", "."), "put back pod.yaml\n");
    assert_eq!(shell.text("pod.yaml"), POD);
    assert!(Planner::undo(&mut app, UndoDirection::Forward).unwrap().is_some(), "and the app makes it again");
}

#[test]
fn a_path_that_is_not_there_is_an_error() {
    let shell = Shell::new(&[]);
    assert_eq!(shell.run("undo", "nowhere").status.code(), Some(2));
    assert!(!Path::new(&shell.state.path().join("seaworthy")).exists(), "and nothing is made");
}

fn both(text: &str) -> (String, String) {
    (text.to_owned(), text.to_owned())
}
