//! What a person found who tried the program by hand: keys that asked or said too much, places that were lost.

use seaworthy::app::{Action, Pane};
use seaworthy::app::{
    ActionObstacle, AppEffect, AppEvent, BackendMessage, BackendRequest, DialogState, KEY_BINDINGS,
    KeyBinding, KeyPress, ListNode, PaletteCommand, PreviewState, StageScope, Toast, pane_hints,
};

use crate::fake;
use crate::real::Demo;
use crate::stage::{Stage, text};

fn footer(stage: &mut Stage) -> String {
    stage.text().lines().last().unwrap().to_owned()
}

fn selected_rule(stage: &Stage) -> Option<&'static str> {
    match &stage.state.selected_node {
        Some(ListNode::Finding(key)) => Some(key.rule),
        _ => None,
    }
}

/// A workload that runs a Dockerfile's image.
fn manifest(name: &str) -> String {
    format!(
        "# A licence stands above it.\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  \
         template:\n    spec:\n      containers:\n        - name: shop\n          image: shop:1.2\n"
    )
}

#[test]
fn the_palette_takes_a_name_that_is_typed_whole() {
    for (name, action) in [
        ("fold", Action::ToggleFold),
        ("fix", Action::Fix),
        ("undo", Action::Undo),
        ("mark", Action::SetMark),
    ] {
        let mut stage = Stage::new(80, 24);
        stage.keys(":").typed(name);
        let Some(DialogState::Palette(palette)) = &stage.state.dialog else { panic!("the palette is open") };
        let first = palette.find_rows(&stage.state)[0].command;
        assert_eq!(first, PaletteCommand::Pane(action), "{name}");
    }
    let mut stage = Stage::new(80, 24);
    stage.keys(":").typed("fo");
    let Some(DialogState::Palette(palette)) = &stage.state.dialog else { panic!("the palette is open") };
    let rows = palette.find_rows(&stage.state);
    assert!(rows[0].name.starts_with("fold"), "a beginning goes before a part: {}", rows[0].name);
}

#[test]
fn every_key_that_may_follow_is_on_the_screen() {
    for (width, height) in [(80, 24), (100, 30), (120, 40)] {
        for prefix in ["g", "z", "F"] {
            let mut stage = Stage::new(width, height);
            let drawn = stage.keys(prefix).text();
            // What is for a view that is not open is not offered.
            let is_offered = |binding: &&KeyBinding| {
                stage.state.find_obstacle(binding.action) != Some(ActionObstacle::NoPairs)
            };
            for binding in KEY_BINDINGS.iter().filter(is_offered) {
                for keys in binding.keys.iter().filter_map(|keys| keys.strip_prefix(&format!("{prefix} "))) {
                    let words: String = binding.description.chars().take(40).collect();
                    let is_named = binding.hint.is_some_and(|hint| drawn.contains(&format!("{keys} {hint}")))
                        || drawn.contains(&format!("{keys}  {words}"))
                        || drawn.contains(&format!("{keys} {}", binding.description));
                    assert!(is_named, "{prefix} {keys} at {width}\n{drawn}");
                }
            }
            assert!(stage.keys("Esc").state.pending_keys.is_empty());
        }
    }
}

/// Two manifests run what one Dockerfile builds, and the other one's path comes first.
#[test]
fn a_jump_to_the_linked_file_leads_back_to_where_it_began() {
    let dockerfile = "# A licence stands above it.\nFROM debian:13\nCOPY . /srv/shop\nUSER 10001\nENTRYPOINT \
                      [\"/srv/shop/run\"]\n";
    let files = [
        ("a/deploy.yaml", manifest("early")),
        ("shop/Dockerfile", dockerfile.to_owned()),
        ("z/deploy.yaml", manifest("late")),
    ];
    let mut demo = Demo::of(&files, 80, 24);
    demo.keys("/");
    for c in "path:z/ rule:missing-seccomp".chars() {
        demo.event(AppEvent::Key(KeyPress::from_char(c)));
    }
    demo.keys("Enter Enter");
    let place =
        |demo: &Demo| (demo.state.current_path().unwrap().to_string(), demo.state.source.cursor.row + 1);
    let begun = place(&demo);
    assert_eq!(begun.0, "z/deploy.yaml");
    demo.keys("g d");
    assert_eq!(place(&demo), ("shop/Dockerfile".to_owned(), 4), "at the user that the image starts as");
    demo.keys("g d");
    assert_eq!(place(&demo), begun);
    demo.keys("g d g d g d");
    assert_eq!(place(&demo).0, "shop/Dockerfile");
}

