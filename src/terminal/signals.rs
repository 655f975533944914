//! Passes the system's signals to the loop.

use std::sync::mpsc::Sender;
use std::{io, thread};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::loop_input::LoopInput;
use crate::app::AppEvent;

pub(super) fn start_signals(inputs: Sender<LoopInput>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let input = match signal {
                SIGTSTP => LoopInput::Suspend,
                SIGCONT => LoopInput::Resumed,
                _ => LoopInput::Event(AppEvent::Terminate),
            };
            if inputs.send(input).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Asks the whole process group to stop, as the terminal does on Ctrl-Z: the program that started us, such as `cargo
/// run`, must stop too, or the shell never comes back. Our own handler gets this signal like any other.
pub(super) fn stop_group() {
    if rustix::process::kill_current_process_group(rustix::process::Signal::TSTP).is_err() {
        stop_self();
    }
}

/// Stops this process until a signal continues it.
pub(super) fn stop_self() {
    let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
}
