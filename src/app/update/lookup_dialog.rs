//! Handles the lookup at registries: none is asked before a person says so, and everything can be left at once.

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::AppState;
use super::super::backend_protocol::{BackendRequest, LookupMode};
use super::super::dialog_state::DialogState;
use super::super::key_press::KeyName;
use super::super::registry_lookup::{LookupProgress, LookupResult, LookupStage, RegistryLookup};
use super::super::toast::Toast;
use super::key_input::KeyInput;
use super::write_fix;
use crate::finding::FindingKey;
use crate::image::Reference;

/// The findings that `f` fixes by registries' answers: the selected ones, when none of them can be fixed otherwise.
pub(super) fn keys_needing_registry(state: &AppState) -> Option<Vec<FindingKey>> {
    let selected = state.selected_entries();
    let mut fixable = selected.iter().filter(|entry| entry.safety().is_some()).peekable();
    fixable.peek()?;
    fixable.all(|entry| entry.needs_registry()).then(|| state.selected_keys())
}

/// Shows the registries to ask. Recent answers are shown at once: that asks nobody.
pub(super) fn open_lookup(state: &mut AppState, keys: &[FindingKey]) -> Vec<AppEffect> {
    let is_alone = state.is_single_finding() && state.walk.is_none();
    let rule = state.current_finding().filter(|_| is_alone).map(|entry| entry.key.rule);
    let Some(lookup) = RegistryLookup::for_findings(&state.store, rule, keys) else {
        state.dialog = None;
        state.toast = Some(Toast::NoFix(None));
        return Vec::new();
    };
    start_lookup(state, lookup, LookupMode::CachedOnly)
}

fn start_lookup(state: &mut AppState, mut lookup: RegistryLookup, asking: LookupMode) -> Vec<AppEffect> {
    state.lookup_count += 1;
    lookup.id = state.lookup_count;
    let images = lookup.image_references();
    if asking != LookupMode::CachedOnly {
        lookup.stage =
            LookupStage::Running(LookupProgress { total: images.len(), ..LookupProgress::default() });
    }
    let id = lookup.id;
    state.dialog = Some(DialogState::Lookup(Box::new(lookup)));
    vec![AppEffect::Ask(BackendRequest::LookUpImages { id, images, mode: asking })]
}

pub(super) fn on_lookup_key(
    state: &mut AppState,
    mut lookup: Box<RegistryLookup>,
    input: KeyInput,
) -> Vec<AppEffect> {
    let action = input.action;
    if input.leaves_lookup() {
        return leave_lookup(state, &lookup.stage);
    }
    let yes = input.typed_char() == Some('y');
    let enter = input.is_key(KeyName::Enter);
    let fixes = action == Some(Action::Fix);
    match lookup.stage {
        LookupStage::NotStarted if yes || enter => {
            return start_lookup(state, *lookup, LookupMode::AskUnknown);
        }
        // The key that opened the question is no answer to it: pressed twice, it would ask unseen.
        LookupStage::NotStarted if fixes => state.toast = Some(Toast::RegistryNotAsked),
        LookupStage::Finished { .. } if action == Some(Action::Rescan) => {
            return start_lookup(state, *lookup, LookupMode::AskAll);
        }
        LookupStage::Finished { .. } if yes || ((enter || fixes) && !lookup.spans_files()) => {
            return write_lookup_fix(state, lookup);
        }
        LookupStage::Finished { .. } => {
            let taken = choose_tag(&mut lookup, action, state.scroll_limits.patch);
            state.dialog = Some(DialogState::Lookup(lookup));
            return taken
                .map_or_else(Vec::new, |(image, tag)| send_preferences(state, [(image, tag)].into()));
        }
        LookupStage::NotStarted | LookupStage::Running(_) => {}
    }
    state.dialog = Some(DialogState::Lookup(lookup));
    Vec::new()
}

/// Returns to the panes. A running lookup is told to stop; nobody waits for that.
pub(super) fn leave_lookup(state: &mut AppState, stage: &LookupStage) -> Vec<AppEffect> {
    let mut effects = Vec::new();
    if matches!(stage, LookupStage::Running(_)) {
        effects.push(AppEffect::Ask(BackendRequest::StopLookup));
    }
    state.dialog = None;
    effects.extend(state.request_plan(true));
    effects
}

