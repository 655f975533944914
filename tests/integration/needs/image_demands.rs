//! What an image's build shows beside its start: capabilities on files, filled paths, paths of root's alone, group 0,
//! memory, low ports, the words that it is started with.

use seaworthy::finding::Safety;
use seaworthy::needs::{NeedCertainty, NeedKind};

use super::{audit_with_scripts, image_needs};

fn kinds(text: &str) -> Vec<NeedKind> {
    let needs = image_needs(&[("Dockerfile", text)]);
    assert!(needs.iter().all(|need| !need.evidence.is_empty()), "{needs:#?}");
    needs.into_iter().map(|need| need.kind).collect()
}

fn shows(text: &str, kind: &NeedKind) {
    assert!(kinds(text).contains(kind), "{text}\n{kind:?} {:#?}", kinds(text));
}

fn lacks(text: &str, kind: &NeedKind) {
    assert!(!kinds(text).contains(kind), "{text}\n{:#?}", kinds(text));
}

/// Why a rule's fix is withheld, or its class and caution.
fn offered(text: &str, rule: &str) -> Result<(Safety, String), String> {
    let engine = audit_with_scripts(&[("Dockerfile", text)]);
    let path = "Dockerfile".into();
    let found = engine.open_findings(&path);
    let (_, finding) = found.iter().find(|(key, _)| key.rule == rule).unwrap();
    match &finding.fix {
        Ok(fix) => {
            let fix = fix.as_ref().unwrap();
            Ok((fix.safety, fix.caution.as_deref().unwrap_or_default().to_owned()))
        }
        Err(reason) => Err(reason.clone()),
    }
}

#[test]
fn a_capability_on_the_program_s_file_is_found_through_stages_and_spellings() {
    let bind = NeedKind::FileCapability("NET_BIND_SERVICE".to_owned());
    for text in [
        "FROM debian:12\nRUN setcap 'cap_net_bind_service=+ep' /usr/local/bin/edged\nUSER 20777\nENTRYPOINT [\"edged\"]",
        "FROM node:22\nRUN setcap cap_net_bind_service+ep $(which node)\nUSER node\nCMD [\"node\", \"app.js\"]",
        "FROM golang:1.23 AS build\nRUN go build -o /out/app . && setcap CAP_NET_BIND_SERVICE,cap_net_raw=ep /out/app\n\
         FROM scratch\nCOPY --from=build /out/ /bin/\nENTRYPOINT [\"/bin/app\"]",
        "FROM alpine:3.21 AS base\nCOPY app /app\nRUN --mount=type=cache,target=/x sudo setcap -q cap_net_bind_service=eip /app\n\
         FROM base\nCMD [\"/app\"]",
    ] {
        shows(text, &bind);
        let needs = image_needs(&[("Dockerfile", text)]);
        let need = needs.iter().find(|need| need.kind == bind).unwrap();
        assert_eq!(need.certainty, NeedCertainty::Shown, "{text}");
    }
    for text in [
        "FROM debian:12\n# RUN setcap cap_net_bind_service=+ep /app\nRUN echo setcap cap_net_bind_service=+ep /app\nCMD [\"/app\"]",
        "FROM debian:12 AS other\nRUN setcap cap_net_bind_service=+ep /app\nFROM debian:12\nCOPY --from=other /etc/x /app\nCMD [\"/app\"]",
        "FROM debian:12\nRUN setcap cap_net_bind_service=+ep /app && setcap -r /app\nCMD [\"/app\"]",
        "FROM debian:12\nRUN setcap -v cap_net_bind_service=+ep /app\nCMD [\"/app\"]",
    ] {
        lacks(text, &bind);
    }
}

