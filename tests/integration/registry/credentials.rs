//! Docker's configuration: which credentials it has for a registry. A front demands them and remembers what it saw.

use std::path::Path;

use seaworthy::image::registry::{ReferenceResolver, RegistryClient, RegistryError, RegistryOptions};

use super::front::{Front, Reply, index_digest};
use super::{options, reference};

/// What was shown to a registry under this configuration, in which `HOST` is the registry; else the words of refusal.
fn shown(config: &str) -> Result<Option<String>, String> {
    let front = Front::new(|message| match message.header("authorization") {
        Some(_) => Reply::index(&index_digest("4")),
        None => Reply::status(401).with("www-authenticate", "Basic realm=\"x\""),
    });
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &config.replace("HOST", &front.authority));
    let registries =
        RegistryClient::new(RegistryOptions { docker_folder: Some(folder.path().to_owned()), ..options() });
    match registries.resolve(&reference(&format!("{}/app:1.0.0", front.authority))) {
        Ok(_) => Ok(front.authorizations().pop().flatten()),
        Err(error @ RegistryError::Unauthorised { .. }) => Err(error.to_string()),
        Err(error) => panic!("{error:?}"),
    }
}

fn write(folder: &Path, config: &str) {
    std::fs::write(folder.join("config.json"), config).unwrap();
}

#[test]
fn the_registrys_own_credentials_are_found_however_docker_wrote_its_name() {
    // base64 of `bob:builder`.
    let bob = "Basic Ym9iOmJ1aWxkZXI=";
    for name in ["HOST", "http://HOST", "https://HOST", "https://HOST/v1/", "https://HOST/v2/"] {
        let config = format!(r#"{{"auths":{{"{name}":{{"auth":"Ym9iOmJ1aWxkZXI="}}}}}}"#);
        assert_eq!(shown(&config), Ok(Some(bob.to_owned())), "{name}");
    }
    let split = r#"{"auths":{"HOST":{"username":"bob","password":"builder"}},"psFormat":"x"}"#;
    assert_eq!(shown(split), Ok(Some(bob.to_owned())));
    let padded = r#"{"auths":{"HOST":{"auth":"Ym9iOmJ1aWxkZXIAAAA="}}}"#;
    assert_eq!(shown(padded), Ok(Some(bob.to_owned())));
}

#[test]
fn nobody_elses_credentials_are_shown() {
    for config in [
        "{}",
        r#"{"auths":{"elsewhere.example":{"auth":"Ym9iOmJ1aWxkZXI="}}}"#,
        r#"{"auths":{"HOST0":{"auth":"Ym9iOmJ1aWxkZXI="}}}"#,
        r#"{"auths":{"https://index.docker.io/v1/":{"auth":"Ym9iOmJ1aWxkZXI="}}}"#,
        r#"{"auths":{"HOST":{}}}"#,
    ] {
        let words = shown(config).unwrap_err();
        assert!(words.ends_with("signs in"), "{config}: {words}");
    }
}

#[test]
fn what_is_wrong_with_the_configuration_is_said_and_no_secret_is() {
    for (config, expected) in [
        ("{ half", "it is not what Docker writes"),
        (r#"{"auths":{"HOST":{"auth":"c2VjcmV0"}}}"#, "are not in the form it writes"),
        (r#"{"auths":{"HOST":{"auth":"???"}}}"#, "are not in the form it writes"),
        (r#"{"credsStore":"not-there-at-all"}"#, "docker-credential-not-there-at-all"),
        (r#"{"credHelpers":{"HOST":"../../bin/sh"}}"#, "is no name of a credential helper"),
    ] {
        let words = shown(config).unwrap_err();
        assert!(words.contains(expected) && !words.contains("secret"), "{config}: {words}");
    }
}

/// A helper on the path needs an environment of its own, and so a process of its own.
#[cfg(unix)]
#[test]
fn a_helper_is_asked_for_its_registry() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    let front = Front::new(|message| match message.header("authorization") {
        Some("Basic Ym9iOmJ1aWxkZXI=") => Reply::index(&index_digest("4")),
        _ => Reply::status(401).with("www-authenticate", "Basic realm=\"x\""),
    });
    let folder = tempfile::tempdir().unwrap();
    let host = &front.authority;
    write(folder.path(), &format!(r#"{{"credHelpers":{{"{host}":"of-a-test"}}}}"#));
    let helper = folder.path().join("docker-credential-of-a-test");
    let script = format!(
        "#!/bin/sh\nread server\n[ \"$1 $server\" = \"get {host}\" ] || exit 1\n\
         echo '{{\"ServerURL\":\"x\",\"Username\":\"bob\",\"Secret\":\"builder\"}}'\n"
    );
    std::fs::write(&helper, script).unwrap();
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(folder.path().join("Dockerfile"), format!("FROM {host}/app:1.0.0\nUSER 50000\n")).unwrap();
    let path = std::env::var("PATH").unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .args(["fix", "--online", "--diff"])
        .arg(folder.path())
        .env("DOCKER_CONFIG", folder.path())
        .env("XDG_CACHE_HOME", folder.path().join("cache"))
        .env("PATH", format!("{}:{path}", folder.path().display()))
        .output()
        .unwrap();
    let patch = String::from_utf8(done.stdout).unwrap();
    let digest = index_digest("4");
    assert!(patch.contains(&format!("+FROM {host}/app:1.0.0@{digest}")), "{patch}{:?}", done.stderr);
    assert_eq!(done.status.code(), Some(0));
    assert!(String::from_utf8(done.stderr).unwrap().starts_with(&format!("asking {host} about 1 image\n")));
}
