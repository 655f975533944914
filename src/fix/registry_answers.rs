//! Keeps the registries' answers on images, and rewrites references by version and digest, for the fixes.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::pod::CannotFix;
use crate::audit::AuditEngine;
use crate::finding::{DockerfileEdit, Edit, ImageEdit, ImageEditGoal, ImageEditPlace};
use crate::image::Reference;
use crate::image::registry::{ReferenceResolver, TagResolution, is_fresh, resolve_all};
use crate::repo::FileKind;
use crate::settings::ImagePin;
use crate::yaml::edit::YamlEdit;

/// The registries' answers, by reference. Empty where none was asked.
#[derive(Clone, Debug, Default)]
pub struct RegistryAnswers {
    answers: HashMap<Reference, Result<TagResolution, String>>,
    /// The references whose own tag a person prefers.
    kept_tags: HashSet<Reference>,
    /// The pins that a person chose instead, by the reference's text.
    chosen_pins: BTreeMap<String, ImagePin>,
}

impl RegistryAnswers {
    /// The references that the fixes of these rules need a registry for, each once, in the order of their files.
    #[must_use]
    pub fn find_unresolved(engine: &AuditEngine, asked: impl Fn(&str) -> bool) -> Vec<Reference> {
        let mut references: Vec<Reference> = Vec::new();
        for path in engine
            .audited_paths_of_kind(FileKind::Dockerfile)
            .chain(engine.audited_paths_of_kind(FileKind::Manifest))
        {
            for (_, finding) in engine.open_findings(path).iter().filter(|(key, _)| asked(key.rule)) {
                for edit in finding.edits() {
                    if let Edit::Image(ImageEdit { image, .. }) = edit
                        && !references.contains(image)
                    {
                        references.push(image.clone());
                    }
                }
            }
        }
        references
    }

    /// Asks the registry of each reference. Waits for the network.
    pub fn ask_registries(
        resolver: &dyn ReferenceResolver,
        references: &[Reference],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Self {
        let said = resolve_all(resolver, references, progress).into_iter();
        let said = said.map(|answer| answer.map_err(|error| error.to_string()));
        Self { answers: references.iter().cloned().zip(said).collect(), ..Self::default() }
    }

    /// The same answers, with the pins that a person chose before them.
    pub(super) fn with_pins(&self, pinned: BTreeMap<String, ImagePin>) -> Self {
        Self { chosen_pins: pinned, ..self.clone() }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// True where some image may get another reference.
    pub(super) fn names_images(&self) -> bool {
        !self.answers.is_empty() || !self.chosen_pins.is_empty()
    }

    /// Adds answers on references, in the place of older ones.
    pub fn extend(&mut self, said: impl IntoIterator<Item = (Reference, Result<TagResolution, String>)>) {
        for (reference, said) in said {
            self.kept_tags.remove(&reference);
            self.answers.insert(reference, said);
        }
    }

    /// Drops answers that are too old to be written.
    pub fn drop_stale(&mut self) {
        self.answers.retain(|_, said| said.as_ref().map_or(true, |said| is_fresh(said.resolved_at)));
    }

    /// The answer on a reference; the reason where there is none.
    #[must_use]
    pub fn get(&self, reference: &Reference) -> Option<&Result<TagResolution, String>> {
        self.answers.get(reference)
    }

    /// Chooses this one of the tags that have the digest, where a person prefers it to the first; without one, the tag
    /// stays as it is and takes the digest.
    pub fn prefer_tag(&mut self, reference: &Reference, tag: Option<&str>) {
        let Some(tag) = tag else {
            self.kept_tags.insert(reference.clone());
            return;
        };
        if let Some(Ok(resolution)) = self.answers.get_mut(reference)
            && let Some(at) = resolution.tags.iter().position(|own| own == tag)
        {
            self.kept_tags.remove(reference);
            resolution.tags[..=at].rotate_right(1);
        }
    }
}

/// The words of a Dockerfile that change, all edits of one place made together.
pub(super) fn reword_images(
    answers: &RegistryAnswers,
    text: &str,
    edits: &[&ImageEdit],
) -> Result<Vec<DockerfileEdit>, CannotFix> {
    let mut done = Vec::new();
    for edit in first_per_place(edits) {
        if let ImageEditPlace::Dockerfile { instruction, span } = edit.place {
            let to = resolved_text(answers, edits, edit, span.slice(text))?;
            done.push(DockerfileEdit::ReplaceWords { instruction, span, to });
        }
    }
    Ok(done)
}

/// The values of a manifest that change, likewise, with their documents.
pub(super) fn image_ops(
    answers: &RegistryAnswers,
    edits: &[&ImageEdit],
) -> Result<Vec<(usize, YamlEdit)>, CannotFix> {
    let mut done = Vec::new();
    for edit in first_per_place(edits) {
        if let ImageEditPlace::Value { document, path } = &edit.place {
            let to = resolved_text(answers, edits, edit, edit.image.text())?;
            done.push((*document, YamlEdit::Set { path: path.clone(), to: to.into() }));
        }
    }
    Ok(done)
}

/// The values of entries of kustomizations that change: each says its tag and its digest for itself.
pub(super) fn entry_ops(answers: &RegistryAnswers, edits: &[&ImageEdit]) -> Result<Vec<YamlEdit>, CannotFix> {
    let mut done = Vec::new();
    for edit in first_per_place(edits) {
        let ImageEditPlace::Entry { path } = &edit.place else { continue };
        let text = resolved_text(answers, edits, edit, edit.image.text())?;
        let reworded = Reference::parse(&text).map_err(|fault| CannotFix::Impossible(fault.to_string()))?;
        let digest = reworded.digest().map(crate::image::ImageDigest::as_str);
        let parts = [("newTag", reworded.tag(), edit.image.tag()), ("digest", digest, None)];
        for (key, to, from) in parts {
            if let Some(to) = to.filter(|to| Some(*to) != from) {
                let path = [path.as_slice(), &[key.into()]].concat();
                done.push(YamlEdit::Set { path, to: to.into() });
            }
        }
    }
    Ok(done)
}

/// The first edit of each place.
fn first_per_place<'a>(edits: &[&'a ImageEdit]) -> Vec<&'a ImageEdit> {
    let mut firsts: Vec<&ImageEdit> = Vec::new();
    for edit in edits {
        if !firsts.iter().any(|first| first.place == edit.place) {
            firsts.push(edit);
        }
    }
    firsts
}

