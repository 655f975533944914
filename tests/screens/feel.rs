//! What is felt everywhere: one line for a toast, nothing dim under text, answers, and a view that is found again.

use ratatui::style::{Color, Modifier};
use seaworthy::app::{AppEffect, BackendMessage, BackendRequest, KeptView, Toast};
use seaworthy::finding::Severity;
use seaworthy::repo::WatchMode;
use seaworthy::theme::{ColourDepth, ColourTheme, StyleToken, TerminalFeatures, theme_names};

use crate::fake;
use crate::real::Demo;
use crate::stage::{Stage, text};

fn footer(stage: &mut Stage) -> String {
    stage.text().lines().last().unwrap().to_owned()
}

#[test]
fn a_toast_takes_one_line_and_keeps_its_end() {
    let reason =
        "a reason that goes on and on, far longer than any line of this screen has room for, to its very end";
    for (width, height) in [(60, 15), (80, 24), (100, 30)] {
        let mut quiet = Stage::new(width, height);
        let before = quiet.text();
        let mut stage = Stage::new(width, height);
        stage.hear(BackendMessage::WriteRefused { reason: reason.to_owned() });
        let drawn = stage.text();
        let rows = usize::from(height) - 1;
        let above = |drawn: &str| drawn.lines().take(rows).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(above(&drawn), above(&before), "nothing above is covered");
        let line = drawn.lines().last().unwrap();
        assert!(line.contains("Nothing was written") && line.contains("its very end"), "{line}");
    }
}

#[test]
fn the_place_in_what_has_the_keys_stands_in_the_last_line_at_every_size() {
    for (width, height) in [(80, 24), (100, 30), (120, 40), (160, 50), (200, 60)] {
        for pane in ["1", "2", "3"] {
            let mut stage = Stage::new(width, height);
            stage.keys(pane).keys("G");
            let len = match pane {
                "1" => stage.state.tree.len(),
                "2" => stage.state.findings_list.rows.len(),
                _ => stage.files[stage.state.current_path().unwrap()].lines().count(),
            };
            let place = format!(" {len}/{len} ");
            let last = footer(&mut stage);
            assert!(last.contains(&place), "{width}x{height}, {pane}: {place} in {last}");
            assert!(last.contains(" help "), "{last}");
        }
    }
}

#[test]
fn a_text_that_is_scrolled_says_how_far() {
    let mut demo = Demo::new(120, 40);
    demo.keys("]");
    for keys in ["4", "K"] {
        demo.keys(keys);
        demo.buffer();
        demo.keys("G");
        let drawn = text(&demo.buffer());
        let last = drawn.lines().last().unwrap();
        let (at, len) = last.split_whitespace().find_map(|word| word.split_once('/')).unwrap();
        assert_eq!(at, len, "the end is in view: {last}");
        assert!(drawn.lines().any(|line| line.ends_with('┃')), "{drawn}");
    }
}

#[test]
fn the_header_counts_what_is_open_and_the_levels_before_the_score() {
    for (width, height) in [(60, 15), (80, 24), (120, 40), (200, 60)] {
        let mut stage = Stage::new(width, height);
        let drawn = stage.text();
        let header = drawn.lines().next().unwrap();
        assert!(header.contains("C 0 H 4 M 12 ") && header.contains("score 24"), "{header}");
        assert_eq!(header.contains("restricted 0/2"), width >= 80, "{header}");
    }
    let mut stage = Stage::new(120, 40);
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("FROM python:3-alpine", "FROM python@sha256:0"));
    let open = stage.state.index.entries.iter().filter(|entry| entry.severity == Severity::Medium).count();
    assert!(stage.text().lines().next().unwrap().contains(&format!(" M {open} ")), "{}", stage.text());
}

