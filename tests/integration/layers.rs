//! The order of the house: lower rooms never know higher ones, and rooms on one floor do not know each other.

use std::path::{Path, PathBuf};

/// From the cellar up; the rooms of one floor stand together.
const FLOORS: [&[&str]; 18] = [
    &["text"],
    &["image"],
    &["dockerfile", "manifest", "repo"],
    &["unit"],
    &["finding"],
    &["settings"],
    &["rules"],
    &["audit"],
    &["fix"],
    &["store"],
    &["walkthrough"],
    &["app"],
    &["theme"],
    &["ui", "report"],
    &["terminal"],
    &["cli"],
    &["lib"],
    &["main"],
];

#[test]
fn rooms_import_only_what_lies_below_them() {
    let mut wrong = Vec::new();
    for file in sources() {
        let room = room_of(&file);
        for import in imports(&std::fs::read_to_string(&file).unwrap()) {
            let (Some(from), Some(to)) = (floor(&room), floor(&import)) else { continue };
            if room != import && to >= from {
                wrong.push(format!("{} imports {import}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_says_in_one_line_what_it_is_for() {
    for file in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.starts_with("//! "), "{} does not", file.display());
    }
}

#[test]
fn files_are_small() {
    let mut lengths: Vec<(usize, PathBuf)> = Vec::new();
    for file in sources() {
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
        ("std::net", &["image/registry"]),
        ("ureq", &["image/registry"]),
        ("std::fs", &["repo", "fix", "terminal", "cli", "image/registry"]),
    ];
    for file in sources() {
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
        ("image/registry/credential_helper.rs", "a credential helper"),
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
        ("repo/write.rs", "the one place that writes files of a repository"),
        ("repo/keep.rs", "what a file has besides its text, for that place"),
        ("repo/journal/folder.rs", "the user's own state: the record for undo"),
        ("repo/journal/step.rs", "the user's own state: the record for undo"),
        ("cli/kept.rs", "the user's own state: where a walk was left"),
        ("cli/broken.rs", "the user's own state: what the program was at when it broke"),
        ("cli/demo.rs", "a temporary folder for the demo"),
        ("image/registry/answer_cache.rs", "the user's own cache: what registries said"),
        ("terminal/ability.rs", "the terminal, which is asked what it can do"),
    ],
};

const SOCKETS: Privilege = Privilege {
    words: &["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener", "std::net", "ureq"],
    places: &[("image/registry/", "the one place that asks registries")],
};

impl Privilege {
    /// The files that do it and may not, and the places that do it no longer.
    fn breaches(&self) -> Vec<String> {
        let mut breaches = Vec::new();
        let mut idle: Vec<&str> = self.places.iter().map(|(place, _)| *place).collect();
        for file in sources() {
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
fn only_the_registry_room_opens_sockets() {
    assert_eq!(SOCKETS.breaches(), [""; 0]);
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

/// The room of a file: the folder directly below `src`, or the file's own name.
fn room_of(file: &Path) -> String {
    let below = file.strip_prefix(source_folder()).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a file's code names.
fn imports(text: &str) -> Vec<String> {
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms: Vec<String> = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        rooms.push(name);
        if let Some(group) = rest.strip_prefix('{') {
            let group = &group[..group.find("};").unwrap_or(group.len())];
            rooms.extend(
                group.split(',').map(|part| part.trim().split("::").next().unwrap_or_default().to_owned()),
            );
        }
    }
    rooms
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![source_folder()];
    while let Some(folder) = open.pop() {
        for entry in crate::support::entries(&folder) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|end| end == "rs") {
                found.push(entry);
            }
        }
    }
    found
}
