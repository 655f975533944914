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
mod trial_evidence;

use super::Chapter;
use super::planned_change::PlannedChange;
use super::walk_context::WalkContext;
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

/// The heading above lines that a trial saw; those above are computed.
pub const TRIAL_HEADING: &str = "Seen in a trial";

/// The lines of one chapter. Where it is met, only those of now. `change` is its change, where what is after it is read from
/// it.
pub(super) fn chapter_evidence(
    scene: &WalkContext<'_>,
    chapter: Chapter,
    change: Option<&PlannedChange>,
    met: bool,
) -> Vec<EvidenceLine> {
    let mut seen = EvidenceWriter { lines: Vec::new(), is_met: met };
    let users = change.map(|change| &change.users);
    note_container(scene, chapter, &mut seen);
    let beside = matches!(chapter, Chapter::Filesystem | Chapter::Token | Chapter::PodSecurity);
    if beside && scene.workload.is_some() && !scene.image_tools().are_known() {
        note_tools_beside(scene.base_family(), &mut seen);
    }
    match chapter {
        Chapter::User => image_user::show_user(scene, users, &mut seen),
        Chapter::Host => host_account::show_host(scene, users, &mut seen),
        Chapter::Filesystem => root_filesystem::show_filesystem(scene, &mut seen),
        Chapter::Token => account_token::show_token(scene, &mut seen),
        Chapter::Resources => resource_limits::show_resources(scene, &mut seen),
        Chapter::Image => image_pins::show_images(scene, &mut seen),
        Chapter::Command => start_command::show_command(scene, change.map(|change| &change.plan), &mut seen),
        Chapter::PodSecurity => {
            pod_security::show_pod_security(scene, change.and_then(|change| change.pod.as_ref()), &mut seen);
        }
        Chapter::Results => {}
    }
    trial_evidence::show_trial(scene, chapter, &mut seen);
    seen.lines
}

/// The note on the place of the commands, where they are not typed in the container.
fn note_tools_beside(family: DistroFamily, seen: &mut EvidenceWriter) {
    let why = if matches!(family, DistroFamily::Distroless | DistroFamily::Scratch) {
        "This image has no shell and no tools"
    } else {
        "Which tools this image has, the files do not tell"
    };
    seen.push_note(format!("{why}: `debug $` is a container that `kubectl debug` puts beside it."));
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

    fn begin_trial(&mut self) {
        self.lines.push(EvidenceLine::Heading(TRIAL_HEADING));
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

/// The prompt of a shell in the container: `#` for root. Where the image may have none, that of a container beside it.
fn shell_prompt(scene: &WalkContext<'_>, uid: Option<u32>) -> &'static str {
    match uid {
        _ if !scene.image_tools().are_known() => "debug $",
        Some(0) => "container #",
        _ => "container $",
    }
}

/// The name that `ps` and `id` show in the container: the account's, else the number.
fn account_name(scene: &WalkContext<'_>, uid: u32) -> String {
    scene.account_name(uid).unwrap_or_else(|| uid.to_string())
}
