//! Lists the apps of a repository that can be tried, and finds the image of each container: one that is here, or the
//! Dockerfile that builds it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::audit::{AuditEngine, FileContent};
use crate::builds::BuildArgument;
use crate::dockerfile::{BuildStage, InstructionKind, variables_in};
use crate::image::Reference;
use crate::project::LinkAnswer;
use crate::repo::{FileKind, RelPath};
use crate::rules::{ContainerView, PodView};

/// An app: the workload that is tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrialTarget {
    pub path: RelPath,
    /// `Kind/name`, as its own file has it.
    pub object: String,
    /// The folder of the kustomization that builds it; none for an app as it is written, or as its chart renders it.
    pub overlay: Option<RelPath>,
}

/// The Dockerfile of a container's image, and how that is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImageRecipe {
    /// From the audit's root.
    pub dockerfile: RelPath,
    pub file: PathBuf,
    pub context: PathBuf,
    pub stage: Option<String>,
    /// What the build is given, as the build file says it that shows the link.
    pub arguments: Vec<BuildArgument>,
    /// The uid that it ends as, where the Dockerfile says it.
    pub uid: Option<u32>,
    /// The images that it is built on, as they are written; none where one is not known.
    pub bases: Vec<String>,
}

impl TrialTarget {
    /// All workloads that deploy containers, in the order of their files: as kustomizations here build them, where any
    /// does, else as they are written.
    #[must_use]
    pub fn list_all(engine: &AuditEngine) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let paths: BTreeSet<&RelPath> =
            engine.audited_paths().chain(engine.known_paths(FileKind::Manifest)).collect();
        for path in paths {
            let built: Vec<Self> = engine
                .built_pods(path)
                .filter(|built| is_within(built.folder) && !built.view.pod.containers.is_empty())
                .map(|built| Self {
                    path: path.clone(),
                    object: built.first_name.to_owned(),
                    overlay: Some(built.folder.clone()),
                })
                .collect();
            let written = engine
                .deployed_pods(path)
                .filter(|view| !engine.is_context(path) && !view.is_patch && !view.pod.containers.is_empty());
            let written =
                written.map(|view| Self { path: path.clone(), object: view.object.label(), overlay: None });
            let is_built = |own: &Self| built.iter().any(|other| other.object == own.object);
            let written: Vec<Self> = written.filter(|own| !is_built(own)).collect();
            for own in written.into_iter().chain(built.iter().cloned()) {
                if !found.contains(&own) {
                    found.push(own);
                }
            }
        }
        found
    }

    /// The app of a file as it is deployed: as the kustomization that was chosen builds it, else as the first that does.
    #[must_use]
    pub fn as_deployed(engine: &AuditEngine, path: RelPath, object: &str, chosen: Option<&RelPath>) -> Self {
        let built = engine.built_pods(&path).filter(|built| {
            is_within(built.folder) && (built.first_name == object || built.view.object.label() == object)
        });
        let all: Vec<(RelPath, String)> =
            built.map(|built| (built.folder.clone(), built.first_name.to_owned())).collect();
        let is_chosen = |(folder, _): &&(RelPath, String)| Some(folder) == chosen;
        let overlay = all.iter().find(is_chosen).or_else(|| all.first()).cloned();
        match overlay {
            Some((folder, object)) => Self { path, object, overlay: Some(folder) },
            None => Self { path, object: object.to_owned(), overlay: None },
        }
    }

    /// True for the app that a person names: by its object's name, with its kind or without, in its file or as it is
    /// built; and with the kustomization's folder before it, for that alone.
    #[must_use]
    pub fn is_named(&self, engine: &AuditEngine, name: &str) -> bool {
        let (folder, name) =
            name.rsplit_once(':').map_or((None, name), |(folder, name)| (Some(folder), name));
        let is_object = |own: &str| own == name || own.split_once('/').is_some_and(|(_, own)| own == name);
        let is_its_folder = |folder: &str| {
            self.overlay
                .as_ref()
                .is_some_and(|own| own.as_str().trim_matches('/') == folder.trim_matches('/'))
        };
        let built = self.find_pod(engine).map(|view| view.object.label());
        folder.is_none_or(is_its_folder)
            && (is_object(&self.object) || built.is_some_and(|own| is_object(&own)))
    }

    /// The app by its object, and by what builds it.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.overlay {
            Some(folder) => format!("{} as {} builds it", self.object, folder_name(folder)),
            None => self.object.clone(),
        }
    }

    /// Its pod.
    #[must_use]
    pub fn find_pod<'a>(&'a self, engine: &'a AuditEngine) -> Option<PodView<'a>> {
        let Some(folder) = &self.overlay else {
            return engine.deployed_pods(&self.path).find(|view| view.object.label() == self.object);
        };
        let mut built = engine.built_pods(&self.path);
        built.find(|own| own.folder == folder && own.first_name == self.object).map(|own| own.view)
    }
}

