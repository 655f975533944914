//! Dockerfiles: what is read, where it stands, and that nothing brings the reader down.

#![allow(clippy::unwrap_used)]

mod dump;
mod hostile;
mod oracle;
mod property;
mod reading;
mod shell;
mod stages;

/// The text of a fixture.
fn fixture(name: &str) -> String {
    let path = format!("{}/tests/fixtures/dockerfile/{name}.Dockerfile", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}
