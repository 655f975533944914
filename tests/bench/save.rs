//! From a saved file to the store and to the screen, in a repository of ten thousand manifests with one file open.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

use seaworthy::app::{AppEvent, BackendMessage};
use seaworthy::audit::AuditEngine;
use seaworthy::repo::RelPath;
use seaworthy::store::Store;
use tempfile::TempDir;

use crate::clock::middle;
use crate::monorepo::{self, APP, GROUP, deploy};
use crate::world::{Program, audited, root};

/// What is saved: a path, and what the file says the `n`th time; nothing where it is removed.
type Save = (&'static str, fn(u32) -> Option<String>);

const COMMENT: Save = (DEPLOY, |n| Some(format!("{}# {n}\n", deploy(APP, "1.0.0", 43_000, "web"))));
const DEPLOY: &str = "group-50/app-5000/deploy.yaml";

/// Every kind of change of one file: what others say of it, and what it says of others.
const KINDS: [(&str, Save); 18] = [
    ("a comment", COMMENT),
    ("a tag", (DEPLOY, |n| Some(deploy(APP, &format!("1.0.{n}"), 43_000, "web")))),
    ("another image", (DEPLOY, |n| Some(deploy(APP + n as usize, "1.0.0", 43_000, "web")))),
    ("a uid", (DEPLOY, |n| Some(deploy(APP, "1.0.0", 43_001 + n, "web")))),
    ("a label", (DEPLOY, |n| Some(deploy(APP, "1.0.0", 43_000, if n % 2 == 0 { "other" } else { "web" })))),
    (
        "a namespace",
        (DEPLOY, |n| {
            let there = if n % 2 == 0 { "namespace: group-51" } else { "namespace: group-50" };
            Some(deploy(APP, "1.0.0", 43_000, "web").replace("namespace: group-50", there))
        }),
    ),
    (
        "half saved, and whole again",
        (DEPLOY, |n| {
            Some(
                deploy(APP, "1.0.0", 43_000, "web")
                    .replace("spec:", if n % 2 == 0 { "spec: {" } else { "spec:" }),
            )
        }),
    ),
    (
        "a new manifest, and gone",
        ("group-50/new.yaml", |n| (n % 2 == 0).then(|| deploy(APP, "1", 43_000, "web"))),
    ),
    (
        "a Dockerfile's comment",
        ("group-50/app-5000/Dockerfile", |n| Some(format!("{}# {n}\n", monorepo::DOCKERFILE))),
    ),
    (
        "a Dockerfile's USER",
        ("group-50/app-5000/Dockerfile", |n| {
            Some(monorepo::DOCKERFILE.replace("USER 43000", &format!("USER {}", 44_000 + n)))
        }),
    ),
    (
        "a new Dockerfile, and gone",
        ("group-50/app-5001/Dockerfile", |n| (n % 2 == 0).then(|| monorepo::DOCKERFILE.to_owned())),
    ),
    (
        "a .dockerignore, and gone",
        ("group-50/app-5000/.dockerignore", |n| (n % 2 == 0).then(|| "*\n".to_owned())),
    ),
    ("a ServiceAccount", ("group-50/account.yaml", |n| Some(monorepo::account(GROUP, n % 2 == 0)))),
    (
        "a new ServiceAccount, and gone",
        ("group-50/other.yaml", |n| {
            (n % 2 == 0).then(|| monorepo::account(GROUP, true).replace("name: robot", "name: other"))
        }),
    ),
    ("a RoleBinding", ("group-50/binding.yaml", |n| Some(monorepo::binding(GROUP, &format!("role-{n}"))))),
    (
        "a NetworkPolicy",
        ("group-50/policy.yaml", |n| {
            Some(monorepo::policy(GROUP, if n % 2 == 0 { "app: app-5001" } else { "tier: web" }))
        }),
    ),
    (
        "a kustomization's resource",
        ("group-50/kustomization.yaml", |n| {
            Some(monorepo::kustomization(GROUP, if n % 2 == 0 { 99 } else { 100 }))
        }),
    ),
    (
        "a kustomization's namespace",
        ("group-50/kustomization.yaml", |n| {
            let text = monorepo::kustomization(GROUP, 100);
            Some(if n % 2 == 0 { text.replace("namespace: group-50\n", "") } else { text })
        }),
    ),
];

/// How often each is saved; an even number, so that all is as it was.
const TIMES: u32 = 20;

struct Session {
    _folder: TempDir,
    engine: AuditEngine,
    store: Store,
    program: Program,
}

static SESSION: OnceLock<Mutex<Session>> = OnceLock::new();

/// One session for all measures: to make its files takes longer than to measure.
fn session() -> &'static Mutex<Session> {
    SESSION.get_or_init(|| {
        let folder = monorepo::lay_out();
        let root = root(&folder);
        let engine = audited(&root);
        let mut store = Store::default();
        store.apply_update(engine.full_update());
        let program = Program::new(audited(&root));
        Mutex::new(Session { _folder: folder, engine, store, program })
    })
}

/// The slowest kind of save, to the store; each is told.
pub(crate) fn to_store() -> Duration {
    slowest(|session, path| {
        let begin = Instant::now();
        let update = session.engine.refresh_paths(&BTreeSet::from([path]));
        session.store.apply_update(update);
        begin.elapsed()
    })
}

/// The same to the drawn screen. The fix in view comes from another thread, and is drawn when it is there.
pub(crate) fn to_screen() -> Duration {
    slowest(|session, path| {
        let begin = Instant::now();
        let update = session.engine.refresh_paths(&BTreeSet::from([path]));
        let effects = session.program.take(AppEvent::Message(BackendMessage::AuditUpdated(update)));
        session.program.draw();
        let took = begin.elapsed();
        session.program.answer(effects);
        took
    })
}

fn slowest(measure: impl Fn(&mut Session, RelPath) -> Duration) -> Duration {
    let mut session = session().lock().unwrap();
    let mut worst = Duration::ZERO;
    for (what, (path, text)) in KINDS {
        let at = session.engine.root().join(path);
        let first = std::fs::read_to_string(&at).ok();
        let mut times: Vec<Duration> = (0..TIMES)
            .map(|n| {
                put(&at, text(n).as_deref());
                measure(&mut session, path.into())
            })
            .collect();
        put(&at, first.as_deref());
        let _ = measure(&mut session, path.into());
        let took = middle(&mut times);
        println!("    {what:<34} {:>9.2} ms", took.as_secs_f64() * 1e3);
        worst = worst.max(took);
    }
    worst
}

fn put(at: &Path, text: Option<&str>) {
    match text {
        Some(text) => std::fs::write(at, text).unwrap(),
        None => drop(std::fs::remove_file(at)),
    }
}
