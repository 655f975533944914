//! Accounts in a Dockerfile: who its base starts as, which it makes, and whether it gives root up itself.

use crate::dockerfile::shell::{Invocation, Scripts, Simple};
use crate::dockerfile::{Base, Dockerfile, Instruction, Kind, Scope, Stage, Word};
use crate::image::known::{DefaultUser, User};
use crate::image::{self, Family, Reference};

/// Programs that start another as some other user.
const DROPPERS: [&str; 7] = ["gosu", "su-exec", "setpriv", "s6-setuidgid", "chpst", "runuser", "setuidgid"];

/// Options of the account tools whose value is a word of its own: of shadow's `useradd` and of busybox's and Debian's
/// `adduser` together.
const VALUED: [&str; 26] = [
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

/// What a Dockerfile says of an account's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Number {
    Written(u32),
    /// It is a variable's, and that has no default.
    Open,
    /// It is left to the tool.
    Left,
}

/// An account that a Dockerfile makes, or that its base is known to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub uid: Number,
    /// Of its first group, where that is known.
    pub gid: Option<u32>,
    /// Whether the file itself makes it.
    pub made: bool,
}

/// What is known of the image that a stage is built on, in the end.
pub(crate) fn base(file: &Dockerfile, stage: &Stage) -> image::Base {
    let root = file.stages.get(stage.in_effect.root).unwrap_or(stage);
    match &root.base {
        Base::Image(name) => {
            Reference::parse(name).map_or_else(|_| image::Base::unknown(), |r| image::Base::of(&r))
        }
        Base::Scratch => image::Base::scratch(),
        Base::Stage(_) | Base::Open(_) => image::Base::unknown(),
    }
}

/// The account of that name: one that the stage makes, or one it is built on, or one that its base brings.
pub(crate) fn account(scripts: &Scripts<'_>, stage: &Stage, name: &str) -> Option<Account> {
    let made = calls(scripts, stage, |run, call| {
        let makes = matches!(call.name(), "useradd" | "adduser") && has_operand(scripts, run, call, name);
        makes.then(|| {
            let uid = option(call, &["-u", "--uid"]);
            let uid = uid.map_or(Number::Left, |word| number(scripts, run, word));
            Account { uid, gid: group(scripts, stage, run, call), made: true }
        })
    });
    made.or_else(|| {
        let (uid, gid) = of_base(&base(scripts.file(), stage), name)?;
        Some(Account { uid: Number::Written(uid), gid: Some(gid), made: false })
    })
}

/// The account of that number which the stage makes, or one it is built on.
pub(crate) fn with_uid(scripts: &Scripts<'_>, stage: &Stage, uid: u32) -> Option<Account> {
    calls(scripts, stage, |run, call| {
        let word = option(call, &["-u", "--uid"]).filter(|_| matches!(call.name(), "useradd" | "adduser"))?;
        (number(scripts, run, word) == Number::Written(uid)).then(|| Account {
            uid: Number::Written(uid),
            gid: group(scripts, stage, run, call),
            made: true,
        })
    })
}

/// The numbers of an account that a base is known to bring.
fn of_base(base: &image::Base, name: &str) -> Option<(u32, u32)> {
    let known = base.known;
    let own = known.and_then(|known| known.accounts.iter().find(|account| account.name == name));
    let default = known.filter(|known| matches!(known.user, User::Name(user) if user == name));
    match (name, base.family) {
        _ if own.is_some() => own.map(|account| (account.uid, account.gid)),
        _ if default.is_some() => default.and_then(crate::image::Known::runs_as),
        (
            "nobody",
            Family::Alpine
            | Family::Wolfi
            | Family::Busybox
            | Family::Debian
            | Family::Ubuntu
            | Family::Distroless,
        ) => Some((65534, 65534)),
        ("nonroot", Family::Distroless | Family::Wolfi) => Some((65532, 65532)),
        _ => None,
    }
}

/// The number of the first group of the account that `call` makes, where the file says.
fn group(scripts: &Scripts<'_>, stage: &Stage, run: &Instruction, call: Invocation<'_>) -> Option<u32> {
    let busybox = ["-G", "--ingroup", "-g", "--gid"];
    let names: &[&str] = if call.name() == "adduser" { &busybox } else { &["-g", "--gid"] };
    if let Some(Number::Written(gid)) = option(call, &["-g", "--gid"]).map(|word| number(scripts, run, word))
    {
        return Some(gid);
    }
    let name = call.value(names)?;
    calls(scripts, stage, |run, call| {
        let makes = matches!(call.name(), "groupadd" | "addgroup") && has_operand(scripts, run, call, name);
        let word = option(call, &["-g", "--gid"]).filter(|_| makes)?;
        match number(scripts, run, word) {
            Number::Written(gid) => Some(gid),
            _ => None,
        }
    })
}

