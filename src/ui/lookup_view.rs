//! Draws a registry lookup: the question, the progress, and the answers that the user may choose.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::highlight::Highlighter;
use super::safe_text::StyledText;
use super::{dialog_view, patch_pages_view, safe_text, scroll_marks};
use crate::app::{
    AppState, LookupAnswer, LookupImage, LookupProgress, LookupStage, PatchPages, PreviewState,
    RegistryLookup, ScreenArea,
};
use crate::fix::NoPlan;
use crate::image::registry;
use crate::text::{LineSegment, wrap_line};
use crate::theme::StyleToken;

/// The number of lines that the patch of one image mostly has.
const USUAL_PATCH_LINES: usize = 10;

/// Draws the lookup, and gives how far the patch can be scrolled.
pub(super) fn draw_lookup(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    lookup: &RegistryLookup,
) -> usize {
    let title = match lookup.images.as_slice() {
        [one] => format!("Pin {}", one.image.text()),
        several => format!("Pin {}", safe_text::count_of(several.len(), "image")),
    };
    match &lookup.stage {
        LookupStage::NotStarted => {
            draw_question(canvas, &title, question_texts(state, lookup), "Ask? Enter asks, Esc leaves");
        }
        LookupStage::Running(progress) => {
            let hosts: Vec<&str> = lookup.count_by_host().into_keys().collect();
            draw_question(canvas, &title, progress_texts(&hosts, progress), "Esc stops at once");
        }
        LookupStage::Finished { other_hosts: others } => {
            let title = match lookup.images.len() {
                0 | 1 => title,
                count => format!("{title}  {}/{count}", lookup.selected + 1),
            };
            return draw_answers(canvas, state, highlighter, (lookup, others), &title);
        }
    }
    0
}

/// Draws a few sentences, and the question below them.
pub(super) fn draw_question(canvas: &mut Canvas<'_>, title: &str, said: Vec<StyledText>, question: &str) {
    let width = canvas.buffer.area.width.saturating_sub(4).min(84);
    let lines = wrap_texts(canvas, said, width.saturating_sub(4));
    let area = dialog_view::open_frame(canvas, title, width, lines.len() + 4);
    canvas.draw_lines(ScreenArea { height: area.height.saturating_sub(1), ..area }, &lines);
    let y = area.bottom().saturating_sub(1);
    canvas.draw_text(area.x, y, area.width, question, canvas.token_style(StyleToken::Focus));
}

pub(super) fn wrap_texts(canvas: &Canvas<'_>, said: Vec<StyledText>, cells: u16) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (words, slot) in said {
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char).into_owned();
        // An indented text keeps its columns, and goes on under its indentation; sentences flow.
        let parts = match words.starts_with(' ') {
            true => wrap_row(&words, usize::from(cells)),
            false => safe_text::wrap_words(&words, usize::from(cells)),
        };
        lines.extend(parts.into_iter().map(|part| Line::from(Span::styled(part, canvas.token_style(slot)))));
    }
    lines
}

/// A row of columns in as many lines as it needs, each under its indentation.
fn wrap_row(row: &str, cells: usize) -> Vec<String> {
    let part = |segment: LineSegment| format!("{}{}", " ".repeat(segment.indent), &row[segment.bytes]);
    wrap_line(row, cells).into_iter().map(part).collect()
}

/// The rows of a list around the selected one, each whole, in about so many lines: the selected one is marked.
pub(super) fn list_rows(
    canvas: &Canvas<'_>,
    rows: Vec<StyledText>,
    (selected, height): (usize, usize),
    cells: u16,
) -> Vec<Line<'static>> {
    let wrap = |(at, (words, slot)): (usize, StyledText)| {
        let mark = if at == selected { canvas.glyphs().collapsed } else { " " };
        let slot = if at == selected { StyleToken::Focus } else { slot };
        let words = safe_text::clean_text(&words, canvas.glyphs().control_char).into_owned();
        let parts = wrap_row(&format!("  {words}"), usize::from(cells)).into_iter().enumerate();
        let line = |(nth, part): (usize, String)| {
            let part = if nth == 0 { part.replacen(' ', mark, 1) } else { part };
            Line::from(Span::styled(part, canvas.token_style(slot)))
        };
        parts.map(line).collect::<Vec<_>>()
    };
    let wrapped: Vec<Vec<Line<'static>>> = rows.into_iter().enumerate().map(wrap).collect();
    let (mut first, mut end) = (selected, (selected + 1).min(wrapped.len()));
    let mut used: usize = wrapped.get(selected).map_or(0, Vec::len);
    let fits = |used: usize, at: Option<usize>| {
        at.and_then(|at| wrapped.get(at)).map(|row| used + row.len()).filter(|used| *used <= height)
    };
    loop {
        let (before, after) = (fits(used, first.checked_sub(1)), fits(used, Some(end)));
        match (before, after) {
            (Some(more), after) if after.is_none() || end - selected > selected - first => {
                (first, used) = (first - 1, more);
            }
            (_, Some(more)) => (end, used) = (end + 1, more),
            _ => break,
        }
    }
    wrapped.into_iter().skip(first).take(end - first).flatten().collect()
}

