//! What builds an image, said beside the pairs and written to the settings.

use crate::world::World;

#[test]
fn a_link_is_settled_by_a_key_and_taken_back() {
    let mut world = World::start((120, 40));
    world.pty.send("gb").shows("only beside the pairs of a workload");
    world.pty.send("gp").shows("Pairs of Deployment/tides").shows("linked: ");
    world
        .pty
        .send("gb")
        .shows("What builds registry.example/tides:latest")
        .shows("no Dockerfile of this repository");
    world.pty.send("j\r").shows("dockerfile = false").shows("Write it? y/N");
    assert!(!world.path("seaworthy.toml").exists(), "nothing is written yet");
    world.pty.send("n").shows("What builds registry.example/tides:latest").send("\r").shows("Write it? y/N");
    world.pty.send("y").shows("written to seaworthy.toml").shows("No Dockerfile is linked to container");
    world.pty.shows("no Dockerfile here builds it");
    let settled = "[[link]]\nimage = \"registry.example/tides\"\ndockerfile = false\n";
    assert_eq!(world.read("seaworthy.toml"), settled);
    world.pty.send("gb\r").shows("dockerfile = \"Dockerfile\"").send("y").shows("linked: ");
    assert_eq!(world.read("seaworthy.toml"), settled.replace("false", "\"Dockerfile\""));
    world.pty.send("u").shows("Taken back in seaworthy.toml").shows("No Dockerfile is linked to container");
    assert_eq!(world.read("seaworthy.toml"), settled);
    world.pty.send("qq");
    assert!(world.pty.ends().success());
}