fn write_lookup_fix(state: &mut AppState, lookup: Box<RegistryLookup>) -> Vec<AppEffect> {
    if state.preview.keys == lookup.keys && state.preview.writable_plan().is_some() {
        state.dialog = None;
        return write_fix::write_or_confirm(state);
    }
    write_fix::notify_pending(state);
    state.dialog = Some(DialogState::Lookup(lookup));
    Vec::new()
}

/// Moves through images, tags and the patch; gives the image whose chosen tag has changed.
fn choose_tag(
    lookup: &mut RegistryLookup,
    action: Option<Action>,
    last: usize,
) -> Option<(Reference, Option<String>)> {
    let (along, across): (isize, isize) = match action? {
        Action::Down => (1, 0),
        Action::Up => (-1, 0),
        Action::Right => (0, 1),
        Action::Left => (0, -1),
        other => {
            lookup.scroll = super::scroll::scroll_offset(lookup.scroll, Some(other), last);
            return None;
        }
    };
    let single = lookup.images.len() == 1;
    if !single {
        lookup.selected = lookup.selected.saturating_add_signed(along).min(lookup.images.len() - 1);
    }
    let by = if single { along + across } else { across };
    let asked = lookup.images.get_mut(lookup.selected)?;
    let to = asked.choice.saturating_add_signed(by).min(asked.tag_choices().len() - 1);
    if to == asked.choice {
        return None;
    }
    asked.choice = to;
    Some((asked.image.clone(), asked.chosen_tag().map(str::to_owned)))
}

/// Sends the preferred tags, and requests their patch.
fn send_preferences(state: &mut AppState, preferred: Vec<(Reference, Option<String>)>) -> Vec<AppEffect> {
    let told =
        preferred.into_iter().map(|(image, tag)| AppEffect::Ask(BackendRequest::PreferTag { image, tag }));
    let mut effects: Vec<AppEffect> = told.collect();
    effects.extend(state.request_plan(true));
    effects
}

fn current_lookup(state: &mut AppState, asked: u64) -> Option<&mut RegistryLookup> {
    match &mut state.dialog {
        Some(DialogState::Lookup(lookup)) if lookup.id == asked => Some(lookup),
        _ => None,
    }
}

pub(super) fn on_lookup_progress(state: &mut AppState, id: u64, now: LookupStage) {
    if let Some(lookup) = current_lookup(state, id)
        && matches!(lookup.stage, LookupStage::Running(_))
    {
        lookup.stage = now;
    }
}

/// Receives the answers. Where only recent ones were read and some are missing, a person has to say yes first.
pub(super) fn on_lookup_finished(
    state: &mut AppState,
    id: u64,
    said: Vec<(Reference, LookupResult)>,
    others: std::collections::BTreeSet<String>,
) -> Vec<AppEffect> {
    let Some(lookup) = current_lookup(state, id) else { return Vec::new() };
    let asked = matches!(lookup.stage, LookupStage::Running(_));
    if !asked && said.len() < lookup.images.len() {
        return Vec::new();
    }
    for (image, said) in said {
        if let Some(asked) = lookup.images.iter_mut().find(|asked| asked.image == image) {
            asked.set_result(said);
        }
    }
    lookup.stage = LookupStage::Finished { other_hosts: others };
    let taken = |asked: &super::super::registry_lookup::LookupImage| {
        (asked.image.clone(), asked.chosen_tag().map(str::to_owned))
    };
    let preferred = lookup.images.iter().filter(|asked| asked.wants_version).map(taken).collect();
    send_preferences(state, preferred)
}

/// Drops the findings that are gone after files changed.
pub(super) fn drop_vanished_keys(state: &mut AppState) {
    let Some(DialogState::Lookup(lookup)) = &mut state.dialog else { return };
    lookup.keys.retain(|key| state.index.find_entry(key).is_some());
    if lookup.keys.is_empty() {
        state.dialog = None;
    }
}
