//! Links containers to the Dockerfiles that build their images, by what the build files of a repository say: each case of
//! `tests/fixtures/links` is a small repository and the links of its containers.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use seaworthy::audit::AuditEngine;
use seaworthy::project::LinkAnswer;
use seaworthy::repo::{BuildFileKind, FileKind, RelPath};
use seaworthy::settings::{SETTINGS_FILE, parse_settings};

use crate::support::repository;

/// A case: the files of a repository, and what is expected.
pub(crate) struct LinkCase {
    files: Vec<(String, String)>,
    expected: String,
}

impl LinkCase {
    /// Reads a case. `== PATH` begins a file; `== pod PATH IMAGE…` is a pod of these images, `== dockerfile PATH STAGE…` a
    /// Dockerfile with these stages before its last, and `== links` begins what is expected.
    pub(crate) fn parse(text: &str) -> Self {
        let mut case = Self { files: Vec::new(), expected: String::new() };
        for part in text.split("\n== ").map(|part| part.trim_start_matches("== ")) {
            let (head, body) = part.split_once('\n').unwrap_or((part, ""));
            let words: Vec<&str> = head.split_whitespace().collect();
            match words.as_slice() {
                ["links"] => case.expected = body.trim_end().to_owned(),
                ["pod", path, images @ ..] => case.files.push(((*path).to_owned(), pod_of(images))),
                ["dockerfile", path, stages @ ..] => {
                    let stages: String =
                        stages.iter().map(|name| format!("FROM golang:1.24 AS {name}\n")).collect();
                    case.files.push(((*path).to_owned(), format!("{stages}FROM alpine:3.20\nUSER 10001\n")));
                }
                _ => case.files.push((head.trim().to_owned(), format!("{body}\n"))),
            }
        }
        case
    }

    fn engine(&self) -> AuditEngine {
        let kind = |path: &str| FileKind::of_name(RelPath::from(path).file_name());
        let is_object = |text: &str| text.contains("kind:") || text.contains("resources:");
        let audited = self.files.iter().filter_map(|(path, text)| {
            let kind = kind(path)?;
            (kind == FileKind::Dockerfile || is_object(text))
                .then(|| (path.as_str().into(), kind, text.clone()))
        });
        let builds = self.files.iter().filter(|(path, _)| BuildFileKind::of_path(Path::new(path)).is_some());
        let builds = builds.map(|(path, text)| (RelPath::from(path.as_str()), text.clone()));
        let settings = self.files.iter().find(|(path, _)| path == SETTINGS_FILE);
        let settings = settings.map(|(_, text)| parse_settings(text, &[]).unwrap()).unwrap_or_default();
        AuditEngine::from_texts(audited, settings).with_build_texts(builds)
    }

    fn found(&self) -> String {
        let engine = self.engine();
        let mut found = String::new();
        for report in engine.workload_reports() {
            for link in &report.links {
                let image = link.image.rsplit('/').next().unwrap_or_default();
                writeln!(found, "{} {image}: {}", report.path, said(&engine, &link.image, &link.answer))
                    .unwrap();
            }
        }
        for (claim, answer) in engine.index().service_answers() {
            let service = claim.service.as_deref().unwrap_or_default();
            writeln!(found, "{} {service}: {}", claim.path, said(&engine, "", &answer)).unwrap();
        }
        found.trim_end().to_owned()
    }
}

fn said(engine: &AuditEngine, image: &str, answer: &LinkAnswer) -> String {
    let Some(link) = answer.link() else { return answer.reason().unwrap_or_default() };
    let stage = link.stage.as_ref().map(|stage| format!(" stage {stage}")).unwrap_or_default();
    let seen = link.evidence.iter().map(|seen| format!("{}:{}", seen.path, seen.line));
    let given = engine.repository().build_arguments(link, image).into_iter().map(|own| match own.value {
        Some(value) => format!(" {}={value}", own.name),
        None => format!(" {}?", own.name),
    });
    let given: String = given.collect();
    let given = if given.is_empty() { given } else { format!(" given{given}") };
    format!("{}{stage} by {}{given}", link.dockerfile, seen.collect::<Vec<_>>().join(" "))
}

fn pod_of(images: &[&str]) -> String {
    let containers: String = images
        .iter()
        .enumerate()
        .map(|(nth, image)| format!("    - name: c{nth}\n      image: \"{image}\"\n"))
        .collect();
    format!("apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  containers:\n{containers}")
}

