//! What kubectl refuses although it looks sound: an overlay that cannot be deployed must not count as built.

use super::{WEB, build_files};

/// The reason why a kustomization of `web.yaml` is not built, if there is one.
fn refusal(kustomization: &str, more: &[(&str, &str)]) -> Option<String> {
    let files = [&[("kustomization.yaml", kustomization), ("web.yaml", WEB)], more].concat();
    build_files(&files, "").err()
}

/// The reason, with these lines behind the resource.
fn refusal_of(lines: &str, more: &[(&str, &str)]) -> Option<String> {
    refusal(&format!("resources: [web.yaml]\n{lines}"), more)
}

#[test]
fn configurations_have_only_the_fields_that_kustomize_knows() {
    let refused = |config: &str| refusal_of("configurations: [c.yaml]\n", &[("c.yaml", config)]);
    for (config, word) in [
        ("varReference: [{path: spec/x, kind: T, apiVersion: v1}]\n", "no field `apiVersion`"),
        ("nameReference: [{kind: A, fields: []}]\n", "no field `fields`"),
        ("nameReference: [{kind: A, apiVersion: v1, fieldSpecs: []}]\n", "no field `apiVersion`"),
        ("apiVersion: v1\nkind: T\n", "no field `apiVersion`"),
        ("varReference: [{path: spec/x, create: 'true'}]\n", "neither true nor false"),
        ("nameReference: [{kind: A, fieldSpecs: [{path: spec/x, version: 1}]}]\n", "is no text"),
        ("namePrefix: {a: b}\n", "no list"),
        ("- a\n", "no mapping"),
        ("varReference: [{path: a, path: b}]\n", "twice"),
    ] {
        let reason = refused(config).expect(config);
        assert!(reason.contains(word), "{config}: {reason}");
    }
    for config in [
        "varreference: [{Path: spec/x, kind: T}]\n",
        "nameReference: [{kind: A, version: v1, group: g, fieldspecs: [{path: spec/x, kind: B}]}]\n",
        "varReference:\n",
        "varReference: [null]\n",
        "# nothing\n",
        "varReference: [{path: a}]\n---\nother: [{path: b}]\n",
    ] {
        assert_eq!(refused(config), None, "{config}");
    }
}

#[test]
fn a_folder_that_holds_the_overlay_is_a_circle() {
    let base = [("kustomization.yaml", "resources: [web.yaml]\n"), ("web.yaml", WEB)];
    let built = |own: &[(&str, &str)], folder: &str| build_files(&[&base[..], own].concat(), folder).err();
    let over = [("overlay/kustomization.yaml", "resources: [..]\nnamePrefix: o-\n")];
    assert!(built(&over, "overlay").unwrap().contains("holds it"));
    assert_eq!(built(&over, ""), None);
    let far = [
        ("a/kustomization.yaml", "resources: [web.yaml]\n"),
        ("a/web.yaml", WEB),
        ("mid/kustomization.yaml", "resources: [../a]\n"),
        ("a/overlay/kustomization.yaml", "resources: [../../mid]\n"),
        ("ab/kustomization.yaml", "resources: [../a]\n"),
    ];
    assert!(built(&far, "a/overlay").unwrap().contains("holds it"));
    assert_eq!((built(&far, "mid"), built(&far, "ab")), (None, None));
    let part = [
        (
            "c/kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: a-\n",
        ),
        ("c/o/kustomization.yaml", "components: [..]\nresources: [web.yaml]\n"),
        ("c/o/web.yaml", WEB),
    ];
    assert!(built(&part, "c/o").unwrap().contains("holds it"));
}

#[test]
fn an_object_keeps_a_name_a_kind_and_an_identity_of_its_own() {
    let patched = |operation: &str| {
        let lines = format!("patches:\n- target: {{kind: Deployment}}\n  patch: |-\n    - {{{operation}}}\n");
        let other = WEB.replace("name: web\n  labels", "name: other\n  labels");
        refusal(&format!("resources: [web.yaml, o.yaml]\n{lines}"), &[("o.yaml", &other)])
    };
    for operation in [
        "op: remove, path: /metadata/name",
        "op: replace, path: /metadata/name, value: ''",
        "op: replace, path: /metadata/name, value: {a: b}",
        "op: remove, path: /metadata",
        "op: remove, path: /kind",
    ] {
        assert!(patched(operation).unwrap().contains("takes the kind or the name"), "{operation}");
    }
    assert!(
        patched("op: replace, path: /metadata/name, value: same").unwrap().contains("two objects become")
    );
    assert_eq!(patched("op: replace, path: /spec/replicas, value: 2"), None);
}

