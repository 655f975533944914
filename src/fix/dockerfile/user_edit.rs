//! Makes the final stage run as a user of 10000 or more, by number, for the fixer.

use super::line_placement::{in_keyword_case, insert_after, insert_before, trailing_block};
use super::{DockerfileContext, dockerfile_accounts, renumber_account};
use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{
    BuildStage, CommandForm, EscapeChar, Instruction, InstructionKind, SpannedWord, VariableScope,
};
use crate::image::DistroFamily;
use crate::project::{LOWEST_UID, RunAs, UidSource, image_accounts};
use crate::text::{Splice, line_ending};

/// The name of a new account.
const ACCOUNT_NAME: &str = "app";

/// Ends the stage as the user of `who`.
pub(super) fn set_final_user(case: DockerfileContext<'_>) -> Result<Vec<Splice>, String> {
    let who = case.run_as.ok_or("no number is settled for it: a person must say one")?;
    let stage = case.file.final_stage().ok_or("there is no stage")?;
    if image_accounts::stage_base_image(case.file, stage).family == DistroFamily::Windows {
        return Err("the base is Windows, whose users have no numbers".to_owned());
    }
    let Some(index) = stage.environment.user else { return append_user(case, stage, who) };
    let instruction = case.find_instruction(index)?;
    let InstructionKind::User(word) = &instruction.kind else {
        return Err("its `USER` cannot be read".to_owned());
    };
    let value = VariableScope::at_instruction(case.text, case.file, index).expand_word(case.text, word);
    let known = value.resolved_text().ok_or("its `USER` holds a variable that has no default")?;
    let (user, group) = known.split_once(':').map_or((known, None), |(user, group)| (user, Some(group)));
    let set = UserReplacement { context: case, stage, instruction, word, run_as: who };
    match user.parse::<u32>() {
        Ok(0) => set.replace_root(),
        Err(_) if user == "root" => set.replace_root(),
        Ok(uid) if i64::from(uid) >= LOWEST_UID => Err("it ends as a high uid already".to_owned()),
        Ok(uid) => set.replace_low_uid(uid, group.and_then(|group| group.parse().ok())),
        Err(_) => set.replace_name(user),
    }
}

/// A new USER before the block that ends the stage, with an account of its own where one can be made.
fn append_user(case: DockerfileContext<'_>, stage: &BuildStage, who: RunAs) -> Result<Vec<Splice>, String> {
    let mut lines: Vec<String> = account_line(case, stage, who).into_iter().collect();
    lines.push(in_keyword_case(case, "USER", &final_user(case, stage, who)));
    let last = case.file.instructions_of(stage).last().ok_or("the stage is empty")?;
    Ok(vec![match trailing_block(case, stage) {
        Some(block) => insert_before(case, block, &lines),
        None => insert_after(case, last, &lines),
    }])
}

/// The user and its group; the uid alone where files are open to group 0, which a number without an account is in.
fn final_user(case: DockerfileContext<'_>, stage: &BuildStage, who: RunAs) -> String {
    let alone = dockerfile_accounts::relies_on_group_zero(case, stage);
    if alone { who.uid.to_string() } else { user_and_group(who) }
}

/// `uid:gid`; without the group where it is root's.
fn user_and_group(who: RunAs) -> String {
    if who.gid == 0 { who.uid.to_string() } else { format!("{}:{}", who.uid, who.gid) }
}

