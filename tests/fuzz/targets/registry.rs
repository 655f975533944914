//! Any bytes, parted at their NULs, as what a registry answers, each in turn; the first part as the user's credentials.

#![no_main]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use seaworthy::image::Reference;
use seaworthy::image::registry::{ReferenceResolver, RegistryClient, RegistryOptions};

/// What is still to be answered.
static ANSWERS: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

/// The registry's port.
fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let answer = ANSWERS.lock().map(|mut answers| answers.pop().unwrap_or_default());
                let _ = stream.write_all(&answer.unwrap_or_default());
            }
        });
        port
    })
}

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|byte| *byte == 0).map(<[u8]>::to_vec);
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("config.json"), parts.next().unwrap_or_default()).expect("a file");
    let mut answers: Vec<Vec<u8>> = parts.collect();
    answers.reverse();
    *ANSWERS.lock().expect("a lock") = answers;
    let options = RegistryOptions {
        docker_folder: Some(folder.path().to_path_buf()),
        cache_folder: None,
        timeout: Duration::from_secs(2),
        ..RegistryOptions::default()
    };
    let reference = Reference::parse(&format!("127.0.0.1:{}/a/b:latest", port())).expect("a reference");
    if let Ok(resolution) = RegistryClient::new(options).resolve(&reference) {
        assert!(resolution.digest.starts_with("sha256:") || resolution.digest.starts_with("sha512:"));
    }
});
