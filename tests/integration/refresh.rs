//! Looking again at what changed gives what a fresh scan would.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::select;
use seaworthy::app::{
    AppEvent, AppState, BackendMessage, FileTreeNode, FindingGrouping, FindingsIndex, FindingsList,
    UserConfig,
};
use seaworthy::audit::{AuditEngine, AuditUpdate};
use seaworthy::repo::{FileChanges, RelPath};
use seaworthy::store::Store;
use seaworthy::{app, causes, rules};

use crate::fresh::{difference, fresh, picture};
use crate::support::{audit, repository};

const PATHS: &[&str] = &[
    "api/Dockerfile",
    "api/Dockerfile.web",
    "api/deploy.yaml",
    "api/src/Dockerfile",
    "web/Dockerfile",
    "web/deploy.yaml",
    "web.Dockerfile",
    "deploy.yaml",
    "web/base/kustomization.yaml",
    "web/base/patch.yaml",
    "kustomization.yaml",
    "rbac.yaml",
    "notes.txt",
    ".gitignore",
    "web/.ignore",
    "api/.dockerignore",
    ".dockerignore",
    "skaffold.yaml",
    "web/compose.yaml",
    "web/.env",
    "Makefile",
    "hack/common.mk",
    "web/build.sh",
];

const TEXTS: &[&str] = &[
    "apiVersion: skaffold/v4beta11\nkind: Config\nbuild:\n  artifacts:\n  - {image: a/api, context: web}\n  - {image: web, context: api, docker: {target: web}}\n",
    "services:\n  web: {image: '${NAME:-a/web}', build: {context: ../api, dockerfile: Dockerfile.web}}\n  api: {build: .}\n",
    "NAME=a/api\nDIR=web\n",
    "DIR ?= api\ninclude hack/common.mk\nimage:\n\tdocker build -t a/api:$(TAG) -f $(DIR)/Dockerfile .\n",
    "#!/bin/sh\ncd \"$(dirname \"$0\")/..\"\ndocker build -t a/web -f web.Dockerfile .\n",
    "FROM alpine:3.20\nCMD /app\n",
    "FROM alpine:3.20\nRUN adduser -u 43122 -D app\nUSER app\nVOLUME /data\nCOPY . .\n",
    "FROM alpine:3.20 AS web\nUSER 41000:41000\nEXPOSE 8080\n",
    "FROM node:20\nUSER 42000\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: api}\nspec:\n  containers:\n  - {name: api, image: 'a/api:1'}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  serviceAccountName: robot\n  containers:\n  - name: web\n    image: a/web:1\n    securityContext: {runAsNonRoot: true, readOnlyRootFilesystem: true}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  securityContext: {runAsUser: 45000, runAsNonRoot: true}\n  containers:\n  - {name: web, image: 'a/web:2'}\n  - {name: api, image: 'a/api:2'}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - {name: web}\n",
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\nautomountServiceAccountToken: false\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nroleRef: {kind: Role, name: r}\nsubjects: [{kind: ServiceAccount, name: robot}]\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: patch.yaml}, {path: ../deploy.yaml}]\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: shop\nresources: [../deploy.yaml, ../../rbac.yaml]\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: shop\nresources: [web/base, api/deploy.yaml, deploy.yaml]\n",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: all}\nspec: {podSelector: {}}\n",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: one}\nspec: {podSelector: {matchLabels: {app: web}}}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: default}\nautomountServiceAccountToken: false\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec:\n  containers:\n  - {name: web, image: 'a/web:1'}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: shop, namespace: shop}\nspec:\n  serviceAccountName: robot\n  containers:\n  - {name: shop, image: 'a/api:1', securityContext: {runAsUser: 46000}}\n",
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot, namespace: shop}\nautomountServiceAccountToken: false\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {name: c}\nroleRef: {kind: ClusterRole, name: view}\nsubjects: [{kind: ServiceAccount, name: robot, namespace: shop}, {kind: ServiceAccount, name: robot, namespace: default}]\n",
    "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: robot}\nautomountServiceAccountToken: true\n",
    "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: shop, namespace: shop}\nspec: {podSelector: {matchLabels: {app: web}}}\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [web/base, rbac.yaml, web/deploy.yaml]\n",
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nnamespace: other\nresources: [../deploy.yaml, ../..]\n",
    "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {type: NodePort, selector: {app: web}}\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\nrules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n",
    "apiVersion: v1\nkind: Service\nmetadata: {name: shop, namespace: shop}\nspec: {selector: {app: shop}}\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    metadata: {labels: {app: shop}}\n    spec: {serviceAccountName: robot, containers: [{name: shop, image: 'a/api:1'}]}\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: shop}\nspec: {scaleTargetRef: {kind: Deployment, name: shop}}\n",
    "apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web, tier: front}}\nspec:\n  containers:\n  - {name: web, image: 'a/web:2'}\n---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: front}\nspec: {selector: {matchExpressions: [{key: tier, operator: In, values: [front, back]}]}}\n",
    "just: some yaml\n",
];

