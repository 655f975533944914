//! Nothing is written that was not on the screen whole: the drawn cells of the frames before a write hold every line
//! that it adds and every line that it takes away.

use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{
    AppEffect, AppEvent, AppState, BackendMessage, BackendRequest, DialogState, KeyPress, UserConfig,
    start_app, update_state,
};
use seaworthy::audit::AuditEngine;
use seaworthy::fix::{FixOrder, FixPlan, Planner};
use seaworthy::rules;
use seaworthy::settings::ChosenValues;
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};
use tempfile::TempDir;

use crate::chart::CHART;
use crate::drawn_lines::DrawnLines;
use crate::real::{audit_copy, stage_groups};

pub(crate) const SIZES: [(u16, u16); 7] =
    [(200, 60), (160, 50), (120, 40), (100, 30), (80, 24), (60, 15), (34, 12)];

/// The program on a copy of a folder, which draws a frame before each key and writes nothing.
struct Watched {
    _folder: TempDir,
    engine: AuditEngine,
    state: AppState,
    highlighter: Highlighter,
    /// The changed lines that were drawn of the plan in view.
    drawn: DrawnLines,
    /// The plan that they are of, by its request. What was seen in a stage stays seen in it, whatever is planned anew.
    drawn_of: u64,
    is_staged: bool,
    writes: Vec<FixPlan>,
    /// What was chosen before the fields in view.
    chosen_before: Option<ChosenValues>,
}

impl Watched {
    fn new(files: &[(String, String)], (width, height): (u16, u16)) -> Self {
        let files = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let (folder, engine) = audit_copy("repository", files);
        let mut watched = Self {
            _folder: folder,
            engine,
            state: AppState::new("repository", UserConfig::default(), rules::find_rule),
            highlighter: Highlighter::default(),
            drawn: DrawnLines::default(),
            drawn_of: 0,
            is_staged: false,
            writes: Vec::new(),
            chosen_before: None,
        };
        watched.event(AppEvent::Resize(width, height));
        let effects = start_app(&mut watched.state);
        watched.answer(effects);
        watched
    }

    fn event(&mut self, event: AppEvent) {
        let effects = update_state(&mut self.state, event);
        self.answer(effects);
    }

    fn key(&mut self, key: &str) {
        self.draw();
        self.event(AppEvent::Key(key.parse::<KeyPress>().unwrap()));
    }

    fn answer(&mut self, effects: Vec<AppEffect>) {
        for effect in effects {
            match effect {
                AppEffect::Ask(BackendRequest::Scan) => {
                    self.event(AppEvent::Message(BackendMessage::AuditUpdated(self.engine.full_update())));
                    self.event(AppEvent::Message(BackendMessage::ScanFinished));
                }
                AppEffect::Ask(BackendRequest::Plan { generation, keys }) => {
                    let plan = Planner::new(&self.engine).plan(&FixOrder::Findings(&keys));
                    self.event(AppEvent::Message(BackendMessage::PlanFinished { generation, plan }));
                }
                AppEffect::Ask(BackendRequest::SetValues { choices, .. }) => {
                    let chosen = self.engine.settings().chosen_values.clone();
                    self.chosen_before.get_or_insert(chosen);
                    self.engine
                        .choose_values(|chosen| choices.into_iter().for_each(|choice| chosen.choose(choice)));
                }
                AppEffect::Ask(BackendRequest::RestoreValues { .. }) => {
                    if let Some(before) = self.chosen_before.take() {
                        self.engine.choose_values(|chosen| *chosen = before);
                    }
                }
                AppEffect::Ask(BackendRequest::PlanStage { generation, keys, max_risk }) => {
                    let (groups, planned) = (stage_groups(&self.engine, &keys, max_risk), keys.len());
                    let message = BackendMessage::StagePlanned { generation, groups, planned, is_last: true };
                    self.event(AppEvent::Message(message));
                }
                AppEffect::Ask(BackendRequest::Write(plan)) => {
                    if self.state.stage.is_some() {
                        self.drawn.assert_texts_shown(&plan, self.state.size);
                    } else {
                        self.drawn.assert_shown(&plan, self.state.size);
                    }
                    self.writes.push(plan);
                    let reason = "the test writes nothing".to_owned();
                    self.event(AppEvent::Message(BackendMessage::WriteRefused { reason }));
                }
                _ => {}
            }
        }
    }

    fn buffer(&mut self) -> Buffer {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let theme = ColourTheme::by_name("dark", TerminalFeatures::default());
        self.state.scroll_limits = ui::draw_screen(&mut buffer, &self.state, &theme, &mut self.highlighter);
        buffer
    }

    /// Draws a frame, and reads from its cells which changed lines it shows.
    fn draw(&mut self) {
        let buffer = self.buffer();
        let is_staged = self.state.stage.is_some();
        if !std::mem::replace(&mut self.is_staged, is_staged) || !is_staged {
            self.drawn_of = self.state.preview.generation;
        }
        self.drawn.record(&buffer, self.drawn_of);
    }
}

