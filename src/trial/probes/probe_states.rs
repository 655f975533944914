//! Follows the probes of one container while it runs: the startup probe first, then the others, as a kubelet would.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::launch_probe::{LaunchProbe, ProbeAction, ProbeKind};
use super::own_tools::{OwnTools, run_command};
use super::probe_helper::ProbeHelper;
use super::probe_loop::EAGER_TIME;
use super::probe_verdict::ProbeVerdict;
use crate::trial::run_record::{SeenProbe, seconds_text};
use crate::trial::run_settings::RunSettings;

/// The time between two commands in a container whose probe is met: each is a client of the engine.
const COMMAND_TIME: Duration = Duration::from_secs(2);
/// What this program's own way of asking may add to a time that a kubelet counts.
const SLACK: Duration = Duration::from_secs(2);

/// The probes of a container.
pub(in crate::trial) struct ProbeStates<'p> {
    probes: &'p [LaunchProbe],
    rows: Vec<ProbeRow>,
    tools: OwnTools,
}

#[derive(Clone, Default)]
struct ProbeRow {
    verdict: ProbeVerdict,
    asked: Option<Instant>,
    /// When it was met first.
    met_after: Option<Duration>,
    /// Why no more than this was asked.
    shortfall: Option<String>,
}

/// What is known of a container when it is asked.
pub(in crate::trial) struct AskedContainer<'a> {
    /// The engine's name of it, and the pod's.
    pub engine_name: &'a str,
    pub name: &'a str,
    pub ports: &'a BTreeSet<u16>,
    pub helper: Option<&'a ProbeHelper>,
    /// The time since its start.
    pub now: Duration,
}

impl<'p> ProbeStates<'p> {
    pub(in crate::trial) fn new(probes: &'p [LaunchProbe]) -> Self {
        Self { probes, rows: vec![ProbeRow::default(); probes.len()], tools: OwnTools::default() }
    }

    /// True once all are met; none where there are none.
    pub(in crate::trial) fn are_met(&self) -> Option<bool> {
        let mut each = self.probes.iter().zip(&self.rows);
        (!self.probes.is_empty()).then(|| each.all(|(probe, row)| row.verdict.is_met && !row.is_late(probe)))
    }

    /// Takes in what can be asked now.
    pub(in crate::trial) fn look(&mut self, settings: &RunSettings<'_>, asked: &AskedContainer<'_>) {
        for at in 0..self.probes.len() {
            let probe = &self.probes[at];
            let row = &self.rows[at];
            let is_over =
                if probe.kind == ProbeKind::Startup { row.verdict.is_met } else { self.is_starting() };
            if !is_over {
                self.ask(at, settings, asked);
            }
            let row = &mut self.rows[at];
            if row.verdict.is_met {
                row.met_after.get_or_insert(asked.now);
            }
        }
    }

    fn is_starting(&self) -> bool {
        self.probes
            .iter()
            .zip(&self.rows)
            .any(|(probe, row)| probe.kind == ProbeKind::Startup && !row.verdict.is_met)
    }

    fn ask(&mut self, at: usize, settings: &RunSettings<'_>, asked: &AskedContainer<'_>) {
        let probe = &self.probes[at];
        let is_by_network = probe.action.is_asked_by_network();
        let absence = asked.helper.and_then(ProbeHelper::absence);
        let row = &mut self.rows[at];
        if is_by_network
            && absence.is_none()
            && let Some(helper) = asked.helper
        {
            if let Some(answer) = helper.answer(asked.name, at) {
                (row.verdict.is_met, row.verdict.words) = (answer.is_met, answer.words);
            }
            return;
        }
        let pause = if row.verdict.is_met { COMMAND_TIME } else { EAGER_TIME };
        if row.asked.is_some_and(|asked| asked.elapsed() < pause) {
            return;
        }
        let answer = match &probe.action {
            ProbeAction::Exec(words) => {
                run_command(settings, asked.engine_name, words, probe.timing.patience)
            }
            action => {
                let why = absence.unwrap_or("there is no helper");
                let told = self.tools.ask(settings, asked.engine_name, action, asked.ports);
                row.shortfall = Some(format!("{}, since {why}", told.means));
                told.answer
            }
        };
        row.verdict.take(probe.timing, answer);
        row.asked = Some(Instant::now());
    }

    /// What was seen of each, when the container has run so long.
    pub(in crate::trial) fn seen(&self, lasted: Duration) -> Vec<SeenProbe> {
        let is_starting = self.is_starting();
        let each = self.probes.iter().zip(&self.rows).map(|(probe, row)| {
            let is_met = row.verdict.is_met && !row.is_late(probe);
            let text = if is_starting && probe.kind != ProbeKind::Startup {
                "is not made before the startup probe is met".to_owned()
            } else {
                row.describe(probe, lasted)
            };
            let text = format!("its {} probe {text}", probe.kind.name());
            SeenProbe { is_met, text, answer: row.describe_answer(probe) }
        });
        each.collect()
    }
}

impl ProbeRow {
    /// True for a startup probe that a kubelet would not have waited for.
    fn is_late(&self, probe: &LaunchProbe) -> bool {
        let allowed = probe.timing.start_time() + SLACK;
        probe.kind == ProbeKind::Startup && self.met_after.is_some_and(|after| after > allowed)
    }

    /// What was asked and what came of it.
    fn describe_answer(&self, probe: &LaunchProbe) -> String {
        let words = if self.verdict.words.is_empty() { "was not asked in time" } else { &self.verdict.words };
        let said = format!("{} {words}", probe.action);
        if self.is_late(probe) {
            let (after, allowed) = (self.met_after.unwrap_or_default(), probe.timing.start_time());
            let (after, allowed) = (seconds_text(after), seconds_text(allowed));
            return format!("{said} after {after}, where a kubelet ends it after {allowed}");
        }
        said
    }

    fn describe(&self, probe: &LaunchProbe, lasted: Duration) -> String {
        let said = self.describe_answer(probe);
        let by = self.shortfall.as_ref().map(|means| format!("; {means}")).unwrap_or_default();
        if self.is_late(probe) {
            return format!("is met too late: {said}{by}");
        }
        if self.verdict.is_met {
            return format!("is met: {said}{by}");
        }
        // A program that is slow to start is given longer in a cluster, perhaps.
        let given = match probe.kind {
            ProbeKind::Startup => probe.timing.start_time(),
            _ => probe.timing.delay,
        };
        let longer = if given > lasted {
            format!("; the manifest gives it {}, and --time watches longer", seconds_text(given))
        } else {
            String::new()
        };
        format!("is not met: {said}{by}{longer}")
    }
}
