//! Digests from a registry on this machine, asked from the running app.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use crate::world::{World, repository};

const INDEX: &str = r#"{"schemaVersion":2,"manifests":[]}"#;
/// The digest of that.
const DIGEST: &str = "sha256:bc5857ac9458293d5111ab85c952172cd7f56bceb4e3014ddc4cafac8927b313";

/// A registry whose every tag is one index; where it keeps silent, it takes questions and answers none.
fn registry(silent: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let authority = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming().map_while(Result::ok) {
            if silent {
                held.push(stream);
            } else {
                answer(stream);
            }
        }
    });
    authority
}

fn answer(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    lines.take_while(|line| !line.is_empty()).for_each(drop);
    let body = if first.contains("/tags/list") { r#"{"tags":["latest","1.4.2"]}"# } else { INDEX };
    let length = body.len();
    let body = if first.starts_with("HEAD") { "" } else { body };
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/vnd.oci.image.index.v1+json\r\n\
         docker-content-digest: {DIGEST}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}"
    );
}

fn start(authority: &str) -> World {
    let folder = repository();
    let root = folder.path().join("tides");
    let cache = folder.path().join("home").to_str().unwrap().to_owned();
    let file = root.join("Dockerfile");
    std::fs::write(&file, format!("FROM {authority}/team/base\nUSER 50000:50000\nCMD [\"tides\"]\n"))
        .unwrap();
    let variables = [("XDG_CACHE_HOME", cache.as_str()), ("DOCKER_CONFIG", cache.as_str())];
    let mut world = World::run(folder, &[root.to_str().unwrap()], &variables, (120, 40));
    world.pty.shows("watching").hides("scanning");
    world
}

#[test]
fn an_image_is_pinned_with_what_its_registry_says() {
    let authority = registry(false);
    let mut world = start(&authority);
    world.pty.send("/untagged\r").shows("f asks its registry");
    world.pty.send("f").shows("Ask? Enter asks");
    world.pty.send("\r").shows(DIGEST).shows("Enter or f writes this");
    world.pty.send("f").shows("written to Dockerfile");
    assert!(world.read("Dockerfile").starts_with(&format!("FROM {authority}/team/base:1.4.2@{DIGEST}\n")));
    world.pty.send("c").shows("Check 1 pinned image").send("\r").shows("1.4.2 points to it");
    world.pty.send("\x1b").hides("Check 1 pinned image").send("u").shows("Taken back in Dockerfile");
}

#[test]
fn a_registry_that_never_answers_is_left_at_once() {
    let mut world = start(&registry(true));
    world.pty.send("/untagged\r").shows("f asks its registry");
    world.pty.send("f").shows("Ask? Enter asks").send("\r").shows("0 of 1 answered");
    world.pty.send("\x1b").hides("0 of 1 answered").shows("f asks its registry");
    world.pty.send("q");
    assert!(world.pty.ends().success());
}
