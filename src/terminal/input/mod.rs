//! Reads the keyboard and the mouse for the loop. The thread reads one batch, then waits for a permit to go on: so a
//! program started in the terminal meanwhile has all keys to itself.

use std::sync::mpsc::{self, Sender};
use std::{io, thread};

use super::loop_input::LoopInput;

#[cfg(not(unix))]
mod console_reader;
#[cfg(unix)]
mod control_sequence;
#[cfg(unix)]
mod input_decoder;
#[cfg(unix)]
mod tty_reader;

#[cfg(not(unix))]
use console_reader::ConsoleReader as InputReader;
#[cfg(unix)]
use tty_reader::TtyReader as InputReader;

/// The permit that lets the input thread read on.
pub(super) struct InputPermit(Sender<()>);

impl InputPermit {
    pub(super) fn grant_next(&self) {
        // The thread is gone when the terminal is; then there is nothing to permit.
        let _ = self.0.send(());
    }
}

/// Starts the input thread, which reads at once.
pub(super) fn start_input(inputs: Sender<LoopInput>) -> io::Result<InputPermit> {
    let (gate, opened) = mpsc::channel();
    thread::Builder::new().name("input".into()).spawn(move || {
        let mut reader = InputReader::default();
        loop {
            let batch = reader.read_batch();
            let failed = batch.is_err();
            if inputs.send(LoopInput::EventBatch(batch)).is_err() || failed || opened.recv().is_err() {
                return;
            }
        }
    })?;
    Ok(InputPermit(gate))
}
