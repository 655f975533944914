//! `seaworthy undo`: takes back from the command line what `fix` or the app wrote.

use std::path::Path;
use std::process::{Command, Output};

use seaworthy::fix::{History, Planner, UndoDirection, UndoScope};
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

/// A file with room for two changes that are far apart.
fn long_text(first: &str, second: &str) -> String {
    format!("a: 1\n{first}c: 3\nd: 4\ne: 5\n{second}g: 7\n")
}

fn two_hunks() -> Shell {
    let shell = Shell::new(&[("two.yaml", &long_text("b: 2\n", ""))]);
    let mut app = History::open_in(shell.root.path(), shell.state.path());
    let patch = FilePatch {
        path: "two.yaml".into(),
        before: SourceText::new(long_text("b: 2\n", "")),
        after: SourceText::new(long_text("b: 20\n", "f: 6\n")),
    };
    Planner::write_with_title(&mut app, "Two at once", &[patch]).unwrap();
    shell
}

impl Shell {
    fn with_arguments(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
            .arg("undo")
            .args(arguments)
            .env("XDG_STATE_HOME", self.state.path())
            .env("TZ", "UTC0")
            .current_dir(self.root.path())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    /// The list without the times.
    fn list(&self) -> Vec<String> {
        let (code, out, _) = self.with_arguments(&["--list"]);
        assert_eq!(code, Some(0));
        let without_time = |line: &str| {
            let words: Vec<&str> = line.split("  ").collect();
            match words.as_slice() {
                [step, time, rest @ ..] if step.starts_with("step") => {
                    assert!(time.contains(':'), "{time}");
                    format!("{step} {}", rest.join("  "))
                }
                _ => line.to_owned(),
            }
        };
        out.lines().map(without_time).collect()
    }

    fn edit(&self, path: &str, change: impl Fn(String) -> String) {
        std::fs::write(self.root.path().join(path), change(self.text(path))).unwrap();
    }
}

#[test]
fn the_steps_are_listed_newest_first_with_what_can_be_taken_back() {
    let shell = two_hunks();
    shell.edit("two.yaml", |text| format!("# mine\n{}", text.replace("b: 20", "b: 21")));
    assert_eq!(
        shell.list(),
        [
            "step 1 Two at once (1 file): 1 of 2 hunks can be taken back",
            "  hunk 1  two.yaml:2  +1 -1  stays: its lines, or those around them, were changed since",
            "  hunk 2  two.yaml:7  +1 -0",
            "seaworthy undo --step NUMBER takes a step back; with --hunk NUMBER one hunk of it.",
        ]
    );
}

#[test]
fn a_hunk_whose_lines_stand_is_taken_back_at_its_place_and_the_others_stay() {
    let shell = two_hunks();
    shell.edit("two.yaml", |text| format!("# mine\n{text}"));
    let (code, out, _) = shell.with_arguments(&["--step", "1", "--hunk", "2"]);
    assert_eq!((code, out.as_str()), (Some(0), "put back two.yaml\n"));
    assert_eq!(shell.text("two.yaml"), format!("# mine\n{}", long_text("b: 20\n", "")));
    assert_eq!(shell.list()[0], "step 2 Take back: Two at once (1 file): can be taken back");
    assert_eq!(shell.said("undo", "."), "put back two.yaml\n", "which itself can be taken back");
    assert_eq!(shell.text("two.yaml"), format!("# mine\n{}", long_text("b: 20\n", "f: 6\n")));
}

#[test]
fn a_step_goes_as_far_as_its_lines_stand_and_names_what_stays() {
    let shell = two_hunks();
    shell.edit("two.yaml", |text| text.replace("b: 20", "b: 21"));
    let (code, out, errors) = shell.with_arguments(&["--step", "1"]);
    assert_eq!((code, out.as_str()), (Some(1), "put back two.yaml\n"));
    assert_eq!(
        errors,
        "left as it is: two.yaml: the lines of hunk 1 (line 2 then), or those around them, were changed since\n"
    );
    assert_eq!(shell.text("two.yaml"), long_text("b: 21\n", ""));
    let (code, _, errors) = shell.with_arguments(&["--step", "1"]);
    assert_eq!(code, Some(2), "nothing of it stands now");
    assert!(errors.contains("two.yaml: the lines of hunk 1"), "{errors}");
    assert_eq!(shell.text("two.yaml"), long_text("b: 21\n", ""));
}

#[test]
fn an_older_step_is_taken_back_over_a_newer_one() {
    let shell = Shell::new(&[("pod.yaml", POD)]);
    shell.run("fix", ".");
    let fixed = shell.text("pod.yaml");
    let mut app = History::open_in(shell.root.path(), shell.state.path());
    let labelled = fixed.replace("  name: api\nspec", "  name: api\n  labels: {mine: yes}\nspec");
    let (before, after) = (SourceText::new(fixed), SourceText::new(labelled));
    Planner::write(&mut app, &[FilePatch { path: "pod.yaml".into(), before, after }]).unwrap();
    assert_eq!(shell.with_arguments(&["--step", "1"]).0, Some(0));
    assert_eq!(
        shell.text("pod.yaml"),
        POD.replace("  name: api\nspec", "  name: api\n  labels: {mine: yes}\nspec")
    );
}

#[test]
fn lines_that_others_hang_under_stay() {
    let shell = Shell::new(&[("pod.yaml", POD)]);
    let mut app = History::open_in(shell.root.path(), shell.state.path());
    let written = format!(
        "{POD}    resources:\n      limits: {{memory: 1Gi}}\n    securityContext:\n      runAsUser: 10001\n"
    );
    let with_limits = format!("{POD}    resources:\n      limits: {{memory: 1Gi}}\n");
    let (before, after) = (SourceText::new(with_limits), SourceText::new(written));
    std::fs::write(shell.root.path().join("pod.yaml"), before.text()).unwrap();
    Planner::write(&mut app, &[FilePatch { path: "pod.yaml".into(), before, after }]).unwrap();
    shell.edit("pod.yaml", |text| format!("{text}      privileged: false\n"));
    let now = shell.text("pod.yaml");
    let (code, _, errors) = shell.with_arguments(&["--step", "1"]);
    assert_eq!(code, Some(2));
    assert_eq!(
        errors,
        "seaworthy: pod.yaml: lines that were written since stand on these: nothing was written\n"
    );
    assert_eq!(shell.text("pod.yaml"), now);
}

#[test]
fn a_file_that_a_step_made_goes_with_it_unless_it_was_changed() {
    let shell = Shell::new(&[("pod.yaml", POD)]);
    shell.run("baseline", ".");
    shell.run("fix", ".");
    assert_eq!(shell.with_arguments(&["--step", "1"]).0, Some(0));
    assert!(!shell.root.path().join("seaworthy-baseline.json").exists());
    let made: Vec<_> = std::fs::read_dir(shell.root.path()).unwrap().flatten().collect();
    assert_eq!(made.len(), 1, "{made:?}");
}

#[test]
fn an_instruction_is_taken_back_where_the_dockerfile_has_moved_on() {
    let before = "FROM debian:12\nCOPY app /app\nCMD [\"/app\"]\n";
    let after = before.replace("CMD", "USER 43122\nCMD");
    let shell = Shell::new(&[("Dockerfile", before)]);
    let mut app = History::open_in(shell.root.path(), shell.state.path());
    let (before, after) = (SourceText::new(before), SourceText::new(after));
    Planner::write(&mut app, &[FilePatch { path: "Dockerfile".into(), before: before.clone(), after }])
        .unwrap();
    shell.edit("Dockerfile", |text| format!("# mine\n{text}LABEL a=b\n"));
    assert_eq!(shell.with_arguments(&["--step", "1"]).0, Some(0));
    assert_eq!(shell.text("Dockerfile"), format!("# mine\n{}LABEL a=b\n", before.text()));
}

#[test]
fn a_step_that_is_not_there_is_an_error() {
    let shell = two_hunks();
    let (code, _, errors) = shell.with_arguments(&["--step", "7"]);
    assert_eq!(
        (code, errors.as_str()),
        (Some(2), "seaworthy: there is no step 7 that could be taken back\n")
    );
    assert_eq!(shell.with_arguments(&["--step", "1", "--hunk", "3"]).0, Some(2));
    assert_eq!(shell.with_arguments(&["--hunk", "3"]).0, Some(2), "a hunk of no step");
}

/// A step that takes another back is a write of its own: undoing it makes the other again, and says so.
#[test]
fn a_step_that_took_another_back_is_known_by_its_kind() {
    let shell = Shell::new(&[("one/pod.yaml", POD)]);
    let mut history = History::open_in(shell.root.path(), shell.state.path());
    let patch = |before: &str, after: &str| FilePatch {
        path: RelPath::from("one/pod.yaml"),
        before: SourceText::new(before),
        after: SourceText::new(after),
    };
    let written = POD.replace("a/api:1", "a/api:2").replace("metadata:", "metadata:\n  namespace: shop");
    Planner::write_with_title(&mut history, "Fix two", &[patch(POD, &written)]).unwrap();
    assert!(!history.undoes_take_back());
    Planner::take_back(&mut history, UndoScope::Hunk(1, 0)).unwrap();
    assert!(history.undoes_take_back() && !history.redoes_take_back());
    Planner::undo(&mut history, UndoDirection::Back).unwrap();
    assert_eq!(shell.text("one/pod.yaml"), written);
    assert!(!history.undoes_take_back() && history.redoes_take_back());
}
