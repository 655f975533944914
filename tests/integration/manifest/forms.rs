//! Manifests in every form of YAML: none is passed over, whatever way its keys are written.

use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use proptest::prelude::*;
use serde_yaml::Value;

use crate::cli::{on, report};
use crate::support::{audit, repository};

const POD: &str = "{apiVersion: v1, kind: Pod, metadata: {name: api}, spec: {containers: [{name: api, image: 'shop/api:1.2.3', \
    securityContext: {privileged: true}}]}}";

/// Writes a value in forms that chance decides.
struct Writer {
    /// Never zero.
    chance: u64,
    at: usize,
}

impl Writer {
    fn choose(&mut self, most: u8) -> u8 {
        self.at += 1;
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        u8::try_from(self.chance % u64::from(most)).unwrap()
    }

    fn text(&mut self, text: &str, is_key: bool) -> String {
        let escaped = |form: &dyn Fn(u32) -> String| {
            let at = text.len() / 2;
            format!("\"{}{}{}\"", &text[..at], form(u32::from(text.as_bytes()[at])), &text[at + 1..])
        };
        match self.choose(10) {
            0 => format!("'{text}'"),
            1 => format!("\"{text}\""),
            2 => escaped(&|c| format!("\\x{c:02x}")),
            3 => escaped(&|c| format!("\\u{c:04X}")),
            4 => escaped(&|c| format!("\\U{c:08x}")),
            5 => format!("!!str {text}"),
            6 => format!("&k{} {text}", self.at),
            7 => format!("!<tag:yaml.org,2002:str> \"{text}\""),
            8 if !is_key => format!("&v{} !!str '{text}'", self.at),
            _ => text.to_owned(),
        }
    }

    fn scalar(&mut self, value: &Value) -> String {
        match value {
            Value::Bool(on) => on.to_string(),
            value => self.text(value.as_str().unwrap(), false),
        }
    }

    fn flow(&mut self, value: &Value) -> String {
        let gap = ["", " ", "\n   ", " # c\n  "][usize::from(self.choose(4))];
        match value {
            Value::Mapping(map) => {
                let entries: Vec<String> = map
                    .iter()
                    .map(|(key, value)| {
                        let key = self.text(key.as_str().unwrap(), true);
                        let value = self.flow(value);
                        let mark = if self.choose(6) == 0 { "? " } else { "" };
                        let colon = if key.starts_with('"') {
                            ["", " ", "\n  "][usize::from(self.choose(3))]
                        } else {
                            ""
                        };
                        format!("{mark}{key}{colon}: {value}")
                    })
                    .collect();
                format!("{{{gap}{}{gap}}}", entries.join(&format!(",{gap}")))
            }
            Value::Sequence(items) => {
                let items: Vec<String> = items.iter().map(|item| self.flow(item)).collect();
                format!("[{gap}{}{gap}]", items.join(","))
            }
            value => self.scalar(value),
        }
    }

    /// The value after a colon or a dash, or at the top.
    fn block(&mut self, value: &Value, indent: usize) -> String {
        let blanks = " ".repeat(indent);
        match value {
            Value::Mapping(map) if self.choose(4) > 0 => map
                .iter()
                .map(|(key, value)| {
                    let key = self.text(key.as_str().unwrap(), true);
                    let inner = self.block(value, indent + 2);
                    if self.choose(6) == 0 {
                        format!("\n{blanks}? {key}\n{blanks}: {inner}")
                    } else {
                        let blank = [" ", "   ", "\t "][usize::from(self.choose(3))];
                        let blank = if inner.starts_with('\n') { "" } else { blank };
                        format!("\n{blanks}{key}:{blank}{inner}")
                    }
                })
                .collect(),
            Value::Sequence(items) if self.choose(3) > 0 => {
                items.iter().map(|item| format!("\n{blanks}- {}", self.flow(item))).collect()
            }
            value => self.flow(value),
        }
    }

