//! What is judged in part, or inside, or not at all: gaps that a report must name, and texts that are no gap.

use std::fs;

use serde_json::Value;

use crate::cli::{on, report};
use crate::support::repository;

fn status(report: &Value, path: &str) -> (String, String) {
    let files = report["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path}: {files:#?}"));
    let text = |key: &str| file[key].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

/// The rules of the findings about a container.
fn asked<'r>(report: &'r Value, object: &str, container: &str) -> Vec<&'r str> {
    let findings = report["findings"].as_array().unwrap().iter();
    let about = findings.filter(|finding| finding["object"] == object && finding["container"] == container);
    about.map(|finding| finding["rule"].as_str().unwrap()).collect()
}

fn object(api: &str, kind: &str, spec: &str) -> String {
    format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x, namespace: z}}\nspec:\n{spec}")
}

fn pod(fields: &str) -> String {
    object("v1", "Pod", &format!("  containers:\n  - name: a\n    image: b:1.0.0\n{fields}"))
}

#[test]
fn a_file_that_is_not_judged_whole_says_so() {
    let deployment = |spec: &str| object("apps/v1", "Deployment", spec);
    let sops = "sops: {mac: \"ENC[x]\", version: 3.8.0}\n";
    let files = [
        (
            "listless.yaml",
            deployment("  template: {spec: {containers: []}}\n"),
            "partial",
            "lists no containers",
        ),
        ("bare.yaml", deployment("  template: {spec: {}}\n"), "partial", "lists no containers"),
        ("foreign.yaml", format!("{}---\nfoo: bar\n", pod("")), "partial", "one of its documents"),
        (
            "half.yaml",
            format!("{}---\nkind: Deployment\nspec: {{apiVersion: x}}\n", pod("")),
            "partial",
            "one of its",
        ),
        ("whole.yaml", format!("# a\n---\n{}---\n# b\n---\nnull\n...\n", pod("")), "audited", ""),
        (
            "encrypted.yaml",
            format!("apiVersion: ENC[a]\nkind: ENC[b]\n{sops}"),
            "partial",
            "sops has encrypted",
        ),
        (
            "signed.yaml",
            format!("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{}", pod("")),
            "skipped",
            "signed with PGP",
        ),
        (
            "argo.yaml",
            object(
                "argoproj.io/v1alpha1",
                "Workflow",
                "  podSpecPatch: '{\"hostPID\": true}'\n  templates: []\n",
            ),
            "partial",
            "`podSpecPatch` of Workflow/x is a text",
        ),
        ("broken/kustomization.yaml", "resources: [\n".to_owned(), "skipped", "no kustomization"),
    ];
    let laid: Vec<(&str, &str)> = files.iter().map(|(path, text, ..)| (*path, text.as_str())).collect();
    let report = report(repository(&laid).path());
    for (path, _, expected, reason) in &files {
        let (found, why) = status(&report, path);
        assert!(found == *expected && why.contains(reason), "{path}: {found}: {why}");
        let rules: Vec<&Value> =
            report["findings"].as_array().unwrap().iter().filter(|f| f["path"] == *path).collect();
        assert!(rules.iter().all(|finding| finding["rule"] != "invalid-syntax"), "{path}: {rules:?}");
    }
}

/// A workload becomes whole or a gap with what else the repository says of it, without being saved itself.
#[test]
fn a_workload_without_a_template_is_a_gap_until_it_is_named_as_a_patch() {
    let folder = repository(&[
        ("replicas.yaml", &object("apps/v1", "Deployment", "  replicas: 2\n")),
        ("kustomization.yaml", "resources: [replicas.yaml]\n"),
    ]);
    let root = folder.path().canonicalize().unwrap();
    let mut engine = crate::support::audit(&root);
    let mut store = crate::support::store(&engine);
    let told = |store: &seaworthy::store::Store| {
        store.files().find(|file| file.path.as_str() == "replicas.yaml").unwrap().status.name()
    };
    assert_eq!(told(&store), "partial");
    for (text, expected) in
        [("patches: [{path: replicas.yaml}]\n", "audited"), ("resources: [replicas.yaml]\n", "partial")]
    {
        fs::write(root.join("kustomization.yaml"), text).unwrap();
        let update = engine.refresh_paths(&["kustomization.yaml".into()].into());
        store.apply_update(update);
        assert_eq!(told(&store), expected, "{text}");
    }
}

