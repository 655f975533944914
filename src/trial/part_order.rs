//! Orders the parts of a hardening for trying them one by one: the one that the failed run points to comes first.

use super::failure_words::{FailureClue, read_clues};
use super::hardening_parts::HardeningPart;
use super::pod_launch::PodLaunch;
use super::run_record::{PodRun, RunEnd};

/// The parts in which the hardened pod differs, the suspected one first.
pub(super) fn order_parts(run: &PodRun, as_is: &PodLaunch, hardened: &PodLaunch) -> Vec<HardeningPart> {
    let suspect = suspect_part(run);
    let rest = HardeningPart::ALL.into_iter().filter(|part| Some(*part) != suspect);
    suspect.into_iter().chain(rest).filter(|part| part.differs(as_is, hardened)).collect()
}

/// The part that a failed run points to by its end and its last words.
fn suspect_part(run: &PodRun) -> Option<HardeningPart> {
    let failed = run.first_failure()?;
    if failed.lacked_memory || failed.end == RunEnd::Exited(137) {
        return Some(HardeningPart::Limits);
    }
    if matches!(failed.end, RunEnd::NotStarted { .. }) {
        return Some(HardeningPart::User);
    }
    let clues = read_clues(failed.lines_from_last());
    Some(match &clues.first()?.0 {
        FailureClue::ReadOnly { .. } => HardeningPart::ReadOnlyRoot,
        FailureClue::Memory => HardeningPart::Limits,
        FailureClue::SetUserId => HardeningPart::NoNewPrivileges,
        FailureClue::Absent { path: Some(path) } if path.contains("/serviceaccount") => HardeningPart::Token,
        FailureClue::Absent { .. } => HardeningPart::Mounts,
        _ => HardeningPart::User,
    })
}
