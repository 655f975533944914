//! Says what a well-known image needs of what is around it: ports, folders, memory, the API, the node, its words.

use super::{KnownStart, NeedKind, ProgramNeed};
use crate::image::known::{ArgumentUse, FactEvidence, HostRole, TokenUse};

const MEBIBYTE: u64 = 1024 * 1024;

pub(super) fn add_demands(image: &KnownStart<'_>, found: &mut Vec<ProgramNeed>) {
    add_ports(image, found);
    add_paths(image, found);
    found.extend(memory_need(image));
    found.extend(token_need(image));
    found.extend(node_access(image));
    let arguments = &image.needs.arguments;
    if arguments.handling == ArgumentUse::Inspected && image.start.runs_entrypoint() {
        let claim = "looks at the first word of its command";
        let fact = arguments.text.as_deref();
        found.push(image.need_of(NeedKind::StartWords, arguments.evidence, claim, fact));
    }
}

/// The ports are those of its defaults, so none is certain.
fn add_ports(image: &KnownStart<'_>, found: &mut Vec<ProgramNeed>) {
    let mut ports: Vec<u16> = image.needs.low_ports().map(|port| port.number).collect();
    ports.dedup();
    let moved: Vec<String> = image.needs.hardened_ports.iter().map(|port| port.number.to_string()).collect();
    let fact =
        (!moved.is_empty()).then(|| format!("once it is hardened it moves to {}", moved.join(" and ")));
    for port in ports {
        let claim = format!("listens on port {port} by default");
        let kind = NeedKind::LowPort(port);
        found.push(image.need_of(kind, FactEvidence::Known, &claim, fact.as_deref()));
    }
}

fn add_paths(image: &KnownStart<'_>, found: &mut Vec<ProgramNeed>) {
    for filled in image.needs.filled.iter().filter(|filled| !filled.refilled) {
        let kind = NeedKind::FilledPath(filled.path.to_owned());
        let claim = format!("has files of its own at {}", filled.path);
        found.push(image.need_of(kind, filled.evidence, &claim, filled.text.as_deref()));
    }
    let is_kept = |path: &str| image.needs.filled.iter().any(|own| own.path == path && !own.refilled);
    for written in image.needs.writes.iter().filter(|written| is_kept(written.path)) {
        let kind = NeedKind::OccupiedPath(written.path.to_owned());
        let claim = format!("writes {}, where it has files of its own", written.path);
        found.push(image.need_of(kind, written.evidence, &claim, written.text.as_deref()));
    }
    for owned in &image.needs.owned {
        let kind = NeedKind::OwnedPath(owned.path.to_owned());
        let claim = format!("needs {} to be its own", owned.path);
        found.push(image.need_of(kind, owned.evidence, &claim, owned.text.as_deref()));
    }
}

/// The floor, else what is just above a limit that is too low, else what its project gives it.
fn memory_need(image: &KnownStart<'_>) -> Option<ProgramNeed> {
    let memory = image.needs.memory.as_ref()?;
    let above = memory.too_low.map(|low| low + 1);
    let mebibytes = memory.floor.or(above).or(memory.request).or(memory.limit)?;
    let kind = NeedKind::Memory(u64::from(mebibytes) * MEBIBYTE);
    let claim = format!("needs about {mebibytes} MiB of memory");
    Some(image.need_of(kind, memory.evidence, &claim, memory.text.as_deref()))
}

fn token_need(image: &KnownStart<'_>) -> Option<ProgramNeed> {
    let token = &image.needs.api_token;
    let (evidence, claim) = match token.need {
        // One of its own, in a volume, is no token that a pod could leave out.
        TokenUse::No | TokenUse::Projected => return None,
        TokenUse::Sometimes => (FactEvidence::Derived, "asks the Kubernetes API in some uses"),
        // A client that stands in the manifest is what it is there for.
        TokenUse::Yes => (FactEvidence::Stated, "is a client of the Kubernetes API"),
    };
    Some(image.need_of(NeedKind::ApiToken, evidence, claim, token.text.as_deref()))
}

fn node_access(image: &KnownStart<'_>) -> Option<ProgramNeed> {
    let (needs, host) = (image.needs, &image.needs.host);
    let (evidence, claim) = match host.role {
        HostRole::None if needs.capabilities.privileged => {
            (needs.capabilities.evidence, "is privileged by design")
        }
        HostRole::None => return None,
        // Whoever sets that is another container, or nobody.
        HostRole::Setting => return None,
        HostRole::Sometimes => (FactEvidence::Derived, "is an agent of the node in some uses"),
        HostRole::Agent => (host.evidence, "is an agent of the node"),
        HostRole::Privileged => (host.evidence, "is privileged by design"),
    };
    Some(image.need_of(NeedKind::NodeAccess, evidence, claim, host.text.as_deref()))
}
