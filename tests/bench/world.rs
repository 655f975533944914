//! Repositories of any size, made of the demo app, and the program on them without a terminal.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{Config, Effect, Event, Key, Message, Request, State, start, update};
use seaworthy::audit::Engine;
use seaworthy::settings::Settings;
use seaworthy::theme::{Abilities, Theme};
use seaworthy::ui::{self, Highlighter};
use seaworthy::{fix, rules};
use tempfile::TempDir;

const DOCKERFILE: &str = include_str!("../../assets/demo/tides/Dockerfile");
const MANIFEST: &str = include_str!("../../assets/demo/tides/deploy.yaml");

/// A repository with so many files, half of them Dockerfiles and half of them manifests.
pub(crate) fn repository(files: usize) -> TempDir {
    let folder = TempDir::new().unwrap();
    for i in 0..files / 2 {
        let name = format!("tides-{i:05}");
        let app = folder.path().join(format!("team-{:02}", i % 40)).join(&name);
        std::fs::create_dir_all(&app).unwrap();
        std::fs::write(app.join("Dockerfile"), DOCKERFILE).unwrap();
        std::fs::write(app.join("deploy.yaml"), MANIFEST.replace("tides", &name)).unwrap();
    }
    folder
}

pub(crate) fn root(folder: &TempDir) -> PathBuf {
    folder.path().canonicalize().unwrap()
}

pub(crate) fn audited(root: &Path) -> Engine {
    let mut engine = Engine::new(root.to_owned(), Settings::default());
    engine.scan(&[root.to_owned()], &|_, _| {});
    engine
}

/// The program on an audited repository; plans are answered at once, and their time does not count.
pub(crate) struct Program {
    engine: Engine,
    pub(crate) state: State,
    theme: Theme,
    highlighter: Highlighter,
    buffer: Buffer,
}

impl Program {
    pub(crate) fn new(engine: Engine) -> Self {
        let mut state = State::new("bench", Config::default(), rules::find_rule);
        let (width, height) = (200, 60);
        let _ = update(&mut state, Event::Resize(width, height));
        let _ = start(&mut state);
        let _ = update(&mut state, Event::Message(Message::Updated(engine.update())));
        let _ = update(&mut state, Event::Message(Message::Scanned));
        Self {
            engine,
            state,
            theme: Theme::named("dark", Abilities::default()),
            highlighter: Highlighter::default(),
            buffer: Buffer::empty(Rect::new(0, 0, width, height)),
        }
    }

    pub(crate) fn draw(&mut self) {
        self.state.measured = ui::draw(&mut self.buffer, &self.state, &self.theme, &mut self.highlighter);
    }

    /// Takes a key in; gives what it asks of the backend.
    pub(crate) fn key(&mut self, key: &str) -> Vec<Effect> {
        self.take(Event::Key(key.parse::<Key>().unwrap()))
    }

    pub(crate) fn take(&mut self, event: Event) -> Vec<Effect> {
        update(&mut self.state, event)
    }

    pub(crate) fn answer(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Ask(Request::Plan { generation, keys }) = effect {
                let plan = fix::plan(&self.engine, &keys);
                let _ = update(&mut self.state, Event::Message(Message::Planned { generation, plan }));
            }
        }
    }
}
