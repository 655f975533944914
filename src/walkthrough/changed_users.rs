//! Finds the users that an app's program runs as once a chapter's change is made, read from the files as it leaves them.

use std::sync::Arc;

use super::run_users::{RunUser, account_group, image_user, pod_user, user_words};
use super::walk_context::{AppWorkload, WalkContext};
use crate::audit::RELEVANT_DOCUMENTS;
use crate::dockerfile;
use crate::dockerfile::shell::ScriptCache;
use crate::finding::FindingKey;
use crate::fix::{FixOrder, FixPlan, Planner};
use crate::kubernetes::{ManifestFile, Pod, parse_relevant};
use crate::project::DockerfileFacts;

/// The users once a change is made, read from the files as the change leaves them.
#[derive(Clone, Debug)]
pub(super) struct ChangedUsers {
    pub image: RunUser,
    /// The words after `USER` of the final stage.
    pub user_words: Option<String>,
    pub pod: RunUser,
    /// True where a container that is put beside it must name a user.
    pub needs_debug_user: bool,
}

/// The change of these findings, where it can be made.
pub(super) fn plan_change(scene: &WalkContext<'_>, keys: &[FindingKey]) -> Option<FixPlan> {
    let plan =
        (!keys.is_empty()).then(|| Planner::new(scene.engine).plan(&FixOrder::Findings(keys)).ok())??;
    (!plan.patches.is_empty()).then_some(plan)
}

/// The users once the plan is written.
pub(super) fn changed_users(scene: &WalkContext<'_>, plan: &FixPlan) -> ChangedUsers {
    let build = scene.main_dockerfile();
    let patched = build.and_then(|build| plan.patches.iter().find(|patch| patch.path == build.path));
    let text = patched.map(|patch| patch.after.text()).or(build.map(|build| build.source.text()));
    let file = text.map(dockerfile::parse);
    let (image, words) = match (text, &file) {
        (Some(text), Some(file)) => {
            (image_user(text, file, &DockerfileFacts::from_dockerfile(text, file)), user_words(text, file))
        }
        _ => (scene.image_user(), None),
    };
    let group =
        |uid: u32| account_group(&ScriptCache::new(text?, file.as_ref()?), file.as_ref()?, &uid.to_string());
    let (pod, needs_debug_user) = changed_pod_user(scene, plan, image, group).unwrap_or_else(|| {
        scene.main_container().map_or((image, false), |main| {
            let pod = main.pod.pod;
            (pod_user(pod, main.container, image, group), needs_debug_user(pod))
        })
    });
    ChangedUsers { image, user_words: words, pod, needs_debug_user }
}

/// The same in the pod, where the plan changes its manifest.
fn changed_pod_user(
    scene: &WalkContext<'_>,
    plan: &FixPlan,
    image: RunUser,
    group: impl Fn(u32) -> Option<u32>,
) -> Option<(RunUser, bool)> {
    let (main, workload) = (scene.main_container()?, scene.workload?);
    let manifest = changed_manifest(scene, plan, workload)?;
    let label = workload.view.object.label();
    let pods = manifest.documents.iter().flat_map(|document| {
        document.pods.iter().filter_map(|pod| Some((document.objects.get(pod.object_index)?, pod)))
    });
    let mut same = pods.filter(|(object, pod)| object.label() == label && pod.path == main.pod.pod.path);
    let (_, pod) = same.next()?;
    let container = pod.containers.iter().find(|own| own.path == main.container.path)?;
    Some((pod_user(pod, container, image, group), needs_debug_user(pod)))
}

/// True for a pod that refuses a container whose image runs as root and that names no user, as the one of a plain
/// `kubectl debug` is: that inherits the pod's own `runAsNonRoot`, and a user only where the pod itself has one (kubelet,
/// `verifyRunAsNonRoot`).
pub(super) fn needs_debug_user(pod: &Pod) -> bool {
    pod.model
        .security_context
        .get()
        .is_some_and(|own| own.run_as_non_root.get() == Some(&true) && own.run_as_user.get().is_none())
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
    own.map(|template| template.render.manifest)
}
