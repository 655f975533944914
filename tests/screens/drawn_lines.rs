//! Reads from the cells of frames which changed lines they show, and holds a plan against them.

use std::collections::BTreeSet;

use ratatui::buffer::Buffer;
use ratatui::style::Modifier;
use seaworthy::fix::FixPlan;
use seaworthy::text::diff::{LineChange, diff_hunks};

/// What begins a text that goes on from the page before.
const FURTHER: &str = "…";

/// The changed lines that the frames showed of one plan: sign, number of a line that comes, text without blanks.
#[derive(Default)]
pub(crate) struct DrawnLines {
    /// The request that the plan answers.
    generation: u64,
    lines: BTreeSet<String>,
}

impl DrawnLines {
    /// Takes in a frame; one of another plan begins anew.
    pub(crate) fn record(&mut self, buffer: &Buffer, generation: u64) {
        if self.generation != generation {
            self.generation = generation;
            self.lines.clear();
        }
        self.lines.extend(changed_lines(buffer));
    }

    /// Every line that the plan adds or takes away was drawn, as it stands and with its number.
    pub(crate) fn assert_shown(&self, plan: &FixPlan, size: (u16, u16)) {
        self.assert_wanted(plan, size, |wanted| wanted);
    }

    fn assert_wanted(&self, plan: &FixPlan, size: (u16, u16), name: impl Fn(String) -> String) {
        for patch in &plan.patches {
            let hunks = diff_hunks(patch.before.text(), patch.after.text());
            for line in hunks.iter().flat_map(|hunk| &hunk.lines) {
                let text = without_blanks(&line.text);
                let wanted = match line.change {
                    LineChange::Unchanged => continue,
                    LineChange::Added => format!("+{}:{text}", line.after.unwrap()),
                    LineChange::Removed => format!("-:{text}"),
                };
                let wanted = name(wanted);
                assert!(
                    self.lines.contains(&wanted) || self.covers_in_pages(&wanted),
                    "{}: `{wanted}` of {} was never drawn at {size:?}; drawn: {:#?}",
                    plan.title,
                    patch.path,
                    self.lines
                );
            }
        }
    }

    /// The same of a stage: what is alike in several places was drawn in one of them, with its number.
    pub(crate) fn assert_texts_shown(&self, plan: &FixPlan, size: (u16, u16)) {
        let mut numberless = Self::default();
        numberless.lines.extend(self.lines.iter().map(|line| without_number(line)));
        numberless.assert_wanted(plan, size, |wanted| without_number(&wanted));
    }

    /// A line that is longer than a page was drawn in several, one after the other.
    fn covers_in_pages(&self, wanted: &str) -> bool {
        let begins = self.lines.iter().filter(|text| wanted.starts_with(text.as_str())).map(String::len);
        let mut end = begins.max().unwrap_or(0);
        loop {
            let further = self.lines.iter().filter_map(|text| text.strip_prefix(FURTHER));
            let further = further.filter(|text| !text.is_empty()).flat_map(|text| {
                let found = wanted.match_indices(text).filter(|(at, _)| *at <= end);
                found.map(|(at, text)| at + text.len()).collect::<Vec<_>>()
            });
            match further.max() {
                Some(next) if next > end => end = next,
                _ => return end > 0 && end == wanted.len(),
            }
        }
    }
}

/// A line that comes without its number; any other as it is.
fn without_number(line: &str) -> String {
    let text = line.strip_prefix('+').map(|text| text.trim_start_matches(|c: char| c.is_ascii_digit()));
    text.filter(|text| text.starts_with(':')).map_or_else(|| line.to_owned(), |text| format!("+{text}"))
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The changed lines in the cells of a frame: a sign, the number of a line that comes, a bar, and the text, which goes
/// on in rows that have neither sign nor number. Several panes may stand side by side.
fn changed_lines(buffer: &Buffer) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    let area = buffer.area;
    for x in 0..area.width {
        // The column of a pane's bars.
        let is_bar = |y: u16| buffer[(x, y)].symbol() == "┃";
        let sign_at = |y: u16| is_bar(y).then(|| sign_before(buffer, x, y)).flatten();
        let mut y = 0;
        while y < area.height {
            let Some((sign, number)) = sign_at(y) else {
                if is_bar(y) && is_further_row(buffer, x, y) {
                    let text = without_blanks(&row_text(buffer, x + 1, y, '+'));
                    lines.insert(format!("{FURTHER}{text}"));
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
            lines.insert(format!("{sign}{number}:{}", without_blanks(&text)));
        }
    }
    lines
}

/// The cells between a pane's border and a bar, backwards: blanks and digits, and the sign where there is one.
fn sign_before(buffer: &Buffer, bar: u16, y: u16) -> Option<(char, String)> {
    let mut number = String::new();
    for x in (0..bar).rev() {
        match buffer[(x, y)].symbol() {
            "+" => return Some(('+', number)),
            "-" => return Some(('-', String::new())),
            " " => {}
            symbol if symbol.chars().all(|c| c.is_ascii_digit()) => number.insert_str(0, symbol),
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
