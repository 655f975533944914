//! Finds what the commands that a manifest gives a container show: root, capabilities, set-user-id programs, the node.

use super::PodPlace;
use super::container_commands::{CommandOccasion, ContainerCommand};
use super::container_facts::ContainerCase;
use crate::needs::command_needs::effect_of;
pub(super) use crate::needs::command_needs::quote_call;
use crate::needs::{NeedKind, ProgramNeed, find_command_needs};

/// The needs of the programs that the commands call. A process that starts as another than root has neither root nor
/// any capability to lose; Windows knows neither.
pub(super) fn find_command_privileges(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    commands: &[ContainerCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    if place.pod.is_windows_only {
        return;
    }
    for line in commands {
        for command in &line.commands {
            for called in find_command_needs(command) {
                for (kind, certainty) in called.needs {
                    let of_root = matches!(kind, NeedKind::RootStart | NeedKind::Capability(_));
                    let repeats = needs.iter().any(|need| need.kind == kind && need.certainty >= certainty);
                    if repeats || (of_root && case.starts_as_root == Some(false)) {
                        continue;
                    }
                    let quoted = quote_call(called.call);
                    let runs = name_runner(case.name, line.occasion);
                    needs.push(ProgramNeed {
                        certainty,
                        reason: format!("{runs} `{quoted}`, {}", effect_of(&kind)).into(),
                        evidence: vec![
                            place.evidence_at(format!("{runs} `{quoted}`"), called.call.program_word().span),
                        ],
                        kind,
                    });
                }
            }
        }
    }
}

/// `app` runs, or its hook does.
pub(super) fn name_runner(container: &str, occasion: CommandOccasion) -> String {
    match occasion {
        CommandOccasion::Start | CommandOccasion::Arguments => format!("`{container}` runs"),
        CommandOccasion::Hook(name) => format!("the {name} of `{container}` runs"),
    }
}
