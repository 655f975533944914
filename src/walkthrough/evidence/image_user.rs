//! Shows who the image starts as, by itself, for the chapter on users: with the tools that it has, else by its
//! configuration.

use super::{EvidenceWriter, account_name, shell_prompt};
use crate::image::Reference;
use crate::image::known::DefaultUser;
use crate::project::{ImageUser, image_accounts};
use crate::text::quote_shell_word;
use crate::walkthrough::changed_users::ChangedUsers;
use crate::walkthrough::image_tools::ImageTools;
use crate::walkthrough::run_users::{RunUser, user_words};
use crate::walkthrough::runnable_checks::BUILT_IMAGE;
use crate::walkthrough::walk_context::WalkContext;

pub(super) fn show_user(scene: &WalkContext<'_>, changed: Option<&ChangedUsers>, seen: &mut EvidenceWriter) {
    let own = scene.image_user();
    seen.begin_now();
    match own.uid {
        Some(uid) => {
            let words = scene.main_dockerfile().and_then(|build| user_words(build.source.text(), build.file));
            show_image_user(scene, seen, own, words, account_name(scene, uid));
        }
        None => seen.push_note(explain_unknown_user(scene)),
    }
    // Where no change can be made, there is no state after it.
    if let Some(then) = changed.map(|users| users.image).filter(|then| then.uid.is_some())
        && seen.begin_after()
    {
        let (uid, gid) = (then.uid.unwrap_or_default(), then.gid.unwrap_or_default());
        let made = makes_account(scene, uid, gid);
        let name = if made { "app".to_owned() } else { account_name(scene, uid) };
        show_image_user(scene, seen, then, changed.and_then(|users| users.user_words.clone()), name);
    }
    note_pod_user(scene, own, seen);
}

/// Shows one user: its account is `name`, and `words` stand after `USER`.
fn show_image_user(
    scene: &WalkContext<'_>,
    seen: &mut EvidenceWriter,
    user: RunUser,
    words: Option<String>,
    name: String,
) {
    let uid = user.uid.unwrap_or_default();
    let of = |id: u32| if name.parse::<u32>().is_ok() { id.to_string() } else { format!("{id}({name})") };
    let group = match user.gid {
        None => "?".to_owned(),
        Some(0) => "0(root)".to_owned(),
        Some(gid) if user.uid == Some(gid) => of(gid),
        Some(gid) => gid.to_string(),
    };
    let identity = format!("uid={} gid={group}", of(uid));
    let tools = scene.image_tools();
    if !tools.are_known() {
        seen.push_command(format!("$ docker inspect -f '{{{{.Config.User}}}}' {BUILT_IMAGE}"));
        let words = words.unwrap_or_else(|| uid.to_string());
        seen.push_output(if words.is_empty() { "(an empty line)".to_owned() } else { words });
        return seen.push_note(format!("Which is {identity}."));
    }
    let prompt = shell_prompt(scene, user.uid);
    seen.push_command(format!("{prompt} id"));
    seen.push_output(identity);
    if tools == ImageTools::Busybox {
        seen.push_command(format!("{prompt} ps"));
        seen.push_output("PID   USER     COMMAND");
        seen.push_output(format!("    1 {name:<8} {}", scene.program_line()));
    } else {
        seen.push_command(format!("{prompt} stat -c '%u %g' /proc/1"));
        seen.push_output(format!("{uid} {}", user.gid.map_or_else(|| "?".to_owned(), |gid| gid.to_string())));
        seen.push_note(format!("Process 1 is `{}`.", scene.program_line()));
    }
}

/// The manifest may give the program another user than the image has.
fn note_pod_user(scene: &WalkContext<'_>, image: RunUser, seen: &mut EvidenceWriter) {
    let Some(main) = scene.main_container() else { return };
    let pod = scene.pod_user();
    if pod != image
        && main.pod.pod.run_as_user(main.container).get().is_some()
        && let (Some(uid), Some(gid)) = (pod.uid, pod.gid)
    {
        seen.push_note(format!(
            "That is the image by itself: in its pod the manifest has it run as uid {uid}, gid {gid}."
        ));
    }
}

fn explain_unknown_user(scene: &WalkContext<'_>) -> String {
    let build = scene.main_dockerfile();
    if let Some(ImageUser::Name { name, .. }) = build.map(|build| &build.facts.user) {
        let command = if scene.image_tools().are_known() {
            format!("docker run --rm --entrypoint id {BUILT_IMAGE}")
        } else {
            format!("docker cp \"$(docker create {BUILT_IMAGE})\":/etc/passwd - | tar -xO")
        };
        return format!(
            "It starts as `{name}`. Which number that is, the files do not tell: a system account that is made without \
             one gets a low one, from 100 to 999. `{command}` tells."
        );
    }
    let Some(base) = build.and_then(|build| build.facts.base_name.clone()) else {
        return "The files do not tell who the image starts as: that is for its base to say.".to_owned();
    };
    let named = Reference::parse(&base).map_or_else(|_| base.clone(), |base| base.familiar_name());
    let image = quote_shell_word(&base);
    format!(
        "The files do not tell who the image starts as: that is for {named} to say. `docker pull {image}`, then `docker \
         inspect -f '{{{{.Config.User}}}}' {image}` tells."
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
