//! Asking registries: nothing is asked before a person says so, and everything can be left at once.

use super::super::action::Action;
use super::super::backend::{Asking, Request};
use super::super::event::Effect;
use super::super::key::{Code, Key};
use super::super::lookup::{Lookup, Progress, Said, Stage};
use super::super::overlay::Overlay;
use super::super::state::State;
use super::super::toast::Toast;
use super::writing;
use crate::finding::FindingKey;
use crate::image::Reference;

/// The findings that `f` mends by what registries say: the selected ones, when nothing else of them can be mended.
pub(super) fn wanted(state: &State) -> Option<Vec<FindingKey>> {
    let selected = state.selection();
    let mut mendable = selected.iter().filter(|entry| entry.safety.is_some()).peekable();
    mendable.peek()?;
    mendable.all(|entry| entry.asks_a_registry).then(|| state.selected())
}

/// Shows who would be asked. What has been said lately is shown at once: that asks nobody.
pub(super) fn open(state: &mut State, keys: &[FindingKey]) -> Vec<Effect> {
    let is_alone = state.is_single() && state.walk.is_none();
    let rule = state.finding().filter(|_| is_alone).map(|entry| entry.key.rule);
    let Some(lookup) = Lookup::of(&state.store, rule, keys) else {
        state.overlay = None;
        state.toast = Some(Toast::NoFix(None));
        return Vec::new();
    };
    look(state, lookup, Asking::Nobody)
}

fn look(state: &mut State, mut lookup: Lookup, asking: Asking) -> Vec<Effect> {
    state.lookups += 1;
    lookup.id = state.lookups;
    let images = lookup.references();
    if asking != Asking::Nobody {
        lookup.stage = Stage::Asking(Progress { total: images.len(), ..Progress::default() });
    }
    let id = lookup.id;
    state.overlay = Some(Overlay::Lookup(Box::new(lookup)));
    vec![Effect::Ask(Request::Look { id, images, asking })]
}

pub(super) fn press(
    state: &mut State,
    mut lookup: Box<Lookup>,
    key: Key,
    action: Option<Action>,
) -> Vec<Effect> {
    let leaves =
        key.code == Code::Esc || matches!(key.typed(), Some('n' | 'q')) || action == Some(Action::Back);
    if leaves {
        return leave(state, &lookup);
    }
    let yes = key.typed() == Some('y');
    let enter = key.code == Code::Enter || action == Some(Action::Fix);
    match lookup.stage {
        Stage::Before if yes || enter => return look(state, *lookup, Asking::Registries),
        Stage::Answered { .. } if action == Some(Action::Rescan) => {
            return look(state, *lookup, Asking::Again);
        }
        Stage::Answered { .. } if yes || (enter && !lookup.reaches_far()) => return write(state, lookup),
        Stage::Answered { .. } => {
            let taken = take(&mut lookup, action, state.measured.patch);
            state.overlay = Some(Overlay::Lookup(lookup));
            return taken.map_or_else(Vec::new, |(image, tag)| prefer(state, [(image, tag)].into()));
        }
        Stage::Before | Stage::Asking(_) => {}
    }
    state.overlay = Some(Overlay::Lookup(lookup));
    Vec::new()
}

/// Back to what was there before. Whoever is still being asked is told to stop; nobody waits for that.
fn leave(state: &mut State, lookup: &Lookup) -> Vec<Effect> {
    let mut effects = Vec::new();
    if matches!(lookup.stage, Stage::Asking(_)) {
        effects.push(Effect::Ask(Request::StopLooking));
    }
    state.overlay = None;
    effects.extend(state.ask_plan(true));
    effects
}

fn write(state: &mut State, lookup: Box<Lookup>) -> Vec<Effect> {
    if state.preview.keys == lookup.keys && state.preview.plan().is_some() {
        state.overlay = None;
        return writing::write(state);
    }
    writing::not_yet(state);
    state.overlay = Some(Overlay::Lookup(lookup));
    Vec::new()
}

/// Moves through images, tags and the patch; the image of which another tag is taken now.
fn take(lookup: &mut Lookup, action: Option<Action>, last: usize) -> Option<(Reference, Option<String>)> {
    let (along, across): (isize, isize) = match action? {
        Action::Down => (1, 0),
        Action::Up => (-1, 0),
        Action::Right => (0, 1),
        Action::Left => (0, -1),
        other => {
            lookup.scroll = super::scroll::scrolled(lookup.scroll, Some(other), last);
            return None;
        }
    };
    let single = lookup.images.len() == 1;
    if !single {
        lookup.at = lookup.at.saturating_add_signed(along).min(lookup.images.len() - 1);
    }
    let by = if single { along + across } else { across };
    let asked = lookup.images.get_mut(lookup.at)?;
    let to = asked.choice.saturating_add_signed(by).min(asked.choices().len() - 1);
    if to == asked.choice {
        return None;
    }
    asked.choice = to;
    Some((asked.image.clone(), asked.chosen().map(str::to_owned)))
}

/// Says what is preferred, and asks for the patch that it makes.
fn prefer(state: &mut State, preferred: Vec<(Reference, Option<String>)>) -> Vec<Effect> {
    let told = preferred.into_iter().map(|(image, tag)| Effect::Ask(Request::Prefer { image, tag }));
    let mut effects: Vec<Effect> = told.collect();
    effects.extend(state.ask_plan(true));
    effects
}

fn current(state: &mut State, asked: u64) -> Option<&mut Lookup> {
    match &mut state.overlay {
        Some(Overlay::Lookup(lookup)) if lookup.id == asked => Some(lookup),
        _ => None,
    }
}

pub(super) fn hear_progress(state: &mut State, id: u64, now: Stage) {
    if let Some(lookup) = current(state, id)
        && matches!(lookup.stage, Stage::Asking(_))
    {
        lookup.stage = now;
    }
}

/// Takes the answers in. Where nobody was asked and not all is known, a person has to say yes first.
pub(super) fn hear(
    state: &mut State,
    id: u64,
    said: Vec<(Reference, Said)>,
    others: std::collections::BTreeSet<String>,
) -> Vec<Effect> {
    let Some(lookup) = current(state, id) else { return Vec::new() };
    let asked = matches!(lookup.stage, Stage::Asking(_));
    if !asked && said.len() < lookup.images.len() {
        return Vec::new();
    }
    for (image, said) in said {
        if let Some(asked) = lookup.images.iter_mut().find(|asked| asked.image == image) {
            asked.hear(said);
        }
    }
    lookup.stage = Stage::Answered { others };
    let taken =
        |asked: &super::super::lookup::Asked| (asked.image.clone(), asked.chosen().map(str::to_owned));
    let preferred = lookup.images.iter().filter(|asked| asked.version).map(taken).collect();
    prefer(state, preferred)
}

/// Files changed: what is no longer found is no longer asked about.
pub(super) fn keep(state: &mut State) {
    let Some(Overlay::Lookup(lookup)) = &mut state.overlay else { return };
    lookup.keys.retain(|key| state.index.find(key).is_some());
    if lookup.keys.is_empty() {
        state.overlay = None;
    }
}
