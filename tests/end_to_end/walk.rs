//! The product itself, walked by a user in a terminal: from the demo as it is to "restricted".

use std::path::Path;

use tempfile::TempDir;

use crate::pty::Pty;

const FILES: [(&str, &str); 2] = [
    ("Dockerfile", include_str!("../../assets/demo/tides/Dockerfile")),
    ("deploy.yaml", include_str!("../../assets/demo/tides/deploy.yaml")),
];

/// A repository, the user's folder for state, and the folder that the program is started from, which is the first's.
struct Repository {
    root: TempDir,
    state: TempDir,
}

impl Repository {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        for (path, text) in FILES {
            std::fs::write(root.path().join(path), text).unwrap();
        }
        Self { root, state: TempDir::new().unwrap() }
    }

    fn walk(&self) -> Pty {
        self.walk_in((120, 40))
    }

    fn walk_in(&self, size: (u16, u16)) -> Pty {
        let (root, state) = (self.root.path().to_str().unwrap(), self.state.path().to_str().unwrap());
        let program = env!("CARGO_BIN_EXE_seaworthy");
        Pty::start(program, &["walk", root], &[("XDG_STATE_HOME", state), ("HOME", state)], size)
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(Path::new(self.root.path()).join(path)).unwrap()
    }
}

#[test]
fn the_demo_is_walked_to_restricted() {
    let repository = Repository::new();
    let mut pty = repository.walk();
    pty.shows("0 of 8 chapters").shows("┃ USER ").shows("uid=0(root)");
    pty.send("f").shows("1 of 8 chapters").shows("Done. The image ends as a user");
    pty.send("n").shows("runAsNonRoot: true").shows("syslog");
    pty.send("f").shows("2 of 8 chapters");
    pty.send("n").shows("+ ").shows("readOnlyRootFilesystem: true").shows("Read-only file system");
    pty.send("f").shows("3 of 8 chapters");
    pty.send("n").shows("automountServiceAccountToken: false").send("f").shows("4 of 8 chapters");
    pty.send("n").shows("memory: 128Mi").send("f").shows("5 of 8 chapters");
    pty.send("n").shows("The same image tomorrow").shows("No change yet:").send("n");
    pty.shows("CMD [\"python3\", \"app.py\"]").send("f").shows("6 of 8 chapters");
    pty.send("n").shows("allowPrivilegeEscalation: false").send("f").shows("7 of 8 chapters");
    pty.shows("restricted ─┐");
    pty.send("n").shows("Pod Security level  baseline to restricted").shows("What is left, and why");
    assert!(repository.read("Dockerfile").contains("CMD [\"python3\", \"app.py\"]"));
    assert!(repository.read("deploy.yaml").contains("readOnlyRootFilesystem: true"));
    pty.send("u").shows("6 of 8 chapters");
    assert!(!repository.read("deploy.yaml").contains("allowPrivilegeEscalation"));
    pty.send("q");
    assert!(pty.ends().success());
    pty.is_given_back();
}

#[test]
fn who_comes_back_finds_the_reasons_and_goes_on() {
    let repository = Repository::new();
    let mut pty = repository.walk();
    pty.shows("┃ USER ").send("s").shows("Why?").send("the base does it\r").shows("A number that nobody");
    pty.shows("runAsNonRoot: true").send("q");
    assert!(pty.ends().success());
    let mut pty = repository.walk();
    pty.shows("0 of 8 chapters").shows("A number that nobody").send("b").shows("Skipped: the base does it");
    pty.send("s").hides("Skipped").send("q");
    assert!(pty.ends().success());
}

#[test]
fn a_walk_that_is_killed_leaves_whole_files() {
    let repository = Repository::new();
    let mut pty = repository.walk();
    pty.shows("┃ USER ").send("f").shows("1 of 8 chapters");
    pty.child.kill().unwrap();
    let fixed = repository.read("Dockerfile");
    assert!(
        fixed.starts_with(FILES[0].1.split("CMD").next().unwrap()) && fixed.ends_with("CMD python3 app.py\n")
    );
    assert_eq!(repository.read("deploy.yaml"), FILES[1].1);
}

/// Passes the pages of a change, and writes it from the last.
fn write_chapter(pty: &mut Pty) {
    let has = |screen: &vt100::Screen, words: &str| screen.contents().contains(words);
    let is_whole = |screen: &vt100::Screen| has(screen, "f write") || has(screen, "f next page");
    pty.until("a change", is_whole);
    while pty.screen().contains("f next page") {
        let page = pty.screen();
        pty.send("f").until("the next page", |screen| screen.contents() != page && is_whole(screen));
    }
    pty.send("f");
}

#[test]
fn a_small_terminal_shows_each_chapter_whole_and_is_walked_as_far() {
    let repository = Repository::new();
    let mut pty = repository.walk_in((80, 24));
    pty.shows("You have").shows("(computed)").shows("Change").shows("May break").shows("Check");
    for met in 1..=5 {
        write_chapter(&mut pty);
        pty.shows(&format!("{met} of 8 chapters")).shows("Done.").send("n");
    }
    pty.shows("The same image tomorrow").shows("o registry").send("n");
    for met in 6..=7 {
        write_chapter(&mut pty);
        pty.shows(&format!("{met} of 8 chapters")).shows("Done.").send("n");
    }
    pty.shows("Pod Security level  baseline to restricted").send("q");
    assert!(pty.ends().success());
}

#[test]
fn who_comes_back_is_shown_what_has_become_of_the_app_since_the_beginning() {
    let repository = Repository::new();
    let mut pty = repository.walk();
    pty.shows("┃ USER ").send("f").shows("1 of 8 chapters").send("q");
    assert!(pty.ends().success());
    let mut pty = repository.walk();
    pty.shows("A number that nobody").shows("1 of 8 chapters").send("9");
    pty.shows("53 to ").shows("baseline, as at the beginning").shows("│ RUN addgroup");
    pty.send("u").shows("0 of 8 chapters").shows("53, as at the beginning").send("q");
    assert!(pty.ends().success());
}
