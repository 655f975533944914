//! What the threads of the terminal send to the loop that runs the program.

use std::io;

use crate::app::AppEvent;

/// What comes through the channel.
pub(super) enum LoopInput {
    Event(AppEvent),
    /// What was typed and clicked; the input thread now waits.
    EventBatch(io::Result<Vec<AppEvent>>),
    /// The system asks us to stop for a while.
    Suspend,
    /// We were stopped by somebody who could not be heard, and go on.
    Resumed,
    /// A thread panicked; its message is on the terminal.
    ThreadPanicked,
}
