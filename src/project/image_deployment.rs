//! Says how the repository's workloads run the image that a Dockerfile builds, for its rules.

use std::collections::{BTreeSet, HashMap};

use super::facts_delta::FactsByFile;
use super::image_links::ImageLinks;
use super::uid_allocator::{LOWEST_UID, find_container};
use crate::repo::RelPath;

/// How workloads run an image. By default none does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImageDeployment {
    /// True where a workload runs it.
    pub is_deployed: bool,
    /// True where each of them sets a uid of 10000 or more, so that the image's own counts for none.
    pub sets_high_uid: bool,
}

/// The deployment of each image that a workload runs.
#[derive(Clone, Debug, Default)]
pub(super) struct DeploymentIndex(HashMap<RelPath, ImageDeployment>);

impl DeploymentIndex {
    pub(super) fn deployment_of(&self, dockerfile: &RelPath) -> ImageDeployment {
        self.0.get(dockerfile).copied().unwrap_or_default()
    }

    /// Finds the deployments of Dockerfiles anew whose workloads may have changed, and returns those with another one now.
    pub(super) fn update_deployments<'p>(
        &mut self,
        files: &FactsByFile,
        links: &ImageLinks,
        relinked: impl IntoIterator<Item = &'p RelPath>,
    ) -> BTreeSet<RelPath> {
        let mut moved = BTreeSet::new();
        for path in relinked {
            let containers = links.containers_running(path).filter_map(|key| find_container(files, key));
            let mut deployment = ImageDeployment::default();
            for container in containers {
                let is_high = container.uid.is_some_and(|uid| uid >= LOWEST_UID);
                deployment.sets_high_uid = is_high && (deployment.sets_high_uid || !deployment.is_deployed);
                deployment.is_deployed = true;
            }
            if self.0.insert(path.clone(), deployment).unwrap_or_default() != deployment {
                moved.insert(path.clone());
            }
        }
        moved
    }
}
