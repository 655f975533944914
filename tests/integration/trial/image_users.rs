//! An image that runs as another than root keeps its own number where its files are that number's alone.

use super::engine_base::EngineBase;
use super::programs::TriedProgram;
use super::tried_programs::find_failures;

static PROGRAMS: &[TriedProgram] = &[
    TriedProgram {
        name: "owned-by-a-number",
        build: "RUN mkdir /app && cp /start /app/start && chmod 0600 /app/start && chmod 0700 /app && chown -R 1000:1000 /app\nUSER 1000\nCMD [\"sh\", \"/app/start\"]\n",
        start: "echo ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to run as uid 1000, as a trial showed",
            "+          runAsUser: 1000",
            "+          runAsNonRoot: true",
            "+          readOnlyRootFilesystem: true",
            "left out: low-uid",
        ],
        says_not: &["to start as root", "which only root may", "not decided"],
    },
    TriedProgram {
        name: "owned-by-a-name",
        build: "RUN mkdir -p /etc /app && echo 'mate:x:1001:1001::/app:/bin/sh' > /etc/passwd && cp /start /app/start && chmod 0600 /app/start && chown -R 1001:1001 /app\nUSER mate\nCMD [\"sh\", \"/app/start\"]\n",
        start: "echo ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "needs to run as uid 1001, as a trial showed",
            "+          runAsUser: 1001",
            "+          readOnlyRootFilesystem: true",
        ],
        says_not: &["to start as root", "which only root may", "not decided"],
    },
    TriedProgram {
        name: "run-by-its-owner",
        build: "RUN { echo '#!/bin/sh'; cat /start; } > /entry && chmod 0700 /entry && chown 1002 /entry\nUSER 1002:0\nENTRYPOINT [\"/entry\"]\n",
        start: "echo ready\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &["needs to run as uid 1002, as a trial showed", "+          runAsUser: 1002"],
        says_not: &["to start as root", "which only root may", "not decided"],
    },
    TriedProgram {
        name: "reads-by-its-group",
        build: "RUN mkdir -p /etc /app && echo 'mate:x:1003:5005::/app:/bin/sh' > /etc/passwd && cp /start /app/start && chmod 0640 /app/start && chown -R 0:5005 /app && echo own > /own && chmod 0600 /own && chown 1003 /own\nUSER 1003\nCMD [\"sh\", \"/app/start\"]\n",
        start: "cat /own\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &[
            "runs as uid 1003",
            "needs its own group, as a trial showed",
            "left out: missing-run-as-group",
            "readOnlyRootFilesystem: true",
        ],
        says_not: &["to start as root", "which only root may", "not decided", "+          runAsGroup"],
    },
    TriedProgram {
        name: "owned-by-the-pods-number",
        build: "RUN mkdir /app && cp /start /app/start && chmod 0600 /app/start && chown -R 1004:1004 /app\nCMD [\"sh\", \"/app/start\"]\n",
        start: "echo ready\nexec sleep 1000\n",
        manifest: "        securityContext: {runAsUser: 1004}\n",
        exit_code: 1,
        says: &["needs to run as uid 1004, as a trial showed", "readOnlyRootFilesystem: true"],
        says_not: &[
            "to start as root",
            "which only root may",
            "not decided",
            "-        securityContext: {runAsUser: 1004}\n+        securityContext: {runAsUser: 4",
        ],
    },
    TriedProgram {
        name: "free-of-its-number",
        build: "USER 1000\nCMD [\"sh\", \"/start\"]\n",
        start: "exec sleep 1000\n",
        manifest: "",
        exit_code: 0,
        says: &["started and ran", "+          runAsUser: "],
        says_not: &["need: "],
    },
    TriedProgram {
        name: "without-a-home",
        build: "WORKDIR /srv/app\nCMD [\"sh\", \"/start\"]\n",
        start: "test \"$HOME\" = /\nexec sleep 1000\n",
        manifest: "",
        exit_code: 0,
        says: &["started and ran"],
        says_not: &["need: ", "not decided"],
    },
    TriedProgram {
        name: "with-a-home",
        build: "RUN mkdir -p /etc && echo 'mate:x:12345:12345::/home/mate:/bin/sh' > /etc/passwd\nWORKDIR /srv/app\nUSER 12345\nCMD [\"sh\", \"/start\"]\n",
        start: "test \"$HOME\" = /home/mate\nexec sleep 1000\n",
        manifest: "",
        exit_code: 0,
        says: &["started and ran"],
        says_not: &["need: ", "not decided"],
    },
];

#[test]
fn a_number_that_owns_the_files_is_kept() {
    let Some(base) = EngineBase::start() else { return };
    let failures = find_failures(&base, PROGRAMS, "2");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert_eq!(base.list_things(), [""; 0], "nothing is left of them");
}
