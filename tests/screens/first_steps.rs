//! What a new user does first: leaves the first screen for what is new, opens an entry, looks what may follow a key.

use seaworthy::app::{AppEvent, BackendMessage};

use crate::first_screen::files;
use crate::real::Demo;
use crate::stage::text;

/// A save that brings something new to an app that is not the first entry's.
fn share_ipc(demo: &mut Demo) {
    let pod = "    spec:\n      containers";
    demo.edit("mail/deploy.yaml", pod, "    spec:\n      hostIPC: true\n      containers");
}

fn selected_rule(demo: &Demo) -> &'static str {
    demo.state.current_finding().map_or("", |entry| entry.key.rule)
}

#[test]
fn enter_in_the_log_leaves_the_first_screen_for_what_changed() {
    for keys in ["L Enter", "L g n"] {
        let mut demo = Demo::ranked(&files(), 120, 40);
        assert!(demo.state.first_screen.is_open);
        share_ipc(&mut demo);
        demo.keys(keys);
        assert!(demo.state.dialog.is_none() && !demo.state.first_screen.is_open, "{keys}");
        assert_eq!(selected_rule(&demo), "host-ipc", "{keys}");
    }
}

/// What stands behind an entry is no search of the person's own: it hides no news.
#[test]
fn what_is_new_is_reached_from_an_opened_entry_and_after_it() {
    for keys in ["g n", "g N", "0 g n", "L Enter", "0 L Enter"] {
        let mut demo = Demo::ranked(&files(), 120, 40);
        demo.keys("g g Enter");
        share_ipc(&mut demo);
        demo.keys(keys);
        let drawn = text(&demo.buffer());
        assert!(!demo.state.first_screen.is_open && !drawn.contains("hides it"), "{keys}\n{drawn}");
        assert_eq!(selected_rule(&demo), "host-ipc", "{keys}");
    }
}

#[test]
fn zero_leaves_the_entry_that_was_opened() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("j Enter 0");
    assert!(demo.state.first_screen.is_open && !demo.state.filter.is_active());
    demo.keys("0");
    assert_eq!(demo.state.findings_list.len(), demo.state.index.entries.len());
}

/// A search of the person's own stays, and what hides the news is named with the key that lifts it.
#[test]
fn what_hides_the_news_is_named_with_its_key() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("/");
    for letter in "rule:missing-user".chars() {
        demo.keys(&letter.to_string());
    }
    demo.keys("Enter");
    share_ipc(&mut demo);
    demo.keys("g n");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("the search hides it: Esc"), "{drawn}");
    assert!(demo.state.filter.is_active());
}

/// The frame of what may follow a key lies over the panes, and no mark of theirs over it.
#[test]
fn what_may_follow_is_drawn_over_the_marks_of_the_panes() {
    for (width, height) in [(80, 24), (100, 30), (120, 40)] {
        let mut demo = Demo::ranked(&files(), width, height);
        demo.keys("0");
        for pane in ["2", "3", "1"] {
            demo.keys(pane);
            demo.keys("g");
            let drawn = text(&demo.buffer());
            demo.keys("Esc");
            let lines: Vec<Vec<char>> = drawn.lines().map(|line| line.chars().collect()).collect();
            let corner = |line: &Vec<char>| {
                line.windows(4).position(|cells| cells.iter().collect::<String>() == "┌─ g")
            };
            let Some(top) = lines.iter().position(|line| corner(line).is_some()) else {
                panic!("no frame at {width}x{height}\n{drawn}")
            };
            let left = corner(&lines[top]).unwrap();
            let right = lines[top].len() - 2;
            assert_eq!(lines[top][right], '┐', "{drawn}");
            for line in lines[top..].iter().take_while(|line| line[left] != '└') {
                assert!(!line[left..=right].contains(&'┃'), "{width}x{height}\n{drawn}");
            }
        }
    }
}

#[test]
fn what_may_follow_a_key_does_something_here() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("0 2 g");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("┌─ g") && !drawn.contains("Beside the pairs"), "{drawn}");
}

