//! Finds the images that pipelines of GitLab, Azure, CircleCI and others build, by their shell text and Azure's tasks.

use std::collections::HashMap;

use super::build_path::{file_in, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool};
use super::placeholders::expand_placeholders;
use super::unknown_text::{ROOT, unknown_value};
use crate::repo::RelPath;

/// The keys whose values are shell text, or lists of its lines.
const SCRIPT_KEYS: [&str; 9] =
    ["script", "before_script", "after_script", "bash", "inlineScript", "command", "commands", "cmds", "run"];

/// The keys that set variables.
const VARIABLE_KEYS: [&str; 4] = ["variables", "vars", "env", "environment"];

/// Variables of these systems that hold the folder of the repository.
const ROOT_VARIABLES: [&str; 6] = [
    "CI_PROJECT_DIR",
    "BUILD_SOURCESDIRECTORY",
    "Build.SourcesDirectory",
    "BITBUCKET_CLONE_DIR",
    "TRAVIS_BUILD_DIR",
    "DRONE_WORKSPACE",
];

pub(super) fn find_pipeline_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    let mut found = Vec::new();
    for root in yaml.roots() {
        let outer = read_variables(root, &pipeline_variables());
        for part in root.all_nodes() {
            let own =
                VARIABLE_KEYS.iter().any(|key| part.get(key).is_some()).then(|| read_variables(part, &outer));
            let variables = own.as_ref().unwrap_or(&outer);
            for key in SCRIPT_KEYS {
                if let Some(script) = part.get(key) {
                    follow_script(reader, script, variables, &mut found);
                }
            }
            found.extend(azure_task(reader, part, variables));
        }
    }
    found
}

fn pipeline_variables() -> HashMap<String, String> {
    ROOT_VARIABLES.iter().map(|name| ((*name).to_owned(), ROOT.to_string())).collect()
}

/// The variables that a part of the pipeline sets, beside those around it: a mapping, or Azure's list of names and values.
fn read_variables(part: BuildNode<'_>, outer: &HashMap<String, String>) -> HashMap<String, String> {
    let mut variables = outer.clone();
    for key in VARIABLE_KEYS {
        let Some(own) = part.get(key) else { continue };
        let listed =
            own.items().filter_map(|item| Some((item.text_at(&["name"])?, item.text_at(&["value"])?)));
        let mapped = own
            .entries()
            .filter_map(|(name, value)| Some((name, value.text().or_else(|| value.text_at(&["value"]))?)));
        for (name, value) in listed.chain(mapped) {
            let value = expand_macros(value, &variables);
            variables.insert(name.to_owned(), value);
        }
    }
    variables
}

fn follow_script(
    reader: &BuildReader<'_>,
    script: BuildNode<'_>,
    variables: &HashMap<String, String>,
    found: &mut Vec<FoundBuild>,
) {
    let lines: Vec<BuildNode<'_>> = match script.text() {
        Some(_) => vec![script],
        None => script.items().map(|item| item.get("cmd").unwrap_or(item)).collect(),
    };
    let mut run = ScriptRun::new("", variables.clone(), reader.read);
    for line in lines {
        if let Some(text) = line.text() {
            run.follow_text(&expand_macros(text, variables), line.text_line());
        }
    }
    let builds = run.into_builds().into_iter();
    found.extend(builds.map(|build| FoundBuild::of_script(build, BuildTool::Pipeline, reader.path.clone())));
}

/// The task `Docker@2` where it builds.
fn azure_task(
    reader: &BuildReader<'_>,
    part: BuildNode<'_>,
    variables: &HashMap<String, String>,
) -> Option<FoundBuild> {
    let task = part.text_at(&["task"])?;
    let inputs = part.get("inputs").filter(|_| task.starts_with("Docker@"))?;
    let text = |key: &str| inputs.text_at(&[key]).map(|text| expand_macros(text, variables));
    if !text("command").is_none_or(|command| command.to_ascii_lowercase().starts_with("build")) {
        return None;
    }
    let image = text("repository").or_else(|| text("imageName"))?;
    let file = text("Dockerfile").or_else(|| text("dockerfile")).or_else(|| text("dockerFile"));
    // A pattern finds the one Dockerfile that there is, which only the disk says.
    let recipe = match file.as_deref().unwrap_or("**/Dockerfile") {
        "**/Dockerfile" => match text("buildContext") {
            Some(folder) if folder != "**" => BuildRecipe::of_path(
                resolve_path("", &folder).map(|folder| file_in(&folder, "Dockerfile")),
                None,
            ),
            _ => BuildRecipe::Unknown,
        },
        file => BuildRecipe::of_path(resolve_path("", file).map(|path| RelPath::from(path.as_str())), None),
    };
    Some(reader.found(BuildTool::Pipeline, part.key_line("task"), &image, recipe))
}

/// `$(name)` as Azure writes variables, where it is one that is known or could be no command.
fn expand_macros(text: &str, variables: &HashMap<String, String>) -> String {
    expand_placeholders(text, ["$(", ")"], |name, whole| {
        let name = name.trim();
        let may_be_command = name.contains([' ', '$']) || name.starts_with("pwd");
        match variables.get(name) {
            Some(value) => value.clone(),
            None if may_be_command => whole.to_owned(),
            None => unknown_value(name),
        }
    })
}
