//! Draws the first screen: the score and what holds it down, and what matters first with what mending it gains.

use ratatui::text::{Line, Span};

use super::canvas::Canvas;
use super::{safe_text, scroll_marks};
use crate::app::{
    Action, AppState, CauseState, FirstScreen, FirstScreenAreas, FirstScreenRow, FixCounts, FreeFixes,
    ListOrder, ScreenArea,
};
use crate::audit::PodSecurity;
use crate::causes::CauseRanking;
use crate::theme::StyleToken;

/// The cells of the columns to the right of the title: the files, the mending, the score then.
const FILES_CELLS: usize = 12;
const MENDING_CELLS: usize = 18;
const NARROW_MENDING_CELLS: usize = 15;
const THEN_CELLS: usize = 5;
/// How the findings are called that hold a score down.
const WIDE_FACTORS: [&str; 2] = ["with an open critical", "with an open high"];
const NARROW_FACTORS: [&str; 2] = ["(critical)", "(high)"];
/// The cells of the score as a bar.
const BAR_CELLS: usize = 20;

/// The keys of the screen, for the footer.
pub(super) const HINTS: [(Action, &str); 12] = [
    (Action::Open, "open"),
    (Action::Fix, "mend"),
    (Action::Ignore, "allow"),
    (Action::Order, "order"),
    (Action::MinSeverity, "info"),
    (Action::Filter, "search"),
    (Action::Walk, "walk"),
    (Action::StageSafe, "stage safe"),
    (Action::Undo, "undo"),
    (Action::FirstScreen, "all findings"),
    (Action::Palette, "keys"),
    (Action::Help, "help"),
];

pub(super) fn draw_first_screen(canvas: &mut Canvas<'_>, state: &AppState) {
    let screen = &state.first_screen;
    let areas = FirstScreenAreas::new(state.size);
    if areas.head.x > 0 {
        let whole = ScreenArea::new(0, 0, state.size.0, state.size.1);
        canvas.draw_frame(whole, canvas.token_style(StyleToken::Border));
    }
    let Some(ranking) = &screen.ranking else {
        let words = "What matters first is being found.";
        canvas.draw_text(areas.head.x + 1, areas.head.y, areas.head.width, words, muted(canvas));
        return;
    };
    draw_head(canvas, state, ranking, &areas);
    if screen.rows.is_empty() {
        let words = match ranking.hidden_count {
            0 => "Nothing is open.".to_owned(),
            count => format!("Nothing is open but {}: s shows them.", safe_text::count_of(count, "note")),
        };
        canvas.draw_text(areas.rows.x + 2, areas.rows.y, areas.rows.width - 2, &words, muted(canvas));
    }
    draw_rows(canvas, screen, &areas, (state.size, state.dialog.is_none()));
    if let Some(area) = areas.legend {
        draw_legend(canvas, area);
    }
}

fn muted(canvas: &Canvas<'_>) -> ratatui::style::Style {
    canvas.token_style(StyleToken::Muted)
}

/// The lines above the list; the last one is its heading.
fn draw_head(canvas: &mut Canvas<'_>, state: &AppState, ranking: &CauseRanking, areas: &FirstScreenAreas) {
    let area = areas.head;
    let mut lines = if areas.is_wide {
        vec![
            score_line(canvas, ranking, usize::from(area.width.saturating_sub(3))),
            levels_line(canvas, state, ranking, usize::from(area.width.saturating_sub(3))),
            free_line(canvas, state),
            Line::default(),
        ]
    } else {
        vec![narrow_score_line(canvas, ranking), narrow_levels_line(canvas, state, ranking)]
    };
    lines.truncate(usize::from(area.height.saturating_sub(1)));
    for (line, y) in lines.iter().zip(area.y..) {
        canvas.draw_line(area.x + 2, y, area.width.saturating_sub(3), line);
    }
    if area.height > 0 {
        draw_heading(canvas, state, ranking, areas);
    }
}

