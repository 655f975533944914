//! Nothing is written that was not on the screen whole: the drawn cells of the frames before a write hold every line
//! that it adds and every line that it takes away.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use seaworthy::app::{
    AppEffect, AppEvent, AppState, BackendMessage, BackendRequest, DialogState, KeyPress, UserConfig,
    start_app, update_state,
};
use seaworthy::audit::AuditEngine;
use seaworthy::fix::{FixOrder, FixPlan, Planner};
use seaworthy::rules;
use seaworthy::text::diff::{LineChange, diff_hunks};
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};
use tempfile::TempDir;

use crate::real::audit_copy;

const SIZES: [(u16, u16); 7] = [(200, 60), (160, 50), (120, 40), (100, 30), (80, 24), (60, 15), (34, 12)];

/// The program on a copy of a folder, which draws a frame before each key and writes nothing.
struct Watched {
    _folder: TempDir,
    engine: AuditEngine,
    state: AppState,
    highlighter: Highlighter,
    /// The changed lines that were drawn of the plan in view, with their signs, without blanks.
    drawn: BTreeMap<String, usize>,
    generation: u64,
    writes: Vec<FixPlan>,
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
            drawn: BTreeMap::new(),
            generation: 0,
            writes: Vec::new(),
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
                AppEffect::Ask(BackendRequest::Write(plan)) => {
                    self.check_write(&plan);
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
        if self.generation != self.state.preview.generation {
            self.generation = self.state.preview.generation;
            self.drawn.clear();
        }
        for (line, count) in changed_lines(&buffer) {
            let most = self.drawn.entry(line).or_default();
            *most = (*most).max(count);
        }
    }

    /// Every line that the plan adds or takes away was drawn, as it stands.
    fn check_write(&self, plan: &FixPlan) {
        for patch in &plan.patches {
            let hunks = diff_hunks(patch.before.text(), patch.after.text());
            for line in hunks.iter().flat_map(|hunk| &hunk.lines) {
                let sign = match line.change {
                    LineChange::Unchanged => continue,
                    LineChange::Added => '+',
                    LineChange::Removed => '-',
                };
                let wanted = format!("{sign}{}", without_blanks(&line.text));
                assert!(
                    self.drawn.contains_key(&wanted) || self.covers_in_pages(&wanted),
                    "{}: `{wanted}` of {} was never drawn at {:?}; drawn: {:#?}",
                    plan.title,
                    patch.path,
                    self.state.size,
                    self.drawn.keys().collect::<Vec<_>>()
                );
            }
        }
    }
}

impl Watched {
    /// A line that is longer than a page was drawn in several, one after the other.
    fn covers_in_pages(&self, wanted: &str) -> bool {
        let begins = self.drawn.keys().filter(|text| wanted.starts_with(text.as_str())).map(String::len);
        let mut end = begins.max().unwrap_or(0);
        loop {
            let further =
                self.drawn.keys().filter_map(|text| text.strip_prefix(FURTHER)).filter_map(|text| {
                    let at = wanted.find(text).filter(|at| *at <= end)?;
                    Some(at + text.len())
                });
            match further.max() {
                Some(next) if next > end => end = next,
                _ => return end == wanted.len(),
            }
        }
    }
}

/// What begins a text that goes on from the page before.
const FURTHER: &str = "…";

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The changed lines in the cells of a frame: a sign, perhaps a number, a bar, and the text, which goes on in rows that
/// have neither sign nor number. Several panes may stand side by side.
fn changed_lines(buffer: &Buffer) -> BTreeMap<String, usize> {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let area = buffer.area;
    for x in 0..area.width {
        // The column of a pane's bars.
        let is_bar = |y: u16| buffer[(x, y)].symbol() == "┃";
        let mut y = 0;
        while y < area.height {
            let sign = is_bar(y).then(|| sign_before(buffer, x, y)).flatten();
            let Some(sign) = sign else {
                if is_bar(y) && is_further_row(buffer, x, y) {
                    let text = without_blanks(&row_text(buffer, x + 1, y, '+'));
                    lines.insert(format!("{FURTHER}{text}"), 1);
                }
                y += 1;
                continue;
            };
            let mut text = row_text(buffer, x + 1, y, sign);
            y += 1;
            while y < area.height && is_bar(y) && is_further_row(buffer, x, y) {
                text.push_str(&row_text(buffer, x + 1, y, sign));
                y += 1;
            }
            *lines.entry(format!("{sign}{}", without_blanks(&text))).or_default() += 1;
        }
    }
    lines
}

/// The cells between a pane's border and a bar, backwards: blanks and digits, and the sign where there is one.
fn sign_before(buffer: &Buffer, bar: u16, y: u16) -> Option<char> {
    for x in (0..bar).rev() {
        match buffer[(x, y)].symbol() {
            "+" => return Some('+'),
            "-" => return Some('-'),
            symbol if symbol == " " || symbol.chars().all(|c| c.is_ascii_digit()) => {}
            _ => return None,
        }
    }
    None
}

fn is_further_row(buffer: &Buffer, bar: u16, y: u16) -> bool {
    for x in (0..bar).rev() {
        match buffer[(x, y)].symbol() {
            " " | "▌" => {}
            // The border, or a thumb in it.
            "│" | "├" | "┤" | "┼" | "┃" => return true,
            _ => return false,
        }
    }
    true
}

/// The text of a row from a column on, as far as its pane goes. What goes is struck.
fn row_text(buffer: &Buffer, from: u16, y: u16, sign: char) -> String {
    let mut text = String::new();
    for x in from..buffer.area.width {
        let cell = &buffer[(x, y)];
        // A thumb in the border ends a row as the border does.
        if matches!(cell.symbol(), "│" | "├" | "┤" | "┃") {
            break;
        }
        let is_struck = cell.modifier.contains(Modifier::CROSSED_OUT);
        if sign == '-' && !is_struck && cell.symbol() != " " {
            break;
        }
        text.push_str(cell.symbol());
    }
    // The number of findings at the right of a line is no part of it.
    match text.rfind('‹') {
        Some(at) if text.trim_end().ends_with('›') => text[..at].to_owned(),
        _ => text,
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

/// The folders to try: small ones of our own, and where it is named, those of a folder of repositories.
fn repositories() -> Vec<Vec<(String, String)>> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/tides");
    let mut all =
        vec![read_folder(Path::new(own), 20), vec![("long/Dockerfile".to_owned(), long_dockerfile())]];
    if let Some(folder) = std::env::var_os("SEAWORTHY_REPOSITORIES") {
        let mut inside: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        inside.sort();
        all.extend(inside.iter().filter(|path| path.is_dir()).map(|path| read_folder(path, 400)));
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

/// Presses a key until it has written, or does nothing any more.
fn press_until_written(watched: &mut Watched, key: &str) {
    let before = watched.writes.len();
    let mut state = (0, None);
    for _ in 0..200 {
        watched.key(key);
        let now = (watched.state.patch_scroll, watched.state.fullscreen);
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

#[test]
fn what_a_wide_fix_writes_was_passed_page_by_page() {
    for files in repositories() {
        for size in SIZES {
            let mut watched = Watched::new(&files, size);
            for choice in ["2", "4", "5"] {
                watched.key("F");
                watched.key(choice);
                if matches!(watched.state.dialog, Some(DialogState::ConfirmFix { .. })) {
                    confirm(&mut watched);
                }
                while watched.state.dialog.is_some() {
                    watched.key("Esc");
                }
            }
            assert!(!watched.writes.is_empty(), "{size:?}");
        }
    }
}
