//! Words the title of the terminal's window: the repository, what is new, and the score.

use crate::app::AppState;
use crate::text::make_printable;

/// The longest name of a repository in the title, in characters.
const MAX_NAME: usize = 40;

/// The title: `seaworthy: shop, 2 new, score 69`.
#[must_use]
pub fn terminal_title(state: &AppState) -> String {
    let name: String = make_printable(&state.name).chars().take(MAX_NAME).collect();
    let mut title = format!("seaworthy: {name}");
    if !state.new_keys.is_empty() {
        title.push_str(&format!(", {} new", state.new_keys.len()));
    }
    if let Some(score) = state.store.score() {
        title.push_str(&format!(", score {score}"));
    }
    title
}
