//! The walk on files of its own, written as the product writes them.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{Choice, Config, Effect, Event, Key, Message, Request, State, start, update};
use seaworthy::audit::Engine;
use seaworthy::fix::{self, History};
use seaworthy::rules;
use seaworthy::settings::Settings;
use seaworthy::theme::{Abilities, Theme};
use seaworthy::ui::{self, Highlighter};
use seaworthy::walkthrough::{self, Chapter};
use tempfile::TempDir;

pub(super) struct Walker {
    pub(super) root: TempDir,
    _kept: TempDir,
    engine: Engine,
    history: History,
    pub(super) state: State,
    pub(super) skips: BTreeMap<Chapter, String>,
    pub(super) saved: Option<String>,
}

impl Walker {
    pub(super) fn new(files: &[(&str, &str)], width: u16, height: u16) -> Self {
        let (root, kept) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Self::at(root, kept, width, height)
    }

    /// On a folder that lies there already.
    pub(super) fn at(root: TempDir, kept: TempDir, width: u16, height: u16) -> Self {
        let folder = root.path().canonicalize().unwrap();
        let mut engine = Engine::new(folder.clone(), Settings::default());
        engine.scan(std::slice::from_ref(&folder), &|_, _| {});
        let state = State::new("tides", Config::default(), rules::find_rule);
        let history = History::kept_in(&folder, kept.path());
        let skips = BTreeMap::new();
        let mut walker = Self { root, _kept: kept, engine, history, state, skips, saved: None };
        walker.event(Event::Resize(width, height));
        let effects = start(&mut walker.state);
        walker.answer(effects);
        walker.keys("w");
        walker
    }

    pub(super) fn demo(width: u16, height: u16) -> Self {
        Self::new(&[("Dockerfile", super::DOCKERFILE), ("deploy.yaml", super::DEPLOYMENT)], width, height)
    }

    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let key: Key = key.parse().unwrap();
            self.event(Event::Key(key));
        }
        self
    }

    pub(super) fn typed(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.event(Event::Key(Key::char(c)));
        }
        self
    }

    pub(super) fn event(&mut self, event: Event) {
        let effects = update(&mut self.state, event);
        self.answer(effects);
    }

    fn hear(&mut self, message: Message) {
        self.event(Event::Message(message));
    }

    fn answer(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Ask(request) = effect {
                self.request(request);
            }
        }
    }

    fn request(&mut self, request: Request) {
        match request {
            Request::Scan => {
                self.hear(Message::Updated(self.engine.update()));
                self.hear(Message::Scanned);
            }
            Request::Plan { generation, keys } => {
                let plan = fix::plan(&self.engine, &keys);
                self.hear(Message::Planned { generation, plan });
            }
            Request::Write(plan) => {
                let files: Vec<_> = plan.patches.iter().map(|patch| patch.path.clone()).collect();
                let written = self.history.write(&plan.patches);
                self.hear(match written {
                    Ok(()) => Message::Written { title: plan.title, files: files.clone() },
                    Err(error) => Message::Refused { reason: error.to_string() },
                });
                self.refresh(files);
            }
            Request::Undo => match self.history.undo().unwrap() {
                None => self.hear(Message::Notice("There is nothing to undo.".to_owned())),
                Some(patches) => {
                    let files: Vec<_> = patches.into_iter().map(|patch| patch.path).collect();
                    self.hear(Message::Undone { files: files.clone() });
                    self.refresh(files);
                }
            },
            Request::Walk(id) => {
                let walk = walkthrough::compute_walk(&self.engine, id.as_ref(), &self.skips);
                self.hear(Message::Walk(Box::new(walk)));
            }
            Request::Skip { id, chapter, reason } => {
                match reason {
                    Some(reason) => drop(self.skips.insert(chapter, reason)),
                    None => drop(self.skips.remove(&chapter)),
                }
                self.request(Request::Walk(Some(id)));
            }
            Request::Choose { id, choice } => {
                let (path, object) = id.workload.clone().unwrap();
                self.engine.choose(|chosen| match choice {
                    Choice::User { key, uid, gid } => drop(chosen.users.insert(key, (uid, gid))),
                    Choice::Resources(resources) => {
                        drop(chosen.resources.insert((path, object.to_string()), resources));
                    }
                    Choice::Writable { container, paths } => {
                        drop(chosen.writable.insert((path, object.to_string(), container), paths));
                    }
                    Choice::Image { reference, pin } => drop(chosen.images.insert(reference, pin)),
                });
                self.request(Request::Walk(Some(id)));
            }
            Request::StopPlanning { .. } => {}
            Request::Save { text, .. } => self.saved = Some(text),
            other => panic!("{other:?} is not asked for in the walk"),
        }
    }

    pub(super) fn refresh(&mut self, files: Vec<seaworthy::repo::RelPath>) {
        let update = self.engine.refresh(&files.into_iter().collect());
        self.hear(Message::Updated(update));
    }

    pub(super) fn text(&mut self) -> String {
        self.drawn(Abilities::default())
    }

    /// The screen in a terminal that can do so much.
    pub(super) fn drawn(&mut self, abilities: Abilities) -> String {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let theme = Theme::named("terminal", abilities);
        self.state.measured = ui::draw(&mut buffer, &self.state, &theme, &mut Highlighter::default());
        crate::stage::text(&buffer)
    }

    pub(super) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.path().join(path)).unwrap()
    }
}
