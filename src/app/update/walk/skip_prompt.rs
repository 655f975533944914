//! Asks the user in the walk for the reason of a skipped chapter.

use super::set_prompt;
use crate::app::action_obstacle::ActionObstacle;
use crate::app::app_event::AppEffect;
use crate::app::app_state::AppState;
use crate::app::backend_protocol::BackendRequest;
use crate::app::key_press::{KeyName, KeyPress};
use crate::app::text_field::TextField;
use crate::app::toast::Toast;
use crate::app::walk_screen::{WalkPrompt, WalkScreen};
use crate::walkthrough::{Chapter, ChapterStatus};

/// Asks for the reason of skipping the chapter; a skipped chapter is taken up again.
pub(super) fn ask_skip_reason(state: &mut AppState) -> Vec<AppEffect> {
    let Some(page) = state.walk.as_ref().and_then(WalkScreen::current_page) else { return Vec::new() };
    match (&page.status, &page.skip_reason) {
        (ChapterStatus::ToDo, Some(_)) => {
            let chapter = page.chapter;
            send_skip_reason(state, chapter, None)
        }
        (ChapterStatus::ToDo, None) => {
            set_prompt(state, WalkPrompt::SkipReason(TextField::default()));
            Vec::new()
        }
        _ => {
            state.toast = Some(Toast::NotHere(ActionObstacle::NothingToSkip));
            Vec::new()
        }
    }
}

fn send_skip_reason(state: &AppState, chapter: Chapter, reason: Option<String>) -> Vec<AppEffect> {
    let id = state.walk.as_ref().and_then(|walking| walking.id.clone());
    id.map(|id| AppEffect::Ask(BackendRequest::SkipChapter { id, chapter, reason })).into_iter().collect()
}

/// Handles keys while a question is open.
pub(super) fn on_prompt_key(state: &mut AppState, key: KeyPress, asking: WalkPrompt) -> Vec<AppEffect> {
    if key.code == KeyName::Esc {
        return Vec::new();
    }
    match asking {
        WalkPrompt::SkipReason(mut text) => {
            if key.code == KeyName::Enter && !text.text().trim().is_empty() {
                let page = state.walk.as_ref().and_then(WalkScreen::current_page);
                let Some(chapter) = page.map(|page| page.chapter) else { return Vec::new() };
                let mut effects = send_skip_reason(state, chapter, Some(text.text().trim().to_owned()));
                effects.extend(super::turn_chapter(state, 1));
                return effects;
            }
            text.on_key(key);
            set_prompt(state, WalkPrompt::SkipReason(text));
            Vec::new()
        }
    }
}
