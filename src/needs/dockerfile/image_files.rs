//! Finds the script that lies at a path of an image, for whoever follows the image's start: copied in from the build's
//! context or another stage, or written by the Dockerfile itself.
//!
//! Source: the Dockerfile reference, "COPY", "ADD" and "Here-documents".

use super::ImageBuild;
use crate::dockerfile::shell::{
    Invocation, SimpleCommand, is_shell_script, parse_script_body, parse_script_text,
};
use crate::dockerfile::{BuildStage, Instruction, InstructionKind, Keyword, SpannedWord, join_path};
use crate::repo::RelPath;
use crate::text::Span;

/// The most stages and copies that a file is followed through.
const MAX_HOPS: usize = 8;

/// A script with its commands, whose places are in the file of that path.
pub(super) struct ImageScript {
    pub path: RelPath,
    pub commands: Vec<SimpleCommand>,
    /// The text that holds it, and the part that it is.
    text: String,
    body: Span,
    /// The place of all of it, where a command writes the text.
    place: Option<Span>,
}

impl ImageScript {
    fn from_text(path: RelPath, text: &str) -> Self {
        let commands = if is_run_script(text) { parse_script_text(text).commands } else { Vec::new() };
        Self { path, commands, text: text.to_owned(), body: Span::new(0, text.len()), place: None }
    }

    /// Its text, with the beginning of it in the file.
    pub(super) fn text(&self) -> (&str, usize) {
        (self.body.slice(&self.text), self.body.start)
    }

    /// The commands that a part of the file holds, such as the value of a setting.
    pub(super) fn commands_in(&self, part: Span) -> Vec<SimpleCommand> {
        let mut commands = parse_script_body(&self.text, part).commands;
        if let Some(place) = self.place {
            commands.iter_mut().for_each(|command| move_to(command, place));
        }
        commands
    }

    /// The place of a part of the file.
    pub(super) fn place_of(&self, part: Span) -> Span {
        self.place.unwrap_or(part)
    }

    /// A script within the Dockerfile.
    fn from_body(build: ImageBuild<'_>, body: Span) -> Self {
        let text = body.slice(build.text());
        let is_shell = is_run_script(text);
        let commands = if is_shell { parse_script_body(build.text(), body).commands } else { Vec::new() };
        Self { path: build.path.clone(), commands, text: build.text().to_owned(), body, place: None }
    }

    /// A text that a command writes; all in it stands where the command does.
    fn from_written(build: ImageBuild<'_>, text: &str, span: Span) -> Self {
        let mut script = Self::from_text(build.path.clone(), text);
        script.commands.iter_mut().for_each(|command| move_to(command, span));
        script.place = Some(span);
        script
    }
}

fn move_to(command: &mut SimpleCommand, place: Span) {
    command.span = place;
    command.assignments.iter_mut().chain(&mut command.words).for_each(|word| word.span = place);
}

/// True for a script of a shell, be it started with a container's variables (s6's with-contenv), and for one of s6's own
/// language, whose lines are read like a shell's.
fn is_run_script(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    if let Some((_, rest)) = first.split_once("with-contenv ") {
        return is_shell_script(&format!("#!{}", rest.trim()));
    }
    first.starts_with("#!") && first.contains("execlineb") || is_shell_script(text)
}

