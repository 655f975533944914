//! The program's own source as modules and imports, for the tests that hold its order.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A path of names from the crate's root: `["yaml", "edit", "YamlEdit"]`.
pub(crate) type NamePath = Vec<String>;

/// One file of `src`.
pub(crate) struct SourceFile {
    /// Below `src`, with slashes.
    pub(crate) path: String,
    /// Its code, without comments.
    pub(crate) code: String,
    /// The module that it is.
    pub(crate) module: NamePath,
    /// Its imports: the names that it gives them, with the absolute paths that they stand for, and whether it hands them on.
    imports: Vec<(String, NamePath, bool)>,
}

/// All files of `src`.
pub(crate) struct SourceTree {
    pub(crate) files: Vec<SourceFile>,
    by_module: BTreeMap<NamePath, usize>,
    modules: BTreeSet<NamePath>,
}

impl SourceTree {
    pub(crate) fn read() -> Self {
        let mut files: Vec<SourceFile> = source_paths().iter().map(|path| read_file(path)).collect();
        let modules: BTreeSet<NamePath> = files.iter().map(|file| file.module.clone()).collect();
        for file in &mut files {
            file.imports = read_imports(&file.code, &file.module, &modules);
        }
        let by_module = files.iter().enumerate().map(|(at, file)| (file.module.clone(), at)).collect();
        Self { files, by_module, modules }
    }

    /// The files whose items a file uses, by imports and by paths in its code; names that are handed on are followed to
    /// the file that has the item. What a `mod.rs` hands on is no use of it.
    pub(crate) fn used_files(&self, at: usize) -> BTreeSet<usize> {
        let file = &self.files[at];
        let own = file.imports.iter().filter(|(_, _, is_handed_on)| !is_handed_on);
        let paths = own.map(|(_, path, _)| path.clone()).chain(self.inline_paths(file));
        paths.filter_map(|path| self.defining_file(&path, 0)).filter(|used| *used != at).collect()
    }

    /// The file that has the item at a path; none for a module itself, and for what is not of this crate.
    fn defining_file(&self, path: &[String], depth: usize) -> Option<usize> {
        let (at, rest) = (0..=path.len())
            .rev()
            .find_map(|length| Some((*self.by_module.get(&path[..length])?, &path[length..])))?;
        let name = rest.first()?;
        let import = self.files[at].imports.iter().find(|(own, target, _)| own == name && target != path);
        match import {
            Some((_, target, _)) if depth < 12 => {
                let target = [target.as_slice(), &rest[1..]].concat();
                self.defining_file(&target, depth + 1)
            }
            _ => Some(at),
        }
    }

    /// `module::item` in the code, outside of imports.
    fn inline_paths(&self, file: &SourceFile) -> Vec<NamePath> {
        let code = without_imports(&file.code);
        let words = code.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
        let paths = words.filter(|word| word.contains("::")).filter_map(|word| {
            let names: Vec<&str> = word.split("::").filter(|name| !name.is_empty()).collect();
            let first = *names.first()?;
            absolute_path(&names, &file.module, &self.modules).or_else(|| {
                let (_, module, _) = file.imports.iter().find(|(own, _, _)| own == first)?;
                self.by_module.contains_key(module).then(|| {
                    let rest = names[1..].iter().map(|name| (*name).to_owned());
                    module.iter().cloned().chain(rest).collect()
                })
            })
        });
        paths.collect()
    }

    /// The rooms that a file's code names: the first name of each path.
    pub(crate) fn used_rooms(&self, at: usize) -> BTreeSet<String> {
        let file = &self.files[at];
        let paths = file.imports.iter().map(|(_, path, _)| path.clone()).chain(self.inline_paths(file));
        paths.filter_map(|path| path.first().cloned()).collect()
    }
}

/// Every Rust file of `src`.
pub(crate) fn source_paths() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![source_folder()];
    while let Some(folder) = open.pop() {
        for entry in crate::support::entries(&folder) {
            if entry.is_dir() {
                open.push(entry);
            } else if entry.extension().is_some_and(|end| end == "rs") {
                found.push(entry);
            }
        }
    }
    found.sort();
    found
}

