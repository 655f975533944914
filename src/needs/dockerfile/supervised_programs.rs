//! Finds the programs that a supervisor of the image starts, for whoever follows the image's start.
//!
//! Sources: Supervisor, "Configuration File" (`[program:x]`, `[include]`, where it looks for its file); s6-overlay's
//! README (`/etc/services.d`, `/etc/s6-overlay/s6-rc.d`, `/etc/cont-init.d`); runsvdir(8); phusion/baseimage (`my_init`).

use super::ImageBuild;
use super::image_files::{ImageScript, below_folder, find_placed_paths, find_script};
use crate::dockerfile::BuildStage;
use crate::dockerfile::shell::{Invocation, SimpleCommand};
use crate::repo::RelPath;
use crate::text::Span;

/// The files of Supervisor's settings, in the order in which it looks for them.
const SUPERVISOR_FILES: [&str; 5] = [
    "/etc/supervisord.conf",
    "/etc/supervisor/supervisord.conf",
    "/usr/etc/supervisord.conf",
    "/usr/local/etc/supervisord.conf",
    "/supervisord.conf",
];
/// The folders whose files distributions' own settings include.
const SUPERVISOR_FOLDERS: [&str; 3] = ["/etc/supervisor/conf.d", "/etc/supervisor.d", "/etc/supervisord.d"];
/// The folders with a folder for each service, of s6 and runit.
const SERVICE_FOLDERS: [&str; 5] =
    ["/etc/services.d", "/etc/s6-overlay/s6-rc.d", "/etc/service", "/etc/sv", "/etc/runit/runsvdir/default"];
/// The folders whose scripts run once, before the services.
const START_FOLDERS: [&str; 3] = ["/etc/cont-init.d", "/etc/my_init.d", "/etc/s6-overlay/scripts"];

/// A program that a supervisor starts.
pub(super) struct SupervisedProgram {
    /// The file that says so, by its name.
    pub runner: String,
    pub path: RelPath,
    pub commands: Vec<SimpleCommand>,
    /// The user that it is started as, where that is said, with its place.
    pub user: Option<(String, Span)>,
}

/// The programs that a call of a supervisor starts; none of another program.
pub(super) fn find_supervised(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    call: Invocation<'_>,
) -> Vec<SupervisedProgram> {
    match call.name() {
        "supervisord" => find_supervisor_programs(build, stage, call),
        "init" if call.program_word().text == "/init" => find_services(build, stage, &[]),
        "s6-svscan" | "runsvdir" | "my_init" => {
            let folders: Vec<&str> = call.operands(&[]).map(|word| word.text.as_str()).collect();
            find_services(build, stage, &folders)
        }
        _ => Vec::new(),
    }
}

fn find_services(build: ImageBuild<'_>, stage: &BuildStage, own: &[&str]) -> Vec<SupervisedProgram> {
    let mut programs = Vec::new();
    let mut add = |path: &str| {
        if let Some(script) = find_script(build, stage, path) {
            let runner = path.rsplit('/').take(2).collect::<Vec<_>>();
            let runner = runner.into_iter().rev().collect::<Vec<_>>().join("/");
            programs.push(SupervisedProgram {
                runner,
                path: script.path.clone(),
                commands: script.commands,
                user: None,
            });
        }
    };
    for folder in START_FOLDERS {
        find_placed_paths(build, stage, folder).iter().for_each(|path| add(path));
    }
    for folder in SERVICE_FOLDERS.iter().chain(own) {
        let placed = find_placed_paths(build, stage, folder);
        let is_run = |path: &&String| {
            below_folder(path, folder)
                .and_then(|rest| rest.split_once('/'))
                .is_some_and(|(_, name)| matches!(name, "run" | "up" | "finish"))
        };
        placed.iter().filter(is_run).for_each(|path| add(path));
    }
    programs
}

fn find_supervisor_programs(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    call: Invocation<'_>,
) -> Vec<SupervisedProgram> {
    let named = call.option_value(&["-c", "--configuration"]).map(str::to_owned);
    let defaults = || SUPERVISOR_FILES.iter().map(|path| (*path).to_owned()).collect();
    let candidates: Vec<String> = named.map_or_else(defaults, |path| vec![path]);
    let absolute = |path: &String| build.absolute_path(stage, stage.instructions.end, path);
    let main = candidates.iter().find_map(|path| find_script(build, stage, &absolute(path)));
    let mut programs = Vec::new();
    let includes = match &main {
        Some(settings) => read_settings(settings, &mut programs),
        // The distribution's own file, which is not in sight.
        None => SUPERVISOR_FOLDERS.iter().map(|folder| format!("{folder}/*")).collect(),
    };
    for pattern in includes {
        let Some((folder, name)) = pattern.rsplit_once('/') else { continue };
        let ending = name.rsplit('*').next().unwrap_or_default();
        for path in find_placed_paths(build, stage, folder).iter().filter(|path| path.ends_with(ending)) {
            if let Some(settings) = find_script(build, stage, path) {
                read_settings(&settings, &mut programs);
            }
        }
    }
    programs
}

/// The programs of a file of settings; gives the patterns of the files that it includes.
fn read_settings(settings: &ImageScript, programs: &mut Vec<SupervisedProgram>) -> Vec<String> {
    let (text, start) = settings.text();
    let (mut section, mut includes) = ("", Vec::new());
    let mut program: Option<SupervisedProgram> = None;
    let mut at = start;
    for line in text.split_inclusive('\n') {
        let from = at;
        at += line.len();
        let content = line.split(" ;").next().unwrap_or_default().trim();
        if let Some(name) = content.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            section = name;
            programs.extend(program.take());
            continue;
        }
        let Some((key, value)) = content.split_once('=').map(|(key, value)| (key.trim(), value.trim()))
        else {
            continue;
        };
        let begin = from + line.find('=').unwrap_or_default() + 1;
        let lead = line[begin - from..].len() - line[begin - from..].trim_start().len();
        let span = Span::new(begin + lead, begin + lead + value.len());
        let is_program =
            ["program:", "eventlistener:", "fcgi-program:"].iter().any(|kind| section.starts_with(kind));
        match key {
            "files" if section == "include" => {
                includes.extend(value.split_whitespace().map(str::to_owned));
            }
            "command" | "user" if is_program => {
                let own = program.get_or_insert_with(|| SupervisedProgram {
                    runner: settings.path.file_name().to_owned(),
                    path: settings.path.clone(),
                    commands: Vec::new(),
                    user: None,
                });
                if key == "command" {
                    own.commands = settings.commands_in(span);
                } else {
                    own.user = Some((value.to_owned(), settings.place_of(span)));
                }
            }
            _ => {}
        }
    }
    programs.extend(program);
    includes
}
