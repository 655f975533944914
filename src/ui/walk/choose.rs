//! The choice of an app, each with its score and its Pod Security level.

use ratatui::text::{Line, Span};

use crate::app::{Area, State, Walking};
use crate::theme::Slot;
use crate::ui::canvas::Canvas;
use crate::ui::text;
use crate::walkthrough::WalkApp;

pub(super) fn draw(canvas: &mut Canvas<'_>, state: &State, walking: &Walking, area: Area) {
    let x = area.x + 2;
    let cells = area.width.saturating_sub(4);
    let Some(walk) = walking.walk.as_ref().filter(|walk| !walk.apps.is_empty()) else {
        let nothing = walking.walk.is_some() && state.scanned;
        let words = if nothing {
            "Nothing here can be walked: no Dockerfile and no workload that is whole."
        } else {
            "Reading …"
        };
        canvas.text(x, area.y + 1, cells, words, canvas.style(Slot::Muted));
        return;
    };
    if walking.id.is_some() {
        canvas.text(
            x,
            area.y + 1,
            cells,
            "This app is not here any more, or cannot be read; b goes back.",
            canvas.style(Slot::Caution),
        );
        return;
    }
    canvas.text(x, area.y + 1, cells, "Which app shall be hardened?", canvas.style(Slot::Title));
    let rows = usize::from(area.height.saturating_sub(3));
    let from = (walking.choice + 1).saturating_sub(rows);
    for ((i, app), y) in walk.apps.iter().enumerate().skip(from).zip(area.y + 3..area.bottom()) {
        let score = app.score.map_or_else(|| "  –".to_owned(), |score| format!("{score:>3}"));
        let level = app.level.map_or("Dockerfile", crate::audit::PodSecurity::name);
        let end = canvas.right(
            x,
            y,
            cells,
            &Line::from(vec![
                Span::styled(format!("{level:<12}"), canvas.style(Slot::Muted)),
                Span::styled(score, canvas.style(Slot::Title)),
            ]),
        );
        let end = end.saturating_sub(1);
        let after = canvas.line(x, y, end.saturating_sub(x), &name(canvas, app));
        let room = usize::from(end.saturating_sub(after));
        if let Some((path, _)) = app.id.workload.as_ref().filter(|_| room > 8) {
            let path = text::tail(path.as_str(), room, canvas.glyphs().cut).into_owned();
            canvas.text(after, y, end.saturating_sub(after), &path, canvas.style(Slot::Muted));
        }
        if i == walking.choice {
            canvas.wash(Area::new(x - 1, y, cells + 2, 1), canvas.style(Slot::Selection));
        }
    }
}

/// The object, and whether a Dockerfile here builds it; or the Dockerfile.
fn name(canvas: &Canvas<'_>, app: &WalkApp) -> Line<'static> {
    let clean = |words: &str| text::clean(words, canvas.glyphs().control).into_owned();
    let Some((_, object)) = &app.id.workload else {
        return Line::from(Span::styled(clean(&app.id.to_string()), canvas.style(Slot::Base)));
    };
    let built = if app.files.len() > 1 { "+ Dockerfile  " } else { "" };
    Line::from(vec![
        Span::styled(format!("{}  ", clean(object)), canvas.style(Slot::Base)),
        Span::styled(built, canvas.style(Slot::Muted)),
    ])
}
