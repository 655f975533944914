//! Finds the images that skaffold builds.

use std::collections::{BTreeSet, HashMap};

use super::build_argument::BuildArgument;
use super::build_path::{file_in, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool, OWN_BUILDER};
use crate::repo::RelPath;

/// The builders that read no Dockerfile.
const OTHER_BUILDERS: [(&str, &str); 4] =
    [("jib", "jib"), ("ko", "ko"), ("buildpacks", "buildpacks"), ("bazel", "bazel")];

/// The artifacts of every configuration in the file; those of a profile only for images that nothing else builds.
pub(super) fn find_skaffold_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let configurations = || yaml.roots().filter(|root| is_skaffold(*root));
    for root in configurations() {
        add_artifacts(reader, root, &mut found);
    }
    seen.extend(found.iter().flat_map(|build| build.images.clone()));
    let mut of_profiles = Vec::new();
    for profile in configurations().filter_map(|root| root.get("profiles")).flat_map(BuildNode::items) {
        add_artifacts(reader, profile, &mut of_profiles);
    }
    of_profiles.retain(|build| !build.images.iter().any(|image| seen.contains(image)));
    found.extend(of_profiles);
    found
}

fn is_skaffold(root: BuildNode<'_>) -> bool {
    root.text_at(&["apiVersion"]).is_some_and(|version| version.starts_with("skaffold/"))
}

fn add_artifacts(reader: &BuildReader<'_>, part: BuildNode<'_>, found: &mut Vec<FoundBuild>) {
    let artifacts = part.find(&["build", "artifacts"]).into_iter().flat_map(BuildNode::items);
    for artifact in artifacts {
        let named = artifact.text_at(&["image"]).or_else(|| artifact.text_at(&["imageName"]));
        let Some(image) = named else { continue };
        let key = if artifact.get("image").is_some() { "image" } else { "imageName" };
        let recipe = artifact_recipe(reader, artifact, image);
        found.push(reader.found(BuildTool::Skaffold, artifact.key_line(key), image, recipe));
    }
}

fn artifact_recipe(reader: &BuildReader<'_>, artifact: BuildNode<'_>, image: &str) -> BuildRecipe {
    let has = |key: &str| artifact.get(key).is_some() || artifact.entries().any(|(name, _)| name == key);
    let other = OTHER_BUILDERS.iter().find(|(key, _)| {
        has(key)
            || has(&format!("{key}Maven"))
            || has(&format!("{key}Gradle"))
            || has(&key.replace("packs", "pack"))
    });
    if let Some((_, name)) = other {
        return BuildRecipe::WithoutDockerfile(name);
    }
    let workspace =
        artifact.text_at(&["context"]).or_else(|| artifact.text_at(&["workspace"])).unwrap_or(".");
    let context = resolve_path(reader.path.folder(), workspace);
    if has("custom") {
        let command = artifact.text_at(&["custom", "buildCommand"]).unwrap_or_default();
        return custom_recipe(reader, context.as_deref(), command, image);
    }
    let builder = ["docker", "kaniko"].into_iter().find(|key| has(key)).unwrap_or("docker");
    let file =
        artifact.text_at(&[builder, "dockerfile"]).or_else(|| artifact.text_at(&[builder, "dockerfilePath"]));
    let stage = artifact.text_at(&[builder, "target"]).map(str::to_owned);
    let path = context.and_then(|context| match file {
        Some(file) => Some(RelPath::from(resolve_path(&context, file)?.as_str())),
        None => Some(file_in(&context, "Dockerfile")),
    });
    let arguments = BuildArgument::list_in(artifact.find(&[builder, "buildArgs"]), str::to_owned);
    BuildRecipe::of_path(path, stage).with_arguments(arguments)
}

/// The recipe of a build command, which finds the image's name in its environment.
fn custom_recipe(reader: &BuildReader<'_>, context: Option<&str>, command: &str, image: &str) -> BuildRecipe {
    let Some(context) = context else { return BuildRecipe::Unknown };
    let variables = ["IMAGE", "IMAGES"].map(|name| (name.to_owned(), image.to_owned()));
    let mut run = ScriptRun::new(context, HashMap::from(variables), reader.read);
    run.follow_text(command, 1);
    let builds = run.into_builds();
    match builds.as_slice() {
        [build] if build.images.iter().any(|name| name == image) => build.recipe.clone(),
        _ => BuildRecipe::WithoutDockerfile(OWN_BUILDER),
    }
}