fn case_paths() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/links");
    let mut paths: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn build_files_link_containers_to_their_dockerfiles() {
    let mut wrong = String::new();
    for path in case_paths() {
        let case = LinkCase::parse(&std::fs::read_to_string(&path).unwrap());
        assert!(!case.files.is_empty(), "{} has no file", path.display());
        let found = case.found();
        if found != case.expected {
            let name = path.file_name().unwrap().to_string_lossy();
            writeln!(wrong, "{name}\n  expected:\n{}\n  found:\n{found}\n", case.expected).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_dockerfile_that_the_settings_name_is_linked_once_it_is_there() {
    let pod = pod_of(&["registry.example/far/web:1"]);
    let settings = "[[link]]\nimage = \"registry.example/far/web\"\ndockerfile = \"b/Dockerfile\"\n";
    let home = repository(&[("k8s/pod.yaml", &pod), ("seaworthy.toml", settings)]);
    let root = home.path().canonicalize().unwrap();
    let mut engine = AuditEngine::new(root.clone(), parse_settings(settings, &[]).unwrap());
    engine.scan(std::slice::from_ref(&root), &|_, _| {});
    let answer = |engine: &AuditEngine| {
        let reports = engine.workload_reports();
        reports[0].links.iter().map(|link| said(engine, &link.image, &link.answer)).collect::<Vec<_>>()
    };
    let absent = "b/Dockerfile, which builds it, is not there: the settings say so (seaworthy.toml:1)";
    assert_eq!(answer(&engine), [absent]);
    std::fs::create_dir(root.join("b")).unwrap();
    std::fs::write(root.join("b/Dockerfile"), "FROM alpine:3.20\nUSER 10001\n").unwrap();
    engine.refresh_paths(&BTreeSet::from([RelPath::from("b/Dockerfile")]));
    assert_eq!(answer(&engine), ["b/Dockerfile by seaworthy.toml:1"]);
}

#[test]
fn the_name_of_the_repositorys_folder_is_the_projects_and_its_own_workflows() {
    let home = tempfile::tempdir().unwrap();
    let root = home.path().join("Voting-App");
    let caller = "on: push\njobs:\n  build:\n    uses: acme/Voting-App/.github/workflows/image.yml@main\n    with: {image: acme/result}\n  far:\n    uses: acme/other/.github/workflows/image.yml@main\n    with: {image: acme/far}\n";
    let called = "on:\n  workflow_call:\n    inputs:\n      image: {type: string}\njobs:\n  build:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {context: result, tags: '${{ inputs.image }}'}\n";
    let dockerfile = "FROM alpine:3.20\nUSER 10001\n";
    for (path, text) in [
        (".git/HEAD", "ref: refs/heads/main\n"),
        (".github/workflows/push.yml", caller),
        (".github/workflows/image.yml", called),
        ("compose.yaml", "services:\n  vote: {build: ./front}\n"),
        ("front/Dockerfile", dockerfile),
        ("result/Dockerfile", dockerfile),
        ("k8s/pod.yaml", &pod_of(&["votingapp_vote", "voting-app-vote:1", "acme/result", "acme/far"])),
    ] {
        let at = root.join(path);
        std::fs::create_dir_all(at.parent().unwrap()).unwrap();
        std::fs::write(at, text).unwrap();
    }
    let root = root.canonicalize().unwrap();
    let mut engine = AuditEngine::new(root.clone(), parse_settings("", &[]).unwrap());
    engine.scan(std::slice::from_ref(&root), &|_, _| {});
    let reports = engine.workload_reports();
    let links = reports.iter().flat_map(|report| &report.links);
    let found: Vec<String> = links.map(|link| said(&engine, &link.image, &link.answer)).collect();
    let expected = [
        "front/Dockerfile by compose.yaml:2",
        "front/Dockerfile by compose.yaml:2",
        "result/Dockerfile by .github/workflows/image.yml:8",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_link_in_the_settings_that_says_nothing_is_refused() {
    let refused = |entry: &str| parse_settings(&format!("[[link]]\n{entry}"), &[]).unwrap_err().to_string();
    assert!(refused("dockerfile = \"a/Dockerfile\"\n").contains("lacks its `image`"));
    assert!(refused("image = \"web\"\n").contains("a path, or false for none"));
    assert!(refused("image = \"web:1\"\ndockerfile = false\n").contains("without tag and digest"));
    assert!(refused("image = \"web\"\ndockerfile = \"../out/Dockerfile\"\n").contains("dockerfile"));
    assert!(refused("image = \"web\"\ndockerfile = false\nstage = \"a\"\n").contains("no `stage`"));
    assert!(refused("image = \"web\"\ndocker = false\n").contains("a link has no `docker`"));
}

/// What a registry has by the name of an image that is built here and named when it is deployed is somebody else's.
#[test]
fn an_image_that_its_tool_names_when_it_deploys_is_pinned_by_nobody() {
    let skaffold =
        "apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n  - {image: web, context: web}\n";
    let make = "web:\n\tdocker build -t web web\n";
    let pod = pod_of(&["web", "redis:8.0.1"]);
    let fixes_of = |build: (&'static str, &str)| {
        let root =
            repository(&[("web/Dockerfile", "FROM alpine:3.20\nUSER 10001\n"), ("pod.yaml", &pod), build]);
        let engine = crate::support::audit(root.path());
        let found = engine.open_findings(&"pod.yaml".into());
        let of_image =
            found.into_iter().filter(|(key, _)| ["untagged-image", "unpinned-image"].contains(&key.rule));
        of_image
            .map(|(key, finding)| (key.rule, finding.withheld_reason().map(str::to_owned)))
            .collect::<Vec<_>>()
    };
    let reasons: Vec<_> =
        fixes_of(("skaffold.yaml", skaffold)).into_iter().filter_map(|(_, reason)| reason).collect();
    assert_eq!(reasons.len(), 2, "of the image that is built here, and not of the other");
    assert!(
        reasons[0].starts_with("skaffold builds it (skaffold.yaml:5) and puts its own name here"),
        "{reasons:?}"
    );
    assert!(fixes_of(("Makefile", make)).iter().all(|(_, reason)| reason.is_none()));
}
