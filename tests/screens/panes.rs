//! What stands beside what, from which width on, and where a file ends.

use seaworthy::app::{AppEvent, LayoutShape, MouseEvent, MouseKind, Pane};

use crate::seen::SIZES;
use crate::stage::Stage;

/// True where one row of the screen has something of both.
fn is_beside(stage: &mut Stage, left: &str, right: &str) -> bool {
    let text = stage.text();
    let column = |words: &str| {
        text.lines().find_map(|line| line.split_once(words).map(|(before, _)| before.chars().count()))
    };
    matches!((column(left), column(right)), (Some(left), Some(right)) if left + 10 < right)
}

#[test]
fn list_and_source_stand_side_by_side_from_ninety_columns_on() {
    for width in 60..=220 {
        let mut stage = Stage::new(width, 24);
        stage.keys("]");
        let (is_wide, shape) = (width >= 90, stage.state.layout().shape);
        assert_eq!(shape == LayoutShape::Panes, is_wide, "{width}");
        let drawn = is_beside(&mut stage, "Findings", "api/Dockerfile");
        assert_eq!(drawn, is_wide, "{width}: {}", stage.text());
    }
}

#[test]
fn the_linked_file_stands_beside_from_a_hundred_and_twenty_columns_on_and_the_text_from_a_hundred_and_sixty()
{
    for width in 90..=220 {
        let mut stage = Stage::new(width, 40);
        stage.keys("/").typed("seccomp path:api").keys("Enter Esc 3");
        let (own, linked) = stage.state.source_areas();
        let is_beside = linked.is_some_and(|linked| linked.y == own.y && linked.x > own.x);
        assert_eq!(is_beside, width >= 120, "{width}: {}", stage.text());
        let rule = stage.state.layout().pane_area(Pane::Rule);
        assert_eq!(rule.y == 1, width >= 160, "{width}: {}", stage.text());
    }
}

/// The lists grow with the window, and give the source the rest.
#[test]
fn the_lists_take_more_columns_in_a_wider_window() {
    let mut before = 0;
    for width in 90..=240 {
        let stage = Stage::new(width, 40);
        let list = stage.state.layout().pane_area(Pane::Findings).width;
        assert!(list >= before && list < width / 2, "{list} of {width}");
        before = list;
        let designed = [(120, 30), (160, 36), (200, 52)].into_iter().find(|(at, _)| *at == width);
        assert_eq!(designed.unwrap_or((width, list)), (width, list));
    }
}

/// The last line of a file is the last row of its pane, whatever is pressed: there is no empty space to scroll into.
#[test]
fn the_source_stops_at_its_end() {
    for (width, height) in SIZES {
        let text: String = (0..200).map(|n| format!("RUN step number {n}\n")).collect();
        let mut files = crate::fake::files();
        files.insert("api/Dockerfile".into(), format!("FROM debian\n{text}# the end"));
        let mut stage = Stage::with(files, width, height);
        stage.keys("/").typed("path:api/Dockerfile").keys("Enter 3 G");
        let at_end = stage.text();
        assert!(at_end.contains("# the end"), "{width} by {height}: {at_end}");
        for key in ["j", "Ctrl-d", "G", "PageDown"] {
            assert_eq!(stage.keys(key).text(), at_end, "{key} at {width} by {height}");
        }
        let area = stage.state.source_areas().0;
        for _ in 0..30 {
            let kind = MouseKind::WheelDown;
            stage.event(AppEvent::Mouse(MouseEvent { kind, column: area.x + 2, row: area.y + 2 }));
        }
        let text = stage.text();
        let rows: Vec<&str> = text.lines().collect();
        let last = usize::from(area.bottom()) - 1;
        assert!(rows[last].contains("# the end"), "{width} by {height}: {text}");
        assert!(rows[last - 1].contains("step number 199"), "{width} by {height}: {text}");
    }
}
