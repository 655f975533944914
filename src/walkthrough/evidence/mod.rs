//! What an operator or an attacker would see, computed from the files: before the change, and after it.

mod beyond;
mod command;
mod filesystem;
mod host;
mod image;
mod resources;
mod token;
mod user;

use super::Chapter;
use super::scene::Scene;
use crate::finding::FindingKey;
use crate::image::Family;

/// One line of what would be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// As it is, or as it would be.
    When(&'static str),
    /// What is typed, and where: `api $ id`.
    Typed(String),
    Printed(String),
    /// A sentence about what is shown.
    Note(String),
}

/// What is below this is so only once the change is made.
pub const AFTER: &str = "After the change";

/// The lines of one chapter. Where it is met, only what is now.
pub(super) fn of(scene: &Scene<'_>, chapter: Chapter, keys: &[FindingKey], met: bool) -> Vec<Line> {
    let mut seen = Seen { lines: Vec::new(), met };
    one_of_several(scene, chapter, &mut seen);
    let inside = matches!(
        chapter,
        Chapter::User | Chapter::Filesystem | Chapter::Token | Chapter::Resources | Chapter::Beyond
    );
    if inside && matches!(scene.family(), Family::Distroless | Family::Scratch) {
        seen.note("This image has no shell to type in; `kubectl debug` brings one that sees the same.");
    }
    match chapter {
        Chapter::User => user::show(scene, &mut seen),
        Chapter::Host => host::show(scene, &mut seen),
        Chapter::Filesystem => filesystem::show(scene, &mut seen),
        Chapter::Token => token::show(scene, &mut seen),
        Chapter::Resources => resources::show(scene, &mut seen),
        Chapter::Image => image::show(scene, &mut seen),
        Chapter::Command => command::show(scene, keys, &mut seen),
        Chapter::Beyond => beyond::show(scene, &mut seen),
        Chapter::Results => {}
    }
    seen.lines
}

/// Which container is shown, where the pod has others: the change is for all of them.
fn one_of_several(scene: &Scene<'_>, chapter: Chapter, seen: &mut Seen) {
    let others = scene.workload.map_or(0, |workload| workload.view.pod.containers.len().saturating_sub(1));
    let Some(main) = scene.main().filter(|_| others > 0 && chapter.is_about().1) else { return };
    if chapter != Chapter::Image && chapter != Chapter::Results {
        let more =
            if others == 1 { "one more container".to_owned() } else { format!("{others} more containers") };
        seen.note(format!("Shown for the container `{}`; the pod has {more}.", main.name()));
    }
}

/// The lines so far.
struct Seen {
    lines: Vec<Line>,
    met: bool,
}

impl Seen {
    fn now(&mut self) {
        self.lines.push(Line::When("Now"));
    }

    /// Begins what is seen after the change; false where there is nothing left to change.
    fn then(&mut self) -> bool {
        if !self.met {
            self.lines.push(Line::When(AFTER));
        }
        !self.met
    }

    fn typed(&mut self, command: impl Into<String>) {
        self.lines.push(Line::Typed(command.into()));
    }

    fn printed(&mut self, line: impl Into<String>) {
        self.lines.push(Line::Printed(line.into()));
    }

    fn note(&mut self, sentence: impl Into<String>) {
        self.lines.push(Line::Note(sentence.into()));
    }
}

/// What a shell in the container shows before the cursor: `#` for root.
fn prompt(uid: Option<u32>) -> &'static str {
    if uid == Some(0) { "container #" } else { "container $" }
}

/// The name that `ps` and `id` show in the container: the account's, else the number.
fn name(scene: &Scene<'_>, uid: u32) -> String {
    scene.account(uid).unwrap_or_else(|| uid.to_string())
}
