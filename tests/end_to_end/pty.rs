//! A terminal to run programs in: keys go in, the screen comes out, and nothing is waited for longer than it takes.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// After so long a test has failed. The machine may be busy.
const LIMIT: Duration = Duration::from_secs(20);

/// When nothing was drawn for so long, it is taken to be at rest.
const QUIET: Duration = Duration::from_millis(250);

type Shared = Arc<(Mutex<vt100::Parser<Heard>>, Condvar)>;

/// What a program had the terminal do besides drawing on it.
#[derive(Default)]
struct Heard {
    copied: Vec<String>,
    /// The titles that the window had from the program.
    titles: Vec<String>,
    /// How often the window's own title was kept and not given back yet.
    kept_titles: usize,
    /// What no program of ours means to do: a bell, a title of others, another size.
    unmeant: Vec<String>,
    /// Whether nobody looks any more.
    closed: bool,
    /// Whether a frame is being drawn: no terminal shows half of it, and nobody is to judge by it.
    drawing: bool,
}

impl vt100::Callbacks for Heard {
    fn audible_bell(&mut self, _: &mut vt100::Screen) {
        self.unmeant.push("a bell".to_owned());
    }

    fn visual_bell(&mut self, _: &mut vt100::Screen) {
        self.unmeant.push("a flash".to_owned());
    }

    fn resize(&mut self, _: &mut vt100::Screen, size: (u16, u16)) {
        self.unmeant.push(format!("another size: {size:?}"));
    }

    fn set_window_icon_name(&mut self, _: &mut vt100::Screen, name: &[u8]) {
        self.unmeant.push(format!("an icon's name: {}", name.escape_ascii()));
    }

    fn set_window_title(&mut self, _: &mut vt100::Screen, title: &[u8]) {
        if title.starts_with(b"seaworthy: ") && !title.iter().any(u8::is_ascii_control) {
            self.titles.push(String::from_utf8_lossy(title).into_owned());
        } else {
            self.unmeant.push(format!("a title: {}", title.escape_ascii()));
        }
    }

    fn copy_to_clipboard(&mut self, _: &mut vt100::Screen, _: &[u8], data: &[u8]) {
        self.copied.push(String::from_utf8_lossy(data).into_owned());
    }

    fn unhandled_control(&mut self, _: &mut vt100::Screen, byte: u8) {
        self.unmeant.push(format!("the control character {byte:#x}"));
    }

    /// A synchronized update begins or ends.
    fn unhandled_csi(
        &mut self,
        _: &mut vt100::Screen,
        mark: Option<u8>,
        _: Option<u8>,
        numbers: &[&[u16]],
        end: char,
    ) {
        if mark == Some(b'?') && matches!(numbers, [[2026]]) {
            self.drawing = end == 'h';
        }
        match (end, numbers) {
            ('t', [[22], [2]]) => self.kept_titles += 1,
            ('t', [[23], [2]]) => self.kept_titles = self.kept_titles.saturating_sub(1),
            _ => {}
        }
    }

    fn unhandled_osc(&mut self, _: &mut vt100::Screen, words: &[&[u8]]) {
        let words: Vec<String> = words.iter().map(|word| word.escape_ascii().to_string()).collect();
        self.unmeant.push(format!("an operating system command: {words:?}"));
    }
}

/// The first line of the screen, each time that it was another.
type Headers = Arc<Mutex<Vec<String>>>;

pub(crate) struct Pty {
    /// None once the window is closed.
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Box<dyn Write + Send>,
    pub(crate) child: Box<dyn Child + Send + Sync>,
    shared: Shared,
    headers: Headers,
    limit: Duration,
}

