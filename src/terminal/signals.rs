//! What the system tells the program.

use std::io;
use std::sync::mpsc::Sender;
use std::thread;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::message::Input;
use crate::app::AppEvent;

pub(super) fn start(inputs: Sender<Input>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            let input = match signal {
                SIGTSTP => Input::Stop,
                SIGCONT => Input::Continued,
                _ => Input::Event(AppEvent::Terminate),
            };
            if inputs.send(input).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Asks everything that was started with us to stop, as the terminal does on Ctrl-Z: what started us, such as `cargo
/// run`, must stop too, or the shell never comes back. We hear of it ourselves as of any other signal.
pub(super) fn stop_all() {
    if rustix::process::kill_current_process_group(rustix::process::Signal::TSTP).is_err() {
        stop();
    }
}

/// Stops, until somebody says to go on.
pub(super) fn stop() {
    let _ = signal_hook::low_level::emulate_default_handler(SIGTSTP);
}
