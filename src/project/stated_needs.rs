//! Reads needs of containers from what the settings say of apps, for those who ask what a program needs.

use crate::kubernetes::model::Quantity;
use crate::needs::{NeedKind, ObservedNeed, describe_need};
use crate::settings::{AppNeed, AppSetting, SETTINGS_FILE};

/// What an app's settings say of one of its containers.
pub(super) fn read_stated_needs(app: &AppSetting, container: &str) -> Vec<ObservedNeed> {
    let written = app.writes.iter().map(|folder| NeedKind::WrittenPath(folder.clone()));
    let kinds = written.chain(app.needs.iter().filter_map(read_kind));
    let need = |kind: NeedKind| ObservedNeed {
        reason: format!("`{container}` needs {}, as {SETTINGS_FILE}:{} says", describe_need(&kind), app.line),
        kind,
    };
    kinds.map(need).collect()
}

fn read_kind(need: &AppNeed) -> Option<NeedKind> {
    if need.word == "memory" {
        let bytes = Quantity::from(need.about.as_str()).amount()?;
        return Some(NeedKind::Memory(bytes as u64));
    }
    NeedKind::from_words(&need.word, &need.about)
}
