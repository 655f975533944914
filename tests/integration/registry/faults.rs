//! Registries that fail, each in its own way, and what is said of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use seaworthy::image::registry::{
    CancelFlag, ReferenceResolver, RegistryClient, RegistryError, RegistryOptions, TagResolution, resolve_all,
};

use super::front::{Front, Reply, index_digest};
use super::{options, reference, registries};

fn digest() -> String {
    index_digest("7")
}

fn ask(front: &Front) -> Result<TagResolution, RegistryError> {
    registries().resolve(&reference(&format!("{}/app:1.0.0", front.authority)))
}

#[test]
fn a_registry_that_is_not_there_is_offline() {
    let gone = Front::new(|_| Reply::status(500)).authority.clone();
    let error = registries().resolve(&reference(&format!("{gone}/app:1.0.0"))).unwrap_err();
    assert!(matches!(error, RegistryError::Offline { .. }), "{error:?}");
    assert!(error.to_string().contains("check the name, the network and HTTPS_PROXY"), "{error}");
}

#[test]
fn a_rate_limit_says_how_long_and_the_registry_is_asked_no_more() {
    let front = Front::new(|_| Reply::status(429).with("retry-after", "120"));
    let many: Vec<_> = (0..20).map(|n| reference(&format!("{}/app:1.0.{n}", front.authority))).collect();
    for answer in resolve_all(&registries(), &many, &|_, _| {}) {
        let words = answer.unwrap_err().to_string();
        assert!(words.ends_with("limits how often it is asked: try again in 2 min"), "{words}");
    }
    let asked = front.asked().len();
    assert!(asked <= 2, "one request a lane at the most: {:?}", front.asked());
    let again = registries();
    for _ in 0..2 {
        again.forget_resolution(&many[0]);
        assert!(matches!(
            again.resolve(&many[0]),
            Err(RegistryError::RateLimited { seconds: Some(119 | 120), .. })
        ));
    }
    assert_eq!(front.asked().len(), asked + 1, "not even for a person");
}

#[test]
fn a_person_may_try_again_at_once() {
    let healthy = Arc::new(AtomicBool::new(false));
    let now = Arc::clone(&healthy);
    let front = Front::new(move |_| match now.load(Ordering::SeqCst) {
        true => Reply::index(&digest()),
        false => Reply::Silence,
    });
    let registries =
        RegistryClient::new(RegistryOptions { timeout: Duration::from_millis(300), ..options() });
    let image = reference(&format!("{}/app:1.0.0", front.authority));
    assert!(matches!(registries.resolve(&image), Err(RegistryError::TimedOut { .. })));
    healthy.store(true, Ordering::SeqCst);
    assert!(
        matches!(registries.resolve(&image), Err(RegistryError::TimedOut { .. })),
        "left alone for a while"
    );
    registries.forget_resolution(&image);
    assert_eq!(registries.resolve(&image).unwrap().digest, digest());
}

