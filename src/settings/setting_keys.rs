//! Lists every key of the settings in one table: for reading them, for `seaworthy config`, and for the documentation.

use super::setting_reader::{SettingReader, ValueError};
use super::{RuleLevel, Settings, app_setting, link_setting, settings_suppression, value_environment};
use crate::finding::Severity;

/// One key.
pub struct SettingKey {
    /// With a dot within a table; `*` stands for a name of the user's.
    pub name: &'static str,
    /// The key's meaning, as a sentence.
    pub description: &'static str,
    /// An example, as it stands in the file.
    pub example: &'static str,
    pub(super) apply_value: fn(&mut Settings, &SettingReader<'_>) -> Result<(), ValueError>,
    /// The values in effect, as they would stand in the file: the key's name with each.
    pub show_values: fn(&Settings) -> Vec<(String, String)>,
}

/// All of them, in the order in which they are shown.
pub static SETTING_KEYS: &[SettingKey] = &[
    SettingKey {
        name: "fail-on",
        description: "From which severity on `check` exits with 1: critical, high, medium, low, info or never.",
        example: "fail-on = \"high\"",
        apply_value: |settings, value| {
            settings.fail_on = value.read_severity("never")?;
            Ok(())
        },
        show_values: |settings| {
            single_value("fail-on", quote_toml(settings.fail_on.map_or("never", Severity::name)))
        },
    },
    SettingKey {
        name: "exclude",
        description: "What is not audited, by patterns as in a .gitignore file.",
        example: "exclude = [\"third_party/\"]",
        apply_value: |settings, value| {
            settings.exclude = value.read_patterns()?;
            Ok(())
        },
        show_values: |settings| single_value("exclude", format_list(settings.exclude.patterns())),
    },
    SettingKey {
        name: "uids",
        description: "The first and the last uid from which users are given to images that have none.",
        example: "uids = [40000, 60000]",
        apply_value: |settings, value| {
            settings.uid_range = value.read_uid_range()?;
            Ok(())
        },
        show_values: |settings| {
            single_value("uids", format!("[{}, {}]", settings.uid_range.start(), settings.uid_range.end()))
        },
    },
    SettingKey {
        name: "engine",
        description: "The container engine that trials use: docker or podman, by default whichever answers.",
        example: "engine = \"podman\"",
        apply_value: |settings, value| {
            settings.engine = Some(value.read_engine()?);
            Ok(())
        },
        show_values: |settings| {
            let engine = settings.engine.as_deref();
            engine.map(|engine| single_value("engine", quote_toml(engine))).unwrap_or_default()
        },
    },
    SettingKey {
        name: "trial-seconds",
        description: "For how long a trial watches each run, in seconds: 30 by default.",
        example: "trial-seconds = 60",
        apply_value: |settings, value| {
            settings.trial_seconds = Some(value.read_seconds()?);
            Ok(())
        },
        show_values: |settings| {
            let seconds = settings.trial_seconds;
            seconds.map(|own| single_value("trial-seconds", own.to_string())).unwrap_or_default()
        },
    },
    SettingKey {
        name: "resources.cpu-limit",
        description: "The cpu limit of a container that has none; false turns the rule off.",
        example: "cpu-limit = false",
        apply_value: |settings, value| {
            value.read_quantity().map(|quantity| settings.resource_defaults.cpu_limit = quantity)
        },
        show_values: |settings| {
            single_value("resources.cpu-limit", format_bound(settings.resource_defaults.cpu_limit.as_deref()))
        },
    },
    SettingKey {
        name: "resources.memory-limit",
        description: "The memory limit of a container that has none; false turns the rule off.",
        example: "memory-limit = \"256Mi\"",
        apply_value: |settings, value| {
            value.read_quantity().map(|quantity| settings.resource_defaults.memory_limit = quantity)
        },
        show_values: |settings| {
            single_value(
                "resources.memory-limit",
                format_bound(settings.resource_defaults.memory_limit.as_deref()),
            )
        },
    },
    SettingKey {
        name: "resources.cpu-request",
        description: "The cpu request of a container that has none; false turns the rule off.",
        example: "cpu-request = \"50m\"",
        apply_value: |settings, value| {
            value.read_quantity().map(|quantity| settings.resource_defaults.cpu_request = quantity)
        },
        show_values: |settings| {
            single_value(
                "resources.cpu-request",
                format_bound(settings.resource_defaults.cpu_request.as_deref()),
            )
        },
    },
    SettingKey {
        name: "resources.memory-request",
        description: "The memory request of a container that has none; false turns the rule off.",
        example: "memory-request = \"128Mi\"",
        apply_value: |settings, value| {
            value.read_quantity().map(|quantity| settings.resource_defaults.memory_request = quantity)
        },
        show_values: |settings| {
            single_value(
                "resources.memory-request",
                format_bound(settings.resource_defaults.memory_request.as_deref()),
            )
        },
    },
    SettingKey {
        name: "rules.*",
        description: "A rule's severity, by its id; \"off\" turns it off.",
        example: "moving-tag = \"off\"",
        apply_value: |settings, value| {
            let rule = value.read_rule_id()?;
            let level = value.read_severity("off")?.map_or(RuleLevel::Off, RuleLevel::Severity);
            settings.rule_levels.insert(rule, level);
            Ok(())
        },
        show_values: |settings| {
            let word = |level: &RuleLevel| match level {
                RuleLevel::Off => "off",
                RuleLevel::Severity(severity) => severity.name(),
            };
            settings
                .rule_levels
                .iter()
                .map(|(rule, level)| (format!("rules.{rule}"), quote_toml(word(level))))
                .collect()
        },
    },
    SettingKey {
        name: "writable-paths.*",
        description: "What an image's program writes, by the image without tag and digest.",
        example: "\"registry.example/tides\" = [\"/var/cache/tides\"]",
        apply_value: |settings, value| {
            let paths = value.read_absolute_paths()?;
            settings.writable_paths.insert(value.key.to_owned(), paths);
            Ok(())
        },
        show_values: |settings| {
            let each = settings.writable_paths.iter();
            each.map(|(image, paths)| (format!("writable-paths.{}", quote_toml(image)), format_list(paths)))
                .collect()
        },
    },
    SettingKey {
        name: "apps.*",
        description: "What an app's program needs, as a trial saw it: the folders that it writes, and other needs.",
        example: "[apps.tides]\nwrites = [\"/tmp/cache\"]\nneeds = [\"low-port 80\", \"memory 200Mi\"]",
        apply_value: |settings, value| {
            let app = app_setting::read_app(value, settings.apps.len())?;
            settings.apps.push(app);
            Ok(())
        },
        show_values: |settings| {
            let each = settings.apps.iter();
            each.map(|app| (format!("apps.{}", quote_toml(&app.key())), app.to_toml())).collect()
        },
    },
    SettingKey {
        name: "users.*",
        description: "The uid and gid that an image runs as, by its Dockerfile's path, else by its name.",
        example: "\"api/Dockerfile\" = [43122, 43122]",
        apply_value: |settings, value| {
            let ids = value.read_ids()?;
            settings.users.insert(value.key.to_owned(), ids);
            Ok(())
        },
        show_values: |settings| {
            let each = settings.users.iter();
            each.map(|(image, ids)| (format!("users.{}", quote_toml(image)), format_ids(*ids))).collect()
        },
    },
    SettingKey {
        name: "images.*",
        description: "What fixes make of a reference to an image, as the files have it: another tag, a digest.",
        example: "\"redis:7\" = \"redis:7.4.2\"",
        apply_value: |settings, value| {
            let pin = value.read_pin()?;
            settings.images.insert(value.key.to_owned(), pin);
            Ok(())
        },
        show_values: |settings| {
            let each = settings.images.iter();
            each.map(|(image, pin)| {
                (format!("images.{}", quote_toml(image)), quote_toml(&pin.apply_to(image)))
            })
            .collect()
        },
    },
    SettingKey {
        name: "kubernetes.version",
        description: "The version of Kubernetes that charts are rendered for.",
        example: "version = \"1.31\"",
        apply_value: |settings, value| {
            settings.kube_version = Some(value.read_version()?);
            Ok(())
        },
        show_values: |settings| {
            let version = settings.kube_version.as_deref();
            version.map(|version| single_value("kubernetes.version", quote_toml(version))).unwrap_or_default()
        },
    },
    SettingKey {
        name: "kubernetes.api-versions",
        description: "The API versions that charts find there, besides Kubernetes' own.",
        example: "api-versions = [\"monitoring.coreos.com/v1\"]",
        apply_value: |settings, value| {
            settings.api_versions = value.read_texts()?;
            Ok(())
        },
        show_values: |settings| single_value("kubernetes.api-versions", format_list(&settings.api_versions)),
    },
    SettingKey {
        name: "values",
        description: "The environments that a chart is deployed to: its folder, a name, and the values files in their order.",
        example: "[[values]]\nchart = \"charts/shop\"\nenvironment = \"prod\"\nfiles = [\"deploy/common.yaml\", \"deploy/prod.yaml\"]",
        apply_value: |settings, value| {
            settings.environments = value_environment::read_environments(value)?;
            Ok(())
        },
        show_values: |settings| {
            let each = settings.environments.iter().map(|own| own.to_toml(quote_toml));
            single_value("values", format!("[{}]", each.collect::<Vec<_>>().join(", ")))
        },
    },
    SettingKey {
        name: "link",
        description: "The Dockerfile that builds an image, or false for none here, where the repository's files say it wrong or not at all.",
        example: "[[link]]\nimage = \"registry.example/shop/web\"\ndockerfile = \"web/Dockerfile\"\nstage = \"production\"",
        apply_value: |settings, value| {
            settings.links = link_setting::read_links(value)?;
            Ok(())
        },
        show_values: |settings| {
            let each = settings.links.iter().map(|own| own.to_toml(quote_toml));
            single_value("link", format!("[{}]", each.collect::<Vec<_>>().join(", ")))
        },
    },
    SettingKey {
        name: "allow",
        description: "Exceptions: the rules, the paths or the object they are about, and the reason.",
        example: "[[allow]]\nrules = [\"host-network\"]\npaths = [\"node/*.json\"]\nobject = \"DaemonSet/exporter\"\nreason = \"reads the node's counters\"",
        apply_value: |settings, value| {
            settings.suppressions = settings_suppression::read_suppressions(value)?;
            Ok(())
        },
        show_values: |settings| {
            let each = settings.suppressions.iter().map(|allowed| {
                let mut parts = vec![format!("rules = {}", format_list(&allowed.rules))];
                if !allowed.paths.patterns().is_empty() {
                    parts.push(format!("paths = {}", format_list(allowed.paths.patterns())));
                }
                parts.extend(
                    allowed.object.as_deref().map(|object| format!("object = {}", quote_toml(object))),
                );
                parts.extend(
                    allowed.container.as_deref().map(|name| format!("container = {}", quote_toml(name))),
                );
                parts.push(format!("reason = {}", quote_toml(&allowed.reason)));
                format!("{{ {} }}", parts.join(", "))
            });
            let each: Vec<String> = each.collect();
            single_value("allow", format!("[{}]", each.join(", ")))
        },
    },
];

fn single_value(name: &str, value: String) -> Vec<(String, String)> {
    vec![(name.to_owned(), value)]
}

fn format_bound(quantity: Option<&str>) -> String {
    quantity.map_or_else(|| "false".to_owned(), quote_toml)
}

pub(crate) fn format_list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote_toml(text)).collect();
    format!("[{}]", quoted.join(", "))
}

/// A uid and a gid as TOML writes them.
pub(crate) fn format_ids((uid, gid): (u32, u32)) -> String {
    format!("[{uid}, {gid}]")
}

/// A text as TOML writes it.
pub(crate) fn quote_toml(text: &str) -> String {
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
