//! What the walk says of the state after a change, and of what is left, is computed from the files: nothing is promised.

use std::collections::BTreeMap;

use seaworthy::audit::AuditEngine;
use seaworthy::walkthrough::{
    AFTER_HEADING, AppBefore, Chapter, ChapterPage, ChapterStatus, write_pull_request,
};

use super::{DEPLOYMENT, DOCKERFILE, apps, enter, journey, seen};
use crate::support::{audit, repository};

/// A Deployment of one container, with these lines in its pod and in its container.
fn deployment(image: &str, pod: &str, container: &str) -> String {
    let pod: String = pod.lines().map(|line| format!("      {line}\n")).collect();
    let container: String = container.lines().map(|line| format!("        {line}\n")).collect();
    let from = DEPLOYMENT.find("      containers:").unwrap();
    let head = &DEPLOYMENT[..from];
    format!("{head}{pod}      containers:\n      - name: api\n        image: {image}\n{container}")
}

fn page(engine: &AuditEngine, chapter: Chapter) -> ChapterPage {
    journey(engine, &apps(engine)[0].id).pages[chapter as usize].clone()
}

/// What is shown now, and what after the change.
fn halves(page: &ChapterPage) -> (String, String) {
    let text = seen(page);
    let (now, then) = text.split_once(AFTER_HEADING).unwrap_or((&text, ""));
    (now.to_owned(), then.to_owned())
}

/// The first says what it needs itself, the second gets it back by the fix.
#[test]
fn the_capabilities_shown_are_those_that_the_change_leaves() {
    let adds = "securityContext:\n  capabilities: {add: [CHOWN, NET_BIND_SERVICE, SETGID, SETUID]}";
    for (image, own, mask, rights) in [
        ("nginx:1.27.3", adds, "4c1", "4 of root's special rights (CHOWN, SETGID, SETUID, NET_BIND_SERVICE)"),
        ("postgres:16.4", "", "0c1", "3 of root's special rights (CHOWN, SETGID, SETUID)"),
    ] {
        let root = repository(&[("deploy.yaml", &deployment(image, "", own))]);
        let mut engine = audit(root.path());
        let open = page(&engine, Chapter::PodSecurity);
        let (now, then) = halves(&open);
        assert!(now.contains("CapBnd:     00000000a80425fb\nNoNewPrivs: 0\nSeccomp:    0"), "{now}");
        assert!(
            then.contains("Still in the way of \"restricted\": Capabilities, Running as Non-root"),
            "{then}"
        );
        assert!(enter(root.path(), &mut engine, &open));
        let written = page(&engine, Chapter::PodSecurity);
        for text in [then, halves(&written).0] {
            let status = format!("CapBnd:     0000000000000{mask}\nNoNewPrivs: 1\nSeccomp:    2");
            assert!(text.contains(&status) && text.contains(rights), "{image}\n{text}");
            assert!(!text.contains("None of"), "{text}");
        }
        for answer in [open.check.answer, written.check.answer] {
            assert!(
                answer.contains("a warning about this workload: unrestricted capabilities, "),
                "{answer}"
            );
            assert!(answer.contains("runAsNonRoot != true (chapter 2)"), "{answer}");
        }
    }
}

/// A fix that would break the program is left out of the change, and so of what is shown after it.
#[test]
fn what_is_left_out_of_the_change_is_not_shown_as_done() {
    let root = repository(&[("deploy.yaml", &deployment("nginx:1.27.3", "", ""))]);
    let engine = audit(root.path());
    let (_, then) = halves(&page(&engine, Chapter::PodSecurity));
    assert!(then.contains("CapBnd:     00000000a80425fb\nNoNewPrivs: 1\nSeccomp:    2"), "{then}");
}

