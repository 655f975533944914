//! The program on a stage: keys go in, a picture comes out, and the little world answers at once.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{
    AppEffect, AppEvent, AppState, BackendMessage, BackendRequest, KeyPress, UserConfig, start_app,
    update_state,
};
use seaworthy::fix::{CommentPlace, FixPlan, PlanValueKind, StageOutcome, UndoStep};
use seaworthy::repo::{JournalRecord, RelPath, WatchMode};
use seaworthy::text::SourceText;
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};

use crate::fake;

pub(crate) struct Stage {
    pub(crate) state: AppState,
    pub(crate) files: BTreeMap<RelPath, String>,
    pub(crate) effects: Vec<AppEffect>,
    undo: Vec<FixPlan>,
    /// Every write, the newest first.
    pub(crate) records: Vec<JournalRecord>,
    highlighter: Highlighter,
    /// Whether scans and plans are answered.
    pub(crate) answers: bool,
    /// Whether nothing more comes after each change.
    pub(crate) settles: bool,
    /// The rule whose fix would break the program.
    pub(crate) breaking: Option<&'static str>,
}

impl Stage {
    /// The little world, scanned.
    pub(crate) fn new(width: u16, height: u16) -> Self {
        Self::with(fake::files(), width, height)
    }

    pub(crate) fn with(files: BTreeMap<RelPath, String>, width: u16, height: u16) -> Self {
        Self::begun(files, width, height, true)
    }

    /// The program just after its start, with nothing heard yet.
    pub(crate) fn silent(width: u16, height: u16) -> Self {
        Self::begun(fake::files(), width, height, false)
    }

    fn begun(files: BTreeMap<RelPath, String>, width: u16, height: u16, answers: bool) -> Self {
        let mut state = AppState::new("shop", UserConfig::default(), fake::rules);
        state.themes = seaworthy::theme::theme_names().map(str::to_owned).collect();
        let mut stage = Self {
            state,
            files,
            effects: Vec::new(),
            undo: Vec::new(),
            records: Vec::new(),
            highlighter: Highlighter::default(),
            answers,
            settles: true,
            breaking: None,
        };
        stage.event(AppEvent::Resize(width, height));
        let effects = start_app(&mut stage.state);
        stage.answer(effects);
        stage
    }

