//! A chart in the shape of `helm create`, walked by keys alone: from what it is made as to the article's Results.

use std::path::Path;

use seaworthy::audit::{AuditEngine, PodSecurity};
use seaworthy::repo::RelPath;
use seaworthy::settings::Settings;
use serde_yaml::Value;
use tempfile::TempDir;

use crate::pty::Pty;

const CHART: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/charts/lighthouse");
const FILES: [&str; 7] = [
    "Chart.yaml",
    "values.yaml",
    "ci/busy-values.yaml",
    "templates/_helpers.tpl",
    "templates/deployment.yaml",
    "templates/serviceaccount.yaml",
    "templates/service.yaml",
];
const TEMPLATE: &str = "templates/deployment.yaml";

/// The chart, with the image that `helm create` writes: one whose user is known.
fn created() -> TempDir {
    let root = TempDir::new().unwrap();
    for path in FILES {
        let text = std::fs::read_to_string(Path::new(CHART).join(path)).unwrap();
        let at = root.path().join("created").join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        let text =
            text.replace("registry.example/harbour/lighthouse", "nginx").replace("\"2.7.1\"", "\"1.16.0\"");
        std::fs::write(at, text).unwrap();
    }
    root
}

fn has(screen: &vt100::Screen, words: &str) -> bool {
    screen.contents().contains(words)
}

/// Writes the change in view; who is too early for its diff presses again.
fn write_chapter(pty: &mut Pty) {
    let awaited = "The fix is still being made";
    for _ in 0..20 {
        pty.quiet().send("f").until("a write, or a wait", |now| has(now, "✓ written") || has(now, awaited));
        if pty.screen().contains("✓ written") {
            return;
        }
    }
    panic!("no change is ever written:\n{}", pty.screen());
}

/// Goes through the chapters by `f` and `n` until the Results are there, and gives how many were written.
fn walk_by_keys(pty: &mut Pty) -> usize {
    let mut written = 0;
    // What stands in a chapter once its change is planned, written or not to be made.
    let settled = [
        "f write",
        "f next page",
        "✓ written",
        "No change yet:",
        "Nothing to do here",
        "What is left, and why",
    ];
    for _ in 0..60 {
        pty.until("a chapter with its change", |screen| settled.iter().any(|words| has(screen, words)));
        let screen = pty.screen();
        if screen.contains("What is left, and why") {
            return written;
        }
        if screen.contains("f next page") {
            pty.send("f").until("the next page", |now| now.contents() != screen);
        } else if screen.contains("f write") {
            write_chapter(pty);
            written += 1;
        } else {
            pty.send("n").until("the next chapter", |now| now.contents() != screen);
        }
    }
    panic!("the walk has no end:\n{}", pty.screen());
}

#[test]
fn a_created_chart_is_walked_by_keys_to_the_articles_results() {
    let root = created();
    let state = TempDir::new().unwrap();
    let (at, home) = (root.path().to_str().unwrap(), state.path().to_str().unwrap());
    let program = env!("CARGO_BIN_EXE_seaworthy");
    let mut pty = Pty::start(program, &["walk", at], &[("XDG_STATE_HOME", home), ("HOME", home)], (140, 45));
    pty.shows("0 of").shows("v takes it from you");
    // No file tells the user of the image: a person types it where it will stand.
    pty.send("v")
        .shows("⟦")
        .send("\x1545101\r")
        .until("the number in the change", |screen| has(screen, "runAsUser: 45101") && !has(screen, "⟦"));
    let written = walk_by_keys(&mut pty);
    pty.shows("to restricted").send("q");
    assert!(pty.ends().success());
    pty.is_given_back();
    assert!(written >= 5, "{written} chapters were written");
    for values in [None, Some("busy-values.yaml")] {
        check_results(root.path(), values);
    }
}

/// What the chart renders with a value set is what the article arrives at.
fn check_results(root: &Path, values: Option<&str>) {
    let root = root.canonicalize().unwrap();
    let mut engine = AuditEngine::new(root.clone(), Settings::default());
    engine.scan(std::slice::from_ref(&root), &|_, _| {});
    let update = engine.full_update();
    let levels = update.workloads.values().flat_map(|list| list.iter()).map(|row| row.pod_security);
    assert!(levels.into_iter().all(|level| level == Some(PodSecurity::Restricted)), "{values:?}");
    let view = engine.chart_view(&"created".into()).unwrap();
    let rendered = |name: &str| -> Option<Value> {
        let template = view.templates.iter().find(|own| {
            let set = own.render.unit.values.first().map(RelPath::file_name);
            own.path.as_str().ends_with(name) && set == values
        });
        Some(serde_yaml::from_str(&template?.render.text).unwrap())
    };
    let object = rendered(TEMPLATE).unwrap();
    let pod = &object["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let context = |field: &str| match &container["securityContext"][field] {
        Value::Null => pod["securityContext"][field].clone(),
        own => own.clone(),
    };
    assert_eq!(context("runAsNonRoot"), Value::from(true), "{values:?}");
    assert_ne!(context("runAsUser"), Value::Null, "{values:?}");
    assert_eq!(context("readOnlyRootFilesystem"), Value::from(true), "{values:?}");
    assert_eq!(context("allowPrivilegeEscalation"), Value::from(false), "{values:?}");
    assert_eq!(context("capabilities")["drop"][0], Value::from("ALL"), "{values:?}");
    assert_eq!(context("seccompProfile")["type"], Value::from("RuntimeDefault"), "{values:?}");
    let account = rendered("serviceaccount.yaml").unwrap_or_default();
    let automount = [&pod["automountServiceAccountToken"], &account["automountServiceAccountToken"]];
    assert!(automount.contains(&&Value::from(false)), "{values:?}");
    assert_ne!(container["resources"]["limits"]["memory"], Value::Null, "{values:?}");
    let mounts = container["volumeMounts"].as_sequence().map_or(0, Vec::len);
    assert!(mounts > 0 && pod["volumes"].as_sequence().map_or(0, Vec::len) == mounts, "{values:?}");
}