#[test]
fn expressions_that_a_program_reads_at_work_make_no_template() {
    let data = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: z}\ndata:\n  a: \"${{ b }}\"\n  c: \"<%= d %>\"\n";
    let template = "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: t}\nobjects:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: {name: d}\n  spec:\n    replicas: ${{REPLICAS}}\n    template: {spec: {containers: [{name: a, image: \"${IMAGE}\", securityContext: {privileged: true}}]}}\n";
    let folder = repository(&[
        ("data.yaml", data),
        ("args.yaml", &pod("    args: [\"<%d>\", \"%{host}\"]\n")),
        ("template.yaml", template),
        ("Dockerfile", "FROM alpine:3.20.1\nENV F=\"{{.Names}}\"\nUSER 20000:20000\nCMD [\"a\"]\n"),
        ("Dockerfile.env", "FROM alpine:3.20.1\nENV V={{ version }}\nCMD [\"a\"]\n"),
        ("Dockerfile.values", "FROM ${{ values.image }}\nRUN a\n"),
        ("Dockerfile.j2", "{% set v = 1 %}\nFROM alpine:{{ v }}\n"),
    ]);
    let report = report(folder.path());
    for path in ["data.yaml", "args.yaml", "template.yaml", "Dockerfile"] {
        assert_eq!(status(&report, path).0, "audited", "{path}");
    }
    let inside = asked(&report, "Deployment/d", "a");
    assert!(inside.contains(&"privileged-container") && !inside.contains(&"untagged-image"), "{inside:?}");
    for (path, engine) in
        [("Dockerfile.env", "Jinja"), ("Dockerfile.values", "`${{ }}`"), ("Dockerfile.j2", "Jinja")]
    {
        let told = status(&report, path);
        assert_eq!(told, ("skipped".to_owned(), format!("{engine} template: render it first")), "{path}");
    }
}

/// The operator's own containers are merged over by their names; any other is whole.
#[test]
fn a_container_is_part_of_another_where_its_operator_knows_its_name() {
    let spec = "  securityContext: {runAsNonRoot: true}\n  containers:\n  - name: prometheus\n    args: [a]\n  - name: own\n    image: b:1.0.0\n";
    let folder = repository(&[("a.yaml", &object("monitoring.coreos.com/v1", "Prometheus", spec))]);
    let report = report(folder.path());
    assert_eq!(asked(&report, "Prometheus/x", "prometheus"), Vec::<&str>::new());
    let own = asked(&report, "Prometheus/x", "own");
    assert!(own.contains(&"capabilities-not-dropped") && !own.contains(&"may-run-as-root"), "{own:?}");
}

/// What a kind lays under its containers is in effect for each of them.
#[test]
fn the_defaults_of_steps_and_templates_are_in_effect() {
    let context = "{allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}";
    let task = format!(
        "  stepTemplate:\n    securityContext: {context}\n  steps:\n  - {{name: a, image: 'b:1.0.0', securityContext: {{runAsUser: 0}}}}\n  - {{name: r, ref: {{name: q}}}}\n  sidecars:\n  - {{name: s, image: 'b:1.0.0'}}\n"
    );
    let flow = format!(
        "  templateDefaults:\n    securityContext: {{runAsNonRoot: true}}\n    container: {{securityContext: {context}}}\n  templates:\n  - name: m\n    container: {{name: main, image: 'b:1.0.0'}}\n"
    );
    let folder = repository(&[
        ("task.yaml", &object("tekton.dev/v1", "Task", &task)),
        ("flow.yaml", &object("argoproj.io/v1alpha1", "Workflow", &flow)),
    ]);
    let report = report(folder.path());
    let step = asked(&report, "Task/x", "a");
    assert!(step.contains(&"root-user") && step.contains(&"missing-seccomp"), "{step:?}");
    assert!(
        !step.contains(&"privilege-escalation") && !step.contains(&"capabilities-not-dropped"),
        "{step:?}"
    );
    assert_eq!(asked(&report, "Task/x", "r"), Vec::<&str>::new());
    assert!(asked(&report, "Task/x", "s").contains(&"capabilities-not-dropped"));
    let main = asked(&report, "Workflow/x", "main");
    assert!(main.contains(&"missing-seccomp"), "{main:?}");
    for rule in ["may-run-as-root", "privilege-escalation", "capabilities-not-dropped"] {
        assert!(!main.contains(&rule), "{rule}: {main:?}");
    }
}

