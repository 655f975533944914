//! The order of the lists: the worst first, held still until a person asks for another.

use seaworthy::app::{
    AppEvent, BackendMessage, FileTreeNode, FindingGroup, FindingsList, KeptView, ListNode, ListOrder,
};
use seaworthy::finding::Severity;

use crate::first_screen::files;
use crate::looks::assert_looks_of;
use crate::real::Demo;
use crate::stage::text;

/// The groups of the list, from the first on.
fn groups(demo: &Demo) -> Vec<String> {
    let (list, index) = (&demo.state.findings_list, &demo.state.index);
    let nodes = list.rows.iter().map(|row| list.node_of_row(index, row));
    nodes
        .filter_map(|node| match node {
            ListNode::Group(FindingGroup::Object(_, object)) => Some(object.to_string()),
            ListNode::Group(FindingGroup::File(path)) => Some(path.to_string()),
            ListNode::Group(FindingGroup::Rule(rule)) => Some(rule.to_owned()),
            _ => None,
        })
        .collect()
}

fn tree(demo: &Demo) -> Vec<&str> {
    let rows = demo.state.tree.iter();
    rows.map(|row| match &row.node {
        FileTreeNode::Folder(path) => path.as_str(),
        FileTreeNode::File(path) => path.as_str(),
    })
    .collect()
}

fn panes(width: u16, height: u16) -> Demo {
    let mut demo = Demo::ranked(&files(), width, height);
    if demo.state.first_screen.is_open {
        demo.keys("Esc");
    }
    demo
}

#[test]
fn the_lists_are_opened_on_the_worst() {
    let demo = panes(120, 40);
    assert_eq!(groups(&demo)[..2], ["Deployment/agent", "Deployment/shop"]);
    assert_eq!(tree(&demo)[..3], ["tools", "tools/agent.yaml", "tools/role.yaml"]);
    assert_eq!(demo.state.findings_cursor.row, 0);
    assert_eq!(demo.state.current_finding().unwrap().severity, Severity::Critical);
    // Of two apps that are as bad, the one that can be reached from outside stands first.
    let place = |name: &str| groups(&demo).iter().position(|group| group == name).unwrap();
    assert!(place("Deployment/shop") < place("Deployment/mail"), "{:?}", groups(&demo));
}

#[test]
fn few_findings_too_are_opened_on_the_worst() {
    let few: Vec<_> = files().into_iter().filter(|(path, _)| !path.starts_with("shop")).collect();
    let demo = Demo::ranked(&few, 120, 60);
    assert!(!demo.state.first_screen.is_open);
    assert_eq!(groups(&demo)[0], "Deployment/agent");
    assert_eq!(demo.state.current_finding().unwrap().severity, Severity::Critical);
}

#[test]
fn who_moved_before_the_order_was_known_stays_where_they_are() {
    let mut demo = Demo::of(&files(), 120, 40);
    demo.keys("j");
    let before = demo.state.selected_node.clone();
    let ranking = demo.rank();
    demo.event(ranking);
    assert_eq!(groups(&demo)[0], "Deployment/agent");
    assert_eq!(demo.state.selected_node, before);
    assert!(demo.state.findings_cursor.row > 0);
}

#[test]
fn another_order_is_kept_for_the_repository() {
    let mut demo = panes(120, 40);
    let by_weight = groups(&demo);
    demo.keys("S S S");
    assert_eq!(demo.state.order, ListOrder::Path);
    let by_path = groups(&demo);
    assert_eq!(by_path[0], "Deployment/db");
    assert_eq!(tree(&demo)[0], "db");
    assert_eq!(KeptView::of_state(&demo.state).order, ListOrder::Path);
    assert!(text(&demo.buffer()).contains("by app, by path"), "{}", text(&demo.buffer()));
    demo.keys("S");
    assert_eq!(groups(&demo), by_weight);
}

#[test]
fn by_number_the_most_findings_stand_first() {
    let mut demo = panes(120, 40);
    demo.keys("S S");
    assert_eq!(demo.state.order, ListOrder::Number);
    let index = &demo.state.index;
    let groups = demo.state.findings_list.rows.iter().filter(|row| row.depth == 0);
    let counts: Vec<usize> = groups.map(|row| row.findings.len()).collect();
    assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    assert_eq!(counts.iter().sum::<usize>(), index.entries.len());
}

#[test]
fn rules_stand_by_weight_too() {
    let mut demo = panes(120, 40);
    demo.keys("o o");
    let list = &demo.state.findings_list;
    let worst: Vec<Severity> = list.rows.iter().map(|row| row.worst_severity).collect();
    assert!(worst.is_sorted_by(|a, b| a >= b), "{:?}", groups(&demo));
}

/// Nothing moves under the reader: what was mended keeps its place, what is new stands at the end.
#[test]
fn the_order_holds_still_while_files_change() {
    let mut demo = panes(120, 40);
    let before = groups(&demo);
    demo.edit("tools/agent.yaml", "privileged: true", "privileged: false");
    demo.edit("tools/agent.yaml", "hostPID: true", "hostPID: false");
    demo.edit(
        "mail/deploy.yaml",
        "    spec:\n      containers",
        "    spec:\n      hostIPC: true\n      containers",
    );
    assert_eq!(groups(&demo), before);
    demo.add(
        "a/deploy.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  hostPID: true\n  containers:\n    - name: a\n      \
         image: a:1\n",
    );
    demo.add(
        "tools/a.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata: {name: b}\nspec:\n  containers: [{name: b}]\n",
    );
    let now = groups(&demo);
    assert_eq!(now[..before.len()], before);
    assert_eq!(now[before.len()..], ["Pod/a", "Pod/b"]);
    assert_eq!(tree(&demo)[..4], ["tools", "tools/agent.yaml", "tools/role.yaml", "tools/a.yaml"]);
    // What is brought up to date is the same as what is made anew.
    let state = &demo.state;
    let anew = FindingsList::new(
        &state.index,
        &state.filter,
        state.grouping,
        &state.toggled,
        state.query_facts(),
        &state.ranks,
    );
    assert!(anew == state.findings_list);
    let rows = state.tree.clone();
    demo.keys("1 h h l");
    assert_eq!(demo.state.tree, rows);
    demo.keys("S S S S S");
    assert_eq!(demo.state.order, ListOrder::Weight);
    assert_ne!(groups(&demo), now);
}

#[test]
fn what_changed_since_the_last_commit_may_stand_first() {
    let mut demo = panes(120, 40);
    let files = Ok(["mail/deploy.yaml".into()].into());
    demo.event(AppEvent::Message(BackendMessage::ChangesRead { revision: "HEAD".to_owned(), files }));
    demo.keys("S");
    assert_eq!(demo.state.order, ListOrder::Changed);
    assert_eq!(groups(&demo)[..2], ["Deployment/mail", "Deployment/agent"]);
    assert_eq!(tree(&demo)[0], "mail");
    demo.keys("0");
    let first = &demo.state.first_screen.rows[0];
    assert!(first.keys().any(|key| key.path.as_str() == "mail/deploy.yaml"), "{}", first.title);
}

#[test]
fn lists_in_each_order_at_every_size() {
    for (keys, name) in [("", "order-by-weight"), ("S S S", "order-by-path")] {
        assert_looks_of(name, |width, height, theme| {
            let mut demo = panes(width, height);
            if !keys.is_empty() {
                demo.keys(keys);
            }
            demo.buffer_in(theme)
        });
    }
}
