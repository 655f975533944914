//! The work behind the screen: the engine, the fixes and the disk.

use std::path::PathBuf;

use super::kept::Kept;
use super::lookups::Lookups;
use super::walk_export;
use crate::app::{AppBackend, BackendMessage, BackendRequest, LookupMode, WalkChoice};
use crate::audit::AuditEngine;
use crate::finding::FindingKey;
use crate::fix;
use crate::fix::{FixPlan, History};
use crate::image::Reference;
use crate::repo::FilePatch;
use crate::repo::{Changed, PathBase, RelPath, Watch, WatchMode, WriteError, watch};
use crate::terminal::Remote;
use crate::walkthrough::{self, AppId};

/// Audits, plans, writes and takes back, one request at a time.
pub(super) struct Worker {
    pub(super) engine: AuditEngine,
    pub(super) targets: Vec<PathBuf>,
    history: History,
    watching: Watched,
    kept: Kept,
    lookups: Lookups,
    remote: Remote,
}

struct Watched {
    watch: Watch,
    paused: bool,
    /// What the screen was last told.
    last_sent: WatchMode,
}

impl Worker {
    pub(super) fn new(engine: AuditEngine, targets: Vec<PathBuf>, remote: &Remote) -> Self {
        let told = remote.clone();
        // What has changed around what is audited may change what is said of it.
        let base = PathBase::new(&engine.settings().below);
        let watch = watch(engine.repository_root(), move |changed| {
            told.ask(match changed {
                Changed::Paths(paths) => BackendRequest::PathsChanged(
                    paths.iter().map(|path| base.path_for_people(path)).collect(),
                ),
                Changed::Everything => BackendRequest::Rescan,
            });
        });
        let mut watching = Watched { watch, paused: false, last_sent: WatchMode::Off };
        let history = History::open(engine.root());
        if let Some(message) = history.message() {
            remote.tell(BackendMessage::Notice(message.to_owned()));
        }
        watching.tell(&|message| remote.tell(message));
        let kept = Kept::open(engine.root());
        let lookups = Lookups::new(remote.clone());
        Self { engine, targets, history, watching, kept, lookups, remote: remote.clone() }
    }

    fn write(&mut self, plan: FixPlan, reply: &dyn Fn(BackendMessage)) {
        self.put(plan.title, &plan.patches, reply);
    }

    fn put(&mut self, title: String, patches: &[FilePatch], reply: &dyn Fn(BackendMessage)) {
        let files = paths(patches);
        match self.history.write(patches) {
            Ok(()) => {
                reply(BackendMessage::FixWritten { title, files: files.clone() });
                self.kept.begun();
            }
            Err(error) => reply(BackendMessage::WriteRefused { reason: error.to_string() }),
        }
        self.refresh(files, reply);
    }

    fn allow(&mut self, key: &FindingKey, reason: &str, reply: &dyn Fn(BackendMessage)) {
        match fix::suppress_with_baselined(&mut self.engine, key, reason) {
            Ok(patch) => self.put(format!("Allow {}", key.rule), &[patch], reply),
            Err(reason) => reply(BackendMessage::WriteRefused { reason }),
        }
    }

    fn undo(&mut self, reply: &dyn Fn(BackendMessage)) {
        let undone = self.history.undo();
        self.stepped(undone, "There is nothing to undo.", |files| BackendMessage::FixUndone { files }, reply);
    }

    fn redo(&mut self, reply: &dyn Fn(BackendMessage)) {
        let redone = self.history.redo();
        self.stepped(redone, "There is nothing to redo.", |files| BackendMessage::FixRedone { files }, reply);
    }

    fn stepped(
        &mut self,
        step: Result<Option<Vec<FilePatch>>, WriteError>,
        nothing: &str,
        message: impl Fn(Vec<RelPath>) -> BackendMessage,
        reply: &dyn Fn(BackendMessage),
    ) {
        match step {
            Ok(Some(patches)) => {
                let files = paths(&patches);
                reply(message(files.clone()));
                self.refresh(files, reply);
            }
            Ok(None) => reply(BackendMessage::Notice(nothing.to_owned())),
            Err(error) => reply(BackendMessage::WriteRefused { reason: error.to_string() }),
        }
    }

    fn walk(&mut self, id: Option<&AppId>, reply: &dyn Fn(BackendMessage)) {
        let skips = id.map(|id| self.kept.skips(id)).unwrap_or_default();
        let mut walk = walkthrough::compute_walk(&self.engine, id, &skips);
        walk.app_before = walk.app_walk.as_ref().map(|journey| self.kept.before(journey));
        reply(BackendMessage::WalkUpdated(Box::new(walk)));
    }

