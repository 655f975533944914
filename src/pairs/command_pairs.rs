//! Pairs what an image starts and the ports that it names with what the container says of both.

use super::pair_sides::{ImageHalf, PairSide, PairVerdict, PodHalf, SidePair};
use crate::dockerfile::shell::ScriptCache;
use crate::dockerfile::{CommandForm, Instruction, Keyword};
use crate::project::ExposedPorts;
use crate::yaml::LenientList;

/// Each port that either side names.
pub(super) fn pair_ports(image: &ImageHalf<'_>, pod: &PodHalf<'_>) -> Vec<SidePair> {
    let exposed = distinct_ports(image);
    let ports = &pod.view.container.model.ports;
    let mut asked: Vec<(usize, i64)> =
        ports.valid_items().filter_map(|(at, port)| Some((at, *port.container_port.get()?))).collect();
    let mut pairs = Vec::new();
    let side_of = |(at, port): (usize, i64)| {
        let path = ["ports".into(), at.into(), "containerPort".into()];
        pod.side_at(pod.view.container.span_of(&path), format!("containerPort: {port}"))
    };
    let has_ports = !asked.is_empty();
    for (instruction, port) in &exposed {
        let own = asked.iter().position(|(_, other)| *other == *port);
        let image_side = PairSide { text: format!("EXPOSE {port}"), ..image.side_of(instruction) };
        pairs.push(match own {
            Some(at) => SidePair::new(image_side, side_of(asked.remove(at)), PairVerdict::Agree, ""),
            None => {
                let verdict = if has_ports { PairVerdict::Differ } else { PairVerdict::Unknown };
                let note = if has_ports { "the pod names other ports" } else { "the pod names no port" };
                SidePair::new(
                    image_side,
                    PairSide::unwritten(format!("no containerPort {port}")),
                    verdict,
                    note,
                )
            }
        });
    }
    let verdict = if exposed.is_empty() { PairVerdict::Unknown } else { PairVerdict::Differ };
    let note = if exposed.is_empty() { "the image names no port" } else { "the image names other ports" };
    pairs.extend(asked.into_iter().map(|own| {
        let image_side = PairSide::unwritten(format!("no EXPOSE {}", own.1));
        SidePair::new(image_side, side_of(own), verdict, note)
    }));
    pairs
}

/// The ports of the final stage and of those that it is built on, each once.
fn distinct_ports<'i>(image: &'i ImageHalf<'_>) -> Vec<(&'i Instruction, i64)> {
    let scripts = ScriptCache::new(image.source.text(), image.file);
    let ports = ExposedPorts::of_stage(&scripts, image.stage).ports.into_iter();
    let mut ports: Vec<(&Instruction, i64)> =
        ports.map(|(instruction, port)| (instruction, i64::from(port))).collect();
    let mut seen = Vec::new();
    ports.retain(|(_, port)| {
        let is_new = !seen.contains(port);
        seen.push(*port);
        is_new
    });
    ports
}

/// What starts.
pub(super) fn pair_commands(image: &ImageHalf<'_>, pod: &PodHalf<'_>) -> SidePair {
    let environment = image.stage.environment;
    let entrypoint = image.instruction(environment.entrypoint);
    let started = entrypoint.or_else(|| image.instruction(environment.cmd));
    let image_side = started.map_or_else(|| PairSide::lacking(Keyword::Entrypoint), |own| image.side_of(own));
    let model = &pod.view.container.model;
    let (command, args) = (words_of(&model.command), words_of(&model.args));
    let side = |key: &str, words: &[String]| {
        pod.side_at(pod.view.field_span(&[key]), format!("{key}: [{}]", words.join(", ")))
    };
    if !command.is_empty() {
        let side = side("command", &command);
        let program = |words: &[String]| words.first().map(|word| file_name(word).to_owned());
        let is_same = started.is_some_and(|own| program(&image_words(own)) == program(&command));
        let (verdict, note) = match is_same {
            true => (PairVerdict::Agree, "the same program, by the pod's own words"),
            false if started.is_some() => (PairVerdict::Differ, "the pod starts something else"),
            false => (PairVerdict::Unknown, "the pod says what starts"),
        };
        return SidePair::new(image_side, side, verdict, note);
    }
    if !args.is_empty() {
        let is_shell =
            entrypoint.is_some_and(|own| matches!(own.command_form(), Some(CommandForm::Shell(_))));
        let (verdict, note) = match entrypoint {
            Some(_) if is_shell => (PairVerdict::Differ, "a shell form takes no arguments"),
            Some(_) => (PairVerdict::Agree, "the arguments of the image's program"),
            None => (PairVerdict::Unknown, "in the place of CMD"),
        };
        return SidePair::new(image_side, side("args", &args), verdict, note);
    }
    let verdict = if started.is_some() { PairVerdict::Agree } else { PairVerdict::Unknown };
    let pod_side = PairSide::unwritten("no command, no args");
    SidePair::new(
        image_side,
        pod_side,
        verdict,
        if started.is_some() { "the image's own runs" } else { "what the base starts" },
    )
}

fn words_of(list: &LenientList<String>) -> Vec<String> {
    list.valid_items().map(|(_, word)| word.clone()).collect()
}

/// The words of an instruction in exec form.
fn image_words(instruction: &Instruction) -> Vec<String> {
    match instruction.command_form() {
        Some(CommandForm::Exec(words)) => words.iter().map(|word| word.text.clone()).collect(),
        _ => Vec::new(),
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
