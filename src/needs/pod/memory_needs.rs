//! Finds the memory and the processors that a container's options, variables and volumes state, for limits.
//!
//! Sources: java(1), Node.js' command-line options, package runtime of Go, redis.conf, memcached(1), the manuals of
//! PostgreSQL, MySQL and MongoDB on their caches, Gunicorn's settings; Kubernetes, "emptyDir" (`medium: Memory` counts
//! against the limit of the container).

use super::container_commands::ContainerCommand;
use super::container_facts::ContainerCase;
use super::kept_volumes::find_volume;
use super::memory_amounts::{parse_amount, parse_amount_in, show_amount};
use super::{PodPlace, PodSurroundings};
use crate::needs::{NeedCertainty, NeedKind, ProgramNeed};
use crate::text::Span;

const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;

/// An option or a setting whose value is an amount.
struct MemorySetting {
    /// Its name without dashes, as it stands before the value.
    name: &'static str,
    /// The bytes that a bare number counts; 0 where it must have a unit.
    bare: u64,
    /// The parts of a hundred that a program takes beside it.
    beside: u64,
}

const fn setting(name: &'static str, bare: u64, beside: u64) -> MemorySetting {
    MemorySetting { name, bare, beside }
}

/// What a JVM or an engine takes beside its heap.
const BESIDE_HEAP: u64 = 25;

static MEMORY_SETTINGS: [MemorySetting; 13] = [
    setting("XX:MaxHeapSize", 1, BESIDE_HEAP),
    setting("XX:InitialHeapSize", 1, BESIDE_HEAP),
    setting("max-old-space-size", MIB, BESIDE_HEAP),
    setting("max_old_space_size", MIB, BESIDE_HEAP),
    setting("maxmemory", 1, 10),
    setting("max-memory", 0, 10),
    setting("memory", 0, 0),
    setting("memory-limit", MIB, 10),
    setting("shared_buffers", 8 << 10, BESIDE_HEAP),
    setting("innodb-buffer-pool-size", 1, BESIDE_HEAP),
    setting("innodb_buffer_pool_size", 1, BESIDE_HEAP),
    setting("wiredTigerCacheSizeGB", GIB, BESIDE_HEAP),
    setting("key_buffer_size", 1, BESIDE_HEAP),
];

/// Variables that hold an amount by themselves.
const AMOUNT_VARIABLES: [&str; 4] = ["HEAP_SIZE", "MAXMEMORY", "MEMORY_LIMIT", "BUFFER_POOL_SIZE"];
/// Options and variables that count processors or workers.
const WORKER_OPTIONS: [&str; 4] = ["workers", "XX:ActiveProcessorCount", "cpus", "processes"];
const WORKER_VARIABLES: [&str; 4] = ["GOMAXPROCS", "WEB_CONCURRENCY", "UVICORN_WORKERS", "GUNICORN_WORKERS"];
/// More are no sensible number of processors.
const MOST_PROCESSORS: u64 = 256;

pub(super) fn find_memory_needs(
    place: PodPlace<'_>,
    case: &ContainerCase<'_>,
    (commands, around): (&[ContainerCommand], &PodSurroundings),
    needs: &mut Vec<ProgramNeed>,
) {
    let name = case.name;
    let mut add = |kind: NeedKind, what: String, span: Span| {
        let reason = match &kind {
            NeedKind::Memory(bytes) => {
                format!("`{name}` is told to use memory by {what}, and needs about {}", show_amount(*bytes))
            }
            _ => format!("`{name}` is told to use processors by {what}"),
        };
        if needs.iter().any(|need| need.kind == kind) {
            return;
        }
        needs.push(ProgramNeed {
            certainty: if matches!(kind, NeedKind::Memory(_)) {
                NeedCertainty::Shown
            } else {
                NeedCertainty::Likely
            },
            reason: reason.into(),
            evidence: vec![place.evidence_at(what, span)],
            kind,
        });
    };
    for line in commands.iter().filter(|line| line.occasion.is_start()) {
        for command in &line.commands {
            let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
            for (at, kind) in stated_amounts(&words) {
                add(kind, format!("`{}`", words[at]), command.words[at].span);
            }
            for word in &command.assignments {
                let (variable, value) = word.text.split_once('=').unwrap_or((&word.text, ""));
                for (what, kind) in variable_amounts(variable, value) {
                    add(kind, what, word.span);
                }
            }
        }
    }
    for (variable, value, span) in case.variables() {
        for (what, kind) in variable_amounts(variable, value) {
            add(kind, what, span);
        }
    }
    for mount in case.mounts() {
        let volume =
            find_volume(place, around, mount.volume).and_then(|volume| volume.source_of_type("emptyDir"));
        let Some(source) =
            volume.filter(|source| source.get("medium").is_some_and(|medium| medium == "Memory"))
        else {
            continue;
        };
        let size = source.get("sizeLimit").and_then(|size| size.as_str()).and_then(parse_amount);
        if let Some(bytes) = size {
            add(NeedKind::Memory(bytes), format!("the volume `{}` in memory", mount.volume), mount.span);
        }
    }
}

