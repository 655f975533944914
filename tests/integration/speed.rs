//! How long a save takes to reach the store in a large repository. Run with `--release`.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use seaworthy::repo::RelPath;
use seaworthy::store::Store;

use crate::support::{audit, repository};

/// Manifests, in folders of a hundred, each app with its Dockerfile.
const MANIFESTS: usize = 10_000;

fn deploy(name: usize, tag: &str, uid: u32) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: app-{name}\nspec:\n  selector:\n    matchLabels: {{app: app-{name}}}\n  template:\n    metadata:\n      labels: {{app: app-{name}}}\n    spec:\n      containers:\n        - name: app\n          image: registry.example/team/app-{name}:{tag}\n          securityContext:\n            runAsUser: {uid}\n"
    )
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// What an edit makes of a file, by a number that makes it another each time.
type Edit = fn(u32) -> String;

#[test]
#[ignore = "a measurement: run it with --release"]
#[allow(clippy::print_stdout, reason = "what it measures")]
fn a_save_in_a_repository_of_ten_thousand_manifests() {
    let mut files = Vec::new();
    for n in 0..MANIFESTS {
        files.push((format!("group-{}/app-{n}/deploy.yaml", n / 100), deploy(n, "1.0.0", 43_000)));
        if n % 10 == 0 {
            let text = format!("FROM alpine:3.20\nUSER {}\nCMD [\"/app\"]\n", 43_000);
            files.push((format!("group-{}/app-{n}/Dockerfile", n / 100), text));
        }
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (p.as_str(), t.as_str())).collect();
    let home = repository(&files);
    let began = Instant::now();
    let mut engine = audit(home.path());
    let mut store = Store::default();
    store.apply_update(engine.full_update());
    println!("first scan and store: {:?}", began.elapsed());
    let path = RelPath::from("group-50/app-5000/deploy.yaml");
    let edits: [(&str, Edit); 4] = [
        ("a comment", |n| format!("{}# {n}\n", deploy(5000, "1.0.0", 43_000))),
        ("a tag", |n| deploy(5000, &format!("1.0.{n}"), 43_000)),
        ("a uid", |n| deploy(5000, "1.0.0", 43_001 + n)),
        ("an image", |n| deploy(5000 + n as usize, "1.0.0", 43_000)),
    ];
    for (what, edit) in edits {
        let times = (0..40).map(|n| {
            std::fs::write(path.to_absolute(engine.root()), edit(n)).unwrap();
            let began = Instant::now();
            let update = engine.refresh_paths(&BTreeSet::from([path.clone()]));
            let looked = began.elapsed();
            store.apply_update(update);
            (looked, began.elapsed())
        });
        let (looked, stored): (Vec<_>, Vec<_>) = times.unzip();
        let median = (median(looked), median(stored));
        println!("{what}: {:?} to the update, {:?} to the store", median.0, median.1);
        assert!(cfg!(debug_assertions) || median.1 < Duration::from_millis(5), "{what}: {:?}", median.1);
    }
    let began = Instant::now();
    let update = engine.rescan(&|_, _| {});
    store.apply_update(update);
    println!("a rescan of everything: {:?}", began.elapsed());
}
