//! Says in sentences what a trial saw of each side of an app, for the walk and what it exports.

use super::need_finding::need_path;
use super::run_record::{ContainerRun, PodRun};
use super::trial_lines::{outcome_text, user_texts};
use super::trial_result::TrialResult;
use crate::needs::{NeedKind, ObservedNote, ObservedTopic, describe_memory};

/// The most folders that are named.
const MAX_NAMED: usize = 12;

/// What a trial saw, topic by topic.
pub(super) fn find_notes(result: &TrialResult) -> Vec<ObservedNote> {
    let mut notes = Vec::new();
    add_run_notes("as it is", &result.as_is, &mut notes);
    if let Some(run) = result.living_run() {
        add_run_notes("hardened", run, &mut notes);
    }
    for (_, need) in &result.needs {
        let topic = match need.kind {
            NeedKind::ApiToken => ObservedTopic::Token,
            NeedKind::Memory(_) => ObservedTopic::Resources,
            NeedKind::RootOnlyPath(_) => ObservedTopic::User,
            _ if need_path(&need.kind).is_some() => ObservedTopic::Filesystem,
            _ => ObservedTopic::User,
        };
        notes.push(ObservedNote { topic, text: need.reason.clone() });
    }
    notes.push(ObservedNote { topic: ObservedTopic::Outcome, text: outcome_text(result) });
    notes
}

fn add_run_notes(how: &str, run: &PodRun, notes: &mut Vec<ObservedNote>) {
    for own in &run.containers {
        let mut add = |topic, text: String| {
            notes.push(ObservedNote { topic, text: format!("{how} `{}` {text}", own.name) });
        };
        let users = user_texts(&own.processes);
        if !users.is_empty() {
            add(ObservedTopic::User, format!("ran as {}", users.join(", then ")));
        }
        if let Some(folders) = written_text(own) {
            add(ObservedTopic::Filesystem, format!("wrote {folders}"));
        }
        if let Some(memory) = own.memory.filter(|memory| *memory > 0) {
            add(ObservedTopic::Resources, format!("had {} of memory at most", describe_memory(memory)));
        }
        if own.read_token {
            add(ObservedTopic::Token, "read the token, which was a fake".to_owned());
        }
    }
}

fn written_text(own: &ContainerRun) -> Option<String> {
    let folders: Vec<&str> = own.written.iter().take(MAX_NAMED).map(|place| place.folder.as_str()).collect();
    (!folders.is_empty()).then(|| folders.join(", "))
}