#[test]
fn what_the_build_fills_is_known() {
    let filled = |path: &str| NeedKind::FilledPath(path.to_owned());
    for (text, path) in [
        (
            "FROM debian:12\nWORKDIR /srv/kb\nCOPY . .\nRUN ./bin/build-index --out /var/lib/kb\nVOLUME /var/lib/kb",
            "/var/lib/kb",
        ),
        ("FROM debian:12\nWORKDIR /srv/kb\nCOPY . .\nVOLUME [\"/srv/kb/themes\"]", "/srv/kb/themes"),
        ("FROM debian:12\nWORKDIR /srv\nCOPY . data/", "/srv/data"),
        (
            "FROM node:22\nENV PUPPETEER_CACHE_DIR=/opt/browsers\nRUN npm ci && npx puppeteer browsers install",
            "/opt/browsers",
        ),
        ("FROM python:3.13\nENV HF_HOME=/models\nRUN python -c 'import m; m.load()'", "/models"),
        (
            "FROM python:3.13\nARG AT=/pw\nENV PLAYWRIGHT_BROWSERS_PATH=$AT\nRUN pip install playwright && playwright install",
            "/pw",
        ),
        ("FROM alpine:3.21\nADD data.tar.gz /opt/data/", "/opt/data"),
        (
            "FROM alpine:3.21\nRUN mkdir -p /opt/x && wget -qO- https://a.example/x.tgz | tar -xz -C /opt/x",
            "/opt/x",
        ),
        ("FROM alpine:3.21 AS base\nCOPY conf /etc/app\nFROM base\nCMD [\"app\"]", "/etc/app"),
        ("FROM nginx:1.27.3\nCOPY site /site", "/etc/nginx"),
    ] {
        shows(text, &filled(path));
    }
    for (text, path) in [
        (
            "FROM node:22\nENV PUPPETEER_CACHE_DIR=/opt/browsers\nRUN mkdir -p /opt/browsers && chown node /opt/browsers",
            "/opt/browsers",
        ),
        (
            "FROM node:22 AS b\nENV PUPPETEER_CACHE_DIR=/opt/browsers\nRUN npx puppeteer browsers install\nFROM node:22\nENV PUPPETEER_CACHE_DIR=/opt/browsers",
            "/opt/browsers",
        ),
        ("FROM debian:12\nVOLUME /data\nRUN mkdir -p /data", "/data"),
        ("FROM debian:12\nADD https://a.example/x.tgz /tmp\nRUN rm /tmp/x.tgz", "/tmp"),
    ] {
        lacks(text, &filled(path));
    }
}

#[test]
fn what_only_root_may_enter_gets_no_other_user() {
    for (text, about) in [
        ("FROM alpine:3.21\nWORKDIR /root/\nCOPY app .\nCMD [\"./app\"]", "/root"),
        ("FROM debian:12\nCOPY app /root/app\nENTRYPOINT [\"/root/app\"]", "/root/app"),
        (
            "FROM python:3.13\nENV PATH=/root/.local/bin:$PATH\nRUN pip install --user app\nCMD [\"app\"]",
            "/root/.local/bin",
        ),
        (
            "FROM debian:12\nCOPY app /opt/app/app\nRUN chmod -R 0700 /opt/app\nCMD [\"/opt/app/app\"]",
            "chmod 0700",
        ),
        ("FROM debian:12\nCOPY --chmod=700 app /usr/bin/app\nCMD [\"/usr/bin/app\"]", "--chmod=700"),
        ("FROM debian:12\nRUN install -m 700 /src/app /usr/bin/app\nCMD exec /usr/bin/app", "install 700"),
    ] {
        let reason = offered(text, "missing-user").unwrap_err();
        assert!(reason.contains(about), "{about}: {reason}");
    }
    for text in [
        "FROM alpine:3.21\nWORKDIR /root\nRUN make\nWORKDIR /srv\nCMD [\"/srv/app\"]",
        "FROM alpine:3.21\nRUN chmod 755 /root\nWORKDIR /root\nCMD [\"./app\"]",
        "FROM debian:12\nCOPY app /opt/app/app\nRUN chmod -R 0700 /opt/app && chown -R 20001 /opt/app\nCMD [\"/opt/app/app\"]",
        "FROM debian:12\nRUN chmod 700 /etc/other\nCMD [\"/opt/app/app\"]",
        "FROM debian:12 AS build\nWORKDIR /root\nFROM debian:12\nCOPY --from=build /root/app /app\nCMD [\"/app\"]",
    ] {
        assert!(offered(text, "missing-user").is_ok(), "{text}");
    }
}

