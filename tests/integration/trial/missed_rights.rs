//! What a program says of a right that it misses is read as that right, and the trial's own limits as the trial's.

use super::engine_base::EngineBase;
use super::programs::TriedProgram;
use super::tried_programs::find_failures;

static PROGRAMS: &[TriedProgram] = &[
    TriedProgram {
        name: "goes-into-a-jail",
        build: "RUN mkdir -p /jail/bin && cp /bin/busybox /jail/bin\nCMD [\"sh\", \"/start\"]\n",
        start: "c=chroot; $c /jail /bin/busybox true\nexec sleep 1000\n",
        manifest: "",
        exit_code: 1,
        says: &["needs to start as root", "needs the capability SYS_CHROOT", "+            - SYS_CHROOT"],
        says_not: &["which only root may", "+            - CHOWN", "not decided"],
    },
    TriedProgram {
        name: "makes-a-device",
        build: "RUN mkdir -p /var/pier\nCMD [\"sh\", \"/start\"]\n",
        start: "m=mknod; $m /var/pier/null c 1 3\nexec sleep 1000\n",
        manifest: "        volumeMounts:\n        - {name: pier, mountPath: /var/pier}\n      volumes:\n      - {name: pier, emptyDir: {}}\n",
        exit_code: 1,
        says: &["needs the capability MKNOD", "+            - MKNOD"],
        says_not: &["which only root may", "not decided"],
    },
    TriedProgram {
        name: "starts-very-many",
        build: "CMD [\"sh\", \"/start\"]\n",
        start: "i=0\nwhile [ $i -lt 300 ]; do sleep 1000 & i=$((i+1)); done\nwait\n",
        manifest: "",
        exit_code: 1,
        says: &["is not decided: it met the trial's own limit of 256 processes"],
        says_not: &["need: "],
    },
];

#[test]
fn a_right_that_is_missed_is_named() {
    let Some(base) = EngineBase::start() else { return };
    let failures = find_failures(&base, PROGRAMS, "2");
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    assert_eq!(base.list_things(), [""; 0], "nothing is left of them");
}

#[test]
fn a_name_that_no_image_can_have_is_said_to_be_none() {
    let Some(base) = EngineBase::start() else { return };
    let build = "FROM scratch\nCOPY busybox /bin/busybox\nCMD [\"/bin/busybox\", \"sleep\", \"1000\"]\n";
    let manifest = |image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: my-app\nspec:\n  containers:\n  - name: my-app\n    image: {image}\n"
        )
    };
    let said = |folder: &std::path::Path| {
        let output = base.trial(folder, &["--time", "2"]).output().unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (said, output.status.code())
    };
    let folder = base.lay_out("MyApp", &[("MyApp/Dockerfile", build), ("app.yaml", &manifest("MyApp:1"))]);
    let (bad, status) = said(&folder);
    assert!(bad.contains("its letters must be small ones") && !bad.contains("pull"), "{bad}");
    assert_eq!(status, Some(2), "{bad}");
    let folder = base.lay_out("OwnApp", &[("Dockerfile", build), ("app.yaml", &manifest("own-app:1"))]);
    let (good, status) = said(&folder);
    assert!(good.contains("started and ran 2 s hardened"), "{good}");
    assert_eq!(status, Some(0), "{good}");
    assert_eq!(base.list_things(), [""; 0]);
}
