//! Texts that are made to bring a parser down, or a loop to a crawl.

use crate::many;

/// The largest text that is read.
pub(crate) const LARGEST: usize = 8 * 1024 * 1024;

pub(crate) const POD: &str =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: a}]}\n";
const HEADER: &str = "apiVersion: v1\nkind: Pod\n";

/// The unit so often that the text nearly is the largest one; of a small version, a fraction of it.
fn filled(head: &str, unit: &str) -> String {
    let room = many(LARGEST, LARGEST / 256) - head.len();
    format!("{head}{}", unit.repeat(room / unit.len()))
}

fn numbered(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// Nested so deep that a reader that recurses runs out of stack.
pub(crate) fn nested() -> Vec<(&'static str, String)> {
    let deep = many(100_000, 20_000);
    vec![
        ("flow.yaml", format!("{HEADER}a: {}", "[".repeat(deep))),
        ("closed.yaml", format!("{HEADER}a: {}{}\n", "{a: ".repeat(deep), "}".repeat(deep))),
        ("block.yaml", format!("{HEADER}{}", numbered(3900, |depth| format!("{}a:\n", " ".repeat(depth))))),
        ("dashes.yaml", format!("{HEADER}a:\n{}", "- ".repeat(deep))),
        (
            "deep.json",
            format!(
                "{{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"a\":{}{}}}",
                "[".repeat(deep),
                "]".repeat(deep)
            ),
        ),
        ("Dockerfile.substitution", format!("FROM a\nRUN {}\n", "\"$(".repeat(deep))),
        (
            "Dockerfile.shell",
            format!(
                "FROM a\nRUN {}\nRUN {}\n",
                "sh -c '".repeat(many(30_000, 3_000)),
                "if a; then ".repeat(many(20_000, 2_000))
            ),
        ),
        (
            "Dockerfile.brace",
            format!(
                "FROM a\nARG b\nUSER {}\nRUN {}\n",
                "${b:-".repeat(many(30_000, 3_000)),
                "${b:-".repeat(many(30_000, 3_000))
            ),
        ),
        ("Dockerfile.heredoc", format!("FROM a\nRUN {}\n{}", "<<A ".repeat(deep), "A\n".repeat(deep))),
        ("Dockerfile.onbuild", format!("FROM a\n{}RUN a\n", "ONBUILD ".repeat(deep))),
        ("Dockerfile.json", format!("FROM a\nCMD {}\n", "[".repeat(deep))),
    ]
}

/// Small texts that say they are large ones.
pub(crate) fn bombs() -> Vec<(&'static str, String)> {
    let laughs = numbered(30, |level| match level {
        0 => "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(),
        _ => format!("a{level}: &a{level} [{}]\n", vec![format!("*a{}", level - 1); 9].join(", ")),
    });
    let quadratic = numbered(many(3000, 300), |at| format!("  - {{name: c{at}, image: a, env: *x}}\n"));
    let merges = numbered(many(3000, 300), |at| {
        format!("  - &c{at}\n    <<: *c{}\n    name: c{at}\n    image: a\n", at.saturating_sub(1))
    });
    let doubled = numbered(60, |at| format!("ENV A{}=$A{at}$A{at}\n", at + 1));
    vec![
        ("laughs.yaml", format!("{HEADER}{laughs}spec: {{containers: *a29}}\n")),
        (
            "quadratic.yaml",
            format!(
                "{HEADER}x: &x [{}]\nspec:\n  containers:\n{quadratic}",
                "{name: y, value: z},".repeat(many(20_000, 2_000))
            ),
        ),
        ("itself.yaml", format!("{HEADER}spec: &s\n  containers: *s\n  <<: *s\n")),
        ("merges.yaml", format!("{HEADER}spec:\n  containers:\n{}", merges.replacen("    <<: *c0\n", "", 1))),
        ("Dockerfile.env", format!("FROM a\nENV A0=xxxxxxxxxx\n{doubled}USER $A60\nRUN echo $A60\n")),
        (
            "Dockerfile.kept",
            format!(
                "FROM a\nENV A={}\n{}USER $B9\n",
                "x".repeat(60_000),
                numbered(many(9_000, 900), |at| format!("ENV B{at}=$A\n"))
            ),
        ),
        (
            "Dockerfile.arg",
            format!(
                "ARG A0=x\n{}FROM $A9\n",
                numbered(many(9_000, 900), |at| format!("ARG A{}=$A{at}$A{at}\n", at + 1))
            ),
        ),
    ]
}

/// As much as is read, of the smallest pieces.
pub(crate) fn large() -> Vec<(&'static str, String)> {
    let docs = format!("{POD}{}", "---\na: 1\n".repeat(many(200_000, 2_000)));
    vec![
        ("documents.yaml", docs),
        ("keys.yaml", filled(HEADER, "k: 1\n")),
        ("comments.yaml", filled(POD, "# c\n")),
        ("flow.yaml", filled(&format!("{HEADER}a: ["), "{},")),
        ("line.yaml", format!("{POD}a: {}\n", filled("", "x"))),
        ("words.yaml", filled("", "kind apiVersion ")),
        ("templates.yaml", filled(HEADER, "# {{ x }}\n")),
        ("separators.yaml", filled(HEADER, "---\n")),
        ("Dockerfile.letters", filled("FROM a\n", "a\n")),
        ("Dockerfile.users", filled("FROM a\n", "USER a\n")),
        ("Dockerfile.froms", filled("", "FROM a\n")),
        ("Dockerfile.comments", filled("FROM a\n", "# c\n")),
        ("Dockerfile.continued", filled("FROM a\nRUN a", " \\\n&& a")),
        ("Dockerfile.blank", filled("FROM a\nRUN a ", " ")),
        ("Dockerfile.heredocs", filled("FROM a\n", "RUN <<A\n")),
    ]
}

/// Files in which there is very much to find, and to fix.
pub(crate) fn riddled() -> Vec<(&'static str, String)> {
    let containers =
        |count, more: &str| numbered(count, |at| format!("  - name: c{at}\n    image: a/b:latest\n{more}"));
    let pods = many(25_000, 20);
    vec![
        (
            "pods.yaml",
            numbered(pods, |at| format!("---\n{}", POD.replace("name: p", &format!("name: p{at}")))),
        ),
        ("alike.yaml", numbered(pods, |_| format!("---\n{POD}"))),
        (
            "list.yaml",
            format!(
                "apiVersion: v1\nkind: List\nitems:\n{}",
                numbered(pods, |at| {
                    format!(
                        "- {{apiVersion: v1, kind: Pod, metadata: {{name: p{at}}}, spec: {{containers: [{{name: a, image: a}}]}}}}\n"
                    )
                })
            ),
        ),
        ("containers.yaml", format!("{HEADER}spec:\n  containers:\n{}", containers(many(10_000, 20), ""))),
        (
            "privileged.yaml",
            format!(
                "{HEADER}spec:\n  containers:\n{}",
                containers(many(3_000, 20), "    securityContext: {privileged: true}\n")
            ),
        ),
        (
            "env.yaml",
            format!(
                "{HEADER}spec:\n  containers:\n{}    env:\n{}",
                containers(1, ""),
                numbered(many(90_000, 90), |at| format!("    - {{name: PASSWORD{at}, value: abc}}\n"))
            ),
        ),
        ("twice.yaml", format!("{POD}{}", "k: 1\n".repeat(many(200_000, 2_000)))),
        (
            "allowed.yaml",
            format!("{POD}{}", "# seaworthy: allow may-run-as-root -- r\n".repeat(many(95_000, 95))),
        ),
        ("Dockerfile.packages", format!("FROM a\n{}", "RUN apt-get install -y x\n".repeat(many(9_990, 60)))),
        (
            "Dockerfile.secrets",
            format!("FROM a\n{}", numbered(many(9_990, 60), |at| format!("ENV PASSWORD{at}=hunter2\n"))),
        ),
        ("Dockerfile.pipes", format!("FROM a\nRUN {}b\n", "curl http://a | sh && ".repeat(many(10_000, 60)))),
        (
            "Dockerfile.stages",
            format!(
                "FROM a AS s0\n{}",
                numbered(many(9_990, 60), |at| format!("FROM s{at} AS s{}\n", at + 1))
            ),
        ),
        (
            "Dockerfile.used",
            format!("FROM a\n{}", numbered(many(4_990, 60), |at| format!("ENV A{at}=b\nUSER $A{at}\n"))),
        ),
        (
            "Dockerfile.allowed",
            format!(
                "FROM a:latest\n{}RUN a\n",
                "# seaworthy: allow missing-user -- r\n".repeat(many(100_000, 100))
            ),
        ),
        (
            "Dockerfile.apart",
            format!(
                "FROM a\n{}",
                "# seaworthy: allow uncleaned-package-cache -- r\nRUN apt-get install -y x\n"
                    .repeat(many(9_000, 60))
            ),
        ),
    ]
}
