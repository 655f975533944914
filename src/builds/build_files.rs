//! Keeps the texts of all build files of a repository and what they claim, as they change.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use super::build_reader::{BuildReader, FoundBuild};
use super::build_script::ScriptRun;
use super::build_yaml::BuildYaml;
use super::image_claim::{BuildTool, ImageClaim};
use super::{
    azd_file, bake_file, cloud_build_file, compose_file, devspace_file, goreleaser_file, jenkinsfile,
    justfile, makefile, pipeline_file, skaffold_file, taskfile, tiltfile, workflow_file,
};
use crate::base::par_map;
use crate::repo::{BuildFileKind, RelPath};

/// The text of a build file.
pub type BuildText = Arc<str>;

/// The most claims that are kept of one file.
const MAX_CLAIMS: usize = 2_000;

/// All build files, by their paths in the repository.
#[derive(Clone, Debug, Default)]
pub struct BuildFiles {
    texts: BTreeMap<RelPath, BuildText>,
    claims: BTreeMap<RelPath, Vec<ImageClaim>>,
    /// The files that each of them reads, or would if they were there.
    reads: HashMap<RelPath, BTreeSet<RelPath>>,
}

impl BuildFiles {
    /// Takes in new texts, or none where a file is gone; true where a claim is different now. `root_name` is the name of
    /// the repository's folder.
    pub fn apply_changes(&mut self, changes: Vec<(RelPath, Option<BuildText>)>, root_name: &str) -> bool {
        let mut concerned = BTreeSet::new();
        for (path, text) in changes {
            let is_same = match text {
                Some(text) => {
                    self.texts.insert(path.clone(), Arc::clone(&text)).is_some_and(|old| old == text)
                }
                None => self.texts.remove(&path).is_none(),
            };
            if !is_same {
                concerned.insert(path);
            }
        }
        if concerned.is_empty() {
            return false;
        }
        let follows =
            |path: &RelPath| self.reads.get(path).is_some_and(|reads| !reads.is_disjoint(&concerned));
        let following: Vec<RelPath> = self.texts.keys().filter(|path| follows(path)).cloned().collect();
        concerned.extend(following);
        let read = par_map(concerned.into_iter().collect(), |path: RelPath| {
            let found =
                self.texts.get(&path).map(|text| read_claims((&path, &**text), &self.texts, root_name));
            (path, found)
        });
        let mut is_different = false;
        for (path, found) in read {
            let (claims, reads) = found.unwrap_or_default();
            is_different |= self.claims.get(&path).map_or(!claims.is_empty(), |old| *old != claims);
            if claims.is_empty() {
                self.claims.remove(&path);
            } else {
                self.claims.insert(path.clone(), claims);
            }
            self.reads.insert(path, reads);
        }
        is_different
    }

    /// What the files claim, each with the file that says so; of a part of a Makefile only where none includes it.
    pub fn iter_claims(&self) -> impl Iterator<Item = (&RelPath, &ImageClaim)> {
        let included: BTreeSet<&RelPath> = self
            .reads
            .iter()
            .filter(|(path, _)| kind_of(path) == Some(BuildFileKind::Makefile))
            .flat_map(|(path, reads)| reads.iter().filter(move |read| *read != path))
            .collect();
        let own = self.claims.iter().filter(move |(path, _)| !included.contains(path));
        own.flat_map(|(path, claims)| claims.iter().map(move |claim| (path, claim)))
    }
}

fn kind_of(path: &RelPath) -> Option<BuildFileKind> {
    BuildFileKind::of_path(Path::new(path.as_str()))
}

/// The claims of a file, and the paths of the files that it reads.
fn read_claims(
    (path, text): (&RelPath, &str),
    texts: &BTreeMap<RelPath, BuildText>,
    root_name: &str,
) -> (Vec<ImageClaim>, BTreeSet<RelPath>) {
    let reads = RefCell::new(BTreeSet::new());
    let read = |other: &str| {
        let other = RelPath::from(other);
        let text = texts.get(&other).map(ToString::to_string);
        reads.borrow_mut().insert(other);
        text
    };
    let reader = BuildReader { path, text, read: &read, root_name };
    let claims =
        reader.find_builds().into_iter().flat_map(FoundBuild::into_claims).take(MAX_CLAIMS).collect();
    (claims, reads.into_inner())
}

impl BuildReader<'_> {
    fn find_builds(&self) -> Vec<FoundBuild> {
        let Some(kind) = kind_of(self.path) else { return Vec::new() };
        match kind {
            BuildFileKind::Environment => Vec::new(),
            BuildFileKind::Makefile if is_part(self.path) => {
                self.builds_in_each_folder(|folder| makefile::find_make_builds(self, folder))
            }
            BuildFileKind::Makefile => makefile::find_make_builds(self, self.path.folder()),
            BuildFileKind::Script => self.builds_in_each_folder(|folder| self.script_builds(folder)),
            BuildFileKind::Tiltfile => tiltfile::find_tilt_builds(self),
            BuildFileKind::Bake => bake_file::find_bake_builds(self),
            BuildFileKind::Jenkinsfile => jenkinsfile::find_jenkins_builds(self),
            BuildFileKind::Justfile if self.path.file_name().ends_with(".just") => {
                self.builds_in_each_folder(|folder| justfile::find_just_builds(self, folder))
            }
            BuildFileKind::Justfile => justfile::find_just_builds(self, self.path.folder()),
            BuildFileKind::Taskfile => {
                let yaml = BuildYaml::parse(self.text);
                self.builds_in_each_folder(|folder| taskfile::find_task_builds(self, &yaml, folder))
            }
            _ => self.yaml_builds(kind),
        }
    }

    fn yaml_builds(&self, kind: BuildFileKind) -> Vec<FoundBuild> {
        let yaml = BuildYaml::parse(self.text);
        let find = match kind {
            BuildFileKind::Skaffold => skaffold_file::find_skaffold_builds,
            BuildFileKind::Devspace => devspace_file::find_devspace_builds,
            BuildFileKind::Compose => compose_file::find_compose_builds,
            BuildFileKind::Workflow => workflow_file::find_workflow_builds,
            BuildFileKind::CloudBuild => cloud_build_file::find_cloud_builds,
            BuildFileKind::Goreleaser => goreleaser_file::find_release_builds,
            BuildFileKind::Azd => azd_file::find_azd_builds,
            _ => pipeline_file::find_pipeline_builds,
        };
        find(self, &yaml)
    }

    fn script_builds(&self, folder: &str) -> Vec<FoundBuild> {
        let mut run = ScriptRun::new(folder, HashMap::new(), self.read).of_script(self.path.as_str());
        run.follow_text(self.text, 1);
        let builds = run.into_builds().into_iter();
        builds.map(|build| FoundBuild::of_script(build, BuildTool::Script, self.path.clone())).collect()
    }
}

/// True for a part of a Makefile, which others include.
fn is_part(path: &RelPath) -> bool {
    let name = path.file_name();
    name.ends_with(".mk") || name.ends_with(".mak")
}
