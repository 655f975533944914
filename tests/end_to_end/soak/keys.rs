//! What the hand asks of the program by its keys. Each time it waits for what the program says to that: a word, a
//! question, or the keys of a dialog.

use std::cell::RefCell;
use std::process::Command;
use std::time::Instant;

use super::{PATIENCE, Soak};

/// Keys that write nothing.
const KEYS: [&str; 17] =
    ["j", "k", "\t", "1", "2", "3", "4", "gg", "G", "\x04", "\x15", "n", "T", "d", "?", "o", "/limit\r"];

/// As terminals send it that tell it from the beginning of another key: what follows at once stays a key of its own.
const ESC: &str = "\x1b[27u";

/// So much may lie over each other: a line typed in the help, the help, a diff in full width, a filter, another pane.
const DEEPEST: usize = 5;

/// What the program says of a patch that has no room on the screen.
const NEXT_PAGE: &str = "next page";
/// What the program says while a diff is not made yet.
const NOT_YET: &str = "still being made";
/// A change that is shown whole.
const OFFERED: &str = "f write";

/// What the program says to a key, in its last line.
enum Answer {
    /// What it did, or why it did nothing.
    Word(String),
    /// Whether to write a patch, be it there yet or not.
    Question,
    /// It wants to know something else.
    Dialog,
}

impl Soak {
    /// Closes whatever is open. Only when all keys before are taken in is the menu seen, which nothing else opens.
    pub(super) fn rest(&mut self) {
        self.pty.send(&ESC.repeat(DEEPEST)).send("F");
        self.last_line("scopes", |line| line.contains("s all safe"));
        // A word that came late stands in the place of the keys until the next key.
        let is_late = |line: &str| line.contains("Nothing was written");
        loop {
            self.pty.send(&ESC.repeat(2));
            let seen = self.last_line("keys of the panes", |line| line.contains("q quit") || is_late(line));
            if seen.contains("q quit") {
                break;
            }
        }
    }

    pub(super) fn look_around(&mut self) {
        for _ in 0..self.random.below(8) {
            let key = KEYS[self.random.below(KEYS.len())];
            self.pty.send(key);
        }
    }

    /// The fix of whatever the eye has come to.
    pub(super) fn fix(&mut self) {
        self.look_around();
        let began = Instant::now();
        loop {
            match self.ask("f") {
                Answer::Word(word) if word.contains(NOT_YET) && began.elapsed() < PATIENCE => {
                    self.pty.quiet();
                }
                Answer::Word(word) => {
                    assert!(!word.contains(NOT_YET), "{word}");
                    return self.disk.hold();
                }
                Answer::Question => return self.say_yes(),
                Answer::Dialog => return,
            }
        }
    }

    pub(super) fn fix_much(&mut self) {
        let reach = 1 + self.random.below(5);
        match self.ask(&format!("F{reach}")) {
            Answer::Word(_) => self.disk.hold(),
            Answer::Question => self.say_yes(),
            Answer::Dialog => {}
        }
    }

    pub(super) fn allow(&mut self) {
        if matches!(self.ask("2i"), Answer::Dialog) {
            self.pty.send("it is meant").shows("Written above line").send("\r");
            // Where its file changed just before, the question went with a word, and Enter was another key.
            self.last_line("end of the question", |line| !line.contains("write the comment"));
            self.rest();
            self.disk.hold();
        }
    }

    /// Takes the last write back, or makes it again.
    pub(super) fn step(&mut self, key: &str) {
        let answer = self.ask(key);
        assert!(matches!(answer, Answer::Word(_)), "{}", self.pty.screen());
        self.disk.hold();
    }

    /// What the app wrote last is taken back by the command.
    pub(super) fn undo_outside(&mut self) {
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

    pub(super) fn pause(&mut self) {
        self.rest();
        self.pty.send("p");
        self.first_line("paused");
        self.alone(Self::edit);
        self.pty.send("p");
        self.first_line("watching");
    }

    /// Presses keys that are answered, where nothing else is open.
    fn ask(&mut self, keys: &str) -> Answer {
        self.rest();
        self.pty.send(keys);
        let line =
            self.last_line("answer", |line| !["q quit", "1 to 7"].iter().any(|hint| line.contains(hint)));
        match line {
            line if is_question(&line) => Answer::Question,
            line if line.contains("Esc leave") => Answer::Dialog,
            line => Answer::Word(line),
        }
    }

    /// Says yes until there is something to say yes to.
    fn say_yes(&mut self) {
        let began = Instant::now();
        loop {
            self.turn_pages();
            self.pty.send("y");
            let word = self.word();
            if !word.contains(NOT_YET) {
                return self.disk.hold();
            }
            assert!(began.elapsed() < PATIENCE, "{}", self.pty.screen());
            // The word goes with the next key.
            self.pty.send("j");
            let line = self.last_line("question", |line| is_question(line) || line.contains(OFFERED));
            if !is_question(&line) {
                // The change came meanwhile, and stands there to be written.
                return;
            }
            self.pty.quiet();
        }
    }

    /// Turns the pages of a patch that has no room on the screen: yes is taken once all of it was shown.
    fn turn_pages(&mut self) {
        while self.last_line("patch", |_| true).contains(NEXT_PAGE) {
            self.pty.send("f").quiet();
        }
    }

    /// Waits for a word in the place of keys.
    fn word(&mut self) -> String {
        const HINTS: [&str; 4] = ["q quit", "Esc close", "y write", NEXT_PAGE];
        self.last_line("word", |line| !HINTS.iter().any(|hint| line.contains(hint)))
    }

    /// Waits for a last line, and gives it.
    fn last_line(&mut self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let said = RefCell::new(String::new());
        self.pty.until(what, |screen| {
            *said.borrow_mut() = screen.contents().trim_end().lines().last().unwrap_or_default().to_owned();
            wanted(&said.borrow())
        });
        said.into_inner()
    }

    fn first_line(&mut self, word: &str) {
        self.pty
            .until(word, |screen| screen.contents().lines().next().is_some_and(|line| line.contains(word)));
    }
}

/// Whether the last line has the keys of a question.
fn is_question(line: &str) -> bool {
    ["Esc close", "y write", NEXT_PAGE].iter().any(|key| line.contains(key))
}
