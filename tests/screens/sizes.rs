//! Any size at all: nothing breaks.

use crate::stage::Stage;

#[test]
fn no_size_breaks_the_drawing() {
    let mut stage = Stage::new(120, 40);
    for (width, height) in
        [(0, 0), (1, 1), (20, 5), (30, 6), (59, 14), (60, 15), (119, 15), (120, 15), (120, 20), (240, 70)]
    {
        stage.event(seaworthy::app::AppEvent::Resize(width, height));
        for pane in ["1", "2", "3", "4"] {
            stage.keys(pane).text();
        }
        for overlay in ["?", "F", "d", "i"] {
            stage.keys(overlay).text();
            stage.keys("Esc").text();
        }
    }
}
