//! Runs within the network of a trial's pod: makes the probes again and again, and prints what is answered.

use std::io::Write;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use super::launch_probe::{LaunchProbe, ProbeKind};
use super::probe_request::make_request;
use super::probe_verdict::ProbeVerdict;
use crate::text::make_printable;

/// The first argument of this program where it is the helper; no command has such a name.
pub(super) const HELPER_ARGUMENT: &str = "--probe-helper-of-a-trial";
/// What it prints first.
pub(super) const HELPER_GREETING: &str = "asking";
/// The time between two probes that are not met; a kubelet's own time may be longer than a whole trial.
pub(super) const EAGER_TIME: Duration = Duration::from_millis(250);
/// The longest time between two that are.
pub(super) const CALM_TIME: Duration = Duration::from_secs(1);
/// The time between two looks at what is due.
const TICK: Duration = Duration::from_millis(50);

/// Makes probes where this process was started to do that, until it is ended; none for any other.
#[must_use]
pub fn run_probe_helper() -> Option<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next()? != HELPER_ARGUMENT {
        return None;
    }
    let Some(asked) = arguments.next().and_then(|text| read_probes_of_pod(text.to_str()?)) else {
        return Some(ExitCode::FAILURE);
    };
    print_line(HELPER_GREETING);
    // Where nothing is asked, it is there for what is mounted in it.
    while asked.is_empty() {
        std::thread::park();
    }
    std::thread::scope(|scope| {
        for (at, probes) in asked.iter().enumerate() {
            scope.spawn(move || ask_container(at, probes));
        }
    });
    Some(ExitCode::SUCCESS)
}

fn read_probes_of_pod(text: &str) -> Option<Vec<Vec<LaunchProbe>>> {
    serde_json::from_str(text).ok()
}

/// Asks one container for ever: its startup probe until that is met, then the others.
fn ask_container(at: usize, probes: &[LaunchProbe]) {
    let mut rows: Vec<(ProbeVerdict, Option<Instant>)> = vec![Default::default(); probes.len()];
    if !probes.iter().any(|probe| probe.action.is_asked_by_network()) {
        return;
    }
    loop {
        for (number, probe) in probes.iter().enumerate() {
            // A command is run by whoever has the engine; its answer is waited for there.
            let is_start = |kind| kind == ProbeKind::Startup;
            let is_starting = probes.iter().zip(&rows).any(|(other, (verdict, _))| {
                is_start(other.kind) && other.action.is_asked_by_network() && !verdict.is_met
            });
            let (verdict, asked) = &mut rows[number];
            let is_over = if is_start(probe.kind) { verdict.is_met } else { is_starting };
            let pause = if verdict.is_met { CALM_TIME.min(probe.timing.period) } else { EAGER_TIME };
            if is_over
                || !probe.action.is_asked_by_network()
                || asked.is_some_and(|asked| asked.elapsed() < pause)
            {
                continue;
            }
            let has_changed = verdict.take(probe.timing, make_request(probe));
            *asked = Some(Instant::now());
            if has_changed {
                let state = if verdict.is_met { "met" } else { "not" };
                print_line(&format!("{at} {number} {state} {}", make_printable(&verdict.words)));
            }
        }
        std::thread::sleep(TICK);
    }
}

/// Whoever reads no more has ended this, too.
fn print_line(line: &str) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{line}").and_then(|()| out.flush()).is_err() {
        std::process::exit(1);
    }
}