/// Borders are quiet; what is written on them is not.
#[test]
fn no_text_is_dim() {
    for (width, height) in [(80, 24), (120, 40)] {
        for keys in ["j", "?", ":", "F", "/", "z", "X", "d"] {
            for theme in theme_names() {
                let mut stage = Stage::new(width, height);
                let buffer =
                    stage.keys(keys).buffer(&ColourTheme::by_name(theme, TerminalFeatures::default()));
                for y in 0..height {
                    for x in 0..width {
                        let cell = &buffer[(x, y)];
                        let is_text = cell.symbol().chars().all(char::is_alphanumeric);
                        let is_dim = cell.modifier.contains(Modifier::DIM);
                        assert!(
                            !(is_text && is_dim),
                            "{:?} at {x},{y} in {theme} after {keys}",
                            cell.symbol()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_colour_has_one_meaning() {
    let depths = [ColourDepth::TrueColour, ColourDepth::Indexed, ColourDepth::Sixteen];
    for (name, depth) in theme_names().flat_map(|name| depths.map(|depth| (name, depth))) {
        let features = TerminalFeatures { colour_depth: depth, ..TerminalFeatures::default() };
        let theme = ColourTheme::by_name(name, features);
        let plain = [None, Some(Color::Reset), theme.style(StyleToken::Base).fg];
        let of = |token| theme.style(token).fg;
        let medium = of(StyleToken::Medium);
        for token in
            [StyleToken::Caution, StyleToken::New, StyleToken::Focus, StyleToken::Code, StyleToken::Good]
        {
            assert_ne!(of(token), medium, "{name}: {} has the colour of medium", token.name());
        }
        assert!(plain.contains(&of(StyleToken::Caution)), "{name}: a caution has words, and no colour");
        assert_ne!(of(StyleToken::Low), of(StyleToken::Focus), "{name}: low has the colour of keys");
    }
}

#[test]
fn looking_again_and_pausing_answer() {
    let mut stage = Stage::new(120, 40);
    stage.keys("r");
    assert!(footer(&mut stage).contains("Looked again at 3 files: nothing new."), "{}", stage.text());
    stage.answers = false;
    stage.keys("r");
    assert!(footer(&mut stage).contains("Looking again at every file."), "{}", stage.text());
    stage.edit("api/Dockerfile", &fake::DOCKERFILE.replace("CMD gunicorn", "CMD [\"gunicorn\"]"));
    stage.hear(BackendMessage::ScanFinished);
    assert!(footer(&mut stage).contains("Looked again at 3 files: 0 new, 1 resolved."), "{}", stage.text());
    stage.hear(BackendMessage::WatchChanged(WatchMode::Paused));
    assert!(footer(&mut stage).contains("Paused: changes on disk are not followed; p goes on."));
    stage.hear(BackendMessage::WatchChanged(WatchMode::Events));
    assert_eq!(stage.state.toast, Some(Toast::WatchPaused(false)));
}

#[test]
fn the_view_of_a_repository_is_found_again() {
    let mut stage = Stage::new(120, 40);
    stage.effects.clear();
    stage.keys("j");
    let kept = |stage: &Stage| -> Vec<KeptView> {
        let views = stage.effects.iter().filter_map(|effect| match effect {
            AppEffect::Ask(BackendRequest::KeepView(view)) => Some((**view).clone()),
            _ => None,
        });
        views.collect()
    };
    assert_eq!(kept(&stage), [], "moving changes nothing of it");
    stage.keys("o s z R /").typed("user").keys("Enter Esc");
    let view = kept(&stage).pop().unwrap();
    assert_eq!((view.min_severity, &view.searches[..]), (Severity::Low, &["user".to_owned()][..]));
    let mut next = Stage::silent(120, 40);
    next.hear(BackendMessage::ViewRestored(Box::new(view.clone())));
    next.hear(BackendMessage::AuditUpdated(fake::audit(&next.files)));
    next.hear(BackendMessage::ScanFinished);
    assert_eq!(KeptView::of_state(&next.state), view);
    let rows = |stage: &Stage| stage.state.findings_list.rows.clone();
    assert_eq!(rows(&next), rows(&stage));
    let begun: Vec<KeptView> = kept(&next);
    assert!(begun.is_empty(), "what is as it was is not written again");
}

#[test]
fn names_keep_what_tells_them_apart() {
    let long = "observability-collector-for-the-frontend";
    let mut files = fake::files();
    let manifest = fake::DEPLOYMENT.to_owned();
    for end in ["one", "two"] {
        files.insert(
            format!("deploy/kubernetes-manifests-{long}-{end}.yaml").as_str().into(),
            manifest.clone(),
        );
    }
    let mut stage = Stage::with(files, 100, 30);
    let drawn = stage.keys("1").text();
    assert!(drawn.contains("one.yaml") && drawn.contains("two.yaml"), "{drawn}");
}

#[test]
fn files_that_differ_in_their_middle_are_told_apart() {
    let mut files = fake::files();
    for name in ["cart", "cart-db", "catalogue", "catalogue-db", "orders", "orders-db"] {
        let path = format!("deploy/manifests-policy/netpol-{name}-access.yaml");
        files.insert(path.as_str().into(), fake::DEPLOYMENT.to_owned());
    }
    for width in [100, 120] {
        let mut stage = Stage::with(files.clone(), width, 60);
        let drawn = stage.keys("1").text();
        let rows = drawn.lines().filter_map(|line| line.split('│').nth(1));
        let names: Vec<&str> = rows
            .skip_while(|row| !row.contains("policy"))
            .skip(1)
            .take_while(|row| row.contains('●'))
            .filter_map(|row| row.split_whitespace().nth(1))
            .take(6)
            .collect();
        let different: std::collections::BTreeSet<&&str> = names.iter().collect();
        assert!(names.len() == 6 && different.len() == 6, "{width}: {names:?}");
    }
}

/// Objects of one name, of several kinds and in several files, stand beside each other and are told apart.
#[test]
fn objects_of_one_name_are_told_apart_in_the_list() {
    let pod = "      containers:\n        - name: server\n          image: shop/server:1.2.3\n";
    let deployment = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: checkoutservice}}\nspec:\n  template:\n    spec:\n{pod}"
    );
    let service =
        "---\napiVersion: v1\nkind: Service\nmetadata: {name: checkoutservice}\nspec: {type: LoadBalancer}\n";
    let both = format!("{deployment}{service}");
    let files = [("base/deploy.yaml", both.clone()), ("release/deploy.yaml", both)];
    for (width, height) in [(80, 24), (120, 40), (160, 50), (200, 60)] {
        let mut demo = Demo::of(&files, width, height);
        demo.keys("z M");
        let text = crate::stage::text(&demo.buffer());
        let in_list = text.lines().skip_while(|line| !line.contains("Findings"));
        let rows: Vec<String> = in_list
            .filter(|line| line.contains('▸'))
            .map(|line| line.trim_start_matches(['│', '▌', ' ']).split('│').next().unwrap().to_owned())
            .map(|row| row.split(|c: char| c.is_ascii_digit()).next().unwrap().trim().to_owned())
            .collect();
        let different: std::collections::BTreeSet<&String> = rows.iter().collect();
        assert!(rows.len() >= 4 && different.len() == rows.len(), "{width} by {height}: {rows:#?}\n{text}");
    }
}

#[test]
fn no_line_runs_into_a_dialog() {
    let mut stage = Stage::new(140, 40);
    let drawn = text(&stage.keys("?").buffer(&ColourTheme::by_name("terminal", TerminalFeatures::default())));
    for line in drawn.lines().skip(1).take(38) {
        assert!(!line.contains("─│") && !line.contains("│─"), "{line}");
    }
}
