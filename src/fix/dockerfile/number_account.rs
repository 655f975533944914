//! Gives an account a number where its tool would choose one, for the user fix.

use super::DockerfileContext;
use crate::dockerfile::shell::{Invocation, ScriptCache};
use crate::dockerfile::{BuildStage, CommandForm, Instruction, InstructionKind};
use crate::image::DistroFamily;
use crate::project::RunAs;
use crate::project::image_accounts::{account_name, created_group_name, option_word, stage_base_image};
use crate::text::Splice;

/// The result: an account that has a number.
pub(super) struct NumberedAccount {
    pub(super) splices: Vec<Splice>,
    /// True where its first group has the number of `run_as` then.
    pub(super) has_group: bool,
}

/// `-u` in the command that makes the account, and `-g` in the one that makes its first group. None where one of them
/// is not written in a way that can be edited.
pub(super) fn number_account(
    case: DockerfileContext<'_>,
    stage: &BuildStage,
    name: &str,
    who: RunAs,
) -> Option<NumberedAccount> {
    let scripts = ScriptCache::new(case.text, case.file);
    let (run, call) = find_call(&scripts, stage, |run, call| {
        matches!(call.name(), "useradd" | "adduser")
            && account_name(&scripts, run, call).as_deref() == Some(name)
    })?;
    let family = stage_base_image(case.file, stage).family;
    let mut splices =
        vec![insert_option(run, call, &format!("{} {}", number_option(call, family, "u")?, who.uid))?];
    let Some(group) = created_group_name(call) else {
        let has_group = makes_own_group(call, family, who.uid) && who.uid == who.gid;
        return Some(NumberedAccount { splices, has_group });
    };
    let made = find_call(&scripts, stage, |run, call| {
        let makes =
            matches!(call.name(), "groupadd" | "addgroup") && option_word(call, &["-g", "--gid"]).is_none();
        makes && account_name(&scripts, run, call).as_deref() == Some(group)
    });
    let has_group = made.is_some() && who.gid != 0;
    if let Some((run, call)) = made.filter(|_| has_group) {
        let option = number_option(call, family, "g")?;
        splices.push(insert_option(run, call, &format!("{option} {}", who.gid))?);
    }
    Some(NumberedAccount { splices, has_group })
}

fn find_call<'s>(
    scripts: &'s ScriptCache<'_>,
    stage: &BuildStage,
    is_it: impl Fn(&Instruction, Invocation<'_>) -> bool,
) -> Option<(&'s Instruction, Invocation<'s>)> {
    let file = scripts.file();
    let runs = file.stage_chain(stage).flat_map(|stage| file.instructions_of(stage));
    let runs = runs.filter(|instruction| matches!(instruction.kind, InstructionKind::Run(_)));
    runs.flat_map(|run| scripts.script_of(run).commands.iter().map(move |command| (run, command)))
        .filter_map(|(run, command)| Some((run, command.effective_invocation()?)))
        .find(|(run, call)| is_it(run, *call))
}

/// The option right after the program's name; none in a heredoc or an exec form.
fn insert_option(run: &Instruction, call: Invocation<'_>, option: &str) -> Option<Splice> {
    let at = call.program_word().span.end;
    let in_heredoc = run.heredocs.iter().any(|heredoc| heredoc.body.contains(at));
    let is_shell = matches!(run.kind, InstructionKind::Run(CommandForm::Shell(_)));
    (is_shell && !in_heredoc).then(|| Splice::insert(at, format!(" {option}")))
}

/// The option for a number, of a user (`u`) or a group (`g`), as the tool has it: Debian's `adduser` knows long names
/// alone, busybox's short ones. None where it is not known which of them it is.
fn number_option(call: Invocation<'_>, family: DistroFamily, letter: &str) -> Option<String> {
    match (call.name(), family) {
        ("useradd" | "groupadd", _) => Some(format!("-{letter}")),
        (_, DistroFamily::Debian | DistroFamily::Ubuntu) => Some(format!("--{letter}id")),
        (_, DistroFamily::Unknown | DistroFamily::Windows) => None,
        _ => Some(format!("-{letter}")),
    }
}

/// True where the tool makes a group of the account's own number beside it: for accounts of people, unless it is told
/// another group. shadow takes that number only from its range, 1000 to 60000.
fn makes_own_group(call: Invocation<'_>, family: DistroFamily, uid: u32) -> bool {
    match call.name() {
        "useradd" => {
            let told = call.find_flag(Some('N'), "no-user-group").or(call.find_flag(Some('r'), "system"));
            told.is_none() && family != DistroFamily::Suse && (1000..=60_000).contains(&uid)
        }
        _ => call.find_flag(Some('S'), "system").is_none() || call.find_flag(None, "group").is_some(),
    }
}
