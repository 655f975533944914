//! Defines the messages that the threads of the terminal send to the loop.

use std::io;

use crate::app::AppEvent;

/// A message through the channel of the loop.
pub(super) enum LoopInput {
    Event(AppEvent),
    /// The keys and the mouse events of one batch; the input thread now waits.
    EventBatch(io::Result<Vec<AppEvent>>),
    /// The system asks us to stop for a while.
    Suspend,
    /// The program goes on after a stop that sent no signal.
    Resumed,
    /// The terminal has another size.
    Resized,
    /// A thread panicked; its message is on the terminal.
    ThreadPanicked,
}
