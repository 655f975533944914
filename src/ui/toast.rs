//! The words for what just happened.

use super::text::count;
use crate::app::Toast;
use crate::repo::RelPath;

pub(super) fn words(toast: &Toast) -> String {
    match toast {
        Toast::Written { title, files } => format!("{title}: written to {}. u takes it back.", named(files)),
        Toast::Undone(files) => format!("Taken back in {}. Ctrl-r makes it again.", named(files)),
        Toast::Redone(files) => format!("Made again in {}. u takes it back.", named(files)),
        Toast::Refused(reason) => format!("Nothing was written: {reason}"),
        Toast::NoFix(Some(reason)) => format!("No fix: {reason}"),
        Toast::NoFix(None) => "Nothing here that a program should mend: a person must decide.".to_owned(),
        Toast::OneOnly => "One finding at a time: open the fold and choose one.".to_owned(),
        Toast::NotYet => "The fix is still being made; its diff comes in a moment.".to_owned(),
        Toast::Look => "This is what will be written. Press f again to write it.".to_owned(),
        Toast::Copied => "Copied, if the terminal allows it (in tmux: set -g set-clipboard on).".to_owned(),
        Toast::NothingPinned => {
            "No image here is pinned by a digest: f on an image's finding pins it.".to_owned()
        }
        Toast::NotEdited(reason) => format!("No editor: {reason}"),
        Toast::Meanwhile { new, resolved, scores } => {
            let score =
                scores.map(|(before, after)| format!(", score {before} to {after}")).unwrap_or_default();
            format!("While you were away: {new} new, {resolved} resolved{score}.")
        }
        Toast::Theme(name) => format!("Theme {name}; keep it with theme = \"{name}\" in config.toml."),
        Toast::Config { line, what, more } => {
            let at = if *line > 0 { format!(":{line}") } else { String::new() };
            let more = if *more > 0 { format!(" ({more} more after it)") } else { String::new() };
            format!("config.toml{at}: {what}{more}")
        }
        Toast::Notice(text) => text.clone(),
    }
}

fn named(files: &[RelPath]) -> String {
    match files {
        [one] => one.to_string(),
        [one, two] => format!("{one} and {two}"),
        files => count(files.len(), "file"),
    }
}
