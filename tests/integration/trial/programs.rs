//! Small programs, each with one habit that hardening meets.

/// A program with what its trial must find.
pub(super) struct TriedProgram {
    pub name: &'static str,
    /// The Dockerfile behind what all of them share.
    pub build: &'static str,
    pub start: &'static str,
    /// More lines of its container, each with its indentation.
    pub manifest: &'static str,
    pub exit_code: i32,
    /// Words of the result, of its needs and of the fix that ran.
    pub says: &'static [&'static str],
    /// Words that must not be there.
    pub says_not: &'static [&'static str],
}

/// What all Dockerfiles here begin with.
const SHARED_BUILD: &str = "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\nCOPY start /start\n";

impl TriedProgram {
    /// Its files: Dockerfile, script and manifest.
    pub(super) fn files(&self) -> [(&'static str, String); 3] {
        let Self { name, build, start, manifest, .. } = self;
        let build = format!("{SHARED_BUILD}{build}");
        let start = format!("set -e\n{start}");
        let manifest = format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  selector:\n    matchLabels: {{app: {name}}}\n\
             \x20 template:\n    metadata:\n      labels: {{app: {name}}}\n    spec:\n      containers:\n      - name: {name}\n\
             \x20       image: registry.invalid/{name}:1\n{manifest}"
        );
        [("Dockerfile", build), ("start", start), ("app.yaml", manifest)]
    }
}

