//! Finds the images that Cloud Build builds.

use std::collections::HashMap;

use super::build_command::read_build_command;
use super::build_path::resolve_path;
use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::BuildTool;
use super::shell_expansion::{ShellVariables, expand_shell};

/// The substitutions of a build.
struct Substitutions(HashMap<String, String>);

impl ShellVariables for Substitutions {
    fn value_of(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn folder(&self) -> Option<&str> {
        None
    }
}

/// A build is started in the file's folder, or in the repository's root.
pub(super) fn find_cloud_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    reader.builds_in_each_folder(|folder| builds_in(reader, yaml, folder))
}

fn builds_in(reader: &BuildReader<'_>, yaml: &BuildYaml, folder: &str) -> Vec<FoundBuild> {
    let mut found = Vec::new();
    for root in yaml.roots() {
        let named = root.get("substitutions").into_iter().flat_map(BuildNode::entries);
        let named = named.filter_map(|(name, value)| Some((name.to_owned(), value.text()?.to_owned())));
        let substitutions = Substitutions(named.collect());
        for step in root.get("steps").into_iter().flat_map(BuildNode::items) {
            let own = step.text_at(&["dir"]).unwrap_or(".");
            let own = resolve_path(folder, &expand_shell(own, &substitutions));
            if let Some(own) = own {
                found.extend(step_builds(reader, step, &own, &substitutions));
            }
        }
    }
    found
}

fn step_builds(
    reader: &BuildReader<'_>,
    step: BuildNode<'_>,
    folder: &str,
    substitutions: &Substitutions,
) -> Vec<FoundBuild> {
    let builder = step.text_at(&["name"]).unwrap_or_default();
    let arguments = step.get("args").map(BuildNode::texts).unwrap_or_default();
    let shell =
        ["bash", "sh", "/bin/bash", "/bin/sh"].contains(&step.text_at(&["entrypoint"]).unwrap_or_default());
    if let Some(script) = step.get("script").or_else(|| step.get("args").filter(|_| shell)?.items().last()) {
        let mut run = ScriptRun::new(folder, substitutions.0.clone(), reader.read);
        run.follow_text(script.text().unwrap_or_default(), script.text_line());
        let builds = run.into_builds().into_iter();
        let found = |build| FoundBuild::of_script(build, BuildTool::CloudBuild, reader.path.clone());
        return builds.map(found).collect();
    }
    let program = if builder.contains("kaniko") { "executor" } else { "docker" };
    if !builder.contains("docker") && !builder.contains("kaniko") {
        return Vec::new();
    }
    let expanded = arguments.iter().map(|word| expand_shell(word, substitutions));
    let words: Vec<String> = std::iter::once(program.to_owned()).chain(expanded).collect();
    let Some(command) = read_build_command(&words) else { return Vec::new() };
    let (tool, path, line) = (BuildTool::CloudBuild, reader.path.clone(), step.line());
    let recipe = command.recipe_in(folder, None);
    vec![FoundBuild { images: command.images, recipe, tool, path, line, service: None }]
}
