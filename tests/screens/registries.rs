//! Asking registries from the app: who is named first, how it is left, and what is written.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use insta::assert_snapshot;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::app::{
    Answer, Config, Effect, Event, Key, LookupAsking, Message, Outcome, Overlay, Request, Stage, State,
    Toast, start, update,
};
use seaworthy::audit::Engine;
use seaworthy::fix::{self, Answers};
use seaworthy::image::Reference;
use seaworthy::image::registry::{DigestStatus, TagResolution};
use seaworthy::repo::FileKind;
use seaworthy::settings::Settings;
use seaworthy::theme::{Abilities, Theme};
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
    engine: Engine,
    texts: Vec<(&'static str, String)>,
    state: State,
    answers: Answers,
    asked: Vec<Request>,
}

impl Asker {
    fn new(files: &[(&'static str, &str)], size: (u16, u16)) -> Self {
        let texts: Vec<_> = files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
        let state = State::new("shop", Config::default(), seaworthy::rules::find_rule);
        let engine = audit(&texts);
        let mut asker = Self { engine, texts, state, answers: Answers::default(), asked: Vec::new() };
        asker.event(Event::Resize(size.0, size.1));
        let effects = start(&mut asker.state);
        asker.answer(effects);
        asker
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.event(Event::Key(key.parse().unwrap()));
        }
        self
    }

    /// Goes to the only finding that the filter leaves.
    fn finds(&mut self, rule: &str) -> &mut Self {
        self.keys("/");
        rule.chars().for_each(|c| self.event(Event::Key(Key::char(c))));
        self.keys("Enter j j")
    }

    fn event(&mut self, event: Event) {
        let effects = update(&mut self.state, event);
        self.answer(effects);
    }

    fn hear(&mut self, message: Message) {
        self.event(Event::Message(message));
    }

    fn answer(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            if let Effect::Ask(request) = effect {
                self.asked.push(request.clone());
                self.request(request);
            }
        }
    }

    fn request(&mut self, request: Request) {
        match request {
            Request::Scan => {
                self.hear(Message::Updated(self.engine.update()));
                self.hear(Message::Scanned);
            }
            Request::Plan { generation, keys } => {
                let plan = fix::plan_with(&self.engine, &keys, &self.answers);
                self.hear(Message::Planned { generation, plan });
            }
            Request::Renew { generation, digests } => {
                let plan = fix::renew(&self.engine, &digests);
                self.hear(Message::Planned { generation, plan });
            }
            Request::Look { id, asking: LookupAsking::Nobody, .. } => {
                self.hear(Message::Looked { id, said: Vec::new(), others: BTreeSet::new() });
            }
            Request::Prefer { image, tag } => self.answers.prefer(&image, tag.as_deref()),
            Request::Pins { id } => self.hear(Message::Pins { id, pins: fix::pins(&self.engine) }),
            Request::Write(plan) => {
                for patch in &plan.patches {
                    let file = self.texts.iter_mut().find(|(path, _)| *path == patch.path.as_str());
                    patch.after.text().clone_into(&mut file.unwrap().1);
                }
                self.engine = audit(&self.texts);
                self.hear(Message::Written { title: plan.title, files: Vec::new() });
                self.hear(Message::Updated(self.engine.update()));
            }
            _ => {}
        }
    }

    /// The registries answer the last question.
    fn registries_answer(&mut self, age: u64) -> &mut Self {
        let (id, images) = match self.asked.iter().rev().find(|r| matches!(r, Request::Look { .. })) {
            Some(Request::Look { id, images, .. }) => (*id, images.clone()),
            _ => panic!("nobody was asked"),
        };
        let said: Vec<_> = images.iter().map(|image| (image.clone(), said(image))).collect();
        self.answers.extend(said.clone());
        let aged = |resolution| Answer { resolution, age: Duration::from_secs(age) };
        let said = said.into_iter().map(|(image, said)| (image, said.map(aged))).collect();
        self.hear(Message::Looked { id, said, others: ["auth.docker.io".to_owned()].into() });
        self
    }

    fn text(&mut self) -> String {
        let (width, height) = self.state.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let theme = Theme::named("terminal", Abilities::default());
        self.state.measured = ui::draw(&mut buffer, &self.state, &theme, &mut Highlighter::default());
        crate::stage::text(&buffer)
    }

    fn read(&self, path: &str) -> &str {
        &self.texts.iter().find(|(own, _)| *own == path).unwrap().1
    }