/// The amounts that the words of a command state, by the index of the word.
pub(in crate::needs) fn stated_amounts(words: &[&str]) -> Vec<(usize, NeedKind)> {
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if word.contains(char::is_whitespace) {
            continue;
        }
        let next = words.get(at + 1).copied().unwrap_or_default();
        found.extend(heap_amount(word).map(|kind| (at, kind)));
        let option = word.trim_start_matches('-');
        let (name, value) = option.split_once('=').unwrap_or((option, next));
        let is_option =
            word.starts_with('-') || (word.contains('=') && at > 0 && words[at - 1].starts_with("-c"));
        if is_option {
            found.extend(named_amount(name, value).map(|kind| (at, kind)));
            found.extend(worker_count(WORKER_OPTIONS.contains(&name), value).map(|kind| (at, kind)));
        }
    }
    found
}

/// The amounts that a variable states, and by what: options within it, or an amount by itself. Nothing else of its value
/// is told, which may hold a secret.
pub(in crate::needs) fn variable_amounts(name: &str, value: &str) -> Vec<(String, NeedKind)> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let stated = stated_amounts(&words).into_iter();
    let mut found: Vec<(String, NeedKind)> =
        stated.map(|(at, kind)| (format!("`{}` in `{name}`", words[at]), kind)).collect();
    let own = match name {
        "GOMEMLIMIT" => parse_amount_in(value, 1).map(|bytes| with_more(bytes, 10)),
        _ if AMOUNT_VARIABLES.iter().any(|part| name.ends_with(part)) => {
            parse_amount(value).map(|bytes| with_more(bytes, BESIDE_HEAP))
        }
        _ => None,
    };
    let count = worker_count(WORKER_VARIABLES.contains(&name), value);
    let whole = own.map(NeedKind::Memory).into_iter().chain(count);
    found.extend(whole.map(|kind| (format!("`{name}: {value}`"), kind)));
    found
}

/// `-Xmx512m`; what is asked for at the start, `-Xms`, is taken as well.
fn heap_amount(word: &str) -> Option<NeedKind> {
    let value = word.strip_prefix("-Xmx").or_else(|| word.strip_prefix("-Xms"))?;
    Some(NeedKind::Memory(with_more(parse_amount_in(value, 1)?, BESIDE_HEAP)))
}

fn named_amount(name: &str, value: &str) -> Option<NeedKind> {
    let setting = MEMORY_SETTINGS.iter().find(|setting| setting.name == name)?;
    let bytes = if setting.bare == 0 { parse_amount(value) } else { parse_amount_in(value, setting.bare) }?;
    // A bare number that is too small counts something else.
    (bytes >= MIB).then(|| NeedKind::Memory(with_more(bytes, setting.beside)))
}

fn worker_count(is_named: bool, value: &str) -> Option<NeedKind> {
    let count: u64 = value.parse().ok().filter(|count| is_named && (2..=MOST_PROCESSORS).contains(count))?;
    Some(NeedKind::Processor(count * 1000))
}

const fn with_more(bytes: u64, hundredths: u64) -> u64 {
    bytes + bytes * hundredths / 100
}
