//! Asks registries for the app, beside its other work.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::app::{BackendMessage, LookupAnswer, LookupMode, LookupProgress};
use crate::fix::RegistryAnswers;
use crate::image::Reference;
use crate::image::registry::{
    CancelFlag, DigestStatus, ReferenceResolver, RegistryClient, RegistryError, RegistryOptions,
    TagResolution, check_all_digests, resolve_all,
};
use crate::service::ServiceHandle;

/// The registry lookups of the app and their answers, for as long as it runs.
pub(crate) struct RegistryWorker {
    /// The client, made when it is first needed.
    registries: Option<Arc<RegistryClient>>,
    answers: Arc<Mutex<RegistryAnswers>>,
    /// The flag that stops the running query.
    running_query: CancelFlag,
    handle: ServiceHandle,
}

impl RegistryWorker {
    pub(crate) fn new(remote: ServiceHandle) -> Self {
        Self {
            registries: None,
            answers: Arc::default(),
            running_query: CancelFlag::default(),
            handle: remote,
        }
    }

    /// The answers that still count.
    pub(crate) fn answers(&self) -> RegistryAnswers {
        let mut answers = lock_unpoisoned(&self.answers);
        answers.drop_stale();
        answers.clone()
    }

    pub(crate) fn prefer_tag(&self, image: &Reference, tag: Option<&str>) {
        lock_unpoisoned(&self.answers).prefer_tag(image, tag);
    }

    /// Asks on a thread of its own: no key and no change on disk waits for a network.
    pub(crate) fn start_lookup(&mut self, id: u64, images: Vec<Reference>, asking: LookupMode) {
        self.cancel_running();
        let registries = Arc::clone(self.registries.get_or_insert_with(|| Arc::new(user_registries())));
        let told = LookupReply { id, answers: Arc::clone(&self.answers), handle: self.handle.clone() };
        if asking == LookupMode::CachedOnly {
            let known = |image: Reference| Some((registries.cached_resolution(&image)?, image));
            let said = images.into_iter().filter_map(known).map(|(said, image)| (image, Ok(said)));
            let said: Vec<_> = said.collect();
            let others =
                said.iter().flat_map(|(_, said)| said.iter().flat_map(|said| said.other_hosts.clone()));
            let others = others.collect();
            return told.send_results(said, others);
        }
        if asking == LookupMode::AskAll {
            images.iter().for_each(|image| registries.forget_resolution(image));
        }
        let cancel = self.running_query.clone();
        std::thread::spawn(move || {
            let hosts: BTreeSet<&str> = images.iter().map(Reference::host).collect();
            let awaited = TrackedRegistries::new(registries.with_cancel(&cancel), &images);
            let said = resolve_all(&awaited, &images, &|done, total| {
                let progress = awaited.lookup_progress(done, total, registries.other_hosts(&hosts));
                told.handle.send_message(BackendMessage::LookupProgress { id, progress });
            });
            registries.save_cache();
            if !cancel.is_cancelled() {
                let others = registries.other_hosts(&hosts);
                told.send_results(images.iter().cloned().zip(said).collect(), others);
            }
        });
    }

    /// Asks for the state of pinned images, on a thread of its own as well.
    pub(crate) fn start_pin_check(&mut self, id: u64, images: Vec<Reference>) {
        self.cancel_running();
        let registries = Arc::clone(self.registries.get_or_insert_with(|| Arc::new(user_registries())));
        let (remote, cancel) = (self.handle.clone(), self.running_query.clone());
        std::thread::spawn(move || {
            let hosts: BTreeSet<&str> = images.iter().map(Reference::host).collect();
            let awaited = TrackedRegistries::new(registries.with_cancel(&cancel), &images);
            let said = check_all_digests(&awaited, &images, &|done, total| {
                let progress = awaited.lookup_progress(done, total, registries.other_hosts(&hosts));
                remote.send_message(BackendMessage::LookupProgress { id, progress });
            });
            let said = said.into_iter().map(|said| said.map_err(|error| error.to_string())).collect();
            if !cancel.is_cancelled() {
                remote.send_message(BackendMessage::PinCheckFinished {
                    id,
                    results: said,
                    other_hosts: registries.other_hosts(&hosts),
                });
            }
        });
    }

    /// Cancels the running query, whose answer nobody waits for; the host being asked at this moment is the last.
    pub(crate) fn cancel_running(&mut self) {
        std::mem::take(&mut self.running_query).request_cancel();
    }
}

/// The receiver of the answers to one lookup.
struct LookupReply {
    id: u64,
    answers: Arc<Mutex<RegistryAnswers>>,
    handle: ServiceHandle,
}

impl LookupReply {
    fn send_results(
        &self,
        said: Vec<(Reference, Result<TagResolution, RegistryError>)>,
        others: BTreeSet<String>,
    ) {
        let said: Vec<_> =
            said.into_iter().map(|(image, said)| (image, said.map_err(|error| error.to_string()))).collect();
        lock_unpoisoned(&self.answers).extend(said.iter().cloned());
        let aged = |resolution: TagResolution| {
            let age = resolution.resolved_at.elapsed().unwrap_or_default();
            LookupAnswer { resolution, age }
        };
        let said = said.into_iter().map(|(image, said)| (image, said.map(aged))).collect();
        self.handle.send_message(BackendMessage::LookupFinished {
            id: self.id,
            results: said,
            other_hosts: others,
        });
    }
}

/// The registries, with the names of the images that wait for their answers.
struct TrackedRegistries<R> {
    registries: R,
    waiting: Mutex<HashSet<Reference>>,
}

impl<R: ReferenceResolver> TrackedRegistries<R> {
    fn new(registries: R, images: &[Reference]) -> Self {
        Self { registries, waiting: Mutex::new(images.iter().cloned().collect()) }
    }

    fn lookup_progress(&self, done: usize, total: usize, others: BTreeSet<String>) -> LookupProgress {
        let waiting = lock_unpoisoned(&self.waiting).iter().map(|image| image.host().to_owned()).collect();
        LookupProgress { done, total, pending_hosts: waiting, other_hosts: others }
    }

    fn mark_answered<T>(&self, reference: &Reference, answer: T) -> T {
        lock_unpoisoned(&self.waiting).remove(reference);
        answer
    }
}

impl<R: ReferenceResolver> ReferenceResolver for TrackedRegistries<R> {
    fn resolve(&self, reference: &Reference) -> Result<TagResolution, RegistryError> {
        self.mark_answered(reference, self.registries.resolve(reference))
    }

    fn check_digest(&self, reference: &Reference) -> Result<DigestStatus, RegistryError> {
        self.mark_answered(reference, self.registries.check_digest(reference))
    }
}

/// The user's registries: credentials as Docker has them, answers cached in the user's folder.
pub(crate) fn user_registries() -> RegistryClient {
    let plain = crate::service::read_config().plain_registries.into_iter().collect();
    RegistryClient::new(RegistryOptions { plain_http_hosts: plain, ..RegistryOptions::default() })
}

fn lock_unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
