//! Starts the container engine's client, always by its words and never by a shell, and ends it when its time is over.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::bounded_output::BoundedOutput;
use super::trial_marks::{TrialOwner, is_left_behind, mark_of_name, unique_name};
use crate::base::{create_private_folder, remove_private_file, remove_private_folder, state_folder};

/// The most bytes that are read of an answer: what is asked for is a listing or a few files.
const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;
/// The time between two looks at a client that is still at work.
const POLL_TIME: Duration = Duration::from_millis(10);
/// The file by which podman's monitor tells that memory was short.
const MONITOR_FILE: &str = "oom";
/// What the name of a folder begins with in which a client keeps its input.
const INPUT_PREFIX: &str = "input-";
/// The time in which what a client wrote last is read, once it has ended.
const DRAIN_TIME: Duration = Duration::from_secs(1);

/// The answer of the engine's client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct EngineAnswer {
    /// The exit status; none where a signal ended it.
    pub status: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
    /// True where it was ended, since its time was over or nobody waited for it any more.
    pub was_ended: bool,
}

impl EngineAnswer {
    pub(super) fn succeeded(&self) -> bool {
        self.status == Some(0)
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).trim().to_owned()
    }
}

/// Runs the client to its end; with `input`, that is its standard input.
///
/// # Errors
/// When it cannot be started.
pub(super) fn run_client(
    words: &[String],
    input: Option<Vec<u8>>,
    limit: Duration,
    is_awaited: &dyn Fn() -> bool,
) -> std::io::Result<EngineAnswer> {
    let mut command = client_command(words);
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    // podman leaves what it is handed among the temporary files.
    let folder = input.as_ref().and_then(|_| InputFolder::make().ok());
    command.envs(folder.iter().map(|folder| ("TMPDIR", &folder.path)));
    let mut child = command.spawn()?;
    if let (Some(bytes), Some(mut stdin)) = (input, child.stdin.take()) {
        std::thread::spawn(move || std::io::Write::write_all(&mut stdin, &bytes));
    }
    let stdout = read_aside(child.stdout.take());
    let stderr = read_aside(child.stderr.take());
    let deadline = Instant::now() + limit;
    let (status, was_ended) = wait_until(&mut child, deadline, is_awaited);
    let drained = Instant::now() + DRAIN_TIME;
    let take = |from: mpsc::Receiver<Vec<u8>>| {
        from.recv_timeout(drained.saturating_duration_since(Instant::now())).unwrap_or_default()
    };
    Ok(EngineAnswer {
        status: status.and_then(|status| status.code()),
        stdout: take(stdout),
        stderr: String::from_utf8_lossy(&take(stderr)).into_owned(),
        was_ended,
    })
}

/// Runs the client to its end with all that it prints in a file: it goes on where this program is killed.
///
/// # Errors
/// When it cannot be started.
pub(super) fn run_client_into(
    words: &[String],
    output: File,
    limit: Duration,
    is_awaited: &dyn Fn() -> bool,
) -> std::io::Result<EngineAnswer> {
    let mut command = client_command(words);
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
    let mut child = command.spawn()?;
    let (status, was_ended) = wait_until(&mut child, Instant::now() + limit, is_awaited);
    Ok(EngineAnswer { status: status.and_then(|status| status.code()), was_ended, ..EngineAnswer::default() })
}

/// A client that stays attached to a program's output, until the program ends or nobody listens any more.
pub(super) struct AttachedClient {
    child: Child,
    status: Option<ExitStatus>,
}

impl AttachedClient {
    /// Starts it; what it passes on goes to `stdout` and `stderr`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub(super) fn start(
        words: &[String],
        stdout: &BoundedOutput,
        stderr: &BoundedOutput,
    ) -> std::io::Result<Self> {
        let mut child = client_command(words).stdin(Stdio::null()).spawn()?;
        stdout.read_aside(child.stdout.take());
        stderr.read_aside(child.stderr.take());
        Ok(Self { child, status: None })
    }

    /// The exit status, once it has ended by itself.
    pub(super) fn ended(&mut self) -> Option<i32> {
        if self.status.is_none() {
            self.status = self.child.try_wait().ok().flatten();
        }
        self.status.map(|status| status.code().unwrap_or(-1))
    }
}

impl Drop for AttachedClient {
    fn drop(&mut self) {
        if self.ended().is_none() {
            end_client(&mut self.child);
        }
    }
}

/// The client in a process group of its own, so that Ctrl-C in the terminal reaches this program alone, which then
/// cleans up.
fn client_command(words: &[String]) -> Command {
    let (program, arguments) =
        words.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
    // podman's monitor writes a file where it is started, once memory is short: not into the user's folder.
    if let Ok(folder) = make_work_folder() {
        command.current_dir(folder);
    }
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}

/// The folder in which clients work, and in which builds are logged: in the user's own, for state.
///
/// # Errors
/// When it cannot be made.
pub(super) fn make_work_folder() -> std::io::Result<PathBuf> {
    let folder = state_folder().join("trials");
    create_private_folder(&folder)?;
    Ok(folder)
}

/// A folder for what a client keeps of its input, which goes with it.
struct InputFolder {
    path: PathBuf,
}

impl InputFolder {
    fn make() -> std::io::Result<Self> {
        let name = format!("{INPUT_PREFIX}{}-{}", TrialOwner::current().mark(), unique_name(""));
        let path = make_work_folder()?.join(name);
        create_private_folder(&path)?;
        Ok(Self { path })
    }
}

impl Drop for InputFolder {
    fn drop(&mut self) {
        let _ = remove_private_folder(&self.path);
    }
}

/// Removes such folders of processes that are gone.
pub(super) fn clear_orphaned_inputs() {
    let entries = std::fs::read_dir(state_folder().join("trials")).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let inner = name.to_str().and_then(|name| name.strip_prefix(INPUT_PREFIX));
        if inner.is_some_and(|inner| is_left_behind(&mark_of_name(inner))) {
            let _ = remove_private_folder(&entry.path());
        }
    }
}

/// Removes what the engine's monitor has left in that folder.
pub(super) fn clear_work_folder() {
    let _ = remove_private_file(&state_folder().join("trials").join(MONITOR_FILE));
}

fn wait_until(
    child: &mut Child,
    deadline: Instant,
    is_awaited: &dyn Fn() -> bool,
) -> (Option<ExitStatus>, bool) {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return (Some(status), false),
            Ok(None) if Instant::now() < deadline && is_awaited() => std::thread::sleep(POLL_TIME),
            _ => {
                end_client(child);
                return (None, true);
            }
        }
    }
}

/// Kills the client and what it started, and waits for it.
fn end_client(child: &mut Child) {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn read_aside(from: Option<impl Read + Send + 'static>) -> mpsc::Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(from) = from {
            let _ = from.take(MAX_ANSWER_BYTES).read_to_end(&mut bytes);
        }
        let _ = send.send(bytes);
    });
    receive
}
