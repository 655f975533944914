//! Opens the user's editor at a line.

use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use super::command_template::{self, FILE_PLACEHOLDER};

/// The command that starts an editor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditorCommand {
    /// The program and its arguments.
    pub words: Vec<String>,
    /// True for an editor with a window of its own: then the terminal stays ours, and nobody waits for its end.
    pub has_window: bool,
}

/// The command that opens `path` at `line` (from 1) in an editor given as people write it in `$EDITOR`: a program,
/// perhaps with arguments, perhaps in quotes. Where it names `{file}`, that and `{line}` are filled in and nothing is
/// added; else the line is given as common editors take it. `variable` gives the value of a `$NAME`.
///
/// # Errors
/// When it names nothing, or when the path would be more than a name to the program that reads it.
pub fn editor_command(
    editor: &str,
    path: &Path,
    line: usize,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<EditorCommand, String> {
    let mut words: Vec<String> =
        split_words(editor).iter().map(|word| expand_variables(word, &variable)).collect();
    if command_template::names_file(&words) {
        let has_window = words.iter().any(|word| word.contains("--remote"));
        return Ok(EditorCommand {
            words: command_template::fill_template(&words, 0, path, line)?,
            has_window,
        });
    }
    let stem = words.first().and_then(|program| Path::new(program).file_stem());
    let name = stem.ok_or("$EDITOR names no program")?.to_string_lossy().to_lowercase();
    let (arguments, has_window): (&[&str], bool) = match name.as_str() {
        "hx" | "helix" => (&["{file}:{line}"], false),
        "subl" | "zed" | "zeditor" | "lapce" => (&["{file}:{line}"], true),
        "code" | "codium" | "vscodium" | "code-insiders" | "cursor" | "windsurf" => {
            (&["--goto", "{file}:{line}"], true)
        }
        "idea" | "pycharm" | "goland" | "rustrover" | "clion" | "kate" => {
            (&["--line", "{line}", FILE_PLACEHOLDER], true)
        }
        "gvim" => (&["+{line}", FILE_PLACEHOLDER], true),
        "vi" | "vim" | "nvim" | "view" | "nano" | "pico" | "emacs" | "emacsclient" | "kak" | "micro"
        | "mg" | "joe" | "jed" | "ne" | "vis" | "mcedit" | "ex" => (&["+{line}", FILE_PLACEHOLDER], false),
        _ => (&[FILE_PLACEHOLDER], false),
    };
    words.extend(arguments.iter().map(|word| (*word).to_owned()));
    let words = command_template::fill_template(&words, arguments.len(), path, line)?;
    Ok(EditorCommand { words, has_window })
}

/// The command that opens a place in the editor of the user's own settings, else of the environment.
pub(super) fn choose_editor(
    configured: Option<&str>,
    path: &Path,
    line: usize,
) -> Result<EditorCommand, String> {
    if path.to_string_lossy().contains(char::REPLACEMENT_CHARACTER) && !path.exists() {
        return Err("this file's name is not UTF-8: rename it".to_owned());
    }
    let variable = |name: &str| std::env::var(name).ok();
    let named = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
    let editor = configured.map(str::to_owned).or_else(|| named("VISUAL")).or_else(|| named("EDITOR"));
    editor_command(&editor.unwrap_or_else(|| "vi".to_owned()), path, line, variable)
}

/// Fills in the variables of a word; one that is not set is empty, as in a shell. `$1` and the like belong to a shell that
/// the command starts, and stay.
fn expand_variables(word: &str, variable: &impl Fn(&str) -> Option<String>) -> String {
    let mut parts = word.split('$');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let inner = part.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        let bare = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        let (name, rest) = inner.unwrap_or_else(|| part.split_at(bare));
        if name.is_empty() || name.starts_with(|first: char| first.is_ascii_digit()) {
            out.push('$');
            out.push_str(part);
            continue;
        }
        out.push_str(&variable(name).unwrap_or_default());
        out.push_str(rest);
    }
    out
}

impl EditorCommand {
    /// Starts the editor; waits for its end when it works in the terminal.
    pub(super) fn run_editor(&self) -> Result<(), String> {
        let program = &self.words[0];
        let mut command = Command::new(program);
        command.args(&self.words[1..]);
        let failed = |error| format!("{program} could not be started ({error}); set $EDITOR");
        if self.has_window {
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut child = command.spawn().map_err(failed)?;
            // A thread must wait for its end, or it stays in the system's process table.
            thread::spawn(move || child.wait());
            return Ok(());
        }
        match command.status().map_err(failed)? {
            status if status.success() => Ok(()),
            status => Err(format!("{program} ended with {status}")),
        }
    }
}

/// Splits words as a shell would, and expands nothing.
pub(super) fn split_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}
