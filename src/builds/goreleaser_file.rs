//! Finds the images that GoReleaser builds.

use super::build_argument::BuildArgument;
use super::build_path::resolve_path;
use super::build_reader::{BuildReader, FoundBuild};
use super::build_yaml::{BuildNode, BuildYaml};
use super::image_claim::{BuildRecipe, BuildTool};
use super::placeholders::expand_placeholders;
use super::unknown_text::unknown_value;
use crate::repo::RelPath;

pub(super) fn find_release_builds(reader: &BuildReader<'_>, yaml: &BuildYaml) -> Vec<FoundBuild> {
    let mut found = Vec::new();
    for root in yaml.roots() {
        for key in ["dockers", "dockers_v2"] {
            for docker in root.get(key).into_iter().flat_map(BuildNode::items) {
                let images = docker.get("image_templates").or_else(|| docker.get("images"));
                let images = images.map(BuildNode::texts).unwrap_or_default();
                let images = images.into_iter().map(expand_template).collect();
                let file = docker.text_at(&["dockerfile"]).unwrap_or("Dockerfile");
                let path = resolve_path(reader.path.folder(), &expand_template(file));
                let flags = docker.get("build_flag_templates").map(BuildNode::texts).unwrap_or_default();
                let flags = flags.into_iter().filter_map(|flag| flag.strip_prefix("--build-arg="));
                let mut arguments: Vec<BuildArgument> =
                    flags.filter_map(|flag| BuildArgument::from_word(&expand_template(flag))).collect();
                arguments.extend(BuildArgument::list_in(docker.get("build_args"), expand_template));
                let path = path.map(|path| RelPath::from(path.as_str()));
                let recipe = BuildRecipe::of_path(path, None).with_arguments(arguments);
                let (tool, path, line) = (BuildTool::Goreleaser, reader.path.clone(), docker.line());
                found.push(FoundBuild { images, recipe, tool, path, line, service: None });
            }
        }
        for ko in root.get("kos").into_iter().flat_map(BuildNode::items) {
            let repositories = ko.get("repositories").or_else(|| ko.get("repository"));
            let images = repositories.map(BuildNode::texts).unwrap_or_default();
            let images = images.into_iter().map(expand_template).collect();
            let (tool, path, line) = (BuildTool::Goreleaser, reader.path.clone(), ko.line());
            let recipe = BuildRecipe::WithoutDockerfile("ko");
            found.push(FoundBuild { images, recipe, tool, path, line, service: None });
        }
    }
    found
}

/// The text with each `{{ … }}` marked as what only a release knows.
fn expand_template(text: &str) -> String {
    expand_placeholders(text, ["{{", "}}"], |_, whole| unknown_value(whole))
}
