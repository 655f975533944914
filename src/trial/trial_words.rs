//! Words the needs and failures of a trial, for cautions, reports and the screen.

use super::run_arguments::MAX_PROCESSES;
use super::run_record::{ContainerRun, PodRun, RunEnd};
use super::trial_target::TrialTarget;
use crate::needs::{NeedKind, describe_need};

/// The longest line of a program that is cited, in characters.
const MAX_CITED: usize = 160;

/// A need with what shows it, in a sentence without a full stop.
#[must_use]
pub(super) fn need_reason(container: &str, kind: &NeedKind, line: Option<&str>, engine: &str) -> String {
    let seen = line.map(|line| format!(": \"{}\"", cite(line))).unwrap_or_default();
    format!("`{container}` needs {}, as a trial showed ({engine}){seen}", describe_need(kind))
}

/// The failure of a container in a sentence.
#[must_use]
pub(super) fn failure_sentence(failed: &ContainerRun) -> String {
    // What could not be started has said nothing: its lines are the engine's.
    let was_started = !matches!(failed.end, RunEnd::NotStarted { .. });
    let line = failed.lines_from_last().next().filter(|_| was_started);
    let line = line.map(|line| format!(": \"{}\"", cite(line))).unwrap_or_default();
    format!("`{}` {}{line}", failed.name, failed.end_text())
}

/// Why nothing is told by an app that is not well as it is.
#[must_use]
pub(super) fn undecided_reason(as_is: &PodRun) -> String {
    let is_unready = as_is.first_failure().is_some_and(|failed| failed.end == RunEnd::Running);
    if as_is.met_process_limit() {
        limit_reason()
    } else if is_unready {
        "it does not become ready here as it is either".to_owned()
    } else {
        "it does not start here as it is either".to_owned()
    }
}

/// That the trial, and not the hardening, kept a program from what it does.
#[must_use]
pub(super) fn limit_reason() -> String {
    format!("it met the trial's own limit of {MAX_PROCESSES} processes")
}

/// Why a limit of memory was not tried: volumes that lie on the disk in a cluster count against it here.
#[must_use]
pub(super) fn memory_reason(run: &PodRun) -> String {
    format!(
        "{}, and its emptyDirs count against its memory here, as they do not in a cluster",
        failure_text(run)
    )
}

/// How a run failed, in a sentence.
#[must_use]
pub(super) fn failure_text(run: &PodRun) -> String {
    match run.first_failure() {
        Some(failed) => failure_sentence(failed),
        None => "it ran, but did not listen where it did".to_owned(),
    }
}

/// The line of a run that names a folder.
#[must_use]
pub(super) fn line_about(run: &PodRun, container: &str, folder: &str) -> Option<String> {
    let lines = || run.container(container).into_iter().flat_map(ContainerRun::lines_from_last);
    lines().find(|line| !folder.is_empty() && line.contains(folder)).map(str::to_owned)
}

/// Why no fix of an app was tried.
#[must_use]
pub(super) fn idle_reason(target: &TrialTarget) -> String {
    if target.path.as_str().starts_with("../") {
        // The fixes of a base are found where its folder is in view.
        return format!(
            "what would harden it is written in {}, outside of the folder in view: try it from the folder above both, \
             where `--app FOLDER:NAME` names a kustomization's app",
            target.path
        );
    }
    "there is nothing to harden that a trial could try".to_owned()
}

/// A line as it is cited.
#[must_use]
pub(super) fn cite(line: &str) -> String {
    let line = line.trim();
    if line.chars().count() <= MAX_CITED {
        line.to_owned()
    } else {
        line.chars().take(MAX_CITED).chain("...".chars()).collect()
    }
}
