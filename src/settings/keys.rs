//! Every key of the settings, in one table: for reading them, for `seaworthy config`, and for the documentation.

use super::read::{self, Reader, Wrong};
use super::{Level, Settings};
use crate::finding::Severity;

/// One key.
pub struct Key {
    /// With a dot within a table; `*` stands for a name of the user's.
    pub name: &'static str,
    /// What it sets, as a sentence.
    pub about: &'static str,
    /// An example, as it stands in the file.
    pub example: &'static str,
    pub(super) read: fn(&mut Settings, &Reader<'_>) -> Result<(), Wrong>,
    /// The values in effect, as they would stand in the file: the key's name with each.
    pub show: fn(&Settings) -> Vec<(String, String)>,
}

/// All of them, in the order in which they are shown.
pub static KEYS: &[Key] = &[
    Key {
        name: "fail-on",
        about: "From which severity on `check` exits with 1: critical, high, medium, low, info or never.",
        example: "fail-on = \"high\"",
        read: |settings, value| {
            settings.fail_on = value.severity("never")?;
            Ok(())
        },
        show: |settings| one("fail-on", quoted(settings.fail_on.map_or("never", Severity::name))),
    },
    Key {
        name: "exclude",
        about: "What is not audited, by patterns as in a .gitignore file.",
        example: "exclude = [\"third_party/\"]",
        read: |settings, value| {
            settings.exclude = value.paths()?;
            Ok(())
        },
        show: |settings| one("exclude", list(settings.exclude.patterns())),
    },
    Key {
        name: "uids",
        about: "The first and the last uid from which users are given to images that have none.",
        example: "uids = [40000, 60000]",
        read: |settings, value| {
            settings.uids = value.uids()?;
            Ok(())
        },
        show: |settings| one("uids", format!("[{}, {}]", settings.uids.start(), settings.uids.end())),
    },
    Key {
        name: "resources.cpu-limit",
        about: "The cpu limit of a container that has none; false turns the rule off.",
        example: "cpu-limit = false",
        read: |settings, value| value.quantity().map(|quantity| settings.resources.cpu_limit = quantity),
        show: |settings| one("resources.cpu-limit", bound(settings.resources.cpu_limit.as_deref())),
    },
    Key {
        name: "resources.memory-limit",
        about: "The memory limit of a container that has none; false turns the rule off.",
        example: "memory-limit = \"256Mi\"",
        read: |settings, value| value.quantity().map(|quantity| settings.resources.memory_limit = quantity),
        show: |settings| one("resources.memory-limit", bound(settings.resources.memory_limit.as_deref())),
    },
    Key {
        name: "resources.cpu-request",
        about: "The cpu request of a container that has none; false turns the rule off.",
        example: "cpu-request = \"50m\"",
        read: |settings, value| value.quantity().map(|quantity| settings.resources.cpu_request = quantity),
        show: |settings| one("resources.cpu-request", bound(settings.resources.cpu_request.as_deref())),
    },
    Key {
        name: "resources.memory-request",
        about: "The memory request of a container that has none; false turns the rule off.",
        example: "memory-request = \"128Mi\"",
        read: |settings, value| value.quantity().map(|quantity| settings.resources.memory_request = quantity),
        show: |settings| one("resources.memory-request", bound(settings.resources.memory_request.as_deref())),
    },
    Key {
        name: "rules.*",
        about: "A rule's severity, by its id; \"off\" turns it off.",
        example: "moving-tag = \"off\"",
        read: |settings, value| {
            let rule = value.rule()?;
            let level = value.severity("off")?.map_or(Level::Off, Level::Severity);
            settings.rules.insert(rule, level);
            Ok(())
        },
        show: |settings| {
            let word = |level: &Level| match level {
                Level::Off => "off",
                Level::Severity(severity) => severity.name(),
            };
            settings
                .rules
                .iter()
                .map(|(rule, level)| (format!("rules.{rule}"), quoted(word(level))))
                .collect()
        },
    },
    Key {
        name: "writable-paths.*",
        about: "What an image's program writes, by the image without tag and digest.",
        example: "\"registry.example/tides\" = [\"/var/cache/tides\"]",
        read: |settings, value| {
            let paths = value.absolute_paths()?;
            settings.writable_paths.insert(value.key.to_owned(), paths);
            Ok(())
        },
        show: |settings| {
            let each = settings.writable_paths.iter();
            each.map(|(image, paths)| (format!("writable-paths.{}", quoted(image)), list(paths))).collect()
        },
    },
    Key {
        name: "allow",
        about: "Exceptions: the rules, the paths or the object they are about, and the reason.",
        example: "[[allow]]\nrules = [\"host-network\"]\npaths = [\"node/*.json\"]\nobject = \"DaemonSet/exporter\"\nreason = \"reads the node's counters\"",
        read: |settings, value| {
            settings.allow = read::allow(value)?;
            Ok(())
        },
        show: |settings| {
            let each = settings.allow.iter().map(|allowed| {
                let mut parts = vec![format!("rules = {}", list(&allowed.rules))];
                if !allowed.paths.patterns().is_empty() {
                    parts.push(format!("paths = {}", list(allowed.paths.patterns())));
                }
                parts.extend(allowed.object.as_deref().map(|object| format!("object = {}", quoted(object))));
                parts
                    .extend(allowed.container.as_deref().map(|name| format!("container = {}", quoted(name))));
                parts.push(format!("reason = {}", quoted(&allowed.reason)));
                format!("{{ {} }}", parts.join(", "))
            });
            let each: Vec<String> = each.collect();
            one("allow", format!("[{}]", each.join(", ")))
        },
    },
];

fn one(name: &str, value: String) -> Vec<(String, String)> {
    vec![(name.to_owned(), value)]
}

fn bound(quantity: Option<&str>) -> String {
    quantity.map_or_else(|| "false".to_owned(), quoted)
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
