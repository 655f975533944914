//! `id` and `ps` in the container, as the image alone would start it.

use super::{Seen, name, prompt};
use crate::image::Reference;
use crate::image::known::DefaultUser;
use crate::rules::{ImageUser, accounts};
use crate::walkthrough::scene::Scene;

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let (uid, gid) = scene.image_user();
    seen.now();
    match uid {
        Some(uid) => container(scene, seen, uid, gid.unwrap_or(uid), name(scene, uid)),
        None => seen.note(unknown(scene)),
    }
    let Some((uid, gid)) = scene.wanted().filter(|_| seen.then()) else { return };
    let made = makes_account(scene, uid, gid);
    let name = if made { "app".to_owned() } else { name(scene, uid) };
    container(scene, seen, uid, gid, name);
}

pub(super) fn container(scene: &Scene<'_>, seen: &mut Seen, uid: u32, gid: u32, name: String) {
    let prompt = prompt(Some(uid));
    let of = |id: u32| if name.parse::<u32>().is_ok() { id.to_string() } else { format!("{id}({name})") };
    let group = if gid == 0 { "0(root)".to_owned() } else { of(gid) };
    seen.typed(format!("{prompt} id"));
    seen.printed(format!("uid={} gid={group}", of(uid)));
    seen.typed(format!("{prompt} ps"));
    seen.printed("PID   USER     COMMAND");
    seen.printed(format!("    1 {name:<8} {}", scene.program()));
}

fn unknown(scene: &Scene<'_>) -> String {
    if let Some(ImageUser::Name { name, .. }) = scene.build().map(|build| &build.facts.user) {
        return format!(
            "It starts as `{name}`. Which number that is, the files do not tell: a system account that is made without \
             one gets a low one, from 100 to 999. `docker run --rm IMAGE id` tells."
        );
    }
    let base = scene.build().and_then(|build| build.facts.base.clone());
    let named =
        |base: String| Reference::parse(&base).map_or_else(|_| base.clone(), |base| base.familiar_name());
    let base = base.map_or_else(|| "its base".to_owned(), named);
    format!(
        "The files do not tell who the image starts as: that is for {base} to say. `docker run --rm IMAGE id` tells."
    )
}

/// Whether the fix can make an account, so that the number has a name.
fn makes_account(scene: &Scene<'_>, uid: u32, gid: u32) -> bool {
    let stage = scene.build().and_then(|build| Some((build, build.file.final_stage()?)));
    stage.is_some_and(|(build, stage)| {
        let base = accounts::base(build.file, stage);
        stage.in_effect.user.is_none()
            && base.default_user() == DefaultUser::Root
            && base.account_commands("app", uid, gid).is_some()
    })
}
