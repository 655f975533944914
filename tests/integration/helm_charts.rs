//! Every chart that Helm's own answers are kept for renders the same here, and every byte stands where it says.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use seaworthy::helm::{
    LoadedChart, RenderOptions, RenderedChart, RenderedTemplate, SegmentKind, ValuesFile, read_chart_files,
    read_values_file, render_chart,
};
use serde_json::Value;

/// A kept answer, and the chart and options that it was asked with.
struct KeptAnswer {
    name: String,
    chart: PathBuf,
    answer: Value,
    options: RenderOptions,
}

/// The folder of charts, where it lies beside the project.
fn charts_folder() -> Option<PathBuf> {
    let folder =
        std::env::var_os("SEAWORTHY_CHARTS").map_or_else(|| PathBuf::from("../shared/charts"), PathBuf::from);
    folder.join("expected").is_dir().then_some(folder)
}

fn kept_answers(folder: &Path) -> Vec<KeptAnswer> {
    let mut answers = Vec::new();
    for entry in fs::read_dir(folder.join("expected")).expect("the answers") {
        let path = entry.expect("an answer").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let answer: Value = serde_json::from_slice(&fs::read(&path).expect("an answer")).expect("JSON");
        let (owner, chart) = name.split('@').next().and_then(|name| name.rsplit_once("--")).expect("a chart");
        let chart = folder.join(owner).join(chart);
        let mut options = RenderOptions { upgrade: answer["upgrade"] == true, ..RenderOptions::default() };
        if let Some(values) = answer["values"].as_str() {
            let data = read_values_file(&chart.join(values)).expect("the values");
            options.values.push(ValuesFile { path: values.to_owned(), data });
        }
        answers.push(KeptAnswer { name, chart, answer, options });
    }
    answers.sort_by(|one, other| one.name.cmp(&other.name));
    answers
}

fn render(kept: &KeptAnswer) -> Result<RenderedChart, String> {
    let files = read_chart_files(&kept.chart).map_err(|error| error.to_string())?;
    let loaded = LoadedChart::from_files(files).map_err(|error| error.to_string())?;
    render_chart(&loaded, &kept.options).map_err(|error| error.to_string())
}

/// The lines of a template that Helm itself renders differently each time, from 1.
fn random_lines(random: &Value, kept: &KeptAnswer, template: &str) -> Vec<u64> {
    let lines = random[format!("{}.json", kept.name)][template].as_array();
    lines.map(|lines| lines.iter().filter_map(Value::as_u64).collect()).unwrap_or_default()
}

fn first_difference(theirs: &str, ours: &str, skipped: &[u64]) -> Option<String> {
    let (theirs, ours): (Vec<&str>, Vec<&str>) = (theirs.split('\n').collect(), ours.split('\n').collect());
    (0..theirs.len().max(ours.len())).find_map(|index| {
        let (helm, own) = (theirs.get(index), ours.get(index));
        let compared = !skipped.contains(&(index as u64 + 1));
        (compared && helm != own).then(|| format!("line {}: Helm {helm:?}, ours {own:?}", index + 1))
    })
}

fn difference(kept: &KeptAnswer, random: &Value) -> Option<String> {
    let refuses = kept.answer.get("refused").or_else(|| kept.answer.get("message"));
    match (render(kept), refuses) {
        (Err(_), Some(_)) => None,
        (Err(error), None) => Some(format!("refused: {error}")),
        (Ok(_), Some(reason)) => Some(format!("rendered, but Helm refuses: {reason}")),
        (Ok(rendered), None) => {
            let ours: BTreeMap<&str, &str> =
                rendered.templates.iter().map(|own| (own.name.as_str(), own.text.as_str())).collect();
            let theirs = kept.answer["templates"].as_object().expect("templates");
            if ours.len() != theirs.len() {
                return Some("not the same templates".to_owned());
            }
            theirs.iter().find_map(|(name, text)| {
                let skipped = random_lines(random, kept, name);
                let own = ours.get(name.as_str()).copied().unwrap_or_default();
                first_difference(text.as_str().unwrap_or_default(), own, &skipped)
                    .map(|line| format!("{name}: {line}"))
            })
        }
    }
}

#[test]
fn every_chart_renders_as_helm_renders_it() {
    let Some(folder) = charts_folder() else { return };
    let random = fs::read(folder.join("random.json")).expect("the random lines");
    let random: Value = serde_json::from_slice(&random).expect("JSON");
    let answers = kept_answers(&folder);
    let wrong: Vec<String> = answers
        .iter()
        .filter_map(|kept| difference(kept, &random).map(|why| format!("{}: {why}", kept.name)))
        .collect();
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), answers.len(), wrong.join("\n"));
}

/// What is wrong with a template's origins, if anything is.
fn origin_fault(
    chart: &Path,
    template: &RenderedTemplate,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Option<String> {
    let mut at = 0;
    for segment in &template.origin {
        if segment.start != at || segment.end <= segment.start {
            return Some(format!("{}: bytes {at} to {} have no origin or two", template.name, segment.start));
        }
        at = segment.end;
        let bytes = &template.text.as_bytes()[segment.start..segment.end];
        let in_archive = segment.place.path.contains(".tgz/");
        if matches!(segment.kind, SegmentKind::Computed { .. }) || in_archive {
            continue;
        }
        let path = segment.place.path.to_string();
        let data =
            files.entry(path).or_insert_with_key(|path| fs::read(chart.join(path)).unwrap_or_default());
        let written = data.get(segment.place.offset..segment.place.offset + bytes.len());
        if written != Some(bytes) {
            return Some(format!("{}: {segment:?} is not what the file says", template.name));
        }
    }
    (at != template.text.len()).then(|| format!("{}: the end has no origin", template.name))
}

#[test]
fn every_byte_of_every_chart_stands_where_it_says() {
    let Some(folder) = charts_folder() else { return };
    let mut faults = Vec::new();
    for mut kept in kept_answers(&folder) {
        kept.options.allow_missing = true;
        let Ok(rendered) = render(&kept) else { continue };
        let mut files = BTreeMap::new();
        for template in &rendered.templates {
            faults.extend(
                origin_fault(&kept.chart, template, &mut files).map(|fault| format!("{} {fault}", kept.name)),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_helm_draws_at_random_is_marked_and_the_same_each_time() {
    let Some(folder) = charts_folder() else { return };
    for kept in kept_answers(&folder) {
        let Ok(rendered) = render(&kept) else { continue };
        assert_eq!(Ok(&rendered), render(&kept).as_ref(), "{}", kept.name);
        for name in kept.answer["random"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let template = rendered.templates.iter().find(|own| own.name == name);
            assert!(template.is_some_and(|own| own.random), "{}: {name}", kept.name);
        }
    }
}