pub(crate) fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read_file(path: &Path) -> SourceFile {
    let text = std::fs::read_to_string(path).unwrap();
    let below = path.strip_prefix(source_folder()).unwrap().to_string_lossy().replace('\\', "/");
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut module: NamePath = below.trim_end_matches(".rs").split('/').map(str::to_owned).collect();
    if matches!(module.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        module.pop();
    }
    if below == "main.rs" {
        module.push("main".to_owned());
    }
    SourceFile { path: below, code, module, imports: Vec::new() }
}

/// Where the imports of some code stand: from the word `use`, or what makes it public, to after the semicolon.
fn import_ranges(code: &str) -> Vec<(usize, usize, bool)> {
    let mut ranges = Vec::new();
    let mut at = 0;
    for line in code.split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        let words = code[start..].split_whitespace().next().unwrap_or_default();
        let is_public = words.starts_with("pub");
        let rest = if is_public {
            code[start..].split_once(' ').map_or("", |(_, rest)| rest)
        } else {
            &code[start..]
        };
        let inside = ranges.last().is_some_and(|(_, end, _)| start < *end);
        if rest.starts_with("use ") && !inside && line.len() > 4 {
            let end = code[start..].find(';').map_or(code.len(), |semicolon| start + semicolon + 1);
            ranges.push((start, end, is_public));
        }
    }
    ranges
}

fn without_imports(code: &str) -> String {
    let mut rest = String::new();
    let mut at = 0;
    for (start, end, _) in import_ranges(code) {
        rest.push_str(&code[at..start]);
        at = end;
    }
    rest.push_str(&code[at..]);
    rest
}

fn read_imports(
    code: &str,
    module: &[String],
    modules: &BTreeSet<NamePath>,
) -> Vec<(String, NamePath, bool)> {
    let mut imports = Vec::new();
    for (start, end, is_public) in import_ranges(code) {
        let tree = code[start..end].split_once("use ").map_or("", |(_, tree)| tree).trim_end_matches(';');
        let mut flat = Vec::new();
        flatten(&[], tree, &mut flat);
        for (names, alias) in flat {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let Some(path) = absolute_path(&names, module, modules) else { continue };
            let Some(own) = alias.or_else(|| path.last().cloned()) else { continue };
            imports.push((own, path, is_public));
        }
    }
    imports
}

/// The paths of a tree of imports, each with the name that it is given, where it is given one.
fn flatten(before: &[String], tree: &str, out: &mut Vec<(NamePath, Option<String>)>) {
    let tree = tree.trim();
    if tree.is_empty() {
        return;
    }
    let Some(brace) = tree.find('{') else {
        let (path, alias) = tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias)));
        let mut names: NamePath = before.to_vec();
        names.extend(path.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
        if names.last().is_some_and(|name| name == "self") {
            names.pop();
        }
        return out.push((names, alias.map(|alias| alias.trim().to_owned())));
    };
    let mut names: NamePath = before.to_vec();
    names
        .extend(tree[..brace].split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()));
    let inner = &tree[brace + 1..tree.rfind('}').unwrap_or(tree.len())];
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                flatten(&names, &inner[start..at], out);
                start = at + 1;
            }
            _ => {}
        }
    }
    flatten(&names, &inner[start..], out);
}

/// A path from the crate's root; none where it leads out of the crate.
fn absolute_path(names: &[&str], module: &[String], modules: &BTreeSet<NamePath>) -> Option<NamePath> {
    let (mut base, mut rest): (NamePath, &[&str]) = match *names.first()? {
        "crate" => (Vec::new(), &names[1..]),
        "self" => (module.to_vec(), &names[1..]),
        "super" => (module.to_vec(), names),
        first => {
            let child: NamePath = module.iter().cloned().chain([first.to_owned()]).collect();
            modules.contains(&child).then(|| (module.to_vec(), names))?
        }
    };
    while rest.first() == Some(&"super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend(rest.iter().map(|name| (*name).to_owned()));
    Some(base)
}