pub(super) static PROGRAMS: &[TriedProgram] = &[
    TriedProgram {
        name: "three-folders",
        build: "RUN mkdir -p /var/spool/crane /opt/crane/state /run\nCMD [\"sh\", \"/start\"]\n",
        start: "touch /var/spool/crane/job\nmkdir /opt/crane/state/db\necho 1 > /run/crane.pid\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to write /var/spool/crane",
            "needs to write /opt/crane/state",
            "needs to write /run",
            "+        - mountPath: /opt/crane/state",
            "+          runAsNonRoot: true",
            "+          readOnlyRootFilesystem: true",
            "started and ran",
        ],
        says_not: &["left out"],
    },
    TriedProgram {
        name: "port-81",
        build: "RUN mkdir /site && echo tide > /site/index.html\nCMD [\"httpd\", \"-f\", \"-p\", \"81\", \"-h\", \"/site\"]\n",
        start: "",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to listen on port 81",
            "name: net.ipv4.ip_unprivileged_port_start",
            "value: \"81\"",
            "+          runAsNonRoot: true",
        ],
        says_not: &["- NET_BIND_SERVICE", "left out"],
    },
    TriedProgram {
        name: "takes-over",
        build: "RUN mkdir -p /srv/hold && touch /srv/hold/manifest && chown 77:77 /srv/hold\nCMD [\"sh\", \"/start\"]\n",
        start: "d=/srv; d=$d/hold; for f in $d; do chown 4711:4711 $f; done\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to start as root",
            "the capability CHOWN",
            "+            - CHOWN",
            "+            - ALL",
        ],
        says_not: &["+          runAsNonRoot: true", "+            - FOWNER", "+            - DAC_OVERRIDE"],
    },
    TriedProgram {
        name: "lets-root-go",
        build: "RUN mkdir -p /etc && echo 'root:x:0:0::/:/bin/sh' > /etc/passwd && echo 'mate:x:4713:4713::/:/bin/sh' >> /etc/passwd\nCMD [\"sh\", \"/start\"]\n",
        start: "a=su; exec $a mate -s /bin/sh -c 'echo ready; exec sleep 1000'\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to start as root",
            "+            - SETGID",
            "+            - SETUID",
            "+          readOnlyRootFilesystem: true",
        ],
        says_not: &["+          runAsNonRoot: true", "+            - CHOWN"],
    },
    TriedProgram {
        name: "hungry",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "dd if=/dev/zero of=/dev/null bs=200M count=1\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "MiB of memory",
            "for want of memory",
            "+            memory: 3",
            "+          runAsNonRoot: true",
        ],
        says_not: &["left out"],
    },
    TriedProgram {
        name: "asks-the-api",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "p=/var/run/secrets; p=$p/kubernetes.io/serviceaccount/token\nt=$(cat $p)\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &["needs the token of the API", "cannot be tried here", "+          runAsNonRoot: true"],
        says_not: &["automountServiceAccountToken: false"],
    },
    TriedProgram {
        name: "at-home",
        build: "ENV HOME=/root PATH=/root/bin:/bin\nRUN mkdir -p /root/bin && { echo '#!/bin/sh'; cat /start; } > /root/bin/gull && chmod 0755 /root/bin/gull && chmod 0700 /root\nCMD [\"gull\"]\n",
        start: "h=$HOME; mkdir -p $h/.gull\necho 1 > $h/.gull/settings\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to use /root, which only root may",
            "+        - mountPath: /root/.gull",
            "+          readOnlyRootFilesystem: true",
        ],
        says_not: &["+          runAsUser", "+        - mountPath: /root\n"],
    },
    TriedProgram {
        name: "filled-cache",
        build: "RUN mkdir -p /var/cache/chart && echo depth > /var/cache/chart/base && chmod -R 0777 /var/cache/chart\nCMD [\"sh\", \"/start\"]\n",
        start: "c=/var/cache; c=$c/chart\nread d < $c/base\necho more > $c/tiles\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to write /var/cache/chart, where the image has files",
            "left out: writable-root-filesystem",
            "+          runAsNonRoot: true",
        ],
        says_not: &["mountPath: /var/cache/chart", "+          readOnlyRootFilesystem: true"],
    },
    TriedProgram {
        name: "wants-a-database",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "nc -w 1 tides-db 5432 < /dev/null || { echo 'no database at tides-db:5432'; exit 3; }\n",
        manifest: "",
        exit_code: 1,
        says: &["is not decided: it does not start here as it is either", "no database at tides-db:5432"],
        says_not: &["need: ", "The fix that ran"],
    },
    TriedProgram {
        name: "fair-weather",
        build: "RUN mkdir /site && echo calm > /site/index.html\nCMD [\"httpd\", \"-f\", \"-p\", \"8080\", \"-h\", \"/site\"]\n",
        start: "",
        manifest: "        readinessProbe:\n          httpGet: {path: /index.html, port: 8080}\n",
        exit_code: 0,
        says: &[
            "started and ran 2 s hardened, podman",
            "its readiness probe is met",
            "+          readOnlyRootFilesystem: true",
            "+          runAsNonRoot: true",
        ],
        says_not: &["need: ", "left out"],
    },
    TriedProgram {
        name: "does-its-job",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "echo counted\n",
        manifest: "",
        exit_code: 0,
        says: &["started and ran to its end hardened, podman"],
        says_not: &["need: ", "ran 2 s"],
    },
    TriedProgram {
        name: "shrugs",
        build: "RUN mkdir -p /var/log/gulls\nCMD [\"sh\", \"/start\"]\n",
        start: "d=/var/log; echo one > $d/gulls/seen || true\nexec sleep 1000\n",
        manifest: "",
        exit_code: 0,
        says: &["not seen hardened: `shrugs` writes /var/log/gulls as it is, and lived without"],
        says_not: &["need: "],
    },
    TriedProgram {
        name: "is-configured",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "[ \"$SEA\" = north ] && [ \"$W_WIND\" = west ] && grep -q 12 /etc/tide/deep/level && [ ! -e /etc/tide/WIND ] && [ -z \"$(ls /etc/secret)\" ]\n! touch /etc/tide/more\necho ready\nexec sleep 1000\n",
        manifest: "        env:\n        - name: SEA\n          valueFrom: {configMapKeyRef: {name: tide, key: sea}}\n        - name: KEY\n          valueFrom: {secretKeyRef: {name: tide, key: key}}\n        envFrom:\n        - prefix: W_\n          configMapRef: {name: wind}\n        - configMapRef: {name: elsewhere}\n        volumeMounts:\n        - {name: tide, mountPath: /etc/tide}\n        - {name: secret, mountPath: /etc/secret}\n      volumes:\n      - name: tide\n        configMap: {name: tide, items: [{key: level, path: deep/level}]}\n      - name: secret\n        secret: {secretName: tide}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: tide}\ndata: {sea: north, level: '12'}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: wind}\ndata: {WIND: west}\n",
        exit_code: 0,
        says: &[
            "started and ran 2 s hardened",
            "`is-configured` is not given `KEY`, whose values a cluster has",
            "is not given the variables of the ConfigMap `elsewhere`",
            "the volume `secret` (secret) is empty here",
        ],
        says_not: &["need: ", "the volume `tide`", "`SEA`"],
    },
    TriedProgram {
        name: "two-in-one",
        build: "CMD [\"httpd\", \"-f\", \"-p\", \"8080\", \"-h\", \"/\"]\n",
        start: "",
        manifest: "      - name: beside\n        image: registry.invalid/two-in-one:1\n        command: [sh, -c, \"sleep 1; wget -q -O /dev/null http://127.0.0.1:8080/start && exec sleep 1000\"]\n",
        exit_code: 0,
        says: &["and `beside` runs after", "started and ran 2 s hardened"],
        says_not: &["need: "],
    },
    TriedProgram {
        name: "starts-by-its-owner",
        build: "RUN { echo '#!/bin/sh'; cat /start; } > /entry && chmod 0700 /entry\nENTRYPOINT [\"/entry\"]\n",
        start: "echo ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to use /entry, which only root may",
            "exec /entry: permission denied",
            "+          readOnlyRootFilesystem: true",
        ],
        says_not: &["runc create failed", "+          runAsNonRoot: true"],
    },
    TriedProgram {
        name: "has-a-hungry-child",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "dd if=/dev/zero of=/dev/null bs=300M count=1 2> /dev/null || exit 1\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &["MiB of memory", "+            memory: 4", "+          runAsNonRoot: true"],
        says_not: &["left out", "0 needs"],
    },
    TriedProgram {
        name: "logs-beside-its-files",
        build: "WORKDIR /srv/app\nRUN echo code > /srv/app/code\nCMD [\"sh\", \"/start\"]\n",
        start: "echo line >> run.log\necho ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to write /srv/app, where the image has files",
            "needs to use /srv/app, which only root may",
        ],
        says_not: &["/start, which", "+          readOnlyRootFilesystem: true"],
    },
    TriedProgram {
        name: "writes-into-its-secret",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "echo x > /etc/creds/cache\nexec sleep 1000\n",
        manifest: "        volumeMounts:\n        - {name: creds, mountPath: /etc/creds}\n      volumes:\n      - name: creds\n        secret: {secretName: creds}\n",
        exit_code: 1,
        says: &["is not decided: it does not start here as it is either", "Read-only file system"],
        says_not: &["need: ", "The fix that ran"],
    },
];
