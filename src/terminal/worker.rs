//! The thread on which the backend works, and the way to it.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use super::run::Input;
use crate::app::{Backend, Event, Message, Request};

/// A way to the program from other threads, such as the watcher's: to the backend, and to the screen.
#[derive(Clone)]
pub struct Remote {
    requests: Sender<Request>,
    inputs: Sender<Input>,
}

impl Remote {
    /// Asks the backend. It answers to the screen.
    pub fn ask(&self, request: Request) {
        // When the backend is gone, so is the program.
        let _ = self.requests.send(request);
    }

    /// Tells the screen.
    pub fn tell(&self, message: Message) {
        let _ = self.inputs.send(Input::Event(Event::Message(message)));
    }
}

/// Starts the backend on a thread of its own.
pub(super) fn start<B: Backend + 'static>(
    inputs: Sender<Input>,
    make: impl FnOnce(&Remote) -> B + Send + 'static,
) -> io::Result<Remote> {
    let (requests, waiting) = mpsc::channel();
    let remote = Remote { requests, inputs };
    let own = remote.clone();
    thread::Builder::new().name("backend".into()).spawn(move || {
        let inputs = own.inputs.clone();
        // Watching a large repository takes a while to begin; the first frame does not wait for it.
        let mut backend = make(&own);
        drop(own);
        let reply = |message| {
            let _ = inputs.send(Input::Event(Event::Message(message)));
        };
        while let Some(batch) = next(&waiting) {
            for request in batch {
                backend.handle(request, &reply);
            }
        }
    })?;
    Ok(remote)
}

/// Waits for a request, and takes all others that wait. Of plans only the last is still of use to anybody; of changed
/// files, all of them are one change.
fn next(waiting: &Receiver<Request>) -> Option<Vec<Request>> {
    let mut batch: Vec<Request> = Vec::new();
    let first = waiting.recv().ok()?;
    for request in std::iter::once(first).chain(waiting.try_iter()) {
        match (batch.last_mut(), request) {
            (Some(Request::Changed(paths)), Request::Changed(more)) => paths.extend(more),
            (_, request) => {
                if matches!(request, Request::Plan { .. }) {
                    batch.retain(|other| !matches!(other, Request::Plan { .. }));
                }
                batch.push(request);
            }
        }
    }
    Some(batch)
}
