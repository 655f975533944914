//! Volumes are as in a cluster: an emptyDir takes no memory, a claim may hold another's files, a folder that is absent is made.

use super::engine_base::EngineBase;
use super::programs::TriedProgram;
use super::tried_programs::find_failures;

const FILLS: &str =
    "dd if=/dev/zero of=/work/big bs=1M count=200 2> /dev/null\nls -l /work\nexec sleep 1000\n";
const BY_START: &str = "CMD [\"sh\", \"/start\"]\n";

static PROGRAMS: &[TriedProgram] = &[
    TriedProgram {
        name: "fills-a-folder",
        build: BY_START,
        start: FILLS,
        manifest: "        volumeMounts:\n        - {name: work, mountPath: /work}\n      volumes:\n      - {name: work, emptyDir: {}}\n",
        exit_code: 0,
        says: &["started and ran", "memory: "],
        says_not: &["need: ", "for want of memory", "not decided"],
    },
    TriedProgram {
        name: "fills-its-memory",
        build: BY_START,
        start: FILLS,
        manifest: "        volumeMounts:\n        - {name: work, mountPath: /work}\n      volumes:\n      - {name: work, emptyDir: {medium: Memory}}\n",
        exit_code: 1,
        says: &["MiB of memory", "for want of memory"],
        says_not: &["not decided"],
    },
    TriedProgram {
        name: "shares-by-a-group",
        build: BY_START,
        start: "touch /work/own\n[ \"$(stat -c %g /work/own)\" = 7000 ]\n[ \"$(stat -c %a /work)\" = 2777 ]\nexec sleep 1000\n",
        manifest: "        volumeMounts:\n        - {name: work, mountPath: /work}\n      volumes:\n      - {name: work, emptyDir: {}}\n      securityContext: {fsGroup: 7000}\n",
        exit_code: 0,
        says: &["started and ran"],
        says_not: &["need: ", "not decided"],
    },
    TriedProgram {
        name: "has-a-claim",
        build: BY_START,
        start: "ls /data\nexec sleep 1000\n",
        manifest: "        volumeMounts:\n        - {name: data, mountPath: /data}\n      volumes:\n      - {name: data, persistentVolumeClaim: {claimName: tides}}\n",
        exit_code: 0,
        says: &[
            "started and ran",
            "the claim `data` was tried as an empty folder: what it already holds may belong to another user",
        ],
        says_not: &["need: ", "not decided"],
    },
    TriedProgram {
        name: "has-a-folder-of-the-node",
        build: BY_START,
        start: "ls /node\nexec sleep 1000\n",
        manifest: "        volumeMounts:\n        - {name: node, mountPath: /node}\n      volumes:\n      - {name: node, hostPath: {path: /srv/tides}}\n",
        exit_code: 1,
        says: &[
            ", without 3 fixes",
            "the hostPath `node` was tried as an empty folder: what it already holds may belong to another user",
        ],
        says_not: &["with 0 needs", "not decided"],
    },
    TriedProgram {
        name: "works-in-a-new-folder",
        build: BY_START,
        start: "[ \"$(pwd)\" = /srv/new/deep ]\n[ \"$(stat -c %u /srv/new)\" = 0 ]\nexec sleep 1000\n",
        manifest: "        workingDir: /srv/new/deep\n",
        exit_code: 0,
        says: &["started and ran"],
        says_not: &["need: ", "not decided", "writes /srv"],
    },
    TriedProgram {
        name: "logs-in-a-new-folder",
        build: BY_START,
        start: "echo line > log\nexec sleep 1000\n",
        manifest: "        workingDir: /srv/fresh\n",
        exit_code: 1,
        says: &["needs to write /srv/fresh", "+        - mountPath: /srv/fresh"],
        says_not: &["not decided", "left out"],
    },
];

#[test]
fn volumes_are_as_in_a_cluster() {
    let Some(base) = EngineBase::start() else { return };
    let failures = find_failures(&base, PROGRAMS, "3");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert_eq!(base.list_things(), [""; 0], "nothing is left of them");
    assert_eq!(base.temporary_files(), [""; 0], "nor of the files that they were given");
    // What a claim holds already, no trial has seen.
    let folder = base.lay_out_tried(&PROGRAMS[3]);
    let mut fix = base.command(env!("CARGO_BIN_EXE_seaworthy"));
    let output = fix.args(["fix", "--review", "--diff"]).arg(&folder).output().unwrap();
    let fixed = String::from_utf8_lossy(&output.stdout).into_owned();
    for words in ["# may-break (", "the claim `tides` at `/data` keeps the owner"] {
        assert!(fixed.contains(words), "{words}: {fixed}");
    }
}

/// A Job with a program of that start.
fn job(start: &str) -> [(&'static str, String); 3] {
    let build = "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\nRUN mkdir -p /var/out\nCOPY start /start\nCMD [\"sh\", \"/start\"]\n";
    let manifest = "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: count\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers:\n      - name: count\n        image: registry.invalid/count:1\n";
    [("Dockerfile", build.to_owned()), ("start", start.to_owned()), ("app.yaml", manifest.to_owned())]
}

#[test]
fn a_job_that_ended_is_not_said_to_live_without_what_it_needs() {
    let Some(base) = EngineBase::start() else { return };
    let tried = |name: &str, start: &str| {
        let files = job(start);
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        let folder = base.lay_out(name, &files);
        String::from_utf8_lossy(&base.trial(&folder, &["--time", "3"]).output().unwrap().stdout).into_owned()
    };
    let said = tried("counts", "set -e\nd=/var; d=$d/out\necho 1 > $d/count\n");
    assert!(said.contains("needs to write /var/out") && said.contains("ran to its end hardened"), "{said}");
    assert!(!said.contains("without"), "{said}");
    let said = tried("shrugs", "d=/var; d=$d/out\necho 1 > $d/count || true\n");
    assert!(said.contains("writes /var/out as it is, and ended well without"), "{said}");
    assert!(!said.contains("lived"), "{said}");
}