#[test]
fn the_mask_is_the_default_set_without_what_is_dropped_and_with_what_is_added() {
    for (capabilities, mask) in [
        ("{}", "00000000a80425fb"),
        ("{drop: [NET_RAW]}", "00000000a80405fb"),
        ("{drop: [all], add: [CAP_CHOWN]}", "0000000000000001"),
        ("{drop: [ALL], add: [sys_admin]}", "0000000000200000"),
        ("{add: [ALL], drop: [CHOWN]}", "000001fffffffffe"),
        ("{drop: [CHOWN], add: [CHOWN, NET_ADMIN]}", "00000000a80435fa"),
    ] {
        let context = format!("securityContext:\n  capabilities: {capabilities}");
        let root = repository(&[("deploy.yaml", &deployment("registry/api:1", "", &context))]);
        let (now, _) = halves(&page(&audit(root.path()), Chapter::PodSecurity));
        assert!(now.contains(&format!("CapBnd:     {mask}\n")), "{capabilities}\n{now}");
    }
}

#[test]
fn a_privileged_container_has_every_right_and_no_filter() {
    let pod = "hostNetwork: true\nsecurityContext:\n  seccompProfile: {type: RuntimeDefault}";
    let own = "securityContext:\n  privileged: true";
    let root = repository(&[("deploy.yaml", &deployment("registry/api:1", pod, own))]);
    let (now, _) = halves(&page(&audit(root.path()), Chapter::PodSecurity));
    assert!(
        now.contains("CapBnd:     000001ffffffffff\nNoNewPrivs: 0\nSeccomp:    0\nPrivileged: "),
        "{now}"
    );
    let refused = format!("{own}\n  allowPrivilegeEscalation: false");
    let root = repository(&[("deploy.yaml", &deployment("registry/api:1", pod, &refused))]);
    let (now, _) = halves(&page(&audit(root.path()), Chapter::PodSecurity));
    assert!(now.contains("The API server refuses this pod: ") && !now.contains("NoNewPrivs"), "{now}");
}

#[test]
fn no_warning_is_promised_only_at_restricted() {
    let own = "securityContext:\n  allowPrivilegeEscalation: false\n  capabilities: {drop: [ALL]}\n  \
               seccompProfile: {type: RuntimeDefault}";
    let done = |pod: &str| {
        let root = repository(&[("deploy.yaml", &deployment("registry/api:1", pod, own))]);
        let page = page(&audit(root.path()), Chapter::PodSecurity);
        let ChapterStatus::Done(words) = page.status else { panic!("{:?}", page.status) };
        (words, page.check.answer)
    };
    let (words, answer) = done("");
    assert!(
        words.ends_with("Still in the way of \"restricted\": Running as Non-root (chapter 2)."),
        "{words}"
    );
    assert_eq!(answer, "Prints a warning about this workload: runAsNonRoot != true (chapter 2).");
    let (words, answer) = done("securityContext: {runAsNonRoot: true}");
    assert_eq!(words, "Nothing is left that the standards forbid.");
    assert_eq!(answer, "Prints no warning about this workload.");
}

#[test]
fn what_is_allowed_is_not_called_mended() {
    let allowed = deployment("registry/api:1", "", "").replace(
        "    spec:\n      containers",
        "    # seaworthy: allow service-account-token-mounted it calls the API\n    spec:\n      containers",
    );
    let root = repository(&[("deploy.yaml", &allowed)]);
    let page = page(&audit(root.path()), Chapter::Token);
    let (now, _) = halves(&page);
    assert!(now.contains("tmpfs /run/secrets/kubernetes.io/serviceaccount tmpfs ro"), "{now}");
    assert_eq!(page.check.answer, "Prints what is allowed, as it stands.");
    let words = "Nothing is open; what is left is allowed: service-account-token-mounted.";
    assert_eq!(page.status, ChapterStatus::Done(words.to_owned()));
}

