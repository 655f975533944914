//! Reads the words of a command that builds an image: docker, podman, buildah, kaniko and others.

use super::build_argument::BuildArgument;
use super::build_path::{file_in, is_remote, resolve_path};
use super::image_claim::BuildRecipe;
use super::unknown_text::{has_unknown, is_unknown};
use crate::repo::RelPath;

/// A command that builds an image, as its words say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct BuildCommand {
    /// The names that the image gets.
    pub images: Vec<String>,
    /// The last of its operands; none where that is not known.
    pub context: Option<String>,
    pub dockerfile: Option<String>,
    pub stage: Option<String>,
    pub arguments: Vec<BuildArgument>,
    /// True where the Dockerfile is called Containerfile, unless there is none.
    pub prefers_containerfile: bool,
    /// True where the Dockerfile is looked for in the context first.
    pub is_within_context: bool,
}

/// Programs whose `build` builds an image.
const BUILDERS: [&str; 7] = ["docker", "podman", "nerdctl", "buildah", "img", "depot", "finch"];

/// Options of these that take a value in the next word.
const VALUED_OPTIONS: [&str; 56] = [
    "-t",
    "--tag",
    "-f",
    "--file",
    "--target",
    "--build-arg",
    "--build-context",
    "--platform",
    "--label",
    "--cache-from",
    "--cache-to",
    "--output",
    "-o",
    "--secret",
    "--ssh",
    "--network",
    "--progress",
    "--builder",
    "--iidfile",
    "--metadata-file",
    "--add-host",
    "--allow",
    "--attest",
    "--annotation",
    "--cgroup-parent",
    "--shm-size",
    "--ulimit",
    "--memory",
    "-m",
    "--memory-swap",
    "--cpu-period",
    "--cpu-quota",
    "--cpu-shares",
    "-c",
    "--cpuset-cpus",
    "--cpuset-mems",
    "--isolation",
    "--security-opt",
    "--format",
    "--os",
    "--arch",
    "--variant",
    "--authfile",
    "--creds",
    "--manifest",
    "--jobs",
    "--volume",
    "-v",
    "--registry",
    "-r",
    "--resource-group",
    "-g",
    "--image",
    "--project",
    "--call",
    "--frontend",
];

/// Reads the words of a command after its variables are expanded; none where it builds no image.
pub(super) fn read_build_command(words: &[String]) -> Option<BuildCommand> {
    let words = skip_starters(words);
    let (program, rest) = words.split_first()?;
    let name = program.rsplit('/').next().unwrap_or_default();
    if name == "executor"
        && rest.iter().any(|word| word.contains("--destination") || word.contains("--dockerfile"))
    {
        return Some(read_kaniko(rest));
    }
    if name == "az" {
        let rest = rest.strip_prefix(&["acr".to_owned(), "build".to_owned()])?;
        return Some(read_options(rest));
    }
    let is_builder = BUILDERS.contains(&name) || is_unknown(program);
    let arguments = is_builder.then(|| after_subcommand(rest)).flatten()?;
    let command = read_options(arguments);
    // A program that is not known builds an image only where it is told to name one.
    if is_unknown(program) && command.images.is_empty() {
        return None;
    }
    Some(BuildCommand { prefers_containerfile: matches!(name, "podman" | "buildah"), ..command })
}

/// `docker tag OLD NEW`: the two names.
pub(super) fn read_tag_command(words: &[String]) -> Option<(&str, &str)> {
    match skip_starters(words) {
        [program, tag, old, new] if tag == "tag" => {
            let name = program.rsplit('/').next().unwrap_or_default();
            (BUILDERS.contains(&name) || is_unknown(program)).then_some((old, new))
        }
        _ => None,
    }
}

/// The words after programs that only start another, and after `NAME=value`.
fn skip_starters(words: &[String]) -> &[String] {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        let is_starter =
            matches!(first.as_str(), "sudo" | "time" | "exec" | "command" | "env" | "nice" | "!");
        let assigns = first.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        });
        // A variable before the builder may be `sudo`.
        let before_builder =
            is_unknown(first) && after.first().is_some_and(|next| BUILDERS.contains(&next.as_str()));
        let is_option = first.starts_with('-') && rest.len() < words.len();
        if !is_starter && !assigns && !is_option && !before_builder {
            break;
        }
        rest = after;
    }
    rest
}

