//! Draws the choice of an app, each with its score and its Pod Security level.

use ratatui::text::{Line, Span};

use crate::app::{AppState, ScreenArea, WalkScreen};
use crate::theme::StyleToken;
use crate::ui::canvas::Canvas;
use crate::ui::{safe_text, scroll_marks};
use crate::walkthrough::WalkApp;

pub(super) fn draw_app_picker(
    canvas: &mut Canvas<'_>,
    state: &AppState,
    walking: &WalkScreen,
    area: ScreenArea,
) {
    let x = area.x + 2;
    let cells = area.width.saturating_sub(4);
    let Some(walk) = walking.walk.as_ref().filter(|walk| !walk.apps.is_empty()) else {
        let nothing = walking.walk.is_some() && state.is_scanned;
        let words = if nothing {
            "Nothing here can be walked: no Dockerfile and no workload that is whole."
        } else {
            "Reading …"
        };
        canvas.draw_text(x, area.y + 1, cells, words, canvas.token_style(StyleToken::Muted));
        return;
    };
    if walking.id.is_some() {
        canvas.draw_text(
            x,
            area.y + 1,
            cells,
            "This app is not here any more, or cannot be read; b goes back.",
            canvas.token_style(StyleToken::Caution),
        );
        return;
    }
    canvas.draw_text(
        x,
        area.y + 1,
        cells,
        "Which app shall be hardened?",
        canvas.token_style(StyleToken::Title),
    );
    let rows = WalkScreen::app_rows(state.size);
    let from = walking.first_app_row(rows.height);
    for ((i, app), y) in walk.apps.iter().enumerate().skip(from).zip(rows.y..rows.bottom()) {
        let score = app.score.map_or_else(|| "  –".to_owned(), |score| format!("{score:>3}"));
        let level = app.level.map_or("Dockerfile", crate::audit::PodSecurity::name);
        let end = canvas.draw_right(
            x,
            y,
            cells,
            &Line::from(vec![
                Span::styled(format!("{level:<12}"), canvas.token_style(StyleToken::Muted)),
                Span::styled(score, canvas.token_style(StyleToken::Title)),
            ]),
        );
        let end = end.saturating_sub(1);
        let after = canvas.draw_line(
            x,
            y,
            end.saturating_sub(x),
            &app_name(canvas, app, walking.copies.get(&app.id)),
        );
        let room = usize::from(end.saturating_sub(after));
        if let Some((path, _)) = app.id.workload.as_ref().filter(|_| room > 8) {
            // Apps of one name differ in their folders as often as in their files.
            let beside = [i.checked_sub(1), Some(i + 1)];
            let beside =
                beside.map(|at| walk.apps.get(at?)?.id.workload.as_ref().map(|(path, _)| path.as_str()));
            let path = safe_text::clean_text(path.as_str(), canvas.glyphs().control_char);
            let path = safe_text::fit_apart(&path, beside, room, canvas.glyphs().ellipsis).into_owned();
            canvas.draw_text(
                after,
                y,
                end.saturating_sub(after),
                &path,
                canvas.token_style(StyleToken::Muted),
            );
        }
        if i == walking.app_choice {
            canvas.overlay_style(
                ScreenArea::new(x - 1, y, cells + 2, 1),
                canvas.token_style(StyleToken::Selection),
            );
            if state.dialog.is_none() {
                canvas.draw_sign(x - 1, y, canvas.glyphs().bar, canvas.token_style(StyleToken::Focus));
            }
        }
    }
    scroll_marks::draw_thumb(canvas, rows, (from, walk.apps.len()));
}

/// The name of an app: the object, how many copies it is, and whether a Dockerfile here builds it; or the Dockerfile.
fn app_name(canvas: &Canvas<'_>, app: &WalkApp, copies: Option<&usize>) -> Line<'static> {
    let clean = |words: &str| safe_text::clean_text(words, canvas.glyphs().control_char).into_owned();
    let Some((_, object)) = &app.id.workload else {
        return Line::from(Span::styled(clean(&app.id.to_string()), canvas.token_style(StyleToken::Base)));
    };
    let built = if app.files.len() > 1 { "+ Dockerfile  " } else { "" };
    Line::from(vec![
        Span::styled(format!("{}  ", clean(object)), canvas.token_style(StyleToken::Base)),
        Span::styled(
            copies.map(|count| format!("{}{count}  ", canvas.glyphs().times)).unwrap_or_default(),
            canvas.token_style(StyleToken::Title),
        ),
        Span::styled(built, canvas.token_style(StyleToken::Muted)),
    ])
}