/// The RUN that makes the account, where it is certain that it can, with the paths that the program writes.
fn account_line(case: DockerfileContext<'_>, stage: &BuildStage, who: RunAs) -> Option<String> {
    let base = image_accounts::stage_base_image(case.file, stage);
    // An account has a group of its own, and would not be in group 0.
    if who.source == UidSource::Image
        || dockerfile_accounts::relies_on_group_zero(case, stage)
        || dockerfile_accounts::is_account_used(case, stage, ACCOUNT_NAME, who)
    {
        return None;
    }
    let shell = case.file.instruction_at(stage.environment.shell).map(|shell| &shell.kind);
    if shell.is_some_and(|kind| !matches!(kind, InstructionKind::Shell(words) if is_plain_shell(words))) {
        return None;
    }
    let mut commands = base.account_commands(ACCOUNT_NAME, who.uid, who.gid)?;
    let paths = dockerfile_accounts::paths_to_own(case);
    if !paths.is_empty() {
        let paths = paths.join(" ");
        commands.push_str(&format!(" && mkdir -p {paths} && chown {} {paths}", user_and_group(who)));
    }
    if case.file.escape == EscapeChar::Backslash {
        commands = commands.replace(" && ", &format!(" \\{}    && ", line_ending(case.text)));
    }
    Some(in_keyword_case(case, "RUN", &commands))
}

fn is_plain_shell(words: &[SpannedWord]) -> bool {
    let name = words.first().map(|word| word.text.rsplit('/').next().unwrap_or_default());
    name.is_some_and(|name| matches!(name, "sh" | "bash" | "ash" | "dash"))
}

/// A USER that gives way to a number.
struct UserReplacement<'a> {
    context: DockerfileContext<'a>,
    stage: &'a BuildStage,
    instruction: &'a Instruction,
    word: &'a SpannedWord,
    run_as: RunAs,
}

