//! What a file has besides its text, and a rename would lose: owner, mode, links, attributes.

use std::fs::File;
use std::io;
use std::path::Path;

/// Why a file cannot be replaced.
pub(super) enum Unkept {
    Because(&'static str),
    Io(io::Error),
}

impl From<io::Error> for Unkept {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Whether the file at `target` may be written, and nothing of it would be lost. Permission is the file's own: a rename
/// would ask only its folder's.
pub(super) fn allows(target: &Path) -> Result<(), Unkept> {
    let about = std::fs::metadata(target)?;
    if !about.is_file() {
        return Err(Unkept::Because("is no regular file"));
    }
    // Asked of the system, not read off the mode: who may write anyway, may here.
    File::options().append(true).open(target).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => Unkept::Because("is read-only"),
        _ => Unkept::Io(error),
    })?;
    #[cfg(unix)]
    unix::allows(target, &about)?;
    Ok(())
}

/// Gives the new file what the old one has.
pub(super) fn hand_over(target: &Path, new: &File) -> Result<(), Unkept> {
    let old = std::fs::metadata(target)?;
    #[cfg(unix)]
    unix::hand_over(target, &old, new)?;
    // The mode comes last: a change of owner takes the set-id bits away.
    Ok(new.set_permissions(old.permissions())?)
}

#[cfg(unix)]
mod unix {
    use std::fs::{File, Metadata};
    use std::os::unix::fs::{MetadataExt, fchown};
    use std::path::Path;

    use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};

    use super::Unkept;

    /// What the kernel allows a list of attributes, or one of them, to take (`XATTR_LIST_MAX`, `XATTR_SIZE_MAX`).
    const LONGEST: usize = 64 * 1024;

    pub(super) fn allows(target: &Path, about: &Metadata) -> Result<(), Unkept> {
        if about.nlink() > 1 {
            return Err(Unkept::Because("has several hard links, and a rename would part them"));
        }
        if attributes(target).iter().any(|name| name == b"system.posix_acl_access") {
            return Err(Unkept::Because("has an access control list, and a rename would lose it"));
        }
        Ok(())
    }

    pub(super) fn hand_over(target: &Path, old: &Metadata, new: &File) -> Result<(), Unkept> {
        let about = new.metadata()?;
        if (old.uid(), old.gid()) != (about.uid(), about.gid()) {
            fchown(new, Some(old.uid()), Some(old.gid())).map_err(|_| {
                Unkept::Because("belongs to another owner or group, and a rename would change that")
            })?;
        }
        for name in attributes(target).iter().filter(|name| name.starts_with(b"user.")) {
            let mut value = vec![0; LONGEST];
            let kept = getxattr(target, name.as_slice(), value.as_mut_slice())
                .and_then(|length| fsetxattr(new, name.as_slice(), &value[..length], XattrFlags::empty()));
            kept.map_err(|_| Unkept::Because("has extended attributes, and a rename would lose them"))?;
        }
        Ok(())
    }

    /// The names of the file's extended attributes; none where the filesystem knows of none.
    fn attributes(target: &Path) -> Vec<Vec<u8>> {
        let mut names = vec![0; LONGEST];
        let length = listxattr(target, names.as_mut_slice()).unwrap_or_default();
        let names = names[..length].split(|byte| *byte == 0);
        names.filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect()
    }
}
