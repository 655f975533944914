//! An overlay on the screen: what it builds of a file, where each line was written, and the next overlay one key away.

use seaworthy::app::{DialogState, FullscreenView};

use crate::chart::{open_file, place};
use crate::looks::assert_looks_of;
use crate::real::Demo;
use crate::stage::text;

const BASE: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example/web:1.0.0
";
const PATCH: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
";
const PROD: &str = "resources: [../../base]
namespace: shop
patches: [{path: patch.yaml}]
images:
  - name: registry.example/web
    newTag: 2.0.0
secretGenerator:
  - name: login
    literals: [password=hunter22hunter22]
";

/// A base that two overlays build on, scanned.
fn overlays(width: u16, height: u16) -> Demo {
    let files = [
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", BASE),
        ("overlays/dev/kustomization.yaml", "resources: [../../base]\nnamePrefix: dev-\n"),
        ("overlays/prod/kustomization.yaml", PROD),
        ("overlays/prod/patch.yaml", PATCH),
    ];
    let files: Vec<(&str, String)> = files.iter().map(|(path, text)| (*path, (*text).to_owned())).collect();
    Demo::of(&files, width, height)
}

/// The number of the row on the page that holds these words.
fn row_with(demo: &Demo, words: &str) -> usize {
    let page = demo.state.rendered.as_ref().unwrap();
    let holds = |row: &usize| match page.row_at(*row) {
        Some(seaworthy::app::RenderedRow::Line(part, line)) => page.text_of_line(part, line).contains(words),
        _ => false,
    };
    (0..page.row_count()).find(holds).unwrap_or_else(|| panic!("{words} is not on the page"))
}

fn go_to_row(demo: &mut Demo, words: &str) {
    let row = row_with(demo, words);
    demo.keys("g g");
    for _ in 0..row {
        demo.keys("j");
    }
}

#[test]
fn an_object_is_shown_as_built_and_each_line_leads_to_where_it_is_written() {
    let mut demo = overlays(120, 30);
    open_file(&mut demo, "base/web.yaml", 10);
    demo.keys("R");
    assert_eq!(demo.state.fullscreen, Some(FullscreenView::Rendered));
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("as built in overlays/dev, 1 of 2") && drawn.contains("name: dev-web"), "{drawn}");
    demo.keys("V");
    insta::assert_snapshot!("overlay-built", text(&demo.buffer()));
    go_to_row(&mut demo, "image: registry.example/web:2.0.0");
    demo.keys("g d");
    assert_eq!(place(&demo), ("overlays/prod/kustomization.yaml".to_owned(), 6), "the tag of that line");
    demo.keys("Ctrl-o");
    go_to_row(&mut demo, "replicas: 3");
    demo.keys("g d");
    assert_eq!(place(&demo), ("overlays/prod/patch.yaml".to_owned(), 6), "the patch");
    demo.keys("Ctrl-o");
    go_to_row(&mut demo, "- name: web");
    demo.keys("g d");
    assert_eq!(place(&demo), ("base/web.yaml".to_owned(), 9), "the base");
}

#[test]
fn a_patch_and_a_kustomization_show_what_is_built_with_them() {
    let mut demo = overlays(120, 40);
    open_file(&mut demo, "overlays/prod/patch.yaml", 6);
    demo.keys("R");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("as built in overlays/prod") && drawn.contains("replicas: 3"), "{drawn}");
    demo.keys("R");
    open_file(&mut demo, "overlays/prod/kustomization.yaml", 9);
    demo.keys("R");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("kind: Secret") && drawn.contains("password: "), "{drawn}");
    assert!(!drawn.contains("aHVudGVyMjJodW50ZXIyMg"), "a Secret is not shown whole: {drawn}");
}

#[test]
fn a_save_is_seen_on_the_page_of_what_is_built() {
    let mut demo = overlays(120, 30);
    open_file(&mut demo, "base/web.yaml", 10);
    demo.keys("V R");
    assert!(text(&demo.buffer()).contains("replicas: 3"));
    demo.edit("overlays/prod/patch.yaml", "replicas: 3", "replicas: 5");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("replicas: 5") && drawn.contains("overlays/prod, 2 of 2"), "{drawn}");
}

#[test]
fn a_file_of_no_overlay_says_so() {
    let files = [("web.yaml", BASE.to_owned())];
    let mut demo = Demo::of(&files, 100, 24);
    open_file(&mut demo, "web.yaml", 3);
    demo.keys("R");
    assert_eq!(demo.state.fullscreen, None);
    assert!(text(&demo.buffer()).contains("no part of a chart that renders or an overlay"));
}

#[test]
fn what_an_overlay_builds_in_every_look() {
    assert_looks_of("overlay-built-looks", |width, height, theme| {
        let mut demo = overlays(width, height);
        open_file(&mut demo, "base/web.yaml", 10);
        demo.keys("V R");
        demo.buffer_in(theme)
    });
}

#[test]
fn an_app_is_tried_as_the_overlay_that_is_shown_builds_it() {
    let mut demo = overlays(120, 30);
    open_file(&mut demo, "base/web.yaml", 10);
    for folder in ["overlays/dev", "overlays/prod"] {
        demo.keys("t");
        let Some(DialogState::Trial(trial)) = &demo.state.dialog else { panic!("no trial is opened") };
        assert_eq!(trial.app.overlay, Some(folder.into()));
        demo.keys("Esc V");
    }
}