impl Pty {
    /// Starts a program in a terminal of this size, with nothing of this machine's environment that could matter.
    pub(crate) fn start(
        program: &str,
        arguments: &[&str],
        variables: &[(&str, &str)],
        size: (u16, u16),
    ) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.env_clear();
        command.env("PATH", std::env::var("PATH").unwrap());
        command.env("TERM", "xterm-256color");
        // A terminal that says what its background is need not be asked.
        command.env("COLORFGBG", "15;0");
        command.env("RUST_BACKTRACE", "0");
        for (name, value) in variables {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (columns, rows) = size;
        let shared: Shared = Arc::new((
            Mutex::new(vt100::Parser::new_with_callbacks(cells(rows), cells(columns), 0, Heard::default())),
            Condvar::new(),
        ));
        let headers = Headers::default();
        listen(pair.master.try_clone_reader().unwrap(), Arc::clone(&shared), Arc::clone(&headers));
        Self {
            keys: pair.master.take_writer().unwrap(),
            master: Some(pair.master),
            child,
            shared,
            headers,
            limit: LIMIT,
        }
    }

    pub(crate) fn send(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Waits longer for what takes longer.
    pub(crate) fn patience(&mut self, limit: Duration) -> &mut Self {
        self.limit = limit;
        self
    }

    /// Waits until the screen is as wanted.
    pub(crate) fn until(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> &mut Self {
        self.until_or(wanted, |screen| format!("no {what} on the screen:\n{}", screen.contents()))
    }

    /// Waits until the screen is as wanted, and says what is wrong when it never is.
    pub(crate) fn until_or(
        &mut self,
        wanted: impl Fn(&vt100::Screen) -> bool,
        wrong: impl Fn(&vt100::Screen) -> String,
    ) -> &mut Self {
        let (parser, changed) = &*self.shared;
        let end = Instant::now() + self.limit;
        let mut parser = parser.lock().unwrap();
        while parser.callbacks().drawing || !wanted(parser.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            let status = self.child.try_wait();
            assert!(!left.is_zero(), "{} ({status:?})", wrong(parser.screen()));
            parser = changed.wait_timeout(parser, left).unwrap().0;
        }
        drop(parser);
        self
    }

    /// Waits until nothing more is drawn.
    pub(crate) fn quiet(&mut self) -> &mut Self {
        let (parser, changed) = &*self.shared;
        let mut parser = parser.lock().unwrap();
        loop {
            let (next, timeout) = changed.wait_timeout(parser, QUIET).unwrap();
            parser = next;
            if timeout.timed_out() {
                break;
            }
        }
        drop(parser);
        self
    }

    pub(crate) fn shows(&mut self, text: &str) -> &mut Self {
        self.until(text, |screen| screen.contents().contains(text))
    }

    pub(crate) fn hides(&mut self, text: &str) -> &mut Self {
        self.until(&format!("end of {text}"), |screen| !screen.contents().contains(text))
    }

    pub(crate) fn resize(&mut self, size: (u16, u16)) -> &mut Self {
        let (parser, _) = &*self.shared;
        parser.lock().unwrap().screen_mut().set_size(cells(size.1), cells(size.0));
        self.master.as_ref().unwrap().resize(pty_size(size)).unwrap();
        self
    }

    /// Closes the window, as a person does: whatever the program reads or writes there fails from then on.
    pub(crate) fn close(&mut self) {
        let (parser, changed) = &*self.shared;
        parser.lock().unwrap().callbacks_mut().closed = true;
        // The listener has a part of the window, and lets it go at the next word that it hears.
        self.master.as_ref().unwrap().resize(pty_size((61, 17))).unwrap();
        let gone = |parser: &mut vt100::Parser<Heard>| parser.callbacks().closed;
        let waited = changed.wait_timeout_while(parser.lock().unwrap(), LIMIT, gone).unwrap().1;
        assert!(!waited.timed_out(), "nothing is drawn at another size");
        self.keys = Box::new(std::io::sink());
        self.master = None;
    }

    /// Waits for the program's end.
    pub(crate) fn ends(&mut self) -> ExitStatus {
        let end = Instant::now() + LIMIT;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "the program goes on:\n{}", self.screen());
            std::thread::yield_now();
        }
    }

    /// Waits until the program is stopped, as the shell would see it.
    pub(crate) fn stops(&self) {
        let stat = format!("/proc/{}/stat", self.child.process_id().unwrap());
        let end = Instant::now() + LIMIT;
        while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {
            assert!(Instant::now() < end, "the program is not stopped");
            std::thread::yield_now();
        }
    }

