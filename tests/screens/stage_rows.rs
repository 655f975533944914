//! The rows of a stage tell themselves apart, and the risk of a change is that of all its places.

use crate::real::Demo;
use crate::stage::text;

fn app(name: &str, pod: &str, container: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    metadata:\n      \
         labels: {{app: {name}}}\n    spec:\n{pod}      containers:\n        - name: {name}\n          image: \
         example.com/{name}:1.2\n{container}"
    )
}

/// The stage of a rule's fixes, of these files.
fn stage_of(files: &[(&str, String)], rule: &str, (width, height): (u16, u16)) -> Demo {
    let mut demo = Demo::of(files, width, height);
    demo.keys("/");
    for letter in format!("rule:{rule}").chars() {
        demo.keys(&letter.to_string());
    }
    demo.keys("Enter F r");
    assert!(demo.state.stage.is_some(), "{}", text(&demo.buffer()));
    demo
}

/// The words on the screen without its borders, in one line.
fn flowing(demo: &mut Demo) -> String {
    let drawn = text(&demo.buffer());
    drawn.replace(['│', '┃', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_risk_of_a_change_is_that_of_all_its_places() {
    let mount = |path: &str| {
        (
            format!("      volumes:\n        - name: node\n          hostPath: {{path: {path}}}\n"),
            format!("          volumeMounts:\n            - name: node\n              mountPath: {path}\n"),
        )
    };
    let (dev, log) = (mount("/dev"), mount("/sys"));
    let files =
        [("one/deploy.yaml", app("one", &dev.0, &dev.1)), ("two/deploy.yaml", app("two", &log.0, &log.1))];
    let mut demo = stage_of(&files, "missing-seccomp", (120, 40));
    let change = &demo.state.stage.as_ref().unwrap().changes.changes[0];
    assert_eq!((change.places.len(), change.is_safe), (2, false), "{change:?}");
    let words = flowing(&mut demo);
    assert!(words.contains("place 1 of 2"), "{words}");
    for (name, path) in [("one", "/dev"), ("two", "/sys")] {
        assert!(words.contains(&format!("`{name}`")) || words.contains(&format!("{name} works")), "{words}");
        assert!(words.contains(path), "{words}");
    }
}

/// The change has the rows that the words about it leave free.
#[test]
fn no_row_is_hidden_while_rows_under_the_risk_are_blank() {
    for size in [(120, 40), (100, 30), (120, 30)] {
        let files = [("web/deploy.yaml", app("web", "", "")), ("api/deploy.yaml", app("api", "", ""))];
        let mut demo = Demo::of(&files, size.0, size.1);
        demo.keys("F F o");
        let drawn = text(&demo.buffer());
        let right: Vec<String> =
            drawn.lines().map(|line| line.chars().skip(usize::from(size.0) / 2).collect()).collect();
        let last = &right[right.len() - 2];
        let hides = drawn.contains("below: Ctrl-d");
        assert!(!hides || !last.trim_matches(['│', ' ']).is_empty(), "{size:?}\n{drawn}");
    }
}
