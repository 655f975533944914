//! Pairs the folders that an image works in, fills or declares as volumes with what the pod mounts and lets be written.

use super::pair_sides::{ImageHalf, PairSide, PairVerdict, PodHalf, SidePair};
use crate::base::at_or_below;
use crate::dockerfile::{CommandForm, InstructionKind, Keyword};
use crate::yaml::Lenient;

/// A folder that is mounted, with the place in the list.
type Mount<'a> = (usize, &'a str);

pub(super) fn pair_files(image: &ImageHalf<'_>, pod: &PodHalf<'_>) -> Vec<SidePair> {
    let mounts: Vec<Mount<'_>> = pod
        .view
        .container
        .model
        .volume_mounts
        .valid_items()
        .filter_map(|(at, mount)| Some((at, mount.mount_path.get()?.as_str())))
        .collect();
    let mut pairs = vec![pair_working_folder(image, pod, &mounts)];
    pairs.extend(pair_volumes(image, pod, &mounts));
    pairs.extend(pair_hidden_program(image, pod, &mounts));
    pairs
}

/// The working folder, and whether it can be written.
fn pair_working_folder(image: &ImageHalf<'_>, pod: &PodHalf<'_>, mounts: &[Mount<'_>]) -> SidePair {
    let workdir = image.instruction(image.stage.environment.workdir);
    let image_side = workdir.map_or_else(|| PairSide::lacking(Keyword::Workdir), |own| image.side_of(own));
    let folder = match workdir.map(|own| &own.kind) {
        Some(InstructionKind::Workdir(word)) if !word.has_variables => Some(word.text.as_str()),
        _ => None,
    };
    let is_read_only = pod.view.own_context(|context| &context.read_only_root_filesystem);
    let within = folder.and_then(|folder| mounts.iter().find(|(_, path)| is_within(path, folder)));
    if let Some(mount) = within {
        return SidePair::new(
            image_side,
            mount_side(pod, *mount),
            PairVerdict::Agree,
            "mounted where it works",
        );
    }
    if is_read_only != Lenient::Value(true) {
        let side = PairSide::unwritten("no readOnlyRootFilesystem");
        return SidePair::new(image_side, side, PairVerdict::Agree, "may write everywhere");
    }
    let span = pod.view.field_span(&["securityContext", "readOnlyRootFilesystem"]);
    let side = pod.side_at(span, "readOnlyRootFilesystem: true".to_owned());
    let note = if mounts.is_empty() {
        "no mount: nothing here says what it writes".to_owned()
    } else {
        let paths: Vec<&str> = mounts.iter().map(|(_, path)| *path).collect();
        format!("writes only to {}", paths.join(", "))
    };
    SidePair::new(image_side, side, PairVerdict::Unknown, note)
}

/// Each volume of the image.
fn pair_volumes(image: &ImageHalf<'_>, pod: &PodHalf<'_>, mounts: &[Mount<'_>]) -> Vec<SidePair> {
    let stages = image.file.stage_chain(image.stage);
    let instructions = stages.flat_map(|stage| image.file.instructions_of(stage));
    let volumes = instructions.filter_map(|own| match &own.kind {
        InstructionKind::Volume(words) => Some((own, words)),
        _ => None,
    });
    let each = volumes.flat_map(|(own, words)| words.iter().map(move |word| (own, word)));
    each.map(|(own, word)| {
        let image_side = PairSide { text: format!("VOLUME {}", word.text), ..image.side_of(own) };
        match mounts.iter().find(|(_, path)| is_within(&word.text, path)) {
            Some(mount) => SidePair::new(image_side, mount_side(pod, *mount), PairVerdict::Agree, ""),
            None => SidePair::new(
                image_side,
                PairSide::unwritten("no mount"),
                PairVerdict::Differ,
                "what it writes there goes with the container",
            ),
        }
    })
    .collect()
}

/// A mount over the folder of the program that starts.
fn pair_hidden_program(image: &ImageHalf<'_>, pod: &PodHalf<'_>, mounts: &[Mount<'_>]) -> Option<SidePair> {
    let environment = image.stage.environment;
    let started = image.instruction(environment.entrypoint).or_else(|| image.instruction(environment.cmd))?;
    let Some(CommandForm::Exec(words)) = started.command_form() else { return None };
    let program = words.first().map(|word| word.text.as_str()).filter(|word| word.starts_with('/'))?;
    let mount = mounts.iter().find(|(_, path)| is_within(program, path))?;
    let note = "the mount hides the image's own program";
    Some(SidePair::new(image.side_of(started), mount_side(pod, *mount), PairVerdict::Differ, note))
}

fn mount_side(pod: &PodHalf<'_>, (at, path): Mount<'_>) -> PairSide {
    let steps = ["volumeMounts".into(), at.into(), "mountPath".into()];
    pod.side_at(pod.view.container.span_of(&steps), format!("mountPath: {path}"))
}

/// True where the path is that folder, or lies in it.
fn is_within(path: &str, folder: &str) -> bool {
    at_or_below(path.trim_end_matches('/'), folder.trim_end_matches('/'))
}
