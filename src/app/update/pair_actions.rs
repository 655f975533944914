//! Runs the actions on the pairs of a Dockerfile and a workload: shows them, moves in them, goes to a line.

use std::sync::Arc;

use super::super::action::Action;
use super::super::app_event::AppEffect;
use super::super::app_state::{AppState, FullscreenView};
use super::super::backend_protocol::BackendRequest;
use super::super::list_cursor::ListCursor;
use super::super::pair_page::{PairColumn, PairPage, PairSubject};
use super::super::toast::Toast;
use super::jumps;
use crate::audit::ListedFinding;
use crate::finding::FindingKey;
use crate::pairs::PairSheet;
use crate::rules::{RuleDecision, find_rule};

impl AppState {
    /// True while the pairs are in view.
    #[must_use]
    pub fn shows_pairs(&self) -> bool {
        self.fullscreen == Some(FullscreenView::Pairs)
    }

    /// The finding on the line of the selected pair.
    #[must_use]
    pub fn pair_finding(&self) -> Option<FindingKey> {
        let page = self.pairs.as_ref()?;
        let Some((path, line)) = page.selected_place() else { return self.finding_of_user(page) };
        self.finding_at(&path, line)
    }

    /// The finding about the user of the pairs' container where neither side writes one: it stands elsewhere.
    fn finding_of_user(&self, page: &PairPage) -> Option<FindingKey> {
        page.selected_pair().filter(|pair| pair.is_of_user)?;
        let subject = &page.subject;
        let is_own = |entry: &&Arc<ListedFinding>| {
            let own = &entry.key.subject;
            let is_user =
                find_rule(entry.key.rule).is_some_and(|rule| rule.decision == RuleDecision::RunningUser);
            let is_container =
                subject.container.is_none() || own.container.is_none() || own.container == subject.container;
            is_user && own.object.as_ref() == Some(&subject.object) && is_container
        };
        let found = self.index.entries_in(&subject.path).iter().filter(is_own);
        found.max_by_key(|entry| entry.gravity()).map(|entry| entry.key.clone())
    }

    /// What the pairs would be about: the object of the finding in view, or the one that runs the Dockerfile in view.
    pub(in super::super) fn pair_subject(&self) -> Option<PairSubject> {
        let entry = self.current_finding();
        // Where a row is about several findings, the container of the first is none that a person chose.
        let is_chosen = self.is_single_finding() && !self.first_screen.is_open;
        let of_finding = entry.and_then(|entry| {
            let FindingKey { path, subject, .. } = &entry.key;
            let object = subject.object.as_ref()?;
            let (path, object) = self.index.app_of(path, Some(object))?;
            let runs = self.store.workloads_in(path).iter().any(|workload| workload.object == *object);
            let container = subject.container.clone().filter(|_| is_chosen);
            let object = object.clone();
            runs.then(|| PairSubject { path: path.clone(), object, container })
        });
        of_finding.or_else(|| {
            let path = self.current_path()?;
            let own =
                self.store.workloads_in(path).first().map(|workload| (path.clone(), workload.object.clone()));
            let (path, object) = own.or_else(|| self.index.first_workload_of(path))?;
            Some(PairSubject { path, object, container: None })
        })
    }
}

/// Shows the pairs of what is in view, or the panes again.
pub(super) fn toggle_pairs(state: &mut AppState) -> Vec<AppEffect> {
    if state.shows_pairs() {
        state.fullscreen = None;
        return Vec::new();
    }
    let Some(subject) = state.pair_subject() else { return Vec::new() };
    let is_of_manifest = state.current_path() == Some(&subject.path);
    state.pairs = Some(PairPage {
        subject,
        sheet: None,
        cursor: ListCursor::default(),
        column: if is_of_manifest { PairColumn::Pod } else { PairColumn::Image },
    });
    state.fullscreen = Some(FullscreenView::Pairs);
    request_pairs(state).into_iter().collect()
}

/// Asks for the pairs that are in view, which may be others now.
pub(super) fn request_pairs(state: &AppState) -> Option<AppEffect> {
    let page = state.pairs.as_ref().filter(|_| state.shows_pairs())?;
    Some(AppEffect::Ask(BackendRequest::FindPairs(page.subject.clone())))
}

/// Takes the pairs in. The cursor stays on its row.
pub(super) fn on_pairs_found(state: &mut AppState, sheet: Option<PairSheet>) {
    let Some(page) = &mut state.pairs else { return };
    match sheet {
        Some(sheet) => {
            page.cursor.move_to(page.cursor.row, sheet.pairs.len());
            page.sheet = Some(Arc::new(sheet));
        }
        None if state.shows_pairs() => {
            state.fullscreen = None;
            state.toast = Some(Toast::Notice("The workload of these pairs is gone.".to_owned()));
        }
        None => {}
    }
    scroll_to_pair(state);
}

/// Runs an action while the pairs are in view; none where it is for what lies under them.
pub(super) fn run_action(state: &mut AppState, action: Action) -> Option<Vec<AppEffect>> {
    if !state.shows_pairs() {
        return None;
    }
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::HalfDown => 5,
        Action::HalfUp => -5,
        Action::Top => isize::MIN,
        Action::Bottom => isize::MAX,
        Action::NextPane | Action::PreviousPane | Action::Left | Action::Right => {
            if let Some(page) = &mut state.pairs {
                page.column = page.column.other();
            }
            return Some(Vec::new());
        }
        // Nothing is written from here: the finding's own diff is shown first.
        Action::Fix if state.pair_finding().is_none() => {
            let line = state.pairs.as_ref().and_then(PairPage::selected_place).map(|(_, line)| line);
            let effects = go_to_side(state);
            if let Some(line) = line {
                state.toast = Some(Toast::NothingOnLine(line));
            }
            return Some(effects);
        }
        Action::Open | Action::Fix | Action::GoToLinked => return Some(go_to_side(state)),
        Action::ChooseLink => return Some(super::link_dialog::open_link_choice(state)),
        _ => return None,
    };
    if let Some(page) = &mut state.pairs {
        let len = page.sheet.as_ref().map_or(0, |sheet| sheet.pairs.len());
        page.cursor.move_by(by, len);
    }
    scroll_to_pair(state);
    Some(Vec::new())
}

/// Goes to the line of the selected side, and to the finding there.
fn go_to_side(state: &mut AppState) -> Vec<AppEffect> {
    let place = state.pairs.as_ref().and_then(PairPage::selected_place);
    if place.is_none()
        && let Some(key) = state.pair_finding()
        && let Some(line) = state.index.find_entry(&key).map(|entry| entry.line)
    {
        let mut effects = jumps::jump_to_line(state, key.path.clone(), line);
        state.select_finding(&key);
        effects.extend(state.request_plan(false));
        return effects;
    }
    let Some((path, line)) = place else {
        state.toast = Some(Toast::Notice("Neither side is written in a file that is shown here.".to_owned()));
        return Vec::new();
    };
    let mut effects = jumps::jump_to_line(state, path, line);
    effects.extend(state.request_plan(false));
    effects
}

fn scroll_to_pair(state: &mut AppState) {
    let body = state.layout().body;
    if let Some(page) = &mut state.pairs {
        let height = usize::from(body.height.saturating_sub(page.frame_rows(body.width))) / 2;
        let len = page.sheet.as_ref().map_or(0, |sheet| sheet.pairs.len());
        page.cursor.scroll_to_row(len, height, 1);
    }
}
