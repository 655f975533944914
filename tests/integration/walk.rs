//! The walk without a screen: on the article's two files, on every sort of app, on repositories of any shape.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod article;
mod chart;
mod truth;

use std::collections::BTreeMap;
use std::path::Path;

use seaworthy::audit::{AuditEngine, PodSecurity};
use seaworthy::fix::{FixOrder, Planner};
use seaworthy::settings::ValueChoice;
use seaworthy::walkthrough::{
    AFTER_HEADING, AppBefore, AppId, AppWalk, Chapter, ChapterPage, ChapterStatus, EvidenceLine, WalkApp,
    compute_walk, write_pull_request,
};
use tempfile::TempDir;

use crate::support::{audit, repository};

/// The name under which the user of the Deployment's image is kept where nothing here builds it.
const IMAGE: &str = "docker.io/registry/api";

/// The uid of the app.
fn run_as(engine: &AuditEngine) -> u32 {
    engine.repository().run_as(&"Dockerfile".into()).unwrap().uid
}

fn user(key: &str, uid: u32, gid: u32) -> ValueChoice {
    ValueChoice::User { key: key.to_owned(), uid, gid }
}

/// The article's own Dockerfile and Deployment.
const DOCKERFILE: &str = "FROM python:3-alpine\nCOPY requirements.txt .\nRUN pip3 install -r requirements.txt\n\n\
    WORKDIR /app\nCOPY src/ ./\n\nENV PYTHONUNBUFFERED 1\nCMD python3 app.py\n";
const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      containers:
      - name: api
        image: registry/api:latest
        ports:
        - containerPort: 5000
";

fn article() -> TempDir {
    repository(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", DEPLOYMENT)])
}

fn apps(engine: &AuditEngine) -> Vec<WalkApp> {
    compute_walk(engine, None, &BTreeMap::new()).apps
}

fn journey(engine: &AuditEngine, id: &AppId) -> AppWalk {
    compute_walk(engine, Some(id), &BTreeMap::new()).app_walk.unwrap()
}

fn seen(page: &ChapterPage) -> String {
    let text = |line: &EvidenceLine| match line {
        EvidenceLine::Heading(words) => (*words).to_owned(),
        EvidenceLine::Command(words) | EvidenceLine::Output(words) | EvidenceLine::Note(words) => {
            words.clone()
        }
    };
    page.evidence.iter().map(text).collect::<Vec<_>>().join("\n")
}

/// Makes the change of a chapter, as Enter does; false where there is none to make.
fn enter(root: &Path, engine: &mut AuditEngine, page: &ChapterPage) -> bool {
    if page.finding_keys.is_empty() {
        return false;
    }
    let Ok(plan) = Planner::new(engine).plan(&FixOrder::Findings(&page.finding_keys)) else { return false };
    for patch in &plan.patches {
        let path = patch.path.to_absolute(root);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), patch.before.text());
        std::fs::write(path, patch.after.text()).unwrap();
    }
    engine.refresh_paths(&plan.patches.iter().map(|patch| patch.path.clone()).collect());
    true
}

/// Enter, all the way through.
fn walked(root: &Path, engine: &mut AuditEngine, id: &AppId) -> Vec<ChapterPage> {
    let mut pages = Vec::new();
    for at in 0..Chapter::ALL.len() {
        let page = journey(engine, id).pages[at].clone();
        enter(root, engine, &page);
        pages.push(page);
    }
    pages
}

#[test]
fn a_chapter_without_a_change_names_no_user_but_the_one_in_effect() {
    let named = include_str!("../screens/walk/withheld/Dockerfile");
    let twice = include_str!("../screens/walk/withheld/deploy.yaml");
    for (dockerfile, chapter, answer) in [
        (named, Chapter::User, "What it prints now, the files do not tell."),
        (DOCKERFILE, Chapter::Host, "Now: prints `uid=0` and `gid=0`."),
    ] {
        let root = repository(&[("Dockerfile", dockerfile), ("deploy.yaml", twice)]);
        let engine = audit(root.path());
        let walk = journey(&engine, &apps(&engine)[0].id);
        let page = walk.pages.iter().find(|page| page.chapter == chapter).unwrap();
        assert_eq!(page.status, ChapterStatus::ToDo, "{chapter:?}");
        let plan = Planner::new(&engine).plan(&FixOrder::Findings(&page.finding_keys));
        assert!(plan.map_or(true, |plan| plan.patches.is_empty()), "{chapter:?} has no change");
        assert_eq!(page.check.answer, answer, "{}", page.check.command);
        assert!(!seen(page).contains(AFTER_HEADING), "{}", seen(page));
    }
}

