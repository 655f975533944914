//! Finds the container engine of the user and asks it things, by its command line.

use std::time::Duration;

use super::cleaning_state::CleaningState;
use super::engine_limits::EngineLimits;
use super::engine_process::{EngineAnswer, run_client};
use super::trial_error::{TrialError, engine_reason};

/// The time for a question that the engine answers from what it knows.
const QUESTION_TIME: Duration = Duration::from_secs(30);
/// The time in which a thing is removed.
const REMOVAL_TIME: Duration = Duration::from_secs(60);

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
    /// The bounds that it holds containers to.
    pub limits: EngineLimits,
    /// The folder of its images and containers, where that can be told.
    pub storage: Option<String>,
    /// How it gets on with cleaning up.
    pub cleaning: CleaningState,
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
            let answer =
                run_client(&words, None, QUESTION_TIME, is_awaited).map_err(|_| TrialError::NoEngine)?;
            check_end(&words, QUESTION_TIME, answer, is_awaited)
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
        let limits = match kind {
            _ if !is_rootless => EngineLimits::ALL,
            EngineKind::Docker => {
                EngineLimits::parse_docker(&ask(&["info", "--format", EngineLimits::DOCKER_FORMAT])?.text())
            }
            EngineKind::Podman => {
                let answer = ask(&["info", "--format", EngineLimits::PODMAN_FORMAT])?;
                if answer.succeeded() {
                    EngineLimits::parse_podman(&answer.text())
                } else {
                    EngineLimits::ALL
                }
            }
        };
        let (program, cleaning) = (program.to_owned(), CleaningState::default());
        Ok(Self { program, kind, version, is_rootless, limits, storage, cleaning })
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
        let words = self.command(words);
        let answer = run_client(&words, None, limit, is_awaited).map_err(|_| TrialError::NoEngine)?;
        check_end(&words, limit, answer, is_awaited)
    }

    /// Asks a question that is answered at once.
    pub(super) fn ask(
        &self,
        words: &[&str],
        is_awaited: StillAwaited<'_>,
    ) -> Result<EngineAnswer, TrialError> {
        self.run(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), QUESTION_TIME, is_awaited)
    }

    /// Cleans up: that goes on when all else has stopped, but not for long once nobody waits.
    pub(super) fn clean(&self, words: &[String], is_awaited: StillAwaited<'_>) -> EngineAnswer {
        self.clean_within(words, REMOVAL_TIME, is_awaited)
    }

    /// Does something for cleaning up, within this time.
    pub(super) fn clean_within(
        &self,
        words: &[String],
        limit: Duration,
        is_awaited: StillAwaited<'_>,
    ) -> EngineAnswer {
        let has_time = || self.cleaning.has_time(is_awaited);
        if !has_time() {
            return EngineAnswer { was_ended: true, ..EngineAnswer::default() };
        }
        run_client(&self.command(words), None, limit, &has_time).unwrap_or_default()
    }

    /// Hands bytes to the client.
    pub(super) fn feed(
        &self,
        words: &[String],
        input: Vec<u8>,
        is_awaited: StillAwaited<'_>,
    ) -> Result<EngineAnswer, TrialError> {
        let words = self.command(words);
        let answer =
            run_client(&words, Some(input), QUESTION_TIME, is_awaited).map_err(|_| TrialError::NoEngine)?;
        check_end(&words, QUESTION_TIME, answer, is_awaited)
    }
}

/// The answer of a client that came to its end; else that nobody waits any more, or that the engine hangs.
fn check_end(
    words: &[String],
    limit: Duration,
    answer: EngineAnswer,
    is_awaited: StillAwaited<'_>,
) -> Result<EngineAnswer, TrialError> {
    match answer.was_ended {
        false => Ok(answer),
        true if !is_awaited() => Err(TrialError::Stopped),
        true => Err(TrialError::EngineHangs {
            command: short_command(words),
            seconds: limit.as_secs(),
            program: words.first().cloned().unwrap_or_default(),
        }),
    }
}

/// What a client was told to do, without its options: `podman volume create`.
pub(super) fn short_command(words: &[String]) -> String {
    let is_name = |word: &&String| word.bytes().all(|byte| byte.is_ascii_lowercase());
    let doing = words.iter().skip(1).take(2).take_while(is_name);
    words.iter().take(1).chain(doing).cloned().collect::<Vec<_>>().join(" ")
}

fn silence(program: &str, answer: &EngineAnswer) -> TrialError {
    let reason = engine_reason(&answer.stderr);
    let program = program.to_owned();
    if reason.to_lowercase().contains("permission denied") {
        TrialError::NoPermission { program, reason }
    } else {
        TrialError::EngineSilent { program, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::short_command;

    #[test]
    fn a_command_is_named_without_its_options() {
        let short =
            |words: &[&str]| short_command(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        assert_eq!(short(&["podman", "volume", "create", "--label=x", "--", "v"]), "podman volume create");
        assert_eq!(short(&["docker", "create", "--name=x", "image"]), "docker create");
        assert_eq!(short(&["podman", "diff", "seaworthy-1"]), "podman diff");
    }
}
