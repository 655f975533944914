//! Keeps what a file has besides its text and a rename would lose, for writes: owner, mode, links, attributes.

use std::fs::File;
use std::io;
use std::path::Path;

/// The reason why a file cannot be replaced.
pub(super) enum CannotReplace {
    Reason(&'static str),
    Io(io::Error),
}

impl From<io::Error> for CannotReplace {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Checks that the file at `target` may be written, and that nothing of it would be lost. Permission is the file's own:
/// for a rename only its folder's counts.
pub(super) fn check_metadata(target: &Path) -> Result<(), CannotReplace> {
    let about = std::fs::metadata(target)?;
    if !about.is_file() {
        return Err(CannotReplace::Reason("is no regular file"));
    }
    // The system answers, not the mode: a user with a right to write by other means has it here.
    File::options().append(true).open(target).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => CannotReplace::Reason("is read-only"),
        _ => CannotReplace::Io(error),
    })?;
    #[cfg(unix)]
    unix::check_metadata(target, &about)?;
    Ok(())
}

/// Gives the new file what the old one has.
pub(super) fn copy_metadata(target: &Path, new: &File) -> Result<(), CannotReplace> {
    let old = std::fs::metadata(target)?;
    #[cfg(unix)]
    unix::copy_metadata(target, &old, new)?;
    // The mode comes last: a change of owner takes the set-id bits away.
    Ok(new.set_permissions(old.permissions())?)
}

#[cfg(unix)]
mod unix {
    use std::fs::{File, Metadata};
    use std::os::unix::fs::{MetadataExt, fchown};
    use std::path::Path;

    use rustix::fs::{XattrFlags, fsetxattr, getxattr, listxattr};

    use super::CannotReplace;

    /// The most bytes that the kernel allows a list of attributes, or one of them (`XATTR_LIST_MAX`, `XATTR_SIZE_MAX`).
    const MAX_ATTRIBUTE_BYTES: usize = 64 * 1024;

    pub(super) fn check_metadata(target: &Path, about: &Metadata) -> Result<(), CannotReplace> {
        if about.nlink() > 1 {
            return Err(CannotReplace::Reason("has several hard links, and a rename would part them"));
        }
        if list_attributes(target).iter().any(|name| name == b"system.posix_acl_access") {
            return Err(CannotReplace::Reason("has an access control list, and a rename would lose it"));
        }
        Ok(())
    }

    pub(super) fn copy_metadata(target: &Path, old: &Metadata, new: &File) -> Result<(), CannotReplace> {
        let about = new.metadata()?;
        if (old.uid(), old.gid()) != (about.uid(), about.gid()) {
            fchown(new, Some(old.uid()), Some(old.gid())).map_err(|_| {
                CannotReplace::Reason("belongs to another owner or group, and a rename would change that")
            })?;
        }
        for name in list_attributes(target).iter().filter(|name| name.starts_with(b"user.")) {
            let mut value = vec![0; MAX_ATTRIBUTE_BYTES];
            let kept = getxattr(target, name.as_slice(), value.as_mut_slice())
                .and_then(|length| fsetxattr(new, name.as_slice(), &value[..length], XattrFlags::empty()));
            kept.map_err(|_| CannotReplace::Reason("has extended attributes, and a rename would lose them"))?;
        }
        Ok(())
    }

    /// The names of the file's extended attributes; none where the filesystem knows of none.
    fn list_attributes(target: &Path) -> Vec<Vec<u8>> {
        let mut names = vec![0; MAX_ATTRIBUTE_BYTES];
        let length = listxattr(target, names.as_mut_slice()).unwrap_or_default();
        let names = names[..length].split(|byte| *byte == 0);
        names.filter(|name| !name.is_empty()).map(<[u8]>::to_vec).collect()
    }
}
