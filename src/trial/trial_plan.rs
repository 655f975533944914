//! Plans the hardening that a trial tries: the fix of an app's findings as it would be written now, and how the pod is
//! started once it is.

use std::collections::BTreeSet;

use super::config_maps::ConfigMaps;
use super::hardening_parts::HardeningPart;
use super::pod_launch::PodLaunch;
use super::read_launch::{LaunchImage, read_launch};
use super::trial_error::TrialError;
use super::trial_target::TrialTarget;
use crate::audit::AuditEngine;
use crate::finding::{FindingKey, Fix};
use crate::fix::{FixOrder, FixPlan, Planner};
use crate::project::ImageUser;
use crate::repo::RelPath;
use crate::rules::{ContainerView, PodView};

/// A fix with the pod that it makes.
#[derive(Clone, Debug)]
pub(super) struct PlannedHardening {
    /// None where nothing of it can be planned.
    pub plan: Option<FixPlan>,
    pub launch: PodLaunch,
    /// The findings whose fixes are part of it, with the part.
    pub tried: Vec<(FindingKey, HardeningPart)>,
}

/// The findings of an app whose fixes change how it is started: its own, and those of the Dockerfiles of its images.
pub(super) fn find_open_keys(audit: &AuditEngine, target: &TrialTarget) -> Vec<(FindingKey, HardeningPart)> {
    let mut found = Vec::new();
    let view = target.find_pod(audit);
    let built_name = view.map(|view| view.object.label()).unwrap_or_default();
    let dockerfiles = linked_dockerfiles(audit, target);
    for path in related_files(audit, target) {
        let is_of_image = dockerfiles.contains(&path);
        for (key, finding) in audit.open_findings(&path) {
            // What a file of the kustomization is for another object is no part of this app.
            let is_of_app = is_of_image
                || match key.subject.object.as_deref() {
                    Some(object) => object == target.object || object == built_name,
                    None => path == target.path,
                };
            let part = finding.available_fix().and_then(part_of_fix);
            if let Some(part) = part.filter(|_| is_of_app) {
                found.push((key, part));
            }
        }
    }
    found
}

/// The part of a fix all of whose edits are tried.
fn part_of_fix(fix: &Fix) -> Option<HardeningPart> {
    let parts: Vec<Option<HardeningPart>> = fix.edits.iter().map(HardeningPart::of_edit).collect();
    let first = parts.first().copied().flatten()?;
    parts.iter().all(Option::is_some).then_some(first)
}

/// The app's own file, those of the kustomization that builds it, and the Dockerfiles that build its images.
pub(super) fn related_files(audit: &AuditEngine, target: &TrialTarget) -> BTreeSet<RelPath> {
    let mut files = linked_dockerfiles(audit, target);
    files.insert(target.path.clone());
    files.extend(target.overlay.iter().flat_map(|folder| audit.files_of_overlay(folder)).cloned());
    files
}

fn linked_dockerfiles(audit: &AuditEngine, target: &TrialTarget) -> BTreeSet<RelPath> {
    let repository = audit.repository();
    let containers = target.find_pod(audit).into_iter().flat_map(PodView::containers);
    let links = containers.filter_map(|container| repository.link_of_key(&container.key()));
    links.map(|link| link.dockerfile.clone()).collect()
}

/// The fix of those of the app's findings that are tried, with the start of the pod that it makes.
///
/// # Errors
/// When the pod cannot be mirrored.
pub(super) fn plan_hardening(
    audit: &AuditEngine,
    target: &TrialTarget,
    images: &[LaunchImage],
    is_tried: &dyn Fn(&FindingKey, HardeningPart) -> bool,
) -> Result<PlannedHardening, TrialError> {
    let open: Vec<(FindingKey, HardeningPart)> =
        find_open_keys(audit, target).into_iter().filter(|(key, part)| is_tried(key, *part)).collect();
    let keys: Vec<FindingKey> = open.iter().map(|(key, _)| key.clone()).collect();
    let plan = if keys.is_empty() { None } else { Planner::new(audit).plan(&FixOrder::Findings(&keys)).ok() };
    let Some(plan) = plan else {
        return Ok(PlannedHardening {
            plan: None,
            launch: launch_now(audit, target, images)?,
            tried: Vec::new(),
        });
    };
    let after = audit.with_patches(&plan.patches);
    let planned: Vec<LaunchImage> = match target.find_pod(&after) {
        Some(view) => images
            .iter()
            .enumerate()
            .map(|(at, image)| follow_user(audit, &after, (target, view), at, image))
            .collect(),
        None => images.to_vec(),
    };
    let launch = launch_now(&after, target, &planned)?;
    let fixed: BTreeSet<&FindingKey> = plan.assessed_fixes.iter().map(|fix| &fix.key).collect();
    let tried = open.into_iter().filter(|(key, _)| fixed.contains(key)).collect();
    Ok(PlannedHardening { plan: Some(plan), launch, tried })
}

/// The start of the app's pod as its files are.
///
/// # Errors
/// When the pod cannot be mirrored.
pub(super) fn launch_now(
    audit: &AuditEngine,
    target: &TrialTarget,
    images: &[LaunchImage],
) -> Result<PodLaunch, TrialError> {
    let gone = || TrialError::CannotMirror(format!("{} is no longer in {}", target.object, target.path));
    let view = target.find_pod(audit).ok_or_else(gone)?;
    let configs = ConfigMaps::read(audit, view, target.overlay.as_ref());
    read_launch(view, images, &configs, mounts_token(audit, view))
}

/// True where the pod is given the token of its account.
fn mounts_token(audit: &AuditEngine, view: PodView<'_>) -> bool {
    let model = &view.pod.model;
    let by_account = || {
        let account = model.service_account_or_default()?;
        audit.repository().automounts_token(view.path, view.namespace(), account)
    };
    model.automount_service_account_token.get().copied().or_else(by_account).unwrap_or(true)
}

/// The image with the user that its Dockerfile gives it after the fix, where that is another than now.
fn follow_user(
    audit: &AuditEngine,
    after: &AuditEngine,
    (target, view): (&TrialTarget, PodView<'_>),
    at: usize,
    image: &LaunchImage,
) -> LaunchImage {
    let user_in = |engine: &AuditEngine, container: ContainerView<'_>| {
        let (_, facts) = engine.repository().linked_build(&container.key())?;
        Some(facts.user.clone())
    };
    let now = target.find_pod(audit).and_then(|view| user_in(audit, view.containers().nth(at)?));
    let then = view.containers().nth(at).and_then(|container| user_in(after, container));
    match then {
        Some(ImageUser::Number { uid, gid }) if now != Some(ImageUser::Number { uid, gid }) => {
            LaunchImage { planned_user: Some((uid, gid)), ..image.clone() }
        }
        _ => image.clone(),
    }
}
