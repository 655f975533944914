//! Finds the images that a Tiltfile builds.

use std::collections::HashMap;

use super::build_argument::BuildArgument;
use super::build_path::{file_in, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::image_claim::{BuildRecipe, BuildTool, OWN_BUILDER};
use super::python_calls::{PythonCall, find_python_calls};
use crate::repo::{FileKind, RelPath};

const BUILD_CALLS: [&str; 4] =
    ["docker_build", "docker_build_with_restart", "custom_build", "custom_build_with_restart"];

pub(super) fn find_tilt_builds(reader: &BuildReader<'_>) -> Vec<FoundBuild> {
    let calls = find_python_calls(reader.text, &BUILD_CALLS);
    let found = calls.iter().filter_map(|call| {
        let image = argument(call, 0, "ref")?;
        let recipe = if call.name.starts_with("custom") {
            custom_recipe(reader, call, image)
        } else {
            docker_recipe(reader.path.folder(), call)
        };
        Some(reader.found(BuildTool::Tilt, call.line, image, recipe))
    });
    found.collect()
}

fn argument<'a>(call: &'a PythonCall, position: usize, name: &str) -> Option<&'a str> {
    call.named.get(name).or_else(|| call.positional.get(position)).map(String::as_str)
}

/// The Dockerfile's path is seen from the Tiltfile.
fn docker_recipe(folder: &str, call: &PythonCall) -> BuildRecipe {
    if call.named.contains_key("dockerfile_contents") {
        return BuildRecipe::WithoutDockerfile("a Dockerfile within the file");
    }
    let path = match call.named.get("dockerfile") {
        Some(file) => resolve_path(folder, file).map(|path| RelPath::from(path.as_str())),
        None => argument(call, 1, "context")
            .and_then(|context| resolve_path(folder, context))
            .map(|context| file_in(&context, "Dockerfile")),
    };
    // Its keys and values are Python's: only that there are some can be told.
    let arguments = call.named.get("build_args").map(|_| BuildArgument::new("build_args", None));
    let recipe = BuildRecipe::of_path(path, call.named.get("target").cloned());
    recipe.with_arguments(arguments.into_iter().collect())
}

/// The recipe of a command, which finds the image's name in its environment. Where the command does not say it, the one
/// Dockerfile does that the image is built anew for.
fn custom_recipe(reader: &BuildReader<'_>, call: &PythonCall, image: &str) -> BuildRecipe {
    let list = call.list(1, "command").map(quote_words);
    let Some(command) = list.as_deref().or_else(|| argument(call, 1, "command")) else {
        return BuildRecipe::Unknown;
    };
    let folder = call
        .named
        .get("dir")
        .map_or(Some(reader.path.folder().to_owned()), |folder| resolve_path(reader.path.folder(), folder));
    let names = ["EXPECTED_REF", "EXPECTED_IMAGE"].map(|name| (name.to_owned(), image.to_owned()));
    let mut run = ScriptRun::new(folder.as_deref().unwrap_or_default(), HashMap::from(names), reader.read);
    run.follow_text(command, 1);
    let without_tag = |name: &str| match name.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name.to_owned(),
        _ => name.to_owned(),
    };
    match run.into_builds().as_slice() {
        [build] if folder.is_some() && build.images.iter().any(|name| without_tag(name) == image) => {
            build.recipe.clone()
        }
        [] => watched_dockerfile(reader, call).unwrap_or(BuildRecipe::WithoutDockerfile(OWN_BUILDER)),
        _ => BuildRecipe::WithoutDockerfile(OWN_BUILDER),
    }
}

/// The recipe of the one Dockerfile among the files at whose changes a command is run.
fn watched_dockerfile(reader: &BuildReader<'_>, call: &PythonCall) -> Option<BuildRecipe> {
    let is_dockerfile = |path: &&String| {
        FileKind::of_name(path.rsplit('/').next().unwrap_or(path)) == Some(FileKind::Dockerfile)
    };
    let mut named = call.list(2, "deps")?.iter().filter(is_dockerfile);
    let path = named.next().filter(|_| named.next().is_none())?;
    let path = resolve_path(reader.path.folder(), path).map(|path| RelPath::from(path.as_str()));
    Some(BuildRecipe::of_path(path, None))
}

/// Words as the shell would be given them.
fn quote_words(words: &[String]) -> String {
    let quoted = words.iter().map(|word| match word.contains(char::is_whitespace) {
        true => format!("\"{word}\""),
        false => word.clone(),
    });
    quoted.collect::<Vec<_>>().join(" ")
}
