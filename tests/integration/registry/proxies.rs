//! The user's own network: proxies from the environment, and registries without TLS by name.

use std::process::{Command, Output};

use tempfile::TempDir;

use super::front::{Front, Reply, index_digest};
use crate::support::repository;

fn proxy() -> Front {
    Front::new(|message| match message.method() {
        "CONNECT" => Reply::Tunnel,
        _ => Reply::index(&index_digest("2")),
    })
}

/// A Dockerfile with a registry that no name service knows, and the user's configuration.
fn world(config: &str) -> TempDir {
    repository(&[
        ("app/Dockerfile", "FROM registry.invalid:5000/app:1.0.0\nUSER 50000\n"),
        ("config/seaworthy/config.toml", config),
    ])
}

fn fix(world: &TempDir, variables: &[(&str, &str)]) -> Output {
    let own = ["ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_seaworthy"));
    for name in own {
        command.env_remove(name).env_remove(name.to_ascii_lowercase());
    }
    command
        .args(["fix", "--online", "--diff"])
        .arg(world.path().join("app"))
        .env("XDG_CONFIG_HOME", world.path().join("config"))
        .env("XDG_CACHE_HOME", world.path().join("cache"))
        .env("DOCKER_CONFIG", world.path())
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn a_proxy_of_the_environment_is_asked_for_what_is_not_on_this_machine() {
    let (proxy, world) = (proxy(), world("[registries]\nhttp = [\"registry.invalid:5000\"]\n"));
    let address = format!("http://{}", proxy.authority);
    let done = fix(&world, &[("HTTP_PROXY", &address)]);
    let patch = String::from_utf8_lossy(&done.stdout);
    let digest = index_digest("2");
    assert!(patch.contains(&format!("+FROM registry.invalid:5000/app:1.0.0@{digest}")), "{patch}{done:?}");
    let asked = [
        "CONNECT registry.invalid:5000".to_owned(),
        "HEAD /v2/app/manifests/1.0.0".to_owned(),
        "CONNECT registry.invalid:5000".to_owned(),
        format!("GET /v2/app/manifests/{digest}"),
    ];
    assert_eq!(proxy.asked(), asked);

    let spared =
        fix(&world, &[("HTTP_PROXY", &address), ("NO_PROXY", "registry.invalid"), ("XDG_CACHE_HOME", "")]);
    let said = String::from_utf8_lossy(&spared.stderr);
    assert!(said.contains("registry.invalid:5000 cannot be reached"), "{said}");
    assert_eq!(proxy.asked().len(), asked.len());
}

#[test]
fn config_shows_which_registries_may_be_asked_without_encryption() {
    let shown = |config: &str| {
        let world = world(config);
        let output = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
            .arg("config")
            .arg(world.path().join("app"))
            .env("XDG_CONFIG_HOME", world.path().join("config"))
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let set = shown("[registries]\nhttp = [\"registry.lan:5000\"]\n");
    assert!(set.ends_with("\n# registries.http = [\"registry.lan:5000\"]\n"), "{set}");
    assert!(shown("").contains("# registries.http is not set; for example: "));
}
