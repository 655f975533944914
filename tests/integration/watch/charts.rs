//! A chart while it is edited: each of its files changes what is known of all that it renders.

use std::collections::BTreeSet;

use super::Session;

const FILES: [(&str, &str); 6] = [
    ("Chart.yaml", include_str!("../../fixtures/charts/lighthouse/Chart.yaml")),
    ("values.yaml", include_str!("../../fixtures/charts/lighthouse/values.yaml")),
    ("ci/busy-values.yaml", include_str!("../../fixtures/charts/lighthouse/ci/busy-values.yaml")),
    ("templates/_helpers.tpl", include_str!("../../fixtures/charts/lighthouse/templates/_helpers.tpl")),
    ("templates/deployment.yaml", include_str!("../../fixtures/charts/lighthouse/templates/deployment.yaml")),
    ("templates/service.yaml", include_str!("../../fixtures/charts/lighthouse/templates/service.yaml")),
];

fn session() -> Session {
    let files: Vec<(String, &str)> =
        FILES.iter().map(|(path, text)| (format!("chart/{path}"), *text)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    Session::of(&files)
}

/// Saves a file of the chart with another text, and waits until that is known.
#[track_caller]
fn save(session: &mut Session, path: &str, from: &str, to: &str) {
    let path = format!("chart/{path}");
    let text = std::fs::read_to_string(session.at(&path)).unwrap();
    assert!(text.contains(from), "{text}");
    session.write(&path, &text.replacen(from, to, 1));
    session.settle();
}

/// The findings, as `file rule`.
fn found(session: &Session) -> BTreeSet<String> {
    session.store.findings().map(|listed| format!("{} {}", listed.key.path, listed.key.rule)).collect()
}

/// The Deployment as the store has it, with the value set of that number.
fn rendered(session: &Session, set: usize) -> String {
    let template = session.store.file(&"chart/templates/deployment.yaml".into()).unwrap();
    template.renders[set].text.text().to_owned()
}

#[test]
fn a_save_of_each_file_of_a_chart_is_followed() {
    let mut session = session();
    let escalation = "chart/templates/deployment.yaml privilege-escalation";
    assert!(found(&session).contains(escalation));

    save(
        &mut session,
        "values.yaml",
        "securityContext: {}\n  # runAs",
        "securityContext:\n  allowPrivilegeEscalation: false\n  # runAs",
    );
    assert!(!found(&session).contains(escalation));
    assert!(rendered(&session, 0).contains("allowPrivilegeEscalation: false"));

    save(&mut session, "templates/_helpers.tpl", "default .Chart.Name", "default \"lamp\"");
    let objects: Vec<&str> = session.store.workloads().map(|workload| &*workload.object).collect();
    assert_eq!(objects, ["Deployment/lamp"]);

    save(
        &mut session,
        "templates/deployment.yaml",
        "      containers:",
        "      hostNetwork: true\n      containers:",
    );
    assert!(found(&session).contains("chart/templates/deployment.yaml host-network"));

    save(&mut session, "Chart.yaml", "appVersion: \"2.7.1\"", "appVersion: latest");
    assert!(found(&session).contains("chart/Chart.yaml latest-tag"));

    save(&mut session, "ci/busy-values.yaml", "tag: \"2.8.0\"", "tag: latest");
    assert!(found(&session).contains("chart/ci/busy-values.yaml latest-tag"));
    assert!(rendered(&session, 1).contains("lighthouse:latest"));
}

#[test]
fn a_value_set_that_comes_or_goes_is_followed() {
    let mut session = session();
    session.write("chart/values-night.yaml", "securityContext:\n  privileged: true\n");
    session.settle();
    let privileged = "chart/values-night.yaml privileged-container";
    assert!(found(&session).contains(privileged), "{:?}", found(&session));
    let of_night = session.store.findings().find(|listed| listed.key.rule == "privileged-container").unwrap();
    assert!(of_night.finding.message.contains("with values-night.yaml: in 1 of 3 value sets"));
    std::fs::remove_file(session.at("chart/values-night.yaml")).unwrap();
    session.settle();
    assert!(!found(&session).contains(privileged));
}