/// True for a folder of what is audited; what builds on it from without is another's to try.
fn is_within(folder: &RelPath) -> bool {
    !folder.as_str().starts_with("..")
}

/// A folder in a sentence.
fn folder_name(folder: &RelPath) -> &str {
    if matches!(folder.as_str(), "" | ".") { "this folder" } else { folder.as_str() }
}

/// How the image of a container is built here; else the reason why nothing here builds it.
pub(super) fn find_recipe(engine: &AuditEngine, view: ContainerView<'_>) -> Result<ImageRecipe, String> {
    let none = || "no Dockerfile here builds it".to_owned();
    let answer = engine.repository().link_answer(&view.key()).ok_or_else(none)?;
    let LinkAnswer::Linked(link) = answer else { return Err(answer.reason().unwrap_or_else(none)) };
    let file = link.dockerfile.to_absolute(engine.root());
    let arguments = engine.repository().build_arguments(link, view.image().unwrap_or_default());
    Ok(ImageRecipe {
        context: find_context(engine, &link.dockerfile, &file),
        bases: find_bases(engine, &link.dockerfile, &arguments),
        arguments,
        dockerfile: link.dockerfile.clone(),
        stage: link.stage.clone(),
        uid: engine.repository().dockerfile_facts(link).and_then(|facts| facts.user.uid()),
        file,
    })
}

/// The folder that a Dockerfile is built in: its own, or the nearest above that holds all that it copies.
fn find_context(engine: &AuditEngine, dockerfile: &RelPath, file: &Path) -> PathBuf {
    let own = file.parent().unwrap_or(Path::new("/")).to_path_buf();
    let Some((_, FileContent::Dockerfile(content))) = engine.file(dockerfile) else { return own };
    let copied: Vec<&str> = content
        .instructions
        .iter()
        .filter_map(|instruction| match &instruction.kind {
            InstructionKind::Copy { sources, .. } if instruction.flag_values("from").next().is_none() => {
                Some(sources)
            }
            _ => None,
        })
        .flatten()
        .map(|word| word.text.as_str())
        .filter(|text| !text.contains(['*', '?', '[', '$', ':', '<']))
        .collect();
    let root = engine.repository_root();
    let mut folders = own.ancestors().take_while(|folder| folder.starts_with(root));
    let holds = |folder: &&Path| copied.iter().all(|path| folder.join(path.trim_start_matches('/')).exists());
    folders.find(holds).map_or_else(|| own.clone(), Path::to_path_buf)
}

/// The images of a Dockerfile's stages, but for those whose names are given to the build.
fn find_bases(engine: &AuditEngine, dockerfile: &RelPath, arguments: &[BuildArgument]) -> Vec<String> {
    let Some((_, FileContent::Dockerfile(content))) = engine.file(dockerfile) else { return Vec::new() };
    let is_given = |stage: &BuildStage| {
        let from = content.instructions.get(stage.from_index).map(|from| &from.kind);
        let Some(InstructionKind::From { image, .. }) = from else { return false };
        variables_in(&image.text).any(|name| arguments.iter().any(|own| own.name == name))
    };
    let named =
        content.stages.iter().filter(|stage| !is_given(stage)).filter_map(|stage| match &stage.base {
            crate::dockerfile::StageBase::Image(name) => Some(name.clone()),
            _ => None,
        });
    named.filter(|name| name != "scratch" && Reference::parse(name).is_ok()).collect()
}