    fn choose(&mut self, id: &AppId, choice: WalkChoice) {
        let workload = id.workload.as_ref().map(|(path, object)| (path.clone(), object.to_string()));
        self.engine.choose_values(|chosen| match (choice, workload) {
            (WalkChoice::User { key, uid, gid }, _) => drop(chosen.users.insert(key, (uid, gid))),
            (WalkChoice::Resources(resources), Some(key)) => drop(chosen.resources.insert(key, resources)),
            (WalkChoice::WritablePaths { container, paths }, Some((path, object))) => {
                chosen.writable.insert((path, object, container), paths);
            }
            (WalkChoice::Image { reference, pin }, _) => {
                let said = pin.tag.is_some() || pin.digest.is_some();
                drop(if said {
                    chosen.images.insert(reference, pin)
                } else {
                    chosen.images.remove(&reference)
                });
            }
            (_, None) => {}
        });
    }

    /// Who asks a registry no longer means what was typed before.
    fn unpin(&mut self, images: &[Reference]) {
        self.engine.choose_values(|chosen| {
            chosen.images.retain(|text, _| !images.iter().any(|own| own.text() == text))
        });
    }

    fn pause(&mut self, paused: bool, reply: &dyn Fn(BackendMessage)) {
        self.watching.paused = paused;
        self.watching.tell(reply);
        if !paused {
            self.rescan(reply);
        }
    }
}

impl Watched {
    /// Tells the screen how changes are noticed, where that is no longer what it was last told.
    fn tell(&mut self, tell: &dyn Fn(BackendMessage)) {
        let mode = self.mode();
        if mode != self.last_sent {
            self.last_sent = mode.clone();
            tell(BackendMessage::WatchChanged(mode));
        }
    }

    fn mode(&self) -> WatchMode {
        if self.paused { WatchMode::Paused } else { self.watch.mode() }
    }
}

fn paths(patches: &[FilePatch]) -> Vec<RelPath> {
    patches.iter().map(|patch| patch.path.clone()).collect()
}

impl AppBackend for Worker {
    fn handle_request(&mut self, request: BackendRequest, reply: &dyn Fn(BackendMessage)) {
        self.watching.tell(reply);
        match request {
            BackendRequest::Scan => self.scan(reply),
            BackendRequest::Rescan | BackendRequest::PathsChanged(_) if self.watching.paused => {}
            BackendRequest::Rescan => self.rescan(reply),
            BackendRequest::PathsChanged(paths) => self.follow(paths, reply),
            BackendRequest::Plan { generation, keys } => {
                let remote = self.remote.clone();
                let wanted = || remote.wants(generation);
                let plan =
                    fix::plan_with_baselined(&mut self.engine, &keys, &self.lookups.answers(), &wanted);
                let lacks = plan.as_ref().is_err_and(|reason| reason == fix::NEEDS_VALUE);
                reply(BackendMessage::PlanFinished { generation, plan });
                if let Some(missing) = lacks.then(|| fix::find_required_value(&self.engine, &keys)).flatten()
                {
                    reply(BackendMessage::ValueRequired { generation, required: missing });
                }
            }
            BackendRequest::SetImageUser { image, uid, gid } => {
                self.engine.choose_values(|chosen| {
                    let _ = chosen.users.insert(image, (uid, gid));
                });
            }
            BackendRequest::Write(plan) => self.write(plan, reply),
            BackendRequest::Undo => self.undo(reply),
            BackendRequest::Redo => self.redo(reply),
            BackendRequest::Suppress { key, reason } => self.allow(&key, &reason, reply),
            BackendRequest::Walk(id) => self.walk(id.as_ref(), reply),
            BackendRequest::SkipChapter { id, chapter, reason } => {
                if let Err(error) = self.kept.skip(&id, chapter, reason) {
                    reply(BackendMessage::Notice(format!("The reason is not kept for next time: {error}")));
                }
                self.walk(Some(&id), reply);
            }
            BackendRequest::SetWalkValue { id, choice } => {
                self.choose(&id, choice);
                self.walk(Some(&id), reply);
            }
            BackendRequest::SaveResults { id, text } => reply(match walk_export::save(&text) {
                Ok(path) => {
                    self.kept.end(&id);
                    BackendMessage::Notice(format!("Saved as {}", path.display()))
                }
                Err(error) => BackendMessage::WriteRefused { reason: format!("{error:#}") },
            }),
            BackendRequest::LookUpImages { id, images, mode: asking } => {
                if asking != LookupMode::CachedOnly {
                    self.unpin(&images);
                }
                self.lookups.look(id, images, asking);
            }
            BackendRequest::ListPins { id } => {
                reply(BackendMessage::PinsListed { id, pins: fix::find_pinned_images(&self.engine) })
            }
            BackendRequest::CheckPins { id, images } => self.lookups.check(id, images),
            BackendRequest::Repin { generation, digests } => {
                let plan = fix::repin(&self.engine, &digests);
                reply(BackendMessage::PlanFinished { generation, plan });
            }
            BackendRequest::StopPlanning { .. } => {}
            BackendRequest::StopLookup => self.lookups.stop(),
            BackendRequest::PreferTag { image, tag } => {
                self.unpin(std::slice::from_ref(&image));
                self.lookups.prefer(&image, tag.as_deref());
            }
            BackendRequest::Pause(paused) => self.pause(paused, reply),
        }
    }
}
