//! Names and values that would steer a terminal or a workflow, in every field that is shown.

use crate::run::through_every_command;
use crate::trees::{self, Tree};

/// Sets a title, clears, rings, turns the writing round, and begins a workflow's command.
pub(crate) const EVIL: &str = "a\u{1b}]0;pwned\u{7}\u{1b}[2J\u{9b}31m\u{202e}\n::error::b";

/// The same as a quoted YAML scalar.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

/// A tree in which everything that has a name has such a one.
pub(crate) fn tree() -> Tree {
    let evil = quoted(EVIL);
    let manifest = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {evil}, namespace: {evil}}}\nspec:\n  template:\n    spec:\n      \
         serviceAccountName: {evil}\n      hostNetwork: true\n      volumes:\n      - {{name: {evil}, hostPath: {{path: {evil}}}}}\n      \
         containers:\n      - name: {evil}\n        image: {evil}\n        env:\n        - {{name: {evil}, value: {evil}}}\n        \
         - {{name: PASSWORD, value: {evil}}}\n        securityContext: {{runAsUser: {evil}, capabilities: {{add: [{evil}]}}}}\n        \
         volumeMounts:\n        - {{name: {evil}, mountPath: {evil}}}\n---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: {evil}}}\n---\n\
         apiVersion: {evil}\nkind: {evil}\nmetadata: {{name: {evil}}}\nspec: {{template: {{spec: {{containers: [{{name: {evil}, image: {evil}}}]}}}}}}\n\
         # seaworthy: allow \u{1b}[2J -- \u{1b}]0;pwned\u{7}\n",
    );
    let line = EVIL.replace('\n', " ");
    let build = format!(
        "FROM {line} AS {line}\nARG {line}={line}\nENV {line}={line} PASSWORD={line}\nRUN curl {line} | sh\nLABEL {line}={line}\n\
         USER {line}\nCOPY --from={line} --chown={line} {line} {line}\nADD https://{line} /\n{line}\nCMD {line}\n# seaworthy: allow {line} -- {line}\n"
    );
    let folder = EVIL.replace('/', "-");
    trees::of(
        "names",
        &[
            ("plain.yaml", manifest.clone()),
            ("Dockerfile", build.clone()),
            (&format!("{folder}/{folder}.yaml"), manifest.clone()),
            (&format!("{folder}/Dockerfile.{folder}"), build),
            (&format!("{folder}.yaml"), format!("{manifest}a: [\n")),
            ("Dockerfile.\n::error::c", "FROM a\u{1b}[2J\n".to_owned()),
            ("..\r\n.yaml", manifest),
        ],
    )
}

#[test]
fn names_steer_neither_a_terminal_nor_a_workflow() {
    let report = through_every_command(&tree().path());
    assert!(report["findings"].as_array().unwrap().len() > 20);
    let files = report["files"].as_array().unwrap();
    assert!(
        files.iter().any(|file| file["path"].as_str().unwrap().contains('\u{1b}')),
        "paths are told as they are"
    );
}
