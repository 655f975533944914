//! Files that are not what they seem: templates, encrypted files, pods in other kinds, kustomizations without a kind.

use std::fs;

use serde_json::Value;

use crate::cli::{on, report, run};
use crate::support::repository;

fn status(report: &Value, path: &str) -> (String, String) {
    let files = report["files"].as_array().unwrap();
    let file = files.iter().find(|file| file["path"] == path).unwrap_or_else(|| panic!("{path}: {files:#?}"));
    let text = |key: &str| file[key].as_str().unwrap_or_default().to_owned();
    (text("status"), text("reason"))
}

fn rules<'r>(report: &'r Value, path: &str) -> Vec<&'r str> {
    let findings = report["findings"].as_array().unwrap().iter();
    let findings = findings.filter(|finding| finding["path"] == path);
    let mut rules: Vec<&str> = findings.map(|finding| finding["rule"].as_str().unwrap()).collect();
    rules.sort_unstable();
    rules
}

#[test]
fn each_template_is_skipped_once_by_its_engine_and_never_written() {
    let manifest = |image: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: b}}\nspec:\n  containers:\n  - name: app\n    image: {image}\n"
        )
    };
    let files = [
        ("ytt.yaml", manifest("#@ data.values.image"), "ytt template"),
        ("erb.yaml", manifest("<%= @image %>"), "ERB template"),
        (
            "erb-block.yaml",
            format!("{}<% if @x %>\n    tty: true\n<% end %>\n", manifest("a:1")),
            "ERB template",
        ),
        ("jinja.yaml", format!("{{% if x %}}\n{}{{% endif %}}\n", manifest("{{ image }}")), "Jinja template"),
        ("gomplate.yaml", manifest("{{ (ds \"images\").app }}"), "gomplate template"),
        (
            "mustache.yaml",
            format!("{{{{#pods}}}}\n{}{{{{/pods}}}}\n", manifest("{{image}}")),
            "Mustache template",
        ),
        ("dollar.yaml", manifest("registry.example/${{ values.name }}:1"), "`${{ }}` template"),
        (
            "terraform.yaml",
            format!("%{{ if x }}\n{}%{{ endif }}\n", manifest("${image}")),
            "Terraform template",
        ),
        ("kapitan.yaml", manifest("?{plain:images/app}"), "kapitan template"),
        (
            "Dockerfile",
            "{{ $v := . }}\nFROM {{ $v.image }}\n{{ range . }}\nRUN {{ . }}\n{{ end }}\n".to_owned(),
            "Go template",
        ),
        (
            "Dockerfile.jinja",
            "{% if alpine %}\nFROM alpine:{{ v }}\n{% endif %}\nCMD x\n".to_owned(),
            "Jinja template",
        ),
    ];
    let laid: Vec<(&str, &str)> = files.iter().map(|(path, text, _)| (*path, text.as_str())).collect();
    let folder = repository(&laid);
    let report = report(folder.path());
    for (path, text, engine) in &files {
        assert_eq!(
            status(&report, path),
            ("skipped".to_owned(), format!("{engine}: render it first")),
            "{path}"
        );
        assert!(rules(&report, path).is_empty(), "{path}");
        on(folder.path(), &["fix", "--review"]);
        assert_eq!(&fs::read_to_string(folder.path().join(path)).unwrap(), text, "{path}");
    }
}

#[test]
fn braces_in_texts_of_manifests_and_commands_are_no_template() {
    let folder = repository(&[
        (
            "rules.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: b}\ndata:\n  alert: \"{{ $labels.x }} is down\"\n  page.erb: |\n    <%= title %>\n    {% if x %}\n",
        ),
        (
            "flow.yaml",
            "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: a, namespace: b}\nspec:\n  templates:\n  - name: main\n    container:\n      image: alpine:3.20.1\n      args: [\"{{workflow.parameters.x}}\"]\n",
        ),
        (
            "Dockerfile",
            "FROM alpine:3.20.1\nRUN docker inspect -f '{{.Id}}' x\nUSER 20000:20000\nCMD [\"a\"]\n",
        ),
    ]);
    let report = report(folder.path());
    for path in ["rules.yaml", "flow.yaml", "Dockerfile"] {
        assert_eq!(status(&report, path).0, "audited", "{path}");
    }
}

