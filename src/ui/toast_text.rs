//! Words the toasts, which tell the user what just happened.

use super::obstacle_text::obstacle_text;
use super::safe_text::count_of;
use crate::app::{Toast, name_unit_source};
use crate::repo::RelPath;
use crate::unit::UnitKind;

pub(super) fn toast_text(toast: &Toast) -> String {
    match toast {
        Toast::FixWritten { title, files } => {
            format!("{title}: written to {}. u takes it back.", name_files(files))
        }
        Toast::FixUndone(files) => format!("Taken back in {}. Ctrl-r makes it again.", name_files(files)),
        Toast::FixRedone(files) => format!("Made again in {}. u takes it back.", name_files(files)),
        Toast::TakeBackUndone(files) => {
            format!("Made again in {}. Ctrl-r takes it back again.", name_files(files))
        }
        Toast::UndoRefused(path) => {
            format!("Not taken back: {} has changed since. U takes back what stands.", path.file_name())
        }
        Toast::CannotAllow(reason) => format!("It cannot be allowed by a comment here: {reason}."),
        Toast::AllowedAlready(by) => format!("Nothing to do: it is {by}."),
        Toast::StepTakenBack { files, reason: None, .. } => {
            format!("Taken back in {}. u makes it again.", name_files(files))
        }
        Toast::StepTakenBack { files, left, reason: Some(reason) } => {
            let stay = if *left == 1 { "1 hunk stays".to_owned() } else { format!("{left} hunks stay") };
            format!("Taken back in {}; {stay}: {reason}.", name_files(files))
        }
        Toast::WriteRefused(reason) => {
            let reason = reason.strip_suffix(": nothing was written").unwrap_or(reason);
            format!("Nothing was written: {reason}")
        }
        Toast::NoFix(Some(reason)) => format!("No fix: {reason}"),
        Toast::NoFix(None) => "Nothing here that a program should fix: a person must decide.".to_owned(),
        Toast::NewFinding { severity, rule, place, more } => {
            let more = if *more > 0 { format!(" and {more} more") } else { String::new() };
            format!("New: {} {rule} in {place}{more}. gn goes there.", severity.letter())
        }
        Toast::RegistryNotAsked => "No registry was asked: Enter asks it, Esc leaves.".to_owned(),
        Toast::SelectOne => "One finding at a time: open the fold and choose one.".to_owned(),
        Toast::AlreadyFixed(title) => format!("{title}: written. j goes on, u takes it back."),
        Toast::SelectionGone { rule, place } => {
            format!("What was selected is gone. This is {rule} in {place}: f again mends it.")
        }
        Toast::EvidenceElsewhere { path, line } => {
            format!("The evidence is line {line} of {path}, which is neither a Dockerfile nor a manifest.")
        }
        Toast::FixPending => "The fix is still being made; its diff comes in a moment.".to_owned(),
        Toast::CommentPending => {
            "Where the comment goes is being looked for; it comes in a moment.".to_owned()
        }
        Toast::CommentTooLong => {
            "Nothing was written: the comment has no room on the screen; a shorter reason has.".to_owned()
        }
        Toast::ChangeInView => "The change is in view now: f writes it.".to_owned(),
        Toast::PagesLeft => "Not all of it was shown yet: f turns the page.".to_owned(),
        Toast::ChangesUnseen(count) => {
            format!("{} not shown whole yet: n goes to the next.", count_of(*count, "change"))
        }
        Toast::NothingTaken => {
            "Nothing is taken, so there is nothing to write: Space takes a change.".to_owned()
        }
        Toast::TextCopied => {
            "Copied, if the terminal allows it (in tmux: set -g set-clipboard on).".to_owned()
        }
        Toast::LookingAgain => "Looking again at every file.".to_owned(),
        Toast::LookedAgain { files, new: 0, resolved: 0 } => {
            format!("Looked again at {}: nothing new.", count_of(*files, "file"))
        }
        Toast::LookedAgain { files, new, resolved } => {
            format!("Looked again at {}: {new} new, {resolved} resolved.", count_of(*files, "file"))
        }
        Toast::WatchPaused(true) => "Paused: changes on disk are not followed; p goes on.".to_owned(),
        Toast::WatchPaused(false) => "Watching again; what changed meanwhile was read.".to_owned(),
        Toast::NothingSelected => "Nothing is selected that could be copied.".to_owned(),
        Toast::NothingOnLine(line) => {
            format!("Nothing was found on line {line}; n goes to the next finding.")
        }
        Toast::PickedOnLine { nth, count, line } => {
            format!("{nth} of {count} on line {line}; Enter goes on to the next of them.")
        }
        Toast::NoPinnedImages => {
            "No image here is pinned by a digest: f on an image's finding pins it.".to_owned()
        }
        Toast::EditorFailed(reason) => format!("No editor: {reason}"),
        Toast::WhileAway { new, resolved, scores } => {
            let score =
                scores.map(|(before, after)| format!(", score {before} to {after}")).unwrap_or_default();
            format!("While you were away: {new} new, {resolved} resolved{score}.")
        }
        Toast::UnitChosen { unit, number, count } => {
            let name = name_unit_source(unit);
            match unit.kind {
                UnitKind::Kustomization => format!("Shown as built in {name}: overlay {number} of {count}."),
                _ => format!("Shown with {name}: value set {number} of {count}."),
            }
        }
        Toast::ThemeChanged(name) => format!("Theme {name}; keep it with theme = \"{name}\" in config.toml."),
        Toast::ConfigProblem { line, problem: what, more } => {
            let at = if *line > 0 { format!(":{line}") } else { String::new() };
            let more = if *more > 0 { format!(" ({more} more after it)") } else { String::new() };
            format!("config.toml{at}: {what}{more}")
        }
        Toast::UnboundSequence { keys, palette: Some(palette) } => {
            format!("Nothing on {keys}; {palette} lists all keys.")
        }
        Toast::UnboundSequence { keys, palette: None } => format!("Nothing on {keys}."),
        Toast::NotHere(obstacle) => format!("Nothing to do: {}.", obstacle_text(*obstacle)),
        Toast::MarkSet { letter, path, line } => format!("{path}:{line} is under {letter} now."),
        Toast::NoMark(letter) => format!("No place is kept under {letter}."),
        Toast::SequenceLeft(keys) => format!("{keys} was left; nothing was done."),
        Toast::Notice(text) => text.clone(),
    }
}

fn name_files(files: &[RelPath]) -> String {
    match files {
        [one] => one.to_string(),
        [one, two] => format!("{one} and {two}"),
        files => count_of(files.len(), "file"),
    }
}