impl UserReplacement<'_> {
    fn replace_root(&self) -> Result<Vec<Splice>, String> {
        if self.has_later_run() || self.instruction.stage != Some(self.stage.index) || self.word.has_variables
        {
            return append_user(self.context, self.stage, self.run_as);
        }
        let user = final_user(self.context, self.stage, self.run_as);
        let mut splices = vec![self.replace_user_word(&user)];
        if self.was_root_before()
            && let Some(line) = account_line(self.context, self.stage, self.run_as)
        {
            splices.push(insert_before(self.context, self.instruction, &[line]));
        }
        Ok(splices)
    }

    fn replace_low_uid(&self, uid: u32, gid: Option<u32>) -> Result<Vec<Splice>, String> {
        self.check_is_better(uid)?;
        let made = image_accounts::find_account_by_uid(
            &ScriptCache::new(self.context.text, self.context.file),
            self.stage,
            uid,
        );
        if made.is_none() && self.has_later_run() {
            return Err(format!("commands after it run as {uid}, an account that the base image may have"));
        }
        let gid = gid.or(made.and_then(|made| made.gid));
        let renumbered =
            renumber_account::renumber_account(self.context, self.stage, (uid, gid), self.run_as)?;
        if self.word.has_variables {
            let by_variable = renumbered.renumbers_user;
            return if by_variable { Ok(renumbered.splices) } else { Err(unwritten_number(uid)) };
        }
        let mut splices = renumbered.splices;
        if let Some(name) = dockerfile_accounts::base_account_name(self.context, self.stage, uid) {
            splices.extend(self.chown_to_number(&name)?);
        }
        let to = match gid {
            Some(0) => self.run_as.uid.to_string(),
            _ => final_user(self.context, self.stage, self.run_as),
        };
        splices.push(self.replace_user_word(&to));
        Ok(splices)
    }

    fn replace_name(&self, name: &str) -> Result<Vec<Splice>, String> {
        let (text, file) = (self.context.text, self.context.file);
        let Some(account) = image_accounts::find_account(&ScriptCache::new(text, file), self.stage, name)
        else {
            return Err(format!("`{name}` is an account of the base image, and its number is not known"));
        };
        let is_base_account = !account.is_created;
        let keeps = |uid: u32| i64::from(uid) >= LOWEST_UID || self.is_base_built_for(uid) || is_base_account;
        match account.uid {
            image_accounts::AccountUid::Written(uid) if keeps(uid) => {
                let who = RunAs { uid, gid: account.gid.unwrap_or(uid), ..self.run_as };
                Ok(vec![self.replace_user_word(&user_and_group(who))])
            }
            image_accounts::AccountUid::Written(uid) if account.is_created => {
                self.check_is_better(uid)?;
                let renumbered = renumber_account::renumber_account(
                    self.context,
                    self.stage,
                    (uid, account.gid),
                    self.run_as,
                )?;
                if !renumbered.renumbers_account {
                    return Err(unwritten_number(uid));
                }
                let mut splices = renumbered.splices;
                splices.push(self.replace_user_word(&user_and_group(self.run_as)));
                Ok(splices)
            }
            image_accounts::AccountUid::Unresolved => {
                Err(format!("the uid of `{name}` is a variable that has no default"))
            }
            _ => {
                if self.has_later_run() {
                    return Err(format!(
                        "commands after it run as `{name}`: give the account a uid, with -u"
                    ));
                }
                let mut splices = self.chown_to_number(name)?;
                splices.push(self.replace_user_word(&user_and_group(self.run_as)));
                Ok(splices)
            }
        }
    }

    /// Fails where the new number is no better than the low one of today.
    fn check_is_better(&self, uid: u32) -> Result<(), String> {
        let RunAs { uid: new, source, .. } = self.run_as;
        if i64::from(new) >= LOWEST_UID || source == UidSource::Person {
            return Ok(());
        }
        Err(format!(
            "uid {uid} is low, and so is {new}, which the base is built for: a person must say another"
        ))
    }

    /// Gives to the number what belongs to the name.
    fn chown_to_number(&self, name: &str) -> Result<Vec<Splice>, String> {
        let mut splices = dockerfile_accounts::renumber_chown_flags(
            self.context,
            self.stage,
            name,
            &user_and_group(self.run_as),
        );
        splices.extend(dockerfile_accounts::renumber_install_owners(
            self.context,
            self.stage,
            name,
            self.run_as,
        )?);
        let paths = dockerfile_accounts::paths_owned_by(self.context, self.stage, name)?;
        if !paths.is_empty() {
            if !self.was_root_before() {
                return Err(format!("files belong to `{name}`, and no command after them runs as root"));
            }
            let chown = format!("chown -R {} {}", user_and_group(self.run_as), paths.join(" "));
            splices.push(insert_before(
                self.context,
                self.instruction,
                &[in_keyword_case(self.context, "RUN", &chown)],
            ));
        }
        Ok(splices)
    }

    fn replace_user_word(&self, to: &str) -> Splice {
        Splice::replace(self.word.span, to)
    }

    /// True where a RUN after the USER runs as it.
    fn has_later_run(&self) -> bool {
        let instructions =
            self.context.file.stage_chain(self.stage).flat_map(|s| self.context.file.instructions_of(s));
        instructions
            .filter(|i| i.index > self.instruction.index)
            .any(|i| matches!(&i.kind, InstructionKind::Run(CommandForm::Shell(_) | CommandForm::Exec(_))))
    }

    /// True where root was the user before this USER.
    fn was_root_before(&self) -> bool {
        let file = self.context.file;
        let Some(stage) = self.instruction.stage.and_then(|stage| file.stages.get(stage)) else {
            return false;
        };
        let mut earlier = file
            .stage_chain(stage)
            .flat_map(|stage| file.instructions_of(stage).iter().rev())
            .filter(|i| i.index < self.instruction.index);
        match earlier
            .find_map(|i| if let InstructionKind::User(word) = &i.kind { Some(&word.text) } else { None })
        {
            Some(user) => matches!(user.split(':').next(), Some("root" | "0")),
            None => image_accounts::starts_as_root(&image_accounts::stage_base_image(file, stage)),
        }
    }

    fn is_base_built_for(&self, uid: u32) -> bool {
        let base = image_accounts::stage_base_image(self.context.file, self.stage);
        base.known_image.is_some_and(|known| known.is_built_for_uid(uid))
    }
}

fn unwritten_number(uid: u32) -> String {
    format!("the number {uid} is not written where it could be replaced")
}
