//! Plans the write of what a person chose into the repository's settings, so that it holds from then on.

use crate::audit::AuditEngine;
use crate::fix::{FixPlan, NoPlan};
use crate::image::Reference;
use crate::repo::{FilePatch, RelPath};
use crate::rules::ALL_RULES;
use crate::service::workspace;
use crate::settings::{
    AppSetting, ResourceDefaults, SETTINGS_FILE, SettingValue, SettingsChange, ValueChoice, format_ids,
    format_list, quote_toml, set_app, set_link, set_values,
};
use crate::text::SourceText;
use crate::trial::TrialRecord;

/// Why there is nothing to write where no value is another than what holds without the settings.
const NOTHING_TO_KEEP: &str =
    "no value here is another than what holds without a setting: there is nothing to keep";

/// The plan that writes a change into the settings.
///
/// # Errors
/// Why it cannot stand there.
pub(super) fn plan_settings(engine: &AuditEngine, change: &SettingsChange) -> Result<FixPlan, NoPlan> {
    if !engine.settings().root_prefix.is_empty() {
        let home = workspace::settings_folder(engine.root());
        return Err(format!(
            "{SETTINGS_FILE} lies in {}, above the folder in view: start there to write it",
            home.display()
        )
        .into());
    }
    plan_change(engine, change)
}

/// The plan that writes a change into the settings, with their path from their own folder.
///
/// # Errors
/// Why it cannot stand there.
pub(crate) fn plan_change(engine: &AuditEngine, change: &SettingsChange) -> Result<FixPlan, NoPlan> {
    let before = workspace::read_settings(engine.root()).map_err(|error| format!("{error:#}"))?;
    let rules: Vec<&'static str> = ALL_RULES.iter().map(|rule| rule.id).collect();
    let (title, after) = match change {
        SettingsChange::Values(choices) => {
            let values = all_setting_values(engine, choices);
            if values.is_empty() {
                return Err(NOTHING_TO_KEEP.into());
            }
            ("Keep values".to_owned(), set_values(before.text(), &values, &rules)?)
        }
        SettingsChange::Trial { path, object } => {
            let mut after = before.text().to_owned();
            for app in find_observed_apps(engine, path, object)? {
                after = set_app(&after, &app, &rules)?;
            }
            (format!("Keep what a trial saw of {object}"), after)
        }
        SettingsChange::Link { image, dockerfile } => {
            let reference = Reference::parse(image).map_err(|_| format!("{image} is no name of an image"))?;
            let built = dockerfile.as_ref().map(|path| engine.settings().path_in_repository(path.as_str()));
            let title = format!("Say what builds {}", reference.written_name());
            (title, set_link(before.text(), (&reference, built.as_deref()), &rules)?)
        }
    };
    if !before.is_absent() && after == before.text() {
        return Err("the settings say so already".into());
    }
    let mut plan = FixPlan::default();
    plan.title = title;
    plan.patches =
        vec![FilePatch { path: RelPath::from(SETTINGS_FILE), before, after: SourceText::new(after) }];
    Ok(plan)
}

/// What the last trial of an app saw that settings can say.
fn find_observed_apps(engine: &AuditEngine, path: &RelPath, object: &str) -> Result<Vec<AppSetting>, String> {
    let path = engine.path_in_repository(path);
    let records = TrialRecord::load_all(engine);
    let record = records.iter().find(|own| own.path == path.as_str() && own.object == object);
    let record = record.ok_or_else(|| {
        format!("no trial of {object} is kept that holds for its files as they are: try it again")
    })?;
    let apps = record.to_settings(engine);
    if apps.is_empty() {
        return Err(format!("the trial of {object} saw no need that its files do not say themselves"));
    }
    Ok(apps)
}

/// What the settings have to say for all choices; of two about the same the last counts.
fn all_setting_values(engine: &AuditEngine, choices: &[ValueChoice]) -> Vec<SettingValue> {
    let mut values: Vec<SettingValue> = Vec::new();
    for value in choices.iter().flat_map(|choice| setting_values(engine, choice)) {
        values.retain(|known| (known.table, &known.key) != (value.table, &value.key));
        values.push(value);
    }
    values
}

/// What the settings have to say for a choice.
fn setting_values(engine: &AuditEngine, choice: &ValueChoice) -> Vec<SettingValue> {
    let settings = engine.settings();
    match choice {
        ValueChoice::User { key, uid, gid } => {
            let path = RelPath::from(key.as_str());
            let is_built = engine.repository().run_as(&path).is_some();
            let name = || Reference::parse(key).map_or_else(|_| key.clone(), |image| image.familiar_name());
            let key = if is_built { settings.path_in_repository(key) } else { name() };
            vec![SettingValue { table: "users", key, value: format_ids((*uid, *gid)) }]
        }
        ValueChoice::Bounds { bounds, .. } => bound_values(bounds, &settings.resource_defaults),
        ValueChoice::WritablePaths { image, paths, .. } => {
            // This one is mounted in any case.
            let paths: Vec<String> = paths.iter().filter(|path| *path != "/tmp").cloned().collect();
            let named = Reference::parse(image).ok();
            let key = named.map_or_else(|| image.clone(), |image| image.written_name().to_owned());
            let is_said = paths.is_empty() || key.is_empty();
            let value = SettingValue { table: "writable-paths", key, value: format_list(&paths) };
            (!is_said).then_some(value).into_iter().collect()
        }
        ValueChoice::Image { reference, pin } => {
            let becomes = pin.apply_to(reference);
            let is_same = becomes == *reference;
            let value = SettingValue { table: "images", key: reference.clone(), value: quote_toml(&becomes) };
            (!is_same).then_some(value).into_iter().collect()
        }
    }
}

fn bound_values(bounds: &ResourceDefaults, set: &ResourceDefaults) -> Vec<SettingValue> {
    let pairs = [
        ("cpu-limit", &bounds.cpu_limit, &set.cpu_limit),
        ("memory-limit", &bounds.memory_limit, &set.memory_limit),
        ("cpu-request", &bounds.cpu_request, &set.cpu_request),
        ("memory-request", &bounds.memory_request, &set.memory_request),
    ];
    let other = pairs.into_iter().filter_map(|(key, now, was)| {
        let now = now.as_ref().filter(|now| Some(*now) != was.as_ref())?;
        Some(SettingValue { table: "resources", key: key.to_owned(), value: quote_toml(now) })
    });
    other.collect()
}