    /// How often registries themselves were asked.
    fn questions(&self) -> usize {
        let asks = |request: &&Request| match request {
            Request::Look { asking, .. } => *asking != LookupAsking::Nobody,
            Request::Check { .. } => true,
            _ => false,
        };
        self.asked.iter().filter(asks).count()
    }

    fn stage(&self) -> Option<&Stage> {
        match &self.state.overlay {
            Some(Overlay::Lookup(lookup)) => Some(&lookup.stage),
            Some(Overlay::Pins(pins)) => Some(&pins.stage),
            _ => None,
        }
    }
}

fn audit(texts: &[(&'static str, String)]) -> Engine {
    let kind = |path: &str| FileKind::of_name(path).unwrap_or(FileKind::Manifest);
    let files = texts.iter().map(|(path, text)| ((*path).into(), kind(path), text.clone()));
    Engine::of_texts(files, Settings::default())
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
    assert_eq!((asker.questions(), asker.stage()), (0, Some(&Stage::Before)));
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
fn of_the_tags_with_the_same_digest_one_is_chosen_with_its_diff_in_view() {
    for size in [(120, 40), (80, 24)] {
        let mut asker = Asker::new(&[("pod.yaml", POD)], size);
        asker.finds("latest-tag").keys("f Enter").registries_answer(0);
        assert_snapshot!(format!("registries-choice-{}x{}", size.0, size.1), asker.text());
        let drawn = asker.keys("j").text();
        assert!(drawn.contains("+       image: nginx:1.27.3-bookworm@sha256:0ca4"), "{drawn}");
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
    assert!(asker.asked.contains(&Request::StopLooking));
    asker.registries_answer(0);
    assert_eq!(asker.stage(), None);
    // Nor does it answer the next question.
    asker.keys("f");
    let (id, said) = (1, Vec::new());
    asker.hear(Message::Looked { id, said, others: BTreeSet::new() });
    assert_eq!(asker.stage(), Some(&Stage::Before));
}

#[test]
fn a_yes_to_what_is_not_made_yet_is_answered() {
    let pinned = POD.replace("nginx:latest", &format!("nginx:1.27@{OLD}"));
    let mut chosen = Asker::new(&[("pod.yaml", POD)], (120, 40));
    chosen.finds("latest-tag").keys("f Enter").registries_answer(0);
    let mut checked = Asker::new(&[("pod.yaml", &pinned)], (120, 40));
    checked.keys("c Enter");
    let Some(Request::Check { id, .. }) = checked.asked.last().cloned() else { panic!() };
    let moved = DigestStatus { exists: true, moved_to: Some(NOW.to_owned()), tag_gone: false };
    checked.hear(Message::Checked { id, said: vec![Ok(moved)], others: BTreeSet::new() });
    for (mut asker, text) in [(chosen, POD), (checked, pinned.as_str())] {
        let made = std::mem::replace(&mut asker.state.preview.outcome, Outcome::Waiting);
        asker.keys("y");
        assert_eq!((asker.read("pod.yaml"), &asker.state.toast), (text, &Some(Toast::NotYet)));
        assert!(asker.stage().is_some(), "the question stays");
        asker.state.preview.outcome = made;
        asker.keys("y");
        assert_ne!(asker.read("pod.yaml"), text);
    }
}

#[test]
fn every_image_at_once_is_asked_about_gently_and_written_with_a_yes() {
    for size in [(120, 40), (80, 24)] {
        let mut asker = Asker::new(&[("Dockerfile", DOCKERFILE), ("pod.yaml", POD)], size);
        asker.keys("F 7 Enter").registries_answer(240);
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
    assert!(matches!(asker.asked.last(), Some(Request::Look { asking: LookupAsking::Again, .. })));
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
    asker.hear(Message::Updated(asker.engine.update()));
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
        assert_eq!((asker.questions(), asker.stage()), (0, Some(&Stage::Before)));
        asker.keys("Enter");
        let Some(Request::Check { id, images }) = asker.asked.last().cloned() else { panic!() };
        assert_eq!(images.len(), 2);
        let stands = DigestStatus { exists: true, moved_to: Some(NOW.to_owned()), tag_gone: false };
        let gone = DigestStatus { exists: false, moved_to: None, tag_gone: true };
        asker.hear(Message::Checked { id, said: vec![Ok(stands), Ok(gone)], others: BTreeSet::new() });
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
