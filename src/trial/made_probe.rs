//! Makes a manifest's probe inside a container's network, as far as the image has what that takes.

use std::collections::BTreeSet;
use std::time::Duration;

use super::pod_launch::LaunchProbe;
use super::run_settings::RunSettings;

/// The longest that one probe may take.
const PROBE_TIME: Duration = Duration::from_secs(5);
/// The statuses by which an engine says that the image has no such program.
const NO_PROGRAM: [i32; 3] = [125, 126, 127];

/// The answer to a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProbeAnswer {
    Met,
    NotYet,
}

/// Makes the probe. A request of HTTP is made by the image's own wget; without one it is enough that the port takes
/// connections.
pub(super) fn make_probe(
    settings: &RunSettings<'_>,
    container: &str,
    probe: &LaunchProbe,
    ports: &BTreeSet<u16>,
) -> ProbeAnswer {
    let status_of = |words: &[String]| {
        let start = ["exec".to_owned(), container.to_owned()];
        let answer = settings.engine.run(&[&start[..], words].concat(), PROBE_TIME, settings.is_awaited);
        answer.ok().and_then(|answer| answer.status)
    };
    let is_met = match probe {
        LaunchProbe::Exec(words) => status_of(words) == Some(0),
        LaunchProbe::Port(port) => ports.contains(port),
        LaunchProbe::Http { port, path } => {
            let address = format!("http://127.0.0.1:{port}/{}", path.trim_start_matches('/'));
            let request = ["wget", "-q", "-O", "/dev/null", &address].map(str::to_owned);
            ports.contains(port)
                && status_of(&request).is_none_or(|status| status == 0 || NO_PROGRAM.contains(&status))
        }
    };
    if is_met { ProbeAnswer::Met } else { ProbeAnswer::NotYet }
}

/// The ports that listen, read by the image's own `cat`, where this machine's kernel does not show them.
pub(super) fn read_ports_inside(settings: &RunSettings<'_>, container: &str) -> Option<BTreeSet<u16>> {
    let words = ["exec", container, "cat", "/proc/net/tcp", "/proc/net/tcp6"].map(str::to_owned);
    let answer = settings.engine.run(&words, PROBE_TIME, settings.is_awaited).ok()?;
    let text = answer.text();
    (!text.is_empty())
        .then(|| super::kernel_view::listening_ports(&text, super::kernel_view::TCP_LISTENS).collect())
}
