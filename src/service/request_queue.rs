//! Runs the backend on a thread of its own, and hands it requests, only the latest of a kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::{io, thread};

use crate::app::{AppBackend, BackendMessage, BackendRequest};

/// The sender to the program for other threads, such as the watcher's: to the backend, and to the screen.
#[derive(Clone)]
pub struct ServiceHandle {
    requests: Sender<BackendRequest>,
    screen: Arc<dyn Fn(BackendMessage) + Send + Sync>,
    /// The generation of the latest plan that was requested.
    latest_generation: Arc<AtomicU64>,
}

impl ServiceHandle {
    /// Sends a request to the backend, which answers to the screen.
    pub fn send_request(&self, request: BackendRequest) {
        if let Some(generation) = request.generation() {
            self.latest_generation.fetch_max(generation, Ordering::Relaxed);
        }
        // When the backend is gone, so is the program.
        let _ = self.requests.send(request);
    }

    /// True while the plan of that generation is still waited for: a long planning asks this in between.
    #[must_use]
    pub fn is_plan_current(&self, generation: u64) -> bool {
        self.latest_generation.load(Ordering::Relaxed) <= generation
    }

    /// Sends a message to the screen.
    pub fn send_message(&self, message: BackendMessage) {
        (self.screen)(message);
    }
}

/// Starts the backend on a thread of its own. Its messages go to the screen.
pub(crate) fn start_service<B: AppBackend + 'static>(
    screen: impl Fn(BackendMessage) + Send + Sync + 'static,
    make: impl FnOnce(&ServiceHandle) -> B + Send + 'static,
) -> io::Result<ServiceHandle> {
    let (requests, waiting) = mpsc::channel();
    let remote = ServiceHandle { requests, screen: Arc::new(screen), latest_generation: Arc::default() };
    let own = remote.clone();
    thread::Builder::new().name("backend".into()).spawn(move || {
        let screen = Arc::clone(&own.screen);
        // Watching a large repository takes a while to begin; the first frame does not wait for it.
        let mut backend = make(&own);
        drop(own);
        let reply = |message| screen(message);
        while let Some(batch) = next_batch(&waiting) {
            for request in batch {
                backend.handle_request(request, &reply);
            }
        }
    })?;
    Ok(remote)
}

/// Waits for a request, and takes all others that wait.
fn next_batch(waiting: &Receiver<BackendRequest>) -> Option<Vec<BackendRequest>> {
    let mut batch: Vec<BackendRequest> = Vec::new();
    let first = waiting.recv().ok()?;
    for request in std::iter::once(first).chain(waiting.try_iter()) {
        add_to_batch(&mut batch, request);
    }
    Some(batch)
}

/// Adds a request to those that wait. Of plans only the last is still of use. All changed files are one change, and a
/// full scan, which begins after all requests until now, sees them too.
fn add_to_batch(batch: &mut Vec<BackendRequest>, request: BackendRequest) {
    let looks = |other: &BackendRequest| matches!(other, BackendRequest::Scan | BackendRequest::Rescan);
    match request {
        BackendRequest::CheckoutMoved if batch.contains(&request) => return,
        BackendRequest::Plan { .. } => batch.retain(|other| !matches!(other, BackendRequest::Plan { .. })),
        BackendRequest::PlanStage { .. } | BackendRequest::WeighStage { .. } => {
            let is_older = |other: &BackendRequest| other.generation() < request.generation();
            let is_stage = |other: &BackendRequest| {
                matches!(other, BackendRequest::PlanStage { .. } | BackendRequest::WeighStage { .. })
            };
            batch.retain(|other| !is_stage(other) || !is_older(other));
        }
        BackendRequest::Scan => {
            batch.retain(|other| !looks(other) && !matches!(other, BackendRequest::PathsChanged(_)));
        }
        BackendRequest::Rescan if batch.iter().any(looks) => return,
        BackendRequest::Rescan => batch.retain(|other| !matches!(other, BackendRequest::PathsChanged(_))),
        BackendRequest::PathsChanged(_) if batch.iter().any(looks) => return,
        BackendRequest::PathsChanged(more) => {
            if let Some(BackendRequest::PathsChanged(paths)) = batch.last_mut() {
                return paths.extend(more);
            }
            return batch.push(BackendRequest::PathsChanged(more));
        }
        _ => {}
    }
    batch.push(request);
}
