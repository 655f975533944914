//! `0`: what matters first, with what mending it takes and gains.

use seaworthy::app::{AppEvent, CauseState, DialogState, KeyPress};
use seaworthy::finding::Severity;

use crate::looks::assert_looks_of;
use crate::real::Demo;
use crate::stage::text;

/// Deployments of one small company: an agent with power over its node, a role for everything, a password.
pub(crate) fn files() -> Vec<(&'static str, String)> {
    let app = |name: &str, pod: &str, container: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {name}\nspec:\n  template:\n    metadata:\n      \
             labels: {{app: {name}}}\n    spec:\n{pod}      containers:\n        - name: {name}\n          image: \
             example.com/{name}:1.2\n{container}"
        )
    };
    let agent = app(
        "agent",
        "      hostPID: true\n      hostNetwork: true\n",
        "          securityContext:\n            privileged: true\n",
    );
    let db =
        app("db", "", "          env:\n            - name: DB_PASSWORD\n              value: Xk29vLq7Rt5w\n");
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: operator\nrules:\n  - \
                apiGroups: ['*']\n    resources: ['*']\n    verbs: ['*']\n";
    let service = "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: shop\nspec:\n  type: LoadBalancer\n  \
                   selector: {app: shop}\n";
    vec![
        ("shop/Dockerfile", "FROM debian:13\nADD . /app\nCMD /app/run\n".to_owned()),
        ("shop/deploy.yaml", format!("{}{service}", app("shop", "", ""))),
        ("mail/deploy.yaml", app("mail", "", "")),
        ("db/deploy.yaml", db),
        ("tools/agent.yaml", agent),
        ("tools/role.yaml", role.to_owned()),
    ]
}

fn titles(demo: &Demo) -> Vec<&str> {
    demo.state.first_screen.rows.iter().map(|row| row.title.as_str()).collect()
}

#[test]
fn what_matters_first_at_every_size() {
    assert_looks_of("first-screen", |width, height, theme| {
        let mut demo = Demo::ranked(&files(), width, height);
        if !demo.state.first_screen.is_open {
            demo.keys("0");
        }
        demo.buffer_in(theme)
    });
}

#[test]
fn what_is_mended_and_what_is_new_at_every_size() {
    assert_looks_of("first-screen-later", |width, height, theme| {
        let mut demo = Demo::ranked(&files(), width, height);
        if !demo.state.first_screen.is_open {
            demo.keys("0");
        }
        demo.edit("db/deploy.yaml", "value: Xk29vLq7Rt5w", "valueFrom: {secretKeyRef: {name: db, key: pw}}");
        demo.edit(
            "mail/deploy.yaml",
            "    spec:\n      containers",
            "    spec:\n      hostIPC: true\n      containers",
        );
        demo.keys("j j");
        demo.buffer_in(theme)
    });
}

#[test]
fn it_opens_by_itself_where_more_is_open_than_a_screen_shows() {
    let open = |demo: &Demo| demo.state.first_screen.is_open;
    let demo = Demo::ranked(&files(), 120, 30);
    assert!(open(&demo));
    assert_eq!(titles(&demo)[0], "Deployment/agent has power over its node");
    let few = files().into_iter().take(1).collect::<Vec<_>>();
    assert!(!open(&Demo::ranked(&few, 120, 30)), "a few findings are all on the screen");
    let mut deaf = Demo::of(&files(), 120, 30);
    deaf.keys("j");
    deaf.event(AppEvent::Message(seaworthy::app::BackendMessage::CausesRanked(std::sync::Arc::default())));
    assert!(!open(&deaf), "it does not come between a person and the keys");
}