/// The paths of a folder, and below it, at which the build puts files by name, as far as it names them.
pub(super) fn find_placed_paths(build: ImageBuild<'_>, stage: &BuildStage, folder: &str) -> Vec<String> {
    let Some(stage) = build.file().stages.get(stage.index) else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    for instruction in build.instructions_back(stage) {
        let mut add = |path: String| {
            if below_folder(&path, folder).is_some() && !path.contains(['*', '$']) && !found.contains(&path) {
                found.push(path);
            }
        };
        match &instruction.kind {
            InstructionKind::Copy { sources, destination } => {
                let Some(to) = build.image_path(stage, instruction, destination) else { continue };
                let names = sources.iter().map(|source| source.text.rsplit('/').next().unwrap_or_default());
                let heredocs = instruction.heredocs.iter().map(|heredoc| heredoc.name.as_str());
                names
                    .chain(heredocs)
                    .filter(|name| !name.is_empty())
                    .for_each(|name| add(join_path(&to, name)));
                add(to.clone());
                // Of a folder, the context names the files.
                let is_context = instruction.flag_values("from").next().is_none();
                for source in sources.iter().filter(|_| is_context) {
                    let source = join_path("", &source.text);
                    let list = (build.context)(&format!("{}/*", source.trim_start_matches('/')));
                    let files = list.iter().flat_map(|list| list.text.lines());
                    files.for_each(|file| add(join_path(&to, file)));
                }
            }
            InstructionKind::Run(_) => {
                let at = |path: &str| build.absolute_path(stage, instruction.index, path);
                for command in &build.scripts.script_of(instruction).commands {
                    command.redirections.iter().for_each(|own| add(at(&own.target.text)));
                    if let Some(call) = command.effective_invocation().filter(|call| call.name() == "tee") {
                        call.operands(&[]).for_each(|word| add(at(&word.text)));
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The script at a path of a stage.
pub(super) fn find_script(build: ImageBuild<'_>, stage: &BuildStage, target: &str) -> Option<ImageScript> {
    find_within(build, stage, target, 0)
}

fn find_within(build: ImageBuild<'_>, stage: &BuildStage, target: &str, hops: usize) -> Option<ImageScript> {
    if hops > MAX_HOPS {
        return None;
    }
    let stage = build.file().stages.get(stage.index)?;
    build.instructions_back(stage).find_map(|instruction| match &instruction.kind {
        InstructionKind::Copy { sources, destination } => {
            find_copied(build, (stage, instruction), sources, destination, (target, hops))
        }
        InstructionKind::Run(_) => find_written(build, (stage, instruction), (target, hops)),
        _ => None,
    })
}

/// The script where a COPY or ADD puts it.
fn find_copied(
    build: ImageBuild<'_>,
    (stage, instruction): (&BuildStage, &Instruction),
    sources: &[SpannedWord],
    destination: &SpannedWord,
    (target, hops): (&str, usize),
) -> Option<ImageScript> {
    let destination = build.image_path(stage, instruction, destination)?;
    for heredoc in &instruction.heredocs {
        if target == destination || target == join_path(&destination, &heredoc.name) {
            return Some(ImageScript::from_body(build, heredoc.body));
        }
    }
    let from = instruction.flag_values("from").next();
    for source in sources {
        let source = build.known_word(instruction, source)?;
        if instruction.keyword == Keyword::Add && source.contains("://") {
            continue;
        }
        for candidate in source_paths(&source, &destination, target) {
            let found = match from {
                Some(from) => build
                    .file()
                    .find_stage(from, instruction.stage.unwrap_or_default())
                    .and_then(|stage| find_within(build, stage, &join_path("", &candidate), hops + 1)),
                None => (build.context)(&candidate)
                    .map(|script| ImageScript::from_text(script.path, &script.text)),
            };
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// The paths in the context from which a copy may bring what lies at `target`: which sources are folders, only the
/// context knows.
fn source_paths(source: &str, destination: &str, target: &str) -> Vec<String> {
    let source = join_path("", source);
    let source = source.trim_start_matches('/');
    let name = source.rsplit('/').next().unwrap_or(source);
    let mut found = Vec::new();
    if target == destination && !name.contains('*') {
        found.push(source.to_owned());
    }
    let Some(below) = below_folder(target, destination) else { return found };
    if let Some((folder, pattern)) =
        source.rsplit_once('/').or(Some(("", source))).filter(|_| name.contains('*'))
    {
        if !below.contains('/') && matches_pattern(pattern, below) {
            found.push(join_path("", &format!("{folder}/{below}")).trim_start_matches('/').to_owned());
        }
        return found;
    }
    if below == name {
        found.push(source.to_owned());
    }
    found.push(if source.is_empty() { below.to_owned() } else { format!("{source}/{below}") });
    found
}

/// The part of a path below a folder.
pub(super) fn below_folder<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    path.strip_prefix(folder.trim_end_matches('/'))?.strip_prefix('/').filter(|rest| !rest.is_empty())
}

/// A name by a pattern with one `*`.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    pattern.split_once('*').is_some_and(|(start, end)| {
        name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end)
    })
}

/// True where a command writes somewhere, or names a program that puts files somewhere: nearly none does, and all are asked
/// for each path.
fn may_place_file(command: &SimpleCommand) -> bool {
    let places = |word: &SpannedWord| PLACING_PROGRAMS.iter().any(|name| word.text.ends_with(name));
    !command.redirections.is_empty() || command.words.iter().any(places)
}

/// The programs that bring a file to a path.
const PLACING_PROGRAMS: [&str; 5] = ["cp", "mv", "ln", "install", "tee"];

/// The script where a RUN writes, moves or links it.
fn find_written(
    build: ImageBuild<'_>,
    (stage, instruction): (&BuildStage, &Instruction),
    (target, hops): (&str, usize),
) -> Option<ImageScript> {
    let at = |path: &str| build.absolute_path(stage, instruction.index, path);
    let commands = &build.scripts.script_of(instruction).commands;
    commands.iter().rev().filter(|command| may_place_file(command)).find_map(|command| {
        let call = command.effective_invocation()?;
        let writes = |r: &&crate::dockerfile::shell::Redirection| {
            matches!(r.operator, ">" | ">>" | ">|") && at(&r.target.text) == target
        };
        let tees = call.name() == "tee" && call.operands(&[]).any(|word| at(&word.text) == target);
        if tees || command.redirections.iter().any(|redirection| writes(&redirection)) {
            return written_text(build, instruction, command);
        }
        let source = moved_source(call, target, at)?;
        find_within(build, stage, &source, hops + 1)
    })
}

/// What `cat <<EOF`, `echo` or `printf` writes; those before it in its pipe where it is `tee`.
fn written_text(
    build: ImageBuild<'_>,
    instruction: &Instruction,
    command: &SimpleCommand,
) -> Option<ImageScript> {
    let opened = command.redirections.iter().find(|r| matches!(r.operator, "<<" | "<<-"));
    if let Some(opened) = opened {
        let body = instruction.heredocs.iter().find(|heredoc| heredoc.name == opened.target.text)?.body;
        return Some(ImageScript::from_body(build, body));
    }
    let commands = &build.scripts.script_of(instruction).commands;
    let writers = commands.iter().filter(|other| other.pipeline == command.pipeline);
    let writer = writers.filter_map(SimpleCommand::effective_invocation);
    let writer = writer.into_iter().find(|call| matches!(call.name(), "echo" | "printf"))?;
    let words = writer.operands(&[]).map(|word| word.text.as_str());
    let lines: Vec<String> = words.map(|word| word.replace("\\n", "\n")).collect();
    let lines = lines.join(if writer.name() == "printf" { "\n" } else { " " });
    Some(ImageScript::from_written(build, &lines, command.span))
}

/// The path from which a command takes what it puts at `target`.
fn moved_source(call: Invocation<'_>, target: &str, at: impl Fn(&str) -> String) -> Option<String> {
    if !matches!(call.name(), "cp" | "mv" | "ln" | "install") {
        return None;
    }
    let operands: Vec<&SpannedWord> =
        call.operands(&["-m", "-o", "-g", "-t", "--mode", "--owner", "--group"]).collect();
    let (to, from) = operands.split_last()?;
    let to = at(&to.text);
    from.iter().map(|word| at(&word.text)).find(|source| {
        let name = source.rsplit('/').next().unwrap_or(source);
        source != target && (to == target || join_path(&to, name) == target)
    })
}
