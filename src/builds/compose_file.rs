//! Finds the images that compose builds, and the services that run them.

use std::collections::HashMap;

use super::build_argument::BuildArgument;
use super::build_path::{file_in, is_remote, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool};
use super::shell_expansion::{ShellVariables, expand_shell};
use super::unknown_text::{has_unknown, is_unknown};
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
        let projects = project_names(reader, root, &environment);
        for (name, service) in services.entries() {
            let Some(build) = service.get("build") else { continue };
            let recipe = build_recipe(reader, build, &environment);
            let line = service.key_line("build");
            let image = service.text_at(&["image"]).map(|image| environment.expand(image));
            let image = image.filter(|image| !is_unknown(image));
            let tool = if image.is_some() { BuildTool::Compose } else { BuildTool::ComposeService };
            let images = match image {
                Some(image) => vec![image],
                None => [name.to_owned()].into_iter().chain(default_images(&projects, name)).collect(),
            };
            let (service, path) = (Some(name.to_owned()), reader.path.clone());
            found.push(FoundBuild { images, recipe, tool, path, line, service });
        }
    }
    found
}

/// The names that the project may have: as a file says, else that of the folder, as today's compose and the first one
/// wrote it.
fn project_names(
    reader: &BuildReader<'_>,
    root: BuildNode<'_>,
    environment: &EnvironmentFile,
) -> Vec<String> {
    let written = root.text_at(&["name"]).map(|name| environment.expand(name));
    let written = written.or_else(|| environment.value_of("COMPOSE_PROJECT_NAME"));
    let folder = match reader.path.folder() {
        "" => reader.root_name,
        folder => folder.rsplit('/').next().unwrap_or(folder),
    };
    let name = written.unwrap_or_else(|| folder.to_owned());
    if name.is_empty() || has_unknown(&name) {
        return Vec::new();
    }
    let keep = |is_kept: fn(char) -> bool| -> String {
        name.to_lowercase().chars().filter(|c| is_kept(*c)).collect()
    };
    let today = keep(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    let first = keep(|c| c.is_ascii_alphanumeric());
    if today == first { vec![today] } else { vec![today, first] }
}

/// The names that compose gives the image of a service that has none: with a dash today, with an underscore before.
fn default_images(projects: &[String], service: &str) -> Vec<String> {
    let named = |project: &String| [format!("{project}-{service}"), format!("{project}_{service}")];
    projects.iter().filter(|project| !project.is_empty()).flat_map(named).collect()
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
