//! What the hand does: to the files as editors and git do, and to the program by its keys.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Soak;

/// A small generator (xorshift64), so that a seed always leads the same way.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.max(1).wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end.max(1) as u64).unwrap()
    }
}

/// Keys that write nothing.
const KEYS: [&str; 17] =
    ["j", "k", "\t", "1", "2", "3", "4", "g", "G", "\x04", "\x15", "n", "T", "d", "?", "o", "/limit\r"];

impl Soak {
    pub(super) fn act(&mut self) {
        match self.random.below(24) {
            0..6 => self.edit(),
            6 => self.remove(),
            7 => self.save_half(),
            8 => self.move_a_folder(),
            9 => self.check_out(),
            10 => self.stash(),
            11..15 => self.look_around(),
            15..18 => self.fix(),
            18 => self.fix_much(),
            19 => self.answered("u"),
            20 => self.answered("\x12"),
            21 => self.allow(),
            22 => self.undo_outside(),
            _ => self.pause(),
        }
    }

    fn any_file(&mut self) -> Option<PathBuf> {
        let nth = self.random.below(self.disk.meant.len());
        self.disk.meant.keys().nth(nth).cloned()
    }

    /// The same text, or one of a file of the same kind, with a line more. What does not parse keeps what was found
    /// before, which no fresh audit can know, so no text is broken here for long.
    fn text_for(&mut self, path: &Path) -> Vec<u8> {
        let like = self.disk.meant.iter().filter(|(other, _)| other.extension() == path.extension());
        let like: Vec<Vec<u8>> =
            like.map(|(_, text)| text.clone()).filter(|text| parses(path, text)).collect();
        let nth = self.random.below(like.len() * 2);
        let text = like.get(nth).or_else(|| self.disk.meant.get(path)).cloned().unwrap_or_default();
        match self.random.below(3) {
            0 if !text.is_empty() => {
                [&text[..], format!("\n# {}\n", self.random.below(1000)).as_bytes()].concat()
            }
            _ => text,
        }
    }

    /// In place, or by way of another file.
    fn edit(&mut self) {
        let Some(path) = self.any_file() else { return };
        let text = self.text_for(&path);
        if !parses(&path, &text) {
            return;
        }
        if self.random.below(2) == 0 {
            return self.disk.write(&path, text);
        }
        let beside = path.with_file_name("being-saved~");
        fs::write(&beside, &text).unwrap();
        fs::rename(beside, &path).unwrap();
        self.disk.meant.insert(path, text);
    }

    fn remove(&mut self) {
        let Some(path) = self.any_file() else { return };
        fs::remove_file(&path).unwrap();
        self.disk.meant.remove(&path);
    }

    fn save_half(&mut self) {
        let Some(path) = self.any_file() else { return };
        let text = self.disk.meant[&path].clone();
        fs::write(&path, &text[..self.random.below(text.len())]).unwrap();
        self.quiet();
        self.disk.write(&path, text);
    }

    fn move_a_folder(&mut self) {
        let from = self.any_file().and_then(|path| path.parent().map(Path::to_path_buf));
        let to = self.disk.root().join(format!("moved-{}", self.random.below(5)));
        let Some(from) = from.filter(|from| from != self.disk.root() && !to.starts_with(from)) else {
            return;
        };
        if to.exists() {
            return;
        }
        fs::rename(&from, &to).unwrap();
        let moved = |path: &Path| path.strip_prefix(&from).map(|rest| to.join(rest)).ok();
        let meant = std::mem::take(&mut self.disk.meant).into_iter();
        self.disk.meant = meant.map(|(path, text)| (moved(&path).unwrap_or(path), text)).collect();
    }

    fn check_out(&mut self) {
        let nth = self.random.below(2);
        self.disk.check_out(nth);
    }

    /// Everything away and back: git finds nothing to stash where nothing was changed.
    fn stash(&mut self) {
        self.disk.git(&["add", "-A"]);
        self.disk.git(&["commit", "-q", "--allow-empty", "-m", "as it is"]);
        self.disk.git(&["checkout", "-q", "HEAD~1"]);
        self.quiet();
        self.disk.git(&["checkout", "-q", "-"]);
        self.disk.git(&["reset", "-q", "--soft", "HEAD~1"]);
        self.disk.git(&["reset", "-q"]);
    }

    fn look_around(&mut self) {
        for _ in 0..self.random.below(8) {
            let key = KEYS[self.random.below(KEYS.len())];
            self.pty.send(key);
        }
        self.pty.quiet();
    }

    /// The fix in view, and where it reaches far, the answer.
    fn fix(&mut self) {
        self.look_around();
        self.answered("f");
        self.confirm();
    }

    fn fix_much(&mut self) {
        let reach = 1 + self.random.below(5);
        self.escape();
        self.pty.send("F").quiet();
        self.pty.send(&reach.to_string()).quiet();
        self.confirm();
    }

    fn confirm(&mut self) {
        self.pty.quiet();
        if last_line(&self.pty.screen()).contains("y write") {
            self.answered("y");
        } else {
            self.escape();
        }
    }

    /// Closes whatever is open. What follows an Esc at once would be one key with it.
    pub(super) fn escape(&mut self) {
        self.pty.send("\x1b").quiet();
        self.pty.send("\x1b").quiet();
    }

    fn allow(&mut self) {
        self.escape();
        self.pty.send("2i").quiet();
        if last_line(&self.pty.screen()).contains("write the comment") {
            self.answered("it is meant\r");
        }
    }

    /// Sends keys that the program answers with a word in its last line, and holds the disk to what it did.
    fn answered(&mut self, keys: &str) {
        if !matches!(keys, "y" | "it is meant\r") {
            // The word on what was done before must be gone, or it would be taken for the answer.
            self.escape();
            self.pty
                .until("keys in the last line", |screen| last_line(&screen.contents()).contains("q quit"));
        }
        self.pty.send(keys).until_or(
            |screen| {
                let (screen, asked) = (screen.contents(), ["q quit", "y write", "write the comment"]);
                !asked.iter().any(|hint| last_line(&screen).contains(hint))
            },
            |screen| format!("no answer to {keys:?}:\n{}", screen.contents()),
        );
        self.disk.hold();
    }

    /// What the app wrote last is taken back by the command.
    fn undo_outside(&mut self) {
        let home = self.home();
        let command = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
            .arg("undo")
            .arg(self.disk.root())
            .env("HOME", &home)
            .env("XDG_STATE_HOME", &home)
            .output();
        assert!(command.unwrap().status.code().is_some());
        self.disk.hold();
    }

    fn pause(&mut self) {
        self.escape();
        self.pty.send("p").shows("paused");
        self.edit();
        self.pty.send("p").shows("watching");
    }
}

fn last_line(screen: &str) -> &str {
    screen.trim_end().lines().last().unwrap_or_default()
}

/// Whether all of a text parses, as far as its name says what it is.
fn parses(path: &Path, text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let name = path.file_name().unwrap().to_string_lossy();
    match seaworthy::repo::FileKind::of_name(&name) {
        _ if text.trim().is_empty() => false,
        Some(seaworthy::repo::FileKind::Dockerfile) => seaworthy::dockerfile::parse(text).problems.is_empty(),
        Some(seaworthy::repo::FileKind::Manifest) => {
            let manifest = seaworthy::manifest::parse(text);
            manifest.problems.is_empty() && !manifest.documents.is_empty()
        }
        _ => true,
    }
}
