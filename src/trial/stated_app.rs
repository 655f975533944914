//! Puts what a trial saw into the words of the settings, so that a colleague without an engine has it, too.

use super::kept_trials::TrialRecord;
use super::trial_target::TrialTarget;
use crate::audit::AuditEngine;
use crate::needs::NeedKind;
use crate::settings::{AppNeed, AppSetting};

impl TrialRecord {
    /// What it saw an app need, container by container; none where nothing that settings can say.
    #[must_use]
    pub fn to_settings(&self, audit: &AuditEngine) -> Vec<AppSetting> {
        let name = app_name(audit, &self.object);
        let mut apps: Vec<AppSetting> = Vec::new();
        for kept in &self.needs {
            let Some(need) = kept.decode() else { continue };
            let key =
                if self.images.len() == 1 { name.clone() } else { format!("{name}:{}", kept.container) };
            let at = apps.iter().position(|app| app.key() == key).unwrap_or_else(|| {
                apps.push(AppSetting::named(&key));
                apps.len() - 1
            });
            add_need(&mut apps[at], &need.kind);
        }
        apps.retain(|app| !app.writes.is_empty() || !app.needs.is_empty());
        apps
    }
}

/// Adds a need; the root itself is no folder that settings can name.
fn add_need(app: &mut AppSetting, kind: &NeedKind) {
    let Some((word, about)) = kind.to_words() else { return };
    let about = match kind {
        NeedKind::Memory(bytes) => format!("{}Mi", bytes.div_ceil(1024 * 1024)),
        NeedKind::RootStart | NeedKind::ApiToken | NeedKind::SetUserId | NeedKind::GroupZero => about,
        _ if about.is_empty() => return,
        NeedKind::WrittenPath(folder) => return app.writes.push(folder.clone()),
        _ => about,
    };
    app.needs.push(AppNeed { word: word.to_owned(), about });
}

/// The name of an app in the settings: its object's, with the kind where another kind has the same.
fn app_name(audit: &AuditEngine, object: &str) -> String {
    let Some((kind, name)) = object.split_once('/') else { return object.to_owned() };
    let is_shared = TrialTarget::list_all(audit)
        .iter()
        .any(|other| other.object.split_once('/').is_some_and(|(other, own)| own == name && other != kind));
    if is_shared { object.to_owned() } else { name.to_owned() }
}
