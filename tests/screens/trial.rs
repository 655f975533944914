//! `t`: a trial says what will run before it runs, shows what is seen, and is left at once.

use seaworthy::app::{
    AppEffect, AppEvent, BackendMessage, BackendRequest, DialogState, TrialDialog, TrialProgress,
};

use seaworthy::settings::SettingsChange;

use crate::looks::assert_looks;
use crate::stage::Stage;

const PREVIEW: [&str; 7] = [
    "Trial of Deployment/api (api/deploy.yaml) with podman 4.3",
    "  image    registry.example/api:latest, which is here (2141188ffa5a)",
    "  run      podman create --name=seaworthy-api --network=none --pids-limit=256 --cap-drop=ALL --memory=2147483648 \
     --volume=seaworthy-data:/data:nocopy -- registry.example/api:latest",
    "  then     the same as the pending fixes would start it; where that fails, again with what it needs",
    "  network  none",
    "  limits   256 processes, 2048 MiB of memory where the manifest says none, 1 GiB of disk",
    "  time     30 s for each run, less where only a part is tried",
];
const SEEN: [&str; 6] = [
    "As it is: `api` runs after 30 s",
    "    runs as uid 0 (root on the host), with capabilities",
    "    writes /run, /var/cache/api",
    "Hardened, try 1: `api` ended with 1 after 0.3 s",
    "    | mkdir: can't create directory '/var/cache/api/index': Read-only file system",
    "    `api` needs to write /var/cache/api",
];
const RESULT: [&str; 2] = [
    "Result: Deployment/api started and ran 30 s hardened, podman 4.3, with 1 need",
    "  need: `api` needs to write /var/cache/api, as a trial showed (podman 4.3)",
];

fn dialog(stage: &Stage) -> &TrialDialog {
    match &stage.state.dialog {
        Some(DialogState::Trial(trial)) => trial,
        other => panic!("no trial is open: {other:?}"),
    }
}

/// The trial of the app in view, with what the engine says of it.
fn opened(width: u16, height: u16) -> Stage {
    let mut stage = Stage::new(width, height);
    stage.keys("t");
    hear(&mut stage, &PREVIEW, TrialProgress::Asking);
    stage
}

fn hear(stage: &mut Stage, lines: &[&str], progress: TrialProgress) {
    let id = dialog(stage).id;
    let lines = lines.iter().map(|line| (*line).to_owned()).collect();
    stage.event(AppEvent::Message(BackendMessage::TrialLines { id, lines, progress }));
}

fn has_asked(stage: &Stage, is_so: impl Fn(&BackendRequest) -> bool) -> bool {
    stage.effects.iter().any(|effect| matches!(effect, AppEffect::Ask(request) if is_so(request)))
}

#[test]
fn the_question_at_every_size() {
    assert_looks("trial_question", opened);
}

#[test]
fn what_is_seen_at_every_size() {
    assert_looks("trial_result", |width, height| {
        let mut stage = opened(width, height);
        stage.keys("y");
        hear(&mut stage, &SEEN, TrialProgress::Running);
        hear(&mut stage, &RESULT, TrialProgress::Finished);
        stage
    });
}

#[test]
fn nothing_runs_before_a_yes() {
    let mut stage = Stage::new(120, 40);
    stage.keys("t");
    assert_eq!(dialog(&stage).progress, TrialProgress::Looking);
    assert!(has_asked(&stage, |request| matches!(request, BackendRequest::PreviewTrial { .. })));
    stage.keys("y");
    hear(&mut stage, &PREVIEW, TrialProgress::Asking);
    assert!(
        !has_asked(&stage, |request| matches!(request, BackendRequest::RunTrial { .. })),
        "it was too early"
    );
    assert!(stage.text().contains("Run it? y runs, o gives it a network, Esc leaves"));
    stage.keys("y");
    assert!(has_asked(&stage, |request| matches!(request, BackendRequest::RunTrial { .. })));
    assert_eq!(dialog(&stage).progress, TrialProgress::Running);
}

#[test]
fn it_is_left_at_once_and_stopped_where_it_runs() {
    let mut stage = opened(120, 40);
    stage.keys("Esc");
    assert!(stage.state.dialog.is_none());
    assert!(!has_asked(&stage, |request| *request == BackendRequest::StopTrial), "nothing ran");
    let mut stage = opened(120, 40);
    stage.keys("y Esc");
    assert!(
        stage.state.dialog.is_none() && has_asked(&stage, |request| *request == BackendRequest::StopTrial)
    );
}

#[test]
fn the_network_is_given_by_a_key_of_its_own_and_asked_about_anew() {
    let mut stage = opened(120, 40);
    let first = dialog(&stage).id;
    stage.keys("o");
    assert!(dialog(&stage).has_network && dialog(&stage).progress == TrialProgress::Looking);
    assert_ne!(dialog(&stage).id, first, "what was shown without it is dropped");
    stage.keys("y");
    assert_eq!(dialog(&stage).progress, TrialProgress::Looking, "what it would run is not shown yet");
    hear(&mut stage, &PREVIEW, TrialProgress::Asking);
    assert!(stage.text().contains("o takes the network away"));
    stage.keys("y");
    let has_network =
        |request: &BackendRequest| matches!(request, BackendRequest::RunTrial { has_network: true, .. });
    assert!(has_asked(&stage, has_network));
}

#[test]
fn what_was_seen_is_kept_in_the_settings_after_a_look_at_the_change() {
    let mut stage = opened(120, 40);
    stage.keys("y s");
    assert_eq!(dialog(&stage).progress, TrialProgress::Running, "it is not over");
    hear(&mut stage, &RESULT, TrialProgress::Finished);
    stage.keys("s");
    let is_change = |request: &BackendRequest| matches!(request, BackendRequest::PlanSettings { change: SettingsChange::Trial { object, .. }, .. } if object == "Deployment/api");
    assert!(has_asked(&stage, is_change));
    stage.keys("Esc");
    assert_eq!(dialog(&stage).progress, TrialProgress::Finished, "no leads back to what was seen");
}

#[test]
fn a_message_of_another_trial_is_dropped_and_a_failure_says_why() {
    let mut stage = opened(120, 40);
    let lines = vec!["of another".to_owned()];
    stage.event(AppEvent::Message(BackendMessage::TrialLines {
        id: 0,
        lines,
        progress: TrialProgress::Running,
    }));
    assert!(!stage.text().contains("of another"));
    hear(&mut stage, &["no container engine is here: install podman or docker."], TrialProgress::Failed);
    assert!(stage.text().contains("no container engine is here"));
    stage.keys("r");
    assert_eq!(dialog(&stage).progress, TrialProgress::Looking, "it is asked again");
}
