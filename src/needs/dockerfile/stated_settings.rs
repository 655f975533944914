//! Finds what an image's variables and the options of its start state of memory, processors and low ports.
//!
//! Sources: those of the same settings in manifests ([`crate::needs::pod`]); the Dockerfile reference, "EXPOSE".

use std::collections::BTreeSet;

use super::ImageBuild;
use super::start_commands::StartCommand;
use crate::dockerfile::{BuildStage, Instruction, InstructionKind};
use crate::needs::pod::{listen_port, show_amount, speaks_of_listening, stated_amounts, variable_amounts};
use crate::needs::{NeedCertainty, NeedEvidence, NeedKind, ProgramNeed};

/// Ports below this one are not everybody's to listen on.
const FIRST_ORDINARY_PORT: u16 = 1024;

/// Programs that listen on a low port unless they are told otherwise.
const DEFAULT_PORTS: [(&str, u16); 12] = [
    ("nginx", 80),
    ("httpd", 80),
    ("httpd-foreground", 80),
    ("apache2", 80),
    ("apache2ctl", 80),
    ("apache2-foreground", 80),
    ("apachectl", 80),
    ("lighttpd", 80),
    ("sshd", 22),
    ("named", 53),
    ("dnsmasq", 53),
    ("coredns", 53),
];

pub(super) fn add_stated_settings(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    start: &[StartCommand],
    needs: &mut Vec<ProgramNeed>,
) {
    let variables = final_variables(build, stage);
    for (name, value, evidence) in &variables {
        needs.extend(variable_amounts(name, value).into_iter().filter_map(|(what, kind)| {
            amount_need(kind, &NeedEvidence { text: what.into(), ..evidence.clone() })
        }));
    }
    for line in start {
        let words: Vec<&str> = line.command.words.iter().map(|word| word.text.as_str()).collect();
        for (at, kind) in stated_amounts(&words) {
            let text = format!("`{}` runs with `{}`", line.runner, words[at]).into();
            let span = line.command.words[at].span;
            needs.extend(amount_need(kind, &NeedEvidence { text, path: line.path.clone(), span }));
        }
    }
    if build.starts_as_root(stage) != Some(false) {
        add_low_ports(build, stage, start, &variables, needs);
    }
}

/// Each variable of the image with its value and its place.
fn final_variables(build: ImageBuild<'_>, stage: &BuildStage) -> Vec<(String, String, NeedEvidence)> {
    let Some(stage) = build.file().stages.get(stage.index) else { return Vec::new() };
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    for instruction in build.instructions_back(stage) {
        let InstructionKind::Env(pairs) = &instruction.kind else { continue };
        for (name, value) in pairs.iter().rev().filter(|(name, _)| seen.insert(name.text.clone())) {
            // The last that is set is what it is in the end.
            if let Some(known) = build.variable(stage, &name.text) {
                let evidence = build.evidence_at(format!("`ENV {}`", name.text), value.span);
                found.push((name.text.clone(), known, evidence));
            }
        }
    }
    found
}

fn amount_need(kind: NeedKind, evidence: &NeedEvidence) -> Option<ProgramNeed> {
    let (certainty, reason) = match &kind {
        NeedKind::Memory(bytes) => (
            NeedCertainty::Shown,
            format!("the image needs about {}: {}", show_amount(*bytes), evidence.text),
        ),
        NeedKind::Processor(_) => {
            (NeedCertainty::Likely, format!("the image is told to use processors: {}", evidence.text))
        }
        _ => return None,
    };
    Some(ProgramNeed { kind, certainty, reason: reason.into(), evidence: vec![evidence.clone()] })
}

fn add_low_ports(
    build: ImageBuild<'_>,
    stage: &BuildStage,
    start: &[StartCommand],
    variables: &[(String, String, NeedEvidence)],
    needs: &mut Vec<ProgramNeed>,
) {
    let exposed = exposed_ports(build, stage);
    let mut found: Vec<(u16, NeedEvidence)> = exposed.clone();
    for (name, value, evidence) in variables {
        let port = listen_port(value).filter(|_| speaks_of_listening(name));
        found.extend(port.map(|port| (port, evidence.clone())));
    }
    for line in start {
        found.extend(option_ports(line));
        let call = line.command.effective_invocation().filter(|_| exposed.is_empty());
        if let Some((call, (_, port))) =
            call.and_then(|call| Some((call, DEFAULT_PORTS.iter().find(|(name, _)| *name == call.name())?)))
        {
            let text = format!("`{}` runs `{}`", line.runner, call.name()).into();
            let span = call.program_word().span;
            found.push((*port, NeedEvidence { text, path: line.path.clone(), span }));
        }
    }
    for (port, evidence) in found {
        let kind = NeedKind::LowPort(port);
        if port > 0 && port < FIRST_ORDINARY_PORT && !needs.iter().any(|need| need.kind == kind) {
            let reason = format!(
                "the image listens on port {port}, which some nodes leave to root: {}",
                evidence.text
            );
            let certainty = NeedCertainty::Likely;
            needs.push(ProgramNeed { kind, certainty, reason: reason.into(), evidence: vec![evidence] });
        }
    }
}

fn exposed_ports(build: ImageBuild<'_>, stage: &BuildStage) -> Vec<(u16, NeedEvidence)> {
    let Some(stage) = build.file().stages.get(stage.index) else { return Vec::new() };
    let mut found: Vec<Vec<(u16, NeedEvidence)>> = Vec::new();
    let instructions: Vec<&Instruction> = build.instructions_back(stage).collect();
    for instruction in instructions.into_iter().rev() {
        let InstructionKind::Expose(words) = &instruction.kind else { continue };
        let exposed = words.iter().filter_map(|word| {
            let known = build.known_word(instruction, word)?;
            let port = known.split(['/', '-']).next()?.parse().ok()?;
            Some((port, build.evidence_at(format!("`EXPOSE {known}`"), word.span)))
        });
        found.push(exposed.collect());
    }
    // The last first, as the others are found.
    found.into_iter().rev().flatten().collect()
}

/// `--port 443`, `--listen=0.0.0.0:80`.
fn option_ports(line: &StartCommand) -> Vec<(u16, NeedEvidence)> {
    let words = &line.command.words;
    let port_at = |at: usize| {
        let option = words[at].text.strip_prefix('-')?;
        let (name, value) =
            option.split_once('=').or_else(|| Some((option, words.get(at + 1)?.text.as_str())))?;
        let port = listen_port(value).filter(|_| speaks_of_listening(name))?;
        let text = format!("`{}` runs with `-{name} {value}`", line.runner).into();
        Some((port, NeedEvidence { text, path: line.path.clone(), span: words[at].span }))
    };
    (0..words.len()).filter_map(port_at).collect()
}
