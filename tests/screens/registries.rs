//! Asking registries from the app: who is named first, how it is left, and what is written.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{
    AppEffect, AppEvent, AppState, BackendMessage, BackendRequest, DialogState, KeyPress, LookupAnswer,
    LookupMode, LookupStage, PreviewState, Toast, UserConfig, start_app, update_state,
};
use seaworthy::audit::AuditEngine;
use seaworthy::fix::{FixOrder, Planner, RegistryAnswers};
use seaworthy::image::Reference;
use seaworthy::image::registry::{DigestStatus, TagResolution};
use seaworthy::repo::FileKind;
use seaworthy::settings::Settings;
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};

const NOW: &str = "sha256:0ca4fae1d999371ea585fd01bee249b61268aa726ae684c28003157e311fa570";
const OLD: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

const DOCKERFILE: &str = "FROM python:3-alpine\nUSER 50000:50000\nCMD [\"python3\"]\n";
const POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:latest # ours
    - name: gone
      image: registry.example/shop/gone:1.4.2
    - name: tool
      image: localhost:5000/tool:2.0.1
";

/// The app with registries that know four images, and answer when they are let.
struct Asker {
    engine: AuditEngine,
    texts: Vec<(&'static str, String)>,
    state: AppState,
    answers: RegistryAnswers,
    asked: Vec<BackendRequest>,
}

impl Asker {
    fn new(files: &[(&'static str, &str)], size: (u16, u16)) -> Self {
        let texts: Vec<_> = files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
        let state = AppState::new("shop", UserConfig::default(), seaworthy::rules::find_rule);
        let engine = audit(&texts);
        let mut asker = Self { engine, texts, state, answers: RegistryAnswers::default(), asked: Vec::new() };
        asker.event(AppEvent::Resize(size.0, size.1));
        let effects = start_app(&mut asker.state);
        asker.answer(effects);
        asker
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.event(AppEvent::Key(key.parse().unwrap()));
        }
        self
    }

    /// Goes to the only finding that the filter leaves.
    fn finds(&mut self, rule: &str) -> &mut Self {
        self.keys("/");
        rule.chars().for_each(|c| self.event(AppEvent::Key(KeyPress::from_char(c))));
        self.keys("Enter j j")
    }

    fn event(&mut self, event: AppEvent) {
        let effects = update_state(&mut self.state, event);
        self.answer(effects);
    }

    fn hear(&mut self, message: BackendMessage) {
        self.event(AppEvent::Message(message));
    }

    fn answer(&mut self, effects: Vec<AppEffect>) {
        for effect in effects {
            if let AppEffect::Ask(request) = effect {
                self.asked.push(request.clone());
                self.request(request);
            }
        }
    }

    fn request(&mut self, request: BackendRequest) {
        match request {
            BackendRequest::Scan => {
                self.hear(BackendMessage::AuditUpdated(self.engine.full_update()));
                self.hear(BackendMessage::ScanFinished);
            }
            BackendRequest::Plan { generation, keys } => {
                let plan =
                    Planner::new(&self.engine).with_answers(&self.answers).plan(&FixOrder::Findings(&keys));
                self.hear(BackendMessage::PlanFinished { generation, plan });
            }
            BackendRequest::Repin { generation, digests } => {
                let plan = Planner::new(&self.engine).plan(&FixOrder::Digests(&digests));
                self.hear(BackendMessage::PlanFinished { generation, plan });
            }
            BackendRequest::LookUpImages { id, mode: LookupMode::CachedOnly, .. } => {
                self.hear(BackendMessage::LookupFinished {
                    id,
                    results: Vec::new(),
                    other_hosts: BTreeSet::new(),
                });
            }
            BackendRequest::PreferTag { image, tag } => self.answers.prefer_tag(&image, tag.as_deref()),
            BackendRequest::ListPins { id } => {
                self.hear(BackendMessage::PinsListed { id, pins: self.engine.pinned_images() });
            }
            BackendRequest::Write(plan) => {
                for patch in &plan.patches {
                    let file = self.texts.iter_mut().find(|(path, _)| *path == patch.path.as_str());
                    patch.after.text().clone_into(&mut file.unwrap().1);
                }
                self.engine = audit(&self.texts);
                self.hear(BackendMessage::FixWritten { title: plan.title, files: Vec::new() });
                self.hear(BackendMessage::AuditUpdated(self.engine.full_update()));
            }
            _ => {}
        }
    }

    /// The registries answer the last question.
    fn registries_answer(&mut self, age: u64) -> &mut Self {
        let (id, images) =
            match self.asked.iter().rev().find(|r| matches!(r, BackendRequest::LookUpImages { .. })) {
                Some(BackendRequest::LookUpImages { id, images, .. }) => (*id, images.clone()),
                _ => panic!("nobody was asked"),
            };
        let said: Vec<_> = images.iter().map(|image| (image.clone(), said(image))).collect();
        self.answers.extend(said.clone());
        let aged = |resolution| LookupAnswer { resolution, age: Duration::from_secs(age) };
        let said = said.into_iter().map(|(image, said)| (image, said.map(aged))).collect();
        self.hear(BackendMessage::LookupFinished {
            id,
            results: said,
            other_hosts: ["auth.docker.io".to_owned()].into(),
        });
        self
    }

    fn text(&mut self) -> String {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let theme = ColourTheme::by_name("terminal", TerminalFeatures::default());
        self.state.scroll_limits =
            ui::draw_screen(&mut buffer, &self.state, &theme, &mut Highlighter::default());
        crate::stage::text(&buffer)
    }

    fn read(&self, path: &str) -> &str {
        &self.texts.iter().find(|(own, _)| *own == path).unwrap().1
    }

    /// How often registries themselves were asked.
    fn questions(&self) -> usize {
        let asks = |request: &&BackendRequest| match request {
            BackendRequest::LookUpImages { mode, .. } => *mode != LookupMode::CachedOnly,
            BackendRequest::CheckPins { .. } => true,
            _ => false,
        };
        self.asked.iter().filter(asks).count()
    }

    fn stage(&self) -> Option<&LookupStage> {
        match &self.state.dialog {
            Some(DialogState::Lookup(lookup)) => Some(&lookup.stage),
            Some(DialogState::PinCheck(pins)) => Some(&pins.stage),
            _ => None,
        }
    }
}

fn audit(texts: &[(&'static str, String)]) -> AuditEngine {
    let kind = |path: &str| FileKind::of_name(path).unwrap_or(FileKind::Manifest);
    let files = texts.iter().map(|(path, text)| ((*path).into(), kind(path), text.clone()));
    AuditEngine::from_texts(files, Settings::default())
}

fn said(image: &Reference) -> Result<TagResolution, String> {
    let tags: &[&str] = match image.repository() {
        "gone" | "shop/gone" => {
            return Err("registry.example has no `shop/gone:1.4.2`: check the name and the tag".to_owned());
        }
        "nginx" => &["1.27.3", "1.27.3-bookworm"],
        "python" => &["3.13.1-alpine3.21"],
        _ => &[],
    };
    Ok(TagResolution {
        digest: NOW.to_owned(),
        is_single_platform: image.repository() == "tool",
        tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
        incomplete_reason: None,
        other_hosts: Vec::new(),
        resolved_at: SystemTime::now(),
    })
}

#[test]
fn the_registry_and_its_token_service_are_named_before_anybody_is_asked() {
    let mut asker = Asker::new(&[("pod.yaml", POD)], (120, 40));
    asker.finds("latest-tag").keys("f");
    assert_eq!((asker.questions(), asker.stage()), (0, Some(&LookupStage::NotStarted)));
    let drawn = asker.text();
    assert!(drawn.contains("registry-1.docker.io") && drawn.contains("auth.docker.io"), "{drawn}");
    assert_snapshot!("registries-before", drawn);
    asker.keys("Esc");
    assert_eq!((asker.questions(), asker.stage()), (0, None), "no is an answer");
    asker.keys("f Enter");
    assert_eq!(asker.questions(), 1);
    assert_snapshot!("registries-asking", asker.text());
}

#[test]
fn the_key_that_opened_the_question_asks_nobody() {
    let mut asker = Asker::new(&[("pod.yaml", POD)], (80, 24));
    asker.finds("latest-tag").keys("f f f");
    assert_eq!((asker.questions(), asker.stage()), (0, Some(&LookupStage::NotStarted)));
    assert_eq!(asker.state.toast, Some(Toast::RegistryNotAsked));
    assert!(asker.text().lines().last().unwrap().contains("Enter asks it, Esc leaves"));
    asker.keys("Enter");
    assert_eq!(asker.questions(), 1);
    let mut asker = Asker::new(&[("pod.yaml", POD)], (80, 24));
    asker.finds("gone unpinned").keys("f Enter").registries_answer(0);
    let drawn = asker.text();
    assert!(drawn.contains("Nothing to write"), "{drawn}");
    assert!(!drawn.lines().last().unwrap().contains("write"), "{drawn}");
}

#[test]
fn of_the_tags_with_the_same_digest_one_is_chosen_with_its_diff_in_view() {
    for size in [(120, 40), (80, 24)] {
        let mut asker = Asker::new(&[("pod.yaml", POD)], size);
        asker.finds("latest-tag").keys("f Enter").registries_answer(0);
        assert_snapshot!(format!("registries-choice-{}x{}", size.0, size.1), asker.text());
        let drawn = asker.keys("j").text();
        assert!(drawn.contains("nginx:1.27.3-bookworm@sha256:0ca4"), "{drawn}");
        // Long lines wrap: the whole digest is in the diff, too.
        let rows: String = drawn.split("image:").nth(2).unwrap_or_default().split_whitespace().collect();
        let shown: String = rows.chars().filter(char::is_ascii_alphanumeric).collect();
        assert!(shown.contains(&NOW[7..]), "{drawn}");
        asker.keys("f");
        assert_eq!(
            asker.read("pod.yaml"),
            POD.replace("nginx:latest", &format!("nginx:1.27.3-bookworm@{NOW}"))
        );
        assert_eq!(asker.stage(), None);
    }
}

#[test]
fn the_tag_may_stay_and_does_where_a_moving_one_was_chosen() {
    let mut asker = Asker::new(&[("Dockerfile", DOCKERFILE)], (120, 40));
    asker.finds("unpinned-image").keys("f Enter").registries_answer(0).keys("Enter");
    assert_eq!(asker.read("Dockerfile"), DOCKERFILE.replace("3-alpine", &format!("3-alpine@{NOW}")));

    let mut asker = Asker::new(&[("Dockerfile", DOCKERFILE)], (120, 40));
    asker.finds("moving-tag").keys("f Enter").registries_answer(0).keys("Enter");
    let after = format!("3.13.1-alpine3.21@{NOW}");
    assert_eq!(asker.read("Dockerfile"), DOCKERFILE.replace("3-alpine", &after));
}

#[test]
fn a_question_is_left_at_once_and_its_late_answer_is_dropped() {
    let mut asker = Asker::new(&[("pod.yaml", POD)], (120, 40));
    asker.finds("latest-tag").keys("f Enter Esc");
    assert_eq!(asker.stage(), None);
    assert!(asker.asked.contains(&BackendRequest::StopLookup));
    asker.registries_answer(0);
    assert_eq!(asker.stage(), None);
    // Nor does it answer the next question.
    asker.keys("f");
    let (id, said) = (1, Vec::new());
    asker.hear(BackendMessage::LookupFinished { id, results: said, other_hosts: BTreeSet::new() });
    assert_eq!(asker.stage(), Some(&LookupStage::NotStarted));
}

#[test]
fn a_yes_to_what_is_not_made_yet_is_answered() {
    let pinned = POD.replace("nginx:latest", &format!("nginx:1.27@{OLD}"));
    let mut chosen = Asker::new(&[("pod.yaml", POD)], (120, 40));
    chosen.finds("latest-tag").keys("f Enter").registries_answer(0);
    let mut checked = Asker::new(&[("pod.yaml", &pinned)], (120, 40));
    checked.keys("c Enter");
    let Some(BackendRequest::CheckPins { id, .. }) = checked.asked.last().cloned() else { panic!() };
    let moved = DigestStatus { exists: true, moved_to: Some(NOW.to_owned()), tag_gone: false };
    checked.hear(BackendMessage::PinCheckFinished {
        id,
        results: vec![Ok(moved)],
        other_hosts: BTreeSet::new(),
    });
    for (mut asker, text) in [(chosen, POD), (checked, pinned.as_str())] {
        let made = std::mem::replace(&mut asker.state.preview.state, PreviewState::Pending);
        asker.keys("y");
        assert_eq!((asker.read("pod.yaml"), &asker.state.toast), (text, &Some(Toast::FixPending)));
        assert!(asker.stage().is_some(), "the question stays");
        asker.state.preview.state = made;
        asker.keys("y");
        assert_ne!(asker.read("pod.yaml"), text);
    }
}

#[test]
fn every_image_at_once_is_asked_about_gently_and_written_with_a_yes() {
    for size in [(120, 40), (80, 24)] {
        let mut asker = Asker::new(&[("Dockerfile", DOCKERFILE), ("pod.yaml", POD)], size);
        asker.keys("F I Enter").registries_answer(240);
        assert_snapshot!(format!("registries-all-{}x{}", size.0, size.1), asker.text());
        asker.keys("f Enter");
        assert!(asker.stage().is_some(), "only y writes several files");
        asker.keys("j l h j j k y");
        assert!(asker.read("Dockerfile").contains(&format!("python:3-alpine@{NOW}")));
        let pod = asker.read("pod.yaml");
        assert!(pod.contains(&format!("nginx:1.27.3@{NOW} # ours")), "{pod}");
        assert!(pod.contains(&format!("tool:2.0.1@{NOW}")) && pod.contains("gone:1.4.2\n"), "{pod}");
    }
}

#[test]
fn a_failure_is_said_in_words_and_can_be_asked_about_again() {
    let mut asker = Asker::new(&[("pod.yaml", POD)], (120, 40));
    asker.finds("gone unpinned").keys("f Enter").registries_answer(0);
    let drawn = asker.text();
    assert!(drawn.contains("has no `shop/gone:1.4.2`: check the name and the tag"), "{drawn}");
    assert!(drawn.contains("Nothing to write. r asks again"), "{drawn}");
    asker.keys("r");
    assert_eq!(asker.questions(), 2);
    assert!(matches!(
        asker.asked.last(),
        Some(BackendRequest::LookUpImages { mode: LookupMode::AskAll, .. })
    ));
}

#[test]
fn what_was_said_lately_is_shown_with_its_age_and_asks_nobody() {
    let mut asker = Asker::new(&[("pod.yaml", POD)], (120, 40));
    asker.finds("latest-tag").keys("f").registries_answer(420);
    assert_eq!(asker.questions(), 0);
    let drawn = asker.text();
    assert!(drawn.contains("said 7 min ago by docker.io"), "{drawn}");
}

#[test]
fn what_is_gone_from_the_files_is_asked_about_no_more() {
    let mut asker = Asker::new(&[("pod.yaml", POD)], (120, 40));
    asker.finds("latest-tag").keys("f");
    asker.texts[0].1 = POD.replace("nginx:latest", &format!("nginx:1.27@{OLD}"));
    asker.engine = audit(&asker.texts);
    asker.hear(BackendMessage::AuditUpdated(asker.engine.full_update()));
    assert_eq!(asker.stage(), None);
}

#[test]
fn pinned_images_are_checked_at_a_key_and_renewed_with_a_yes() {
    let pod = POD
        .replace("nginx:latest", &format!("nginx:1.27@{OLD}"))
        .replace("gone:1.4.2", &format!("gone:1.4.2@{OLD}"));
    for size in [(120, 40), (80, 24)] {
        let mut asker = Asker::new(&[("pod.yaml", &pod)], size);
        asker.keys("c");
        assert_eq!((asker.questions(), asker.stage()), (0, Some(&LookupStage::NotStarted)));
        asker.keys("Enter");
        let Some(BackendRequest::CheckPins { id, images }) = asker.asked.last().cloned() else { panic!() };
        assert_eq!(images.len(), 2);
        let stands = DigestStatus { exists: true, moved_to: Some(NOW.to_owned()), tag_gone: false };
        let gone = DigestStatus { exists: false, moved_to: None, tag_gone: true };
        asker.hear(BackendMessage::PinCheckFinished {
            id,
            results: vec![Ok(stands), Ok(gone)],
            other_hosts: BTreeSet::new(),
        });
        assert_snapshot!(format!("registries-checked-{}x{}", size.0, size.1), asker.text());
        asker.keys("Enter f");
        assert_eq!(asker.read("pod.yaml"), pod);
        asker.keys("y");
        let renewed = pod.replacen(OLD, NOW, 1);
        assert_eq!(asker.read("pod.yaml"), renewed);
    }
}

#[test]
fn where_nothing_is_pinned_there_is_nothing_to_check() {
    let mut asker = Asker::new(&[("pod.yaml", POD)], (120, 40));
    let drawn = asker.keys("c").text();
    assert!(asker.stage().is_none() && drawn.contains("No image here is pinned"), "{drawn}");
}
