//! Finds the user and the group that an image and a container run as, for evidence and checks.

use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{Dockerfile, InstructionKind};
use crate::image::known::DefaultUser;
use crate::kubernetes::{Container, Pod};
use crate::project::{DockerfileFacts, ImageUser, image_accounts};

/// A uid and a gid, as far as the files show them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RunUser {
    pub uid: Option<u32>,
    pub gid: Option<u32>,
}

/// The user that an image starts as by itself.
pub(super) fn image_user(text: &str, file: &Dockerfile, facts: &DockerfileFacts) -> RunUser {
    let scripts = ScriptCache::new(text, file);
    match &facts.user {
        ImageUser::Number { uid, gid } => RunUser {
            uid: Some(*uid),
            gid: gid.or_else(|| account_group(&scripts, file, &uid.to_string())).or(Some(0)),
        },
        ImageUser::Name { name, uid } => {
            let base = facts.base_identity.filter(|(own, _)| Some(*own) == *uid).map(|(_, gid)| gid);
            RunUser { uid: *uid, gid: account_group(&scripts, file, name).or(base) }
        }
        ImageUser::Unknown => RunUser::default(),
    }
}

/// The user that a container runs as. Kubernetes gives the runtime the image's uid and never its group: without
/// `runAsGroup` the group is that of the uid's account in the image, else root's (kubernetes/kubernetes#93666).
/// `account_group` finds the account's.
pub(super) fn pod_user(
    pod: &Pod,
    container: &Container,
    image: RunUser,
    account_group: impl Fn(u32) -> Option<u32>,
) -> RunUser {
    let of = |id: Option<&i64>| id.and_then(|id| u32::try_from(*id).ok());
    let uid = of(pod.run_as_user(container).get()).or(image.uid);
    let gid = of(pod.run_as_group(container).get());
    RunUser { uid, gid: gid.or_else(|| account_group(uid?).or(Some(0))) }
}

/// The gid of an account in the image of a Dockerfile, by its name or number.
pub(super) fn account_group(scripts: &ScriptCache<'_>, file: &Dockerfile, user: &str) -> Option<u32> {
    let stage = file.final_stage()?;
    let made = match user.parse() {
        Ok(uid) => image_accounts::find_account_by_uid(scripts, stage, uid),
        Err(_) => image_accounts::find_account(scripts, stage, user),
    };
    if user == "0" || user == "root" {
        return Some(0);
    }
    let base = || image_accounts::find_base_account(scripts, stage, user).map(|(_, gid)| gid);
    made.and_then(|account| account.gid).or_else(base)
}

/// The words after `USER` in the final stage; none where it has none and its base is root's.
pub(super) fn user_words(text: &str, file: &Dockerfile) -> Option<String> {
    let stage = file.final_stage()?;
    match stage.environment.user.and_then(|index| file.instructions.get(index)) {
        Some(instruction) => match &instruction.kind {
            InstructionKind::User(word) => Some(word.span.slice(text).to_owned()),
            _ => None,
        },
        None => match image_accounts::stage_base_image(file, stage).default_user() {
            DefaultUser::Root => Some(String::new()),
            _ => None,
        },
    }
}
