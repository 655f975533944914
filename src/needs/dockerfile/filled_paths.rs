//! Finds the paths that a build fills, which an empty volume there, or above, would hide.
//!
//! Sources: the Dockerfile reference, "COPY", "ADD", "VOLUME"; the documentation of Puppeteer, Playwright, Cypress, Hugging
//! Face Hub, PyTorch, npm, Yarn, pip, uv, Bundler, Cargo, Go, Deno, NuGet, Gradle and Composer on their variables.

use std::collections::BTreeMap;

use super::ImageBuild;
use super::image_files::below_folder;
use crate::dockerfile::shell::SimpleCommand;
use crate::dockerfile::{BuildStage, Instruction, InstructionKind};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;

/// Folders that are emptied at will: what lies there is not missed.
const PASSING_FOLDERS: [&str; 6] = ["/", "/tmp", "/var/tmp", "/run", "/var/run", "/dev/shm"];

/// Variables that name a folder for downloads, with the programs that download there.
const CACHE_VARIABLES: [(&str, &[&str]); 30] = [
    ("PUPPETEER_CACHE_DIR", &["puppeteer", "npm", "yarn", "pnpm", "npx"]),
    ("PUPPETEER_DOWNLOAD_PATH", &["puppeteer", "npm", "yarn", "pnpm", "npx"]),
    ("PLAYWRIGHT_BROWSERS_PATH", &["playwright"]),
    ("CYPRESS_CACHE_FOLDER", &["cypress", "npm", "yarn", "pnpm"]),
    ("HF_HOME", &["python", "python3", "hf", "huggingface-cli", "uv"]),
    ("HF_HUB_CACHE", &["python", "python3", "hf", "huggingface-cli", "uv"]),
    ("HUGGINGFACE_HUB_CACHE", &["python", "python3", "hf", "huggingface-cli"]),
    ("TRANSFORMERS_CACHE", &["python", "python3", "huggingface-cli"]),
    ("SENTENCE_TRANSFORMERS_HOME", &["python", "python3"]),
    ("TORCH_HOME", &["python", "python3"]),
    ("NLTK_DATA", &["python", "python3", "nltk"]),
    ("TIKTOKEN_CACHE_DIR", &["python", "python3"]),
    ("WHISPER_CACHE", &["python", "python3", "whisper"]),
    ("npm_config_cache", &["npm", "npx"]),
    ("NPM_CONFIG_CACHE", &["npm", "npx"]),
    ("YARN_CACHE_FOLDER", &["yarn"]),
    ("PNPM_HOME", &["pnpm", "corepack"]),
    ("COREPACK_HOME", &["corepack", "yarn", "pnpm"]),
    ("PIP_CACHE_DIR", &["pip", "pip3"]),
    ("POETRY_CACHE_DIR", &["poetry"]),
    ("UV_CACHE_DIR", &["uv"]),
    ("BUNDLE_PATH", &["bundle", "bundler"]),
    ("GEM_HOME", &["gem", "bundle"]),
    ("CARGO_HOME", &["cargo", "rustup", "rustup-init"]),
    ("GOMODCACHE", &["go"]),
    ("GOCACHE", &["go"]),
    ("DENO_DIR", &["deno"]),
    ("NUGET_PACKAGES", &["dotnet", "nuget"]),
    ("GRADLE_USER_HOME", &["gradle", "gradlew"]),
    ("COMPOSER_HOME", &["composer"]),
];

/// Programs that put nothing into a path that they name.
const FILLS_NOTHING: [&str; 18] = [
    "mkdir", "chown", "chgrp", "chmod", "rm", "rmdir", "ls", "test", "[", "cd", "touch", "find", "echo",
    "export", "useradd", "adduser", "groupadd", "addgroup",
];

/// The folders that a program may be given an empty volume for, by what the file says of them.
#[derive(Default)]
struct DeclaredFolders {
    volumes: Vec<String>,
    /// With the variable's name.
    variables: BTreeMap<String, String>,
}

pub(super) fn add_filled_paths(build: ImageBuild<'_>, stage: &BuildStage, needs: &mut Vec<ProgramNeed>) {
    let Some(stage) = build.file().stages.get(stage.index) else { return };
    let mut instructions: Vec<&Instruction> = build.instructions_back(stage).collect();
    instructions.reverse();
    let declared = declared_folders(build, stage, &instructions);
    for instruction in instructions {
        match &instruction.kind {
            InstructionKind::Copy { sources, destination } => {
                let Some(to) = build.image_path(stage, instruction, destination) else { continue };
                let name = instruction.keyword.name();
                let text = format!("`{name}` fills {to}");
                add_path(build, &to, NeedCertainty::Shown, (text, instruction.span), needs);
                // Of a folder that is copied, only the context tells what lies in it.
                let may_hold = sources.iter().any(|source| {
                    !source.text.rsplit('/').next().unwrap_or_default().contains('.')
                        || source.text.ends_with('.')
                });
                for volume in
                    declared.volumes.iter().filter(|volume| may_hold && below_folder(volume, &to).is_some())
                {
                    let text = format!("`{name}` may fill {volume}, a folder of {to}");
                    add_path(build, volume, NeedCertainty::Likely, (text, instruction.span), needs);
                }
            }
            InstructionKind::Run(_) => {
                for command in &build.scripts.script_of(instruction).commands {
                    for path in filled_by(build, (stage, instruction), command, &declared) {
                        let program = command.effective_invocation().map_or("it", |call| call.name());
                        let text = format!("`{program}` in a `RUN` fills {path}");
                        add_path(build, &path, NeedCertainty::Shown, (text, command.span), needs);
                    }
                }
            }
            _ => {}
        }
    }
}

