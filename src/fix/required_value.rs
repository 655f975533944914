//! Finds the value that a fix lacks and a person knows: the user of an image that no Dockerfile here builds.

use crate::audit::AuditEngine;
use crate::finding::{FindingKey, RiskAssessment, RiskEvidence};
use crate::image::Reference;
use crate::rules::{self, ContainerView, PodView, RuleTheme};

/// An image whose user is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredValue {
    /// The image's name without its tag, under which the answer is kept.
    pub image: String,
    /// The image as the manifest writes it.
    pub image_text: String,
    /// A uid that no app in the repository has.
    pub free_uid: u32,
    /// The uids that the repository's apps have, with their apps.
    pub used_uids: Vec<(u32, String)>,
    /// True where the fix will break the program with any number, and what says so.
    pub will_break: bool,
    pub evidence: Vec<RiskEvidence>,
}

impl RequiredValue {
    /// The same where the risk of the fix is known, whatever number it will write.
    pub(super) fn with_risk(self, risk: &RiskAssessment) -> Self {
        let evidence = if risk.will_break() { risk.evidence.clone() } else { Vec::new() };
        Self { will_break: risk.will_break(), evidence, ..self }
    }
}

/// The value that the fix of these findings lacks; none where that is not a user's number. Several images are asked for
/// one after the other.
pub(super) fn find_required_value(engine: &AuditEngine, keys: &[FindingKey]) -> Option<RequiredValue> {
    let (image, written) = keys.iter().find_map(|key| image_without_user(engine, key))?;
    let (uid, taken) = engine.repository().free_uid(&image, engine.settings());
    Some(RequiredValue {
        image,
        image_text: written,
        free_uid: uid,
        used_uids: taken.into_iter().map(|uid| (uid, "another app here".to_owned())).collect(),
        will_break: false,
        evidence: Vec::new(),
    })
}

/// The image of the container that a finding about users is about, where nothing tells its user: its name, and its text
/// in the manifest.
fn image_without_user(engine: &AuditEngine, key: &FindingKey) -> Option<(String, String)> {
    if rules::find_rule(key.rule)?.theme != RuleTheme::Identity {
        return None;
    }
    let named = |view: &ContainerView<'_>| {
        let container = key.subject.container.as_deref();
        container.is_none_or(|name| view.container.name.as_deref() == Some(name))
            && key.subject.object.as_deref() == Some(view.pod.object.label().as_str())
    };
    let mut images =
        engine.pods_reached(&key.path).flat_map(PodView::containers).filter(named).filter_map(|view| {
            let written = view.image().filter(|_| engine.repository().link_of_key(&view.key()).is_none())?;
            Some((Reference::parse(written).ok()?, written.to_owned()))
        });
    let open = images.find(|(image, _)| engine.settings().user_of_image(image).is_none());
    open.map(|(image, written)| (image.name(), written))
}
