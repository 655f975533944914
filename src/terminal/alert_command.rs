//! Starts the user's own command for a new finding: without a shell, with the text as one whole argument.

use std::process::{Command, Stdio};
use std::thread;

use super::editor::split_words;
use super::path_argument::{CommandWord, path_reading};
use super::program_syntax::ArgumentReading;

/// The placeholder for the text.
const TEXT_PLACEHOLDER: &str = "{text}";

/// The words of the user's command with the text in them. The text names files of a repository: it is data, so it is an
/// argument of its own, and none that is read as a command.
///
/// # Errors
/// When the command names no program, or would make more of the text than data: with what to do.
pub fn alert_command(template: &str, text: &str) -> Result<Vec<String>, String> {
    let words = split_words(template);
    if words.is_empty() {
        return Err("alert-command names no program".to_owned());
    }
    let holds = |word: &String| word.contains(TEXT_PLACEHOLDER);
    let command: Vec<CommandWord> = words
        .iter()
        .map(|text| CommandWord { text: text.clone(), holds_path: text.contains(TEXT_PLACEHOLDER) })
        .collect();
    if words.iter().any(|word| holds(word) && word != TEXT_PLACEHOLDER) {
        return Err("alert-command has {text} within a word: make {text} an argument of its own".to_owned());
    }
    if words.iter().any(holds) && path_reading(&command) != ArgumentReading::Data {
        return Err("alert-command hands {text} to a program that reads it as a command: make {text} an argument, as \
                    in sh -c 'notify-send \"$1\"' sh {text}"
            .to_owned());
    }
    // No option, and no sign by which a program reads a file.
    let text = match text.chars().next() {
        Some(first) if first.is_alphanumeric() => text.to_owned(),
        _ => format!("new: {text}"),
    };
    let fill = |word: String| if word == TEXT_PLACEHOLDER { text.clone() } else { word };
    Ok(words.into_iter().map(fill).collect())
}

/// Starts the command, and waits for nothing.
pub(super) fn run_alert_command(template: &str, text: &str) -> Result<(), String> {
    let words = alert_command(template, text)?;
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child =
        command.spawn().map_err(|error| format!("{} could not be started ({error})", words[0]))?;
    // A thread must wait for its end, or it stays in the system's process table.
    thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_one_whole_argument() {
        let words = |template| alert_command(template, "high: a in $(b);c d:1");
        assert_eq!(
            words("notify-send seaworthy {text}"),
            Ok(vec!["notify-send".to_owned(), "seaworthy".to_owned(), "high: a in $(b);c d:1".to_owned()])
        );
        assert_eq!(words("say").map(|words| words.len()), Ok(1), "a command may need no text");
        assert_eq!(words("sh -c 'notify-send \"$1\"' sh {text}").map(|words| words.len()), Ok(5));
        assert_eq!(alert_command("say {text}", "-x").map(|words| words[1].clone()), Ok("new: -x".to_owned()));
    }

    #[test]
    fn a_command_that_would_run_the_text_is_refused() {
        for template in [
            "",
            "{text}",
            "sh {text}",
            "sh -c {text}",
            "sh -c 'notify-send {text}'",
            "notify-send --body={text}",
            "env -S {text}",
            "perl -e {text}",
            "sh -c 'eval \"$1\"' sh {text}",
            "tmux send-keys {text}",
            "ssh host notify-send {text}",
            "sh -c 'm=\"$1\"; sh -c \"say $m\"' sh {text}",
            "sh -c 'm=\"$1\"; tmux display-message \"$m\"' sh {text}",
            "sh -c 'for m in \"$@\"; do sh -c \"say $m\"; done' sh {text}",
            "sh -c 'for m; do eval say $m; done' sh {text}",
            "sh -c 'export M=\"$1\"; eval \"say $M\"' sh {text}",
            "sh -c 'sh <<E\nsay $1\nE' sh {text}",
            "bash -c 'say \"${1@P}\"' sh {text}",
        ] {
            assert!(alert_command(template, "high: a in b:1").is_err(), "{template}");
        }
    }
}