#[test]
fn a_search_begins_at_its_first_finding() {
    let mut stage = Stage::new(80, 24);
    stage.keys("G /").typed("sev:medium");
    let first = stage.state.findings_list.rows.iter().position(|row| row.expanded.is_none());
    assert_eq!(Some(stage.state.findings_cursor.row), first, "{}", stage.text());
    // What is found still stays selected.
    stage.keys("Enter j");
    let chosen = selected_rule(&stage).unwrap();
    stage.keys("/").typed(chosen);
    assert_eq!(selected_rule(&stage), Some(chosen));
}

#[test]
fn keys_on_an_empty_list_say_that_nothing_is_selected() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("nothing-like-it").keys("Enter");
    for key in ["f", "i"] {
        stage.keys(key);
        assert_eq!(stage.state.toast, Some(Toast::NotHere(ActionObstacle::NoFinding)), "{key}");
    }
    stage.keys("j");
    assert!(!footer(&mut stage).contains("f fix"), "{}", stage.text());
}

#[test]
fn no_fix_is_offered_where_a_person_must_decide() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("shell-form-command").keys("Enter");
    assert_eq!(selected_rule(&stage), Some("shell-form-command"));
    assert!(!footer(&mut stage).contains("f fix"), "{}", stage.text());
    stage.keys("d d");
    assert!(!footer(&mut stage).contains(" page"), "{}", stage.text());
    stage.keys("Esc Esc K");
    assert!(!footer(&mut stage).contains("show the fix"), "{}", stage.text());
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("missing-seccomp").keys("Enter");
    assert!(footer(&mut stage).contains("f fix"), "{}", stage.text());
    assert!(pane_hints(Pane::Findings).iter().any(|(action, _)| *action == Action::Fix));
}

#[test]
fn keys_that_no_program_binds_are_answered_too() {
    for key in ["F1", "F5", "F12", "Insert"] {
        let mut stage = Stage::new(80, 24);
        stage.keys(key);
        assert!(
            footer(&mut stage).contains(&format!("Nothing on {key}; : lists all keys.")),
            "{}",
            stage.text()
        );
    }
}

#[test]
fn a_dialog_answers_keys_that_it_has_nothing_for() {
    let mut stage = Stage::new(80, 24);
    stage.keys("U");
    for key in ["x", "p", "y", "r", "T", "+"] {
        stage.keys(key);
        assert!(stage.state.toast.is_some(), "{key}");
        assert!(matches!(stage.state.dialog, Some(DialogState::UndoList(_))), "{key}");
    }
    assert!(footer(&mut stage).contains("Nothing on +"), "{}", stage.text());
    stage.keys("j");
    assert!(stage.state.toast.is_none(), "moving is an answer");
    stage.keys("Esc L t");
    assert!(stage.state.toast.is_some());
}

#[test]
fn the_header_says_how_findings_went() {
    let mut stage = Stage::new(120, 40);
    stage.remove("jobs/nightly/cronjob.yaml");
    let header = stage.text().lines().next().unwrap().to_owned();
    assert!(header.contains("gone with a file") && !header.contains("resolved"), "{header}");
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("COPY", "USER 43122\nCOPY"));
    let header = stage.text().lines().next().unwrap().to_owned();
    assert!(header.contains("1 resolved"), "{header}");
    // What is allowed is counted by itself.
    let mut demo = Demo::new(200, 60);
    demo.edit(
        "deploy.yaml",
        "      - name: tides",
        "      # seaworthy: allow missing-seccomp -- so\n      - name: tides",
    );
    let header = text(&demo.buffer()).lines().next().unwrap().to_owned();
    assert!(header.contains("allowed") && !header.contains("resolved"), "{header}");
}

#[test]
fn what_is_allowed_asks_for_no_reason() {
    let mut demo = Demo::new(120, 40);
    demo.edit(
        "deploy.yaml",
        "      - name: tides",
        "      # seaworthy: allow missing-seccomp -- so\n      - name: tides",
    );
    demo.keys("/");
    for c in "is:allowed".chars() {
        demo.event(AppEvent::Key(KeyPress::from_char(c)));
    }
    demo.keys("Enter G");
    assert!(demo.state.current_finding().is_some_and(|entry| entry.suppression.is_some()));
    let drawn = text(&demo.buffer());
    assert!(!drawn.contains("i allows it"), "{drawn}");
    demo.keys("i");
    assert!(demo.state.dialog.is_none());
    assert!(
        matches!(&demo.state.toast, Some(Toast::AllowedAlready(by)) if by.contains("so")),
        "{:?}",
        demo.state.toast
    );
}

