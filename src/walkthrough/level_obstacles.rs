//! Names what stands between a pod and the strictest Pod Security Standard, and the chapter that mends it.

use super::Chapter;
use crate::audit::pod_security::{PodSecurityControl, failed_controls, warned_controls};
use crate::kubernetes::Pod;

/// The controls of "restricted" that a pod fails, those of another chapter with its number; none where it meets all.
pub(super) fn name_level_obstacles(pod: &Pod) -> Option<String> {
    let names: Vec<String> = failed_controls(pod).map(name_control).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// What the API server warns of, in its own words, each of another chapter with its number; none where it is silent.
pub(super) fn name_warned_reasons(pod: &Pod) -> Option<String> {
    let reasons: Vec<String> =
        warned_controls(pod).into_iter().map(|control| with_chapter(control, control.reason)).collect();
    (!reasons.is_empty()).then(|| reasons.join(", "))
}

fn name_control(control: &PodSecurityControl) -> String {
    with_chapter(control, control.name)
}

fn with_chapter(control: &PodSecurityControl, words: &str) -> String {
    match control.id {
        "runAsNonRoot" | "runAsUser" => format!("{words} (chapter {})", Chapter::Host.chapter_number()),
        _ => words.to_owned(),
    }
}
