//! Shows each chapter's evidence, what an operator or an attacker would see before and after the change, from the
//! files.

mod account_token;
mod host_account;
mod image_pins;
mod image_user;
mod pod_security;
mod resource_limits;
mod root_filesystem;
mod start_command;

use super::Chapter;
use super::walk_context::WalkContext;
use crate::finding::FindingKey;
use crate::image::DistroFamily;

/// One line of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceLine {
    /// A heading: as it is, or as it would be.
    Heading(&'static str),
    /// The command that is typed, after its place: `api $ id`.
    Command(String),
    Output(String),
    /// A sentence about what is shown.
    Note(String),
}

/// The heading above lines that hold only once the change is made.
pub const AFTER_HEADING: &str = "After the change";

/// The lines of one chapter. Where it is met, only those of now.
pub(super) fn chapter_evidence(
    scene: &WalkContext<'_>,
    chapter: Chapter,
    keys: &[FindingKey],
    met: bool,
) -> Vec<EvidenceLine> {
    let mut seen = EvidenceWriter { lines: Vec::new(), is_met: met };
    note_container(scene, chapter, &mut seen);
    let inside = matches!(
        chapter,
        Chapter::User | Chapter::Filesystem | Chapter::Token | Chapter::Resources | Chapter::PodSecurity
    );
    if inside && matches!(scene.base_family(), DistroFamily::Distroless | DistroFamily::Scratch) {
        seen.push_note("This image has no shell to type in; `kubectl debug` brings one that sees the same.");
    }
    match chapter {
        Chapter::User => image_user::show_user(scene, &mut seen),
        Chapter::Host => host_account::show_host(scene, &mut seen),
        Chapter::Filesystem => root_filesystem::show_filesystem(scene, &mut seen),
        Chapter::Token => account_token::show_token(scene, &mut seen),
        Chapter::Resources => resource_limits::show_resources(scene, &mut seen),
        Chapter::Image => image_pins::show_images(scene, &mut seen),
        Chapter::Command => start_command::show_command(scene, keys, &mut seen),
        Chapter::PodSecurity => pod_security::show_pod_security(scene, &mut seen),
        Chapter::Results => {}
    }
    seen.lines
}

/// The note on the container that is shown, where the pod has others: the change is for all of them.
fn note_container(scene: &WalkContext<'_>, chapter: Chapter, seen: &mut EvidenceWriter) {
    let others = scene.workload.map_or(0, |workload| workload.view.pod.containers.len().saturating_sub(1));
    let Some(main) = scene.main_container().filter(|_| others > 0 && chapter.covered_files().1) else {
        return;
    };
    if chapter != Chapter::Image && chapter != Chapter::Results {
        let more =
            if others == 1 { "one more container".to_owned() } else { format!("{others} more containers") };
        seen.push_note(format!("Shown for the container `{}`; the pod has {more}.", main.name()));
    }
}

/// The lines so far.
struct EvidenceWriter {
    lines: Vec<EvidenceLine>,
    is_met: bool,
}

impl EvidenceWriter {
    fn begin_now(&mut self) {
        self.lines.push(EvidenceLine::Heading("Now"));
    }

    /// Begins the lines after the change; false where there is nothing left to change.
    fn begin_after(&mut self) -> bool {
        if !self.is_met {
            self.lines.push(EvidenceLine::Heading(AFTER_HEADING));
        }
        !self.is_met
    }

    fn push_command(&mut self, command: impl Into<String>) {
        self.lines.push(EvidenceLine::Command(command.into()));
    }

    fn push_output(&mut self, line: impl Into<String>) {
        self.lines.push(EvidenceLine::Output(line.into()));
    }

    fn push_note(&mut self, sentence: impl Into<String>) {
        self.lines.push(EvidenceLine::Note(sentence.into()));
    }
}

/// The prompt of a shell in the container: `#` for root.
fn shell_prompt(uid: Option<u32>) -> &'static str {
    if uid == Some(0) { "container #" } else { "container $" }
}

/// The name that `ps` and `id` show in the container: the account's, else the number.
fn account_name(scene: &WalkContext<'_>, uid: u32) -> String {
    scene.account_name(uid).unwrap_or_else(|| uid.to_string())
}
