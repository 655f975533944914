//! A manifest's probes decide whether a program is ready, by what it answers and not by its port.

use super::engine_base::EngineBase;
use super::programs::TriedProgram;
use super::tried_programs::find_failures;

const SITE: &str = "RUN mkdir /site && echo tide > /site/index.html\nCMD [\"httpd\", \"-f\", \"-p\", \"8080\", \"-h\", \"/site\"]\n";
const BY_START: &str = "CMD [\"sh\", \"/start\"]\n";
const NOT_READY: &str = "is not decided: it does not become ready here as it is either";

static PROBED: &[TriedProgram] = &[
    TriedProgram {
        name: "listens-and-has-no-such-page",
        build: SITE,
        start: "",
        manifest: "        readinessProbe:\n          httpGet: {path: /healthz, port: 8080}\n",
        exit_code: 1,
        says: &[NOT_READY, "HTTP GET /healthz on port 8080 answered 404"],
        says_not: &["need: ", "The fix that ran"],
    },
    TriedProgram {
        name: "listens-and-is-broken",
        build: "RUN printf '#!/bin/sh\\nprintf \"HTTP/1.1 500 Broken\\\\r\\\\nContent-Length: 0\\\\r\\\\n\\\\r\\\\n\"\\n' > /answer && chmod 755 /answer\nCMD [\"sh\", \"/start\"]\n",
        start: "while :; do nc -l -p 8080 -e /answer; done\n",
        manifest: "        readinessProbe:\n          httpGet: {path: /, port: 8080}\n",
        exit_code: 1,
        says: &[NOT_READY, "HTTP GET / on port 8080 answered 500"],
        says_not: &["need: ", "The fix that ran"],
    },
    TriedProgram {
        name: "is-ready-in-time",
        build: BY_START,
        start: "mkdir -p /tmp/site\nhttpd -p 8080 -h /tmp/site\nsleep 3\necho in > /tmp/site/ready\nexec sleep 1000\n",
        manifest: "        readinessProbe:\n          httpGet: {path: /ready, port: web}\n        ports:\n        - {name: web, containerPort: 8080}\n",
        exit_code: 0,
        says: &[
            "its readiness probe is met: HTTP GET /ready on port 8080 answered 200",
            "+          readOnlyRootFilesystem: true",
        ],
        says_not: &["need: ", "not met"],
    },
    TriedProgram {
        name: "has-no-tool",
        build: "RUN rm /bin/wget && mkdir /site && echo tide > /site/index.html\nCMD [\"httpd\", \"-f\", \"-p\", \"8080\", \"-h\", \"/site\"]\n",
        start: "",
        manifest: "        readinessProbe:\n          httpGet: {path: /healthz, port: 8080}\n",
        exit_code: 1,
        says: &[NOT_READY, "answered 404"],
        says_not: &["need: ", "its port"],
    },
    TriedProgram {
        name: "starts-slowly",
        build: BY_START,
        start: "mkdir -p /tmp/site\nhttpd -p 8080 -h /tmp/site\nsleep 2\necho in > /tmp/site/up\nexec sleep 1000\n",
        manifest: "        startupProbe:\n          httpGet: {path: /up, port: 8080}\n        readinessProbe:\n          tcpSocket: {port: 8080}\n        livenessProbe:\n          exec: {command: [test, -e, /tmp/site/up]}\n          periodSeconds: 1\n          failureThreshold: 1\n",
        exit_code: 0,
        says: &[
            "its startup probe is met: HTTP GET /up on port 8080 answered 200",
            "its readiness probe is met: port 8080 takes connections",
            "its liveness probe is met: `test -e /tmp/site/up` ended with 0",
        ],
        says_not: &["need: ", "not met"],
    },
    TriedProgram {
        name: "starts-too-slowly",
        build: BY_START,
        start: "mkdir -p /tmp/site\nhttpd -p 8080 -h /tmp/site\nsleep 4\necho in > /tmp/site/up\nexec sleep 1000\n",
        manifest: "        startupProbe:\n          httpGet: {path: /up, port: 8080}\n          periodSeconds: 1\n          failureThreshold: 1\n",
        exit_code: 1,
        says: &[NOT_READY, "its startup probe is met too late", "where a kubelet ends it after 1 s"],
        says_not: &["need: "],
    },
    TriedProgram {
        name: "is-no-longer-alive",
        build: BY_START,
        start: "mkdir -p /tmp/site\nhttpd -p 8080 -h /tmp/site\necho in > /tmp/site/up\nsleep 1\nrm /tmp/site/up\nexec sleep 1000\n",
        manifest: "        livenessProbe:\n          httpGet: {path: /up, port: 8080}\n          failureThreshold: 1\n",
        exit_code: 1,
        says: &[NOT_READY, "its liveness probe is not met: HTTP GET /up on port 8080 answered 404"],
        says_not: &["need: "],
    },
    TriedProgram {
        name: "is-ready-by-what-it-writes",
        build: "RUN mkdir -p /site/state && echo tide > /site/index.html\nCMD [\"sh\", \"/start\"]\n",
        start: "httpd -p 8080 -h /site\nset +e\necho in > /site/state/ready\nexec sleep 1000\n",
        manifest: "        readinessProbe:\n          httpGet: {path: /state/ready, port: 8080}\n",
        exit_code: 1,
        says: &[
            "is not ready after",
            "needs to write /site/state",
            "+        - mountPath: /site/state",
            "+          readOnlyRootFilesystem: true",
        ],
        says_not: &["left out"],
    },
];

