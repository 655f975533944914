//! The pictures in the documentation, made from real screens. `UPDATE=1` writes them anew.

use seaworthy::theme::{Abilities, Theme};
use seaworthy::ui::svg;

use crate::fake;
use crate::real::Demo;
use crate::stage::Stage;

fn compare(name: &str, picture: &str) {
    let path = format!("{}/assets/{name}.svg", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(format!("{}/assets", env!("CARGO_MANIFEST_DIR"))).unwrap();
        std::fs::write(&path, picture).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == picture, "{path} is stale: UPDATE=1 cargo test --test screens pictures");
}

#[test]
fn explore() {
    let buffer = Demo::new(120, 40).keys("j l j j").buffer();
    compare("explore", &svg(&buffer, "#d6dce6", "#171b22"));
}

#[test]
fn watch() {
    let mut stage = Stage::new(120, 40);
    let probed = fake::DEPLOYMENT
        .replace("name: api\n", "name: api\n          resources: {limits: {memory: 128Mi}}\n");
    stage.edit("api/deploy.yaml", &probed);
    stage.keys("j l j f");
    stage.edit("api/deploy.yaml", fake::DEPLOYMENT);
    let buffer = stage.keys("n").buffer(&Theme::named("dark", Abilities::default()));
    compare("watch", &svg(&buffer, "#d6dce6", "#171b22"));
}