#[test]
fn a_finding_that_no_comment_can_allow_says_so_before_a_reason_is_typed() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("missing-seccomp").keys("Enter i");
    let Some(DialogState::SuppressReason { key, .. }) = stage.state.dialog.clone() else { panic!("it asks") };
    let asks = AppEffect::Ask(BackendRequest::CheckException { key: key.clone() });
    assert!(stage.effects.contains(&asks));
    let drawn = stage.text();
    assert!(drawn.contains("api/deploy.yaml:") && drawn.contains("Deployment/api in"), "{drawn}");
    stage.hear(BackendMessage::ExceptionRefused { key, reason: "JSON has no comments".to_owned() });
    assert!(stage.state.dialog.is_none());
    assert!(footer(&mut stage).contains("cannot be allowed by a comment here: JSON has no comments"));
}

/// Where something is typed, a key at an edge of it is no key that somebody missed.
#[test]
fn a_text_field_answers_no_key_at_its_edges() {
    for keys in ["Left", "Backspace", "Home", "Enter"] {
        let mut stage = Stage::new(80, 24);
        stage.keys("/").typed("missing-seccomp").keys("Enter i").keys(keys);
        assert!(matches!(stage.state.dialog, Some(DialogState::SuppressReason { .. })), "{keys}");
        assert!(stage.state.toast.is_none(), "{keys}: {:?}", stage.state.toast);
    }
}

#[test]
fn undo_says_what_it_undid_and_where_to_go_when_it_cannot() {
    let mut stage = Stage::new(80, 24);
    stage.hear(BackendMessage::TakeBackUndone { files: vec!["api/deploy.yaml".into()] });
    assert!(footer(&mut stage).contains("Made again in api/deploy.yaml. Ctrl-r takes it back again."));
    stage.hear(BackendMessage::UndoRefused { path: "jobs/nightly/cronjob.yaml".into() });
    let said = footer(&mut stage);
    assert!(said.contains("cronjob.yaml has changed since. U takes back what stands."), "{said}");
}

#[test]
fn the_undo_list_offers_what_its_step_allows() {
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("missing-seccomp").keys("Enter").text();
    stage.keys("f f U");
    let said = footer(&mut stage);
    assert!(said.contains("u take it back") && said.contains("Ctrl-r make again"), "{said}");
    stage.keys("Esc u U");
    stage.state.toast = None;
    let said = String::new();
    let said = format!("{said}{}", footer(&mut stage));
    assert!(!said.contains("u take it back") && said.contains("Ctrl-r make again"), "{said}");
}

#[test]
fn the_log_names_what_went() {
    let mut stage = Stage::new(80, 24);
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("COPY", "USER 43122\nCOPY"));
    let drawn = stage.keys("L").text();
    assert!(drawn.contains("missing-user Dockerfile"), "{drawn}");
}

#[test]
fn a_beginning_of_a_field_names_its_candidates_at_once() {
    let mut stage = Stage::new(80, 24);
    let drawn = stage.keys("/").typed("sev").text();
    assert!(drawn.contains("Tab sev:") || drawn.contains("sev:critical"), "{drawn}");
}

/// What a person types into the search, and keeps.
fn search(demo: &mut Demo, words: &str) {
    demo.keys("/");
    for c in words.chars() {
        demo.event(AppEvent::Key(KeyPress::from_char(c)));
    }
    demo.keys("Enter");
}

/// A program that installs a package as it starts, which only root may.
fn installing() -> Demo {
    let manifest = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n  \
                    selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    \
                    spec:\n      containers:\n        - name: web\n          image: example.com/shop:1.2\n          \
                    command: [sh, -c, apk add curl && exec /srv/shop]\n";
    Demo::of(&[("web.yaml", manifest.to_owned())], 120, 40)
}

#[test]
fn no_fix_is_offered_in_a_file_that_does_not_parse_as_it_was_saved() {
    let mut demo = Demo::new(120, 40);
    search(&mut demo, "missing-seccomp");
    let footer = |demo: &mut Demo| text(&demo.buffer()).lines().last().unwrap().to_owned();
    assert!(footer(&mut demo).contains("f fix"));
    demo.edit("deploy.yaml", "apiVersion", "bad: [\napiVersion");
    assert!(demo.state.current_finding().is_some());
    assert!(!footer(&mut demo).contains("f fix"), "{}", text(&demo.buffer()));
    demo.keys("f");
    assert_eq!(demo.state.toast, Some(Toast::NotHere(ActionObstacle::HalfSaved)));
}