#[test]
fn the_article_is_walked_to_its_end_and_to_restricted() {
    let root = article();
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let begin = journey(&engine, &id);
    let before = AppBefore::from_walk(&begin);
    assert_eq!(begin.level, Some(PodSecurity::Baseline));
    let pages = walked(root.path(), &mut engine, &id);
    let end = journey(&engine, &id);

    let dockerfile = std::fs::read_to_string(root.path().join("Dockerfile")).unwrap();
    let manifest = std::fs::read_to_string(root.path().join("deploy.yaml")).unwrap();
    let uid = run_as(&engine);
    assert!((40_000..=60_000).contains(&uid));
    assert!(dockerfile.contains(&format!("USER {uid}:{uid}\n")), "{dockerfile}");
    assert!(dockerfile.contains("CMD [\"python3\", \"app.py\"]\n"), "{dockerfile}");
    for line in DOCKERFILE.lines().filter(|line| !line.starts_with("CMD")) {
        assert!(dockerfile.contains(line), "{line} is gone");
    }
    for wanted in [
        "automountServiceAccountToken: false",
        "readOnlyRootFilesystem: true",
        "runAsNonRoot: true",
        &format!("runAsUser: {uid}"),
        &format!("runAsGroup: {uid}"),
        "allowPrivilegeEscalation: false",
        "- ALL",
        "type: RuntimeDefault",
        "mountPath: /tmp",
        "cpu: 500m",
        "memory: 128Mi",
        "cpu: 100m",
        "memory: 64Mi",
    ] {
        assert!(manifest.contains(wanted), "{wanted} is not there:\n{manifest}");
    }
    assert_eq!(end.level, Some(PodSecurity::Restricted));
    assert!(end.score > begin.score);
    assert_eq!(end.count_progress(), (7, 8));
    // Only the digests are left: they are in no file.
    assert_eq!(end.unfinished_chapters().map(|(chapter, _)| chapter).collect::<Vec<_>>(), [Chapter::Image]);
    assert!(pages.iter().take(8).all(|page| page.status == ChapterStatus::ToDo));

    let report = write_pull_request(&before, &end, &[], &BTreeMap::new(), &|_, patch| patch.to_owned());
    assert!(report.contains("| baseline | restricted |") && report.contains("+USER"), "{report}");
}

