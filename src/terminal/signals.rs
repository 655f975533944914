//! Passes the system's signals to the loop.

use std::os::raw::c_int;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};
use std::{io, thread};

use signal_hook::consts::{
    SIGABRT, SIGALRM, SIGCONT, SIGHUP, SIGINT, SIGIO, SIGPROF, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1, SIGUSR2,
    SIGVTALRM, SIGWINCH, SIGXCPU, SIGXFSZ,
};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::loop_input::LoopInput;
use crate::app::AppEvent;
use crate::repo::finish_writing;

/// The signals that end a program which does not ask for them, sent by others or by the system's limits.
const ENDING_SIGNALS: [c_int; 13] = [
    SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU,
    SIGXFSZ, SIGIO,
];

/// The time for the loop to end the program. A terminal that takes no output may keep it from that.
const ENDING_PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn start_signals(inputs: Sender<LoopInput>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTSTP, SIGCONT, SIGWINCH].iter().chain(&ENDING_SIGNALS))?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        let mut ending_since: Option<Instant> = None;
        for signal in signals.forever() {
            let input = match signal {
                SIGTSTP => LoopInput::Suspend,
                SIGCONT => LoopInput::Resumed,
                SIGWINCH => LoopInput::Resized,
                _ if ending_since.is_some_and(|since| since.elapsed() > ENDING_PATIENCE) => {
                    end_at_once(signal);
                    return;
                }
                _ => {
                    ending_since.get_or_insert_with(Instant::now);
                    LoopInput::Event(AppEvent::Terminate)
                }
            };
            if inputs.send(input).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Ends the program by the signal, for somebody who asks again; the guard gives the terminal back.
fn end_at_once(signal: c_int) {
    finish_writing();
    let _ = emulate_default_handler(signal);
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
    let _ = emulate_default_handler(SIGTSTP);
}
