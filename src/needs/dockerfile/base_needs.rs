//! Says what a Dockerfile's well-known base needs, as far as the image is still started by it.

use super::ImageBuild;
use super::start_commands::StartCommand;
use crate::dockerfile::{BuildStage, CommandForm};
use crate::needs::{ImageStart, NeedKind, ProgramNeed, find_known_needs};

pub(super) fn add_base_needs(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    start: &[StartCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    let Some((reference, span)) = build.base_image(stage) else { return };
    let written = span.slice(build.text());
    let name = if written.contains('$') { reference.to_string() } else { written.to_owned() };
    let image = format!("its base {name}");
    let command = own_command(build, stage, start);
    let args = own_args(build, stage);
    let base = ImageStart {
        image: &image,
        command: command.as_deref(),
        args: args.as_deref(),
        is_root: build.starts_as_root(stage),
        granted: &[],
    };
    let is_replaced = command.as_ref().is_some_and(Vec::is_empty);
    for mut need in find_known_needs(&reference, &base) {
        let of_files = matches!(
            need.kind,
            NeedKind::FilledPath(_) | NeedKind::GroupZero | NeedKind::RootStart | NeedKind::Capability(_)
        );
        // What is known of how the base starts says more than the program's name does.
        let outweighs = |own: &ProgramNeed| match need.kind {
            NeedKind::RootStart => own.certainty > need.certainty,
            _ => own.certainty >= need.certainty,
        };
        let known = needs.iter().any(|own| own.kind == need.kind && outweighs(own));
        if known || is_replaced && !of_files {
            continue;
        }
        need.evidence.push(build.evidence_at(format!("the base is {name}"), span));
        needs.push(need);
    }
}

/// The words that take the place of the base's entrypoint: those that call it where the image's own start does.
fn own_command(build: ImageBuild<'_>, stage: &BuildStage, start: &[StartCommand]) -> Option<Vec<String>> {
    build.file().instruction_at(stage.environment.entrypoint)?;
    let calls_base = |line: &&StartCommand| {
        let call = line.command.effective_invocation().filter(|_| !line.is_followed);
        call.is_some_and(|call| call.name().contains("entrypoint"))
    };
    let words = |line: &StartCommand| line.command.words.iter().map(|word| word.text.clone()).collect();
    Some(start.iter().rfind(calls_base).map(words).unwrap_or_default())
}

/// The words of a CMD that the base's entrypoint gets.
fn own_args(build: ImageBuild<'_>, stage: &BuildStage) -> Option<Vec<String>> {
    let cmd = build.file().instruction_at(stage.environment.cmd)?;
    match cmd.command_form()? {
        CommandForm::Exec(words) => Some(words.iter().map(|word| word.text.clone()).collect()),
        CommandForm::Shell(_) => Some(vec!["/bin/sh".to_owned(), "-c".to_owned()]),
    }
}
