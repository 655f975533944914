//! Fixes of Dockerfiles: each makes the edit that a careful person would, alone and with all others.
//!
//! In `tests/fixtures/build_fixes/` lie pairs, `<what>.before.Dockerfile` and `<what>.after.Dockerfile`: the second is
//! the first with every fix made.

use proptest::prelude::*;
use seaworthy::finding::{Safety, Severity};
use seaworthy::fix::{FixOrder, Planner};

use crate::support::{audit, entries, findings, fixtures, repository};

#[test]
fn every_fix_makes_the_edit_that_its_fixture_shows() {
    for before in entries(&fixtures().join("build_fixes")) {
        let name = before.file_name().unwrap().to_string_lossy().into_owned();
        let Some(what) = name.strip_suffix(".before.Dockerfile") else { continue };
        let expected =
            std::fs::read_to_string(before.with_file_name(format!("{what}.after.Dockerfile"))).unwrap();
        let text = std::fs::read_to_string(&before).unwrap();
        let once = fixed(&text);
        assert_eq!(once, expected, "{what}");
        assert_eq!(fixed(&once), expected, "{what}, a second time");
    }
}

/// The text with every fix made that asks nobody for a value.
fn fixed(text: &str) -> String {
    let root = repository(&[("Dockerfile", text)]);
    let order = FixOrder::Rules { accepts: &|_| true, max_safety: Safety::Review };
    let outcome = Planner::new(&audit(root.path())).plan(&order).unwrap();
    match outcome.patches.as_slice() {
        [] => text.to_owned(),
        [patch] => patch.after.text().to_owned(),
        patches => panic!("{} files were changed", patches.len()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever instructions stand together: all fixes that are made keep the rest, and a second run changes nothing.
    #[test]
    fn all_fixes_together_are_made_once(lines in prop::collection::vec(prop::sample::select(LINES), 1..14)) {
        let text = format!("FROM alpine:3.20.3\n{}\n", lines.join("\n"));
        let once = fixed(&text);
        prop_assert_eq!(fixed(&once), once.clone());
        let problems = |text: &str| seaworthy::dockerfile::parse(text).problems.len();
        prop_assert_eq!(problems(&once), problems(&text));
    }
}

const LINES: &[&str] = &[
    "FROM debian:12.8 AS next",
    "# a comment",
    "",
    "USER root",
    "USER app:app",
    "USER 1000",
    "ARG UID=1000",
    "RUN adduser -D -u 1000 app",
    "RUN adduser -S app && chown -R app /srv",
    "RUN apt-get update && \\\n    # why\n    apt-get install curl",
    "RUN curl -k https://a.example | sudo sh",
    "RUN <<EOF\nchmod 777 /a | true\nEOF",
    "RUN npm config set strict-ssl false && chmod 777 /a",
    "RUN pip install a && pip install b",
    "COPY --chown=app --chmod=777 a /a",
    "ADD a b /c/",
    "ENV GIT_SSL_NO_VERIFY=1 A=2",
    "EXPOSE 22 80",
    "SHELL [\"/bin/bash\", \"-c\"]",
    "MAINTAINER Ada",
    "HEALTHCHECK CMD a \\\n    b",
    "CMD app --port $PORT",
    "CMD [\"app\"]",
    "ENTRYPOINT app",
];

#[test]
fn the_fixtures_come_in_pairs() {
    let names: Vec<String> = entries(&fixtures().join("build_fixes"))
        .iter()
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    let of = |suffix: &str| names.iter().filter_map(|name| name.strip_suffix(suffix)).collect::<Vec<_>>();
    assert_eq!(of(".before.Dockerfile"), of(".after.Dockerfile"));
}

/// A stage that starts nothing is a base, unless a workload starts its image by a command of its own.
#[test]
fn a_missing_user_is_an_info_where_the_image_is_only_a_base() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: 'r.example/a:1'}]}\n";
    let base = "FROM debian:12.8\nRUN ldconfig\n";
    let severity = |files: &[(&str, &str)]| {
        let root = repository(files);
        let found = findings(root.path());
        found.iter().find(|finding| finding.rule == "missing-user").unwrap().severity
    };
    assert_eq!(severity(&[("a/Dockerfile", base)]), Severity::Info);
    assert_eq!(severity(&[("a/Dockerfile", base), ("a/pod.yaml", pod)]), Severity::High);
    assert_eq!(severity(&[("a/Dockerfile", &format!("{base}CMD [\"a\"]\n"))]), Severity::High);
}

#[test]
fn a_user_of_a_stage_that_nobody_builds_is_said_to_be_one() {
    let build = "FROM node:22-alpine3.20 AS builder\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"app.js\"]\nFROM builder AS dev\nRUN apk add --no-cache git\n";
    let service = "services:\n  web:\n    build:\n      context: app\n      target: builder\n";
    let root = repository(&[("app/Dockerfile", build), ("compose.yaml", service)]);
    let said = |root: &std::path::Path| {
        let engine = audit(root);
        let offers = Planner::new(&engine).verify(|rule| rule == "missing-user");
        let told: Vec<String> = offers.values().map(|offer| format!("{offer:?}")).collect();
        told.join("\n")
    };
    let place = "compose.yaml:3 builds the stage `builder`";
    assert!(said(root.path()).contains(place), "{}", said(root.path()));
    std::fs::write(root.path().join("compose.yaml"), service.replace("      target: builder\n", "")).unwrap();
    assert!(!said(root.path()).contains("builds the stage"));
}