#[test]
fn it_follows_what_a_walk_wrote_over_it() {
    let mut demo = Demo::ranked(&files(), 80, 24);
    demo.keys("w");
    assert!(demo.state.first_screen.is_open && demo.state.walk.is_some());
    assert_eq!(demo.state.walk.as_ref().unwrap().app_choice, 0, "a row of one object begins with its app");
    let before = demo.state.first_screen.ranking.as_ref().unwrap().finding_count;
    demo.edit("db/deploy.yaml", "value: Xk29vLq7Rt5w", "valueFrom: {secretKeyRef: {name: db, key: pw}}");
    demo.keys("w");
    assert!(demo.state.walk.is_none());
    let after = demo.state.first_screen.ranking.as_ref().unwrap().finding_count;
    assert!(after < before, "{after} of {before}");
}

#[test]
fn a_walk_from_a_row_about_many_apps_begins_with_the_worst() {
    let mut demo = Demo::ranked(&files(), 120, 30);
    let many = demo.state.first_screen.rows.iter().position(|row| row.file_count > 2).unwrap();
    for _ in 0..many {
        demo.keys("j");
    }
    demo.keys("w");
    assert_eq!(demo.state.walk.as_ref().unwrap().app_choice, 0);
}

#[test]
fn what_stands_behind_a_row_is_named_by_the_row() {
    for width in [80, 120] {
        let mut demo = Demo::ranked(&files(), width, 24);
        demo.keys("Enter");
        let drawn = text(&demo.buffer());
        assert!(drawn.contains("r its node") && !drawn.contains("is:cause"), "{drawn}");
        assert_eq!(demo.state.findings_cursor.row, first_finding(&demo), "it begins with the first");
    }
}

fn first_finding(demo: &Demo) -> usize {
    demo.state.findings_list.rows.iter().position(|row| row.expanded.is_none()).unwrap()
}

#[test]
fn safe_fixes_that_are_not_weighed_yet_are_not_called_none() {
    let mut demo = Demo::ranked(&files(), 120, 30);
    demo.state.first_screen.free = None;
    demo.state.first_screen.rows[0].fixes.unknown = 1;
    assert!(text(&demo.buffer()).contains("For free   not weighed yet   Fs"), "{}", text(&demo.buffer()));
    for row in &mut demo.state.first_screen.rows {
        row.fixes.unknown = 0;
    }
    assert!(text(&demo.buffer()).contains("no safe fix is known"));
}

#[test]
fn enter_lists_what_stands_behind_a_row_and_nothing_else() {
    let mut demo = Demo::ranked(&files(), 120, 30);
    for at in 0..demo.state.first_screen.rows.len() {
        let row = &demo.state.first_screen.rows[at];
        let mut wanted: Vec<_> = row.keys().cloned().collect();
        wanted.sort();
        demo.keys("Enter");
        assert!(!demo.state.first_screen.is_open);
        let index = &demo.state.index;
        let listed = (0..demo.state.findings_list.len())
            .filter_map(|at| demo.state.findings_list.open_entry(index, at));
        let mut listed: Vec<_> = listed.map(|entry| entry.key.clone()).collect();
        listed.sort();
        assert_eq!(listed, wanted, "row {at}");
        assert!(text(&demo.buffer()).contains("Esc what first"), "{}", text(&demo.buffer()));
        demo.keys("Esc");
        assert!(demo.state.first_screen.is_open && !demo.state.filter.is_active(), "Esc leads back");
        assert_eq!(demo.state.first_screen.cursor.row, at, "to the row");
        demo.keys("j");
    }
}

#[test]
fn mending_shows_all_of_it_first_and_the_row_stays_struck() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    let at = titles(&demo).iter().position(|title| title.contains("keep privileges")).unwrap();
    for _ in 0..at {
        demo.keys("j");
    }
    let order: Vec<String> = titles(&demo).into_iter().map(str::to_owned).collect();
    let then = demo.state.first_screen.rows[at].score_then;
    demo.keys("f");
    let stage = demo.state.stage.as_ref().unwrap();
    assert_eq!(stage.title, order[at]);
    assert!(text(&demo.buffer()).contains("seccompProfile"));
    demo.keys("Esc");
    assert!(demo.state.stage.is_none() && demo.state.first_screen.is_open, "Esc leads back");
    demo.keys("f");
    for _ in 0..50 {
        demo.buffer();
        demo.keys("n");
    }
    let before = demo.state.index.entries.len();
    demo.keys("W");
    assert!(demo.state.stage.is_none() && demo.state.first_screen.is_open, "written, and back");
    assert!(demo.state.index.entries.len() + 10 <= before, "{before}");
    assert_eq!(demo.state.first_screen.rows.len(), order.len());
    assert_eq!(demo.state.first_screen.cursor.row, at, "the reader's place stays");
    let row = &demo.state.first_screen.rows[at];
    let left = row.keys().count();
    assert!(row.state == CauseState::Mended || left < 8, "{left} are open: {:?}", row.state);
    assert!(then >= demo.state.first_screen.rows[0].score_then);
}

