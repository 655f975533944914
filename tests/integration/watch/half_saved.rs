//! A file that does not parse keeps what was found in it, until it does.

use std::collections::BTreeSet;

use seaworthy::audit::{FileReport, FileStatus};

use super::{DEPLOY, DOCKERFILE, OTHER, Session};

fn report<'a>(session: &'a Session, path: &str) -> &'a FileReport {
    session.store.file(&path.into()).unwrap()
}

/// The rules that fire in the file.
fn rules(session: &Session, path: &str) -> BTreeSet<&'static str> {
    session.store.findings_in(&path.into()).iter().map(|listed| listed.key.rule).collect()
}

#[test]
fn a_manifest_that_does_not_parse_keeps_its_findings_until_it_does() {
    let mut session = Session::new();
    let before = rules(&session, "api/deploy.yaml");
    let known = |session: &Session| session.store.workloads().cloned().collect::<Vec<_>>();
    let (workloads, score) = (known(&session), session.store.score());
    session.write("api/deploy.yaml", &DEPLOY.replace("containers:", "containers: ["));
    session.next();
    let file = report(&session, "api/deploy.yaml");
    assert!(file.is_stale && !matches!(file.status, FileStatus::Audited));
    let now = rules(&session, "api/deploy.yaml");
    assert!(now.is_superset(&before), "{now:?}");
    assert_eq!((known(&session), session.store.score()), (workloads, score));
    assert!(session.engine.file(&"api/deploy.yaml".into()).is_none(), "it cannot be fixed meanwhile");
    session.write("api/deploy.yaml", OTHER);
    session.settle();
    assert!(!report(&session, "api/deploy.yaml").is_stale);
}

#[test]
fn findings_stand_where_the_same_is_in_the_broken_text() {
    let mut session = Session::new();
    let broken = format!("# a note: {{\n{}", DEPLOY.replace("metadata:\n  name: api", "metadata: {"));
    session.write("api/deploy.yaml", &broken);
    session.next();
    let path = "api/deploy.yaml".into();
    let findings = session.store.findings_in(&path);
    let at = |rule: &str| {
        let listed = findings.iter().find(|listed| listed.key.rule == rule).unwrap();
        listed.finding.span.slice(&broken)
    };
    assert_eq!(at("latest-tag"), "registry.example/api:latest");
    assert_eq!(at("may-run-as-root"), "api");
}

#[test]
fn an_empty_or_cut_off_file_is_half_saved() {
    let mut session = Session::new();
    let before = rules(&session, "api/deploy.yaml");
    for half in ["", "\n", "apiVersion: apps/v1\nki"] {
        session.write("api/deploy.yaml", half);
        session.next();
        assert!(session.knows("api/deploy.yaml"), "{half:?}");
        assert!(report(&session, "api/deploy.yaml").is_stale, "{half:?}");
        assert_eq!(rules(&session, "api/deploy.yaml"), before, "{half:?}");
    }
    std::fs::write(session.at("api/deploy.yaml"), &format!("{DEPLOY}# é").as_bytes()[..DEPLOY.len() + 3])
        .unwrap();
    session.next();
    assert!(report(&session, "api/deploy.yaml").is_stale);
    session.write("api/deploy.yaml", "name: no manifest at all\n");
    session.settle();
    assert!(!session.knows("api/deploy.yaml"));
}

#[test]
fn a_dockerfile_that_is_half_saved() {
    let mut session = Session::new();
    let mut expected = rules(&session, "api/Dockerfile");
    expected.insert("invalid-syntax");
    session.write("api/Dockerfile", "");
    session.next();
    assert_eq!(rules(&session, "api/Dockerfile"), expected);
    assert!(report(&session, "api/Dockerfile").is_stale);
    session.write("api/Dockerfile", &format!("{DOCKERFILE}USER 43122\n"));
    session.settle();
}

#[test]
fn a_file_that_never_parsed_keeps_nothing() {
    let mut session = Session::new();
    session.write("broken.yaml", "apiVersion: v1\nkind: Pod\nspec: {\n");
    session.settle();
    assert!(!report(&session, "broken.yaml").is_stale);
}

#[test]
fn a_broken_file_that_is_removed_is_gone() {
    let mut session = Session::new();
    session.write("api/deploy.yaml", "apiVersion: v1\nkind: Pod\nspec: {\n");
    session.next();
    std::fs::remove_file(session.at("api/deploy.yaml")).unwrap();
    session.settle();
}
