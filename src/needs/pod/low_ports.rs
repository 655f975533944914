//! Finds the ports below 1024 that a container listens on, by what its manifest says: ports, probes, options, variables.
//!
//! Sources: ip(7), `ip_unprivileged_port_start`: of the pod's own network most runtimes lower it to 0, some do not; of the
//! node's network it is 1024. Kubernetes, "Using sysctls in a Kubernetes Cluster" (the sysctl is safe).

use super::PodPlace;
use super::container_commands::ContainerCommand;
use super::container_facts::ContainerCase;
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;
use crate::yaml::path;

/// Ports below this one are not everybody's to listen on.
const FIRST_ORDINARY_PORT: u16 = 1024;
const PORT_SYSCTL: &str = "net.ipv4.ip_unprivileged_port_start";

/// Words in the names of options and variables that speak of a place to listen.
const LISTEN_WORDS: [&str; 9] =
    ["port", "ports", "listen", "bind", "addr", "address", "http", "https", "urls"];
/// Words that speak of somebody else's place.
const PEER_WORDS: [&str; 20] = [
    "remote",
    "target",
    "upstream",
    "backend",
    "dest",
    "destination",
    "smtp",
    "mail",
    "proxy",
    "db",
    "database",
    "peer",
    "client",
    "ldap",
    "redis",
    "connect",
    "endpoint",
    "forward",
    "origin",
    "ssh",
];

pub(super) fn find_low_ports(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    commands: &[ContainerCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    if case.starts_as_root == Some(false) {
        return;
    }
    let first_open = lowest_open_port(place);
    let mut found: Vec<(u16, Span, String)> = written_ports(case);
    found.extend(option_ports(commands));
    found.extend(variable_ports(case));
    let mut seen: Vec<u16> = Vec::new();
    for (port, span, text) in found {
        if port >= FIRST_ORDINARY_PORT || port >= first_open || seen.contains(&port) {
            continue;
        }
        seen.push(port);
        let on_node = place.pod.model.host_network.get() == Some(&true);
        let (certainty, text) = (if on_node { NeedCertainty::Shown } else { NeedCertainty::Likely }, text);
        let name = case.name;
        needs.push(ProgramNeed {
            kind: NeedKind::LowPort(port),
            certainty,
            reason: format!("`{name}` listens on port {port}, which some nodes leave to root").into(),
            evidence: vec![place.evidence_at(text, span)],
        });
    }
}

/// The lowest port that a pod opens to everybody.
#[must_use]
pub fn lowest_open_port(place: PodPlace<'_>) -> u16 {
    let context = place.pod.model.security_context.get();
    let sysctls = context.into_iter().flat_map(|context| context.sysctls.valid_items());
    let starts = sysctls.filter(|(_, sysctl)| sysctl.name.is(PORT_SYSCTL));
    let values = starts.filter_map(|(_, sysctl)| sysctl.value.get()?.parse().ok());
    values.min().unwrap_or(FIRST_ORDINARY_PORT)
}

/// Those of `ports` and of probes.
fn written_ports(case: &ContainerCase<'_>) -> Vec<(u16, Span, String)> {
    let container = case.container;
    let listed = container.model.ports.valid_items().filter_map(|(at, port)| {
        let number = u16::try_from(*port.container_port.get()?).ok().filter(|port| *port > 0)?;
        let span = container.span_of(&path!["ports", at, "containerPort"])?;
        Some((number, span, format!("`containerPort: {number}`")))
    });
    listed.collect()
}

/// Those that the words of its commands name: `--port=443`, `-listen :80`.
fn option_ports(commands: &[ContainerCommand]) -> impl Iterator<Item = (u16, Span, String)> {
    let all = commands.iter().filter(|line| line.occasion.is_start()).flat_map(|line| &line.commands);
    all.flat_map(|command| {
        let words = command.words.iter().enumerate();
        words.filter_map(|(at, word)| {
            let option = word.text.strip_prefix('-')?;
            let (name, value) = match option.split_once('=') {
                Some((name, value)) => (name, value),
                None => (option, command.words.get(at + 1)?.text.as_str()),
            };
            let port = listen_port(value).filter(|_| speaks_of_listening(name))?;
            Some((port, word.span, format!("`{}`", word.text)))
        })
    })
}

/// Those that a variable names: `PORT=80`, `ASPNETCORE_URLS=http://+:80`.
fn variable_ports(case: &ContainerCase<'_>) -> impl Iterator<Item = (u16, Span, String)> {
    case.variables().into_iter().filter_map(|(name, value, span)| {
        let port = listen_port(value).filter(|_| speaks_of_listening(name))?;
        Some((port, span, format!("the variable `{name}`")))
    })
}

pub(in crate::needs) fn speaks_of_listening(name: &str) -> bool {
    let words: Vec<String> =
        name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase).collect();
    words.iter().any(|word| LISTEN_WORDS.contains(&word.as_str()))
        && !words.iter().any(|word| PEER_WORDS.contains(&word.as_str()))
}

/// The port of `80`, `:80`, `0.0.0.0:80`, `[::]:80`, `http://+:80`, `tcp://:80/`; not that of a host by name.
pub(in crate::needs) fn listen_port(value: &str) -> Option<u16> {
    let value = value.split_once("://").map_or(value, |(_, rest)| rest);
    let value = value.split(['/', ';', ',']).next()?;
    let (host, port) = value.rsplit_once(':').unwrap_or(("", value));
    let is_address = |host: &str| host.bytes().all(|b| b.is_ascii_digit() || b".:[]".contains(&b));
    let everywhere = matches!(host, "*" | "+" | "localhost") || is_address(host);
    port.parse().ok().filter(|port: &u16| *port > 0 && everywhere)
}
