//! Whatever bytes come from the terminal, the keys behind them are heard, and nothing else is taken for keys.

use std::fmt::Write as _;
use std::time::Duration;

use crate::world::World;

/// The program after a burst of bytes: each key behind it is heard, and no file was changed.
fn survives(burst: &str) {
    let mut world = World::start((100, 30));
    let before = world.read("deploy.yaml");
    world.pty.send(burst).send("?");
    world.pty.shows("Write the diff in view").send("\x1b").hides("Write the diff in view");
    world.pty.send("q");
    assert!(world.pty.ends().success());
    assert_eq!(world.read("deploy.yaml"), before);
}

#[test]
fn a_burst_of_mouse_reports_leaves_the_keys_alone() {
    for count in [150, 1_500] {
        let mut burst = String::new();
        (0..count).for_each(|i| write!(burst, "\x1b[<35;{};{}M", 1 + i % 90, 1 + i % 28).unwrap());
        survives(&burst);
    }
}

#[test]
fn a_burst_of_keys_of_any_length_leaves_the_next_key_alone() {
    for count in [1_023, 1_024, 1_025, 2_048, 4_095, 4_096, 9_000] {
        survives(&"j".repeat(count));
    }
}

#[test]
fn broken_and_strange_sequences_leave_the_keys_alone() {
    let long = format!("\x1b[{}M", "1;".repeat(3_000));
    let bursts = [
        "\x1b[<0;0;0M\x1b[<0;0;0m\x1b[<64;0;0M",
        "\x1b[<99999999;1;1M\x1b[<;;M\x1b[<-1;1;1M",
        "\x1b[1;999999A\x1b[99999999u\x1b[27;5;1114112~\x1b[;;;;~",
        "\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1bP1$r0m\x1b\\\x1b[?1;2c\x1b[12;40R",
        "\x1b[M   \x1b[M#!!\x1bOP\x1b[[A\x1b[15~",
        long.as_str(),
    ];
    for burst in bursts {
        survives(burst);
    }
}

/// As a slow line brings them.
#[test]
fn a_sequence_that_comes_in_pieces_is_one() {
    let mut world = World::start((100, 30));
    let before = world.read("deploy.yaml");
    for piece in ["\x1b[", "<0;", "10;1", "0", "M\x1b[", "200", "~fffff", "Fqu\r\x1b[20", "1~"] {
        world.pty.send(piece);
        std::thread::sleep(Duration::from_millis(3));
    }
    world.pty.send("?").shows("Write the diff in view");
    assert_eq!(world.read("deploy.yaml"), before);
}

/// Nobody is to be locked out by a paste whose end got lost.
#[test]
fn a_paste_that_never_ends_ends() {
    let mut world = World::start((100, 30));
    let before = world.read("deploy.yaml");
    world.pty.send("\x1b[200~ffff\r");
    world.pty.quiet();
    std::thread::sleep(Duration::from_secs(4));
    world.pty.send("?").shows("Write the diff in view");
    assert_eq!(world.read("deploy.yaml"), before);
}

#[test]
fn motion_is_told_only_while_a_button_is_held() {
    let mut world = World::start((100, 30));
    world.pty.until("mouse modes", |screen| {
        screen.mouse_protocol_mode() == vt100::MouseProtocolMode::ButtonMotion
            && screen.mouse_protocol_encoding() == vt100::MouseProtocolEncoding::Sgr
    });
}
