//! `render`: prints a chart as Helm renders it, or what kustomizations build, with the origin of every byte where JSON is
//! asked for.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::bail;

use super::args::{RenderArgs, RenderFormat};
use super::named_paths::{PathAccess, resolve_path};
use super::render_overlays::OverlayRender;
use super::{EXIT_CLEAN, print_stdout};
use crate::helm::{
    LoadedChart, RenderOptions, ValuesFile, read_chart_files, read_values_file, render_chart, render_output,
};
use crate::repo::CHART_FILE;

pub(super) fn run(args: &RenderArgs) -> anyhow::Result<u8> {
    resolve_path(&args.path, PathAccess::Read)?;
    if let Some(overlays) = OverlayRender::below(&args.path) {
        overlays.print(args.format)?;
        return Ok(EXIT_CLEAN);
    }
    if args.path.is_dir() && !args.path.join(CHART_FILE).exists() {
        bail!(
            "{} holds no {CHART_FILE}, and no kustomization stands in it or below: name a chart, or a folder with one",
            args.path.display()
        );
    }
    let mut options = RenderOptions {
        set_json: args.set_json.clone(),
        upgrade: args.upgrade,
        kube_version: args.kube_version.clone(),
        api_versions: args.api_versions.clone(),
        ..RenderOptions::default()
    };
    // What is printed is what Helm prints today; audits hold the clock, so that no finding moves from day to day.
    options.engine.now =
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs().cast_signed());
    if let Some(release) = &args.release {
        options.release.clone_from(release);
    }
    if let Some(namespace) = &args.namespace {
        options.namespace.clone_from(namespace);
    }
    for path in &args.values {
        if !path.exists() {
            bail!("{} is not there: name a file of values that is", path.display());
        }
        options
            .values
            .push(ValuesFile { path: name_in_chart(path, &args.path), data: read_values_file(path)? });
    }
    let chart = LoadedChart::from_files(read_chart_files(&args.path)?)?;
    let mut rendered = render_chart(&chart, &options)?;
    if let Some(only) = &args.template {
        rendered.templates.retain(|template| template.name == *only);
    }
    let text = match args.format {
        RenderFormat::Text => render_output::format_text(&rendered),
        RenderFormat::Json => render_output::format_json(&rendered),
    };
    print_stdout(&text)?;
    Ok(EXIT_CLEAN)
}

/// The name of a values file: within the chart where it lies there, else as it was given.
fn name_in_chart(path: &Path, chart: &Path) -> String {
    path.strip_prefix(chart).unwrap_or(path).display().to_string()
}
