//! References, with the verdict of the distribution and image specifications.

use seaworthy::image::ReferenceError::{Empty, ImageId, Registry, Repository, Tag, TooLong, UpperCase};
use seaworthy::image::{ImageDigest, Reference, ReferenceError};

const HEX64: &str = "4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1";

/// The text, and: host, path, tag, algorithm of the digest.
type Valid = (&'static str, &'static str, &'static str, Option<&'static str>, Option<&'static str>);

const VALID: &[Valid] = &[
    ("nginx", "docker.io", "library/nginx", None, None),
    ("nginx:1.27.3", "docker.io", "library/nginx", Some("1.27.3"), None),
    ("library/nginx", "docker.io", "library/nginx", None, None),
    ("docker.io/nginx", "docker.io", "library/nginx", None, None),
    ("docker.io/library/nginx:1", "docker.io", "library/nginx", Some("1"), None),
    ("index.docker.io/nginx", "docker.io", "library/nginx", None, None),
    ("index.docker.io/library/nginx", "docker.io", "library/nginx", None, None),
    ("bitnami/redis:8.0", "docker.io", "bitnami/redis", Some("8.0"), None),
    ("docker.io/bitnami/redis", "docker.io", "bitnami/redis", None, None),
    ("a/b/c", "docker.io", "a/b/c", None, None),
    ("localhost/app", "localhost", "app", None, None),
    ("localhost/team/app:dev", "localhost", "team/app", Some("dev"), None),
    ("localhost:5000/app", "localhost:5000", "app", None, None),
    ("localhost:5000/app:v1", "localhost:5000", "app", Some("v1"), None),
    ("localhost:5000", "docker.io", "library/localhost", Some("5000"), None),
    ("localhost", "docker.io", "library/localhost", None, None),
    ("example.com", "docker.io", "library/example.com", None, None),
    ("example.com/app", "example.com", "app", None, None),
    ("example.com:443/a/b/c:x", "example.com:443", "a/b/c", Some("x"), None),
    ("registry:5000/app", "registry:5000", "app", None, None),
    ("127.0.0.1:5000/app", "127.0.0.1:5000", "app", None, None),
    ("[::1]:5000/app:1", "[::1]:5000", "app", Some("1"), None),
    ("[2001:db8::1]/app", "[2001:db8::1]", "app", None, None),
    ("192.168.1.1:5000", "docker.io", "library/192.168.1.1", Some("5000"), None),
    ("192.168.1.1:5000/app:5050", "192.168.1.1:5000", "app", Some("5050"), None),
    ("foo_bar.com:8080", "docker.io", "library/foo_bar.com", Some("8080"), None),
    ("Registry.Example.COM/app", "Registry.Example.COM", "app", None, None),
    ("REGISTRY/app", "REGISTRY", "app", None, None),
    ("xn--n3h.com/app", "xn--n3h.com", "app", None, None),
    ("gcr.io/distroless/static:nonroot", "gcr.io", "distroless/static", Some("nonroot"), None),
    (
        "gcr.io/distroless/static-debian12@sha256:{64}",
        "gcr.io",
        "distroless/static-debian12",
        None,
        Some("sha256"),
    ),
    ("quay.io/coreos/etcd:v3.5.17", "quay.io", "coreos/etcd", Some("v3.5.17"), None),
    (
        "registry.k8s.io/ingress-nginx/controller:v1.12.0@sha256:{64}",
        "registry.k8s.io",
        "ingress-nginx/controller",
        Some("v1.12.0"),
        Some("sha256"),
    ),
    ("nginx@sha256:{64}", "docker.io", "library/nginx", None, Some("sha256")),
    ("nginx:1.27@sha256:{64}", "docker.io", "library/nginx", Some("1.27"), Some("sha256")),
    ("localhost:5000/app:1@sha512:{64}{64}", "localhost:5000", "app", Some("1"), Some("sha512")),
    ("app@blake3:{64}", "docker.io", "library/app", None, Some("blake3")),
    (
        "app@sha256+b64u:LCa0a2j_xo_5m0U8HTBBNBNCLXBkg7-g-YpeiGJm564",
        "docker.io",
        "library/app",
        None,
        Some("sha256+b64u"),
    ),
    ("app@sha256:abc", "docker.io", "library/app", None, Some("sha256")),
    ("app@md5:{64}", "docker.io", "library/app", None, Some("md5")),
    ("a_b", "docker.io", "library/a_b", None, None),
    ("a__b/c.d/e-f/g---h", "docker.io", "a__b/c.d/e-f/g---h", None, None),
    ("0/1:2", "docker.io", "0/1", Some("2"), None),
    ("app:_under", "docker.io", "library/app", Some("_under"), None),
    ("app:V1.0-RC.1_x", "docker.io", "library/app", Some("V1.0-RC.1_x"), None),
    (
        "mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled",
        "mcr.microsoft.com",
        "dotnet/aspnet",
        Some("8.0-noble-chiseled"),
        None,
    ),
    (
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:1.2",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
        "team/app",
        Some("1.2"),
        None,
    ),
];

const INVALID: &[(&str, ReferenceError)] = &[
    ("", Empty),
    ("{64}", ImageId),
    ("Nginx", UpperCase),
    ("library/Nginx", UpperCase),
    ("example.com/App:1", UpperCase),
    ("a/B/c", UpperCase),
    (":latest", Repository),
    ("/app", Repository),
    ("app/", Repository),
    ("a//b", Repository),
    ("-app", Repository),
    ("app-", Repository),
    (".app", Repository),
    ("a..b", Repository),
    ("a___b", Repository),
    ("a._b", Repository),
    ("a/-b", Repository),
    ("a b", Repository),
    (" nginx", Repository),
    ("nginx\n", Repository),
    ("${REGISTRY}", UpperCase),
    ("${base}", Repository),
    ("<image>", Repository),
    ("naïve", Repository),
    ("https://example.com/app", Registry),
    ("-example.com/app", Registry),
    ("example-.com/app", Registry),
    ("example..com/app", Registry),
    ("example.com:/app", Registry),
    ("example.com:80a/app", Registry),
    ("[::1/app", Registry),
    ("Foo_bar/app", Registry),
    ("[fe80::1%eth0]:5000/app", Registry),
    ("[2001:db8::1]", Tag),
    ("[2001:db8::1]:5000", Tag),
    ("@sha256:{64}", Repository),
    ("a/asdf$$^/b", Repository),
    ("app:", Tag),
    ("app:.x", Tag),
    ("app:-x", Tag),
    ("app:1:2", Tag),
    ("app:1.0+build", Tag),
    ("app:{64}{64}x", Tag),
    ("app:${TAG}", Tag),
    ("app@", ReferenceError::Digest),
    ("app@sha256", ReferenceError::Digest),
    ("app@sha256:", ReferenceError::Digest),
    ("app@:{64}", ReferenceError::Digest),
    ("app@SHA256:{64}", ReferenceError::Digest),
    ("app@sha256:{64}@sha256:{64}", ReferenceError::Digest),
    ("app@sha256:<digest>", ReferenceError::Digest),
    ("app@sha256:...", ReferenceError::Digest),
];

fn text(row: &str) -> String {
    row.replace("{64}", HEX64)
}

#[test]
fn valid_references_fall_into_their_parts() {
    for (row, host, path, tag, algorithm) in VALID {
        let text = text(row);
        let reference = Reference::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(reference.host(), *host, "{text}");
        assert_eq!(reference.path(), *path, "{text}");
        assert_eq!(reference.tag(), *tag, "{text}");
        assert_eq!(reference.digest().map(ImageDigest::algorithm), *algorithm, "{text}");
        assert_eq!(reference.to_string(), text);
    }
}

#[test]
fn what_breaks_the_grammar_is_named() {
    for (row, error) in INVALID {
        assert_eq!(Reference::parse(&text(row)), Err(*error), "{row}");
    }
}

#[test]
fn repositories_and_tags_have_a_longest_length() {
    assert!(Reference::parse(&format!("example.com/{}", "a".repeat(255))).is_ok());
    assert_eq!(Reference::parse(&format!("example.com/{}", "a".repeat(256))), Err(TooLong));
    assert_eq!(Reference::parse(&"a".repeat(248)), Err(TooLong), "with `library/` it is 256 long");
    assert!(Reference::parse(&format!("app:{}", "a".repeat(128))).is_ok());
    assert_eq!(Reference::parse(&format!("app:{}", "a".repeat(129))), Err(Tag));
}

#[test]
fn only_a_registered_algorithm_with_its_own_length_in_lower_case_pins() {
    let pinned = |row: &str| Reference::parse(&text(row)).is_ok_and(|reference| reference.is_pinned());
    assert!(pinned("app@sha256:{64}"));
    assert!(pinned("app:1@sha256:{64}"));
    assert!(pinned("app@blake3:{64}"));
    assert!(pinned("app@sha512:{64}{64}"));

    assert!(!pinned("app:1"));
    assert!(!pinned("app@sha256:abc"));
    assert!(!pinned("app@sha512:{64}"));
    assert!(!pinned("app@sha256:{64}{64}"));
    assert!(!pinned("app@md5:{64}"));
    assert!(!pinned("app@sha256+b64u:{64}"));
    assert!(!pinned(&format!("app@sha256:{}", HEX64.to_uppercase())));
    assert!(!pinned(&format!("app@sha256:{}g", &HEX64[1..])));
}

#[test]
fn spans_are_the_parts_and_nothing_between_them() {
    let text = format!("localhost:5000/team/app:1.2@sha256:{HEX64}");
    let reference = Reference::parse(&text).expect("a reference");
    assert_eq!(reference.registry_span().expect("a registry").slice(&text), "localhost:5000");
    assert_eq!(reference.repository_span().slice(&text), "team/app");
    assert_eq!(reference.tag_span().expect("a tag").slice(&text), "1.2");
    assert_eq!(reference.digest_span().expect("a digest").slice(&text), format!("sha256:{HEX64}"));
    assert_eq!(reference.digest_offset(), text.find('@').expect("an @"));
    assert_eq!(Reference::parse("nginx").expect("a reference").digest_offset(), 5);
}

#[test]
fn a_digest_goes_behind_the_tag_and_replaces_an_old_one() {
    let pin = |text: &str| Reference::parse(text).expect("a reference").with_digest("sha256:new");
    assert_eq!(pin("nginx"), "nginx@sha256:new");
    assert_eq!(pin("localhost:5000/nginx:1.27"), "localhost:5000/nginx:1.27@sha256:new");
    assert_eq!(pin("nginx:1@sha256:old"), "nginx:1@sha256:new");
    assert_eq!(pin("nginx@sha256:old"), "nginx@sha256:new");
    let retag = |text: &str| Reference::parse(text).expect("a reference").with_tag("1.27.3");
    assert_eq!(retag("nginx:latest@sha256:old"), "nginx:1.27.3");
    assert_eq!(retag("localhost:5000/nginx"), "localhost:5000/nginx:1.27.3");
}

#[test]
fn names_are_full_for_machines_and_short_for_people() {
    let names = |text: &str| {
        let reference = Reference::parse(text).expect("a reference");
        (reference.name(), reference.familiar_name())
    };
    let pair = |full: &str, short: &str| (full.to_owned(), short.to_owned());
    assert_eq!(names("nginx:1"), pair("docker.io/library/nginx", "nginx"));
    assert_eq!(names("index.docker.io/library/nginx"), pair("docker.io/library/nginx", "nginx"));
    assert_eq!(names("docker.io/bitnami/redis"), pair("docker.io/bitnami/redis", "bitnami/redis"));
    assert_eq!(names("localhost:5000/app:1"), pair("localhost:5000/app", "localhost:5000/app"));
    let unshortened = "docker.io/localhost/app";
    assert_eq!(names(unshortened), pair(unshortened, unshortened));
    assert_eq!(names("docker.io/library/a/b"), pair("docker.io/library/a/b", "library/a/b"));
}

proptest::proptest! {
    #[test]
    fn no_text_upsets_the_parser(text in "\\PC{0,200}") {
        if let Ok(reference) = Reference::parse(&text) {
            proptest::prop_assert_eq!(reference.text(), &text);
        }
    }

    /// Written from its full name, a reference is the same one.
    #[test]
    fn the_full_name_is_the_same_repository(
        text in "(localhost/|[a-z]{1,4}\\.io(:[0-9]{1,4})?/)?[a-z0-9]{1,3}([._/-][a-z0-9]{1,3}){0,3}(:[a-z0-9.]{1,4})?"
    ) {
        if let Ok(reference) = Reference::parse(&text) {
            let again = Reference::parse(&reference.name()).expect("a full name is a reference");
            proptest::prop_assert_eq!(again.name(), reference.name());
            let familiar = Reference::parse(&reference.familiar_name()).expect("so is a short one");
            proptest::prop_assert_eq!(familiar.name(), reference.name());
        }
    }
}
