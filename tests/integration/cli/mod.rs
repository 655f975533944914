//! The command line, as a user types it.

mod bad_input;
mod check;
mod examples;
mod fix;
mod lowered_bar;
mod mistyped;
mod odd_names;
mod outside_links;
mod pages;
mod part_of_repository;
mod pipes;
mod score_factors;
mod secret_snippets;
mod unreadable;

use std::path::Path;
use std::process::Command;

/// How a run of the program ended.
pub(crate) struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs the program with a home of its own, so that nothing of the user's is read or written.
pub(crate) fn run(args: &[&str], home: &Path) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_seaworthy"))
        .args(args)
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Ran { code: output.status.code().unwrap(), out: text(&output.stdout), err: text(&output.stderr) }
}

/// Runs the program on a folder.
pub(crate) fn on(folder: &Path, args: &[&str]) -> Ran {
    let home = tempfile::tempdir().unwrap();
    let args: Vec<&str> = [&args[..1], &[folder.to_str().unwrap()], &args[1..]].concat();
    run(&args, home.path())
}

/// The arguments that write the default bounds of resources, which are asked for by name.
pub(crate) const FIX_BOUNDS: [&str; 10] = [
    "fix",
    "--review",
    "--rule",
    "missing-memory-limit",
    "--rule",
    "missing-cpu-limit",
    "--rule",
    "missing-memory-request",
    "--rule",
    "missing-cpu-request",
];

/// What the program prints when all is well.
pub(crate) fn out(args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let ran = run(args, home.path());
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.out
}

/// The report of a folder as JSON.
pub(crate) fn report(folder: &Path) -> serde_json::Value {
    serde_json::from_str(&on(folder, &["check", "--format", "json", "--fail-on", "never"]).out).unwrap()
}

/// A Deployment with the weaknesses of a typical one.
pub(crate) const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  selector:
    matchLabels:
      app: api
  template:
    metadata:
      labels:
        app: api
    spec:
      containers:
      - name: api
        image: registry.example/api:v1.0.3
        ports:
        - containerPort: 5000
";

/// A Dockerfile with the weaknesses of a typical one.
pub(crate) const DOCKERFILE: &str = "FROM python:3.12-alpine
WORKDIR /app
COPY src/ ./
CMD python3 app.py
";