/// The first answer that a command of the stage's RUNs gives.
fn calls<T>(
    scripts: &Scripts<'_>,
    stage: &Stage,
    mut answer: impl FnMut(&Instruction, Invocation<'_>) -> Option<T>,
) -> Option<T> {
    for run in runs(scripts.file(), stage) {
        for command in &scripts.of(run).commands {
            if let Some(found) = command.effective().and_then(|call| answer(run, call)) {
                return Some(found);
            }
        }
    }
    None
}

fn has_operand(scripts: &Scripts<'_>, run: &Instruction, call: Invocation<'_>, name: &str) -> bool {
    let (text, file) = (scripts.text(), scripts.file());
    let scope = || Scope::at(text, file, run.index);
    call.operands(&VALUED)
        .any(|word| word.text == name || word.varies && scope().expand(text, word).text == name)
}

/// The word that gives an option's value: the next one, or the option's own (`--uid=1000`, `-u1000`).
pub(crate) fn option<'a>(call: Invocation<'a>, names: &[&str]) -> Option<&'a Word> {
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
fn number(scripts: &Scripts<'_>, run: &Instruction, word: &Word) -> Number {
    let (text, file) = (scripts.text(), scripts.file());
    let value = Scope::at(text, file, run.index).expand(text, word);
    let digits = value.text.trim_start_matches(|c: char| !c.is_ascii_digit());
    if value.open { Number::Open } else { digits.parse().map_or(Number::Open, Number::Written) }
}

/// Whether a base is certain to start as root.
pub(crate) fn starts_as_root(base: &image::Base) -> bool {
    base.default_user() == DefaultUser::Root
}

/// The program by which the image gives root up itself, when it starts.
pub(crate) fn drops_privileges(scripts: &Scripts<'_>, stage: &Stage) -> Option<String> {
    let file = scripts.file();
    let starts = [stage.in_effect.entrypoint, stage.in_effect.cmd];
    let starts = starts.into_iter().flatten().filter_map(|index| file.instructions.get(index));
    let calls = |command: &Simple| {
        command.words.iter().find(|word| is_dropper(&word.text)).map(|word| word.text.clone())
    };
    let run = |instruction: &Instruction| scripts.of(instruction).commands.iter().find_map(calls);
    starts.chain(runs(file, stage)).find_map(run)
}

fn is_dropper(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let name = name.split(['=', '@', '~']).next().unwrap_or(name);
    DROPPERS.contains(&name)
}

/// Whether an instruction runs as root: no other USER is in effect before it. A base that nothing is known of is taken
/// to start as root, as nearly all do.
pub(crate) fn is_root_at(text: &str, file: &Dockerfile, instruction: &Instruction) -> bool {
    let Some(stage) = instruction.stage.and_then(|stage| file.stages.get(stage)) else { return true };
    let mut earlier = file
        .chain(stage)
        .flat_map(|stage| file.instructions_of(stage).iter().rev())
        .filter(|i| i.index < instruction.index);
    let user =
        earlier.find_map(|i| if let Kind::User(word) = &i.kind { Some((i.index, word)) } else { None });
    match user {
        Some((index, word)) => {
            let value = Scope::at(text, file, index).expand(text, word);
            matches!(value.known().and_then(|user| user.split(':').next()), Some("root" | "0"))
        }
        None => !matches!(base(file, stage).default_user(), DefaultUser::NonRoot { .. }),
    }
}

/// The first port below 1024 that the stage exposes.
pub(crate) fn privileged_port(text: &str, file: &Dockerfile, stage: &Stage) -> Option<u16> {
    super::ports::exposes(text, file, stage).into_iter().find(|port| *port < 1024)
}

/// Whether nothing is started by the stage: no CMD and no ENTRYPOINT, its own or one that its base is known to have.
pub(crate) fn is_only_a_base(file: &Dockerfile, stage: &Stage, base: &image::Base) -> bool {
    let own = stage.in_effect.cmd.is_some() || stage.in_effect.entrypoint.is_some();
    let starts = base.known.is_some_and(|known| {
        known.identity.is_some()
            || !known.writable_paths().is_empty()
            || known.default_user() != DefaultUser::Root
    });
    // Of a stage by another's name only that stage's own text is read, so `file` decides, not the registry.
    !file.stages.is_empty() && !own && (!starts || base.family == Family::Scratch)
}

/// The RUN instructions of the stage and of those it is built on, the nearest stage first.
pub(crate) fn runs<'a>(file: &'a Dockerfile, stage: &'a Stage) -> impl Iterator<Item = &'a Instruction> {
    file.chain(stage).flat_map(|stage| file.instructions_of(stage)).filter(|i| matches!(i.kind, Kind::Run(_)))
}
