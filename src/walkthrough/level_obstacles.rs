//! Names what stands between a pod and the strictest Pod Security Standard, and the chapter that mends it.

use super::Chapter;
use crate::audit::pod_security::{PodSecurityControl, failed_controls};
use crate::kubernetes::Pod;

/// The controls of "restricted" that a pod fails, those of another chapter with its number; none where it meets all.
pub(super) fn name_level_obstacles(pod: &Pod) -> Option<String> {
    let names: Vec<String> = failed_controls(pod).map(name_control).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn name_control(control: &PodSecurityControl) -> String {
    match control.id {
        "runAsNonRoot" | "runAsUser" => {
            format!("{} (chapter {})", control.name, Chapter::Host.chapter_number())
        }
        _ => control.name.to_owned(),
    }
}
