//! The walk of a chart's workload: values first, and at its end what the article arrives at.

use std::path::Path;
use std::sync::Arc;

use seaworthy::audit::{PodSecurity, TemplateView};
use seaworthy::repo::RelPath;
use seaworthy::settings::ResourceDefaults;
use seaworthy::walkthrough::{Chapter, ChapterStatus};
use serde_yaml::Value;
use tempfile::TempDir;

use super::{apps, journey, walked};
use crate::support::{audit, repository};

const LIGHTHOUSE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/charts/lighthouse");

/// The files of a folder, each by its path from there.
fn files_below(folder: &Path, at: &str, files: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{at}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), &format!("{name}/"), files);
        } else {
            files.push((name, std::fs::read_to_string(entry.path()).unwrap()));
        }
    }
}

/// The chart, in the folder `web` of a repository.
fn chart(more: &[(&str, &str)]) -> TempDir {
    let mut files = Vec::new();
    files_below(Path::new(LIGHTHOUSE), "web/", &mut files);
    let own = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    repository(&own.chain(more.iter().copied()).collect::<Vec<_>>())
}

fn read(root: &TempDir, path: &str) -> String {
    std::fs::read_to_string(root.path().join(path)).unwrap()
}

/// The pod that the chart renders with a value set, as another audit sees it.
fn rendered_pod(root: &TempDir, values: &[&str]) -> Value {
    rendered_object(root, "deployment.yaml", values)["spec"]["template"]["spec"].clone()
}

fn rendered_object(root: &TempDir, name: &str, values: &[&str]) -> Value {
    let engine = audit(root.path());
    let view = engine.chart_view(&"web".into()).unwrap();
    let is_set = |template: &&Arc<TemplateView>| {
        let unit = &template.render.unit.values;
        template.path.file_name() == name && unit.iter().map(RelPath::as_str).eq(values.iter().copied())
    };
    let template = view.templates.iter().find(is_set).unwrap();
    serde_yaml::from_str(&template.render.text).unwrap()
}

#[test]
fn it_ends_as_the_article_does_with_every_value_set() {
    let root = chart(&[]);
    let mut engine = audit(root.path());
    let found = apps(&engine);
    let [app] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(app.level, Some(PodSecurity::Baseline));
    // No file tells the user of the image: a person does.
    engine.choose_values(|chosen| {
        chosen.users.insert("registry.example/harbour/lighthouse".to_owned(), (65532, 65532));
    });
    walked(root.path(), &mut engine, &app.id);
    let end = journey(&engine, &app.id);
    assert_eq!(end.level, Some(PodSecurity::Restricted));
    let open = end.pages.iter().filter(|page| page.status == ChapterStatus::ToDo);
    assert_eq!(
        open.map(|page| page.chapter).collect::<Vec<_>>(),
        [Chapter::Image],
        "a registry knows digests"
    );
    for values in [&[][..], &["web/ci/busy-values.yaml"]] {
        let pod = rendered_pod(&root, values);
        let container = &pod["containers"][0];
        let context = &container["securityContext"];
        assert_eq!((&context["runAsUser"], &context["runAsGroup"]), (&65532.into(), &65532.into()));
        let is = |field: &str| context[field].as_bool();
        assert_eq!(
            (is("runAsNonRoot"), is("readOnlyRootFilesystem"), is("allowPrivilegeEscalation")),
            (Some(true), Some(true), Some(false))
        );
        assert_eq!(context["capabilities"]["drop"][0], "ALL");
        assert_eq!(context["seccompProfile"]["type"], "RuntimeDefault");
        // The account's own value keeps the token from all its pods.
        let account = rendered_object(&root, "serviceaccount.yaml", values);
        assert_eq!(account["automountServiceAccountToken"], false);
        assert_eq!(container["resources"]["limits"]["memory"], "128Mi");
        assert_eq!(container["volumeMounts"][0]["mountPath"], "/tmp");
        assert_eq!(pod["volumes"][0]["name"], container["volumeMounts"][0]["name"]);
    }
}

