//! Writes one sentence on what a uid is on hosts, for a finding's details, that claims no more than is known.

use super::{AccountCertainty, HostAccount, host_accounts};

/// The summary of a uid on the hosts that run the container.
#[must_use]
pub fn summarise_uid(uid: u32) -> String {
    let known = host_accounts(uid);
    let of = |certainty| -> Vec<HostAccount> {
        known.iter().copied().filter(|account| account.certainty == certainty).collect()
    };
    let ask = format!("`getent passwd {uid}` on the node tells");
    match uid {
        0 => "uid 0 is root on every host".to_owned(),
        65534 => {
            "uid 65534 is nobody on the distributions known here, and whatever else runs as nobody shares it"
                .to_owned()
        }
        1000 => format!("uid 1000 is typically the first person who logs in to the host; {ask}"),
        1..=99 => describe_fixed(uid, &of(AccountCertainty::Certain), &of(AccountCertainty::IfInstalled)),
        100..=999 => describe_allotted(uid, &known, &ask),
        1001..=9999 => format!(
            "uid {uid} has no account by default, but from 1000 on hosts give numbers to people; {ask}"
        ),
        _ => format!("uid {uid} has no account by default on the distributions known here"),
    }
}

fn describe_fixed(uid: u32, certain: &[HostAccount], if_installed: &[HostAccount]) -> String {
    let reserved = list_accounts(if_installed);
    match (certain.is_empty(), if_installed.is_empty()) {
        (true, true) => format!("uid {uid} is given to no account by the distributions known here"),
        (true, false) => format!("uid {uid} is {reserved} if that package is installed"),
        (false, true) => format!("uid {uid} is {}", list_accounts(certain)),
        (false, false) => {
            format!("uid {uid} is {}; and {reserved} if that package is installed", list_accounts(certain))
        }
    }
}

/// The words for a uid from 100 to 999, whose name depends on the order of installation.
fn describe_allotted(uid: u32, known: &[HostAccount], ask: &str) -> String {
    let rule = "numbers from 100 to 999 go to daemons in the order of their installation";
    let of = |certainty| -> Vec<HostAccount> {
        known.iter().copied().filter(|account| account.certainty == certainty).collect()
    };
    let mut parts = Vec::new();
    for (certainty, before, after) in [
        (AccountCertainty::Certain, "", ""),
        (AccountCertainty::IfInstalled, "", " if that package is installed"),
        (AccountCertainty::Typical, "typically ", ""),
    ] {
        let accounts = of(certainty);
        if !accounts.is_empty() {
            parts.push(format!("{before}{}{after}", list_accounts(&accounts)));
        }
    }
    if parts.is_empty() {
        format!("uid {uid} is not known to be any account's after a default install, but {rule}; {ask}")
    } else {
        format!("uid {uid} is {}; {rule}, so {ask}", parts.join("; "))
    }
}

/// `www-data on Ubuntu 24.04 and Debian 12, bin on Alpine`: each name once, with its releases.
fn list_accounts(accounts: &[HostAccount]) -> String {
    let mut names: Vec<(&str, Vec<&str>)> = Vec::new();
    for account in accounts {
        match names.iter_mut().find(|(name, _)| *name == account.name) {
            Some((_, releases)) => releases.push(account.release.name()),
            None => names.push((account.name, vec![account.release.name()])),
        }
    }
    let phrases: Vec<String> =
        names.iter().map(|(name, releases)| format!("{name} on {}", join_words(releases))).collect();
    phrases.join(", ")
}

fn join_words(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [word] => (*word).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