#[test]
fn an_encrypted_or_signed_file_is_judged_and_never_written() {
    let deployment = crate::cli::DEPLOYMENT;
    let sops = format!("{deployment}sops:\n  version: 3.9.1\n  mac: ENC[AES256_GCM,data:eA==,type:str]\n");
    let signed = deployment.replacen(
        "metadata:\n",
        "metadata:\n  annotations:\n    cosign.sigstore.dev/signature: MEUC\n",
        1,
    );
    let folder = repository(&[("sops.yaml", &sops), ("signed.yaml", &signed)]);
    let report = report(folder.path());
    for (path, word) in [("sops.yaml", "sops"), ("signed.yaml", "signed")] {
        let findings = report["findings"].as_array().unwrap().iter();
        let fixable: Vec<&Value> =
            findings.filter(|f| f["path"] == path && f["rule"] != "unpinned-image").collect();
        assert!(fixable.len() > 5, "{path}");
        for finding in fixable.iter().filter(|finding| !finding["withheld"].is_null()) {
            assert!(finding["withheld"].as_str().unwrap().contains(word), "{finding}");
        }
        assert!(fixable.iter().all(|finding| finding["fix"].is_null()), "{path}");
    }
    on(folder.path(), &["fix", "--review"]);
    assert_eq!(fs::read_to_string(folder.path().join("sops.yaml")).unwrap(), sops);
    assert_eq!(fs::read_to_string(folder.path().join("signed.yaml")).unwrap(), signed);
}

/// The fields of a container that says too much, each on a line of its own behind `indent`.
fn container(indent: &str) -> String {
    let fields = ["name: app", "image: registry.example/app:1.0.0", "securityContext: {privileged: true}"];
    fields.join(&format!("\n{indent}"))
}

/// Each kind with what is said in it found, and what its operator completes not asked for.
#[test]
fn pods_are_found_where_other_kinds_hold_them() {
    let cases = [
        ("argoproj.io/v1alpha1", "Workflow", "  templates:\n  - name: main\n    container:\n      ", 6, true),
        ("tekton.dev/v1", "Task", "  steps:\n  - ", 4, true),
        ("tekton.dev/v1beta1", "TaskRun", "  taskSpec:\n    steps:\n    - ", 6, true),
        ("monitoring.coreos.com/v1", "Prometheus", "  containers:\n  - ", 4, true),
        (
            "kibana.k8s.elastic.co/v1",
            "Kibana",
            "  podTemplate:\n    spec:\n      containers:\n      - ",
            8,
            false,
        ),
    ];
    for (group, kind, spec, indent, asks_for_more) in cases {
        let container = container(&" ".repeat(indent));
        let text = format!(
            "apiVersion: {group}\nkind: {kind}\nmetadata: {{name: x, namespace: z}}\nspec:\n{spec}{container}\n"
        );
        let folder = repository(&[("a.yaml", &text)]);
        let report = report(folder.path());
        let found = rules(&report, "a.yaml");
        assert!(found.contains(&"privileged-container"), "{kind}: {found:?}\n{text}");
        assert_eq!(found.contains(&"capabilities-not-dropped"), asks_for_more, "{kind}: {found:?}");
        assert!(!found.contains(&"service-account-token-mounted"), "{kind}: {found:?}");
        on(folder.path(), &["fix", "--review"]);
        assert_eq!(fs::read_to_string(folder.path().join("a.yaml")).unwrap(), text, "{kind}");
    }
}

