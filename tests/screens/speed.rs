//! How long a frame and a key take where there is much to show. Run with `--ignored --nocapture` for the figures.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use seaworthy::theme::{ColourTheme, TerminalFeatures};
use seaworthy::ui::{self, Highlighter};

use crate::fake;
use crate::stage::Stage;

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

#[test]
#[ignore = "a measurement"]
fn ten_thousand_findings_at_200_by_60() {
    let files = (0..1_112)
        .map(|i| (format!("apps/a{i:04}/deploy.yaml").as_str().into(), fake::DEPLOYMENT.to_owned()));
    let mut stage = Stage::with(files.collect::<BTreeMap<_, _>>(), 200, 60);
    println!("{} findings in {} rows", stage.state.index.entries.len(), stage.state.findings_list.rows.len());
    let theme = ColourTheme::by_name("dark", TerminalFeatures::default());
    let mut highlighter = Highlighter::default();
    let mut buffer = Buffer::empty(Rect::new(0, 0, 200, 60));
    let (mut keys, mut frames) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        let begin = Instant::now();
        stage.keys("j");
        keys.push(begin.elapsed());
        let begin = Instant::now();
        ui::draw_screen(&mut buffer, &stage.state, &theme, &mut highlighter);
        frames.push(begin.elapsed());
    }
    let begin = Instant::now();
    stage.keys("/").typed("x");
    println!("key {:?}, frame {:?}, filter {:?}", median(keys), median(frames), begin.elapsed());
}
