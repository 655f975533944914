//! What a person says in the walk: why a chapter is skipped, and values in place of the defaults.

use super::super::super::backend::{Choice, Request};
use super::super::super::event::Effect;
use super::super::super::key::{Code, Key};
use super::super::super::state::State;
use super::super::super::toast::Toast;
use super::super::super::walk::{Asking, Field, Form, Walking};
use super::set_asking;
use crate::image::host;
use crate::manifest::model::Quantity;
use crate::settings::Resources;
use crate::walkthrough::{Chapter, Choices, Standing};

/// Asks why the chapter is skipped; a chapter that is skipped already is taken up again.
pub(super) fn skip(state: &mut State) -> Vec<Effect> {
    let Some(page) = state.walk.as_ref().and_then(Walking::page) else { return Vec::new() };
    match (&page.standing, &page.skipped) {
        (Standing::Open, Some(_)) => {
            let chapter = page.chapter;
            keep(state, chapter, None)
        }
        (Standing::Open, None) => {
            set_asking(state, Asking::Skip(String::new()));
            Vec::new()
        }
        _ => super::turn(state, 1),
    }
}

fn keep(state: &State, chapter: Chapter, reason: Option<String>) -> Vec<Effect> {
    let id = state.walk.as_ref().and_then(|walking| walking.id.clone());
    id.map(|id| Effect::Ask(Request::Skip { id, chapter, reason })).into_iter().collect()
}

/// Asks for the values of the chapter in view.
pub(super) fn change(state: &mut State) -> Vec<Effect> {
    let walking = state.walk.as_ref();
    let asked = walking.and_then(|walking| {
        let page = walking.page().filter(|page| page.standing == Standing::Open)?;
        fields(page.chapter, &walking.journey()?.choices)
    });
    match asked {
        Some(fields) => {
            set_asking(state, Asking::Values(Form { fields, at: 0, error: None }));
        }
        None => state.toast = Some(Toast::Notice("There is no value to choose here.".to_owned())),
    }
    Vec::new()
}

fn fields(chapter: Chapter, choices: &Choices) -> Option<Vec<Field>> {
    let field = |name, text: Option<String>, reason: &str| Field {
        name,
        text: text.unwrap_or_default(),
        reason: reason.to_owned(),
    };
    match chapter {
        Chapter::User | Chapter::Host if choices.user_key.is_some() => {
            let (uid, gid) = choices.user.unzip();
            let taken: Vec<String> = choices.taken.iter().take(6).map(u32::to_string).collect();
            let others = if taken.is_empty() {
                String::new()
            } else {
                format!(" Other apps here have {}.", taken.join(", "))
            };
            let why = format!("40000 to 60000 is nobody's on the hosts known here.{others}");
            Some(vec![
                field("uid", uid.map(|uid| uid.to_string()), &why),
                field("gid", gid.map(|gid| gid.to_string()), "Mostly the same number."),
            ])
        }
        Chapter::Filesystem if choices.container.is_some() => Some(vec![field(
            "paths",
            Some(choices.writable.join(" ")),
            "Each gets an emptyDir; absolute paths with spaces between them.",
        )]),
        Chapter::Resources if choices.container.is_some() => {
            let Resources { cpu_limit, memory_limit, cpu_request, memory_request } =
                choices.resources.clone();
            let reasons = [
                ("cpu request", cpu_request, "What the scheduler sets aside; 100m is a tenth of a core."),
                ("cpu limit", cpu_limit, "Above it the program waits."),
                ("memory request", memory_request, "What the scheduler sets aside."),
                ("memory limit", memory_limit, "Above it the program is killed."),
            ];
            let used = choices.used.iter().map(|used| match used {
                Some((least, most)) if least == most => format!(" In this repository: {least}."),
                Some((least, most)) => format!(" In this repository: {least} to {most}."),
                None => String::new(),
            });
            let with = reasons.into_iter().zip(used);
            Some(with.map(|((name, text, why), used)| field(name, text, &format!("{why}{used}"))).collect())
        }
        _ => None,
    }
}

/// Keys while something is asked.
pub(super) fn press(state: &mut State, key: Key, asking: Asking) -> Vec<Effect> {
    if key.code == Code::Esc {
        return Vec::new();
    }
    match asking {
        Asking::Skip(mut text) => {
            match (key.typed(), key.code) {
                (Some(c), _) => text.push(c),
                (None, Code::Backspace) => drop(text.pop()),
                (None, Code::Enter) if !text.trim().is_empty() => {
                    let page = state.walk.as_ref().and_then(Walking::page);
                    let Some(chapter) = page.map(|page| page.chapter) else { return Vec::new() };
                    let mut effects = keep(state, chapter, Some(text.trim().to_owned()));
                    effects.extend(super::turn(state, 1));
                    return effects;
                }
                _ => {}
            }
            set_asking(state, Asking::Skip(text));
            Vec::new()
        }
        Asking::Values(form) => fill_in(state, key, form),
    }
}