#[test]
fn what_comes_later_stands_at_the_end_and_what_goes_stays_struck_until_it_is_opened_anew() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    let before: Vec<String> = titles(&demo).into_iter().map(str::to_owned).collect();
    let secret = before.iter().position(|title| title.starts_with("DB_PASSWORD")).unwrap();
    demo.edit("db/deploy.yaml", "value: Xk29vLq7Rt5w", "valueFrom: {secretKeyRef: {name: db, key: pw}}");
    assert_eq!(demo.state.first_screen.rows[secret].state, CauseState::Mended);
    demo.edit(
        "mail/deploy.yaml",
        "    spec:\n      containers",
        "    spec:\n      hostIPC: true\n      containers",
    );
    let last = demo.state.first_screen.rows.last().unwrap();
    assert_eq!(last.title, "Deployment/mail has power over its node");
    assert_eq!(last.state, CauseState::New);
    demo.keys("0 0");
    let rows = &demo.state.first_screen.rows;
    assert!(rows.iter().all(|row| row.state == CauseState::Open));
    let place = rows.iter().position(|row| row.title == "Deployment/mail has power over its node").unwrap();
    assert!(place + 1 < rows.len(), "{place}");
}

#[test]
fn notes_are_counted_and_shown_when_asked_for() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    let hidden = |demo: &Demo| demo.state.first_screen.ranking.as_ref().unwrap().hidden_count;
    let count = hidden(&demo);
    assert!(count > 0);
    assert!(text(&demo.buffer()).contains(&format!("{count} info hidden")));
    demo.keys("s");
    assert_eq!(hidden(&demo), 0);
    let info = |demo: &Demo| {
        let findings = demo.state.first_screen.rows.iter().flat_map(|row| &row.findings);
        findings.filter(|listed| listed.severity == Severity::Info).count()
    };
    assert_eq!(info(&demo), count);
    demo.keys("s");
    assert_eq!(info(&demo), 0);
}

#[test]
fn another_order_is_another_row_first_and_one_finding_is_allowed_with_a_reason() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    let worst = titles(&demo)[0].to_owned();
    demo.keys("S S");
    assert_ne!(titles(&demo)[0], worst);
    demo.keys("S S");
    assert_eq!(titles(&demo)[0], worst);
    demo.keys("g g");
    let role = titles(&demo).iter().position(|title| title.starts_with("ClusterRole/operator")).unwrap();
    for _ in 0..role {
        demo.keys("j");
    }
    demo.keys("i");
    let Some(DialogState::SuppressReason { key, .. }) = &demo.state.dialog else { panic!("no question") };
    assert_eq!(key.rule, "rbac-wildcard");
}

#[test]
fn the_question_for_a_reason_is_left_to_where_it_was_asked() {
    let mut demo = Demo::ranked(&files(), 80, 24);
    let at = titles(&demo).iter().position(|title| title.contains("keep privileges")).unwrap();
    demo.keys(&["j"; 9][..at].join(" "));
    demo.keys("i");
    assert!(matches!(demo.state.dialog, Some(DialogState::SuppressReason { .. })));
    assert!(!demo.state.first_screen.is_open, "of several findings the one that is asked about is shown");
    demo.keys("Esc");
    assert!(demo.state.dialog.is_none() && demo.state.first_screen.is_open && !demo.state.filter.is_active());
    assert_eq!(demo.state.first_screen.cursor.row, at);
    // What is asked in the panes is left to the panes.
    demo.keys("Enter");
    while demo.state.selected_entries().len() != 1 {
        demo.keys("j");
    }
    demo.keys("i Esc");
    assert!(!demo.state.first_screen.is_open && demo.state.filter.is_active());
}