#[test]
fn an_unknown_kind_is_judged_on_what_it_says_and_its_file_is_partial() {
    let folder = repository(&[
        (
            "a.yaml",
            "apiVersion: example.org/v1\nkind: Fleet\nmetadata: {name: x, namespace: z}\nspec:\n  crew:\n    containers:\n    - name: a\n      image: b:1.0.0\n      securityContext: {privileged: true}\n",
        ),
        (
            "b.yaml",
            "apiVersion: example.org/v1\nkind: Ship\nmetadata: {name: x, namespace: z}\nspec:\n  sailors:\n  - name: a\n    image: b:1.0.0\n    command: [x]\n    securityContext: {privileged: true}\n",
        ),
        (
            "policy.yaml",
            "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: x}\nspec:\n  rules:\n  - validate:\n      pattern:\n        spec:\n          containers:\n          - name: a\n            image: b\n            securityContext: {privileged: true}\n",
        ),
        (
            "azure.yaml",
            "apiVersion: app.azure.com/v1\nkind: Job\nmetadata: {name: x, namespace: z}\nspec:\n  template:\n    spec:\n      containers:\n      - name: a\n        image: b:latest\n",
        ),
    ]);
    let report = report(folder.path());
    for path in ["a.yaml", "b.yaml"] {
        let mut found = rules(&report, path);
        found.sort_unstable();
        assert_eq!(found, ["privileged-container", "unpinned-image"], "{path}");
        assert_eq!(status(&report, path).0, "partial", "{path}");
    }
    assert!(rules(&report, "policy.yaml").is_empty() && rules(&report, "azure.yaml").is_empty());
}

#[test]
fn manifests_within_manifests_are_judged_inside() {
    let pod = "apiVersion: v1\n    kind: Pod\n    metadata: {name: inner}\n    spec:\n      containers:\n      - name: a\n        image: b:1.0.0\n        securityContext: {privileged: true}\n";
    let folder = repository(&[(
        "template.yaml",
        &format!(
            "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {{name: x, namespace: z}}\nobjects:\n  - {pod}"
        ),
    )]);
    let report = report(folder.path());
    let found = rules(&report, "template.yaml");
    assert!(found.contains(&"privileged-container") && found.contains(&"missing-memory-limit"), "{found:?}");
    assert!(!found.contains(&"default-namespace"), "{found:?}");
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["object"] == "Pod/inner"), "{findings:?}");
}

#[test]
fn a_kustomization_is_one_by_its_name_and_what_it_names_is_what_it_says() {
    let patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api, namespace: shop}\nspec:\n  template:\n    spec:\n      containers:\n      - name: api\n        env: [{name: A, value: b}]\n";
    for name in ["kustomization.yaml", "kustomization.yml", "Kustomization"] {
        let folder = repository(&[
            (name, "resources: [deploy.yaml, plain.yaml]\npatches: [{path: patch.yaml}]\n"),
            ("deploy.yaml", crate::cli::DEPLOYMENT),
            ("patch.yaml", patch),
            ("plain.yaml", &patch.replace("name: api,", "name: other,")),
        ]);
        let report = report(folder.path());
        assert!(rules(&report, "patch.yaml").is_empty(), "{name}: {:?}", rules(&report, "patch.yaml"));
        assert!(rules(&report, "plain.yaml").contains(&"missing-memory-limit"), "{name}");
        assert_eq!(status(&report, name).0, "audited");
    }
}

#[test]
fn the_image_that_a_kustomization_builds_is_the_one_that_is_judged() {
    let deployment = crate::cli::DEPLOYMENT.replace("registry.example/api:v1.0.3", "api");
    let digest = format!("sha256:{}", "0".repeat(64));
    let with = |images: &str| {
        let kustomization = format!("resources: [deploy.yaml]\nimages:\n{images}");
        let folder = repository(&[("kustomization.yaml", &kustomization), ("deploy.yaml", &deployment)]);
        let report = report(folder.path());
        let found: Vec<String> = rules(&report, "deploy.yaml")
            .into_iter()
            .chain(rules(&report, "kustomization.yaml"))
            .filter(|rule| rule.contains("image"))
            .map(str::to_owned)
            .collect();
        found
    };
    assert_eq!(with("- {name: other, newTag: 1.0.0}\n"), ["unpinned-image", "untagged-image"]);
    assert_eq!(with("- {name: api, newTag: 1.0.0}\n"), ["unpinned-image"]);
    assert_eq!(
        with(&format!("- {{name: api, newName: registry.example/api, digest: \"{digest}\"}}\n")),
        [""; 0]
    );
}

