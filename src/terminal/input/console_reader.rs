//! Reads keys and the mouse where the system has a console and no terminal device.

use std::io;
use std::time::Duration;

use ratatui::crossterm::event::{
    self, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind,
};

use crate::app::{AppEvent, KeyName, KeyPress, MouseEvent, MouseKind};

#[derive(Default)]
pub(super) struct ConsoleReader;

impl ConsoleReader {
    /// Waits for an event, and takes all others that are there already: a held key is drawn once.
    pub(super) fn read_batch(&mut self) -> io::Result<Vec<AppEvent>> {
        let mut batch = Vec::new();
        loop {
            batch.extend(translate_event(&event::read()?));
            if batch.len() >= 64 || !event::poll(Duration::ZERO)? {
                if batch.is_empty() {
                    continue;
                }
                return Ok(batch);
            }
        }
    }
}

fn translate_event(event: &event::Event) -> Option<AppEvent> {
    match event {
        event::Event::Key(key) if key.kind == KeyEventKind::Repeat => {
            translate_key(key).map(AppEvent::KeyRepeat)
        }
        event::Event::Key(key) if key.kind != KeyEventKind::Release => translate_key(key).map(AppEvent::Key),
        event::Event::Mouse(mouse) => {
            let kind = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseKind::Press,
                MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
                MouseEventKind::Up(MouseButton::Left) => MouseKind::Release,
                MouseEventKind::ScrollUp => MouseKind::WheelUp,
                MouseEventKind::ScrollDown => MouseKind::WheelDown,
                _ => return None,
            };
            Some(AppEvent::Mouse(MouseEvent { kind, column: mouse.column, row: mouse.row }))
        }
        event::Event::Resize(width, height) => Some(AppEvent::Resize(*width, *height)),
        event::Event::Paste(text) => Some(AppEvent::Paste(text.clone())),
        event::Event::FocusGained => Some(AppEvent::FocusGained),
        event::Event::FocusLost => Some(AppEvent::FocusLost),
        _ => None,
    }
}

fn translate_key(key: &KeyEvent) -> Option<KeyPress> {
    let code = match key.code {
        KeyCode::Char(c) => KeyName::Char(c),
        KeyCode::Enter => KeyName::Enter,
        KeyCode::Esc => KeyName::Esc,
        KeyCode::Tab => KeyName::Tab,
        KeyCode::BackTab => KeyName::BackTab,
        KeyCode::Backspace => KeyName::Backspace,
        KeyCode::Delete => KeyName::Delete,
        KeyCode::Up => KeyName::Up,
        KeyCode::Down => KeyName::Down,
        KeyCode::Left => KeyName::Left,
        KeyCode::Right => KeyName::Right,
        KeyCode::Home => KeyName::Home,
        KeyCode::End => KeyName::End,
        KeyCode::PageUp => KeyName::PageUp,
        KeyCode::PageDown => KeyName::PageDown,
        KeyCode::Insert => KeyName::Insert,
        KeyCode::F(number @ 1..=12) => KeyName::Function(number),
        _ => return None,
    };
    let has = |modifier| key.modifiers.contains(modifier);
    Some(KeyPress { code, ctrl: has(KeyModifiers::CONTROL), alt: has(KeyModifiers::ALT) })
}
