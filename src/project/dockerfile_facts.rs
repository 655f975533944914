//! Extracts the facts of a Dockerfile that other files depend on, for the index.

use super::{ExposedPorts, image_accounts, written_paths};
use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{BuildStage, Dockerfile, InstructionKind, VariableScope};
use crate::image::{Reference, known::DefaultUser};
use crate::needs::ProgramNeed;

/// A Dockerfile's final stage, as users of the image see it.
#[derive(Clone, Debug, PartialEq)]
pub struct DockerfileFacts {
    pub user: ImageUser,
    /// The uid and gid of the base's account that its USER names, else those that its well-known base is built to run as.
    pub base_identity: Option<(u32, u32)>,
    /// The paths that its program writes.
    pub written_paths: Vec<String>,
    pub stage_name: Option<String>,
    /// The ports it names with EXPOSE.
    pub exposed_ports: Vec<u16>,
    /// True where it names others, which cannot be told.
    pub exposes_untold_ports: bool,
    /// The image it is built on in the end, as it is written.
    pub base_name: Option<String>,
    /// The needs of its program, started as the image says: a manifest may give it another command or user.
    pub program_needs: Vec<ProgramNeed>,
}

/// The user that the image starts as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImageUser {
    /// A uid, so that the kubelet can tell root from others.
    Number {
        uid: u32,
        gid: Option<u32>,
    },
    /// A name. The uid is the one that the file gives the account.
    Name {
        name: String,
        uid: Option<u32>,
    },
    Unknown,
}

impl ImageUser {
    /// The number, where one is known.
    #[must_use]
    pub const fn uid(&self) -> Option<u32> {
        match self {
            Self::Number { uid, .. } => Some(*uid),
            Self::Name { uid, .. } => *uid,
            Self::Unknown => None,
        }
    }
}

impl DockerfileFacts {
    #[must_use]
    pub fn from_dockerfile(text: &str, file: &Dockerfile) -> Self {
        let Some(stage) = file.stages.last() else { return Self::unknown_facts() };
        let scripts = &ScriptCache::new(text, file);
        let base = image_accounts::stage_base_image(file, stage);
        let user = match stage.environment.user {
            Some(index) => image_user(scripts, index),
            None => match base.default_user() {
                DefaultUser::Root => ImageUser::Number { uid: 0, gid: None },
                DefaultUser::NonRoot { uid: Some(uid), gid, numeric: true } => ImageUser::Number { uid, gid },
                DefaultUser::NonRoot { uid, .. } => {
                    ImageUser::Name { name: "its base's user".to_owned(), uid }
                }
                DefaultUser::Unknown => ImageUser::Unknown,
            },
        };
        let exposed = ExposedPorts::of_stage(scripts, stage);
        let root = file.stages.get(stage.environment.root_stage).unwrap_or(stage);
        Self {
            user,
            base_identity: named_base_account(scripts, stage)
                .or_else(|| base.known_image.and_then(crate::image::KnownImage::built_identity)),
            written_paths: written_paths::find_written_paths(scripts, stage),
            stage_name: stage.name.clone(),
            exposes_untold_ports: exposed.has_untold,
            exposed_ports: exposed.ports.into_iter().map(|(_, port)| port).collect(),
            base_name: match &root.base {
                crate::dockerfile::StageBase::Image(name) => Reference::parse(name).ok().map(|r| r.name()),
                _ => None,
            },
            program_needs: Vec::new(),
        }
    }

    /// The same with what its program needs.
    #[must_use]
    pub fn with_program_needs(self, program_needs: Vec<ProgramNeed>) -> Self {
        Self { program_needs, ..self }
    }

    const fn unknown_facts() -> Self {
        let user = ImageUser::Unknown;
        Self {
            user,
            base_identity: None,
            written_paths: Vec::new(),
            stage_name: None,
            exposed_ports: Vec::new(),
            exposes_untold_ports: false,
            base_name: None,
            program_needs: Vec::new(),
        }
    }
}

/// The account of the base that the last USER names, by name or number.
fn named_base_account(scripts: &ScriptCache<'_>, stage: &BuildStage) -> Option<(u32, u32)> {
    let index = stage.environment.user?;
    let InstructionKind::User(word) = &scripts.file().instructions.get(index)?.kind else { return None };
    let scope = VariableScope::at_instruction(scripts.text(), scripts.file(), index);
    let value = scope.expand_word(scripts.text(), word);
    let user = value.resolved_text()?.split(':').next()?;
    image_accounts::find_base_account(scripts, stage, user).filter(|(uid, _)| *uid != 0)
}

fn image_user(scripts: &ScriptCache<'_>, index: usize) -> ImageUser {
    let (text, file) = (scripts.text(), scripts.file());
    let Some((instruction, stage)) = file.instructions.get(index).zip(file.stages.last()) else {
        return ImageUser::Unknown;
    };
    let InstructionKind::User(word) = &instruction.kind else { return ImageUser::Unknown };
    let value = VariableScope::at_instruction(text, file, index).expand_word(text, word);
    if value.unresolved {
        return ImageUser::Unknown;
    }
    let (user, group) = value.text.split_once(':').map_or((value.text.as_str(), None), |(u, g)| (u, Some(g)));
    match user.parse() {
        Ok(uid) => ImageUser::Number { uid, gid: group.and_then(|gid| gid.parse().ok()) },
        Err(_) if user == "root" => ImageUser::Number { uid: 0, gid: None },
        Err(_) => {
            let account = image_accounts::find_account(scripts, stage, user);
            let uid = account.and_then(|account| match account.uid {
                image_accounts::AccountUid::Written(uid) => Some(uid),
                _ => None,
            });
            ImageUser::Name { name: user.to_owned(), uid }
        }
    }
}