const IGNORES: &[&str] = &["web/\n", "*.yaml\n!deploy.yaml\n", "/api/src\nDockerfile.*\n", ""];

/// What is typed meanwhile, most of it into the filter: words of the findings, letters in order, and what is nowhere.
const KEYS: &[&str] =
    &["/", "/", "w", "e", "b", "m", "i", "x", "Q", " ", "Backspace", "Backspace", "Ctrl-u", "Esc", "s"];

#[derive(Clone, Debug)]
enum Edit {
    Write(&'static str, &'static str),
    /// What does not parse, and is fixed by the next edit.
    Break(&'static str),
    Remove(&'static str),
    Move(&'static str, &'static str),
    Link(&'static str, &'static str),
}

fn edit() -> impl Strategy<Value = Edit> {
    let path = || select(PATHS);
    let folder = || select(&["api", "web", "web/base", "old", "api/src"][..]);
    prop_oneof![
        8 => (path(), any::<usize>()).prop_map(|(path, n)| Edit::Write(path, text(path, n))),
        1 => path().prop_map(Edit::Break),
        2 => path().prop_map(Edit::Remove),
        2 => (folder(), folder()).prop_map(|(from, to)| Edit::Move(from, to)),
        1 => (path(), path()).prop_map(|(path, to)| Edit::Link(path, to)),
    ]
}

/// Some text that a file of the name may have.
fn text(path: &str, n: usize) -> &'static str {
    let (builds, manifests) = TEXTS.split_at(4);
    let texts = match path {
        path if path.ends_with("ignore") => IGNORES,
        path if path.contains("Dockerfile") => builds,
        _ => manifests,
    };
    texts[n % texts.len()]
}

impl Edit {
    /// Does it on disk as far as it can be done, and names the paths as a watch would.
    fn make(&self, root: &Path) -> BTreeSet<RelPath> {
        let place = |path: &str| {
            let _ = fs::create_dir_all(root.join(path).parent().unwrap());
            let _ = fs::remove_file(root.join(path));
        };
        let paths = match *self {
            Self::Write(path, text) => {
                place(path);
                let _ = fs::write(root.join(path), text);
                vec![path]
            }
            Self::Break(path) => {
                place(path);
                let _ = fs::write(root.join(path), "apiVersion: v1\nkind: Pod\nspec: {\n");
                vec![path]
            }
            Self::Remove(path) => {
                let _ = fs::remove_file(root.join(path));
                vec![path]
            }
            Self::Move(from, to) => {
                let _ = fs::rename(root.join(from), root.join(to));
                vec![from, to]
            }
            Self::Link(path, to) => {
                place(path);
                let _ = std::os::unix::fs::symlink(root.join(to), root.join(path));
                vec![path]
            }
        };
        // A folder that was made on the way is told too.
        let folders = paths.iter().filter_map(|path| Some(path.rsplit_once('/')?.0));
        folders.chain(paths.iter().copied()).map(RelPath::from).collect()
    }
}

fn changed(paths: BTreeSet<RelPath>) -> FileChanges {
    let hides = |path: &RelPath| path.file_name() == ".gitignore" || path.file_name() == ".ignore";
    if paths.iter().any(hides) { FileChanges::Everything } else { FileChanges::Paths(paths) }
}

/// What is known, and what is made of it for the screen.
struct Kept {
    engine: AuditEngine,
    store: Store,
    state: AppState,
}

impl Kept {
    fn new(root: &Path, grouping: FindingGrouping) -> Self {
        let engine = audit(root);
        let mut state = AppState::new("kept", UserConfig::default(), rules::find_rule);
        state.grouping = grouping;
        let mut kept = Self { engine, store: Store::default(), state };
        kept.take_in(kept.engine.full_update());
        // The lists stand in the order of weight from then on.
        let ranking = causes::rank_causes(&kept.engine, false).into();
        for message in [BackendMessage::ScanFinished, BackendMessage::CausesRanked(ranking)] {
            let _ = app::update_state(&mut kept.state, AppEvent::Message(message));
        }
        kept.press("Esc");
        kept
    }

    fn follow(&mut self, change: &FileChanges) {
        let update = self.engine.apply_watch_change(change);
        self.take_in(update);
    }

