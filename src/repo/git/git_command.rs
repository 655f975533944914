//! Runs git for reading, bounded in time and output, with nothing of the environment or of a repository's settings that
//! would have it run something else.

use std::ffi::OsStr;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use thiserror::Error;

/// The longest that git may take for one question.
const MAX_TIME: Duration = Duration::from_secs(10);
/// The longest answer, in bytes: the names of some 500,000 files.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// What git needs of the environment: itself, and the user's own settings, which say whose repositories are trusted.
const KEPT_VARIABLES: [&str; 6] = ["PATH", "HOME", "XDG_CONFIG_HOME", "USERPROFILE", "SYSTEMROOT", "TMPDIR"];
/// Settings that would run a program or use the network, each switched off.
const SETTINGS: [&str; 6] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.pager=cat",
    "diff.external=",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
];

/// Why git does not answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum GitError {
    #[error("git is not there")]
    NotThere,
    #[error("git does not answer here: this is no repository of its, or not one that it trusts")]
    NoAnswer,
    #[error("git knows no revision `{0}` here")]
    UnknownRevision(String),
    #[error("git took longer than {} s", MAX_TIME.as_secs())]
    TooSlow,
    #[error("the revision holds too many files")]
    TooMuch,
}

/// The output of git in a folder.
pub(super) fn run_git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let mut command = Command::new("git");
    command.env_clear();
    for name in KEPT_VARIABLES {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command.envs([
        ("GIT_ALLOW_PROTOCOL", ""),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("LC_ALL", "C"),
    ]);
    command.arg("--no-pager");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.args([OsStr::new("-C"), folder.as_os_str()]).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|_| GitError::NotThere)?;
    let answer = read_answer(&mut child, Instant::now() + MAX_TIME);
    if answer.is_err() {
        let _ = child.kill();
    }
    let status = child.wait().map_err(|_| GitError::NoAnswer)?;
    answer.and_then(|bytes| if status.success() { Ok(bytes) } else { Err(GitError::NoAnswer) })
}

fn read_answer(child: &mut Child, deadline: Instant) -> Result<Vec<u8>, GitError> {
    let stdout = child.stdout.take().ok_or(GitError::NoAnswer)?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.take(MAX_BYTES + 1).read_to_end(&mut bytes);
        let _ = send.send(read.map(|_| bytes));
    });
    let left = deadline.saturating_duration_since(Instant::now());
    let bytes = receive.recv_timeout(left).map_err(|_| GitError::TooSlow)?;
    let bytes = bytes.map_err(|_| GitError::NoAnswer)?;
    if bytes.len() as u64 > MAX_BYTES { Err(GitError::TooMuch) } else { Ok(bytes) }
}
