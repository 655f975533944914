//! Finds the images that a Tiltfile builds.

use std::collections::HashMap;

use super::build_argument::BuildArgument;
use super::build_path::{file_in, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::image_claim::{BuildRecipe, BuildTool, OWN_BUILDER};
use super::python_calls::{PythonCall, find_python_calls};
use crate::repo::RelPath;

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

/// The recipe of a command, which finds the image's name in its environment.
fn custom_recipe(reader: &BuildReader<'_>, call: &PythonCall, image: &str) -> BuildRecipe {
    let Some(command) = argument(call, 1, "command") else { return BuildRecipe::Unknown };
    let variables = HashMap::from([("EXPECTED_REF".to_owned(), image.to_owned())]);
    let mut run = ScriptRun::new(reader.path.folder(), variables, reader.read);
    run.follow_text(command, 1);
    match run.into_builds().as_slice() {
        [build] if build.images.iter().any(|name| name == image) => build.recipe.clone(),
        _ => BuildRecipe::WithoutDockerfile(OWN_BUILDER),
    }
}
