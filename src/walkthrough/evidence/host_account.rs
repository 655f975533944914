//! Shows `ps` on the host, for the chapter on uids: the account that the uid is there.

use super::EvidenceWriter;
use crate::image::host::{AccountCertainty, HostRelease};
use crate::image::{DistroFamily, host};
use crate::walkthrough::changed_users::ChangedUsers;
use crate::walkthrough::walk_context::WalkContext;

/// The host that the lines are shown for, where nothing more is known.
const SHOWN_RELEASE: HostRelease = HostRelease::Ubuntu2404;
/// The most names of one uid that are shown.
const MAX_NAMES: usize = 2;

pub(super) fn show_host(scene: &WalkContext<'_>, changed: Option<&ChangedUsers>, seen: &mut EvidenceWriter) {
    let own = scene.pod_user();
    let mapped = scene.workload.is_some_and(|workload| workload.view.has_own_users());
    seen.begin_now();
    match own.uid {
        _ if mapped => {
            seen.push_note("`hostUsers: false`: the host maps the container's numbers to others that nobody has.");
        }
        Some(uid) => show_on_host(scene, seen, uid, own.gid),
        None => seen.push_note(
            "The files do not tell which uid the image starts as, so the host's account cannot be told either.",
        ),
    }
    show_chance_account(scene, seen);
    // Where no change can be made, there is no state after it.
    let then = changed.and_then(|users| Some((users.pod, users.pod.uid?)));
    let Some((then, wanted)) = then.filter(|_| seen.begin_after()) else {
        return;
    };
    if own != then || mapped {
        show_on_host(scene, seen, wanted, then.gid);
    } else {
        seen.push_note(format!("The same {wanted}, said by the pod as well: another image changes nothing."));
    }
}

/// The uid that an account made without one may get, and whose it was on one worker node.
fn show_chance_account(scene: &WalkContext<'_>, seen: &mut EvidenceWriter) {
    let (uid, name) = host::MET_HOST_ACCOUNT;
    let takes_the_next =
        matches!(scene.base_family(), DistroFamily::Alpine | DistroFamily::Wolfi | DistroFamily::Busybox);
    // A pod that sets its uid has not left it to chance.
    let numbered =
        scene.main_container().is_some_and(|main| main.pod.pod.run_as_user(main.container).get().is_some());
    if seen.is_met || numbered || scene.dockerfiles.is_empty() || !takes_the_next {
        return;
    }
    seen.lines.push(super::EvidenceLine::Heading("With `adduser -S app` and no number, on one node"));
    seen.push_output(format!("{name:<8} {uid:>5} {uid:>5} {}", scene.program_line()));
    seen.push_note(describe_uid(uid));
}

fn show_on_host(scene: &WalkContext<'_>, seen: &mut EvidenceWriter, uid: u32, gid: Option<u32>) {
    let known = host::account_on_release(SHOWN_RELEASE, uid).map(|account| account.name);
    let number = uid.to_string();
    let shown = if uid == 0 { "root" } else { known.unwrap_or(&number) };
    seen.push_command("node $ ps -eo user,uid,gid,args");
    let group = gid.map_or_else(|| "?".to_owned(), |gid| gid.to_string());
    seen.push_output(format!("{shown:<8} {uid:>5} {group:>5} {}", scene.program_line()));
    let mut words = describe_uid(uid);
    if uid == host::MET_HOST_ACCOUNT.0 {
        words.push_str(&format!(" On one worker node it was met as {}.", host::MET_HOST_ACCOUNT.1));
    }
    if gid == Some(0) && uid != 0 {
        words.push_str(" Its group is root's: no `runAsGroup`, and no account of that number in the image.");
    }
    if known.is_some() && uid != 0 {
        words.push_str(&format!(" Shown as on {}.", SHOWN_RELEASE.name()));
    }
    seen.push_note(words);
}

/// The account that the uid is on hosts, in few words, and its certainty: uids below 100 are fixed, those up to 999 are
/// given out in the order of installation.
fn describe_uid(uid: u32) -> String {
    let accounts = host::host_accounts(uid);
    let of = |wanted: &[AccountCertainty]| {
        let mut names: Vec<(&str, &str)> = Vec::new();
        for account in accounts.iter().filter(|account| wanted.contains(&account.certainty)) {
            if !names.iter().any(|(name, _)| *name == account.name) {
                names.push((account.name, account.release.name()));
            }
        }
        let names = names.iter().take(MAX_NAMES).map(|(name, release)| format!("{name} ({release})"));
        names.collect::<Vec<_>>().join(", ")
    };
    let certain = of(&[AccountCertainty::Certain]);
    match uid {
        0 => "Root, on every host.".to_owned(),
        65_534 => format!("{}.", host::summarise_uid(uid)),
        10_000.. => "Nobody's by default, on the distributions known here.".to_owned(),
        1..=99 if !certain.is_empty() => format!("Certain, since numbers below 100 are fixed: {certain}."),
        100..=999 if !accounts.is_empty() => format!(
            "Typically {}: up to 999 the order of installation decides. `getent passwd {uid}` on the node tells.",
            of(&[AccountCertainty::Certain, AccountCertainty::IfInstalled, AccountCertainty::Typical])
        ),
        _ => {
            let words = host::summarise_uid(uid);
            let mut rest = words.chars();
            let first: String = rest.next().into_iter().flat_map(char::to_uppercase).collect();
            format!("{first}{}.", rest.as_str())
        }
    }
}
