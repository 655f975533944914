//! The work behind the screen: the engine, the fixes and the disk.

use std::path::PathBuf;

use super::kept::Kept;
use super::lookups::Lookups;
use super::walk_export;
use crate::app::{Backend, Choice, LookupAsking, Message, Request, Watching};
use crate::audit::Engine;
use crate::finding::FindingKey;
use crate::fix;
use crate::fix::{History, Plan};
use crate::image::Reference;
use crate::repo::FilePatch;
use crate::repo::{Changed, Noticing, PathBase, RelPath, Watch, WriteError, watch};
use crate::terminal::Remote;
use crate::walkthrough::{self, AppId};

/// Audits, plans, writes and takes back, one request at a time.
pub(super) struct Worker {
    pub(super) engine: Engine,
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
    told: Watching,
}

impl Worker {
    pub(super) fn new(engine: Engine, targets: Vec<PathBuf>, remote: &Remote) -> Self {
        let told = remote.clone();
        // What has changed around what is audited may change what is said of it.
        let base = PathBase::new(&engine.settings().below);
        let watch = watch(engine.repository_root(), move |changed| {
            told.ask(match changed {
                Changed::Paths(paths) => {
                    Request::Changed(paths.iter().map(|path| base.path_for_people(path)).collect())
                }
                Changed::Everything => Request::Rescan,
            });
        });
        let mut watching = Watched { watch, paused: false, told: Watching::Off };
        let history = History::open(engine.root());
        if let Some(message) = history.message() {
            remote.tell(Message::Notice(message.to_owned()));
        }
        watching.tell(&|message| remote.tell(message));
        let kept = Kept::open(engine.root());
        let lookups = Lookups::new(remote.clone());
        Self { engine, targets, history, watching, kept, lookups, remote: remote.clone() }
    }

    fn write(&mut self, plan: Plan, reply: &dyn Fn(Message)) {
        self.put(plan.title, &plan.patches, reply);
    }

    fn put(&mut self, title: String, patches: &[FilePatch], reply: &dyn Fn(Message)) {
        let files = paths(patches);
        match self.history.write(patches) {
            Ok(()) => {
                reply(Message::Written { title, files: files.clone() });
                self.kept.begun();
            }
            Err(error) => reply(Message::Refused { reason: error.to_string() }),
        }
        self.refresh(files, reply);
    }

    fn allow(&mut self, key: &FindingKey, reason: &str, reply: &dyn Fn(Message)) {
        match fix::allow_known(&mut self.engine, key, reason) {
            Ok(patch) => self.put(format!("Allow {}", key.rule), &[patch], reply),
            Err(reason) => reply(Message::Refused { reason }),
        }
    }

    fn undo(&mut self, reply: &dyn Fn(Message)) {
        let undone = self.history.undo();
        self.stepped(undone, "There is nothing to undo.", |files| Message::Undone { files }, reply);
    }

    fn redo(&mut self, reply: &dyn Fn(Message)) {
        let redone = self.history.redo();
        self.stepped(redone, "There is nothing to redo.", |files| Message::Redone { files }, reply);
    }

    fn stepped(
        &mut self,
        step: Result<Option<Vec<FilePatch>>, WriteError>,
        nothing: &str,
        message: impl Fn(Vec<RelPath>) -> Message,
        reply: &dyn Fn(Message),
    ) {
        match step {
            Ok(Some(patches)) => {
                let files = paths(&patches);
                reply(message(files.clone()));
                self.refresh(files, reply);
            }
            Ok(None) => reply(Message::Notice(nothing.to_owned())),
            Err(error) => reply(Message::Refused { reason: error.to_string() }),
        }
    }

    fn walk(&mut self, id: Option<&AppId>, reply: &dyn Fn(Message)) {
        let skips = id.map(|id| self.kept.skips(id)).unwrap_or_default();
        let mut walk = walkthrough::compute_walk(&self.engine, id, &skips);
        walk.app_before = walk.app_walk.as_ref().map(|journey| self.kept.before(journey));
        reply(Message::Walk(Box::new(walk)));
    }

