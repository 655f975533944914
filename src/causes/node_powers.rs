//! Names the powers over its node that an object has, for the line under its cause: powers, not rules.

use std::collections::BTreeSet;

use super::RootCause;
use super::cause_subjects::first_name;

/// The powers of a case, the greatest first.
pub(super) fn node_powers(cause: &RootCause) -> Vec<String> {
    let has = |rule: &str| cause.subjects_by_rule.contains_key(rule);
    let mut powers: Vec<String> = Vec::new();
    if has("privileged-container") {
        powers.push("privileged".to_owned());
    }
    let sockets = named(cause, "container-socket-mount");
    powers.extend(sockets.iter().map(|path| match path.rsplit_once('/') {
        Some((_, name)) if name.contains(".sock") => name.to_owned(),
        _ => format!("{path} of the node, which holds the runtime's socket"),
    }));
    let shared = [("host-pid", "PID"), ("host-ipc", "IPC"), ("host-network", "network")];
    let shared: Vec<&str> = shared.iter().filter(|(rule, _)| has(rule)).map(|(_, name)| *name).collect();
    if !shared.is_empty() {
        powers.push(format!("host {}", shared.join(", ")));
    }
    if has("windows-host-process") {
        powers.push("a process of the node".to_owned());
    }
    if has("root-user") {
        powers.push("uid 0".to_owned());
    }
    let capabilities = named(cause, "added-capabilities");
    match capabilities.len() {
        0..=2 => powers.extend(capabilities),
        count => powers.push(format!("{count} capabilities")),
    }
    let mut paths = named(cause, "host-path");
    paths.retain(|path| !sockets.contains(path));
    match paths.as_slice() {
        [] => {}
        [only] => powers.push(format!("{only} of the node")),
        several => powers.push(format!("{} paths of the node", several.len())),
    }
    let rest = [
        ("unmasked-proc", "/proc unmasked"),
        ("unconfined-seccomp", "no seccomp"),
        ("unconfined-apparmor", "no AppArmor"),
    ];
    powers.extend(rest.iter().filter(|(rule, _)| has(rule)).map(|(_, power)| (*power).to_owned()));
    powers
}

/// The names in backquotes in the messages of a rule's findings, each once.
fn named(cause: &RootCause, rule: &str) -> Vec<String> {
    let own = cause.findings.iter().filter(|listed| listed.key.rule == rule);
    let names: BTreeSet<String> = own.flat_map(|listed| all_names(&listed.finding.message)).collect();
    names.into_iter().collect()
}

fn all_names(mut message: &str) -> Vec<String> {
    let mut names = Vec::new();
    while let Some(name) = first_name(message) {
        names.push(name.to_owned());
        let at = message.find(&format!("`{name}`")).unwrap_or_default();
        message = message.get(at + name.len() + 2..).unwrap_or_default();
    }
    names
}