#[test]
fn what_is_left_of_an_app_is_not_all_said_to_break() {
    let mut demo = installing();
    demo.keys("g g");
    assert!(!demo.state.is_single_finding());
    demo.keys("f k");
    for _ in 0..40 {
        if demo.state.preview.writable_plan().is_none() {
            break;
        }
        demo.buffer();
        demo.keys("f k");
    }
    let PreviewState::Failed(no_plan) = &demo.state.preview.state else {
        panic!("{:?}", demo.state.preview.state)
    };
    let said = no_plan.to_string();
    assert!(said.contains("of these fixes would break the program"), "{said}");
    assert!(said.contains("more need") && !said.contains("each of"), "{said}");
}

#[test]
fn a_fix_that_will_break_says_so_before_its_value_is_asked_for() {
    let mut demo = installing();
    search(&mut demo, "may-run-as-root");
    let missing = demo.state.preview.required_value().unwrap();
    assert!(missing.will_break && !missing.evidence.is_empty(), "{missing:?}");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("It would break the program") && drawn.contains("apk"), "{drawn}");
}

#[test]
fn the_row_of_what_was_mended_stays_where_a_search_has_nothing_else() {
    let mut demo = Demo::new(120, 40);
    search(&mut demo, "missing-seccomp");
    assert_eq!(demo.state.findings_list.len(), 1);
    demo.buffer();
    demo.keys("f");
    assert_eq!(demo.state.findings_list.len(), 0);
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("takes it back") && drawn.contains("missing-seccomp"), "{drawn}");
    assert!(!drawn.contains("Esc clears the filter"), "{drawn}");
}

#[test]
fn a_file_that_was_not_read_says_why_on_its_page_too() {
    let files = [("a.yaml", manifest("a")), ("b.yaml", "apiVersion: v1\nkind: Pod\nspec: [\n".to_owned())];
    let mut demo = Demo::of(&files, 120, 40);
    demo.keys("g s");
    assert_eq!(demo.state.current_path().unwrap().as_str(), "b.yaml");
    let said = |demo: &mut Demo| {
        let drawn = text(&demo.buffer());
        assert!(drawn.contains("Not audited: ") || drawn.contains("Partly read: "), "{drawn}");
    };
    demo.state.toast = None;
    said(&mut demo);
    demo.keys("K");
    said(&mut demo);
    demo.keys("Esc 4 Enter");
    said(&mut demo);
}

#[test]
fn the_next_file_that_was_not_read_follows_from_wherever_it_is_asked_for() {
    let broken = "apiVersion: v1\nkind: Pod\nspec: [\n".to_owned();
    let files = ["a.yaml", "b.yaml", "c.yaml"].map(|path| (path, broken.clone()));
    let mut demo = Demo::of(&files, 120, 40);
    let here = |demo: &Demo| demo.state.current_path().unwrap().to_string();
    demo.keys("g s g s");
    assert_eq!(here(&demo), "b.yaml");
    demo.keys("3 g s");
    assert_eq!(here(&demo), "c.yaml");
    demo.keys("4 g s");
    assert_eq!(here(&demo), "a.yaml");
}

#[test]
fn a_selected_folder_is_what_the_fixes_of_a_folder_are_of() {
    let files = [("one/a.yaml", manifest("a")), ("one/b.yaml", manifest("b")), ("two/c.yaml", manifest("c"))];
    let mut demo = Demo::of(&files, 120, 40);
    demo.keys("2 G 1 g g");
    assert_eq!(demo.state.scope_title(StageScope::Folder), "one/");
    let keys = demo.state.keys_in_scope(StageScope::Folder);
    assert!(!keys.is_empty() && keys.iter().all(|key| key.path.as_str().starts_with("one/")), "{keys:?}");
    demo.keys("F d");
    assert_eq!(demo.state.stage.as_ref().unwrap().title, "one/");
}

