//! What a real registry answers.

use std::time::SystemTime;

use seaworthy::image::registry::{DigestStatus, ReferenceResolver, RegistryError, resolve_all};

use super::distribution::Distribution;
use super::front::{Front, Reply, index_digest};
use super::{reference, registries};

#[test]
fn the_digest_is_the_indexs_and_never_one_platforms() {
    let Some(registry) = Distribution::start() else { return };
    let (index, platform) = registry.push_index("team/api", &["1.4.2"], "a");
    let answer = registries().resolve(&reference(&format!("{}/team/api:1.4.2", registry.authority))).unwrap();
    assert_eq!(answer.digest, index);
    assert_ne!(answer.digest, platform);
    assert!(
        !answer.is_single_platform && answer.tags.is_empty() && answer.other_hosts.is_empty(),
        "{answer:?}"
    );
    assert!(answer.resolved_at <= SystemTime::now());
}

#[test]
fn an_image_of_one_platform_says_so() {
    let Some(registry) = Distribution::start() else { return };
    let digest = registry.push("one", "2.0.1", "linux/amd64");
    let answer = registries().resolve(&reference(&format!("{}/one:2.0.1", registry.authority))).unwrap();
    assert_eq!((answer.digest, answer.is_single_platform), (digest, true));
}

#[test]
fn the_tags_of_latest_are_those_with_its_digest_the_most_exact_first() {
    let Some(registry) = Distribution::start() else { return };
    registry.push_index("app", &["1.26.0", "1.26"], "old");
    registry.push_index("app", &["1.28.0-rc1", "2-beta", "20240901"], "next");
    registry.push_index("app", &["latest", "1", "1.27", "1.27.3", "1.27.3-bookworm", "mainline"], "now");
    let registries = registries();
    let latest = registries.resolve(&reference(&format!("{}/app", registry.authority))).unwrap();
    assert_eq!(latest.tags, ["1.27.3", "1.27.3-bookworm"]);
    assert_eq!(
        latest,
        registries.resolve(&reference(&format!("{}/app:latest", registry.authority))).unwrap()
    );
    let none = registries.resolve(&reference(&format!("{}/app:2-beta", registry.authority))).unwrap();
    assert_eq!(none.tags, ["1.28.0-rc1", "20240901"]);
}

#[test]
fn a_moving_tag_is_looked_for_among_its_own_variant() {
    let Some(registry) = Distribution::start() else { return };
    let old = ["3.11.9-alpine", "3.11-alpine"];
    registry.push_index("python", &old, "3.11");
    for patch in 0..20 {
        registry.push_index("python", &[&format!("3.12.{patch}")], &format!("3.12.{patch}"));
    }
    registry.push_index(
        "python",
        &["3-alpine", "3.12.1-alpine", "3.12.1-alpine3.20", "3.12-alpine"],
        "alpine",
    );
    let answer =
        registries().resolve(&reference(&format!("{}/python:3-alpine", registry.authority))).unwrap();
    assert_eq!(answer.tags, ["3.12.1-alpine3.20", "3.12.1-alpine"]);
}

#[test]
fn a_tag_list_of_many_pages_is_read_to_its_end() {
    let digest = index_digest("a");
    let pages = [r#"{"tags":["latest","1.0.0"]}"#, r#"{"tags":null}"#, r#"{"tags":["v9.8.7"]}"#];
    let front = Front::new(move |message| match message.target().split_once("tags/list?") {
        Some((_, query)) => {
            let page = query.strip_prefix("page=").map_or(0, |page| page.parse().unwrap());
            let next = format!("<http://elsewhere.example/v2/app/tags/list?page={}>; rel=\"next\"", page + 1);
            let reply = Reply::json(pages[page]);
            if page + 1 < pages.len() { reply.with("link", &next) } else { reply }
        }
        None if message.target().ends_with("/1.0.0") => Reply::index(&index_digest("b")),
        None => Reply::index(&digest),
    });
    let answer = registries().resolve(&reference(&format!("{}/app", front.authority))).unwrap();
    assert_eq!(answer.tags, ["v9.8.7"]);
    assert!(front.asked().contains(&"GET /v2/app/tags/list?page=2".to_owned()), "{:?}", front.asked());
}

#[test]
fn what_is_not_there_is_named_and_the_others_are_answered() {
    let Some(registry) = Distribution::start() else { return };
    let (index, _) = registry.push_index("a", &["1.0.0"], "a");
    let at = |rest: &str| reference(&format!("{}/{rest}", registry.authority));
    let asked = [at("a:1.0.0"), at("a:9.9.9"), at("b:1.0.0"), at("a:1.0.0")];
    let steps = std::sync::Mutex::new(Vec::new());
    let answers =
        resolve_all(&registries(), &asked, &|done, total| steps.lock().unwrap().push((done, total)));
    assert_eq!(answers[0].as_ref().unwrap().digest, index);
    assert_eq!(answers[0], answers[3]);
    let host = registry.authority.clone();
    assert_eq!(answers[1], Err(RegistryError::NotFound { host: host.clone(), name: "a:9.9.9".into() }));
    assert_eq!(answers[2], Err(RegistryError::NotFound { host, name: "b:1.0.0".into() }));
    let mut steps = steps.into_inner().unwrap();
    steps.sort_unstable();
    assert_eq!(steps, [(1, 3), (2, 3), (3, 3)]);
}

#[test]
fn a_digest_is_known_to_stand_to_have_been_left_or_to_be_gone() {
    let Some(registry) = Distribution::start() else { return };
    let (old, _) = registry.push_index("app", &["1.0"], "old");
    let standing =
        |rest: &str| registries().check_digest(&reference(&format!("{}/app{rest}", registry.authority)));
    assert_eq!(
        standing(&format!(":1.0@{old}")),
        Ok(DigestStatus { exists: true, moved_to: None, tag_gone: false })
    );
    let (new, _) = registry.push_index("app", &["1.0"], "new");
    assert_eq!(
        standing(&format!(":1.0@{old}")),
        Ok(DigestStatus { exists: true, moved_to: Some(new.clone()), tag_gone: false })
    );
    assert_eq!(
        standing(&format!("@{old}")),
        Ok(DigestStatus { exists: true, moved_to: None, tag_gone: false })
    );
    let untagged = DigestStatus { exists: true, moved_to: None, tag_gone: true };
    assert_eq!(standing(&format!(":9.9@{old}")), Ok(untagged));
    let gone = format!("sha256:{}", "0".repeat(64));
    assert_eq!(
        standing(&format!(":1.0@{gone}")),
        Ok(DigestStatus { exists: false, moved_to: Some(new), tag_gone: false })
    );
    assert!(matches!(standing(":1.0"), Err(RegistryError::NotFound { .. })));
}
