//! The user's editor, opened at a line.

use std::path::Path;
use std::process::Command;

/// The command that opens `path` at `line` (from 1) in an editor given as people write it in `$EDITOR`: a program,
/// perhaps with arguments, perhaps in quotes. None when it names nothing.
#[must_use]
pub fn command(editor: &str, path: &Path, line: usize) -> Option<Vec<String>> {
    let mut words = split(editor);
    let program = words.first()?;
    let name = Path::new(program).file_stem()?.to_string_lossy().to_lowercase();
    let path = path.to_string_lossy().into_owned();
    match name.as_str() {
        "hx" | "helix" | "subl" | "zed" | "lapce" | "cursor-tui" => words.push(format!("{path}:{line}")),
        "code" | "codium" | "vscodium" | "code-insiders" | "cursor" | "windsurf" => {
            // Without `--wait` the editor's command is over before the editor is.
            if !words.iter().any(|word| word == "--wait" || word == "-w") {
                words.push("--wait".into());
            }
            words.extend(["--goto".into(), format!("{path}:{line}")]);
        }
        "idea" | "pycharm" | "goland" | "rustrover" | "clion" | "kate" => {
            words.extend(["--line".into(), line.to_string(), path]);
        }
        "vi" | "vim" | "nvim" | "view" | "nano" | "pico" | "emacs" | "emacsclient" | "kak" | "micro"
        | "mg" | "joe" | "jed" | "ne" | "vis" | "gvim" | "mcedit" | "ex" => {
            words.extend([format!("+{line}"), path]);
        }
        _ => words.push(path),
    }
    Some(words)
}

/// Runs the editor that the user's environment names, and waits for it.
pub(super) fn open(path: &Path, line: usize) -> Result<(), String> {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.trim().is_empty());
    let editor = named("VISUAL").or_else(|| named("EDITOR")).unwrap_or_else(|| "vi".to_owned());
    let words = command(&editor, path, line).ok_or("$EDITOR names no program")?;
    let status = Command::new(&words[0]).args(&words[1..]).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{} ended with {status}", words[0])),
        Err(error) => Err(format!("{} could not be started ({error}); set $EDITOR", words[0])),
    }
}

/// Words as a shell would split them, without anything that a shell would expand.
fn split(text: &str) -> Vec<String> {
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
    words.retain(|word| !word.is_empty());
    words
}
