//! Enter, all the way through: what the article arrives at and nothing else, on the article's own two files and on apps of
//! other bases and layouts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use seaworthy::audit::PodSecurity;
use serde_yaml::Value;

use super::{DEPLOYMENT, DOCKERFILE, apps, journey, walked};
use crate::support::{audit, repository};

/// What may be left: what needs a registry, a person, or a cluster.
const BUILD_MAY_KEEP: [&str; 7] = [
    "unpinned-image",
    "moving-tag",
    "uncleaned-package-cache",
    "copy-everything",
    "latest-tag",
    "untagged-image",
    "missing-pipefail",
];
const POD_MAY_KEEP: [&str; 9] = [
    "unpinned-image",
    "moving-tag",
    "latest-tag",
    "untagged-image",
    "missing-liveness-probe",
    "missing-readiness-probe",
    "default-namespace",
    "default-service-account",
    "missing-network-policy",
];

#[test]
fn the_articles_own_files() {
    arrives(DOCKERFILE, DEPLOYMENT, true);
}

#[test]
fn another_base_two_stages_and_a_list_that_is_set_in() {
    let build = "# build stage\nFROM golang:1.23-alpine AS build\nRUN go version\n\nFROM debian:12.5\n\
        RUN apt-get update && apt-get install -y ca-certificates\nWORKDIR /srv/tides\n\
        COPY --from=build /go/bin/x ./\nCOPY . .\nEXPOSE 4100\nCMD tides serve --port 4100\n";
    arrives(build, &set_in("tides"), false);
}

#[test]
fn a_base_with_an_account_of_its_own_and_comments() {
    let build = "# made for a test\nFROM node:22-alpine3.20\nRUN apk add --no-cache tini\nWORKDIR /srv/moon\nCOPY . .\n\
        EXPOSE 4100\nCMD moon serve --port 4100\n";
    arrives(build, &set_in("moon"), true);
}

fn set_in(name: &str) -> String {
    format!(
        "# {name}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  selector:\n    \
         matchLabels:\n      app: {name}\n  template:\n    metadata:\n      labels:\n        app: {name}\n    spec:\n      \
         containers: # one\n        - image: registry.example/{name}:v1.2.3 # ours\n          name: {name}\n          \
         ports:\n          - containerPort: 4100\n"
    )
}

/// Walks the app with Enter alone, and holds what comes of it against what the article arrives at.
fn arrives(build: &str, manifest: &str, busybox: bool) {
    let root = repository(&[("Dockerfile", build), ("deploy.yaml", manifest)]);
    let mut engine = audit(root.path());
    let found = apps(&engine);
    let [app] = found.as_slice() else { panic!("{found:?}") };
    walked(root.path(), &mut engine, &app.id);
    let end = journey(&engine, &app.id);
    assert_eq!(end.level, Some(PodSecurity::Restricted));

    let (dockerfile, deployment) = (read(root.path(), "Dockerfile"), read(root.path(), "deploy.yaml"));
    let (uid, gid) = of_dockerfile(build, &dockerfile, busybox);
    of_deployment(manifest, &deployment, uid, gid);

    let afresh = audit(root.path());
    for (path, may) in [("Dockerfile", &BUILD_MAY_KEEP[..]), ("deploy.yaml", &POD_MAY_KEEP[..])] {
        let left: BTreeSet<&str> =
            afresh.open_findings(&path.into()).iter().map(|(key, _)| key.rule).collect();
        let wrong: Vec<&&str> = left.iter().filter(|rule| !may.contains(rule)).collect();
        assert!(wrong.is_empty(), "left in {path}: {wrong:?}");
    }
    walked(root.path(), &mut engine, &app.id);
    assert_eq!((read(root.path(), "Dockerfile"), read(root.path(), "deploy.yaml")), (dockerfile, deployment));
}

fn read(root: &Path, name: &str) -> String {
    std::fs::read_to_string(root.join(name)).unwrap()
}

