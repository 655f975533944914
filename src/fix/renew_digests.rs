//! Renews the digests of pinned images, for the app.

use std::collections::BTreeMap;
use std::time::SystemTime;

use super::file_fixer::FileFixer;
use super::{FixPlan, RegistryAnswers};
use crate::audit::AuditEngine;
use crate::finding::{Edit, FixRisk, ImageEdit, ImageEditGoal, Safety};
use crate::image::Reference;
use crate::image::registry::TagResolution;
use crate::repo::RelPath;

/// The plan that replaces the digests of the references by these.
///
/// # Errors
/// When none of them can be written; the reason, for the screen.
pub(super) fn renew_digests(
    engine: &AuditEngine,
    digests: &[(Reference, String)],
) -> Result<FixPlan, String> {
    let mut answers = RegistryAnswers::default();
    let said = |digest: &String| TagResolution {
        digest: digest.clone(),
        is_single_platform: false,
        tags: Vec::new(),
        incomplete_reason: None,
        other_hosts: Vec::new(),
        resolved_at: SystemTime::now(),
    };
    answers.extend(digests.iter().map(|(image, digest)| (image.clone(), Ok(said(digest)))));
    let mut edits_by_file: BTreeMap<RelPath, Vec<Edit>> = BTreeMap::new();
    for pin in engine.pinned_images().into_iter().filter(|pin| answers.get(&pin.image).is_some()) {
        if let Some(place) = pin.edit_place {
            let edit = Edit::Image(ImageEdit { image: pin.image, goal: ImageEditGoal::Digest, place });
            edits_by_file.entry(pin.path).or_default().push(edit);
        }
    }
    let mut plan = FixPlan {
        title: "Renew the digests".to_owned(),
        safety: Safety::Value,
        risk: FixRisk::MayBreak,
        ..FixPlan::default()
    };
    let mut reason = "the digests stand where they cannot be written".to_owned();
    for (path, edits) in edits_by_file {
        let Some(draft) = FileFixer::for_file(engine, &answers, &path) else { continue };
        match draft.apply_edits(&edits) {
            Ok(patch) => plan.patches.push(patch),
            Err(failure) => reason = format!("{path}: {}", failure.reason),
        }
    }
    if plan.patches.is_empty() { Err(reason) } else { Ok(plan) }
}