/// Values are judged on what they say, manifests within other kinds inside, and no namespace is asked of what has none.
#[test]
fn values_and_embedded_manifests_are_judged_by_what_they_are() {
    let containers = "{containers: [{name: a, image: 'b:1.0.0', securityContext: {privileged: true}}]}";
    let release = format!("  values: {{podTemplate: {{spec: {containers}}}}}\n");
    let inner = format!("{{apiVersion: v1, kind: Pod, metadata: {{name: inner}}, spec: {containers}}}");
    let wrapper = format!("  components:\n  - template: {inner}\n");
    let runtime = "apiVersion: serving.kserve.io/v1alpha1\nkind: ClusterServingRuntime\nmetadata: {name: r}\nspec:\n  containers: [{name: k, image: 'b:1.0.0'}]\n";
    let folder = repository(&[
        ("release.yaml", &object("helm.toolkit.fluxcd.io/v2", "HelmRelease", &release)),
        ("wrapper.yaml", &object("workload.codeflare.dev/v1beta2", "AppWrapper", &wrapper)),
        ("runtime.yaml", runtime),
    ]);
    let report = report(folder.path());
    assert_eq!(asked(&report, "HelmRelease/x", "a"), ["unpinned-image", "privileged-container"]);
    assert!(asked(&report, "Pod/inner", "a").contains(&"missing-memory-limit"));
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().all(|finding| finding["rule"] != "default-namespace"), "{findings:?}");
    let before = fs::read_to_string(folder.path().join("release.yaml")).unwrap();
    on(folder.path(), &["fix", "--review"]);
    assert_eq!(fs::read_to_string(folder.path().join("release.yaml")).unwrap(), before);
}

/// What a kustomization makes of a good image counts as well as what it makes of a bad one, and its fix is there: the
/// version that its registry names.
#[test]
fn an_overridden_image_is_mended_where_it_is_overridden() {
    let digest = format!("sha256:{}", "0123456789abcdef".repeat(4));
    let base = pod("").replace("b:1.0.0", &format!("b:1.0.0@{digest}"));
    let folder = repository(&[
        ("kustomization.yaml", "resources: [pod.yaml]\nimages: [{name: b, newTag: latest}]\n"),
        ("pod.yaml", &base),
    ]);
    let report = report(folder.path());
    let findings = report["findings"].as_array().unwrap();
    let tag = findings.iter().find(|finding| finding["rule"] == "latest-tag").unwrap();
    assert_eq!(
        (&tag["path"], &tag["fix"]["safety"]),
        (&"kustomization.yaml".into(), &"value".into()),
        "{tag}"
    );
}

/// No name of an object and no image may hold an action: there it is a template, quoted or not. Other kinds than
/// Kubernetes' own have operators that fill them in.
#[test]
fn an_action_in_a_name_or_an_image_makes_a_template_of_an_object_of_kubernetes() {
    let named = |name: &str| pod("").replace("{name: x,", &format!("{{name: {name},"));
    let flow =
        "  templates: [{name: m, container: {image: 'b:1.0.0', args: [\"{{inputs.parameters.p}}\"]}}]\n";
    let folder = repository(&[
        ("jinja.yaml", &named("\"{{ app | lower }}\"")),
        ("mustache.yaml", &pod("").replace("b:1.0.0", "\"b:{{#t}}{{t}}{{/t}}\"")),
        ("go.yaml", &pod("").replace("b:1.0.0", "b:{{.Tag}}")),
        ("helm.yaml", &named("\"{{ .Release.Name }}-app\"")),
        (
            "flow.yaml",
            &object("argoproj.io/v1alpha1", "Workflow", flow).replace("name: x", "name: \"{{ x }}\""),
        ),
        ("text.yaml", &pod("    args: [\"--format={{.Name}}\"]\n    env: [{name: T, value: \"{{ a }}\"}]\n")),
    ]);
    let report = report(folder.path());
    for (path, engine) in
        [("jinja.yaml", "Jinja"), ("mustache.yaml", "Mustache"), ("go.yaml", "Go"), ("helm.yaml", "Helm")]
    {
        let told = status(&report, path);
        assert_eq!(told, ("skipped".to_owned(), format!("{engine} template: render it first")), "{path}");
    }
    for path in ["flow.yaml", "text.yaml"] {
        assert_eq!(status(&report, path).0, "audited", "{path}");
    }
}
