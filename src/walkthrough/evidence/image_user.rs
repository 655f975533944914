//! Shows `id` and `ps` in the container, as the image alone would start it, for the chapter on users.

use super::{EvidenceWriter, account_name, shell_prompt};
use crate::image::Reference;
use crate::image::known::DefaultUser;
use crate::project::{ImageUser, image_accounts};
use crate::walkthrough::walk_context::WalkContext;

pub(super) fn show_user(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let (uid, gid) = scene.image_user();
    seen.begin_now();
    match uid {
        Some(uid) => show_processes(scene, seen, uid, gid.unwrap_or(uid), account_name(scene, uid)),
        None => seen.push_note(explain_unknown_user(scene)),
    }
    let Some((uid, gid)) = scene.target_user().filter(|_| seen.begin_after()) else { return };
    let made = makes_account(scene, uid, gid);
    let name = if made { "app".to_owned() } else { account_name(scene, uid) };
    show_processes(scene, seen, uid, gid, name);
}

pub(super) fn show_processes(
    scene: &WalkContext<'_>,
    seen: &mut EvidenceWriter,
    uid: u32,
    gid: u32,
    name: String,
) {
    let prompt = shell_prompt(Some(uid));
    let of = |id: u32| if name.parse::<u32>().is_ok() { id.to_string() } else { format!("{id}({name})") };
    let group = if gid == 0 { "0(root)".to_owned() } else { of(gid) };
    seen.push_command(format!("{prompt} id"));
    seen.push_output(format!("uid={} gid={group}", of(uid)));
    seen.push_command(format!("{prompt} ps"));
    seen.push_output("PID   USER     COMMAND");
    seen.push_output(format!("    1 {name:<8} {}", scene.program_line()));
}

fn explain_unknown_user(scene: &WalkContext<'_>) -> String {
    if let Some(ImageUser::Name { name, .. }) = scene.main_dockerfile().map(|build| &build.facts.user) {
        return format!(
            "It starts as `{name}`. Which number that is, the files do not tell: a system account that is made without \
             one gets a low one, from 100 to 999. `docker run --rm IMAGE id` tells."
        );
    }
    let base = scene.main_dockerfile().and_then(|build| build.facts.base_name.clone());
    let named =
        |base: String| Reference::parse(&base).map_or_else(|_| base.clone(), |base| base.familiar_name());
    let base = base.map_or_else(|| "its base".to_owned(), named);
    format!(
        "The files do not tell who the image starts as: that is for {base} to say. `docker run --rm IMAGE id` tells."
    )
}

/// True when the fix can make an account, so that the uid has a name.
fn makes_account(scene: &WalkContext<'_>, uid: u32, gid: u32) -> bool {
    let stage = scene.main_dockerfile().and_then(|build| Some((build, build.file.final_stage()?)));
    stage.is_some_and(|(build, stage)| {
        let base = image_accounts::stage_base_image(build.file, stage);
        stage.environment.user.is_none()
            && base.default_user() == DefaultUser::Root
            && base.account_commands("app", uid, gid).is_some()
    })
}
