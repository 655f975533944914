//! Links that lead out of a repository: none leads a write there, and what lies there is not quoted.

use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{DEPLOYMENT, Ran, run};

/// A repository beside another folder that holds a deployment.
struct TwoFolders {
    base: TempDir,
    home: TempDir,
}

impl TwoFolders {
    fn new(has_git: bool) -> Self {
        let two = Self { base: TempDir::new().unwrap(), home: TempDir::new().unwrap() };
        std::fs::create_dir_all(two.at("repo/sub")).unwrap();
        std::fs::create_dir(two.at("away")).unwrap();
        std::fs::write(two.at("away/deploy.yaml"), DEPLOYMENT).unwrap();
        std::fs::write(two.at("repo/own.yaml"), DEPLOYMENT).unwrap();
        if has_git {
            std::fs::create_dir(two.at("repo/.git")).unwrap();
        }
        two
    }

    fn at(&self, path: &str) -> PathBuf {
        self.base.path().join(path)
    }

    fn link(&self, at: &str, target: impl AsRef<Path>) {
        symlink(target, self.at(at)).unwrap();
    }

    fn run(&self, command: &[&str], path: &str) -> Ran {
        let path = self.at(path);
        run(&[command, &[path.to_str().unwrap()]].concat(), self.home.path())
    }

    fn is_untouched(&self, path: &str) -> bool {
        std::fs::read_to_string(self.at(path)).unwrap() == DEPLOYMENT
    }
}

fn assert_refused(ran: &Ran, what: &str) {
    assert_eq!(ran.code, 2, "{what}: {}{}", ran.out, ran.err);
    assert!(ran.err.contains("is a link that leads outside the repository"), "{what}: {}", ran.err);
}

#[test]
fn a_link_that_is_named_leads_no_write_outside() {
    for has_git in [false, true] {
        let two = TwoFolders::new(has_git);
        two.link("repo/link.yaml", two.at("away/deploy.yaml"));
        two.link("repo/relative.yaml", "../away/deploy.yaml");
        two.link("repo/chain.yaml", "relative.yaml");
        two.link("repo/odd-name", two.at("away/deploy.yaml"));
        for path in [
            "repo/link.yaml",
            "repo/relative.yaml",
            "repo/chain.yaml",
            "repo/odd-name",
            "repo/sub/../link.yaml",
        ] {
            for command in [&["fix"][..], &["fix", "--review"], &["baseline"], &["undo"]] {
                assert_refused(&two.run(command, path), path);
            }
            assert!(two.is_untouched("away/deploy.yaml"), "{path}");
            let names: Vec<_> = std::fs::read_dir(two.at("away")).unwrap().collect();
            assert_eq!(names.len(), 1, "{path}");
        }
        let several = two.at("repo/own.yaml");
        assert_refused(&two.run(&["fix", several.to_str().unwrap()], "repo/link.yaml"), "one of several");
        assert!(two.is_untouched("repo/own.yaml"));
    }
}

#[test]
fn a_folder_on_the_way_leads_no_write_out_of_a_repository() {
    let two = TwoFolders::new(true);
    two.link("repo/part", two.at("away"));
    two.link("repo/sub/up", "../../away");
    for path in ["repo/part", "repo/part/", "repo/part/deploy.yaml", "repo/sub/up/deploy.yaml", "repo/part/."]
    {
        assert_refused(&two.run(&["fix"], path), path);
        assert!(two.is_untouched("away/deploy.yaml"), "{path}");
    }
}

#[test]
fn a_link_that_stays_inside_and_a_link_to_the_root_are_followed() {
    for has_git in [false, true] {
        let two = TwoFolders::new(has_git);
        two.link("repo/inside.yaml", "own.yaml");
        two.link("alias", "repo");
        let path = if has_git { "alias/inside.yaml" } else { "repo/inside.yaml" };
        let ran = two.run(&["fix"], path);
        assert!(ran.code < 2 && !two.is_untouched("repo/own.yaml"), "{}{}", ran.out, ran.err);
        assert!(two.at("repo/inside.yaml").is_symlink());
        let ran = two.run(&["undo"], "alias");
        assert!(ran.code == 0 && two.is_untouched("repo/own.yaml"), "{}{}", ran.out, ran.err);
        let ran = two.run(&["fix"], "alias");
        assert!(ran.code < 2 && !two.is_untouched("repo/own.yaml"), "{}{}", ran.out, ran.err);
    }
}

#[test]
fn a_link_to_the_outside_is_read_where_it_is_named() {
    let two = TwoFolders::new(true);
    two.link("repo/link.yaml", two.at("away/deploy.yaml"));
    let ran = two.run(&["check"], "repo/link.yaml");
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("may-run-as-root"), "{}", ran.out);
}

#[test]
fn a_settings_file_outside_is_not_quoted() {
    for (name, text) in [
        ("seaworthy.toml", "[hunter2]\nfail-on = \"hunter2\"\n"),
        ("seaworthy.toml", "hunter2:x:0:0\n"),
        ("seaworthy.toml", "fail-on = \"hunter2\"\n"),
        ("seaworthy.toml", "[rules]\nhunter2 = \"off\"\n"),
        ("seaworthy.toml", "[[allow]]\nrules = [\"hunter2\"]\n"),
        ("seaworthy-baseline.json", "{\"hunter2\":1}"),
        ("seaworthy-baseline.json", "\"hunter2\""),
        ("seaworthy-baseline.json", "{\"schema\":\"hunter2\",\"findings\":[]}"),
    ] {
        let two = TwoFolders::new(true);
        std::fs::write(two.at("away/secret"), text).unwrap();
        two.link(&format!("repo/{name}"), "../away/secret");
        for command in ["check", "fix", "baseline", "config"] {
            let ran = two.run(&[command], "repo");
            assert!(!ran.out.contains("hunter2") && !ran.err.contains("hunter2"), "{text}: {}", ran.err);
            if command != "config" || name.ends_with("toml") {
                assert_eq!(ran.code, 2, "{command} {text}: {}{}", ran.out, ran.err);
                assert!(ran.err.contains(&format!("{name} is a link that leads outside")), "{}", ran.err);
            }
        }
    }
}
