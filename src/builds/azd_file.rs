//! Finds the images that the Azure Developer CLI builds for its services.

use super::build_path::{file_in, resolve_path};
use super::build_reader::{BuildReader, FoundBuild};
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool};
use crate::repo::RelPath;

pub(super) fn find_azd_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    let mut found = Vec::new();
    for services in yaml.roots().filter_map(|root| root.get("services")) {
        for (name, service) in services.entries() {
            let Some(project) = service.text_at(&["project"]) else { continue };
            let is_docker =
                service.get("docker").is_some() || service.text_at(&["language"]) == Some("docker");
            if !is_docker {
                continue;
            }
            let recipe = service_recipe(reader.path.folder(), project, service);
            let image = service.text_at(&["docker", "image"]).unwrap_or(name);
            found.push(reader.found(BuildTool::AzdService, services.key_line(name), image, recipe));
        }
    }
    found
}

/// The Dockerfile's path is seen from the project.
fn service_recipe(folder: &str, project: &str, service: BuildNode<'_>) -> BuildRecipe {
    let project = resolve_path(folder, project);
    let path = project.and_then(|project| match service.text_at(&["docker", "path"]) {
        Some(file) => Some(RelPath::from(resolve_path(&project, file)?.as_str())),
        None => Some(file_in(&project, "Dockerfile")),
    });
    BuildRecipe::of_path(path, service.text_at(&["docker", "target"]).map(str::to_owned))
}