#[test]
fn a_stage_offers_a_value_only_where_one_is_written() {
    let mut demo = Demo::of(&[("a.yaml", manifest("a"))], 120, 40);
    demo.keys("F F");
    let rows = demo.state.stage.as_ref().unwrap().rows.len();
    let mut offered = [0, 0];
    for _ in 0..rows {
        let drawn = text(&demo.buffer());
        let offers = drawn.lines().last().unwrap().contains("v value");
        let stage = demo.state.stage.as_ref().unwrap();
        let mut rules = stage.selected_fixes().into_iter().map(|fix| fix.key.rule);
        let (first, others) = (rules.next(), rules.count());
        assert!(!offers || others > 0 || first != Some("missing-seccomp"), "{drawn}");
        offered[usize::from(offers)] += 1;
        demo.keys("j");
    }
    assert!(offered[0] > 0, "{offered:?}");
}

#[test]
fn a_template_that_was_refused_says_so_where_it_would_be_rendered() {
    let template = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  labels: {{- include \
                    \"library.labels\" . | nindent 4 }}\n";
    let files = [
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n".to_owned()),
        ("web/values.yaml", "port: 80\n".to_owned()),
        ("web/templates/deploy.yaml", template.to_owned()),
        ("web/templates/app.yaml", manifest("app")),
    ];
    let mut demo = Demo::of(&files, 120, 40);
    demo.keys("g s");
    while demo.state.current_path().unwrap().as_str() != "web/templates/deploy.yaml" {
        demo.keys("g s");
    }
    demo.keys("R");
    demo.state.toast = None;
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("library.labels") && drawn.contains("not shown"), "{drawn}");
    let footer = drawn.lines().last().unwrap();
    assert!(!footer.contains("where it is written") && footer.contains("back"), "{footer}");
}

/// The line that will be written, joined of its rows in the question.
fn shown_comment(drawn: &str) -> String {
    let x =
        drawn.lines().find_map(|line| line.find("┌─ Allow").map(|at| line[..at].chars().count())).unwrap();
    let rows = drawn.lines().map(|line| line.chars().skip(x).take(72).collect::<String>());
    let rows =
        rows.filter_map(|row| row.split_once('┃').map(|(_, text)| text.trim_matches([' ', '│']).to_owned()));
    let rows: Vec<String> = rows.collect();
    let first = rows.iter().position(|row| row.starts_with("# seaworthy")).unwrap_or_default();
    rows[first..].join(" ")
}

/// Promise 1, for what `i` writes: the whole line, and where it goes.
#[test]
fn a_comment_is_on_the_screen_whole_before_it_is_written() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut demo = Demo::new(width, height);
        demo.keys("/");
        for c in "missing-seccomp".chars() {
            demo.event(AppEvent::Key(KeyPress::from_char(c)));
        }
        demo.keys("Enter i");
        let reason = "it is agreed with those who run the cluster, in writing, that this one is left as it is \
                      until the end of the year, when the last node that needs it so is gone";
        for c in reason.chars() {
            demo.event(AppEvent::Key(KeyPress::from_char(c)));
        }
        let Some(DialogState::SuppressReason { place: Some(place), .. }) = demo.state.dialog.clone() else {
            panic!("it is known where the comment goes")
        };
        let drawn = text(&demo.buffer());
        let shown = shown_comment(&drawn);
        assert!(
            shown.contains(&format!("# seaworthy: allow missing-seccomp -- {reason}")),
            "{shown}\n{drawn}"
        );
        assert!(drawn.contains(&format!("Written above line {}:", place.line)), "{drawn}");
        assert!(drawn.contains(place.below.trim()), "{drawn}");
        demo.keys("Enter");
        assert!(demo.state.dialog.is_none());
    }
}

#[test]
fn a_comment_that_was_not_seen_whole_is_not_written() {
    let is_asked = |stage: &Stage| {
        stage.effects.iter().any(|effect| matches!(effect, AppEffect::Ask(BackendRequest::Suppress { .. })))
    };
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("missing-seccomp").keys("Enter i").typed(&"very long ".repeat(120)).keys("Enter");
    assert!(!is_asked(&stage) && footer(&mut stage).contains("a shorter reason"), "{}", stage.text());
    stage.keys("Ctrl-u").typed("as agreed").keys("Enter");
    assert!(is_asked(&stage), "{}", stage.text());
    // Nor is it before its place is known.
    let mut stage = Stage::new(80, 24);
    stage.keys("/").typed("missing-seccomp").keys("Enter");
    stage.answers = false;
    stage.keys("i").typed("as agreed").keys("Enter");
    assert!(!is_asked(&stage) && stage.state.toast == Some(Toast::CommentPending), "{}", stage.text());
}
