//! The half of `render` for kustomizations: prints what each root below a folder builds, with the origin of every value
//! where JSON is asked for.

use std::fmt::Write as _;
use std::path::Path;

use super::args::RenderFormat;
use super::write_stdout;
use crate::kustomize::{
    BuildClosures, BuildFault, BuildWriter, BuiltObject, DiskFolder, KustomizeBuilds, SourceLibrary,
    kustomization_folders,
};
use crate::repo::{PathBase, RelPath};
use crate::service::workspace;
use crate::template::json_yaml::json_to_yaml;

/// The kustomizations below a folder, as they are built.
pub(super) struct OverlayRender {
    folder: DiskFolder,
    base: PathBase,
    folders: Vec<String>,
}

impl OverlayRender {
    /// The kustomizations below a path, inside the repository that it is a part of. None where there are none.
    pub(super) fn below(path: &Path) -> Option<Self> {
        if !path.is_dir() || path.join(crate::repo::CHART_FILE).exists() {
            return None;
        }
        let path = path.canonicalize().ok()?;
        let home = workspace::find_repository(&path).unwrap_or_else(|| path.clone());
        let parts = path.strip_prefix(&home).ok()?.components();
        let parts: Vec<String> = parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        let folders = kustomization_folders(&home, &parts.join("/"));
        let prefix: String = parts.iter().map(|part| format!("{part}/")).collect();
        let base = PathBase::new(&prefix);
        (!folders.is_empty()).then(|| Self { folder: DiskFolder::new(&home), base, folders })
    }

    pub(super) fn print(&self, format: RenderFormat) -> anyhow::Result<()> {
        let library = SourceLibrary::new(&self.folder);
        let closures = BuildClosures::of_folders(&self.folder, self.folders.clone());
        let builds = KustomizeBuilds::new(&library);
        let show = |path: &str| {
            let shown = self.base.path_for_people(&RelPath::from(path));
            let shown = shown.as_str().trim_end_matches('/');
            if shown.is_empty() || self.is_base(path) { ".".to_owned() } else { shown.to_owned() }
        };
        let build = |folder: &str| match closures.is_component(folder) {
            true => Err(BuildFault::new("a component is built inside of what names it")),
            false => builds.build(folder),
        };
        write_stdout(|out| match format {
            RenderFormat::Text => {
                for folder in &self.folders {
                    out.write_all(root_text(&show(folder), &build(folder)).as_bytes())?;
                }
                Ok(())
            }
            RenderFormat::Json => {
                let mut writer = BuildWriter::new(&library, &show);
                out.write_all(b"{\"schema\":1,\"roots\":[")?;
                for (at, folder) in self.folders.iter().enumerate() {
                    let root = writer.root_json(folder, closures.users_of(folder), &build(folder));
                    write!(out, "{}{root}", if at == 0 { "" } else { "," })?;
                }
                out.write_all(b"]}\n")
            }
        })
    }

    fn is_base(&self, path: &str) -> bool {
        self.base.path_in_repository(&RelPath::from("")).as_str() == path
    }
}

/// A root as YAML, below a line that names it.
fn root_text(path: &str, built: &Result<Vec<BuiltObject>, BuildFault>) -> String {
    let objects = match built {
        Ok(objects) => objects,
        Err(fault) => return format!("# {path}: not built: {fault}\n"),
    };
    let mut text = format!("# {path}\n");
    for (at, object) in objects.iter().enumerate() {
        let json = object.root.to_json();
        let yaml = json_to_yaml(&json).unwrap_or_else(|| json.to_string());
        let _ = writeln!(text, "{}{yaml}", if at == 0 { "" } else { "---\n" });
    }
    if !objects.is_empty() {
        text.push_str("---\n");
    }
    text
}
