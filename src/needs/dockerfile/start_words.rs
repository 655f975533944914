//! Finds what looks at the words that an image is started with: an entrypoint script, or the ENTRYPOINT of an unknown base.
//!
//! Source: the Dockerfile reference, "Understand how CMD and ENTRYPOINT interact"; a shell's `"$1"` is the first word.

use super::ImageBuild;
use super::start_commands::StartCommand;
use crate::dockerfile::{BuildStage, CommandForm, StageBase};
use crate::image::known::{ArgumentUse, FactEvidence, ImageNeeds};
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};

/// Programs that hand on what they are given, untouched.
const PASSING_PROGRAMS: [&str; 6] = ["tini", "dumb-init", "catatonit", "docker-init", "tini-static", "env"];

pub(super) fn add_start_words(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    start: &[StartCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    let found = match build.file().instruction_at(stage.environment.entrypoint) {
        Some(entrypoint) => {
            // Shell form ignores the words.
            let Some(CommandForm::Exec(words)) = entrypoint.command_form() else { return };
            let Some(first) = start.first() else { return };
            let own = words.first().zip(words.last()).map(|(first, last)| first.span.to(last.span));
            match reading_script(build, start) {
                Some(evidence) => Some((NeedCertainty::Shown, evidence)),
                None if hands_on(first) => None,
                None => own.map(|span| {
                    let name = words.first().map_or("", |word| word.text.as_str());
                    (NeedCertainty::Likely, build.evidence_at(format!("`ENTRYPOINT` is {name}"), span))
                }),
            }
        }
        None => unknown_base(build, stage),
    };
    if let Some((certainty, evidence)) = found
        && !needs.iter().any(|need| need.kind == NeedKind::StartWords)
    {
        let reason = match certainty {
            NeedCertainty::Shown | NeedCertainty::Observed => {
                format!("{}, so the words of the command decide what it does", evidence.text)
            }
            NeedCertainty::Likely => format!("{}, which may look at the words of the command", evidence.text),
        };
        needs.push(ProgramNeed {
            kind: NeedKind::StartWords,
            certainty,
            reason: reason.into(),
            evidence: vec![evidence],
        });
    }
}

/// The place where a script of the start looks at `$1`, other than to hand it on.
fn reading_script(build: ImageBuild<'_>, start: &[StartCommand]) -> Option<NeedEvidence> {
    start.iter().filter(|line| line.path != *build.path || line.runner.contains('.')).find_map(|line| {
        let word = line
            .command
            .words
            .iter()
            .chain(&line.command.assignments)
            .find(|word| ["$1", "${1", "$#", "$0$1"].iter().any(|name| word.text.contains(name)))?;
        let text = format!("`{}` looks at its first word", line.runner).into();
        Some(NeedEvidence { text, path: line.path.clone(), span: word.span })
    })
}

/// True where the start is known to run what it is given as it is.
fn hands_on(first: &StartCommand) -> bool {
    let mut calls = first.command.wrapped_invocations();
    first.is_followed || calls.next().is_some_and(|call| PASSING_PROGRAMS.contains(&call.name()))
}

/// The image's base, where nobody knows if it has an ENTRYPOINT.
fn unknown_base(build: ImageBuild<'_>, stage: &BuildStage) -> Option<(NeedCertainty, NeedEvidence)> {
    let root = build.file().stages.get(stage.environment.root_stage)?;
    let from = build.file().instructions.get(root.from_index)?;
    let known = match &root.base {
        StageBase::Scratch => return None,
        StageBase::Image(_) => {
            build.base_image(stage).and_then(|(reference, _)| ImageNeeds::find(&reference))
        }
        StageBase::Stage(_) | StageBase::Unresolved(_) => None,
    };
    let passes = known.is_some_and(|needs| match needs.arguments.handling {
        ArgumentUse::Program => needs.arguments.evidence != FactEvidence::Derived,
        ArgumentUse::HandedOn => needs.arguments.evidence == FactEvidence::Stated,
        _ => false,
    });
    if passes {
        return None;
    }
    let name = from.arguments.slice(build.text()).split_whitespace().next().unwrap_or_default();
    let text = format!("the base {name} may have an `ENTRYPOINT`");
    Some((NeedCertainty::Likely, build.evidence_at(text, from.arguments)))
}