#[test]
fn another_branch_is_another_order_and_the_row_stays() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("j j j");
    let selected = |demo: &Demo| demo.state.first_screen.selected_row().unwrap().title.clone();
    let begun = selected(&demo);
    let (from, to) = ("main".to_owned(), "feature/cart".to_owned());
    demo.event(AppEvent::Message(BackendMessage::BranchChanged { from, to }));
    demo.event(AppEvent::QuietReached);
    assert_eq!(selected(&demo), begun);
    demo.keys("s");
    assert_eq!(selected(&demo), begun, "nor does it go while the notes come");
    demo.keys("s");
    assert_eq!(selected(&demo), begun);
}

/// Where all entries have room, none hides where it is.
#[test]
fn room_that_is_there_is_used_from_the_top() {
    let mut demo = Demo::ranked(&files(), 80, 40);
    for _ in 0..4 {
        let drawn = text(&demo.buffer());
        for row in &demo.state.first_screen.rows {
            let spot = row.opens_at.as_ref().unwrap();
            assert!(drawn.contains(&format!("{}:{}", spot.path, spot.line)), "{}\n{drawn}", row.title);
        }
        demo.keys("j");
    }
    let mut small = Demo::ranked(&files(), 80, 24);
    for _ in 0..small.state.first_screen.rows.len() {
        let drawn = text(&small.buffer());
        let blank = drawn.lines().filter(|line| line.trim_matches(['│', ' ']).is_empty()).count();
        let whole = small.state.first_screen.rows.len() * 3 <= 19;
        assert!(blank == 0 || whole, "{drawn}");
        small.keys("j");
    }
}

#[test]
fn a_fold_in_an_opened_entry_is_refused_in_the_entrys_words() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("g g Enter z a");
    let drawn = text(&demo.buffer());
    assert!(drawn.contains("what the row holds is shown whole"), "{drawn}");
}

/// The place under an entry is where Enter leads.
#[test]
fn an_entry_names_the_place_that_it_opens_on() {
    let app = |name: &str, pod: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    spec:\n{pod}      \
             containers:\n        - name: {name}\n          image: example.com/{name}:1.2\n"
        )
    };
    let mut all = files();
    // The last of the alphabet is the worst app: its privileges weigh more than those of the others.
    all.push(("zoo/deploy.yaml", app("zoo", "      hostPID: true\n      hostIPC: true\n")));
    all.push(("api/deploy.yaml", app("api", "")));
    let mut demo = Demo::ranked(&all, 80, 24);
    for at in 0..demo.state.first_screen.rows.len() {
        let row = &demo.state.first_screen.rows[at];
        let (title, spot) = (row.title.clone(), row.opens_at.clone().unwrap());
        demo.keys("Enter");
        let first = demo.state.current_finding().unwrap();
        assert_eq!((&first.key.path, first.line), (&spot.path, spot.line), "{title}");
        demo.keys("Esc");
        demo.keys("j");
    }
}

/// Copies of one app are no more apps: what the counts are of is said beside them.
#[test]
fn copies_are_said_beside_the_number_of_workloads() {
    let mut all = files();
    let shop = all.iter().find(|(path, _)| *path == "mail/deploy.yaml").unwrap().1.clone();
    all.push(("release/mail.yaml", shop.clone()));
    all.push(("quick/mail.yaml", shop));
    for (width, words) in [(120, "of 6 workloads (4 without copies)"), (80, "/6 (4 without copies)")] {
        let mut demo = Demo::ranked(&all, width, 40);
        let drawn = text(&demo.buffer());
        assert!(drawn.contains(words), "{drawn}");
    }
    let drawn = text(&Demo::ranked(&files(), 120, 40).buffer());
    assert!(!drawn.contains("without copies"), "{drawn}");
}

