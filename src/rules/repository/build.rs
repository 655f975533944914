//! What other files may ask of a Dockerfile.

use super::ports::exposes;
use super::{accounts, writes};
use crate::dockerfile::shell::Scripts;
use crate::dockerfile::{Dockerfile, Kind, Scope};
use crate::image::{Reference, known::DefaultUser};

/// A Dockerfile's final stage, as those see it who run the image.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildFacts {
    pub user: ImageUser,
    /// The uid and gid that its well-known base is built to run as.
    pub built_for: Option<(u32, u32)>,
    /// The paths that its program writes.
    pub writes: Vec<String>,
    pub stage_name: Option<String>,
    /// The ports it names with EXPOSE.
    pub exposes: Vec<u16>,
    /// The image it is built on in the end, as it is written.
    pub base: Option<String>,
}

/// Who the image starts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageUser {
    /// By number, so that the kubelet can tell root from others.
    Number {
        uid: u32,
        gid: Option<u32>,
    },
    /// By name. The number is what the file gives the account.
    Name {
        name: String,
        uid: Option<u32>,
    },
    Unknown,
}

impl BuildFacts {
    #[must_use]
    pub fn of(text: &str, file: &Dockerfile) -> Self {
        let Some(stage) = file.stages.last() else { return Self::none() };
        let scripts = &Scripts::new(text, file);
        let base = accounts::base(file, stage);
        let user = match stage.in_effect.user {
            Some(index) => user(scripts, index),
            None => match base.default_user() {
                DefaultUser::Root => ImageUser::Number { uid: 0, gid: None },
                DefaultUser::NonRoot { uid: Some(uid), gid, numeric: true } => ImageUser::Number { uid, gid },
                DefaultUser::NonRoot { uid, .. } => {
                    ImageUser::Name { name: "its base's user".to_owned(), uid }
                }
                DefaultUser::Unknown => ImageUser::Unknown,
            },
        };
        let root = file.stages.get(stage.in_effect.root).unwrap_or(stage);
        Self {
            user,
            built_for: base.known.and_then(crate::image::Known::runs_as),
            writes: writes::writes(scripts, stage),
            stage_name: stage.name.clone(),
            exposes: exposes(text, file, stage),
            base: match &root.base {
                crate::dockerfile::Base::Image(name) => Reference::parse(name).ok().map(|r| r.name()),
                _ => None,
            },
        }
    }

    const fn none() -> Self {
        let user = ImageUser::Unknown;
        Self { user, built_for: None, writes: Vec::new(), stage_name: None, exposes: Vec::new(), base: None }
    }
}

fn user(scripts: &Scripts<'_>, index: usize) -> ImageUser {
    let (text, file) = (scripts.text(), scripts.file());
    let Some((instruction, stage)) = file.instructions.get(index).zip(file.stages.last()) else {
        return ImageUser::Unknown;
    };
    let Kind::User(word) = &instruction.kind else { return ImageUser::Unknown };
    let value = Scope::at(text, file, index).expand(text, word);
    if value.open {
        return ImageUser::Unknown;
    }
    let (user, group) = value.text.split_once(':').map_or((value.text.as_str(), None), |(u, g)| (u, Some(g)));
    match user.parse() {
        Ok(uid) => ImageUser::Number { uid, gid: group.and_then(|gid| gid.parse().ok()) },
        Err(_) if user == "root" => ImageUser::Number { uid: 0, gid: None },
        Err(_) => {
            let account = accounts::account(scripts, stage, user);
            let uid = account.and_then(|account| match account.uid {
                accounts::Number::Written(uid) => Some(uid),
                _ => None,
            });
            ImageUser::Name { name: user.to_owned(), uid }
        }
    }
}
