//! The list by app: a workload with its Dockerfile, Services, accounts and policies; what is for several stands alone.

use seaworthy::app::{FindingGroup, FindingGrouping, FindingsList, ListNode, StageScope};

use crate::looks::assert_looks_of;
use crate::real::Demo;

const DOCKERFILE: &str = "FROM debian:13\nCOPY . /srv/shop\nENTRYPOINT [\"/srv/shop/run\"]\n";

const DEPLOYMENT: &str = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    metadata: \
                          {labels: {app: shop}}\n    spec:\n      serviceAccountName: shop\n      containers:\n        - \
                          {name: shop, image: 'shop:1.2'}\n";

const SERVICE: &str = "apiVersion: v1\nkind: Service\nmetadata: {name: front}\nspec: {type: LoadBalancer, selector: {app: \
                       shop}}\n";

const ACCOUNT: &str = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: shop}\n---\napiVersion: \
                       rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: shop-admin}\nroleRef: {kind: \
                       ClusterRole, name: cluster-admin}\nsubjects: [{kind: ServiceAccount, name: shop}]\n";

const POLICIES: &str = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: shop}\nspec: \
                        {podSelector: {matchLabels: {app: shop}}}\n---\napiVersion: networking.k8s.io/v1\nkind: \
                        NetworkPolicy\nmetadata: {name: deny}\nspec: {podSelector: {}}\n";

const OTHER: &str = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: report}\nspec:\n  template:\n    metadata: {labels: \
                     {app: report}}\n    spec:\n      containers: [{name: report, image: 'r:1.2.3'}]\n";

fn demo(width: u16, height: u16) -> Demo {
    let files = [
        ("shop/Dockerfile", DOCKERFILE),
        ("shop/account.yaml", ACCOUNT),
        ("shop/deploy.yaml", DEPLOYMENT),
        ("shop/policies.yaml", POLICIES),
        ("shop/service.yaml", SERVICE),
        ("report.yaml", OTHER),
    ];
    let mut demo = Demo::ranked(&files.map(|(path, text)| (path, text.to_owned())), width, height);
    if demo.state.first_screen.is_open {
        demo.keys("Esc");
    }
    demo
}

/// Each group of the list, with the files of its findings.
fn groups(demo: &Demo) -> Vec<(String, Vec<&str>)> {
    let (list, index) = (&demo.state.findings_list, &demo.state.index);
    let rows = list.rows.iter().filter(|row| row.depth == 0);
    rows.map(|row| {
        let mut files: Vec<&str> =
            list.entries_under(index, row).map(|entry| entry.key.path.as_str()).collect();
        files.sort_unstable();
        files.dedup();
        let name = match list.node_of_row(index, row) {
            ListNode::Group(FindingGroup::Object(_, object)) => object.to_string(),
            other => format!("{other:?}"),
        };
        (name, files)
    })
    .collect()
}

fn count(demo: &mut Demo, search: &str) -> usize {
    demo.keys("/ Ctrl-u");
    for letter in search.chars() {
        demo.keys(&letter.to_string());
    }
    demo.keys("Enter");
    demo.state.findings_list.len()
}

const SHOP_FILES: [&str; 5] =
    ["shop/Dockerfile", "shop/account.yaml", "shop/deploy.yaml", "shop/policies.yaml", "shop/service.yaml"];

#[test]
fn an_app_is_a_workload_with_what_is_for_it_alone() {
    let demo = demo(120, 40);
    assert_eq!(demo.state.grouping, FindingGrouping::App);
    let deny = ("NetworkPolicy/deny".to_owned(), vec!["shop/policies.yaml"]);
    let groups = groups(&demo);
    assert_eq!(groups[0], ("Deployment/shop".to_owned(), SHOP_FILES.to_vec()));
    assert!(groups.contains(&deny) && groups.len() == 3, "{groups:?}");
}

#[test]
fn search_stage_and_walk_mean_the_same_app() {
    let mut demo = demo(120, 40);
    let own = groups(&demo)[0].1.len();
    assert_eq!(own, SHOP_FILES.len());
    let whole = demo.state.findings_list.rows[0].findings.len();
    assert_eq!(count(&mut demo, "app:shop"), whole);
    assert_eq!(count(&mut demo, "app=front"), 0, "a service is no app");
    let service = count(&mut demo, "kind:Service");
    demo.keys("G");
    let scope = demo.state.findings_in_scope(StageScope::App);
    assert_eq!(scope.fixable.len() + scope.others.len(), whole);
    assert_eq!(demo.state.scope_title(StageScope::App), "Deployment/shop");
    assert!(service < whole);
}

#[test]
fn what_moves_to_another_app_is_listed_there_at_once() {
    let mut demo = demo(120, 40);
    demo.edit("shop/service.yaml", "app: shop", "app: report");
    let of = |demo: &Demo, name: &str| {
        let all = groups(demo).into_iter();
        all.filter(|(group, _)| group == name)
            .flat_map(|(_, files)| files.into_iter().map(str::to_owned).collect::<Vec<_>>())
            .collect::<Vec<String>>()
    };
    assert_eq!(of(&demo, "Job/report"), ["report.yaml", "shop/service.yaml"]);
    demo.edit("shop/deploy.yaml", "app: shop", "app: shops");
    assert_eq!(of(&demo, "NetworkPolicy/shop"), ["shop/policies.yaml"]);
    demo.edit("report.yaml", "app: report", "app: shop");
    assert_eq!(of(&demo, "Job/report"), ["report.yaml", "shop/policies.yaml"]);
    assert_eq!(of(&demo, "Service/front"), ["shop/service.yaml"]);
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
}

#[test]
fn apps_at_every_size() {
    assert_looks_of("apps", |width, height, theme| {
        let mut demo = demo(width, height);
        demo.keys("z R");
        demo.buffer_in(theme)
    });
}
