//! Repositories of any size, made of the demo app, and the program on them without a terminal.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{
    AppEffect, AppEvent, AppState, BackendMessage, BackendRequest, KeyPress, UserConfig, start_app,
    update_state,
};
use seaworthy::audit::AuditEngine;
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::rules;
use seaworthy::settings::Settings;
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};
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

pub(crate) fn audited(root: &Path) -> AuditEngine {
    let mut engine = AuditEngine::new(root.to_owned(), Settings::default());
    engine.scan(&[root.to_owned()], &|_, _| {});
    engine
}

/// The program on an audited repository; plans are answered at once, and their time does not count.
pub(crate) struct Program {
    engine: AuditEngine,
    pub(crate) state: AppState,
    theme: ColourTheme,
    highlighter: Highlighter,
    buffer: Buffer,
}

impl Program {
    pub(crate) fn new(engine: AuditEngine) -> Self {
        let mut state = AppState::new("bench", UserConfig::default(), rules::find_rule);
        let (width, height) = (200, 60);
        let _ = update_state(&mut state, AppEvent::Resize(width, height));
        let _ = start_app(&mut state);
        let _ =
            update_state(&mut state, AppEvent::Message(BackendMessage::AuditUpdated(engine.full_update())));
        let _ = update_state(&mut state, AppEvent::Message(BackendMessage::ScanFinished));
        Self {
            engine,
            state,
            theme: ColourTheme::by_name("dark", TerminalFeatures::default()),
            highlighter: Highlighter::default(),
            buffer: Buffer::empty(Rect::new(0, 0, width, height)),
        }
    }

    pub(crate) fn draw(&mut self) {
        self.state.scroll_limits =
            ui::draw_screen(&mut self.buffer, &self.state, &self.theme, &mut self.highlighter);
    }

    /// Takes a key in; gives what it asks of the backend.
    pub(crate) fn key(&mut self, key: &str) -> Vec<AppEffect> {
        self.take(AppEvent::Key(key.parse::<KeyPress>().unwrap()))
    }

    pub(crate) fn take(&mut self, event: AppEvent) -> Vec<AppEffect> {
        update_state(&mut self.state, event)
    }

    pub(crate) fn answer(&mut self, effects: Vec<AppEffect>) {
        for effect in effects {
            if let AppEffect::Ask(BackendRequest::Plan { generation, keys }) = effect {
                let plan = Planner::new(&self.engine).plan(&FixOrder::Findings(&keys));
                let _ = update_state(
                    &mut self.state,
                    AppEvent::Message(BackendMessage::PlanFinished { generation, plan }),
                );
            }
        }
    }
}
