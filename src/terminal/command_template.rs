//! Fills in the user's own command templates, so that a file's name is data in whatever program they start.

use std::path::Path;

use super::path_argument::{CommandWord, path_reading};
use super::program_syntax::ArgumentReading;
use crate::text::is_plain_path;

/// The placeholder for the path.
pub(super) const FILE_PLACEHOLDER: &str = "{file}";
/// The placeholder for the line.
pub(super) const LINE_PLACEHOLDER: &str = "{line}";

/// True where a template says itself where the path belongs.
pub(super) fn names_file(words: &[String]) -> bool {
    words.iter().any(|word| word.contains(FILE_PLACEHOLDER))
}

/// The words of a template with the path and the line (from 1) in them; the last `known` words are ours, and the program
/// takes a path there, whatever stands beside it. A path that is an argument of its own may be any. One within a word, or
/// in an argument that is read in a language of its own (a shell's, an editor's), must be plain, and none is started.
///
/// # Errors
/// When the path would be more than a name to the program that reads it: with what to do.
pub(super) fn fill_template(
    words: &[String],
    known: usize,
    path: &Path,
    line: usize,
) -> Result<Vec<String>, String> {
    let path = path.to_string_lossy();
    let own = words.len() - known;
    let command: Vec<CommandWord> = words
        .iter()
        .map(|text| CommandWord { text: text.clone(), holds_path: text.contains(FILE_PLACEHOLDER) })
        .collect();
    let reading = path_reading(&command);
    if reading == ArgumentReading::Program {
        return Err("your editor setting would start this file as a program: name an editor before {file} \
                    (README, \"editor\")"
            .to_owned());
    }
    let is_part = words[..own].iter().any(|word| word.contains(FILE_PLACEHOLDER) && word != FILE_PLACEHOLDER);
    if (is_part || reading == ArgumentReading::Command) && !is_plain_path(&path) {
        return Err(refusal(is_part).to_owned());
    }
    // At the beginning of a name no option, and no sign by which a program runs it.
    let path = if path.starts_with(['-', '+', '!', '|']) { format!("./{path}").into() } else { path };
    // The path comes last: a placeholder in it is no placeholder.
    let fill =
        |word: &String| word.replace(LINE_PLACEHOLDER, &line.to_string()).replace(FILE_PLACEHOLDER, &path);
    Ok(words.iter().map(fill).collect())
}

const fn refusal(is_part: bool) -> &'static str {
    if is_part {
        "this path is not plain, and your editor setting has {file} within a command that another program \
         reads: make {file} an argument of its own (README, \"editor\")"
    } else {
        "this path is not plain, and your editor setting hands it to a program that reads it as a command: make \
         {file} an argument of its own, as in sh -c 'vi \"$1\"' sh {file} (README, \"editor\")"
    }
}