fn declared_folders(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    instructions: &[&Instruction],
) -> DeclaredFolders {
    let mut declared = DeclaredFolders::default();
    for instruction in instructions {
        match &instruction.kind {
            InstructionKind::Volume(words) => {
                let paths = words.iter().filter_map(|word| build.image_path(stage, instruction, word));
                declared.volumes.extend(paths);
            }
            InstructionKind::Env(pairs) => {
                for (name, value) in pairs {
                    let path = build
                        .known_word(instruction, value)
                        .filter(|path| path.starts_with('/') && !path.contains(':'));
                    if let Some(path) = path {
                        declared.variables.insert(name.text.clone(), path.trim_end_matches('/').to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    declared
}

/// The folders that a command of a RUN puts something into.
fn filled_by(
    build: ImageBuild<'_>,
    (stage, instruction): (&BuildStage, &Instruction),
    command: &SimpleCommand,
    declared: &DeclaredFolders,
) -> Vec<String> {
    let at = |path: &str| build.absolute_path(stage, instruction.index, path);
    let mut filled: Vec<String> = Vec::new();
    let writes = command.redirections.iter().filter(|r| matches!(r.operator, ">" | ">>" | ">|"));
    let written: Vec<String> = writes.map(|r| at(&r.target.text)).collect();
    let known = |folder: &&String| written.iter().any(|path| below_folder(path, folder).is_some());
    filled.extend(declared.volumes.iter().chain(declared.variables.values()).filter(known).cloned());
    let Some(call) = command.effective_invocation().filter(|call| !FILLS_NOTHING.contains(&call.name()))
    else {
        return filled;
    };
    filled.extend(written_operand(call, at));
    for (name, folder) in &declared.variables {
        let programs =
            CACHE_VARIABLES.iter().find(|(variable, _)| variable == name).map(|(_, programs)| *programs);
        let calls = |program: &&str| {
            call.name() == *program || command.words.iter().any(|word| word.text == *program)
        };
        let downloads = programs.is_some_and(|programs| programs.iter().any(calls));
        let mentions =
            command.words.iter().any(|word| word.has_variables && mentions_variable(&word.text, name));
        let is_cache =
            programs.is_some() || name.contains("CACHE") || name.ends_with("_DIR") || name.ends_with("_HOME");
        if downloads && !is_without_cache(call) || mentions && is_cache {
            filled.push(folder.clone());
        }
    }
    let paths = command.words.iter().filter(|word| word.text.contains('/')).map(|word| {
        let text = word.text.rsplit_once('=').map_or(word.text.as_str(), |(_, value)| value);
        at(text)
    });
    let paths: Vec<String> = paths.collect();
    let folders = declared.volumes.iter().chain(declared.variables.values());
    let named = folders
        .filter(|folder| paths.iter().any(|path| path == *folder || below_folder(path, folder).is_some()));
    filled.extend(named.cloned());
    filled
}

/// Where `tar -C`, `unzip -d`, `git clone`, `curl -o`, `wget -P`, `cp`, `mv` and `install` put what they bring.
fn written_operand(
    call: crate::dockerfile::shell::Invocation<'_>,
    at: impl Fn(&str) -> String,
) -> Option<String> {
    let operands: Vec<&str> =
        call.operands(&["-b", "--branch", "--depth"]).map(|word| word.text.as_str()).collect();
    let path = match call.name() {
        "tar" | "bsdtar" => call.option_value(&["-C", "--directory"]),
        "unzip" => call.option_value(&["-d"]),
        "curl" => call.option_value(&["-o", "--output", "--output-dir"]),
        "wget" => call.option_value(&["-O", "-P", "--output-document", "--directory-prefix"]),
        "git" if operands.first() == Some(&"clone") => operands.get(2).copied(),
        "cp" | "mv" | "rsync" | "install"
            if operands.len() > 1 && call.find_flag(Some('d'), "directory").is_none() =>
        {
            operands.last().copied()
        }
        "npm" => call.option_value(&["--prefix", "--cache"]),
        "pip" | "pip3" => call.option_value(&["--target", "-t", "--prefix", "--cache-dir"]),
        _ => None,
    }?;
    (path.starts_with('/') && !path.contains('$') && path != "/dev/null").then(|| at(path))
}

fn mentions_variable(text: &str, name: &str) -> bool {
    text.contains(&format!("${{{name}"))
        || text.match_indices(&format!("${name}")).any(|(start, found)| {
            let next = text[start + found.len()..].chars().next();
            !next.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_')
        })
}

fn is_without_cache(call: crate::dockerfile::shell::Invocation<'_>) -> bool {
    call.arguments()
        .iter()
        .any(|word| matches!(word.text.as_str(), "--no-cache-dir" | "--no-cache" | "clean" | "--version"))
}

fn add_path(
    build: ImageBuild<'_>,
    path: &str,
    certainty: NeedCertainty,
    (text, span): (String, Span),
    needs: &mut Vec<ProgramNeed>,
) {
    let path = if path.len() > 1 { path.trim_end_matches('/') } else { path };
    let kind = NeedKind::FilledPath(path.to_owned());
    if PASSING_FOLDERS.contains(&path)
        || path.contains(['$', '*'])
        || needs.iter().any(|need| need.kind == kind)
    {
        return;
    }
    let reason = format!("the image has files at {path}: {text}").into();
    needs.push(ProgramNeed { kind, certainty, reason, evidence: vec![build.evidence_at(text, span)] });
}
