//! The order of the house: lower rooms never know higher ones, and rooms on one floor do not know each other.

use std::path::PathBuf;

use crate::source_tree::{SourceTree, source_folder, source_paths};

/// From the cellar up; the rooms of one floor stand together.
const FLOORS: [&[&str]; 27] = [
    &["base"],
    &["text"],
    &["yaml", "image"],
    &["dockerfile", "kubernetes", "template"],
    &["repo", "helm"],
    &["kustomize"],
    &["unit", "builds"],
    &["finding"],
    &["settings"],
    &["needs"],
    &["project"],
    &["rules"],
    &["suppress"],
    &["audit"],
    &["causes"],
    &["fix"],
    &["store"],
    &["trial"],
    &["walkthrough", "pairs"],
    &["app"],
    &["theme"],
    &["ui", "report"],
    &["service"],
    &["terminal"],
    &["cli"],
    &["lib"],
    &["main"],
];

#[test]
fn rooms_import_only_what_lies_below_them() {
    let tree = SourceTree::read();
    let mut wrong = Vec::new();
    for (at, file) in tree.files.iter().enumerate() {
        let room = room_of(&file.path);
        let own = floor(room).unwrap_or_else(|| panic!("{room} has no floor"));
        for used in tree.used_rooms(at) {
            if used != room && floor(&used).is_some_and(|floor| floor >= own) {
                wrong.push(format!("{} imports {used}", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_in_one_line_what_it_is_for() {
    for file in source_paths() {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{} does not", file.display());
    }
}

#[test]
fn files_are_small() {
    let mut lengths: Vec<(usize, PathBuf)> = Vec::new();
    for file in source_paths() {
        lengths.push((std::fs::read_to_string(&file).unwrap().lines().count(), file));
    }
    lengths.sort();
    let (longest, file) = lengths.last().unwrap();
    assert!(*longest <= 500, "{} has {longest} lines", file.display());
    let (middle, _) = lengths[lengths.len() / 2];
    assert!(middle <= 120, "half of the files have more than {middle} lines");
}

#[test]
fn the_app_knows_no_terminal_and_only_the_edges_touch_the_world() {
    let rules = [
        ("ratatui", &["ui", "terminal", "theme"][..]),
        ("crossterm", &["ui", "terminal", "theme"]),
        ("std::net", &["image/registry", "trial/probes"]),
        ("ureq", &["image/registry", "trial/probes"]),
        (
            "std::fs",
            &[
                "base",
                "helm",
                "kustomize",
                "repo",
                "fix",
                "service",
                "terminal",
                "trial",
                "cli",
                "image/registry",
            ],
        ),
    ];
    for file in source_paths() {
        let text = std::fs::read_to_string(&file).unwrap();
        let below = file.strip_prefix(source_folder()).unwrap();
        for (word, rooms) in rules {
            let knows = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word));
            assert!(
                !knows || rooms.iter().any(|room| below.starts_with(room)),
                "{} knows {word}",
                file.display()
            );
        }
    }
}

/// Where something is done that few may do: the words that tell of it, the places, and why they may.
struct Privilege {
    words: &'static [&'static str],
    places: &'static [(&'static str, &'static str)],
}

const PROGRAMS: Privilege = Privilege {
    words: &["process::Command", "process::{Child", "process::{Command", "Command::new(", "Stdio::"],
    places: &[
        ("terminal/editor.rs", "the editor that a person asked for"),
        ("terminal/alert_command.rs", "the command for new findings that a person's own settings name"),
        (
            "terminal/terminal_guard.rs",
            "the program itself, which gives the terminal back for one that was killed",
        ),
        ("image/registry/credential_helper.rs", "a credential helper"),
        ("trial/engine_process.rs", "the container engine's client, once a person asked for a trial"),
        ("repo/git/git_command.rs", "git, with fixed arguments, for what a revision holds"),
    ],
};

/// Reading is everybody's who may touch the disk at all; these are the words that change it.
const WRITES: Privilege = Privilege {
    words: &[
        "fs::write",
        "File::create",
        "File::options",
        "OpenOptions",
        "fs::rename",
        "fs::remove_",
        "fs::copy",
        "fs::create_dir",
        "DirBuilder",
        "fs::hard_link",
        "fs::symlink",
        "set_permissions",
        "NamedTempFile",
        "tempfile::",
        ".persist(",
    ],
    places: &[
        ("repo/write_files.rs", "the one place that writes files of a repository"),
        ("repo/file_metadata.rs", "what a file has besides its text, for that place"),
        ("repo/journal/journal_folder.rs", "the user's own state: the record for undo"),
        ("repo/journal/transaction.rs", "the user's own state: the record for undo"),
        ("repo/journal/probe_note.rs", "the user's own state: what is being tried for a write"),
        ("cli/panic_report.rs", "the user's own state: what the program was at when it broke"),
        ("cli/demo.rs", "a temporary folder for the demo"),
        ("base/private_files.rs", "the user's own state and cache: whole or not at all, for the user alone"),
        ("terminal/terminal_features.rs", "the terminal, which is asked what it can do"),
    ],
};

const SOCKETS: Privilege = Privilege {
    words: &["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener", "std::net", "ureq"],
    places: &[
        ("image/registry/", "the one place that asks registries"),
        ("trial/probes/", "the probes of a manifest, made in the network of a trial's container"),
    ],
};

impl Privilege {
    /// The files that do it and may not, and the places that do it no longer.
    fn breaches(&self) -> Vec<String> {
        let mut breaches = Vec::new();
        let mut idle: Vec<&str> = self.places.iter().map(|(place, _)| *place).collect();
        for file in source_paths() {
            let text = std::fs::read_to_string(&file).unwrap();
            let below = file.strip_prefix(source_folder()).unwrap().to_string_lossy().replace('\\', "/");
            // What stands in a file's own tests is no part of the program.
            let program = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in program.lines().filter(|line| !line.trim_start().starts_with("//")) {
                let Some(word) = self.words.iter().find(|word| line.contains(**word)) else { continue };
                idle.retain(|place| !below.starts_with(place));
                if !self.places.iter().any(|(place, _)| below.starts_with(place)) {
                    breaches.push(format!("{below} has {word}"));
                }
            }
        }
        breaches.extend(idle.into_iter().map(|place| format!("{place} is excused for nothing")));
        breaches
    }
}

#[test]
fn programs_are_started_in_few_places() {
    assert_eq!(PROGRAMS.breaches(), [""; 0]);
}

#[test]
fn only_the_repository_room_writes_files_of_a_repository() {
    assert_eq!(WRITES.breaches(), [""; 0]);
}

#[test]
fn sockets_are_opened_in_two_places() {
    assert_eq!(SOCKETS.breaches(), [""; 0]);
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The room of a file: the folder directly below `src`, or the file's own name.
fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}
