//! Tells files that say how images are built by their names, for the links between workloads and Dockerfiles.

use std::path::Path;

/// A longer file is none that people write to build images. It is listed, and not read.
pub const MAX_BUILD_FILE_BYTES: u64 = 512 * 1024;

/// The kind of a file that may say how images are built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BuildFileKind {
    Skaffold,
    Devspace,
    Tiltfile,
    Compose,
    Bake,
    Makefile,
    /// Of the runner `just`.
    Justfile,
    /// Of the runner `task`.
    Taskfile,
    Script,
    /// A workflow of GitHub, or an action that workflows use.
    Workflow,
    /// A pipeline of GitLab, Azure, CircleCI and others: shell text, and tasks.
    Pipeline,
    Jenkinsfile,
    CloudBuild,
    Goreleaser,
    /// The services of the Azure Developer CLI.
    Azd,
    /// `NAME=value` lines, which compose reads.
    Environment,
}

/// Folders whose files without an ending are often scripts.
const SCRIPT_FOLDERS: [&str; 9] = ["bin", "hack", "script", "scripts", "build", "ci", "tools", "dev", "make"];

impl BuildFileKind {
    /// The kind by the path alone.
    #[must_use]
    pub fn of_path(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let folder = |up: usize| path.ancestors().nth(up).and_then(Path::file_name).and_then(|f| f.to_str());
        let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        if is_yaml {
            return Self::of_yaml(stem, folder(1).unwrap_or_default(), folder(2).unwrap_or_default());
        }
        match name.as_str() {
            "makefile" | "gnumakefile" => return Some(Self::Makefile),
            "tiltfile" => return Some(Self::Tiltfile),
            "justfile" | ".justfile" => return Some(Self::Justfile),
            "jenkinsfile" => return Some(Self::Jenkinsfile),
            ".env" => return Some(Self::Environment),
            _ => {}
        }
        let ending = name.rsplit_once('.').map(|(_, ending)| ending);
        match ending {
            Some("mk" | "mak") => Some(Self::Makefile),
            Some("tiltfile") => Some(Self::Tiltfile),
            Some("just") => Some(Self::Justfile),
            Some("jenkinsfile") => Some(Self::Jenkinsfile),
            Some("sh" | "bash") => Some(Self::Script),
            Some("hcl" | "json") if stem.contains("bake") => Some(Self::Bake),
            Some("env") => Some(Self::Environment),
            _ if name.starts_with("makefile.") => Some(Self::Makefile),
            _ if name.starts_with("jenkinsfile.") => Some(Self::Jenkinsfile),
            None if folder(1).is_some_and(|folder| SCRIPT_FOLDERS.contains(&folder)) => Some(Self::Script),
            _ => None,
        }
    }

    /// The kind of a YAML file by its name without the ending, and the folders it lies in.
    fn of_yaml(stem: &str, folder: &str, above: &str) -> Option<Self> {
        let is_action = matches!(stem, "action") || (folder == "workflows" && above == ".github");
        if is_action {
            return Some(Self::Workflow);
        }
        if stem.starts_with("azure-pipeline") || folder.starts_with(".azure-pipelines") {
            return Some(Self::Pipeline);
        }
        let begins = |words: &[&str]| words.iter().any(|word| stem.starts_with(word));
        match stem {
            _ if begins(&["skaffold"]) => Some(Self::Skaffold),
            _ if begins(&["devspace"]) => Some(Self::Devspace),
            _ if stem.contains("compose") => Some(Self::Compose),
            _ if begins(&["cloudbuild", "cloud-build", ".cloudbuild"]) || stem.ends_with("cloudbuild") => {
                Some(Self::CloudBuild)
            }
            _ if begins(&["goreleaser", ".goreleaser"]) => Some(Self::Goreleaser),
            _ if begins(&["azure"]) => Some(Self::Azd),
            _ if begins(&["taskfile"]) => Some(Self::Taskfile),
            _ if begins(&[".gitlab-ci", "gitlab-ci", ".drone", ".travis", "bitbucket-pipelines"]) => {
                Some(Self::Pipeline)
            }
            _ if [".circleci", ".gitlab", "gitlab-ci", ".gitlab-ci", ".woodpecker", ".tekton"]
                .contains(&folder) =>
            {
                Some(Self::Pipeline)
            }
            _ => None,
        }
    }
}
