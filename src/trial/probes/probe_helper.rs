//! Runs the helper container of a pod, which asks its containers through the network that they share.

use std::time::{Duration, Instant};

use super::helper_image::{HelperImage, needs_helper};
use super::launch_probe::LaunchProbe;
use super::probe_loop::HELPER_GREETING;
use crate::trial::bounded_output::BoundedOutput;
use crate::trial::container_engine::{ContainerEngine, StillAwaited};
use crate::trial::engine_process::AttachedClient;
use crate::trial::pod_launch::PodLaunch;
use crate::trial::trial_error::engine_reason;
use crate::trial::trial_marks::{label_option, unique_name};
use crate::trial::trial_things::TrialThings;

/// The time in which the helper is made.
const MAKE_TIME: Duration = Duration::from_secs(60);
/// The time in which it must have begun to ask.
const START_TIME: Duration = Duration::from_secs(15);

/// What a helper was answered.
pub(super) struct HelperAnswer {
    pub is_met: bool,
    pub words: String,
}

/// The helper of one run of a pod.
pub(in crate::trial) struct ProbeHelper {
    state: HelperState,
    name: String,
    /// The containers in the order in which it was given them.
    containers: Vec<String>,
    stdout: BoundedOutput,
    stderr: BoundedOutput,
}

enum HelperState {
    Made,
    Running {
        client: AttachedClient,
        since: Instant,
    },
    /// For this reason nothing is asked by it.
    Absent(String),
}

impl ProbeHelper {
    /// Makes the helper of a pod whose first container has this name in the engine; it is started later.
    pub(in crate::trial) fn make(
        engine: &ContainerEngine,
        image: &Result<HelperImage<'_>, String>,
        (pod, first): (&PodLaunch, &str),
        things: &mut TrialThings<'_>,
        is_awaited: StillAwaited<'_>,
    ) -> Option<Self> {
        if !needs_helper(pod) {
            return None;
        }
        let name = unique_name("probe");
        let state = match image {
            Err(reason) => HelperState::Absent(reason.clone()),
            Ok(image) => {
                things.note_container(&name);
                let words = helper_words(image, &name, first, pod);
                let made = engine.run(&words, MAKE_TIME, is_awaited).unwrap_or_default();
                if made.succeeded() {
                    HelperState::Made
                } else {
                    HelperState::Absent(format!(
                        "the engine makes no helper ({})",
                        engine_reason(&made.stderr)
                    ))
                }
            }
        };
        let containers = pod.main_containers().map(|own| own.name.clone()).collect();
        let (stdout, stderr) = (BoundedOutput::default(), BoundedOutput::default());
        Some(Self { state, name, containers, stdout, stderr })
    }

    /// Starts it, once there is a network to be in; not a second time.
    pub(in crate::trial) fn start(&mut self, engine: &ContainerEngine) {
        if !matches!(self.state, HelperState::Made) {
            return;
        }
        let words = ["start", "--attach", "--sig-proxy=false", "--", &self.name].map(str::to_owned);
        self.state = match AttachedClient::start(&engine.command(&words), &self.stdout, &self.stderr) {
            Ok(client) => HelperState::Running { client, since: Instant::now() },
            Err(error) => HelperState::Absent(format!("the helper cannot be started ({error})")),
        };
    }

    /// Looks whether it is still at work.
    pub(in crate::trial) fn look(&mut self) {
        let HelperState::Running { client, since } = &mut self.state else { return };
        let has_begun = || self.stdout.lines().first().is_some_and(|line| line == HELPER_GREETING);
        let reason = if client.ended().is_some() {
            let said = self.stderr.lines().join("\n");
            format!("the helper does not run here ({})", engine_reason(&said))
        } else if since.elapsed() > START_TIME && !has_begun() {
            "the helper does not answer".to_owned()
        } else {
            return;
        };
        self.state = HelperState::Absent(reason);
    }

    /// Why nothing is asked by it, where that is so.
    pub(super) fn absence(&self) -> Option<&str> {
        match &self.state {
            HelperState::Absent(reason) => Some(reason),
            _ => None,
        }
    }

    /// The last answer to a probe of a container.
    pub(super) fn answer(&self, container: &str, probe: usize) -> Option<HelperAnswer> {
        let at = self.containers.iter().position(|own| own == container)?;
        let start = format!("{at} {probe} ");
        let lines = self.stdout.lines();
        let said = lines.iter().rev().find_map(|line| line.strip_prefix(&start))?;
        let (state, words) = said.split_once(' ').unwrap_or((said, ""));
        Some(HelperAnswer { is_met: state == "met", words: words.to_owned() })
    }
}

fn helper_words(image: &HelperImage<'_>, name: &str, first: &str, pod: &PodLaunch) -> Vec<String> {
    let probes: Vec<&[LaunchProbe]> = pod.main_containers().map(|own| own.probes.as_slice()).collect();
    let mut words = vec!["create".to_owned(), format!("--name={name}"), label_option()];
    words.extend(image.bare_options(&format!("container:{first}")));
    words.extend(image.command_words(&serde_json::to_string(&probes).unwrap_or_default()));
    words
}