#[test]
fn a_slow_registry_is_given_up_in_time_and_the_others_are_answered() {
    let slow = Front::new(|_| Reply::Silence);
    let good = Front::new(|_| Reply::index(&digest()));
    let asked = [&slow, &good].map(|front| reference(&format!("{}/app:1.0.0", front.authority)));
    let patience = Duration::from_millis(300);
    let begun = Instant::now();
    let answers = resolve_all(
        &RegistryClient::new(RegistryOptions { timeout: patience, ..options() }),
        &asked,
        &|_, _| {},
    );
    assert_eq!(answers[0], Err(RegistryError::TimedOut { host: slow.authority.clone() }));
    assert_eq!(answers[1].as_ref().unwrap().digest, digest());
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn broken_answers_are_named() {
    let digests = ["sha256:short", "nothing", "md5:d41d8cd98f00b204e9800998ecf8427e", "sha256:\u{1b}[2J"];
    for said in digests {
        let front = Front::new(move |_| Reply::index(said));
        assert!(matches!(ask(&front), Err(RegistryError::BadAnswer { .. })), "{said}: {:?}", ask(&front));
    }
    for raw in [&b"garbage\r\n\r\n"[..], b"", b"HTTP/1.1 200 OK\r\ncontent-length: nonsense\r\n\r\n"] {
        let front = Front::new(move |_| Reply::Raw(raw.to_vec()));
        let error = ask(&front).unwrap_err();
        assert!(
            matches!(error, RegistryError::BadAnswer { .. } | RegistryError::Offline { .. }),
            "{error:?}"
        );
    }
    for status in [500, 502, 418] {
        let front = Front::new(move |_| Reply::status(status));
        assert_eq!(ask(&front), Err(RegistryError::ServerError { host: front.authority.clone(), status }));
    }
}

#[test]
fn without_a_digest_in_the_header_it_is_computed_from_the_content() {
    let kind = "application/vnd.oci.image.index.v1+json";
    let content = br#"{"schemaVersion":2,"manifests":[]}"#;
    let front = Front::new(move |message| match message.method() {
        "HEAD" => Reply::status(405),
        _ => Reply::Answer(200, vec![("content-type".into(), kind.into())], content.to_vec()),
    });
    assert_eq!(ask(&front).unwrap().digest, super::distribution::sha256(content));
}

#[test]
fn a_digest_that_is_not_that_of_the_content_is_refused() {
    let kind = "application/vnd.oci.image.index.v1+json";
    let front = Front::new(move |message| {
        let reply = Reply::Answer(
            200,
            vec![("content-type".into(), kind.into())],
            br#"{"schemaVersion":2}"#.to_vec(),
        );
        if message.method() == "HEAD" { reply } else { reply.with("docker-content-digest", &digest()) }
    });
    let words = ask(&front).unwrap_err().to_string();
    assert!(words.contains("the digest that it names is not that of what it sent"), "{words}");
}

/// What HEAD names is a word of the registry; what is written is the digest of bytes.
#[test]
fn a_digest_that_only_a_header_names_is_not_written() {
    let kind = "application/vnd.oci.image.index.v1+json";
    let bodies: [&[u8]; 4] =
        [b"", b"{}", br#"{"schemaVersion":2}"#, br#"{"schemaVersion":2,"manifests":[]}"#];
    for body in bodies {
        let front = Front::new(move |message| {
            let named = if message.target().contains("sha256:") { index_digest("3") } else { digest() };
            Reply::Answer(200, vec![("content-type".into(), kind.into())], body.to_vec())
                .with("docker-content-digest", &named)
        });
        let words = ask(&front).unwrap_err().to_string();
        assert!(words.contains("the digest that it names is not that of what it sent"), "{words}");
    }
    // One that does not have under the digest what it has under the tag.
    let front = Front::new(|message| match message.target().contains("sha256:") {
        true => Reply::status(404),
        false => Reply::index(&digest()),
    });
    assert!(matches!(ask(&front), Err(RegistryError::NotFound { .. })));
}

#[test]
fn what_is_no_image_is_not_pinned() {
    for kind in ["text/html", "application/vnd.docker.distribution.manifest.v1+prettyjws", ""] {
        let front = Front::new(move |_| {
            Reply::status(200).with("content-type", kind).with("docker-content-digest", &digest())
        });
        assert!(matches!(ask(&front), Err(RegistryError::BadAnswer { .. })), "{kind}");
    }
}

#[test]
fn an_answer_without_end_is_too_large() {
    let huge = Front::new(|message| match message.method() {
        "HEAD" => Reply::status(405),
        _ => Reply::Answer(200, Vec::new(), vec![b' '; 5 * 1024 * 1024]),
    });
    assert_eq!(ask(&huge), Err(RegistryError::TooLarge { host: huge.authority.clone() }));
    let header = Front::new(|_| Reply::status(200).with("x", &"y".repeat(200_000)));
    assert!(
        matches!(ask(&header), Err(RegistryError::TooLarge { .. } | RegistryError::BadAnswer { .. })),
        "{:?}",
        ask(&header)
    );
}

#[test]
fn a_redirect_is_followed_without_credentials_and_only_where_it_may_lead() {
    let end = Front::new(|_| Reply::index(&digest()));
    let to = format!("http://{}/elsewhere", end.authority);
    let front = Front::new(move |_| Reply::status(307).with("location", &to));
    let answer = ask(&front).unwrap();
    assert_eq!((answer.digest, answer.other_hosts), (digest(), vec![end.authority.clone()]));
    assert_eq!(end.asked(), ["HEAD /elsewhere", "GET /elsewhere"]);
    assert_eq!(end.authorizations(), [None, None]);

    let plain = Front::new(|_| Reply::status(302).with("location", "http://registry.example/x"));
    assert!(matches!(ask(&plain), Err(RegistryError::BadRedirect { to, .. }) if to == "registry.example"));
    for nowhere in ["", "ftp://a/b", "http://user@127.0.0.1/", "http://"] {
        let front = Front::new(move |_| Reply::status(302).with("location", nowhere));
        assert!(matches!(ask(&front), Err(RegistryError::BadAnswer { .. })), "{nowhere}: {:?}", ask(&front));
    }
    let circle = Front::new(|message| Reply::status(302).with("location", message.target()));
    assert!(ask(&circle).unwrap_err().to_string().contains("round in circles"));
    assert!(circle.asked().len() <= 8);
}

#[test]
fn tags_that_are_not_to_be_had_do_not_cost_the_digest() {
    let front = Front::new(|message| match message.target().contains("tags/list") {
        true => Reply::status(403),
        false => Reply::index(&digest()),
    });
    let answer = registries().resolve(&reference(&format!("{}/app", front.authority))).unwrap();
    assert_eq!((answer.digest, answer.tags.len()), (digest(), 0));
}

#[test]
fn what_a_registry_lists_as_tags_is_not_believed_to_be() {
    let front = Front::new(|message| match message.target().contains("tags/list") {
        true => Reply::json(
            r#"{"tags":["1.0.0\nRUN x","1.0.0$(x)","1.0.0@sha256:7","1.0.0/../y","1.0.0 AS z","-1.0.0","1.0.1"]}"#,
        ),
        false => Reply::index(&digest()),
    });
    let answer = registries().resolve(&reference(&format!("{}/app", front.authority))).unwrap();
    assert_eq!(answer.tags, ["1.0.1"]);
}

#[test]
fn however_many_tags_there_are_few_are_looked_at() {
    let front = Front::new(|message| match message.target().contains("tags/list") {
        true => {
            let tags: Vec<String> = (0..3000).map(|n| format!("\"1.{n}.0\"")).collect();
            Reply::json(&format!(r#"{{"tags":[{}]}}"#, tags.join(",")))
        }
        false if message.target().ends_with("/latest") || message.target().contains("sha256:") => {
            Reply::index(&digest())
        }
        false => Reply::index(&index_digest("8")),
    });
    let answer = registries().resolve(&reference(&format!("{}/app", front.authority))).unwrap();
    assert!(answer.tags.is_empty());
    assert_eq!(front.asked().len(), 3 + 16);
    assert_eq!(answer.incomplete_reason.unwrap(), "only the 16 likeliest of 3000 tags were looked at");
}

#[test]
fn a_list_of_tags_without_end_costs_neither_memory_nor_the_digest() {
    let huge = Front::new(|message| match message.target().contains("tags/list") {
        true => Reply::json(&format!(r#"{{"tags":["{}"]}}"#, "1".repeat(10 * 1024 * 1024))),
        false => Reply::index(&digest()),
    });
    let answer = registries().resolve(&reference(&format!("{}/app", huge.authority))).unwrap();
    assert_eq!(answer.digest, digest());
    let unseen = answer.incomplete_reason.unwrap();
    assert!(unseen.starts_with("its tags are not known: ") && unseen.contains("too large"), "{unseen}");

    let endless = Front::new(|message| match message.target().contains("tags/list") {
        true => {
            let tags: Vec<String> = (0..3000).map(|n| format!("\"w{n}x\"")).collect();
            Reply::json(&format!(r#"{{"tags":[{}]}}"#, tags.join(",")))
                .with("link", "</v2/app/tags/list?last=w>; rel=\"next\"")
        }
        false => Reply::index(&digest()),
    });
    let answer = registries().resolve(&reference(&format!("{}/app", endless.authority))).unwrap();
    assert_eq!(answer.incomplete_reason.unwrap(), "only the first 20000 tags were looked at");
    assert_eq!(endless.asked().len(), 2 + 7);
}

#[test]
fn once_cancelled_nothing_more_is_asked() {
    let cancel = CancelFlag::default();
    let front = Front::new(|_| Reply::index(&digest()));
    let registries = RegistryClient::new(options());
    let many: Vec<_> = (0..9).map(|n| reference(&format!("{}/app:1.0.{n}", front.authority))).collect();
    let answers = resolve_all(&registries.with_cancel(&cancel), &many, &|done, _| {
        if done == 3 {
            cancel.request_cancel();
        }
    });
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    assert!((3..=5).contains(&answered), "{answered}");
    assert!(answers.iter().all(|a| a.is_ok() || matches!(a, Err(RegistryError::Cancelled { .. }))));
    assert!(front.asked().len() <= 2 * 5);
    let later = registries.resolve(&many[8]).unwrap();
    assert_eq!(later.digest, digest(), "another question is not stopped with it");
}