/// What becomes of the text at the place of one edit, by all that is wanted there.
fn resolved_text(
    answers: &RegistryAnswers,
    all: &[&ImageEdit],
    one: &ImageEdit,
    raw: &str,
) -> Result<String, CannotFix> {
    let image = &one.image;
    let is_wanted = |goal| all.iter().any(|edit| edit.place == one.place && edit.goal == goal);
    if let Some(pin) = answers.chosen_pins.get(image.text()) {
        return text_with_pin(raw, image, pin, is_wanted(ImageEditGoal::Digest));
    }
    let kept = answers.kept_tags.contains(image);
    let wants = |goal| match goal {
        ImageEditGoal::Version if kept => false,
        ImageEditGoal::Digest if kept => true,
        goal => is_wanted(goal),
    };
    let resolution = match answers.get(image) {
        None => return Err(CannotFix::NeedsValue(format!("{} has not been asked yet", image.host()))),
        Some(Err(reason)) => return Err(CannotFix::Impossible(reason.clone())),
        Some(Ok(resolution)) => resolution,
    };
    if image.digest().is_some() && image.tag().is_none() {
        return Err(CannotFix::Impossible(
            "nobody can tell which image its digest was meant to name".to_owned(),
        ));
    }
    if raw != image.text() {
        return append_digest(raw, image, wants(ImageEditGoal::Version), resolution);
    }
    let mut text = image.text()[..image.digest_offset()].to_owned();
    if wants(ImageEditGoal::Version) {
        let tag = resolution.tags.first().ok_or_else(|| no_version_tag(image, resolution))?;
        text = image.with_tag(tag);
    }
    if wants(ImageEditGoal::Digest) || image.digest().is_some() {
        text = format!("{text}@{}", resolution.digest);
    }
    Ok(text)
}

/// The text with a person's pin. A tag may be written without a digest, unless the digest is wanted.
fn text_with_pin(raw: &str, image: &Reference, pin: &ImagePin, digest: bool) -> Result<String, CannotFix> {
    if pin.digest.is_none() && (digest || pin.tag.is_none()) {
        return Err(CannotFix::NeedsValue("its digest is still to be said".to_owned()));
    }
    let composed = raw != image.text();
    if composed
        && (image.digest().is_some() || pin.tag.as_deref().is_some_and(|tag| image.tag() != Some(tag)))
    {
        return Err(CannotFix::Impossible(
            "build arguments put the reference together: their defaults name it".to_owned(),
        ));
    }
    let named = match &pin.tag {
        _ if composed => raw.to_owned(),
        Some(tag) => image.with_tag(tag),
        None => image.text()[..image.digest_offset()].to_owned(),
    };
    Ok(match &pin.digest {
        Some(digest) => format!("{named}@{digest}"),
        None => named,
    })
}

/// Appends a digest to a reference that arguments put together: nothing else of it can change.
fn append_digest(
    raw: &str,
    image: &Reference,
    version: bool,
    resolution: &TagResolution,
) -> Result<String, CannotFix> {
    if version {
        return Err(CannotFix::Impossible(
            "build arguments put its tag together: their defaults name the version".to_owned(),
        ));
    }
    if image.digest().is_some() {
        return Err(CannotFix::Impossible("build arguments put its digest together".to_owned()));
    }
    Ok(format!("{raw}@{}", resolution.digest))
}

fn no_version_tag(image: &Reference, resolution: &TagResolution) -> CannotFix {
    let tag = image.tag().unwrap_or("latest");
    let name = image.familiar_name();
    let unseen =
        resolution.incomplete_reason.as_ref().map(|unseen| format!(" ({unseen})")).unwrap_or_default();
    CannotFix::Impossible(format!(
        "no tag of {name} that names a version has the digest that `{tag}` has now{unseen}"
    ))
}
