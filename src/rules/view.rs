//! What a check sees of its subject.

use crate::dockerfile::Dockerfile;
use crate::manifest::{Container, Document, Manifest, Object, Pod};
use crate::repo::RelPath;
use crate::settings::Settings;

/// A Dockerfile with its text.
#[derive(Clone, Copy)]
pub struct BuildView<'a> {
    pub path: &'a RelPath,
    pub text: &'a str,
    pub file: &'a Dockerfile,
    pub settings: &'a Settings,
    /// Whether a `.dockerignore` governs the build.
    pub has_ignore_file: bool,
}

/// One document of a manifest.
#[derive(Clone, Copy)]
pub struct DocumentView<'a> {
    pub path: &'a RelPath,
    pub text: &'a str,
    pub manifest: &'a Manifest,
    pub document: &'a Document,
    /// Its index in the file.
    pub index: usize,
    pub settings: &'a Settings,
}

/// One pod.
#[derive(Clone, Copy)]
pub struct PodView<'a> {
    pub path: &'a RelPath,
    pub document: &'a Document,
    /// The document's index in the file, and the pod's in the document.
    pub at: (usize, usize),
    pub object: &'a Object,
    pub pod: &'a Pod,
    /// Whether it is a patch of a kustomization: judged on what it says, never on what it lacks.
    pub patch: bool,
    pub settings: &'a Settings,
}

/// One container of a pod.
#[derive(Clone, Copy)]
pub struct ContainerView<'a> {
    pub pod: PodView<'a>,
    pub container: &'a Container,
    /// Its index among all of the pod's containers.
    pub index: usize,
}

impl<'a> PodView<'a> {
    /// Each container with what surrounds it.
    pub fn containers(self) -> impl Iterator<Item = ContainerView<'a>> {
        let containers = self.pod.containers.iter().enumerate();
        containers.map(move |(index, container)| ContainerView { pod: self, container, index })
    }
}
