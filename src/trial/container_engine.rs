//! Finds the container engine of the user and asks it things, by its command line.

use std::time::Duration;

use super::engine_process::{EngineAnswer, run_client};
use super::trial_error::{TrialError, engine_reason};

/// The time for a question that the engine answers from what it knows.
const QUESTION_TIME: Duration = Duration::from_secs(30);

/// The family of an engine: by its own word, not by the name of its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EngineKind {
    Docker,
    Podman,
}

/// An engine that answers.
#[derive(Clone, Debug)]
pub struct ContainerEngine {
    /// The program as it is started.
    pub program: String,
    pub kind: EngineKind,
    /// Such as `4.3.1`.
    pub version: String,
    /// True where its root is not the machine's.
    pub is_rootless: bool,
    /// False where it is known not to bound the memory of containers, as a rootless one on the first kind of cgroups.
    pub bounds_memory: bool,
    /// The folder of its images and containers, where that can be told.
    pub storage: Option<String>,
}

/// Whether anybody still waits for the answer.
pub type StillAwaited<'a> = &'a dyn Fn() -> bool;

impl ContainerEngine {
    /// The engine that a person named, else podman or docker, whichever is there and answers.
    ///
    /// # Errors
    /// When there is none, or none that answers.
    pub fn find(named: Option<&str>, is_awaited: StillAwaited<'_>) -> Result<Self, TrialError> {
        let programs: Vec<&str> = named.map_or_else(|| vec!["docker", "podman"], |named| vec![named]);
        let mut silent = None;
        for program in programs {
            match Self::greet(program, is_awaited) {
                Ok(engine) => return Ok(engine),
                Err(TrialError::NoEngine) => {}
                Err(error) => silent = silent.or(Some(error)),
            }
        }
        Err(silent.unwrap_or(TrialError::NoEngine))
    }

    /// Asks a program what it is, and whether it works.
    fn greet(program: &str, is_awaited: StillAwaited<'_>) -> Result<Self, TrialError> {
        let ask = |words: &[&str]| {
            let words: Vec<String> =
                std::iter::once(program).chain(words.iter().copied()).map(str::to_owned).collect();
            run_client(&words, None, QUESTION_TIME, is_awaited).map_err(|_| TrialError::NoEngine)
        };
        let own_words = ask(&["--version"])?;
        // docker may be podman's wrapper.
        let kind = if own_words.text().to_lowercase().contains("podman") {
            EngineKind::Podman
        } else {
            EngineKind::Docker
        };
        let format = match kind {
            EngineKind::Docker => "{{.ServerVersion}}|{{.DockerRootDir}}|{{.SecurityOptions}}",
            EngineKind::Podman => "{{.Version.Version}}|{{.Store.GraphRoot}}|{{.Host.Security.Rootless}}",
        };
        let answer = ask(&["info", "--format", format])?;
        let text = answer.text();
        let mut parts = text.split('|');
        let version = parts.next().unwrap_or_default().trim().to_owned();
        if !answer.succeeded() || version.is_empty() {
            return Err(silence(program, &answer));
        }
        let storage = parts.next().map(str::trim).filter(|path| path.starts_with('/')).map(str::to_owned);
        let is_rootless = parts.next().is_some_and(|word| word.contains("true") || word.contains("rootless"));
        let bounds_memory = !is_rootless
            || match kind {
                EngineKind::Docker => ask(&["info", "--format", "{{.MemoryLimit}}"])?.text() != "false",
                EngineKind::Podman => {
                    let answer = ask(&["info", "--format", "{{.Host.CgroupControllers}}"])?;
                    !answer.succeeded() || answer.text().contains("memory")
                }
            };
        Ok(Self { program: program.to_owned(), kind, version, is_rootless, bounds_memory, storage })
    }

    #[must_use]
    pub fn is_podman(&self) -> bool {
        self.kind == EngineKind::Podman
    }

    /// The engine in a sentence: `podman 4.3`.
    #[must_use]
    pub fn short_name(&self) -> String {
        let kind = if self.is_podman() { "podman" } else { "docker" };
        let short: Vec<&str> = self.version.split('.').take(2).collect();
        format!("{kind} {}", short.join("."))
    }

    /// The whole command of some words.
    #[must_use]
    pub(super) fn command(&self, words: &[String]) -> Vec<String> {
        std::iter::once(self.program.clone()).chain(words.iter().cloned()).collect()
    }

    /// Runs the client with these words.
    pub(super) fn run(
        &self,
        words: &[String],
        limit: Duration,
        is_awaited: StillAwaited<'_>,
    ) -> Result<EngineAnswer, TrialError> {
        let answer =
            run_client(&self.command(words), None, limit, is_awaited).map_err(|_| TrialError::NoEngine)?;
        if answer.was_ended && !is_awaited() {
            return Err(TrialError::Stopped);
        }
        Ok(answer)
    }

    /// Asks a question that is answered at once.
    pub(super) fn ask(
        &self,
        words: &[&str],
        is_awaited: StillAwaited<'_>,
    ) -> Result<EngineAnswer, TrialError> {
        self.run(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), QUESTION_TIME, is_awaited)
    }

    /// Does something for which nobody may be waiting any more: cleaning up goes on when all else has stopped.
    pub(super) fn clean(&self, words: &[String]) -> EngineAnswer {
        run_client(&self.command(words), None, QUESTION_TIME, &|| true).unwrap_or_default()
    }

    /// Hands bytes to the client.
    pub(super) fn feed(&self, words: &[String], input: Vec<u8>) -> EngineAnswer {
        run_client(&self.command(words), Some(input), QUESTION_TIME, &|| true).unwrap_or_default()
    }
}

fn silence(program: &str, answer: &EngineAnswer) -> TrialError {
    let reason = if answer.was_ended {
        format!("it took longer than {} s", QUESTION_TIME.as_secs())
    } else {
        engine_reason(&answer.stderr)
    };
    let program = program.to_owned();
    if reason.to_lowercase().contains("permission denied") {
        TrialError::NoPermission { program, reason }
    } else {
        TrialError::EngineSilent { program, reason }
    }
}
