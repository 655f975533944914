//! Finds the accounts in a Dockerfile: its base's user, and those it makes.

use std::cell::RefCell;

use crate::dockerfile::shell::{Invocation, ScriptCache};
use crate::dockerfile::{
    BuildStage, Dockerfile, Instruction, InstructionKind, SpannedWord, StageBase, VariableScope,
};
use crate::image::known::{ConfiguredUser, DefaultUser};
use crate::image::{self, DistroFamily, Reference};

/// Options of the account tools whose value is a word of its own: of shadow's `useradd` and of busybox's and Debian's
/// `adduser` together.
const OPTIONS_WITH_VALUE: [&str; 26] = [
    "-u",
    "-g",
    "-G",
    "-s",
    "-h",
    "-d",
    "-c",
    "-k",
    "-b",
    "-e",
    "-f",
    "-K",
    "-p",
    "-R",
    "-P",
    "-Z",
    "--uid",
    "--gid",
    "--groups",
    "--shell",
    "--home",
    "--home-dir",
    "--comment",
    "--gecos",
    "--ingroup",
    "--base-dir",
];

/// The uid that a Dockerfile gives an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountUid {
    Written(u32),
    /// It is a variable's, which has no default.
    Unresolved,
    /// It is the tool's choice.
    LeftToTool,
}

/// An account that a Dockerfile makes, or that its base is known to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ImageAccount {
    pub uid: AccountUid,
    /// The gid of its first group, where that is known.
    pub gid: Option<u32>,
    /// True when the file itself makes it.
    pub is_created: bool,
}

/// The image that a stage is built on, in the end.
pub(crate) fn stage_base_image(file: &Dockerfile, stage: &BuildStage) -> image::BaseImage {
    let root = file.stages.get(stage.environment.root_stage).unwrap_or(stage);
    match &root.base {
        StageBase::Image(name) => named_base_image(name),
        StageBase::Scratch => image::BaseImage::scratch_base(),
        StageBase::Stage(_) | StageBase::Unresolved(_) => image::BaseImage::unknown_base(),
    }
}

thread_local! {
    /// The base that was asked for last: whoever reads a Dockerfile asks for the same one again and again.
    static LAST_BASE: RefCell<Option<(String, image::BaseImage)>> = const { RefCell::new(None) };
}

fn named_base_image(name: &str) -> image::BaseImage {
    LAST_BASE.with_borrow_mut(|last| match last {
        Some((known, base)) if known == name => *base,
        _ => {
            let base = Reference::parse(name)
                .map_or_else(|_| image::BaseImage::unknown_base(), |r| image::BaseImage::from_reference(&r));
            *last = Some((name.to_owned(), base));
            base
        }
    })
}

/// The account of that name: one that the stage makes, or one it is built on, or one that its base brings.
pub(crate) fn find_account(
    scripts: &ScriptCache<'_>,
    stage: &BuildStage,
    name: &str,
) -> Option<ImageAccount> {
    let made = find_in_runs(scripts, stage, |run, call| {
        let makes = matches!(call.name(), "useradd" | "adduser") && has_operand(scripts, run, call, name);
        makes.then(|| {
            let uid = option_word(call, &["-u", "--uid"]);
            let uid = uid.map_or(AccountUid::LeftToTool, |word| option_number(scripts, run, word));
            ImageAccount { uid, gid: account_group(scripts, stage, run, call), is_created: true }
        })
    });
    made.or_else(|| {
        let (uid, gid) = base_account(&stage_base_image(scripts.file(), stage), name)?;
        Some(ImageAccount { uid: AccountUid::Written(uid), gid: Some(gid), is_created: false })
    })
}

/// The account of that number which the stage makes, or one it is built on.
pub(crate) fn find_account_by_uid(
    scripts: &ScriptCache<'_>,
    stage: &BuildStage,
    uid: u32,
) -> Option<ImageAccount> {
    find_in_runs(scripts, stage, |run, call| {
        let word =
            option_word(call, &["-u", "--uid"]).filter(|_| matches!(call.name(), "useradd" | "adduser"))?;
        (option_number(scripts, run, word) == AccountUid::Written(uid)).then(|| ImageAccount {
            uid: AccountUid::Written(uid),
            gid: account_group(scripts, stage, run, call),
            is_created: true,
        })
    })
}

