//! Writes what a trial will do, and what came of it, in lines for the command line and the screen.

use super::app_trial::TrialStep;
use super::container_engine::ContainerEngine;
use super::pod_launch::PodLaunch;
use super::pod_volumes::needs_holder;
use super::probes::needs_helper;
use super::run_arguments::{MAX_PROCESSES, RunPlace, SAFE_MEMORY, create_words};
use super::run_record::{ContainerRun, PodRun, RunEnd, SeenProcess, seconds_text};
use super::storage_guard::describe_disk;
use super::trial_images::{ImageSource, PlannedImage};
use super::trial_options::TrialOptions;
use super::trial_result::{TrialOutcome, TrialResult};
use super::trial_target::TrialTarget;
use super::trial_words::{cite, failure_sentence, failure_text};
use crate::needs::{describe_memory, describe_need};
use crate::text::{count_of, make_printable, quote_shell_word};

/// The most lines of a program that are cited.
const MAX_CITED_LINES: usize = 4;
/// The most folders and ports that are listed.
const MAX_LISTED: usize = 12;

/// What will be run, before it is: the builds, the images, the commands, the network, the limits, the time.
#[must_use]
pub fn preview_lines(
    engine: &ContainerEngine,
    target: &TrialTarget,
    options: TrialOptions,
    (images, launch): (&[PlannedImage], &PodLaunch),
) -> Vec<String> {
    let mut lines =
        vec![format!("Trial of {} ({}) with {}", target.label(), target.path, engine.short_name())];
    let mut add = |what: &str, text: String| lines.push(format!("  {what:<9}{}", make_printable(&text)));
    let mut shown: Vec<&str> = Vec::new();
    for image in images {
        if shown.contains(&image.reference.as_str()) {
            continue;
        }
        shown.push(&image.reference);
        match &image.source {
            ImageSource::Local(local) => {
                add(
                    "image",
                    format!(
                        "{}, which is here ({})",
                        image.reference,
                        local.id.get(..12).unwrap_or(&local.id)
                    ),
                );
            }
            ImageSource::Build { recipe, words, .. } => {
                add("image", format!("{}, built from {}", image.reference, recipe.dockerfile));
                add("build", command_text(engine, words));
                let open = recipe.arguments.iter().filter(|own| own.value.is_none());
                let open: Vec<&str> = open.map(|own| own.name.as_str()).collect();
                if !open.is_empty() {
                    add(
                        "",
                        format!("not given to it, since no file here says their values: {}", open.join(", ")),
                    );
                }
                let network = if options.has_network {
                    "its RUN lines use the network"
                } else {
                    "its RUN lines have no network"
                };
                let after = if options.keeps_images {
                    "the image is kept"
                } else {
                    "the image is removed afterwards"
                };
                add("", format!("{network}; {after}"));
            }
        }
    }
    for own in &launch.containers {
        let volume_name =
            |name: &str| format!("seaworthy-{}", name.trim_matches(['(', ')']).replace(' ', "-"));
        let place = RunPlace {
            name: &format!("seaworthy-{}", own.name),
            shares_network_of: None,
            has_network: options.has_network,
            volume_name: &volume_name,
        };
        add(
            if own.is_init { "init" } else { "run" },
            command_text(engine, &create_words((engine.kind, engine.limits), launch, own, &place)),
        );
        if let Some(hook) = &own.start_hook {
            add("hook", format!("postStart of `{}`, in it: {}", own.name, hook.join(" ")));
        }
        if !own.added.is_empty() {
            let added: Vec<&str> = own.added.iter().map(String::as_str).collect();
            add("", format!("the manifest gives `{}` more rights: {}", own.name, added.join(", ")));
        }
    }
    if needs_helper(launch) {
        add(
            "probes",
            "of the manifest: a container of this program alone makes them, in the network of the others, \
             without any right; its image is removed afterwards"
                .to_owned(),
        );
    }
    if needs_holder(launch) && !engine.is_podman() {
        add(
            "volumes",
            "of the init containers: a container of this program alone holds them until the others run"
                .to_owned(),
        );
    }
    add(
        "then",
        "the same as the pending fixes would start it; where that fails, again with what it needs".to_owned(),
    );
    add("network", if options.has_network { "the engine's own, as asked for" } else { "none" }.to_owned());
    let processes = match engine.limits.pids {
        true => format!("{MAX_PROCESSES} processes"),
        false => "no bound of processes, which this engine does not hold".to_owned(),
    };
    let memory = match engine.limits.memory {
        true => format!("{} of memory where the manifest says none", describe_memory(SAFE_MEMORY)),
        false => "no bound of memory, which this engine does not hold".to_owned(),
    };
    add("limits", format!("{processes}, {memory}, {} of disk", describe_disk(options.max_written)));
    add("time", format!("{} for each run, less where only a part is tried", seconds_text(options.time)));
    lines
}

fn command_text(engine: &ContainerEngine, words: &[String]) -> String {
    let words: Vec<_> = engine.command(words);
    words.iter().map(|word| quote_shell_word(word).into_owned()).collect::<Vec<_>>().join(" ")
}

/// What a step showed, in lines; `attempts` counts the hardened runs. A step that only begins something has none.
pub fn step_lines(step: &TrialStep<'_>, attempts: &mut usize) -> Vec<String> {
    match step {
        TrialStep::RanAsIs(run) => run_lines("As it is", run),
        TrialStep::RanHardened(run) => {
            *attempts += 1;
            run_lines(&format!("Hardened, try {attempts}"), run)
        }
        TrialStep::FailedOnce(run) => {
            vec![format!("    (it failed once, and lived when it was run again: {})", failure_text(run))]
        }
        TrialStep::FoundNeeds(found) => {
            found.iter().map(|(name, kind)| format!("    `{name}` needs {}", describe_need(kind))).collect()
        }
        TrialStep::Building { .. }
        | TrialStep::RunningAsIs
        | TrialStep::RunningHardened { .. }
        | TrialStep::TryingPart(_) => Vec::new(),
    }
}

