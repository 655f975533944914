//! Draws the trial of an app: what will run with the question whether to, then what is seen, then what came of it.

use super::canvas::Canvas;
use super::dialog_view;
use super::lookup_view::wrap_texts;
use super::safe_text::StyledText;
use crate::app::{ScreenArea, TrialDialog, TrialProgress};
use crate::theme::StyleToken;

/// The widest that the dialog is drawn, in columns: the commands are long.
const MAX_COLUMNS: u16 = 110;

/// Draws it, and gives how far it can be scrolled.
pub(super) fn draw_trial(canvas: &mut Canvas<'_>, trial: &TrialDialog) -> usize {
    let screen = canvas.buffer.area;
    let width = screen.width.saturating_sub(4).min(MAX_COLUMNS);
    let lines = wrap_texts(canvas, styled_lines(trial), width.saturating_sub(4));
    let title = format!("Trial of {}", trial.app.object);
    let area = dialog_view::open_frame(canvas, &title, width, lines.len() + 4);
    let list = ScreenArea { height: area.height.saturating_sub(2), ..area };
    let last = lines.len().saturating_sub(usize::from(list.height));
    let first = trial.scroll.unwrap_or(last).min(last);
    canvas.draw_lines(list, &lines[first..]);
    if last > 0 {
        dialog_view::mark_place(canvas, list, (first, lines.len()), None);
    }
    let y = area.bottom().saturating_sub(1);
    canvas.draw_text(area.x, y, area.width, question(trial), canvas.token_style(StyleToken::Focus));
    last
}

const fn question(trial: &TrialDialog) -> &'static str {
    match trial.progress {
        TrialProgress::Looking => "Nothing runs yet; Esc leaves",
        TrialProgress::Asking if trial.has_network => "Run it? y runs, o takes the network away, Esc leaves",
        TrialProgress::Asking => "Run it? y runs, o gives it a network, Esc leaves",
        TrialProgress::Running => "It runs; Esc stops it and removes what was made",
        TrialProgress::Finished => "s keeps it in seaworthy.toml, r runs it again, Esc closes",
        TrialProgress::Failed if trial.has_network => "r asks again, o without a network, Esc closes",
        TrialProgress::Failed => "r asks again, o with a network, Esc closes",
    }
}

fn styled_lines(trial: &TrialDialog) -> Vec<StyledText> {
    if trial.lines.is_empty() {
        let words = match trial.progress {
            TrialProgress::Running => "The app is started as it is; then as its fixes would start it.",
            _ => "The container engine is asked which images are here.",
        };
        return vec![(words.to_owned(), StyleToken::Muted)];
    }
    let style = |line: &String| {
        let text = line.trim_start();
        if text.starts_with('|') {
            StyleToken::Muted
        } else if text.starts_with("Result:") {
            StyleToken::Title
        } else if text.starts_with("need:") || text.starts_with("left out:") || text.contains(" needs ") {
            StyleToken::Caution
        } else {
            StyleToken::Base
        }
    };
    trial.lines.iter().map(|line| (line.clone(), style(line))).collect()
}
