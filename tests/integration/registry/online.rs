//! `--online` on the command line, against the real registry.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

use super::distribution::Distribution;
use crate::support::repository;

/// Runs the program with nobody's configuration.
fn seaworthy(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .args(arguments)
        .arg(root)
        .env("DOCKER_CONFIG", root.join("none"))
        .env("XDG_CACHE_HOME", root.join("cache"))
        .env("XDG_STATE_HOME", root.join("state"))
        .env("XDG_CONFIG_HOME", root.join("config"))
        .output()
        .unwrap()
}

#[test]
fn online_writes_what_the_registry_has_and_names_what_it_has_not() {
    let Some(registry) = Distribution::start() else { return };
    let host = &registry.authority;
    let (api, _) = registry.push_index("team/api", &["latest", "1.4.2", "1.4"], "api");
    let (base, _) = registry.push_index("base", &["3.9-alpine3.15"], "base");
    let one = registry.push("one", "2.0.1", "linux/amd64");
    let root = repository(&[
        (
            "Dockerfile",
            &format!("FROM {host}/base:3.9-alpine3.15\nCOPY --from={host}/one:2.0.1 /a /b\nUSER 50000\n"),
        ),
        (
            "pod.yaml",
            &format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\nspec:\n  containers:\n    - name: api\n      \
                 image: {host}/team/api:latest # ours\n    - name: no\n      image: {host}/no/such:1.0.0\n"
            ),
        ),
    ]);
    let read = |name: &str| std::fs::read_to_string(root.path().join(name)).unwrap();
    let before = read("pod.yaml");
    seaworthy(root.path(), &["fix"]);
    assert!(!read("pod.yaml").contains('@') && !read("Dockerfile").contains('@'), "no network unless asked");

    let done =
        seaworthy(root.path(), &["fix", "--online", "--rule", "unpinned-image", "--rule", "latest-tag"]);
    let said = String::from_utf8(done.stderr).unwrap();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.starts_with(&format!("asking {host} about 4 images\n")), "{said}");
    assert!(said.contains(&format!("{host} has no `no/such:1.0.0`")), "{said}");
    assert_eq!(said.matches("note: ").count(), 1, "{said}");
    assert!(said.contains(&format!("note: {host}/one:2.0.1 is built for one platform")), "{said}");
    assert_eq!(
        read("Dockerfile"),
        format!(
            "FROM {host}/base:3.9-alpine3.15@{base}\nCOPY --from={host}/one:2.0.1@{one} /a /b\nUSER 50000\n"
        )
    );
    assert!(
        read("pod.yaml").contains(&format!("      image: {host}/team/api:1.4.2@{api} # ours\n")),
        "{before}"
    );
}

/// A pod with these images.
fn pod(images: &[String]) -> String {
    let head = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: api\nspec:\n  containers:\n".to_owned();
    let container = |(at, image): (usize, &String)| format!("    - name: c{at}\n      image: {image}\n");
    head + &images.iter().enumerate().map(container).collect::<String>()
}

#[test]
fn online_a_check_says_what_has_become_of_pinned_images() {
    let Some(registry) = Distribution::start() else { return };
    let host = &registry.authority;
    let (old, _) = registry.push_index("app", &["1.0", "1.0.0"], "old");
    let (new, _) = registry.push_index("app", &["1.0"], "new");
    let gone = format!("sha256:{}", "0".repeat(64));
    let images = [
        format!("{host}/app:1.0.0@{old}"),
        format!("{host}/app:1.0@{old}"),
        format!("{host}/app:1.0.0@{gone}"),
        format!("{host}/app@{old}"),
        format!("{host}/app:1.0"),
        format!("127.0.0.1:1/app:2.0@{old}"),
    ];
    let root = repository(&[("pod.yaml", &pod(&images))]);
    let offline = seaworthy(root.path(), &["check", "--format", "json"]);
    let offline: Value = serde_json::from_slice(&offline.stdout).unwrap();
    assert_eq!(offline.get("images"), None, "nobody was asked");

    let online = seaworthy(root.path(), &["check", "--format", "json", "--online"]);
    let said = String::from_utf8(online.stderr).unwrap();
    assert!(said.starts_with(&format!("asking 127.0.0.1:1, {host} about 5 images\n")), "{said}");
    let report: Value = serde_json::from_slice(&online.stdout).unwrap();
    assert_eq!(report["findings"], offline["findings"]);
    let told = report["images"].as_array().unwrap();
    let told: Vec<_> =
        told.iter().map(|image| [&image["exists"], &image["tag"], &image["tag_digest"]]).collect();
    let wanted = [
        json!([true, "same", null]),
        json!([true, "moved", new]),
        json!([false, "moved", old]),
        json!([true, null, null]),
        json!([null, null, null]),
    ];
    assert_eq!(json!(told), json!(wanted));
    let first = &report["images"][0];
    assert_eq!((&first["path"], &first["image"]), (&json!("pod.yaml"), &json!(images[0])));
    assert_eq!((&first["start"]["line"], &first["error"]), (&json!(8), &Value::Null));
    assert!(report["images"][4]["error"].as_str().unwrap().contains("cannot be reached"));

    let text = seaworthy(root.path(), &["check", "--online"]);
    assert_eq!(text.status.code(), seaworthy(root.path(), &["check"]).status.code());
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.ends_with("5 pinned images: 2 stands, 1 moved, 1 gone, 1 unknown\n"), "{text}");
    assert!(
        text.contains(&format!("  moved    pod.yaml:10  {host}/app:1.0@{old}: its tag is {new} now\n")),
        "{text}"
    );
}

#[test]
fn where_nothing_is_pinned_nobody_is_asked() {
    let root = repository(&[("pod.yaml", &pod(&["registry.example/app:1.0".to_owned()]))]);
    let text = seaworthy(root.path(), &["check", "--online"]);
    assert!(text.stderr.is_empty());
    assert!(String::from_utf8(text.stdout).unwrap().ends_with("is pinned by a digest: nobody was asked.\n"));
}
