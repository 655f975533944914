//! Tells the screen which files are others than in git's last commit, or in a revision that a person named.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use super::ServiceHandle;
use crate::app::{BackendMessage, BackendRequest};
use crate::audit::AuditEngine;
use crate::base::in_repository_folder;
use crate::repo::{CheckoutWatch, GitError, RelPath, RevisionFiles};

/// The commit that is checked out.
const LAST_COMMIT: &str = "HEAD";

/// What git said, and what the screen was told of it.
pub(super) struct GitChanges {
    handle: ServiceHandle,
    /// The folder that is audited.
    folder: PathBuf,
    _watch: Option<CheckoutWatch>,
    last_commit: ComparedRevision,
    /// The revision that a person named last.
    named: Option<(String, ComparedRevision)>,
}

/// One revision, and the files that are others now.
#[derive(Default)]
struct ComparedRevision {
    files: Option<Arc<RevisionFiles>>,
    changed: BTreeSet<RelPath>,
    /// True while git is asked, and where it is to be asked again then.
    is_asked: bool,
    is_outdated: bool,
}

impl GitChanges {
    pub(super) fn new(engine: &AuditEngine, handle: &ServiceHandle) -> Self {
        let told = handle.clone();
        let moved = move || told.send_request(BackendRequest::CheckoutMoved);
        let watch = CheckoutWatch::start_watch(engine.repository_root(), moved);
        Self {
            handle: handle.clone(),
            folder: engine.root().to_path_buf(),
            _watch: watch,
            last_commit: ComparedRevision::default(),
            named: None,
        }
    }

    /// Asks git for the last commit, and for the revision that was named: either may be another now.
    pub(super) fn ask_again(&mut self) {
        self.ask_git(LAST_COMMIT);
        if let Some((name, _)) = &self.named {
            self.ask_git(&name.clone());
        }
    }

    /// Asks git for a revision that a person named; what is known of it is told at once.
    pub(super) fn name_revision(&mut self, name: String, reply: &dyn Fn(BackendMessage)) {
        let is_known = self.named.as_ref().is_some_and(|(known, _)| *known == name);
        if name != LAST_COMMIT && !is_known {
            self.named = Some((name.clone(), ComparedRevision::default()));
        }
        if let Some(compared) = self.compared(&name).filter(|compared| compared.files.is_some()) {
            let (revision, files) = (name.clone(), Ok(compared.changed.clone()));
            reply(BackendMessage::ChangesRead { revision, files });
        }
        self.ask_git(&name);
    }

    /// Asks git, beside all other work; the answer comes as a request.
    fn ask_git(&mut self, revision: &str) {
        let (folder, handle, revision) = (self.folder.clone(), self.handle.clone(), revision.to_owned());
        let Some(compared) = self.compared(&revision) else { return };
        if std::mem::replace(&mut compared.is_asked, true) {
            compared.is_outdated = true;
            return;
        }
        let known = compared.files.clone();
        let ask = move || {
            let files = RevisionFiles::read(&folder, &revision, known.as_deref());
            let files = files.map(|files| files.map(Arc::new));
            handle.send_request(BackendRequest::TakeRevision { revision, files });
        };
        // Without a thread nothing is known of git, as where it is not there.
        let _ = std::thread::Builder::new().name("git".to_owned()).spawn(ask);
    }

    fn compared(&mut self, revision: &str) -> Option<&mut ComparedRevision> {
        match &mut self.named {
            _ if revision == LAST_COMMIT => Some(&mut self.last_commit),
            Some((name, compared)) if name == revision => Some(compared),
            _ => None,
        }
    }

    /// Takes git's answer in, and tells the screen where it says something new.
    pub(super) fn take_revision(
        &mut self,
        engine: &AuditEngine,
        revision: String,
        files: Result<Option<Arc<RevisionFiles>>, GitError>,
        reply: &dyn Fn(BackendMessage),
    ) {
        let Some(compared) = self.compared(&revision) else { return };
        compared.is_asked = false;
        let is_outdated = std::mem::take(&mut compared.is_outdated);
        let said = match files {
            Ok(Some(files)) => {
                compared.files = Some(files);
                compared.compare_below(engine, &RelPath::from(""));
                Some(Ok(compared.changed.clone()))
            }
            Ok(None) => None,
            Err(error) => {
                compared.files = None;
                Some(Err(error.to_string()))
            }
        };
        if let Some(files) = said {
            reply(BackendMessage::ChangesRead { revision: revision.clone(), files });
        }
        if is_outdated {
            self.ask_git(&revision);
        }
    }

    /// Compares files that were read anew, and tells the screen where that changes what it knows.
    pub(super) fn follow_files(
        &mut self,
        engine: &AuditEngine,
        paths: &[RelPath],
        reply: &dyn Fn(BackendMessage),
    ) {
        let named = self.named.as_mut().map(|(name, compared)| (name.as_str(), compared));
        for (revision, compared) in [Some((LAST_COMMIT, &mut self.last_commit)), named].into_iter().flatten()
        {
            if compared.files.is_some() && compared.compare_some(engine, paths) {
                let (revision, files) = (revision.to_owned(), Ok(compared.changed.clone()));
                reply(BackendMessage::ChangesRead { revision, files });
            }
        }
    }
}

impl ComparedRevision {
    /// Compares some files and what lies in some folders; true where that gives something new.
    fn compare_some(&mut self, engine: &AuditEngine, paths: &[RelPath]) -> bool {
        let Some(files) = self.files.clone() else { return false };
        let mut is_new = false;
        for path in paths {
            is_new |= match engine.source(path) {
                Some(text) if files.holds(path, text.text()) => self.changed.remove(path),
                Some(_) => self.changed.insert(path.clone()),
                None => self.compare_below(engine, path),
            };
        }
        is_new
    }

    /// Compares what lies at or below a path: all of it for the root, a folder, or what is gone.
    fn compare_below(&mut self, engine: &AuditEngine, path: &RelPath) -> bool {
        let Some(files) = self.files.clone() else { return false };
        let is_here = |own: &RelPath| in_repository_folder(own.as_str(), path.as_str());
        let before: BTreeSet<RelPath> = self.changed.iter().filter(|own| is_here(own)).cloned().collect();
        let is_other = |own: &&RelPath| engine.source(own).is_some_and(|text| !files.holds(own, text.text()));
        let now = engine.audited_paths().filter(|own| is_here(own)).filter(is_other);
        let now: BTreeSet<RelPath> = now.cloned().collect();
        self.changed.retain(|own| !is_here(own));
        self.changed.extend(now.iter().cloned());
        now != before
    }
}
