//! Reads the probes of a container for the start of a trial, as a kubelet would read them.

use std::time::Duration;

use serde_yaml::Value;

use super::launch_probe::{HttpProbe, LaunchProbe, ProbeAction, ProbeKind, ProbeTiming};
use crate::kubernetes::Container;
use crate::kubernetes::model::{HostAction, ProbeHandler};
use crate::trial::expand_variables::expand_references;
use crate::yaml::Lenient;

/// The longest time that a field of a probe may say; longer ones are no more than this.
const LONGEST: i64 = 24 * 3600;

/// The container's probes: the startup probe first, since the others are made once that is met.
pub(in crate::trial) fn read_probes(container: &Container, env: &[(String, String)]) -> Vec<LaunchProbe> {
    let model = &container.model;
    let fields = [
        (ProbeKind::Startup, &model.startup_probe),
        (ProbeKind::Readiness, &model.readiness_probe),
        (ProbeKind::Liveness, &model.liveness_probe),
    ];
    let read = fields.into_iter().filter_map(|(kind, handler)| {
        let handler = handler.get()?;
        Some(LaunchProbe {
            kind,
            action: read_action(container, handler, env)?,
            timing: read_timing(handler),
        })
    });
    read.collect()
}

/// What a probe or a hook asks or runs.
pub(in crate::trial) fn read_action(
    container: &Container,
    handler: &ProbeHandler,
    env: &[(String, String)],
) -> Option<ProbeAction> {
    if let Some(exec) = handler.exec.get() {
        let words = exec.command.valid_items().map(|(_, word)| expand_references(word, env));
        let words: Vec<String> = words.collect();
        return (!words.is_empty()).then_some(ProbeAction::Exec(words));
    }
    let host = |action: &HostAction| action.host.get().cloned().unwrap_or_default();
    if let Some(action) = handler.http_get.get() {
        let headers = action.http_headers.valid_items();
        let headers = headers.filter_map(|(_, own)| {
            Some((own.name.get()?.clone(), own.value.get().cloned().unwrap_or_default()))
        });
        return Some(ProbeAction::Http(HttpProbe {
            is_encrypted: action.scheme.get().is_some_and(|scheme| scheme.eq_ignore_ascii_case("https")),
            host: host(action),
            port: read_port(container, &action.port)?,
            path: action.path.get().cloned().unwrap_or_else(|| "/".to_owned()),
            headers: headers.collect(),
        }));
    }
    if let Some(action) = handler.grpc.get() {
        let port = u16::try_from(*action.port.get()?).ok()?;
        return Some(ProbeAction::Grpc { port, service: action.service.get().cloned().unwrap_or_default() });
    }
    let action = handler.tcp_socket.get()?;
    Some(ProbeAction::Port { host: host(action), port: read_port(container, &action.port)? })
}

/// A port by its number, or by the name that the container gives it.
fn read_port(container: &Container, port: &Lenient<Value>) -> Option<u16> {
    let port = port.get()?;
    let number = port.as_u64().or_else(|| port.as_str()?.parse().ok());
    let named = || {
        let mut ports = container.model.ports.valid_items();
        let port = ports.find(|(_, own)| own.name.get().map(String::as_str) == port.as_str())?.1;
        port.container_port.get().and_then(|port| u64::try_from(*port).ok())
    };
    u16::try_from(number.or_else(named)?).ok()
}

/// A field that is not there, or no number above zero, is the default, as the API server has it.
fn read_timing(handler: &ProbeHandler) -> ProbeTiming {
    let number = |field: &Lenient<i64>| field.get().copied().filter(|value| *value > 0);
    let seconds = |field: &Lenient<i64>, default: Duration| {
        number(field).map_or(default, |value| Duration::from_secs(value.min(LONGEST).unsigned_abs()))
    };
    let count = |field: &Lenient<i64>, default: u32| {
        number(field).map_or(default, |value| u32::try_from(value.min(LONGEST)).unwrap_or(default))
    };
    let default = ProbeTiming::default();
    ProbeTiming {
        delay: seconds(&handler.initial_delay_seconds, default.delay),
        period: seconds(&handler.period_seconds, default.period),
        patience: seconds(&handler.timeout_seconds, default.patience),
        successes: count(&handler.success_threshold, default.successes),
        failures: count(&handler.failure_threshold, default.failures),
    }
}