#[test]
fn what_holds_nothing_to_judge_is_not_clean() {
    let folder = repository(&[
        ("empty.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, namespace: b}\nspec:\n"),
        ("pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n"),
        ("compose.yaml", "services:\n  a:\n    image: b:latest\n    privileged: true\n"),
    ]);
    let whole = report(folder.path());
    assert_eq!(
        status(&whole, "empty.yaml"),
        (
            "partial".to_owned(),
            "Deployment/a has no pod template yet: there is nothing in it to judge".to_owned()
        )
    );
    assert_eq!(status(&whole, "pod.yaml").0, "partial");
    let compose = folder.path().join("compose.yaml");
    let home = tempfile::tempdir().unwrap();
    let arguments = ["check", compose.to_str().unwrap(), "--format", "json", "--fail-on", "never"];
    let named = run(&arguments, home.path());
    let named: Value = serde_json::from_str(&named.out).unwrap();
    assert_eq!(
        status(&named, "compose.yaml"),
        ("skipped".to_owned(), "no Kubernetes object stands in it".to_owned())
    );
}

#[test]
fn a_sequence_of_objects_is_listed_as_not_read() {
    let pod = "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {hostPID: true, containers: []}}";
    let forms = [
        ("line.yaml", format!("[{pod}]\n")),
        ("lines.yml", format!("# two\n[\n  {pod},\n  {pod}\n]\n")),
        ("block.yaml", format!("- a: 1\n- {pod}\n")),
        ("plain.yaml", "- apiVersion: v1\n  kind: Pod\n  spec: {hostPID: true}\n".to_owned()),
        ("json.json", "[{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}]\n".to_owned()),
        ("below.yaml", format!("[[{pod}]]\n")),
    ];
    let mut files: Vec<(&str, &str)> = forms.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let beside = format!("{pod}\n---\n[{pod}]\n");
    files.push(("beside.yaml", &beside));
    files.push(("next-line.yaml", "\u{85}apiVersion: v1\u{85}kind: Pod\n"));
    files.push(("patch.yaml", "- op: add\n  path: /spec\n  value: {apiVersion: v1, kind: Pod}\n"));
    let folder = repository(&files);
    let report = report(folder.path());
    for (name, text) in &forms {
        let (status, reason) = status(&report, name);
        assert_eq!(status, "skipped", "{text}");
        assert!(reason.contains("which kubectl refuses"), "{text}: {reason}");
    }
    assert_eq!(status(&report, "next-line.yaml").0, "skipped", "kubectl reads the pod");
    let (status, reason) = status(&report, "beside.yaml");
    assert!(status == "partial" && reason.contains("which kubectl refuses"), "{status}: {reason}");
    let listed = report["files"].as_array().unwrap().iter().map(|file| file["path"].as_str().unwrap());
    assert!(!listed.into_iter().any(|path| path == "patch.yaml"), "a patch holds no object");
}

#[test]
fn no_probe_is_asked_of_what_runs_to_its_end() {
    let pod = |policy: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: a, namespace: b}}\nspec:\n  restartPolicy: {policy}\n  containers:\n  - name: a\n    image: b:1.0.0\n"
        )
    };
    let folder = repository(&[
        ("never.yaml", &pod("Never")),
        ("failure.yaml", &pod("OnFailure")),
        ("always.yaml", &pod("Always")),
    ]);
    let report = report(folder.path());
    let asks = |path| rules(&report, path).contains(&"missing-liveness-probe");
    assert_eq!(["never.yaml", "failure.yaml", "always.yaml"].map(asks), [false, false, true]);
}
