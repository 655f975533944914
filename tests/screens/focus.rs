//! Where the keys go is seen at once: one bar on the whole screen, in the pane or the dialog that has them.

use seaworthy::app::Pane;

use crate::looks::assert_looks;
use crate::seen::SIZES;
use crate::stage::Stage;

fn bars(stage: &mut Stage) -> usize {
    stage.text().matches('▌').count()
}

#[test]
fn the_bar_stands_in_one_place() {
    for (width, height) in SIZES {
        for pane in Pane::ALL {
            let mut stage = Stage::new(width, height);
            stage.keys(&(pane as usize + 1).to_string());
            assert_eq!(bars(&mut stage), 1, "{pane:?} at {width} by {height}: {}", stage.text());
            stage.keys("G");
            assert_eq!(bars(&mut stage), 1, "the end of {pane:?} at {width} by {height}: {}", stage.text());
        }
        let dialogs = ["?", ":", "L", "U", "F", "/", "K", "d", "i", "0", "0 :", "0 ?", "/ z z z z z Enter"];
        for keys in dialogs {
            let mut stage = Stage::new(width, height);
            stage.keys(keys);
            assert!(bars(&mut stage) <= 1, "{keys} at {width} by {height}: {}", stage.text());
        }
    }
}

/// What was written just now has the bar as long as its row has the place.
#[test]
fn a_mended_row_has_the_only_bar() {
    for (width, height) in [(80, 24), (120, 40), (200, 60)] {
        let mut stage = Stage::new(width, height);
        stage.keys("] j").pass_pages().keys("f");
        assert!(stage.state.mended_row().is_some());
        assert_eq!(bars(&mut stage), 1, "{width} by {height}: {}", stage.text());
        stage.keys("U Enter");
        assert_eq!(bars(&mut stage), 1, "its hunks at {width} by {height}: {}", stage.text());
    }
}

/// A file that cannot be read has no row that could be marked: its title has the bar.
#[test]
fn a_pane_without_rows_has_the_bar_in_its_title() {
    let mut stage = Stage::new(120, 40);
    stage.keys("/").typed("nothing-has-this").keys("Enter");
    let text = stage.text();
    let title = text.lines().find(|line| line.contains("Findings") || line.contains("nothing-has")).unwrap();
    assert!(title.contains('▌') && bars(&mut stage) == 1, "{text}");
}

/// The sign of what is new is one, wherever it stands, and the help tells it.
#[test]
fn what_is_new_has_one_sign() {
    let mut stage = Stage::new(120, 40);
    let manifest = stage.files[&"api/deploy.yaml".into()].replace("name: shop", "name: later");
    stage.edit("web/later.yaml", &manifest);
    let listed = stage.text();
    assert!(listed.contains('◆'), "folded: {listed}");
    stage.keys("z R g n");
    let listed = stage.text();
    assert!(listed.contains("◆ "), "in its row: {listed}");
    let logged = stage.keys("L").text();
    assert!(logged.contains("◆ "), "in the log: {logged}");
    let told = stage.keys("Esc ? /").typed("until it is seen").text();
    assert!(told.contains("◆") && told.contains("new, until it is seen"), "{told}");
}

#[test]
fn pictures_of_the_focus_in_each_pane() {
    for pane in [Pane::Files, Pane::Source, Pane::Rule] {
        assert_looks(&format!("focus-{}", pane.name().to_lowercase()), |width, height| {
            let mut stage = Stage::new(width, height);
            stage.keys(&(pane as usize + 1).to_string());
            stage
        });
    }
}
