//! Finds the command that somebody meant who typed another word.

use std::ffi::OsString;
use std::path::Path;

use anyhow::anyhow;
use clap::CommandFactory;

use super::args::CliArgs;
use crate::base::find_nearest_name;

/// The options before a command that take a value in the next word.
const VALUED_OPTIONS: [&str; 2] = ["--theme", "--color"];

/// The error on a word in a command's place that is no path and nearly a command; none where it is neither.
pub(super) fn mistyped_command(word: &Path) -> Option<anyhow::Error> {
    let typed = word.to_str().filter(|typed| !typed.contains(['/', '\\']))?;
    if typed.is_empty() || word.symlink_metadata().is_ok() {
        return None;
    }
    let command = CliArgs::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let near = find_nearest_name(typed, names.iter().copied()).filter(|near| *near != typed)?;
    Some(anyhow!("{typed} is not there: did you mean `{near}`? If not, name a folder or a file that is"))
}

/// The word in a command's place among these arguments.
pub(super) fn command_word(arguments: impl Iterator<Item = OsString>) -> Option<OsString> {
    let mut arguments = arguments;
    while let Some(word) = arguments.next() {
        if VALUED_OPTIONS.iter().any(|option| word == **option) {
            arguments.next();
        } else if !word.as_encoded_bytes().starts_with(b"-") {
            return Some(word);
        }
    }
    None
}
