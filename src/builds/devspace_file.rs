//! Finds the images that devspace builds.

use super::build_argument::BuildArgument;
use super::build_path::{file_in, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool};
use super::shell_expansion::{ShellVariables, expand_shell};
use crate::repo::RelPath;

/// The `vars` of a configuration.
struct DevspaceVariables<'a>(BuildNode<'a>);

impl ShellVariables for DevspaceVariables<'_> {
    fn value_of(&self, name: &str) -> Option<String> {
        let variable = self.0.find(&["vars", name])?;
        variable.text().or_else(|| variable.text_at(&["value"])).map(str::to_owned)
    }

    fn folder(&self) -> Option<&str> {
        None
    }
}

pub(super) fn find_devspace_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    let mut found = Vec::new();
    let folder = reader.path.folder();
    for root in yaml.roots() {
        let images = root.get("images").into_iter().flat_map(BuildNode::entries);
        for (_, image) in images {
            let Some(name) = image.text_at(&["image"]) else { continue };
            let name = expand_shell(name, &DevspaceVariables(root));
            let context = image.text_at(&["context"]).unwrap_or(".");
            let path = match image.text_at(&["dockerfile"]) {
                Some(file) => resolve_path(folder, file).map(|path| RelPath::from(path.as_str())),
                None => resolve_path(folder, context).map(|context| file_in(&context, "Dockerfile")),
            };
            let stage = [&["target"][..], &["build", "docker", "options", "target"]];
            let stage = stage.iter().find_map(|keys| image.text_at(keys)).map(str::to_owned);
            let given = [&["buildArgs"][..], &["build", "docker", "options", "buildArgs"]];
            let given = given.iter().find_map(|keys| image.find(keys));
            let arguments =
                BuildArgument::list_in(given, |text| expand_shell(text, &DevspaceVariables(root)));
            let is_custom = image.get("custom").is_some() || image.find(&["build", "custom"]).is_some();
            let recipe = if is_custom {
                BuildRecipe::Unknown
            } else {
                BuildRecipe::of_path(path, stage).with_arguments(arguments)
            };
            found.push(reader.found(BuildTool::Devspace, image.key_line("image"), &name, recipe));
        }
    }
    found
}
