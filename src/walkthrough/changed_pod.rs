//! Finds an app's pod as a change would leave it, read from the changed files.

use std::sync::Arc;

use super::walk_context::{AppWorkload, WalkContext};
use crate::audit::RELEVANT_DOCUMENTS;
use crate::fix::FixPlan;
use crate::kubernetes::{Container, ManifestFile, Pod, parse_relevant};

/// The pod once the plan is written; none where the plan does not write the file that it stands in.
pub(super) fn changed_pod(scene: &WalkContext<'_>, plan: &FixPlan) -> Option<Pod> {
    let (main, workload) = (scene.main_container()?, scene.workload?);
    let manifest = changed_manifest(scene, plan, workload)?;
    let label = workload.view.object.label();
    let pods = manifest.documents.iter().flat_map(|document| {
        document.pods.iter().filter_map(|pod| Some((document.objects.get(pod.object_index)?, pod)))
    });
    let mut same = pods.filter(|(object, pod)| object.label() == label && pod.path == main.pod.pod.path);
    same.next().map(|(_, pod)| pod.clone())
}

/// The container of a pod that the chapters are about, as the pod has it.
pub(super) fn main_container_in<'p>(scene: &WalkContext<'_>, pod: &'p Pod) -> Option<&'p Container> {
    let main = scene.main_container()?;
    pod.containers.iter().find(|own| own.path == main.container.path)
}

/// The manifest as the plan leaves it: of a chart what its template renders then.
fn changed_manifest(
    scene: &WalkContext<'_>,
    plan: &FixPlan,
    workload: AppWorkload<'_>,
) -> Option<Arc<ManifestFile>> {
    let Some(folder) = workload.chart else {
        let patch = plan.patches.iter().find(|patch| patch.path == *workload.view.path)?;
        return Some(Arc::new(parse_relevant(&patch.after.text().into(), RELEVANT_DOCUMENTS)));
    };
    let view = scene.engine.chart_view(folder)?;
    let texts = plan.patches.iter();
    let texts = texts.filter_map(|patch| {
        view.find_file(&view.name_of(&patch.path)?)?;
        Some((view.name_of(&patch.path)?, patch.after.shared_text().clone()))
    });
    let templates = view.with_texts(&texts.collect(), &view.templates, |_, _| true)?;
    let own = templates.into_iter().find(|template| template.render.index_path == *workload.view.path);
    own.map(|template| Arc::clone(&template.render.manifest))
}
