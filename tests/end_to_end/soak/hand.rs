//! What the hand does: to the files as editors and git do; what it asks of the program is in `keys`.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use seaworthy::repo::FileKind;

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

impl Soak {
    pub(super) fn act(&mut self) {
        match self.random.below(24) {
            act @ 0..11 => self.alone(|soak| soak.change_files(act)),
            11..15 => self.look_around(),
            15..18 => self.fix(),
            18 => self.fix_much(),
            19 => self.step("u"),
            20 => self.step("\x12"),
            21 => self.allow(),
            22 => self.undo_outside(),
            _ => self.pause(),
        }
    }

    fn change_files(&mut self, act: usize) {
        match act {
            0..6 => self.edit(),
            6 => self.remove(),
            7 => self.save_half(),
            8 => self.move_a_folder(),
            9 => self.check_out(),
            _ => self.stash(),
        }
    }

    /// Does it while the racer is kept out.
    pub(super) fn alone(&mut self, act: impl FnOnce(&mut Self)) {
        self.disk.keep_racer_out();
        act(self);
        self.disk.let_racer_in();
    }

    fn any_file(&mut self) -> Option<PathBuf> {
        let nth = self.random.below(self.disk.meant.len());
        self.disk.meant.keys().nth(nth).cloned()
    }

    /// One that is whole. What does not parse keeps what was found before, which no fresh audit can know: so none that
    /// is broken is made whole, and none that is whole is broken for long.
    fn any_whole_file(&mut self) -> Option<PathBuf> {
        self.any_file().filter(|path| parses(path, &self.disk.meant[path]))
    }

    /// The same text, or one of a file of the same kind, with a line more.
    fn text_for(&mut self, path: &Path) -> Vec<u8> {
        let like: Vec<&PathBuf> =
            self.disk.meant.keys().filter(|other| other.extension() == path.extension()).collect();
        let nth = self.random.below(like.len() * 2);
        let text = self.disk.meant[*like.get(nth).unwrap_or(&&path.to_path_buf())].clone();
        match self.random.below(3) {
            0 if !text.is_empty() => {
                [&text[..], format!("\n# {}\n", self.random.below(1000)).as_bytes()].concat()
            }
            _ => text,
        }
    }

    /// In place, or by way of another file.
    pub(super) fn edit(&mut self) {
        let Some(path) = self.any_whole_file() else { return };
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

    /// The last one stays: where there is nothing to look at, there are no panes to read.
    fn remove(&mut self) {
        let audited = |path: &&PathBuf| FileKind::of_name(&name(path)).is_some();
        let is_last = self.disk.meant.keys().filter(audited).count() < 2;
        let Some(path) = self.any_file().filter(|path| !is_last || !audited(&path)) else { return };
        fs::remove_file(&path).unwrap();
        self.disk.meant.remove(&path);
    }

    fn save_half(&mut self) {
        let Some(path) = self.any_whole_file() else { return };
        let text = self.disk.meant[&path].clone();
        fs::write(&path, &text[..self.random.below(text.len())]).unwrap();
        // Time to see it; whether that is enough must not matter.
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
}

fn name(path: &Path) -> Cow<'_, str> {
    path.file_name().unwrap().to_string_lossy()
}

/// Whether all of a text parses, as far as its name says what it is.
pub(super) fn parses(path: &Path, text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    match FileKind::of_name(&name(path)) {
        _ if text.trim().is_empty() => false,
        Some(FileKind::Dockerfile) => seaworthy::dockerfile::parse(text).problems.is_empty(),
        Some(FileKind::Manifest) => {
            let manifest = seaworthy::kubernetes::parse_manifest(text);
            manifest.problems.is_empty() && !manifest.documents.is_empty()
        }
        _ => true,
    }
}
