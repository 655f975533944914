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

/// Apps of one shape, each with a user of its own.
fn builds() -> Vec<(&'static str, String)> {
    let names = ["order-service", "makeline-service", "product-service", "virtual-customer"];
    let paths = [
        ("aks-store/source/order-service/Dockerfile", "deploy/order-service.yaml"),
        ("aks-store/source/makeline-service/Dockerfile", "deploy/makeline-service.yaml"),
        ("aks-store/source/product-service/Dockerfile", "deploy/product-service.yaml"),
        ("aks-store/source/virtual-customer/Dockerfile", "deploy/virtual-customer.yaml"),
    ];
    let mut files = Vec::new();
    for ((name, (dockerfile, manifest)), uid) in names.iter().zip(paths).zip(20001..) {
        let build = "FROM debian:13\nCOPY . /srv\nEXPOSE 8080\nCMD [\"/srv/run\"]\n";
        let user = format!("      securityContext: {{runAsUser: {uid}, runAsNonRoot: true}}\n");
        let text = app(name, &user, "").replace(&format!("example.com/{name}:1.2"), &format!("{name}:1.2"));
        files.extend([(dockerfile, build.to_owned()), (manifest, text)]);
    }
    files
}

/// The rows of the list, at the left of the border or above it.
fn list_rows(demo: &mut Demo) -> Vec<String> {
    let rows = demo.state.stage.as_ref().unwrap().rows.len();
    let drawn = text(&demo.buffer());
    let list = drawn.lines().skip(1).take(rows);
    list.map(|line| line.chars().skip(1).take_while(|cell| *cell != '│').collect()).collect()
}

#[test]
fn what_tells_rows_apart_is_never_cut() {
    for size in [(80, 24), (100, 30), (120, 40)] {
        let mut demo = stage_of(&builds(), "missing-user", size);
        let rows = list_rows(&mut demo);
        for name in ["order-service", "makeline-service", "product-service", "virtual-customer"] {
            assert!(rows.iter().any(|row| row.contains(name)), "{name} at {size:?}: {rows:#?}");
        }
        assert!(rows.iter().all(|row| !row.contains("not seen")), "a sign says so: {rows:#?}");
    }
}

#[test]
fn what_was_not_seen_has_a_sign_of_its_own_until_it_is() {
    let mut demo = stage_of(&builds(), "missing-user", (120, 40));
    let sign = "○";
    let marked = |demo: &mut Demo| list_rows(demo).iter().filter(|row| row.contains(sign)).count();
    demo.buffer();
    let before = marked(&mut demo);
    demo.keys("n");
    demo.buffer();
    demo.keys("n");
    assert!(before > marked(&mut demo), "{before}");
}

/// Two kinds of one title, which one line parts: the line stays whole where the title can be cut.
#[test]
fn the_line_that_parts_two_changes_stays_whole() {
    let own = "          securityContext:\n            readOnlyRootFilesystem: true\n";
    let files = [
        ("a/deploy.yaml", app("a", "", "")),
        ("b/deploy.yaml", app("b", "", "")),
        ("c/deploy.yaml", app("c", "", own)),
        ("d/deploy.yaml", app("d", "", own)),
    ];
    let mut demo = stage_of(&files, "privilege-escalation", (100, 30));
    let changes = &demo.state.stage.as_ref().unwrap().changes.changes;
    let apart: Vec<String> = changes.iter().filter_map(|change| change.apart.clone()).collect();
    let rows = list_rows(&mut demo);
    for line in &apart {
        assert!(rows.iter().any(|row| row.contains(line.as_str())), "{line}: {rows:#?}");
    }
    assert!(!apart.is_empty(), "{rows:#?}");
}

/// A fix that would break its program is named by its rule and its object, in a row that is like no other.
#[test]
fn what_will_break_is_named_by_rule_and_object() {
    let port = "          ports:\n            - containerPort: 80\n";
    let web = |name: &str| app(name, "", port).replace(&format!("example.com/{name}:1.2"), "nginx:1.27.3");
    let files = [("first/deploy.yaml", web("first")), ("second/deploy.yaml", web("second"))];
    let mut demo = stage_of(&files, "capabilities-not-dropped", (120, 40));
    let rows = demo.state.stage.as_ref().unwrap().rows.len();
    assert!(!demo.state.stage.as_ref().unwrap().breaking_reasons.is_empty());
    demo.keys("G Enter");
    assert!(demo.state.stage.as_ref().unwrap().rows.len() > rows, "{}", text(&demo.buffer()));
    let rows = list_rows(&mut demo);
    for name in ["first", "second"] {
        let named = |row: &&String| row.contains("capabilities-not-dropped") && row.contains(name);
        assert!(rows.iter().any(|row| named(&row)), "{name}: {rows:#?}");
    }
    let mut alike = rows.clone();
    alike.sort();
    alike.dedup();
    assert_eq!(alike.len(), rows.len(), "{rows:#?}");
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

/// What is kept of a version that parsed is nothing to fix: the file has moved on.
#[test]
fn what_stands_in_a_half_saved_file_is_left_out_until_it_parses() {
    let files = [("web/deploy.yaml", app("web", "", "")), ("api/deploy.yaml", app("api", "", ""))];
    let planned = |demo: &Demo| {
        let stage = demo.state.stage.as_ref().unwrap();
        let keys = stage.groups().iter().flat_map(|group| group.full.keys.iter());
        keys.filter(|key| key.path.as_str() == "web/deploy.yaml").count()
    };
    let mut demo = Demo::of(&files, 120, 40);
    demo.edit("web/deploy.yaml", "kind: Deployment", "kind: Deployment: half");
    demo.keys("F F");
    assert_eq!(planned(&demo), 0, "{}", text(&demo.buffer()));
    let reason = "does not parse";
    let left = |demo: &Demo| {
        let left = &demo.state.stage.as_ref().unwrap().left_out;
        left.iter().filter(|left| left.reason.contains(reason)).map(|left| left.keys.len()).sum::<usize>()
    };
    let count = left(&demo);
    assert!(count > 0, "{}", text(&demo.buffer()));
    demo.edit("web/deploy.yaml", "kind: Deployment: half", "kind: Deployment");
    assert!(planned(&demo) > 0 && left(&demo) == 0, "{}", text(&demo.buffer()));
    demo.edit("web/deploy.yaml", "kind: Deployment", "kind: Deployment: half");
    assert_eq!((planned(&demo), left(&demo) > 0), (0, true), "{}", text(&demo.buffer()));
}
