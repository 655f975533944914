//! Accounts in a Dockerfile: who its base starts as, which it makes, and whether it gives root up itself.

use crate::dockerfile::shell::{self, Invocation, Simple};
use crate::dockerfile::{Base, Dockerfile, Instruction, Kind, Stage, Word};
use crate::image::{self, Family, Reference, known::DefaultUser};

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

/// An account that a Dockerfile makes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// None where it is left to the tool.
    pub uid: Option<i64>,
    /// Where the number is written.
    pub word: Option<Word>,
    /// The RUN that makes it.
    pub instruction: usize,
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

/// The account of that name that the stage, or one it is built on, makes.
pub(crate) fn made(text: &str, file: &Dockerfile, stage: &Stage, name: &str) -> Option<Made> {
    for run in runs(file, stage) {
        for command in &shell::commands(text, file, run).commands {
            let Some(call) = command.effective().filter(|call| matches!(call.name(), "useradd" | "adduser"))
            else {
                continue;
            };
            if call.operands(&VALUED).any(|word| word.text == name) {
                let word = option(call, &["-u", "--uid"]);
                let uid = word.and_then(|word| number(text, file, run, word));
                return Some(Made { uid, word: word.cloned(), instruction: run.index });
            }
        }
    }
    None
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
fn number(text: &str, file: &Dockerfile, run: &Instruction, word: &Word) -> Option<i64> {
    let value = crate::dockerfile::Scope::at(text, file, run.index).expand(text, word);
    let digits = value.text.trim_start_matches(|c: char| !c.is_ascii_digit());
    if value.open { None } else { digits.parse().ok() }
}

/// The program by which the image gives root up itself, when it starts.
pub(crate) fn drops_privileges(text: &str, file: &Dockerfile, stage: &Stage) -> Option<String> {
    let starts = [stage.in_effect.entrypoint, stage.in_effect.cmd];
    let starts = starts.into_iter().flatten().filter_map(|index| file.instructions.get(index));
    let calls = |command: &Simple| {
        command.words.iter().find(|word| is_dropper(&word.text)).map(|word| word.text.clone())
    };
    let run =
        |instruction: &Instruction| shell::commands(text, file, instruction).commands.iter().find_map(calls);
    starts.chain(runs(file, stage)).find_map(run)
}

fn is_dropper(word: &str) -> bool {
    let name = word.rsplit('/').next().unwrap_or(word);
    let name = name.split(['=', '@', '~']).next().unwrap_or(name);
    DROPPERS.contains(&name)
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
