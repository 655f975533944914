//! Words each chapter's check as a command that can be run: it names the pod and the build, and calls no tool that the
//! image may lack.

use super::Chapter;
use super::changed_users::needs_debug_user;
use super::level_obstacles::name_warned_reasons;
use super::planned_change::PlannedChange;
use super::run_users::user_words;
use super::walk_context::WalkContext;
use crate::helm::RenderOptions;
use crate::text::quote_shell_word;

/// The most labels that select a pod: more only make the command long.
const MAX_LABELS: usize = 3;
/// The kinds in whose place `kubectl exec` takes one of their pods (kubectl, `SelectorsForObject`).
const EXEC_KINDS: [&str; 6] = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Pod"];
/// The file that a command names the user of a debug container in.
const DEBUG_FILE: &str = "debug-user.json";
/// What stands for a uid or a gid that the files do not tell.
const UNKNOWN_NUMBER: &str = "NUMBER";
/// The name that the commands give to the image that they build.
pub(super) const BUILT_IMAGE: &str = "try";

/// A command that shows the result of a chapter's change, and its output then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunnableCheck {
    pub command: String,
    pub answer: String,
}

/// The check of a chapter, as it answers once its change is made, where there is one to make.
pub(super) fn chapter_check(
    scene: &WalkContext<'_>,
    chapter: Chapter,
    change: Option<&PlannedChange>,
) -> RunnableCheck {
    let (command, answer) = check_words(scene, chapter);
    let names = placeholder_values(scene, change);
    let command = fill_placeholders(&names, command);
    let own = scene.workload.filter(|_| chapter == Chapter::PodSecurity).map(|workload| workload.view.pod);
    let pod = own.map(|own| change.and_then(|change| change.pod.as_ref()).unwrap_or(own));
    // The server warns of every pod that the level forbids, whichever chapter is to mend it.
    let answer = match pod.and_then(name_warned_reasons) {
        Some(names) => format!("Prints a warning about this workload: {names}."),
        None => fill_placeholders(&names, answer),
    };
    RunnableCheck { command, answer }
}

/// The check of a chapter that is open, or not known to be met, and has no change: its answer is that of the files as
/// they are.
pub(super) fn standing_check(scene: &WalkContext<'_>, chapter: Chapter) -> RunnableCheck {
    let RunnableCheck { command, answer } = chapter_check(scene, chapter, None);
    let is_inspected = check_words(scene, chapter).1.contains("{user}");
    let answer = if chapter == Chapter::Command {
        "Prints the two lists; one that begins with a shell is what is left to do.".to_owned()
    } else if is_inspected && own_user_words(scene).is_some_and(|words| words.is_empty()) {
        "Now: prints an empty line, which means root.".to_owned()
    } else if answer.contains(UNKNOWN_NUMBER) {
        "What it prints now, the files do not tell.".to_owned()
    } else {
        format!("Now: {}", answer.replacen("Prints", "prints", 1))
    };
    RunnableCheck { command, answer }
}

/// The words of a chapter's check: its command and the answer, with placeholders.
fn check_words(scene: &WalkContext<'_>, chapter: Chapter) -> (&'static str, &'static str) {
    let text = chapter.text();
    let build = text.dockerfile_check.filter(|_| scene.workload.is_none());
    let beside = text.check_from_beside.filter(|_| !scene.image_tools().are_known());
    build.or(beside).unwrap_or((text.check_command, text.expected_output))
}

/// The pod as an argument of a command: by its name, else the first one with the labels of the workload's pods.
pub(super) fn pod_argument(scene: &WalkContext<'_>) -> String {
    let Some(workload) = scene.workload else { return "POD".to_owned() };
    if workload.view.object.kind == "Pod"
        && let Some(name) = &workload.view.object.name
    {
        return format!("pod/{}", argument_word(name));
    }
    let selector = label_selector(scene);
    if selector.is_empty() {
        return "POD".to_owned();
    }
    format!("\"$(kubectl get pod{}{selector} -o name | head -n 1)\"", namespace_option(scene))
}

/// ` -l app=tides`; empty where the pods have no label.
fn label_selector(scene: &WalkContext<'_>) -> String {
    let labels = scene.workload.map(|workload| &workload.view.pod.labels);
    // Of a chart's pods those that hold its release's name: what that is, is not known here.
    let labels = labels.into_iter().flatten().filter(|(_, value)| !is_of_release(scene, value));
    let labels: Vec<String> = labels.take(MAX_LABELS).map(|(key, value)| format!("{key}={value}")).collect();
    if labels.is_empty() { String::new() } else { format!(" -l {}", quote_shell_word(&labels.join(","))) }
}

/// True for a name that a chart makes of its release's: it was rendered with one that nobody installs it by.
fn is_of_release(scene: &WalkContext<'_>, name: &str) -> bool {
    scene.workload.is_some_and(|workload| workload.chart.is_some())
        && name.contains(&RenderOptions::default().release)
}

fn namespace_option(scene: &WalkContext<'_>) -> String {
    match scene.workload.map(|workload| workload.view.namespace()) {
        None | Some("default") => String::new(),
        Some(namespace) => format!(" -n {}", argument_word(namespace)),
    }
}

/// A user that owns nothing, for a container that only looks. What it reads of a process anybody may read.
const NOBODY: u32 = 65534;

