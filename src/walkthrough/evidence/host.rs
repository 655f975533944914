//! `ps` on the host: the account that the uid is there.

use super::Seen;
use crate::image::Family;
use crate::image::host::{self, Release};
use crate::walkthrough::scene::Scene;

/// The host that the lines are shown for, where nothing more is known.
const HOST: Release = Release::Ubuntu2404;

pub(super) fn show(scene: &Scene<'_>, seen: &mut Seen) {
    let (uid, _) = scene.user();
    let mapped = scene.workload.is_some_and(|workload| workload.view.has_own_users());
    seen.now();
    match uid {
        _ if mapped => {
            seen.note("`hostUsers: false`: the host maps the container's numbers to others that nobody has.");
        }
        Some(uid) => on_host(scene, seen, uid),
        None => seen.note(
            "The files do not tell which uid the image starts as, so the host's account cannot be told either.",
        ),
    }
    left_to_chance(scene, seen);
    let Some((wanted, gid)) = scene.wanted().filter(|_| seen.then()) else { return };
    if uid != Some(wanted) || mapped {
        on_host(scene, seen, wanted);
    }
    seen.note(format!(
        "`runAsUser: {wanted}` and `runAsGroup: {gid}` say it for every image; `runAsNonRoot` refuses uid 0."
    ));
}

/// What a user that is made without a number may come to: the article's author met it.
fn left_to_chance(scene: &Scene<'_>, seen: &mut Seen) {
    let (uid, name) = host::SEEN_IN_ARTICLE;
    if scene.builds.is_empty() || !matches!(scene.family(), Family::Alpine | Family::Wolfi | Family::Busybox)
    {
        return;
    }
    seen.lines.push(super::Line::When("With `adduser -S app`, and no number, as in the article"));
    seen.typed("node $ ps -eo user,uid,args");
    seen.printed(format!("{name:<12} {uid:>5} {}", scene.program()));
    seen.note(format!("It gave {uid}, `{name}` on the author's host; {}.", host::summary(uid)));
}

fn on_host(scene: &Scene<'_>, seen: &mut Seen, uid: u32) {
    let known = host::account_on(HOST, uid).map(|account| account.name);
    let shown = if uid == 0 { "root" } else { known.unwrap_or_default() };
    let number = uid.to_string();
    let shown = if shown.is_empty() { number.as_str() } else { shown };
    seen.typed("node $ ps -eo user,uid,args");
    seen.printed(format!("{shown:<12} {uid:>5} {}", scene.program()));
    let mut words = host::summary(uid);
    if uid == host::SEEN_IN_ARTICLE.0 {
        words.push_str(&format!("; on the article's host it was {}", host::SEEN_IN_ARTICLE.1));
    }
    if known.is_some() && uid != 0 {
        words.push_str(&format!("; shown as on {}", HOST.name()));
    }
    seen.note(format!("{words}."));
}
