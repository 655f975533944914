//! What a supervisor starts counts as the image's start: by its settings, its service folders, and as whom it starts them.

use std::collections::BTreeSet;

use seaworthy::audit::AuditEngine;
use seaworthy::needs::{NeedCertainty, NeedKind};
use seaworthy::project::FileFacts;
use seaworthy::repo::RelPath;

use super::{image_needs, places};
use crate::support::{audit, repository};

fn shown(files: &[(&str, &str)], kind: &NeedKind) -> Vec<(NeedCertainty, Vec<String>)> {
    let needs = image_needs(files);
    needs.iter().filter(|need| need.kind == *kind).map(|need| (need.certainty, places(need, files))).collect()
}

fn raw_sockets() -> NeedKind {
    NeedKind::Capability("NET_RAW".to_owned())
}

#[test]
fn a_program_of_a_supervisor_is_found_where_its_settings_stand() {
    let settings =
        "[supervisord]\nnodaemon=true\n\n[program:probe]\ncommand = ping -i 5 gateway ; each five seconds\n";
    for (files, place) in [
        (
            vec![
                (
                    "Dockerfile",
                    "FROM debian:12.8-slim\nCOPY probe.conf /etc/supervisor/conf.d/\nCMD [\"supervisord\", \"-n\"]\n",
                ),
                ("probe.conf", settings),
            ],
            "probe.conf:5",
        ),
        (
            vec![(
                "Dockerfile",
                "FROM alpine:3.21\nCOPY <<EOF /srv/supervisord.conf\n[program:web]\ncommand=web\n[eventlistener:probe]\n\
                 command=ping gateway\nEOF\nENTRYPOINT [\"/usr/bin/supervisord\", \"-c\", \"/srv/supervisord.conf\"]\n",
            )],
            "Dockerfile:6",
        ),
        (
            vec![
                ("Dockerfile", "FROM fedora:41\nCOPY etc/ /etc/\nCOPY start.sh /\nCMD [\"/start.sh\"]\n"),
                ("start.sh", "#!/bin/sh\nexec supervisord --configuration=/etc/supervisord.conf\n"),
                ("etc/supervisord.conf", settings),
            ],
            "etc/supervisord.conf:5",
        ),
        (
            vec![
                (
                    "Dockerfile",
                    "FROM ubuntu:24.04\nCOPY probe /etc/services.d/probe/run\nENTRYPOINT [\"/init\"]\n",
                ),
                ("probe", "#!/usr/bin/with-contenv bash\n# the probe\nexec ping gateway\n"),
            ],
            "probe:3",
        ),
        (
            vec![
                ("Dockerfile", "FROM ubuntu:24.04\nCOPY rootfs/ /\nENTRYPOINT [\"/init\"]\n"),
                ("rootfs/etc/services.d/probe/run", "#!/bin/sh\nexec ping gateway\n"),
                ("rootfs/etc/services.d/probe/notes", "#!/bin/sh\nmount /dev/sda\n"),
            ],
            "rootfs/etc/services.d/probe/run:2",
        ),
        (
            vec![
                (
                    "Dockerfile",
                    "FROM debian:12.8-slim\nCOPY conf /etc/supervisor/conf.d\nCMD [\"supervisord\"]\n",
                ),
                ("conf/probe.conf", settings),
            ],
            "conf/probe.conf:5",
        ),
        (
            vec![(
                "Dockerfile",
                "FROM debian:12.8-slim\nRUN mkdir /etc/sv/probe \\\n && printf '#!/bin/sh\\nexec ping gw\\n' > \
                 /etc/sv/probe/run\nCMD [\"runsvdir\", \"/etc/sv\"]\n",
            )],
            "Dockerfile:3",
        ),
    ] {
        let found = shown(&files, &raw_sockets());
        assert_eq!(found, [(NeedCertainty::Shown, vec![place.to_owned()])], "{files:?}");
    }
}

