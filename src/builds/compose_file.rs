//! Finds the images that compose builds, and the services that run them.

use std::collections::HashMap;

use super::build_argument::BuildArgument;
use super::build_path::{file_in, is_remote, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool};
use super::shell_expansion::{ShellVariables, expand_shell};
use super::unknown_text::is_unknown;
use crate::repo::RelPath;

/// The variables of the `.env` beside a compose file.
struct EnvironmentFile(HashMap<String, String>);

impl ShellVariables for EnvironmentFile {
    fn value_of(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    fn folder(&self) -> Option<&str> {
        None
    }
}

impl EnvironmentFile {
    fn read_beside(reader: &BuildReader<'_>) -> Self {
        let path = file_in(reader.path.folder(), ".env");
        let text = (reader.read)(path.as_str()).unwrap_or_default();
        let mut values = Self(HashMap::new());
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if let Some((name, value)) = line.trim_start_matches("export ").split_once('=') {
                let value = value.trim().trim_matches(['"', '\'']);
                let value = values.expand(value);
                values.0.insert(name.trim().to_owned(), value);
            }
        }
        values
    }

    fn expand(&self, text: &str) -> String {
        // Two dollars stand for one.
        let parts: Vec<String> = text.split("$$").map(|part| expand_shell(part, self)).collect();
        parts.join("$")
    }
}

pub(super) fn find_compose_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    let environment = EnvironmentFile::read_beside(reader);
    let mut found = Vec::new();
    for root in yaml.roots() {
        let Some(services) = root.get("services") else { continue };
        for (name, service) in services.entries() {
            let Some(build) = service.get("build") else { continue };
            let recipe = build_recipe(reader, build, &environment);
            let line = service.key_line("build");
            let image = service.text_at(&["image"]).map(|image| environment.expand(image));
            let image = image.filter(|image| !is_unknown(image));
            let tool = if image.is_some() { BuildTool::Compose } else { BuildTool::ComposeService };
            let image = image.unwrap_or_else(|| name.to_owned());
            let service = Some(name.to_owned());
            found.push(FoundBuild { service, ..reader.found(tool, line, &image, recipe) });
        }
    }
    found
}

fn build_recipe(
    reader: &BuildReader<'_>,
    build: BuildNode<'_>,
    environment: &EnvironmentFile,
) -> BuildRecipe {
    let text = |key: &str| build.text_at(&[key]).map(|text| environment.expand(text));
    if build.get("dockerfile_inline").is_some() {
        return BuildRecipe::WithoutDockerfile("a Dockerfile within the file");
    }
    let context = build.text().map(|context| environment.expand(context)).or_else(|| text("context"));
    if context.as_deref().is_some_and(is_remote) {
        return BuildRecipe::elsewhere();
    }
    let context = resolve_path(reader.path.folder(), context.as_deref().unwrap_or("."));
    let path = context.and_then(|context| match text("dockerfile") {
        Some(file) => Some(RelPath::from(resolve_path(&context, &file)?.as_str())),
        None => Some(file_in(&context, "Dockerfile")),
    });
    let arguments = BuildArgument::list_in(build.get("args"), |text| environment.expand(text));
    BuildRecipe::of_path(path, text("target").filter(|stage| !stage.is_empty())).with_arguments(arguments)
}