/// `kubectl debug` with a container that has the tools, in sight of the program's processes. It takes a pod, never a
/// workload (kubectl, `debug.go`). Where the pod would refuse it as root, it names a user: by a part of its spec in a
/// file, which kubectl takes beside a profile from 1.31 on (KEP-4292).
fn debug_command(scene: &WalkContext<'_>, needs_user: bool) -> String {
    let target =
        scene.main_container().and_then(|main| main.container.name.as_deref()).unwrap_or("CONTAINER");
    let (before, user) = if needs_user {
        let file = format!("echo '{{\"securityContext\":{{\"runAsUser\":{NOBODY}}}}}' > {DEBUG_FILE} && ");
        (file, format!(" --profile=restricted --custom={DEBUG_FILE}"))
    } else {
        (String::new(), String::new())
    };
    format!(
        "{before}kubectl debug -it{} {} --image=busybox --target={}{user} --",
        namespace_option(scene),
        pod_argument(scene),
        quote_shell_word(target)
    )
}

/// `kubectl exec` into the main container.
fn exec_command(scene: &WalkContext<'_>) -> String {
    let kind = scene.workload.map(|workload| workload.view.object.kind.as_str()).unwrap_or_default();
    let target = match scene.kubectl_target() {
        Some(target) if EXEC_KINDS.contains(&kind) && !is_of_release(scene, &target) => {
            argument_word(&target)
        }
        _ => pod_argument(scene),
    };
    let several = scene.workload.is_some_and(|workload| workload.view.pod.containers.len() > 1);
    let name = scene.main_container().and_then(|main| main.container.name.as_deref()).filter(|_| several);
    let container = name.map(|name| format!(" -c {}", quote_shell_word(name))).unwrap_or_default();
    format!("kubectl exec{} {target}{container} --", namespace_option(scene))
}

/// `docker build` of the main container's image. What the build reads lies in the Dockerfile's folder, as far as is
/// known.
pub(super) fn build_command(scene: &WalkContext<'_>) -> String {
    let path = scene.main_dockerfile().or(scene.dockerfiles.first()).map(|build| build.path.as_str());
    let (folder, name) =
        path.map_or((".", "Dockerfile"), |path| path.rsplit_once('/').unwrap_or((".", path)));
    let file = match path {
        Some(path) if name != "Dockerfile" => format!(" -f {}", argument_word(path)),
        _ => String::new(),
    };
    format!("docker build -t {BUILT_IMAGE}{file} {}", argument_word(folder))
}

/// The values that replace each name in a chapter's commands.
fn placeholder_values(
    scene: &WalkContext<'_>,
    change: Option<&PlannedChange>,
) -> [(&'static str, String); 13] {
    let changed = change.map(|change| &change.users);
    let number = |id: Option<u32>| id.map_or_else(|| UNKNOWN_NUMBER.to_owned(), |id| id.to_string());
    let image = changed.map_or_else(|| scene.image_user(), |users| users.image);
    let pod = changed.map_or_else(|| scene.pod_user(), |users| users.pod);
    let needs_debug_user = changed.map_or_else(
        || scene.main_container().is_some_and(|main| needs_debug_user(main.pod.pod)),
        |users| users.needs_debug_user,
    );
    let words = changed.and_then(|users| users.user_words.clone()).or_else(|| own_user_words(scene));
    let words = words.filter(|words| !words.is_empty());
    let namespace = scene.workload.map_or("default", |workload| workload.view.namespace());
    let folder = scene.main_dockerfile().and_then(|build| build.path.as_str().rsplit_once('/'));
    [
        ("{namespace}", argument_word(namespace)),
        ("{in}", namespace_option(scene)),
        ("{select}", label_selector(scene)),
        ("{exec}", exec_command(scene)),
        ("{debug}", debug_command(scene, needs_debug_user)),
        ("{build}", build_command(scene)),
        ("{image}", BUILT_IMAGE.to_owned()),
        ("{folder}", argument_word(folder.map_or(".", |(folder, _)| folder))),
        ("{user}", words.unwrap_or_else(|| number(image.uid))),
        ("{uid}", number(image.uid)),
        ("{gid}", number(image.gid)),
        ("{pod-uid}", number(pod.uid)),
        ("{pod-gid}", number(pod.gid)),
    ]
}

/// The words after `USER` as the Dockerfile stands; empty where it has none and its base is root's.
fn own_user_words(scene: &WalkContext<'_>) -> Option<String> {
    scene.main_dockerfile().and_then(|build| user_words(build.source.text(), build.file))
}

/// A name of the repository as an argument of a command that a person may paste: never a command of its own, and never
/// an option.
fn argument_word(name: &str) -> String {
    let name = if name.starts_with('-') { format!("./{name}") } else { name.to_owned() };
    quote_shell_word(&name).into_owned()
}

/// Words of a chapter, with the app's own names in them. A name that looks like a placeholder stays as it is.
fn fill_placeholders(names: &[(&'static str, String)], words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(brace) = rest.find('{') {
        let (before, from) = rest.split_at(brace);
        out.push_str(before);
        let found = names.iter().find(|(name, _)| from.starts_with(name));
        let (text, length) = found.map_or(("{", 1), |(name, own)| (own.as_str(), name.len()));
        out.push_str(text);
        rest = &from[length..];
    }
    out + rest
}
