//! Shows beside what is computed what a trial of the app saw.

use super::EvidenceWriter;
use crate::needs::ObservedTopic;
use crate::walkthrough::Chapter;
use crate::walkthrough::walk_context::WalkContext;

/// The lines of a chapter that a trial saw, under their own heading.
pub(super) fn show_trial(scene: &WalkContext<'_>, chapter: Chapter, seen: &mut EvidenceWriter) {
    let Some(workload) = scene.workload else { return };
    let notes = scene.engine.index().observed_notes(workload.view.path, &workload.view.object.label());
    let is_about = |topic| match chapter {
        Chapter::User | Chapter::Host | Chapter::Command => topic == ObservedTopic::User,
        Chapter::Filesystem => topic == ObservedTopic::Filesystem,
        Chapter::Token => topic == ObservedTopic::Token,
        Chapter::Resources => topic == ObservedTopic::Resources,
        Chapter::PodSecurity => topic == ObservedTopic::Outcome,
        Chapter::Image | Chapter::Results => false,
    };
    let mut own = notes.iter().filter(|note| is_about(note.topic)).peekable();
    if own.peek().is_some() {
        seen.begin_trial();
        own.for_each(|note| seen.push_note(crate::text::to_sentence(&note.text)));
    }
}