fn fill_in(state: &mut State, key: Key, mut form: Form) -> Vec<Effect> {
    let last = form.fields.len() - 1;
    let Some(field) = form.fields.get_mut(form.at) else { return Vec::new() };
    match (key.typed(), key.code) {
        (Some(c), _) => field.text.push(c),
        (None, Code::Backspace) => drop(field.text.pop()),
        (None, Code::Tab | Code::Down) => form.at = if form.at == last { 0 } else { form.at + 1 },
        (None, Code::BackTab | Code::Up) => form.at = form.at.checked_sub(1).unwrap_or(last),
        (None, Code::Enter) => match choice(state, &form) {
            Ok((choice, warning)) => {
                state.toast = warning.map(Toast::Notice);
                let id = state.walk.as_ref().and_then(|walking| walking.id.clone());
                return id.map(|id| Effect::Ask(Request::Choose { id, choice })).into_iter().collect();
            }
            Err(error) => form.error = Some(error),
        },
        _ => {}
    }
    set_asking(state, Asking::Values(form));
    Vec::new()
}

/// What is typed, as a choice; and a word of warning where it is allowed but doubtful.
fn choice(state: &State, form: &Form) -> Result<(Choice, Option<String>), String> {
    let walking = state.walk.as_ref();
    let page = walking.and_then(Walking::page).zip(walking.and_then(Walking::journey));
    let (page, journey) = page.ok_or("the chapter is gone")?;
    let text = |at: usize| form.fields.get(at).map(|field| field.text.trim()).unwrap_or_default();
    match page.chapter {
        Chapter::Filesystem => {
            let paths = paths(text(0))?;
            let container = journey.choices.container.clone().ok_or("there is no container")?;
            Ok((Choice::Writable { container, paths }, None))
        }
        Chapter::Resources => Ok((Choice::Resources(resources([text(0), text(1), text(2), text(3)])?), None)),
        _ => {
            let key = journey.choices.user_key.clone().ok_or("there is no image")?;
            let (uid, gid, warning) = user(form, &journey.choices.taken)?;
            Ok((Choice::User { key, uid, gid }, warning))
        }
    }
}

/// The uid and the gid of a form that asks for these two, and a word of warning where they are doubtful.
pub(in super::super) fn user(form: &Form, taken: &[u32]) -> Result<(u32, u32, Option<String>), String> {
    let text = |at: usize| form.fields.get(at).map(|field| field.text.trim()).unwrap_or_default();
    let (uid, gid) = (number("uid", text(0))?, number("gid", text(1))?);
    let warning = if taken.contains(&uid) {
        Some(format!("{uid} is another app's here: the two would share their files."))
    } else if !(40_000..=60_000).contains(&uid) {
        Some(format!("{}.", host::summary(uid)))
    } else {
        None
    };
    Ok((uid, gid, warning))
}

/// The first of several clauses.
fn first(words: &str) -> &str {
    words.split("; ").next().unwrap_or(words)
}

/// Below 10000 the rules would find it low again; above 65000 stand `nonroot`, `nobody` and what 16 bits cannot hold.
fn number(name: &str, text: &str) -> Result<u32, String> {
    let number: u32 = text.parse().map_err(|_| format!("the {name} is a number, such as 43122"))?;
    match number {
        0..10_000 => Err(format!("{number} is too low for the {name}: {}", first(&host::summary(number)))),
        10_000..=65_000 => Ok(number),
        _ => Err(format!("{number} is too high for the {name}: not every tool takes more than 65000")),
    }
}

fn paths(text: &str) -> Result<Vec<String>, String> {
    let mut paths: Vec<String> = Vec::new();
    for path in text.split_whitespace() {
        let clean = path.trim_end_matches('/');
        if !path.starts_with('/')
            || clean.is_empty()
            || path.split('/').any(|part| part == ".." || part == ".")
        {
            return Err(format!("`{path}` is no path to a folder: it begins with / and is not / itself"));
        }
        if path.contains(':') {
            return Err(format!("`{path}` holds a colon, which Kubernetes refuses in a mount"));
        }
        if !paths.iter().any(|known| known == clean) {
            paths.push(clean.to_owned());
        }
    }
    Ok(paths)
}

fn resources([cpu_request, cpu_limit, memory_request, memory_limit]: [&str; 4]) -> Result<Resources, String> {
    let amount = |text: &str| {
        let amount = Quantity::from(text).amount().filter(|amount| *amount > 0.0);
        amount
            .ok_or_else(|| format!("`{text}` is no amount: write 500m or 2 for cpu, 128Mi or 1Gi for memory"))
    };
    for (name, request, limit) in [("cpu", cpu_request, cpu_limit), ("memory", memory_request, memory_limit)]
    {
        if amount(request)? > amount(limit)? {
            return Err(format!("the {name} request is above its limit: Kubernetes refuses that"));
        }
    }
    for text in [memory_request, memory_limit] {
        if amount(text)? < 4.0 * 1024.0 * 1024.0 {
            return Err(format!(
                "`{text}` of memory starts no program: did you mean {}Mi?",
                text.trim_end_matches('m')
            ));
        }
    }
    let some = |text: &str| Some(text.to_owned());
    Ok(Resources {
        cpu_limit: some(cpu_limit),
        memory_limit: some(memory_limit),
        cpu_request: some(cpu_request),
        memory_request: some(memory_request),
    })
}
