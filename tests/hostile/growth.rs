//! Four times as much of anything takes four times the time and memory, and not sixteen times.

use crate::run::run;
use crate::trees::Tree;
use crate::{full, texts};

/// Ways to look at a folder. A small version takes the first two.
const COMMANDS: [&[&str]; 4] = [
    &["check", "--fail-on", "never"],
    &["check", "--format", "json", "--fail-on", "never"],
    &["check", "--format", "sarif", "--fail-on", "never"],
    &["fix", "--review", "--diff"],
];

/// Hundredths of a second in which a start and the system's own noise are lost.
const NOISE: u64 = 60;

/// One thing of which there may be very many.
struct Growth {
    name: &'static str,
    /// How many of it are tried first, in the small version and in full; then four times as many, which is no more than
    /// is read of one file.
    counts: (usize, usize),
    write: fn(&Tree, usize),
}

const fn growth(name: &'static str, counts: (usize, usize), write: fn(&Tree, usize)) -> Growth {
    Growth { name, counts, write }
}

fn repeated(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}

fn pod(name: &str) -> String {
    texts::POD.replace("name: p", &format!("name: {name}"))
}

fn deployment(at: usize) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: d{at}}}\nspec:\n  selector: {{matchLabels: {{app: x}}}}\n  \
         template:\n    metadata: {{labels: {{app: x}}}}\n    spec: {{serviceAccountName: sa, securityContext: {{runAsUser: 20000}}, \
         containers: [{{name: c, image: a/b:1}}]}}\n"
    )
}

fn service(at: usize) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{at}}}\nspec: {{selector: {{app: x}}, type: NodePort, ports: [{{port: 80}}]}}\n"
    )
}

fn container_list(count: usize, more: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n{}",
        repeated(count, |at| format!("  - name: c{at}\n    image: a/b:latest\n{more}"))
    )
}

fn one_container(list: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata: {{name: p}}\nspec:\n  containers:\n  - name: a\n    image: b\n{list}"
    )
}

