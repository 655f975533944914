//! Fixes of pods that would keep the runtime from starting them, or a program from what it does today.

use seaworthy::finding::{FixRisk, Safety};
use seaworthy::fix::{FixOrder, Planner};

use super::{audit_texts, deployment, risk_of};

/// What these rules' fixes make of a Deployment's pod spec.
fn fixed(spec: &str, rules: &[&str]) -> String {
    let engine = audit_texts(&[("deploy.yaml", &deployment(spec))]);
    let order = FixOrder::Rules { accepts: &|rule| rules.contains(&rule), max_safety: Safety::Review };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    let [patch] = plan.patches.as_slice() else { panic!("{:?}", plan.withheld) };
    patch.after.text().to_owned()
}

/// containerd refuses a sandbox that has a group and no user.
#[test]
fn a_pod_says_a_group_only_beside_its_user() {
    let database = "securityContext: {fsGroup: 999}\ncontainers:\n- name: db\n  image: mysql:8.0.36\n";
    let own = fixed(database, &["missing-run-as-group"]);
    assert!(own.contains("securityContext: {fsGroup: 999}\n"), "{own}");
    assert!(own.contains("runAsGroup: 999"), "{own}");
    let with_user = database.replace("fsGroup: 999", "fsGroup: 999, runAsUser: 999");
    let shared = fixed(&with_user, &["missing-run-as-group"]);
    assert!(shared.contains("runAsUser: 999, runAsGroup: 999"), "{shared}");
    let both = fixed(database, &["missing-run-as-group", "missing-run-as-user", "may-run-as-root"]);
    assert!(both.contains("runAsUser: 999, runAsGroup: 999"), "{both}");
}

#[test]
fn who_makes_user_namespaces_is_not_given_the_runtimes_filter() {
    let with = |more: &str| format!("containers:\n- name: build\n  {more}\n");
    for (spec, risk) in [
        (
            with("image: registry.example/build:1\n  command: [sh, -c, \"unshare -r build\"]"),
            FixRisk::WillBreak,
        ),
        (with("image: registry.example/build:1\n  command: [bwrap, --dev, /dev, build]"), FixRisk::WillBreak),
        (with("image: moby/buildkit:v0.15.0-rootless"), FixRisk::WillBreak),
        (with("image: registry.example/build:1\n  command: [sh, -c, \"exec build\"]"), FixRisk::None),
        (
            with(
                "image: registry.example/build:1\n  command: [unshare, -r, build]\n  securityContext: {capabilities: {add: [SYS_ADMIN]}}",
            ),
            FixRisk::None,
        ),
    ] {
        let engine = audit_texts(&[("deploy.yaml", &deployment(&spec))]);
        let found = risk_of(&engine, "deploy.yaml", "missing-seccomp");
        assert_eq!(found.risk, risk, "{spec} {found:#?}");
        let plan = Planner::new(&engine)
            .plan(&FixOrder::Rules { accepts: &|rule| rule == "missing-seccomp", max_safety: Safety::Safe })
            .unwrap();
        assert_eq!(plan.patches.is_empty(), risk == FixRisk::WillBreak, "{spec}");
    }
}

#[test]
fn what_a_runtime_mounts_by_itself_gets_no_volume() {
    let browser = "containers:\n- name: browser\n  image: selenium/standalone-chrome:4.25.0\n";
    let mended = fixed(browser, &["writable-root-filesystem"]);
    assert!(mended.contains("mountPath: /tmp") && !mended.contains("/dev/shm"), "{mended}");
}
