//! The walk in rough weather: files that change under it or are gone, apps of unusual shapes, poor terminals.

use seaworthy::app::AppEvent;
use seaworthy::theme::TerminalFeatures;
use seaworthy::walkthrough::{Chapter, ChapterStatus};

use super::walker::Walker;
use super::{DEPLOYMENT, DOCKERFILE, MET};

fn standing(walker: &Walker, chapter: Chapter) -> &ChapterStatus {
    &walker.state.walk.as_ref().unwrap().app_walk().unwrap().pages[chapter as usize].status
}

#[test]
fn a_file_that_moved_under_a_chapter_is_not_written_and_the_new_diff_is_shown() {
    let mut walker = Walker::demo(120, 40);
    let edited = DOCKERFILE.replace("WORKDIR /app", "WORKDIR /srv");
    std::fs::write(walker.root.path().join("Dockerfile"), &edited).unwrap();
    walker.write();
    assert_eq!(walker.read("Dockerfile"), edited, "what a person wrote stands");
    assert!(walker.state.toast.as_ref().unwrap().is_failure());
    walker.write();
    let written = walker.read("Dockerfile");
    assert!(written.contains("WORKDIR /srv\n") && written.contains("USER "), "{written}");
}

#[test]
fn an_app_that_cannot_be_read_for_a_while_is_walked_on_when_it_can() {
    let mut walker = Walker::demo(80, 24);
    walker.keys("4");
    std::fs::write(
        walker.root.path().join("deploy.yaml"),
        "apiVersion: apps/v1\nkind: Deployment\n  half: [",
    )
    .unwrap();
    walker.refresh(vec!["deploy.yaml".into()]);
    assert!(walker.text().contains("not here any more, or cannot be read"), "{}", walker.text());
    walker.keys("Enter s v o x y u d 3");
    std::fs::write(walker.root.path().join("deploy.yaml"), DEPLOYMENT).unwrap();
    walker.refresh(vec!["deploy.yaml".into()]);
    assert!(walker.keys("4").text().contains("No key to the Kubernetes API"), "{}", walker.text());
}

#[test]
fn a_pod_on_windows_is_told_that_most_is_not_for_it() {
    let windows =
        DEPLOYMENT.replace("      containers:\n", "      os:\n        name: windows\n      containers:\n");
    let mut walker = Walker::new(&[("deploy.yaml", &windows)], 80, 24);
    walker.keys("3");
    assert!(
        matches!(standing(&walker, Chapter::Filesystem), ChapterStatus::NotApplicable(why) if why.contains("Windows"))
    );
    walker.walk_through();
    assert!(walker.text().contains("9 results"), "{}", walker.text());
}

#[test]
fn an_item_of_a_list_and_init_containers_are_walked_to_the_end() {
    let items = DEPLOYMENT.split("---").next().unwrap().replace('\n', "\n  ");
    let list = format!("apiVersion: v1\nkind: List\nitems:\n- {}\n", items.trim());
    let init = list.replace(
        "      containers:\n",
        "      initContainers:\n        - name: before\n          image: busybox:1.37.0\n        containers:\n",
    );
    for text in [list, init] {
        let mut walker = Walker::new(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", &text)], 80, 24);
        walker.walk_through();
        let written = walker.read("deploy.yaml");
        assert_eq!(written.matches("- name: before\n").count(), text.matches("- name: before\n").count());
        let restricted = written.matches("allowPrivilegeEscalation: false").count();
        assert_eq!(restricted, text.matches("image: ").count(), "{written}");
    }
}

#[test]
fn without_an_app_there_is_nothing_to_walk_and_it_says_so() {
    let config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: tides\n";
    let mut walker = Walker::new(&[("config.yaml", config)], 80, 24);
    assert!(walker.text().contains("Nothing here can be walked"), "{}", walker.text());
    walker.keys("Enter s v o x d 5");
    assert!(walker.keys("w").state.walk.is_none());
}

#[test]
fn a_long_diff_goes_on_in_pages_that_must_be_passed() {
    let many: String = (0..8)
        .map(|n| format!("      - name: tides{n}\n        image: registry.example/tides{n}:1.2.{n}\n"))
        .collect();
    let many = DEPLOYMENT.replace("      containers:\n", &format!("      containers:\n{many}"));
    let mut walker = Walker::new(&[("deploy.yaml", &many)], 80, 24);
    let text = walker.keys("5").text();
    assert!(text.contains("page 1 of") && text.contains("Space shows the next"), "{text}");
    assert!(text.contains("f next page") && text.contains("Check"), "{text}");
    let plan = walker.state.preview.writable_plan().cloned().unwrap();
    let (before, after) = (plan.patches[0].before.text(), plan.patches[0].after.text());
    // Neither many keys at once nor those that jump pass what was never on the screen.
    walker.keys("f f f G G").text();
    let mut seen = String::new();
    let pages = walker.state.scroll_limits.change.unwrap().pages;
    for _ in 0..pages {
        walker.event(AppEvent::Resize(80, 24));
    }
    for _ in 0..pages {
        assert_eq!(walker.read("deploy.yaml"), before);
        seen.push_str(&walker.text());
        walker.keys("f");
    }
    assert_eq!(walker.read("deploy.yaml"), after, "the last page's f writes");
    let added = seen.lines().filter(|line| line.contains("+ ") && line.contains('┃')).count();
    assert!(added >= after.lines().count() - before.lines().count(), "{seen}");
    for n in after.lines().enumerate().filter(|(_, line)| line.contains("memory: ")).map(|(n, _)| n + 1) {
        assert!(seen.contains(&format!("+ {n} ┃")), "line {n} was never on the screen:\n{seen}");
    }
}

#[test]
fn every_chapter_can_be_drawn_without_unicode() {
    for files in [[("Dockerfile", DOCKERFILE), ("deploy.yaml", DEPLOYMENT)], MET] {
        for (width, height) in [(120, 40), (80, 24)] {
            let mut walker = Walker::new(&files, width, height);
            for chapter in Chapter::ALL {
                walker.keys(&chapter.chapter_number().to_string());
                let text =
                    walker.draw_with(TerminalFeatures { ascii_only: true, ..TerminalFeatures::default() });
                assert!(text.is_ascii(), "{}: {text}", chapter.name());
            }
        }
    }
}

#[test]
fn what_is_secret_stays_out_of_the_walk() {
    let secret =
        "        env:\n        - name: API_TOKEN\n          value: correct-horse-battery\n        ports:\n";
    let text = DEPLOYMENT.replace("        ports:\n", secret);
    let mut walker = Walker::new(&[("Dockerfile", DOCKERFILE), ("deploy.yaml", &text)], 120, 40);
    for _ in Chapter::ALL {
        assert!(!walker.write().text().contains("horse"));
        assert!(!walker.keys("n").text().contains("horse"));
    }
    walker.event(AppEvent::Resize(120, 200));
    assert!(walker.text().contains("co…") && !walker.text().contains("horse"), "{}", walker.text());
    walker.keys("x");
    let saved = walker.saved.clone().unwrap();
    assert!(saved.contains("co…") && !saved.contains("horse"), "{saved}");
}