/// The Dockerfiles and manifests of a folder, the smaller ones first, at most so many.
fn read_folder(folder: &Path, most: usize) -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let mut inside: Vec<_> =
            std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        for path in inside {
            if path.is_dir() {
                folders.push(path);
            } else {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let read = paths.iter().filter_map(|path| {
        let name = path.strip_prefix(folder).ok()?.to_str()?.to_owned();
        Some((name, std::fs::read_to_string(path).ok()?))
    });
    read.take(most).collect()
}

/// The folders to try: small ones of our own and of a repository that lies beside this one, and where it is named, those
/// of a folder of repositories.
pub(crate) fn repositories() -> Vec<Vec<(String, String)>> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/tides");
    let mut all =
        vec![read_folder(Path::new(own), 20), vec![("long/Dockerfile".to_owned(), long_dockerfile())]];
    all.push(read_folder(Path::new(CHART), 20));
    let beside = Path::new("../shared/corpus/kubernetes-goat");
    if let Some(folder) = std::env::var_os("SEAWORTHY_REPOSITORIES") {
        let mut inside: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        all.extend(inside.iter().filter(|path| path.is_dir()).map(|path| read_folder(path, 400)));
    } else if beside.is_dir() {
        all.push(read_folder(beside, 16));
    }
    all
}

/// A file whose lines are wider than any pane.
fn long_dockerfile() -> String {
    let packages: Vec<String> = (0..60).map(|n| format!("package-number-{n}=1.{n}")).collect();
    format!(
        "FROM debian:12\nRUN apt-get update && apt-get install {}\nCOPY . /srv\nCMD python /srv/main.py {}\n",
        packages.join(" "),
        (0..20).map(|n| format!("--option-{n}=with-a-long-value-{n}")).collect::<Vec<_>>().join(" ")
    )
}

#[test]
fn what_f_writes_was_on_the_screen_whole() {
    for files in repositories() {
        for size in SIZES {
            let mut watched = Watched::new(&files, size);
            watched.key("z");
            watched.key("R");
            let rows = watched.state.findings_list.rows.len().min(60);
            let mut writable = 0;
            for _ in 0..rows {
                writable += usize::from(watched.state.preview.writable_plan().is_some());
                press_until_written(&mut watched, "f");
                watched.key("Esc");
                watched.key("j");
            }
            assert!(watched.writes.len() >= writable.min(1), "{size:?}: {} rows", rows);
        }
    }
}

/// Opens the fields of the fix in view, types a number into the first, and takes it; gives whether it was taken.
fn type_number(watched: &mut Watched) -> bool {
    let before = watched.state.preview.generation;
    watched.key("v");
    for key in ["4", "5", "6", "7", "8", "Enter"] {
        watched.key(key);
    }
    let is_taken = watched.state.dialog.is_none() && watched.state.preview.generation != before;
    for _ in 0..3 {
        if watched.state.dialog.is_some() {
            watched.key("Esc");
        }
    }
    is_taken
}

/// What a person typed is another change, which nobody saw before.
#[test]
fn what_f_writes_with_typed_values_was_on_the_screen_whole() {
    let mut taken = 0;
    for files in repositories() {
        for size in SIZES.into_iter().filter(|(width, _)| *width >= 80) {
            let mut watched = Watched::new(&files, size);
            watched.key("z");
            watched.key("R");
            for _ in 0..watched.state.findings_list.rows.len().min(12) {
                // Fields and dialogs are for a fix that can be written.
                if watched.state.preview.writable_plan().is_some() && type_number(&mut watched) {
                    taken += 1;
                    press_until_written(&mut watched, "f");
                }
                watched.key("Esc");
                watched.key("j");
            }
        }
    }
    assert!(taken >= 5, "{taken} values were taken");
}

/// Presses a key until it has written, or does nothing any more.
fn press_until_written(watched: &mut Watched, key: &str) {
    let before = watched.writes.len();
    let mut state = (0, None);
    for _ in 0..200 {
        watched.key(key);
        let now = (watched.state.patch_scroll, watched.state.fullscreen);
        if watched.state.stage.is_some() {
            write_stage(watched);
            while watched.state.stage.is_some() {
                watched.key("Esc");
            }
            break;
        }
        let asks = matches!(watched.state.dialog, Some(DialogState::ConfirmFix { .. }));
        if asks {
            confirm(watched);
        }
        if watched.writes.len() > before || watched.state.dialog.is_some() || now == state {
            break;
        }
        state = now;
    }
    while watched.state.dialog.is_some() {
        watched.key("Esc");
    }
}

/// Passes the pages of a question, and says yes; before the last page a yes is none.
fn confirm(watched: &mut Watched) {
    for _ in 0..2_000 {
        let before = watched.writes.len();
        watched.key("y");
        if watched.writes.len() > before {
            return;
        }
        watched.key("f");
        if watched.state.preview.writable_plan().is_none() {
            return;
        }
    }
    panic!("the pages never end at {:?}", watched.state.size);
}

/// Goes from one change that was not seen to the next until the stage is written; before, it is not.
fn write_stage(watched: &mut Watched) {
    let before = watched.writes.len();
    for _ in 0..3_000 {
        watched.key("W");
        let is_done = watched.writes.len() > before;
        let is_empty = watched.state.stage.as_ref().is_none_or(|stage| stage.totals.taken_places == 0);
        if is_done || is_empty {
            return;
        }
        watched.key("n");
    }
    panic!("something is never seen at {:?}", watched.state.size);
}

#[test]
fn what_a_stage_writes_was_on_the_screen_whole() {
    for files in repositories() {
        for size in SIZES {
            let mut watched = Watched::new(&files, size);
            for scope in ["r", "s", "F"] {
                watched.key("F");
                watched.key(scope);
                write_stage(&mut watched);
                // The same where something is left, in either view.
                for keys in ["g g Space j j Space", "o Enter j Space G", "j l j Space k Space"] {
                    keys.split(' ').for_each(|key| watched.key(key));
                    write_stage(&mut watched);
                }
                while watched.state.stage.is_some() || watched.state.dialog.is_some() {
                    watched.key("Esc");
                }
            }
            assert!(!watched.writes.is_empty(), "{size:?}");
        }
    }
}
