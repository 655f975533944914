//! Keeps what is written in a chapter of the walk, from the key that writes it to the backend's answer.

use crate::app::app_state::AppState;
use crate::app::written_chapter::PendingChapter;

/// Keeps the change that is about to be written, for its chapter's page.
pub(in crate::app::update) fn begin_writing(state: &mut AppState) {
    let at = (state.clock)();
    let Some(walking) = &mut state.walk else { return };
    walking.writing = walking
        .current_page()
        .filter(|page| page.finding_keys == state.preview.keys)
        .and_then(|page| PendingChapter::from_preview(page, &state.preview, at));
}

/// The change is written: its chapter shows it until it is taken back.
pub(in crate::app::update) fn finish_writing(state: &mut AppState) {
    let Some(walking) = &mut state.walk else { return };
    if let Some(PendingChapter { chapter, written, files_before }) = walking.writing.take() {
        if let Some(app) = &walking.id {
            state.facts.keep_walked_files(app, files_before);
        }
        walking.written.insert(chapter, written);
        walking.fresh_chapter = Some(chapter);
        walking.scroll = 0;
        state.fullscreen = None;
    }
}

/// Nothing was written.
pub(in crate::app::update) fn drop_writing(state: &mut AppState) {
    if let Some(walking) = &mut state.walk {
        walking.writing = None;
    }
}
