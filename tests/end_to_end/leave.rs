//! However the program ends or stops, the terminal comes back as it was.

use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::brittle::Brittle;
use crate::pty::Pty;
use crate::world::{World, repository};

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
    world.pty.send("/abc").shows(" / abc_").send("\x03");
    assert!(world.pty.ends().success());
    world.pty.is_given_back();
}

#[test]
fn a_signal_to_end_gives_the_terminal_back() {
    let asked =
        [Signal::TERM, Signal::HUP, Signal::INT, Signal::QUIT, Signal::ABORT, Signal::USR1, Signal::USR2];
    let limits = [Signal::ALARM, Signal::VTALARM, Signal::PROF, Signal::XCPU, Signal::XFSZ, Signal::IO];
    for ending in asked.into_iter().chain(limits) {
        let mut world = World::start((100, 30));
        signal(&world.pty, ending);
        assert!(world.pty.ends().success(), "{ending:?}");
        world.pty.is_given_back();
    }
}

/// None of the program's own code runs at such an end.
#[test]
fn killed_in_whichever_way_it_gives_the_terminal_back() {
    for ending in
        [Signal::KILL, Signal::SEGV, Signal::BUS, Signal::ILL, Signal::FPE, Signal::SYS, Signal::TRAP]
    {
        let mut world = World::start((100, 30));
        // The runtime lets the first of some pass: it asks whether the stack overflowed, and waits for it to come again.
        while world.pty.child.try_wait().unwrap().is_none() {
            signal(&world.pty, ending);
            std::thread::yield_now();
        }
        assert!(!world.pty.ends().success(), "{ending:?}");
        world.pty.is_given_back();
        world.pty.shows("before it could give the terminal back");
    }
}

#[test]
fn a_stack_overflow_and_an_abort_give_the_terminal_back() {
    for place in ["overflow", "abort"] {
        let mut brittle = Brittle::start(place);
        brittle.pty.send("u");
        assert!(!brittle.pty.ends().success(), "{place}");
        brittle.pty.is_given_back();
    }
}

/// What was put aside is not given back twice: the shell has the terminal by then.
#[test]
fn killed_while_it_is_suspended_it_leaves_the_terminal_alone() {
    let mut world = World::start((100, 30));
    world.pty.send("\x1a");
    world.pty.is_given_back();
    world.pty.stops();
    signal(&world.pty, Signal::KILL);
    world.pty.ends();
    world.pty.quiet();
    assert!(!world.pty.screen().contains("before it could give"), "{}", world.pty.screen());
}

#[test]
fn a_closed_window_ends_the_program_without_a_word() {
    // The second is told by nothing but its reads and writes: it is in a session of its own, which gets no signal.
    for start in ["exec \"$0\" \"$@\"", "trap '' HUP; exec setsid --fork --wait \"$0\" \"$@\""] {
        let folder = repository();
        let (root, home) = (folder.path().join("tides"), folder.path().join("home"));
        let variables = [("HOME", home.to_str().unwrap()), ("XDG_STATE_HOME", home.to_str().unwrap())];
        let arguments = ["-c", start, env!("CARGO_BIN_EXE_seaworthy"), root.to_str().unwrap()];
        let mut pty = Pty::start("sh", &arguments, &variables, (100, 30));
        pty.shows("Deployment/tides").hides("scanning");
        pty.close();
        assert!(pty.ends().success(), "{start}");
        let kept = std::fs::read_dir(home.join("seaworthy")).into_iter().flatten().flatten();
        let reports = kept.filter(|file| file.file_name().to_string_lossy().starts_with("panic-"));
        assert_eq!(reports.count(), 0, "{start}");
    }
}

#[test]
fn a_panic_in_any_thread_gives_the_terminal_back_and_is_reported() {
    for (place, thread) in [("backend", "backend"), ("aside", "watch"), ("screen", "main")] {
        let mut brittle = Brittle::start(place);
        brittle.pty.send("u");
        assert_eq!(brittle.pty.ends().exit_code(), 101, "{place}");
        brittle.pty.shows("this should not have happened").shows("lies at").shows("Your files are whole.");
        brittle.pty.is_given_back();
        let report = brittle.report();
        let says = |what: &str| assert!(report.contains(what), "{place}: {what} in {report}");
        says(concat!("seaworthy ", env!("CARGO_PKG_VERSION"), "\n"));
        says("it breaks here … (tests/end_to_end/brittle.rs:");
        // The test that the program runs in has a thread of its own.
        if thread != "main" {
            says(&format!("thread: {thread}\n"));
        }
        assert!(!report.contains("hunter2") && !brittle.pty.screen().contains("hunter2"), "{report}");
    }
}

#[test]
fn a_panic_without_a_screen_is_reported_too() {
    for place in ["command", "worker"] {
        let mut brittle = Brittle::start(place);
        brittle.pty.shows("this should not have happened: it breaks here");
        assert_eq!(brittle.pty.ends().exit_code(), 101, "{place}");
        assert!(brittle.report().contains("it breaks here"));
    }
}

#[test]
fn suspend_gives_the_terminal_back_until_it_goes_on() {
    let mut world = World::start((100, 30));
    world.pty.send("\x1a");
    world.pty.is_given_back();
    world.pty.stops();
    signal(&world.pty, Signal::CONT);
    world.pty.shows("Deployment/tides").send("?").shows("Write the diff in view");
}

#[test]
fn stopped_by_another_it_takes_the_terminal_again() {
    let mut world = World::start((100, 30));
    signal(&world.pty, Signal::STOP);
    world.pty.stops();
    signal(&world.pty, Signal::CONT);
    world.pty.send("?").shows("Write the diff in view");
    world.pty.is_taken();
}

/// How often any of the program's threads was woken so far.
#[cfg(target_os = "linux")]
fn wake_ups(id: u32) -> u64 {
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).unwrap();
    let of_thread = |thread: std::fs::DirEntry| {
        // A thread that has ended meanwhile wakes nobody up.
        let Ok(status) = std::fs::read_to_string(thread.path().join("status")) else { return 0 };
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:")).unwrap();
        line.trim().parse::<u64>().unwrap()
    };
    threads.map(|thread| of_thread(thread.unwrap())).sum()
}

#[test]
#[cfg(target_os = "linux")]
fn when_nothing_happens_nothing_wakes_up() {
    let mut world = World::start((120, 40));
    world.pty.send("j").shows("Deployment/tides identity");
    let id = world.pty.child.process_id().unwrap();
    // The last threads go to sleep just after the screen is drawn; from then on the count stands still.
    let mut settled = wake_ups(id);
    let still = (0..10).any(|_| {
        std::thread::sleep(Duration::from_millis(500));
        let before = std::mem::replace(&mut settled, wake_ups(id));
        before == settled
    });
    assert!(still, "it never comes to rest");
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(wake_ups(id), settled);
}
