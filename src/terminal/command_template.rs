//! Fills in the user's own command templates, so that a file's name is data in whatever program they start.

use std::path::Path;

use crate::text::is_plain_path;

/// The placeholder for the path.
const FILE_PLACEHOLDER: &str = "{file}";
/// The placeholder for the line.
const LINE_PLACEHOLDER: &str = "{line}";

/// The programs that hand their arguments on as one text to another shell.
const REMOTE_SHELLS: [&str; 6] = ["ssh", "autossh", "mosh", "rsh", "dbclient", "plink"];
/// The options whose value is read as keys or as code.
const CODE_OPTIONS: [&str; 3] = ["--remote-send", "--remote-expr", "--eval"];

/// True where a template says itself where the path belongs.
pub(super) fn names_file(words: &[String]) -> bool {
    words.iter().any(|word| word.contains(FILE_PLACEHOLDER))
}

/// The words of a template with the path and the line (from 1) in them. A path that is a word of its own is an argument
/// and may be any; one within a word is read by another program in a language of its own (a shell's, an editor's), so
/// it must be plain.
///
/// # Errors
/// When the path would be more than a name to the program that reads it: with what to do.
pub(super) fn fill_template(words: &[String], path: &Path, line: usize) -> Result<Vec<String>, String> {
    let path = path.to_string_lossy();
    let interprets_all = hands_on_to_shell(words);
    let mut filled = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let is_code = at > 0 && CODE_OPTIONS.contains(&words[at - 1].as_str());
        let is_argument = word == FILE_PLACEHOLDER && at > 0 && !is_code && !interprets_all;
        if word.contains(FILE_PLACEHOLDER) && !is_argument {
            refuse_unless_plain(&path)?;
        }
        // The path comes last: a placeholder in it is no placeholder.
        filled.push(word.replace(LINE_PLACEHOLDER, &line.to_string()).replace(FILE_PLACEHOLDER, &path));
    }
    Ok(filled)
}

/// True where the command's arguments, joined, are read by the shell of another machine.
pub(super) fn hands_on_to_shell(words: &[String]) -> bool {
    words.iter().any(|word| {
        let name = Path::new(word).file_stem().and_then(|name| name.to_str());
        name.is_some_and(|name| REMOTE_SHELLS.contains(&name))
    })
}

/// # Errors
/// When the path holds a sign that another program could read as more than a name.
pub(super) fn refuse_unless_plain(path: &str) -> Result<(), String> {
    if is_plain_path(path) {
        return Ok(());
    }
    Err("this path is not plain, and your editor setting has {file} within a command that another program \
         reads: make {file} an argument of its own (README, \"editor\")"
        .to_owned())
}