/// What stands behind a row is shown whole, and the floor that a person chose holds again afterwards.
#[test]
fn an_opened_row_is_shown_whole_and_leaves_the_floor_as_it_was() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("0 s s s");
    let floor = demo.state.filter.min_severity;
    assert_eq!(floor, Severity::High, "{}", text(&demo.buffer()));
    demo.keys("0");
    let at = titles(&demo).iter().position(|title| title.contains("keep privileges")).unwrap();
    demo.keys(&["j"; 9][..at].join(" "));
    let count = demo.state.first_screen.rows[at].findings.len();
    demo.keys("Enter");
    assert_eq!(demo.state.findings_list.len(), count);
    demo.keys("s");
    assert!(text(&demo.buffer()).contains("shown whole"), "{}", text(&demo.buffer()));
    demo.keys("Esc 0");
    assert_eq!(demo.state.filter.min_severity, floor);
    let entries = &demo.state.findings_list;
    assert!(entries.len() < demo.state.index.entries.len(), "the floor holds again");
}

/// Of a row with several findings the worst is asked about, and the question says that the others stay.
#[test]
fn the_question_for_a_reason_says_how_many_of_the_row_stay() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    let at = titles(&demo).iter().position(|title| title.contains("keep privileges")).unwrap();
    demo.keys(&["j"; 9][..at].join(" "));
    let count = demo.state.first_screen.rows[at].findings.len();
    demo.keys("i");
    let words = format!("; {} more of the row stay:", count - 1);
    assert!(count > 1 && text(&demo.buffer()).contains(&words), "{}", text(&demo.buffer()));
}

#[test]
fn what_was_mended_behind_a_row_is_struck_on_the_way_back() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    let order: Vec<String> = titles(&demo).into_iter().map(str::to_owned).collect();
    let at = order.iter().position(|title| title.starts_with("DB_PASSWORD")).unwrap();
    demo.keys(&["j"; 20][..at].join(" "));
    demo.keys("Enter");
    demo.edit("db/deploy.yaml", "value: Xk29vLq7Rt5w", "valueFrom: {secretKeyRef: {name: db, key: pw}}");
    demo.keys("Esc");
    assert_eq!(titles(&demo), order);
    assert_eq!(demo.state.first_screen.rows[at].state, CauseState::Mended);
}

/// The walk begins with the app of the row that is selected, and gives the screen back.
#[test]
fn the_walk_begins_with_the_app_of_the_row() {
    for (title, app) in [("agent", "agent"), ("DB_PASSWORD", "db")] {
        let mut demo = Demo::ranked(&files(), 120, 40);
        if !demo.state.first_screen.is_open {
            demo.keys("0");
        }
        let at = titles(&demo).iter().position(|words| words.contains(title)).unwrap();
        demo.keys("g g");
        for _ in 0..at {
            demo.keys("j");
        }
        demo.keys("w");
        let walking = demo.state.walk.as_ref().unwrap();
        let chosen = &walking.walk.as_ref().unwrap().apps[walking.app_choice];
        let object = chosen.id.workload.as_ref().map(|(_, object)| object.to_string());
        assert_eq!(object, Some(format!("Deployment/{app}")));
        demo.keys("w");
        assert!(demo.state.walk.is_none() && demo.state.first_screen.is_open);
        assert_eq!(demo.state.first_screen.cursor.row, at);
    }
}

#[test]
fn keys_for_the_panes_leave_it_and_do_what_they_do_there() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("/");
    assert!(!demo.state.first_screen.is_open && demo.state.filter_field.is_some());
    demo.keys("Esc 0");
    assert!(demo.state.first_screen.is_open);
    demo.event(AppEvent::Key(KeyPress::from_char('3')));
    assert!(!demo.state.first_screen.is_open);
}