#[test]
fn readiness_is_what_is_answered_in_the_containers_network() {
    let Some(base) = EngineBase::start() else { return };
    let failures = find_failures(&base, PROBED, "6");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert_eq!(base.list_things(), [""; 0], "neither the helper nor its image is left");
}

#[test]
fn where_no_helper_can_be_it_is_said_by_what_readiness_is_known() {
    let Some(base) = EngineBase::start() else { return };
    // An engine that takes no image from its user.
    let real = String::from_utf8(base.command("which").arg("podman").output().unwrap().stdout).unwrap();
    let script = format!(
        "#!/bin/sh\n[ \"$1\" = import ] && {{ echo 'Error: not here' >&2; exit 125; }}\nexec {} \"$@\"\n",
        real.trim()
    );
    let tools = base.lay_out("tools", &[("podman", &script)]);
    std::fs::set_permissions(tools.join("podman"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let tried = |name: &'static str, build, manifest| {
        let program =
            TriedProgram { name, build, start: "", manifest, exit_code: 0, says: &[], says_not: &[] };
        let folder = base.lay_out_tried(&program);
        let path = format!("{}:/usr/sbin:/usr/bin:/sbin:/bin", tools.display());
        let output = base.trial(&folder, &["--time", "8"]).env("PATH", path).output().unwrap();
        (String::from_utf8_lossy(&output.stdout).into_owned(), output.status.code())
    };
    let missing = "        readinessProbe:\n          httpGet: {path: /healthz, port: 8080}\n";
    let (said, status) = tried("by-wget", SITE, missing);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains(NOT_READY) && said.contains("answered 404"), "{said}");
    assert!(
        said.contains("asked by the image's own wget, since the engine takes no image of it (not here)"),
        "{said}"
    );
    let there = "        readinessProbe:\n          httpGet: {path: /, port: 8080}\n";
    let (said, status) = tried("by-wget-well", SITE, there);
    assert_eq!(status, Some(0), "{said}");
    assert!(said.contains("its readiness probe is met: HTTP GET / on port 8080 answered"), "{said}");
    let (said, status) = tried("by-port", PROBED[3].build, missing);
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains("is met: HTTP GET /healthz on port 8080 listens; answered by its port only, since"),
        "{said}"
    );
    assert_eq!(base.list_things(), [""; 0]);
}