/// The text of the question, before any registry is asked.
fn question_texts(state: &AppState, lookup: &RegistryLookup) -> Vec<StyledText> {
    let subject = match lookup.images.as_slice() {
        [one] => format!("Only its registry knows which image {} is now.", one.image.text()),
        _ => "Only their registries know which images these are now.".to_owned(),
    };
    let mut said = vec![(subject, StyleToken::Base)];
    said.extend(host_texts(state, &lookup.count_by_host()));
    said
}

/// The registries to be asked, each with its number of images.
pub(super) fn host_texts(state: &AppState, hosts: &BTreeMap<&str, usize>) -> Vec<StyledText> {
    let mut said = vec![("Who is asked, and nobody else:".to_owned(), StyleToken::Base)];
    let mut unnamed = false;
    for (host, images) in hosts {
        let (address, token) = registry::registry_addresses(host);
        let plain =
            registry::is_loopback(host) || state.config.plain_registries.iter().any(|own| own == host);
        let way = if plain { ", perhaps without encryption" } else { "" };
        said.push((
            format!("  {address}  about {}{way}", safe_text::count_of(*images, "image")),
            StyleToken::Title,
        ));
        match token {
            Some(token) => said.push((format!("  {token}  for a token to ask with"), StyleToken::Title)),
            None => unnamed = true,
        }
    }
    if unnamed {
        said.push(("  and the token service that it names, if it names one".to_owned(), StyleToken::Muted));
    }
    said.push((
        "Who you are is told only to a registry that wants to know, with what Docker keeps for it."
            .to_owned(),
        StyleToken::Muted,
    ));
    said
}

pub(super) fn progress_texts(hosts: &[&str], progress: &LookupProgress) -> Vec<StyledText> {
    let hosts: Vec<&str> = hosts.iter().map(|host| registry::registry_addresses(host).0).collect();
    let mut said = vec![
        (format!("Asking {} …", hosts.join(", ")), StyleToken::Base),
        (format!("{} of {} answered", progress.done, progress.total), StyleToken::Title),
    ];
    if progress.pending_hosts.len() < hosts.len() && !progress.pending_hosts.is_empty() {
        let waiting: Vec<&str> =
            progress.pending_hosts.iter().map(|host| registry::registry_addresses(host).0).collect();
        said.push((format!("Waiting for {}", waiting.join(", ")), StyleToken::Muted));
    }
    said.extend(other_hosts_text(&progress.other_hosts));
    said
}

pub(super) fn other_hosts_text(others: &BTreeSet<String>) -> Option<StyledText> {
    let names: Vec<&str> = others.iter().map(String::as_str).collect();
    (!names.is_empty())
        .then(|| (format!("On their behalf, asked too: {}", names.join(", ")), StyleToken::Muted))
}

/// Draws the answers, the chosen ones, and their patch.
fn draw_answers(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    (lookup, others): (&RegistryLookup, &BTreeSet<String>),
    title: &str,
) -> usize {
    let cells = dialog_cells(canvas);
    let mut head = match lookup.images.as_slice() {
        [one] => image_lines(canvas, one, cells),
        _ => image_list_lines(canvas, lookup, cells),
    };
    head.extend(wrap_texts(canvas, other_hosts_text(others).into_iter().collect(), cells));
    head.extend(wrap_texts(canvas, plan_cautions(state, lookup), cells));
    let question = write_question(state, lookup);
    draw_with_patch(canvas, state, highlighter, (title, &head), (lookup.scroll, &question))
}

