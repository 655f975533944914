//! The walk on files of its own, written as the product writes them.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{
    AppEffect, AppEvent, AppState, BackendMessage, BackendRequest, KeyPress, UserConfig, start_app,
    update_state,
};
use seaworthy::audit::AuditEngine;
use seaworthy::base::ClockTime;
use seaworthy::fix::{FixOrder, History, Planner, UndoDirection};
use seaworthy::rules;
use seaworthy::settings::{ChosenValues, Settings};
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};
use seaworthy::walkthrough::{self, Chapter};
use tempfile::TempDir;

use crate::drawn_lines::DrawnLines;
use crate::real::write_files;

pub(super) struct Walker {
    pub(super) root: TempDir,
    _kept: TempDir,
    engine: AuditEngine,
    history: History,
    pub(super) state: AppState,
    pub(super) skips: BTreeMap<Chapter, String>,
    pub(super) saved: Option<String>,
    /// True where the results went to the file of the same walk.
    pub(super) saved_again: bool,
    /// The changed lines that were drawn of the plan in view, where what is written is held against them.
    pub(super) drawn: Option<DrawnLines>,
    /// How many plans were written.
    pub(super) writes: usize,
    /// What was chosen before the fields in view.
    chosen_before: Option<(u64, ChosenValues)>,
}

impl Walker {
    pub(super) fn new(files: &[(&str, &str)], width: u16, height: u16) -> Self {
        let (root, kept) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        write_files(root.path(), files.iter().copied());
        Self::at(root, kept, width, height)
    }

    /// On a folder that lies there already.
    pub(super) fn at(root: TempDir, kept: TempDir, width: u16, height: u16) -> Self {
        let mut walker = Self::explore(root, kept, width, height);
        walker.keys("w");
        walker
    }

    /// The panes of a folder, before the walk.
    pub(super) fn explore(root: TempDir, kept: TempDir, width: u16, height: u16) -> Self {
        let folder = root.path().canonicalize().unwrap();
        let mut engine = AuditEngine::new(folder.clone(), Settings::default());
        engine.scan(std::slice::from_ref(&folder), &|_, _| {});
        let mut state = AppState::new("tides", UserConfig::default(), rules::find_rule);
        state.clock = || ClockTime { hour: 14, minute: 5 };
        let history = History::open_in(&folder, kept.path());
        let skips = BTreeMap::new();
        let mut walker = Self {
            root,
            _kept: kept,
            engine,
            history,
            state,
            skips,
            saved: None,
            saved_again: false,
            drawn: None,
            writes: 0,
            chosen_before: None,
        };
        walker.event(AppEvent::Resize(width, height));
        let effects = start_app(&mut walker.state);
        walker.answer(effects);
        walker
    }

    pub(super) fn demo(width: u16, height: u16) -> Self {
        Self::new(&[("Dockerfile", super::DOCKERFILE), ("deploy.yaml", super::DEPLOYMENT)], width, height)
    }

