//! Finds the home of the user that an instruction of a Dockerfile runs as, for rules about what lies in it.

use super::image_accounts::{find_created_account, is_root_at, option_word, stage_base_image, user_at};
use crate::dockerfile::shell::{Invocation, ScriptCache};
use crate::dockerfile::{BuildStage, Instruction, SpannedWord, VariableScope, VariableValue};

/// The folder that programs take for their home: `HOME` where it is set, else what the account of the user in effect
/// has, as runtimes fill it in; a number without an account has `/`. None where it cannot be known.
pub(crate) fn home_at(scripts: &ScriptCache<'_>, instruction: &Instruction) -> Option<String> {
    let (text, file) = (scripts.text(), scripts.file());
    match VariableScope::at_instruction(text, file, instruction.index).lookup_variable("HOME") {
        VariableValue::Set(home) => return Some(home),
        VariableValue::Unset => return None,
        VariableValue::Unknown => {}
    }
    if is_root_at(text, file, instruction) {
        return Some("/root".to_owned());
    }
    let stage = file.stages.get(instruction.stage?)?;
    let user = user_at(text, file, instruction)?;
    let user = user.split(':').next().unwrap_or_default();
    home_of(scripts, stage, user)
}

/// The home of a user, by its name or number.
fn home_of(scripts: &ScriptCache<'_>, stage: &BuildStage, user: &str) -> Option<String> {
    let created = find_created_account(scripts, stage, user, |name, call| {
        let options: &[&str] =
            if call.name() == "useradd" { &["-d", "--home-dir", "--home"] } else { &["-h", "--home"] };
        let word = option_word(call, options).or_else(|| joined_word(call, options));
        match word {
            Some(word) if word.has_variables => None,
            Some(word) => {
                Some(word.text.split_once('=').map_or(word.text.as_str(), |(_, home)| home).to_owned())
            }
            // Debian's system accounts have no home, unless one is named.
            None if call.name() == "adduser" && call.find_flag(None, "system").is_some() => None,
            None => Some(format!("/home/{name}")),
        }
    });
    if let Some(home) = created {
        return home;
    }
    let known = stage_base_image(scripts.file(), stage).known_image?;
    let account = known
        .accounts
        .iter()
        .find(|account| account.name == user || user.parse::<u32>().is_ok_and(|uid| account.uid == uid));
    match account {
        Some(account) if account.uid >= 1000 => Some(format!("/home/{}", account.name)),
        Some(_) => None,
        None => user.parse::<u32>().is_ok().then(|| "/".to_owned()),
    }
}

/// The word that holds one of the options with its value: `--home=/srv`.
fn joined_word<'a>(call: Invocation<'a>, options: &[&str]) -> Option<&'a SpannedWord> {
    let words = call.arguments();
    let is_option = |text: &str| {
        options.iter().any(|name| text.strip_prefix(name).is_some_and(|rest| rest.starts_with('=')))
    };
    words.iter().find(|word| is_option(&word.text))
}
