//! Removes what trials of processes that are gone have left in the engine, and names it.

use std::time::Duration;

use super::build_log::finish_orphaned_builds;
use super::container_engine::{ContainerEngine, StillAwaited};
use super::engine_process::clear_orphaned_inputs;
use super::trial_error::TrialError;
use super::trial_marks::{TRIAL_LABEL, is_left_behind, mark_of_name};
use super::trial_things::{ThingKind, remove_things};

/// The time in which the engine lists what it has.
const LIST_TIME: Duration = Duration::from_secs(30);

/// Removes what trials of processes that are gone have left, and names what is removed; what could not be is noted with the
/// engine.
///
/// # Errors
/// When the engine cannot say what there is.
pub fn remove_leftovers(
    engine: &ContainerEngine,
    is_awaited: StillAwaited<'_>,
) -> Result<Vec<String>, TrialError> {
    finish_orphaned_builds(engine, is_awaited);
    clear_orphaned_inputs();
    let mut removed = Vec::new();
    for kind in [ThingKind::Container, ThingKind::Volume, ThingKind::Image] {
        let answer = engine.run(&list_words(engine, kind), LIST_TIME, is_awaited)?;
        let text = answer.text();
        let rows = text.lines().filter_map(|row| row.split_once('|'));
        let left: Vec<String> =
            rows.filter_map(|(name, mark)| find_left(kind, name.trim(), mark.trim())).collect();
        let kept = remove_things(engine, kind, &left, is_awaited);
        let gone = left.iter().filter(|name| !kept.contains(name));
        removed.extend(gone.map(|name| format!("{} {name}", kind.name())));
    }
    Ok(removed)
}

/// The words that list what trials made, each row with a name and what tells its owner.
fn list_words(engine: &ContainerEngine, kind: ThingKind) -> Vec<String> {
    let filter = format!("label={TRIAL_LABEL}");
    // podman has labels as a map, docker has a function for one of them.
    let label = match engine.is_podman() {
        true => format!("{{{{index .Labels \"{TRIAL_LABEL}\"}}}}"),
        false => format!("{{{{.Label \"{TRIAL_LABEL}\"}}}}"),
    };
    let format = match kind {
        ThingKind::Container => format!("{{{{.Names}}}}|{label}"),
        ThingKind::Volume => format!("{{{{.Name}}}}|{label}"),
        ThingKind::Image => "{{.Repository}}:{{.Tag}}|{{.ID}}".to_owned(),
    };
    let list: &[&str] = match kind {
        ThingKind::Container => &["ps", "-a"],
        ThingKind::Volume => &["volume", "ls"],
        ThingKind::Image => &["image", "ls"],
    };
    list.iter().copied().chain(["--filter", &filter, "--format", &format]).map(str::to_owned).collect()
}

/// The name by which a row's thing is removed, where its owner is gone.
fn find_left(kind: ThingKind, name: &str, mark: &str) -> Option<String> {
    if kind != ThingKind::Image {
        return is_left_behind(mark).then(|| name.to_owned());
    }
    let is_left = name.split('/').next_back().is_some_and(|name| is_left_behind(&image_owner(name)));
    is_left.then(|| if name.contains("<none>") { mark.to_owned() } else { name.to_owned() })
}

/// The owner that an image's tag names: `seaworthy-trial:PID-START-…`.
fn image_owner(name: &str) -> String {
    let tag = name.rsplit_once(':').map_or("", |(_, tag)| tag);
    mark_of_name(tag)
}
