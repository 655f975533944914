//! Holds the values that a person has chosen while the program runs, over those that the settings derive.

use std::collections::BTreeMap;

use super::ResourceDefaults;
use crate::image::Reference;
use crate::repo::RelPath;

/// The choices in place of defaults. None of them is stored: they end in the files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChosenValues {
    /// Uid and gid: by the path of the Dockerfile that builds the image, else by the image's name.
    pub users: BTreeMap<String, (u32, u32)>,
    /// The bounds of a container: by its file, `Kind/name`, and its own name. What is none in them was not chosen.
    pub resources: BTreeMap<(RelPath, String, String), ResourceDefaults>,
    /// The paths that a container may write: by its file, `Kind/name`, and its own name.
    pub writable_paths: BTreeMap<(RelPath, String, String), Vec<String>>,
    /// Tag and digest: by the reference as the files have it.
    pub images: BTreeMap<String, ImagePin>,
}

impl ChosenValues {
    /// The bounds chosen for a container. A chart's template is the same file with each value set, whatever its object is
    /// called then.
    #[must_use]
    pub fn resources_of(&self, path: &RelPath, object: &str, container: &str) -> Option<&ResourceDefaults> {
        find_of_container(&self.resources, (path, object, container))
    }

    /// The paths chosen for a container, as [`ChosenValues::resources_of`].
    #[must_use]
    pub fn writable_paths_of(&self, path: &RelPath, object: &str, container: &str) -> Option<&Vec<String>> {
        find_of_container(&self.writable_paths, (path, object, container))
    }
}

/// What was chosen for a container, in its own file or in the template that it is rendered from.
fn find_of_container<'a, T>(
    all: &'a BTreeMap<(RelPath, String, String), T>,
    (path, object, container): (&RelPath, &str, &str),
) -> Option<&'a T> {
    let own = all.get(&(path.clone(), object.to_owned(), container.to_owned()));
    own.or_else(|| {
        let template = template_of(path)?;
        let mut chosen = all.iter();
        chosen.find(|((file, _, name), _)| *file == template && name == container).map(|(_, chosen)| chosen)
    })
}

/// The template of a chart's render, by the path under which the index knows that: `FILE (VALUES)`.
fn template_of(path: &RelPath) -> Option<RelPath> {
    let (template, _) = path.as_str().strip_suffix(')')?.rsplit_once(" (")?;
    Some(template.into())
}

/// The chosen reference of an image. A part that is none stays as it is; without either nothing is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImagePin {
    pub tag: Option<String>,
    pub digest: Option<String>,
}

impl ImagePin {
    /// The reference that a reference becomes; itself where it cannot be read.
    #[must_use]
    pub fn apply_to(&self, reference: &str) -> String {
        let Ok(image) = Reference::parse(reference) else { return reference.to_owned() };
        let named = match &self.tag {
            Some(tag) => image.with_tag(tag),
            None => image.text()[..image.digest_offset()].to_owned(),
        };
        match &self.digest {
            Some(digest) => format!("{named}@{digest}"),
            None => named,
        }
    }

    /// The pin that makes the one reference of the other; none where they are not of one image.
    #[must_use]
    pub fn between(reference: &str, becomes: &str) -> Option<Self> {
        let (image, other) = (Reference::parse(reference).ok()?, Reference::parse(becomes).ok()?);
        let is_same = image.name() == other.name();
        let tag = other.tag().filter(|tag| image.tag() != Some(tag)).map(str::to_owned);
        let digest = other.digest().filter(|digest| digest.is_well_formed()).map(|digest| digest.to_string());
        let is_read = other.digest().is_none() || digest.is_some();
        (is_same && is_read && (tag.is_some() || digest.is_some())).then_some(Self { tag, digest })
    }
}

/// A value in the place of the one that a fix would write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueChoice {
    /// The user of an image, by the path of the Dockerfile that builds it, else by its name.
    User { key: String, uid: u32, gid: u32 },
    /// The bounds of a container; those that are none stay as they are.
    Bounds { path: RelPath, object: String, container: String, bounds: ResourceDefaults },
    /// The folders that a container writes, and its image.
    WritablePaths { path: RelPath, object: String, container: String, image: String, paths: Vec<String> },
    /// Tag and digest of an image, by the reference as the files have it.
    Image { reference: String, pin: ImagePin },
}

impl ChosenValues {
    /// Puts a choice in the place of an earlier one.
    pub fn choose(&mut self, choice: ValueChoice) {
        match choice {
            ValueChoice::User { key, uid, gid } => drop(self.users.insert(key, (uid, gid))),
            ValueChoice::Bounds { path, object, container, bounds } => {
                drop(self.resources.insert((path, object, container), bounds));
            }
            ValueChoice::WritablePaths { path, object, container, paths, .. } => {
                drop(self.writable_paths.insert((path, object, container), paths));
            }
            ValueChoice::Image { reference, pin } if pin == ImagePin::default() => {
                drop(self.images.remove(&reference));
            }
            ValueChoice::Image { reference, pin } => drop(self.images.insert(reference, pin)),
        }
    }

    /// Forgets what was chosen in the place of this choice: the settings have it.
    pub fn forget(&mut self, choice: &ValueChoice) {
        match choice {
            ValueChoice::User { key, .. } => drop(self.users.remove(key)),
            ValueChoice::Bounds { path, object, container, .. } => {
                let key = (path.clone(), object.clone(), container.clone());
                drop(self.resources.remove(&key));
            }
            ValueChoice::WritablePaths { path, object, container, .. } => {
                let key = (path.clone(), object.clone(), container.clone());
                drop(self.writable_paths.remove(&key));
            }
            ValueChoice::Image { reference, .. } => drop(self.images.remove(reference)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_for_a_template_holds_with_every_value_set() {
        let bounds = ResourceDefaults { cpu_limit: Some("2".to_owned()), ..ResourceDefaults::none() };
        let mut chosen = ChosenValues::default();
        let key = ("web/a.yaml".into(), "Deployment/web".to_owned(), "web".to_owned());
        chosen.resources.insert(key, bounds.clone());
        let found = |path: &str, object: &str| chosen.resources_of(&path.into(), object, "web").cloned();
        assert_eq!(found("web/a.yaml", "Deployment/web"), Some(bounds.clone()));
        assert_eq!(found("web/a.yaml (web/ci/b-values.yaml)", "Deployment/other"), Some(bounds));
        assert_eq!(found("web/a.yaml", "Deployment/other"), None);
        assert_eq!(found("web/b.yaml (web/ci/b-values.yaml)", "Deployment/web"), None);
    }
}
