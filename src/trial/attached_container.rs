//! Watches one running container: its end, its output, its processes, its ports and its memory.

use std::time::{Duration, Instant};

use serde::Deserialize;

use super::bounded_output::BoundedOutput;
use super::container_engine::ContainerEngine;
use super::engine_process::AttachedClient;
use super::failure_words::{FailureClue, read_clue};
use super::kernel_view::KernelView;
use super::pod_launch::ContainerLaunch;
use super::probes::{AskedContainer, ProbeHelper, ProbeStates, read_ports_inside};
use super::process_list::list_processes;
use super::run_record::{ContainerRun, RunEnd};
use super::run_settings::RunSettings;
use super::start_hook::StartHook;
use super::trial_error::{TrialError, engine_reason};

/// The moments at which its processes are listed: many a program drops its root at the start.
const PROCESS_LOOKS: [Duration; 3] =
    [Duration::from_millis(150), Duration::from_millis(600), Duration::from_millis(2000)];
/// The status of a client that did not come to its end.
const HANGING_STATUS: i32 = -1;
/// The time between two questions that the engine's client answers.
const ASK_INTERVAL: Duration = Duration::from_millis(400);

/// A container that was started.
pub(super) struct AttachedContainer<'p> {
    pub name: String,
    pub launch: &'p ContainerLaunch,
    client: AttachedClient,
    stdout: BoundedOutput,
    stderr: BoundedOutput,
    started: Instant,
    asked: Option<Instant>,
    process_looks: usize,
    kernel: Option<KernelView>,
    /// True once the engine has said that its first process is there.
    is_running: bool,
    probes: ProbeStates<'p>,
    start_hook: Option<StartHook<'p>>,
    has_ended: bool,
    record: ContainerRun,
}

/// The state of a container, as `inspect` has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct InspectedState {
    status: String,
    running: bool,
    #[serde(rename = "OOMKilled")]
    out_of_memory: bool,
    pid: u32,
    exit_code: i32,
    error: String,
}

impl<'p> AttachedContainer<'p> {
    /// Starts the container of that name.
    ///
    /// # Errors
    /// When the client cannot be started.
    pub(super) fn start(
        engine: &ContainerEngine,
        launch: &'p ContainerLaunch,
        name: &str,
    ) -> Result<Self, TrialError> {
        let (stdout, stderr) = (BoundedOutput::default(), BoundedOutput::default());
        // The signals of this program are not the container's.
        let words = ["start", "--attach", "--sig-proxy=false", "--", name].map(str::to_owned);
        let client = AttachedClient::start(&engine.command(&words), &stdout, &stderr)
            .map_err(|_| TrialError::NoEngine)?;
        let record =
            ContainerRun { name: launch.name.clone(), is_init: launch.is_init, ..ContainerRun::default() };
        Ok(Self {
            name: name.to_owned(),
            launch,
            client,
            stdout,
            stderr,
            started: Instant::now(),
            asked: None,
            process_looks: 0,
            kernel: None,
            is_running: false,
            probes: ProbeStates::new(&launch.probes),
            start_hook: launch.start_hook.as_deref().map(StartHook::new),
            has_ended: false,
            record,
        })
    }

    pub(super) const fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// True where its first process was seen and has not ended: then it has a network.
    pub(super) const fn has_network(&self) -> bool {
        self.is_running && !self.has_ended
    }

    /// True where its first process was seen, or it has ended without one.
    pub(super) const fn has_begun(&self) -> bool {
        self.is_running || self.has_ended
    }

    /// True where it has ended otherwise than well.
    pub(super) fn has_failed(&self) -> bool {
        self.has_ended && !matches!(self.record.end, RunEnd::Exited(0))
    }

    /// Takes in what is to be seen now.
    pub(super) fn look(&mut self, settings: &RunSettings<'_>, helper: Option<&ProbeHelper>) {
        if self.has_ended {
            return;
        }
        if let Some(status) = self.client.ended()
            && self.take_end(settings, status)
        {
            return;
        }
        let now = self.started.elapsed();
        if let Some(kernel) = &self.kernel {
            self.record.memory = self.record.memory.max(kernel.own_memory());
            self.record.lacked_memory |= kernel.lacked_memory();
            self.record.met_process_limit |= kernel.lacked_processes();
        }
        if self.asked.is_none_or(|asked| asked.elapsed() >= ASK_INTERVAL)
            || self.kernel.is_none() && now < ASK_INTERVAL
        {
            self.asked = Some(Instant::now());
            self.ask_engine(settings);
        }
        if self.is_running
            && let Some(hook) = &mut self.start_hook
            && let Some(reason) = hook.look(settings.engine, &self.name)
        {
            self.stop(settings, &reason);
            return;
        }
        self.look_at_probes(settings, helper);
        if PROCESS_LOOKS.get(self.process_looks).is_some_and(|due| now >= *due) {
            self.process_looks += 1;
            self.add_processes(settings);
        }
    }