/// Draws words, the patch in view below them, and the question. Gives how far the patch can be scrolled.
pub(super) fn draw_with_patch(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    highlighter: &mut Highlighter,
    (title, head): (&str, &[Line<'_>]),
    (scroll, question): (usize, &str),
) -> usize {
    let rows = PatchPages::new(&state.preview.lines, usize::from(dialog_cells(canvas))).rows.len();
    // While a patch is planned the frame mostly keeps its size.
    let waiting = state.preview.state == PreviewState::Pending;
    let usual = if waiting || !state.preview.lines.is_empty() { USUAL_PATCH_LINES } else { 0 };
    let height = head.len() + rows.max(usual) + 4;
    let area = dialog_view::open_frame(canvas, title, dialog_width(canvas), height);
    let below = ScreenArea { y: area.bottom().saturating_sub(1), height: 1, ..area };
    let room = area.height.saturating_sub(2);
    // The patch has a third of the room at least, as far as it needs one.
    let patch = u16::try_from(rows).unwrap_or(room).min(room / 3);
    let used = u16::try_from(head.len()).unwrap_or(room).min(room - patch);
    canvas.draw_lines(ScreenArea { height: used, ..area }, head);
    let rule = area.y + used;
    canvas.draw_horizontal(area.x, rule, area.width, canvas.token_style(StyleToken::Muted));
    let patch = ScreenArea { y: rule + 1, height: below.y.saturating_sub(rule + 1), ..area };
    let last = rows.saturating_sub(usize::from(patch.height));
    patch_pages_view::draw_patch_rows(canvas, state, highlighter, patch, scroll);
    scroll_marks::draw_thumb(
        canvas,
        ScreenArea { width: patch.width + 1, ..patch },
        (scroll.min(last), rows),
    );
    canvas.draw_text(below.x, below.y, below.width, question, canvas.token_style(StyleToken::Focus));
    last
}

fn dialog_width(canvas: &Canvas<'_>) -> u16 {
    canvas.buffer.area.width.saturating_sub(4).min(110)
}

/// The width of a dialog's text, in cells.
pub(super) fn dialog_cells(canvas: &Canvas<'_>) -> u16 {
    dialog_width(canvas).saturating_sub(4)
}

fn image_lines(canvas: &Canvas<'_>, asked: &LookupImage, cells: u16) -> Vec<Line<'static>> {
    let answer = match &asked.result {
        Some(Ok(answer)) => answer,
        Some(Err(reason)) => {
            return wrap_texts(canvas, vec![(crate::text::capitalise_text(reason), StyleToken::Bad)], cells);
        }
        None => return Vec::new(),
    };
    let resolution = &answer.resolution;
    let mut said = vec![
        (resolution.digest.clone(), StyleToken::Title),
        (
            format!(
                "{}, said {} by {}",
                platform_note(resolution.is_single_platform),
                age_label(answer.age),
                asked.image.host()
            ),
            platform_token(answer),
        ),
    ];
    match (asked.wants_version, resolution.tags.is_empty()) {
        (false, _) => {}
        (true, true) => {
            let unseen = resolution
                .incomplete_reason
                .as_ref()
                .map(|unseen| format!(" ({unseen})"))
                .unwrap_or_default();
            let words = "No tag that names a version has this digest: the tag stays, and the digest decides";
            said.push((format!("{words}{unseen}."), StyleToken::Caution));
        }
        (true, false) => {
            said.push((
                "Tags that have it, too, the newest and most exact first:".to_owned(),
                StyleToken::Base,
            ));
        }
    }
    let mut lines = wrap_texts(canvas, said, cells);
    if asked.wants_version && !resolution.tags.is_empty() {
        let choices = asked.tag_choices();
        lines.extend(choices.into_iter().enumerate().map(|(at, choice)| {
            let taken = at == asked.choice;
            let mark = if taken { canvas.glyphs().collapsed } else { " " };
            let words = choice.map_or_else(|| kept_tag_label(asked), str::to_owned);
            let slot = if taken { StyleToken::Focus } else { StyleToken::Base };
            Line::from(Span::styled(format!("{mark} {words}"), canvas.token_style(slot)))
        }));
    }
    lines
}

const fn platform_note(single: bool) -> &'static str {
    if single {
        "The digest of one platform's image, which has no index: it runs on that platform alone"
    } else {
        "The digest of the index, which covers every platform"
    }
}

const fn platform_token(answer: &LookupAnswer) -> StyleToken {
    if answer.resolution.is_single_platform { StyleToken::Caution } else { StyleToken::Muted }
}

fn kept_tag_label(asked: &LookupImage) -> String {
    match asked.image.tag() {
        Some(tag) => format!("{tag}  (the tag stays, the digest decides)"),
        None => "no tag  (the digest decides)".to_owned(),
    }
}

/// The lines of the images around the selected one, and the full text for that one.
fn image_list_lines(canvas: &Canvas<'_>, lookup: &RegistryLookup, cells: u16) -> Vec<Line<'static>> {
    let answered = lookup.images.iter().filter(|asked| matches!(asked.result, Some(Ok(_)))).count();
    let head = format!("{answered} of {} answered", safe_text::count_of(lookup.images.len(), "image"));
    let mut lines = vec![Line::from(Span::styled(head, canvas.token_style(StyleToken::Title)))];
    let height = usize::from(canvas.buffer.area.height / 3).max(3);
    let rows = lookup.images.iter().map(|asked| image_row(canvas, asked)).collect();
    lines.extend(list_rows(canvas, rows, (lookup.selected, height), cells));
    let current = lookup.current_image().and_then(|asked| asked.result.as_ref());
    let said = match current {
        Some(Err(reason)) => (crate::text::capitalise_text(reason), StyleToken::Bad),
        Some(Ok(answer)) => {
            let words = format!(
                "{}, said {}",
                platform_note(answer.resolution.is_single_platform),
                age_label(answer.age)
            );
            (words, platform_token(answer))
        }
        None => return lines,
    };
    lines.extend(wrap_texts(canvas, vec![said], cells));
    lines
}

fn image_row(canvas: &Canvas<'_>, asked: &LookupImage) -> StyledText {
    let image = asked.image.text();
    match &asked.result {
        Some(Ok(answer)) => {
            let digest = safe_text::fitting_prefix(&answer.resolution.digest, 19);
            let cut = canvas.glyphs().ellipsis;
            let [left, right] = canvas.glyphs().brackets;
            let tag = match (asked.tag_choices().len() > 1, asked.chosen_tag()) {
                (false, _) => String::new(),
                (true, chosen) => {
                    format!("  {left} {} {right}", chosen.or(asked.image.tag()).unwrap_or("no tag"))
                }
            };
            (format!("{image}{tag}  {digest}{cut}"), StyleToken::Base)
        }
        Some(Err(reason)) => (format!("{image}  {reason}"), StyleToken::Bad),
        None => (image.to_owned(), StyleToken::Muted),
    }
}

/// The risks of the plan, and the images that cannot be written though their registry answered.
fn plan_cautions(state: &AppState, lookup: &RegistryLookup) -> Vec<StyledText> {
    let Some(plan) = state.preview.writable_plan() else { return Vec::new() };
    let cautions = plan
        .cautions
        .iter()
        .take(3)
        .map(|caution| (crate::text::capitalise_text(caution), StyleToken::Caution));
    let failed =
        |reason: &String| lookup.images.iter().any(|asked| asked.result == Some(Err(reason.clone())));
    let withheld = plan.withheld.iter().find(|(_, reason)| !failed(reason)).map(|(key, reason)| {
        (format!("Without {} of {}: {reason}", key.rule, key.path), StyleToken::Caution)
    });
    cautions.chain(withheld).collect()
}

fn write_question(state: &AppState, lookup: &RegistryLookup) -> String {
    let written = state.preview.writable_plan().map(|plan| plan.patches.len());
    match (&state.preview.state, written) {
        (_, Some(_)) if !lookup.spans_files() => "Enter or f writes this".to_owned(),
        (_, Some(files)) => format!("Write all of this, {}? y/N", safe_text::count_of(files, "file")),
        (PreviewState::Pending, None) => "The patch is being made …".to_owned(),
        (PreviewState::Failed(NoPlan::NeedsValue { .. }), None) => {
            "What was said is too old to be written by now: r asks again".to_owned()
        }
        (PreviewState::Failed(_), None)
            if lookup.images.iter().all(|asked| matches!(asked.result, Some(Err(_)))) =>
        {
            "Nothing to write. r asks again, Esc leaves".to_owned()
        }
        (PreviewState::Failed(no_plan), None) => format!("Withheld: {no_plan}"),
        _ => "Nothing of this can be written".to_owned(),
    }
}

fn age_label(age: Duration) -> String {
    match age.as_secs() / 60 {
        0 => "just now".to_owned(),
        minutes => format!("{minutes} min ago"),
    }
}