fn of_dockerfile(before: &str, after: &str, busybox: bool) -> (u64, u64) {
    let lines: Vec<&str> = after.lines().collect();
    let user = lines.iter().rposition(|line| line.starts_with("USER ")).unwrap();
    let (uid, gid) = lines[user].trim_start_matches("USER ").split_once(':').unwrap();
    let (uid, gid): (u64, u64) = (uid.parse().unwrap(), gid.parse().unwrap());
    assert!((40_000..=60_000).contains(&uid) && (40_000..=60_000).contains(&gid), "{uid}:{gid}");
    let work = lines.iter().rposition(|line| line.starts_with("RUN ")).unwrap();
    assert!(user > work, "USER comes after the work that needs root:\n{after}");
    if busybox {
        let makes = |line: &&str| line.contains("adduser ") && line.contains(&format!("-u {uid} "));
        assert!(lines.iter().any(makes), "the account has that uid:\n{after}");
    }
    let command = before.lines().last().unwrap().trim_start_matches("CMD ");
    let words: Vec<String> = command.split(' ').map(|word| format!("\"{word}\"")).collect();
    assert_eq!(*lines.last().unwrap(), format!("CMD [{}]", words.join(", ")));
    let mut rest = lines.iter();
    for line in before.lines().filter(|line| !line.starts_with("CMD ")) {
        assert!(rest.any(|kept| kept == &line), "gone, or out of order: {line}\n{after}");
    }
    (uid, gid)
}

fn of_deployment(before: &str, after: &str, uid: u64, gid: u64) {
    let (was, mut is): (Value, Value) =
        (serde_yaml::from_str(before).unwrap(), serde_yaml::from_str(after).unwrap());
    let pod = &is["spec"]["template"]["spec"];
    let container = &pod["containers"][0];
    let own = |field: &str| match &container["securityContext"][field] {
        Value::Null => pod["securityContext"][field].clone(),
        value => value.clone(),
    };
    assert_eq!((own("runAsUser"), own("runAsGroup")), (uid.into(), gid.into()));
    assert_eq!(own("runAsNonRoot"), Value::Bool(true));
    assert_eq!(container["securityContext"]["readOnlyRootFilesystem"], Value::Bool(true));
    assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], Value::Bool(false));
    assert_eq!(
        container["securityContext"]["capabilities"]["drop"],
        serde_yaml::from_str::<Value>("[ALL]").unwrap()
    );
    assert_eq!(own("seccompProfile")["type"], "RuntimeDefault");
    let bounds = "{limits: {cpu: 500m, memory: 128Mi}, requests: {cpu: 100m, memory: 64Mi}}";
    assert_eq!(container["resources"], serde_yaml::from_str::<Value>(bounds).unwrap());
    assert_eq!(pod["automountServiceAccountToken"], Value::Bool(false));
    let mounts = container["volumeMounts"].as_sequence().unwrap();
    let mounted: BTreeMap<&str, &str> =
        mounts.iter().map(|m| (m["mountPath"].as_str().unwrap(), m["name"].as_str().unwrap())).collect();
    let volumes = pod["volumes"].as_sequence().unwrap();
    let temporary = volumes.iter().find(|volume| volume["name"] == mounted["/tmp"]).unwrap();
    assert_eq!(temporary["emptyDir"], serde_yaml::from_str::<Value>("{}").unwrap());

    // Nothing else changed.
    let pod = is["spec"]["template"]["spec"].as_mapping_mut().unwrap();
    for key in ["securityContext", "automountServiceAccountToken", "volumes"] {
        pod.remove(key);
    }
    let container = pod["containers"][0].as_mapping_mut().unwrap();
    for key in ["securityContext", "resources", "volumeMounts"] {
        container.remove(key);
    }
    assert_eq!(is, was);
    let mut rest = after.lines();
    for line in before.lines() {
        assert!(rest.any(|kept| kept == line), "gone, or out of order: {line}\n{after}");
    }
}
