//! An image that starts as root to give root up is left its root: where its start is followed through scripts, heredocs,
//! stages and tools of any origin, and not for a word that nothing runs.

use seaworthy::audit::AuditEngine;
use seaworthy::needs::NeedKind;

use super::{audit_with_scripts, image_needs};
use crate::support::{audit, repository};

/// The reason for which no user is set, where there is one.
fn withheld(files: &[(&str, &str)]) -> Option<String> {
    let engine = audit_with_scripts(files);
    let path = "Dockerfile".into();
    let found = engine.open_findings(&path);
    let (_, finding) =
        found.iter().find(|(key, _)| matches!(key.rule, "missing-user" | "root-user")).unwrap();
    finding.withheld_reason().map(str::to_owned)
}

fn needs_root(files: &[(&str, &str)], cause: &str) {
    let needs = image_needs(files);
    assert!(needs.iter().any(|need| need.kind == NeedKind::RootStart), "{cause}: {needs:#?}");
    let reason = withheld(files).unwrap_or_default();
    assert!(reason.contains(cause), "{cause}: {reason}");
}

fn needs_no_root(files: &[(&str, &str)]) {
    let needs = image_needs(files);
    assert!(!needs.iter().any(|need| need.kind == NeedKind::RootStart), "{needs:#?}");
    assert_eq!(withheld(files), None, "{files:#?}");
}

const GOSU: &str = "#!/bin/sh\nset -e\nchown -R spool /var/spool/app\nexec gosu spool \"$@\"\n";
const PLAIN: &str = "#!/bin/sh\nset -e\n# exec gosu spool \"$@\"\necho 'use gosu spool'\nexec \"$@\"\n";

#[test]
fn a_script_of_the_context_is_followed_wherever_the_copy_puts_it() {
    let copies = [
        ("COPY start.sh /usr/local/bin/start.sh", "start.sh", "/usr/local/bin/start.sh"),
        ("COPY docker/start.sh /usr/local/bin/", "docker/start.sh", "start.sh"),
        ("COPY rootfs/ /", "rootfs/opt/app/start.sh", "/opt/app/start.sh"),
        ("WORKDIR /app\nCOPY . .", "bin/start.sh", "./bin/start.sh"),
        ("COPY --chmod=755 *.sh /", "start.sh", "/start.sh"),
        ("ADD start.sh /start", "start.sh", "/start"),
        (
            "COPY start.sh /tmp/\nRUN mv /tmp/start.sh /start.sh && chmod +x /start.sh",
            "start.sh",
            "/start.sh",
        ),
        ("COPY start.sh /opt/s.sh\nRUN ln -s /opt/s.sh /usr/bin/begin", "start.sh", "begin"),
    ];
    for (copy, source, program) in copies {
        for start in [
            format!("ENTRYPOINT [\"{program}\"]\nCMD [\"spoold\"]"),
            format!("ENTRYPOINT [\"/usr/bin/tini\", \"--\", \"{program}\"]"),
            format!("ENTRYPOINT exec {program} spoold"),
            format!("CMD sh {program}"),
        ] {
            let dockerfile = format!("FROM debian:12.8-slim\n{copy}\n{start}\n");
            if start.starts_with("CMD sh") && !program.contains('/') {
                continue;
            }
            needs_root(&[("Dockerfile", &dockerfile), (source, GOSU)], "gosu spool");
            needs_no_root(&[("Dockerfile", &dockerfile), (source, PLAIN)]);
        }
    }
}

#[test]
fn a_script_that_the_dockerfile_itself_writes_is_followed() {
    let written = [
        "COPY <<\"EOF\" /start.sh\n#!/bin/sh\nexec su-exec app \"$@\"\nEOF",
        "COPY <<start.sh /\n#!/bin/sh\nexec su-exec app \"$@\"\nstart.sh",
        "RUN cat > /start.sh <<EOF\nexec su-exec app node\nEOF",
        "RUN echo 'exec su-exec app node' > /start.sh && chmod +x /start.sh",
        "RUN printf '%s\\n' '#!/bin/sh' 'exec su-exec app \"$@\"' > /start.sh",
    ];
    for written in written {
        let reached = format!("FROM alpine:3.21.0\n{written}\nENTRYPOINT [\"/start.sh\"]\nCMD [\"node\"]\n");
        needs_root(&[("Dockerfile", &reached)], "su-exec app");
        let elsewhere = format!("FROM alpine:3.21.0\n{written}\nENTRYPOINT [\"/other.sh\"]\n");
        needs_no_root(&[("Dockerfile", &elsewhere)]);
    }
}

