//! An app of a kustomization is tried as it is built: with the tags, patches and generated maps of its overlay.

use std::process::{Command, Output};

use seaworthy::repo::RelPath;
use seaworthy::trial::TrialTarget;

use super::engine_base::EngineBase;
use crate::support::{audit, repository};

const DOCKERFILE: &str = "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\nRUN mkdir -p /var/tides\nCMD [\"sh\", \"-c\", \"echo no sea; exit 9\"]\n";
const BASE: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tides\nspec:\n  selector:\n    matchLabels: {app: tides}\n  template:\n    metadata:\n      labels: {app: tides}\n    spec:\n      containers:\n      - name: tides\n        image: registry.invalid/tides:1\n";
const PATCH: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: tides\nspec:\n  template:\n    spec:\n      containers:\n      - name: tides\n        args: [sh, -c, 'set -e; [ \"$SEA\" = north ]; [ \"$LEVEL\" = high ]; echo x > /var/tides/x; exec sleep 1000']\n        env:\n        - {name: SEA, value: north}\n        envFrom:\n        - configMapRef: {name: level}\n";
const PROD: &str = "resources: [../../base]\nnamePrefix: prod-\npatches:\n- path: patch.yaml\nconfigMapGenerator:\n- name: level\n  literals: [LEVEL=high]\n";

const FILES: [(&str, &str); 6] = [
    ("tides/Dockerfile", DOCKERFILE),
    ("base/app.yaml", BASE),
    ("base/kustomization.yaml", "resources: [app.yaml]\n"),
    ("overlays/dev/kustomization.yaml", "resources: [../../base]\n"),
    ("overlays/prod/kustomization.yaml", PROD),
    ("overlays/prod/patch.yaml", PATCH),
];

#[test]
fn what_is_shown_in_an_overlay_is_tried_as_that_builds_it() {
    let root = repository(&FILES);
    let engine = audit(root.path());
    let deployed = |object: &str, chosen: Option<&str>| {
        let chosen = chosen.map(RelPath::from);
        let target = TrialTarget::as_deployed(&engine, "base/app.yaml".into(), object, chosen.as_ref());
        target.label()
    };
    let dev = "Deployment/tides as overlays/dev builds it";
    let prod = "Deployment/tides as overlays/prod builds it";
    assert_eq!(deployed("Deployment/tides", None), dev);
    assert_eq!(deployed("Deployment/tides", Some("overlays/prod")), prod);
    assert_eq!(deployed("Deployment/prod-tides", None), prod, "its name there is one overlay's own");
    assert_eq!(deployed("Deployment/tides", Some("overlays/gone")), dev);
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn an_overlays_app_runs_as_it_is_built_and_is_mended_in_its_base() {
    let Some(base) = EngineBase::start() else { return };
    let folder = base.lay_out("tides", &FILES);
    let output = base.trial(&folder, &["--time", "2", "--app", "overlays/prod:tides"]).output().unwrap();
    let printed = said(&output);
    assert_eq!(output.status.code(), Some(1), "{printed}");
    for words in [
        "Trial of Deployment/tides as overlays/prod builds it (base/app.yaml)",
        "--env=SEA=north",
        "--env=LEVEL=high",
        "needs to write /var/tides",
        "started and ran 2 s hardened",
        "+++ b/base/app.yaml",
        "+        - mountPath: /var/tides",
        "+          readOnlyRootFilesystem: true",
    ] {
        assert!(printed.contains(words), "{words}: {printed}");
    }
    // What was seen holds for the fix of the base.
    let mut fix = base.command(env!("CARGO_BIN_EXE_seaworthy"));
    let fixed = said(&fix.args(["fix", "--review", "--diff"]).arg(&folder).output().unwrap());
    for words in ["# may-break (", "mountPath: /var/tides"] {
        assert!(fixed.contains(words), "{words}: {fixed}");
    }
    // The other overlay has neither the patch nor the map.
    let output = base.trial(&folder, &["--time", "2", "--app", "overlays/dev:tides"]).output().unwrap();
    let printed = said(&output);
    assert!(
        printed.contains("tides as overlays/dev builds it is not decided") && printed.contains("no sea"),
        "{printed}"
    );
    assert_eq!(base.list_things(), [""; 0]);
}

#[test]
fn the_apps_of_a_repository_are_those_that_are_deployed() {
    let chart = [
        ("chart/Chart.yaml", "apiVersion: v2\nname: ebb\nversion: 0.1.0\n"),
        ("chart/values.yaml", "tag: '7'\n"),
        (
            "chart/templates/app.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: ebb\nspec:\n  containers:\n  - name: ebb\n    image: registry.invalid/ebb:{{ .Values.tag }}\n",
        ),
    ];
    let root = repository(&[&FILES[..], &chart].concat());
    let output = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .args(["trial", "--app", "none-such"])
        .arg(root.path())
        .output()
        .unwrap();
    let listed = "there are Deployment/tides as overlays/dev builds it, Deployment/tides as overlays/prod builds it, Pod/ebb";
    assert!(said(&output).contains(listed), "{}", said(&output));
}
