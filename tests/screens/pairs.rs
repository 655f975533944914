//! `gp`: a Dockerfile and the workload of its image side by side, and what must agree between them.

use seaworthy::app::{AppEffect, BackendRequest, PairColumn};
use seaworthy::pairs::{PairVerdict, SidePair};

use crate::looks::assert_looks_of;
use crate::real::Demo;
use crate::stage::text;

const DOCKERFILE: &str = "FROM debian:13\nCOPY . /srv/shop\nUSER 10001\nWORKDIR /srv/shop\nEXPOSE 8080 9090\n\
                          VOLUME /srv/data\nENTRYPOINT [\"/srv/shop/run\"]\n";

fn deployment(security: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: shop}}\nspec:\n  template:\n    spec:\n{security}      \
         containers:\n        - name: shop\n          image: shop:1.2\n{container}"
    )
}

fn demo_of(dockerfile: &str, manifest: String, (width, height): (u16, u16)) -> Demo {
    let mut demo = Demo::of(
        &[("shop/Dockerfile", dockerfile.to_owned()), ("shop/deploy.yaml", manifest)],
        width,
        height,
    );
    demo.keys("g p");
    demo
}

fn pairs(demo: &Demo) -> Vec<SidePair> {
    let sheet = demo.state.pairs.as_ref().unwrap().sheet.clone().unwrap();
    assert!(sheet.dockerfile.is_ok(), "{:?}", sheet.dockerfile);
    sheet.pairs.clone()
}

/// The pair whose side holds these words.
fn pair_of(pairs: &[SidePair], words: &str) -> SidePair {
    let holds = |pair: &&SidePair| pair.image.text.contains(words) || pair.pod.text.contains(words);
    pairs.iter().find(holds).unwrap_or_else(|| panic!("{words}: {pairs:#?}")).clone()
}

fn usual(size: (u16, u16)) -> Demo {
    let security = "      securityContext: {runAsUser: 1000}\n";
    let container = "          args: [serve]\n          ports:\n            - containerPort: 8080\n            - \
                     containerPort: 7000\n          securityContext: {readOnlyRootFilesystem: true}\n";
    demo_of(DOCKERFILE, deployment(security, container), size)
}

#[test]
fn pairs_at_every_size() {
    assert_looks_of("pairs", |width, height, theme| {
        let mut demo = usual((width, height));
        demo.keys("j j");
        demo.buffer_in(theme)
    });
}

#[test]
fn each_pair_says_whether_its_sides_agree() {
    let found = pairs(&usual((120, 40)));
    let user = pair_of(&found, "USER 10001");
    assert_eq!((user.image.line, user.pod.text.as_str()), (Some(3), "runAsUser: 1000"));
    assert_eq!((user.verdict, user.note.as_str()), (PairVerdict::Differ, "image 10001, pod 1000"));
    assert_eq!(pair_of(&found, "containerPort: 8080").verdict, PairVerdict::Agree);
    assert_eq!(pair_of(&found, "EXPOSE 9090").verdict, PairVerdict::Differ);
    let unnamed = pair_of(&found, "containerPort: 7000");
    assert_eq!((unnamed.verdict, unnamed.image.line), (PairVerdict::Differ, None));
    assert_eq!(pair_of(&found, "args: [serve]").verdict, PairVerdict::Agree);
    assert_eq!(pair_of(&found, "VOLUME /srv/data").verdict, PairVerdict::Differ);
    assert_eq!(pair_of(&found, "WORKDIR").verdict, PairVerdict::Unknown);
}

#[test]
fn what_the_pod_leaves_to_the_image_agrees() {
    let demo = demo_of(DOCKERFILE, deployment("", ""), (120, 40));
    let found = pairs(&demo);
    let user = pair_of(&found, "no runAsUser");
    assert_eq!((user.verdict, user.note.as_str()), (PairVerdict::Agree, "the image's own: 10001"));
    assert_eq!(pair_of(&found, "no command, no args").verdict, PairVerdict::Agree);
    assert_eq!(pair_of(&found, "EXPOSE 8080").verdict, PairVerdict::Unknown, "a port need not be named");
}

