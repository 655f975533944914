//! Weighs a read-only root and its mounts: what the build filled stays in sight, what must be owned stays ownable.
//!
//! Source: Kubernetes, "Volumes": an emptyDir starts empty, belongs to root, and may be written by all.

use super::field_risks::container_refusals;
use super::{NeedObjection, PodCase};
use crate::base::at_or_below;
use crate::needs::{NeedKind, ProgramNeed};
use crate::rules::writable_paths::{hides_files, is_mounted, paths_to_mount};

/// The fewest parts of a folder that is a program's own, as in `/var/lib/postgresql`.
const FEWEST_OWN_PARTS: usize = 3;

/// The needs that speak against a read-only root.
pub(super) fn against_read_only<'n>(case: PodCase<'n>, container: usize) -> Vec<NeedObjection<'n>> {
    let Some(view) = case.container(container) else { return Vec::new() };
    let paths = paths_to_mount(view, case.repository);
    let mut found = against_mounts(case, container, &paths);
    let mounts = plan_empty_dirs(case, container, &paths);
    for need in case.needs_of(container) {
        let NeedKind::WrittenPath(folder) = &need.kind else { continue };
        if is_mounted(view, folder) {
            continue;
        }
        let is_met = mounts.iter().any(|mount| lies_at(folder, mount));
        found.push(if is_met { NeedObjection::possible(need) } else { NeedObjection::by_certainty(need) });
    }
    found.extend(
        case.needs_of(container)
            .filter(|need| need.kind == NeedKind::NodeAccess)
            .map(NeedObjection::possible),
    );
    // No empty volume can take its place.
    let stays_closed = |need: &&ProgramNeed| match &need.kind {
        NeedKind::OccupiedPath(path) => !is_mounted(view, path),
        _ => false,
    };
    found.extend(case.needs_of(container).filter(stays_closed).map(NeedObjection::by_certainty));
    found.extend(container_refusals(case, container, "securityContext"));
    found
}

/// The needs that speak against an emptyDir at each of these paths.
pub(super) fn against_mounts<'n>(
    case: PodCase<'n>,
    container: usize,
    paths: &[String],
) -> Vec<NeedObjection<'n>> {
    let meets = |need: &&ProgramNeed| match &need.kind {
        NeedKind::FilledPath(filled) => paths.iter().any(|path| hides_files(path, filled)),
        NeedKind::OwnedPath(owned) => paths.iter().any(|path| lies_at(path, owned)),
        _ => false,
    };
    case.needs_of(container).filter(meets).map(NeedObjection::possible).collect()
}

/// The paths at which an emptyDir is mounted for these: none over what the build filled; above a directory that the
/// program must own, so that it makes it by itself.
pub(in crate::fix) fn plan_empty_dirs(case: PodCase<'_>, container: usize, paths: &[String]) -> Vec<String> {
    let mut mounts = Vec::new();
    let filled: Vec<&str> = case
        .needs_of(container)
        .filter_map(|need| match &need.kind {
            NeedKind::FilledPath(path) => Some(path.as_str()),
            _ => None,
        })
        .collect();
    let is_free = |path: &str| !filled.iter().any(|filled| hides_files(path, filled));
    for path in paths {
        let is_owned = case
            .has_need(container, |kind| matches!(kind, NeedKind::OwnedPath(owned) if lies_at(path, owned)));
        let above = path.rsplit_once('/').map(|(above, _)| above).unwrap_or_default();
        let is_own = above.matches('/').count() >= FEWEST_OWN_PARTS;
        let mount = if is_owned && is_own && is_free(above) { above } else { path.as_str() };
        if is_free(path) && !mounts.iter().any(|other| other == mount) {
            mounts.push(mount.to_owned());
        }
    }
    mounts
}

/// True for the folder itself and for all below it.
fn lies_at(path: &str, folder: &str) -> bool {
    at_or_below(path, folder.trim_end_matches('/'))
}