/// A run in lines.
fn run_lines(title: &str, run: &PodRun) -> Vec<String> {
    let mut lines = Vec::new();
    for (at, own) in run.containers.iter().enumerate() {
        let start = if at == 0 { format!("{title}: ") } else { "  and ".to_owned() };
        lines.push(format!("{start}`{}` {}", own.name, own.end_text()));
        lines.extend(container_lines(own).into_iter().map(|line| format!("    {line}")));
    }
    lines
}

fn container_lines(own: &ContainerRun) -> Vec<String> {
    let mut lines = Vec::new();
    let users = user_texts(&own.processes);
    if !users.is_empty() {
        lines.push(format!("runs as {}", users.join(", then ")));
    }
    if !own.ports.is_empty() {
        let ports: Vec<String> = own.ports.iter().take(MAX_LISTED).map(u16::to_string).collect();
        lines.push(format!("listens on {}", ports.join(", ")));
    }
    let written: Vec<&str> = own.written.iter().take(MAX_LISTED).map(|place| place.folder.as_str()).collect();
    if !written.is_empty() {
        let shown = written.iter().map(|folder| if folder.is_empty() { "/" } else { folder });
        lines.push(format!("writes {}", shown.collect::<Vec<_>>().join(", ")));
    }
    if let Some(memory) = own.memory.filter(|memory| *memory > 0) {
        lines.push(format!("has {} of memory at most", describe_memory(memory)));
    }
    if own.end == RunEnd::Running {
        lines.extend(own.probes.iter().map(|probe| probe.text.clone()));
    }
    if own.lacked_memory {
        lines.push("the system ended a process of it for want of memory".to_owned());
    }
    if own.read_token {
        lines.push("reads the token of the API, which is a fake here".to_owned());
    }
    if !own.is_well() && !matches!(own.end, RunEnd::NotStarted { .. }) {
        let mut cited: Vec<&str> = own.lines_from_last().take(MAX_CITED_LINES).collect();
        cited.reverse();
        lines.extend(cited.into_iter().map(|line| format!("| {}", cite(line))));
    }
    lines
}

/// The users that its processes were seen as, in their order.
pub(super) fn user_texts(processes: &[SeenProcess]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for process in processes {
        let host = match (process.uid.as_str(), process.host_uid.as_str()) {
            (uid, host) if uid == host => "",
            ("0" | "root", "0" | "root") => " (root on the host)",
            (_, host) => &format!(" ({host} on the host)"),
        };
        let rights = if process.capabilities.is_empty() { "" } else { ", with capabilities" };
        let text = format!("uid {}{host}{rights}", process.uid);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.truncate(MAX_LISTED);
    texts
}

/// What came of it in the end.
#[must_use]
pub fn result_lines(result: &TrialResult) -> Vec<String> {
    let mut lines = vec![format!("Result: {}", outcome_text(result))];
    for (_, need) in &result.needs {
        lines.push(format!("  need: {}", need.reason));
    }
    let mut reasons: Vec<&str> = Vec::new();
    for (_, reason) in &result.breaking {
        if !reasons.contains(&reason.as_str()) {
            reasons.push(reason);
        }
    }
    for reason in reasons {
        let rules = result.breaking.iter().filter(|(_, own)| own == reason).map(|(key, _)| key.rule);
        let rules: Vec<&str> = rules.collect();
        lines.push(format!("  left out: {}, since {reason}", rules.join(", ")));
    }
    for (container, folder) in result.unwritten_folders() {
        let folder = if folder.is_empty() { "/" } else { &folder };
        let has_ended = result.living_run().and_then(|run| run.container(&container));
        let lived = match has_ended.is_some_and(|own| own.end == RunEnd::Exited(0)) {
            true => "ended well",
            false => "lived",
        };
        lines.push(format!(
            "  not seen hardened: `{container}` writes {folder} as it is, and {lived} without"
        ));
    }
    if result.read_fake_token() {
        lines.push(
            "  cannot be tried here: what it does with the token, for which there is no API".to_owned(),
        );
    }
    lines.extend(result.differences.iter().map(|text| format!("  not as in a cluster: {text}")));
    lines.extend(result.unknowns.iter().map(|text| format!("  not known: {text}")));
    lines.extend(result.kept_images.iter().map(|tag| format!("  kept: the image {tag}")));
    lines.into_iter().map(|line| make_printable(&line).into_owned()).collect()
}

/// The outcome in a sentence.
#[must_use]
pub(super) fn outcome_text(result: &TrialResult) -> String {
    let name = &result.target.label();
    let ran = || result.lived_text();
    match &result.outcome {
        TrialOutcome::Lives => format!("{name} {}", ran()),
        TrialOutcome::LivesWithNeeds => {
            let needs = match result.needs.len() {
                0 => String::new(),
                count => format!(", with {}", count_of(count, "need")),
            };
            let left = match result.breaking.len() {
                0 => String::new(),
                1 => ", without one fix".to_owned(),
                count => format!(", without {count} fixes"),
            };
            format!("{name} {}{needs}{left}", ran())
        }
        TrialOutcome::NotDecided(reason) => {
            let failed = result.attempts.last().map_or(&result.as_is, |attempt| &attempt.run).first_failure();
            let seen = failed.map(|failed| format!("; {}", failure_sentence(failed))).unwrap_or_default();
            format!("{name} is not decided: {reason}{seen}")
        }
    }
}
