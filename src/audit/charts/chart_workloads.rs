//! Gives what a chart's templates render, for those who ask what a file deploys: the walk, and fixes that lack a value.

use super::template_render::TemplateRender;
use crate::audit::{AuditEngine, FileContent};
use crate::kubernetes::ManifestDocument;
use crate::repo::{FileKind, RelPath};
use crate::rules::PodView;

impl AuditEngine {
    /// Each pod of a file as rules see it: of a chart's template those that it renders with the first value set with which
    /// it renders anything.
    pub fn deployed_pods<'a>(&'a self, path: &'a RelPath) -> impl Iterator<Item = PodView<'a>> {
        let record = self.files.get(path).filter(|record| record.is_chart_made);
        let renders = record.map(|record| record.renders.as_slice()).unwrap_or_default();
        let first = renders.first().map(|render| &render.unit);
        let of_first = renders.iter().filter(move |render| Some(&render.unit) == first);
        self.pod_views(path).chain(of_first.flat_map(|render| self.render_pods(render)))
    }

    /// Each pod of a render as rules see it.
    pub fn render_pods<'a>(&'a self, render: &'a TemplateRender) -> impl Iterator<Item = PodView<'a>> {
        let documents = render.manifest.documents.iter().enumerate();
        documents
            .flat_map(|place| PodView::of_document(&render.index_path, place, &self.index, &self.settings))
    }

    /// Each document of the manifests, and those that charts and kustomizations come to.
    pub fn deployed_documents(&self) -> impl Iterator<Item = &ManifestDocument> {
        let manifests = self.known_paths(FileKind::Manifest).filter_map(|path| match self.file(path)? {
            (_, FileContent::Manifest(manifest)) => Some(manifest),
            _ => None,
        });
        let renders = self.files.values().flat_map(|record| &record.renders);
        manifests.chain(renders.map(|render| &*render.manifest)).flat_map(|manifest| &manifest.documents)
    }

    /// Each pod in which a file has a part: of a chart's file those of all its templates.
    pub fn pods_reached<'a>(&'a self, path: &'a RelPath) -> impl Iterator<Item = PodView<'a>> {
        let chart = self.chart_of(path);
        let own = chart.is_none().then_some(path);
        let parts = chart.into_iter().flat_map(|folder| self.chart_files(folder));
        own.into_iter().chain(parts).flat_map(|path| self.deployed_pods(path))
    }
}