/// Those whose small version is tried with every run of the tests come first.
static GROWTHS: &[Growth] = &[
    growth("files", (300, 1_500), |tree, count| {
        (0..count).for_each(|at| tree.file(&format!("{at}.yaml"), pod(&format!("p{at}"))));
    }),
    growth("list", (100, 1_200), |tree, count| {
        let item = |at| {
            format!(
                "- {{apiVersion: v1, kind: Pod, metadata: {{name: p{at}}}, spec: {{containers: [{{name: a, image: a}}]}}}}\n"
            )
        };
        tree.file("a.yaml", format!("apiVersion: v1\nkind: List\nitems:\n{}", repeated(count, item)));
    }),
    growth("allowed", (150, 2_400), |tree, count| {
        let run = "# seaworthy: allow uncleaned-package-cache -- r\nRUN apt-get install -y x\n";
        tree.file("Dockerfile", format!("FROM a\n{}", run.repeat(count)));
    }),
    growth("sharing", (100, 1_200), |tree, count| tree.file("a.yaml", repeated(count, deployment))),
    growth("resources", (200, 1_500), |tree, count| {
        let names = repeated(count, |at| format!("- r{at}.yaml\n"));
        tree.file("kustomization.yaml", format!("resources:\n{names}"));
        (0..count).for_each(|at| tree.file(&format!("r{at}.yaml"), pod(&format!("p{at}"))));
    }),
    growth("patches", (100, 800), |tree, count| {
        let list = |name: &str| repeated(count, |at| format!("- {name}{at}.yaml\n"));
        let patches = list("path: p");
        tree.file("kustomization.yaml", format!("resources:\n{}patches:\n{patches}", list("r")));
        for at in 0..count {
            tree.file(&format!("r{at}.yaml"), pod(&format!("p{at}")));
            let patch = format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: p{at}}}\nspec: {{hostNetwork: true}}\n"
            );
            tree.file(&format!("p{at}.yaml"), patch);
        }
    }),
    growth("containers", (100, 2_400), |tree, count| tree.file("a.yaml", container_list(count, ""))),
    growth("privileged", (100, 2_400), |tree, count| {
        tree.file("a.yaml", container_list(count, "    securityContext: {privileged: true}\n"));
    }),
    growth("host-processes", (100, 2_400), |tree, count| {
        let windows = "    securityContext: {windowsOptions: {hostProcess: true}}\n";
        tree.file("a.yaml", container_list(count, windows));
    }),
    growth("pods", (100, 1_200), |tree, count| {
        tree.file("a.yaml", repeated(count, |at| format!("---\n{}", pod(&format!("p{at}")))));
    }),
    growth("alike", (100, 1_200), |tree, count| {
        tree.file("a.yaml", repeated(count, |_| format!("---\n{}", texts::POD)));
    }),
    growth("allowed-pods", (100, 1_200), |tree, count| {
        let allow = "# seaworthy: allow may-run-as-root -- r\n";
        tree.file("a.yaml", repeated(count, |at| format!("---\n{allow}{}", pod(&format!("p{at}")))));
    }),
    growth("comments", (2_000, 20_000), |tree, count| {
        tree.file(
            "a.yaml",
            format!("{}{}", texts::POD, "# seaworthy: allow may-run-as-root -- r\n".repeat(count)),
        );
    }),
    growth("whole-file", (1_000, 10_000), |tree, count| {
        let allow = "# seaworthy: allow-file may-run-as-root -- r\n".repeat(count);
        tree.file("a.yaml", format!("{allow}{}", container_list(count / 20, "")));
    }),
    growth("words", (10_000, 120_000), |tree, count| {
        tree.file("a.yaml", "kind apiVersion ".repeat(count));
    }),
    growth("env", (500, 10_000), |tree, count| {
        let list = repeated(count, |at| format!("    - {{name: PASSWORD{at}, value: abc}}\n"));
        tree.file("a.yaml", one_container(&format!("    env:\n{list}")));
    }),
    growth("mounts", (200, 2_500), |tree, count| {
        let mounts = repeated(count, |at| format!("    - {{name: v{at}, mountPath: /v{at}}}\n"));
        let volumes = repeated(count, |at| format!("  - {{name: v{at}, hostPath: {{path: /a{at}}}}}\n"));
        tree.file("a.yaml", one_container(&format!("    volumeMounts:\n{mounts}  volumes:\n{volumes}")));
    }),
    growth("deep-lists", (500, 10_000), |tree, count| {
        tree.file("a.yaml", format!("{}x:\n{}", texts::POD, "- - - a: [1, 2]\n".repeat(count)));
    }),
    growth("users", (1_000, 2_400), |tree, count| {
        tree.file("Dockerfile", format!("FROM a\n{}", repeated(count, |at| format!("USER {at}\n"))));
    }),
    growth("variables", (200, 2_400), |tree, count| {
        tree.file(
            "Dockerfile",
            format!("FROM a\nENV A=x\n{}", repeated(count, |at| format!("ENV B{at}=$A\n"))),
        );
    }),
    growth("expanded", (200, 1_200), |tree, count| {
        let step = |at| format!("ENV A{at}=b\nWORKDIR $A{at}\nCOPY $A{at} /c$A{at}/\nADD $A{at} /d\n");
        tree.file("Dockerfile", format!("FROM a\n{}", repeated(count / 2, step)));
    }),
    growth("stages", (200, 800), |tree, count| {
        let stage = |at| format!("FROM s{at} AS s{}\nENV A{at}=b\nRUN x\nUSER a\n", at + 1);
        tree.file("Dockerfile", format!("FROM a AS s0\n{}", repeated(count, stage)));
    }),
    growth("copies", (200, 1_200), |tree, count| {
        let stage = |at| format!("FROM a AS s{}\nCOPY --from=s{at} /a /b\n", at + 1);
        tree.file("Dockerfile", format!("FROM a AS s0\n{}", repeated(count, stage)));
    }),
    growth("runs", (200, 2_400), |tree, count| {
        tree.file("Dockerfile", format!("FROM a\n{}", "RUN apt-get install -y x\n".repeat(count)));
    }),
    growth("piped", (200, 5_000), |tree, count| {
        tree.file("Dockerfile", format!("FROM a\nRUN {}b\n", "curl http://a | sh && ".repeat(count)));
    }),
    growth("dockerfiles", (200, 1_500), |tree, count| {
        let text = "FROM a:latest\nRUN apt-get install -y x\n";
        (0..count).for_each(|at| tree.file(&format!("Dockerfile.{at}"), text));
    }),
    growth("chain", (100, 1_000), |tree, count| {
        tree.file("a.yaml", texts::POD);
        for at in 0..count {
            let text = format!("resources:\n- ../a.yaml\n- ../o{}\n", (at + 1) % count);
            tree.file(&format!("o{at}/kustomization.yaml"), text);
        }
    }),
    growth("selected", (100, 1_200), |tree, count| {
        tree.file("a.yaml", format!("{}{}", service(0), repeated(count, deployment)));
    }),
    growth("services", (100, 800), |tree, count| {
        tree.file("a.yaml", repeated(count, |at| format!("{}{}", service(at), deployment(at))));
    }),
    growth("bound", (100, 800), |tree, count| {
        let binding = |at| {
            format!(
                "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {{name: s{at}}}\nroleRef: {{kind: Role, \
             name: r{at}, apiGroup: rbac.authorization.k8s.io}}\nsubjects: [{{kind: ServiceAccount, name: sa}}]\n"
            )
        };
        tree.file("a.yaml", format!("{}{}", repeated(count, binding), repeated(count, deployment)));
    }),
    growth("members", (50, 400), |tree, count| {
        let own = |at: usize| {
            let text = format!("{}{}", service(at), deployment(at));
            text.replace("app: x", &format!("app: x, own: o{at}"))
        };
        (0..count).for_each(|at| tree.file(&format!("{}/{at}.yaml", at % 9), own(at)));
    }),
    growth("bake-arguments", (100, 1_200), |tree, count| {
        let inherits = "inherits = [\"t\", \"t\", \"t\", \"t\", \"t\", \"t\"]";
        let arguments = repeated(count, |at| format!("    A{at} = \"b\"\n"));
        let tags = repeated(count, |at| format!("\"a/app{at}\", "));
        let target =
            format!("target \"t\" {{\n  {inherits}\n  tags = [{tags}]\n  args = {{\n{arguments}  }}\n}}\n");
        tree.file("docker-bake.hcl", target);
        tree.file("Dockerfile", "FROM a\n");
        tree.file("a.yaml", deployment(0));
    }),
    growth("line-separators", (1_000, 15_000), |tree, count| {
        tree.file("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
        let values = repeated(count, |at| format!("k{at}: v\n"));
        tree.file("c/values.yaml", format!("{}{values}", "# \u{2028}\n".repeat(150)));
        tree.file("c/templates/a.yaml", pod("p"));
    }),
    growth("linked", (50, 500), |tree, count| {
        for at in 0..count {
            tree.file(&format!("app{at}/Dockerfile"), "FROM scratch\nRUN x\nUSER 0\nCMD [\"/a\"]\n");
            tree.file(&format!("app{at}/d.yaml"), deployment(at).replace("a/b:1", &format!("a/app{at}:1")));
        }
    }),
    growth("run-kinds", (200, 4_000), |tree, count| {
        let run = |at| format!("RUN cd /x{at} && curl http://a | sh && apt-get update && pip install x\n");
        tree.file("Dockerfile", format!("FROM a\n{}", repeated(count, run)));
    }),
    growth("installs", (200, 8_000), |tree, count| {
        let text = repeated(count, |at| format!("RUN apt-get install -y x{at}\n"));
        tree.file("Dockerfile", format!("FROM a\nRUN rm /etc/apt/apt.conf.d/docker-clean\n{text}"));
    }),
    growth("templates", (15, 120), |tree, count| {
        tree.file("c/Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
        tree.file("c/values.yaml", "tag: latest\n");
        for at in 0..count {
            tree.file(
                &format!("c/templates/{at}.yaml"),
                deployment(at).replace("a/b:1", "a/b:{{ .Values.tag }}"),
            );
        }
    }),
    growth("generators", (100, 2_000), |tree, count| {
        let map = |at| format!("- name: m{at}\n  literals: [a=b]\n");
        tree.file("kustomization.yaml", format!("configMapGenerator:\n{}", repeated(count, map)));
    }),
    growth("json-patch", (200, 5_000), |tree, count| {
        let add = |at| format!("- op: add\n  path: /metadata/annotations/k{at}\n  value: v\n");
        tree.file("d.yaml", deployment(0).replace("{name: d0}", "{name: d0, annotations: {a: b}}"));
        tree.file("p.yaml", repeated(count, add));
        let patches = "patches:\n- path: p.yaml\n  target: {kind: Deployment}\n";
        tree.file("kustomization.yaml", format!("resources: [d.yaml]\n{patches}"));
    }),
    growth("merged-keys", (500, 15_000), |tree, count| {
        let keys = |letter: &str| repeated(count, |at| format!("    {letter}{at}: v\n"));
        let object = |keys: String| {
            format!("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  annotations:\n{keys}")
        };
        tree.file("c.yaml", object(keys("a")));
        tree.file("p.yaml", object(keys("b")));
        tree.file("kustomization.yaml", "resources: [c.yaml]\npatches: [{path: p.yaml}]\n");
    }),
    growth("literals", (500, 10_000), |tree, count| {
        let literals = repeated(count, |at| format!("  - k{at}=v\n"));
        tree.file("kustomization.yaml", format!("configMapGenerator:\n- name: m\n  literals:\n{literals}"));
    }),
];

/// How many of them the small version tries.
const SMALL: usize = 5;

#[test]
fn four_times_as_much_takes_four_times_as_long() {
    let tried = if full() { GROWTHS } else { &GROWTHS[..SMALL] };
    let mut slow = Vec::new();
    for Growth { name, counts, write } in tried {
        let count = if full() { counts.1 } else { counts.0 };
        let (once, four) = (Tree::new(name), Tree::new(&format!("{name}-4")));
        write(&once, count);
        write(&four, 4 * count);
        for command in COMMANDS.iter().take(if full() { COMMANDS.len() } else { 2 }) {
            let home = tempfile::tempdir().unwrap();
            let (first, then) =
                (run(&once.path(), home.path(), command), run(&four.path(), home.path(), command));
            // Half as much again, for what grows with the logarithm.
            if then.ticks > 6 * first.ticks + NOISE {
                slow.push(format!("{name}, {}: {} and {}", command.join(" "), first.ticks, then.ticks));
            }
            if then.mebibytes > 5 * first.mebibytes + MAX_MEBIBYTES / 4 {
                let (first, then) = (first.mebibytes, then.mebibytes);
                slow.push(format!("{name}, {}: {first} and {then} MiB", command.join(" ")));
            }
        }
    }
    assert!(slow.is_empty(), "in hundredths of a second: {slow:#?}");
}

#[test]
fn ignore_files_and_settings_have_bounds() {
    let patterns = |count| repeated(count, |at| format!("a/**/b{at}/*.x\n"));
    for (name, text) in [
        ("patterns", patterns(200_000)),
        ("just-allowed", patterns(5_000)),
        ("bytes", format!("{}\n", "x".repeat(50 << 20))),
        ("folders", patterns(4_000)),
    ] {
        let tree = Tree::new(name);
        let home = tempfile::tempdir().unwrap();
        tree.file("pod.yaml", texts::POD);
        let mut folder = String::new();
        for _ in 0..if name == "folders" { 40 } else { 1 } {
            tree.file(&format!("{folder}.gitignore"), &text);
            folder.push_str("a/");
        }
        let ran = run(&tree.path(), home.path(), &["check", "--fail-on", "never"]);
        assert!(ran.mebibytes < MAX_MEBIBYTES, "{name}: {} MiB", ran.mebibytes);
        assert_eq!(ran.out.contains("too large to be obeyed"), name != "just-allowed", "{name}: {}", ran.out);
        assert!(ran.out.contains("pod.yaml"), "{name}: {}", ran.out);
    }
    let pattern = |at| format!("  \"a/**/b{at}/*.x\",\n");
    for exclude in [repeated(6_000, pattern), repeated(100_000, pattern)] {
        let tree = Tree::new("settings");
        let home = tempfile::tempdir().unwrap();
        tree.file("pod.yaml", texts::POD);
        tree.file("seaworthy.toml", format!("exclude = [\n{exclude}]\n"));
        let refused = run(&tree.path(), home.path(), &["check"]);
        assert!(refused.mebibytes < MAX_MEBIBYTES, "{} MiB", refused.mebibytes);
        assert!(refused.code == 2 && refused.err.contains("name folders"), "{}", refused.err);
    }
}

/// What the README names as the bound of memory.
const MAX_MEBIBYTES: u64 = 200;
