//! A decision that somebody took is not undone by the fix of another finding.

use seaworthy::audit::AuditEngine;
use seaworthy::finding::Safety;
use seaworthy::fix::{FixOffer, FixOrder, FixPlan, Planner};
use seaworthy::rules::ALL_RULES;
use seaworthy::settings::parse_settings;

use crate::support::repository;

/// A pod whose container has this security context.
fn pod(context: &str) -> String {
    let lines: String = context.lines().map(|line| format!("      {line}\n")).collect();
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: probe, namespace: ops}}\nspec:\n  containers:\n  \
         - name: probe\n    image: shop/probe:1.0.0\n    securityContext:\n{lines}"
    )
}

/// What is written of a folder where everything is asked for, and what the plan withholds of a rule.
fn mend(files: &[(&str, &str)], rule: &str) -> (FixPlan, Vec<String>) {
    let root = repository(files);
    let root = root.path().canonicalize().unwrap();
    let text = files.iter().find(|(name, _)| *name == "seaworthy.toml").map_or("", |(_, text)| *text);
    let rules: Vec<&'static str> = ALL_RULES.iter().map(|rule| rule.id).collect();
    let mut engine = AuditEngine::new(root.clone(), parse_settings(text, &rules).unwrap());
    engine.scan(&[root], &|_, _| {});
    let order = FixOrder::Rules { accepts: &|_| true, max_safety: Safety::Review };
    let plan = Planner::new(&engine).plan(&order).unwrap();
    let reasons = plan.withheld.iter().filter(|(key, _)| key.rule == rule);
    let reasons: Vec<String> = reasons.map(|(_, reason)| reason.clone()).collect();
    let offers = Planner::new(&engine).verify(|own| own == rule);
    let offers = offers.iter().filter(|(key, _)| key.rule == rule && !reasons.is_empty());
    for (_, offer) in offers {
        assert!(matches!(offer, FixOffer::Withheld(reason) if reasons.contains(reason)), "{offer:?}");
    }
    (plan, reasons)
}

fn written(plan: &FixPlan) -> &str {
    plan.patches.first().map_or("", |patch| patch.after.text())
}

const SETTINGS: &str = "[[allow]]\nrules = [\"privileged-container\"]\npaths = [\"pod.yaml\"]\nreason = \"loads eBPF programs\"\n";

#[test]
fn an_allowed_privileged_container_stays_whoever_says_it() {
    let comment = pod("# seaworthy: allow privileged-container -- loads eBPF programs\nprivileged: true");
    let plain = pod("privileged: true");
    for files in [
        vec![("pod.yaml", comment.as_str())],
        vec![("pod.yaml", plain.as_str()), ("seaworthy.toml", SETTINGS)],
    ] {
        let (plan, reasons) = mend(&files, "privilege-escalation");
        let text = written(&plan);
        assert!(text.contains("privileged: true") && !text.contains("allowPrivilegeEscalation"), "{text}");
        assert_eq!(text.contains("# seaworthy"), files[0].1.contains("# seaworthy"), "its comment stays");
        assert_eq!(reasons.len(), 1, "{:?}", plan.withheld);
        assert!(reasons[0].contains("`privileged-container`"), "{}", reasons[0]);
        assert!(reasons[0].ends_with("loads eBPF programs"), "{}", reasons[0]);
    }
}

#[test]
fn without_a_decision_both_are_mended() {
    let (plan, reasons) = mend(&[("pod.yaml", &pod("privileged: true"))], "privilege-escalation");
    assert!(reasons.is_empty(), "{reasons:?}");
    let text = written(&plan);
    assert!(text.contains("privileged: false") && text.contains("allowPrivilegeEscalation: false"), "{text}");
}

#[test]
fn an_added_capability_that_is_allowed_is_not_taken_away_by_another_fix() {
    let text = pod(
        "capabilities:\n  # seaworthy: allow added-capabilities -- mounts file systems\n  add: [SYS_ADMIN]",
    );
    let (plan, reasons) = mend(&[("pod.yaml", &text)], "privilege-escalation");
    assert!(written(&plan).contains("add: [SYS_ADMIN]"), "{}", written(&plan));
    assert!(!written(&plan).contains("allowPrivilegeEscalation"));
    assert!(reasons.iter().all(|reason| reason.contains("mounts file systems")) && !reasons.is_empty());
    assert!(written(&plan).contains("ALL"), "what undoes nothing is mended: {}", written(&plan));
}

#[test]
fn what_follows_from_an_edit_undoes_no_decision_either() {
    // `runAsNonRoot` requires a number where the image proves none, and somebody decided against one.
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: api, namespace: shop}\nspec:\n  containers:\n  \
                # seaworthy: allow missing-run-as-user -- the cluster assigns it\n  - name: api\n    \
                image: registry.example/api:1.0.0\n";
    let build = "FROM debian:12.8-slim\nCOPY api /usr/local/bin/api\nCMD [\"api\"]\n";
    let (plan, reasons) = mend(&[("pod.yaml", text), ("Dockerfile", build)], "may-run-as-root");
    let after = plan.patches.iter().find(|patch| patch.path.as_str() == "pod.yaml").unwrap();
    assert!(!after.after.text().contains("runAsUser"), "{}", after.after.text());
    assert!(after.after.text().contains("the cluster assigns it"));
    assert!(
        reasons.is_empty() || reasons.iter().all(|reason| reason.contains("`missing-run-as-user`")),
        "{reasons:?}"
    );
}