#[test]
fn a_chapter_closed_in_part_tells_what_changed_and_what_is_left() {
    let pod = "volumes:\n- {name: node, hostPath: {path: /var/lib/api}}";
    let root = repository(&[("deploy.yaml", &deployment("registry/api:1", pod, ""))]);
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let before = AppBefore::from_walk(&journey(&engine, &id));
    let open = page(&engine, Chapter::PodSecurity);
    assert!(enter(root.path(), &mut engine, &open));
    let now = journey(&engine, &id);
    assert_eq!(
        now.pages[Chapter::PodSecurity as usize].status,
        ChapterStatus::ToDo,
        "the node's path is left"
    );
    let withheld = BTreeMap::from([(Chapter::PodSecurity, vec!["host-path: it is asked for".to_owned()])]);
    let report = write_pull_request(&before, &now, &[], &withheld, &|_, patch| patch.to_owned());
    let (changes, left) = report.split_once("### Left as it is, and why").unwrap();
    for words in [
        "### What changes, and why",
        "- **Further: up to restricted.** Changed in part; what is left stands below.",
        "Rules closed: capabilities-not-dropped, missing-seccomp, privilege-escalation.",
        "Before:",
        "CapBnd:     00000000a80425fb",
        "After:",
        "CapBnd:     0000000000000000",
        "- [ ] Further: up to restricted, in part. May break: ",
    ] {
        assert!(changes.contains(words), "{words} is not in:\n{report}");
    }
    assert!(!changes.contains("Prints no warning"), "{report}");
    assert!(left.contains("- **Further: up to restricted**: "), "{report}");
    assert!(left.contains("  - Not written: host-path: it is asked for"), "{report}");
}

#[test]
fn of_one_rule_as_many_are_closed_as_are_gone() {
    let two = deployment("registry/api:1", "", "").replace(
        "      - name: api\n",
        "      - name: log\n        image: registry/log:1\n      - name: api\n",
    );
    let root = repository(&[("deploy.yaml", &two)]);
    let engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let before = AppBefore::from_walk(&journey(&engine, &id));
    let one = two.replace(
        "image: registry/log:1\n",
        "image: registry/log:1\n        securityContext: {readOnlyRootFilesystem: true}\n",
    );
    let root = repository(&[("deploy.yaml", &one)]);
    let page = page(&audit(root.path()), Chapter::Filesystem);
    assert_eq!(before.closed_rules(&page), "writable-root-filesystem");
    assert!(before.is_changed_in_part(&page) && !before.is_changed(&page));
}

#[test]
fn only_volumes_that_can_be_written_are_called_writable() {
    let pod = "volumes:\n- {name: settings, configMap: {name: api}}\n- {name: key, secret: {secretName: api}}\n\
        - {name: labels, downwardAPI: {items: []}}\n- {name: all, projected: {sources: []}}\n\
        - {name: shared, persistentVolumeClaim: {claimName: shared, readOnly: true}}\n\
        - {name: data, persistentVolumeClaim: {claimName: data}}\n- {name: tmp, emptyDir: {}}";
    let own = "volumeMounts:\n- {name: settings, mountPath: /etc/api}\n- {name: key, mountPath: /key}\n\
        - {name: labels, mountPath: /labels}\n- {name: all, mountPath: /all}\n- {name: shared, mountPath: /shared}\n\
        - {name: data, mountPath: /data}\n- {name: data, mountPath: /seen, readOnly: true}\n\
        - {name: tmp, mountPath: /tmp}";
    let root =
        repository(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", &deployment("registry/api:1", pod, own))]);
    let text = seen(&page(&audit(root.path()), Chapter::Filesystem));
    assert!(text.contains("Volumes are mounted at `/data`, `/tmp`: there it may write."), "{text}");
    let fixed = "Mounted read-only: `/etc/api`, `/key`, `/labels`, `/all`, `/shared`, `/seen`.";
    assert!(text.contains(fixed), "{text}");
}

/// The words are those of the API server, which asks only the stricter of two checks of one thing.
#[test]
fn the_warning_is_worded_as_the_server_prints_it() {
    let pod = "hostPID: true\nvolumes:\n  - name: host\n    hostPath: {path: /}";
    let own = "securityContext:\n  capabilities: {add: [SYS_ADMIN]}\n  seccompProfile: {type: Unconfined}";
    let root = repository(&[("deploy.yaml", &deployment("registry/api:1", pod, own))]);
    let answer = page(&audit(root.path()), Chapter::PodSecurity).check.answer;
    // What the change mends is not warned of then, and the volume by one check of the two that forbid it.
    assert_eq!(
        answer,
        "Prints a warning about this workload: restricted volume types, runAsNonRoot != true (chapter 2)."
    );
}