fn labelled(canvas: &Canvas<'_>, label: &str) -> Span<'static> {
    Span::styled(format!("{label:<11}"), canvas.token_style(StyleToken::Heading))
}

/// Why the score is no higher: in how many apps an open finding holds it down.
fn factor_words(ranking: &CauseRanking, times: &str, [critical, high]: [&str; 2]) -> String {
    let counts = ranking.score_factors;
    let mut words = Vec::new();
    if counts.critical > 0 {
        let apps = safe_text::count_of(counts.critical, "app");
        words.push(format!("{times}0.4 in {apps} {critical}"));
    }
    if counts.high > 0 {
        let apps = match words.is_empty() {
            true => safe_text::count_of(counts.high, "app"),
            false => counts.high.to_string(),
        };
        words.push(format!("{times}0.7 in {apps} {high}"));
    }
    words.join(", ")
}

fn score_line(canvas: &Canvas<'_>, ranking: &CauseRanking, cells: usize) -> Line<'static> {
    let base = canvas.token_style(StyleToken::Base);
    let Some(score) = ranking.score else {
        return Line::from(vec![labelled(canvas, "Score"), Span::styled("nothing to judge", base)]);
    };
    let [.., full] = canvas.glyphs().levels;
    let filled = usize::from(score) * BAR_CELLS / 100;
    let rest = canvas.glyphs().separator.repeat(BAR_CELLS - filled);
    let mut line = Line::from(vec![
        labelled(canvas, "Score"),
        Span::styled(format!("{score} of 100   "), canvas.token_style(StyleToken::Title)),
        Span::styled(full.repeat(filled), canvas.token_style(StyleToken::Good)),
        Span::styled(rest, canvas.token_style(StyleToken::Border)),
    ]);
    let words = |names| format!("   {}", factor_words(ranking, canvas.glyphs().times, names));
    let wide = words(WIDE_FACTORS);
    let fits = line.width() + safe_text::text_width(&wide) <= cells;
    line.spans.push(Span::styled(if fits { wide } else { words(NARROW_FACTORS) }, base));
    line
}

fn levels_line(canvas: &Canvas<'_>, state: &AppState, ranking: &CauseRanking, cells: usize) -> Line<'static> {
    let count = |level| ranking.levels.get(&level).copied().unwrap_or_default();
    let all: usize = ranking.levels.values().sum();
    let words = match all {
        0 => "no workload to judge".to_owned(),
        _ => {
            let between = format!(" {} ", canvas.glyphs().separator);
            let levels = [PodSecurity::Restricted, PodSecurity::Baseline, PodSecurity::Privileged];
            let levels = levels.map(|level| format!("{} {}", level.name(), count(level)));
            let workloads = safe_text::count_of(all, "workload");
            format!("{}, of {workloads}{}", levels.join(&between), copies_words(ranking, all))
        }
    };
    let (read, files) = ranking.files_read;
    let unread = if read < files { format!("   {read} of {files} files read whole") } else { String::new() };
    let label = labelled(canvas, "Levels");
    let room = cells.saturating_sub(label.width() + safe_text::text_width(&words));
    let path = path_words(ranking, &state.first_screen.rows, room);
    let mut line =
        Line::from(vec![label, Span::styled(format!("{words}{path}"), canvas.token_style(StyleToken::Base))]);
    // The header counts what was read as well.
    if path.is_empty() || line.width() + safe_text::text_width(&unread) <= cells {
        line.push_span(Span::styled(unread, canvas.token_style(StyleToken::Caution)));
    }
    line
}

/// How many workloads there are without the copies of one another, where that is another number.
fn copies_words(ranking: &CauseRanking, all: usize) -> String {
    match ranking.distinct_workloads {
        distinct if distinct < all => format!(" ({distinct} without copies)"),
        _ => String::new(),
    }
}

/// Which of the rows bring workloads to the restricted level, and how many are there then, as far as there is room.
fn path_words(ranking: &CauseRanking, rows: &[FirstScreenRow], room: usize) -> String {
    let Some(path) = &ranking.restricted_path else { return String::new() };
    let numbers = rows.iter().zip(1..).filter(|(row, _)| row.holds_any(&path.causes));
    let numbers: Vec<String> = numbers.map(|(_, number)| number.to_string()).collect();
    let named = match numbers.as_slice() {
        [] => return String::new(),
        [only] => format!("entry {only}"),
        [before @ .., last] => format!("entries {} and {last}", before.join(", ")),
    };
    let whole = format!("   with {named} mended: restricted {}", path.restricted);
    let short = format!("   {} mended: restricted {}", numbers.join(", "), path.restricted);
    [whole, short].into_iter().find(|words| safe_text::text_width(words) <= room).unwrap_or_default()
}

fn free_line(canvas: &Canvas<'_>, state: &AppState) -> Line<'static> {
    let is_weighed = state.first_screen.rows.iter().all(|row| row.fixes.unknown == 0);
    let words = match free_words(state) {
        Some(words) => words,
        None if is_weighed => "no safe fix is known".to_owned(),
        // Of very many files the fixes are weighed only once they are asked for.
        None if !state.weighs_all_fixes() => {
            format!("not weighed, of so many files: a stage does{}", safe_fixes_key(state))
        }
        None => format!("not weighed yet{}", safe_fixes_key(state)),
    };
    Line::from(vec![labelled(canvas, "For free"), Span::styled(words, canvas.token_style(StyleToken::Base))])
}

/// What the safe fixes come to. The files are those of the findings: what mends them may stand in others, and fewer.
fn free_words(state: &AppState) -> Option<String> {
    let free = state.first_screen.free?;
    let findings = safe_text::count_of(free.fixes, "finding");
    let files = safe_text::count_of(free.files, "file");
    Some(format!("safe fixes for {findings} in {files}{}{}", score_words(free), safe_fixes_key(state)))
}

fn narrow_free_words(state: &AppState) -> Option<String> {
    let free = state.first_screen.free?;
    let findings = safe_text::count_of(free.fixes, "finding");
    Some(format!("{findings} safe to fix{}{}", score_words(free), safe_fixes_key(state)))
}

fn score_words(free: FreeFixes) -> String {
    free.score.map(|score| format!(": score {score}")).unwrap_or_default()
}

/// The key that shows the safe fixes, behind what is said of them.
fn safe_fixes_key(state: &AppState) -> String {
    let key = state.config.keymap.keys_for(Action::StageSafe).first();
    key.map(|key| format!("   {key}")).unwrap_or_default()
}

fn narrow_score_line(canvas: &Canvas<'_>, ranking: &CauseRanking) -> Line<'static> {
    let words = factor_words(ranking, canvas.glyphs().times, NARROW_FACTORS);
    let (read, files) = ranking.files_read;
    let between = format!(" {} ", canvas.glyphs().separator);
    let reasons = if words.is_empty() { words } else { format!(": {words}") };
    let score = ranking.score.map_or_else(|| "none".to_owned(), |score| score.to_string());
    Line::from(vec![
        Span::styled(format!("Score {score}"), canvas.token_style(StyleToken::Title)),
        Span::styled(reasons, canvas.token_style(StyleToken::Base)),
        Span::styled(format!("{between}{read}/{files} read"), muted(canvas)),
    ])
}

fn narrow_levels_line(canvas: &Canvas<'_>, state: &AppState, ranking: &CauseRanking) -> Line<'static> {
    let all: usize = ranking.levels.values().sum();
    let restricted = ranking.levels.get(&PodSecurity::Restricted).copied().unwrap_or_default();
    let between = format!(" {} ", canvas.glyphs().separator);
    let mut words = Vec::new();
    if all > 0 {
        words.push(format!("restricted {restricted}/{all}{}", copies_words(ranking, all)));
    }
    words.extend(narrow_free_words(state));
    Line::from(Span::styled(words.join(&between), canvas.token_style(StyleToken::Base)))
}

fn draw_heading(canvas: &mut Canvas<'_>, state: &AppState, ranking: &CauseRanking, areas: &FirstScreenAreas) {
    let (area, y) = (areas.head, areas.head.bottom() - 1);
    let causes = ranking.cause_count();
    let rows = ranking.rows.len();
    let entries = if causes == 1 { "1 entry".to_owned() } else { format!("{causes} entries") };
    // Several entries may stand in one row, and the place in the list counts rows.
    let entries = if rows == causes { entries } else { format!("{entries} in {rows} rows") };
    let title = "What matters first   ";
    let findings = safe_text::count_of(ranking.finding_count, "finding");
    let columns = column_line(areas.is_wide, ["where", "mending", "then"], muted(canvas));
    let end = canvas.draw_right(area.x, y, area.width.saturating_sub(1), &columns);
    let order = match state.order {
        ListOrder::Weight => String::new(),
        ListOrder::Number => ", by number of files".to_owned(),
        order => format!(", {}", order.name()),
    };
    let cells = usize::from(end.saturating_sub(area.x + 3));
    let width = |counts: &str| title.len() + safe_text::text_width(counts) + safe_text::text_width(&order);
    // The order's name is worth more than the counts.
    let hidden = |word: &str| match ranking.hidden_count {
        0 => String::new(),
        count => format!("; {count} info{word} (s)"),
    };
    let wide = areas.is_wide.then(|| format!("{entries} of {findings}{}", hidden(" hidden")));
    let short = format!("{entries}{}", hidden(""));
    let fitting = wide.iter().chain([&short, &entries]).find(|counts| width(counts) <= cells);
    let counts = fitting.map_or("", String::as_str);
    let order = if counts.is_empty() { order.trim_start_matches(", ") } else { &order };
    let line = Line::from(vec![
        Span::styled(title, canvas.token_style(StyleToken::Heading)),
        Span::styled(format!("{counts}{order}"), canvas.token_style(StyleToken::Base)),
    ]);
    canvas.draw_line(area.x + 2, y, end.saturating_sub(area.x + 3), &line);
}

/// The columns to the right of the title; where in files, only where there is room.
fn column_line(
    is_wide: bool,
    [files, mending, then]: [&str; 3],
    style: ratatui::style::Style,
) -> Line<'static> {
    let files = if is_wide { format!("{files:<FILES_CELLS$}") } else { String::new() };
    let mending = pad_cells(mending, if is_wide { MENDING_CELLS } else { NARROW_MENDING_CELLS });
    Line::from(Span::styled(format!("{files}{mending}{then:>THEN_CELLS$}"), style))
}

fn pad_cells(text: &str, cells: usize) -> String {
    let missing = cells.saturating_sub(safe_text::text_width(text));
    format!("{text}{}", " ".repeat(missing))
}

fn draw_rows(
    canvas: &mut Canvas<'_>,
    screen: &FirstScreen,
    areas: &FirstScreenAreas,
    (size, has_keys): ((u16, u16), bool),
) {
    let area = areas.rows;
    let mut y = area.y;
    let mut shown = 0;
    for (at, row) in screen.rows.iter().enumerate().skip(screen.cursor.top) {
        let lines = u16::try_from(screen.lines_of(at, size)).unwrap_or(1);
        if y >= area.bottom() {
            break;
        }
        let height = lines.min(area.bottom() - y);
        let place = ScreenArea { y, height, ..area };
        draw_row(canvas, row, (at, at == screen.cursor.row), place, areas.is_wide);
        if at == screen.cursor.row && has_keys {
            canvas.draw_sign(place.x, y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
        }
        y += height;
        shown += 1;
    }
    let len = screen.rows.len();
    if area.x > 0 && shown < len {
        scroll_marks::draw_thumb(canvas, area, (screen.cursor.top, len + usize::from(area.height) - shown));
    }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    row: &FirstScreenRow,
    (at, is_selected): (usize, bool),
    place: ScreenArea,
    is_wide: bool,
) {
    let glyphs = canvas.glyphs();
    let is_over = row.state.is_over();
    let columns = if is_over {
        let (words, slot) = match row.state {
            CauseState::Gone => ("gone with its file", StyleToken::Muted),
            _ => ("mended", StyleToken::Good),
        };
        Line::from(Span::styled(words, canvas.token_style(slot)))
    } else {
        let files = safe_text::count_of(row.file_count, "file");
        let then = row.score_then.map_or_else(|| glyphs.dash.to_owned(), |score| score.to_string());
        let mending = mending_words(canvas, row.fixes);
        column_line(is_wide, [&files, &mending, &then], canvas.token_style(StyleToken::Base))
    };
    let end = canvas.draw_right(place.x, place.y, place.width.saturating_sub(1), &columns);
    let title = safe_text::clean_text(&row.title, glyphs.control_char);
    let room = usize::from(end.saturating_sub(place.x + 10));
    let title = safe_text::fit_object_title(&title, room, glyphs.ellipsis);
    let mut style = canvas.token_style(if is_selected { StyleToken::Title } else { StyleToken::Base });
    if is_over {
        style = style.add_modifier(ratatui::style::Modifier::CROSSED_OUT);
    }
    let (mark, mark_style) = match row.state {
        CauseState::New => (glyphs.new_mark, canvas.token_style(StyleToken::New)),
        CauseState::Mended => (glyphs.check_mark, canvas.token_style(StyleToken::Good)),
        CauseState::Open | CauseState::Gone => (" ", style),
    };
    let line = Line::from(vec![
        Span::styled(format!(" {:>3}", at + 1), muted(canvas)),
        Span::styled(mark, mark_style),
        Span::styled(row.severity.letter().to_string(), canvas.theme.severity_style(row.severity)),
        Span::raw(" "),
        Span::styled(title, style),
    ]);
    canvas.draw_line(place.x, place.y, end.saturating_sub(place.x + 1), &line);
    let indent = 7;
    let cells = place.width.saturating_sub(indent + 2);
    let mut below = vec![fit_details(&row.details, usize::from(cells), glyphs.separator)];
    if !is_wide {
        below.extend(row.opens_at.as_ref().map(|spot| format!("{}:{}", spot.path, spot.line)));
    }
    for (words, y) in below.iter().zip(place.y + 1..place.bottom()) {
        let words = safe_text::clean_text(words, glyphs.control_char);
        // The end of a path tells most; the details have been made to fit.
        let words = safe_text::fitting_tail(&words, usize::from(cells), glyphs.ellipsis);
        canvas.draw_text(place.x + indent, y, cells, &words, muted(canvas));
    }
    if is_selected {
        canvas.overlay_style(place, canvas.token_style(StyleToken::Selection));
    }
}

/// As many details as have room in one line, and how many more there are.
fn fit_details(details: &[String], cells: usize, separator: &str) -> String {
    let between = format!(" {separator} ");
    let shown = |count: usize| {
        let words = details[..count].join(&between);
        match details.len() - count {
            0 => words,
            more => format!("{words}{between}{more} more"),
        }
    };
    let fits = |count: &usize| safe_text::text_width(&shown(*count)) <= cells;
    shown((1..=details.len()).rev().find(fits).unwrap_or(details.len().min(1)))
}

/// The fixes by their risk, each with its sign: `✓2 ~5 ?1 –2`.
fn mending_words(canvas: &Canvas<'_>, fixes: FixCounts) -> String {
    let [safe, may_break, will_break] = canvas.glyphs().risk_signs;
    let parts = [
        (safe, fixes.safe),
        (may_break, fixes.may_break),
        (will_break, fixes.will_break),
        ("?", fixes.value),
        (canvas.glyphs().dash, fixes.by_hand),
        (canvas.glyphs().ellipsis, fixes.unknown),
    ];
    let parts = parts.iter().filter(|(_, count)| *count > 0).map(|(sign, count)| format!("{sign}{count}"));
    parts.collect::<Vec<_>>().join(" ")
}

fn draw_legend(canvas: &mut Canvas<'_>, area: ScreenArea) {
    let [safe, may_break, will_break] = canvas.glyphs().risk_signs;
    let dash = canvas.glyphs().dash;
    let signs = [
        format!("{safe} safe"),
        format!("{may_break} may break"),
        format!("{will_break} will break"),
        "? needs a value".to_owned(),
        format!("{dash} by hand"),
    ];
    let cells = usize::from(area.width.saturating_sub(3));
    let wide = format!("{}      then: the score with this row and all above", signs.join("   "));
    let words = match safe_text::text_width(&wide) <= cells {
        true => wide,
        false => format!("{}  then: the score with all above", signs.join("  ")),
    };
    canvas.draw_text(area.x + 2, area.y, area.width.saturating_sub(3), &words, muted(canvas));
}
