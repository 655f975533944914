//! What may be said of a uid on a host.

use seaworthy::image::host::{
    AccountCertainty, HostRelease, MET_HOST_ACCOUNT, account_on_release, host_accounts, summarise_uid,
};

fn name_on(release: HostRelease, uid: u32) -> Option<&'static str> {
    account_on_release(release, uid).map(|account| account.name)
}

#[test]
fn numbers_below_100_are_fixed_by_the_distribution() {
    assert_eq!(name_on(HostRelease::Debian12, 33), Some("www-data"));
    assert_eq!(name_on(HostRelease::Alpine, 33), None);
    assert_eq!(name_on(HostRelease::Debian12, 1), Some("daemon"));
    assert_eq!(name_on(HostRelease::RedHat9, 1), Some("bin"));
    assert_eq!(name_on(HostRelease::Ubuntu2204, 42), None);
    assert_eq!(name_on(HostRelease::Ubuntu2404, 42), Some("_apt"));
    assert!(host_accounts(33).iter().any(|account| account.certainty == AccountCertainty::IfInstalled));
    assert_eq!(host_accounts(33)[0].certainty, AccountCertainty::Certain);
}

/// The article's host showed `syslog`; which account holds 101 depends on the release.
#[test]
fn uid_101_is_another_account_on_each_release() {
    let (uid, name) = MET_HOST_ACCOUNT;
    assert_eq!(name_on(HostRelease::Ubuntu1404, uid), Some(name));
    assert_eq!(name_on(HostRelease::Ubuntu2204, 101), Some("systemd-network"));
    assert_eq!(name_on(HostRelease::Ubuntu2404, 101), Some("messagebus"));
    assert_eq!(name_on(HostRelease::Debian12, 101), Some("sshd"));
    assert!(host_accounts(101).iter().all(|account| account.certainty == AccountCertainty::Typical));
}

#[test]
fn only_fixed_numbers_are_called_certain() {
    for uid in (100..=1_100).filter(|uid| ![123, 405].contains(uid)) {
        assert!(
            host_accounts(uid).iter().all(|account| account.certainty != AccountCertainty::Certain),
            "{uid}"
        );
    }
    for uid in 0..100 {
        assert!(
            host_accounts(uid).iter().all(|account| account.certainty != AccountCertainty::Typical),
            "{uid}"
        );
    }
}

#[test]
fn no_release_has_two_certain_accounts_for_one_number() {
    for uid in 0..=65_535 {
        let accounts = host_accounts(uid);
        for (at, account) in accounts.iter().enumerate() {
            let again = accounts[at + 1..]
                .iter()
                .any(|other| (other.release, other.certainty) == (account.release, account.certainty));
            assert!(!again, "{uid} on {}", account.release.name());
        }
    }
}

#[test]
fn the_summary_claims_no_more_than_is_known() {
    assert_eq!(summarise_uid(0), "uid 0 is root on every host");
    assert_eq!(
        summarise_uid(33),
        "uid 33 is www-data on Ubuntu 24.04, Ubuntu 22.04 and Debian 12; and amandabackup on RHEL 9 if that package \
         is installed"
    );
    assert!(
        summarise_uid(101)
            .starts_with("uid 101 is typically messagebus on Ubuntu 24.04, systemd-network on ")
    );
    assert!(summarise_uid(101).ends_with("`getent passwd 101` on the node tells"));
    assert!(summarise_uid(472).contains("not known to be any account's"));
    assert!(summarise_uid(1000).contains("first person"));
    assert_eq!(summarise_uid(43122), "uid 43122 has no account by default on the distributions known here");
    assert!(summarise_uid(65534).contains("nobody"));
}
