//! `ps` on the host: the account that the uid is there.

use super::Seen;
use crate::image::Family;
use crate::image::host::{self, Certainty, Release};
use crate::walkthrough::scene::Scene;

/// The host that the lines are shown for, where nothing more is known.
const HOST: Release = Release::Ubuntu2404;
/// So many names of one number are told.
const NAMES: usize = 2;

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
    let Some((wanted, _)) = scene.wanted().filter(|_| seen.then()) else { return };
    if uid != Some(wanted) || mapped {
        on_host(scene, seen, wanted);
    } else {
        seen.note(format!("The same {wanted}, said by the pod as well: another image changes nothing."));
    }
}

/// What a user that is made without a number may come to: the article's author met it.
fn left_to_chance(scene: &Scene<'_>, seen: &mut Seen) {
    let (uid, name) = host::SEEN_IN_ARTICLE;
    let takes_the_next = matches!(scene.family(), Family::Alpine | Family::Wolfi | Family::Busybox);
    // A pod that says its number has not left it to chance.
    let numbered = scene.main().is_some_and(|main| main.pod.pod.run_as_user(main.container).get().is_some());
    if seen.met || numbered || scene.builds.is_empty() || !takes_the_next {
        return;
    }
    seen.lines.push(super::Line::When("With `adduser -S app` and no number: the article's host"));
    seen.printed(format!("{name:<8} {uid:>5} {}", scene.program()));
    seen.note(told(uid));
}

fn on_host(scene: &Scene<'_>, seen: &mut Seen, uid: u32) {
    let known = host::account_on(HOST, uid).map(|account| account.name);
    let number = uid.to_string();
    let shown = if uid == 0 { "root" } else { known.unwrap_or(&number) };
    seen.typed("node $ ps -eo user,uid,args");
    seen.printed(format!("{shown:<8} {uid:>5} {}", scene.program()));
    let mut words = told(uid);
    if uid == host::SEEN_IN_ARTICLE.0 {
        words.push_str(&format!(" On the article's host it was {}.", host::SEEN_IN_ARTICLE.1));
    }
    if known.is_some() && uid != 0 {
        words.push_str(&format!(" Shown as on {}.", HOST.name()));
    }
    seen.note(words);
}

/// Whose the uid is on hosts, in few words, and how sure that is: numbers below 100 are fixed, those up to 999 are given
/// out in the order of installation.
fn told(uid: u32) -> String {
    let accounts = host::accounts(uid);
    let of = |wanted: &[Certainty]| {
        let mut names: Vec<(&str, &str)> = Vec::new();
        for account in accounts.iter().filter(|account| wanted.contains(&account.certainty)) {
            if !names.iter().any(|(name, _)| *name == account.name) {
                names.push((account.name, account.release.name()));
            }
        }
        let names = names.iter().take(NAMES).map(|(name, release)| format!("{name} ({release})"));
        names.collect::<Vec<_>>().join(", ")
    };
    let certain = of(&[Certainty::Certain]);
    match uid {
        0 => "Root, on every host.".to_owned(),
        65_534 => format!("{}.", host::summary(uid)),
        10_000.. => "Nobody's by default, on the distributions known here.".to_owned(),
        1..=99 if !certain.is_empty() => format!("Certain, since numbers below 100 are fixed: {certain}."),
        100..=999 if !accounts.is_empty() => format!(
            "Typically {}: up to 999 the order of installation decides. `getent passwd {uid}` on the node tells.",
            of(&[Certainty::Certain, Certainty::IfInstalled, Certainty::Typical])
        ),
        _ => {
            let words = host::summary(uid);
            let mut rest = words.chars();
            let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{}.", rest.as_str())
        }
    }
}