#[test]
fn programs_that_are_root_s_by_design_are_known_in_every_form() {
    let starts = [
        ("CMD [\"cron\", \"-f\"]", "cron -f"),
        ("CMD crond -f -l 8", "crond"),
        ("CMD [\"/usr/sbin/sshd\", \"-D\"]", "sshd"),
        ("CMD service nginx start && exec supervisord -n", "supervisord"),
        ("ENTRYPOINT [\"dumb-init\", \"--\"]\nCMD [\"nginx\", \"-g\", \"daemon off;\"]", "nginx"),
        ("CMD [\"apache2ctl\", \"-D\", \"FOREGROUND\"]", "apache2ctl"),
        ("CMD [\"php-fpm8.2\", \"-F\"]", "php-fpm8.2"),
        ("CMD exec setpriv --reuid=1000 --clear-groups /app", "setpriv"),
        ("CMD [\"sh\", \"-c\", \"chown app /data && exec runuser -u app /app\"]", "runuser -u app"),
        ("CMD su - app -c '/app serve'", "su - app"),
        ("ENTRYPOINT [\"chroot\", \"--userspec=1000\", \"/\", \"/app\"]", "chroot"),
    ];
    for (start, cause) in starts {
        needs_root(&[("Dockerfile", &format!("FROM debian:12.8-slim\n{start}\n"))], cause);
        let explicit = format!("FROM debian:12.8-slim\nUSER root\n{start}\n");
        needs_root(&[("Dockerfile", &explicit)], cause);
    }
    let s6 =
        "FROM alpine:3.21.0\nADD https://example.com/s6-overlay-noarch.tar.xz /tmp\nENTRYPOINT [\"/init\"]\n";
    needs_root(&[("Dockerfile", s6)], "s6");
    needs_no_root(&[("Dockerfile", "FROM alpine:3.21.0\nCOPY init /init\nENTRYPOINT [\"/init\"]\n")]);
}

#[test]
fn what_nothing_runs_is_no_need() {
    let elsewhere = [
        "FROM debian:12.8-slim AS other\nCMD [\"cron\", \"-f\"]\nFROM debian:12.8-slim\nCMD [\"app\"]",
        "FROM debian:12.8-slim\nRUN apt-get update && apt-get install -y gosu cron\nCMD [\"app\"]",
        "FROM debian:12.8-slim\nCOPY --from=tianon/gosu:1.17 /gosu /usr/bin/gosu\nCMD [\"app\"]",
        "FROM debian:12.8-slim\nRUN chown -R app /srv && su app -c 'make'\nCMD [\"app\"]",
        "FROM debian:12.8-slim\n# CMD [\"cron\", \"-f\"]\nCMD [\"app\", \"--cron\", \"-f\"]",
        "FROM debian:12.8-slim\nCMD [\"cron\", \"-f\"]\nENTRYPOINT [\"app\"]\nCMD [\"serve\"]",
        "FROM debian:12.8-slim\nHEALTHCHECK CMD sshd -T\nCMD [\"app\"]",
        "FROM debian:12.8-slim\nCMD echo gosu app; exec app",
        "FROM debian:12.8-slim\nCMD command -v gosu; exec app",
    ];
    for text in elsewhere {
        needs_no_root(&[("Dockerfile", text), ("start.sh", GOSU)]);
    }
}

#[test]
fn a_script_of_an_earlier_stage_is_followed_into_the_image() {
    let text = "FROM alpine:3.21.0 AS files\nWORKDIR /src\nCOPY scripts/ ./\nFROM debian:12.8-slim\n\
                COPY --from=files /src/start.sh /start.sh\nENTRYPOINT [\"/start.sh\"]\n";
    needs_root(&[("Dockerfile", text), ("scripts/start.sh", GOSU)], "gosu");
    needs_no_root(&[("Dockerfile", text), ("scripts/other.sh", GOSU)]);
    let on_stage = "FROM debian:12.8-slim AS base\nCOPY start.sh /\nENTRYPOINT [\"/start.sh\"]\nFROM base\nCMD [\"x\"]\n";
    needs_root(&[("Dockerfile", on_stage), ("start.sh", GOSU)], "gosu");
}

