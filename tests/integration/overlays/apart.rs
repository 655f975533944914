//! What one file's objects become, built apart from all others, is what they become among them.

use std::path::Path;

use seaworthy::kustomize::{
    ApartRoot, BuildClosures, BuiltObject, DiskFolder, KustomizeBuilds, SourceLibrary, write_objects,
};

use super::WEB;
use crate::support::repository;

const OVERLAY: &str = "resources: [../base, own.yaml]
components: [../part]
namePrefix: prod-
nameSuffix: -z
namespace: shop
labels:
- {pairs: {team: a}, includeSelectors: true}
images:
- {name: shop/web, newTag: '7'}
replicas:
- {name: web, count: 3}
- {name: other, count: 2}
configMapGenerator:
- {name: conf, literals: [a=b]}
patches:
- path: p.yaml
- target: {kind: Deployment}
  patch: |-
    - {op: add, path: /spec/paused, value: true}
";
const PATCH: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: other}
spec: {template: {spec: {hostPID: true, containers: [{name: web, ports: [{containerPort: 80}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort}
";
const AROUND: &str = "apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: bound}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: runner, namespace: default}]
";
const ROLE: &str = "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader}
rules: []
";

fn files(overlay: &str) -> tempfile::TempDir {
    let other = WEB.replace("name: web\n  labels", "name: other\n  labels");
    let other = other.replace("      volumes:", "      serviceAccountName: runner\n      volumes:");
    repository(&[
        ("base/kustomization.yaml", "resources: [web.yaml, other.yaml, around.yaml]\nnamePrefix: b-\n"),
        ("base/web.yaml", WEB),
        ("base/other.yaml", &other),
        ("base/around.yaml", AROUND),
        ("part/kustomization.yaml", "kind: Component\nresources: [role.yaml]\ncommonAnnotations: {a: b}\n"),
        ("part/role.yaml", ROLE),
        ("prod/kustomization.yaml", overlay),
        ("prod/own.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n"),
        ("prod/p.yaml", PATCH),
    ])
}

fn apart(root: &Path) -> Option<ApartRoot> {
    let disk = DiskFolder::new(root);
    let closures = BuildClosures::of_folders(&disk, vec!["prod".to_owned()]);
    ApartRoot::of_folder(&disk, "prod", &closures.files_of("prod"))
}

/// The objects as text, with the places that each stretch comes from.
fn shown<'o>(objects: impl IntoIterator<Item = &'o BuiltObject>, library: &SourceLibrary<'_>) -> String {
    let made = write_objects(objects.into_iter(), library);
    let place = |piece: &seaworthy::kustomize::TextPiece| {
        let (part, text) = (piece.part, &made.text[piece.start..piece.end]);
        format!("{text:?} {}:{:?} {:?}\n", library.path_of(part.file), part.span(), part.by)
    };
    made.pieces.iter().map(place).collect()
}

/// What is built of a file apart; none where only a build of all tells.
fn build_apart(root: &Path, apart: &ApartRoot, path: &str) -> Option<String> {
    let disk = DiskFolder::new(root);
    let library = apart.library(&disk, path);
    let objects = apart.build_file(&library, path)?;
    Some(shown(&objects, &library))
}

/// What is built of a file among all.
fn build_among(root: &Path, path: &str) -> String {
    let disk = DiskFolder::new(root);
    let library = SourceLibrary::new(&disk);
    let objects = KustomizeBuilds::new(&library).build("prod").unwrap();
    let own =
        objects.iter().filter(|object| object.first_file().is_some_and(|at| library.path_of(at) == path));
    shown(own, &library)
}

#[test]
fn a_file_apart_is_built_as_among_all() {
    let root = files(OVERLAY);
    let apart = apart(root.path()).unwrap();
    let paths = ["base/web.yaml", "base/other.yaml", "base/around.yaml", "part/role.yaml", "prod/own.yaml"];
    for path in paths {
        let built = build_apart(root.path(), &apart, path).unwrap();
        assert!(!built.is_empty());
        assert_eq!(built, build_among(root.path(), path), "{path}");
    }
    // Also with another text.
    let text = WEB.replace("    spec:\n", "    spec:\n      serviceAccountName: runner\n");
    std::fs::write(root.path().join("base/web.yaml"), text).unwrap();
    let built = build_apart(root.path(), &apart, "base/web.yaml").unwrap();
    assert!(built.contains("runner"), "{built}");
    assert_eq!(built, build_among(root.path(), "base/web.yaml"));
}

#[test]
fn only_a_build_of_all_tells_what_another_name_does() {
    let root = files(OVERLAY);
    let apart = apart(root.path()).unwrap();
    for (path, from, to) in [
        ("base/around.yaml", "metadata: {name: runner}", "metadata: {name: walker}"),
        ("base/around.yaml", "kind: ServiceAccount\nmetadata", "kind: ConfigMap\nmetadata"),
        (
            "part/role.yaml",
            "rules: []",
            "rules: []\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: more}\n",
        ),
    ] {
        let at = root.path().join(path);
        let text = std::fs::read_to_string(&at).unwrap();
        std::fs::write(&at, text.replace(from, to)).unwrap();
        assert!(build_apart(root.path(), &apart, path).is_none(), "{path}: {to}");
        std::fs::write(&at, text).unwrap();
        assert!(build_apart(root.path(), &apart, path).is_some());
    }
    // Kustomizations and patches reach all.
    for path in ["prod/kustomization.yaml", "prod/p.yaml"] {
        assert!(build_apart(root.path(), &apart, path).is_none(), "{path}");
    }
}

#[test]
fn a_patch_for_one_files_objects_is_built_with_these_alone() {
    let root = files(&format!("{OVERLAY}- path: one.yaml\npatchesStrategicMerge: [two.yaml]\n"));
    let one = |more: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: other}}\n\
             spec: {{template: {{spec: {{{more}dnsPolicy: Default}}}}}}\n"
        )
    };
    let two = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: runner}\n";
    let write = |path: &str, text: &str| std::fs::write(root.path().join(path), text).unwrap();
    write("prod/one.yaml", &one(""));
    write("prod/two.yaml", two);
    let apart = apart(root.path()).unwrap();
    for (path, holder) in [("prod/one.yaml", "base/other.yaml"), ("prod/two.yaml", "base/around.yaml")] {
        assert_eq!(
            build_apart(root.path(), &apart, path).unwrap(),
            build_among(root.path(), holder),
            "{path}"
        );
    }
    // Other files are built as before: their own patches, and those of no single file, are still theirs.
    for path in ["base/web.yaml", "base/other.yaml", "base/around.yaml"] {
        assert_eq!(build_apart(root.path(), &apart, path).unwrap(), build_among(root.path(), path), "{path}");
    }
    write("prod/one.yaml", &one("hostIPC: true, "));
    write("prod/two.yaml", &format!("{two}automountServiceAccountToken: false\n"));
    for (path, holder, new) in
        [("prod/one.yaml", "base/other.yaml", "hostIPC"), ("prod/two.yaml", "base/around.yaml", "automount")]
    {
        let built = build_apart(root.path(), &apart, path).unwrap();
        assert!(built.contains(new), "{built}");
        assert_eq!(built, build_among(root.path(), holder), "{path}");
    }
    // For another object now, or for two.
    write("prod/one.yaml", &one("").replace("name: other", "name: web"));
    write("prod/two.yaml", &format!("{two}---\n{}", one("")));
    for path in ["prod/one.yaml", "prod/two.yaml"] {
        assert!(build_apart(root.path(), &apart, path).is_none(), "{path}");
    }
}

#[test]
fn where_contents_are_shared_all_is_built() {
    let source = "{kind: Service, name: web, fieldPath: spec.type}";
    let target = "{select: {kind: Role}, fieldPaths: [metadata.annotations.a], options: {create: true}}";
    let replaced = format!("{OVERLAY}replacements:\n- source: {source}\n  targets: [{target}]\n");
    let merged = OVERLAY.replace("{name: conf,", "{name: own, behavior: merge,");
    for overlay in [replaced, merged] {
        let root = files(&overlay);
        let disk = DiskFolder::new(root.path());
        let library = SourceLibrary::new(&disk);
        KustomizeBuilds::new(&library).build("prod").unwrap();
        assert!(apart(root.path()).is_none(), "{overlay}");
    }
    // A file that is a patch as well is more than an object.
    let root = files(&format!("{OVERLAY}- path: own.yaml\n"));
    let apart = apart(root.path()).unwrap();
    assert!(build_apart(root.path(), &apart, "prod/own.yaml").is_none());
    assert!(build_apart(root.path(), &apart, "base/web.yaml").is_some());
}
