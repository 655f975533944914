//! What registries are asked, how far that is, and what of the answers is taken.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{dialog, fix, text};
use crate::app::{Answer, Area, Asked, Lookup, Outcome, Progress, Stage, State};
use crate::fix::NEEDS_VALUE;
use crate::image::registry;
use crate::theme::Slot;

pub(super) type Said = (String, Slot);

/// How many lines the patch of one place has.
const USUAL: usize = 10;

/// Draws it, and gives how far the patch can be scrolled.
pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, lookup: &Lookup) -> usize {
    let title = match lookup.images.as_slice() {
        [one] => format!("Pin {}", one.image.text()),
        several => format!("Pin {}", text::count(several.len(), "image")),
    };
    match &lookup.stage {
        Stage::Before => asking(canvas, &title, before(state, lookup), "Ask? Enter asks, Esc leaves"),
        Stage::Asking(progress) => {
            let hosts: Vec<&str> = lookup.hosts().into_keys().collect();
            asking(canvas, &title, during(&hosts, progress), "Esc stops at once");
        }
        Stage::Answered { others } => {
            return answered(canvas, state, lookup, others, &title);
        }
    }
    0
}

/// A few sentences, and the question below them.
pub(super) fn asking(canvas: &mut Canvas<'_>, title: &str, said: Vec<Said>, question: &str) {
    let width = canvas.buffer.area.width.saturating_sub(4).min(84);
    let lines = wrapped(canvas, said, width.saturating_sub(4));
    let area = dialog::open(canvas, title, width, lines.len() + 4);
    canvas.lines(Area { height: area.height.saturating_sub(1), ..area }, &lines);
    let y = area.bottom().saturating_sub(1);
    canvas.text(area.x, y, area.width, question, canvas.style(Slot::Focus));
}

pub(super) fn wrapped(canvas: &Canvas<'_>, said: Vec<Said>, cells: u16) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (words, slot) in said {
        let words = text::clean(&words, canvas.glyphs().control).into_owned();
        // What is set in keeps its place; sentences flow.
        let parts = match words.starts_with(' ') {
            true => vec![words],
            false => text::wrap(&words, usize::from(cells)),
        };
        lines.extend(parts.into_iter().map(|part| Line::from(Span::styled(part, canvas.style(slot)))));
    }
    lines
}

/// What is asked, before anybody is.
fn before(state: &State, lookup: &Lookup) -> Vec<Said> {
    let subject = match lookup.images.as_slice() {
        [one] => format!("Only its registry knows which image {} is now.", one.image.text()),
        _ => "Only their registries know which images these are now.".to_owned(),
    };
    let mut said = vec![(subject, Slot::Base)];
    said.extend(named(state, &lookup.hosts()));
    said
}

/// Who will be asked about how many images.
pub(super) fn named(state: &State, hosts: &BTreeMap<&str, usize>) -> Vec<Said> {
    let mut said = vec![("Who is asked, and nobody else:".to_owned(), Slot::Base)];
    let mut unnamed = false;
    for (host, images) in hosts {
        let (address, token) = registry::registry_addresses(host);
        let plain =
            registry::is_loopback(host) || state.config.plain_registries.iter().any(|own| own == host);
        let way = if plain { ", perhaps without encryption" } else { "" };
        said.push((format!("  {address}  about {}{way}", text::count(*images, "image")), Slot::Title));
        match token {
            Some(token) => said.push((format!("  {token}  for a token to ask with"), Slot::Title)),
            None => unnamed = true,
        }
    }
    if unnamed {
        said.push(("  and the token service that it names, if it names one".to_owned(), Slot::Muted));
    }
    said.push((
        "Who you are is told only to a registry that wants to know, with what Docker keeps for it."
            .to_owned(),
        Slot::Muted,
    ));
    said
}

pub(super) fn during(hosts: &[&str], progress: &Progress) -> Vec<Said> {
    let hosts: Vec<&str> = hosts.iter().map(|host| registry::registry_addresses(host).0).collect();
    let mut said = vec![
        (format!("Asking {} …", hosts.join(", ")), Slot::Base),
        (format!("{} of {} answered", progress.done, progress.total), Slot::Title),
    ];
    if progress.waiting.len() < hosts.len() && !progress.waiting.is_empty() {
        let waiting: Vec<&str> =
            progress.waiting.iter().map(|host| registry::registry_addresses(host).0).collect();
        said.push((format!("Waiting for {}", waiting.join(", ")), Slot::Muted));
    }
    said.extend(on_behalf(&progress.others));
    said
}

pub(super) fn on_behalf(others: &BTreeSet<String>) -> Option<Said> {
    let names: Vec<&str> = others.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| (format!("On their behalf, asked too: {}", names.join(", ")), Slot::Muted))
}

