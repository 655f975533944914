//! Gives the pods that kustomizations build of a file, for those who run them as they are deployed.

use std::collections::BTreeSet;

use crate::audit::{AuditEngine, TemplateRender};
use crate::needs::{ObservedNeeds, TriedContainer};
use crate::repo::RelPath;
use crate::rules::PodView;
use crate::unit::UnitKind;

/// A pod as a kustomization builds it.
#[derive(Clone, Copy)]
pub struct BuiltPod<'a> {
    /// The kustomization's folder.
    pub folder: &'a RelPath,
    /// The `Kind/name` that its object has in its own file.
    pub first_name: &'a str,
    pub view: PodView<'a>,
}

impl AuditEngine {
    /// Each pod that a kustomization builds of a file, by the kustomizations.
    pub fn built_pods<'a>(&'a self, path: &RelPath) -> impl Iterator<Item = BuiltPod<'a>> + use<'a> {
        let renders = self.files.get(path).map(|file| file.current_record().renders.as_slice());
        let built =
            renders.unwrap_or_default().iter().filter(|render| render.unit.kind == UnitKind::Kustomization);
        built.flat_map(move |render| {
            self.render_pods(render).filter_map(|view| {
                let first_name = render.first_name_at(view.document.span.start)?;
                Some(BuiltPod { folder: &render.unit.path, first_name, view })
            })
        })
    }

    /// The texts that a kustomization builds, file by file.
    pub fn built_texts<'a>(&'a self, folder: &'a RelPath) -> impl Iterator<Item = &'a str> {
        let is_its = move |render: &&TemplateRender| {
            render.unit.kind == UnitKind::Kustomization && render.unit.path == *folder
        };
        let paths = self.overlays.get(folder).into_iter().flat_map(|overlay| &overlay.paths);
        let records = paths.filter_map(|path| self.files.get(path));
        records.flat_map(|file| &file.current_record().renders).filter(is_its).map(|render| &*render.text)
    }

    /// The files that a kustomization is made of.
    pub fn files_of_overlay(&self, folder: &RelPath) -> impl Iterator<Item = &RelPath> {
        self.overlays.get(folder).into_iter().flat_map(|overlay| &overlay.files)
    }

    /// What was seen of containers in files, also for what kustomizations build of them: it is the same program.
    pub(in crate::audit) fn with_built_needs(&self, mut observed: ObservedNeeds) -> ObservedNeeds {
        let mut further = Vec::new();
        for (container, need) in observed.iter() {
            let path = self.path_for_people(&container.path);
            for built in self.built_pods(&path).filter(|built| built.first_name == container.object) {
                let path = self.path_in_repository(built.view.path);
                let object = built.view.object.label();
                further.push((
                    TriedContainer { path, object, container: container.container.clone() },
                    need.clone(),
                ));
            }
        }
        let known: BTreeSet<TriedContainer> = observed.iter().map(|(own, _)| own.clone()).collect();
        for (container, need) in further.into_iter().filter(|(own, _)| !known.contains(own)) {
            observed.add(container, need);
        }
        observed
    }
}
