//! However the program ends or stops, the terminal comes back as it was.

use rustix::process::{Pid, Signal, kill_process};

use crate::pty::Pty;
use crate::world::World;

fn signal(pty: &Pty, signal: Signal) {
    let id = i32::try_from(pty.child.process_id().unwrap()).unwrap();
    kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
}

#[test]
fn quit_gives_the_terminal_back() {
    let mut world = World::start((100, 30));
    assert!(!world.pty.is_cooked());
    world.pty.send("q");
    assert!(world.pty.ends().success());
    world.pty.is_given_back();
}

#[test]
fn control_c_quits_whatever_is_open() {
    let mut world = World::start((100, 30));
    world.pty.send("/abc").shows("/abc_").send("\x03");
    assert!(world.pty.ends().success());
    world.pty.is_given_back();
}

#[test]
fn a_signal_to_end_gives_the_terminal_back() {
    for ending in [Signal::TERM, Signal::HUP] {
        let mut world = World::start((100, 30));
        signal(&world.pty, ending);
        world.pty.ends();
        world.pty.is_given_back();
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_read_on_it() {
    let mut world = World::start((100, 30));
    world.pty.send("jjiwhy\r").shows("the little backend breaks here");
    assert!(!world.pty.ends().success());
    world.pty.is_given_back();
}

#[test]
fn suspend_gives_the_terminal_back_until_it_goes_on() {
    let mut world = World::start((100, 30));
    world.pty.send("\x1a");
    world.pty.is_given_back();
    signal(&world.pty, Signal::CONT);
    world.pty.shows("Deployment/api").send("?").shows("Next finding of the file");
}