/// What `read` makes of the command by which the stage, or one it is built on, makes the account of that name or number.
pub(super) fn find_created_account<T>(
    scripts: &ScriptCache<'_>,
    stage: &BuildStage,
    user: &str,
    read: impl Fn(&str, Invocation<'_>) -> T,
) -> Option<T> {
    find_in_runs(scripts, stage, |run, call| {
        if !matches!(call.name(), "useradd" | "adduser") {
            return None;
        }
        let name = scripts.expand_word(run, call.operands(&OPTIONS_WITH_VALUE).next()?).text;
        let uid = option_word(call, &["-u", "--uid"]).map(|word| option_number(scripts, run, word));
        let is_it = name == user || user.parse().is_ok_and(|user| uid == Some(AccountUid::Written(user)));
        is_it.then(|| read(&name, call))
    })
}

/// The first group that the command gives the account which it makes, where it names one.
fn created_group_name(call: Invocation<'_>) -> Option<&str> {
    let busybox = ["-G", "--ingroup", "-g", "--gid"];
    call.option_value(if call.name() == "adduser" { &busybox } else { &["-g", "--gid"] })
}

/// The uid and gid of the account that a base brings, by its name or number; none where the file makes it.
pub(crate) fn find_base_account(
    scripts: &ScriptCache<'_>,
    stage: &BuildStage,
    user: &str,
) -> Option<(u32, u32)> {
    let base = stage_base_image(scripts.file(), stage);
    match user.parse::<u32>() {
        Ok(uid) if find_account_by_uid(scripts, stage, uid).is_some() => None,
        Ok(uid) => {
            let account = base.known_image?.accounts.iter().find(|account| account.uid == uid)?;
            Some((account.uid, account.gid))
        }
        Err(_) => match find_account(scripts, stage, user)? {
            ImageAccount { uid: AccountUid::Written(uid), gid, is_created: false } => Some((uid, gid?)),
            _ => None,
        },
    }
}

/// The uid and gid of an account that a base is known to bring.
fn base_account(base: &image::BaseImage, name: &str) -> Option<(u32, u32)> {
    let known = base.known_image;
    let own = known.and_then(|known| known.accounts.iter().find(|account| account.name == name));
    let default = known.filter(|known| matches!(known.user, ConfiguredUser::Name(user) if user == name));
    match (name, base.family) {
        _ if own.is_some() => own.map(|account| (account.uid, account.gid)),
        _ if default.is_some() => default.and_then(crate::image::KnownImage::built_identity),
        (
            "nobody",
            DistroFamily::Alpine
            | DistroFamily::Wolfi
            | DistroFamily::Busybox
            | DistroFamily::Debian
            | DistroFamily::Ubuntu
            | DistroFamily::Distroless,
        ) => Some((65534, 65534)),
        ("nonroot", DistroFamily::Distroless | DistroFamily::Wolfi) => Some((65532, 65532)),
        _ => None,
    }
}

/// The gid of the first group of the account that `call` makes, where the file has one.
fn account_group(
    scripts: &ScriptCache<'_>,
    stage: &BuildStage,
    run: &Instruction,
    call: Invocation<'_>,
) -> Option<u32> {
    if let Some(AccountUid::Written(gid)) =
        option_word(call, &["-g", "--gid"]).map(|word| option_number(scripts, run, word))
    {
        return Some(gid);
    }
    let name = created_group_name(call)?;
    find_in_runs(scripts, stage, |run, call| {
        let makes = matches!(call.name(), "groupadd" | "addgroup") && has_operand(scripts, run, call, name);
        let word = option_word(call, &["-g", "--gid"]).filter(|_| makes)?;
        match option_number(scripts, run, word) {
            AccountUid::Written(gid) => Some(gid),
            _ => None,
        }
    })
}

/// The first answer that a command of the stage's RUNs gives.
fn find_in_runs<T>(
    scripts: &ScriptCache<'_>,
    stage: &BuildStage,
    mut answer: impl FnMut(&Instruction, Invocation<'_>) -> Option<T>,
) -> Option<T> {
    for run in run_instructions(scripts.file(), stage) {
        for command in &scripts.script_of(run).commands {
            if let Some(found) = command.effective_invocation().and_then(|call| answer(run, call)) {
                return Some(found);
            }
        }
    }
    None
}

fn has_operand(scripts: &ScriptCache<'_>, run: &Instruction, call: Invocation<'_>, name: &str) -> bool {
    call.operands(&OPTIONS_WITH_VALUE)
        .any(|word| word.text == name || word.has_variables && scripts.expand_word(run, word).text == name)
}

/// The word that gives an option's value: the next one, or the option's own (`--uid=1000`, `-u1000`).
pub(crate) fn option_word<'a>(call: Invocation<'a>, names: &[&str]) -> Option<&'a SpannedWord> {
    let words = call.arguments();
    words.iter().enumerate().find_map(|(at, word)| {
        if names.contains(&word.text.as_str()) {
            return words.get(at + 1);
        }
        let joined = names.iter().any(|name| {
            word.text.strip_prefix(name).is_some_and(|rest| {
                rest.strip_prefix('=').unwrap_or(rest).starts_with(|c: char| c.is_ascii_digit() || c == '$')
            })
        });
        joined.then_some(word)
    })
}

