//! Says why a trial could not be made, and what to do about it.

use thiserror::Error;

use super::engine_process::EngineAnswer;

/// The reason why a trial could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TrialError {
    #[error("no container engine is here: install podman or docker, or put it on the path")]
    NoEngine,
    #[error(
        "{program} does not answer: {reason}; start its service, or take the other engine with `engine` in seaworthy.toml"
    )]
    EngineSilent { program: String, reason: String },
    #[error(
        "`{command}` did not answer within {seconds} s: see whether `{program} ps` answers, start the engine's service anew \
         where it does not, then try again"
    )]
    EngineHangs { command: String, seconds: u64, program: String },
    #[error(
        "{program} may not be used: {reason}; ask for the right to use it (for docker the group `docker`), or take podman"
    )]
    NoPermission { program: String, reason: String },
    #[error("the image {image} is not here: {advice}")]
    ImageAbsent { image: String, advice: String },
    #[error("the build of {dockerfile} failed: {reason}")]
    BuildFailed { dockerfile: String, reason: String },
    #[error("{doing} failed: {reason}")]
    EngineRefused { doing: String, reason: String },
    #[error("{0}")]
    CannotMirror(String),
    #[error("it was stopped")]
    Stopped,
}

impl TrialError {
    /// The error of an engine that did not do something, by the answer of its client.
    pub(super) fn refused(doing: impl Into<String>, answer: &EngineAnswer) -> Self {
        let reason = match (answer.stderr.trim().is_empty(), answer.status) {
            (true, Some(status)) => {
                format!("its client ended with {status} and said nothing; `info` of it may tell more")
            }
            (true, None) => {
                "its client was ended by a signal and said nothing; `info` of it may tell more".to_owned()
            }
            (false, _) => engine_reason(&answer.stderr),
        };
        Self::EngineRefused { doing: doing.into(), reason }
    }
}

/// The line of an engine's error output that says why: the first that is no warning.
#[must_use]
pub(super) fn engine_reason(stderr: &str) -> String {
    let is_warning = |line: &&str| {
        let lower = line.to_lowercase();
        lower.contains("level=warning") || lower.starts_with("warning") || lower.starts_with("deprecated")
    };
    let mut lines =
        stderr.lines().map(str::trim).filter(|line| !line.is_empty()).filter(|line| !is_warning(line));
    let line = lines.next().unwrap_or("it said nothing");
    let line = line.trim_start_matches("Error: ").trim_start_matches("docker: ");
    // What the runtime says of a program that it cannot execute stands behind the names of all that handed it on.
    let line =
        ["exec: \"", "exec /"].iter().find_map(|words| line.find(words)).map_or(line, |at| &line[at..]);
    let line = line.split(": OCI ").next().unwrap_or(line);
    crate::text::make_printable(line).chars().take(400).collect()
}

#[cfg(test)]
mod tests {
    use super::engine_reason;

    #[test]
    fn what_the_runtime_says_of_a_program_is_the_reason() {
        let podman = "Error: unable to start container ac46: runc: runc create failed: unable to start container process: \
                      exec /entry: permission denied: OCI permission denied\n";
        assert_eq!(engine_reason(podman), "exec /entry: permission denied");
        let absent = "Error: runc: runc create failed: exec: \"buoy\": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found";
        assert_eq!(engine_reason(absent), "exec: \"buoy\": executable file not found in $PATH");
    }
}
