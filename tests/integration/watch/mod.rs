//! Watching: whatever happens to the files, what is known of them ends as a fresh scan would have it.

mod calm;
mod charts;
mod editors;
mod folders;
mod git;
mod half_saved;
mod limits;
mod links;
mod polling;

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use seaworthy::audit::{AuditEngine, AuditUpdate};
use seaworthy::repo::{FileChanges, RepositoryWatch, WatchMode, watch_repository};
use seaworthy::store::Store;
use tempfile::TempDir;

use crate::fresh::{difference, fresh, picture};
use crate::support::{audit, repository};

/// Far more than it takes, however busy the machine is; what is waited for is the change itself.
const LIMIT: Duration = Duration::from_secs(60);

const DEPLOY: &str = include_str!("../../fixtures/watch/deploy.yaml");
const OTHER: &str = include_str!("../../fixtures/watch/other.yaml");
const DOCKERFILE: &str = include_str!("../../fixtures/watch/Dockerfile");

/// A folder that is audited and watched.
struct Session {
    home: TempDir,
    engine: AuditEngine,
    store: Store,
    watch: RepositoryWatch,
    changes: Receiver<FileChanges>,
}

impl Session {
    /// Of an app with its Dockerfile.
    fn new() -> Self {
        Self::of(&[("api/deploy.yaml", DEPLOY), ("api/Dockerfile", DOCKERFILE)])
    }

    fn of(files: &[(&str, &str)]) -> Self {
        Self::watched(files, watch_repository)
    }

    /// The folder that is watched lies in one that is not.
    fn watched(
        files: &[(&str, &str)],
        watch: impl FnOnce(&Path, Box<dyn Fn(FileChanges) + Send>) -> RepositoryWatch,
    ) -> Self {
        let files: Vec<(String, &str)> =
            files.iter().map(|(path, text)| (format!("repo/{path}"), *text)).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
        let home = repository(&files);
        let root = home.path().canonicalize().unwrap().join("repo");
        std::fs::create_dir_all(&root).unwrap();
        let (send, changes) = channel();
        let watch = watch(&root, Box::new(move |changed| send.send(changed).unwrap_or_default()));
        let engine = audit(&root);
        let mut store = Store::default();
        store.apply_update(engine.full_update());
        Self { home, engine, store, watch, changes }
    }

    fn root(&self) -> &Path {
        self.engine.root()
    }

    fn at(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        std::fs::write(self.at(path), text).unwrap();
    }

    /// Waits for the next change and takes it in.
    fn next(&mut self) -> AuditUpdate {
        let changed = self.changes.recv_timeout(LIMIT).expect("a change is told");
        let update = self.engine.apply_watch_change(&changed);
        self.store.apply_update(update.clone());
        update
    }

    /// Takes changes in until a fresh scan would say the same; at least one.
    #[track_caller]
    fn settle(&mut self) {
        let end = Instant::now() + LIMIT;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let Ok(changed) = self.changes.recv_timeout(left) else {
                let root = self.root().to_path_buf();
                panic!("{}", difference(&picture(&self.store), &fresh(&root)));
            };
            let update = self.engine.apply_watch_change(&changed);
            self.store.apply_update(update);
            if self.is_fresh() {
                return;
            }
        }
    }

    fn is_fresh(&self) -> bool {
        picture(&self.store) == fresh(self.root())
    }

    /// Whether any file is known by that path.
    fn knows(&self, path: &str) -> bool {
        self.store.file(&path.into()).is_some()
    }

    /// Why the file of that path is skipped.
    fn skip_reason(&self, path: &str) -> Option<String> {
        self.store.file(&path.into())?.status.reason().map(str::to_owned)
    }

    fn has_events(&self) -> bool {
        self.watch.watch_mode() == WatchMode::Events
    }
}
