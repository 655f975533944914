//! Packs what a volume of a pod has from the beginning: the mode and group of its folder, and its files.

use super::pod_launch::{LaunchVolume, LaunchVolumeKind, VolumeFile};

/// What lies in the folder of the API's token, in a trial.
const TOKEN_FILES: [(&str, &str); 3] = [
    ("token", "a-fake-token-of-a-trial-which-no-api-server-takes"),
    ("namespace", "default"),
    ("ca.crt", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
];

/// The mode of a volume's folder, as a kubelet makes it: with a group of the pod, all that is new in it is of that group.
pub(super) const fn folder_mode(own: &LaunchVolume) -> u32 {
    match (own.kind, own.group) {
        (LaunchVolumeKind::EmptyDir | LaunchVolumeKind::Memory, None) => 0o777,
        (LaunchVolumeKind::EmptyDir | LaunchVolumeKind::Memory, Some(_)) => 0o2777,
        (_, None) => 0o755,
        (_, Some(_)) => 0o2775,
    }
}

/// True for a volume in which something lies from the beginning.
pub(super) fn has_files(own: &LaunchVolume) -> bool {
    own.kind == LaunchVolumeKind::Token || !own.files.is_empty()
}

/// Folders of root's, by their paths, as an archive.
pub(super) fn pack_folders(paths: &[String]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for path in paths {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Directory);
        header.set_size(0);
        header.set_mode(0o755);
        header.set_mtime(1);
        header.set_cksum();
        let _ = archive.append_data(&mut header, format!("{path}/"), std::io::empty());
    }
    archive.into_inner().unwrap_or_default()
}

/// The volume's folder by this name, with what lies in it, as an archive: with the owner and the modes that a cluster gives
/// them.
pub(super) fn pack_volume(own: &LaunchVolume, folder: &str) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    let group = u64::from(own.group.unwrap_or_default());
    let header = |mode: u32, size: usize, kind: tar::EntryType| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(size as u64);
        header.set_mode(mode);
        header.set_uid(0);
        header.set_gid(group);
        header.set_mtime(1);
        header.set_cksum();
        header
    };
    let mut folder_header = header(folder_mode(own), 0, tar::EntryType::Directory);
    let _ = archive.append_data(&mut folder_header, format!("{folder}/"), std::io::empty());
    let token = TOKEN_FILES.iter().filter(|_| own.kind == LaunchVolumeKind::Token);
    let token = token.map(|(name, text)| (*name, *text, 0o644));
    // A group of the pod may read what its owner may.
    let mode = |file: &VolumeFile| file.mode | own.group.map_or(0, |_| (file.mode & 0o700) >> 3);
    let files = own.files.iter().map(|file| (file.path.as_str(), file.text.as_str(), mode(file)));
    for (path, text, mode) in token.chain(files) {
        let mut header = header(mode, text.len(), tar::EntryType::Regular);
        let _ = archive.append_data(&mut header, format!("{folder}/{path}"), text.as_bytes());
    }
    archive.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn modes(kind: LaunchVolumeKind, group: Option<u32>) -> Vec<(String, u32, u64)> {
        let files = vec![VolumeFile { path: "deep/level".to_owned(), text: "12".to_owned(), mode: 0o400 }];
        let own = LaunchVolume { name: "v".to_owned(), kind, group, files };
        let bytes = pack_volume(&own, ".");
        let mut archive = tar::Archive::new(bytes.as_slice());
        let entries = archive.entries().expect("it is an archive").map(|entry| {
            let entry = entry.expect("it is whole");
            let (path, header) = (entry.path().expect("it has one").display().to_string(), entry.header());
            (path, header.mode().expect("it has one"), header.gid().expect("it has one"))
        });
        entries.collect()
    }

    #[test]
    fn a_folder_has_the_mode_and_the_group_that_a_kubelet_gives_it() {
        let plain = modes(LaunchVolumeKind::EmptyDir, None);
        assert_eq!(plain[0].1, 0o777);
        assert_eq!((plain[1].1, plain[1].2), (0o400, 0));
        let grouped = modes(LaunchVolumeKind::EmptyDir, Some(7));
        assert_eq!((grouped[0].1, grouped[0].2), (0o2777, 7));
        assert_eq!((grouped[1].1, grouped[1].2), (0o440, 7), "the group may read it");
        assert_eq!(modes(LaunchVolumeKind::Claim, None)[0].1, 0o755);
        assert_eq!(modes(LaunchVolumeKind::Claim, Some(7))[0].1, 0o2775);
    }
}