/// What was said, what is taken of it, and the patch that this makes.
fn answered(
    canvas: &mut Canvas<'_>,
    state: &State,
    lookup: &Lookup,
    others: &BTreeSet<String>,
    title: &str,
) -> usize {
    let cells = cells(canvas);
    let mut head = match lookup.images.as_slice() {
        [one] => of_one(canvas, one, cells),
        _ => of_many(canvas, lookup, cells),
    };
    head.extend(wrapped(canvas, on_behalf(others).into_iter().collect(), cells));
    head.extend(wrapped(canvas, cautions(state, lookup), cells));
    with_patch(canvas, state, title, &head, &question(state, lookup), lookup.scroll)
}

/// What is to be said, the patch in view below it, and the question. Gives how far the patch can be scrolled.
pub(super) fn with_patch(
    canvas: &mut Canvas<'_>,
    state: &State,
    title: &str,
    head: &[Line<'_>],
    question: &str,
    scroll: usize,
) -> usize {
    // While a patch is being made the frame stays as it was, most often.
    let waiting = state.preview.outcome == Outcome::Waiting;
    let usual = if waiting || !state.preview.lines.is_empty() { USUAL } else { 0 };
    let height = head.len() + state.preview.lines.len().max(usual) + 4;
    let area = dialog::open(canvas, title, width(canvas), height);
    let below = Area { y: area.bottom().saturating_sub(1), height: 1, ..area };
    let room = area.height.saturating_sub(2);
    // The patch has a third of the room at least, as far as it needs one.
    let patch = u16::try_from(state.preview.lines.len()).unwrap_or(room).min(room / 3);
    let used = u16::try_from(head.len()).unwrap_or(room).min(room - patch);
    canvas.lines(Area { height: used, ..area }, head);
    let rule = area.y + used;
    canvas.across(area.x, rule, area.width, canvas.style(Slot::Muted));
    let patch = Area { y: rule + 1, height: below.y.saturating_sub(rule + 1), ..area };
    let last = state.preview.lines.len().saturating_sub(usize::from(patch.height));
    fix::patch(canvas, &state.preview.lines, patch, scroll.min(last), None);
    canvas.text(below.x, below.y, below.width, question, canvas.style(Slot::Focus));
    last
}

fn width(canvas: &Canvas<'_>) -> u16 {
    canvas.buffer.area.width.saturating_sub(4).min(110)
}

/// How wide what is said may be.
pub(super) fn cells(canvas: &Canvas<'_>) -> u16 {
    width(canvas).saturating_sub(4)
}

fn of_one(canvas: &Canvas<'_>, asked: &Asked, cells: u16) -> Vec<Line<'static>> {
    let answer = match &asked.said {
        Some(Ok(answer)) => answer,
        Some(Err(reason)) => {
            return wrapped(canvas, vec![(crate::text::capitalised(reason), Slot::Bad)], cells);
        }
        None => return Vec::new(),
    };
    let resolution = &answer.resolution;
    let mut said = vec![
        (resolution.digest.clone(), Slot::Title),
        (
            format!(
                "{}, said {} by {}",
                kind(resolution.is_single_platform),
                ago(answer.age),
                asked.image.host()
            ),
            kind_slot(answer),
        ),
    ];
    match (asked.version, resolution.tags.is_empty()) {
        (false, _) => {}
        (true, true) => {
            let unseen = resolution
                .incomplete_reason
                .as_ref()
                .map(|unseen| format!(" ({unseen})"))
                .unwrap_or_default();
            let words = "No tag that names a version has this digest: the tag stays, and the digest decides";
            said.push((format!("{words}{unseen}."), Slot::Caution));
        }
        (true, false) => {
            said.push(("Tags that have it, too, the newest and most exact first:".to_owned(), Slot::Base));
        }
    }
    let mut lines = wrapped(canvas, said, cells);
    if asked.version && !resolution.tags.is_empty() {
        let choices = asked.choices();
        lines.extend(choices.into_iter().enumerate().map(|(at, choice)| {
            let taken = at == asked.choice;
            let mark = if taken { canvas.glyphs().closed } else { " " };
            let words = choice.map_or_else(|| keeping(asked), str::to_owned);
            let slot = if taken { Slot::Focus } else { Slot::Base };
            Line::from(Span::styled(format!("{mark} {words}"), canvas.style(slot)))
        }));
    }
    lines
}

const fn kind(single: bool) -> &'static str {
    if single {
        "The digest of one platform's image, which has no index: it runs on that platform alone"
    } else {
        "The digest of the index, which covers every platform"
    }
}

const fn kind_slot(answer: &Answer) -> Slot {
    if answer.resolution.is_single_platform { Slot::Caution } else { Slot::Muted }
}

fn keeping(asked: &Asked) -> String {
    match asked.image.tag() {
        Some(tag) => format!("{tag}  (the tag stays, the digest decides)"),
        None => "no tag  (the digest decides)".to_owned(),
    }
}

/// A line for each image around the one that has the keys, and all that is said of that one.
fn of_many(canvas: &Canvas<'_>, lookup: &Lookup, cells: u16) -> Vec<Line<'static>> {
    let answered = lookup.images.iter().filter(|asked| matches!(asked.said, Some(Ok(_)))).count();
    let head = format!("{answered} of {} answered", text::count(lookup.images.len(), "image"));
    let mut lines = vec![Line::from(Span::styled(head, canvas.style(Slot::Title)))];
    let height = usize::from(canvas.buffer.area.height / 3).max(3).min(lookup.images.len());
    let top = (lookup.at + 1).saturating_sub(height.div_ceil(2)).min(lookup.images.len() - height);
    for (at, asked) in lookup.images.iter().enumerate().skip(top).take(height) {
        let mark = if at == lookup.at { canvas.glyphs().closed } else { " " };
        let (words, slot) = row(canvas, asked);
        let slot = if at == lookup.at { Slot::Focus } else { slot };
        lines.push(Line::from(Span::styled(format!("{mark} {words}"), canvas.style(slot))));
    }
    let current = lookup.current().and_then(|asked| asked.said.as_ref());
    let said = match current {
        Some(Err(reason)) => (crate::text::capitalised(reason), Slot::Bad),
        Some(Ok(answer)) => {
            let words = format!("{}, said {}", kind(answer.resolution.is_single_platform), ago(answer.age));
            (words, kind_slot(answer))
        }
        None => return lines,
    };
    lines.extend(wrapped(canvas, vec![said], cells));
    lines
}

fn row(canvas: &Canvas<'_>, asked: &Asked) -> Said {
    let image = asked.image.text();
    match &asked.said {
        Some(Ok(answer)) => {
            let digest = text::prefix(&answer.resolution.digest, 19);
            let cut = canvas.glyphs().cut;
            let [left, right] = canvas.glyphs().marks;
            let tag = match (asked.choices().len() > 1, asked.chosen()) {
                (false, _) => String::new(),
                (true, chosen) => {
                    format!("  {left} {} {right}", chosen.or(asked.image.tag()).unwrap_or("no tag"))
                }
            };
            (format!("{image}{tag}  {digest}{cut}"), Slot::Base)
        }
        Some(Err(reason)) => (format!("{image}  {reason}"), Slot::Bad),
        None => (image.to_owned(), Slot::Muted),
    }
}

/// What a program may notice, and what of this cannot be written though its registry answered.
fn cautions(state: &State, lookup: &Lookup) -> Vec<Said> {
    let Some(plan) = state.preview.plan() else { return Vec::new() };
    let cautions =
        plan.cautions.iter().take(3).map(|caution| (crate::text::capitalised(caution), Slot::Caution));
    let failed = |reason: &String| lookup.images.iter().any(|asked| asked.said == Some(Err(reason.clone())));
    let withheld = plan
        .withheld
        .iter()
        .find(|(_, reason)| !failed(reason))
        .map(|(key, reason)| (format!("Without {} of {}: {reason}", key.rule, key.path), Slot::Caution));
    cautions.chain(withheld).collect()
}

fn question(state: &State, lookup: &Lookup) -> String {
    let written = state.preview.plan().map(|plan| plan.patches.len());
    match (&state.preview.outcome, written) {
        (_, Some(_)) if !lookup.reaches_far() => "Enter or f writes this".to_owned(),
        (_, Some(files)) => format!("Write all of this, {}? y/N", text::count(files, "file")),
        (Outcome::Waiting, None) => "The patch is being made …".to_owned(),
        (Outcome::Failed(reason), None) if reason == NEEDS_VALUE => {
            "What was said is too old to be written by now: r asks again".to_owned()
        }
        (Outcome::Failed(_), None)
            if lookup.images.iter().all(|asked| matches!(asked.said, Some(Err(_)))) =>
        {
            "Nothing to write. r asks again, Esc leaves".to_owned()
        }
        (Outcome::Failed(reason), None) => format!("Withheld: {reason}"),
        _ => "Nothing of this can be written".to_owned(),
    }
}

fn ago(age: Duration) -> String {
    match age.as_secs() / 60 {
        0 => "just now".to_owned(),
        minutes => format!("{minutes} min ago"),
    }
}