    fn choose(&mut self, id: &AppId, choice: Choice) {
        let workload = id.workload.as_ref().map(|(path, object)| (path.clone(), object.to_string()));
        self.engine.choose(|chosen| match (choice, workload) {
            (Choice::User { key, uid, gid }, _) => drop(chosen.users.insert(key, (uid, gid))),
            (Choice::Resources(resources), Some(key)) => drop(chosen.resources.insert(key, resources)),
            (Choice::Writable { container, paths }, Some((path, object))) => {
                chosen.writable.insert((path, object, container), paths);
            }
            (Choice::Image { reference, pin }, _) => {
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
        self.engine
            .choose(|chosen| chosen.images.retain(|text, _| !images.iter().any(|own| own.text() == text)));
    }

    fn pause(&mut self, paused: bool, reply: &dyn Fn(Message)) {
        self.watching.paused = paused;
        self.watching.tell(reply);
        if !paused {
            self.rescan(reply);
        }
    }
}

impl Watched {
    /// Tells the screen how changes are noticed, where that is no longer what it was last told.
    fn tell(&mut self, tell: &dyn Fn(Message)) {
        let words = self.words();
        if words != self.told {
            self.told = words.clone();
            tell(Message::Watching(words));
        }
    }

    fn words(&self) -> Watching {
        match self.watch.noticing() {
            _ if self.paused => Watching::Paused,
            Noticing::Events => Watching::Events,
            Noticing::Polling(why) => Watching::Polling(why),
        }
    }
}

fn paths(patches: &[FilePatch]) -> Vec<RelPath> {
    patches.iter().map(|patch| patch.path.clone()).collect()
}

impl Backend for Worker {
    fn handle(&mut self, request: Request, reply: &dyn Fn(Message)) {
        self.watching.tell(reply);
        match request {
            Request::Scan => self.scan(reply),
            Request::Rescan | Request::Changed(_) if self.watching.paused => {}
            Request::Rescan => self.rescan(reply),
            Request::Changed(paths) => self.follow(paths, reply),
            Request::Plan { generation, keys } => {
                let remote = self.remote.clone();
                let wanted = || remote.wants(generation);
                let plan = fix::plan_known(&mut self.engine, &keys, &self.lookups.answers(), &wanted);
                let lacks = plan.as_ref().is_err_and(|reason| reason == fix::NEEDS_VALUE);
                reply(Message::Planned { generation, plan });
                if let Some(missing) = lacks.then(|| fix::missing(&self.engine, &keys)).flatten() {
                    reply(Message::Missing { generation, missing });
                }
            }
            Request::User { image, uid, gid } => {
                self.engine.choose(|chosen| {
                    let _ = chosen.users.insert(image, (uid, gid));
                });
            }
            Request::Write(plan) => self.write(plan, reply),
            Request::Undo => self.undo(reply),
            Request::Redo => self.redo(reply),
            Request::Allow { key, reason } => self.allow(&key, &reason, reply),
            Request::Walk(id) => self.walk(id.as_ref(), reply),
            Request::Skip { id, chapter, reason } => {
                if let Err(error) = self.kept.skip(&id, chapter, reason) {
                    reply(Message::Notice(format!("The reason is not kept for next time: {error}")));
                }
                self.walk(Some(&id), reply);
            }
            Request::Choose { id, choice } => {
                self.choose(&id, choice);
                self.walk(Some(&id), reply);
            }
            Request::Save { id, text } => reply(match walk_export::save(&text) {
                Ok(path) => {
                    self.kept.end(&id);
                    Message::Notice(format!("Saved as {}", path.display()))
                }
                Err(error) => Message::Refused { reason: format!("{error:#}") },
            }),
            Request::Look { id, images, asking } => {
                if asking != LookupAsking::Nobody {
                    self.unpin(&images);
                }
                self.lookups.look(id, images, asking);
            }
            Request::Pins { id } => reply(Message::Pins { id, pins: fix::pins(&self.engine) }),
            Request::Check { id, images } => self.lookups.check(id, images),
            Request::Renew { generation, digests } => {
                let plan = fix::renew(&self.engine, &digests);
                reply(Message::Planned { generation, plan });
            }
            Request::StopPlanning { .. } => {}
            Request::StopLooking => self.lookups.stop(),
            Request::Prefer { image, tag } => {
                self.unpin(std::slice::from_ref(&image));
                self.lookups.prefer(&image, tag.as_deref());
            }
            Request::Pause(paused) => self.pause(paused, reply),
        }
    }
}