    pub(crate) fn screen(&self) -> String {
        let (parser, changed) = &*self.shared;
        let drawing = |parser: &mut vt100::Parser<Heard>| parser.callbacks().drawing;
        changed.wait_timeout_while(parser.lock().unwrap(), LIMIT, drawing).unwrap().0.screen().contents()
    }

    /// All first lines that the screen has had, each time that it was another.
    pub(crate) fn headers(&self) -> Vec<String> {
        self.headers.lock().unwrap().clone()
    }

    /// Nothing has reached the terminal that steers it and was not meant.
    pub(crate) fn is_only_drawn_on(&self) {
        let parser = self.shared.0.lock().unwrap();
        assert_eq!(parser.callbacks().unmeant, [] as [String; 0], "{}", parser.screen().contents());
    }

    /// The title that the window was given last.
    pub(crate) fn title(&self) -> Option<String> {
        self.shared.0.lock().unwrap().callbacks().titles.last().cloned()
    }

    /// What was given to the clipboard last, in base64.
    pub(crate) fn copied(&self) -> Option<String> {
        self.shared.0.lock().unwrap().callbacks().copied.last().cloned()
    }

    /// The terminal is as it was before the program.
    pub(crate) fn is_given_back(&mut self) {
        self.is_only_drawn_on();
        self.until("terminal given back", |screen| {
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
        });
        assert_eq!(self.shared.0.lock().unwrap().callbacks().kept_titles, 0, "the title is not given back");
        let end = Instant::now() + LIMIT;
        while !self.is_cooked() {
            assert!(Instant::now() < end, "the terminal is still in raw mode");
            std::thread::yield_now();
        }
    }

    /// The program has the terminal in raw mode, if need be again.
    #[cfg(unix)]
    pub(crate) fn is_taken(&self) {
        let end = Instant::now() + LIMIT;
        while self.is_cooked() {
            assert!(Instant::now() < end, "the terminal still edits lines by itself");
            std::thread::yield_now();
        }
    }

    /// Whether the terminal edits lines by itself, as a shell expects.
    #[cfg(unix)]
    pub(crate) fn is_cooked(&self) -> bool {
        self.master
            .as_ref()
            .unwrap()
            .get_termios()
            .is_some_and(|modes| format!("{:?}", modes.local_flags).contains("ICANON"))
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // A program that has ended may have left its number to another.
        if matches!(self.child.try_wait(), Ok(None)) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn pty_size((columns, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

/// How many bytes stand before a character whose end is still to come: the emulator may take its parts for others.
fn whole_characters(bytes: &[u8]) -> usize {
    let is_begun = |tail: &&[u8]| std::str::from_utf8(tail).is_err_and(|error| error.error_len().is_none());
    let tails = (1..=bytes.len().min(3)).map(|length| &bytes[bytes.len() - length..]);
    bytes.len() - tails.filter(is_begun).map(<[u8]>::len).min().unwrap_or_default()
}

fn listen(mut output: Box<dyn Read + Send>, shared: Shared, headers: Headers) {
    std::thread::spawn(move || {
        let (mut bytes, mut read) = ([0; 4096], Vec::new());
        while let Ok(count @ 1..) = output.read(&mut bytes) {
            let (parser, changed) = &*shared;
            let Ok(mut parser) = parser.lock() else { return };
            if parser.callbacks().closed {
                drop(output);
                parser.callbacks_mut().closed = false;
                break;
            }
            read.extend_from_slice(&bytes[..count]);
            let whole = whole_characters(&read);
            parser.process(&read[..whole]);
            read.drain(..whole);
            let header = parser.screen().rows(0, u16::MAX).next().unwrap_or_default();
            if !parser.callbacks().drawing
                && let Ok(mut headers) = headers.lock()
                && headers.last() != Some(&header)
            {
                headers.push(header);
            }
            drop(parser);
            changed.notify_all();
        }
        // Nobody is left who could end what was begun.
        if let Ok(mut parser) = shared.0.lock() {
            parser.callbacks_mut().drawing = false;
        }
        shared.1.notify_all();
    });
}
