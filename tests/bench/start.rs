//! From the start of the program to its first frame on a terminal.

use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize, native_pty_system};

use crate::clock::middle;
use crate::tree::tree;
use crate::world::repository;

pub(crate) fn small() -> Duration {
    first_frames(2)
}

pub(crate) fn large() -> Duration {
    first_frames(10_000)
}

pub(crate) fn monorepo() -> Duration {
    first_frames_in(tree().root())
}

fn first_frames(files: usize) -> Duration {
    first_frames_in(repository(files).path())
}

fn first_frames_in(root: &Path) -> Duration {
    let mut times: Vec<Duration> = (0..9).map(|_| first_frame(root)).collect();
    middle(&mut times)
}

fn first_frame(root: &Path) -> Duration {
    let home = tempfile::TempDir::new().unwrap();
    let size = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_seaworthy"));
    command.arg(root);
    // A terminal that says what its background is need not be asked.
    let variables = [("TERM", "xterm-256color"), ("COLORFGBG", "15;0")];
    variables.iter().for_each(|(name, value)| command.env(name, value));
    ["HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"].iter().for_each(|name| command.env(name, home.path()));
    let mut output = pair.master.try_clone_reader().unwrap();
    let begin = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    let mut seen = Vec::new();
    let mut bytes = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("seaworthy ") {
        let count = output.read(&mut bytes).unwrap();
        seen.extend_from_slice(&bytes[..count]);
    }
    let took = begin.elapsed();
    child.kill().unwrap();
    child.wait().unwrap();
    took
}
