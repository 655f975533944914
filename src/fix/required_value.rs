//! What a fix lacks that a person can say: as whom an image runs that no Dockerfile here builds.

use crate::audit::{AuditEngine, FileContent};
use crate::finding::FindingKey;
use crate::image::Reference;
use crate::rules;
use crate::rules::{ContainerView, PodView, RuleTheme};

/// An image whose user is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredValue {
    /// The image's name without its tag, under which what is said is kept.
    pub image: String,
    /// The image as the manifest writes it.
    pub image_text: String,
    /// A uid that nobody in the repository has.
    pub free_uid: u32,
    /// The uids that the repository's apps have, and whose they are.
    pub used_uids: Vec<(u32, String)>,
}

/// What the fix of these findings lacks; none where that is not a user's number. Several images are asked for one after
/// the other.
pub(super) fn find_required_value(engine: &AuditEngine, keys: &[FindingKey]) -> Option<RequiredValue> {
    let (image, written) = keys.iter().find_map(|key| image_without_user(engine, key))?;
    let (uid, taken) = engine.repository().free_uid(&image, engine.settings());
    Some(RequiredValue {
        image,
        image_text: written,
        free_uid: uid,
        used_uids: taken.into_iter().map(|uid| (uid, "another app here".to_owned())).collect(),
    })
}

/// The image of the container that a finding about users is about, where nothing says as whom it runs: its name, and how
/// it is written.
fn image_without_user(engine: &AuditEngine, key: &FindingKey) -> Option<(String, String)> {
    if rules::find_rule(key.rule)?.theme != RuleTheme::Identity {
        return None;
    }
    let (_, FileContent::Manifest(manifest)) = engine.file(&key.path)? else { return None };
    let named = |view: &ContainerView<'_>| {
        let container = key.subject.container.as_deref();
        container.is_none_or(|name| view.container.name.as_deref() == Some(name))
            && key.subject.object.as_deref() == Some(view.pod.object.label().as_str())
    };
    let pods = manifest.documents.iter().enumerate().flat_map(|(at, document)| {
        document.pods.iter().enumerate().filter_map(move |(i, pod)| {
            let object = document.objects.get(pod.object_index)?;
            let settings = engine.settings();
            Some(PodView {
                path: &key.path,
                document,
                position: (at, i),
                object,
                pod,
                is_patch: false,
                settings,
            })
        })
    });
    let mut images = pods.flat_map(PodView::containers).filter(named).filter_map(|view| {
        let written = view.image().filter(|_| engine.repository().link_of_key(&view.key()).is_none())?;
        Some((Reference::parse(written).ok()?.name(), written.to_owned()))
    });
    images.find(|(image, _)| !engine.settings().chosen_values.users.contains_key(image))
}
