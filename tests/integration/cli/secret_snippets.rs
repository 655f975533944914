//! No report shows a secret, however it is written in the file, also beside findings of other rules.

use super::on;
use crate::support::repository;

const JSON: &str = r#"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"x:1","env":[{"name":"DB_PASSWORD","value":"hunter2secretXYZ"},{"name":"T_TOKEN","value":"hunter2\u0073ecretXYZ"}]}]}}
"#;

const FLOW: &str = "apiVersion: v1
kind: Pod
metadata: {name: p}
spec: {containers: [{name: c, image: \"x:1\", env: [{name: A_PASSWORD, value: plain-one}, {name: B_PASSWORD, value: &p hunter2secretXYZ}, {name: C_PASSWORD, value: *p}, {name: D_TOKEN, value: 'hun''ter2secretXYZ'}]}]}
";

const OBJECT: &str = "apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {password: hunter2secretXYZ, other: hunter3secretXYZ, on: yes}
";

const DOCKERFILE: &str = "FROM alpine:3.20
ARG DB_PASSWORD=hunter2secretXYZ
CMD DB_PASSWORD=hunter2secretXYZ exec /app --password hunter2secret
";

#[test]
fn no_snippet_shows_a_secret() {
    let folder = repository(&[
        ("c.json", JSON),
        ("flow.yaml", FLOW),
        ("secret.yaml", OBJECT),
        ("Dockerfile", DOCKERFILE),
    ]);
    for more in [
        &[][..],
        &["--rule", "missing-seccomp"],
        &["--rule", "ambiguous-boolean"],
        &["--rule", "untagged-image"],
    ] {
        let report = on(folder.path(), &[&["check"], more].concat()).out;
        assert!(report.contains("-->") || more.contains(&"untagged-image"), "{more:?}: {report}");
        let shown: Vec<&str> = report.lines().filter(|line| line.contains("XYZ")).collect();
        assert!(shown.is_empty(), "{more:?}: {}", shown.join("\n"));
    }
}