#[test]
fn what_would_not_start_or_is_hidden_differs() {
    let root = DOCKERFILE.replace("USER 10001\n", "USER root\n");
    let security = "      securityContext: {runAsNonRoot: true}\n";
    let mount = "          volumeMounts: [{name: a, mountPath: /srv/shop}]\n";
    let found = pairs(&demo_of(&root, deployment(security, mount), (120, 40)));
    let user = pair_of(&found, "runAsNonRoot: true");
    assert_eq!(user.verdict, PairVerdict::Differ);
    assert!(user.note.starts_with("refused at the start"), "{}", user.note);
    let hidden = found.iter().find(|pair| pair.note.contains("hides")).unwrap();
    assert_eq!((hidden.verdict, hidden.pod.text.as_str()), (PairVerdict::Differ, "mountPath: /srv/shop"));
    let shell = DOCKERFILE.replace("[\"/srv/shop/run\"]", "/srv/shop/run");
    let found = pairs(&demo_of(&shell, deployment("", "          args: [serve]\n"), (120, 40)));
    assert_eq!(pair_of(&found, "args").verdict, PairVerdict::Differ, "a shell form takes none");
    let other = deployment("", "          command: [/bin/sh]\n");
    assert_eq!(
        pair_of(&pairs(&demo_of(DOCKERFILE, other, (120, 40))), "command").verdict,
        PairVerdict::Differ
    );
    let same = deployment("", "          command: [/srv/shop/run, -v]\n");
    assert_eq!(pair_of(&pairs(&demo_of(DOCKERFILE, same, (120, 40))), "command").verdict, PairVerdict::Agree);
}

#[test]
fn the_cursor_goes_through_both_sides_and_to_their_lines() {
    let mut demo = usual((120, 40));
    let page = |demo: &Demo| demo.state.pairs.clone().unwrap();
    assert_eq!(page(&demo).cursor.row, 0);
    if page(&demo).column == PairColumn::Pod {
        demo.keys("Tab");
    }
    demo.keys("Enter");
    assert!(!demo.state.shows_pairs());
    assert_eq!(demo.state.current_path().unwrap().as_str(), "shop/Dockerfile");
    assert_eq!(demo.state.source.cursor.row + 1, 3, "the USER");
    demo.keys("Ctrl-o g p");
    if page(&demo).column == PairColumn::Image {
        demo.keys("Tab");
    }
    demo.keys("f");
    assert_eq!(demo.state.current_path().unwrap().as_str(), "shop/deploy.yaml");
    let is_write = |effect: &AppEffect| matches!(effect, AppEffect::Ask(BackendRequest::Write(_)));
    assert!(!demo.effects().iter().any(is_write), "nothing is written from a pair");
    demo.keys("g p G j");
    assert_eq!(page(&demo).cursor.row + 1, pairs(&demo).len());
    demo.keys("Esc");
    assert!(!demo.state.shows_pairs());
}

#[test]
fn a_port_that_a_variable_names_is_that_port() {
    let dockerfile = DOCKERFILE.replace("EXPOSE 8080 9090", "ENV PORT=8080\nEXPOSE $PORT");
    let container = "          ports:\n            - containerPort: 8080\n";
    let found = pairs(&demo_of(&dockerfile, deployment("", container), (120, 40)));
    let pair = pair_of(&found, "containerPort: 8080");
    assert_eq!((pair.verdict, pair.image.line), (PairVerdict::Agree, Some(6)));
}

#[test]
fn a_save_is_a_new_comparison() {
    let mut demo = usual((120, 40));
    demo.edit("shop/deploy.yaml", "runAsUser: 1000", "runAsUser: 10001");
    assert!(demo.state.shows_pairs());
    assert_eq!(pair_of(&pairs(&demo), "runAsUser").verdict, PairVerdict::Agree);
    demo.remove("shop/deploy.yaml");
    assert!(!demo.state.shows_pairs(), "the workload is gone");
}

#[test]
fn without_a_dockerfile_it_says_why() {
    let elsewhere = deployment("", "").replace("shop:1.2", "example.com/other:1");
    let mut demo = Demo::of(&[("shop/deploy.yaml", elsewhere)], 80, 24);
    demo.keys("g p");
    let shown = text(&demo.buffer());
    assert!(shown.contains("No Dockerfile is linked to container shop."), "{shown}");
    assert!(shown.contains("example.com/other:1: nothing here says what builds it"), "{shown}");
}