#[test]
fn scripts_are_followed_through_each_other_and_through_variables() {
    let text = "FROM debian:12.8-slim\nCOPY bin /opt/bin\nENTRYPOINT [\"/opt/bin/run\"]\nCMD [\"worker\"]\n";
    let calls = "#!/usr/bin/env bash\n. /opt/bin/lib.sh\nexec /opt/bin/start.sh \"$@\"\n";
    needs_root(&[("Dockerfile", text), ("bin/run", calls), ("bin/start.sh", GOSU)], "gosu");
    let variable = "#!/bin/sh\nRUN_AS=\"su-exec app\"\nexec $RUN_AS \"$@\"\n";
    needs_root(&[("Dockerfile", text), ("bin/run", variable)], "su-exec app worker");
    let put_together =
        "#!/bin/sh\nif [ \"$(id -u)\" = 0 ]; then\n  set -- gosu app \"$@\"\nfi\nexec \"$@\"\n";
    needs_root(&[("Dockerfile", text), ("bin/run", put_together)], "gosu app worker");
    let python = "#!/usr/bin/env python3\nchown = 1\nprint('gosu')\n";
    needs_no_root(&[("Dockerfile", text), ("bin/run", python)]);
    needs_no_root(&[("Dockerfile", text), ("bin/run", PLAIN), ("bin/unused.sh", GOSU)]);
}

#[test]
fn a_known_base_counts_as_long_as_the_image_is_started_by_it() {
    for base in ["postgres:16.4", "redis:7.2.5-bookworm", "mysql:8.4", "nginx:1.27.3"] {
        needs_root(&[("Dockerfile", &format!("FROM {base}\nCOPY conf /etc/conf\n"))], base);
        let own = format!("FROM {base}\nCOPY app /app\nENTRYPOINT [\"/app\"]\n");
        needs_no_root(&[("Dockerfile", &own)]);
    }
    let own_command = "FROM redis:7.2.5-bookworm\nCMD [\"redis-server\", \"/etc/redis.conf\"]\n";
    needs_root(&[("Dockerfile", own_command)], "redis");
    let other_command = "FROM redis:7.2.5-bookworm\nCMD [\"redis-cli\", \"-h\", \"cache\"]\n";
    needs_no_root(&[("Dockerfile", other_command)]);
    let through_script =
        "FROM postgres:16.4\nCOPY run.sh /run.sh\nENTRYPOINT [\"/run.sh\"]\nCMD [\"postgres\"]\n";
    let hands_on = "#!/bin/bash\nexec docker-entrypoint.sh \"$@\"\n";
    needs_root(&[("Dockerfile", through_script), ("run.sh", hands_on)], "postgres:16.4");
}

#[test]
fn a_script_on_disk_is_read_again_when_it_changes() {
    let dockerfile = "FROM debian:12.8-slim\nCOPY start.sh /\nENTRYPOINT [\"/start.sh\"]\n";
    let root = repository(&[("app/Dockerfile", dockerfile), ("app/start.sh", PLAIN)]);
    let mut engine = audit(root.path());
    let reason = |engine: &AuditEngine| {
        let path = "app/Dockerfile".into();
        let found = engine.open_findings(&path);
        let finding = found.iter().find(|(key, _)| key.rule == "missing-user").unwrap().1;
        finding.withheld_reason().map(str::to_owned)
    };
    assert_eq!(reason(&engine), None);
    std::fs::write(root.path().join("app/start.sh"), GOSU).unwrap();
    engine.refresh_paths(&["app/start.sh".into()].into());
    assert!(reason(&engine).unwrap().contains("gosu spool"));
    std::fs::remove_file(root.path().join("app/start.sh")).unwrap();
    engine.refresh_paths(&["app/start.sh".into()].into());
    assert_eq!(reason(&engine), None);
    // The context of a build is as often a folder above.
    std::fs::write(root.path().join("start.sh"), GOSU).unwrap();
    engine.refresh_paths(&["start.sh".into()].into());
    assert!(reason(&engine).unwrap().contains("gosu spool"));
}