#[test]
fn what_the_supervisor_does_not_start_is_not_found() {
    let build =
        "FROM debian:12.8-slim\nCOPY probe.conf /etc/supervisor/conf.d/\nCMD [\"supervisord\", \"-n\"]\n";
    for (build, settings) in [
        (build, "[program:probe]\n;command=ping gateway\ncommand=web\n"),
        (build, "[program:probe]\ncommand=echo ping gateway\n"),
        (build, "[unix_http_server]\ncommand=ping gateway\n"),
        (
            "FROM debian:12.8-slim\nCOPY probe.conf /opt/\nCMD [\"supervisord\", \"-n\"]\n",
            "[program:probe]\ncommand=ping gw\n",
        ),
        (
            "FROM debian:12.8-slim AS old\nCOPY probe.conf /etc/supervisor/conf.d/\nFROM debian:12.8-slim\nCMD [\"supervisord\"]\n",
            "[program:probe]\ncommand=ping gateway\n",
        ),
        (
            "FROM debian:12.8-slim\nCOPY probe.conf /etc/services.d/probe/notes\nCMD [\"/init\"]\n",
            "#!/bin/sh\nping gw\n",
        ),
    ] {
        let files = [("Dockerfile", build), ("probe.conf", settings)];
        assert_eq!(shown(&files, &raw_sockets()), [], "{files:?}");
    }
}

#[test]
fn a_program_that_is_started_as_another_user_shows_that_the_supervisor_is_root() {
    let build =
        "FROM debian:12.8-slim\nCOPY web.conf /etc/supervisor/conf.d/\nCMD [\"supervisord\", \"-n\"]\n";
    let root_start = |settings: &str| {
        let files = [("Dockerfile", build), ("web.conf", settings)];
        shown(&files, &NeedKind::RootStart)
    };
    let found = root_start("[program:web]\ncommand=web\nuser=www-data\n");
    assert_eq!(found, [(NeedCertainty::Shown, vec!["web.conf:3".to_owned()])]);
    for settings in [
        "[program:web]\ncommand=web\n",
        "[program:web]\ncommand=web\nuser=root\n",
        "[program:web]\ncommand=web\n;user=web\n",
    ] {
        assert_eq!(root_start(settings)[0].0, NeedCertainty::Likely, "{settings}");
    }
}

#[test]
fn what_is_made_under_a_closed_mask_only_root_may_enter() {
    for (build, path, line) in [
        (
            "FROM debian:12.8-slim\nRUN umask 077 && mkdir /srv/app && cp -r /src/. /srv/app\nCMD [\"/srv/app/run\"]\n",
            "/srv/app",
            3,
        ),
        (
            "FROM alpine:3.21\nRUN umask 0077; git clone https://git.example/y /opt/y\nWORKDIR /opt/y\nCMD [\"./y\"]\n",
            "/opt/y",
            3,
        ),
        (
            "FROM python:3.13\nRUN umask u=rwx,go= \\\n && python -m venv /venv\nENTRYPOINT [\"/venv/bin/app\"]\n",
            "/venv",
            4,
        ),
    ] {
        let files = [("Dockerfile", build)];
        let found = shown(&files, &NeedKind::RootOnlyPath(path.to_owned()));
        assert_eq!(found, [(NeedCertainty::Shown, vec![format!("Dockerfile:{line}")])], "{build}");
    }
    for run in [
        "umask 022 && mkdir /srv/app",
        "mkdir /srv/app && umask 077",
        "umask 077\nRUN mkdir /srv/app",
        "echo umask 077 && mkdir /srv/app",
        "umask 077 && mkdir -m 755 /srv/app",
        "umask 077 && mkdir /srv/app && chmod 755 /srv/app",
    ] {
        let build = format!("FROM debian:12.8-slim\nRUN {run}\nCMD [\"/srv/app/run\"]\n");
        assert_eq!(
            shown(&[("Dockerfile", &build)], &NeedKind::RootOnlyPath("/srv/app".to_owned())),
            [],
            "{build}"
        );
    }
}

#[test]
fn a_service_that_is_added_to_a_copied_folder_is_seen() {
    let root = repository(&[
        ("Dockerfile", "FROM ubuntu:24.04\nCOPY rootfs/ /\nENTRYPOINT [\"/init\"]\n"),
        ("rootfs/etc/services.d/web/run", "#!/bin/sh\nexec web\n"),
    ]);
    let mut engine = audit(root.path());
    let sees_probe = |engine: &AuditEngine| {
        let facts = engine.index().facts_of(&RelPath::from("Dockerfile")).unwrap();
        let FileFacts::Dockerfile(facts) = facts else { panic!("a Dockerfile") };
        facts.program_needs.iter().any(|need| need.kind == raw_sockets())
    };
    assert!(!sees_probe(&engine));
    let run = "rootfs/etc/services.d/probe/run";
    std::fs::create_dir(root.path().join("rootfs/etc/services.d/probe")).unwrap();
    std::fs::write(root.path().join(run), "#!/bin/sh\nexec ping gateway\n").unwrap();
    engine.refresh_paths(&BTreeSet::from([RelPath::from(run)]));
    assert!(sees_probe(&engine));
}