    /// Ends it before its time.
    pub(super) fn stop(&mut self, settings: &RunSettings<'_>, reason: &str) {
        if !self.has_ended {
            let words = ["kill", "--signal=KILL", "--", &self.name].map(str::to_owned);
            settings.engine.clean(&words, settings.is_awaited);
            self.has_ended = true;
            self.record.end = RunEnd::Stopped(reason.to_owned());
            self.record.lasted = self.started.elapsed();
        }
    }

    /// The record of all that was seen, once the watch is over.
    pub(super) fn finish(mut self, settings: &RunSettings<'_>) -> ContainerRun {
        if !self.has_ended {
            self.record.lasted = self.started.elapsed();
            self.ask_engine(settings);
            self.note_hanging_start(settings);
            self.add_processes(settings);
            if let Some(kernel) = &self.kernel {
                self.record.memory = self.record.memory.max(kernel.peak_memory());
            }
            self.record.is_ready = self.probes.are_met();
            self.record.probes = self.probes.seen(self.record.lasted);
            if self.launch.is_init && self.record.end == RunEnd::Running {
                self.record.end =
                    RunEnd::Stopped("an init container must end before the others start".to_owned());
            }
        }
        self.record.lines = self.stdout.lines();
        self.record.error_lines = self.stderr.lines();
        // A loud program that is well is not read through.
        let says_so = |record: &ContainerRun| {
            record.lines_from_last().any(|line| read_clue(line) == Some(FailureClue::Processes))
        };
        self.record.met_process_limit |= !self.record.is_well() && says_so(&self.record);
        self.record.error_lines.extend(self.start_hook.iter().flat_map(StartHook::lines));
        self.record
    }

    /// Takes in the end, which the client has told; false where only the client has ended.
    fn take_end(&mut self, settings: &RunSettings<'_>, client_status: i32) -> bool {
        let state = self.inspect(settings);
        if state.running {
            return false;
        }
        self.has_ended = true;
        self.record.lasted = self.started.elapsed();
        self.record.lacked_memory |= state.out_of_memory;
        let was_started =
            state.status != "created" && state.status != "configured" && state.status != "initialized";
        self.record.end = if was_started && state.error.is_empty() {
            RunEnd::Exited(state.exit_code)
        } else {
            let said = self.stderr.lines().join("\n");
            let reason = if state.error.is_empty() { said } else { state.error };
            RunEnd::NotStarted { status: client_status, reason: engine_reason(&reason) }
        };
        true
    }

    /// A container that the engine was told to start, and that has not begun, has not run.
    fn note_hanging_start(&mut self, settings: &RunSettings<'_>) {
        if self.is_running || self.inspect(settings).running {
            return;
        }
        let (program, seconds) = (&settings.engine.program, self.record.lasted.as_secs());
        let reason = format!("`{program} start` has not started it within {seconds} s");
        self.record.end = RunEnd::NotStarted { status: HANGING_STATUS, reason };
    }

    fn inspect(&self, settings: &RunSettings<'_>) -> InspectedState {
        let words = ["inspect", "--type=container", "--format={{json .State}}", "--", &self.name];
        let answer = settings.engine.ask(&words, settings.is_awaited).unwrap_or_default();
        serde_json::from_slice(&answer.stdout).unwrap_or_default()
    }

    /// Asks what only the engine's client can tell, or what takes its time.
    fn ask_engine(&mut self, settings: &RunSettings<'_>) {
        if self.kernel.is_none() {
            let words = ["inspect", "--type=container", "--format={{.Id}} {{.State.Pid}}", "--", &self.name];
            let text = settings.engine.ask(&words, settings.is_awaited).unwrap_or_default().text();
            let place = text
                .split_once(' ')
                .and_then(|(id, pid)| Some((id, pid.parse::<u32>().ok().filter(|pid| *pid > 0)?)));
            self.is_running |= place.is_some();
            self.kernel = place.and_then(|(id, pid)| KernelView::of_process(pid, id));
        }
        let ports = self.kernel.as_ref().and_then(KernelView::ports);
        let ports = ports.or_else(|| read_ports_inside(settings, &self.name)).unwrap_or_default();
        let now = self.started.elapsed();
        if !ports.is_empty() {
            self.record.ready_after.get_or_insert(now);
        }
        self.record.ports.extend(&ports);
    }

    fn look_at_probes(&mut self, settings: &RunSettings<'_>, helper: Option<&ProbeHelper>) {
        let (engine_name, name, ports) = (&self.name, &self.launch.name, &self.record.ports);
        let asked = AskedContainer { engine_name, name, ports, helper, now: self.started.elapsed() };
        self.probes.look(settings, &asked);
        if self.probes.are_met() == Some(true) && self.record.is_ready.is_none() {
            self.record.is_ready = Some(true);
            self.record.ready_after = Some(self.started.elapsed());
        }
    }

    fn add_processes(&mut self, settings: &RunSettings<'_>) {
        for process in list_processes(settings, &self.name) {
            if !self.record.processes.contains(&process) && self.record.processes.len() < 64 {
                self.record.processes.push(process);
            }
        }
    }
}
