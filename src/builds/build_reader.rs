//! Hands a build file to the reader of its kind, and takes the images that it finds.

use super::build_script::{ReadScript, ScriptBuild};
use super::image_claim::{BuildRecipe, BuildTool, ClaimedImage, ImageClaim};
use crate::repo::RelPath;

/// A build file that is read, and the others that it may read.
pub(super) struct BuildReader<'a> {
    pub path: &'a RelPath,
    pub text: &'a str,
    pub read: ReadScript<'a>,
    /// The name of the repository's folder; empty where it lies in none.
    pub root_name: &'a str,
}

/// An image that a build file builds, under one or more names.
#[derive(Clone, Debug)]
pub(super) struct FoundBuild {
    pub images: Vec<String>,
    pub recipe: BuildRecipe,
    pub tool: BuildTool,
    pub path: RelPath,
    pub line: usize,
    pub service: Option<String>,
}

impl BuildReader<'_> {
    /// The folders in which it may be started: its own, and the repository's root.
    fn start_folders(&self) -> Vec<&str> {
        let own = self.path.folder();
        if own.is_empty() { vec![own] } else { vec![own, ""] }
    }

    /// The images that it builds in any of the folders in which it may be started.
    pub(super) fn builds_in_each_folder(&self, find: impl Fn(&str) -> Vec<FoundBuild>) -> Vec<FoundBuild> {
        self.start_folders().into_iter().map(find).reduce(merge_choices).unwrap_or_default()
    }

    /// An image of this file.
    pub(super) fn found(&self, tool: BuildTool, line: usize, image: &str, recipe: BuildRecipe) -> FoundBuild {
        let images = vec![image.to_owned()];
        FoundBuild { images, recipe, tool, path: self.path.clone(), line, service: None }
    }
}

/// What the same file builds when it is started in one folder or the other.
fn merge_choices(mut first: Vec<FoundBuild>, second: Vec<FoundBuild>) -> Vec<FoundBuild> {
    for other in second {
        let same = first.iter_mut().find(|own| own.line == other.line && own.images == other.images);
        match (same.map(|own| &mut own.recipe), other.recipe) {
            (None, _) => {}
            (
                Some(BuildRecipe::Dockerfile { choices, .. }),
                BuildRecipe::Dockerfile { choices: more, .. },
            ) => {
                choices.extend(more);
            }
            (Some(own), recipe @ BuildRecipe::Dockerfile { .. }) => *own = recipe,
            (Some(_), _) => {}
        }
    }
    first
}

impl FoundBuild {
    pub(super) fn of_script(build: ScriptBuild, tool: BuildTool, path: RelPath) -> Self {
        let ScriptBuild { images, recipe, line } = build;
        Self { images, recipe, tool, path, line, service: None }
    }

    /// A claim for each name of the image that is known.
    pub(super) fn into_claims(self) -> Vec<ImageClaim> {
        let mut images: Vec<ClaimedImage> = Vec::new();
        let named = self.images.iter().filter_map(|image| ClaimedImage::from_text(image));
        for image in named.flat_map(|image| [image.without_platform(), Some(image)]).flatten() {
            if !images.contains(&image) {
                images.push(image);
            }
        }
        let claim = |image: Option<ClaimedImage>, service: Option<String>| ImageClaim {
            image,
            recipe: self.recipe.clone(),
            tool: self.tool,
            path: self.path.clone(),
            line: self.line,
            service,
        };
        if images.is_empty() && self.service.is_some() {
            return vec![claim(None, self.service.clone())];
        }
        // A service is one, whatever its image is called.
        let mut service = self.service.clone();
        images.into_iter().map(|image| claim(Some(image), service.take())).collect()
    }
}
