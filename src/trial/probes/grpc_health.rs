//! Asks the health service of gRPC over HTTP/2, in the few frames that this takes.
//!
//! Sources: RFC 9113 (frames), RFC 7541 (headers), gRPC over HTTP2, and the GRPC Health Checking Protocol.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The types of frames that are read or written.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RESET: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GO_AWAY: u8 = 7;
/// The signs of frames: `END_STREAM` (of settings: that they are taken), `END_HEADERS`, `PADDED`.
const END: u8 = 1;
const END_HEADERS: u8 = 4;
const PADDED: u8 = 8;
/// The stream of the one call.
const STREAM: u32 = 1;
/// The most bytes of a frame that are read.
const MAX_FRAME: usize = 64 * 1024;
/// The status of a service that serves.
const SERVING: u8 = 1;

/// That the service serves, in words; else what it answered.
pub(super) fn ask_health(
    mut stream: TcpStream,
    authority: &str,
    service: &str,
    end: Instant,
) -> Result<String, String> {
    let no_answer = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut => "did not answer in time".to_owned(),
        _ => "gave no answer of gRPC".to_owned(),
    };
    let left = end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
    stream.set_read_timeout(Some(left)).map_err(no_answer)?;
    stream.set_write_timeout(Some(left)).map_err(no_answer)?;
    stream.write_all(&request_bytes(authority, service)).map_err(no_answer)?;
    let mut answer = Vec::new();
    while Instant::now() < end {
        let (kind, signs, id, body) = read_frame(&mut stream).map_err(no_answer)?;
        match kind {
            SETTINGS if signs & END == 0 => {
                stream.write_all(&frame(SETTINGS, END, 0, &[])).map_err(no_answer)?;
            }
            PING if signs & END == 0 => stream.write_all(&frame(PING, END, 0, &body)).map_err(no_answer)?,
            DATA if id == STREAM => answer.extend_from_slice(without_padding(signs, &body)),
            RESET | GO_AWAY => return judge(&answer),
            _ => {}
        }
        if id == STREAM && matches!(kind, DATA | HEADERS) && signs & END != 0 {
            return judge(&answer);
        }
    }
    Err("did not answer in time".to_owned())
}

/// The status is the first field of the one message: its length stands before it, and a status of zero is left out.
fn judge(answer: &[u8]) -> Result<String, String> {
    let Some(message) = answer.get(5..) else { return Err("has no such health service".to_owned()) };
    match message {
        [8, SERVING, ..] => Ok("serves".to_owned()),
        [8, 2, ..] => Err("answered NOT_SERVING".to_owned()),
        [8, 3, ..] => Err("answered SERVICE_UNKNOWN".to_owned()),
        _ => Err("answered UNKNOWN".to_owned()),
    }
}

/// All that is sent: settings, the headers of the call, and its message.
fn request_bytes(authority: &str, service: &str) -> Vec<u8> {
    // POST and `http` are in the table of every connection, as are the names of the others but `te`.
    let mut headers = vec![0x83, 0x86];
    for (name, value) in [
        (&[0x04][..], "/grpc.health.v1.Health/Check"),
        (&[0x01], authority),
        (&[0x0f, 0x10], "application/grpc"),
        (&[0x00, 2, b't', b'e'], "trailers"),
    ] {
        headers.extend_from_slice(name);
        add_text(&mut headers, value);
    }
    let mut message = Vec::new();
    if !service.is_empty() {
        message.push(0x0a);
        add_text(&mut message, service);
    }
    let mut data = vec![0];
    data.extend_from_slice(&u32::try_from(message.len()).unwrap_or_default().to_be_bytes());
    data.extend_from_slice(&message);
    let frames = [
        frame(SETTINGS, 0, 0, &[]),
        frame(HEADERS, END_HEADERS, STREAM, &headers),
        frame(DATA, END, STREAM, &data),
    ];
    [PREFACE.to_vec(), frames.concat()].concat()
}

/// A text behind its length, which both of the forms here write alike up to 126 bytes; longer names are cut.
fn add_text(to: &mut Vec<u8>, text: &str) {
    let bytes = &text.as_bytes()[..text.len().min(126)];
    to.push(bytes.len().to_le_bytes()[0]);
    to.extend_from_slice(bytes);
}

fn frame(kind: u8, signs: u8, stream: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len()).unwrap_or_default().to_be_bytes()[1..].to_vec();
    bytes.extend([kind, signs]);
    bytes.extend_from_slice(&stream.to_be_bytes());
    bytes.extend_from_slice(body);
    bytes
}

fn read_frame(from: &mut impl Read) -> std::io::Result<(u8, u8, u32, Vec<u8>)> {
    let mut head = [0; 9];
    from.read_exact(&mut head)?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
    if length > MAX_FRAME {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    let stream = u32::from_be_bytes([head[5] & 0x7f, head[6], head[7], head[8]]);
    Ok((head[3], head[4], stream, body))
}

fn without_padding(signs: u8, body: &[u8]) -> &[u8] {
    match body.split_first() {
        Some((padding, rest)) if signs & PADDED != 0 => {
            &rest[..rest.len().saturating_sub(usize::from(*padding))]
        }
        _ => body,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_service_that_serves_is_well() {
        assert_eq!(judge(&[0, 0, 0, 0, 2, 8, 1]), Ok("serves".to_owned()));
        assert_eq!(judge(&[0, 0, 0, 0, 2, 8, 2]), Err("answered NOT_SERVING".to_owned()));
        assert_eq!(judge(&[0, 0, 0, 0, 0]), Err("answered UNKNOWN".to_owned()));
        assert_eq!(judge(&[]), Err("has no such health service".to_owned()));
    }
}
