//! Gives the terminal back for a program that cannot do so any more. A second process waits beside the app; when the app
//! ends in a way that runs none of its code (killed, a stack overflow, an abort), it restores the terminal.

use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{ChildStdin, Command, ExitCode, Stdio};
use std::sync::OnceLock;

use nix::sys::signal::SigSet;
use rustix::termios::{
    ControlModes, InputModes, LocalModes, OptionalActions, OutputModes, SpecialCodeIndex, Termios, tcgetattr,
    tcsetattr,
};

use super::screen_sequences::write_exit;

/// The first argument of the guard's process; the second is the terminal's modes.
const GUARD_ARGUMENT: &str = "--guard-terminal";

/// The line to the guard. It closes when this process ends, in whichever way.
static GUARD_LINE: OnceLock<ChildStdin> = OnceLock::new();

/// What the guard is told, one byte each.
#[derive(Clone, Copy)]
#[repr(u8)]
pub(super) enum GuardNote {
    Taken = b'+',
    GivenBack = b'-',
}

/// Starts the guard: `program` again, which must call `run_guard` first of all. Without a guard, all else goes on.
pub(super) fn start_guard(program: &Path) {
    let Ok(modes) = tcgetattr(io::stdout()) else { return };
    let mut command = Command::new(program);
    // In a process group of its own, what ends the app's whole group leaves it; in no folder that somebody may unmount.
    command.args([GUARD_ARGUMENT, &describe_modes(&modes)]).process_group(0).current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::inherit()).stderr(Stdio::null());
    if let Some(line) = command.spawn().ok().and_then(|mut guard| guard.stdin.take()) {
        let _ = GUARD_LINE.set(line);
    }
}

pub(super) fn tell_guard(note: GuardNote) {
    if let Some(mut line) = GUARD_LINE.get() {
        // A guard that somebody ended helps nobody, and harms nobody.
        let _ = line.write_all(&[note as u8]);
    }
}

/// Runs the guard where this process was started as one; None for any other.
#[must_use]
pub fn run_guard() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != GUARD_ARGUMENT {
        return None;
    }
    let modes = arguments.next()?.into_string().ok()?;
    // It ends with the app, and by nothing else. It may also be in the background by then, where the terminal's modes
    // are only its to set while this signal, among all others, is blocked.
    let _ = SigSet::all().thread_block();
    if is_taken_at_end(&mut io::stdin()) {
        restore_terminal(&modes);
    }
    Some(ExitCode::SUCCESS)
}

/// Waits for the app's end. True where it had the terminal then.
fn is_taken_at_end(line: &mut impl Read) -> bool {
    let mut last = [0];
    while matches!(line.read(&mut last), Ok(1)) {}
    last[0] == GuardNote::Taken as u8
}

/// A failure here could be reported nowhere.
fn restore_terminal(modes: &str) {
    let mut out = io::stdout();
    let _ = write_exit(&mut out);
    if let Ok(mut current) = tcgetattr(&out)
        && put_modes(&mut current, modes).is_some()
    {
        // What was typed or reported meanwhile was for the app, not for the shell.
        let _ = tcsetattr(&out, OptionalActions::Flush, &current);
    }
    let _ = out
        .write_all(b"seaworthy: it was ended before it could give the terminal back; that is done now\r\n");
    let _ = out.flush();
}

/// The modes as numbers, for an argument.
fn describe_modes(modes: &Termios) -> String {
    format!(
        "{},{},{},{},{},{}",
        modes.input_modes.bits(),
        modes.output_modes.bits(),
        modes.control_modes.bits(),
        modes.local_modes.bits(),
        modes.special_codes[SpecialCodeIndex::VMIN],
        modes.special_codes[SpecialCodeIndex::VTIME],
    )
}

/// Puts the modes told by an argument in the place of those of `current`.
fn put_modes(current: &mut Termios, modes: &str) -> Option<()> {
    let mut numbers = modes.split(',');
    current.input_modes = InputModes::from_bits_retain(numbers.next()?.parse().ok()?);
    current.output_modes = OutputModes::from_bits_retain(numbers.next()?.parse().ok()?);
    current.control_modes = ControlModes::from_bits_retain(numbers.next()?.parse().ok()?);
    current.local_modes = LocalModes::from_bits_retain(numbers.next()?.parse().ok()?);
    current.special_codes[SpecialCodeIndex::VMIN] = numbers.next()?.parse().ok()?;
    current.special_codes[SpecialCodeIndex::VTIME] = numbers.next()?.parse().ok()?;
    Some(())
}