/// Of the same rule it says where else, not that it resolves itself.
#[test]
fn a_fix_of_two_containers_names_the_other_one() {
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n    - name: shop\n      image: \
               example.com/shop:1\n  initContainers:\n    - name: wait-for-queue\n      image: example.com/wait:1\n";
    let mut demo = Demo::of(&[("shop.yaml", pod.to_owned())], 120, 40);
    demo.keys("/");
    for letter in "rule:missing-seccomp".chars() {
        demo.keys(&letter.to_string());
    }
    demo.keys("Enter");
    let drawn = text(&demo.buffer());
    let own = demo.state.current_finding().unwrap().key.subject.container.clone().unwrap();
    let other = if &*own == "shop" { "wait-for-queue" } else { "shop" };
    assert!(drawn.contains(&format!("Also resolves missing-seccomp of {other}.")), "{drawn}");
}

/// One line has one number on the screen, or both with the word which is which.
#[test]
fn a_line_that_the_fix_moves_has_its_number_among_the_fixs_lines() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("0 /");
    for letter in "path:mail rule:missing-seccomp".chars() {
        let key = if letter == ' ' { "Space".to_owned() } else { letter.to_string() };
        demo.keys(&key);
    }
    demo.keys("Enter");
    let drawn = text(&demo.buffer());
    let line = demo.state.current_finding().unwrap().line;
    let row = drawn.lines().find(|row| row.contains("- name: mail")).unwrap();
    let beside: usize = row
        .split('│')
        .rfind(|part| part.contains("- name"))
        .unwrap()
        .split_whitespace()
        .find_map(|word| word.parse().ok())
        .unwrap();
    let place = format!("mail/deploy.yaml:{line}");
    match beside == line {
        true => assert!(drawn.contains(&place), "{drawn}"),
        false => assert!(drawn.contains(&format!("{place}, {beside} with the fix")), "{drawn}"),
    }
}

/// With a folder selected in the tree, what is for a file says so: the source shows another's.
#[test]
fn a_selected_folder_is_no_file() {
    for keys in ["F f", "e", "F i"] {
        let mut demo = Demo::ranked(&files(), 120, 40);
        demo.keys("0 1 g g z M");
        demo.keys("j");
        demo.keys(keys);
        let drawn = text(&demo.buffer());
        assert!(demo.state.stage.is_none() && drawn.contains("a folder is selected"), "{keys}\n{drawn}");
    }
}

/// Who cannot write where it must does not write too much.
#[test]
fn an_entry_of_what_cannot_be_written_says_so() {
    let pod = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      \
               containers:\n        - name: web\n          image: nginx:1.27.3\n          securityContext: \
               {readOnlyRootFilesystem: true}\n";
    let mut demo = Demo::ranked(&[("web.yaml", pod.to_owned())], 120, 40);
    demo.keys("0");
    let titles: Vec<&str> = demo.state.first_screen.rows.iter().map(|row| row.title.as_str()).collect();
    let is_listed = demo.state.index.entries.iter().any(|entry| entry.key.rule == "unmounted-writable-path");
    assert!(is_listed && titles.contains(&"1 workload may not write where it needs to"), "{titles:?}");
}

/// Overlays build what a base says: a fix of it changes them all.
#[test]
fn a_fix_of_a_base_names_the_overlays_that_it_changes() {
    let base = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      \
                containers:\n        - name: web\n          image: example.com/web:1\n";
    let over = "resources: [../../base]\n";
    let files = [
        ("base/kustomization.yaml", "resources: [web.yaml]\n".to_owned()),
        ("base/web.yaml", base.to_owned()),
        ("overlays/dev/kustomization.yaml", over.to_owned()),
        ("overlays/prod/kustomization.yaml", format!("{over}namePrefix: prod-\n")),
    ];
    for keys in ["", "K", "F r"] {
        let mut demo = Demo::of(&files, 120, 40);
        demo.keys("/");
        for letter in "rule:missing-seccomp".chars() {
            demo.keys(&letter.to_string());
        }
        demo.keys("Enter");
        if !keys.is_empty() {
            demo.keys(keys);
        }
        let drawn = text(&demo.buffer());
        assert!(drawn.contains("Changes what 2 overlays build: dev, prod."), "{keys}\n{drawn}");
    }
}