    fn document(&mut self, value: &Value) -> String {
        let head = [
            "",
            "\u{feff}",
            "# a comment\n",
            "---\n",
            "--- # so\n",
            "--- ",
            "--- !!map ",
            "%YAML 1.2\n---\n",
            "a: 1\n---\n",
            "kind: Other\n---\n",
            "---\n---\n",
        ][usize::from(self.choose(11))];
        let body = if self.choose(3) == 0 { self.flow(value) } else { self.block(value, 0) };
        let (head, body) = if head.ends_with("--- ") || head.ends_with("!!map ") {
            (head, body.as_str())
        } else {
            (head, body.trim_start())
        };
        format!("{head}{body}\n")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, failure_persistence: None, max_shrink_iters: 0, ..ProptestConfig::default() })]
    #[test]
    fn a_manifest_in_any_form_is_read(seed in 1..u64::MAX / 2) {
        let pod: Value = serde_yaml::from_str(POD).unwrap();
        let is_pod = |text: &str| {
            serde_yaml::Deserializer::from_str(text.trim_start_matches('\u{feff}'))
                .take(4).filter_map(|document| serde::Deserialize::deserialize(document).ok()).any(|value: Value| value == pod)
        };
        let write = |at| Writer { chance: seed + at, at: 0 }.document(&pod);
        let texts: Vec<String> = (0..400).map(write).filter(|text| is_pod(text)).collect();
        prop_assert!(texts.len() > 150, "most are manifests: {}", texts.len());
        let names: Vec<String> = (0..texts.len()).map(|at| format!("{at}.yaml")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect();
        let folder = repository(&files);
        let engine = audit(folder.path());
        for (name, text) in files {
            let found = engine.open_findings(&name.into()).iter().any(|(key, _)| key.rule == "privileged-container");
            prop_assert!(found, "passed over:\n{text}");
        }
    }
}

#[test]
fn a_manifest_far_into_a_file_or_in_another_encoding_is_not_passed_over() {
    let late = format!("{}{POD}", "# a line of a long introduction\n".repeat(4000));
    let folder = repository(&[("late.yaml", &late)]);
    let wide = |bom: &[u8]| -> Vec<u8> {
        bom.iter().copied().chain(POD.bytes().flat_map(|byte| [byte, 0])).collect()
    };
    std::fs::write(folder.path().join("bom.yaml"), wide(&[0xff, 0xfe])).unwrap();
    std::fs::write(folder.path().join("wide.yaml"), wide(&[])).unwrap();
    let report = report(folder.path());
    let files: Vec<(&str, &str)> = report["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["path"].as_str().unwrap(), file["status"].as_str().unwrap()))
        .collect();
    assert_eq!(files, [("bom.yaml", "skipped"), ("late.yaml", "audited"), ("wide.yaml", "skipped")]);
}

#[test]
fn what_has_a_candidates_name_and_is_no_file_is_listed() {
    let folder = repository(&[("real.txt", "")]);
    let at = |name: &str| folder.path().join(name);
    symlink("nowhere", at("Dockerfile")).unwrap();
    symlink("loop.yaml", at("loop.yaml")).unwrap();
    symlink("/dev/null", at("null.json")).unwrap();
    symlink("user@host.123:1", at(".#lock.yaml")).unwrap();
    symlink(".", at("folder.yaml")).unwrap();
    let _socket = UnixListener::bind(at("socket.yml")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("Dockerfile.pipe")).status().unwrap().success());
    let ran = on(folder.path(), &["check"]);
    for line in [
        "skipped Dockerfile: a link that leads nowhere",
        "skipped Dockerfile.pipe: no regular file",
        "skipped loop.yaml: a link that leads nowhere",
        "skipped null.json: a link that leads",
        "skipped socket.yml: no regular file",
    ] {
        assert!(ran.out.contains(line), "{line}:\n{}", ran.out);
    }
    assert!(!ran.out.contains(".#lock") && !ran.out.contains("folder.yaml"), "{}", ran.out);
}
