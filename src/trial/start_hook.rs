//! Runs the command that a kubelet runs in a container as soon as that has started, beside its program.

use super::bounded_output::BoundedOutput;
use super::container_engine::ContainerEngine;
use super::engine_process::AttachedClient;

/// The `postStart` hook of a container, if it is a command.
pub(super) struct StartHook<'p> {
    words: &'p [String],
    state: HookState,
    stdout: BoundedOutput,
    stderr: BoundedOutput,
}

enum HookState {
    Waiting,
    Running(AttachedClient),
    Over,
}

impl<'p> StartHook<'p> {
    pub(super) fn new(words: &'p [String]) -> Self {
        let (stdout, stderr) = (BoundedOutput::default(), BoundedOutput::default());
        Self { words, state: HookState::Waiting, stdout, stderr }
    }

    /// Starts it in the container, which runs, or looks at how it fares: why a kubelet would end the container now, where
    /// it would.
    pub(super) fn look(&mut self, engine: &ContainerEngine, container: &str) -> Option<String> {
        match &mut self.state {
            HookState::Waiting => {
                let words = [&["exec".to_owned(), container.to_owned()], self.words].concat();
                let client = AttachedClient::start(&engine.command(&words), &self.stdout, &self.stderr);
                self.state = client.map_or(HookState::Over, HookState::Running);
                None
            }
            HookState::Running(client) => {
                let status = client.ended()?;
                self.state = HookState::Over;
                (status != 0).then(|| {
                    let said = self.lines();
                    let last = said.iter().rev().find(|line| !line.trim().is_empty());
                    let last = last.map(|line| format!(": {}", line.trim())).unwrap_or_default();
                    format!("its postStart hook ended with {status}{last}")
                })
            }
            HookState::Over => None,
        }
    }

    /// What it printed, the errors last.
    pub(super) fn lines(&self) -> Vec<String> {
        [self.stdout.lines(), self.stderr.lines()].concat()
    }
}