#[test]
fn what_builds_the_image_is_chosen_from_a_list_at_every_size() {
    assert_looks_of("link_choice", |width, height, theme| {
        let files = [
            ("shop/Dockerfile", DOCKERFILE.to_owned()),
            ("tools/Dockerfile", DOCKERFILE.to_owned()),
            ("shop/deploy.yaml", deployment("", "")),
        ];
        let mut demo = Demo::of(&files, width, height);
        demo.keys("g p g b j");
        demo.buffer_in(theme)
    });
}

#[test]
fn what_builds_an_image_is_asked_beside_its_pairs_alone() {
    let mut demo = Demo::of(&[("deploy.yaml", deployment("", ""))], 100, 30);
    demo.keys("g b");
    assert!(text(&demo.buffer()).contains("g p shows them"));
    demo.keys("g p g b");
    assert!(text(&demo.buffer()).contains("What builds shop:1.2"));
    demo.keys("Esc");
    assert!(demo.state.dialog.is_none() && demo.state.shows_pairs());
}

/// A template's lines are those of its file, not of what it renders.
#[test]
fn the_pairs_of_a_chart_stand_at_the_lines_of_its_template() {
    let template = "{{- if .Values.shop }}\n{{- /* two lines that render to nothing */}}\napiVersion: apps/v1\nkind: \
                    Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n      securityContext:\n        \
                    runAsUser: 1000\n      containers:\n        - name: shop\n          image: shop:1.2\n          \
                    ports:\n            - containerPort: {{ .Values.port }}\n{{- end }}\n";
    let files = [
        ("shop/Dockerfile", DOCKERFILE.to_owned()),
        ("chart/Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n".to_owned()),
        ("chart/values.yaml", "shop: true\nport: 8080\n".to_owned()),
        ("chart/templates/deploy.yaml", template.to_owned()),
    ];
    let mut demo = Demo::of(&files, 120, 40);
    demo.keys("g g g p");
    let found = pairs(&demo);
    let line = |words: &str| {
        let text = template.lines().position(|line| line.contains(words)).map(|at| at + 1);
        assert!(text.is_some(), "{words}");
        text
    };
    assert_eq!(pair_of(&found, "runAsUser: 1000").pod.line, line("runAsUser"), "{found:#?}");
    assert_eq!(pair_of(&found, "containerPort: 8080").pod.line, line("containerPort"));
}

#[test]
fn the_fix_of_a_pair_is_offered_where_its_line_has_a_finding() {
    let mut demo = usual((120, 40));
    let count = pairs(&demo).len();
    for _ in 0..count {
        let footer = text(&demo.buffer()).lines().last().unwrap().to_owned();
        assert_eq!(footer.contains("to the fix"), demo.state.pair_finding().is_some(), "{footer}");
        demo.keys("j");
    }
}

#[test]
fn why_two_files_belong_together_is_read_whole_on_a_narrow_screen() {
    let mut demo = usual((80, 24));
    let sheet = demo.state.pairs.as_ref().unwrap().sheet.clone().unwrap();
    let drawn = text(&demo.buffer());
    let said: Vec<&str> = drawn.split_whitespace().filter(|word| *word != "│").collect();
    let words: Vec<&str> = sheet.evidence.split_whitespace().collect();
    assert!(said.join(" ").contains(&words.join(" ")), "{}\n{drawn}", sheet.evidence);
}

/// That neither side says who it runs as is no agreement, and `f` leads to the fix all the same.
#[test]
fn a_user_that_nobody_names_is_no_agreement_and_has_its_fix() {
    let dockerfile = DOCKERFILE.replace("USER 10001\n", "");
    let mut demo = demo_of(&dockerfile, deployment("", ""), (120, 40));
    let user = pair_of(&pairs(&demo), "no runAsUser");
    assert_eq!(
        (user.verdict, user.note.as_str()),
        (PairVerdict::Differ, "neither says who it runs as: root")
    );
    demo.keys("g g f");
    let rule = demo.state.current_finding().unwrap().key.rule;
    assert!(["may-run-as-root", "missing-user"].contains(&rule), "{rule}\n{}", text(&demo.buffer()));
    assert!(!demo.state.shows_pairs() && demo.state.preview.writable_plan().is_some());
}