#[test]
fn another_order_keeps_the_selected_row_and_counts_the_score_anew() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys("j");
    let selected = |demo: &Demo| demo.state.first_screen.selected_row().unwrap().title.clone();
    let begun = selected(&demo);
    for _ in 0..4 {
        demo.keys("S");
        assert_eq!(selected(&demo), begun);
        let screen = &demo.state.first_screen;
        let mut sheet = (*screen.ranking.as_ref().unwrap().sheet).clone();
        for row in &screen.rows {
            let is_known = sheet.mend(row.keys());
            assert_eq!(row.score_then, is_known.then(|| sheet.score()).flatten(), "{}", row.title);
        }
    }
}

#[test]
fn what_went_with_its_file_is_not_said_to_be_mended() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    let row_of = |demo: &Demo| {
        let rows = demo.state.first_screen.rows.iter();
        rows.map(|row| (row.state, row.keys().all(|key| demo_has_gone(key.path.as_str()))))
            .collect::<Vec<_>>()
    };
    demo.remove("mail/deploy.yaml");
    for (state, is_of_file) in row_of(&demo) {
        assert!(state != CauseState::Mended || !is_of_file, "{state:?}");
    }
    let gone = demo.state.first_screen.rows.iter().filter(|row| row.state == CauseState::Gone).count();
    let drawn = text(&demo.buffer());
    assert_eq!(gone > 0, drawn.contains("gone with its file"), "{drawn}");
}

fn demo_has_gone(path: &str) -> bool {
    path == "mail/deploy.yaml"
}

#[test]
fn a_screen_that_is_closed_on_its_last_row_bears_another_size() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys(if demo.state.first_screen.is_open { "G 0" } else { "0 G 0" });
    assert!(!demo.state.first_screen.is_open);
    demo.event(AppEvent::Resize(80, 24));
    demo.keys("0");
    assert!(demo.state.first_screen.is_open && demo.state.first_screen.selected_row().is_some());
}

/// An account of its own goes with the token: it is not left out.
#[test]
fn what_goes_along_with_a_fix_is_not_called_left_out() {
    let mut demo = Demo::ranked(&files(), 120, 40);
    demo.keys(if demo.state.first_screen.is_open { "S S S S S" } else { "0" });
    let at = titles(&demo).iter().position(|title| title.contains("handed a token")).unwrap();
    demo.keys("g g").keys(&["j"].repeat(at).join(" ")).keys("f");
    let stage = demo.state.stage.as_ref().expect("a row of several places is staged");
    assert!(stage.totals.resolved > stage.totals.places, "{:?}", stage.totals);
    assert_eq!(stage.left_out, []);
}

/// A row that goes into one of several others is still open.
#[test]
fn a_row_that_others_join_is_not_called_mended() {
    let role = |name: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata:\n  name: {name}\nrules:\n  - \
             apiGroups: ['*']\n    resources: ['*']\n    verbs: ['*']\n"
        )
    };
    let mut all = files();
    all.extend((0..3).map(|at| (["r0.yaml", "r1.yaml", "r2.yaml"][at], role(&format!("m{at}")))));
    all.extend((0..6).map(|at| {
        (["a0.yaml", "a1.yaml", "a2.yaml", "a3.yaml", "a4.yaml", "a5.yaml"][at], "# none\n".to_owned())
    }));
    let mut demo = Demo::ranked(&all, 120, 40);
    if !demo.state.first_screen.is_open {
        demo.keys("0");
    }
    for at in 0..6 {
        demo.edit(&format!("a{at}.yaml"), "# none\n", &role(&format!("a{at}")));
    }
    let over: Vec<_> = demo.state.first_screen.rows.iter().filter(|row| row.state.is_over()).collect();
    assert!(over.is_empty(), "{:?}", over.iter().map(|row| &row.title).collect::<Vec<_>>());
}