#[test]
fn a_patch_says_something() {
    let file = |target: &str, text: &str| {
        refusal_of(&format!("patches: [{{path: p.yaml{target}}}]\n"), &[("p.yaml", text)])
    };
    let target = ", target: {kind: Deployment}";
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 2}\n";
    let behind_nothing = format!("---\n---\n{patch}");
    for text in ["# nothing\n", "---\n", "null\n", "\n", "[]\n", "{}\n", &behind_nothing] {
        assert!(file("", text).is_some(), "{text:?}");
        assert!(file(target, text).is_some(), "{text:?}");
    }
    assert!(file("", "").is_some());
    assert_eq!(file(target, ""), None);
    assert_eq!(file("", &format!("# a note\n---\n{patch}")), None);
    for text in ["", "# nothing\n", "{}\n", "---\n"] {
        assert!(refusal_of("patchesStrategicMerge: [p.yaml]\n", &[("p.yaml", text)]).is_some(), "{text:?}");
    }
    let both = [("p.yaml", ""), ("q.yaml", patch)];
    assert_eq!(refusal_of("patchesStrategicMerge: [p.yaml, q.yaml]\n", &both), None);
}

#[test]
fn lists_of_names_have_no_empty_entries() {
    for field in ["resources", "components", "configurations", "crds", "patchesStrategicMerge"] {
        for entry in ["null", "''"] {
            let lines = format!("namePrefix: a-\n{field}: [{entry}]\n");
            assert!(refusal(&lines, &[]).unwrap().contains("is empty"), "{lines}");
        }
    }
    for lines in ["transformers: [null]\n", "images: [null]\n", "labels: [null]\n"] {
        assert_eq!(refusal_of(lines, &[]), None, "{lines}");
    }
    for field in ["patches", "replacements", "replicas", "vars", "configMapGenerator"] {
        assert!(refusal_of(&format!("{field}: [null]\n"), &[]).is_some(), "{field}");
    }
    let newer = "apiVersion: kustomize.config.k8s.io/v1\nkind: Kustomization\nresources: [web.yaml]\n";
    assert!(refusal(newer, &[]).unwrap().contains("apiVersion"));
}

#[test]
fn selectors_of_labels_are_sound() {
    let refused = |selector: &str| {
        let lines = format!(
            "patches:\n- target: {{labelSelector: \"{selector}\"}}\n  patch: |-\n    - {{op: add, path: /spec/paused, value: true}}\n"
        );
        refusal_of(&lines, &[])
    };
    for selector in [
        "app in web",
        "a=b,",
        "a b",
        "a=b c",
        "a in (b",
        "a!b",
        "=b",
        "-a=b",
        "a=-b",
        "x/y/z=b",
        "a,,b",
        "A.b/c=d",
        "a=b=c",
        "a in (b) c",
        "ä=b",
    ] {
        assert!(refused(selector).is_some_and(|why| why.contains("no label selector")), "{selector}");
    }
    for selector in [
        "a",
        "!a",
        "a notin (b)",
        "a in ()",
        "a==b",
        "a=",
        " a = b ",
        "",
        " ",
        "a in (b,)",
        "a in(b)",
        "in=b",
        "a=in",
        "a=b,c in (d,e), !f",
        "a!=b",
        "x.y/z=b",
    ] {
        assert_eq!(refused(selector), None, "{selector}");
    }
}

#[test]
fn what_leads_to_a_field_has_fields() {
    let object =
        |kind: &str, spec: &str| format!("apiVersion: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n");
    let (other, pod) = ("a.example/v1\nkind: T", "v1\nkind: Pod");
    let images = "images: [{name: c, newTag: '2'}]\n";
    for (lines, kind, spec) in [
        (images, other, "{initContainers: text}"),
        (images, other, "{template: text}"),
        (images, other, "text"),
        (images, other, "{containers: [text]}"),
        (images, other, "{containers: [{image: [c]}]}"),
        ("commonLabels: {a: b}\n", "v1\nkind: Service", "{selector: text}"),
        ("commonLabels: {a: b}\n", "apps/v1\nkind: StatefulSet", "{volumeClaimTemplates: text}"),
        ("replicas: [{name: x, count: 2}]\n", "apps/v1\nkind: Deployment", "text"),
        ("namePrefix: p-\n", pod, "{volumes: [text]}"),
    ] {
        assert!(refusal_of_object(lines, &object(kind, spec)).is_some(), "{lines}{kind} {spec}");
    }
    for (lines, kind, spec) in [
        (images, other, "{containers: {image: c}, initContainers: null, template: null}"),
        ("namePrefix: p-\n", pod, "{volumes: [null, {configMap: null}]}"),
    ] {
        assert_eq!(refusal_of_object(lines, &object(kind, spec)), None, "{lines}{kind} {spec}");
    }
    let binding = "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: x}\nsubjects: [{kind: User}]\n";
    assert!(refusal_of_object("namePrefix: p-\n", binding).unwrap().contains("no `name`"));
}

fn refusal_of_object(lines: &str, object: &str) -> Option<String> {
    refusal(&format!("resources: [o.yaml]\n{lines}"), &[("o.yaml", object)])
}