    /// Presses keys, written as in the keymap, with spaces between them.
    pub(crate) fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let key: KeyPress = key.parse().unwrap();
            self.event(AppEvent::Key(key));
        }
        self
    }

    /// Passes the pages of the fix that is shown, to the last.
    pub(crate) fn pass_pages(&mut self) -> &mut Self {
        for _ in 0..500 {
            self.text();
            if self.state.is_fix_seen() {
                return self;
            }
            self.keys("f");
        }
        panic!("the pages never end: {}", self.text());
    }

    pub(crate) fn typed(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            self.event(AppEvent::Key(KeyPress::from_char(c)));
        }
        self
    }

    pub(crate) fn hear(&mut self, message: BackendMessage) {
        self.event(AppEvent::Message(message));
    }

    /// The fix that is awaited comes: it writes these lines into the manifest, each with a value of a kind at its end.
    pub(crate) fn hear_values(&mut self, lines: &str, kinds: &[PlanValueKind]) {
        let generation = self.state.preview.generation;
        let plan = Ok(fake::plan_with_values(&self.files, lines, kinds));
        self.hear(BackendMessage::PlanFinished { generation, plan });
    }

    /// A file is edited from outside.
    pub(crate) fn edit(&mut self, path: &str, text: &str) {
        self.files.insert(path.into(), text.to_owned());
        self.hear(BackendMessage::AuditUpdated(fake::audit(&self.files)));
    }

    /// A file goes away.
    pub(crate) fn remove(&mut self, path: &str) {
        self.files.remove(&path.into());
        let mut update = fake::audit(&self.files);
        update.removed_paths = vec![path.into()];
        self.hear(BackendMessage::AuditUpdated(update));
    }

    pub(crate) fn event(&mut self, event: AppEvent) {
        // The screen is drawn before each event, as the terminal's loop does.
        self.state.scroll_limits.frame = self.state.record_frame();
        let effects = update_state(&mut self.state, event);
        self.answer(effects);
    }

    fn answer(&mut self, effects: Vec<AppEffect>) {
        for effect in effects {
            self.effects.push(effect.clone());
            if effect == AppEffect::AwaitQuiet && self.settles {
                self.event(AppEvent::QuietReached);
            }
            let AppEffect::Ask(request) = effect else { continue };
            match request {
                BackendRequest::Scan if self.answers => {
                    self.hear(BackendMessage::AuditUpdated(fake::audit(&self.files)));
                    self.hear(BackendMessage::ScanFinished);
                    self.hear(BackendMessage::WatchChanged(WatchMode::Events));
                }
                BackendRequest::Plan { generation, keys } if self.answers => {
                    let plan = fake::plan_with_risk(&self.files, &keys, self.breaking);
                    self.hear(BackendMessage::PlanFinished { generation, plan: Ok(plan) });
                }
                BackendRequest::PlanStage { generation, keys, .. } if self.answers => {
                    let groups = fake::staged_groups(&self.files, &keys, self.breaking);
                    let planned = keys.len();
                    self.hear(BackendMessage::StagePlanned { generation, groups, planned, is_last: true });
                }
                BackendRequest::WeighStage { generation, .. } if self.answers => {
                    let outcome = StageOutcome { score: Some(90), restricted: 1, workloads: 2 };
                    self.hear(BackendMessage::StageWeighed { generation, outcome });
                }
                BackendRequest::AssessRisks { paths } if self.answers => {
                    let classes = fake::risk_classes(&self.files, &paths, self.breaking);
                    self.hear(BackendMessage::RisksAssessed { paths, classes });
                }
                BackendRequest::CheckException { key } if self.answers => {
                    let line = self.state.index.find_entry(&key).map_or(1, |entry| entry.line);
                    let Some(text) = self.files.get(&key.path) else { continue };
                    let below = text.lines().nth(line - 1).unwrap_or_default().to_owned();
                    let indent = below.chars().take_while(|c| *c == ' ').collect();
                    let place = CommentPlace { line, indent, below, is_action: false };
                    self.hear(BackendMessage::ExceptionPlaced { key, place });
                }
                BackendRequest::Write(plan) => self.write(&plan),
                BackendRequest::Undo => self.undo(),
                BackendRequest::ListUndo if self.answers => {
                    let now = |path: &RelPath| {
                        let text = self.files.get(path);
                        Ok(text.map_or_else(SourceText::absent, |text| SourceText::new(text.as_str())))
                    };
                    let steps = UndoStep::from_records(self.records.clone(), &now, &|_| "14:05".to_owned());
                    self.hear(BackendMessage::UndoListed(Ok(steps)));
                }
                _ => {}
            }
        }
    }

    fn undo(&mut self) {
        let Some(plan) = self.undo.pop() else {
            return self
                .hear(BackendMessage::WriteRefused { reason: "there is nothing to take back".to_owned() });
        };
        for patch in &plan.patches {
            self.files.insert(patch.path.clone(), patch.before.text().to_owned());
        }
        if let Some(record) = self.records.iter_mut().find(|record| !record.is_undone) {
            record.is_undone = true;
        }
        let files = plan.patches.iter().map(|patch| patch.path.clone()).collect();
        self.hear(BackendMessage::FixUndone { files });
        self.hear(BackendMessage::AuditUpdated(fake::audit(&self.files)));
    }

    fn write(&mut self, plan: &FixPlan) {
        for patch in &plan.patches {
            self.files.insert(patch.path.clone(), patch.after.text().to_owned());
        }
        self.undo.push(plan.clone());
        let number = self.records.first().map_or(1, |record| record.number + 1);
        let (title, patches) = (plan.title.clone(), plan.patches.clone());
        let written = std::time::SystemTime::UNIX_EPOCH;
        self.records.insert(0, JournalRecord { number, title, written, is_undone: false, patches });
        let files = plan.patches.iter().map(|patch| patch.path.clone()).collect();
        self.hear(BackendMessage::FixWritten { title: plan.title.clone(), files });
        self.hear(BackendMessage::AuditUpdated(fake::audit(&self.files)));
    }

    /// The screen as it is drawn.
    pub(crate) fn buffer(&mut self, theme: &ColourTheme) -> Buffer {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        self.state.scroll_limits = ui::draw_screen(&mut buffer, &self.state, theme, &mut self.highlighter);
        buffer
    }

    /// The screen as text.
    pub(crate) fn text(&mut self) -> String {
        text(&self.buffer(&ColourTheme::by_name("terminal", TerminalFeatures::default())))
    }
}

/// A buffer's lines, without the spaces at their ends.
pub(crate) fn text(buffer: &Buffer) -> String {
    let mut out = String::new();
    for y in 0..buffer.area.height {
        let mut line = String::new();
        let mut covered = 0;
        for x in 0..buffer.area.width {
            let symbol = buffer[(x, y)].symbol();
            if covered == 0 {
                line.push_str(symbol);
                covered = unicode_width::UnicodeWidthStr::width(symbol).max(1);
            }
            covered -= 1;
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