/// The number at the end of an option's word, with variables filled in.
fn option_number(scripts: &ScriptCache<'_>, run: &Instruction, word: &SpannedWord) -> AccountUid {
    let value = scripts.expand_word(run, word);
    let digits = value.text.trim_start_matches(|c: char| !c.is_ascii_digit());
    if value.unresolved {
        AccountUid::Unresolved
    } else {
        digits.parse().map_or(AccountUid::Unresolved, AccountUid::Written)
    }
}

/// True when a base is certain to start as root.
pub(crate) fn starts_as_root(base: &image::BaseImage) -> bool {
    base.default_user() == DefaultUser::Root
}

/// The USER in effect where an instruction stands, if the file has one there.
fn user_word_at<'a>(file: &'a Dockerfile, instruction: &Instruction) -> Option<(usize, &'a SpannedWord)> {
    let user = file.user_before(instruction)?;
    if let InstructionKind::User(word) = &user.kind { Some((user.index, word)) } else { None }
}

/// The `user` or `user:group` that an instruction runs as, where the file says so and its variables are known.
pub(crate) fn user_at(text: &str, file: &Dockerfile, instruction: &Instruction) -> Option<String> {
    let (index, word) = user_word_at(file, instruction)?;
    let value = VariableScope::at_instruction(text, file, index).expand_word(text, word);
    value.resolved_text().map(str::to_owned)
}

/// True when an instruction runs as root: no other USER is in effect before it. An unknown base is taken to start as
/// root, as nearly all do.
pub(crate) fn is_root_at(text: &str, file: &Dockerfile, instruction: &Instruction) -> bool {
    let Some(stage) = instruction.stage.and_then(|stage| file.stages.get(stage)) else { return true };
    if user_word_at(file, instruction).is_none() {
        return !matches!(stage_base_image(file, stage).default_user(), DefaultUser::NonRoot { .. });
    }
    let user = user_at(text, file, instruction);
    matches!(user.as_deref().and_then(|user| user.split(':').next()), Some("root" | "0"))
}

/// True when the stage starts nothing: no CMD and no ENTRYPOINT, its own or one that its base is known to have.
pub(crate) fn is_only_a_base(file: &Dockerfile, stage: &BuildStage, base: &image::BaseImage) -> bool {
    let own = stage.environment.cmd.is_some() || stage.environment.entrypoint.is_some();
    let starts = base.known_image.is_some_and(|known| {
        known.identity.is_some()
            || !known.writable_paths().is_empty()
            || known.default_user() != DefaultUser::Root
    });
    // Of a stage by another's name only that stage's own text is read, so `file` decides, not the registry.
    !file.stages.is_empty() && !own && (!starts || base.family == DistroFamily::Scratch)
}

/// The RUN instructions of the stage and of those it is built on, the nearest stage first.
pub(crate) fn run_instructions<'a>(
    file: &'a Dockerfile,
    stage: &'a BuildStage,
) -> impl Iterator<Item = &'a Instruction> {
    file.stage_chain(stage)
        .flat_map(|stage| file.instructions_of(stage))
        .filter(|i| matches!(i.kind, InstructionKind::Run(_)))
}
