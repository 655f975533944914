//! Reads what `assets/images/*.toml` says of an image into rows of the table.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::image_needs::ImageNeeds;
use super::row::{ConfiguredUser, FactEvidence, KnownAccount, KnownImage, ProgramIdentity, RootDrop};
use super::tags::TagSelector;
use crate::image::DistroFamily;

/// A file of images, or the text of one image cut out of it.
pub(super) type ImageFile = BTreeMap<&'static str, Vec<ImageRecord>>;

/// The part of an image's text that says what it needs.
pub(super) type NeedsFile = BTreeMap<&'static str, BTreeMap<&'static str, Vec<ImageNeeds>>>;

/// One image: `[[image]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ImageRecord {
    /// Full repository names; a last `*` stands for one or more components.
    #[serde(borrow)]
    names: Vec<&'static str>,
    /// Names of other builds of the same program: they need the same, and who they run as is not known.
    #[serde(default, borrow)]
    #[cfg_attr(not(test), expect(dead_code, reason = "the table finds names without reading an image"))]
    related: Vec<&'static str>,
    /// The facts for a family of its tags each; the first that fits a tag is the tag's.
    #[serde(default)]
    variant: Vec<VariantRecord>,
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "the table reads this part apart"))]
    needs: Vec<ImageNeeds>,
}

/// A family of an image's tags: `[[image.variant]]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantRecord {
    #[serde(default)]
    tags: TagSelector,
    user: Option<UserRecord>,
    uid: Option<u32>,
    gid: Option<u32>,
    #[serde(default)]
    evidence: FactEvidence,
    #[serde(default)]
    accounts: Vec<KnownAccount>,
    #[serde(default)]
    drops: RootDrop,
    family: Option<DistroFamily>,
    #[serde(default, borrow)]
    writes: Vec<&'static str>,
    #[serde(default, borrow)]
    occupied: Vec<&'static str>,
    #[serde(default, borrow)]
    caution: Option<Cow<'static, str>>,
    source: &'static str,
}

/// `USER` of the image: `"root"`, a number, or the name of an account.
#[derive(Deserialize)]
#[serde(untagged)]
enum UserRecord {
    Number(u32),
    Name(#[serde(borrow)] &'static str),
}

impl ImageRecord {
    #[cfg(test)]
    pub(super) fn names(&self) -> [&[&'static str]; 2] {
        [&self.names, &self.related]
    }

    #[cfg(test)]
    pub(super) fn take_needs(&mut self) -> Vec<ImageNeeds> {
        std::mem::take(&mut self.needs).into_iter().map(ImageNeeds::weaken).collect()
    }

    /// The rows of this image. They are part of the program from here on, as its text is, so nothing of them is freed.
    pub(super) fn into_rows(self) -> Vec<KnownImage> {
        let images: &'static [&'static str] = self.names.leak();
        self.variant.into_iter().map(|variant| variant.into_row(images)).collect()
    }
}

impl VariantRecord {
    fn into_row(self, images: &'static [&'static str]) -> KnownImage {
        KnownImage {
            images,
            tags: self.tags,
            user: self.user(),
            identity: self.identity(),
            accounts: self.accounts.leak(),
            drops: self.drops,
            family: self.family,
            writes: self.writes.leak(),
            occupied: self.occupied.leak(),
            caution: self.caution.map(|text| match text {
                Cow::Borrowed(text) => text,
                Cow::Owned(text) => text.leak(),
            }),
            source: self.source,
        }
    }

    fn user(&self) -> ConfiguredUser {
        match (&self.user, self.family) {
            (Some(UserRecord::Name("root")), _) => ConfiguredUser::Root,
            (Some(UserRecord::Name(name)), _) => ConfiguredUser::Name(name),
            (Some(UserRecord::Number(uid)), _) => ConfiguredUser::Number(*uid),
            (None, Some(DistroFamily::Windows)) => ConfiguredUser::Windows,
            (None, _) => ConfiguredUser::Unknown,
        }
    }

    /// The group makes it whole: a number of the user alone says nothing of the group that its files have.
    fn identity(&self) -> Option<ProgramIdentity> {
        let uid = match self.user {
            Some(UserRecord::Number(uid)) => self.uid.or(Some(uid)),
            _ => self.uid,
        };
        Some(ProgramIdentity { uid: uid?, gid: self.gid?, evidence: self.evidence })
    }
}