#[test]
fn files_of_group_0_are_known() {
    for text in [
        "FROM ubi9\nRUN chgrp -R 0 /opt && chmod -R g=u /opt\nUSER 20044",
        "FROM ubi9\nCOPY --chown=1001:0 . /app\nUSER 1001",
        "FROM ubi9\nRUN chown -R 1001:root /app\nUSER 1001",
    ] {
        shows(text, &NeedKind::GroupZero);
    }
    for text in [
        "FROM ubi9\nCOPY --chown=0:0 . /app\nUSER 1001",
        "FROM ubi9\nRUN chown -R 1001:1001 /app && echo chgrp -R 0 /app\nUSER 1001",
        "FROM ubi9 AS other\nRUN chgrp -R 0 /opt\nFROM ubi9\nUSER 1001",
    ] {
        lacks(text, &NeedKind::GroupZero);
    }
}

#[test]
fn memory_and_low_ports_that_the_image_states_are_known() {
    let memory = |text: &str| {
        kinds(text)
            .into_iter()
            .filter_map(|kind| match kind {
                NeedKind::Memory(bytes) => Some(bytes >> 20),
                _ => None,
            })
            .max()
            .unwrap_or_default()
    };
    assert!(memory("FROM x:1\nENV JAVA_TOOL_OPTIONS=\"-Xms64m -Xmx512m\"\nCMD [\"java\"]") >= 512);
    assert!(memory("FROM x:1\nENV NODE_OPTIONS=--max-old-space-size=1024\nCMD [\"node\"]") >= 1024);
    assert!(memory("FROM x:1\nENV GOMEMLIMIT=300MiB\nCMD [\"app\"]") >= 300);
    assert!(memory("FROM x:1\nCMD [\"java\", \"-Xmx2g\", \"-jar\", \"a.jar\"]") >= 2048);
    assert_eq!(
        memory("FROM x:1 AS b\nENV JAVA_OPTS=-Xmx512m\nFROM x:1\n# ENV JAVA_OPTS=-Xmx512m\nCMD echo -n"),
        0
    );
    let port = NeedKind::LowPort;
    shows("FROM x:1\nEXPOSE 443/tcp\nCMD [\"app\"]", &port(443));
    shows("FROM x:1\nCMD [\"app\", \"--port\", \"80\"]", &port(80));
    shows("FROM x:1\nENV ASPNETCORE_URLS=http://+:80\nCMD [\"app\"]", &port(80));
    lacks("FROM x:1\nEXPOSE 8443\nCMD [\"app\", \"--smtp-port\", \"25\"]", &port(25));
}

#[test]
fn exec_form_is_safe_only_where_nothing_looks_at_the_words() {
    let rule = "shell-form-command";
    let class = |text: &str| offered(text, rule).unwrap().0;
    for text in [
        "FROM debian:12\nCMD app --port 8080",
        "FROM python:3.13\nCMD app",
        "FROM scratch\nENTRYPOINT [\"tini\", \"--\"]\nCMD app",
    ] {
        assert_eq!(class(text), Safety::Safe, "{text}");
    }
    for text in [
        "FROM redis:7.2\nCMD redis-server /etc/cache.conf",
        "FROM registry.example/team/base:1\nCMD app",
        "ARG BASE\nFROM $BASE\nCMD app",
        "FROM debian:12\nENTRYPOINT [\"/entry\"]\nCMD app",
        "FROM debian:12\nCOPY <<EOF /e.sh\nif [ \"$1\" = app ]; then set -- gosu app \"$@\"; fi\nexec \"$@\"\nEOF\nENTRYPOINT [\"/e.sh\"]\nCMD app",
    ] {
        assert_eq!(class(text), Safety::Review, "{text}");
    }
}
