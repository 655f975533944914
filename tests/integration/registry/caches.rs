//! Answers that are kept, and for how long.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use seaworthy::image::registry::{ReferenceResolver, RegistryClient, RegistryOptions};

use super::front::{Front, Reply, index_digest};
use super::{options, reference};

fn registries(folder: &Path) -> RegistryClient {
    RegistryClient::new(RegistryOptions { cache_folder: Some(folder.to_owned()), ..options() })
}

fn front() -> Front {
    Front::new(|_| Reply::index(&index_digest("3")))
}

#[test]
fn an_answer_is_kept_for_the_next_run_with_its_age() {
    let (folder, front) = (tempfile::tempdir().unwrap(), front());
    let image = reference(&format!("{}/app:1.0.0", front.authority));
    let first = registries(folder.path());
    let answer = first.resolve(&image).unwrap();
    assert_eq!(first.resolve(&image).unwrap(), answer);
    first.save_cache();
    let second = registries(folder.path()).resolve(&image).unwrap();
    // The tag, and the manifest of its digest.
    assert_eq!(front.asked().len(), 2);
    assert_eq!(second.digest, answer.digest);
    assert!(
        second.resolved_at <= answer.resolved_at
            && answer.resolved_at.duration_since(second.resolved_at).unwrap().as_secs() < 1
    );
}

#[test]
fn an_old_answer_does_not_count_and_neither_does_one_from_the_future_or_one_that_pins_nothing() {
    let (folder, front) = (tempfile::tempdir().unwrap(), front());
    let image = reference(&format!("{}/app:1.0.0", front.authority));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let digest = index_digest("9");
    let odd = [(digest.as_str(), now - 3600), (&digest, now + 3600), (&digest, u64::MAX), ("sha256:x", now)];
    for (digest, at) in odd {
        let text = format!(
            r#"{{"{}":{{"digest":"{digest}","single":false,"tags":[],"hosts":[],"at":{at}}}}}"#,
            image.text()
        );
        std::fs::write(folder.path().join("registries-2.json"), text).unwrap();
        assert_ne!(registries(folder.path()).resolve(&image).unwrap().digest, digest);
    }
    assert_eq!(front.asked().len(), 2 * odd.len());
}

#[test]
fn a_cache_that_is_broken_or_cannot_be_written_is_no_trouble() {
    let (folder, front) = (tempfile::tempdir().unwrap(), front());
    let image = reference(&format!("{}/app:1.0.0", front.authority));
    let file = folder.path().join("registries-2.json");
    std::fs::write(&file, "{ half").unwrap();
    let all = registries(folder.path());
    all.resolve(&image).unwrap();
    all.save_cache();
    assert!(std::fs::read_to_string(&file).unwrap().contains(image.text()));
    let nowhere = registries(&file.join("below"));
    nowhere.resolve(&image).unwrap();
    nowhere.save_cache();
}

#[cfg(unix)]
#[test]
fn nobody_else_reads_which_images_one_has() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, front) = (tempfile::tempdir().unwrap(), front());
    let all = registries(folder.path());
    all.resolve(&reference(&format!("{}/app:1.0.0", front.authority))).unwrap();
    all.save_cache();
    let mode = std::fs::metadata(folder.path().join("registries-2.json")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
}