    pub(super) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let key: KeyPress = key.parse().unwrap();
            self.event(AppEvent::Key(key));
        }
        self
    }

    /// Writes the diff in view: every page of it is drawn before.
    pub(super) fn write(&mut self) -> &mut Self {
        for _ in 0..40 {
            self.text();
            let drawn = self.state.scroll_limits.change;
            self.keys("f");
            if drawn.is_none_or(|drawn| drawn.page + 1 == drawn.pages) {
                break;
            }
        }
        self
    }

    /// Writes each chapter's change, and goes on.
    pub(super) fn walk_through(&mut self) {
        for _ in Chapter::ALL {
            self.write().keys("n");
        }
    }

    /// The index of the chapter in view.
    pub(super) fn chapter(&self) -> usize {
        self.state.walk.as_ref().unwrap().chapter_index
    }

    pub(super) fn typed(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.event(AppEvent::Key(KeyPress::from_char(c)));
        }
        self
    }

    pub(super) fn event(&mut self, event: AppEvent) {
        // The screen is drawn before each event, as the terminal's loop does.
        match self.drawn.take() {
            Some(mut drawn) => {
                let buffer = self.buffer(TerminalFeatures::default());
                drawn.record(&buffer, self.state.preview.generation);
                self.drawn = Some(drawn);
            }
            None => self.state.scroll_limits.frame = self.state.record_frame(),
        }
        let effects = update_state(&mut self.state, event);
        self.answer(effects);
    }

    fn hear(&mut self, message: BackendMessage) {
        self.event(AppEvent::Message(message));
    }

    fn answer(&mut self, effects: Vec<AppEffect>) {
        for effect in effects {
            if let AppEffect::Ask(request) = effect {
                self.request(request);
            }
        }
    }

    fn request(&mut self, request: BackendRequest) {
        match request {
            BackendRequest::Scan => {
                self.hear(BackendMessage::AuditUpdated(self.engine.full_update()));
                self.hear(BackendMessage::ScanFinished);
            }
            BackendRequest::Plan { generation, keys } => {
                let plan = Planner::new(&self.engine).plan(&FixOrder::Findings(&keys));
                self.hear(BackendMessage::PlanFinished { generation, plan });
            }
            BackendRequest::Write(plan) => {
                self.writes += 1;
                if let Some(drawn) = &self.drawn {
                    drawn.assert_shown(&plan, self.state.size);
                }
                let files: Vec<_> = plan.patches.iter().map(|patch| patch.path.clone()).collect();
                let written = Planner::write(&mut self.history, &plan.patches);
                self.hear(match written {
                    Ok(()) => BackendMessage::FixWritten { title: plan.title, files: files.clone() },
                    Err(error) => BackendMessage::WriteRefused { reason: error.to_string() },
                });
                self.refresh(files);
            }
            BackendRequest::Undo => match Planner::undo(&mut self.history, UndoDirection::Back).unwrap() {
                None => self.hear(BackendMessage::Notice("There is nothing to undo.".to_owned())),
                Some(patches) => {
                    let files: Vec<_> = patches.into_iter().map(|patch| patch.path).collect();
                    self.hear(BackendMessage::FixUndone { files: files.clone() });
                    self.refresh(files);
                }
            },
            BackendRequest::Walk(id) => {
                let walk = walkthrough::compute_walk(&self.engine, id.as_ref(), &self.skips);
                self.hear(BackendMessage::WalkUpdated(Box::new(walk)));
            }
            BackendRequest::SkipChapter { id, chapter, reason } => {
                match reason {
                    Some(reason) => drop(self.skips.insert(chapter, reason)),
                    None => drop(self.skips.remove(&chapter)),
                }
                self.request(BackendRequest::Walk(Some(id)));
            }
            BackendRequest::SetValues { id, choices } => {
                if self.chosen_before.as_ref().is_none_or(|(known, _)| *known != id) {
                    self.chosen_before = Some((id, self.engine.settings().chosen_values.clone()));
                }
                self.engine
                    .choose_values(|chosen| choices.into_iter().for_each(|choice| chosen.choose(choice)));
            }
            BackendRequest::RestoreValues { id } => {
                let (known, before) = self.chosen_before.take().expect("something was chosen");
                assert_eq!(known, id);
                self.engine.choose_values(|chosen| *chosen = before);
            }
            // No registry answers here.
            BackendRequest::LookUpImages { .. } | BackendRequest::StopLookup => {}
            BackendRequest::PreviewTrial { .. } | BackendRequest::StopTrial => {}
            BackendRequest::StopPlanning { .. }
            | BackendRequest::KeepView(_)
            | BackendRequest::RankCauses { .. } => {}
            BackendRequest::SaveResults { text, again, .. } => {
                self.saved = Some(text);
                self.saved_again = again;
            }
            other => panic!("{other:?} is not asked for in the walk"),
        }
    }

    pub(super) fn refresh(&mut self, files: Vec<seaworthy::repo::RelPath>) {
        let update = self.engine.refresh_paths(&files.into_iter().collect());
        self.hear(BackendMessage::AuditUpdated(update));
    }

    pub(super) fn text(&mut self) -> String {
        self.draw_with(TerminalFeatures::default())
    }

    /// The screen in a terminal that can do so much.
    pub(super) fn draw_with(&mut self, abilities: TerminalFeatures) -> String {
        crate::stage::text(&self.buffer(abilities))
    }

    fn buffer(&mut self, abilities: TerminalFeatures) -> Buffer {
        self.buffer_in(&ColourTheme::by_name("terminal", abilities))
    }

    pub(super) fn buffer_in(&mut self, theme: &ColourTheme) -> Buffer {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.state.scroll_limits =
            ui::draw_screen(&mut buffer, &self.state, theme, &mut Highlighter::default());
        buffer
    }

    pub(super) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.path().join(path)).unwrap()
    }
}
