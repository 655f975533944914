//! Finds the users that an app's program runs as once a chapter's change is made, read from the files as it leaves them.

use super::changed_pod::main_container_in;
use super::run_users::{RunUser, account_group, image_user, pod_user, user_words};
use super::walk_context::WalkContext;
use crate::dockerfile;
use crate::dockerfile::shell::ScriptCache;
use crate::fix::FixPlan;
use crate::kubernetes::Pod;
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

/// The users once the plan is written. `changed` is the pod then, where the plan changes its manifest.
pub(super) fn changed_users(scene: &WalkContext<'_>, plan: &FixPlan, changed: Option<&Pod>) -> ChangedUsers {
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
    let own = scene.main_container().map(|main| (main.pod.pod, main.container));
    let then = changed.and_then(|pod| Some((pod, main_container_in(scene, pod)?)));
    let (pod, needs_debug_user) = then.or(own).map_or((image, false), |(pod, container)| {
        (pod_user(pod, container, image, group), needs_debug_user(pod))
    });
    ChangedUsers { image, user_words: words, pod, needs_debug_user }
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
