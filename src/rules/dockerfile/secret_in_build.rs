//! Reports a password, key or token that is baked into the image or its history (`secret-in-build`).

use super::run_edits::run_instructions;
use crate::dockerfile::{Instruction, InstructionKind, SpannedWord};
use crate::finding::Severity;
use crate::rules::rule_definition::page;
use crate::rules::secret_detection::{is_secret_name, is_secret_value, mask_secret, may_be_secret};
use crate::rules::{DockerfileView, FindingCollector, Rule, RuleCheck, RuleKinds, RuleTheme};
use crate::text::Span;

pub(crate) static RULE: Rule = Rule {
    id: "secret-in-build",
    severity: Severity::High,
    theme: RuleTheme::Build,
    article: false,
    kinds: RuleKinds::NoObjects,
    text: page!("secret-in-build"),
    checks: &[RuleCheck::Dockerfile(check_dockerfile)],
};

/// Files that hold keys, by their whole name.
const KEY_FILES: [&str; 14] = [
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
    "secring.gpg",
    "kubeconfig",
    ".vault-token",
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

fn check_dockerfile(view: &DockerfileView<'_>, out: &mut FindingCollector<'_>) {
    for instruction in &view.file.instructions {
        match &instruction.kind {
            InstructionKind::Env(pairs) => {
                for (name, value) in pairs {
                    report_secret(out, &name.text, &value.text, value.span);
                }
            }
            InstructionKind::Arg(arguments) => {
                for (name, default) in arguments {
                    if let Some(default) = default {
                        report_secret(out, &name.text, &default.text, default.span);
                    }
                }
            }
            InstructionKind::Copy { sources, .. } => check_copied_files(instruction, sources, out),
            _ => {}
        }
    }
    for run in run_instructions(view) {
        for command in &run.script.commands {
            let exports = command
                .called_program()
                .is_some_and(|call| matches!(call.name(), "export" | "declare" | "readonly"));
            let named = command.assignments.iter().chain(command.words.iter().skip(1).filter(|_| exports));
            for word in named {
                if let Some((name, value)) = word.text.split_once('=') {
                    report_secret(out, name, value, word.span);
                }
            }
            for word in command.words.iter().filter(|_| !exports) {
                if let Some((name, value)) = split_setting(&word.text) {
                    report_secret(out, name, value, word.span);
                }
            }
            if let [aws, configure, set, name, value] = command.words.as_slice()
                && [&aws.text, &configure.text, &set.text] == ["aws", "configure", "set"]
            {
                report_secret(out, &name.text, &value.text, value.span);
            }
            let by_form =
                |word: &&SpannedWord| split_setting(&word.text).is_none() && is_secret_value(&word.text);
            for word in command.words.iter().filter(|_| !exports).filter(by_form) {
                out.report(word.span, "a secret by its form stands in a `RUN`", Ok(None));
            }
        }
    }
}

/// `--name=value` or `name=value`, in one word without blanks.
fn split_setting(word: &str) -> Option<(&str, &str)> {
    let (name, value) = word.split_once('=')?;
    let of_name = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
    (name.chars().all(of_name) && !value.contains(char::is_whitespace)).then_some((name, value))
}

fn report_secret(out: &mut FindingCollector<'_>, name: &str, value: &str, span: Span) {
    if is_secret_name(name) && may_be_secret(value) {
        out.report(
            span,
            format!("`{name}` holds a secret, `{}`, for all who can pull the image", mask_secret(value)),
            Ok(None),
        );
    } else if is_secret_value(value) {
        out.report(span, format!("`{}` is a secret by its form", mask_secret(value)), Ok(None));
    }
}

fn check_copied_files(instruction: &Instruction, sources: &[SpannedWord], out: &mut FindingCollector<'_>) {
    for word in sources {
        let path = word.text.trim_end_matches('/');
        let name = path.rsplit('/').next().unwrap_or_default();
        let key =
            [".pem", ".key", ".p12", ".pfx", ".jks", ".ppk"].iter().any(|ending| name.ends_with(ending));
        let public =
            ["pub", "cert", "ca", "chain", "crt"].iter().any(|part| name.to_ascii_lowercase().contains(part));
        if KEY_FILES.contains(&name) || KEY_PATHS.iter().any(|end| path.ends_with(end)) || key && !public {
            let message = format!("`{}` copies a file that holds a key", instruction.keyword.name());
            out.report(word.span, message, Ok(None));
        }
    }
}
