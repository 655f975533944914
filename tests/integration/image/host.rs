//! What may be said of a uid on a host.

use seaworthy::image::host::{Certainty, Release, SEEN_IN_ARTICLE, account_on, accounts, summary};

fn name_on(release: Release, uid: u32) -> Option<&'static str> {
    account_on(release, uid).map(|account| account.name)
}

#[test]
fn numbers_below_100_are_fixed_by_the_distribution() {
    assert_eq!(name_on(Release::Debian12, 33), Some("www-data"));
    assert_eq!(name_on(Release::Alpine, 33), None);
    assert_eq!(name_on(Release::Debian12, 1), Some("daemon"));
    assert_eq!(name_on(Release::RedHat9, 1), Some("bin"));
    assert_eq!(name_on(Release::Ubuntu2204, 42), None);
    assert_eq!(name_on(Release::Ubuntu2404, 42), Some("_apt"));
    assert!(accounts(33).iter().any(|account| account.certainty == Certainty::IfInstalled));
    assert_eq!(accounts(33)[0].certainty, Certainty::Certain);
}

/// The article's host showed `syslog`; which account holds 101 depends on the release.
#[test]
fn uid_101_is_another_account_on_each_release() {
    let (uid, name) = SEEN_IN_ARTICLE;
    assert_eq!(name_on(Release::Ubuntu1404, uid), Some(name));
    assert_eq!(name_on(Release::Ubuntu2204, 101), Some("systemd-network"));
    assert_eq!(name_on(Release::Ubuntu2404, 101), Some("messagebus"));
    assert_eq!(name_on(Release::Debian12, 101), Some("sshd"));
    assert!(accounts(101).iter().all(|account| account.certainty == Certainty::Typical));
}

#[test]
fn only_fixed_numbers_are_called_certain() {
    for uid in (100..=1_100).filter(|uid| ![123, 405].contains(uid)) {
        assert!(accounts(uid).iter().all(|account| account.certainty != Certainty::Certain), "{uid}");
    }
    for uid in 0..100 {
        assert!(accounts(uid).iter().all(|account| account.certainty != Certainty::Typical), "{uid}");
    }
}

#[test]
fn no_release_has_two_certain_accounts_for_one_number() {
    for uid in 0..=65_535 {
        let accounts = accounts(uid);
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
    assert_eq!(summary(0), "uid 0 is root on every host");
    assert_eq!(
        summary(33),
        "uid 33 is www-data on Ubuntu 24.04, Ubuntu 22.04 and Debian 12; and amandabackup on RHEL 9 if that package \
         is installed"
    );
    assert!(summary(101).starts_with("uid 101 is typically messagebus on Ubuntu 24.04, systemd-network on "));
    assert!(summary(101).ends_with("`getent passwd 101` on the node tells"));
    assert!(summary(472).contains("not known to be any account's"));
    assert!(summary(1000).contains("first person"));
    assert_eq!(summary(43122), "uid 43122 has no account by default on the distributions known here");
    assert!(summary(65534).contains("nobody"));
}
