//! Taking times, and keeping them.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

const KEPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bench/kept.toml");

/// Something that is measured.
pub(crate) struct Measure {
    pub(crate) name: &'static str,
    /// What it may take at most, in microseconds.
    pub(crate) limit: Option<u64>,
    pub(crate) run: fn() -> Duration,
}

/// Something that is counted.
pub(crate) struct Count {
    pub(crate) name: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) limit: Option<f64>,
    pub(crate) run: fn() -> f64,
}

/// The median of so many runs.
pub(crate) fn median<T>(runs: usize, mut run: impl FnMut() -> T) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let begin = Instant::now();
            black_box(run());
            begin.elapsed()
        })
        .collect();
    middle(&mut times)
}

pub(crate) fn middle(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The figures kept last: times in microseconds, counts in thousandths.
pub(crate) struct Kept(BTreeMap<String, u64>);

impl Kept {
    pub(crate) fn read() -> Self {
        let text = std::fs::read_to_string(KEPT).unwrap_or_default();
        Self(toml::from_str(&text).unwrap_or_default())
    }

    pub(crate) fn set(&mut self, name: &str, took: Duration) {
        self.0.insert(name.to_owned(), u64::try_from(took.as_micros()).unwrap());
    }

    pub(crate) fn line(&self, name: &str, took: Duration, limit: Option<Duration>) -> String {
        let before = self.0.get(name).map(|micros| shown(Duration::from_micros(*micros))).unwrap_or_default();
        let limit = limit.map_or_else(String::new, |limit| {
            format!("  {} {}", if took <= limit { "within" } else { "OVER" }, shown(limit))
        });
        format!("{name:<50} {:>10}  kept {before:>10}{limit}", shown(took))
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "counts are small and never negative"
    )]
    pub(crate) fn set_count(&mut self, name: &str, count: f64) {
        self.0.insert(name.to_owned(), (count * 1000.0).round() as u64);
    }

    pub(crate) fn count_line(&self, name: &str, count: f64, limit: Option<f64>, unit: &str) -> String {
        let before = self.count(name).map(|count| format!("{count:.1}")).unwrap_or_default();
        let limit = limit.map_or_else(String::new, |limit| {
            format!("  {} {limit:.0}", if count <= limit { "within" } else { "OVER" })
        });
        format!("{name:<50} {count:>10.1}  kept {before:>10}{limit} {unit}")
    }

    pub(crate) fn time(&self, name: &str) -> Option<Duration> {
        self.0.get(name).map(|micros| Duration::from_micros(*micros))
    }

    #[allow(clippy::cast_precision_loss, reason = "counts are small")]
    pub(crate) fn count(&self, name: &str) -> Option<f64> {
        self.0.get(name).map(|count| *count as f64 / 1000.0)
    }

    pub(crate) fn write(&self) {
        let lines = self.0.iter().map(|(name, micros)| format!("{name:?} = {micros}\n"));
        let text = "# The figures kept last, times in microseconds, counts in thousandths: `cargo bench -- --keep` writes them.\n";
        std::fs::write(KEPT, lines.fold(text.to_owned(), |text, line| text + &line)).unwrap();
    }
}

pub(crate) fn shown(took: Duration) -> String {
    let micros = took.as_secs_f64() * 1e6;
    if micros < 10_000.0 { format!("{micros:.0} µs") } else { format!("{:.1} ms", micros / 1e3) }
}
