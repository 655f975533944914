//! What a kubelet does around a program is done around it here: init containers, hooks, processes that are shared, accounts.

use super::engine_base::EngineBase;
use super::programs::TriedProgram;
use super::tried_programs::find_failures;

static PROGRAMS: &[TriedProgram] = &[
    TriedProgram {
        name: "prepared-by-init",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "test \"$(cat /work/conf/level)\" = high\necho 1 > /work/own\nexec sleep 1000\n",
        manifest: "        volumeMounts:\n        - {name: work, mountPath: /work}\n\
                   \x20     initContainers:\n\
                   \x20     - name: folders\n        image: registry.invalid/prepared-by-init:1\n        command: [mkdir, /made/conf]\n\
                   \x20       volumeMounts:\n        - {name: work, mountPath: /made}\n\
                   \x20     - name: files\n        image: registry.invalid/prepared-by-init:1\n        command: [sh, -c, 'echo high > /made/conf/level']\n\
                   \x20       volumeMounts:\n        - {name: work, mountPath: /made}\n\
                   \x20     volumes:\n      - name: work\n        emptyDir: {}\n",
        exit_code: 0,
        says: &["started and ran", "`folders` ended well", "`files` ended well"],
        says_not: &["need: ", "not decided"],
    },
    TriedProgram {
        name: "marked-by-a-hook",
        build: "RUN mkdir -p /var/mark\nCMD [\"sh\", \"/start\"]\n",
        start: "exec sleep 1000\n",
        manifest: "        lifecycle:\n          postStart:\n            exec: {command: [sh, -c, 'eval \"$(printf \"touch /var/%s/started\" mark)\"']}\n",
        exit_code: 1,
        says: &[
            "its postStart hook ended with 1",
            "needs to write /var/mark",
            "+        - mountPath: /var/mark",
        ],
        says_not: &["not decided"],
    },
    TriedProgram {
        name: "waits-for-its-hook",
        build: "RUN mkdir /tmp && chmod 1777 /tmp\nCMD [\"sh\", \"/start\"]\n",
        start: "sleep 1\ntest -e /tmp/started\nexec sleep 1000\n",
        manifest: "        lifecycle:\n          postStart:\n            exec: {command: [touch, /tmp/started]}\n",
        exit_code: 0,
        says: &["started and ran", "hook     postStart of `waits-for-its-hook`, in it: touch /tmp/started"],
        says_not: &["not decided"],
    },
    TriedProgram {
        name: "asked-by-a-hook",
        build: "CMD [\"sleep\", \"1000\"]\n",
        start: "",
        manifest: "        lifecycle:\n          postStart:\n            httpGet: {path: /up, port: 8080}\n",
        exit_code: 0,
        says: &["the postStart hook of `asked-by-a-hook` (HTTP GET /up on port 8080) is not made"],
        says_not: &["not decided"],
    },
    TriedProgram {
        name: "has-an-account",
        build: "RUN mkdir -p /etc && echo root:x:0:0::/:/bin/sh > /etc/passwd\nCMD [\"sh\", \"/start\"]\n",
        start: "whoami\nexec sleep 1000\n",
        manifest: "",
        exit_code: 0,
        says: &["started and ran", "an account where the image has none"],
        says_not: &["not decided"],
    },
    TriedProgram {
        name: "sees-the-other",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "exec sleep 1000\n",
        manifest: "      - name: watcher\n        image: registry.invalid/sees-the-other:1\n\
                   \x20       command: [sh, -c, 'sleep 1; ps | grep -q \"[s]leep 1000\" && exec sleep 2000']\n\
                   \x20     shareProcessNamespace: true\n      hostname: pier\n",
        exit_code: 0,
        says: &["started and ran", "--hostname=pier"],
        says_not: &["not decided"],
    },
];

#[test]
fn what_surrounds_a_program_is_as_in_a_cluster() {
    let Some(base) = EngineBase::start() else { return };
    let failures = find_failures(&base, PROGRAMS, "3");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert_eq!(base.list_things(), [""; 0], "nothing is left of them");
}
