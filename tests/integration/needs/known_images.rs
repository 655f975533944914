//! What a well-known image needs hangs on the words and the user that it is started with.

use seaworthy::image::Reference;
use seaworthy::needs::{ImageStart, NeedCertainty, NeedKind, find_known_needs};

pub(super) fn kinds(image: &str, start: &ImageStart<'_>) -> Vec<NeedKind> {
    let needs = find_known_needs(&Reference::parse(image).unwrap(), &ImageStart { image, ..*start });
    assert!(
        needs.iter().all(|need| need.reason.starts_with(image) && need.evidence.is_empty()),
        "{needs:#?}"
    );
    needs.into_iter().map(|need| need.kind).collect()
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

fn capability(name: &str) -> NeedKind {
    NeedKind::Capability(name.to_owned())
}

#[test]
fn an_image_that_drops_root_needs_it_for_its_own_command_alone() {
    let by_default = ImageStart::default();
    for image in ["postgres:16.4", "redis:7.2.5-bookworm", "mongo:7.0.14", "nginx:1.27.3"] {
        let found = kinds(image, &by_default);
        assert!(found.contains(&NeedKind::RootStart), "{image}: {found:?}");
        for name in ["CHOWN", "SETUID", "SETGID"] {
            assert!(found.contains(&capability(name)), "{image}: {found:?}");
        }
    }
    let (other, own) = (words("psql -h db"), words("postgres -c log_statement=all"));
    let (option, script) = (words("-c max_connections=9"), words("docker-entrypoint.sh postgres"));
    let args = |args| ImageStart { args: Some(args), ..ImageStart::default() };
    let command = |command| ImageStart { command: Some(command), ..ImageStart::default() };
    let needs_root = |start: &ImageStart<'_>| kinds("postgres:16.4", start).contains(&NeedKind::RootStart);
    assert!(needs_root(&args(&own)) && needs_root(&args(&option)) && needs_root(&command(&script)));
    assert!(!needs_root(&args(&other)) && !needs_root(&command(&own)) && !needs_root(&command(&other)));
    let as_another = ImageStart { is_root: Some(false), ..ImageStart::default() };
    assert!(!needs_root(&as_another));
    assert!(!kinds("postgres:16.4", &as_another).contains(&capability("CHOWN")));
}

#[test]
fn a_program_that_drops_root_by_itself_does_so_however_it_is_started() {
    let (nginx, shell) = (words("/usr/sbin/nginx -g daemon"), words("sleep infinity"));
    let start = |command| ImageStart { command: Some(command), ..ImageStart::default() };
    assert!(kinds("nginx:1.27.3", &start(&nginx)).contains(&capability("SETUID")));
    assert!(!kinds("nginx:1.27.3", &start(&shell)).contains(&capability("SETUID")));
}

#[test]
fn plain_bases_need_nothing_but_what_is_said_of_them() {
    for image in ["debian:12.8-slim", "alpine:3.21.0", "python:3.13-slim", "registry.example/team/app:1"] {
        let found = kinds(image, &ImageStart::default());
        assert!(!found.contains(&NeedKind::RootStart), "{image}: {found:?}");
        assert!(!found.iter().any(|kind| matches!(kind, NeedKind::Capability(_))), "{image}: {found:?}");
    }
    assert!(kinds("registry.example/team/app:1", &ImageStart::default()).is_empty());
}

#[test]
fn what_is_on_a_program_s_file_is_needed_as_any_user() {
    let bind = NeedKind::FileCapability("NET_BIND_SERVICE".to_owned());
    for is_root in [None, Some(true), Some(false)] {
        let start = ImageStart { is_root, ..ImageStart::default() };
        assert!(kinds("registry.k8s.io/ingress-nginx/controller:v1.11.3", &start).contains(&bind));
        assert!(kinds("caddy:2.8.4", &start).contains(&bind));
        assert!(!kinds("haproxy:3.0", &start).contains(&bind));
    }
}

#[test]
fn groups_uids_memory_tokens_and_nodes_are_known() {
    let found = |image| kinds(image, &ImageStart::default());
    assert!(found("docker.io/grafana/grafana:11.3.0").contains(&NeedKind::GroupZero));
    assert!(found("registry.istio.io/release/proxyv2:1.24.0").contains(&NeedKind::AgreedUid(1337)));
    assert!(
        found("mysql:8.4").iter().any(|kind| matches!(kind, NeedKind::Memory(bytes) if *bytes > 128 << 20))
    );
    assert!(found("quay.io/jetstack/cert-manager-controller:v1.16.1").contains(&NeedKind::ApiToken));
    assert!(found("quay.io/metallb/speaker:v0.14.8").contains(&NeedKind::NodeAccess));
    assert!(found("httpd:2.4.62").contains(&NeedKind::LowPort(80)));
    assert!(found("nginx:1.27.3").contains(&NeedKind::FilledPath("/etc/nginx".to_owned())));
    assert!(found("mongo:7.0.14").contains(&NeedKind::OwnedPath("/data/db".to_owned())));
}

#[test]
fn what_is_only_derived_is_never_certain() {
    let needs = find_known_needs(&Reference::parse("postgres:16.4").unwrap(), &ImageStart::default());
    let certainty = |kind| needs.iter().find(|need| need.kind == kind).map(|need| need.certainty);
    assert_eq!(certainty(NeedKind::RootStart), Some(NeedCertainty::Likely));
    assert_eq!(certainty(capability("CHOWN")), Some(NeedCertainty::Likely));
    assert_eq!(certainty(NeedKind::StartWords), Some(NeedCertainty::Shown));
}