#[test]
fn it_writes_values_where_they_reach_and_keeps_what_stands_there() {
    let root = chart(&[]);
    let before = [read(&root, "web/values.yaml"), read(&root, "web/templates/deployment.yaml")];
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    walked(root.path(), &mut engine, &id);
    let after = [read(&root, "web/values.yaml"), read(&root, "web/templates/deployment.yaml")];
    // What was empty is filled; every comment is where it was.
    for line in before[0].lines().filter(|line| line.contains('#')) {
        assert!(after[0].contains(line), "{line} is gone:\n{}", after[0]);
    }
    assert!(after[0].contains("  readOnlyRootFilesystem: true\n"), "{}", after[0]);
    assert!(after[0].contains("    memory: 128Mi\n"), "{}", after[0]);
    assert!(after[0].contains("  automount: false\n"), "{}", after[0]);
    // A value reaches all of it, so that nothing is written into the template.
    assert_eq!(before[1], after[1]);
    assert_eq!(
        read(&root, "web/ci/busy-values.yaml"),
        std::fs::read_to_string(Path::new(LIGHTHOUSE).join("ci/busy-values.yaml")).unwrap()
    );
    walked(root.path(), &mut engine, &id);
    assert_eq!(
        [read(&root, "web/values.yaml"), read(&root, "web/templates/deployment.yaml")],
        after,
        "twice is once"
    );
}

#[test]
fn values_chosen_in_the_walk_hold_with_every_value_set() {
    let root = chart(&[]);
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let (path, object) = id.workload.clone().unwrap();
    engine.choose_values(|chosen| {
        let own = ResourceDefaults { memory_limit: Some("300Mi".to_owned()), ..ResourceDefaults::none() };
        chosen.resources.insert((path.clone(), object.to_string(), "lighthouse".to_owned()), own);
        let paths = vec!["/var/lamp".to_owned()];
        chosen.writable_paths.insert((path, object.to_string(), "lighthouse".to_owned()), paths);
    });
    walked(root.path(), &mut engine, &id);
    for values in [&[][..], &["web/ci/busy-values.yaml"]] {
        let pod = rendered_pod(&root, values);
        assert_eq!(pod["containers"][0]["resources"]["limits"]["memory"], "300Mi");
        assert_eq!(pod["containers"][0]["volumeMounts"][0]["mountPath"], "/var/lamp");
    }
}

#[test]
fn what_meets_a_chapter_is_quoted_where_it_is_written() {
    let root = chart(&[]);
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    walked(root.path(), &mut engine, &id);
    let end = journey(&engine, &id);
    let page = end.pages.iter().find(|page| page.chapter == Chapter::Filesystem).unwrap();
    let quoted: Vec<(&str, &str)> =
        page.quotes.iter().map(|quote| (quote.path.as_str(), quote.text.as_str())).collect();
    assert_eq!(quoted, [("web/values.yaml", "readOnlyRootFilesystem: true")]);
}

#[test]
fn a_charts_test_is_no_app() {
    let test = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: try\n  annotations:\n    helm.sh/hook: test\n\
        spec:\n  containers:\n    - name: try\n      image: busybox:1.37.0\n";
    let root = chart(&[("web/templates/tests/try.yaml", test)]);
    let found = apps(&audit(root.path()));
    let names: Vec<String> = found.iter().map(|app| app.id.to_string()).collect();
    assert_eq!(names, ["Deployment/lighthouse in web/templates/deployment.yaml"]);
}

/// A release has the name that somebody installed it by, and no command can be run with the one it was rendered by.
#[test]
fn no_command_names_the_release_that_it_was_rendered_by() {
    let root = chart(&[]);
    let engine = audit(root.path());
    let found = apps(&engine);
    let walk = journey(&engine, &found[0].id);
    for page in &walk.pages {
        assert!(!page.check.command.contains("release-name"), "{}", page.check.command);
    }
    let named =
        |page: &seaworthy::walkthrough::ChapterPage| page.check.command.contains("app.kubernetes.io/name=");
    assert!(walk.pages.iter().any(named), "a label that stays still selects the pod");
}