#[test]
fn what_the_article_shows_is_computed_on_the_way() {
    let root = article();
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let pages = walked(root.path(), &mut engine, &id);
    let shown = |chapter: Chapter| seen(&pages[chapter as usize]);
    assert!(shown(Chapter::User).contains("uid=0(root) gid=0(root)"));
    let uid = run_as(&engine);
    assert!(shown(Chapter::User).contains(&format!("uid={uid}(app) gid={uid}(app)")));
    assert!(shown(Chapter::User).contains("1 root     python3 app.py"));
    assert!(shown(Chapter::Host).contains("syslog     101   101 python3 app.py"));
    assert!(shown(Chapter::Filesystem).contains("ERROR: Unable to lock database: Read-only file system"));
    assert!(shown(Chapter::Token).contains("/var/run/secrets/kubernetes.io/serviceaccount/token"));
    assert!(shown(Chapter::Resources).contains("50000 100000\n134217728"));
    assert!(shown(Chapter::Image).contains("docker buildx imagetools inspect python:3-alpine"));
    assert!(shown(Chapter::Command).contains(r#"["/bin/sh","-c","python3 app.py"]"#));
    assert!(shown(Chapter::PodSecurity).contains("00000000a80425fb"));
}

#[test]
fn a_chosen_uid_ends_in_both_files() {
    let root = article();
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    engine.choose_values(|chosen| chosen.choose(user("Dockerfile", 45_678, 45_679)));
    walked(root.path(), &mut engine, &id);
    let read = |name: &str| std::fs::read_to_string(root.path().join(name)).unwrap();
    assert!(read("Dockerfile").contains("USER 45678:45679"));
    assert!(
        read("deploy.yaml").contains("runAsUser: 45678") && read("deploy.yaml").contains("runAsGroup: 45679")
    );
}

#[test]
fn chosen_bounds_and_paths_are_what_is_written() {
    let root = article();
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let (path, object) = id.workload.clone().unwrap();
    engine.choose_values(|chosen| {
        let memory_limit = Some("1Gi".to_owned());
        let none = seaworthy::settings::ResourceDefaults::none();
        let resources = seaworthy::settings::ResourceDefaults { memory_limit, ..none };
        chosen.resources.insert((path.clone(), object.to_string(), "api".to_owned()), resources);
        let paths = vec!["/tmp".to_owned(), "/var/cache/api".to_owned()];
        chosen.writable_paths.insert((path.clone(), object.to_string(), "api".to_owned()), paths);
    });
    walked(root.path(), &mut engine, &id);
    let manifest = std::fs::read_to_string(root.path().join("deploy.yaml")).unwrap();
    assert!(manifest.contains("memory: 1Gi") && manifest.contains("mountPath: /var/cache/api"), "{manifest}");
}

#[test]
fn a_workload_without_a_dockerfile_takes_a_chosen_uid() {
    let root = repository(&[("deploy.yaml", DEPLOYMENT)]);
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let page = |engine: &AuditEngine| journey(engine, &id).pages[Chapter::Host as usize].clone();
    assert!(
        Planner::new(&engine).plan(&FixOrder::Findings(&page(&engine).finding_keys)).is_err(),
        "nothing tells which number"
    );
    engine.choose_values(|chosen| chosen.choose(user(IMAGE, 45_678, 45_678)));
    let page = page(&engine);
    assert!(enter(root.path(), &mut engine, &page));
    let manifest = std::fs::read_to_string(root.path().join("deploy.yaml")).unwrap();
    assert!(manifest.contains("runAsUser: 45678"), "{manifest}");
}

#[test]
fn a_skip_is_told_while_its_chapter_is_open_and_no_longer() {
    let root = article();
    let mut engine = audit(root.path());
    let id = apps(&engine)[0].id.clone();
    let skips = BTreeMap::from([(Chapter::Token, "it calls the API".to_owned())]);
    let token =
        |engine: &AuditEngine| compute_walk(engine, Some(&id), &skips).app_walk.unwrap().pages[3].clone();
    let page = token(&engine);
    assert_eq!(page.skip_reason.as_deref(), Some("it calls the API"));
    let left: Vec<_> =
        compute_walk(&engine, Some(&id), &skips).app_walk.unwrap().unfinished_chapters().collect();
    assert!(left.contains(&(Chapter::Token, "skipped: it calls the API".to_owned())), "{left:?}");
    assert!(enter(root.path(), &mut engine, &page));
    assert_eq!(token(&engine).skip_reason, None);
}

#[test]
fn only_what_is_mounted_is_said_to_be_writable() {
    let read_only = DEPLOYMENT.replace(
        "        ports:\n",
        "        securityContext:\n          readOnlyRootFilesystem: true\n        ports:\n",
    );
    let root = repository(&[("deploy.yaml", &read_only)]);
    let engine = audit(root.path());
    let page = &journey(&engine, &apps(&engine)[0].id).pages[Chapter::Filesystem as usize];
    assert!(matches!(page.status, ChapterStatus::Done(_)));
    assert!(!seen(page).contains("/tmp"), "{}", seen(page));
}

#[test]
fn either_half_of_an_app_is_an_app() {
    let root = repository(&[("Dockerfile", DOCKERFILE)]);
    let engine = audit(root.path());
    let found = apps(&engine);
    assert_eq!(found.len(), 1);
    let pages = journey(&engine, &found[0].id).pages;
    let says = |chapter: Chapter| matches!(pages[chapter as usize].status, ChapterStatus::NotApplicable(_));
    assert!(says(Chapter::Host) && says(Chapter::PodSecurity) && !says(Chapter::User));
}

#[test]
fn the_worst_app_is_the_first_to_be_walked() {
    let mild = DEPLOYMENT.to_owned();
    let root = repository(&[
        ("a/deploy.yaml", &mild),
        (
            "b/agent.yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: agent\nspec:\n  template:\n    spec:\n      \
             hostPID: true\n      containers:\n        - name: agent\n          image: example.com/agent:1\n          \
             securityContext:\n            privileged: true\n",
        ),
        (
            "c/tests/agent.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata:\n  name: probe\nspec:\n  containers:\n    - name: probe\n      \
             image: example.com/probe:1\n      securityContext:\n        privileged: true\n",
        ),
    ]);
    let found = apps(&audit(root.path()));
    let names: Vec<&str> = found.iter().map(|app| &*app.id.workload.as_ref().unwrap().1).collect();
    assert_eq!(names[0], "Deployment/agent", "{names:?}");
    assert_eq!(found.len(), 3, "{names:?}");
}