/// The words after `build`, `buildx build`, `image build`, `bud` and the like.
fn after_subcommand(words: &[String]) -> Option<&[String]> {
    let mut rest = words;
    while let Some((first, after)) = rest.split_first() {
        match first.as_str() {
            "build" | "bud" | "build-using-dockerfile" => return Some(after),
            "b" if rest.len() < words.len() => return Some(after),
            "buildx" | "image" | "builder" => rest = after,
            "--context" | "-H" | "--host" | "--config" | "-l" | "--log-level" | "--namespace" | "-n" => {
                rest = after.get(1..)?;
            }
            word if word.starts_with('-') || is_unknown(word) => rest = after,
            _ => return None,
        }
    }
    None
}

fn read_options(words: &[String]) -> BuildCommand {
    let mut command = BuildCommand::default();
    let mut operands: Vec<&String> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if !word.starts_with('-') || word == "-" {
            operands.push(word);
            continue;
        }
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None if VALUED_OPTIONS.contains(&word.as_str()) => (word.as_str(), words.next().cloned()),
            // `-fDockerfile` and `-tname`.
            None if word.len() > 2 && (word.starts_with("-f") || word.starts_with("-t")) => {
                (&word[..2], Some(word[2..].to_owned()))
            }
            None => (word.as_str(), None),
        };
        match (name, value) {
            ("-t" | "--tag" | "--image", Some(value)) => command.images.push(value),
            ("-f" | "--file", Some(value)) => command.dockerfile = Some(value),
            ("--target", Some(value)) => command.stage = Some(value).filter(|stage| !stage.is_empty()),
            ("--build-arg", Some(value)) => command.arguments.extend(BuildArgument::from_word(&value)),
            ("-o" | "--output", Some(value)) => command.images.extend(output_name(&value)),
            _ => {}
        }
    }
    // A variable alone may hold options.
    let context = operands.iter().rev().find(|word| !is_unknown(word)).or_else(|| operands.last());
    command.context = context.map(|word| (*word).clone());
    command
}

/// `type=image,name=NAME`.
fn output_name(value: &str) -> Option<String> {
    value.split(',').find_map(|part| part.strip_prefix("name=")).map(str::to_owned)
}

fn read_kaniko(words: &[String]) -> BuildCommand {
    let context = Some(".".to_owned());
    let mut command = BuildCommand { context, is_within_context: true, ..BuildCommand::default() };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None if word.starts_with('-') => (word.as_str(), words.as_slice().first().cloned()),
            None => continue,
        };
        match (name, value) {
            ("--destination" | "-d", Some(value)) => command.images.push(value),
            ("--dockerfile" | "-f", Some(value)) => command.dockerfile = Some(value),
            ("--context" | "-c", Some(value)) => {
                command.context = Some(value.trim_start_matches("dir://").to_owned());
            }
            ("--target", Some(value)) => command.stage = Some(value),
            ("--build-arg", Some(value)) => command.arguments.extend(BuildArgument::from_word(&value)),
            _ => {}
        }
    }
    command
}

impl BuildCommand {
    /// The source of the image, for a command that runs in a folder. `input` is the file that it reads on its standard input.
    pub(super) fn recipe_in(&self, folder: &str, input: Option<&str>) -> BuildRecipe {
        if self.stage.as_deref().is_some_and(has_unknown) {
            return BuildRecipe::Unknown;
        }
        let context = self.context.as_deref();
        if context.is_some_and(is_remote) {
            return BuildRecipe::elsewhere();
        }
        let from_input =
            self.dockerfile.as_deref() == Some("-") || context == Some("-") && self.dockerfile.is_none();
        if from_input {
            let path = input.and_then(|path| resolve_path(folder, path));
            let path = path.map(|path| RelPath::from(path.as_str()));
            let recipe = BuildRecipe::of_path(path, self.stage.clone());
            return recipe.with_arguments(self.arguments.clone());
        }
        let context = context.and_then(|context| resolve_path(folder, context));
        let paths: Vec<RelPath> = match (&self.dockerfile, &context) {
            (Some(file), _) if self.is_within_context => {
                let folders = context.iter().map(String::as_str).chain([folder]);
                folders
                    .filter_map(|folder| resolve_path(folder, file))
                    .map(|path| path.as_str().into())
                    .collect()
            }
            (Some(file), _) => {
                resolve_path(folder, file).map(|path| path.as_str().into()).into_iter().collect()
            }
            (None, Some(context)) if self.prefers_containerfile => {
                vec![file_in(context, "Containerfile"), file_in(context, "Dockerfile")]
            }
            (None, Some(context)) => vec![file_in(context, "Dockerfile")],
            (None, None) => Vec::new(),
        };
        if paths.is_empty() {
            return BuildRecipe::Unknown;
        }
        let (stage, arguments) = (self.stage.clone(), self.arguments.as_slice().into());
        BuildRecipe::Dockerfile { choices: vec![paths], stage, arguments }
    }
}