    fn take_in(&mut self, update: AuditUpdate) {
        self.store.apply_update(update.clone());
        let _ = app::update_state(&mut self.state, AppEvent::Message(BackendMessage::AuditUpdated(update)));
    }

    fn press(&mut self, key: &str) {
        let _ = app::update_state(&mut self.state, AppEvent::Key(key.parse().unwrap()));
    }

    /// The lists are those that would be made from nothing.
    fn lists_are_right(&self) {
        let AppState {
            index, findings_list: outline, filter, grouping, toggled: flipped, tree, ranks, ..
        } = &self.state;
        let facts = self.state.query_facts();
        assert!(*index == FindingsIndex::new(&self.store), "the index");
        assert!(
            *outline == FindingsList::new(index, filter, *grouping, flipped, facts, ranks),
            "the outline"
        );
        let matching =
            index.entries.iter().filter(|entry| filter.matches_entry(entry, index, &facts)).count();
        assert_eq!(outline.len(), matching, "what {:?} finds", filter.text());
        for row in tree {
            let holds = |path: &RelPath| match &row.node {
                FileTreeNode::File(file) => path == file,
                FileTreeNode::Folder(folder) => path.as_str().starts_with(&format!("{folder}/")),
            };
            let all = index.entries.iter().filter(|entry| holds(&entry.key.path)).count();
            assert_eq!(row.counts.total(), all, "{:?}", row.node);
        }
        let update = self.engine.full_update();
        for (path, list) in &update.findings {
            // What the engine has, the store and the screen hold: the same in memory, not another like it.
            let stored = self.store.findings_in(path);
            assert!(list.len() == stored.len() && list.iter().zip(stored).all(|(a, b)| Arc::ptr_eq(a, b)));
            let shown = index.entries_in(path);
            assert!(shown.iter().all(|entry| stored.iter().any(|other| Arc::ptr_eq(entry, other))));
        }
        let mut other = AppState::new("other", UserConfig::default(), rules::find_rule);
        other.ranks = ranks.clone();
        let _ = app::update_state(&mut other, AppEvent::Message(BackendMessage::AuditUpdated(update)));
        assert!(*tree == other.tree, "the tree");
        let files = tree.iter().filter(|row| matches!(row.node, FileTreeNode::File(_))).count();
        assert_eq!(files, self.store.files().count());
    }
}

/// As many as `PROPTEST_CASES` says, or what takes a few seconds.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(48)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_edits_lead_to_what_a_fresh_scan_says(
        edits in prop::collection::vec(edit(), 1..25),
        grouping in select(&[FindingGrouping::App, FindingGrouping::File, FindingGrouping::Rule][..]),
        keys in prop::collection::vec(select(KEYS), 0..25),
    ) {
        let home = repository(&[("api/deploy.yaml", TEXTS[4]), ("api/Dockerfile", TEXTS[0]), ("web/x", "")]);
        let root = home.path().canonicalize().unwrap();
        let mut kept = Kept::new(&root, grouping);
        let mut broken = BTreeSet::new();
        let mut keys = keys.into_iter();
        for edit in &edits {
            for path in std::mem::take(&mut broken) {
                let fixed = Edit::Write(path, text(path, 0)).make(&root);
                kept.follow(&changed(fixed));
            }
            if let Edit::Break(path) = edit {
                broken.insert(*path);
            }
            kept.follow(&changed(edit.make(&root)));
            kept.lists_are_right();
            if let Some(key) = keys.next() {
                kept.press(key);
                kept.lists_are_right();
            }
            if !kept.store.files().any(|file| file.is_stale) {
                let (known, fresh) = (picture(&kept.store), fresh(&root));
                prop_assert!(known == fresh, "after {edit:?}:\n{}", difference(&known, &fresh));
            }
        }
    }
}

/// Found by the test above.
#[test]
fn what_was_a_patch_before_a_kustomization_went_is_none_after() {
    let home = repository(&[("api/deploy.yaml", TEXTS[4]), ("api/Dockerfile", TEXTS[0]), ("web/x", "")]);
    let root = home.path().canonicalize().unwrap();
    let mut kept = Kept::new(&root, FindingGrouping::Rule);
    let edits = [
        Edit::Write("kustomization.yaml", TEXTS[4]),
        Edit::Write("web/base/patch.yaml", TEXTS[20]),
        Edit::Write("web/compose.yaml", TEXTS[17]),
    ];
    for edit in edits {
        kept.follow(&changed(edit.make(&root)));
        let (known, fresh) = (picture(&kept.store), fresh(&root));
        assert!(known == fresh, "after {edit:?}:\n{}", difference(&known, &fresh));
    }
}
