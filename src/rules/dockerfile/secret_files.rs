//! Reports key files that a build copies into an image, for `secret-in-build`; and secrets that a later layer removes.

use super::run_edits::run_instructions;
use crate::base::at_or_below;
use crate::dockerfile::shell::SimpleCommand;
use crate::dockerfile::{Instruction, InstructionKind, SpannedWord, VariableScope};
use crate::rules::{DockerfileView, FindingCollector, is_secret_name};

/// Files that hold keys, by their whole name.
const KEY_FILES: [&str; 17] = [
    "id_rsa",
    "id_dsa",
    "id_ecdsa",
    "id_ed25519",
    ".npmrc",
    ".pypirc",
    ".netrc",
    ".git-credentials",
    ".htpasswd",
    ".pgpass",
    ".my.cnf",
    ".dockercfg",
    "secring.gpg",
    "kubeconfig",
    ".vault-token",
    "application_default_credentials.json",
    "terraform.tfstate",
];
/// Files that hold keys, by the end of their path.
const KEY_PATHS: [&str; 6] = [
    ".aws/credentials",
    ".docker/config.json",
    ".kube/config",
    ".ssh/config",
    ".config/gh/hosts.yml",
    ".gem/credentials",
];
/// Folders of keys.
const KEY_FOLDERS: [&str; 3] = [".ssh", ".aws", ".gnupg"];
/// Ends of names of files that hold keys.
const KEY_ENDINGS: [&str; 8] = [".pem", ".key", ".p12", ".pfx", ".jks", ".ppk", ".kdbx", ".keystore"];
/// Names of files that often hold secrets, but need not.
const LIKELY_SECRETS: [&str; 8] = [
    ".env",
    "credentials",
    "credentials.json",
    "service-account.json",
    "serviceaccount.json",
    "deploy_key",
    "deploy-key",
    "auth.json",
];

/// Reports each `COPY` and `ADD` of a key, those behind `ONBUILD` too.
pub(super) fn check_copied_files(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in view.file.instructions_with_onbuild() {
        if let InstructionKind::Copy { sources, destination } = &instruction.kind {
            check_copy(view, instruction, sources, destination, out);
        }
    }
}

fn check_copy(
    view: &DockerfileView<'_>,
    copy: &Instruction,
    sources: &[SpannedWord],
    destination: &SpannedWord,
    out: &mut FindingCollector<'_>,
) {
    let scope = VariableScope::at_instruction(view.text, view.file, copy.index);
    let target = scope.expand_word(view.text, destination).text;
    for word in sources {
        let source = scope.expand_word(view.text, word).text;
        let renamed = !target.ends_with('/') && is_key_file(&target);
        if is_key_file(&source) || renamed {
            let message = format!("`{}` copies a file that holds a key", copy.keyword.name());
            out.report(word.span, message, Ok(None));
        } else if is_likely_secret(&source) || is_likely_secret(&target) {
            let path = if target.ends_with('/') {
                format!("{target}{}", base_name(&source))
            } else {
                target.clone()
            };
            if is_removed_later(view, copy, &path) {
                let message = format!(
                    "`{}` copies a secret: the `rm` of a later layer leaves it in this one",
                    copy.keyword.name()
                );
                out.report(word.span, message, Ok(None));
            }
        }
    }
}

fn base_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

fn is_key_file(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let name = base_name(path);
    let lower = name.to_ascii_lowercase();
    let ends = KEY_ENDINGS.iter().find(|ending| lower.ends_with(**ending));
    // A `.key` is the private half, whatever it is called; the others may hold certificates.
    let public = ["pub", "cert", "ca", "chain", "crt", "trust"].iter().any(|part| lower.contains(part));
    let key = ends.is_some_and(|ending| *ending == ".key" && !lower.contains("pub") || !public);
    key || KEY_FILES.contains(&name)
        || KEY_FOLDERS.contains(&name)
        || KEY_PATHS.iter().any(|end| path.ends_with(end))
}

/// True for a file whose name says that it is a secret: `deploy_token`, `db-password.txt`, `.env`.
fn is_likely_secret(path: &str) -> bool {
    let name = base_name(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    LIKELY_SECRETS.contains(&name)
        || name.starts_with(".env")
        || name.starts_with("id_")
        || is_secret_name(stem)
        || is_secret_name(stem.trim_end_matches('s'))
        || path
            .split('/')
            .rev()
            .skip(1)
            .any(|folder| matches!(folder, "secrets" | "secret" | ".ssh" | ".aws"))
}

/// True when a later RUN of the stage, or of one built on it, removes the file or the folder it lies in.
fn is_removed_later(view: &DockerfileView<'_>, copy: &Instruction, path: &str) -> bool {
    let builds_on = |stage: Option<usize>| {
        let stage = stage.and_then(|stage| view.file.stages.get(stage));
        stage.is_some_and(|stage| view.file.stage_chain(stage).any(|s| Some(s.index) == copy.stage))
    };
    let name = base_name(path);
    run_instructions(view)
        .filter(|run| run.instruction.index > copy.index && builds_on(run.instruction.stage))
        .flat_map(|run| run.script.commands.iter())
        .filter_map(SimpleCommand::effective_invocation)
        .filter(|call| matches!(call.name(), "rm" | "shred" | "unlink"))
        .flat_map(|call| call.operands(&[]).collect::<Vec<_>>())
        .any(|word| {
            let gone = word.text.trim_end_matches(['/', '*']);
            !gone.is_empty() && (at_or_below(path, gone) || base_name(gone) == name)
        })
}
